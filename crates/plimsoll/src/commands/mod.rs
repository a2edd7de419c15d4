//! What can be asked of the program: one module a command.

pub mod arguments;
pub mod backtest;
pub mod calc;
pub mod completions;
pub mod costs;
pub mod data;
pub mod doctor;
pub mod evaluate;
pub mod failure;
pub mod grid;
pub mod receipt;
pub mod search;
pub mod source;
pub mod strategies;
pub mod sweep;
pub mod tour;
pub mod walk_forward;
pub mod worker;

mod sweep_table;

use clap::Subcommand;

use crate::Context;
use crate::error::CliError;

/// A command with its arguments.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Test one strategy on history
    Backtest(Box<backtest::BacktestArgs>),
    /// Test one strategy with many parameter sets
    Sweep(Box<sweep::SweepArgs>),
    /// Test every strategy on each instrument, and rank them out of sample
    Evaluate(Box<evaluate::EvaluateArgs>),
    /// Choose parameters on the past and judge them on what came after
    WalkForward(Box<walk_forward::WalkForwardArgs>),
    /// Import, list, check and export price data
    Data(data::DataArgs),
    /// Compute one thing: an indicator, metrics, a calendar, fills, statistics
    Calc(calc::CalcArgs),
    /// List the strategies with their parameters
    #[command(after_help = "Example: plimsoll strategies --json")]
    Strategies,
    /// Do the jobs of the queue: tests that a server was asked for, and schedules
    #[command(after_help = "Example: PLIMSOLL_JOBS__WORKERS=2 plimsoll worker")]
    Worker,
    /// Show what Plimsoll does, on the bundled history
    #[command(after_help = "Example: plimsoll tour")]
    Tour,
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
        Command::Backtest(arguments) => backtest::run(&arguments, ctx),
        Command::Sweep(arguments) => sweep::run(&arguments, ctx),
        Command::Evaluate(arguments) => evaluate::run(&arguments, ctx),
        Command::WalkForward(arguments) => walk_forward::run(&arguments, ctx),
        Command::Worker => worker::run(ctx),
        Command::Tour => tour::run(ctx),
        Command::Data(arguments) => data::run(&arguments, ctx),
        Command::Calc(arguments) => calc::run(&arguments, ctx),
        Command::Strategies => strategies::run(ctx),
        // These two work without a sound configuration, and are run before it is needed.
        Command::Doctor | Command::Completions(_) => Ok(()),
    }
}
