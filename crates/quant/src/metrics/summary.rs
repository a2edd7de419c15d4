//! All metrics of a series of returns at once, in few passes over it.

use super::benchmark::BenchmarkComparison;
use super::drawdown::Drawdowns;
use super::keys::{finite, keyed_numbers, quotient};
use super::moments::Moments;
use super::outcomes::Outcomes;
use super::ratios::{sharpe_ratio_of, sortino_ratio_of, stability_with};
use super::returns::{cagr_of_growth, equity_returns, total_return_of_equity};
use super::risk::per_period_risk_free;
use super::shape::Shape;
use super::tails::Tails;
use crate::statistics::SharpeEstimate;

keyed_numbers! {
    /// Every metric of a series of returns; undefined and infinite are both `None`.
    ///
    /// The fields' names are their keys in reports. r is a return, e its excess over the risk-free
    /// rate, a the number of periods in a year, E equity with E_0 = 1.
    pub struct Metrics,
    /// Every key that [`Metrics::get`] knows, in the order of reports.
    pub const METRIC_KEYS;
    /// Number of returns.
    observations: usize,
    /// E_n − 1.
    total_return: Option<f64>,
    /// E_n^(a/n) − 1; undefined when E_n < 0.
    cagr: Option<f64>,
    /// sd(r)·√a; undefined for n < 2.
    annual_volatility: Option<f64>,
    /// mean(e)/sd(e)·√a; undefined for n < 2 or sd = 0.
    sharpe_ratio: Option<f64>,
    /// √(Σ min(e,0)² / n)·√a.
    downside_deviation: Option<f64>,
    /// mean(e)·a / downside_deviation; undefined without a downside, or for n < 2.
    sortino_ratio: Option<f64>,
    /// Deepest drawdown, ≤ 0.
    max_drawdown: Option<f64>,
    /// cagr / |max_drawdown|; undefined without a drawdown.
    calmar_ratio: Option<f64>,
    /// Longest run of periods with a drawdown.
    max_drawdown_duration: usize,
    /// 5 % quantile of r.
    var_95: Option<f64>,
    /// Mean of r at or below the 5 % position.
    cvar_95: Option<f64>,
    /// 1 % quantile of r.
    var_99: Option<f64>,
    /// Mean of r at or below the 1 % position.
    cvar_99: Option<f64>,
    /// Bias-adjusted skewness; undefined for n < 3 or sd = 0.
    skew: Option<f64>,
    /// Bias-adjusted excess kurtosis; undefined for n < 4 or sd = 0.
    kurtosis: Option<f64>,
    /// Highest return.
    best: Option<f64>,
    /// Lowest return.
    worst: Option<f64>,
    /// #(r > 0) / #(r ≠ 0).
    win_rate: Option<f64>,
    /// Σr⁺ / Σr⁻; undefined without a loss.
    profit_factor: Option<f64>,
    /// Mean win / mean loss; undefined without either.
    payoff_ratio: Option<f64>,
    /// Mean of r over r ≠ 0.
    expectancy: Option<f64>,
    /// Σe⁺ / Σe⁻; undefined without a loss.
    omega_ratio: Option<f64>,
    /// |95 % quantile| / |5 % quantile|; undefined when the latter is 0.
    tail_ratio: Option<f64>,
    /// √(Σ drawdown² / (n−1)); undefined for n < 2.
    ulcer_index: Option<f64>,
    /// Σr / Σr⁻; undefined without a loss.
    gain_to_pain: Option<f64>,
    /// R² of cumulative ln(1+r) on time; undefined for n < 2, any r ≤ −1, or all 0.
    stability: Option<f64>,
    /// Probability that the true Sharpe ratio is above 0; see
    /// [`SharpeEstimate::probabilistic`].
    psr: Option<f64>,
    /// cov(e, e_b)/var(e_b); undefined without a benchmark that varies.
    beta: Option<f64>,
    /// a·(mean e − beta · mean e_b).
    alpha: Option<f64>,
    /// sd(r − b)·√a.
    tracking_error: Option<f64>,
    /// mean(r − b)/sd(r − b)·√a; undefined when the difference never varies.
    information_ratio: Option<f64>,
    /// Correlation with the benchmark.
    correlation: Option<f64>,
}

