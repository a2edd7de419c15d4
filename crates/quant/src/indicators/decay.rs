//! Exponential smoothing `y = d·y₋₁ + a·x` with a short chain of dependent operations.
//!
//! Taken literally each value waits for the one before: a multiplication and an addition a bar.
//! Here values are smoothed in blocks of four from zero, `p`, which depends on nothing earlier,
//! and the state before the block is added with its weight: `y_k = p_k + d^(k+1)·state`. Only one
//! multiplication and addition a block remain in the chain. Blocks count from the seed, and the
//! streaming form does the same operations in the same order, so both agree bit for bit.

/// Values of a block.
pub(super) const BLOCK: usize = 4;

/// The two weights of a smoothing, and the first's powers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Decay {
    /// Weight of the new value.
    pub(super) gain: f64,
    /// d, d², …: weight of the state before the block at each place of the block.
    pub(super) powers: [f64; BLOCK],
}

impl Decay {
    /// Smoothing of an exponential moving average: a = 2/(n+1).
    pub(super) fn exponential(period: usize) -> Decay {
        let gain = 2.0 / (period as f64 + 1.0);
        Decay::new(gain, 1.0 - gain)
    }

    /// Wilder's average: a = 1/n.
    pub(super) fn wilder(period: usize) -> Decay {
        let period = period as f64;
        Decay::new(1.0 / period, (period - 1.0) / period)
    }

    /// Wilder's sum, n times his average: `S = S − S/n + x`.
    pub(super) fn wilder_sum(period: usize) -> Decay {
        Decay { gain: 1.0, ..Decay::wilder(period) }
    }

    fn new(gain: f64, decay: f64) -> Decay {
        let mut powers = [decay; BLOCK];
        for k in 1..BLOCK {
            powers[k] = powers[k - 1] * decay;
        }
        Decay { gain, powers }
    }

    /// Smooths a block; its last value is the state for the next one.
    #[inline(always)]
    pub(super) fn block(&self, values: [f64; BLOCK], state: f64) -> [f64; BLOCK] {
        let mut smooth = values.map(|value| self.gain * value);
        for k in 1..BLOCK {
            smooth[k] += self.powers[0] * smooth[k - 1];
        }
        for k in 0..BLOCK {
            smooth[k] += self.powers[k] * state;
        }
        smooth
    }

    /// Smooths all of `values` after a seed, into a slice of the same length.
    #[inline(always)]
    pub(super) fn run(&self, values: &[f64], mut state: f64, out: &mut [f64]) {
        let (blocks, rest) = values.as_chunks::<BLOCK>();
        let (out_blocks, out_rest) = out.as_chunks_mut::<BLOCK>();
        for (block, out) in blocks.iter().zip(out_blocks) {
            *out = self.block(*block, state);
            state = out[BLOCK - 1];
        }
        // The values that fill the last block up do not reach those before them.
        let mut block = [0.0; BLOCK];
        block[..rest.len()].copy_from_slice(rest);
        out_rest.copy_from_slice(&self.block(block, state)[..rest.len()]);
    }
}

/// A smoothing under way, one value at a time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Smoothing {
    decay: Decay,
    state: f64,
    partial: f64,
    phase: usize,
}

impl Smoothing {
    /// Starts after `seed`.
    pub(super) fn new(decay: Decay, seed: f64) -> Smoothing {
        Smoothing { decay, state: seed, partial: 0.0, phase: 0 }
    }

    /// Takes the next value and returns the smoothed one.
    #[inline(always)]
    pub(super) fn update(&mut self, value: f64) -> f64 {
        self.partial = self.decay.gain * value + self.decay.powers[0] * self.partial;
        let smooth = self.partial + self.decay.powers[self.phase] * self.state;
        self.phase += 1;
        if self.phase == BLOCK {
            *self = Smoothing::new(self.decay, smooth);
        }
        smooth
    }

    /// Like [`Smoothing::update`], but begins a new block after the value.
    pub(super) fn update_apart(&mut self, value: f64) -> f64 {
        let smooth = self.update(value);
        *self = Smoothing::new(self.decay, smooth);
        smooth
    }

    /// Tells whether the next value begins a block.
    pub(super) fn at_block_start(&self) -> bool {
        self.phase == 0
    }

    /// Returns the smoothed value before the block that is under way.
    pub(super) fn state(&self) -> f64 {
        self.state
    }
}
