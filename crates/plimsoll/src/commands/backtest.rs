//! `plimsoll backtest`: one strategy on history.

use std::path::{Path, PathBuf};

use clap::{Args, FromArgMatches};
use engine::{
    AllowAll, Entry, Honesty, Job, Lookahead, Measured, Params, Receipt, Run, TradeRow, Trials,
    assumptions, bar_time, check_lookahead, setup_receipt, trade_rows,
};
use serde::Serialize;

use super::arguments::{ParamArg, counted, whole};
use super::source::{Loaded, SourceArgs, load_file, load_series, load_ticker};
use crate::Context;
use crate::error::CliError;
use crate::lab::costs::CostArgs;
use crate::lab::prices::{Prices, benchmark_returns, together};
use crate::lab::text::{bullets, paragraph, params as params_line};
use crate::lab::verdict::verdict;
use crate::lab::{find_strategy, parse_params, receipt, strategy_failure};
use crate::output::WIDTH;
use crate::output::file::write_file;
use crate::output::metrics::metric;
use crate::output::number::{count, money, percent};
use crate::output::sparkline::sparkline;
use crate::output::table::Table;

/// Places at which the look-ahead check cuts history.
const CUTS: usize = 24;

/// Arguments of `backtest`.
#[derive(Clone, Debug, Args)]
#[command(
    after_help = "Example: plimsoll backtest --strategy sma_crossover --param fast=20 --ticker AAPL"
)]
pub struct BacktestArgs {
    /// Name or label of the strategy (`plimsoll strategies` lists them)
    #[arg(long, value_name = "NAME", required_unless_present = "receipt")]
    pub strategy: Option<String>,
    /// A parameter of the strategy; may be repeated
    #[arg(long = "param", value_name = "NAME=VALUE")]
    pub params: Vec<ParamArg>,
    /// What to test on.
    #[command(flatten)]
    pub source: SourceArgs,
    /// Money, costs and rules.
    #[command(flatten)]
    pub costs: CostArgs,
    /// A ticker or file to compare with
    #[arg(long, value_name = "T|FILE")]
    pub benchmark: Option<String>,
    /// How many variants were tried before this one, for the deflated Sharpe ratio
    #[arg(long, value_name = "N", default_value = "1", value_parser = counted::<u64>)]
    pub trials: u64,
    /// Seed of the resampling
    #[arg(long, value_name = "S", default_value = "0", value_parser = whole::<u64>)]
    pub seed: u64,
    /// Cut history at random bars and compare every decision
    #[arg(long)]
    pub check_lookahead: bool,
    /// Write the receipt here; without --strategy: make the receipt's test again and compare
    #[arg(long, value_name = "FILE")]
    pub receipt: Option<PathBuf>,
    /// Write each bar's decision here, as CSV
    #[arg(long, value_name = "FILE")]
    pub decisions: Option<PathBuf>,
    /// Write the trades here, as CSV
    #[arg(long, value_name = "FILE")]
    pub trades: Option<PathBuf>,
    /// Write the equity curve here, as CSV
    #[arg(long, value_name = "FILE")]
    pub equity: Option<PathBuf>,
}

/// The report of a backtest, as programs read it.
#[derive(Debug, Serialize)]
pub struct Report {
    /// Name of the strategy.
    pub strategy: &'static str,
    /// Its parameters.
    pub params: serde_json::Map<String, serde_json::Value>,
    /// The instruments.
    pub symbols: Vec<String>,
    /// First bar.
    pub from: String,
    /// Last bar.
    pub to: String,
    /// Bars tested.
    pub bars: usize,
    /// What was measured.
    pub metrics: Measured,
    /// Round trips, what is still open last.
    pub trades: Vec<TradeRow>,
    /// Money to begin with.
    pub cash: f64,
    /// Equity at the last close.
    pub final_equity: f64,
    /// Commissions paid.
    pub fees: f64,
    /// What slippage took.
    pub slippage: f64,
    /// What holding cost.
    pub financing: f64,
    /// What the result rests on.
    pub assumptions: Vec<String>,
    /// How much of it may be luck.
    pub statistics: Honesty,
    /// What the look-ahead check found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lookahead: Option<Lookahead>,
}

#[derive(Serialize)]
struct WithReceipt<'a> {
    #[serde(flatten)]
    report: &'a Report,
    receipt: &'a Receipt,
}

