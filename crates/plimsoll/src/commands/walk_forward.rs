//! `plimsoll walk-forward`: parameters chosen on the past, judged on what came after.

use clap::Args;
use engine::Window;
use jobs::lab::receipt::WithReceipt;
use jobs::lab::walk_forward::{Report, WalkForwardRequest, walk_forward};

use super::arguments::whole;
use super::backtest::curve;
use super::receipt;
use super::search::SearchArgs;
use crate::Context;
use crate::error::CliError;
use crate::output::metrics::{label, metric};
use crate::output::number::{count, percent, ratio};
use crate::output::table::{Align, Table};
use crate::output::text::{bullets, paragraph, params as params_line};
use crate::output::watch::watched;

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

/// Runs the command.
///
/// # Errors
/// [`CliError`].
pub fn run(arguments: &WalkForwardArgs, ctx: &Context) -> Result<(), CliError> {
    let request = WalkForwardRequest {
        search: arguments.search.request()?,
        train: arguments.train,
        test: arguments.test,
        purge: arguments.purge,
        anchored: arguments.anchored,
    };
    let asked = receipt::request();
    let (entry, report, receipt) =
        watched(ctx, "backtests", |bench| walk_forward(&request, &asked, bench))?;
    if ctx.json {
        ctx.print_json(&WithReceipt { report: &report, receipt: &receipt })
    } else {
        let title = paragraph(
            &format!("{}, walk-forward by {}", entry.label, label(&report.metric)),
            "",
            "",
        );
        ctx.print(&(title + &for_people(&report)))
    }
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
