//! Weights that aim at a volatility.

use super::error::{SizingError, not_negative, positive};

/// The largest weight a volatility target gives, however calm the market.
pub const MAX_WEIGHT: f64 = 2.0;

/// Decay of the variance per period (RiskMetrics' for daily returns).
const DECAY: f64 = 0.94;

/// How many returns the seed takes.
const SEED_RETURNS: usize = 20;

/// Exponentially weighted variance of returns per period, fed one return at a time.
///
/// Seeded with the sample variance of the first 20 returns, then v = 0.94·v + 0.06·r².
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct EwmaVariance {
    seed: Vec<f64>,
    variance: Option<f64>,
}

impl EwmaVariance {
    /// Starts without returns.
    pub fn new() -> EwmaVariance {
        EwmaVariance::default()
    }

    /// Takes up the return of one period.
    pub fn push(&mut self, r: f64) {
        if let Some(variance) = &mut self.variance {
            *variance = DECAY * *variance + (1.0 - DECAY) * r * r;
            return;
        }
        self.seed.push(r);
        if self.seed.len() == SEED_RETURNS {
            let seed = std::mem::take(&mut self.seed);
            self.variance = crate::metrics::Moments::of(&seed).deviation().map(|sd| sd * sd);
        }
    }

    /// The variance per period; `None` before the 20th return.
    pub fn variance(&self) -> Option<f64> {
        self.variance
    }
}

/// The weight σ_target / σ̂, at most 2, that aims at the annual volatility `target`.
///
/// `returns`: one a period, oldest first, of periods that are over (up to yesterday). σ̂² is
/// `periods_per_year` times the [`EwmaVariance`]. `None` for fewer than 20 returns; without any
/// variance the weight is the largest.
///
/// # Errors
/// [`SizingError::OutOfRange`] for a negative target, or periods not above 0, or when a return is
/// not finite.
pub fn volatility_target_weight(
    returns: &[f64],
    target: f64,
    periods_per_year: f64,
) -> Result<Option<f64>, SizingError> {
    let target = not_negative("target volatility", target)?;
    let periods_per_year = positive("periods per year", periods_per_year)?;
    let mut ewma = EwmaVariance::new();
    returns.iter().for_each(|r| ewma.push(*r));
    let Some(variance) = ewma.variance() else {
        return Ok(None);
    };
    let volatility = (periods_per_year * not_negative("variance", variance)?).sqrt();
    Ok(Some(if target == 0.0 { 0.0 } else { (target / volatility).min(MAX_WEIGHT) }))
}

/// Whether a position has drifted so far from its target weight that it is to be traded: by more
/// than `band` (0.1) of the target. From or to nothing is always a trade, nothing to nothing never.
pub fn needs_rebalance(weight: f64, target: f64, band: f64) -> bool {
    (weight - target).abs() > band * target.abs()
}

#[cfg(test)]
mod tests {
    use super::{EwmaVariance, needs_rebalance, volatility_target_weight};

    /// 20 returns of ±1 % with a sample variance of 0.0001·20/19.
    fn seed() -> Vec<f64> {
        (0..20).map(|i| if i % 2 == 0 { 0.01 } else { -0.01 }).collect()
    }

    #[test]
    fn the_seed_then_the_recursion() {
        let mut ewma = EwmaVariance::new();
        for (count, r) in seed().into_iter().enumerate() {
            assert_eq!(ewma.variance(), None, "after {count} returns");
            ewma.push(r);
        }
        let first = 0.0001 * 20.0 / 19.0;
        assert!((ewma.variance().unwrap() / first - 1.0).abs() < 1e-14);
        ewma.push(0.05);
        let second = 0.94 * first + 0.06 * 0.0025;
        assert!((ewma.variance().unwrap() / second - 1.0).abs() < 1e-14);
    }

    #[test]
    fn weights_by_hand() {
        let weight = |target| volatility_target_weight(&seed(), target, 252.0).unwrap();
        let volatility = (252.0_f64 * 0.0001 * 20.0 / 19.0).sqrt();
        assert!((weight(0.12).unwrap() - 0.12 / volatility).abs() < 1e-14);
        assert_eq!(weight(1.0), Some(2.0), "the weight is capped");
        assert_eq!(weight(0.0), Some(0.0));
        assert_eq!(volatility_target_weight(&seed()[1..], 0.12, 252.0), Ok(None));
        assert_eq!(volatility_target_weight(&[0.0; 20], 0.12, 252.0), Ok(Some(2.0)));
        assert!(volatility_target_weight(&[f64::NAN; 20], 0.12, 252.0).is_err());
        assert!(volatility_target_weight(&seed(), -0.1, 252.0).is_err());
    }

    #[test]
    fn small_drift_is_left_alone() {
        let cases = [
            (0.5, 0.52, false),
            (0.5, 0.6, true),
            (-0.5, -0.6, true),
            (0.0, 0.5, true),
            (0.1, 0.0, true),
            (0.0, 0.0, false),
        ];
        for (weight, target, expected) in cases {
            assert_eq!(needs_rebalance(weight, target, 0.1), expected, "{weight} {target}");
        }
    }
}
