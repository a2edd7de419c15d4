//! Bollinger bands.

use super::decay::padded;
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
        [*upper, *middle, *lower] = bands.block(&mut moments, new, old, run);
    }
    let (new, old) = (padded(new_rest), padded(old_rest));
    let last = bands.block(&mut moments, &new, &old, run);
    for (out, values) in [upper_rest, middle_rest, lower_rest].into_iter().zip(last) {
        out.copy_from_slice(&values[..new_rest.len()]);
    }
}

/// What bands are made of.
#[derive(Clone, Debug)]
struct Bands {
    period: usize,
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
        Bands { period, per_n: 1.0 / period as f64, k }
    }

    /// Computes the moments of a window afresh.
    fn moments(&self, window: &[f64]) -> Moments {
        let total = sum(window);
        let mean = total * self.per_n;
        Moments { total, mean, squares: sum_of(window, |value| (value - mean) * (value - mean)) }
    }

    /// Moves the window by a block of values; sums run from the start of the block.
    #[inline(always)]
    fn block(
        &self,
        moments: &mut Moments,
        new: &[f64; BLOCK],
        old: &[f64; BLOCK],
        run: &mut Run,
    ) -> [[f64; BLOCK]; 3] {
        let (mut steps, mut means) = ([0.0; BLOCK], [0.0; BLOCK]);
        let mut change = 0.0;
        for k in 0..BLOCK {
            steps[k] = new[k] - old[k];
            change += steps[k];
            means[k] = change;
        }
        let total = moments.total + means[BLOCK - 1];
        for mean in &mut means {
            *mean = (moments.total + *mean) * self.per_n;
        }
        let before = [moments.mean, means[0], means[1], means[2]];
        let mut squares = [0.0; BLOCK];
        for k in 0..BLOCK {
            squares[k] = steps[k] * ((new[k] - means[k]) + (old[k] - before[k]));
        }
        let mut change = 0.0;
        for squares in &mut squares {
            change += *squares;
            *squares = change;
        }
        for squares in &mut squares {
            *squares += moments.squares;
        }
        *moments = Moments { total, mean: means[BLOCK - 1], squares: squares[BLOCK - 1] };

        let widths = squares.map(|squares| self.width(squares));
        let (mut upper, mut lower) = (means, means);
        for k in 0..BLOCK {
            upper[k] += widths[k];
            lower[k] -= widths[k];
        }
        if let Some(lengths) = run.add_block(new, self.period) {
            for k in 0..BLOCK {
                if lengths[k] >= self.period {
                    (upper[k], means[k], lower[k]) = (new[k], new[k], new[k]);
                }
            }
        }
        [upper, means, lower]
    }

    /// Moves the window by one value. `at` are the moments at the start of the block.
    #[inline(always)]
    fn moved(&self, at: &Moments, change: &mut Change, new: f64, old: f64) -> Moments {
        let step = new - old;
        change.total += step;
        let total = at.total + change.total;
        let mean = total * self.per_n;
        // The update of Σ(x − mean)² when one value replaces another.
        change.squares += step * ((new - mean) + (old - change.mean));
        change.mean = mean;
        Moments { total, mean, squares: at.squares + change.squares }
    }

    /// Distance of the bands from the middle.
    #[inline(always)]
    fn width(&self, squares: f64) -> f64 {
        // Rounding may leave a little below zero where there is next to no variance.
        let squares = if squares > 0.0 { squares } else { 0.0 };
        self.k * (squares * self.per_n).sqrt()
    }

    /// Upper band, middle, lower band; a flat window has exactly no width.
    #[inline(always)]
    fn of(&self, moments: &Moments, newest: f64, run: &mut Run) -> [f64; 3] {
        if run.add(newest) >= self.period {
            return [newest; 3];
        }
        let width = self.width(moments.squares);
        [moments.mean + width, moments.mean, moments.mean - width]
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
