//! Sessions of one year, computed from the rules on first use and kept.
//!
//! Time-zone arithmetic costs about a microsecond a session, so no bar pays for it: everything
//! else in this crate walks these tables.

use std::sync::{LazyLock, OnceLock};

use jiff::Error;
use jiff::civil::{Date, Time, Weekday};
use jiff::tz::{TimeZone, TimeZoneDatabase};

use super::Session;
use super::holidays::{cme_holidays, nyse_early_closes, nyse_holidays};
use crate::{MICROS_PER_DAY, midnight};

/// First and last year for which sessions are computed.
pub(super) const FIRST_YEAR: i16 = 1900;
pub(super) const LAST_YEAR: i16 = 2199;
const YEARS: usize = 300;

/// The trading hours this crate knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Hours {
    Nyse,
    Crypto,
    Fx,
    Cme,
}

type Years = [OnceLock<Vec<Session>>; YEARS];

static NYSE: Years = [const { OnceLock::new() }; YEARS];
static CRYPTO: Years = [const { OnceLock::new() }; YEARS];
static FX: Years = [const { OnceLock::new() }; YEARS];
static CME: Years = [const { OnceLock::new() }; YEARS];

static NEW_YORK: LazyLock<TimeZone> = LazyLock::new(|| zone("America/New_York"));
static CHICAGO: LazyLock<TimeZone> = LazyLock::new(|| zone("America/Chicago"));

/// The sessions of `year`, ascending; none for a year beyond the tables.
pub(super) fn year_sessions(hours: Hours, year: i16) -> &'static [Session] {
    let years = match hours {
        Hours::Nyse => &NYSE,
        Hours::Crypto => &CRYPTO,
        Hours::Fx => &FX,
        Hours::Cme => &CME,
    };
    let index = usize::try_from(i32::from(year) - i32::from(FIRST_YEAR));
    let Some(cell) = index.ok().and_then(|index| years.get(index)) else {
        return &[];
    };
    // The rules cannot fail for the years of the tables; a test walks every one of them.
    cell.get_or_init(|| build(hours, year).unwrap_or_default())
}

fn build(hours: Hours, year: i16) -> Result<Vec<Session>, Error> {
    let (holidays, half_days) = match hours {
        Hours::Nyse => (nyse_holidays(year)?, nyse_early_closes(year)?),
        Hours::Cme => (cme_holidays(year)?, Vec::new()),
        Hours::Crypto | Hours::Fx => (Vec::new(), Vec::new()),
    };
    let mut sessions = Vec::with_capacity(366);
    let mut date = Date::new(year, 1, 1)?;
    loop {
        let weekend = matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
        if hours == Hours::Crypto || !(weekend || holidays.contains(&date)) {
            sessions.push(session(hours, date, half_days.contains(&date))?);
        }
        if date.month() == 12 && date.day() == 31 {
            return Ok(sessions);
        }
        date = date.tomorrow()?;
    }
}

fn session(hours: Hours, date: Date, early: bool) -> Result<Session, Error> {
    let (open, close) = match hours {
        Hours::Nyse => {
            let close = if early { 13 } else { 16 };
            (instant(date, 9, 30, &NEW_YORK)?, instant(date, close, 0, &NEW_YORK)?)
        }
        Hours::Crypto => (midnight(date), midnight(date) + MICROS_PER_DAY),
        Hours::Fx => {
            (instant(date.yesterday()?, 17, 0, &NEW_YORK)?, instant(date, 17, 0, &NEW_YORK)?)
        }
        Hours::Cme => {
            (instant(date.yesterday()?, 17, 0, &CHICAGO)?, instant(date, 16, 0, &CHICAGO)?)
        }
    };
    Ok(Session { date, open, close, early })
}

fn instant(date: Date, hour: i8, minute: i8, zone: &TimeZone) -> Result<i64, Error> {
    let local = date.to_datetime(Time::new(hour, minute, 0, 0)?);
    Ok(zone.to_timestamp(local)?.as_microsecond())
}

/// A zone of the compiled-in database: the machine's own would make results depend on it.
#[expect(clippy::expect_used, reason = "the database is compiled in and both names are in it")]
fn zone(name: &str) -> TimeZone {
    TimeZoneDatabase::bundled().get(name).expect("a zone of the compiled-in database")
}
