//! The NYSE calendar against exchange_calendars 4.13.2, to the day.

use std::collections::BTreeMap;

use jiff::civil::Date;
use market::Calendar;
use serde::Deserialize;

const FROM_2015: &str = include_str!("../golden/calendar.json");
const FROM_2000: &str = include_str!("../golden/nyse_2000_2030.json");

#[derive(Deserialize)]
struct Golden {
    calendars: Vec<GoldenCalendar>,
    monthly_option_last_trading_day: Vec<(String, Date)>,
    session_arithmetic: Vec<Arithmetic>,
}

#[derive(Deserialize)]
struct GoldenCalendar {
    calendar: String,
    time_zone: String,
    from: Date,
    to: Date,
    sessions: usize,
    sessions_per_year: BTreeMap<i16, usize>,
    session_minutes_per_year: BTreeMap<i16, i64>,
    weekday_holidays: Vec<Date>,
    early_closes: Vec<(Date, String)>,
    late_opens: Vec<(Date, String)>,
    utc_examples: Vec<(Date, jiff::Timestamp, jiff::Timestamp)>,
}

#[derive(Deserialize)]
struct Arithmetic {
    from: Date,
    first_session_on_or_after: Date,
    plus_sessions: i64,
    gives: Date,
    calendar_days_between: i32,
}

#[derive(Deserialize)]
struct History {
    from: Date,
    to: Date,
    sessions_per_year: BTreeMap<i16, usize>,
    weekday_holidays: Vec<Date>,
    early_closes: Vec<Date>,
}

fn golden() -> serde_json::Result<Golden> {
    serde_json::from_str(FROM_2015)
}

fn early_closes(calendar: Calendar, from: Date, to: Date) -> Vec<Date> {
    let sessions = calendar.sessions(from, to).into_iter();
    sessions.filter(|session| session.early).map(|session| session.date).collect()
}

fn per_year(calendar: Calendar, from: Date, to: Date) -> BTreeMap<i16, (usize, i64)> {
    let mut years = BTreeMap::new();
    for session in calendar.sessions(from, to) {
        let (sessions, minutes) = years.entry(session.date.year()).or_insert((0, 0));
        *sessions += 1;
        *minutes += session.minutes();
    }
    years
}

#[test]
fn sessions_minutes_holidays_and_half_days() {
    for golden in golden().unwrap().calendars {
        let calendar = Calendar::by_name(&golden.calendar).unwrap();
        let (from, to) = (golden.from, golden.to);
        assert_eq!(calendar.time_zone(), golden.time_zone);
        assert_eq!(calendar.sessions(from, to).len(), golden.sessions);
        let years = per_year(calendar, from, to);
        let sessions: BTreeMap<_, _> = years.iter().map(|(year, found)| (*year, found.0)).collect();
        let minutes: BTreeMap<_, _> = years.iter().map(|(year, found)| (*year, found.1)).collect();
        assert_eq!(sessions, golden.sessions_per_year);
        assert_eq!(minutes, golden.session_minutes_per_year);
        assert_eq!(calendar.holidays(from, to), golden.weekday_holidays);
        let early: Vec<Date> = golden.early_closes.iter().map(|(date, _)| *date).collect();
        assert_eq!(early_closes(calendar, from, to), early);
        assert!(golden.early_closes.iter().all(|(_, local)| local == "13:00"));
        assert!(golden.late_opens.is_empty());
    }
}

#[test]
fn opens_and_closes_in_utc() {
    for golden in golden().unwrap().calendars {
        let calendar = Calendar::by_name(&golden.calendar).unwrap();
        assert!(!golden.utc_examples.is_empty());
        for (date, open, close) in golden.utc_examples {
            let session = calendar.session(date).unwrap();
            assert_eq!(session.open, open.as_microsecond(), "{date}");
            assert_eq!(session.close, close.as_microsecond(), "{date}");
        }
    }
}

#[test]
fn monthly_options() {
    let months = golden().unwrap().monthly_option_last_trading_day;
    assert_eq!(months.len(), 144);
    for (month, last_trading_day) in months {
        let (year, number) = month.split_once('-').unwrap();
        let found = Calendar::NYSE
            .monthly_option_last_trading_day(year.parse().unwrap(), number.parse().unwrap());
        assert_eq!(found, Some(last_trading_day), "{month}");
    }
    assert_eq!(Calendar::NYSE.monthly_option_last_trading_day(2024, 13), None);
}

#[test]
fn session_arithmetic() {
    let rows = golden().unwrap().session_arithmetic;
    assert_eq!(rows.len(), 40);
    for row in rows {
        let first = Calendar::NYSE.first_session_on_or_after(row.from).unwrap();
        assert_eq!(first.date, row.first_session_on_or_after, "{}", row.from);
        let found = Calendar::NYSE.plus_sessions(row.from, row.plus_sessions).unwrap();
        assert_eq!(found.date, row.gives, "{} + {}", row.from, row.plus_sessions);
        let days = (row.gives - row.first_session_on_or_after).get_days();
        assert_eq!(days, row.calendar_days_between);
        let back = Calendar::NYSE.plus_sessions(row.gives, -row.plus_sessions).unwrap();
        assert_eq!(back.date, row.first_session_on_or_after);
    }
}

#[test]
fn the_whole_supported_range() {
    let history: History = serde_json::from_str(FROM_2000).unwrap();
    let (from, to) = (history.from, history.to);
    assert_eq!(Calendar::NYSE.known_range(), (from, to));
    assert_eq!(Calendar::NYSE.holidays(from, to), history.weekday_holidays);
    assert_eq!(early_closes(Calendar::NYSE, from, to), history.early_closes);
    let sessions: BTreeMap<_, _> = per_year(Calendar::NYSE, from, to)
        .into_iter()
        .map(|(year, (sessions, _))| (year, sessions))
        .collect();
    assert_eq!(sessions, history.sessions_per_year);
}
