//! The command line: what can be asked, and how an answer becomes an exit code.

use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, CommandFactory, FromArgMatches, Parser};

use crate::Context;
use crate::commands::{self, Command};
use crate::error::CliError;
use crate::output::note;
use crate::settings::{Environment, Settings};

/// A self-hosted trading platform: an honest backtest on real data.
///
/// Results go to stdout, progress and messages to stderr. Exit codes: 0 done, 1 failed, 2 bad usage.
/// Nothing here is investment advice.
#[derive(Debug, Parser)]
#[command(
    name = "plimsoll",
    version,
    after_help = "Example: plimsoll data ls",
    disable_help_subcommand = true,
    max_term_width = 80
)]
pub struct Cli {
    /// What applies to every command.
    #[command(flatten)]
    pub global: GlobalArgs,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What applies to every command.
#[derive(Debug, Args)]
pub struct GlobalArgs {
    /// Configuration file [default: ./plimsoll.toml, else the user's]
    #[arg(long, global = true, value_name = "FILE", help_heading = "Everywhere")]
    pub config: Option<PathBuf>,
    /// Print the result as JSON, for programs
    #[arg(long, global = true, help_heading = "Everywhere")]
    pub json: bool,
    /// No progress bar and no remarks on stderr, errors only
    #[arg(long, short, global = true, help_heading = "Everywhere")]
    pub quiet: bool,
}

/// Runs the program with the arguments of the process.
pub fn main() -> ExitCode {
    match run(std::env::args_os(), &Environment::of_process()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            match &error {
                CliError::ReaderGone => {}
                CliError::Stopped => note("stopped"),
                CliError::Usage(text) | CliError::Failed(text) if text.is_empty() => {}
                CliError::Usage(text) | CliError::Failed(text) => note(&format!("error: {text}")),
            }
            ExitCode::from(error.exit_code())
        }
    }
}

/// Reads arguments, the program's name first, and does what they say.
///
/// # Errors
/// [`CliError`]; one with an empty text has been explained already.
pub fn run(
    arguments: impl IntoIterator<Item = OsString>,
    environment: &Environment,
) -> Result<(), CliError> {
    let parsed = definition()
        .try_get_matches_from(arguments)
        .and_then(|mut found| Cli::from_arg_matches_mut(&mut found));
    let Cli { global, command } = match parsed {
        Ok(cli) => cli,
        Err(answer) => return print_answer(&answer),
    };
    let settings = Settings::load(global.config.as_deref(), environment);
    let GlobalArgs { json, quiet, .. } = global;
    match command {
        Command::Completions(arguments) => commands::completions::run(&arguments, definition()),
        Command::Doctor => commands::doctor::run(settings, environment, json),
        command => {
            let settings = settings.map_err(|error| match error {
                crate::settings::SettingsError::Unreadable { .. } => CliError::failed(error),
                error => CliError::usage(error),
            })?;
            commands::run(command, &Context { settings, json, quiet })
        }
    }
}

/// The commands and options.
///
/// Every option takes what looks like a negative number for its value, so that it can say itself
/// what it allows; clap would call it an unexpected argument.
fn definition() -> clap::Command {
    fn with_negative_numbers(command: clap::Command) -> clap::Command {
        command
            .mut_args(|argument| {
                let takes_value = argument.get_action().takes_values() && !argument.is_positional();
                argument.allow_negative_numbers(takes_value)
            })
            .mut_subcommands(with_negative_numbers)
    }
    with_negative_numbers(Cli::command())
}

/// Prints what clap has to say: help and version on stdout, faults of usage on stderr.
fn print_answer(answer: &clap::Error) -> Result<(), CliError> {
    match answer.print() {
        Ok(()) if answer.use_stderr() => Err(CliError::Usage(String::new())),
        Ok(()) => io::Write::flush(&mut io::stdout()).map_err(CliError::of_output),
        Err(_) if answer.use_stderr() => Err(CliError::Usage(String::new())),
        Err(error) => Err(CliError::of_output(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::definition;

    #[test]
    fn the_definition_is_sound() {
        definition().debug_assert();
    }

    #[test]
    fn every_command_explains_itself_with_an_example() {
        fn check(command: &clap::Command, path: &str) {
            let path = format!("{path} {}", command.get_name());
            let about = command.get_about().map(ToString::to_string).unwrap_or_default();
            assert!(!about.is_empty(), "{path} has no description");
            let after = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(after.contains("plimsoll"), "{path} has no example");
            for argument in command.get_arguments().filter(|argument| !argument.is_global_set()) {
                assert!(argument.get_help().is_some(), "{path}: {} has no help", argument.get_id());
            }
            for below in command.get_subcommands() {
                check(below, &path);
            }
        }
        check(&definition(), "");
    }
}
