//! Money flow index.

use super::cci::typical_price;
use super::definition::{Definition, Param, Step, bars, fill, in_place, slices};
use super::window::{Refresh, Window, nearly_equal, sum_of};
use super::{Columns, Row};

/// Money flow index: `mfi`, from bar n.
pub static MFI: Definition = Definition {
    name: "mfi",
    label: "Money flow index",
    params: &[Param::period("period", 14)],
    outputs: &["mfi"],
    first_valid: |params, _| bars(params, 0),
    displacement: in_place,
    compute: |params, columns: &Columns, outputs| {
        let [out] = slices(outputs);
        let columns = [columns.high, columns.low, columns.close, columns.volume];
        mfi_into(columns, bars(params, 0), out);
    },
    stream: |params| Box::new(MfiStream::new(bars(params, 0))),
};

/// Share of rising money flow in all flow of the last `period` bars, 0 to 100; columns are high,
/// low, close and volume.
///
/// Flow is typical price × volume; it rises or falls with the typical price, and counts as
/// neither where that differs by at most 1e-12 of itself. NaN before bar n; 0 without flow.
/// Source: G. Quong and A. Soudack, “Volume-weighted RSI: Money Flow”, 1989.
///
/// # Panics
/// When `period` is 0 or the columns' lengths differ.
pub fn mfi(high_low_close_volume: [&[f64]; 4], period: usize) -> Vec<f64> {
    let mut out = vec![f64::NAN; high_low_close_volume[2].len()];
    mfi_into(high_low_close_volume, period, &mut out);
    out
}

/// [`mfi`] into the caller's slice.
///
/// # Panics
/// When `period` is 0 or the lengths differ.
pub fn mfi_into(high_low_close_volume: [&[f64]; 4], period: usize, out: &mut [f64]) {
    let [high, low, close, volume] = high_low_close_volume;
    let mut stream = MfiStream::new(period);
    fill(close.len(), [out], |i| [stream.update(high[i], low[i], close[i], volume[i])]);
}

/// [`mfi`] one bar at a time.
#[derive(Clone, Debug)]
pub struct MfiStream {
    /// Flows of the last bars, negative where they fell.
    flows: Window,
    refresh: Refresh,
    before: f64,
    /// Bars to come before there is a value.
    left: usize,
    rising: Flow,
    falling: Flow,
}

/// Sum of the flows in one direction, exactly 0 when there are none.
#[derive(Clone, Copy, Debug, Default)]
struct Flow {
    total: f64,
    count: usize,
}

impl Flow {
    /// Moves the window; both values are flows of this direction, or not above 0.
    #[inline(always)]
    fn shift(&mut self, new: f64, old: f64) {
        let new = if new > 0.0 { new } else { 0.0 };
        let old = if old > 0.0 { old } else { 0.0 };
        self.count += usize::from(new > 0.0);
        self.count -= usize::from(old > 0.0);
        let total = self.total + (new - old);
        // What rounding leaves behind must not pass for flow.
        self.total = if self.count > 0 && total > 0.0 { total } else { 0.0 };
    }
}

impl MfiStream {
    /// Starts without bars.
    ///
    /// # Panics
    /// When `period` is 0.
    pub fn new(period: usize) -> MfiStream {
        MfiStream {
            flows: Window::new(period),
            refresh: Refresh::new(period),
            before: f64::NAN,
            left: period,
            rising: Flow::default(),
            falling: Flow::default(),
        }
    }

    /// Takes the next bar and returns the index, NaN before bar n.
    #[inline(always)]
    pub fn update(&mut self, high: f64, low: f64, close: f64, volume: f64) -> f64 {
        let price = typical_price(high, low, close);
        let before = self.before;
        self.before = price;
        if before.is_nan() {
            return f64::NAN;
        }
        // Without branches: which way a price goes is what no processor guesses right.
        let rises = f64::from(u8::from(price > before)) - f64::from(u8::from(price < before));
        let flow = if nearly_equal(price, before) { 0.0 } else { rises * (price * volume) };
        let old = self.flows.push(flow);
        self.rising.shift(flow, old);
        self.falling.shift(-flow, -old);
        if self.refresh.due() {
            let flows = self.flows.values();
            self.rising.total = sum_of(flows, |flow| if flow > 0.0 { flow } else { 0.0 });
            self.falling.total = sum_of(flows, |flow| if flow < 0.0 { -flow } else { 0.0 });
        }
        if self.left > 1 {
            self.left -= 1;
            return f64::NAN;
        }
        let total = self.rising.total + self.falling.total;
        if total == 0.0 { 0.0 } else { 100.0 * (self.rising.total / total) }
    }
}

impl Step for MfiStream {
    type Values = [f64; 1];

    #[inline(always)]
    fn step(&mut self, row: &Row) -> [f64; 1] {
        [self.update(row.high, row.low, row.close, row.volume)]
    }
}
