//! An evaluation: every strategy that fits, on one instrument, judged on what it was not tuned on.

use std::sync::atomic::AtomicBool;

use quant::metrics::{Direction, Metrics, Moments, direction, equity_returns};
use serde::Serialize;

use crate::backtest::{Run, Setup};
use crate::gate::AllowAll;
use crate::history::History;
use crate::params::Params;
use crate::report::{Honesty, Measured, Trials};
use crate::strategy::{Entry, Job, StrategyError};

/// Share of sessions that count as in sample.
pub const IN_SAMPLE_SHARE: f64 = 0.7;
/// Round trips below which a result ranks after those with more.
pub const FEW_TRADES: usize = 5;

/// What one strategy came to on one instrument.
#[derive(Clone, Debug, Serialize)]
pub struct Evaluated {
    /// The strategy.
    #[serde(skip)]
    pub strategy: &'static str,
    /// Its parameters: the defaults.
    pub params: serde_json::Map<String, serde_json::Value>,
    /// The metric in sample.
    pub in_sample: Option<f64>,
    /// The metric out of sample.
    pub out_of_sample: Option<f64>,
    /// Every metric of the whole span.
    pub metrics: Measured,
    /// Every metric of returns out of sample.
    pub out_of_sample_metrics: Metrics,
    /// Whether it traded too rarely to rank with the others.
    pub few_trades: bool,
    /// Equity over the whole span, for drawing.
    #[serde(skip)]
    pub equity: Vec<f64>,
}

/// Every strategy on one instrument, best first.
#[derive(Debug)]
pub struct Evaluation {
    /// The strategies, best first.
    pub ranked: Vec<Evaluated>,
    /// How much of the best one's result out of sample may be luck, given how many were tried.
    pub honesty: Option<Honesty>,
    /// First bar out of sample, counted in the timeline.
    pub split: usize,
}

/// Runs every strategy of `entries` that fits on `history`, with its defaults.
///
/// Strategies for pairs are left out, and those that need several bars a session on daily bars.
///
/// # Errors
/// [`StrategyError`] when a run was stopped.
pub fn evaluate(
    entries: &[&'static Entry],
    history: &History,
    setup: &Setup,
    metric: &str,
    seed: u64,
    stop: &AtomicBool,
) -> Result<Evaluation, StrategyError> {
    let split = split_bar(history);
    let mut timeline = None;
    let mut ranked = Vec::new();
    for entry in entries.iter().filter(|entry| fits(entry, history)) {
        let params = Params::defaults(entry.params);
        let range = 0..history.series[0].len();
        let job = Job { history, range, params: &params, setup, record: false };
        let (run, _) = entry.runner.backtest(&job, &mut AllowAll, stop)?;
        ranked.push(judge(entry, &params, &run, history, metric, split));
        timeline = Some(run.timeline);
    }
    let better = |a: &Evaluated, b: &Evaluated| {
        let lower = direction(metric) == Some(Direction::LowerIsBetter);
        let score = |e: &Evaluated| e.out_of_sample.map(|score| if lower { -score } else { score });
        let by_score = match (score(a), score(b)) {
            (Some(a), Some(b)) => b.total_cmp(&a),
            (a, b) => b.is_some().cmp(&a.is_some()),
        };
        a.few_trades
            .cmp(&b.few_trades)
            .then(by_score)
            .then(a.metrics.trades.closed_trades.cmp(&b.metrics.trades.closed_trades))
    };
    ranked.sort_by(better);
    let honesty = ranked.first().zip(timeline).map(|(best, timeline)| {
        let out = |equity: &[f64]| Moments::of(&equity_returns(&equity[split - 1..]));
        let ratios: Vec<f64> =
            ranked.iter().filter_map(|e| out(&e.equity).mean_over_deviation()).collect();
        let trials = Trials {
            count: ranked.len() as u64,
            variance: Moments::of(&ratios).deviation().map(|deviation| deviation * deviation),
        };
        let from = split - 1;
        Honesty::of(&timeline[from..], &best.equity[from..], history, trials, seed)
    });
    Ok(Evaluation { ranked, honesty, split })
}

fn fits(entry: &Entry, history: &History) -> bool {
    entry.runner.legs() == 1 && (!entry.intraday_only || history.timeframe.is_intraday())
}

/// First bar of the sessions that count as out of sample.
fn split_bar(history: &History) -> usize {
    let sessions = &history.series[0].marks.session;
    let (Some(&first), Some(&last)) = (sessions.first(), sessions.last()) else { return 1 };
    let in_sample = (f64::from(last - first + 1) * IN_SAMPLE_SHARE).floor() as u32;
    sessions.partition_point(|&session| session < first + in_sample).max(1)
}

fn judge(
    entry: &'static Entry,
    params: &Params,
    run: &Run,
    history: &History,
    metric: &str,
    split: usize,
) -> Evaluated {
    let per_year = history.periods_per_year;
    let metrics = Measured::of(run, history, None, 0.0);
    let before = Metrics::of_equity(&run.equity[..split], None, per_year, 0.0);
    let after = Metrics::of_equity(&run.equity[split - 1..], None, per_year, 0.0);
    let holds = entry.family == "benchmark";
    Evaluated {
        strategy: entry.name,
        params: entry.named(params.values()),
        in_sample: before.get(metric).flatten(),
        out_of_sample: after.get(metric).flatten(),
        few_trades: !holds && metrics.trades.closed_trades < FEW_TRADES,
        metrics,
        out_of_sample_metrics: after,
        equity: run.equity.clone(),
    }
}
