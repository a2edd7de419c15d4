//! What can be asked of the program: one module a command.

pub mod arguments;
pub mod calc;
pub mod completions;
pub mod data;
pub mod doctor;
pub mod failure;
pub mod source;
pub mod strategies;

use clap::Subcommand;

use crate::Context;
use crate::error::CliError;

/// A command with its arguments.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Import, list, check and export price data
    Data(data::DataArgs),
    /// Compute one thing: an indicator, metrics, a calendar, fills, statistics
    Calc(calc::CalcArgs),
    /// List the strategies with their parameters
    #[command(after_help = "Example: plimsoll strategies --json")]
    Strategies,
    /// Say which configuration is in force, from where, and what is wrong
    #[command(after_help = "Example: PLIMSOLL_JOBS__WORKERS=2 plimsoll doctor")]
    Doctor,
    /// Print completions for a shell
    Completions(completions::CompletionsArgs),
}

/// Does what a command says.
///
/// # Errors
/// [`CliError`] of the command.
pub fn run(command: Command, ctx: &Context) -> Result<(), CliError> {
    match command {
        Command::Data(arguments) => data::run(&arguments, ctx),
        Command::Calc(arguments) => calc::run(&arguments, ctx),
        Command::Strategies => strategies::run(ctx),
        // These two work without a sound configuration, and are run before it is needed.
        Command::Doctor | Command::Completions(_) => Ok(()),
    }
}
