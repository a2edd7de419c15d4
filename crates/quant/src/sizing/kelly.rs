//! Stakes that maximize growth, and what of them may be used.

use super::error::{SizingError, not_negative, positive};

/// How many closed trades a Kelly stake takes to be estimated from.
pub const KELLY_MIN_TRADES: usize = 30;

/// The largest share of the full Kelly stake that may be used.
const LARGEST_SHARE: f64 = 0.5;

/// The full Kelly fraction of a bet won with probability `win_rate` that pays `payoff` times its
/// stake: f* = p − (1−p)/b. Below 0 when the bet is not worth taking.
///
/// # Errors
/// [`SizingError::OutOfRange`] for a win rate outside 0 … 1, or a payoff not above 0.
pub fn kelly(win_rate: f64, payoff: f64) -> Result<f64, SizingError> {
    if !(0.0..=1.0).contains(&win_rate) {
        return Err(SizingError::OutOfRange { name: "win rate", value: win_rate });
    }
    Ok(win_rate - (1.0 - win_rate) / positive("payoff", payoff)?)
}

/// The full Kelly fraction of continuous returns, (μ − r)/σ², all annual or all per period.
///
/// # Errors
/// [`SizingError::OutOfRange`] for a variance not above 0, or a mean that is not finite.
pub fn kelly_continuous(mean: f64, risk_free: f64, variance: f64) -> Result<f64, SizingError> {
    let fraction = (mean - risk_free) / positive("variance", variance)?;
    if fraction.is_finite() {
        Ok(fraction)
    } else {
        Err(SizingError::OutOfRange { name: "excess mean", value: mean - risk_free })
    }
}

/// The fraction of equity to stake: `share` of the full Kelly fraction, where more than half of it
/// is never used, and never below 0.
///
/// # Errors
/// [`SizingError::TooFewTrades`] when fewer than 30 closed trades stand behind the estimate, and
/// [`SizingError::OutOfRange`] for a negative share or a fraction that is not finite.
pub fn kelly_stake(full: f64, share: f64, trades: usize) -> Result<f64, SizingError> {
    if trades < KELLY_MIN_TRADES {
        return Err(SizingError::TooFewTrades { trades, needed: KELLY_MIN_TRADES });
    }
    if !full.is_finite() {
        return Err(SizingError::OutOfRange { name: "Kelly fraction", value: full });
    }
    Ok((full * not_negative("share", share)?.min(LARGEST_SHARE)).max(0.0))
}

#[cfg(test)]
mod tests {
    use super::{SizingError, kelly, kelly_continuous, kelly_stake};

    #[test]
    fn worked_numbers() {
        assert!((kelly(0.55, 1.2).unwrap() - 0.175).abs() < 1e-15);
        assert!((kelly_continuous(0.08, 0.02, 0.04).unwrap() - 1.5).abs() < 1e-15);
        assert!(kelly(0.3, 1.0).unwrap() < 0.0);
    }

    #[test]
    fn stakes_stay_between_nothing_and_half() {
        let cases =
            [(0.175, 0.5, 0.0875), (0.175, 1.0, 0.0875), (0.2, 0.25, 0.05), (-0.4, 0.5, 0.0)];
        for (full, share, expected) in cases {
            assert_eq!(kelly_stake(full, share, 30), Ok(expected), "{share} of {full}");
        }
    }

    #[test]
    fn faults() {
        let too_few = SizingError::TooFewTrades { trades: 29, needed: 30 };
        assert_eq!(kelly_stake(0.2, 0.5, 29), Err(too_few));
        assert!(kelly_stake(f64::NAN, 0.5, 30).is_err());
        assert!(kelly_stake(0.2, -0.5, 30).is_err());
        assert!(kelly(1.1, 1.0).is_err() && kelly(f64::NAN, 1.0).is_err());
        assert!(kelly(0.5, 0.0).is_err());
        assert!(kelly_continuous(0.1, 0.0, 0.0).is_err());
        assert!(kelly_continuous(f64::INFINITY, 0.0, 0.1).is_err());
    }
}
