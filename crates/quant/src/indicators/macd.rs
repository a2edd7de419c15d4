//! Moving average convergence and divergence.

use super::decay::{BLOCK, Decay, Smoothing, padded};
use super::decay_pair::DecayPair;
use super::definition::{Definition, Param, Step, bars, in_place, slices};
use super::window::{RunningSum, Window, sum};
use super::{Columns, Row};

/// MACD of closes: `macd` (the line), `signal`, `histogram`, all from bar slow + signal − 2.
pub static MACD: Definition = Definition {
    name: "macd",
    label: "Moving average convergence divergence",
    params: &[Param::period("fast", 12), Param::period("slow", 26), Param::period("signal", 9)],
    outputs: &["macd", "signal", "histogram"],
    first_valid: |params, _| bars(params, 0).max(bars(params, 1)) + bars(params, 2) - 2,
    displacement: in_place,
    compute: |params, columns: &Columns, outputs| {
        macd_into(columns.close, periods(params), slices(outputs));
    },
    stream: |params| Box::new(MacdStream::new(periods(params))),
};

fn periods(params: &[f64]) -> MacdPeriods {
    MacdPeriods { fast: bars(params, 0), slow: bars(params, 1), signal: bars(params, 2) }
}

/// Periods of a MACD in bars, each at least 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MacdPeriods {
    /// Of the average that the line adds.
    pub fast: usize,
    /// Of the average that the line subtracts.
    pub slow: usize,
    /// Of the line's own average.
    pub signal: usize,
}

/// Line (fast less slow exponential average), its exponential average, and their difference.
///
/// Both averages are seeded at bar slow − 1, the fast one with the mean of the values that end
/// there; the signal with the mean of the first lines. If `fast` is the longer one it takes the
/// place of `slow` in this. All three are NaN before bar slow + signal − 2.
/// Source: G. Appel, “The Moving Average Convergence-Divergence Trading Method”, 1979.
///
/// # Panics
/// When a period is 0.
pub fn macd(values: &[f64], periods: MacdPeriods) -> [Vec<f64>; 3] {
    let mut out = [(); 3].map(|()| vec![f64::NAN; values.len()]);
    macd_into(values, periods, out.each_mut().map(Vec::as_mut_slice));
    out
}

/// [`macd`] into the caller's slices.
///
/// # Panics
/// When a period is 0 or the lengths differ.
pub fn macd_into(values: &[f64], periods: MacdPeriods, out: [&mut [f64]; 3]) {
    for out in &out {
        assert_eq!(values.len(), out.len(), "one of each a value");
    }
    let [line_out, signal_out, histogram_out] = out;
    let mut stream = MacdStream::new(periods);
    let mut at = 0;
    let state = loop {
        let Some(&value) = values.get(at) else { return };
        [line_out[at], signal_out[at], histogram_out[at]] = stream.update(value);
        at += 1;
        match stream.phase {
            Phase::Running { lines, signal } if lines.fast_slow.at_block_start() => {
                break (lines, signal.aligned());
            }
            _ => {}
        }
    };
    let (mut lines, mut signal) = state;
    let (blocks, rest) = values[at..].as_chunks::<BLOCK>();
    let (line_blocks, line_rest) = line_out[at..].as_chunks_mut::<BLOCK>();
    let (signal_blocks, signal_rest) = signal_out[at..].as_chunks_mut::<BLOCK>();
    let (histogram_blocks, histogram_rest) = histogram_out[at..].as_chunks_mut::<BLOCK>();
    let out_blocks = line_blocks.iter_mut().zip(signal_blocks).zip(histogram_blocks);
    for (values, ((line, smooth), histogram)) in blocks.iter().zip(out_blocks) {
        [*line, *smooth, *histogram] = block(&mut lines, &mut signal, *values);
    }
    let outs = [line_rest, signal_rest, histogram_rest];
    for (out, values) in outs.into_iter().zip(block(&mut lines, &mut signal, padded(rest))) {
        out.copy_from_slice(&values[..rest.len()]);
    }
}

/// Lines, signals and histogram of four values.
#[inline(always)]
fn block(lines: &mut Lines, signal: &mut Smoothing, values: [f64; BLOCK]) -> [[f64; BLOCK]; 3] {
    let lines = lines.block(values);
    let signals = signal.block(lines);
    let mut histogram = lines;
    for k in 0..BLOCK {
        histogram[k] -= signals[k];
    }
    [lines, signals, histogram]
}

