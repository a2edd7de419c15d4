//! What the lake holds, from folder names and footers alone.

use std::fs::File;
use std::path::Path;
use std::time::UNIX_EPOCH;

use market::{Micros, Symbol};

use super::{BARS, Lake, names, place};
use crate::error::LakeError;
use crate::parquet::Stored;
use crate::series::{SeriesInfo, SeriesKey};
use crate::stored::load_from;

/// Series, and the files that look like series and cannot be read.
#[derive(Debug, Default)]
pub struct Listing {
    /// The series, ordered by source, symbol, timeframe and adjustment.
    pub series: Vec<SeriesInfo>,
    /// What is wrong with the others.
    pub damaged: Vec<LakeError>,
}

impl Lake {
    /// Lists every series; folders that are not ours are passed over.
    ///
    /// # Errors
    /// [`LakeError::Unreadable`] when a folder cannot be read.
    pub fn ls(&self) -> Result<Listing, LakeError> {
        let mut listing = Listing::default();
        for source in names(self.root())? {
            let Some(source_name) = place::value(&source, "source") else { continue };
            let folder = self.root().join(&source);
            for symbol in names(&folder)? {
                let Some(symbol_name) = place::symbol(&symbol) else { continue };
                list_symbol(&source_name, &symbol_name, &folder.join(&symbol), &mut listing)?;
            }
        }
        listing.series.sort_by(|one, other| one.key.cmp(&other.key));
        Ok(listing)
    }
}

fn list_symbol(
    source: &str,
    symbol: &Symbol,
    folder: &Path,
    listing: &mut Listing,
) -> Result<(), LakeError> {
    for length in names(folder)? {
        let Some(timeframe) = place::timeframe(&length) else { continue };
        let folder = folder.join(&length);
        for kind in names(&folder)? {
            let Some(adjustment) = place::adjustment(&kind) else { continue };
            let path = folder.join(&kind).join(BARS);
            if !path.exists() {
                continue;
            }
            let (source, symbol) = (source.to_owned(), symbol.clone());
            let key = SeriesKey { source, symbol, timeframe, adjustment };
            match describe(key, &path) {
                Ok(info) => listing.series.push(info),
                Err(error) => listing.damaged.push(error),
            }
        }
    }
    Ok(())
}

/// What one file's footer and the file system say of it.
fn describe(key: SeriesKey, path: &Path) -> Result<SeriesInfo, LakeError> {
    let unreadable = |source| LakeError::Unreadable { path: path.to_owned(), source };
    let damaged = |detail: String| LakeError::Damaged { path: path.to_owned(), detail };
    let file = File::open(path).map_err(unreadable)?;
    let metadata = file.metadata().map_err(unreadable)?;
    let stored = Stored::of(&file).map_err(|error| damaged(error.to_string()))?;
    let (from, to) = match stored.extent {
        Some(extent) => extent,
        // A file of another writer may have no statistics.
        None => {
            let bars = load_from(path, file, None)?;
            let ends = bars.ts.first().copied().zip(bars.ts.last().copied());
            ends.ok_or_else(|| damaged("it has no bars".to_owned()))?
        }
    };
    let updated = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    let updated = updated.and_then(|since| Micros::try_from(since.as_micros()).ok());
    Ok(SeriesInfo { key, from, to, bars: stored.bars, bytes: metadata.len(), updated })
}
