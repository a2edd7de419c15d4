//! Bollinger bands.

use super::definition::{Definition, Param, Step, bars, in_place, slices};
use super::window::{BLOCK, Refresh, Run, Window, refresh_interval, sum, sum_of};
use super::{Columns, Row};

/// Bollinger bands of closes: `upper`, `middle`, `lower`, from bar n − 1.
pub static BOLLINGER: Definition = Definition {
    name: "bollinger",
    label: "Bollinger bands",
    params: &[Param::period("period", 20), Param::factor("k", 2.0)],
    outputs: &["upper", "middle", "lower"],
    first_valid: |params, _| bars(params, 0) - 1,
    displacement: in_place,
    compute: |params, columns: &Columns, outputs| {
        bollinger_into(columns.close, bars(params, 0), params[1], slices(outputs));
    },
    stream: |params| Box::new(BollingerStream::new(bars(params, 0), params[1])),
};

/// Upper band, middle and lower band: the mean of the last `period` values, and `k` population
/// standard deviations above and below it; NaN before there are so many values.
///
/// A window of equal values has exactly that value as all three.
/// Source: J. Bollinger, “Bollinger on Bollinger Bands”, 2001.
///
/// # Panics
/// When `period` is 0.
pub fn bollinger(values: &[f64], period: usize, k: f64) -> [Vec<f64>; 3] {
    let mut out = [(); 3].map(|()| vec![f64::NAN; values.len()]);
    bollinger_into(values, period, k, out.each_mut().map(Vec::as_mut_slice));
    out
}

/// [`bollinger`] into the caller's slices.
///
/// # Panics
/// When `period` is 0 or the lengths differ.
pub fn bollinger_into(values: &[f64], period: usize, k: f64, out: [&mut [f64]; 3]) {
    assert!(period >= 1, "a period is at least 1");
    for out in &out {
        assert_eq!(values.len(), out.len(), "one of each a value");
    }
    let [upper, middle, lower] = out;
    let mut run = Run::new();
    let mut start = (period - 1).min(values.len());
    for i in 0..start {
        run.add(values[i]);
        (upper[i], middle[i], lower[i]) = (f64::NAN, f64::NAN, f64::NAN);
    }
    let bands = Bands::new(period, k);
    while start < values.len() {
        let end = values.len().min(start + refresh_interval(period));
        let out = [&mut upper[start..end], &mut middle[start..end], &mut lower[start..end]];
        between_refreshes(&values[start + 1 - period..end], &bands, &mut run, out);
        start = end;
    }
}

/// Bands from fresh sums on: `values` begins with the first window.
fn between_refreshes(values: &[f64], bands: &Bands, run: &mut Run, out: [&mut [f64]; 3]) {
    let period = bands.period;
    let mut moments = bands.moments(&values[..period]);
    let [upper, middle, lower] = out;
    [upper[0], middle[0], lower[0]] = bands.of(&moments, values[period - 1], run);

    let new = &values[period..];
    let (new_blocks, new_rest) = new.as_chunks::<BLOCK>();
    let (old_blocks, old_rest) = values[..new.len()].as_chunks::<BLOCK>();
    let (upper_blocks, upper_rest) = upper[1..].as_chunks_mut::<BLOCK>();
    let (middle_blocks, middle_rest) = middle[1..].as_chunks_mut::<BLOCK>();
    let (lower_blocks, lower_rest) = lower[1..].as_chunks_mut::<BLOCK>();
    let out_blocks = upper_blocks.iter_mut().zip(middle_blocks).zip(lower_blocks);
    for ((new, old), ((upper, middle), lower)) in new_blocks.iter().zip(old_blocks).zip(out_blocks)
    {
        let after = bands.block(&moments, new, old);
        for k in 0..BLOCK {
            [upper[k], middle[k], lower[k]] = bands.around(&after[k]);
        }
        if let Some(lengths) = run.add_block(new, period) {
            for k in 0..BLOCK {
                if lengths[k] >= period {
                    (upper[k], middle[k], lower[k]) = (new[k], new[k], new[k]);
                }
            }
        }
        moments = after[BLOCK - 1];
    }
    let (mut new, mut old) = ([0.0; BLOCK], [0.0; BLOCK]);
    new[..new_rest.len()].copy_from_slice(new_rest);
    old[..old_rest.len()].copy_from_slice(old_rest);
    let after = bands.block(&moments, &new, &old);
    for k in 0..new_rest.len() {
        [upper_rest[k], middle_rest[k], lower_rest[k]] = bands.of(&after[k], new[k], run);
    }
}

