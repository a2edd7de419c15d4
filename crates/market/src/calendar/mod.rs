//! Exchange calendars: which dates have a session, and when it opens and closes.
//!
//! A calendar is a name for a set of rules and costs nothing to copy. Sessions are computed by year
//! on first use and shared. Local hours turn into instants with the IANA zone of their date, so
//! 09:30 in New York is 13:30 or 14:30 UTC.

mod closures;
mod holidays;
mod table;

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};

use self::table::{FIRST_YEAR, Hours, LAST_YEAR, year_sessions};
use crate::{MICROS_PER_DAY, MICROS_PER_MINUTE, Micros, Timeframe, date_of};

/// One stretch of regular trading.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Session {
    /// The date that names the session: of its open for exchanges, of its end where it runs
    /// through the night.
    pub date: Date,
    /// First instant of regular trading.
    pub open: Micros,
    /// First instant after regular trading.
    pub close: Micros,
    /// Whether it closes before the usual hour.
    pub early: bool,
}

/// The trading days and hours of a market.
///
/// `NYSE` follows the exchange's holidays, half days and unscheduled closures to the day from 2000
/// to 2030; before and after, today's rules are an approximation. `CRYPTO` never closes (UTC
/// days). `FX` runs 17:00–17:00 New York from Sunday to Friday, without holidays. `CME` runs
/// 17:00–16:00 Chicago, shut on New Year's Day, Good Friday and Christmas. Sessions exist for the
/// years 1900 to 2199.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Calendar(Hours);

/// A text that names no calendar.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown calendar '{0}' (one of NYSE CRYPTO FX CME)")]
pub struct UnknownCalendar(pub String);

impl Calendar {
    /// New York Stock Exchange; also Nasdaq, Arca and listed US options.
    pub const NYSE: Self = Self(Hours::Nyse);
    /// Markets that never close, by UTC day.
    pub const CRYPTO: Self = Self(Hours::Crypto);
    /// Interbank foreign exchange.
    pub const FX: Self = Self(Hours::Fx);
    /// CME Globex.
    pub const CME: Self = Self(Hours::Cme);

    /// Every calendar.
    pub const ALL: [Self; 4] = [Self::NYSE, Self::CRYPTO, Self::FX, Self::CME];

    /// The calendar of a name or of an exchange that shares it (`XNYS`, `NASDAQ`, `ARCA`, …), in
    /// any case.
    ///
    /// # Errors
    /// [`UnknownCalendar`] for any other text.
    pub fn by_name(name: &str) -> Result<Self, UnknownCalendar> {
        match name.trim().to_ascii_uppercase().as_str() {
            "NYSE" | "XNYS" | "NASDAQ" | "XNAS" | "ARCA" | "ARCX" | "AMEX" | "XASE" | "BATS"
            | "US" => Ok(Self::NYSE),
            "CRYPTO" | "24/7" => Ok(Self::CRYPTO),
            "FX" | "FOREX" | "24/5" => Ok(Self::FX),
            "CME" | "GLOBEX" | "XCME" | "CMES" => Ok(Self::CME),
            _ => Err(UnknownCalendar(name.to_owned())),
        }
    }

