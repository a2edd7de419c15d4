//! One JSON object a line in, one out, in order; a bad line is answered and the next one goes on.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;

use serde::Serialize;

use crate::Context;
use crate::error::CliError;
use crate::output::json::write_line;

/// Longest line that is read, in bytes: a PBO over a thousand variants and ten years of days.
const LONGEST: usize = 64 << 20;

/// Why a line has no answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LineError {
    /// What kind of fault it is, for programs.
    pub code: &'static str,
    /// What is wrong, for people.
    pub detail: String,
}

impl LineError {
    /// The line is no JSON object of the right shape.
    pub fn malformed(detail: impl ToString) -> Self {
        Self { code: "malformed", detail: detail.to_string() }
    }

    /// The line can be read and makes no sense.
    pub fn invalid(detail: impl ToString) -> Self {
        Self { code: "invalid_input", detail: detail.to_string() }
    }
}

#[derive(Serialize)]
struct Refused<'a> {
    error: &'a LineError,
}

/// Answers every line of a file, or of stdin for `-`; blank lines are passed over.
///
/// # Errors
/// [`CliError`] when the input cannot be read or stdout cannot be written.
pub fn answer<T: Serialize>(
    input: &Path,
    ctx: &Context,
    answer: impl FnMut(&str) -> Result<T, LineError>,
) -> Result<(), CliError> {
    let unreadable =
        |error: io::Error| CliError::Failed(format!("cannot read {}: {error}", input.display()));
    let source: Box<dyn Read> = if input == Path::new("-") {
        Box::new(io::stdin().lock())
    } else {
        Box::new(File::open(input).map_err(unreadable)?)
    };
    let mut reading = Ok(());
    ctx.write(|out| {
        let (read, written) = answer_all(BufReader::new(source), out, answer);
        reading = read;
        written
    })?;
    reading.map_err(unreadable)
}

/// Answers line by line: what the reader said at the end, and what the writer said.
fn answer_all<T: Serialize>(
    mut input: BufReader<impl Read>,
    out: &mut impl Write,
    mut answer: impl FnMut(&str) -> Result<T, LineError>,
) -> (io::Result<()>, io::Result<()>) {
    let mut line = Vec::new();
    loop {
        let answered = match next_line(&mut input, &mut line) {
            Ok(Line::End) => return (Ok(()), Ok(())),
            Ok(Line::TooLong) => {
                Err(LineError::malformed(format!("the line is longer than {LONGEST} bytes")))
            }
            Ok(Line::Whole) => match std::str::from_utf8(&line) {
                Ok(text) if text.trim().is_empty() => continue,
                Ok(text) => answer(text.trim()),
                Err(_) => Err(LineError::malformed("the line is not UTF-8")),
            },
            Err(error) => return (Err(error), Ok(())),
        };
        let written = match &answered {
            Ok(value) => write_line(out, value),
            Err(error) => write_line(out, &Refused { error }),
        };
        // Whoever waits for this answer before asking on must get it now.
        let waits = !input.buffer().contains(&b'\n');
        let written = written.and_then(|()| if waits { out.flush() } else { Ok(()) });
        if written.is_err() {
            return (Ok(()), written);
        }
    }
}

enum Line {
    Whole,
    TooLong,
    End,
}

/// Reads a line without its end, keeping at most [`LONGEST`] bytes.
fn next_line(input: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<Line> {
    line.clear();
    let limit = LONGEST as u64 + 1;
    if input.by_ref().take(limit).read_until(b'\n', line)? == 0 {
        return Ok(Line::End);
    }
    if line.len() as u64 == limit && line.last() != Some(&b'\n') {
        line.clear();
        input.skip_until(b'\n')?;
        return Ok(Line::TooLong);
    }
    Ok(Line::Whole)
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::{LONGEST, LineError, answer_all};

    fn answers(input: &[u8]) -> String {
        let mut out = Vec::new();
        let (read, written) = answer_all(BufReader::new(input), &mut out, |line| {
            line.parse::<u32>().map_err(|_| LineError::malformed("no number"))
        });
        assert!(read.is_ok() && written.is_ok());
        String::from_utf8(out).expect("JSON is text")
    }

    #[test]
    fn a_bad_line_does_not_stop_the_next() {
        let refused = r#"{"error":{"code":"malformed","detail":"no number"}}"#;
        assert_eq!(answers(b"1\nx\n\n 3 "), format!("1\n{refused}\n3\n"));
        assert!(answers(b"\xff\n4").ends_with("\"the line is not UTF-8\"}}\n4\n"));
        assert_eq!(answers(b""), "");
    }

    #[test]
    fn a_line_without_end_takes_no_memory_without_end() {
        let mut input = vec![b'7'; LONGEST + 10];
        input.extend(b"\n5\n");
        assert!(answers(&input).ends_with("bytes\"}}\n5\n"));
    }
}
