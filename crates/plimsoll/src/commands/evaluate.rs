//! `plimsoll evaluate`: every strategy on each instrument.

use clap::Args;
use engine::{Evaluation, assumptions};
use jobs::lab::evaluation::{EvaluationRequest, evaluation};
use jobs::lab::prices::Prices;

use super::arguments::whole;
use super::costs::CostArgs;
use super::receipt;
use super::source::SourceArgs;
use crate::Context;
use crate::error::CliError;
use crate::output::metrics::{label, metric};
use crate::output::number::{percent, ratio};
use crate::output::sparkline::sparkline;
use crate::output::table::{Align, Table};
use crate::output::text::bullets;
use crate::output::watch::watched;

/// Width of the equity curves beside the figures.
const CURVE: usize = 8;

/// Arguments of `evaluate`.
#[derive(Clone, Debug, Args)]
#[command(after_help = "Example: plimsoll evaluate --ticker AAPL --ticker MSFT")]
pub struct EvaluateArgs {
    /// What to test on; each instrument is tested on its own.
    #[command(flatten)]
    pub source: SourceArgs,
    /// Money, costs and rules.
    #[command(flatten)]
    pub costs: CostArgs,
    /// What ranks the strategies, out of sample: a metric's key
    #[arg(long, value_name = "KEY", default_value = "sharpe_ratio")]
    pub metric: String,
    /// Seed of the resampling
    #[arg(long, value_name = "S", default_value = "0", value_parser = whole::<u64>)]
    pub seed: u64,
}

/// Runs the command.
///
/// # Errors
/// [`CliError`].
pub fn run(arguments: &EvaluateArgs, ctx: &Context) -> Result<(), CliError> {
    let request = EvaluationRequest {
        source: arguments.source.source()?,
        costs: arguments.costs.costs()?,
        metric: arguments.metric.clone(),
        seed: arguments.seed,
    };
    let made = watched(ctx, "instruments", |bench| evaluation(&request, bench))?;
    if ctx.json {
        return ctx.print_json(&made.answers(&receipt::request())?);
    }
    let mut text = String::new();
    for (subject, evaluation) in &made.found {
        text += &for_people(subject, evaluation, &arguments.metric);
        text.push('\n');
    }
    if let Some((subject, _)) = made.found.first() {
        text += "What it rests on\n";
        text += &bullets(&assumptions(&subject.history, &made.setup));
    }
    ctx.print(&text)
}

/// The ranking of one instrument, with its verdict.
pub fn for_people(subject: &Prices, evaluation: &Evaluation, key: &str) -> String {
    let by = label(key);
    let mut table = Table::new([
        ("strategy", Align::Left),
        ("out", Align::Right),
        ("before", Align::Right),
        ("return", Align::Right),
        ("drawdown", Align::Right),
        ("trades", Align::Right),
        ("equity", Align::Left),
    ]);
    for result in &evaluation.ranked {
        let of = |key: &str| metric(key, result.metrics.get(key).flatten());
        let few = if result.few_trades { " *" } else { "" };
        table.row([
            format!("{}{few}", result.strategy),
            metric(key, result.out_of_sample),
            metric(key, result.in_sample),
            of("total_return"),
            of("max_drawdown"),
            result.metrics.trades.closed_trades.to_string(),
            sparkline(&result.equity, CURVE),
        ]);
    }
    let mut text = format!(
        "{}: every strategy with its defaults\n{by} out of sample, and before; return and drawdown \
         of the whole span\n\n",
        subject.name()
    );
    text += &table.render();
    let mut lines = Vec::new();
    if evaluation.ranked.iter().any(|result| result.few_trades) {
        lines.push(format!(
            "* fewer than {} closed trades: ranked after the others.",
            engine::FEW_TRADES
        ));
    }
    if let (Some(best), Some(honesty)) = (evaluation.ranked.first(), &evaluation.honesty) {
        let holds = evaluation.ranked.iter().find(|result| result.strategy == "buy_and_hold");
        let beaten = holds
            .filter(|holds| holds.strategy != best.strategy)
            .map(|holds| format!(" Buying and holding had {}.", metric(key, holds.out_of_sample)));
        lines.push(format!(
            "Best of {} on the last {} % of sessions: {}, {by} {}.{}",
            evaluation.ranked.len(),
            ((1.0 - engine::IN_SAMPLE_SHARE) * 100.0).round(),
            best.strategy,
            metric(key, best.out_of_sample),
            beaten.unwrap_or_default()
        ));
        lines.push(format!(
            "The best of {} always looks good: the chance that its true Sharpe ratio is above what \
             luck would show is {}{}.",
            honesty.trials,
            percent(honesty.deflated_sharpe),
            honesty.bootstrap.sharpe_ratio.as_ref().map_or_else(String::new, |interval| format!(
                "; 95 of 100 resamples lie from {} to {}",
                ratio(interval.lower),
                ratio(interval.upper)
            ))
        ));
    }
    text + "\n" + &bullets(&lines)
}