/// Runs the command.
///
/// # Errors
/// [`CliError`]; a failed look-ahead check and a result that differs from its receipt are failures.
pub fn run(arguments: &BacktestArgs, ctx: &Context) -> Result<(), CliError> {
    match (&arguments.strategy, &arguments.receipt) {
        (Some(name), receipt) => {
            let made = make(name, arguments, &receipt::request(), ctx)?;
            if let Some(path) = receipt {
                write_file::<std::io::Error>(path, |out| {
                    serde_json::to_writer_pretty(&mut *out, &made.receipt)?;
                    out.write_all(b"\n")
                })?;
            }
            made.show(arguments, ctx)
        }
        (None, Some(path)) => repeat(path, arguments, ctx),
        (None, None) => Err(CliError::Usage("say which --strategy to test".to_owned())),
    }
}

/// Makes a receipt's test again.
fn repeat(path: &Path, now: &BacktestArgs, ctx: &Context) -> Result<(), CliError> {
    let old = receipt::read(path)?;
    if old.kind != "backtest" {
        return Err(CliError::Usage(format!(
            "{} is the receipt of a {}; only a backtest's can be repeated here",
            path.display(),
            old.kind
        )));
    }
    let request = receipt::arguments(&old)?;
    let command = BacktestArgs::augment_args(clap::Command::new("backtest").no_binary_name(true));
    let matches = command
        .try_get_matches_from(request.iter().skip(1))
        .and_then(|matches| BacktestArgs::from_arg_matches(&matches))
        .map_err(|error| CliError::Failed(format!("cannot follow the receipt: {error}")))?;
    let arguments = BacktestArgs {
        decisions: now.decisions.clone(),
        trades: now.trades.clone(),
        equity: now.equity.clone(),
        ..matches
    };
    let name = arguments.strategy.clone().unwrap_or_default();
    let made = make(&name, &arguments, &request, ctx)?;
    receipt::compare(&old, &made.receipt)?;
    made.show(&arguments, ctx)?;
    ctx.note("the receipt's result was reproduced, byte for byte");
    Ok(())
}

/// A backtest that was made.
pub struct Made {
    entry: &'static Entry,
    prices: Prices,
    run: Run,
    decisions: Option<Vec<Vec<i8>>>,
    report: Report,
    receipt: Receipt,
}

fn make(
    name: &str,
    arguments: &BacktestArgs,
    request: &[String],
    ctx: &Context,
) -> Result<Made, CliError> {
    let entry = find_strategy(name)?;
    let params = parse_params(entry, &arguments.params)?;
    let loaded = load_series(&arguments.source, ctx)?;
    let benchmark = arguments.benchmark.as_deref();
    let benchmark = benchmark.map(|name| load_benchmark(name, arguments, ctx)).transpose()?;
    let prices = together(loaded, &arguments.costs)?;
    test(entry, &params, prices, benchmark.as_ref(), arguments, request, ctx)
}

/// Tests a strategy on prices.
///
/// # Errors
/// [`CliError`].
fn test(
    entry: &'static Entry,
    params: &Params,
    prices: Prices,
    benchmark: Option<&Loaded>,
    arguments: &BacktestArgs,
    request: &[String],
    ctx: &Context,
) -> Result<Made, CliError> {
    let setup = arguments.costs.setup();
    let history = &prices.history;
    check_timeframe(entry, history)?;
    let range = 0..history.series[0].len();
    let record = arguments.decisions.is_some();
    let job = Job { history, range: range.clone(), params, setup: &setup, record };
    let stop = ctx.stop_flag();
    let (run, decisions) =
        entry.runner.backtest(&job, &mut AllowAll, stop).map_err(strategy_failure)?;
    let lookahead = arguments
        .check_lookahead
        .then(|| {
            let drawn = (CUTS, arguments.seed);
            check_lookahead(entry, history, range, params, &setup, drawn, stop)
        })
        .transpose()
        .map_err(strategy_failure)?;
    let compared = benchmark.map(|loaded| {
        benchmark_returns(&run.timeline, loaded).ok_or_else(|| {
            CliError::Usage(format!("the benchmark {} begins after the test", loaded.symbol))
        })
    });
    let compared = compared.transpose()?;
    let trials = Trials { count: arguments.trials, variance: None };
    let (first, last) = prices.span();
    let report = Report {
        strategy: entry.name,
        params: entry.named(params.values()),
        symbols: history.series.iter().map(|series| series.symbol.clone()).collect(),
        from: bar_time(first, history),
        to: bar_time(last, history),
        bars: run.equity.len(),
        metrics: Measured::of(&run, history, compared.as_deref(), 0.0),
        trades: trade_rows(&run, history),
        cash: setup.cash,
        final_equity: run.equity.last().copied().unwrap_or(setup.cash),
        fees: run.portfolio.fees,
        slippage: run.portfolio.slippage,
        financing: run.portfolio.financing,
        assumptions: assumptions(history, &setup),
        statistics: Honesty::of(&run.timeline, &run.equity, history, trials, arguments.seed),
        lookahead,
    };
    let receipt = Receipt {
        engine: crate::engine_version().to_owned(),
        kind: "backtest".to_owned(),
        strategy: entry.name.to_owned(),
        params: serde_json::Value::Object(report.params.clone()),
        data: prices.data.clone(),
        setup: setup_receipt(history, &setup),
        seed: arguments.seed,
        request: serde_json::json!(request),
        result: receipt::result_hash(&report)?,
    };
    Ok(Made { entry, prices, run, decisions, report, receipt })
}