    /// The calendar's own name.
    pub fn name(self) -> &'static str {
        match self.0 {
            Hours::Nyse => "NYSE",
            Hours::Crypto => "CRYPTO",
            Hours::Fx => "FX",
            Hours::Cme => "CME",
        }
    }

    /// IANA name of the zone that its hours are kept in.
    pub fn time_zone(self) -> &'static str {
        match self.0 {
            Hours::Nyse | Hours::Fx => "America/New_York",
            Hours::Crypto => "UTC",
            Hours::Cme => "America/Chicago",
        }
    }

    /// First and last date for which the sessions are right to the day; rules only approximate
    /// the rest.
    pub fn known_range(self) -> (Date, Date) {
        match self.0 {
            Hours::Nyse | Hours::Cme => (Date::constant(2000, 1, 1), Date::constant(2030, 12, 31)),
            Hours::Crypto | Hours::Fx => {
                (Date::constant(FIRST_YEAR, 1, 1), Date::constant(LAST_YEAR, 12, 31))
            }
        }
    }

    /// Sessions dated `from` to `to`, both included, ascending.
    pub fn sessions(self, from: Date, to: Date) -> Vec<Session> {
        self.sessions_from(from).take_while(|session| session.date <= to).collect()
    }

    /// The session of a date.
    pub fn session(self, date: Date) -> Option<Session> {
        let year = year_sessions(self.0, date.year());
        year.binary_search_by_key(&date, |session| session.date).ok().map(|index| year[index])
    }

    /// Whether a date has a session.
    pub fn is_session(self, date: Date) -> bool {
        self.session(date).is_some()
    }

    /// Mondays to Fridays without a session, from `from` to `to`, both included, ascending.
    pub fn holidays(self, from: Date, to: Date) -> Vec<Date> {
        let from = from.max(Date::constant(FIRST_YEAR, 1, 1));
        let to = to.min(Date::constant(LAST_YEAR, 12, 31));
        std::iter::successors(Some(from), |date| date.tomorrow().ok())
            .take_while(|date| *date <= to)
            .filter(|date| !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday))
            .filter(|date| !self.is_session(*date))
            .collect()
    }

    /// The first session that is not before a date; `None` beyond the last year.
    pub fn first_session_on_or_after(self, date: Date) -> Option<Session> {
        self.sessions_from(date).next()
    }

    /// The last session that is not after a date; `None` before the first year.
    pub fn last_session_on_or_before(self, date: Date) -> Option<Session> {
        let mut year = date.year().min(LAST_YEAR);
        while year >= FIRST_YEAR {
            let sessions = year_sessions(self.0, year);
            let after = sessions.partition_point(|session| session.date <= date);
            if after > 0 {
                return Some(sessions[after - 1]);
            }
            year -= 1;
        }
        None
    }

    /// The session `n` sessions after (before, when negative) the first one on or after `date`;
    /// `None` beyond the years that have sessions.
    pub fn plus_sessions(self, date: Date, n: i64) -> Option<Session> {
        let start = self.first_session_on_or_after(date)?;
        let mut year = start.date.year();
        let mut sessions = year_sessions(self.0, year);
        let index = sessions.partition_point(|session| session.date < start.date);
        let mut index = i64::try_from(index).ok()?.checked_add(n)?;
        loop {
            let length = i64::try_from(sessions.len()).ok()?;
            if let Ok(position) = usize::try_from(index)
                && let Some(session) = sessions.get(position)
            {
                return Some(*session);
            }
            if index >= length {
                index -= length;
                year += 1;
                sessions = year_sessions(self.0, year);
            } else {
                year -= 1;
                sessions = year_sessions(self.0, year);
                index += i64::try_from(sessions.len()).ok()?;
            }
            if sessions.is_empty() {
                return None;
            }
        }
    }

    /// The session whose regular hours hold an instant.
    pub fn session_at(self, ts: Micros) -> Option<Session> {
        self.session_closing_after(ts).filter(|session| session.open <= ts)
    }

    /// The session that is open at an instant, or the next one to open.
    pub fn session_closing_after(self, ts: Micros) -> Option<Session> {
        // No session lies further from its date than a day.
        let date = date_of(ts.saturating_sub(MICROS_PER_DAY));
        self.sessions_from(date).find(|session| session.close > ts)
    }

    /// Last trading day of a month's standard options: the third Friday, or the session before
    /// when that is a holiday. `None` for a month that does not exist.
    pub fn monthly_option_last_trading_day(self, year: i16, month: i8) -> Option<Date> {
        let first = Date::new(year, month, 1).ok()?;
        let friday = first.nth_weekday_of_month(3, Weekday::Friday).ok()?;
        self.last_session_on_or_before(friday).map(|session| session.date)
    }

    /// Periods of a timeframe in a year, as statistics annualize with: 252 daily (365 where the
    /// market never closes), 52 weekly, 12 monthly; intraday the daily figure times the bars of a
    /// regular session, a short last one counted.
    pub fn periods_per_year(self, timeframe: Timeframe) -> f64 {
        let (days, session_minutes) = match self.0 {
            Hours::Nyse => (252, 390),
            Hours::Crypto => (365, 24 * 60),
            Hours::Fx => (252, 24 * 60),
            Hours::Cme => (252, 23 * 60),
        };
        match timeframe {
            Timeframe::Week1 => 52.0,
            Timeframe::Month1 => 12.0,
            _ => {
                let bars = timeframe
                    .minutes()
                    .map_or(1, |minutes: u32| u32::div_ceil(session_minutes, minutes));
                f64::from(days * bars)
            }
        }
    }

    /// Every session from a date on.
    pub(crate) fn sessions_from(self, from: Date) -> impl Iterator<Item = Session> {
        let first_year = from.year().max(FIRST_YEAR);
        (first_year..=LAST_YEAR).flat_map(move |year| {
            let sessions = year_sessions(self.0, year);
            let start = sessions.partition_point(|session| session.date < from);
            sessions[start..].iter().copied()
        })
    }
}

impl Session {
    /// Regular trading time in whole minutes.
    pub fn minutes(&self) -> i64 {
        (self.close - self.open) / MICROS_PER_MINUTE
    }
}

impl fmt::Display for Calendar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Calendar {
    type Err = UnknownCalendar;

    fn from_str(text: &str) -> Result<Self, UnknownCalendar> {
        Self::by_name(text)
    }
}

impl TryFrom<String> for Calendar {
    type Error = UnknownCalendar;

    fn try_from(text: String) -> Result<Self, UnknownCalendar> {
        Self::by_name(&text)
    }
}

