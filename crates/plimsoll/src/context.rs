//! What every command is given beside its arguments.

use std::io::{self, BufWriter, StdoutLock, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use serde::Serialize;

use crate::error::CliError;
use crate::interrupt;
use crate::output::progress::Progress;
use crate::output::{json, note};
use crate::settings::Settings;

/// The configuration in force, how to print, and whether to stop.
#[derive(Debug)]
pub struct Context {
    /// The configuration in force.
    pub settings: Settings,
    /// Whether results are for programs.
    pub json: bool,
    /// Whether stderr shall carry errors only.
    pub quiet: bool,
}

impl Context {
    /// Prints a result for people, which ends its last line itself.
    ///
    /// # Errors
    /// [`CliError::of_output`] of what stdout answers.
    pub fn print(&self, text: &str) -> Result<(), CliError> {
        self.write(|out| out.write_all(text.as_bytes()))
    }

    /// Prints a result for programs: one line of JSON.
    ///
    /// # Errors
    /// As [`Context::print`].
    pub fn print_json<T: Serialize + ?Sized>(&self, value: &T) -> Result<(), CliError> {
        self.write(|out| json::write_line(out, value))
    }

    /// Writes to stdout and sees that it arrives.
    ///
    /// # Errors
    /// As [`Context::print`].
    pub fn write(
        &self,
        write: impl FnOnce(&mut BufWriter<StdoutLock<'static>>) -> io::Result<()>,
    ) -> Result<(), CliError> {
        let mut out = BufWriter::new(io::stdout().lock());
        write(&mut out).and_then(|()| out.flush()).map_err(CliError::of_output)
    }

    /// Says something on stderr that is no result.
    pub fn note(&self, text: &str) {
        if !self.quiet {
            note(text);
        }
    }

    /// A progress bar for long work.
    pub fn progress(&self, what: &str, total: u64) -> Progress {
        Progress::new(what, total, self.quiet)
    }

    /// The flag that Ctrl-C raises; see [`interrupt::flag`].
    pub fn stop_flag(&self) -> &'static AtomicBool {
        interrupt::flag()
    }

    /// Ends a command that was asked to stop, between two steps of its work.
    ///
    /// # Errors
    /// [`CliError::Stopped`] after Ctrl-C.
    pub fn check_stopped(&self) -> Result<(), CliError> {
        if self.stop_flag().load(Ordering::Relaxed) { Err(CliError::Stopped) } else { Ok(()) }
    }
}
