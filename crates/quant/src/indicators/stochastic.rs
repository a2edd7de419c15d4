//! Stochastic oscillator.

use super::definition::{Definition, Param, Step, bars, fill, in_place, slices};
use super::extremes::{Highest, Lowest};
use super::sma::SmaStream;
use super::{Columns, Row};

/// Stochastic oscillator: `k` and `d`, both from bar k + smooth + d − 3.
pub static STOCHASTIC: Definition = Definition {
    name: "stochastic",
    label: "Stochastic oscillator",
    params: &[Param::period("k", 14), Param::period("smooth", 3), Param::period("d", 3)],
    outputs: &["k", "d"],
    first_valid: |params, _| bars(params, 0) + bars(params, 1) + bars(params, 2) - 3,
    displacement: in_place,
    compute: |params, columns: &Columns, outputs| {
        let columns = [columns.high, columns.low, columns.close];
        stochastic_into(columns, periods(params), slices(outputs));
    },
    stream: |params| Box::new(StochasticStream::new(periods(params))),
};

fn periods(params: &[f64]) -> StochasticPeriods {
    StochasticPeriods { k: bars(params, 0), smooth: bars(params, 1), d: bars(params, 2) }
}

/// Periods of a stochastic oscillator in bars, each at least 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StochasticPeriods {
    /// Bars whose range the close is measured in.
    pub k: usize,
    /// Of the mean that makes K of the raw values.
    pub smooth: usize,
    /// Of the mean that makes D of K.
    pub d: usize,
}

/// Lines K and D, 0 to 100; columns are high, low and close.
///
/// Raw is the place of the close between lowest low and highest high, 0 where these are equal; K
/// is its moving average and D that of K. Both are NaN until D starts.
/// Source: G. Lane, “Lane's Stochastics”, 1984.
///
/// # Panics
/// When a period is 0 or the columns' lengths differ.
pub fn stochastic(high_low_close: [&[f64]; 3], periods: StochasticPeriods) -> [Vec<f64>; 2] {
    let mut out = [(); 2].map(|()| vec![f64::NAN; high_low_close[2].len()]);
    stochastic_into(high_low_close, periods, out.each_mut().map(Vec::as_mut_slice));
    out
}

/// [`stochastic`] into the caller's slices.
///
/// # Panics
/// When a period is 0 or the lengths differ.
pub fn stochastic_into(
    high_low_close: [&[f64]; 3],
    periods: StochasticPeriods,
    out: [&mut [f64]; 2],
) {
    let [high, low, close] = high_low_close;
    let mut stream = StochasticStream::new(periods);
    fill(close.len(), out, |i| stream.update(high[i], low[i], close[i]));
}

/// [`stochastic`] one bar at a time.
#[derive(Clone, Debug)]
pub struct StochasticStream {
    highest: Highest,
    lowest: Lowest,
    smooth: SmaStream,
    d: SmaStream,
    /// Bars to come before raw, K and D have values.
    left: [usize; 3],
}

impl StochasticStream {
    /// Starts without bars.
    ///
    /// # Panics
    /// When a period is 0.
    pub fn new(periods: StochasticPeriods) -> StochasticStream {
        let StochasticPeriods { k, smooth, d } = periods;
        StochasticStream {
            highest: Highest::new(k),
            lowest: Lowest::new(k),
            smooth: SmaStream::new(smooth),
            d: SmaStream::new(d),
            left: [k - 1, smooth - 1, d - 1],
        }
    }

    /// Takes the next bar and returns K and D, NaN before D starts.
    #[inline(always)]
    pub fn update(&mut self, high: f64, low: f64, close: f64) -> [f64; 2] {
        let highest = self.highest.update(high);
        let lowest = self.lowest.update(low);
        if self.waits(0) {
            return [f64::NAN; 2];
        }
        let range = highest - lowest;
        let raw = if range == 0.0 { 0.0 } else { 100.0 * ((close - lowest) / range) };
        let k = percent(self.smooth.update(raw));
        if self.waits(1) {
            return [f64::NAN; 2];
        }
        let d = percent(self.d.update(k));
        if self.waits(2) { [f64::NAN; 2] } else { [k, d] }
    }

    #[inline(always)]
    fn waits(&mut self, stage: usize) -> bool {
        let waits = self.left[stage] > 0;
        self.left[stage] -= usize::from(waits);
        waits
    }
}

/// Keeps a mean of percentages from leaving their range by rounding.
#[inline(always)]
fn percent(mean: f64) -> f64 {
    mean.clamp(0.0, 100.0)
}

impl Step for StochasticStream {
    type Values = [f64; 2];

    #[inline(always)]
    fn step(&mut self, row: &Row) -> [f64; 2] {
        self.update(row.high, row.low, row.close)
    }
}
