//! Supertrend.

use super::atr::AtrStream;
use super::definition::{Definition, Param, Step, bars, fill, in_place, slices};
use super::{Columns, Row};

/// Supertrend: `supertrend` (the line) and `direction` (1 up, −1 down), from bar n.
pub static SUPERTREND: Definition = Definition {
    name: "supertrend",
    label: "Supertrend",
    params: &[Param::period("period", 10), Param::factor("multiplier", 3.0)],
    outputs: &["supertrend", "direction"],
    first_valid: |params, _| bars(params, 0),
    displacement: in_place,
    compute: |params, columns: &Columns, outputs| {
        let columns = [columns.high, columns.low, columns.close];
        supertrend_into(columns, bars(params, 0), params[1], slices(outputs));
    },
    stream: |params| Box::new(SupertrendStream::new(bars(params, 0), params[1])),
};

/// The line that trails the close at `multiplier` average true ranges from the bars' midpoints,
/// and its direction, 1 (up, the line is below) or −1; columns are high, low and close.
///
/// A band moves only towards the close, unless that has crossed it. Starts up at bar n =
/// `period`, NaN before; turns when the close is beyond the band, not on it.
///
/// # Panics
/// When `period` is 0 or the columns' lengths differ.
pub fn supertrend(high_low_close: [&[f64]; 3], period: usize, multiplier: f64) -> [Vec<f64>; 2] {
    let mut out = [(); 2].map(|()| vec![f64::NAN; high_low_close[2].len()]);
    supertrend_into(high_low_close, period, multiplier, out.each_mut().map(Vec::as_mut_slice));
    out
}

/// [`supertrend`] into the caller's slices.
///
/// # Panics
/// When `period` is 0 or the lengths differ.
pub fn supertrend_into(
    high_low_close: [&[f64]; 3],
    period: usize,
    multiplier: f64,
    out: [&mut [f64]; 2],
) {
    let [high, low, close] = high_low_close;
    let mut stream = SupertrendStream::new(period, multiplier);
    fill(close.len(), out, |i| stream.update(high[i], low[i], close[i]));
}

/// [`supertrend`] one bar at a time.
#[derive(Clone, Debug)]
pub struct SupertrendStream {
    atr: AtrStream,
    multiplier: f64,
    before: f64,
    upper: f64,
    lower: f64,
    up: bool,
}

impl SupertrendStream {
    /// Starts without bars.
    ///
    /// # Panics
    /// When `period` is 0.
    pub fn new(period: usize, multiplier: f64) -> SupertrendStream {
        SupertrendStream {
            atr: AtrStream::new(period),
            multiplier,
            before: f64::NAN,
            // Any first band is nearer than these.
            upper: f64::INFINITY,
            lower: f64::NEG_INFINITY,
            up: true,
        }
    }

    /// Takes the next bar and returns line and direction, NaN before bar n.
    #[inline(always)]
    pub fn update(&mut self, high: f64, low: f64, close: f64) -> [f64; 2] {
        let atr = self.atr.update(high, low, close);
        let before = self.before;
        self.before = close;
        if atr.is_nan() {
            return [f64::NAN; 2];
        }
        let starts = self.upper == f64::INFINITY;
        let middle = (high + low) / 2.0;
        let (upper, lower) = (middle + self.multiplier * atr, middle - self.multiplier * atr);
        if upper < self.upper || before > self.upper {
            self.upper = upper;
        }
        if lower > self.lower || before < self.lower {
            self.lower = lower;
        }
        if !starts {
            self.up = if self.up { close >= self.lower } else { close > self.upper };
        }
        if self.up { [self.lower, 1.0] } else { [self.upper, -1.0] }
    }
}

impl Step for SupertrendStream {
    type Values = [f64; 2];

    #[inline(always)]
    fn step(&mut self, row: &Row) -> [f64; 2] {
        self.update(row.high, row.low, row.close)
    }
}
