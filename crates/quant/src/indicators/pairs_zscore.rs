//! Z-score of the spread between two series.

use super::definition::{Definition, Param, Step, bars, fill, in_place, slices};
use super::window::{Refresh, Run, Window, sum_of};
use super::{Columns, Row};

/// Z-score of a pair's spread: `z` and `beta`, from bar n − 1; `close` against `pair_close`.
pub static PAIRS_ZSCORE: Definition = Definition {
    name: "pairs_zscore",
    label: "Pair spread z-score",
    params: &[Param::bars("lookback", 60, 3)],
    outputs: &["z", "beta"],
    first_valid: |params, _| bars(params, 0) - 1,
    displacement: in_place,
    compute: |params, columns: &Columns, outputs| {
        pairs_zscore_into(columns.close, columns.pair_close, bars(params, 0), slices(outputs));
    },
    stream: |params| Box::new(PairsZscoreStream::new(bars(params, 0))),
};

/// Residual of the newest bar in sample standard deviations of the residuals, and the slope, of
/// the least-squares line of ln `a` on ln `b` over the last `lookback` bars.
///
/// Prices must be positive. Both are NaN before bar n − 1 and where `b` does not vary; the z-score
/// also where the line explains everything (all but 1e-10 of the variance, which is what rounding
/// leaves).
///
/// # Panics
/// When `lookback` is below 3 or the lengths differ.
pub fn pairs_zscore(a: &[f64], b: &[f64], lookback: usize) -> [Vec<f64>; 2] {
    let mut out = [(); 2].map(|()| vec![f64::NAN; a.len()]);
    pairs_zscore_into(a, b, lookback, out.each_mut().map(Vec::as_mut_slice));
    out
}

/// [`pairs_zscore`] into the caller's slices.
///
/// # Panics
/// When `lookback` is below 3 or the lengths differ.
pub fn pairs_zscore_into(a: &[f64], b: &[f64], lookback: usize, out: [&mut [f64]; 2]) {
    let mut stream = PairsZscoreStream::new(lookback);
    fill(a.len(), out, |i| stream.update(a[i], b[i]));
}

/// [`pairs_zscore`] one bar at a time.
#[derive(Clone, Debug)]
pub struct PairsZscoreStream {
    /// Logarithms of both legs.
    y: Window,
    x: Window,
    refresh: Refresh,
    /// How long each leg has stood still.
    runs: [Run; 2],
    lookback: usize,
    left: usize,
    moments: Moments,
}

/// Sums of a window, its means, and sums of products of distances from them.
///
/// Sums and means are of distances from the newest values at the last fresh sum: far smaller than
/// the logarithms, they round to far less.
#[derive(Clone, Copy, Debug, Default)]
struct Moments {
    origin: [f64; 2],
    total_y: f64,
    total_x: f64,
    mean_y: f64,
    mean_x: f64,
    yy: f64,
    xy: f64,
    xx: f64,
}

impl PairsZscoreStream {
    /// Starts without bars.
    ///
    /// # Panics
    /// When `lookback` is below 3.
    pub fn new(lookback: usize) -> PairsZscoreStream {
        assert!(lookback >= 3, "a line through fewer than three points leaves no residual");
        PairsZscoreStream {
            y: Window::new(lookback),
            x: Window::new(lookback),
            refresh: Refresh::new(lookback),
            runs: [Run::new(); 2],
            lookback,
            left: lookback,
            moments: Moments::default(),
        }
    }

    /// Takes the next prices of both legs and returns z-score and slope, NaN before bar n − 1.
    #[inline(always)]
    pub fn update(&mut self, a: f64, b: f64) -> [f64; 2] {
        let (y, x) = (libm::log(a), libm::log(b));
        let (y_old, x_old) = (self.y.push(y), self.x.push(x));
        let [y_run, x_run] = [self.runs[0].add(a), self.runs[1].add(b)];
        let n = self.lookback as f64;
        if self.refresh.due() {
            self.moments = Moments::of(self.y.values(), self.x.values());
        } else {
            self.moments.shift([y, x], [y_old, x_old], n);
        }
        self.left -= usize::from(self.left > 0);
        if self.left > 0 || x_run >= self.lookback {
            return [f64::NAN; 2];
        }
        let Moments { mean_y, mean_x, yy, xy, xx, .. } = self.moments;
        let beta = xy / xx;
        let unexplained = yy - beta * xy;
        if y_run >= self.lookback {
            return [f64::NAN, 0.0];
        }
        let [y, x] = self.moments.centred([y, x]);
        let residual = (y - mean_y) - beta * (x - mean_x);
        let varies = unexplained > 1e-10 * yy;
        [if varies { residual / (unexplained / (n - 1.0)).sqrt() } else { f64::NAN }, beta]
    }
}

impl Moments {
    fn of(y: &[f64], x: &[f64]) -> Moments {
        let n = y.len() as f64;
        let origin = [y[y.len() - 1], x[x.len() - 1]];
        let (total_y, total_x) = (sum_of(y, |y| y - origin[0]), sum_of(x, |x| x - origin[1]));
        let (mean_y, mean_x) = (total_y / n, total_x / n);
        let mut moments =
            Moments { origin, total_y, total_x, mean_y, mean_x, ..Moments::default() };
        for (&y, &x) in y.iter().zip(x) {
            let [y, x] = moments.centred([y, x]);
            moments.yy += (y - mean_y) * (y - mean_y);
            moments.xy += (y - mean_y) * (x - mean_x);
            moments.xx += (x - mean_x) * (x - mean_x);
        }
        moments
    }

    #[inline(always)]
    fn centred(&self, [y, x]: [f64; 2]) -> [f64; 2] {
        [y - self.origin[0], x - self.origin[1]]
    }

    /// Replaces the oldest pair of the window by the newest.
    #[inline(always)]
    fn shift(&mut self, new: [f64; 2], old: [f64; 2], n: f64) {
        let ([y, x], [y_old, x_old]) = (self.centred(new), self.centred(old));
        let (step_y, step_x) = (y - y_old, x - x_old);
        self.total_y += step_y;
        self.total_x += step_x;
        let (mean_y, mean_x) = (self.total_y / n, self.total_x / n);
        self.yy += step_y * ((y - mean_y) + (y_old - self.mean_y));
        self.xx += step_x * ((x - mean_x) + (x_old - self.mean_x));
        self.xy += step_y * (x - mean_x) + step_x * (y_old - self.mean_y);
        (self.mean_y, self.mean_x) = (mean_y, mean_x);
    }
}

impl Step for PairsZscoreStream {
    type Values = [f64; 2];

    #[inline(always)]
    fn step(&mut self, row: &Row) -> [f64; 2] {
        self.update(row.close, row.pair_close)
    }
}