/// What bands are made of.
#[derive(Clone, Debug)]
struct Bands {
    period: usize,
    n: f64,
    per_n: f64,
    k: f64,
}

/// Sum of a window, its mean, and the sum of squared distances from it.
#[derive(Clone, Copy, Debug, Default)]
struct Moments {
    total: f64,
    mean: f64,
    squares: f64,
}

impl Bands {
    fn new(period: usize, k: f64) -> Bands {
        let n = period as f64;
        Bands { period, n, per_n: 1.0 / n, k }
    }

    /// Computes the moments of a window afresh.
    fn moments(&self, window: &[f64]) -> Moments {
        let total = sum(window);
        let mean = total / self.n;
        Moments { total, mean, squares: sum_of(window, |value| (value - mean) * (value - mean)) }
    }

    /// Moves the window by a block of values; sums run from the start of the block.
    #[inline(always)]
    fn block(&self, at: &Moments, new: &[f64; BLOCK], old: &[f64; BLOCK]) -> [Moments; BLOCK] {
        let mut after = [*at; BLOCK];
        let mut change = Change { mean: at.mean, ..Change::default() };
        for k in 0..BLOCK {
            after[k] = self.moved(at, &mut change, new[k], old[k]);
        }
        after
    }

    /// Moves the window by one value. `at` are the moments at the start of the block.
    #[inline(always)]
    fn moved(&self, at: &Moments, change: &mut Change, new: f64, old: f64) -> Moments {
        let step = new - old;
        change.total += step;
        let total = at.total + change.total;
        let mean = total / self.n;
        // The update of Σ(x − mean)² when one value replaces another.
        change.squares += step * ((new - mean) + (old - change.mean));
        change.mean = mean;
        Moments { total, mean, squares: at.squares + change.squares }
    }

    /// Upper band, middle, lower band.
    #[inline(always)]
    fn around(&self, moments: &Moments) -> [f64; 3] {
        // Rounding may leave a little below zero where there is next to no variance.
        let squares = if moments.squares > 0.0 { moments.squares } else { 0.0 };
        let width = self.k * (squares * self.per_n).sqrt();
        [moments.mean + width, moments.mean, moments.mean - width]
    }

    /// The same for a window that may be flat, which has exactly no width.
    #[inline(always)]
    fn of(&self, moments: &Moments, newest: f64, run: &mut Run) -> [f64; 3] {
        if run.add(newest) >= self.period { [newest; 3] } else { self.around(moments) }
    }
}

/// What a block of updates has changed so far, and the mean that it has reached.
#[derive(Clone, Copy, Debug, Default)]
struct Change {
    total: f64,
    squares: f64,
    mean: f64,
}

/// [`bollinger`] one value at a time.
#[derive(Clone, Debug)]
pub struct BollingerStream {
    bands: Bands,
    window: Window,
    refresh: Refresh,
    run: Run,
    seen: usize,
    /// Moments at the start of the block of updates, and what the block has changed since.
    moments: Moments,
    change: Change,
    phase: usize,
}

impl BollingerStream {
    /// Starts without values.
    ///
    /// # Panics
    /// When `period` is 0.
    pub fn new(period: usize, k: f64) -> BollingerStream {
        BollingerStream {
            bands: Bands::new(period, k),
            window: Window::new(period),
            refresh: Refresh::new(period),
            run: Run::new(),
            seen: 0,
            moments: Moments::default(),
            change: Change::default(),
            phase: 0,
        }
    }

    /// Takes the next value and returns upper band, middle and lower band, NaN while there are
    /// fewer than `period` values.
    #[inline]
    pub fn update(&mut self, value: f64) -> [f64; 3] {
        let old = self.window.push(value);
        let moments = if self.refresh.due() {
            self.start_block(self.bands.moments(self.window.values()))
        } else {
            self.phase += 1;
            let moments = self.bands.moved(&self.moments, &mut self.change, value, old);
            if self.phase == BLOCK { self.start_block(moments) } else { moments }
        };
        let bands = self.bands.of(&moments, value, &mut self.run);
        self.seen += usize::from(self.seen < self.bands.period);
        if self.seen < self.bands.period { [f64::NAN; 3] } else { bands }
    }

    #[inline]
    fn start_block(&mut self, moments: Moments) -> Moments {
        self.moments = moments;
        self.change = Change { mean: moments.mean, ..Change::default() };
        self.phase = 0;
        moments
    }
}

impl Step for BollingerStream {
    type Values = [f64; 3];

    fn step(&mut self, row: &Row) -> [f64; 3] {
        self.update(row.close)
    }
}
