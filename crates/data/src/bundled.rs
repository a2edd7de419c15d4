//! The history that comes with the program: real daily bars, with splits and dividends.
//!
//! Origin and licences stand in `assets/market/README.md`; `examples/bundle.rs` makes the files.

use std::path::PathBuf;

use bytes::Bytes;
use market::{Adjustment, CorporateAction, Symbol, Timeframe};

use crate::error::LakeError;
use crate::events::read_events;
use crate::parquet::{ParquetReader, Stored};
use crate::series::{SeriesInfo, SeriesKey};
use crate::stored;

/// The source's name, which no import can have.
pub const BUNDLED: &str = "bundled";

/// One embedded symbol: its daily bars, and its corporate actions where it has any.
struct Embedded {
    symbol: &'static str,
    bars: &'static [u8],
    events: Option<&'static [u8]>,
}

macro_rules! asset {
    ($file:literal) => {
        include_bytes!(concat!("../../../assets/market/", $file))
    };
}

static EMBEDDED: [Embedded; 7] = [
    Embedded {
        symbol: "AAPL",
        bars: asset!("AAPL_1d.parquet"),
        events: Some(asset!("AAPL_events.parquet")),
    },
    Embedded { symbol: "FB", bars: asset!("FB_1d.parquet"), events: None },
    Embedded { symbol: "GOOG", bars: asset!("GOOG_1d.parquet"), events: None },
    Embedded {
        symbol: "IBM",
        bars: asset!("IBM_1d.parquet"),
        events: Some(asset!("IBM_events.parquet")),
    },
    Embedded {
        symbol: "MSFT",
        bars: asset!("MSFT_1d.parquet"),
        events: Some(asset!("MSFT_events.parquet")),
    },
    Embedded { symbol: "^GSPC", bars: asset!("GSPC_1d.parquet"), events: None },
    Embedded { symbol: "^IXIC", bars: asset!("IXIC_1d.parquet"), events: None },
];

/// Lists the embedded series.
pub(crate) fn ls() -> Result<Vec<SeriesInfo>, LakeError> {
    EMBEDDED.iter().map(describe).collect()
}

/// A reader of an embedded series; `None` when there is no such series.
pub(crate) fn open(key: &SeriesKey) -> Option<(PathBuf, Bytes)> {
    let embedded = find(&key.symbol)?;
    let same = key.source == BUNDLED
        && key.timeframe == Timeframe::Day1
        && key.adjustment == Adjustment::Raw;
    same.then(|| (path(embedded.symbol), Bytes::from_static(embedded.bars)))
}

/// A reader of all bars of an embedded series.
pub(crate) fn reader(key: &SeriesKey) -> Option<Result<ParquetReader, LakeError>> {
    open(key).map(|(path, bytes)| stored::reader(&path, bytes, None))
}

/// The corporate actions of an embedded symbol.
pub(crate) fn events(symbol: &Symbol) -> Result<Vec<CorporateAction>, LakeError> {
    match find(symbol).and_then(|embedded| Some((embedded.symbol, embedded.events?))) {
        Some((symbol, events)) => read_events(&path(symbol), Bytes::from_static(events)),
        None => Ok(Vec::new()),
    }
}

fn find(symbol: &Symbol) -> Option<&'static Embedded> {
    EMBEDDED.iter().find(|embedded| embedded.symbol == symbol.as_str())
}

fn describe(embedded: &Embedded) -> Result<SeriesInfo, LakeError> {
    let damaged = |detail: String| LakeError::Damaged { path: path(embedded.symbol), detail };
    let symbol =
        embedded.symbol.parse().map_err(|_| LakeError::Name(embedded.symbol.to_owned()))?;
    let stored = Stored::of(&Bytes::from_static(embedded.bars))
        .map_err(|error| damaged(error.to_string()))?;
    let (from, to) = stored.extent.ok_or_else(|| damaged("it has no statistics".to_owned()))?;
    let key = SeriesKey {
        source: BUNDLED.to_owned(),
        symbol,
        timeframe: Timeframe::Day1,
        adjustment: Adjustment::Raw,
    };
    let bytes = embedded.bars.len() as u64;
    Ok(SeriesInfo { key, from, to, bars: stored.bars, bytes, updated: None })
}

/// What messages call an embedded file.
fn path(symbol: &str) -> PathBuf {
    PathBuf::from(format!("{BUNDLED}/{symbol}"))
}
