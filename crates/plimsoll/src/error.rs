//! Why a command ended without its result, and the exit code that says so.

use std::fmt::Display;
use std::io;

use crate::interrupt;

/// What went wrong, cut by what the caller's shell does next.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// What was asked for makes no sense: exit code 2.
    #[error("{0}")]
    Usage(String),
    /// What was asked for makes sense and could not be done: exit code 1.
    #[error("{0}")]
    Failed(String),
    /// The user stopped it: exit code 130.
    #[error("stopped")]
    Stopped,
    /// Whoever read our output went away, as `head` does: nothing is wrong, exit code 0.
    #[error("the reader of the output went away")]
    ReaderGone,
}

impl CliError {
    /// Bad usage, in the words of `cause`.
    pub fn usage(cause: impl Display) -> Self {
        Self::Usage(cause.to_string())
    }

    /// A failure, in the words of `cause`.
    pub fn failed(cause: impl Display) -> Self {
        Self::Failed(cause.to_string())
    }

    /// What a failed write to stdout means.
    pub fn of_output(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            Self::ReaderGone
        } else {
            Self::Failed(format!("cannot write the output: {error}"))
        }
    }

    /// The exit code of the process.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::ReaderGone => 0,
            Self::Failed(_) => 1,
            Self::Usage(_) => 2,
            Self::Stopped => interrupt::EXIT_CODE,
        }
    }
}
