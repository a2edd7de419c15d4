//! Average directional index.

use super::atr::true_range;
use super::decay::{Decay, Smoothing};
use super::definition::{Definition, Param, Step, bars, fill, in_place, slices};
use super::window::RunningSum;
use super::{Columns, Row};

/// Directional movement: `adx` from bar 2n − 1, `plus_di` and `minus_di` from bar n.
pub static ADX: Definition = Definition {
    name: "adx",
    label: "Average directional index",
    params: &[Param::period("period", 14)],
    outputs: &["adx", "plus_di", "minus_di"],
    first_valid: |params, output| match output {
        0 => 2 * bars(params, 0) - 1,
        _ => bars(params, 0),
    },
    displacement: in_place,
    compute: |params, columns: &Columns, outputs| {
        let columns = [columns.high, columns.low, columns.close];
        adx_into(columns, bars(params, 0), slices(outputs));
    },
    stream: |params| Box::new(AdxStream::new(bars(params, 0))),
};

/// ADX and the directional indices plus and minus, each 0 to 100; columns are high, low, close.
///
/// The sums of movements and ranges start with bars 1 to n − 1 and shrink by an nth before each
/// later bar is added. ADX starts as the mean of the first n directional movement indices; where
/// plus and minus are both 0 it keeps its value.
/// Source: J. W. Wilder, “New Concepts in Technical Trading Systems”, 1978.
///
/// # Panics
/// When `period` is 0 or the columns' lengths differ.
pub fn adx(high_low_close: [&[f64]; 3], period: usize) -> [Vec<f64>; 3] {
    let mut out = [(); 3].map(|()| vec![f64::NAN; high_low_close[2].len()]);
    adx_into(high_low_close, period, out.each_mut().map(Vec::as_mut_slice));
    out
}

/// [`adx`] into the caller's slices.
///
/// # Panics
/// When `period` is 0 or the lengths differ.
pub fn adx_into(high_low_close: [&[f64]; 3], period: usize, out: [&mut [f64]; 3]) {
    let [high, low, close] = high_low_close;
    let mut stream = AdxStream::new(period);
    fill(close.len(), out, |i| stream.update(high[i], low[i], close[i]));
}

/// [`adx`] one bar at a time.
#[derive(Clone, Debug)]
pub struct AdxStream {
    period: usize,
    /// Weights of ADX's own average.
    decay: Decay,
    before: [f64; 3],
    seen: usize,
    sums: [Smoothing; 3],
    warm_up: [RunningSum; 3],
    adx: f64,
}

impl AdxStream {
    /// Starts without bars.
    ///
    /// # Panics
    /// When `period` is 0.
    pub fn new(period: usize) -> AdxStream {
        assert!(period >= 1, "a period is at least 1");
        AdxStream {
            period,
            decay: Decay::wilder(period),
            before: [f64::NAN; 3],
            seen: 0,
            sums: [Smoothing::new(Decay::wilder_sum(period), 0.0); 3],
            warm_up: [RunningSum::default(); 3],
            adx: 0.0,
        }
    }

    /// Takes the next bar and returns ADX, plus and minus, NaN while they have not started.
    #[inline(always)]
    pub fn update(&mut self, high: f64, low: f64, close: f64) -> [f64; 3] {
        let [high_before, low_before, close_before] = self.before;
        self.before = [high, low, close];
        let bar = self.seen;
        self.seen += 1;

        let (up, down) = (high - high_before, low_before - low);
        let plus = if up > down && up > 0.0 { up } else { 0.0 };
        let minus = if down > up && down > 0.0 { down } else { 0.0 };
        let moves = [plus, minus, true_range(high, low, close_before)];
        if bar < self.period {
            self.start_sums(bar, moves);
            return [f64::NAN; 3];
        }
        let mut sums = [0.0; 3];
        for (k, sum) in sums.iter_mut().enumerate() {
            *sum = self.sums[k].update_apart(moves[k]);
        }
        let [plus, minus, range] = sums;
        let index = |sum: f64| if range == 0.0 { 0.0 } else { 100.0 * (sum / range) };
        [self.update_adx(bar, plus, minus), index(plus), index(minus)]
    }

    /// Counts bars 1 to n − 1, and starts the sums with them.
    fn start_sums(&mut self, bar: usize, moves: [f64; 3]) {
        if bar > 0 {
            for (sum, value) in self.warm_up.iter_mut().zip(moves) {
                sum.add(value);
            }
        }
        if bar + 1 == self.period {
            let decay = Decay::wilder_sum(self.period);
            self.sums = self.warm_up.map(|sum| Smoothing::new(decay, sum.get()));
        }
    }

    /// Takes the directional movement index of bar n or later; the range cancels in it.
    #[inline(always)]
    fn update_adx(&mut self, bar: usize, plus: f64, minus: f64) -> f64 {
        let total = plus + minus;
        let index = if total == 0.0 { 0.0 } else { 100.0 * ((plus - minus).abs() / total) };
        if bar >= 2 * self.period {
            if total != 0.0 {
                let average = self.decay.powers[0] * self.adx + self.decay.gain * index;
                // Rounding of the two weights may add up to a hair above 100.
                self.adx = if average < 100.0 { average } else { 100.0 };
            }
            return self.adx;
        }
        self.adx += index;
        if bar + 1 < 2 * self.period {
            return f64::NAN;
        }
        self.adx /= self.period as f64;
        self.adx
    }
}

impl Step for AdxStream {
    type Values = [f64; 3];

    #[inline(always)]
    fn step(&mut self, row: &Row) -> [f64; 3] {
        self.update(row.high, row.low, row.close)
    }
}
