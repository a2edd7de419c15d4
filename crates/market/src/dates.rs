//! Dates and instants: the UTC side of civil time, in microseconds.
//!
//! A daily bar carries 00:00 UTC of its session's date; these two functions are the only place
//! that knows it.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::{Micros, Timeframe};

/// Microseconds of one minute.
pub const MICROS_PER_MINUTE: Micros = 60_000_000;

/// Microseconds of one UTC day.
pub const MICROS_PER_DAY: Micros = 86_400_000_000;

const EPOCH: Date = Date::constant(1970, 1, 1);

/// UTC date of an instant; the first or last date of the civil calendar when it lies beyond.
pub fn date_of(ts: Micros) -> Date {
    let days = ts.div_euclid(MICROS_PER_DAY);
    EPOCH.saturating_add(days.clamp(-5_000_000, 5_000_000).days())
}

/// 00:00 UTC of a date: the timestamp of a daily bar.
pub fn midnight(date: Date) -> Micros {
    // Days since the epoch by the calendar's own cycles (400 years are 146,097 days), counted
    // from March so that the leap day ends a year.
    let (year, month, day) =
        (i64::from(date.year()), i64::from(date.month()), i64::from(date.day()));
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    (era * 146_097 + day_of_era - 719_468) * MICROS_PER_DAY
}

/// First and last date of the day, week (from Monday) or month that holds `date`.
pub(crate) fn period(date: Date, timeframe: Timeframe) -> (Date, Date) {
    match timeframe {
        Timeframe::Week1 => {
            let monday =
                date.saturating_sub(i64::from(date.weekday().to_monday_zero_offset()).days());
            (monday, monday.saturating_add(6.days()))
        }
        Timeframe::Month1 => (date.first_of_month(), date.last_of_month()),
        _ => (date, date),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_dates() {
        let cases = [
            (1970, 1, 1, 0),
            (1969, 12, 31, -1),
            (2000, 2, 29, 11_016),
            (2000, 3, 1, 11_017),
            (2024, 3, 8, 19_790),
            (1900, 1, 1, -25_567),
        ];
        for (year, month, day, days) in cases {
            let date = Date::constant(year, month, day);
            assert_eq!(midnight(date), days * MICROS_PER_DAY, "{date}");
            assert_eq!(date_of(midnight(date)), date);
            assert_eq!(date_of(midnight(date) + MICROS_PER_DAY - 1), date);
        }
    }

    #[test]
    fn weeks_start_on_monday() {
        let sunday = Date::constant(2024, 3, 10);
        let week = (Date::constant(2024, 3, 4), sunday);
        assert_eq!(period(sunday, Timeframe::Week1), week);
        assert_eq!(period(week.0, Timeframe::Week1), week);
        let month = (Date::constant(2024, 3, 1), Date::constant(2024, 3, 31));
        assert_eq!(period(sunday, Timeframe::Month1), month);
        assert_eq!(period(sunday, Timeframe::Day1), (sunday, sunday));
    }

    #[test]
    fn extreme_instants_saturate() {
        assert_eq!(date_of(Micros::MAX), Date::MAX);
        assert_eq!(date_of(Micros::MIN), Date::MIN);
    }
}
