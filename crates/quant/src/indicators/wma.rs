//! Linearly weighted moving average.

use super::definition::{Definition, Param, Step, bars, fill, in_place, slices};
use super::window::{Refresh, Run, Window, sum};
use super::{Columns, Row};

/// Weighted moving average of closes: `wma`, from bar n − 1.
pub static WMA: Definition = Definition {
    name: "wma",
    label: "Weighted moving average",
    params: &[Param::period("period", 20)],
    outputs: &["wma"],
    first_valid: |params, _| bars(params, 0) - 1,
    displacement: in_place,
    compute: |params, columns: &Columns, outputs| {
        let [out] = slices(outputs);
        wma_into(columns.close, bars(params, 0), out);
    },
    stream: |params| Box::new(WmaStream::new(bars(params, 0))),
};

/// Means of the last n = `period` values with weights 1 (oldest) to n (newest), NaN before there
/// are so many.
///
/// # Panics
/// When `period` is 0.
pub fn wma(values: &[f64], period: usize) -> Vec<f64> {
    let mut out = vec![f64::NAN; values.len()];
    wma_into(values, period, &mut out);
    out
}

/// [`wma`] into the caller's slice.
///
/// # Panics
/// When `period` is 0 or the lengths differ.
pub fn wma_into(values: &[f64], period: usize, out: &mut [f64]) {
    let mut stream = WmaStream::new(period);
    fill(values.len(), [out], |i| [stream.update(values[i])]);
}

/// [`wma`] one value at a time.
#[derive(Clone, Debug)]
pub struct WmaStream {
    window: Window,
    period: usize,
    refresh: Refresh,
    run: Run,
    seen: usize,
    total: f64,
    weighted: f64,
}

impl WmaStream {
    /// Starts without values.
    ///
    /// # Panics
    /// When `period` is 0.
    pub fn new(period: usize) -> WmaStream {
        WmaStream {
            window: Window::new(period),
            period,
            refresh: Refresh::new(period),
            run: Run::new(),
            seen: 0,
            total: 0.0,
            weighted: 0.0,
        }
    }

    /// Takes the next value and returns the average, NaN while there are fewer than `period`.
    #[inline(always)]
    pub fn update(&mut self, value: f64) -> f64 {
        let n = self.period as f64;
        let old = self.window.push(value);
        if self.refresh.due() {
            let values = self.window.values();
            self.total = sum(values);
            self.weighted = values.iter().zip(1..).map(|(v, k)| v * f64::from(k)).sum();
        } else {
            // Each value of the old window loses one weight, the oldest its last one.
            self.weighted += n * value - self.total;
            self.total += value - old;
        }
        let run = self.run.add(value);
        self.seen += usize::from(self.seen < self.period);
        if self.seen < self.period {
            f64::NAN
        } else if run >= self.period {
            value
        } else {
            self.weighted / (n * (n + 1.0) / 2.0)
        }
    }
}

impl Step for WmaStream {
    type Values = [f64; 1];

    #[inline(always)]
    fn step(&mut self, row: &Row) -> [f64; 1] {
        [self.update(row.close)]
    }
}
