//! Rows of a CSV file, one batch after another.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use market::{Bar, BarSeries};

use super::header::{Field, Layout, NUMBERS};
use super::input::{Input, LONGEST, Line, line_feed};
use super::number::{decimal, number};
use super::time::TimeReader;
use crate::error::ImportError;
use crate::intake::Intake;
use crate::options::ReadOptions;
use crate::refusal::{Fault, Refusals, excerpt};

/// Bytes that a row in the usual order has at most, if it is to go the fastest way.
const SHORT: usize = 128;

/// Reads a CSV file of bars in bounded memory, whatever its length.
///
/// Plain rows go a fast way, whose every step is one pass over the bytes; any other row (quotes,
/// blanks, exponents, unusual dates, errors) goes a general way that knows all forms and names what
/// is wrong. Both give the same values.
pub struct CsvReader {
    input: Input,
    layout: Layout,
    times: TimeReader,
    line: u64,
    intake: Intake,
}

impl CsvReader {
    /// Opens a file and reads its header.
    ///
    /// # Errors
    /// [`ImportError`] when the file cannot be read, is empty, or lacks a column.
    pub fn open(path: &Path, options: &ReadOptions) -> Result<Self, ImportError> {
        let name = path.display().to_string();
        let file = File::open(path)
            .map_err(|source| ImportError::Unreadable { file: name.clone(), source })?;
        Self::new(&name, file, options)
    }

    /// Reads from anything; `name` stands for it in messages.
    ///
    /// # Errors
    /// As [`CsvReader::open`].
    pub fn new(
        name: &str,
        source: impl Read + Send + 'static,
        options: &ReadOptions,
    ) -> Result<Self, ImportError> {
        let mut input = Input::new(Box::new(source));
        let mut line = 0;
        let layout = loop {
            line += 1;
            match input.line().map_err(|source| unreadable(name, source))? {
                Line::Whole { start, end, next } => {
                    input.start = next;
                    let text = &input.bytes[start..end];
                    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
                    if !text.trim_ascii().is_empty() {
                        break Layout::of(text, name)?;
                    }
                }
                Line::TooLong => return Err(long_line(name, line)),
                Line::End => return Err(ImportError::Empty { file: name.to_owned() }),
            }
        };
        Ok(Self { input, layout, times: options.time_reader(), line, intake: Intake::new(name) })
    }

