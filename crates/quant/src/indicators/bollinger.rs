//! Bollinger bands.

use super::decay::{BLOCK, padded};
use super::definition::{Definition, Param, Step, bars, in_place, slices};
use super::window::{Refresh, RollingTotal, Run, Window, refresh_interval, sum, sum_of};
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
/// standard deviations (not negative) above and below it; NaN before there are so many values.
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
    let mut moments = bands.fresh(&values[..period]);
    let [upper, middle, lower] = out;
    [upper[0], middle[0], lower[0]] = bands.of(moments.now(), values[period - 1], run);

    let new = &values[period..];
    let (new_blocks, new_rest) = new.as_chunks::<BLOCK>();
    let (old_blocks, old_rest) = values[..new.len()].as_chunks::<BLOCK>();
    let (upper_blocks, upper_rest) = upper[1..].as_chunks_mut::<BLOCK>();
    let (middle_blocks, middle_rest) = middle[1..].as_chunks_mut::<BLOCK>();
    let (lower_blocks, lower_rest) = lower[1..].as_chunks_mut::<BLOCK>();
    let out = upper_blocks.iter_mut().zip(middle_blocks).zip(lower_blocks);
    for ((new, old), ((upper, middle), lower)) in new_blocks.iter().zip(old_blocks).zip(out) {
        [*upper, *middle, *lower] = bands.block(&mut moments, *new, *old, run);
    }
    let last = bands.block(&mut moments, padded(new_rest), padded(old_rest), run);
    for (out, values) in [upper_rest, middle_rest, lower_rest].into_iter().zip(last) {
        out.copy_from_slice(&values[..new_rest.len()]);
    }
}

/// Sum of a window, its mean, and the sum of squared distances from it.
#[derive(Clone, Copy, Debug, Default)]
struct Moments {
    total: RollingTotal,
    mean: f64,
    squares: RollingTotal,
}

impl Moments {
    /// Mean and sum of squares, before any update.
    fn now(&self) -> [f64; 2] {
        [self.mean, self.squares.start()]
    }
}

/// How Σ(x − mean)² changes when `new` replaces `old` and so moves the mean.
#[inline(always)]
fn change(new: f64, old: f64, mean: f64, mean_before: f64) -> f64 {
    (new - old) * ((new - mean) + (old - mean_before))
}

/// What bands are made of.
#[derive(Clone, Debug)]
struct Bands {
    period: usize,
    /// 1/n and k²/n.
    per_n: f64,
    factor: f64,
}

impl Bands {
    fn new(period: usize, k: f64) -> Bands {
        let n = period as f64;
        Bands { period, per_n: 1.0 / n, factor: k * k / n }
    }

    /// Computes the moments of a window afresh.
    fn fresh(&self, window: &[f64]) -> Moments {
        let total = sum(window);
        let mean = total * self.per_n;
        let squares = sum_of(window, |value| (value - mean) * (value - mean));
        let (total, squares) = (RollingTotal::new(total), RollingTotal::new(squares));
        Moments { total, mean, squares }
    }

    /// Moves the window by one value; returns the mean and the sum of squares.
    #[inline(always)]
    fn update(&self, moments: &mut Moments, new: f64, old: f64) -> [f64; 2] {
        let mean = moments.total.update(new - old) * self.per_n;
        let change = change(new, old, mean, moments.mean);
        moments.mean = mean;
        [mean, moments.squares.update(change)]
    }

    /// Moves the window by four values; returns the bands.
    #[inline(always)]
    fn block(
        &self,
        moments: &mut Moments,
        new: [f64; BLOCK],
        old: [f64; BLOCK],
        run: &mut Run,
    ) -> [[f64; BLOCK]; 3] {
        let mut steps = new;
        for k in 0..BLOCK {
            steps[k] -= old[k];
        }
        let mut means = moments.total.block(steps).map(|total| total * self.per_n);
        let [a, b, c, last] = means;
        let before = [moments.mean, a, b, c];
        moments.mean = last;
        let mut changes = [0.0; BLOCK];
        for k in 0..BLOCK {
            changes[k] = change(new[k], old[k], means[k], before[k]);
        }
        let widths = moments.squares.block(changes).map(|squares| self.width(squares));
        let (mut upper, mut lower) = (means, means);
        for k in 0..BLOCK {
            upper[k] += widths[k];
            lower[k] -= widths[k];
        }
        if let Some(lengths) = run.add_block(&new, self.period) {
            for k in 0..BLOCK {
                if lengths[k] >= self.period {
                    (upper[k], means[k], lower[k]) = (new[k], new[k], new[k]);
                }
            }
        }
        [upper, means, lower]
    }

    /// Distance of the bands from the middle.
    #[inline(always)]
    fn width(&self, squares: f64) -> f64 {
        // Rounding may leave a little below zero where there is next to no variance.
        let squares = if squares > 0.0 { squares } else { 0.0 };
        (squares * self.factor).sqrt()
    }

    /// Upper band, middle, lower band; a flat window has exactly no width.
    #[inline(always)]
    fn of(&self, [mean, squares]: [f64; 2], newest: f64, run: &mut Run) -> [f64; 3] {
        if run.add(newest) >= self.period {
            return [newest; 3];
        }
        let width = self.width(squares);
        [mean + width, mean, mean - width]
    }
}

/// [`bollinger`] one value at a time.
#[derive(Clone, Debug)]
pub struct BollingerStream {
    bands: Bands,
    window: Window,
    refresh: Refresh,
    run: Run,
    seen: usize,
    moments: Moments,
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
        }
    }

    /// Takes the next value and returns upper band, middle and lower band, NaN while there are
    /// fewer than `period` values.
    #[inline(always)]
    pub fn update(&mut self, value: f64) -> [f64; 3] {
        let old = self.window.push(value);
        let moments = if self.refresh.due() {
            self.moments = self.bands.fresh(self.window.values());
            self.moments.now()
        } else {
            self.bands.update(&mut self.moments, value, old)
        };
        let bands = self.bands.of(moments, value, &mut self.run);
        self.seen += usize::from(self.seen < self.bands.period);
        if self.seen < self.bands.period { [f64::NAN; 3] } else { bands }
    }
}

impl Step for BollingerStream {
    type Values = [f64; 3];

    #[inline(always)]
    fn step(&mut self, row: &Row) -> [f64; 3] {
        self.update(row.close)
    }
}
