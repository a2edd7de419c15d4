//! Wins against losses, of returns or of trades.

use super::keys::quotient;

/// Counts and sums of wins and losses; a zero is neither.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Outcomes {
    /// How many values are above 0.
    pub wins: usize,
    /// How many values are below 0.
    pub losses: usize,
    /// Sum of the wins.
    pub gain: f64,
    /// Sum of the losses, as a positive number.
    pub loss: f64,
}

impl Outcomes {
    /// Counts and sums `values`, oldest first.
    pub fn of(values: impl IntoIterator<Item = f64>) -> Outcomes {
        let mut outcomes = Outcomes::default();
        for value in values {
            // Without branches: the sign of a return is what a predictor cannot learn.
            outcomes.wins += usize::from(value > 0.0);
            outcomes.losses += usize::from(value < 0.0);
            outcomes.gain += value.max(0.0);
            outcomes.loss -= value.min(0.0);
        }
        outcomes
    }

    /// Wins as a share of wins and losses; `None` without either.
    pub fn win_rate(&self) -> Option<f64> {
        quotient(self.wins as f64, (self.wins + self.losses) as f64)
    }

    /// Sum of wins over sum of losses; `None` without a loss. Of excess returns this is the omega
    /// ratio.
    pub fn profit_factor(&self) -> Option<f64> {
        quotient(self.gain, self.loss)
    }

    /// Mean win over mean loss; `None` without a win or without a loss.
    pub fn payoff_ratio(&self) -> Option<f64> {
        let mean_win = quotient(self.gain, self.wins as f64)?;
        quotient(mean_win, quotient(self.loss, self.losses as f64)?)
    }

    /// Mean of wins and losses; `None` without either.
    pub fn expectancy(&self) -> Option<f64> {
        quotient(self.gain - self.loss, (self.wins + self.losses) as f64)
    }

    /// Sum of all over sum of losses; `None` without a loss.
    pub fn gain_to_pain(&self) -> Option<f64> {
        quotient(self.gain - self.loss, self.loss)
    }
}

#[cfg(test)]
mod tests {
    use super::Outcomes;

    #[test]
    fn undefined_where_a_side_is_missing() {
        let none = Outcomes::of([0.0, 0.0]);
        assert_eq!((none.win_rate(), none.expectancy()), (None, None));
        assert_eq!(
            (none.profit_factor(), none.payoff_ratio(), none.gain_to_pain()),
            Default::default()
        );

        let wins = Outcomes::of([0.5, 0.0, 1.5]);
        assert_eq!((wins.win_rate(), wins.expectancy()), (Some(1.0), Some(1.0)));
        assert_eq!(
            (wins.profit_factor(), wins.payoff_ratio(), wins.gain_to_pain()),
            Default::default()
        );

        let losses = Outcomes::of([-0.5, -1.5]);
        assert_eq!((losses.win_rate(), losses.profit_factor()), (Some(0.0), Some(0.0)));
        assert_eq!((losses.payoff_ratio(), losses.gain_to_pain()), (None, Some(-1.0)));
    }

    #[test]
    fn both_sides() {
        let outcomes = Outcomes::of([3.0, 0.0, -1.0, 1.0, -1.0]);
        assert_eq!(outcomes.win_rate(), Some(0.5));
        assert_eq!(outcomes.profit_factor(), Some(2.0));
        assert_eq!(outcomes.payoff_ratio(), Some(2.0));
        assert_eq!(outcomes.expectancy(), Some(0.5));
        assert_eq!(outcomes.gain_to_pain(), Some(1.0));
    }
}
