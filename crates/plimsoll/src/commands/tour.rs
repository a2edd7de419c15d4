//! `plimsoll tour`: what Plimsoll does, on the bundled history.

use clap::{Args, FromArgMatches};

use super::backtest::{self, BacktestArgs};
use super::evaluate::{self, EvaluateArgs};
use crate::Context;
use crate::error::CliError;
use crate::output::text::paragraph;

/// What the tour runs, with a sentence about each.
const BACKTEST: &str = "--strategy sma_crossover --param fast=20 --param slow=50 --ticker AAPL \
                        --source bundled --benchmark ^GSPC --check-lookahead";
const EVALUATE: &str = "--ticker MSFT --source bundled";

/// Runs the tour.
///
/// # Errors
/// [`CliError`].
pub fn run(ctx: &Context) -> Result<(), CliError> {
    let step = |number: u32, text: &str, command: &str| {
        let rule = "─".repeat(crate::output::WIDTH);
        let text = paragraph(&format!("{number}. {text}"), "", "   ");
        let command = paragraph(&format!("plimsoll {command}"), "$ ", "    ");
        ctx.print(&format!("{rule}\n{text}\n{command}\n"))
    };
    ctx.print(&paragraph(
        "Plimsoll tests strategies on real prices and says what the result is worth. Nothing here \
         is investment advice.",
        "",
        "",
    ))?;
    step(
        1,
        "One strategy on real prices: orders fill at the next open, commission and slippage are \
         paid, and no decision sees a later bar.",
        &format!("backtest {BACKTEST}"),
    )?;
    backtest::run(&parse::<BacktestArgs>(BACKTEST)?, ctx)?;
    step(
        2,
        "Every strategy of the catalogue on another share, ranked by what it did on the last 30 % \
         of the sessions.",
        &format!("evaluate {EVALUATE}"),
    )?;
    evaluate::run(&parse::<EvaluateArgs>(EVALUATE)?, ctx)?;
    ctx.print(&paragraph(
        "Next: plimsoll strategies · plimsoll sweep --help · plimsoll data import FILE · README.md",
        "",
        "",
    ))
}

fn parse<A: Args + FromArgMatches>(line: &str) -> Result<A, CliError> {
    let command = A::augment_args(clap::Command::new("tour").no_binary_name(true));
    command
        .try_get_matches_from(line.split_whitespace())
        .and_then(|matches| A::from_arg_matches(&matches))
        .map_err(CliError::failed)
}
