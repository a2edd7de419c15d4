//! How far, and for how long, equity stood below its best.

/// Drawdowns of an equity curve, in one pass. The peak includes the starting equity, so a loss in
/// the first period counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Drawdowns {
    /// The deepest drawdown, as a fraction ≤ 0 of the running peak; 0 when there was none.
    pub max: f64,
    /// The longest run of periods below the peak; an unrecovered run counts to the end.
    pub longest: usize,
    /// Root of Σ drawdown² / (n − 1) over n periods; `None` for fewer than two.
    pub ulcer_index: Option<f64>,
    /// Equity at the end.
    pub last_equity: f64,
}

impl Drawdowns {
    /// Measures the drawdowns of simple returns, with a starting equity of 1.
    pub fn of_returns(returns: &[f64]) -> Drawdowns {
        let mut equity = 1.0;
        let curve = returns.iter().map(|r| {
            equity *= 1.0 + r;
            equity
        });
        Drawdowns::of_curve(1.0, curve)
    }

    /// Measures the drawdowns of an equity curve that starts above 0.
    pub fn of_equity(equity: &[f64]) -> Drawdowns {
        let (start, rest) = equity.split_first().map_or((1.0, &[][..]), |(e, rest)| (*e, rest));
        Drawdowns::of_curve(start, rest.iter().copied())
    }

    fn of_curve(start: f64, curve: impl Iterator<Item = f64>) -> Drawdowns {
        let mut peak = start;
        let mut last_equity = start;
        let (mut max, mut sum_squares) = (0.0_f64, 0.0);
        let (mut run, mut longest, mut periods) = (0_usize, 0_usize, 0_usize);
        for equity in curve {
            last_equity = equity;
            peak = if equity > peak { equity } else { peak };
            let drawdown = equity / peak - 1.0;
            max = if drawdown < max { drawdown } else { max };
            sum_squares += drawdown * drawdown;
            run = if drawdown < 0.0 { run + 1 } else { 0 };
            longest = longest.max(run);
            periods += 1;
        }
        let ulcer_index = (periods >= 2).then(|| (sum_squares / (periods as f64 - 1.0)).sqrt());
        Drawdowns { max, longest, ulcer_index, last_equity }
    }
}

/// The deepest drawdown of simple returns: min over k of E_k / max_{j≤k} E_j − 1, E_0 = 1.
pub fn max_drawdown(returns: &[f64]) -> f64 {
    Drawdowns::of_returns(returns).max
}

/// The deepest drawdown of an equity curve: min over k of E_k / peak − 1, where the peak starts at
/// the first value, which must be above 0.
pub fn max_drawdown_of_equity(equity: &[f64]) -> f64 {
    Drawdowns::of_equity(equity).max
}

/// The longest run of periods with a drawdown.
pub fn max_drawdown_duration(returns: &[f64]) -> usize {
    Drawdowns::of_returns(returns).longest
}

/// The root of the mean squared drawdown (n − 1); `None` for fewer than two returns.
pub fn ulcer_index(returns: &[f64]) -> Option<f64> {
    Drawdowns::of_returns(returns).ulcer_index
}

#[cfg(test)]
mod tests {
    use super::{max_drawdown, max_drawdown_duration, max_drawdown_of_equity, ulcer_index};

    #[test]
    fn drawdowns_by_hand() {
        let cases: [(&[f64], f64, usize); 6] = [
            (&[], 0.0, 0),
            (&[0.01, 0.02], 0.0, 0),
            (&[-0.05, 0.01, 0.02], -0.05, 3),
            (&[-0.5, 1.0, -0.25, -0.5], -0.625, 2),
            (&[0.02, -1.0, 0.5], -1.0, 2),
            (&[-1.5], -1.5, 1),
        ];
        for (returns, max, longest) in cases {
            assert!((max_drawdown(returns) - max).abs() < 1e-15, "{returns:?}");
            assert_eq!(max_drawdown_duration(returns), longest, "{returns:?}");
        }
        assert_eq!(max_drawdown_of_equity(&[]), 0.0);
        assert_eq!(max_drawdown_of_equity(&[100.0, 80.0, 120.0, 60.0]), -0.5);
    }

    #[test]
    fn each_drawdown_of_the_worked_example() {
        // −5 %, +1 %, +2 % draw down 0.05, 0.0405 and 0.02131 from the starting equity.
        let expected = ((0.05_f64.powi(2) + 0.0405_f64.powi(2) + 0.02131_f64.powi(2)) / 2.0).sqrt();
        assert!((ulcer_index(&[-0.05, 0.01, 0.02]).unwrap() - expected).abs() < 1e-15);
        assert_eq!(ulcer_index(&[-0.05]), None);
    }
}
