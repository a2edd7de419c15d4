//! Two exponential smoothings side by side: `s = d·s₋₁ + x` for two series in lockstep.
//!
//! The two share a register, one in each half. The chain is shortened as in `decay`, but in the
//! way that costs least here: a block of four is summed from zero, `p`, which depends on nothing
//! earlier, and the sum before the block is added with its weight, `s_k = p_k + d^(k+1)·s`.

use super::decay::{BLOCK, Decay};

/// Two smoothings under way; their sums are the averages divided by their gains.
///
/// Aligned, so that no pair lies across two cache lines: its next load would wait for both.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(16))]
pub(super) struct DecayPair {
    /// d, d², … of both.
    powers: [[f64; 2]; BLOCK],
    /// Sums before the block.
    before: [f64; 2],
    /// Sums within the block.
    partial: [f64; 2],
    phase: usize,
}

impl DecayPair {
    /// Starts after these sums.
    pub(super) fn new(decays: [Decay; 2], sums: [f64; 2]) -> DecayPair {
        let powers = std::array::from_fn(|k| decays.map(|decay| decay.powers[k]));
        DecayPair { powers, before: sums, partial: [0.0; 2], phase: 0 }
    }

    /// Takes the next values and returns the sums.
    #[inline(always)]
    pub(super) fn update(&mut self, values: [f64; 2]) -> [f64; 2] {
        self.partial = weighted(self.powers[0], self.partial, values);
        let sums = weighted(self.powers[self.phase % BLOCK], self.before, self.partial);
        self.phase += 1;
        if self.phase == BLOCK {
            (self.before, self.partial, self.phase) = (sums, [0.0; 2], 0);
        }
        sums
    }

    /// Tells whether a block can follow.
    pub(super) fn at_block_start(&self) -> bool {
        self.phase == 0
    }

    /// Takes four values of each; only at the start of a block.
    #[inline(always)]
    pub(super) fn block(&mut self, values: [[f64; 2]; BLOCK]) -> [[f64; 2]; BLOCK] {
        let mut sums = values;
        for k in 1..BLOCK {
            sums[k] = weighted(self.powers[0], sums[k - 1], sums[k]);
        }
        for (sum, weights) in sums.iter_mut().zip(self.powers) {
            *sum = weighted(weights, self.before, *sum);
        }
        self.before = sums[BLOCK - 1];
        sums
    }
}

/// Weighs both earlier sums and adds them to what came since.
#[inline(always)]
fn weighted(weights: [f64; 2], earlier: [f64; 2], since: [f64; 2]) -> [f64; 2] {
    [weights[0] * earlier[0] + since[0], weights[1] * earlier[1] + since[1]]
}
