//! `plimsoll calc`: one number at a time, for scripts and for checking us.

pub mod calendar;
pub mod fills;
pub mod indicator;
pub mod lines;
pub mod metrics;
pub mod statistics;

mod orders;
mod returns;

use clap::{Args, Subcommand};

use crate::Context;
use crate::error::CliError;

/// Arguments of `calc`.
#[derive(Debug, Args)]
#[command(after_help = "Example: plimsoll calc calendar NYSE --from 2026-11-01 --to 2026-12-31")]
pub struct CalcArgs {
    /// What to compute.
    #[command(subcommand)]
    pub what: Calc,
}

/// What can be computed.
#[derive(Debug, Subcommand)]
pub enum Calc {
    /// An indicator over bars
    Indicator(indicator::IndicatorArgs),
    /// All metrics of a series of returns
    Metrics(metrics::MetricsArgs),
    /// Sessions, holidays and last trading days of monthly options
    Calendar(calendar::CalendarArgs),
    /// How orders would fill: one JSON object a line in, one out
    Fills(fills::FillsArgs),
    /// Deflated Sharpe ratio, PBO and bootstrap: one JSON object a line in, one out
    Statistics(statistics::StatisticsArgs),
}

/// Computes what is asked.
///
/// # Errors
/// [`CliError`] of the computation.
pub fn run(arguments: &CalcArgs, ctx: &Context) -> Result<(), CliError> {
    match &arguments.what {
        Calc::Indicator(arguments) => indicator::run(arguments, ctx),
        Calc::Metrics(arguments) => metrics::run(arguments, ctx),
        Calc::Calendar(arguments) => calendar::run(arguments, ctx),
        Calc::Fills(arguments) => fills::run(arguments, ctx),
        Calc::Statistics(arguments) => statistics::run(arguments, ctx),
    }
}
