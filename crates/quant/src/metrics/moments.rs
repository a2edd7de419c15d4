//! Mean and deviation of returns, by sums whose order is part of the contract.

use super::keys::finite;

/// Below this share of Σr², the dispersion has lost too many digits to cancellation to be read off
/// the sums, and is taken from the values themselves.
const CANCELLATION: f64 = 1e-3;

/// Count, mean and sample standard deviation of a series.
///
/// The sums are plain and sequential, oldest value first: `sum += x; sum_squares += x * x`, with
/// no fused multiply-add, no pairing and no compensation. Code that accumulates the same sums side
/// by side in vector lanes therefore gets the same bits from [`Moments::from_sums`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moments {
    observations: usize,
    sum: f64,
    deviation: Option<f64>,
}

impl Moments {
    /// Computes the moments of `values`.
    pub fn of(values: &[f64]) -> Moments {
        Moments::of_values(values.iter().copied())
    }

    /// Computes the moments of `values[i] − rate`: of excess returns over a rate per period.
    ///
    /// A rate of 0 leaves every value as it is, bit for bit.
    pub fn of_excess(values: &[f64], rate: f64) -> Moments {
        Moments::of_values(values.iter().map(|value| value - rate))
    }

    /// Computes the moments from Σx and Σx² over `observations` values.
    ///
    /// `None` when so little dispersion is left beside the mean (less than 0.1 % of Σx²) that the
    /// sums cannot tell it: then only [`Moments::of`] the values can. Sums of zeros do resolve.
    pub fn from_sums(observations: usize, sum: f64, sum_squares: f64) -> Option<Moments> {
        if observations < 2 {
            return Some(Moments { observations, sum, deviation: None });
        }
        let n = observations as f64;
        let scatter = sum_squares - sum * sum / n;
        if scatter < CANCELLATION * sum_squares {
            return None;
        }
        let deviation = Some((scatter / (n - 1.0)).sqrt());
        Some(Moments { observations, sum, deviation })
    }

    /// The number of values.
    pub fn observations(&self) -> usize {
        self.observations
    }

    /// The arithmetic mean; `None` without values.
    pub fn mean(&self) -> Option<f64> {
        (self.observations > 0).then(|| self.sum / self.observations as f64)
    }

    /// The sample standard deviation (n − 1), exactly 0 when all values are equal; `None` for
    /// fewer than two values.
    pub fn deviation(&self) -> Option<f64> {
        self.deviation
    }

    /// Mean over deviation: a Sharpe ratio per period. `None` when the values never vary.
    pub fn mean_over_deviation(&self) -> Option<f64> {
        let deviation = self.deviation.filter(|deviation| *deviation > 0.0)?;
        finite(self.mean()? / deviation)
    }

    pub(super) fn of_values(values: impl Iterator<Item = f64> + Clone) -> Moments {
        let (mut observations, mut sum, mut sum_squares) = (0_usize, 0.0, 0.0);
        for value in values.clone() {
            observations += 1;
            sum += value;
            sum_squares += value * value;
        }
        Moments::from_sums(observations, sum, sum_squares).unwrap_or_else(|| Moments {
            observations,
            sum,
            deviation: Some(two_pass_deviation(values, sum / observations as f64, observations)),
        })
    }
}

/// Deviation by summing squared distances from the mean, which cancels nothing.
fn two_pass_deviation(values: impl Iterator<Item = f64>, mean: f64, observations: usize) -> f64 {
    let (mut lowest, mut highest) = (f64::INFINITY, f64::NEG_INFINITY);
    let mut scatter = 0.0;
    for value in values {
        lowest = value.min(lowest);
        highest = value.max(highest);
        scatter += (value - mean) * (value - mean);
    }
    // The mean of equal values may differ from them in the last bit, their deviation may not.
    if lowest == highest { 0.0 } else { (scatter / (observations as f64 - 1.0)).sqrt() }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::{prop_assert, prop_assert_eq, proptest};

    use super::{Moments, two_pass_deviation};

    #[test]
    fn deviation_of_hand_computed_series() {
        let cases: [(&[f64], Option<f64>); 6] = [
            (&[], None),
            (&[0.5], None),
            (&[0.0, 0.0, 0.0], Some(0.0)),
            (&[0.001; 20], Some(0.0)),
            (&[1.0, 3.0], Some(2.0_f64.sqrt())),
            // Σx² is 3e18 here: read off the sums, the deviation would be 0 or noise.
            (&[1e9, 1e9 + 1.0, 1e9 + 2.0], Some(1.0)),
        ];
        for (values, expected) in cases {
            assert_eq!(Moments::of(values).deviation(), expected, "{values:?}");
        }
    }

    #[test]
    fn sums_refuse_to_guess_a_cancelled_deviation() {
        let constant = [0.001; 20];
        let sum: f64 = constant.iter().sum();
        let sum_squares: f64 = constant.iter().map(|value| value * value).sum();
        assert_eq!(Moments::from_sums(20, sum, sum_squares), None);
        let flat = Moments::from_sums(20, 0.0, 0.0).map(|moments| moments.deviation());
        assert_eq!(flat, Some(Some(0.0)));
    }

    #[test]
    fn an_excess_over_nothing_changes_no_bit() {
        let values = [0.1, -0.2, 0.3, 1e-9];
        assert_eq!(Moments::of_excess(&values, 0.0), Moments::of(&values));
    }

    proptest! {
        #[test]
        fn sums_and_two_passes_agree(values in vec(-0.2_f64..0.2, 2..300), shift in -0.5_f64..0.5) {
            let values: Vec<f64> = values.iter().map(|value| value + shift).collect();
            let moments = Moments::of(&values);
            let mean = values.iter().sum::<f64>() / values.len() as f64;
            let direct = two_pass_deviation(values.iter().copied(), mean, values.len());
            let deviation = moments.deviation().unwrap();
            prop_assert!((deviation - direct).abs() <= 1e-11 * direct, "{deviation} {direct}");
        }

        #[test]
        fn the_slice_and_its_sums_give_the_same_bits(values in vec(-0.2_f64..0.2, 0..300)) {
            let (mut sum, mut sum_squares) = (0.0, 0.0);
            for value in &values {
                sum += value;
                sum_squares += value * value;
            }
            if let Some(moments) = Moments::from_sums(values.len(), sum, sum_squares) {
                prop_assert_eq!(moments, Moments::of(&values));
            }
        }
    }
}
