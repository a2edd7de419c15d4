//! Relative strength index.

use super::decay::{BLOCK, Decay, padded};
use super::decay_pair::DecayPair;
use super::definition::{Definition, Param, Step, bars, in_place, slices};
use super::window::RunningSum;
use super::{Columns, Row};

/// Relative strength index of closes: `rsi`, from bar n.
pub static RSI: Definition = Definition {
    name: "rsi",
    label: "Relative strength index",
    params: &[Param::period("period", 14)],
    outputs: &["rsi"],
    first_valid: |params, _| bars(params, 0),
    displacement: in_place,
    compute: |params, columns: &Columns, outputs| {
        let [out] = slices(outputs);
        rsi_into(columns.close, bars(params, 0), out);
    },
    stream: |params| Box::new(RsiStream::new(bars(params, 0))),
};

/// Share of gains in all changes, 0 to 100, both smoothed as Wilder does; 0 when nothing changes.
///
/// NaN before bar n = `period`: the averages are seeded with the changes of bars 1 to n.
/// Source: J. W. Wilder, “New Concepts in Technical Trading Systems”, 1978.
///
/// # Panics
/// When `period` is 0.
pub fn rsi(values: &[f64], period: usize) -> Vec<f64> {
    let mut out = vec![f64::NAN; values.len()];
    rsi_into(values, period, &mut out);
    out
}

/// [`rsi`] into the caller's slice.
///
/// # Panics
/// When `period` is 0 or the lengths differ.
pub fn rsi_into(values: &[f64], period: usize, out: &mut [f64]) {
    assert!(period >= 1, "a period is at least 1");
    assert_eq!(values.len(), out.len(), "one index a value");
    if values.len() <= period {
        return out.fill(f64::NAN);
    }
    let (warm_up, out) = out.split_at_mut(period + 1);
    let mut stream = RsiStream::new(period);
    for (value, out) in values.iter().zip(warm_up) {
        *out = stream.update(*value);
    }
    let Phase::Running(mut sums) = stream.phase else { return };

    let values = &values[period..];
    let (blocks, rest) = values[1..].as_chunks::<BLOCK>();
    let (before_blocks, before_rest) = values[..values.len() - 1].as_chunks::<BLOCK>();
    let (out_blocks, out_rest) = out.as_chunks_mut::<BLOCK>();
    for ((new, before), out) in blocks.iter().zip(before_blocks).zip(out_blocks) {
        *out = block(&mut sums, *before, *new);
    }
    let last = block(&mut sums, padded(before_rest), padded(rest));
    out_rest.copy_from_slice(&last[..rest.len()]);
}

/// The indices of four values, from Wilder's sums of gains and of moves in either direction.
#[inline(always)]
fn block(sums: &mut DecayPair, before: [f64; BLOCK], values: [f64; BLOCK]) -> [f64; BLOCK] {
    let mut changes = [[0.0; 2]; BLOCK];
    for k in 0..BLOCK {
        changes[k] = gain_and_size(before[k], values[k]);
    }
    sums.block(changes).map(|[gains, moves]| percent(gains, moves))
}

/// How much a value rose, and how much it moved.
#[inline(always)]
fn gain_and_size(before: f64, value: f64) -> [f64; 2] {
    let change = value - before;
    [if change > 0.0 { change } else { 0.0 }, change.abs()]
}

/// Gains in percent of all moves, 0 without moves. Sums instead of averages do: the divisor n
/// cancels.
#[inline(always)]
fn percent(gains: f64, moves: f64) -> f64 {
    // Dividing 0 by something positive gives the 0 that is asked for, without a branch.
    let moves = if moves > f64::MIN_POSITIVE { moves } else { f64::MIN_POSITIVE };
    100.0 * (gains / moves)
}

/// [`rsi`] one value at a time.
#[derive(Clone, Debug)]
pub struct RsiStream {
    period: usize,
    before: f64,
    phase: Phase,
}

#[derive(Clone, Debug)]
enum Phase {
    Empty,
    WarmUp { gains: RunningSum, moves: RunningSum },
    Running(DecayPair),
}

impl RsiStream {
    /// Starts without values.
    ///
    /// # Panics
    /// When `period` is 0.
    pub fn new(period: usize) -> RsiStream {
        assert!(period >= 1, "a period is at least 1");
        RsiStream { period, before: f64::NAN, phase: Phase::Empty }
    }

    /// Takes the next value and returns the index, NaN before bar n.
    #[inline(always)]
    pub fn update(&mut self, value: f64) -> f64 {
        let before = self.before;
        self.before = value;
        match &mut self.phase {
            Phase::Running(sums) => {
                let [gains, moves] = sums.update(gain_and_size(before, value));
                percent(gains, moves)
            }
            Phase::WarmUp { gains, moves } => {
                let [gain, size] = gain_and_size(before, value);
                gains.add(gain);
                moves.add(size);
                if moves.count() < self.period {
                    return f64::NAN;
                }
                let (gains, moves) = (gains.get(), moves.get());
                let decay = Decay::wilder(self.period);
                self.phase = Phase::Running(DecayPair::new([decay; 2], [gains, moves]));
                percent(gains, moves)
            }
            Phase::Empty => {
                let (gains, moves) = Default::default();
                self.phase = Phase::WarmUp { gains, moves };
                f64::NAN
            }
        }
    }
}

impl Step for RsiStream {
    type Values = [f64; 1];

    #[inline(always)]
    fn step(&mut self, row: &Row) -> [f64; 1] {
        [self.update(row.close)]
    }
}
