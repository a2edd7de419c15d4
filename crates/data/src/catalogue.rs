//! Every series there is: the lake and the bundled history as one.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use market::{
    Adjustment, BarSeries, Calendar, CorporateAction, Gap, Micros, Symbol, Timeframe, date_of,
    missing,
};
use serde::Serialize;

use crate::bundled::{self, BUNDLED};
use crate::error::{ImportError, LakeError};
use crate::export::export;
use crate::lake::{ImportRequest, ImportSummary, Lake, Listing, Progress};
use crate::nearest::nearest;
use crate::series::{SeriesInfo, SeriesKey};
use crate::stored::load_from;

/// The series of a data folder and the bundled ones, under one set of questions.
#[derive(Clone, Debug)]
pub struct Catalogue {
    lake: Lake,
}

/// What series is wanted; what is not said may be any.
#[derive(Clone, Debug, PartialEq)]
pub struct Wanted {
    /// The instrument.
    pub symbol: Symbol,
    /// The length of the bars.
    pub timeframe: Timeframe,
    /// Whose bars; without it the freshest that cover the range.
    pub source: Option<String>,
    /// How adjusted; without it raw before the others.
    pub adjustment: Option<Adjustment>,
    /// Opening instants that are wanted, the end excluded.
    pub range: Option<Range<Micros>>,
}

/// The series that answers a wish best.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The series.
    pub info: SeriesInfo,
    /// Whether it reaches over the whole range; if not, no series does.
    pub covers: bool,
}

/// A source and how much it has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SourceInfo {
    /// The source's name.
    pub source: String,
    /// How many series.
    pub series: usize,
    /// How many bars in all of them.
    pub bars: u64,
}

impl Catalogue {
    /// The catalogue of a data folder, which need not be there yet.
    pub fn open(data_dir: &Path) -> Self {
        Self { lake: Lake::open(data_dir) }
    }

    /// The part that is on the disk.
    pub fn lake(&self) -> &Lake {
        &self.lake
    }

    /// Lists every series, ordered by source, symbol, timeframe and adjustment.
    ///
    /// # Errors
    /// [`LakeError::Unreadable`] when a folder cannot be read; a damaged file is no error, but
    /// listed apart.
    pub fn ls(&self) -> Result<Listing, LakeError> {
        let mut listing = self.lake.ls()?;
        listing.series.extend(bundled::ls()?);
        listing.series.sort_by(|one, other| one.key.cmp(&other.key));
        Ok(listing)
    }

    /// Lists the sources, ordered by name.
    ///
    /// # Errors
    /// As [`Catalogue::ls`].
    pub fn sources(&self) -> Result<Vec<SourceInfo>, LakeError> {
        let mut sources: Vec<SourceInfo> = Vec::new();
        for SeriesInfo { key, bars, .. } in self.ls()?.series {
            match sources.last_mut() {
                Some(last) if last.source == key.source => {
                    last.series += 1;
                    last.bars += bars;
                }
                _ => sources.push(SourceInfo { source: key.source, series: 1, bars }),
            }
        }
        Ok(sources)
    }

    /// Finds the series that answers a wish best.
    ///
    /// Among those that cover the range, or else that cover most of it: the one that reaches
    /// furthest, then raw before split-adjusted before all, then the one written last; an import
    /// goes before what came with the program.
    ///
    /// # Errors
    /// [`LakeError::NotFound`] names the nearest symbols, or the timeframes and sources that there
    /// are; [`LakeError::OutOfRange`] when no bar lies in the range; [`LakeError::Damaged`] when
    /// the only file that could answer cannot be read.
    pub fn find(&self, wanted: &Wanted) -> Result<Found, LakeError> {
        let Listing { series, damaged } = self.ls()?;
        let fits: Vec<&SeriesInfo> = series
            .iter()
            .filter(|info| info.key.symbol == wanted.symbol)
            .filter(|info| info.key.timeframe == wanted.timeframe)
            .filter(|info| wanted.source.as_ref().is_none_or(|source| *source == info.key.source))
            .filter(|info| wanted.adjustment.is_none_or(|kind| kind == info.key.adjustment))
            .collect();
        if fits.is_empty() {
            let part = format!("symbol={}", wanted.symbol);
            let of_symbol = |error: &LakeError| match error {
                LakeError::Damaged { path, .. } => path.iter().any(|name| name == part.as_str()),
                _ => false,
            };
            return Err(match damaged.into_iter().find(of_symbol) {
                Some(error) => error,
                None => not_found(wanted, &series),
            });
        }
        let best = fits.iter().filter(|info| overlap(info, wanted) > 0).max_by_key(|info| {
            let key = &info.key;
            let covers = covers(info, wanted);
            let most = if covers { i64::MAX } else { overlap(info, wanted) };
            (most, info.to, std::cmp::Reverse(key.adjustment), info.updated)
        });
        match best {
            Some(info) => Ok(Found { info: (*info).clone(), covers: covers(info, wanted) }),
            None => Err(out_of_range(wanted, &fits)),
        }
    }

