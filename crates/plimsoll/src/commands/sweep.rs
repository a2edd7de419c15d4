//! `plimsoll sweep`: one strategy with many parameter sets.

use std::path::PathBuf;

use clap::Args;
use engine::sweep::{Measures, Row, Sweep, SweepResult, rank, sweep};
use engine::{
    AllowAll, Entry, Honesty, Job, Measured, Params, Receipt, Setup, Trials, assumptions,
    setup_receipt,
};
use quant::metrics::Moments;
use quant::statistics::Pbo;
use serde::Serialize;

use super::arguments::whole;
use crate::Context;
use crate::error::CliError;
use crate::lab::prices::Prices;
use crate::lab::search::{COLUMN_BYTES, Search, SearchArgs};
use crate::lab::text::{bullets, paragraph, params as params_line};
use crate::lab::verdict::verdict;
use crate::lab::watch::watched;
use crate::lab::{receipt, strategy_failure};
use crate::output::metrics::{label, metric};
use crate::output::number::{count, percent};
use crate::output::table::{Align, Table};

/// Rows of the result, from the best on, whose statistics are resampled too.
const RESAMPLED: usize = 20;

/// Arguments of `sweep`.
#[derive(Clone, Debug, Args)]
#[command(
    after_help = "Example: plimsoll sweep --strategy sma_crossover --ticker AAPL \\\n           --grid fast=2:100:1 --grid slow=5:200:5 --where 'fast<slow'"
)]
pub struct SweepArgs {
    /// What every search is told.
    #[command(flatten)]
    pub search: SearchArgs,
    /// Rows to show
    #[arg(long, value_name = "N", default_value = "20", value_parser = whole::<usize>)]
    pub top: usize,
    /// Write every row here, as Parquet
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

#[derive(Serialize)]
struct Report {
    strategy: &'static str,
    metric: String,
    rows: Vec<ShownRow>,
    tried: u64,
    pbo: Option<f64>,
    overfitting: Vec<Overfitting>,
    assumptions: Vec<String>,
}

#[derive(Serialize)]
struct WithReceipt<'a> {
    #[serde(flatten)]
    report: &'a Report,
    receipt: Receipt,
}

#[derive(Serialize)]
struct ShownRow {
    symbol: String,
    params: serde_json::Map<String, serde_json::Value>,
    metrics: Measured,
    statistics: Honesty,
    #[serde(skip)]
    score: Option<f64>,
}

/// How likely the choice of the best is overfitted, on one instrument.
#[derive(Serialize)]
struct Overfitting {
    symbol: String,
    variants: usize,
    #[serde(flatten)]
    result: Option<Pbo>,
}

/// Runs the command.
///
/// # Errors
/// [`CliError`].
pub fn run(arguments: &SweepArgs, ctx: &Context) -> Result<(), CliError> {
    let Search { entry, grid, prices, setup } = arguments.search.prepare(ctx)?;
    let SearchArgs { metric, seed, .. } = &arguments.search;
    let (data, subjects): (Vec<_>, Vec<_>) =
        prices.into_iter().map(|Prices { history, data }| (data, history)).unzip();
    let ranges: Vec<_> = subjects.iter().map(|history| 0..history.series[0].len()).collect();
    let rows = grid.drawn_rows().map_or(grid.size(), |rows| rows.len() as u64);
    let task = Sweep {
        entry,
        grid: &grid,
        subjects: &subjects,
        ranges: &ranges,
        setup: &setup,
        metric,
        seed: *seed,
        measures: Measures::Full,
        workers: ctx.settings.worker_count().get(),
        column_bytes: COLUMN_BYTES,
    };
    let total = rows * subjects.len() as u64;
    let found =
        watched(ctx, "backtests", total, |watch| sweep(&task, watch)).map_err(strategy_failure)?;
    if let Some(path) = &arguments.out {
        super::sweep_table::write(path, &task, &found)?;
    }
    let report = report(&task, &found, arguments, ctx)?;
    let receipt = Receipt {
        engine: crate::engine_version().to_owned(),
        kind: "sweep".to_owned(),
        strategy: entry.name.to_owned(),
        params: axes(entry, grid.values()),
        data: data.into_iter().flatten().collect(),
        setup: subjects.iter().map(|history| setup_receipt(history, &setup)).collect(),
        seed: *seed,
        request: serde_json::json!(receipt::request()),
        result: receipt::result_hash(&report)?,
    };
    if ctx.json {
        ctx.print_json(&WithReceipt { report: &report, receipt })
    } else {
        ctx.print(&for_people(entry, &report))
    }
}

