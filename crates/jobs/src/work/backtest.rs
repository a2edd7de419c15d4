//! A job that is one backtest.

use engine::{AllowAll, Job, Params, Setup, bar_time};
use quant::metrics::Metrics;
use serde::Serialize;
use store::BacktestHeadline;

use super::document::{Document, Point, Reported, drawn_down};
use super::{Done, Ran, Task, json};
use crate::lab::backtest::{Backtest, backtest};
use crate::lab::{LabError, Workbench};
use crate::payload::{Payload, line};

/// What is drawn beside the report.
#[derive(Serialize)]
struct Drawn<'a> {
    equity: Vec<Point<'a>>,
}

pub(super) fn work(task: &Task, bench: &Workbench<'_>) -> Result<Done, LabError> {
    let payload = Payload::parse(task.job.payload.as_str())?;
    let request = payload.backtest()?;
    let made = backtest(&request, &line("backtest", &payload)?, bench)?;
    let drawn = Drawn { equity: curve(&made, &request.costs.setup(), bench) };
    let report = Reported { report: &made.report, receipt: &made.receipt };
    let report = json(&Document { report, drawn })?;
    Ok(Done::Backtest(Ran { about: payload.subject()?, headline: headline(&made), report }))
}

fn headline(made: &Backtest) -> BacktestHeadline {
    let Metrics { total_return, cagr, sharpe_ratio, max_drawdown, .. } =
        made.report.metrics.returns;
    BacktestHeadline {
        total_return,
        cagr,
        sharpe_ratio,
        max_drawdown,
        trades: i64::try_from(made.report.metrics.trades.closed_trades).ok(),
        final_equity: Some(made.report.final_equity),
    }
}

/// Equity bar by bar, against buying the same instruments and holding them.
fn curve(made: &Backtest, setup: &Setup, bench: &Workbench<'_>) -> Vec<Point<'static>> {
    let held = buy_and_hold(made, setup, bench);
    let (run, history) = (&made.run, &made.prices.history);
    let points = run.timeline.iter().zip(drawn_down(&run.equity)).enumerate();
    let point = |(bar, (&ts, (equity, drawdown)))| Point {
        symbol: None,
        timestamp: bar_time(ts, history),
        equity,
        drawdown,
        buy_and_hold: held.as_ref().map(|held: &Vec<f64>| held[bar]),
    };
    points.map(point).collect()
}

/// The same instruments bought at the start, with the same money and costs; `None` where that is
/// no test.
fn buy_and_hold(made: &Backtest, setup: &Setup, bench: &Workbench<'_>) -> Option<Vec<f64>> {
    let entry = strategies::find("buy_and_hold")?;
    let history = &made.prices.history;
    let params = Params::defaults(entry.params);
    let range = 0..history.series[0].len();
    let job = Job { history, range, params: &params, setup, record: false };
    let stop = &bench.course.watch.stop;
    let (run, _) = entry.runner.backtest(&job, &mut AllowAll, stop).ok()?;
    (run.timeline == made.run.timeline).then_some(run.equity)
}
