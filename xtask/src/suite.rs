//! Runs every test of the workspace and of the web app, and says in one line how it went.
//!
//! Cargo prints one `test result:` a binary and no total. A binary that is killed prints none, and
//! a crate that does not compile starts none: both count as one failure, so that the last line can
//! never say less than the truth.

use std::ffi::OsString;
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};

use crate::tidy::cargo;
use crate::web;

/// Streams `cargo test` through and ends with `N passed, N failed`.
///
/// `flags`: handed on to `cargo test`.
///
/// # Errors
/// When cargo or npm cannot be started or their output cannot be read.
pub(crate) fn run(flags: &[OsString]) -> io::Result<ExitCode> {
    let mut child = Command::new(cargo())
        .args(["test", "--workspace", "--locked", "--no-fail-fast"])
        .args(flags)
        .stdout(Stdio::piped())
        .spawn()?;
    let mut tally = Tally::default();
    if let Some(output) = child.stdout.take() {
        copy(&mut BufReader::new(output), &mut io::stdout().lock(), &mut tally)?;
    }
    let succeeded = child.wait()?.success();
    let Tally { mut passed, mut failed, .. } = tally.finish(succeeded);
    // Flags choose among the tests of the workspace.
    if flags.is_empty() {
        let web = web::run(Path::new("web"))?;
        passed += web.0;
        failed += web.1;
    }
    println!("{passed} passed, {failed} failed");
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What the lines of `cargo test` add up to.
#[derive(Debug, Default, PartialEq, Eq)]
struct Tally {
    passed: u64,
    failed: u64,
    /// A binary announced its tests and has not told their result yet.
    running: bool,
}

impl Tally {
    fn read(&mut self, line: &str) {
        if is_announcement(line) {
            self.lose_running();
            self.running = true;
        } else if let Some((passed, failed)) = result_of(line) {
            self.passed += passed;
            self.failed += failed;
            self.running = false;
        }
    }

    fn finish(mut self, succeeded: bool) -> Self {
        self.lose_running();
        if !succeeded && self.failed == 0 {
            self.failed = 1;
        }
        self
    }

    /// Counts a binary that fell silent in the middle: it was killed or it aborted.
    fn lose_running(&mut self) {
        if self.running {
            self.failed += 1;
            self.running = false;
        }
    }
}

fn copy(from: &mut impl BufRead, to: &mut impl Write, tally: &mut Tally) -> io::Result<()> {
    let mut line = Vec::new();
    while from.read_until(b'\n', &mut line)? > 0 {
        to.write_all(&line)?;
        to.flush()?;
        tally.read(String::from_utf8_lossy(&line).trim_end());
        line.clear();
    }
    Ok(())
}

/// True for `running 3 tests`.
fn is_announcement(line: &str) -> bool {
    let Some(rest) = line.strip_prefix("running ") else { return false };
    let Some((count, noun)) = rest.split_once(' ') else { return false };
    count.parse::<u64>().is_ok() && matches!(noun, "test" | "tests")
}

/// Reads passed and failed from `test result: ok. 3 passed; 0 failed; 0 ignored; …`.
fn result_of(line: &str) -> Option<(u64, u64)> {
    let (_, counts) = line.strip_prefix("test result: ")?.split_once(". ")?;
    let count = |word: &str| {
        counts.split("; ").find_map(|part| part.strip_suffix(word)?.trim_end().parse().ok())
    };
    Some((count("passed")?, count("failed")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const OK: &str = "running 2 tests\n\ntest result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s\n";
    const BAD: &str = "running 4 tests\ntest a ... FAILED\ntest result: FAILED. 3 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.1s\n";

    #[test]
    fn results_add_up_and_silence_counts_as_a_failure() {
        let killed = "running 7 tests\ntest a ... ok\n";
        let cases: [(&str, String, bool, (u64, u64)); 7] = [
            ("two binaries", [OK, OK].concat(), true, (4, 0)),
            ("one failing", [OK, BAD, OK].concat(), false, (7, 1)),
            ("killed in the middle", [killed, OK].concat(), false, (2, 1)),
            ("killed last", [OK, killed].concat(), false, (2, 1)),
            ("does not compile", String::new(), false, (0, 1)),
            ("fails after all passed", OK.to_owned(), false, (2, 1)),
            ("no tests", String::new(), true, (0, 0)),
        ];
        for (name, output, succeeded, (passed, failed)) in cases {
            let mut tally = Tally::default();
            let mut shown = Vec::new();
            copy(&mut output.as_bytes(), &mut shown, &mut tally).unwrap();
            assert_eq!(shown, output.as_bytes(), "{name}");
            let expected = Tally { passed, failed, running: false };
            assert_eq!(tally.finish(succeeded), expected, "{name}");
        }
    }

    #[test]
    fn other_lines_say_nothing() {
        for line in ["running late tests", "running 3", "test result: ok.", "3 passed; 0 failed"] {
            assert!(!is_announcement(line) && result_of(line).is_none(), "{line}");
        }
    }
}
