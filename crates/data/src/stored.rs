//! Reading what we wrote: a fault is damage, not a bad row.

use std::ops::Range;
use std::path::Path;

use market::{BarSeries, Micros};
use parquet::file::reader::ChunkReader;

use crate::error::{ImportError, LakeError};
use crate::options::ReadOptions;
use crate::parquet::ParquetReader;

/// Rows that are read at once.
const BATCH: usize = 65_536;

/// The most bars that memory is set aside for on the word of a footer.
const TRUSTED: usize = 1 << 24;

/// Reads the bars of a stored file that open in `range` (all without one).
pub(crate) fn load_from(
    path: &Path,
    input: impl ChunkReader + 'static,
    range: Option<&Range<Micros>>,
) -> Result<BarSeries, LakeError> {
    let mut reader = reader(path, input, range)?;
    let mut bars = BarSeries::with_capacity((reader.total() as usize).min(TRUSTED));
    while reader.read(&mut bars, BATCH).map_err(|error| damaged(path, error))? {}
    if reader.rows() > 0 {
        sound(path, reader)?;
    }
    if let Some(range) = range {
        keep(&mut bars, range);
    }
    Ok(bars)
}

/// Opens a stored file for reading batch by batch.
pub(crate) fn reader(
    path: &Path,
    input: impl ChunkReader + 'static,
    range: Option<&Range<Micros>>,
) -> Result<ParquetReader, LakeError> {
    let name = path.display().to_string();
    ParquetReader::new(&name, input, &ReadOptions::default(), range)
        .map_err(|error| damaged(path, error))
}

/// Checks that a reader, having read to the end, met no bad bar.
pub(crate) fn sound(path: &Path, reader: ParquetReader) -> Result<(), LakeError> {
    reader.into_intake().finish(false).map(drop).map_err(|error| damaged(path, error))
}

pub(crate) fn damaged(path: &Path, error: ImportError) -> LakeError {
    let detail = match error {
        ImportError::Lake(error) => return error,
        ImportError::Corrupt { source, .. } => source.to_string(),
        ImportError::Refused { refused, .. } => match refused.rows.first() {
            Some(row) => format!("row {}: {}", row.line, row.fault),
            None => "a row is not valid".to_owned(),
        },
        other => other.to_string(),
    };
    LakeError::Damaged { path: path.to_owned(), detail }
}

/// Drops the bars outside of a range.
fn keep(bars: &mut BarSeries, range: &Range<Micros>) {
    let start = bars.ts.partition_point(|ts| *ts < range.start);
    let end = bars.ts.partition_point(|ts| *ts < range.end).max(start);
    let BarSeries { ts, open, high, low, close, volume } = bars;
    ts.truncate(end);
    ts.drain(..start);
    for column in [open, high, low, close, volume] {
        column.truncate(end);
        column.drain(..start);
    }
}