fn axes(entry: &Entry, values: &[Vec<f64>]) -> serde_json::Value {
    let axes = entry.params.iter().zip(values);
    axes.map(|(spec, values)| (spec.name.to_owned(), serde_json::json!(values)))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

fn report(
    task: &Sweep<'_>,
    found: &SweepResult,
    arguments: &SweepArgs,
    ctx: &Context,
) -> Result<Report, CliError> {
    let count = found.rows.len() as u64;
    let trials: Vec<Trials> = (0..task.subjects.len())
        .map(|subject| Trials { count, variance: variance(found, subject) })
        .collect();
    let mut rows = Vec::new();
    for place in rank(found, task.metric, arguments.top) {
        ctx.check_stopped()?;
        let row = &found.rows[place.index];
        let resampled = rows.len() < RESAMPLED;
        rows.push(show(task, row, trials[row.subject as usize], resampled, ctx)?);
    }
    let overfitting: Vec<Overfitting> = task
        .subjects
        .iter()
        .enumerate()
        .map(|(subject, history)| Overfitting {
            symbol: name(history),
            variants: found.compared(subject),
            result: found.overfitting(subject),
        })
        .collect();
    // With several instruments the least favourable one speaks for all.
    let worst = overfitting.iter().filter_map(|o| Some(o.result.as_ref()?.pbo));
    let worst = worst.fold(None, |worst: Option<f64>, pbo| Some(worst.map_or(pbo, |w| w.max(pbo))));
    let mut assumptions = assumptions(&task.subjects[0], task.setup);
    if rows.len() > RESAMPLED {
        assumptions.push(format!(
            "Intervals are resampled for the first {RESAMPLED} rows only, and null in the others."
        ));
    }
    Ok(Report {
        strategy: task.entry.name,
        metric: task.metric.to_owned(),
        rows,
        tried: found.rows.len() as u64,
        pbo: worst,
        overfitting,
        assumptions,
    })
}

/// Variance of the Sharpe ratios per bar that were found on one instrument.
fn variance(found: &SweepResult, subject: usize) -> Option<f64> {
    let of_subject = found.rows.iter().filter(|row| row.subject as usize == subject);
    let ratios: Vec<f64> =
        of_subject.map(|row| row.bar_sharpe).filter(|ratio| ratio.is_finite()).collect();
    Moments::of(&ratios).deviation().map(|deviation| deviation * deviation)
}

/// Runs one row again through the event kernel, for all that lanes do not keep.
fn show(
    task: &Sweep<'_>,
    row: &Row,
    trials: Trials,
    resampled: bool,
    ctx: &Context,
) -> Result<ShownRow, CliError> {
    let subject = row.subject as usize;
    let history = &task.subjects[subject];
    let params = Params::from_values(task.grid.params(row.row));
    let range = task.ranges[subject].clone();
    let setup: &Setup = task.setup;
    let job = Job { history, range, params: &params, setup, record: false };
    let (run, _) = task
        .entry
        .runner
        .backtest(&job, &mut AllowAll, ctx.stop_flag())
        .map_err(strategy_failure)?;
    let statistics = if resampled {
        Honesty::of(&run.timeline, &run.equity, history, trials, task.seed)
    } else {
        Honesty::without_intervals(&run.equity, trials)
    };
    Ok(ShownRow {
        symbol: name(history),
        params: task.entry.named(params.values()),
        metrics: Measured::of(&run, history, None, 0.0),
        statistics,
        score: Some(row.score).filter(|score| score.is_finite()),
    })
}

fn name(history: &engine::History) -> String {
    let symbols: Vec<&str> = history.series.iter().map(|series| series.symbol.as_str()).collect();
    symbols.join("/")
}

fn for_people(entry: &Entry, report: &Report) -> String {
    let mut text = paragraph(
        &format!(
            "{}: {} backtests, by {}",
            entry.label,
            count(report.tried),
            label(&report.metric)
        ),
        "",
        "",
    );
    let scored =
        !["total_return", "sharpe_ratio", "max_drawdown"].contains(&report.metric.as_str());
    let mut columns = vec![("symbol", Align::Left), ("parameters", Align::Left)];
    let by = label(&report.metric);
    if scored {
        columns.push((&by, Align::Right));
    }
    columns.extend([
        ("return", Align::Right),
        ("Sharpe", Align::Right),
        ("drawdown", Align::Right),
        ("trades", Align::Right),
        ("deflated", Align::Right),
    ]);
    let mut table = Table::new(columns);
    for row in &report.rows {
        let shown = |key: &str| metric(key, row.metrics.get(key).flatten());
        let mut cells = vec![row.symbol.clone(), params_line(&row.params)];
        if scored {
            cells.push(metric(&report.metric, row.score));
        }
        cells.extend([
            shown("total_return"),
            shown("sharpe_ratio"),
            shown("max_drawdown"),
            row.metrics.trades.closed_trades.to_string(),
            percent(row.statistics.deflated_sharpe),
        ]);
        table.row(cells);
    }
    text += "\n";
    text += &table.render();
    text += "\nWhat the best row is worth\n";
    let mut lines = report
        .rows
        .first()
        .map(|best| verdict(&best.metrics, &best.statistics))
        .unwrap_or_default();
    for overfitting in &report.overfitting {
        if let Some(result) = &overfitting.result {
            lines.push(format!(
                "{}: choosing the best in sample picked a below-average variant out of sample in \
                 {} of {} splits of history (PBO, over {} variants).",
                overfitting.symbol,
                percent(result.pbo),
                count(result.combinations as u64),
                count(overfitting.variants as u64)
            ));
        }
    }
    text += &bullets(&lines);
    text += "\nWhat it rests on\n";
    text + &bullets(&report.assumptions)
}
