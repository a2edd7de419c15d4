//! Moving average convergence and divergence.

use super::decay::{BLOCK, Decay, Smoothing, padded};
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
    let mut averages = loop {
        let Some(&value) = values.get(at) else { return };
        [line_out[at], signal_out[at], histogram_out[at]] = stream.update(value);
        at += 1;
        if let Phase::Running(averages) = stream.phase {
            break averages.aligned();
        }
    };
    let (blocks, rest) = values[at..].as_chunks::<BLOCK>();
    let (line_blocks, line_rest) = line_out[at..].as_chunks_mut::<BLOCK>();
    let (signal_blocks, signal_rest) = signal_out[at..].as_chunks_mut::<BLOCK>();
    let (histogram_blocks, histogram_rest) = histogram_out[at..].as_chunks_mut::<BLOCK>();
    let out_blocks = line_blocks.iter_mut().zip(signal_blocks).zip(histogram_blocks);
    for (values, ((line, signal), histogram)) in blocks.iter().zip(out_blocks) {
        [*line, *signal, *histogram] = averages.block(*values);
    }
    let outs = [line_rest, signal_rest, histogram_rest];
    for (out, values) in outs.into_iter().zip(averages.block(padded(rest))) {
        out.copy_from_slice(&values[..rest.len()]);
    }
}

/// The three averages once all of them have their seeds.
#[derive(Clone, Copy, Debug)]
struct Averages {
    fast: Smoothing,
    slow: Smoothing,
    signal: Smoothing,
}

impl Averages {
    fn aligned(self) -> Averages {
        let Averages { fast, slow, signal } = self;
        Averages { fast: fast.aligned(), slow: slow.aligned(), signal: signal.aligned() }
    }

    /// Line, signal and histogram after the next value.
    #[inline(always)]
    fn update(&mut self, value: f64) -> [f64; 3] {
        let line = self.fast.update(value) - self.slow.update(value);
        let signal = self.signal.update(line);
        [line, signal, line - signal]
    }

    /// The same for four values.
    #[inline(always)]
    fn block(&mut self, values: [f64; BLOCK]) -> [[f64; BLOCK]; 3] {
        let (mut lines, slow) = (self.fast.block(values), self.slow.block(values));
        for k in 0..BLOCK {
            lines[k] -= slow[k];
        }
        let signals = self.signal.block(lines);
        let mut histogram = lines;
        for k in 0..BLOCK {
            histogram[k] -= signals[k];
        }
        [lines, signals, histogram]
    }
}

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
    Lines {
        fast: Smoothing,
        slow: Smoothing,
        lines: RunningSum,
    },
    Running(Averages),
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
    #[inline]
    pub fn update(&mut self, value: f64) -> [f64; 3] {
        match &mut self.phase {
            Phase::Running(averages) => averages.update(value),
            _ => self.warm_up(value),
        }
    }

    #[cold]
    fn warm_up(&mut self, value: f64) -> [f64; 3] {
        let MacdPeriods { fast, slow, signal } = self.periods;
        let line = match &mut self.phase {
            Phase::WarmUp { fast: fasts, slow: slows, seen } => {
                fasts.push(value);
                slows.push(value);
                *seen += 1;
                if *seen < fast.max(slow) {
                    return [f64::NAN; 3];
                }
                let seeds = [sum(fasts.values()) / fast as f64, sum(slows.values()) / slow as f64];
                self.phase = Phase::Lines {
                    fast: Smoothing::new(Decay::exponential(fast), seeds[0]),
                    slow: Smoothing::new(Decay::exponential(slow), seeds[1]),
                    lines: RunningSum::default(),
                };
                seeds[0] - seeds[1]
            }
            Phase::Lines { fast, slow, .. } => fast.update(value) - slow.update(value),
            Phase::Running(averages) => return averages.update(value),
        };
        let Phase::Lines { fast, slow, lines } = &mut self.phase else {
            return [f64::NAN; 3];
        };
        lines.add(line);
        if lines.count() < signal {
            return [f64::NAN; 3];
        }
        let seed = lines.get() / signal as f64;
        let (fast, slow) = (*fast, *slow);
        let signal = Smoothing::new(Decay::exponential(signal), seed);
        self.phase = Phase::Running(Averages { fast, slow, signal });
        [line, seed, line - seed]
    }
}

impl Step for MacdStream {
    type Values = [f64; 3];

    fn step(&mut self, row: &Row) -> [f64; 3] {
        self.update(row.close)
    }
}
