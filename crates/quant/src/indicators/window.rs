//! Windows of the last values, and sums over them that do not drift.
//!
//! A rolling sum gathers a rounding error a bar. So each is summed afresh at fixed distances from
//! its first bar ([`refresh_interval`]), which bounds the error in a series of any length by that
//! of about a thousand additions: equal averages of tick prices stay equal to 1e-12. The distances
//! count from the seed and not from “now”, so a prefix of the series gives a prefix of the values,
//! and the batch and the streaming forms refresh at the same bars.

use super::decay::BLOCK;

/// Returns the distance in bars between two fresh sums of a window of `period` values: 1,024,
/// or the next multiple above the period, so that refreshing costs at most one addition a bar.
pub(super) fn refresh_interval(period: usize) -> usize {
    period.next_multiple_of(1024)
}

/// Sums values in the order that all forms share: four interleaved partial sums.
pub(super) fn sum(values: &[f64]) -> f64 {
    sum_of(values, |value| value)
}

/// Sums `term` of each value, in the order of [`sum`].
#[inline(always)]
pub(super) fn sum_of(values: &[f64], term: impl Fn(f64) -> f64) -> f64 {
    let mut partial = [0.0; 4];
    let (fours, rest) = values.as_chunks::<4>();
    for four in fours {
        for lane in 0..4 {
            partial[lane] += term(four[lane]);
        }
    }
    for (lane, &value) in rest.iter().enumerate() {
        partial[lane] += term(value);
    }
    (partial[0] + partial[1]) + (partial[2] + partial[3])
}

/// A sum that takes its values one at a time, in the order of [`sum`].
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct RunningSum {
    partial: [f64; 4],
    count: usize,
}

impl RunningSum {
    pub(super) fn add(&mut self, value: f64) {
        self.partial[self.count % 4] += value;
        self.count += 1;
    }

    /// Returns how many values were added.
    pub(super) fn count(&self) -> usize {
        self.count
    }

    pub(super) fn get(&self) -> f64 {
        let partial = self.partial;
        (partial[0] + partial[1]) + (partial[2] + partial[3])
    }
}

/// A total that changes by a step a value: `t = t₋₁ + step`.
///
/// Four steps are added at once to the total four values ago, so that four chains run side by
/// side, as in `decay`.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct RollingTotal {
    /// Place of the next value in the rings.
    phase: usize,
    totals: [f64; BLOCK],
    /// The last sums of two steps.
    pairs: [f64; BLOCK],
    step: f64,
}

impl RollingTotal {
    /// Starts after a fresh total.
    pub(super) fn new(total: f64) -> RollingTotal {
        RollingTotal { totals: [total; BLOCK], ..RollingTotal::default() }
    }

    /// Returns the total before any step.
    pub(super) fn start(&self) -> f64 {
        self.totals[0]
    }

    /// Takes the next step and returns the total.
    #[inline(always)]
    pub(super) fn update(&mut self, step: f64) -> f64 {
        let phase = self.phase % BLOCK;
        let pair = step + self.step;
        let total = self.totals[phase] + (pair + self.pairs[(phase + 2) % BLOCK]);
        (self.step, self.pairs[phase], self.totals[phase]) = (step, pair, total);
        self.phase = phase + 1;
        total
    }

    /// Takes four steps; only after the start and other blocks.
    #[inline(always)]
    pub(super) fn block(&mut self, steps: [f64; BLOCK]) -> [f64; BLOCK] {
        let [a, b, c, last] = steps;
        let before = [self.step, a, b, c];
        let mut pairs = steps;
        for k in 0..BLOCK {
            pairs[k] += before[k];
        }
        let before = [self.pairs[2], self.pairs[3], pairs[0], pairs[1]];
        for k in 0..BLOCK {
            self.totals[k] += pairs[k] + before[k];
        }
        (self.step, self.pairs) = (last, pairs);
        self.totals
    }
}

/// The last `period` values, in one piece.
///
/// Every value is kept twice, a period apart, so that the window is always a slice.
#[derive(Clone, Debug)]
pub(super) struct Window {
    values: Box<[f64]>,
    period: usize,
    next: usize,
}

impl Window {
    /// Starts a window of zeros.
    ///
    /// # Panics
    /// When `period` is 0.
    pub(super) fn new(period: usize) -> Window {
        assert!(period >= 1, "a period is at least 1");
        Window { values: vec![0.0; 2 * period].into(), period, next: 0 }
    }

    /// Takes the newest value and gives the one that leaves.
    #[inline(always)]
    pub(super) fn push(&mut self, value: f64) -> f64 {
        let old = self.values[self.next];
        self.values[self.next] = value;
        self.values[self.next + self.period] = value;
        self.next += 1;
        if self.next == self.period {
            self.next = 0;
        }
        old
    }

    /// Returns the values, oldest first.
    pub(super) fn values(&self) -> &[f64] {
        &self.values[self.next..self.next + self.period]
    }
}

/// Counts how long the newest value has stood still.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run {
    /// Bits of the last value: comparing them is cheaper than comparing doubles.
    last: u64,
    length: usize,
}

impl Run {
    pub(super) fn new() -> Run {
        Run { last: f64::NAN.to_bits(), length: 0 }
    }

    /// Takes the newest value and returns how many values in a row, this one included, equal it.
    #[inline(always)]
    pub(super) fn add(&mut self, value: f64) -> usize {
        let bits = value.to_bits();
        self.length = if bits == self.last { self.length + 1 } else { 1 };
        self.last = bits;
        self.length
    }

    /// Takes a block of values and returns what [`Run::add`] gives for each, or `None` if none
    /// of that can reach `period`.
    #[inline(always)]
    pub(super) fn add_block(
        &mut self,
        values: &[f64; BLOCK],
        period: usize,
    ) -> Option<[usize; BLOCK]> {
        let possible = self.length + BLOCK >= period;
        let lengths = values.map(|value| self.add(value));
        possible.then_some(lengths)
    }
}

/// Tells whether two computed values are to be taken as equal: relative difference ≤ 1e-12.
#[inline(always)]
pub(super) fn nearly_equal(a: f64, b: f64) -> bool {
    let (x, y) = (a.abs(), b.abs());
    (a - b).abs() <= 1e-12 * if x > y { x } else { y }
}

/// Where the refreshes fall and how far a rolling sum has come since the last one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Refresh {
    period: usize,
    /// Values still to come until the next fresh sum.
    left: usize,
}

impl Refresh {
    pub(super) fn new(period: usize) -> Refresh {
        Refresh { period, left: period }
    }

    /// Counts a value; returns whether the window is full and to be summed afresh now.
    #[inline(always)]
    pub(super) fn due(&mut self) -> bool {
        self.left -= 1;
        if self.left == 0 {
            self.left = refresh_interval(self.period);
            return true;
        }
        false
    }
}
