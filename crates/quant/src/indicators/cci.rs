//! Commodity channel index.

use super::definition::{Definition, Param, Step, bars, fill, in_place, slices};
use super::window::{Window, nearly_equal, sum, sum_of};
use super::{Columns, Row};

/// Commodity channel index: `cci`, from bar n − 1.
pub static CCI: Definition = Definition {
    name: "cci",
    label: "Commodity channel index",
    params: &[Param::period("period", 20)],
    outputs: &["cci"],
    first_valid: |params, _| bars(params, 0) - 1,
    displacement: in_place,
    compute: |params, columns: &Columns, outputs| {
        let [out] = slices(outputs);
        cci_into([columns.high, columns.low, columns.close], bars(params, 0), out);
    },
    stream: |params| Box::new(CciStream::new(bars(params, 0))),
};

/// Distance of the typical price (H + L + C)/3 from its mean over `period` bars, in units of
/// 0.015 mean absolute deviations; columns are high, low and close.
///
/// NaN before bar n − 1; 0 where the price is at its mean (relative difference ≤ 1e-12) or does
/// not deviate. Costs a pass over the window a bar: every deviation changes with the mean.
/// Source: D. Lambert, “Commodity Channel Index”, 1980.
///
/// # Panics
/// When `period` is 0 or the columns' lengths differ.
pub fn cci(high_low_close: [&[f64]; 3], period: usize) -> Vec<f64> {
    let mut out = vec![f64::NAN; high_low_close[2].len()];
    cci_into(high_low_close, period, &mut out);
    out
}

/// [`cci`] into the caller's slice.
///
/// # Panics
/// When `period` is 0 or the lengths differ.
pub fn cci_into(high_low_close: [&[f64]; 3], period: usize, out: &mut [f64]) {
    assert!(period >= 1, "a period is at least 1");
    let [high, low, close] = high_low_close;
    fill(close.len(), [&mut *out], |i| [typical_price(high[i], low[i], close[i])]);
    // The slice holds the prices until, from the last bar on, no window needs them any more.
    for end in (period..=out.len()).rev() {
        out[end - 1] = index(&out[end - period..end]);
    }
    let warm_up = out.len().min(period - 1);
    out[..warm_up].fill(f64::NAN);
}

/// The index of the last price of a window.
#[inline(always)]
fn index(prices: &[f64]) -> f64 {
    let (period, price) = (prices.len() as f64, prices[prices.len() - 1]);
    let mean = sum(prices) / period;
    let deviation = sum_of(prices, |price| (price - mean).abs()) / period;
    if nearly_equal(price, mean) || deviation == 0.0 {
        0.0
    } else {
        (price - mean) / (0.015 * deviation)
    }
}

/// Typical price of a bar: the mean of high, low and close.
#[inline(always)]
pub(super) fn typical_price(high: f64, low: f64, close: f64) -> f64 {
    (high + low + close) / 3.0
}

/// [`cci`] one bar at a time.
#[derive(Clone, Debug)]
pub struct CciStream {
    window: Window,
    /// Bars to come before there is a value.
    left: usize,
}

impl CciStream {
    /// Starts without bars.
    ///
    /// # Panics
    /// When `period` is 0.
    pub fn new(period: usize) -> CciStream {
        CciStream { window: Window::new(period), left: period - 1 }
    }

    /// Takes the next bar and returns the index, NaN while there are fewer than `period` bars.
    #[inline(always)]
    pub fn update(&mut self, high: f64, low: f64, close: f64) -> f64 {
        self.window.push(typical_price(high, low, close));
        if self.left > 0 {
            self.left -= 1;
            return f64::NAN;
        }
        index(self.window.values())
    }
}

impl Step for CciStream {
    type Values = [f64; 1];

    #[inline(always)]
    fn step(&mut self, row: &Row) -> [f64; 1] {
        [self.update(row.high, row.low, row.close)]
    }
}
