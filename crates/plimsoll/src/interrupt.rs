//! Ctrl-C: the first one asks work to stop, the second one ends the process.

use std::process;
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::output::note;

/// Exit code of a process that Ctrl-C ended, as shells have it: 128 + SIGINT.
pub const EXIT_CODE: u8 = 130;

static STOP: AtomicBool = AtomicBool::new(false);
static INSTALL: Once = Once::new();

/// The flag that Ctrl-C raises, for work that looks at it and cleans up.
///
/// Only from the first call on is Ctrl-C a request: a command that never asks for the flag, such as
/// one that waits for a line of input, is ended by the first Ctrl-C as any program is.
pub fn flag() -> &'static AtomicBool {
    INSTALL.call_once(|| {
        let handler = || {
            if STOP.swap(true, Ordering::Relaxed) {
                process::exit(i32::from(EXIT_CODE));
            }
        };
        if let Err(error) = ctrlc::set_handler(handler) {
            note(&format!("warning: Ctrl-C ends the program at once ({error})"));
        }
    });
    &STOP
}