impl Metrics {
    /// Computes every metric of simple returns, one a period, oldest first.
    ///
    /// `benchmark`: returns of the same periods (those metrics are undefined when it has another
    /// length). `periods_per_year`: 252 for daily bars, 365 where markets never close.
    /// `risk_free`: annual effective rate. A return that is not finite leaves all but the count
    /// undefined.
    pub fn of(
        returns: &[f64],
        benchmark: Option<&[f64]>,
        periods_per_year: f64,
        risk_free: f64,
    ) -> Metrics {
        let drawdowns = Drawdowns::of_returns(returns);
        let growth = drawdowns.last_equity;
        let path = Path { drawdowns, growth, total_return: growth - 1.0 };
        Metrics::along(returns, path, benchmark, periods_per_year, risk_free)
    }

    /// Computes every metric of an equity curve that starts above 0: n + 1 values give n returns.
    ///
    /// Return and drawdowns are read off the curve itself rather than off its compounded returns,
    /// as whoever holds the curve would: [`total_return_of_equity`] and
    /// [`max_drawdown_of_equity`](super::max_drawdown_of_equity) give the same bits.
    pub fn of_equity(
        equity: &[f64],
        benchmark: Option<&[f64]>,
        periods_per_year: f64,
        risk_free: f64,
    ) -> Metrics {
        let total_return = total_return_of_equity(equity);
        let drawdowns = Drawdowns::of_equity(equity);
        let path = Path { drawdowns, growth: 1.0 + total_return, total_return };
        Metrics::along(&equity_returns(equity), path, benchmark, periods_per_year, risk_free)
    }

    fn along(
        returns: &[f64],
        path: Path,
        benchmark: Option<&[f64]>,
        periods_per_year: f64,
        risk_free: f64,
    ) -> Metrics {
        let observations = returns.len();
        if !returns.iter().all(|r| r.is_finite()) {
            return Metrics { observations, ..Metrics::default() };
        }
        let rate = per_period_risk_free(risk_free, periods_per_year);
        let moments = Moments::of(returns);
        let excess = if rate == 0.0 { moments } else { Moments::of_excess(returns, rate) };
        let shape = Shape::of(returns, &moments);
        let plain = Scan::of(returns, 0.0);
        let over_rate = if rate == 0.0 { plain } else { Scan::of(returns, rate) };
        let outcomes = plain.outcomes;
        let root = periods_per_year.sqrt();
        let downside_deviation = quotient(over_rate.downside_squares, observations as f64)
            .map(|square| square.sqrt() * root);
        let cagr = cagr_of_growth(path.growth, observations, periods_per_year);
        let comparison = benchmark
            .map(|other| BenchmarkComparison::of(returns, other, periods_per_year, risk_free))
            .unwrap_or_default();

        // One buffer serves the cumulative log returns, then the reordered returns.
        let mut buffer = Vec::with_capacity(observations);
        let stability = stability_with(returns, &mut buffer);
        buffer.clear();
        buffer.extend_from_slice(returns);
        let tails = Tails::of_reordered(&mut buffer);

        Metrics {
            observations,
            total_return: finite(path.total_return),
            cagr,
            annual_volatility: moments.deviation().and_then(|sd| finite(sd * root)),
            sharpe_ratio: sharpe_ratio_of(&excess, periods_per_year),
            downside_deviation,
            sortino_ratio: downside_deviation
                .and_then(|downside| sortino_ratio_of(&excess, downside, periods_per_year)),
            max_drawdown: finite(path.drawdowns.max),
            calmar_ratio: cagr.and_then(|cagr| quotient(cagr, path.drawdowns.max.abs())),
            max_drawdown_duration: path.drawdowns.longest,
            var_95: tails.map(|tails| tails.var_95),
            cvar_95: tails.map(|tails| tails.cvar_95),
            var_99: tails.map(|tails| tails.var_99),
            cvar_99: tails.map(|tails| tails.cvar_99),
            skew: shape.skew,
            kurtosis: shape.kurtosis,
            best: finite(plain.highest),
            worst: finite(plain.lowest),
            win_rate: outcomes.win_rate(),
            profit_factor: outcomes.profit_factor(),
            payoff_ratio: outcomes.payoff_ratio(),
            expectancy: outcomes.expectancy(),
            omega_ratio: over_rate.outcomes.profit_factor(),
            tail_ratio: tails.and_then(|tails| tails.tail_ratio()),
            ulcer_index: path.drawdowns.ulcer_index.and_then(finite),
            gain_to_pain: outcomes.gain_to_pain(),
            stability,
            psr: SharpeEstimate::from_parts(&excess, shape.skew, shape.kurtosis)
                .and_then(|estimate| estimate.probabilistic(0.0)),
            beta: comparison.beta,
            alpha: comparison.alpha,
            tracking_error: comparison.tracking_error,
            information_ratio: comparison.information_ratio,
            correlation: comparison.correlation,
        }
    }
}

