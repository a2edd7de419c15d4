//! A series as a file for other programs.

use std::path::Path;

use market::{BarSeries, Timeframe};

use crate::atomic::{AtomicFile, unwritable};
use crate::csv::CsvWriter;
use crate::error::LakeError;
use crate::lake::write_error;
use crate::parquet::{BarWriter, ParquetReader};
use crate::stored::{damaged, sound};

/// Bars that are copied at once.
const BATCH: usize = 65_536;

/// Kinds of file that can be written.
enum Format {
    Csv,
    Parquet,
}

/// Copies all bars of a stored file to `path`, in bounded memory; a file there is replaced only by
/// a complete one.
///
/// The ending of the name tells the format. Answers the number of bars.
pub(crate) fn export(
    mut reader: ParquetReader,
    from: &Path,
    timeframe: Timeframe,
    path: &Path,
) -> Result<u64, LakeError> {
    let format = format(path)?;
    let mut bars = BarSeries::default();
    let mut next = |bars: &mut BarSeries| -> Result<bool, LakeError> {
        *bars = BarSeries::with_capacity(BATCH);
        let more = reader.read(bars, BATCH).map_err(|error| damaged(from, error))?;
        Ok(more || !bars.is_empty())
    };
    let file = AtomicFile::create(path)?;
    let file = match format {
        Format::Csv => {
            let failed = |source| unwritable(path, source);
            let mut writer = CsvWriter::new(file, timeframe).map_err(failed)?;
            while next(&mut bars)? {
                writer.write(bars.bars()).map_err(failed)?;
            }
            writer.finish().map_err(failed)?
        }
        Format::Parquet => {
            let failed = |error| write_error(path, error);
            let mut writer = BarWriter::new(file).map_err(failed)?;
            while next(&mut bars)? {
                writer.write_owned(std::mem::take(&mut bars)).map_err(failed)?;
            }
            writer.finish().map_err(failed)?
        }
    };
    let rows = reader.rows();
    sound(from, reader)?;
    file.commit()?;
    Ok(rows)
}

fn format(path: &Path) -> Result<Format, LakeError> {
    let ending = path.extension().and_then(|ending| ending.to_str()).map(str::to_ascii_lowercase);
    match ending.as_deref() {
        Some("csv") => Ok(Format::Csv),
        Some("parquet") => Ok(Format::Parquet),
        _ => Err(LakeError::Format { path: path.to_owned() }),
    }
}
