//! Return for the risk taken.

use super::drawdown::Drawdowns;
use super::keys::{finite, quotient};
use super::moments::Moments;
use super::outcomes::Outcomes;
use super::returns::cagr;
use super::risk::{downside_deviation, per_period_risk_free};

/// Annualized Sharpe ratio, mean(e)/sd(e)·√a, of the excess over the annual rate `risk_free`.
///
/// Scaling by √a assumes independent returns. `None` for fewer than two returns, or when they
/// never vary. Source: W. F. Sharpe, “The Sharpe Ratio”, Journal of Portfolio Management, 1994.
pub fn sharpe_ratio(returns: &[f64], periods_per_year: f64, risk_free: f64) -> Option<f64> {
    let rate = per_period_risk_free(risk_free, periods_per_year);
    sharpe_ratio_of(&Moments::of_excess(returns, rate), periods_per_year)
}

/// Annualized Sharpe ratio of the moments of excess returns: mean / deviation · √a, in this order.
pub fn sharpe_ratio_of(excess: &Moments, periods_per_year: f64) -> Option<f64> {
    finite(excess.mean_over_deviation()? * periods_per_year.sqrt())
}

/// Annualized Sortino ratio, mean(e)·a / downside deviation; `None` for fewer than two returns, or
/// without a return below the rate. Source: Sortino & van der Meer (1991).
pub fn sortino_ratio(returns: &[f64], periods_per_year: f64, risk_free: f64) -> Option<f64> {
    let rate = per_period_risk_free(risk_free, periods_per_year);
    let downside = downside_deviation(returns, periods_per_year, risk_free)?;
    sortino_ratio_of(&Moments::of_excess(returns, rate), downside, periods_per_year)
}

pub(super) fn sortino_ratio_of(
    excess: &Moments,
    downside_deviation: f64,
    periods_per_year: f64,
) -> Option<f64> {
    if excess.observations() < 2 {
        return None;
    }
    quotient(excess.mean()? * periods_per_year, downside_deviation)
}

/// Compound annual growth rate over the absolute maximum drawdown; `None` without a drawdown.
pub fn calmar_ratio(returns: &[f64], periods_per_year: f64) -> Option<f64> {
    quotient(cagr(returns, periods_per_year)?, Drawdowns::of_returns(returns).max.abs())
}

/// Sum of excess gains over sum of excess losses; `None` without a loss.
pub fn omega_ratio(returns: &[f64], periods_per_year: f64, risk_free: f64) -> Option<f64> {
    let rate = per_period_risk_free(risk_free, periods_per_year);
    Outcomes::of(returns.iter().map(|r| r - rate)).profit_factor()
}

/// Sum of returns over the sum of losses; `None` without a loss.
pub fn gain_to_pain(returns: &[f64]) -> Option<f64> {
    Outcomes::of(returns.iter().copied()).gain_to_pain()
}

/// R² of the cumulative log return on time: 1 for equity that grows along an exponential.
///
/// `None` for fewer than two returns, when any is ≤ −1, or when equity never moves after the first.
pub fn stability(returns: &[f64]) -> Option<f64> {
    stability_with(returns, &mut Vec::new())
}

/// [`stability`], with a buffer for the cumulative log returns.
pub(super) fn stability_with(returns: &[f64], buffer: &mut Vec<f64>) -> Option<f64> {
    if returns.len() < 2 || returns.iter().any(|r| *r <= -1.0) {
        return None;
    }
    buffer.clear();
    let mut growth = 0.0;
    buffer.extend(returns.iter().map(|r| {
        growth += libm::log(1.0 + r);
        growth
    }));
    let n = buffer.len() as f64;
    let mean = buffer.iter().sum::<f64>() / n;
    let middle = (n - 1.0) / 2.0;
    let (mut covariation, mut variation, mut time) = (0.0, 0.0, -middle);
    let first = buffer[0];
    let mut moved = false;
    for growth in buffer.iter() {
        let distance = growth - mean;
        covariation += time * distance;
        variation += distance * distance;
        moved |= *growth != first;
        time += 1.0;
    }
    // Σ (t − mean t)² over t = 0 … n − 1.
    let time_variation = n * (n * n - 1.0) / 12.0;
    if !moved {
        return None;
    }
    quotient(covariation * covariation, time_variation * variation).map(|r2| r2.min(1.0))
}

#[cfg(test)]
mod tests {
    use super::{calmar_ratio, gain_to_pain, omega_ratio, sharpe_ratio, sortino_ratio, stability};

    #[test]
    fn undefined_ratios() {
        let short: [&[f64]; 2] = [&[], &[0.01]];
        for returns in short {
            assert_eq!(sharpe_ratio(returns, 252.0, 0.0), None);
            assert_eq!(sortino_ratio(returns, 252.0, 0.0), None);
            assert_eq!(stability(returns), None);
        }
        assert_eq!(sortino_ratio(&[-0.01], 252.0, 0.0), None);
        assert_eq!(sharpe_ratio(&[0.001; 20], 252.0, 0.0), None);
        assert_eq!(sharpe_ratio(&[0.001; 20], 252.0, 0.05), None);
        assert_eq!(sortino_ratio(&[0.01, 0.02], 252.0, 0.0), None);
        assert_eq!(calmar_ratio(&[0.01, 0.02], 252.0), None);
        assert_eq!(omega_ratio(&[0.01, 0.02], 252.0, 0.0), None);
        assert_eq!(gain_to_pain(&[0.01, 0.0]), None);
        assert_eq!(stability(&[0.1, -1.0, 0.1]), None);
        assert_eq!(stability(&[0.0; 5]), None);
        assert_eq!(stability(&[0.3, 0.0, 0.0]), None, "a jump before the first mark has no slope");
    }

    #[test]
    fn ratios_by_hand() {
        // mean 0.01, deviation 0.02·√2 over two returns, four periods a year.
        let returns = [0.03, -0.01];
        assert!((sharpe_ratio(&returns, 4.0, 0.0).unwrap() - 0.5_f64.sqrt()).abs() < 1e-15);
        // downside deviation √(0.0001 / 2)·2
        let downside = 0.01 / 2.0_f64.sqrt() * 2.0;
        assert!((sortino_ratio(&returns, 4.0, 0.0).unwrap() - 0.04 / downside).abs() < 1e-14);
        assert!((omega_ratio(&returns, 4.0, 0.0).unwrap() - 3.0).abs() < 1e-14);
        assert!((gain_to_pain(&returns).unwrap() - 2.0).abs() < 1e-14);
        assert!((stability(&[0.02; 40]).unwrap() - 1.0).abs() < 1e-12);
    }
}