/// Refuses daily bars for a strategy that needs several a session.
///
/// # Errors
/// [`CliError::Usage`].
pub fn check_timeframe(entry: &Entry, history: &engine::History) -> Result<(), CliError> {
    if entry.intraday_only && !history.timeframe.is_intraday() {
        return Err(CliError::Usage(format!(
            "{} needs several bars a session; these are {} bars",
            entry.name, history.timeframe
        )));
    }
    Ok(())
}

fn load_benchmark(name: &str, arguments: &BacktestArgs, ctx: &Context) -> Result<Loaded, CliError> {
    let source = SourceArgs { source: None, from: None, to: None, ..arguments.source.clone() };
    let path = Path::new(name);
    if path.is_file() { load_file(path, &source) } else { load_ticker(name, &source, ctx) }
}

impl Made {
    fn show(&self, arguments: &BacktestArgs, ctx: &Context) -> Result<(), CliError> {
        self.write_files(arguments)?;
        if ctx.json {
            ctx.print_json(&WithReceipt { report: &self.report, receipt: &self.receipt })?;
        } else {
            ctx.print(&self.for_people(arguments.benchmark.is_some()))?;
        }
        match &self.report.lookahead {
            Some(check) if !check.passed => Err(CliError::Failed(
                "the strategy looks ahead: decisions changed when later bars were taken away"
                    .to_owned(),
            )),
            _ => Ok(()),
        }
    }

    fn write_files(&self, arguments: &BacktestArgs) -> Result<(), CliError> {
        let history = &self.prices.history;
        if let Some(path) = &arguments.equity {
            write_file::<std::io::Error>(path, |out| {
                writeln!(out, "timestamp,equity,drawdown")?;
                let mut peak = f64::NEG_INFINITY;
                for (&ts, &equity) in self.run.timeline.iter().zip(&self.run.equity) {
                    peak = equity.max(peak);
                    writeln!(out, "{},{equity},{}", bar_time(ts, history), equity / peak - 1.0)?;
                }
                Ok(())
            })?;
        }
        if let Some(path) = &arguments.trades {
            write_file::<std::io::Error>(path, |out| {
                writeln!(
                    out,
                    "symbol,side,quantity,entry_time,entry_price,exit_time,exit_price,pnl,fees,\
                     bars_held,mae,mfe"
                )?;
                for trade in &self.report.trades {
                    let side = match trade.side {
                        engine::Side::Buy => "buy",
                        engine::Side::Sell => "sell",
                    };
                    let exit_price = trade.exit_price.map(|at| at.to_string()).unwrap_or_default();
                    writeln!(
                        out,
                        "{},{side},{},{},{},{},{exit_price},{},{},{},{},{}",
                        trade.symbol,
                        trade.quantity,
                        trade.entry_time,
                        trade.entry_price,
                        trade.exit_time.as_deref().unwrap_or_default(),
                        trade.pnl,
                        trade.fees,
                        trade.bars_held,
                        trade.mae,
                        trade.mfe
                    )?;
                }
                Ok(())
            })?;
        }
        if let (Some(path), Some(decisions)) = (&arguments.decisions, &self.decisions) {
            write_file::<std::io::Error>(path, |out| {
                let many = decisions.len() > 1;
                writeln!(
                    out,
                    "{}",
                    if many { "timestamp,symbol,target" } else { "timestamp,target" }
                )?;
                for (series, targets) in history.series.iter().zip(decisions) {
                    for (&ts, target) in series.raw().ts.iter().zip(targets) {
                        let at = bar_time(ts, history);
                        match many {
                            true => writeln!(out, "{at},{},{target}", series.symbol)?,
                            false => writeln!(out, "{at},{target}")?,
                        }
                    }
                }
                Ok(())
            })?;
        }
        Ok(())
    }

