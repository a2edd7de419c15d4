//! `plimsoll data`: what prices there are, and how they come in and go out.

pub mod export;
pub mod gaps;
pub mod import;
pub mod list;

mod view;

use clap::{Args, Subcommand};

use crate::Context;
use crate::error::CliError;

/// Arguments of `data`.
#[derive(Debug, Args)]
#[command(after_help = "Example: plimsoll data import prices.csv --symbol ACME")]
pub struct DataArgs {
    /// What to do with the data.
    #[command(subcommand)]
    pub what: Data,
}

/// What can be done with data.
#[derive(Debug, Subcommand)]
pub enum Data {
    /// List where bars come from
    #[command(after_help = "Example: plimsoll data sources")]
    Sources,
    /// List the stored series
    #[command(after_help = "Example: plimsoll data ls --json")]
    Ls,
    /// Check a CSV or Parquet file and store its bars
    Import(import::ImportArgs),
    /// Write a stored series to a CSV or Parquet file
    Export(export::ExportArgs),
    /// List bars that the exchange's calendar expects and a series lacks
    Gaps(gaps::GapsArgs),
}

/// Does what is asked.
///
/// # Errors
/// [`CliError`] of the task.
pub fn run(arguments: &DataArgs, ctx: &Context) -> Result<(), CliError> {
    match &arguments.what {
        Data::Sources => list::sources(ctx),
        Data::Ls => list::ls(ctx),
        Data::Import(arguments) => import::run(arguments, ctx),
        Data::Export(arguments) => export::run(arguments, ctx),
        Data::Gaps(arguments) => gaps::run(arguments, ctx),
    }
}
