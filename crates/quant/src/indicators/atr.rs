//! True range and its average.

use super::decay::{Decay, Smoothing};
use super::definition::{Definition, Param, Step, bars, in_place, slices};
use super::window::RunningSum;
use super::{Columns, Row};

/// Average true range: `atr`, from bar n.
pub static ATR: Definition = Definition {
    name: "atr",
    label: "Average true range",
    params: &[Param::period("period", 14)],
    outputs: &["atr"],
    first_valid: |params, _| bars(params, 0),
    displacement: in_place,
    compute: |params, columns: &Columns, outputs| {
        let [out] = slices(outputs);
        atr_into([columns.high, columns.low, columns.close], bars(params, 0), out);
    },
    stream: |params| Box::new(AtrStream::new(bars(params, 0))),
};

/// Ranges that are computed before they are smoothed: few enough to stay in the nearest cache, and
/// a pass of its own is what compilers put into wide registers.
const CHUNK: usize = 256;

/// Wilder's average of true ranges, in price units; columns are high, low and close.
///
/// NaN before bar n = `period`: the seed is the mean of the true ranges of bars 1 to n, for bar 0
/// has no close before it.
/// Source: J. W. Wilder, “New Concepts in Technical Trading Systems”, 1978.
///
/// # Panics
/// When `period` is 0 or the columns' lengths differ.
pub fn atr(high_low_close: [&[f64]; 3], period: usize) -> Vec<f64> {
    let mut out = vec![f64::NAN; high_low_close[2].len()];
    atr_into(high_low_close, period, &mut out);
    out
}

/// [`atr`] into the caller's slice.
///
/// # Panics
/// When `period` is 0 or the lengths differ.
pub fn atr_into(high_low_close: [&[f64]; 3], period: usize, out: &mut [f64]) {
    assert!(period >= 1, "a period is at least 1");
    for column in high_low_close {
        assert_eq!(column.len(), out.len(), "one average a bar");
    }
    let bars = out.len();
    if bars <= period {
        return out.fill(f64::NAN);
    }
    let [high, low, close] = high_low_close;
    let (warm_up, out) = out.split_at_mut(period + 1);
    let mut stream = AtrStream::new(period);
    for (i, out) in warm_up.iter_mut().enumerate() {
        *out = stream.update(high[i], low[i], close[i]);
    }
    let Phase::Running(smoothing) = stream.phase else { return };
    let mut smoothing = smoothing.aligned();
    let (mut high, mut low) = (&high[period + 1..], &low[period + 1..]);
    let mut before = &close[period..bars - 1];
    let mut ranges = [0.0; CHUNK];
    for out in out.chunks_mut(CHUNK) {
        let ranges = &mut ranges[..out.len()];
        let bars = ranges.iter_mut().zip(high).zip(low).zip(before);
        for (((range, high), low), before) in bars {
            *range = true_range(*high, *low, *before);
        }
        smoothing.run(ranges, out);
        (high, low, before) = (&high[out.len()..], &low[out.len()..], &before[out.len()..]);
    }
}

/// The bar's range, extended to the close before it.
///
/// For a valid bar (high ≥ low) that is the largest of high − low, |high − before| and
/// |low − before|; as subtraction rounds monotonously it is, to the bit, the difference of the
/// extremes of the three prices.
#[inline(always)]
pub(super) fn true_range(high: f64, low: f64, before: f64) -> f64 {
    let top = if high > before { high } else { before };
    let bottom = if low < before { low } else { before };
    top - bottom
}

/// [`atr`] one bar at a time.
#[derive(Clone, Debug)]
pub struct AtrStream {
    period: usize,
    before: f64,
    phase: Phase,
}

#[derive(Clone, Debug)]
enum Phase {
    Empty,
    WarmUp(RunningSum),
    Running(Smoothing),
}

impl AtrStream {
    /// Starts without bars.
    ///
    /// # Panics
    /// When `period` is 0.
    pub fn new(period: usize) -> AtrStream {
        assert!(period >= 1, "a period is at least 1");
        AtrStream { period, before: f64::NAN, phase: Phase::Empty }
    }

    /// Takes the next bar and returns the average true range, NaN before bar n.
    #[inline(always)]
    pub fn update(&mut self, high: f64, low: f64, close: f64) -> f64 {
        let range = true_range(high, low, self.before);
        self.before = close;
        match &mut self.phase {
            Phase::Running(smoothing) => smoothing.update(range),
            Phase::WarmUp(ranges) => {
                ranges.add(range);
                if ranges.count() < self.period {
                    return f64::NAN;
                }
                let seed = ranges.get() / self.period as f64;
                self.phase = Phase::Running(Smoothing::new(Decay::wilder(self.period), seed));
                seed
            }
            Phase::Empty => {
                self.phase = Phase::WarmUp(RunningSum::default());
                f64::NAN
            }
        }
    }
}

impl Step for AtrStream {
    type Values = [f64; 1];

    #[inline(always)]
    fn step(&mut self, row: &Row) -> [f64; 1] {
        [self.update(row.high, row.low, row.close)]
    }
}
