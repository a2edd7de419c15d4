//! Ichimoku kinkō hyō.

use super::definition::{Definition, Param, Step, bars, slices};
use super::extremes::{Highest, Lowest};
use super::{Columns, Row};

/// Ichimoku lines: `tenkan`, `kijun`, `senkou_a`, `senkou_b`, `chikou`.
///
/// The batch form is displaced as a chart shows it: the senkou arrays are `shift` longer than the
/// series, for they run ahead of it, and chikou lags by `shift`, so that its last `shift` values
/// are undefined. The stream gives every line undisplaced, as it is known at the bar. Chikou is
/// for display: its batch form at a bar is a later close.
pub static ICHIMOKU: Definition = Definition {
    name: "ichimoku",
    label: "Ichimoku cloud",
    params: &[
        Param::period("tenkan", 9),
        Param::period("kijun", 26),
        Param::period("senkou_b", 52),
        Param::bars("shift", 26, 0),
    ],
    outputs: &["tenkan", "kijun", "senkou_a", "senkou_b", "chikou"],
    first_valid: |params, output| match output {
        0 => bars(params, 0) - 1,
        1 => bars(params, 1) - 1,
        2 => bars(params, 0).max(bars(params, 1)) - 1,
        3 => bars(params, 2) - 1,
        _ => 0,
    },
    displacement: |params, output| match output {
        2 | 3 => bars(params, 3) as isize,
        4 => -(bars(params, 3) as isize),
        _ => 0,
    },
    compute: |params, columns: &Columns, outputs| {
        let columns = [columns.high, columns.low, columns.close];
        ichimoku_into(columns, periods(params), bars(params, 3), slices(outputs));
    },
    stream: |params| Box::new(IchimokuStream::new(periods(params))),
};

fn periods(params: &[f64]) -> IchimokuPeriods {
    IchimokuPeriods { tenkan: bars(params, 0), kijun: bars(params, 1), senkou_b: bars(params, 2) }
}

/// Periods of the ichimoku lines in bars, each at least 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IchimokuPeriods {
    /// Of the conversion line.
    pub tenkan: usize,
    /// Of the base line.
    pub kijun: usize,
    /// Of the cloud's slow edge.
    pub senkou_b: usize,
}

/// Tenkan, kijun, senkou A, senkou B and chikou, displaced as on a chart; columns are high, low
/// and close.
///
/// Tenkan, kijun and senkou B are midpoints of the range over their periods, senkou A is the mean
/// of tenkan and kijun. The senkou arrays are `shift` longer than the series and begin with
/// `shift` more undefined values; chikou at i is the close at i + `shift`.
/// Source: G. Hosoda, “Ichimoku Kinkō Hyō”, 1969.
///
/// # Panics
/// When a period is 0 or the columns' lengths differ.
pub fn ichimoku(
    high_low_close: [&[f64]; 3],
    periods: IchimokuPeriods,
    shift: usize,
) -> [Vec<f64>; 5] {
    let bars = high_low_close[2].len();
    let ahead = bars + shift;
    let mut out = [bars, bars, ahead, ahead, bars].map(|length| vec![f64::NAN; length]);
    ichimoku_into(high_low_close, periods, shift, out.each_mut().map(Vec::as_mut_slice));
    out
}

/// [`ichimoku`] into the caller's slices; the senkou slices are `shift` longer than the series.
///
/// # Panics
/// When a period is 0 or the lengths are not these.
pub fn ichimoku_into(
    high_low_close: [&[f64]; 3],
    periods: IchimokuPeriods,
    shift: usize,
    out: [&mut [f64]; 5],
) {
    let [high, low, close] = high_low_close;
    let [tenkan, kijun, senkou_a, senkou_b, chikou] = out;
    let bars = close.len();
    for line in [&*tenkan, &*kijun, &*chikou] {
        assert_eq!(line.len(), bars, "one value a bar");
    }
    for line in [&*senkou_a, &*senkou_b] {
        assert_eq!(line.len(), bars + shift, "the cloud runs ahead");
    }
    senkou_a[..shift].fill(f64::NAN);
    senkou_b[..shift].fill(f64::NAN);
    chikou[bars.saturating_sub(shift)..].fill(f64::NAN);
    let mut stream = IchimokuStream::new(periods);
    for i in 0..bars {
        let [t, k, a, b, lagging] = stream.update(high[i], low[i], close[i]);
        (tenkan[i], kijun[i], senkou_a[i + shift], senkou_b[i + shift]) = (t, k, a, b);
        if i >= shift {
            chikou[i - shift] = lagging;
        }
    }
}

/// [`ichimoku`] one bar at a time and undisplaced.
#[derive(Clone, Debug)]
pub struct IchimokuStream {
    lines: [Midpoint; 3],
}

#[derive(Clone, Debug)]
struct Midpoint {
    highest: Highest,
    lowest: Lowest,
    /// Bars to come before there is a value.
    left: usize,
}

impl Midpoint {
    fn new(period: usize) -> Midpoint {
        let (highest, lowest) = (Highest::new(period), Lowest::new(period));
        Midpoint { highest, lowest, left: period - 1 }
    }

    #[inline(always)]
    fn update(&mut self, high: f64, low: f64) -> f64 {
        let middle = (self.highest.update(high) + self.lowest.update(low)) / 2.0;
        if self.left > 0 {
            self.left -= 1;
            return f64::NAN;
        }
        middle
    }
}

impl IchimokuStream {
    /// Starts without bars.
    ///
    /// # Panics
    /// When a period is 0.
    pub fn new(periods: IchimokuPeriods) -> IchimokuStream {
        let IchimokuPeriods { tenkan, kijun, senkou_b } = periods;
        IchimokuStream { lines: [tenkan, kijun, senkou_b].map(Midpoint::new) }
    }

    /// Takes the next bar and returns tenkan, kijun, senkou A, senkou B and the close (chikou),
    /// as they are at this bar, NaN while they have not started.
    #[inline(always)]
    pub fn update(&mut self, high: f64, low: f64, close: f64) -> [f64; 5] {
        let [tenkan, kijun, senkou_b] = &mut self.lines;
        let (tenkan, kijun) = (tenkan.update(high, low), kijun.update(high, low));
        [tenkan, kijun, (tenkan + kijun) / 2.0, senkou_b.update(high, low), close]
    }
}

impl Step for IchimokuStream {
    type Values = [f64; 5];

    #[inline(always)]
    fn step(&mut self, row: &Row) -> [f64; 5] {
        self.update(row.high, row.low, row.close)
    }
}
