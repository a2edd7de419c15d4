//! The report of a backtest: what happened, what it rests on, and how much of it may be luck.

use std::ops::Range;

use market::Micros;
use quant::metrics::{Metrics, TradeOutcome, TradeStatistics, equity_returns, turnover};
use quant::statistics::{
    BootstrapInterval, BootstrapPlan, SharpeEstimate, Statistic, bootstrap_interval,
};
use serde::Serialize;

use crate::backtest::{Run, Setup};
use crate::history::History;
use crate::order::Side;
use crate::portfolio::Trade;

/// What is measured of a run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Measured {
    /// Metrics of the returns of equity.
    #[serde(flatten)]
    pub returns: Metrics,
    /// Metrics of the round trips.
    #[serde(flatten)]
    pub trades: TradeStatistics,
    /// Share of bars with a position at the close.
    pub exposure: Option<f64>,
    /// Mean gross position as a share of equity.
    pub mean_gross_exposure: Option<f64>,
    /// Equity turned over a year.
    pub turnover: Option<f64>,
}

/// A round trip for reading.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TradeRow {
    /// What was traded.
    pub symbol: String,
    /// The side that opened it: `buy` for a long position.
    pub side: Side,
    /// Units.
    pub quantity: f64,
    /// Date or instant of the bar of the entry.
    pub entry_time: String,
    /// Average price of the entry.
    pub entry_price: f64,
    /// Date or instant of the bar of the exit; none while it is open.
    pub exit_time: Option<String>,
    /// Average price of the exit.
    pub exit_price: Option<f64>,
    /// Profit or loss net of commissions; of an open trade at its mark.
    pub pnl: f64,
    /// Commissions of entry and exit.
    pub fees: f64,
    /// Bars from entry to exit.
    pub bars_held: usize,
    /// Worst open profit or loss at a bar's extreme.
    pub mae: f64,
    /// Best open profit or loss at a bar's extreme.
    pub mfe: f64,
}

/// How much of a result may be luck.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Honesty {
    /// Probability that the true Sharpe ratio is above zero.
    pub psr: Option<f64>,
    /// Probability that it is above what the best of `trials` worthless variants would show.
    pub deflated_sharpe: Option<f64>,
    /// Variants that were tried to find this one.
    pub trials: u64,
    /// Variance of the Sharpe ratios per bar over the trials that the deflation assumes.
    pub trial_variance: Option<f64>,
    /// Returns that it takes to tell the ratio from zero with 95 % confidence.
    pub min_track_record_length: Option<f64>,
    /// Intervals from resampled returns (of sessions, when bars are shorter).
    pub bootstrap: Bootstrap,
}

/// 95 % intervals of the statistics that people look at first.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Bootstrap {
    /// Annual Sharpe ratio.
    pub sharpe_ratio: Option<BootstrapInterval>,
    /// Compound annual growth.
    pub cagr: Option<BootstrapInterval>,
    /// Deepest drawdown.
    pub max_drawdown: Option<BootstrapInterval>,
}

/// How many variants were tried, and how much their Sharpe ratios vary.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trials {
    /// How many.
    pub count: u64,
    /// Variance of their Sharpe ratios per bar; none when only the count is known, and then that
    /// of worthless variants of this length is assumed.
    pub variance: Option<f64>,
}

impl Measured {
    /// Measures a run; `benchmark` holds the returns of the same bars.
    pub fn of(run: &Run, history: &History, benchmark: Option<&[f64]>, risk_free: f64) -> Self {
        let per_year = history.periods_per_year;
        let bars = run.equity.len();
        let outcomes: Vec<TradeOutcome> = run
            .portfolio
            .trades
            .iter()
            .map(|trade| {
                let (mae, mfe) = excursions(trade, history);
                TradeOutcome {
                    pnl: trade.pnl,
                    bars_held: trade.bars_held() as f64,
                    mae,
                    mfe,
                    initial_risk: None,
                }
            })
            .collect();
        let mean_equity = run.equity.iter().sum::<f64>() / bars as f64;
        let share = |total: f64| (bars > 0).then(|| total / bars as f64);
        Self {
            returns: Metrics::of_equity(&run.equity, benchmark, per_year, risk_free),
            trades: TradeStatistics::of(&outcomes),
            exposure: share(run.bars_in_market as f64),
            mean_gross_exposure: share(run.gross_exposure).filter(|mean| mean.is_finite()),
            turnover: turnover(
                run.portfolio.traded_notional,
                mean_equity,
                bars.saturating_sub(1),
                per_year,
            ),
        }
    }

