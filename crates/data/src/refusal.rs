//! Rows that were not taken, and why.

use std::fmt;
use std::sync::Arc;

use market::RowFault;

/// How many refused rows are kept with their reason; all are counted.
const KEPT: usize = 1_000;

/// What is wrong with one row of a file.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Fault {
    /// The row has too few columns; the last row of a truncated file looks so.
    #[error("row ends after {found} of {needed} columns")]
    Columns {
        /// Columns of this row.
        found: usize,
        /// Columns up to the last one that is read.
        needed: usize,
    },
    /// A cell is empty.
    #[error("{column} is empty")]
    Empty {
        /// Which column.
        column: &'static str,
    },
    /// A cell holds no number.
    #[error("{column} '{text}' is no number")]
    Number {
        /// Which column.
        column: &'static str,
        /// The cell, shortened.
        text: String,
    },
    /// A cell holds neither date nor time.
    #[error("'{0}' is no date or time")]
    Time(String),
    /// A local time that its zone never shows, or an instant beyond the years 1 to 9999.
    #[error("the time does not exist in its zone")]
    NoSuchTime,
    /// A quoted cell without end.
    #[error("a quote is not closed")]
    Quote,
    /// The cells are readable, the bar is not valid.
    #[error(transparent)]
    Row(#[from] RowFault),
}

/// A refused row, as `file, line n: reason`.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    /// The file's name as the caller gave it.
    pub file: Arc<str>,
    /// Line of a text file, or row of a Parquet file, counted from 1.
    pub line: u64,
    /// Why.
    pub fault: Fault,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, line {}: {}", self.file, self.line, self.fault)
    }
}

/// The refused rows of one file: the first thousand with their reason, and how many in all.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusals {
    /// The first refused rows, in the order of the file.
    pub rows: Vec<Refusal>,
    /// How many rows were refused.
    pub total: u64,
    file: Arc<str>,
    backwards: u64,
}

impl Refusals {
    /// No refusals of `file` yet.
    pub(crate) fn of(file: Arc<str>) -> Self {
        Self { rows: Vec::new(), total: 0, file, backwards: 0 }
    }

    /// Whether every row was taken.
    pub fn is_empty(&self) -> bool {
        self.total == 0
    }

    /// Whether going back in time is all that is wrong, as in a file with the newest row first.
    pub(crate) fn only_backwards(&self) -> bool {
        self.total > 0 && self.backwards == self.total
    }

    pub(crate) fn file(&self) -> &Arc<str> {
        &self.file
    }

    #[cold]
    pub(crate) fn push(&mut self, line: u64, fault: Fault) {
        self.total += 1;
        if matches!(fault, Fault::Row(RowFault::OutOfOrder)) {
            self.backwards += 1;
        }
        if self.rows.len() < KEPT {
            self.rows.push(Refusal { file: Arc::clone(&self.file), line, fault });
        }
    }
}

impl fmt::Display for Refusals {
    /// One line a row, at most the rows that were kept.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, row) in self.rows.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            write!(f, "{row}")?;
        }
        let left = self.total - self.rows.len() as u64;
        if left > 0 { write!(f, "\nand {left} more") } else { Ok(()) }
    }
}

/// A cell for a message: readable text of at most 40 characters.
pub(crate) fn excerpt(cell: &[u8]) -> String {
    let text = String::from_utf8_lossy(&cell[..cell.len().min(200)]);
    let mut shown: String = text.chars().filter(|c| !c.is_control()).take(40).collect();
    if text.chars().count() > 40 || cell.len() > 200 {
        shown.push('…');
    }
    shown
}
