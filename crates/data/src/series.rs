//! The name of a series, and what is known of it without reading it.

use std::fmt;

use market::{Adjustment, Micros, Symbol, Timeframe};
use serde::Serialize;

/// What tells one series from another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct SeriesKey {
    /// Who gave the bars: a vendor, a broker, a name of the user's own.
    pub source: String,
    /// The instrument: `AAPL`, `BRK.B`, `BTC-USD`, `^GSPC`.
    pub symbol: Symbol,
    /// The length of the bars.
    pub timeframe: Timeframe,
    /// Which events the prices are adjusted for.
    pub adjustment: Adjustment,
}

impl fmt::Display for SeriesKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { source, symbol, timeframe, adjustment } = self;
        write!(f, "{symbol} {timeframe} {adjustment} from {source}")
    }
}

/// One row of the catalogue.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SeriesInfo {
    /// The series' name.
    #[serde(flatten)]
    pub key: SeriesKey,
    /// Opening instant of the first bar.
    pub from: Micros,
    /// Opening instant of the last bar.
    pub to: Micros,
    /// Number of bars.
    pub bars: u64,
    /// Size of the file.
    pub bytes: u64,
    /// When the file was written; `None` for what came with the program.
    pub updated: Option<Micros>,
}
