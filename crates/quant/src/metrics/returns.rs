//! From equity to returns, and what they compound to.

use super::keys::finite;

/// Simple returns of an equity curve, r_i = E_i / E_{i−1} − 1: one fewer than there are values.
///
/// After an equity of 0 the returns are not finite, and metrics of them are undefined.
pub fn equity_returns(equity: &[f64]) -> Vec<f64> {
    equity.windows(2).map(|pair| pair[1] / pair[0] - 1.0).collect()
}

/// Simple returns of an equity curve without what was paid in (> 0) or taken out (< 0):
/// r_i = (E_i − F_i) / E_{i−1} − 1, where `flows[i]` is already part of `equity[i]`.
///
/// A curve longer than `flows` has no flows on the days that lack one.
pub fn equity_returns_net_of_flows(equity: &[f64], flows: &[f64]) -> Vec<f64> {
    let flow = |i: usize| flows.get(i).copied().unwrap_or(0.0);
    (1..equity.len()).map(|i| (equity[i] - flow(i)) / equity[i - 1] - 1.0).collect()
}

/// The return that `returns` compound to, Π(1+r) − 1; 0 without returns.
pub fn total_return(returns: &[f64]) -> f64 {
    returns.iter().fold(1.0, |equity, r| equity * (1.0 + r)) - 1.0
}

/// The return of an equity curve, last / first − 1; 0 for an empty curve.
pub fn total_return_of_equity(equity: &[f64]) -> f64 {
    match (equity.first(), equity.last()) {
        (Some(first), Some(last)) => last / first - 1.0,
        _ => 0.0,
    }
}

/// The compound annual growth rate, Π(1+r)^(a/n) − 1, with n counted in periods and not in
/// calendar days; `None` without returns, or when equity ends below 0.
pub fn cagr(returns: &[f64], periods_per_year: f64) -> Option<f64> {
    cagr_of_growth(1.0 + total_return(returns), returns.len(), periods_per_year)
}

/// The compound annual growth rate of equity that multiplied by `growth` in `periods` periods;
/// `None` for no periods or a negative growth.
pub fn cagr_of_growth(growth: f64, periods: usize, periods_per_year: f64) -> Option<f64> {
    if periods == 0 || growth < 0.0 {
        return None;
    }
    finite(libm::pow(growth, periods_per_year / periods as f64) - 1.0)
}

#[cfg(test)]
mod tests {
    use super::{
        cagr, equity_returns, equity_returns_net_of_flows, total_return, total_return_of_equity,
    };

    #[test]
    fn returns_of_an_equity_curve() {
        assert_eq!(equity_returns(&[]), Vec::<f64>::new());
        assert_eq!(equity_returns(&[100.0]), Vec::<f64>::new());
        assert_eq!(equity_returns(&[100.0, 150.0, 75.0]), [0.5, -0.5]);
    }

    #[test]
    fn a_deposit_is_no_return() {
        let equity = [100.0, 250.0, 200.0];
        assert_eq!(equity_returns_net_of_flows(&equity, &[0.0, 100.0, -50.0]), [0.5, 0.0]);
        assert_eq!(equity_returns_net_of_flows(&equity, &[]), equity_returns(&equity));
    }

    #[test]
    fn compounding() {
        assert_eq!(total_return(&[]), 0.0);
        assert_eq!(total_return(&[0.5, -0.5]), -0.25);
        assert_eq!(total_return_of_equity(&[100.0, 150.0, 75.0]), -0.25);
        assert_eq!(total_return_of_equity(&[]), 0.0);
        assert_eq!(cagr(&[0.5, 0.5], 1.0), Some(0.5));
        assert_eq!(cagr(&[], 252.0), None);
        assert_eq!(cagr(&[-1.0, 0.5], 252.0), Some(-1.0));
        assert_eq!(cagr(&[-1.5], 252.0), None, "equity below zero has no growth rate");
    }
}
