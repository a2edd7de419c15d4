//! Why a file could not be read, and why the lake could not be used.

use std::io;
use std::path::PathBuf;

use parquet::errors::ParquetError;

use crate::refusal::Refusals;

/// A file of bars that cannot be taken.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// The file cannot be opened or read.
    #[error("cannot read {file}: {source}")]
    Unreadable {
        /// The file's name.
        file: String,
        /// The cause.
        source: io::Error,
    },
    /// The file has no byte, or blanks alone.
    #[error("{file} is empty")]
    Empty {
        /// The file's name.
        file: String,
    },
    /// There is a header and no row.
    #[error("{file} has a header and no rows")]
    NoRows {
        /// The file's name.
        file: String,
    },
    /// A column that every file must have is not there.
    #[error("{file} has no column '{column}'; its columns are: {}", found.join(", "))]
    MissingColumn {
        /// The file's name.
        file: String,
        /// The column that is missing.
        column: &'static str,
        /// The columns that are there.
        found: Vec<String>,
    },
    /// Two columns have one name.
    #[error("{file} has two columns '{column}'")]
    DuplicateColumn {
        /// The file's name.
        file: String,
        /// The name.
        column: &'static str,
    },
    /// A column of a Parquet file has a type that holds no such value.
    #[error("{file}: column '{column}' has type {found}, which cannot be read")]
    ColumnType {
        /// The file's name.
        file: String,
        /// The column.
        column: String,
        /// Its type.
        found: String,
    },
    /// A line is longer than any row can be.
    #[error("{file}, line {line}: line is longer than {limit} bytes")]
    LongLine {
        /// The file's name.
        file: String,
        /// The line, counted from 1.
        line: u64,
        /// The longest line that is read, in bytes.
        limit: usize,
    },
    /// A Parquet file is damaged or truncated.
    #[error("{file} is no readable Parquet file: {source}")]
    Corrupt {
        /// The file's name.
        file: String,
        /// The cause.
        source: ParquetError,
    },
    /// The newest row stands first.
    #[error("{file} runs from the newest row to the oldest; sort it by time first")]
    Reversed {
        /// The file's name.
        file: String,
    },
    /// Rows were refused, and refused rows were not to be skipped.
    #[error("{} of {read} rows refused, nothing was taken\n{refused}", refused.total)]
    Refused {
        /// The refused rows.
        refused: Box<Refusals>,
        /// How many rows were read.
        read: u64,
    },
    /// The caller asked to stop.
    #[error("canceled, nothing was taken")]
    Canceled,
    /// The lake could not take the rows.
    #[error(transparent)]
    Lake(#[from] LakeError),
}

/// A store of bars that cannot be used as asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LakeError {
    /// A file or folder cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// A file or folder cannot be written; what was there before is untouched.
    #[error("cannot write {}: {source}", path.display())]
    Unwritable {
        /// Which.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// A stored file is damaged.
    #[error("{} is damaged: {detail}", path.display())]
    Damaged {
        /// Which.
        path: PathBuf,
        /// What is wrong with it.
        detail: String,
    },
    /// Another import works on the same series.
    #[error("another import into {} is running; try again when it has finished", folder.display())]
    Busy {
        /// The series' folder.
        folder: PathBuf,
    },
    /// A source or symbol that cannot name a folder.
    #[error("'{0}' is no usable name: 1 to 64 characters, none of them a control character")]
    Name(String),
    /// A source's name that is taken by what comes with the program.
    #[error("source '{0}' is read-only; give the import another --source")]
    Reserved(String),
    /// There is no such series.
    #[error(
        "there are no {timeframe} bars of {symbol}{}{}",
        from_source(source_name),
        nearest(near)
    )]
    NotFound {
        /// The symbol that was asked for.
        symbol: String,
        /// The timeframe that was asked for.
        timeframe: String,
        /// The source that was asked for, if any.
        source_name: Option<String>,
        /// What there is instead, nearest first.
        near: Vec<String>,
    },
    /// The series exists and has no bar in the range.
    #[error("{symbol} has no {timeframe} bar in that range; there are bars {available}")]
    OutOfRange {
        /// The symbol that was asked for.
        symbol: String,
        /// The timeframe that was asked for.
        timeframe: String,
        /// The ranges that exist, in words.
        available: String,
    },
    /// An export to a kind of file that cannot be written.
    #[error("cannot export to {}: the name must end in .csv or .parquet", path.display())]
    Format {
        /// The file that was asked for.
        path: PathBuf,
    },
    /// The caller asked to stop.
    #[error("canceled, nothing was written")]
    Canceled,
}

fn from_source(source: &Option<String>) -> String {
    source.as_ref().map(|source| format!(" from source '{source}'")).unwrap_or_default()
}

fn nearest(near: &[String]) -> String {
    if near.is_empty() { String::new() } else { format!("; there are {}", near.join(", ")) }
}
