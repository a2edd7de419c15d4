//! Walk-forward: parameters are chosen on the past, and judged on what came after.

use std::ops::Range;

use quant::metrics::{Metrics, equity_returns};
use serde::Serialize;

use crate::backtest::Setup;
use crate::costs::OrderVolume;
use crate::gate::AllowAll;
use crate::history::History;
use crate::params::Params;
use crate::report::bar_time;
use crate::strategy::{Entry, Job, StrategyError};
use crate::sweep::{Grid, Measures, Sweep, Watch, rank, sweep};

/// What a walk-forward does.
#[derive(Debug)]
pub struct WalkForward<'a> {
    /// The strategy.
    pub entry: &'static Entry,
    /// The parameter sets among which each window chooses.
    pub grid: &'a Grid,
    /// The instrument (or pair).
    pub history: &'a History,
    /// Which bars.
    pub range: Range<usize>,
    /// Money, costs and rules.
    pub setup: &'a Setup,
    /// What parameters are chosen by.
    pub metric: &'a str,
    /// Sessions that choose.
    pub train: usize,
    /// Sessions that judge; windows move on by as many.
    pub test: usize,
    /// Sessions left out between the two.
    pub purge: usize,
    /// Whether training always begins at the first session.
    pub anchored: bool,
    /// Threads.
    pub workers: usize,
    /// Bytes that computed columns may take at a time.
    pub column_bytes: usize,
}

/// One window.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Window {
    /// First bar that chooses.
    pub train_from: String,
    /// Last bar that chooses.
    pub train_to: String,
    /// First bar that judges.
    pub test_from: String,
    /// Last bar that judges.
    pub test_to: String,
    /// What was chosen.
    pub params: serde_json::Map<String, serde_json::Value>,
    /// The metric in sample.
    pub in_sample: Option<f64>,
    /// The metric out of sample.
    pub out_of_sample: Option<f64>,
    /// Total return in sample.
    pub in_sample_return: f64,
    /// Annual return in sample.
    pub in_sample_cagr: Option<f64>,
    /// Total return out of sample.
    pub out_of_sample_return: f64,
    /// Round trips out of sample.
    pub closed_trades: usize,
}

/// What a walk-forward found.
#[derive(Debug)]
pub struct WalkForwardResult {
    /// The windows, in order.
    pub windows: Vec<Window>,
    /// Openings of the bars out of sample.
    pub timeline: Vec<market::Micros>,
    /// Equity out of sample, the windows chained.
    pub equity: Vec<f64>,
    /// Metrics of that equity.
    pub out_of_sample: Metrics,
    /// Annual return out of sample over the mean annual return in sample.
    pub efficiency: Option<f64>,
    /// Backtests that were run to choose.
    pub tried: u64,
}

/// Why a walk-forward cannot be made.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum WalkForwardError {
    /// The history is shorter than one window.
    #[error(
        "{sessions} sessions are too few: one window takes {train} to train, {purge} to purge and \
         {test} to test"
    )]
    TooShort {
        /// Sessions there are.
        sessions: usize,
        /// Sessions that choose.
        train: usize,
        /// Sessions left out.
        purge: usize,
        /// Sessions that judge.
        test: usize,
    },
    /// A window without sessions.
    #[error("train and test need at least 2 sessions each")]
    EmptyWindow,
    /// The strategy could not be run.
    #[error(transparent)]
    Strategy(#[from] StrategyError),
}

/// Runs a walk-forward. Positions are flattened at the end of each test piece, at its last close
/// less commission and slippage, and the pieces' returns are chained.
///
/// # Errors
/// [`WalkForwardError`].
pub fn walk_forward(
    task: &WalkForward<'_>,
    watch: &Watch,
) -> Result<WalkForwardResult, WalkForwardError> {
    if task.train < 2 || task.test < 2 {
        return Err(WalkForwardError::EmptyWindow);
    }
    let starts = session_starts(task);
    let sessions = starts.len() - 1;
    let (train, test, purge) = (task.train, task.test, task.purge);
    if sessions < train + purge + test {
        return Err(WalkForwardError::TooShort { sessions, train, purge, test });
    }
    let mut chain = Chain::new(task.setup.cash);
    let mut windows = Vec::new();
    let mut tried = 0;
    let mut at = train + purge;
    while at < sessions {
        let until = (at + test).min(sessions);
        let chosen_from = if task.anchored { 0 } else { at - purge - train };
        let past = starts[chosen_from]..starts[at - purge];
        let future = starts[at]..starts[until];
        // The rest of a window that is too short for a return judges nothing.
        if future.len() < 2 {
            break;
        }
        let (window, count) = run_window(task, past, future, &mut chain, watch)?;
        windows.push(window);
        tried += count;
        at = until;
    }
    let per_year = task.history.periods_per_year;
    let out_of_sample = Metrics::of_equity(&chain.equity, None, per_year, 0.0);
    let in_sample: Option<Vec<f64>> = windows.iter().map(|window| window.in_sample_cagr).collect();
    let mean = in_sample.map(|rates| rates.iter().sum::<f64>() / rates.len() as f64);
    let efficiency =
        mean.filter(|mean| *mean > 0.0).and_then(|mean| Some(out_of_sample.cagr? / mean));
    let Chain { timeline, equity, .. } = chain;
    Ok(WalkForwardResult { windows, timeline, equity, out_of_sample, efficiency, tried })
}