    /// A metric by its key, of returns or of trades; `None` for a key that there is not.
    pub fn get(&self, key: &str) -> Option<Option<f64>> {
        match key {
            "exposure" => Some(self.exposure),
            "mean_gross_exposure" => Some(self.mean_gross_exposure),
            "turnover" => Some(self.turnover),
            _ => self.returns.get(key).or_else(|| self.trades.get(key)),
        }
    }
}

impl Honesty {
    /// Judges an equity curve that is the best of `trials`.
    pub fn of(
        timeline: &[Micros],
        equity: &[f64],
        history: &History,
        trials: Trials,
        seed: u64,
    ) -> Self {
        let returns = equity_returns(equity);
        let bootstrap = Bootstrap::of(timeline, equity, &returns, history, seed);
        Self { bootstrap, ..Self::of_returns(&returns, trials) }
    }

    /// The same without resampling, which takes thousands of times as long as all the rest: its
    /// intervals are none.
    pub fn without_intervals(equity: &[f64], trials: Trials) -> Self {
        Self::of_returns(&equity_returns(equity), trials)
    }

    fn of_returns(returns: &[f64], trials: Trials) -> Self {
        let estimate = SharpeEstimate::of(returns);
        // Sharpe ratios of worthless variants scatter by 1/n around zero.
        let variance = trials.variance.or_else(|| {
            (trials.count > 1 && !returns.is_empty()).then(|| 1.0 / returns.len() as f64)
        });
        let deflated = estimate.and_then(|estimate| {
            let count = usize::try_from(trials.count).unwrap_or(usize::MAX);
            estimate.deflated(count, variance.unwrap_or_default())
        });
        Self {
            psr: estimate.and_then(|estimate| estimate.probabilistic(0.0)),
            deflated_sharpe: deflated,
            trials: trials.count,
            trial_variance: variance,
            min_track_record_length: estimate
                .and_then(|estimate| estimate.min_track_record_length(0.0, 0.95)),
            bootstrap: Bootstrap::default(),
        }
    }
}

impl Bootstrap {
    fn of(
        timeline: &[Micros],
        equity: &[f64],
        returns: &[f64],
        history: &History,
        seed: u64,
    ) -> Self {
        let by_session;
        let (returns, periods_per_year) = if history.timeframe.is_intraday() {
            by_session = session_returns(timeline, equity, history);
            (by_session.as_slice(), history.calendar.periods_per_year(market::Timeframe::Day1))
        } else {
            (returns, history.periods_per_year)
        };
        let plan = BootstrapPlan { seed, periods_per_year, ..BootstrapPlan::default() };
        let interval = |statistic| bootstrap_interval(returns, statistic, &plan).ok();
        Self {
            sharpe_ratio: interval(Statistic::SharpeRatio),
            cagr: interval(Statistic::Cagr),
            max_drawdown: interval(Statistic::MaxDrawdown),
        }
    }
}

/// Returns from the close of one session to that of the next.
pub fn session_returns(timeline: &[Micros], equity: &[f64], history: &History) -> Vec<f64> {
    let series = &history.series[0];
    let session = |ts: Micros| {
        let bar = series.raw().ts.partition_point(|&at| at <= ts).saturating_sub(1);
        series.marks.session[bar]
    };
    // The timeline of one instrument is its own bars in order, so its marks line up.
    let first = timeline.first().map_or(0, |&ts| series.raw().ts.partition_point(|&at| at < ts));
    let aligned = history.series.len() == 1;
    let mut closes = Vec::new();
    if let Some(&start) = equity.first() {
        closes.push(start);
    }
    for bar in 1..equity.len() {
        let ends = bar + 1 == equity.len()
            || if aligned {
                series.marks.session[first + bar] != series.marks.session[first + bar + 1]
            } else {
                session(timeline[bar]) != session(timeline[bar + 1])
            };
        if ends {
            closes.push(equity[bar]);
        }
    }
    equity_returns(&closes)
}

