//! Dispersion of returns, and the rate they are held against.

use super::moments::Moments;

/// The risk-free rate per period, (1+rf)^(1/a) − 1, of an annual effective rate.
///
/// Exactly 0 for a rate of 0, so that excess returns are then the returns, bit for bit.
pub fn per_period_risk_free(risk_free: f64, periods_per_year: f64) -> f64 {
    if risk_free == 0.0 {
        return 0.0;
    }
    libm::expm1(libm::log1p(risk_free) / periods_per_year)
}

/// Annualized sample standard deviation, sd(r)·√a; `None` for fewer than two returns.
pub fn annual_volatility(returns: &[f64], periods_per_year: f64) -> Option<f64> {
    Some(Moments::of(returns).deviation()? * periods_per_year.sqrt())
}

/// Annualized downside deviation, √(Σ min(e,0)² / n)·√a over all n periods, e the excess over the
/// annual rate `risk_free`; `None` without returns. Source: Sortino & van der Meer (1991).
pub fn downside_deviation(returns: &[f64], periods_per_year: f64, risk_free: f64) -> Option<f64> {
    let rate = per_period_risk_free(risk_free, periods_per_year);
    if returns.is_empty() {
        return None;
    }
    let squares: f64 = returns.iter().map(|r| (r - rate).min(0.0)).map(|e| e * e).sum();
    Some((squares / returns.len() as f64).sqrt() * periods_per_year.sqrt())
}

#[cfg(test)]
mod tests {
    use super::{annual_volatility, downside_deviation, per_period_risk_free};

    #[test]
    fn the_risk_free_rate_compounds_to_a_year() {
        assert_eq!(per_period_risk_free(0.0, 252.0), 0.0);
        let daily = per_period_risk_free(0.02, 252.0);
        assert!(((1.0 + daily).powi(252) - 1.02).abs() < 1e-13);
    }

    #[test]
    fn deviations_by_hand() {
        assert_eq!(annual_volatility(&[0.01], 252.0), None);
        assert_eq!(annual_volatility(&[1.0, 3.0], 2.0), Some(2.0_f64.sqrt() * 2.0_f64.sqrt()));
        assert_eq!(downside_deviation(&[], 252.0, 0.0), None);
        assert_eq!(downside_deviation(&[0.5, -0.5, 0.0, 0.5], 4.0, 0.0), Some(0.5));
    }
}