    /// Reads the bars of a series that open in `range` (all without one).
    ///
    /// # Errors
    /// [`LakeError`] when there is no such series, or its file is damaged.
    pub fn load(
        &self,
        key: &SeriesKey,
        range: Option<&Range<Micros>>,
    ) -> Result<BarSeries, LakeError> {
        match bundled::open(key) {
            Some((path, bytes)) => load_from(&path, bytes, range),
            None => self.lake.load(key, range),
        }
    }

    /// The corporate actions of a series' symbol, oldest first.
    ///
    /// # Errors
    /// [`LakeError`] when the file cannot be read or is damaged.
    pub fn events(&self, key: &SeriesKey) -> Result<Vec<CorporateAction>, LakeError> {
        if key.source == BUNDLED { bundled::events(&key.symbol) } else { self.lake.events(key) }
    }

    /// Bars that a calendar expects and a series lacks, between its first and its last.
    ///
    /// # Errors
    /// As [`Catalogue::load`].
    pub fn gaps(&self, key: &SeriesKey, calendar: &Calendar) -> Result<Vec<Gap>, LakeError> {
        let bars = self.load(key, None)?;
        Ok(missing(&bars.ts, key.timeframe, calendar))
    }

    /// Writes a series to a file that ends in `.csv` or `.parquet`; answers the number of bars.
    ///
    /// # Errors
    /// [`LakeError`] when there is no such series, or the file cannot be written.
    pub fn export(&self, key: &SeriesKey, path: &Path) -> Result<u64, LakeError> {
        let reader = match bundled::reader(key) {
            Some(reader) => reader?,
            None => self.lake.reader(key)?,
        };
        export(reader, &PathBuf::from(key.to_string()), key.timeframe, path)
    }

    /// Imports a file into the lake, see [`Lake::import`].
    ///
    /// # Errors
    /// As [`Lake::import`].
    pub fn import(
        &self,
        request: &ImportRequest,
        progress: &mut dyn FnMut(Progress),
        cancel: &AtomicBool,
    ) -> Result<ImportSummary, ImportError> {
        self.lake.import(request, progress, cancel)
    }
}

/// Whether a series reaches over the whole wanted range.
fn covers(info: &SeriesInfo, wanted: &Wanted) -> bool {
    wanted
        .range
        .as_ref()
        .is_none_or(|range| info.from <= range.start && info.to >= range.end.saturating_sub(1))
}

/// How much of the wanted range lies within a series, at least 1 where a bar can be.
fn overlap(info: &SeriesInfo, wanted: &Wanted) -> i64 {
    let Some(range) = &wanted.range else { return i64::MAX };
    let from = info.from.max(range.start);
    let to = info.to.min(range.end.saturating_sub(1));
    to.saturating_sub(from).saturating_add(1).max(0)
}

/// Says what there is instead of what was wanted.
fn not_found(wanted: &Wanted, series: &[SeriesInfo]) -> LakeError {
    let same: Vec<&SeriesKey> =
        series.iter().map(|info| &info.key).filter(|key| key.symbol == wanted.symbol).collect();
    let near = if same.is_empty() {
        let mut symbols: Vec<&str> = series.iter().map(|info| info.key.symbol.as_str()).collect();
        symbols.sort_unstable();
        symbols.dedup();
        nearest(wanted.symbol.as_str(), &symbols)
    } else {
        same.iter().map(|key| key.to_string()).collect()
    };
    LakeError::NotFound {
        symbol: wanted.symbol.to_string(),
        timeframe: wanted.timeframe.to_string(),
        source_name: wanted.source.clone(),
        near,
    }
}

fn out_of_range(wanted: &Wanted, fits: &[&SeriesInfo]) -> LakeError {
    let spans = fits.iter().map(|info| {
        format!("{} to {} ({})", date_of(info.from), date_of(info.to), info.key.source)
    });
    LakeError::OutOfRange {
        symbol: wanted.symbol.to_string(),
        timeframe: wanted.timeframe.to_string(),
        available: spans.collect::<Vec<_>>().join(", "),
    }
}
