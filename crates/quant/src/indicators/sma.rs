//! Simple moving average.

use super::decay::{BLOCK, padded};
use super::definition::{Definition, Param, Step, bars, in_place, slices};
use super::window::{Refresh, RollingTotal, Run, Window, refresh_interval, sum};
use super::{Columns, Row};

/// Simple moving average of closes: `sma`, from bar n − 1.
pub static SMA: Definition = Definition {
    name: "sma",
    label: "Simple moving average",
    params: &[Param::period("period", 20)],
    outputs: &["sma"],
    first_valid: |params, _| bars(params, 0) - 1,
    displacement: in_place,
    compute: |params, columns: &Columns, outputs| {
        let [out] = slices(outputs);
        sma_into(columns.close, bars(params, 0), out);
    },
    stream: |params| Box::new(SmaStream::new(bars(params, 0))),
};

/// Means of the last `period` values, NaN before there are so many.
///
/// A window of equal values has exactly that value as its mean.
///
/// # Panics
/// When `period` is 0.
pub fn sma(values: &[f64], period: usize) -> Vec<f64> {
    let mut out = vec![f64::NAN; values.len()];
    sma_into(values, period, &mut out);
    out
}

/// [`sma`] into the caller's slice.
///
/// # Panics
/// When `period` is 0 or the lengths differ.
pub fn sma_into(values: &[f64], period: usize, out: &mut [f64]) {
    assert!(period >= 1, "a period is at least 1");
    assert_eq!(values.len(), out.len(), "one mean a value");
    let mut start = (period - 1).min(values.len());
    let mut run = Run::new();
    for (&value, out) in values[..start].iter().zip(&mut *out) {
        run.add(value);
        *out = f64::NAN;
    }
    while start < values.len() {
        let end = values.len().min(start + refresh_interval(period));
        between_refreshes(&values[start + 1 - period..end], period, &mut run, &mut out[start..end]);
        start = end;
    }
}

/// Means from a fresh sum on: `values` begins with the first window.
fn between_refreshes(values: &[f64], period: usize, run: &mut Run, out: &mut [f64]) {
    let fresh = sum(&values[..period]);
    out[0] = mean(fresh, period, values[period - 1], run);
    let mut total = RollingTotal::new(fresh);
    let new = &values[period..];
    let (new_blocks, new_rest) = new.as_chunks::<BLOCK>();
    let (old_blocks, old_rest) = values[..new.len()].as_chunks::<BLOCK>();
    let (out_blocks, out_rest) = out[1..].as_chunks_mut::<BLOCK>();
    for ((new, old), out) in new_blocks.iter().zip(old_blocks).zip(out_blocks) {
        *out = block(&mut total, period, *new, *old, run);
    }
    let last = block(&mut total, period, padded(new_rest), padded(old_rest), run);
    out_rest.copy_from_slice(&last[..new_rest.len()]);
}

/// The means of four windows.
#[inline(always)]
fn block(
    total: &mut RollingTotal,
    period: usize,
    new: [f64; BLOCK],
    old: [f64; BLOCK],
    run: &mut Run,
) -> [f64; BLOCK] {
    let mut steps = new;
    for k in 0..BLOCK {
        steps[k] -= old[k];
    }
    let mut means = total.block(steps).map(|total| total / period as f64);
    if let Some(lengths) = run.add_block(&new, period) {
        for k in 0..BLOCK {
            if lengths[k] >= period {
                means[k] = new[k];
            }
        }
    }
    means
}

/// The mean of a window with this sum, whose newest value is `newest`.
#[inline(always)]
fn mean(total: f64, period: usize, newest: f64, run: &mut Run) -> f64 {
    if run.add(newest) >= period { newest } else { total / period as f64 }
}

/// [`sma`] one value at a time.
#[derive(Clone, Debug)]
pub struct SmaStream {
    window: Window,
    period: usize,
    refresh: Refresh,
    run: Run,
    seen: usize,
    total: RollingTotal,
}

impl SmaStream {
    /// Starts without values.
    ///
    /// # Panics
    /// When `period` is 0.
    pub fn new(period: usize) -> SmaStream {
        SmaStream {
            window: Window::new(period),
            period,
            refresh: Refresh::new(period),
            run: Run::new(),
            seen: 0,
            total: RollingTotal::default(),
        }
    }

    /// Takes the next value and returns the mean, NaN while there are fewer than `period`.
    #[inline(always)]
    pub fn update(&mut self, value: f64) -> f64 {
        let old = self.window.push(value);
        let total = if self.refresh.due() {
            let fresh = sum(self.window.values());
            self.total = RollingTotal::new(fresh);
            fresh
        } else {
            self.total.update(value - old)
        };
        let mean = mean(total, self.period, value, &mut self.run);
        self.seen += usize::from(self.seen < self.period);
        if self.seen < self.period { f64::NAN } else { mean }
    }
}

impl Step for SmaStream {
    type Values = [f64; 1];

    #[inline(always)]
    fn step(&mut self, row: &Row) -> [f64; 1] {
        [self.update(row.close)]
    }
}
