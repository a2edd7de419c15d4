//! Statistics of closed round trips.

use super::keys::{keyed_numbers, quotient};
use super::outcomes::Outcomes;

/// One closed round trip, net of all costs, matched first in, first out. A reversal closes one and
/// opens the next.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TradeOutcome {
    /// Realized profit or loss, in account currency, after costs.
    pub pnl: f64,
    /// Bars from the entry's to the exit's.
    pub bars_held: f64,
    /// Maximum adverse excursion: the worst open P&L at a bar's extreme (≤ 0).
    pub mae: f64,
    /// Maximum favourable excursion: the best open P&L at a bar's extreme (≥ 0).
    pub mfe: f64,
    /// What was at risk to the initial stop (> 0), if the trade had one.
    pub initial_risk: Option<f64>,
}

keyed_numbers! {
    /// What the closed trades of a run did. Keys end in `_trades`, to tell them from the metrics
    /// of returns.
    pub struct TradeStatistics,
    /// Every key that [`TradeStatistics::get`] knows, in the order of reports.
    pub const TRADE_KEYS;
    /// How many round trips were closed.
    closed_trades: usize,
    /// Wins / (wins + losses).
    win_rate_trades: Option<f64>,
    /// Sum of wins / sum of losses; undefined without a loss.
    profit_factor_trades: Option<f64>,
    /// Mean win / mean loss; undefined without either.
    payoff_ratio_trades: Option<f64>,
    /// Mean P&L of all trades, in account currency.
    expectancy_trades: Option<f64>,
    /// Mean P&L in multiples of the initial risk, over the trades that had one.
    expectancy_r_trades: Option<f64>,
    /// Mean number of bars from entry to exit.
    average_bars_held_trades: Option<f64>,
    /// Mean maximum adverse excursion (≤ 0).
    average_mae_trades: Option<f64>,
    /// Mean maximum favourable excursion (≥ 0).
    average_mfe_trades: Option<f64>,
}

impl TradeStatistics {
    /// Sums `trades` up; all but the count is undefined without any.
    pub fn of(trades: &[TradeOutcome]) -> TradeStatistics {
        let mean = |value: fn(&TradeOutcome) -> f64| {
            quotient(trades.iter().map(value).sum(), trades.len() as f64)
        };
        let outcomes = Outcomes::of(trades.iter().map(|trade| trade.pnl));
        let multiples: Vec<f64> = trades
            .iter()
            .filter_map(|trade| quotient(trade.pnl, trade.initial_risk.filter(|risk| *risk > 0.0)?))
            .collect();
        TradeStatistics {
            closed_trades: trades.len(),
            win_rate_trades: outcomes.win_rate(),
            profit_factor_trades: outcomes.profit_factor(),
            payoff_ratio_trades: outcomes.payoff_ratio(),
            expectancy_trades: mean(|trade| trade.pnl),
            expectancy_r_trades: quotient(multiples.iter().sum(), multiples.len() as f64),
            average_bars_held_trades: mean(|trade| trade.bars_held),
            average_mae_trades: mean(|trade| trade.mae),
            average_mfe_trades: mean(|trade| trade.mfe),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{TRADE_KEYS, TradeOutcome, TradeStatistics};

    fn trade(pnl: f64, initial_risk: Option<f64>) -> TradeOutcome {
        TradeOutcome { pnl, bars_held: 4.0, mae: -10.0, mfe: 30.0, initial_risk }
    }

    #[test]
    fn trades_by_hand() {
        let trades = [
            trade(200.0, Some(100.0)),
            trade(-100.0, Some(100.0)),
            trade(0.0, Some(50.0)),
            trade(100.0, None),
        ];
        let statistics = TradeStatistics::of(&trades);
        assert_eq!(statistics.closed_trades, 4);
        assert_eq!(statistics.win_rate_trades, Some(2.0 / 3.0));
        assert_eq!(statistics.profit_factor_trades, Some(3.0));
        assert_eq!(statistics.payoff_ratio_trades, Some(1.5));
        assert_eq!(statistics.expectancy_trades, Some(50.0));
        assert_eq!(statistics.expectancy_r_trades, Some(1.0 / 3.0));
        assert_eq!(statistics.average_bars_held_trades, Some(4.0));
        assert_eq!(statistics.average_mae_trades, Some(-10.0));
        assert_eq!(statistics.average_mfe_trades, Some(30.0));
    }

    #[test]
    fn nothing_without_trades() {
        let none = TradeStatistics::of(&[]);
        assert_eq!(none, TradeStatistics::default());
        for key in TRADE_KEYS {
            let expected = if *key == "closed_trades" { Some(0.0) } else { None };
            assert_eq!(none.get(key), Some(expected), "{key}");
        }
        let unhedged = TradeStatistics::of(&[trade(10.0, None)]);
        assert_eq!(unhedged.expectancy_r_trades, None);
        assert_eq!(unhedged.profit_factor_trades, None);
    }
}