/// The averages that make the line.
#[derive(Clone, Copy, Debug)]
struct Lines {
    fast_slow: DecayPair,
    gains: [f64; 2],
}

impl Lines {
    fn new(periods: [usize; 2], seeds: [f64; 2]) -> Lines {
        let decays = periods.map(Decay::exponential);
        let gains = decays.map(|decay| decay.gain);
        let sums = [seeds[0] / gains[0], seeds[1] / gains[1]];
        Lines { fast_slow: DecayPair::new(decays, sums), gains }
    }

    /// The line after the next value.
    #[inline(always)]
    fn update(&mut self, value: f64) -> f64 {
        let [fast, slow] = self.fast_slow.update([value; 2]);
        self.gains[0] * fast - self.gains[1] * slow
    }

    /// The same for four values.
    #[inline(always)]
    fn block(&mut self, values: [f64; BLOCK]) -> [f64; BLOCK] {
        let sums = self.fast_slow.block(values.map(|value| [value; 2]));
        sums.map(|[fast, slow]| self.gains[0] * fast - self.gains[1] * slow)
    }
}

/// Line and signal while they have not started.
const NONE: (f64, f64) = (f64::NAN, f64::NAN);

/// [`macd`] one value at a time.
#[derive(Clone, Debug)]
pub struct MacdStream {
    periods: MacdPeriods,
    phase: Phase,
}

#[derive(Clone, Debug)]
enum Phase {
    /// Before the averages have their seeds.
    WarmUp {
        fast: Window,
        slow: Window,
        seen: usize,
    },
    /// There are lines, but too few for a signal.
    Seeded {
        lines: Lines,
        first: RunningSum,
    },
    Running {
        lines: Lines,
        signal: Smoothing,
    },
}

impl MacdStream {
    /// Starts without values.
    ///
    /// # Panics
    /// When a period is 0.
    pub fn new(periods: MacdPeriods) -> MacdStream {
        assert!(periods.signal >= 1, "a period is at least 1");
        let (fast, slow) = (Window::new(periods.fast), Window::new(periods.slow));
        MacdStream { periods, phase: Phase::WarmUp { fast, slow, seen: 0 } }
    }

    /// Takes the next value and returns line, signal and histogram, NaN while they have not
    /// started.
    #[inline(always)]
    pub fn update(&mut self, value: f64) -> [f64; 3] {
        let (line, signal) = match &mut self.phase {
            Phase::Running { lines, signal } => {
                let line = lines.update(value);
                (line, signal.update_apart(line))
            }
            _ => self.warm_up(value),
        };
        [line, signal, line - signal]
    }

    /// Line and signal before the three of them run.
    #[cold]
    fn warm_up(&mut self, value: f64) -> (f64, f64) {
        let MacdPeriods { fast, slow, signal } = self.periods;
        if let Phase::WarmUp { fast: fasts, slow: slows, seen } = &mut self.phase {
            fasts.push(value);
            slows.push(value);
            *seen += 1;
            if *seen < fast.max(slow) {
                return NONE;
            }
            let seeds = [sum(fasts.values()) / fast as f64, sum(slows.values()) / slow as f64];
            let lines = Lines::new([fast, slow], seeds);
            self.phase = Phase::Seeded { lines, first: RunningSum::default() };
            return self.start_signal(seeds[0] - seeds[1], signal);
        }
        let Phase::Seeded { lines, .. } = &mut self.phase else { return NONE };
        let line = lines.update(value);
        self.start_signal(line, signal)
    }

    /// Takes one of the lines that the signal is seeded with.
    fn start_signal(&mut self, line: f64, period: usize) -> (f64, f64) {
        let Phase::Seeded { lines, first } = &mut self.phase else { return NONE };
        first.add(line);
        if first.count() < period {
            return NONE;
        }
        let (lines, seed) = (*lines, first.get() / period as f64);
        let signal = Smoothing::new(Decay::exponential(period), seed);
        self.phase = Phase::Running { lines, signal };
        (line, seed)
    }
}

impl Step for MacdStream {
    type Values = [f64; 3];

    #[inline(always)]
    fn step(&mut self, row: &Row) -> [f64; 3] {
        self.update(row.close)
    }
}
