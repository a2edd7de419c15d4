//! How results look: tables and numbers for people, JSON for programs, progress on stderr.

pub mod file;
pub mod json;
pub mod log;
pub mod metrics;
pub mod number;
pub mod progress;
pub mod sparkline;
pub mod table;
pub mod text;
pub mod verdict;
pub mod watch;

use std::io::{self, Write};

/// Widest line that is printed for people, in characters.
pub const WIDTH: usize = 80;

/// Says something on stderr that is no result; a stderr that nobody reads is no fault.
pub fn note(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}
