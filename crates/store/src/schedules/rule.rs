//! When a schedule runs, in words.
//!
//! `every 15m` or `every 2h`, counted from midnight UTC of 1970; `utc 02:30` each day or
//! `utc mon,thu 02:30` on some; `NYSE close +30m` or `NYSE open -15m` by an exchange's sessions, so
//! that holidays, half days and the change of clocks are the calendar's matter.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use market::Calendar;
use sea_orm::DeriveValueType;
use serde::{Deserialize, Serialize};

/// No rule looks further ahead for its next run: exchanges close for days, not for weeks.
const HORIZON_DAYS: i64 = 31;

/// Offsets from an open or close are shorter than a day.
const MAX_OFFSET_MINUTES: i32 = 24 * 60 - 1;

/// The longest and the shortest time between two runs of an `every` rule.
const EVERY_MINUTES: std::ops::RangeInclusive<u32> = 1..=7 * 24 * 60;

/// When a schedule runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, DeriveValueType)]
#[sea_orm(value_type = "String")]
#[serde(try_from = "String", into = "String")]
pub enum ScheduleRule {
    /// Again and again after as many minutes.
    Every {
        /// Minutes from one run to the next.
        minutes: u32,
    },
    /// At a time of day, UTC.
    Utc {
        /// On these days.
        days: Weekdays,
        /// To the minute.
        at: Time,
    },
    /// By the sessions of an exchange.
    Exchange {
        /// Whose sessions.
        calendar: Calendar,
        /// Which end of a session.
        edge: Edge,
        /// Minutes after it, or before it when negative.
        offset_minutes: i32,
    },
}

/// An end of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    /// Its first instant.
    Open,
    /// The first instant after it.
    Close,
}

/// A set of days of the week that is not empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weekdays(u8);

/// A text that is no rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "'{0}' is no rule: write 'every 15m', 'every 2h', 'utc 02:30', 'utc mon,thu 02:30', \
     'NYSE close +30m' or 'NYSE open -15m'"
)]
pub struct RuleError(pub String);

impl ScheduleRule {
    /// The first run after an instant; `None` when the calendar ends.
    pub fn next_after(self, instant: Timestamp) -> Option<Timestamp> {
        match self {
            Self::Every { minutes } => {
                let step = i64::from(minutes) * 60;
                let passed = instant.as_second().div_euclid(step);
                Timestamp::from_second((passed + 1).checked_mul(step)?).ok()
            }
            Self::Utc { days, at } => {
                let first = instant.to_zoned(TimeZone::UTC).date();
                let dates = std::iter::successors(Some(first), |date| date.tomorrow().ok()).take(8);
                dates
                    .filter(|date| days.contains(date.weekday()))
                    .filter_map(|date| TimeZone::UTC.to_timestamp(date.to_datetime(at)).ok())
                    .find(|run| *run > instant)
            }
            Self::Exchange { calendar, edge, offset_minutes } => {
                let offset = SignedDuration::from_mins(i64::from(offset_minutes));
                // A session may be dated a day after its open, and the offset reaches a day more.
                let today = instant.to_zoned(TimeZone::UTC).date();
                let from = today.checked_sub(3.days()).unwrap_or(Date::MIN);
                let to = today.checked_add(HORIZON_DAYS.days()).unwrap_or(Date::MAX);
                let sessions = calendar.sessions(from, to).into_iter();
                sessions
                    .map(|session| match edge {
                        Edge::Open => session.open,
                        Edge::Close => session.close,
                    })
                    .filter_map(|micros| Timestamp::from_microsecond(micros).ok())
                    .filter_map(|end| end.checked_add(offset).ok())
                    .find(|run| *run > instant)
            }
        }
    }
}

impl fmt::Display for ScheduleRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Every { minutes } if minutes.is_multiple_of(60) => {
                write!(f, "every {}h", minutes / 60)
            }
            Self::Every { minutes } => write!(f, "every {minutes}m"),
            Self::Utc { days: Weekdays::ALL, at } => write!(f, "utc {}", at.strftime("%H:%M")),
            Self::Utc { days, at } => write!(f, "utc {days} {}", at.strftime("%H:%M")),
            Self::Exchange { calendar, edge, offset_minutes } => {
                let edge = if edge == Edge::Open { "open" } else { "close" };
                write!(f, "{} {edge}", calendar.name())?;
                if offset_minutes == 0 { Ok(()) } else { write!(f, " {offset_minutes:+}m") }
            }
        }
    }
}

impl FromStr for ScheduleRule {
    type Err = RuleError;

    fn from_str(text: &str) -> Result<Self, RuleError> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let rule = match words.as_slice() {
            [every, length] if every.eq_ignore_ascii_case("every") => minutes(length)
                .filter(|minutes| EVERY_MINUTES.contains(minutes))
                .map(|minutes| Self::Every { minutes }),
            [utc, at] if utc.eq_ignore_ascii_case("utc") => {
                time(at).map(|at| Self::Utc { days: Weekdays::ALL, at })
            }
            [utc, days, at] if utc.eq_ignore_ascii_case("utc") => {
                Weekdays::read(days).zip(time(at)).map(|(days, at)| Self::Utc { days, at })
            }
            [calendar, edge] => exchange(calendar, edge, "+0m"),
            [calendar, edge, offset] => exchange(calendar, edge, offset),
            _ => None,
        };
        rule.ok_or_else(|| RuleError(text.to_owned()))
    }
}

impl TryFrom<String> for ScheduleRule {
    type Error = RuleError;

    fn try_from(text: String) -> Result<Self, RuleError> {
        text.parse()
    }
}

