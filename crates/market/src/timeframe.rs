//! The length of a bar.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{MICROS_PER_MINUTE, Micros};

/// How long one bar lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Timeframe {
    /// One minute.
    #[serde(rename = "1m")]
    Minute1,
    /// Five minutes.
    #[serde(rename = "5m")]
    Minute5,
    /// Fifteen minutes.
    #[serde(rename = "15m")]
    Minute15,
    /// Thirty minutes.
    #[serde(rename = "30m")]
    Minute30,
    /// One hour.
    #[serde(rename = "1h")]
    Hour1,
    /// Four hours.
    #[serde(rename = "4h")]
    Hour4,
    /// One session.
    #[serde(rename = "1d")]
    Day1,
    /// One week of sessions.
    #[serde(rename = "1w")]
    Week1,
    /// One month of sessions.
    #[serde(rename = "1mo")]
    Month1,
}

/// A text that names no timeframe.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown timeframe '{0}' (one of 1m 5m 15m 30m 1h 4h 1d 1w 1mo)")]
pub struct UnknownTimeframe(pub String);

impl Timeframe {
    /// Every timeframe, shortest first.
    pub const ALL: [Self; 9] = [
        Self::Minute1,
        Self::Minute5,
        Self::Minute15,
        Self::Minute30,
        Self::Hour1,
        Self::Hour4,
        Self::Day1,
        Self::Week1,
        Self::Month1,
    ];

    /// The contract's name: `1m`, `1d`, …
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Minute1 => "1m",
            Self::Minute5 => "5m",
            Self::Minute15 => "15m",
            Self::Minute30 => "30m",
            Self::Hour1 => "1h",
            Self::Hour4 => "4h",
            Self::Day1 => "1d",
            Self::Week1 => "1w",
            Self::Month1 => "1mo",
        }
    }

    /// Minutes of one bar, or `None` for a session and longer.
    pub fn minutes(self) -> Option<u32> {
        match self {
            Self::Minute1 => Some(1),
            Self::Minute5 => Some(5),
            Self::Minute15 => Some(15),
            Self::Minute30 => Some(30),
            Self::Hour1 => Some(60),
            Self::Hour4 => Some(240),
            Self::Day1 | Self::Week1 | Self::Month1 => None,
        }
    }

    /// Length of one bar in microseconds, or `None` for a session and longer.
    pub fn micros(self) -> Option<Micros> {
        self.minutes().map(|minutes| Micros::from(minutes) * MICROS_PER_MINUTE)
    }

    /// Whether several bars make one session.
    pub fn is_intraday(self) -> bool {
        self.minutes().is_some()
    }
}

impl fmt::Display for Timeframe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Timeframe {
    type Err = UnknownTimeframe;

    /// Reads the contract's names in any case (`1H`, `1D`, `1W` too); `1M` is one minute, as `1m`.
    fn from_str(text: &str) -> Result<Self, UnknownTimeframe> {
        let lower = text.to_ascii_lowercase();
        Self::ALL
            .into_iter()
            .find(|timeframe| timeframe.as_str() == lower)
            .ok_or_else(|| UnknownTimeframe(text.to_owned()))
    }
}
