//! The ends of the distribution: historical value at risk and what lies beyond it.

use super::keys::quotient;

/// Up to this many values one sort is cheaper than several selections.
const SORT_UP_TO: usize = 256;

/// Empirical quantiles of returns. All are signed returns: a loss is below 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tails {
    /// The 5 % quantile.
    pub var_95: f64,
    /// Mean of the returns at or below the 5 % position.
    pub cvar_95: f64,
    /// The 1 % quantile.
    pub var_99: f64,
    /// Mean of the returns at or below the 1 % position.
    pub cvar_99: f64,
    /// The 95 % quantile.
    pub upper_95: f64,
}

impl Tails {
    /// Measures both tails; `None` without returns.
    pub fn of(returns: &[f64]) -> Option<Tails> {
        Tails::of_reordered(&mut returns.to_vec())
    }

    /// [`Tails::of`] values whose order no longer matters.
    pub(super) fn of_reordered(values: &mut [f64]) -> Option<Tails> {
        if values.is_empty() {
            return None;
        }
        let low = Position::of(0.05, values.len());
        let high = Position::of(0.95, values.len());
        if values.len() <= SORT_UP_TO {
            values.sort_unstable_by(f64::total_cmp);
        } else {
            // Only the low tail is put in order: its mean must not depend on how a selection
            // happens to shuffle. Between the two tails the values stay as they lie.
            values.select_nth_unstable_by(low.above, f64::total_cmp);
            values[..=low.above].sort_unstable_by(f64::total_cmp);
            let rest = &mut values[low.above + 1..];
            let offset = low.above + 1;
            rest.select_nth_unstable_by(high.below - offset, f64::total_cmp);
            rest[high.below - offset + 1..]
                .select_nth_unstable_by(high.above - high.below - 1, f64::total_cmp);
        }
        let lowest = Position::of(0.01, values.len());
        Some(Tails {
            var_95: low.read(values),
            cvar_95: low.mean_up_to(values),
            var_99: lowest.read(values),
            cvar_99: lowest.mean_up_to(values),
            upper_95: high.read(values),
        })
    }

    /// Absolute 95 % quantile over absolute 5 % quantile; `None` when the latter is 0.
    pub fn tail_ratio(&self) -> Option<f64> {
        quotient(self.upper_95.abs(), self.var_95.abs())
    }
}

/// The empirical `probability` quantile, interpolated linearly at position (n − 1)·p of the sorted
/// values; `None` without values. `probability` lies within 0 … 1.
pub fn quantile(values: &[f64], probability: f64) -> Option<f64> {
    if values.is_empty() {
        return None;
    }
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    Some(quantile_of_sorted(&sorted, probability))
}

/// [`quantile`] of at least one value in ascending order.
pub(crate) fn quantile_of_sorted(sorted: &[f64], probability: f64) -> f64 {
    Position::of(probability, sorted.len()).read(sorted)
}

/// Historical value at risk at `confidence` (0.95, 0.99): the 1 − confidence quantile, a signed
/// return; `None` without returns.
pub fn value_at_risk(returns: &[f64], confidence: f64) -> Option<f64> {
    quantile(returns, tail(confidence))
}

/// Expected shortfall at `confidence`: the mean of the floor((n − 1)·p) + 1 smallest returns,
/// p = 1 − confidence; `None` without returns.
pub fn expected_shortfall(returns: &[f64], confidence: f64) -> Option<f64> {
    if returns.is_empty() {
        return None;
    }
    let mut sorted = returns.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    Some(Position::of(tail(confidence), sorted.len()).mean_up_to(&sorted))
}

/// 1 − confidence, without the noise that puts 1 − 0.95 above 0.05.
fn tail(confidence: f64) -> f64 {
    ((1.0 - confidence) * 1e12).round() / 1e12
}

/// Where a quantile lies between two sorted values.
#[derive(Debug, Clone, Copy)]
struct Position {
    below: usize,
    above: usize,
    fraction: f64,
}

impl Position {
    /// The position of a quantile among `count` ≥ 1 values.
    fn of(probability: f64, count: usize) -> Position {
        let last = count - 1;
        let position = last as f64 * probability.clamp(0.0, 1.0);
        // Truncates, and the position is not negative.
        let below = (position as usize).min(last);
        Position { below, above: (below + 1).min(last), fraction: position - below as f64 }
    }

    fn read(&self, sorted: &[f64]) -> f64 {
        let (below, above) = (sorted[self.below], sorted[self.above]);
        if below == above { below } else { below + self.fraction * (above - below) }
    }

    fn mean_up_to(&self, sorted: &[f64]) -> f64 {
        let (lowest, highest) = (sorted[0], sorted[self.below]);
        if lowest == highest {
            return lowest;
        }
        sorted[..=self.below].iter().sum::<f64>() / (self.below + 1) as f64
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::{prop_assert_eq, proptest};

    use super::{Tails, expected_shortfall, quantile, value_at_risk};

    #[test]
    fn quantiles_by_hand() {
        let cases: [(&[f64], f64, Option<f64>); 6] = [
            (&[], 0.5, None),
            (&[7.0], 0.05, Some(7.0)),
            (&[3.0, 1.0], 0.5, Some(2.0)),
            (&[4.0, 1.0, 3.0, 2.0], 0.0, Some(1.0)),
            (&[4.0, 1.0, 3.0, 2.0], 1.0, Some(4.0)),
            (&[4.0, 1.0, 3.0, 2.0, 5.0], 0.25, Some(2.0)),
        ];
        for (values, probability, expected) in cases {
            assert_eq!(quantile(values, probability), expected, "{values:?} at {probability}");
        }
    }

    #[test]
    fn shortfall_takes_the_position_in() {
        // 21 values: the 5 % position is exactly 1, so two values are averaged.
        let returns: Vec<f64> = (0..21).map(f64::from).collect();
        assert_eq!(value_at_risk(&returns, 0.95), Some(1.0));
        assert_eq!(expected_shortfall(&returns, 0.95), Some(0.5));
        assert_eq!(expected_shortfall(&[], 0.95), None);
        assert_eq!(Tails::of(&[]), None);
        assert_eq!(Tails::of(&[0.0, 0.0]).unwrap().tail_ratio(), None);
    }

    proptest! {
        #[test]
        fn selections_equal_a_full_sort(values in vec(-50_i32..50, 1..2000)) {
            let values: Vec<f64> = values.iter().map(|value| f64::from(*value) / 1000.0).collect();
            let tails = Tails::of(&values).unwrap();
            prop_assert_eq!(Some(tails.var_95), quantile(&values, 0.05));
            prop_assert_eq!(Some(tails.var_99), quantile(&values, 0.01));
            prop_assert_eq!(Some(tails.upper_95), quantile(&values, 0.95));
            prop_assert_eq!(Some(tails.cvar_95), expected_shortfall(&values, 0.95));
            prop_assert_eq!(Some(tails.cvar_99), expected_shortfall(&values, 0.99));
        }
    }
}
