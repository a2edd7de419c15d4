//! The error of a Sharpe ratio, and what the best of many is worth.

use crate::metrics::{Moments, kurtosis, skew};

use super::normal::{normal_cdf, normal_quantile};

const EULER_MASCHERONI: f64 = 0.577_215_664_901_532_9;

/// A Sharpe ratio per period (not annualized) with what its error depends on.
///
/// Source: Bailey & López de Prado, “The Sharpe Ratio Efficient Frontier” (2012) and “The Deflated
/// Sharpe Ratio” (2014).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SharpeEstimate {
    /// Mean over deviation of the returns of one period.
    pub sharpe_ratio: f64,
    /// Number of returns.
    pub observations: usize,
    /// Skewness of the returns, 0 for a normal law.
    pub skew: f64,
    /// Kurtosis of the returns in excess of a normal law's 3.
    pub excess_kurtosis: f64,
}

impl SharpeEstimate {
    /// Estimates from returns in excess of the risk-free rate; `None` for fewer than four, or when
    /// they never vary.
    pub fn of(excess_returns: &[f64]) -> Option<SharpeEstimate> {
        let moments = Moments::of(excess_returns);
        SharpeEstimate::from_parts(&moments, skew(excess_returns), kurtosis(excess_returns))
    }

    pub(crate) fn from_parts(
        excess: &Moments,
        skew: Option<f64>,
        excess_kurtosis: Option<f64>,
    ) -> Option<SharpeEstimate> {
        Some(SharpeEstimate {
            sharpe_ratio: excess.mean_over_deviation()?,
            observations: excess.observations(),
            skew: skew?,
            excess_kurtosis: excess_kurtosis?,
        })
    }

    /// Probabilistic Sharpe ratio: the probability that the true ratio is above `threshold` (per
    /// period), N((SR − SR*)·√(n−1) / √(1 − G1·SR + (G2+2)/4·SR²)).
    ///
    /// `None` when the bracket is not positive, or for fewer than two returns.
    pub fn probabilistic(&self, threshold: f64) -> Option<f64> {
        if self.observations < 2 {
            return None;
        }
        let distance = self.sharpe_ratio - threshold;
        let periods = self.observations as f64 - 1.0;
        Some(normal_cdf(distance * periods.sqrt() / self.squared_error()?.sqrt()))
    }

    /// Deflated Sharpe ratio: [`probabilistic`](Self::probabilistic) against the ratio that the
    /// best of `trials` worthless variants would be expected to show, see [`expected_max_sharpe`].
    ///
    /// `trials` counts every configuration tried. `None` as for the probabilistic ratio, without
    /// trials, or for a negative variance.
    pub fn deflated(&self, trials: usize, trial_variance: f64) -> Option<f64> {
        self.probabilistic(expected_max_sharpe(trials, trial_variance)?)
    }

    /// Minimum track record length: how many returns it takes to tell this ratio from `threshold`
    /// (per period) with `confidence` (0.95), 1 + (1 − G1·SR + (G2+2)/4·SR²)·(z / (SR − SR*))².
    ///
    /// `None` when the ratio is not above the threshold, the bracket is not positive, or the
    /// confidence is not within 0.5 … 1.
    pub fn min_track_record_length(&self, threshold: f64, confidence: f64) -> Option<f64> {
        let distance = self.sharpe_ratio - threshold;
        if distance <= 0.0 || !(0.5..1.0).contains(&confidence) {
            return None;
        }
        let ratio = normal_quantile(confidence) / distance;
        Some(1.0 + self.squared_error()? * ratio * ratio).filter(|length| length.is_finite())
    }

    /// Asymptotic variance of the estimate times the number of returns.
    fn squared_error(&self) -> Option<f64> {
        let sharpe = self.sharpe_ratio;
        let bracket =
            1.0 - self.skew * sharpe + (self.excess_kurtosis + 2.0) / 4.0 * sharpe * sharpe;
        (bracket > 0.0).then_some(bracket)
    }
}

/// The Sharpe ratio (per period) that the best of `trials` variants without any skill is expected
/// to show: √V·((1−γ)·N⁻¹(1−1/M) + γ·N⁻¹(1−1/(M·e))), V the variance of the trials' ratios per
/// period.
///
/// 0 for a single trial, which was not selected. `None` without trials or for a negative variance.
pub fn expected_max_sharpe(trials: usize, trial_variance: f64) -> Option<f64> {
    if trials == 0 || trial_variance.is_nan() || trial_variance < 0.0 {
        return None;
    }
    if trials == 1 {
        return Some(0.0);
    }
    let m = trials as f64;
    // N⁻¹(1 − p) = −N⁻¹(p), which keeps its digits for many trials.
    let quantiles = (1.0 - EULER_MASCHERONI) * -normal_quantile(1.0 / m)
        + EULER_MASCHERONI * -normal_quantile(1.0 / (m * std::f64::consts::E));
    Some(trial_variance.sqrt() * quantiles).filter(|sharpe| sharpe.is_finite())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop_assert, proptest};

    use super::{SharpeEstimate, expected_max_sharpe};

    fn estimate(sharpe_ratio: f64, observations: usize) -> SharpeEstimate {
        SharpeEstimate { sharpe_ratio, observations, skew: 0.0, excess_kurtosis: 0.0 }
    }

    #[test]
    fn undefined_estimates() {
        assert_eq!(SharpeEstimate::of(&[0.1, 0.2, 0.1]), None);
        assert_eq!(SharpeEstimate::of(&[0.1; 10]), None);
        assert_eq!(estimate(0.1, 1).probabilistic(0.0), None);
        let skewed = SharpeEstimate { skew: 20.0, ..estimate(0.1, 100) };
        assert_eq!(skewed.probabilistic(0.0), None);
        assert_eq!(skewed.min_track_record_length(0.0, 0.95), None);
        assert_eq!(estimate(0.1, 100).min_track_record_length(0.1, 0.95), None);
        assert_eq!(estimate(0.1, 100).min_track_record_length(0.0, 1.0), None);
        assert_eq!(estimate(0.1, 100).deflated(0, 0.1), None);
        assert_eq!(estimate(0.1, 100).deflated(10, -0.1), None);
    }

    #[test]
    fn one_trial_deflates_nothing() {
        let single = estimate(0.1, 100);
        assert_eq!(single.deflated(1, 0.5), single.probabilistic(0.0));
        assert_eq!(single.deflated(100, 0.0), single.probabilistic(0.0));
    }

    #[test]
    fn the_minimum_track_record_is_where_the_probability_reaches_the_confidence() {
        let length = estimate(0.1, 100).min_track_record_length(0.0, 0.95).unwrap();
        assert!(
            (length - (1.0 + 1.005 * (1.644_853_626_951_472_7_f64 / 0.1).powi(2))).abs() < 1e-9
        );
        let [before, after] = [length.floor(), length.ceil()]
            .map(|n| estimate(0.1, n as usize).probabilistic(0.0).unwrap());
        assert!(before < 0.95 && after >= 0.95, "{before} {after}");
    }

    proptest! {
        #[test]
        fn more_trials_deflate_more(trials in 2_usize..1_000_000_000, variance in 1e-6_f64..1.0) {
            let fewer = expected_max_sharpe(trials - 1, variance).unwrap();
            let more = expected_max_sharpe(trials + trials / 10 + 1, variance).unwrap();
            prop_assert!(more > fewer);
        }
    }
}
