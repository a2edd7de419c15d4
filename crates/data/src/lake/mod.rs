//! The lake: a folder of Parquet files that holds every imported series.
//!
//! `<data_dir>/lake/source=S/symbol=X/timeframe=T/adjustment=A/bars.parquet`, and the symbol's
//! corporate actions in `source=S/symbol=X/events.parquet`, outside of the folders of bars, so that
//! a reader of a whole folder meets one schema.

mod import;
mod list;
mod lock;
mod merge;
mod place;

use std::fs::{self, File};
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

use market::{BarSeries, CorporateAction, Micros, Symbol};

pub(crate) use import::write_error;
pub use import::{ImportRequest, ImportSummary, Progress};
pub use list::Listing;

use crate::atomic::{AtomicFile, remove_leftovers};
use crate::error::LakeError;
use crate::events::{read_events, write_events};
use crate::options::ReadOptions;
use crate::parquet::ParquetReader;
use crate::series::SeriesKey;
use crate::stored::load_from;
use lock::FolderLock;

/// The file that holds a series.
const BARS: &str = "bars.parquet";

/// The file that holds a symbol's corporate actions.
const EVENTS: &str = "events.parquet";

/// A store of series on the local disk.
#[derive(Clone, Debug)]
pub struct Lake {
    root: PathBuf,
}

impl Lake {
    /// The lake of a data folder; nothing is touched, and nothing need be there.
    pub fn open(data_dir: &Path) -> Self {
        Self { root: data_dir.join("lake") }
    }

    /// The folder of the lake.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Reads the bars of a series that open in `range` (all without one).
    ///
    /// Row groups that cannot have such a bar are not decoded.
    ///
    /// # Errors
    /// [`LakeError`] when there is no such series, or its file is damaged.
    pub fn load(
        &self,
        key: &SeriesKey,
        range: Option<&Range<Micros>>,
    ) -> Result<BarSeries, LakeError> {
        let (path, file) = self.file(key)?;
        load_from(&path, file, range)
    }

    /// The corporate actions of a series' symbol, oldest first; none when none were stored.
    ///
    /// # Errors
    /// [`LakeError`] when the file cannot be read or is damaged.
    pub fn events(&self, key: &SeriesKey) -> Result<Vec<CorporateAction>, LakeError> {
        let path = place::symbol_folder(&self.root, &key.source, &key.symbol)?.join(EVENTS);
        match File::open(&path) {
            Ok(file) => read_events(&path, file),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
            Err(source) => Err(LakeError::Unreadable { path, source }),
        }
    }

    /// Stores all corporate actions of a source's symbol, in the place of those that are there.
    ///
    /// # Errors
    /// [`LakeError`] when the file cannot be written; the old one stays then.
    pub fn set_events(
        &self,
        source: &str,
        symbol: &Symbol,
        events: &[CorporateAction],
    ) -> Result<(), LakeError> {
        let folder = place::symbol_folder(&self.root, source, symbol)?;
        let _lock = FolderLock::take(&folder)?;
        remove_leftovers(&folder)?;
        let path = folder.join(EVENTS);
        let file = AtomicFile::create(&path)?;
        write_events(events, file).map_err(|error| write_error(&path, error))?.commit()
    }

    /// A reader of a whole series, batch by batch.
    pub(crate) fn reader(&self, key: &SeriesKey) -> Result<ParquetReader, LakeError> {
        let (path, file) = self.file(key)?;
        crate::stored::reader(&path, file, None)
    }

    fn file(&self, key: &SeriesKey) -> Result<(PathBuf, File), LakeError> {
        let path = place::series_folder(&self.root, key)?.join(BARS);
        match File::open(&path) {
            Ok(file) => Ok((path, file)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Err(LakeError::NotFound {
                symbol: key.symbol.to_string(),
                timeframe: key.timeframe.to_string(),
                source_name: Some(key.source.clone()),
                near: Vec::new(),
            }),
            Err(source) => Err(LakeError::Unreadable { path, source }),
        }
    }
}

/// How the lake's own files are read: every instant as it is stored.
fn stored_options() -> ReadOptions {
    ReadOptions::default()
}

/// Names of the entries of a folder, sorted; none when it is not there.
fn names(folder: &Path) -> Result<Vec<String>, LakeError> {
    let unreadable = |source| LakeError::Unreadable { path: folder.to_owned(), source };
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => return Ok(Vec::new()),
        Err(error) => return Err(unreadable(error)),
    };
    let mut names = Vec::new();
    for entry in entries {
        names.extend(entry.map_err(unreadable)?.file_name().into_string().ok());
    }
    names.sort_unstable();
    Ok(names)
}
