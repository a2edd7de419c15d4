//! `plimsoll calc calendar`: when a market is open.

use clap::Args;
use jiff::ToSpan;
use jiff::civil::Date;
use market::{Calendar, Session};
use serde::Serialize;

use crate::Context;
use crate::commands::arguments::{check_range, date};
use crate::error::CliError;
use crate::output::number::instant;
use crate::output::table::{Align, Table};

/// Arguments of `calc calendar`.
#[derive(Debug, Args)]
#[command(after_help = "Example: plimsoll calc calendar NYSE --from 2026-11-01 --to 2026-12-31")]
pub struct CalendarArgs {
    /// NYSE (also Nasdaq, Arca), CRYPTO, FX or CME
    pub calendar: Calendar,
    /// First date
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub from: Date,
    /// Last date, included
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub to: Date,
}

#[derive(Serialize)]
struct Answer {
    sessions: Vec<SessionView>,
    holidays: Vec<Date>,
    monthly_options: Vec<MonthlyOption>,
}

#[derive(Serialize)]
struct SessionView {
    date: Date,
    open: String,
    close: String,
    early: bool,
}

#[derive(Serialize)]
struct MonthlyOption {
    month: String,
    last_trading_day: Date,
}

impl From<Session> for SessionView {
    fn from(session: Session) -> Self {
        let Session { date, open, close, early } = session;
        Self { date, open: instant(open), close: instant(close), early }
    }
}

/// Prints the sessions and what else the range holds.
///
/// # Errors
/// [`CliError::Usage`] for a range that runs backwards.
pub fn run(arguments: &CalendarArgs, ctx: &Context) -> Result<(), CliError> {
    let &CalendarArgs { calendar, from, to } = arguments;
    check_range(Some(from), Some(to))?;
    let (known_from, known_to) = calendar.known_range();
    if from < known_from || to > known_to {
        ctx.note(&format!(
            "note: {calendar} is known to the day from {known_from} to {known_to}; beyond, today's \
             rules are an approximation"
        ));
    }
    let answer = Answer {
        sessions: calendar.sessions(from, to).into_iter().map(SessionView::from).collect(),
        holidays: calendar.holidays(from, to),
        monthly_options: monthly_options(calendar, from, to),
    };
    if ctx.json {
        return ctx.print_json(&answer);
    }
    ctx.print(&for_people(&answer, calendar))
}

/// Last trading days within the range, by month; only of the market that lists such options.
fn monthly_options(calendar: Calendar, from: Date, to: Date) -> Vec<MonthlyOption> {
    if calendar != Calendar::NYSE {
        return Vec::new();
    }
    let months = std::iter::successors(Some(from.first_of_month()), |month| {
        month.checked_add(1.month()).ok()
    });
    months
        .take_while(|month| *month <= to)
        .filter_map(|month| {
            let (year, number) = (month.year(), month.month());
            let last_trading_day = calendar.monthly_option_last_trading_day(year, number)?;
            let month = format!("{year:04}-{number:02}");
            Some(MonthlyOption { month, last_trading_day })
        })
        .filter(|option| (from..=to).contains(&option.last_trading_day))
        .collect()
}

fn for_people(answer: &Answer, calendar: Calendar) -> String {
    let mut sessions = Table::new([
        ("session", Align::Left),
        ("opens (UTC)", Align::Left),
        ("closes (UTC)", Align::Left),
        ("", Align::Left),
    ]);
    for session in &answer.sessions {
        let early = if session.early { "early close" } else { "" };
        let (open, close) = (session.open.clone(), session.close.clone());
        sessions.row([session.date.to_string(), open, close, early.to_owned()]);
    }
    let mut text = format!("{calendar}: {} sessions\n", answer.sessions.len());
    if !answer.sessions.is_empty() {
        text += &sessions.render();
    }
    if !answer.holidays.is_empty() {
        let dates: Vec<String> = answer.holidays.iter().map(Date::to_string).collect();
        text += &format!("\nWeekdays without a session\n{}\n", in_lines(&dates));
    }
    if !answer.monthly_options.is_empty() {
        let dates: Vec<String> = answer
            .monthly_options
            .iter()
            .map(|option| option.last_trading_day.to_string())
            .collect();
        text += &format!("\nLast trading days of monthly options\n{}\n", in_lines(&dates));
    }
    text
}

/// Six dates a line, which is below 80 characters.
fn in_lines(dates: &[String]) -> String {
    dates.chunks(6).map(|line| line.join("  ")).collect::<Vec<String>>().join("\n")
}

#[cfg(test)]
mod tests {
    use jiff::civil::Date;
    use market::Calendar;

    use super::monthly_options;

    #[test]
    fn months_count_when_their_last_trading_day_is_inside() {
        let day = Date::constant;
        let months = |from, to| -> Vec<String> {
            monthly_options(Calendar::NYSE, from, to).into_iter().map(|o| o.month).collect()
        };
        assert_eq!(months(day(2026, 10, 17), day(2026, 12, 18)), ["2026-11", "2026-12"]);
        assert_eq!(months(day(2026, 10, 16), day(2026, 12, 17)), ["2026-10", "2026-11"]);
        assert!(monthly_options(Calendar::FX, day(2026, 1, 1), day(2026, 12, 31)).is_empty());
    }
}