/// What depends on the path of equity.
struct Path {
    drawdowns: Drawdowns,
    growth: f64,
    total_return: f64,
}

/// What needs each excess return once and no order.
#[derive(Clone, Copy)]
struct Scan {
    outcomes: Outcomes,
    downside_squares: f64,
    lowest: f64,
    highest: f64,
}

impl Scan {
    fn of(returns: &[f64], rate: f64) -> Scan {
        let (mut downside_squares, mut lowest, mut highest) =
            (0.0, f64::INFINITY, f64::NEG_INFINITY);
        let outcomes = Outcomes::of(returns.iter().map(|r| {
            let excess = r - rate;
            let shortfall = excess.min(0.0);
            downside_squares += shortfall * shortfall;
            lowest = excess.min(lowest);
            highest = excess.max(highest);
            excess
        }));
        Scan { outcomes, downside_squares, lowest, highest }
    }
}

#[cfg(test)]
mod tests {
    use super::{METRIC_KEYS, Metrics};
    use crate::metrics::{
        Direction, TRADE_KEYS, direction, max_drawdown_of_equity, total_return_of_equity,
    };

    #[test]
    fn without_returns_only_counts_and_the_start_are_known() {
        let metrics = Metrics::of(&[], Some(&[]), 252.0, 0.02);
        for key in METRIC_KEYS {
            let expected = match *key {
                "observations" | "total_return" | "max_drawdown" | "max_drawdown_duration" => {
                    Some(0.0)
                }
                _ => None,
            };
            assert_eq!(metrics.get(key), Some(expected), "{key}");
        }
    }

    #[test]
    fn a_return_that_is_not_finite_leaves_all_undefined() {
        for fault in [f64::NAN, f64::INFINITY] {
            let metrics = Metrics::of(&[0.01, fault, 0.02], None, 252.0, 0.0);
            assert_eq!(metrics, Metrics { observations: 3, ..Metrics::default() });
        }
    }

    #[test]
    fn an_overflow_is_undefined_and_not_infinite() {
        let metrics = Metrics::of(&[1e200, 1e200, 0.0, -0.5], None, 252.0, 0.0);
        let values = METRIC_KEYS.iter().filter_map(|key| metrics.get(key).flatten());
        assert!(values.into_iter().all(f64::is_finite), "{metrics:?}");
        assert_eq!(metrics.total_return, None);
    }

    #[test]
    fn equity_below_zero() {
        let metrics = Metrics::of(&[0.1, -1.5, 0.1], None, 252.0, 0.0);
        assert_eq!((metrics.cagr, metrics.calmar_ratio, metrics.stability), (None, None, None));
        assert!((metrics.max_drawdown.unwrap() - -1.55).abs() < 1e-15);
    }

    #[test]
    fn a_curve_is_read_as_it_stands() {
        let equity = [10_000.0, 10_130.7, 9_871.3, 9_990.1, 10_440.9];
        let metrics = Metrics::of_equity(&equity, None, 252.0, 0.0);
        assert_eq!(metrics.total_return, Some(total_return_of_equity(&equity)));
        assert_eq!(metrics.max_drawdown, Some(max_drawdown_of_equity(&equity)));
        assert_eq!(metrics.observations, 4);
    }

    #[test]
    fn every_key_has_a_value_and_a_direction() {
        let metrics = Metrics::of(&[0.01, -0.02], None, 252.0, 0.0);
        for key in METRIC_KEYS {
            assert!(metrics.get(key).is_some() && direction(key).is_some(), "{key}");
        }
        assert!(TRADE_KEYS.iter().all(|key| direction(key).is_some()));
        assert_eq!((metrics.get("sharp_ratio"), direction("sharp_ratio")), (None, None));
        assert_eq!(direction("max_drawdown"), Some(Direction::HigherIsBetter));
        assert_eq!(direction("annual_volatility"), Some(Direction::LowerIsBetter));
    }
}
