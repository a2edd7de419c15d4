//! `plimsoll walk-forward`: parameters chosen on the past, judged on what came after.

use clap::Args;
use engine::{
    DataReceipt, Honesty, Receipt, Setup, Trials, WalkForward, WalkForwardError, WalkForwardResult,
    Window, assumptions, setup_receipt, walk_forward,
};
use quant::metrics::Metrics;
use serde::Serialize;

use super::arguments::whole;
use super::backtest::curve;
use crate::Context;
use crate::error::CliError;
use crate::lab::prices::Prices;
use crate::lab::search::{COLUMN_BYTES, Search, SearchArgs};
use crate::lab::text::{bullets, paragraph, params as params_line};
use crate::lab::watch::watched;
use crate::lab::{receipt, strategy_failure};
use crate::output::metrics::{label, metric};
use crate::output::number::{count, percent, ratio};
use crate::output::table::{Align, Table};

/// Arguments of `walk-forward`.
#[derive(Clone, Debug, Args)]
#[command(
    after_help = "Example: plimsoll walk-forward --strategy sma_crossover --ticker IBM \\\n           --grid fast=5:50:5 --grid slow=20:200:20 --train 504 --test 126"
)]
pub struct WalkForwardArgs {
    /// What every search is told.
    #[command(flatten)]
    pub search: SearchArgs,
    /// Sessions that choose the parameters
    #[arg(long, value_name = "SESSIONS", default_value = "504", value_parser = whole::<usize>)]
    pub train: usize,
    /// Sessions that judge them; windows move on by as many
    #[arg(long, value_name = "SESSIONS", default_value = "126", value_parser = whole::<usize>)]
    pub test: usize,
    /// Sessions left out between the two
    #[arg(long, value_name = "SESSIONS", default_value = "0", value_parser = whole::<usize>)]
    pub purge: usize,
    /// Always train from the first session on, instead of on a window that rolls
    #[arg(long)]
    pub anchored: bool,
}

#[derive(Serialize)]
struct Report {
    strategy: &'static str,
    metric: String,
    results: Vec<Subject>,
    assumptions: Vec<String>,
}

#[derive(Serialize)]
struct Subject {
    symbol: String,
    windows: Vec<Window>,
    out_of_sample: Metrics,
    efficiency: Option<f64>,
    tried: u64,
    final_equity: f64,
    statistics: Honesty,
    #[serde(skip)]
    equity: Vec<f64>,
}

#[derive(Serialize)]
struct WithReceipt<'a> {
    #[serde(flatten)]
    report: &'a Report,
    receipt: Receipt,
}

/// Runs the command.
///
/// # Errors
/// [`CliError`].
pub fn run(arguments: &WalkForwardArgs, ctx: &Context) -> Result<(), CliError> {
    let Search { entry, grid, prices, setup } = arguments.search.prepare(ctx)?;
    let SearchArgs { metric, seed, .. } = &arguments.search;
    let mut results = Vec::new();
    for subject in &prices {
        let history = &subject.history;
        let task = WalkForward {
            entry,
            grid: &grid,
            history,
            range: 0..history.series[0].len(),
            setup: &setup,
            metric,
            train: arguments.train,
            test: arguments.test,
            purge: arguments.purge,
            anchored: arguments.anchored,
            workers: ctx.settings.worker_count().get(),
            column_bytes: COLUMN_BYTES,
        };
        let found = watched(ctx, &subject.name(), 0, |watch| walk_forward(&task, watch))
            .map_err(failure)?;
        results.push(judge(subject, found, *seed));
    }
    let report = Report {
        strategy: entry.name,
        metric: metric.clone(),
        results,
        assumptions: said(&prices, &setup, arguments),
    };
    let data: Vec<DataReceipt> = prices.iter().flat_map(|subject| subject.data.clone()).collect();
    let receipt = Receipt {
        engine: crate::engine_version().to_owned(),
        kind: "walk_forward".to_owned(),
        strategy: entry.name.to_owned(),
        params: serde_json::json!(grid.values()),
        data,
        setup: prices.iter().map(|subject| setup_receipt(&subject.history, &setup)).collect(),
        seed: *seed,
        request: serde_json::json!(receipt::request()),
        result: receipt::result_hash(&report)?,
    };
    if ctx.json {
        ctx.print_json(&WithReceipt { report: &report, receipt })
    } else {
        let title =
            paragraph(&format!("{}, walk-forward by {}", entry.label, label(metric)), "", "");
        ctx.print(&(title + &for_people(&report)))
    }
}

