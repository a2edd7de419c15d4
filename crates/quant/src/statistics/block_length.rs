//! How long the blocks of a bootstrap have to be to keep what dependence a series has.

/// Automatic mean block lengths for the two bootstraps of dependent series, at least 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OptimalBlockLength {
    /// For the stationary bootstrap (geometric lengths).
    pub stationary: f64,
    /// For the circular block bootstrap (fixed lengths).
    pub circular: f64,
}

/// Chooses block lengths from the autocorrelations of `values`.
///
/// Lags count up to twice the last one before a run of insignificant autocorrelations, weighted
/// by a flat-top window. Too few values (below 8), or values that never vary, have no dependence
/// to keep: the length is 1. Source: Politis & White (2004) with the correction of Patton,
/// Politis & White (2009).
pub fn optimal_block_length(values: &[f64]) -> OptimalBlockLength {
    let lengths = Autocovariances::of(values).map(|covariances| covariances.block_lengths());
    lengths.unwrap_or(OptimalBlockLength { stationary: 1.0, circular: 1.0 })
}

/// Autocovariances up to the largest lag that may count.
struct Autocovariances {
    /// The number of values.
    observations: f64,
    /// By lag, from 0.
    values: Vec<f64>,
    /// The largest lag that does count.
    bandwidth: usize,
}

impl Autocovariances {
    fn of(values: &[f64]) -> Option<Autocovariances> {
        let count = values.len();
        if count < 8 || values.iter().all(|value| *value == values[0]) {
            return None;
        }
        let n = count as f64;
        let mean = values.iter().sum::<f64>() / n;
        let distances: Vec<f64> = values.iter().map(|value| value - mean).collect();

        // The run of lags that must all be insignificant, and the level below which they are.
        let run = (libm::log10(n) as usize).max(5);
        let significance = 2.0 * (libm::log10(n) / n).sqrt();
        let last_lag = (n.sqrt().ceil() as usize + run).min(count - 2);

        let mut covariances = Vec::with_capacity(last_lag + 1);
        let mut insignificant = 0;
        let mut cut = None;
        let squares: Vec<f64> = distances.iter().map(|distance| distance * distance).collect();
        let total: f64 = squares.iter().sum();
        let (mut head, mut tail) = (total, total);
        for lag in 0..=last_lag {
            let product: f64 =
                distances[lag..].iter().zip(&distances).map(|(late, early)| late * early).sum();
            covariances.push(product / n);
            head -= squares[lag];
            tail -= squares[count - 1 - lag];
            if cut.is_none() && lag >= run && insignificant >= run {
                cut = Some(lag - run);
            }
            let correlation = product.abs() / (head.max(0.0) * tail.max(0.0)).sqrt();
            insignificant = if correlation < significance { insignificant + 1 } else { 0 };
        }
        let bandwidth = cut.map_or(last_lag, |lag| (2 * lag.max(1)).min(last_lag));
        Some(Autocovariances { observations: n, values: covariances, bandwidth })
    }

    fn block_lengths(&self) -> OptimalBlockLength {
        let bandwidth = self.bandwidth as f64;
        let (mut weighted_lags, mut long_run) = (0.0, self.values[0]);
        for (lag, covariance) in self.values.iter().enumerate().take(self.bandwidth + 1).skip(1) {
            let share = lag as f64 / bandwidth;
            let flat_top = if share <= 0.5 { 1.0 } else { 2.0 * (1.0 - share) };
            weighted_lags += 2.0 * flat_top * lag as f64 * covariance;
            long_run += 2.0 * flat_top * covariance;
        }
        let n = self.observations;
        let longest = (3.0 * n.sqrt()).min(n / 3.0).ceil();
        let length = |variance_factor: f64| {
            let spread = variance_factor * long_run * long_run;
            let length = libm::cbrt(2.0 * weighted_lags * weighted_lags / spread * n);
            if length.is_finite() { length.clamp(1.0, longest) } else { 1.0 }
        };
        OptimalBlockLength { stationary: length(2.0), circular: length(4.0 / 3.0) }
    }
}

#[cfg(test)]
mod tests {
    use super::optimal_block_length;
    use crate::statistics::test_series::autoregressive;

    /// By `optimal_block_length` of arch 8.0.0.
    #[test]
    fn agrees_with_a_published_library() {
        let cases = [
            (12, 0.5, 4.0, 4.0),
            (60, 0.8, 6.57713389828458, 7.528938848546676),
            (300, 0.9, 19.90699003535415, 22.787815019837147),
            (300, -0.6, 8.967307637335079, 10.265004769814732),
            (1000, 0.5, 10.706444569611238, 12.255819585941762),
        ];
        for (count, persistence, stationary, circular) in cases {
            let found = optimal_block_length(&autoregressive(count, persistence));
            let near = |found: f64, expected: f64| (found - expected).abs() < 1e-9 * expected;
            assert!(near(found.stationary, stationary), "{count}, {persistence}: {found:?}");
            assert!(near(found.circular, circular), "{count}, {persistence}: {found:?}");
        }
    }

    #[test]
    fn no_dependence_to_keep() {
        for values in [&[][..], &[0.1; 7], &[0.1; 500]] {
            let length = optimal_block_length(values);
            assert_eq!((length.stationary, length.circular), (1.0, 1.0));
        }
    }

    #[test]
    fn a_slow_wave_needs_long_blocks() {
        let wave = |step: f64| -> Vec<f64> {
            (0..400_u32).map(|t| libm::sin(f64::from(t) * step)).collect()
        };
        let slow = optimal_block_length(&wave(0.05));
        assert!(slow.stationary > 20.0 && slow.circular >= slow.stationary, "{slow:?}");
        assert!(slow.circular <= 60.0, "three roots of n at most: {slow:?}");
    }

    #[test]
    fn every_length_of_series_is_accepted() {
        for count in 0..60_u32 {
            let values: Vec<f64> = (0..count).map(|t| f64::from(t * t % 17)).collect();
            let length = optimal_block_length(&values);
            assert!(length.stationary >= 1.0 && length.circular >= 1.0, "{count}: {length:?}");
        }
    }
}
