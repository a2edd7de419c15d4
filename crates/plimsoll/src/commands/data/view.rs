//! A stored series as programs see it.

use ::data::SeriesInfo;
use serde::Serialize;

use crate::output::number::{bar_date, instant};

/// One row of the catalogue; the ends are dates for daily and longer bars.
#[derive(Debug, Serialize)]
pub(super) struct SeriesView {
    pub(super) symbol: String,
    pub(super) timeframe: String,
    pub(super) source: String,
    pub(super) adjustment: String,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) bars: u64,
    pub(super) bytes: u64,
    pub(super) updated: Option<String>,
}

impl From<&SeriesInfo> for SeriesView {
    fn from(info: &SeriesInfo) -> Self {
        let key = &info.key;
        Self {
            symbol: key.symbol.to_string(),
            timeframe: key.timeframe.to_string(),
            source: key.source.clone(),
            adjustment: key.adjustment.to_string(),
            from: bar_date(info.from, key.timeframe),
            to: bar_date(info.to, key.timeframe),
            bars: info.bars,
            bytes: info.bytes,
            updated: info.updated.map(instant),
        }
    }
}
