//! `plimsoll evaluate`: every strategy on each instrument.

use std::collections::BTreeMap;

use clap::Args;
use engine::{
    Evaluated, Evaluation, Honesty, Receipt, Setup, assumptions, evaluate, setup_receipt,
};
use serde::Serialize;

use super::arguments::whole;
use super::source::{SourceArgs, load_series};
use crate::Context;
use crate::error::CliError;
use crate::lab::costs::CostArgs;
use crate::lab::prices::{Prices, apart};
use crate::lab::text::bullets;
use crate::lab::{check_metric, receipt, strategy_failure};
use crate::output::metrics::{label, metric};
use crate::output::number::{percent, ratio};
use crate::output::sparkline::sparkline;
use crate::output::table::{Align, Table};

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

/// One instrument's answer, as programs read it.
#[derive(Serialize)]
struct Answer<'a> {
    best_strategy: Option<&'static str>,
    best_score: Option<f64>,
    metric: &'a str,
    all_results: BTreeMap<&'static str, &'a Evaluated>,
    statistics: &'a Option<Honesty>,
    assumptions: Vec<String>,
}

#[derive(Serialize)]
struct WithReceipt<'a> {
    #[serde(flatten)]
    answer: Answer<'a>,
    receipt: Receipt,
}

/// Runs the command.
///
/// # Errors
/// [`CliError`].
pub fn run(arguments: &EvaluateArgs, ctx: &Context) -> Result<(), CliError> {
    check_metric(&arguments.metric)?;
    let loaded = load_series(&arguments.source, ctx)?;
    let prices = apart(loaded, 1, &arguments.costs)?;
    let setup = arguments.costs.setup();
    let mut found = Vec::new();
    let progress = ctx.progress("instruments", prices.len() as u64);
    for subject in &prices {
        let evaluation = evaluate(
            strategies::catalogue(),
            &subject.history,
            &setup,
            &arguments.metric,
            arguments.seed,
            ctx.stop_flag(),
        )
        .map_err(strategy_failure)?;
        found.push((subject, evaluation));
        progress.set(found.len() as u64, prices.len() as u64);
    }
    drop(progress);
    if ctx.json {
        let mut answers = BTreeMap::new();
        for (subject, evaluation) in &found {
            answers.insert(subject.name(), answer(subject, evaluation, &setup, arguments)?);
        }
        return ctx.print_json(&answers);
    }
    let mut text = String::new();
    for (subject, evaluation) in &found {
        text += &for_people(subject, evaluation, &arguments.metric);
        text.push('\n');
    }
    if let Some((subject, _)) = found.first() {
        text += "What it rests on\n";
        text += &bullets(&assumptions(&subject.history, &setup));
    }
    ctx.print(&text)
}

fn answer<'a>(
    subject: &Prices,
    evaluation: &'a Evaluation,
    setup: &Setup,
    arguments: &'a EvaluateArgs,
) -> Result<WithReceipt<'a>, CliError> {
    let best = evaluation.ranked.first();
    let answer = Answer {
        best_strategy: best.map(|best| best.strategy),
        best_score: best.and_then(|best| best.out_of_sample),
        metric: &arguments.metric,
        all_results: evaluation.ranked.iter().map(|e| (e.strategy, e)).collect(),
        statistics: &evaluation.honesty,
        assumptions: assumptions(&subject.history, setup),
    };
    let params = evaluation.ranked.iter().map(|e| (e.strategy.to_owned(), e.params.clone().into()));
    let receipt = Receipt {
        engine: crate::engine_version().to_owned(),
        kind: "evaluate".to_owned(),
        strategy: "all".to_owned(),
        params: params.collect::<serde_json::Map<_, _>>().into(),
        data: subject.data.clone(),
        setup: setup_receipt(&subject.history, setup),
        seed: arguments.seed,
        request: serde_json::json!(receipt::request()),
        result: receipt::result_hash(&answer)?,
    };
    Ok(WithReceipt { answer, receipt })
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