/// The round trips of a run for reading, what is still open last.
pub fn trade_rows(run: &Run, history: &History) -> Vec<TradeRow> {
    let until = run.timeline.last().copied().unwrap_or_default();
    let last_bar = |instrument: usize| {
        let bars = history.series[instrument].raw();
        bars.ts.partition_point(|&ts| ts <= until).saturating_sub(1)
    };
    run.portfolio
        .trades_with_open(last_bar)
        .iter()
        .map(|trade| {
            let (mae, mfe) = excursions(trade, history);
            TradeRow {
                symbol: history.series[trade.instrument].symbol.clone(),
                side: trade.side,
                quantity: trade.quantity,
                entry_time: bar_time(trade.entry_time, history),
                entry_price: trade.entry_price,
                exit_time: trade.exit_time.map(|ts| bar_time(ts, history)),
                exit_price: trade.exit_price,
                pnl: trade.pnl,
                fees: trade.fees,
                bars_held: trade.bars_held(),
                mae,
                mfe,
            }
        })
        .collect()
}

/// A bar's opening as the contract writes it: a date for daily and longer bars, else RFC 3339.
pub fn bar_time(ts: Micros, history: &History) -> String {
    if history.timeframe.is_intraday() {
        jiff::Timestamp::from_microsecond(ts).map_or_else(|_| ts.to_string(), |at| at.to_string())
    } else {
        market::date_of(ts).to_string()
    }
}

/// Worst and best open profit of a round trip at the extremes of the bars it lived through.
fn excursions(trade: &Trade, history: &History) -> (f64, f64) {
    let series = &history.series[trade.instrument];
    let bars = series.raw();
    let held: Range<usize> = trade.entry_bar..trade.exit_bar + 1;
    let (highest, lowest) = held.fold((f64::NEG_INFINITY, f64::INFINITY), |(high, low), bar| {
        // A bar after a split has to be read on the scale of the entry.
        let scale = split_scale(series, trade.entry_bar, bar);
        (high.max(bars.high[bar] * scale), low.min(bars.low[bar] * scale))
    });
    let scale = split_scale(series, trade.entry_bar, trade.exit_bar);
    // The trade is told on the scale of its exit.
    let (units, entry) = (trade.quantity / scale, trade.entry_price * scale);
    let direction = trade.side.sign() * series.multiplier;
    let at_high = direction * (highest - entry) * units;
    let at_low = direction * (lowest - entry) * units;
    (at_high.min(at_low).min(0.0), at_high.max(at_low).max(0.0))
}

/// What turns a price of bar `to` into one of bar `from`'s scale.
fn split_scale(series: &crate::history::Series, from: usize, to: usize) -> f64 {
    series
        .actions
        .iter()
        .filter(|action| action.bar > from && action.bar <= to)
        .map(|action| match action.kind {
            market::ActionKind::Split { ratio } => ratio,
            market::ActionKind::Dividend { .. } => 1.0,
        })
        .product()
}

/// What a test was made of, so that it can be made again.
#[derive(Clone, Debug, PartialEq, Serialize, serde::Deserialize)]
pub struct Receipt {
    /// Hash of the sources of market, quant, engine and strategies.
    pub engine: String,
    /// What was done: `backtest`, `sweep`, `walk_forward` or `evaluate`.
    pub kind: String,
    /// The strategy.
    pub strategy: String,
    /// Its parameters, or the grid of them.
    pub params: serde_json::Value,
    /// Where each series came from and the hash of its values and events.
    pub data: Vec<DataReceipt>,
    /// Money, costs and rules.
    pub setup: serde_json::Value,
    /// What chance was drawn with.
    pub seed: u64,
    /// The request as it was made, for making it again.
    pub request: serde_json::Value,
    /// Hash of the result.
    pub result: String,
}

/// One series of a receipt.
#[derive(Clone, Debug, PartialEq, Serialize, serde::Deserialize)]
pub struct DataReceipt {
    /// The instrument.
    pub symbol: String,
    /// Where its bars came from.
    pub source: String,
    /// How many there are.
    pub bars: usize,
    /// Hash of their values and of the corporate actions.
    pub hash: String,
}

/// Everything about money, costs and rules of a test, for its receipt.
pub fn setup_receipt(history: &History, setup: &Setup) -> serde_json::Value {
    let rules: Vec<_> = history.series.iter().map(|series| &series.rules).collect();
    serde_json::json!({
        "setup": setup,
        "timeframe": history.timeframe,
        "calendar": history.calendar.name(),
        "rules": rules,
    })
}