/// First bars of the sessions of the range, and the end of the last.
fn session_starts(task: &WalkForward<'_>) -> Vec<usize> {
    let sessions = &task.history.series[0].marks.session;
    let mut starts: Vec<usize> = task
        .range
        .clone()
        .filter(|&bar| bar == task.range.start || sessions[bar] != sessions[bar - 1])
        .collect();
    starts.push(task.range.end);
    starts
}

fn run_window(
    task: &WalkForward<'_>,
    past: Range<usize>,
    future: Range<usize>,
    chain: &mut Chain,
    watch: &Watch,
) -> Result<(Window, u64), WalkForwardError> {
    let end_is_enough = task.metric == "total_return";
    let found = sweep(
        &Sweep {
            entry: task.entry,
            grid: task.grid,
            subjects: std::slice::from_ref(task.history),
            ranges: std::slice::from_ref(&past),
            setup: task.setup,
            metric: task.metric,
            seed: 0,
            measures: if end_is_enough { Measures::EndOnly } else { Measures::Ranking },
            workers: task.workers,
            column_bytes: task.column_bytes,
        },
        watch,
    )?;
    let best = rank(&found, task.metric, 1);
    let row = best.first().map(|best| &found.rows[best.index]).ok_or_else(|| {
        StrategyError::Instruments("the grid has no parameter set to choose from".to_owned())
    })?;
    let params = Params::from_values(task.grid.params(row.row));
    let history = task.history;
    let job =
        Job { history, range: future.clone(), params: &params, setup: task.setup, record: false };
    let (run, _) = task.entry.runner.backtest(&job, &mut AllowAll, &watch.stop)?;
    let mut equity = run.equity;
    let cost: f64 = run
        .portfolio
        .positions
        .iter()
        .zip(&history.series)
        .map(|(position, series)| {
            let notional = (position.quantity * position.mark * series.multiplier).abs();
            let closing = OrderVolume {
                quantity: position.quantity.abs(),
                notional,
                is_sell: position.quantity > 0.0,
                is_maker: false,
                contracts: series.multiplier != 1.0,
            };
            let slip =
                series.rules.slippage.linear_rate().unwrap_or(series.rules.slippage.bps / 1e4);
            series.rules.commission.order_cost(closing, 0.0) + notional * slip
        })
        .sum();
    if let Some(last) = equity.last_mut() {
        *last -= cost;
    }
    let metrics = Metrics::of_equity(&equity, None, history.periods_per_year, 0.0);
    chain.append(&run.timeline, &equity);
    let time = |bar: usize| bar_time(history.series[0].raw().ts[bar], history);
    let window = Window {
        train_from: time(past.start),
        train_to: time(past.end - 1),
        test_from: time(future.start),
        test_to: time(future.end - 1),
        params: task.entry.named(params.values()),
        in_sample: Some(row.score).filter(|score| score.is_finite()),
        out_of_sample: metrics.get(task.metric).flatten(),
        in_sample_return: row.total_return,
        in_sample_cagr: row.metric("cagr", past.len() - 1, history.periods_per_year),
        out_of_sample_return: metrics.total_return.unwrap_or_default(),
        closed_trades: run.portfolio.trades.len(),
    };
    Ok((window, found.rows.len() as u64))
}

/// Pieces of equity, each scaled to begin where the last ended.
struct Chain {
    timeline: Vec<market::Micros>,
    equity: Vec<f64>,
    cash: f64,
}

impl Chain {
    fn new(cash: f64) -> Self {
        Self { timeline: Vec::new(), equity: Vec::new(), cash }
    }

    fn append(&mut self, timeline: &[market::Micros], piece: &[f64]) {
        let base = self.equity.last().copied().unwrap_or(self.cash);
        // The first bar of a piece has no return: decisions begin at its close.
        let mut level = base;
        self.timeline.extend(timeline);
        self.equity.push(base);
        for change in equity_returns(piece) {
            level *= 1.0 + change;
            self.equity.push(level);
        }
    }
}