fn failure(error: WalkForwardError) -> CliError {
    match error {
        WalkForwardError::Strategy(error) => strategy_failure(error),
        error => CliError::usage(error),
    }
}

fn judge(subject: &Prices, found: WalkForwardResult, seed: u64) -> Subject {
    let WalkForwardResult { windows, timeline, equity, out_of_sample, efficiency, tried } = found;
    // The choice was made on other bars, so out of sample there was one trial.
    let trials = Trials { count: 1, variance: None };
    Subject {
        symbol: subject.name(),
        windows,
        out_of_sample,
        efficiency,
        tried,
        final_equity: equity.last().copied().unwrap_or_default(),
        statistics: Honesty::of(&timeline, &equity, &subject.history, trials, seed),
        equity,
    }
}

fn said(prices: &[Prices], setup: &Setup, arguments: &WalkForwardArgs) -> Vec<String> {
    let mut lines = vec![format!(
        "Parameters are chosen on {} {} sessions{} and judged on the next {}; positions are closed \
         at the end of each piece, at its last close less commission and slippage.",
        if arguments.anchored { "all sessions so far, at least" } else { "the last" },
        count(arguments.train as u64),
        match arguments.purge {
            0 => String::new(),
            purge => format!(", {purge} sessions are left out,"),
        },
        count(arguments.test as u64)
    )];
    if let Some(first) = prices.first() {
        lines.extend(assumptions(&first.history, setup));
    }
    lines
}

fn for_people(report: &Report) -> String {
    let mut text = String::new();
    let by = label(&report.metric);
    for subject in &report.results {
        text += &format!("\n{}\n", subject.symbol);
        text += &curve(&subject.equity);
        let mut table = Table::new([
            ("judged from", Align::Left),
            ("to", Align::Left),
            ("chosen", Align::Left),
            ("in sample", Align::Right),
            ("out", Align::Right),
            ("return", Align::Right),
        ]);
        for window in &subject.windows {
            let day = |time: &str| time.get(..10).unwrap_or(time).to_owned();
            table.row([
                day(&window.test_from),
                day(&window.test_to),
                params_line(&window.params),
                metric(&report.metric, window.in_sample),
                metric(&report.metric, window.out_of_sample),
                percent(window.out_of_sample_return),
            ]);
        }
        text += "\n";
        text += &table.render();
        let out = &subject.out_of_sample;
        let mean = |value: fn(&Window) -> Option<f64>| {
            let known: Vec<f64> = subject.windows.iter().filter_map(value).collect();
            (!known.is_empty()).then(|| known.iter().sum::<f64>() / known.len() as f64)
        };
        let lines = [
            format!(
                "Out of sample: {} in all, {} a year, Sharpe ratio {}, deepest drawdown {}.",
                percent(out.total_return),
                percent(out.cagr),
                ratio(out.sharpe_ratio),
                percent(out.max_drawdown)
            ),
            format!(
                "Mean {by} of the windows: {} in sample, {} out of sample. A gap between the two is \
                 what choosing parameters had bought in sample only.",
                metric(&report.metric, mean(|window| window.in_sample)),
                metric(&report.metric, mean(|window| window.out_of_sample))
            ),
            format!(
                "The chance that the true Sharpe ratio out of sample is above zero is {}; {} \
                 backtests were run to choose.",
                percent(subject.statistics.psr),
                count(subject.tried)
            ),
        ];
        text += "\nWhat it is worth\n";
        text += &bullets(&lines);
    }
    text += "\nWhat it rests on\n";
    text + &bullets(&report.assumptions)
}
