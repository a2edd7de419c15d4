//! Returns beside those of a benchmark.

use super::keys::{finite, quotient};
use super::moments::Moments;
use super::risk::per_period_risk_free;

/// How returns relate to a benchmark's over the same periods.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct BenchmarkComparison {
    /// cov(e, e_b) / var(e_b); `None` when the benchmark never varies.
    pub beta: Option<f64>,
    /// a·(mean e − beta · mean e_b), e the excess over the risk-free rate.
    pub alpha: Option<f64>,
    /// Annualized deviation of the difference, sd(r − b)·√a; `None` for fewer than two periods.
    pub tracking_error: Option<f64>,
    /// mean(r − b) / sd(r − b) · √a; `None` when the difference never varies.
    pub information_ratio: Option<f64>,
    /// Pearson correlation; `None` when either never varies.
    pub correlation: Option<f64>,
}

impl BenchmarkComparison {
    /// Compares `returns` with `benchmark`, paired by index; with an annual rate `risk_free`.
    ///
    /// Series of different lengths cannot be paired: everything is then `None`.
    pub fn of(
        returns: &[f64],
        benchmark: &[f64],
        periods_per_year: f64,
        risk_free: f64,
    ) -> BenchmarkComparison {
        let rate = per_period_risk_free(risk_free, periods_per_year);
        let own = Moments::of(returns);
        let other = Moments::of(benchmark);
        let (Some(own_mean), Some(other_mean)) = (own.mean(), other.mean()) else {
            return BenchmarkComparison::default();
        };
        if returns.len() != benchmark.len() {
            return BenchmarkComparison::default();
        }
        let pairs = returns.iter().zip(benchmark);
        let (mut covariation, mut own_variation, mut other_variation) = (0.0, 0.0, 0.0);
        for (r, b) in pairs.clone() {
            let (own_distance, other_distance) = (r - own_mean, b - other_mean);
            covariation += own_distance * other_distance;
            own_variation += own_distance * own_distance;
            other_variation += other_distance * other_distance;
        }
        let varies = |moments: &Moments| moments.deviation().is_some_and(|sd| sd > 0.0);
        let beta = if varies(&other) { quotient(covariation, other_variation) } else { None };
        let correlation = if varies(&own) && varies(&other) {
            quotient(covariation, own_variation.sqrt() * other_variation.sqrt())
        } else {
            None
        };
        let difference = Moments::of_values(pairs.map(|(r, b)| r - b));
        BenchmarkComparison {
            beta,
            alpha: beta.and_then(|beta| {
                finite(periods_per_year * ((own_mean - rate) - beta * (other_mean - rate)))
            }),
            tracking_error: difference.deviation().map(|sd| sd * periods_per_year.sqrt()),
            information_ratio: difference
                .mean_over_deviation()
                .and_then(|ratio| finite(ratio * periods_per_year.sqrt())),
            correlation,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::BenchmarkComparison;

    #[test]
    fn a_levered_benchmark() {
        let benchmark = [0.01, -0.02, 0.03, 0.0];
        let returns = benchmark.map(|b| 2.0 * b + 0.001);
        let comparison = BenchmarkComparison::of(&returns, &benchmark, 10.0, 0.0);
        assert!((comparison.beta.unwrap() - 2.0).abs() < 1e-12);
        assert!((comparison.alpha.unwrap() - 0.01).abs() < 1e-12);
        assert!((comparison.correlation.unwrap() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn undefined_comparisons() {
        let nothing = BenchmarkComparison::default();
        assert_eq!(BenchmarkComparison::of(&[0.1, 0.2], &[0.1], 252.0, 0.0), nothing);
        assert_eq!(BenchmarkComparison::of(&[], &[], 252.0, 0.0), nothing);
        assert_eq!(BenchmarkComparison::of(&[0.1], &[0.2], 252.0, 0.0), nothing);

        let flat = BenchmarkComparison::of(&[0.1, 0.2, 0.4], &[0.1; 3], 252.0, 0.0);
        assert_eq!((flat.beta, flat.alpha, flat.correlation), (None, None, None));
        assert!(flat.tracking_error.is_some() && flat.information_ratio.is_some());

        let same = BenchmarkComparison::of(&[0.1, 0.2], &[0.1, 0.2], 252.0, 0.0);
        assert_eq!((same.tracking_error, same.information_ratio), (Some(0.0), None));
    }
}
