//! Rate of change.

use super::definition::{Definition, Param, Step, bars, in_place, slices};
use super::window::Window;
use super::{Columns, Row};

/// Rate of change of closes in percent: `roc`, from bar n.
pub static ROC: Definition = Definition {
    name: "roc",
    label: "Rate of change",
    params: &[Param::period("period", 10)],
    outputs: &["roc"],
    first_valid: |params, _| bars(params, 0),
    displacement: in_place,
    compute: |params, columns: &Columns, outputs| {
        let [out] = slices(outputs);
        roc_into(columns.close, bars(params, 0), out);
    },
    stream: |params| Box::new(RocStream::new(bars(params, 0))),
};

/// Change in percent against the value `period` bars before, 0 where that is 0; NaN before bar n.
///
/// # Panics
/// When `period` is 0.
pub fn roc(values: &[f64], period: usize) -> Vec<f64> {
    let mut out = vec![f64::NAN; values.len()];
    roc_into(values, period, &mut out);
    out
}

/// [`roc`] into the caller's slice.
///
/// # Panics
/// When `period` is 0 or the lengths differ.
pub fn roc_into(values: &[f64], period: usize, out: &mut [f64]) {
    assert!(period >= 1, "a period is at least 1");
    assert_eq!(values.len(), out.len(), "one rate a value");
    let (warm_up, out) = out.split_at_mut(period.min(values.len()));
    warm_up.fill(f64::NAN);
    for ((out, &new), &old) in out.iter_mut().zip(&values[warm_up.len()..]).zip(values) {
        *out = change(new, old);
    }
}

#[inline(always)]
fn change(new: f64, old: f64) -> f64 {
    if old == 0.0 { 0.0 } else { 100.0 * (new / old - 1.0) }
}

/// [`roc`] one value at a time.
#[derive(Clone, Debug)]
pub struct RocStream {
    window: Window,
    /// Values to come before there is a rate.
    left: usize,
}

impl RocStream {
    /// Starts without values.
    ///
    /// # Panics
    /// When `period` is 0.
    pub fn new(period: usize) -> RocStream {
        RocStream { window: Window::new(period), left: period }
    }

    /// Takes the next value and returns the rate, NaN before bar n.
    #[inline(always)]
    pub fn update(&mut self, value: f64) -> f64 {
        let old = self.window.push(value);
        if self.left > 0 {
            self.left -= 1;
            return f64::NAN;
        }
        change(value, old)
    }
}

impl Step for RocStream {
    type Values = [f64; 1];

    #[inline(always)]
    fn step(&mut self, row: &Row) -> [f64; 1] {
        [self.update(row.close)]
    }
}