impl From<ScheduleRule> for String {
    fn from(rule: ScheduleRule) -> Self {
        rule.to_string()
    }
}

fn exchange(calendar: &str, edge: &str, offset: &str) -> Option<ScheduleRule> {
    let calendar = Calendar::by_name(calendar).ok()?;
    let edge = match edge.to_ascii_lowercase().as_str() {
        "open" => Edge::Open,
        "close" => Edge::Close,
        _ => return None,
    };
    let (sign, length) = match offset.split_at_checked(1)? {
        ("+", length) => (1, length),
        ("-", length) => (-1, length),
        _ => return None,
    };
    let offset_minutes = sign * i32::try_from(minutes(length)?).ok()?;
    (offset_minutes.abs() <= MAX_OFFSET_MINUTES).then_some(ScheduleRule::Exchange {
        calendar,
        edge,
        offset_minutes,
    })
}

/// Reads `15m` or `2h`.
fn minutes(text: &str) -> Option<u32> {
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let factor = match unit {
        "m" => 1,
        "h" => 60,
        _ => return None,
    };
    number.parse::<u32>().ok()?.checked_mul(factor)
}

/// Reads `02:30`.
fn time(text: &str) -> Option<Time> {
    let (hour, minute) = text.split_once(':')?;
    let digits = |text: &str| (text.len() == 2).then(|| text.parse::<i8>().ok()).flatten();
    Time::new(digits(hour)?, digits(minute)?, 0, 0).ok()
}

impl Weekdays {
    /// Every day.
    pub const ALL: Self = Self(0b111_1111);

    const NAMES: [&'static str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

    /// Whether a day is among them.
    pub fn contains(self, day: Weekday) -> bool {
        self.0 & (1 << day.to_monday_zero_offset()) != 0
    }

    /// Reads `mon,thu`.
    fn read(text: &str) -> Option<Self> {
        let text = text.to_ascii_lowercase();
        let days = text.split(',').map(|day| Self::NAMES.iter().position(|name| *name == day));
        days.into_iter()
            .try_fold(0, |days, day| Some(days | (1 << day?)))
            .filter(|days| *days != 0)
            .map(Self)
    }
}

impl fmt::Display for Weekdays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let days = Self::NAMES.iter().enumerate().filter(|(index, _)| self.0 & (1 << index) != 0);
        let names: Vec<&str> = days.map(|(_, name)| *name).collect();
        f.write_str(&names.join(","))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_run_is_the_first_after_an_instant() {
        let cases = [
            ("every 15m", "2026-11-21T14:00:00Z", "2026-11-21T14:15:00Z"),
            ("every 15m", "2026-11-21T14:14:59.999Z", "2026-11-21T14:15:00Z"),
            ("every 2h", "2026-11-21T23:59:00Z", "2026-11-22T00:00:00Z"),
            ("every 1m", "1969-12-31T23:58:30Z", "1969-12-31T23:59:00Z"),
            ("utc 02:30", "2026-11-21T02:29:59Z", "2026-11-21T02:30:00Z"),
            ("utc 02:30", "2026-11-21T02:30:00Z", "2026-11-22T02:30:00Z"),
            // A Saturday.
            ("utc mon,thu 02:30", "2026-11-21T12:00:00Z", "2026-11-23T02:30:00Z"),
            ("utc sat 00:00", "2026-11-21T00:00:00Z", "2026-11-28T00:00:00Z"),
            // Over the weekend, and over the clocks' change of 1 November 2026.
            ("NYSE close +30m", "2026-10-30T20:00:00Z", "2026-10-30T20:30:00Z"),
            ("NYSE close +30m", "2026-10-30T20:30:00Z", "2026-11-02T21:30:00Z"),
            ("NYSE open -15m", "2026-11-02T00:00:00Z", "2026-11-02T14:15:00Z"),
            // Thanksgiving is skipped, and the day after ends at 13:00 New York.
            ("NYSE close", "2026-11-25T21:00:00Z", "2026-11-27T18:00:00Z"),
            ("NYSE close +23h", "2026-11-27T18:00:00Z", "2026-11-28T17:00:00Z"),
            ("CRYPTO open", "2026-11-21T00:00:00Z", "2026-11-22T00:00:00Z"),
        ];
        for (rule, after, next) in cases {
            let rule: ScheduleRule = rule.parse().unwrap();
            let found = rule.next_after(after.parse().unwrap());
            assert_eq!(found.map(|run| run.to_string()).as_deref(), Some(next), "{rule} {after}");
        }
    }

    #[test]
    fn rules_are_read_and_written() {
        let cases = [
            ("every 15m", "every 15m"),
            ("EVERY 120m", "every 2h"),
            ("utc 02:30", "utc 02:30"),
            ("utc thu,mon,thu 02:30", "utc mon,thu 02:30"),
            ("nyse close", "NYSE close"),
            ("NASDAQ open -15m", "NYSE open -15m"),
            ("cme Close +2h", "CME close +120m"),
        ];
        for (text, written) in cases {
            let rule: ScheduleRule = text.parse().unwrap();
            assert_eq!(rule.to_string(), written);
            assert_eq!(written.parse(), Ok(rule));
        }
        let bad = [
            "",
            "every",
            "every 0m",
            "every 15",
            "every 15s",
            "every 8000000000m",
            "utc 24:00",
            "utc 2:30",
            "utc funday 02:30",
            "utc , 02:30",
            "LSE close",
            "NYSE noon",
            "NYSE close 30m",
            "NYSE close +24h",
            "NYSE close +-3m",
            "* * * * *",
            "every é",
        ];
        for text in bad {
            assert!(text.parse::<ScheduleRule>().is_err(), "{text}");
        }
    }
}