    /// Appends up to `rows` valid bars to `into`; false when the file has ended.
    ///
    /// A row that is not valid is counted in [`CsvReader::refused`] and not appended.
    ///
    /// # Errors
    /// [`ImportError::Unreadable`] and [`ImportError::LongLine`], after which nothing more comes.
    pub fn read(&mut self, into: &mut BarSeries, rows: usize) -> Result<bool, ImportError> {
        let target = into.len().saturating_add(rows);
        while into.len() < target {
            // Two branches that look alike: joined, the bar of the first would go through memory.
            if self.layout.is_usual {
                if let Some((bar, next)) = self.usual_row()
                    && next <= self.input.end
                {
                    self.input.start = next;
                    self.line += 1;
                    self.intake.take_bar(self.line, bar, into);
                    continue;
                }
            } else if let Some((bar, next)) = self.plain_row()
                && next <= self.input.end
            {
                self.input.start = next;
                self.line += 1;
                self.intake.take_bar(self.line, bar, into);
                continue;
            }
            if !self.any_row(into)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The rows that were refused until now.
    pub fn refused(&self) -> &Refusals {
        self.intake.refused()
    }

    pub(crate) fn into_intake(self) -> Intake {
        self.intake
    }

    /// How many rows were read, refused ones included.
    pub fn rows(&self) -> u64 {
        self.intake.rows()
    }

    /// How many bytes of the file the rows until now take.
    pub fn bytes(&self) -> u64 {
        self.input.used()
    }

    /// Parses the row at the front if it is plain and its columns are in the usual order; answers
    /// the bar and where the next row starts.
    ///
    /// The answer is meaningless when it lies beyond the bytes that were read.
    #[inline(always)]
    fn usual_row(&mut self) -> Option<(Bar, usize)> {
        let start = self.input.start;
        let separator = self.layout.separator;
        // A length that is known when this is compiled makes the checks below cheap. The few rows
        // that are longer go the general way.
        let text: &[u8; SHORT] = self.input.bytes.get(start..)?.first_chunk()?;
        // Written out, so that no value goes through memory on its way to the next step.
        let next = |at: usize| {
            if *text.get(at)? == separator { decimal(text, at + 1) } else { None }
        };
        let (ts, at) = self.times.read_short(text, 0)?;
        let (open, at) = next(at)?;
        let (high, at) = next(at)?;
        let (low, at) = next(at)?;
        let (close, at) = next(at)?;
        let (volume, at) = next(at)?;
        let end = match *text.get(at)? {
            b'\n' => start + at + 1,
            _ => row_end(&self.input.bytes, start, start + at, separator)?,
        };
        Some((Bar { ts, open, high, low, close, volume }, end))
    }

    /// As [`CsvReader::usual_row`], for columns in any order.
    #[inline(never)]
    fn plain_row(&mut self) -> Option<(Bar, usize)> {
        let text = self.input.bytes.as_slice();
        let separator = self.layout.separator;
        let start = self.input.start;
        let mut at = start;
        let mut ts = 0;
        let mut numbers = [0.0; 5];
        for (column, field) in self.layout.fields.iter().enumerate() {
            if column > 0 {
                if *text.get(at)? != separator {
                    return None;
                }
                at += 1;
            }
            match *field {
                Field::Number(slot) => (*numbers.get_mut(slot)?, at) = decimal(text, at)?,
                Field::Time => (ts, at) = self.times.read_short(text, at)?,
                Field::Other => at = plain_end(text, at, separator)?,
                Field::Clock => return None,
            }
        }
        let next = row_end(text, start, at, separator)?;
        let [open, high, low, close, volume] = numbers;
        Some((Bar { ts, open, high, low, close, volume }, next))
    }

    /// Parses the next line in the general way; false at the end of the file.
    #[inline(never)]
    fn any_row(&mut self, into: &mut BarSeries) -> Result<bool, ImportError> {
        let name = self.intake.file();
        match self.input.line().map_err(|source| unreadable(&name, source))? {
            Line::End => Ok(false),
            Line::TooLong => Err(long_line(&name, self.line + 1)),
            Line::Whole { start, end, next } => {
                self.line += 1;
                self.input.start = next;
                let text = &self.input.bytes[start..end];
                if !text.trim_ascii().is_empty() {
                    let row = general_row(text, &self.layout, &self.times);
                    self.intake.take(self.line, row, into);
                }
                Ok(true)
            }
        }
    }
}

/// Where the next row starts, when the last cell that is read ends at `at`.
fn row_end(text: &[u8], start: usize, at: usize, separator: u8) -> Option<usize> {
    let next = match *text.get(at)? {
        b'\n' => at + 1,
        b'\r' if text.get(at + 1) == Some(&b'\n') => at + 2,
        byte if byte == separator => at + line_feed(text.get(at..)?)? + 1,
        _ => return None,
    };
    (next - start <= LONGEST).then_some(next)
}

/// Where a cell without quotes ends.
fn plain_end(text: &[u8], at: usize, separator: u8) -> Option<usize> {
    let rest = text.get(at..)?;
    let length =
        rest.iter().position(|byte| matches!(byte, b'\n' | b'\r' | b'"') || *byte == separator)?;
    (rest[length] != b'"').then_some(at + length)
}

/// Reads a line of whatever shape.
fn general_row(text: &[u8], layout: &Layout, times: &TimeReader) -> Result<Bar, Fault> {
    let needed = layout.fields.len();
    let cells = cells(text, layout.separator, needed)?;
    if cells.len() < needed {
        return Err(Fault::Columns { found: cells.len(), needed });
    }
    let mut time: &[u8] = b"";
    let mut clock: Option<&[u8]> = None;
    let mut numbers = [0.0; 5];
    for (field, cell) in layout.fields.iter().zip(&cells) {
        match *field {
            Field::Other => {}
            Field::Time => time = cell,
            Field::Clock => clock = Some(cell),
            Field::Number(slot) => {
                let column = NUMBERS[slot];
                if cell.trim_ascii().is_empty() {
                    return Err(Fault::Empty { column });
                }
                numbers[slot] = number(cell, layout.decimal_comma)
                    .ok_or_else(|| Fault::Number { column, text: excerpt(cell) })?;
            }
        }
    }
    if time.trim_ascii().is_empty() {
        return Err(Fault::Empty { column: "date" });
    }
    let joined: Vec<u8>;
    if let Some(clock) = clock {
        joined = [time.trim_ascii(), b" ", clock.trim_ascii()].concat();
        time = &joined;
    }
    let ts = times.read(time).ok_or_else(|| Fault::Time(excerpt(time)))?;
    let [open, high, low, close, volume] = numbers;
    Ok(Bar { ts, open, high, low, close, volume })
}

/// The first `most` cells of a line; a quoted cell loses its quotes.
fn cells(text: &[u8], separator: u8, most: usize) -> Result<Vec<&[u8]>, Fault> {
    let mut cells = Vec::with_capacity(most);
    let mut rest = text;
    while cells.len() < most {
        let blanks = rest.iter().take_while(|byte| **byte == b' ').count();
        let cell_end = if rest.get(blanks) == Some(&b'"') {
            let body = &rest[blanks + 1..];
            let length = quoted_length(body).ok_or(Fault::Quote)?;
            cells.push(&body[..length]);
            let after = blanks + 1 + length + 1;
            after
                + rest[after..]
                    .iter()
                    .position(|byte| *byte == separator)
                    .unwrap_or(rest.len() - after)
        } else {
            let length = rest.iter().position(|byte| *byte == separator).unwrap_or(rest.len());
            cells.push(&rest[..length]);
            length
        };
        match rest.get(cell_end + 1..) {
            Some(next) => rest = next,
            None => break,
        }
    }
    Ok(cells)
}

/// Length of a quoted cell up to its closing quote; a doubled quote does not close it.
fn quoted_length(body: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        at += body.get(at..)?.iter().position(|byte| *byte == b'"')?;
        if body.get(at + 1) != Some(&b'"') {
            return Some(at);
        }
        at += 2;
    }
}

fn unreadable(name: &str, source: std::io::Error) -> ImportError {
    ImportError::Unreadable { file: name.to_owned(), source }
}

fn long_line(name: &str, line: u64) -> ImportError {
    ImportError::LongLine { file: name.to_owned(), line, limit: LONGEST }
}
