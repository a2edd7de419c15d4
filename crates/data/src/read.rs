//! A whole file of bars in memory, of either format.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use market::{BarSeries, Timeframe};

use crate::csv::CsvReader;
use crate::error::ImportError;
use crate::options::{ReadOptions, guess_timeframe};
use crate::parquet::ParquetReader;
use crate::refusal::Refusals;

/// Rows of the first batch, which tells the timeframe and how much memory the rest takes.
const FIRST: usize = 512;

/// Rows that are read at once after that.
const BATCH: usize = 65_536;

/// A file's valid bars, and the rows that were left out.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadBars {
    /// The valid bars, oldest first.
    pub bars: BarSeries,
    /// The timeframe that was given, or that the first rows show; `None` for a single bar.
    pub timeframe: Option<Timeframe>,
    /// Rows left out; always empty unless bad rows were to be skipped.
    pub refused: Refusals,
}

/// Reads a whole file, CSV or Parquet as its first bytes say.
///
/// # Errors
/// [`ImportError`]: the file cannot be read, lacks a column, has no rows, runs backwards, or has
/// bad rows that were not to be skipped.
pub fn read_file(path: &Path, options: &ReadOptions) -> Result<ReadBars, ImportError> {
    read_with(options, |options| FileReader::open(path, options))
}

/// Reads a whole CSV file.
///
/// # Errors
/// As [`read_file`].
pub fn read_csv(path: &Path, options: &ReadOptions) -> Result<ReadBars, ImportError> {
    read_with(options, |options| FileReader::open_csv(path, options))
}

fn read_with(
    options: &ReadOptions,
    open: impl Fn(&ReadOptions) -> Result<FileReader, ImportError>,
) -> Result<ReadBars, ImportError> {
    let mut options = options.clone();
    let mut bars = BarSeries::default();
    let mut reader = open(&options)?;
    let mut more = reader.read(&mut bars, FIRST)?;
    if options.timeframe.is_none() {
        options.timeframe = guess_timeframe(&bars);
        if options.timeframe.is_some_and(|timeframe| !timeframe.is_intraday()) {
            // Sessions are read otherwise than instants, so start again.
            bars = BarSeries::default();
            reader = open(&options)?;
            more = reader.read(&mut bars, FIRST)?;
        }
    }
    if more {
        let mut all = BarSeries::with_capacity(reader.estimate());
        append(&mut all, &bars);
        bars = all;
    }
    while more {
        more = reader.read(&mut bars, BATCH)?;
    }
    let refused = reader.into_intake().finish(options.skip_bad)?;
    Ok(ReadBars { bars, timeframe: options.timeframe, refused })
}

/// Appends copies of bars.
pub(crate) fn append(all: &mut BarSeries, more: &BarSeries) {
    all.ts.extend_from_slice(&more.ts);
    all.open.extend_from_slice(&more.open);
    all.high.extend_from_slice(&more.high);
    all.low.extend_from_slice(&more.low);
    all.close.extend_from_slice(&more.close);
    all.volume.extend_from_slice(&more.volume);
}

/// A stream of bars from a file of either format.
pub(crate) enum FileReader {
    Csv { reader: Box<CsvReader>, size: u64 },
    Parquet(Box<ParquetReader>),
}

impl FileReader {
    /// Opens a file; the first bytes tell the format.
    pub(crate) fn open(path: &Path, options: &ReadOptions) -> Result<Self, ImportError> {
        if is_parquet(path).map_err(|source| unreadable(path, source))? {
            Ok(Self::Parquet(Box::new(ParquetReader::open(path, options)?)))
        } else {
            Self::open_csv(path, options)
        }
    }

    fn open_csv(path: &Path, options: &ReadOptions) -> Result<Self, ImportError> {
        let size = std::fs::metadata(path).map_err(|source| unreadable(path, source))?.len();
        Ok(Self::Csv { reader: Box::new(CsvReader::open(path, options)?), size })
    }

    pub(crate) fn read(&mut self, into: &mut BarSeries, rows: usize) -> Result<bool, ImportError> {
        match self {
            Self::Csv { reader, .. } => reader.read(into, rows),
            Self::Parquet(reader) => reader.read(into, rows),
        }
    }

    /// How much was read, and of how much: bytes of a CSV file, rows of a Parquet file.
    pub(crate) fn progress(&self) -> (u64, u64) {
        match self {
            Self::Csv { reader, size } => (reader.bytes(), *size),
            Self::Parquet(reader) => (reader.rows(), reader.total()),
        }
    }

    /// Rows read, refused ones included.
    pub(crate) fn rows(&self) -> u64 {
        match self {
            Self::Csv { reader, .. } => reader.rows(),
            Self::Parquet(reader) => reader.rows(),
        }
    }

    pub(crate) fn into_intake(self) -> crate::intake::Intake {
        match self {
            Self::Csv { reader, .. } => reader.into_intake(),
            Self::Parquet(reader) => reader.into_intake(),
        }
    }

    /// About how many rows the whole file has, from those that were read; a little generous.
    fn estimate(&self) -> usize {
        let (done, total) = self.progress();
        match self {
            Self::Csv { .. } => {
                (self.rows() as f64 * total as f64 / done.max(1) as f64 * 1.02) as usize
            }
            // A footer may lie; memory beyond this is taken as rows come.
            Self::Parquet(_) => (total as usize).min(1 << 24),
        }
    }
}

fn is_parquet(path: &Path) -> io::Result<bool> {
    let mut magic = [0; 4];
    let mut file = File::open(path)?;
    let mut filled = 0;
    while filled < magic.len() {
        match file.read(&mut magic[filled..]) {
            Ok(0) => break,
            Ok(got) => filled += got,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(magic == *b"PAR1")
}

fn unreadable(path: &Path, source: io::Error) -> ImportError {
    ImportError::Unreadable { file: path.display().to_string(), source }
}