impl From<Calendar> for String {
    fn from(calendar: Calendar) -> Self {
        calendar.name().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utc(text: &str) -> Micros {
        text.parse::<jiff::Timestamp>().unwrap().as_microsecond()
    }

    #[test]
    fn hours_turn_into_instants_by_the_zone_of_the_date() {
        let cases = [
            (Calendar::NYSE, Date::constant(2024, 3, 8), "2024-03-08T14:30Z", "2024-03-08T21:00Z"),
            (Calendar::NYSE, Date::constant(2024, 3, 11), "2024-03-11T13:30Z", "2024-03-11T20:00Z"),
            (Calendar::NYSE, Date::constant(2024, 7, 3), "2024-07-03T13:30Z", "2024-07-03T17:00Z"),
            (
                Calendar::CRYPTO,
                Date::constant(2024, 3, 9),
                "2024-03-09T00:00Z",
                "2024-03-10T00:00Z",
            ),
            // The Monday after the clocks changed opens on Sunday evening, already in summer time.
            (Calendar::FX, Date::constant(2024, 3, 11), "2024-03-10T21:00Z", "2024-03-11T21:00Z"),
            (Calendar::FX, Date::constant(2024, 3, 8), "2024-03-07T22:00Z", "2024-03-08T22:00Z"),
            (Calendar::CME, Date::constant(2024, 1, 8), "2024-01-07T23:00Z", "2024-01-08T22:00Z"),
        ];
        for (calendar, date, open, close) in cases {
            let session = calendar.session(date).unwrap();
            assert_eq!((session.open, session.close), (utc(open), utc(close)), "{calendar} {date}");
        }
    }

    #[test]
    fn an_instant_finds_its_session() {
        let cases = [
            (Calendar::NYSE, "2024-03-08T14:29:59Z", None),
            (Calendar::NYSE, "2024-03-08T14:30:00Z", Some((2024, 3, 8))),
            (Calendar::NYSE, "2024-03-08T20:59:59Z", Some((2024, 3, 8))),
            (Calendar::NYSE, "2024-03-08T21:00:00Z", None),
            (Calendar::NYSE, "2024-07-03T17:00:00Z", None),
            (Calendar::CRYPTO, "2024-12-31T23:59:59Z", Some((2024, 12, 31))),
            (Calendar::FX, "2020-12-31T22:30:00Z", Some((2021, 1, 1))),
            (Calendar::FX, "2024-03-09T12:00:00Z", None),
            (Calendar::FX, "2024-03-10T21:00:00Z", Some((2024, 3, 11))),
            (Calendar::CME, "2024-01-08T22:30:00Z", None),
            (Calendar::CME, "2024-01-08T23:30:00Z", Some((2024, 1, 9))),
        ];
        for (calendar, ts, date) in cases {
            let expected = date.map(|(year, month, day)| Date::constant(year, month, day));
            let found = calendar.session_at(utc(ts)).map(|session| session.date);
            assert_eq!(found, expected, "{calendar} {ts}");
        }
    }

    #[test]
    fn every_year_of_the_tables_can_be_built() {
        for calendar in Calendar::ALL {
            for year in FIRST_YEAR..=LAST_YEAR {
                let sessions = year_sessions(calendar.0, year);
                assert!(sessions.len() >= 248, "{calendar} {year}: {}", sessions.len());
                assert!(sessions.windows(2).all(|pair| pair[0].close <= pair[1].open));
            }
        }
    }

    #[test]
    fn the_ends_of_the_tables_are_not_crossed() {
        let calendar = Calendar::NYSE;
        assert_eq!(calendar.first_session_on_or_after(Date::MAX), None);
        assert_eq!(calendar.last_session_on_or_before(Date::MIN), None);
        assert_eq!(calendar.session_at(Micros::MAX), None);
        assert_eq!(calendar.session_at(Micros::MIN), None);
        assert_eq!(calendar.plus_sessions(Date::constant(2024, 1, 1), i64::MAX), None);
        assert_eq!(calendar.plus_sessions(Date::constant(2024, 1, 1), i64::MIN), None);
        assert!(calendar.sessions(Date::MIN, Date::constant(1899, 12, 31)).is_empty());
    }

    #[test]
    fn periods_per_year() {
        let cases = [
            (Calendar::NYSE, Timeframe::Day1, 252.0),
            (Calendar::NYSE, Timeframe::Week1, 52.0),
            (Calendar::NYSE, Timeframe::Month1, 12.0),
            (Calendar::NYSE, Timeframe::Minute1, 252.0 * 390.0),
            (Calendar::NYSE, Timeframe::Minute5, 252.0 * 78.0),
            (Calendar::NYSE, Timeframe::Hour1, 252.0 * 7.0),
            (Calendar::CRYPTO, Timeframe::Day1, 365.0),
            (Calendar::CRYPTO, Timeframe::Hour4, 365.0 * 6.0),
            (Calendar::FX, Timeframe::Minute1, 252.0 * 1440.0),
        ];
        for (calendar, timeframe, expected) in cases {
            assert_eq!(calendar.periods_per_year(timeframe), expected, "{calendar} {timeframe}");
        }
    }

    #[test]
    fn names_and_aliases() {
        for name in ["NYSE", "xnys", "Nasdaq", "ARCA"] {
            assert_eq!(Calendar::by_name(name), Ok(Calendar::NYSE));
        }
        for calendar in Calendar::ALL {
            assert_eq!(calendar.name().parse(), Ok(calendar));
        }
        assert_eq!(Calendar::by_name("LSE"), Err(UnknownCalendar("LSE".into())));
    }
}
