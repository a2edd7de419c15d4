//! Exponential smoothing `y = d·y₋₁ + a·x` with a short chain of dependent operations.
//!
//! Taken literally each value waits for the one before: a multiplication and an addition a bar.
//! Four steps taken at once are `y = a·(x + d·x₋₁ + d²·(x₋₂ + d·x₋₃)) + d⁴·y₋₄`, where all but the
//! last term depends on nothing smoothed. So four chains run side by side, each a quarter as long,
//! and the compiler puts neighbours into one register. The streaming form does the same
//! operations, so both agree bit for bit.

/// Values that are smoothed side by side.
pub(super) const BLOCK: usize = 4;

/// The weights of a smoothing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Decay {
    /// Weight a of the new value.
    pub(super) gain: f64,
    /// d, d², d³, d⁴.
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
        let square = decay * decay;
        Decay { gain, powers: [decay, square, square * decay, square * square] }
    }
}

/// A smoothing under way.
#[derive(Clone, Copy, Debug)]
pub(super) struct Smoothing {
    decay: Decay,
    /// Place of the next value in the rings below.
    phase: usize,
    /// What the last four smoothed values add to the next four.
    carry: [f64; BLOCK],
    /// The last four of `x + d·x₋₁`.
    pairs: [f64; BLOCK],
    /// The value before.
    value: f64,
}

impl Smoothing {
    /// Starts after `seed`.
    pub(super) fn new(decay: Decay, seed: f64) -> Smoothing {
        let carry = decay.powers.map(|power| power * seed);
        Smoothing { decay, phase: 0, carry, pairs: [0.0; BLOCK], value: 0.0 }
    }

    /// Takes the next value and returns the smoothed one.
    #[inline(always)]
    pub(super) fn update(&mut self, value: f64) -> f64 {
        let Decay { gain, powers } = self.decay;
        let phase = self.phase % BLOCK;
        let pair = value + powers[0] * self.value;
        let four = pair + powers[1] * self.pairs[(phase + 2) % BLOCK];
        let smooth = gain * four + self.carry[phase];
        self.carry[phase] = powers[3] * smooth;
        self.pairs[phase] = pair;
        self.phase = phase + 1;
        self.value = value;
        smooth
    }

    /// [`Smoothing::update`] for streams with several smoothings.
    ///
    /// Inlined, neighbours would be merged into vector registers, and their loads would have to
    /// wait until the scalar stores before them have left the processor.
    #[inline(never)]
    pub(super) fn update_apart(&mut self, value: f64) -> f64 {
        self.update(value)
    }

    /// Takes four values; only after [`Smoothing::aligned`] and other blocks.
    #[inline(always)]
    pub(super) fn block(&mut self, values: [f64; BLOCK]) -> [f64; BLOCK] {
        let Decay { gain, powers } = self.decay;
        let [a, b, c, last] = values;
        let before = [self.value, a, b, c];
        let mut pairs = values;
        for k in 0..BLOCK {
            pairs[k] += powers[0] * before[k];
        }
        let before = [self.pairs[2], self.pairs[3], pairs[0], pairs[1]];
        let mut smooth = [0.0; BLOCK];
        for k in 0..BLOCK {
            smooth[k] = gain * (pairs[k] + powers[1] * before[k]) + self.carry[k];
        }
        self.carry = smooth.map(|smooth| powers[3] * smooth);
        self.pairs = pairs;
        self.value = last;
        smooth
    }

    /// Turns the rings so that a block can follow.
    pub(super) fn aligned(mut self) -> Smoothing {
        self.carry.rotate_left(self.phase % BLOCK);
        self.pairs.rotate_left(self.phase % BLOCK);
        self.phase = 0;
        self
    }

    /// Smooths `values` into a slice of the same length; only after [`Smoothing::aligned`], and
    /// nothing may follow a length that is not whole blocks.
    #[inline(always)]
    pub(super) fn run(&mut self, values: &[f64], out: &mut [f64]) {
        let (blocks, rest) = values.as_chunks::<BLOCK>();
        let (out_blocks, out_rest) = out.as_chunks_mut::<BLOCK>();
        for (block, out) in blocks.iter().zip(out_blocks) {
            *out = self.block(*block);
        }
        if !rest.is_empty() {
            out_rest.copy_from_slice(&self.block(padded(rest))[..rest.len()]);
        }
    }
}

/// Fills a last block up; what follows a value does not reach back to it.
#[inline(always)]
pub(super) fn padded(rest: &[f64]) -> [f64; BLOCK] {
    let mut block = [0.0; BLOCK];
    block[..rest.len()].copy_from_slice(rest);
    block
}
