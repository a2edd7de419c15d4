//! Donchian channel.

use super::definition::{Definition, Param, Step, bars, fill, in_place, slices};
use super::extremes::{Highest, Lowest};
use super::{Columns, Row};

/// Donchian channel: `upper`, `middle`, `lower`, from bar n − 1.
pub static DONCHIAN: Definition = Definition {
    name: "donchian",
    label: "Donchian channel",
    params: &[Param::period("period", 20)],
    outputs: &["upper", "middle", "lower"],
    first_valid: |params, _| bars(params, 0) - 1,
    displacement: in_place,
    compute: |params, columns: &Columns, outputs| {
        donchian_into(columns.high, columns.low, bars(params, 0), slices(outputs));
    },
    stream: |params| Box::new(DonchianStream::new(bars(params, 0))),
};

/// Highest high of the last `period` bars including this one, the mean of both ends, and lowest
/// low; NaN before bar n − 1.
///
/// # Panics
/// When `period` is 0 or the lengths differ.
pub fn donchian(high: &[f64], low: &[f64], period: usize) -> [Vec<f64>; 3] {
    let mut out = [(); 3].map(|()| vec![f64::NAN; high.len()]);
    donchian_into(high, low, period, out.each_mut().map(Vec::as_mut_slice));
    out
}

/// [`donchian`] into the caller's slices.
///
/// # Panics
/// When `period` is 0 or the lengths differ.
pub fn donchian_into(high: &[f64], low: &[f64], period: usize, out: [&mut [f64]; 3]) {
    let mut stream = DonchianStream::new(period);
    fill(high.len(), out, |i| stream.update(high[i], low[i]));
}

/// [`donchian`] one bar at a time.
#[derive(Clone, Debug)]
pub struct DonchianStream {
    highest: Highest,
    lowest: Lowest,
    /// Bars to come before there is a value.
    left: usize,
}

impl DonchianStream {
    /// Starts without bars.
    ///
    /// # Panics
    /// When `period` is 0.
    pub fn new(period: usize) -> DonchianStream {
        let (highest, lowest) = (Highest::new(period), Lowest::new(period));
        DonchianStream { highest, lowest, left: period - 1 }
    }

    /// Takes the next bar and returns upper end, middle and lower end, NaN before bar n − 1.
    #[inline(always)]
    pub fn update(&mut self, high: f64, low: f64) -> [f64; 3] {
        let (highest, lowest) = (self.highest.update(high), self.lowest.update(low));
        if self.left > 0 {
            self.left -= 1;
            return [f64::NAN; 3];
        }
        [highest, (highest + lowest) / 2.0, lowest]
    }
}

impl Step for DonchianStream {
    type Values = [f64; 3];

    #[inline(always)]
    fn step(&mut self, row: &Row) -> [f64; 3] {
        self.update(row.high, row.low)
    }
}
