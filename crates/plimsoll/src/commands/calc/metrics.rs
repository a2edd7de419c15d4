//! `plimsoll calc metrics`: what a series of returns was worth.

use std::path::PathBuf;

use clap::Args;
use quant::metrics::Metrics;

use super::returns;
use crate::Context;
use crate::commands::arguments::positive;
use crate::error::CliError;
use crate::output::metrics::metrics_table;

/// Arguments of `calc metrics`.
#[derive(Debug, Args)]
#[command(
    after_help = "Example: plimsoll calc metrics --returns returns.csv --risk-free 0.02 --json"
)]
pub struct MetricsArgs {
    /// CSV with a column return, optionally benchmark, or one return a line; as fractions
    #[arg(long, value_name = "FILE")]
    pub returns: PathBuf,
    /// The benchmark's returns of the same periods, in the same form
    #[arg(long, value_name = "FILE")]
    pub benchmark: Option<PathBuf>,
    /// Periods in a year: 252 daily, 365 where the market never closes, 52, 12
    #[arg(long, value_name = "N", default_value = "252", value_parser = positive)]
    pub periods_per_year: f64,
    /// Annual effective risk-free rate, as a fraction
    #[arg(long, value_name = "X", default_value = "0", value_parser = rate)]
    pub risk_free: f64,
}

/// Prints every metric.
///
/// # Errors
/// [`CliError::Failed`] for a file that cannot be read, or benchmarks of another length.
pub fn run(arguments: &MetricsArgs, ctx: &Context) -> Result<(), CliError> {
    let of = returns::read(&arguments.returns)?;
    let benchmark = match &arguments.benchmark {
        // In a file of both columns the benchmark is the one that is meant.
        Some(path) => {
            let read = returns::read(path)?;
            if read.benchmark.is_empty() { read.returns } else { read.benchmark }
        }
        None => of.benchmark,
    };
    let (found, expected) = (benchmark.len(), of.returns.len());
    if found != 0 && found != expected {
        let fault = format!("the benchmark has {found} returns, there are {expected} to compare");
        return Err(CliError::Failed(fault));
    }
    let benchmark = (found > 0).then_some(benchmark.as_slice());
    let MetricsArgs { periods_per_year, risk_free, .. } = *arguments;
    let metrics = Metrics::of(&of.returns, benchmark, periods_per_year, risk_free);
    if ctx.json {
        return ctx.print_json(&metrics);
    }
    ctx.print(&metrics_table(&metrics))
}

fn rate(text: &str) -> Result<f64, String> {
    let rate = text.parse().ok().filter(|rate: &f64| rate.is_finite() && *rate > -1.0);
    rate.ok_or_else(|| "must be a number above -1, such as 0.02 for 2 %".to_owned())
}
