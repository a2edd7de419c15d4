//! Highest and lowest value of a moving window at constant cost.
//!
//! Source: M. van Herk, “A fast algorithm for local minimum and maximum filters on rectangular
//! and octagonal kernels”, 1992. The series is cut into blocks of a window's length; every window
//! is the end of one block and the beginning of the next. Extremes are exact, so nothing drifts.

/// Highest value of the last `period` values; with `LOWEST` the lowest.
#[derive(Clone, Debug)]
pub(super) struct Extreme<const LOWEST: bool> {
    /// Before `at`: the values of this block. From `at`: the extremes of what is left of the
    /// block before, from each place to its end.
    block: Box<[f64]>,
    at: usize,
    /// Extreme of this block so far.
    prefix: f64,
}

/// Highest value of a moving window.
pub(super) type Highest = Extreme<false>;
/// Lowest value of a moving window.
pub(super) type Lowest = Extreme<true>;

impl<const LOWEST: bool> Extreme<LOWEST> {
    /// An extreme that any value replaces.
    const NONE: f64 = if LOWEST { f64::INFINITY } else { f64::NEG_INFINITY };

    /// Starts an empty window.
    ///
    /// # Panics
    /// When `period` is 0.
    pub(super) fn new(period: usize) -> Self {
        assert!(period >= 1, "a period is at least 1");
        Extreme { block: vec![Self::NONE; period].into(), at: 0, prefix: Self::NONE }
    }

    #[inline(always)]
    fn of(a: f64, b: f64) -> f64 {
        let first = if LOWEST { a < b } else { a > b };
        if first { a } else { b }
    }

    /// Takes the next value; returns the extreme of the window, or of what it has so far.
    #[inline(always)]
    pub(super) fn update(&mut self, value: f64) -> f64 {
        self.prefix = Self::of(self.prefix, value);
        self.block[self.at] = value;
        self.at += 1;
        let Some(&suffix) = self.block.get(self.at) else {
            return self.turn();
        };
        Self::of(self.prefix, suffix)
    }

    /// Ends a block, which is a whole window.
    fn turn(&mut self) -> f64 {
        let mut extreme = Self::NONE;
        for value in self.block.iter_mut().rev() {
            extreme = Self::of(extreme, *value);
            *value = extreme;
        }
        self.at = 0;
        self.prefix = Self::NONE;
        extreme
    }
}
