//! How much of the time, and how often, capital was at work.

use super::keys::{finite, quotient};

/// Share of bars with a position other than 0 at their close; `None` without bars.
pub fn exposure(positions: &[f64]) -> Option<f64> {
    let held = positions.iter().filter(|position| **position != 0.0).count();
    quotient(held as f64, positions.len() as f64)
}

/// Mean of |gross notional| / equity over all bars; `None` without bars, for series of different
/// lengths, or when equity was 0 on a bar.
pub fn mean_gross_exposure(gross: &[f64], equity: &[f64]) -> Option<f64> {
    if gross.len() != equity.len() {
        return None;
    }
    let total: f64 = gross.iter().zip(equity).map(|(gross, equity)| gross.abs() / equity).sum();
    quotient(finite(total)?, gross.len() as f64)
}

/// Annualized turnover, Σ|traded notional| / (2 · mean equity) · a/n over n periods: 1 when all
/// equity is exchanged once a year. `None` when equity was 0 on average, or without periods.
pub fn turnover(
    traded_notional: f64,
    mean_equity: f64,
    periods: usize,
    periods_per_year: f64,
) -> Option<f64> {
    let share = quotient(traded_notional.abs(), 2.0 * mean_equity)?;
    quotient(share * periods_per_year, periods as f64)
}

#[cfg(test)]
mod tests {
    use super::{exposure, mean_gross_exposure, turnover};

    #[test]
    fn activity_by_hand() {
        assert_eq!(exposure(&[0.0, 1.0, -1.0, 0.0]), Some(0.5));
        assert_eq!(exposure(&[]), None);
        assert_eq!(mean_gross_exposure(&[0.0, -50.0], &[100.0, 100.0]), Some(0.25));
        assert_eq!(mean_gross_exposure(&[1.0], &[]), None);
        assert_eq!(mean_gross_exposure(&[1.0], &[0.0]), None);
        // In and out of everything once in half a year is two turns of a year.
        assert_eq!(turnover(200.0, 100.0, 126, 252.0), Some(2.0));
        assert_eq!(turnover(200.0, 100.0, 0, 252.0), None);
        assert_eq!(turnover(200.0, 0.0, 126, 252.0), None);
    }
}
