//! Exponential moving average.

use super::decay::{Decay, Smoothing};
use super::definition::{Definition, Param, Step, bars, in_place, slices};
use super::window::{RunningSum, sum};
use super::{Columns, Row};

/// Exponential moving average of closes: `ema`, from bar n − 1.
pub static EMA: Definition = Definition {
    name: "ema",
    label: "Exponential moving average",
    params: &[Param::period("period", 20)],
    outputs: &["ema"],
    first_valid: |params, _| bars(params, 0) - 1,
    displacement: in_place,
    compute: |params, columns: &Columns, outputs| {
        let [out] = slices(outputs);
        ema_into(columns.close, bars(params, 0), out);
    },
    stream: |params| Box::new(EmaStream::new(bars(params, 0))),
};

/// Exponential moving averages with weight 2/(n + 1), seeded with the mean of the first `period`
/// values, NaN before.
///
/// # Panics
/// When `period` is 0.
pub fn ema(values: &[f64], period: usize) -> Vec<f64> {
    let mut out = vec![f64::NAN; values.len()];
    ema_into(values, period, &mut out);
    out
}

/// [`ema`] into the caller's slice.
///
/// # Panics
/// When `period` is 0 or the lengths differ.
pub fn ema_into(values: &[f64], period: usize, out: &mut [f64]) {
    assert!(period >= 1, "a period is at least 1");
    assert_eq!(values.len(), out.len(), "one average a value");
    if values.len() < period {
        return out.fill(f64::NAN);
    }
    let (first, rest) = values.split_at(period);
    let (warm_up, out) = out.split_at_mut(period);
    warm_up.fill(f64::NAN);
    let seed = sum(first) / period as f64;
    warm_up[period - 1] = seed;
    Smoothing::new(Decay::exponential(period), seed).run(rest, out);
}

/// [`ema`] one value at a time.
#[derive(Clone, Debug)]
pub struct EmaStream {
    period: usize,
    phase: Phase,
}

#[derive(Clone, Debug)]
enum Phase {
    WarmUp(RunningSum),
    Running(Smoothing),
}

impl EmaStream {
    /// Starts without values.
    ///
    /// # Panics
    /// When `period` is 0.
    pub fn new(period: usize) -> EmaStream {
        assert!(period >= 1, "a period is at least 1");
        EmaStream { period, phase: Phase::WarmUp(RunningSum::default()) }
    }

    /// Takes the next value and returns the average, NaN while there are fewer than `period`.
    #[inline(always)]
    pub fn update(&mut self, value: f64) -> f64 {
        match &mut self.phase {
            Phase::Running(smoothing) => smoothing.update(value),
            Phase::WarmUp(sum) => {
                sum.add(value);
                if sum.count() < self.period {
                    return f64::NAN;
                }
                let seed = sum.get() / self.period as f64;
                let decay = Decay::exponential(self.period);
                self.phase = Phase::Running(Smoothing::new(decay, seed));
                seed
            }
        }
    }
}

impl Step for EmaStream {
    type Values = [f64; 1];

    #[inline(always)]
    fn step(&mut self, row: &Row) -> [f64; 1] {
        [self.update(row.close)]
    }
}
