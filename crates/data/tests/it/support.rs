//! What several tests need.

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use data::{ImportError, ImportRequest, ImportSummary, Lake, ReadOptions, SeriesKey};
use market::{Adjustment, Bar, BarSeries, Micros, Timeframe};

/// An instant from its RFC 3339 text.
pub(crate) fn at(text: &str) -> Micros {
    text.parse::<jiff::Timestamp>().expect("an instant").as_microsecond()
}

/// A series name in source `test`.
pub(crate) fn key(symbol: &str, timeframe: Timeframe) -> SeriesKey {
    SeriesKey {
        source: "test".to_owned(),
        symbol: symbol.parse().expect("a symbol"),
        timeframe,
        adjustment: Adjustment::Raw,
    }
}

/// Writes a text file.
pub(crate) fn file(folder: &Path, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, text).expect("a file");
    path
}

/// `count` valid minute bars from `start` on, told apart by `price`.
pub(crate) fn minutes(start: &str, count: usize, price: f64) -> BarSeries {
    let start = at(start);
    let mut bars = BarSeries::with_capacity(count);
    for index in 0..count {
        let open = price + (index % 100) as f64 / 100.0;
        bars.push(Bar {
            ts: start + index as i64 * 60_000_000,
            open,
            high: open + 0.5,
            low: open - 0.25,
            close: open + 0.125,
            volume: (index % 1_000) as f64,
        });
    }
    bars
}

/// The text of bars as a CSV file.
pub(crate) fn csv(bars: &BarSeries, timeframe: Timeframe) -> Vec<u8> {
    let mut text = Vec::new();
    data::write_csv(bars.bars(), timeframe, &mut text).expect("memory takes all");
    text
}

/// Imports a file without looking at the progress.
pub(crate) fn import(
    lake: &Lake,
    key: &SeriesKey,
    file: &Path,
    skip_bad: bool,
) -> Result<ImportSummary, ImportError> {
    let options = ReadOptions { skip_bad, ..ReadOptions::default() };
    let request = ImportRequest { file: file.to_owned(), key: key.clone(), options };
    lake.import(&request, &mut |_| {}, &AtomicBool::new(false))
}

/// Paths of all files below a folder, except locks.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let Ok(entries) = std::fs::read_dir(folder) else { return found };
    for entry in entries {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.file_name().is_none_or(|name| name != ".lock") {
            found.push(path);
        }
    }
    found.sort();
    found
}
