//! `plimsoll completions`: a script that completes commands and flags in a shell.

use std::io::{self, Write};

use clap::{Args, Command};
use clap_complete::{Shell, generate};

use crate::error::CliError;

/// Arguments of `completions`.
#[derive(Debug, Args)]
#[command(after_help = "Example: plimsoll completions bash > \
    ~/.local/share/bash-completion/completions/plimsoll")]
pub struct CompletionsArgs {
    /// The shell
    pub shell: Shell,
}

/// Prints the script for `program`.
///
/// # Errors
/// [`CliError::of_output`] of what stdout answers.
pub fn run(arguments: &CompletionsArgs, mut program: Command) -> Result<(), CliError> {
    // The generator panics when it cannot write, so it writes where it always can.
    let mut script = Vec::new();
    generate(arguments.shell, &mut program, "plimsoll", &mut script);
    let mut out = io::stdout().lock();
    out.write_all(&script).and_then(|()| out.flush()).map_err(CliError::of_output)
}
