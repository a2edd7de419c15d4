//! Taking a file into the lake: all of it or nothing, in bounded memory.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use market::{BarSeries, Micros};
use parquet::errors::ParquetError;

use super::lock::FolderLock;
use super::merge::{Batch, merge};
use super::{BARS, Lake, place, stored_options};
use crate::atomic::{AtomicFile, remove_leftovers, unwritable};
use crate::bundled::BUNDLED;
use crate::error::{ImportError, LakeError};
use crate::options::ReadOptions;
use crate::parquet::{BarWriter, ParquetReader};
use crate::read::FileReader;
use crate::refusal::Refusals;
use crate::series::SeriesKey;

/// Bars that are read, merged and written at once.
const BATCH: usize = 65_536;

/// What to import, and as what.
#[derive(Clone, Debug)]
pub struct ImportRequest {
    /// The file, CSV or Parquet.
    pub file: PathBuf,
    /// The series that it becomes, or is merged into.
    pub key: SeriesKey,
    /// How to understand it; its timeframe is the key's.
    pub options: ReadOptions,
}

/// How far an import is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What was read: bytes of a CSV file, rows of a Parquet file.
    pub done: u64,
    /// What there is to read, in the same unit.
    pub total: u64,
    /// Rows read, refused ones included.
    pub rows: u64,
}

/// What an import did.
#[derive(Clone, Debug, PartialEq)]
pub struct ImportSummary {
    /// Rows taken from the file.
    pub rows: u64,
    /// Rows left out; always empty unless bad rows were to be skipped.
    pub refused: Refusals,
    /// Bars of the lake that a row of the file replaced.
    pub replaced: u64,
    /// First bar taken.
    pub from: Micros,
    /// Last bar taken.
    pub to: Micros,
    /// Bars of the series now.
    pub bars: u64,
}

impl Lake {
    /// Imports a file into a series; rows of the file replace bars of the same instant.
    ///
    /// `progress` is called about every 65,000 rows; `cancel` is looked at as often. Whatever goes
    /// wrong, the series stays as it was.
    ///
    /// # Errors
    /// [`ImportError`]: the source's name is reserved, the file is refused as a whole or for its rows, another import into the
    /// series is running, the lake cannot be written, or the caller canceled.
    pub fn import(
        &self,
        request: &ImportRequest,
        progress: &mut dyn FnMut(Progress),
        cancel: &AtomicBool,
    ) -> Result<ImportSummary, ImportError> {
        let mut options = request.options.clone();
        options.timeframe = Some(request.key.timeframe);
        if request.key.source == BUNDLED {
            return Err(LakeError::Reserved(request.key.source.clone()).into());
        }
        let reader = FileReader::open(&request.file, &options)?;
        let folder = place::series_folder(self.root(), &request.key)?;
        let _lock = FolderLock::take(&folder)?;
        remove_leftovers(&folder)?;
        let path = folder.join(BARS);
        let old = match File::open(&path) {
            Ok(file) => Some(ParquetReader::new(
                &path.display().to_string(),
                file,
                &stored_options(),
                None,
            )?),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(source) => return Err(LakeError::Unreadable { path, source }.into()),
        };
        let file = AtomicFile::create(&path)?;
        let merged = Merging {
            path: &path,
            old: old.map(Source::new),
            new: Source::new(reader),
            skip_bad: options.skip_bad,
            progress,
            cancel,
        }
        .write(file)?;
        merged.file.commit()?;
        Ok(merged.summary)
    }
}

/// A merge under way.
struct Merging<'a> {
    path: &'a Path,
    old: Option<Source<ParquetReader>>,
    new: Source<FileReader>,
    skip_bad: bool,
    progress: &'a mut dyn FnMut(Progress),
    cancel: &'a AtomicBool,
}

/// A complete file that is not yet in its place.
struct Merged<W> {
    file: W,
    summary: ImportSummary,
}

impl Merging<'_> {
    /// Writes both streams as one.
    fn write<W: Write + Send>(mut self, file: W) -> Result<Merged<W>, ImportError> {
        let path = self.path;
        let unwritable = |error| ImportError::from(write_error(path, error));
        let mut writer = BarWriter::new(file).map_err(unwritable)?;
        let mut out = BarSeries::with_capacity(BATCH);
        let (mut from, mut to, mut replaced, mut bars) = (None, None, 0, 0);
        loop {
            if self.new.fill()? {
                from = from.or(self.new.batch.bars.ts.first().copied());
                to = self.new.batch.bars.ts.last().copied().or(to);
                let (done, total) = self.new.reader.progress();
                (self.progress)(Progress { done, total, rows: self.new.reader.rows() });
                if self.cancel.load(Ordering::Relaxed) {
                    return Err(ImportError::Canceled);
                }
            }
            if let Some(old) = &mut self.old {
                old.fill()?;
                replaced += merge(&mut old.batch, &mut self.new.batch, &mut out);
                if self.new.ended() {
                    old.batch.give_rest(&mut out);
                }
            }
            let old_ended = self.old.as_ref().is_none_or(Source::ended);
            if old_ended {
                self.new.batch.give_rest(&mut out);
            }
            let ended = old_ended && self.new.ended();
            if out.len() >= BATCH || ended {
                bars += out.len() as u64;
                let full = std::mem::replace(&mut out, BarSeries::with_capacity(BATCH));
                writer.write_owned(full).map_err(unwritable)?;
            }
            if ended {
                break;
            }
        }
        if let Some(old) = self.old {
            old.reader.into_intake().finish(false)?;
        }
        let rows = self.new.reader.rows();
        let refused = self.new.reader.into_intake().finish(self.skip_bad)?;
        let file = writer.finish().map_err(unwritable)?;
        let summary = ImportSummary {
            rows: rows - refused.total,
            refused,
            replaced,
            from: from.unwrap_or_default(),
            to: to.unwrap_or_default(),
            bars,
        };
        Ok(Merged { file, summary })
    }
}

/// A stream of bars with one batch in hand.
struct Source<R> {
    reader: R,
    batch: Batch,
    more: bool,
}

impl<R: Stream> Source<R> {
    fn new(reader: R) -> Self {
        Self { reader, batch: Batch::default(), more: true }
    }

    /// Reads the next batch when the one in hand is used; says whether it did.
    fn fill(&mut self) -> Result<bool, ImportError> {
        let mut filled = false;
        while self.more && self.batch.is_used() {
            self.batch.clear();
            self.more = self.reader.next(&mut self.batch.bars)?;
            filled = true;
        }
        Ok(filled)
    }

    fn ended(&self) -> bool {
        !self.more && self.batch.is_used()
    }
}

/// What a merge reads.
trait Stream {
    fn next(&mut self, into: &mut BarSeries) -> Result<bool, ImportError>;
}

impl Stream for FileReader {
    fn next(&mut self, into: &mut BarSeries) -> Result<bool, ImportError> {
        self.read(into, BATCH)
    }
}

impl Stream for ParquetReader {
    fn next(&mut self, into: &mut BarSeries) -> Result<bool, ImportError> {
        self.read(into, BATCH)
    }
}

/// The cause of a failed write, which the Parquet writer may have wrapped.
pub(crate) fn write_error(path: &Path, error: ParquetError) -> LakeError {
    let source = match error {
        ParquetError::External(inner) => match inner.downcast::<io::Error>() {
            Ok(source) => *source,
            Err(other) => io::Error::other(other),
        },
        other => io::Error::other(other),
    };
    unwritable(path, source)
}
