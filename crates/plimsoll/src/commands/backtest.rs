//! `plimsoll backtest`: one strategy on history.

use std::path::{Path, PathBuf};

use clap::{Args, FromArgMatches};
use engine::bar_time;
use jobs::lab::backtest::{Backtest, BacktestRequest, Benchmark, Report, backtest};
use jobs::lab::receipt::{WithReceipt, compare};

use super::arguments::{ParamArg, counted, whole};
use super::costs::CostArgs;
use super::receipt;
use super::source::SourceArgs;
use crate::Context;
use crate::error::CliError;
use crate::output::WIDTH;
use crate::output::file::write_file;
use crate::output::metrics::metric;
use crate::output::number::{count, money, percent};
use crate::output::sparkline::sparkline;
use crate::output::table::Table;
use crate::output::text::{bullets, paragraph, params as params_line};
use crate::output::verdict::verdict;
use crate::output::watch::watched;

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
            show(&made, arguments, ctx)
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
    compare(&old, &made.receipt)?;
    show(&made, &arguments, ctx)?;
    ctx.note("the receipt's result was reproduced, byte for byte");
    Ok(())
}

fn make(
    name: &str,
    arguments: &BacktestArgs,
    request: &[String],
    ctx: &Context,
) -> Result<Backtest, CliError> {
    let asked = arguments.request(name)?;
    Ok(watched(ctx, "steps", |bench| backtest(&asked, request, bench))?)
}

impl BacktestArgs {
    fn request(&self, name: &str) -> Result<BacktestRequest, CliError> {
        let params = self.params.iter().map(|param| Ok((param.name.clone(), param.number()?)));
        let benchmark = self.benchmark.as_ref().map(|name| match Path::new(name) {
            path if path.is_file() => Benchmark::File(path.to_owned()),
            _ => Benchmark::Ticker(name.clone()),
        });
        Ok(BacktestRequest {
            strategy: name.to_owned(),
            params: params.collect::<Result<_, CliError>>()?,
            source: self.source.source()?,
            costs: self.costs.costs()?,
            benchmark,
            trials: self.trials,
            seed: self.seed,
            check_lookahead: self.check_lookahead,
            record: self.decisions.is_some(),
        })
    }
}

fn show(made: &Backtest, arguments: &BacktestArgs, ctx: &Context) -> Result<(), CliError> {
    write_files(made, arguments)?;
    if ctx.json {
        ctx.print_json(&WithReceipt { report: &made.report, receipt: &made.receipt })?;
    } else {
        ctx.print(&for_people(made, arguments.benchmark.is_some()))?;
    }
    match &made.report.lookahead {
        Some(check) if !check.passed => Err(CliError::Failed(
            "the strategy looks ahead: decisions changed when later bars were taken away"
                .to_owned(),
        )),
        _ => Ok(()),
    }
}

fn write_files(made: &Backtest, arguments: &BacktestArgs) -> Result<(), CliError> {
    let history = &made.prices.history;
    if let Some(path) = &arguments.equity {
        write_file::<std::io::Error>(path, |out| {
            writeln!(out, "timestamp,equity,drawdown")?;
            let mut peak = f64::NEG_INFINITY;
            for (&ts, &equity) in made.run.timeline.iter().zip(&made.run.equity) {
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
            for trade in &made.report.trades {
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
    if let (Some(path), Some(decisions)) = (&arguments.decisions, &made.decisions) {
        write_file::<std::io::Error>(path, |out| {
            let many = decisions.len() > 1;
            writeln!(out, "{}", if many { "timestamp,symbol,target" } else { "timestamp,target" })?;
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

fn for_people(made: &Backtest, compared: bool) -> String {
    let Report { metrics, statistics, .. } = &made.report;
    let mut text = paragraph(&format!("{} on {}", made.entry.label, made.prices.name()), "", "");
    let params = params_line(&made.report.params);
    if !params.is_empty() {
        text += &paragraph(&params, "", "");
    }
    let sources: Vec<&str> = made.prices.data.iter().map(|data| data.source.as_str()).collect();
    text += &paragraph(
        &format!(
            "{} bars of {}, {} to {}, source {}",
            count(made.report.bars as u64),
            made.prices.history.timeframe,
            made.report.from,
            made.report.to,
            sources.join(", ")
        ),
        "",
        "",
    );
    text += "\n";
    text += &curve(&made.run.equity);
    text += "\n";
    text += &figures(made, compared);
    text += "\nWhat it is worth\n";
    text += &bullets(&verdict(metrics, statistics));
    text += "\nWhat it rests on\n";
    text += &bullets(&made.report.assumptions);
    if let Some(check) = &made.report.lookahead {
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
    text += &format!("\nReceipt {}\n", &made.receipt.result[..16]);
    text
}

fn figures(made: &Backtest, compared: bool) -> String {
    let report = &made.report;
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

/// An equity curve in one line, with its ends.
pub fn curve(equity: &[f64]) -> String {
    let end = |value: Option<&f64>| money(value.copied());
    let (first, last) = (end(equity.first()), end(equity.last()));
    let room = WIDTH.saturating_sub(first.len() + last.len() + 2);
    format!("{first} {} {last}\n", sparkline(equity, room))
}
