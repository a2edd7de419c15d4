//! What a series of returns was worth: the numbers of a report, each with its convention.
//!
//! [`Metrics`] holds all of them and is what reports print; the free functions answer one question
//! each and share its code, so a number never has two meanings. Returns are simple, one a period,
//! oldest first, as fractions (`0.01` is 1 %). Undefined and infinite are both `None`, never 0
//! and never NaN. Standard deviations are of a sample (n − 1), but for the downside deviation.
//!
//! [`Moments`] is part of the contract with whoever computes the same sums elsewhere (a sweep, in
//! vector lanes): it fixes the order of the additions, so that equal returns give equal bits.

mod keys;
mod summary;

mod activity;
mod benchmark;
mod drawdown;
mod moments;
mod outcomes;
mod ratios;
mod returns;
mod risk;
mod shape;
mod tails;
mod trades;

pub use activity::{exposure, mean_gross_exposure, turnover};
pub use benchmark::BenchmarkComparison;
pub use drawdown::{
    Drawdowns, max_drawdown, max_drawdown_duration, max_drawdown_of_equity, ulcer_index,
};
pub use keys::{Direction, direction};
pub use moments::Moments;
pub use outcomes::Outcomes;
pub use ratios::{
    calmar_ratio, gain_to_pain, omega_ratio, sharpe_ratio, sharpe_ratio_of, sortino_ratio,
    stability,
};
pub use returns::{
    cagr, cagr_of_growth, equity_returns, equity_returns_net_of_flows, total_return,
    total_return_of_equity,
};
pub use risk::{annual_volatility, downside_deviation, per_period_risk_free};
pub use shape::{kurtosis, skew};
pub use summary::{METRIC_KEYS, Metrics};
pub(crate) use tails::quantile_of_sorted;
pub use tails::{Tails, expected_shortfall, quantile, value_at_risk};
pub use trades::{TRADE_KEYS, TradeOutcome, TradeStatistics};