    fn for_people(&self, compared: bool) -> String {
        let Report { metrics, statistics, .. } = &self.report;
        let mut text =
            paragraph(&format!("{} on {}", self.entry.label, self.prices.name()), "", "");
        let params = params_line(&self.report.params);
        if !params.is_empty() {
            text += &paragraph(&params, "", "");
        }
        let sources: Vec<&str> = self.prices.data.iter().map(|data| data.source.as_str()).collect();
        text += &paragraph(
            &format!(
                "{} bars of {}, {} to {}, source {}",
                count(self.report.bars as u64),
                self.prices.history.timeframe,
                self.report.from,
                self.report.to,
                sources.join(", ")
            ),
            "",
            "",
        );
        text += "\n";
        text += &curve(&self.run.equity);
        text += "\n";
        text += &self.figures(compared);
        text += "\nWhat it is worth\n";
        text += &bullets(&verdict(metrics, statistics));
        text += "\nWhat it rests on\n";
        text += &bullets(&self.report.assumptions);
        if let Some(check) = &self.report.lookahead {
            let said = match &check.first_difference {
                None => format!(
                    "History was cut at {} bars: all {} decisions stayed what they were.",
                    check.cuts,
                    count(check.checked)
                ),
                Some(difference) => format!(
                    "LOOKS AHEAD: on {} at {} the target is {}, and {} when history ends at {}.",
                    difference.symbol,
                    difference.bar,
                    difference.with_future,
                    difference.without_future,
                    difference.cut
                ),
            };
            text += "\nLook-ahead\n";
            text += &bullets([&said]);
        }
        text += &format!("\nReceipt {}\n", &self.receipt.result[..16]);
        text
    }

    fn figures(&self, compared: bool) -> String {
        let report = &self.report;
        let returns = &report.metrics.returns;
        let shown = |key: &str| metric(key, report.metrics.get(key).flatten());
        let mut pairs = vec![
            ("equity", format!("{} → {}", money(report.cash), money(report.final_equity))),
            ("total return", shown("total_return")),
            ("a year", shown("cagr")),
            ("volatility", shown("annual_volatility")),
            ("Sharpe ratio", shown("sharpe_ratio")),
            ("Sortino ratio", shown("sortino_ratio")),
            (
                "deepest drawdown",
                format!(
                    "{}, longest {} bars",
                    shown("max_drawdown"),
                    count(returns.max_drawdown_duration as u64)
                ),
            ),
            (
                "closed trades",
                format!(
                    "{}, {} of them won",
                    report.metrics.trades.closed_trades,
                    percent(report.metrics.trades.win_rate_trades)
                ),
            ),
            ("in the market", percent(report.metrics.exposure)),
            (
                "costs",
                format!(
                    "{} commission, {} slippage{}",
                    money(report.fees),
                    money(report.slippage),
                    if report.financing == 0.0 {
                        String::new()
                    } else {
                        format!(", {} financing", money(report.financing))
                    }
                ),
            ),
        ];
        if compared {
            let against = format!(
                "alpha {}, beta {}, correlation {}",
                shown("alpha"),
                shown("beta"),
                shown("correlation")
            );
            pairs.push(("benchmark", against));
        }
        Table::of_pairs(pairs).render()
    }
}

/// An equity curve in one line, with its ends.
pub fn curve(equity: &[f64]) -> String {
    let end = |value: Option<&f64>| money(value.copied());
    let (first, last) = (end(equity.first()), end(equity.last()));
    let room = WIDTH.saturating_sub(first.len() + last.len() + 2);
    format!("{first} {} {last}\n", sparkline(equity, room))
}
