//! How a file of bars is to be understood.

use jiff::tz::TimeZone;
use market::{BarSeries, MICROS_PER_DAY as DAY, MICROS_PER_MINUTE, Timeframe};

use crate::csv::TimeReader;

/// How a file of bars is to be understood, and what becomes of bad rows.
#[derive(Clone, Debug)]
pub struct ReadOptions {
    /// The zone of times that are written without one.
    pub zone: TimeZone,
    /// The length of the bars. For daily bars and longer the date as written is the bar's session;
    /// `None` lets the distance of the first rows decide.
    pub timeframe: Option<Timeframe>,
    /// Leaves out rows that are not valid, instead of refusing the file.
    pub skip_bad: bool,
}

impl Default for ReadOptions {
    /// Times in UTC, timeframe by the rows, all rows or none.
    fn default() -> Self {
        Self { zone: TimeZone::UTC, timeframe: None, skip_bad: false }
    }
}

impl ReadOptions {
    pub(crate) fn time_reader(&self) -> TimeReader {
        TimeReader::new(&self.zone, self.timeframe.is_some_and(|length| !length.is_intraday()))
    }
}

/// The timeframe that the bars' distances show: the longest that is no longer than the shortest
/// distance. `None` for fewer than two bars.
pub fn guess_timeframe(bars: &BarSeries) -> Option<Timeframe> {
    let shortest = bars.ts.windows(2).map(|pair| pair[1] - pair[0]).filter(|gap| *gap > 0).min()?;
    // A day of a clock change has 23 hours, and February 28 days.
    let timeframe = match shortest {
        gap if gap >= 27 * DAY => Timeframe::Month1,
        gap if gap >= 6 * DAY => Timeframe::Week1,
        gap if gap >= DAY / 24 * 20 => Timeframe::Day1,
        gap => {
            let minutes = gap / MICROS_PER_MINUTE;
            let fits =
                |length: &Timeframe| length.minutes().is_some_and(|m| i64::from(m) <= minutes);
            Timeframe::ALL.into_iter().rev().find(fits).unwrap_or(Timeframe::Minute1)
        }
    };
    Some(timeframe)
}
