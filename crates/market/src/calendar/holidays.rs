//! The holiday rules of the American exchanges.

use jiff::civil::{Date, Weekday};
use jiff::{Error, ToSpan};

use super::closures::{NYSE_CLOSURES, NYSE_EARLY_CLOSES};

/// First year of each holiday that is younger than the calendar.
const MARTIN_LUTHER_KING_SINCE: i16 = 1998;
const JUNETEENTH_SINCE: i16 = 2022;
/// Before this year a Thursday 4 July shortened the Friday after it, since then the 3rd.
const THIRD_OF_JULY_BEFORE_THURSDAY_SINCE: i16 = 2013;

/// Dates of `year` on which the New York Stock Exchange has no session, weekends apart.
pub(super) fn nyse_holidays(year: i16) -> Result<Vec<Date>, Error> {
    let mut holidays = vec![
        nth(year, 2, 3, Weekday::Monday)?,
        good_friday(year)?,
        nth(year, 5, -1, Weekday::Monday)?,
        nearest_weekday(Date::new(year, 7, 4)?)?,
        nth(year, 9, 1, Weekday::Monday)?,
        nth(year, 11, 4, Weekday::Thursday)?,
        nearest_weekday(Date::new(year, 12, 25)?)?,
    ];
    holidays.extend(new_year(year)?);
    if year >= MARTIN_LUTHER_KING_SINCE {
        holidays.push(nth(year, 1, 3, Weekday::Monday)?);
    }
    if year >= JUNETEENTH_SINCE {
        holidays.push(nearest_weekday(Date::new(year, 6, 19)?)?);
    }
    holidays.extend(NYSE_CLOSURES.into_iter().filter(|date| date.year() == year));
    Ok(holidays)
}

/// Dates of `year` on which the New York Stock Exchange closes at 13:00.
pub(super) fn nyse_early_closes(year: i16) -> Result<Vec<Date>, Error> {
    let mut half_days = vec![nth(year, 11, 4, Weekday::Thursday)?.tomorrow()?];
    let christmas_eve = Date::new(year, 12, 24)?;
    if matches!(
        christmas_eve.weekday(),
        Weekday::Monday | Weekday::Tuesday | Weekday::Wednesday | Weekday::Thursday
    ) {
        half_days.push(christmas_eve);
    }
    let independence_day = Date::new(year, 7, 4)?;
    match independence_day.weekday() {
        Weekday::Thursday if year < THIRD_OF_JULY_BEFORE_THURSDAY_SINCE => {
            half_days.push(independence_day.tomorrow()?);
        }
        Weekday::Tuesday | Weekday::Wednesday | Weekday::Thursday | Weekday::Friday => {
            half_days.push(independence_day.yesterday()?);
        }
        Weekday::Saturday | Weekday::Sunday | Weekday::Monday => {}
    }
    half_days.extend(NYSE_EARLY_CLOSES.into_iter().filter(|date| date.year() == year));
    Ok(half_days)
}

/// Dates of `year` on which CME Globex is shut all day; its shortened days differ by product and
/// are not modelled.
pub(super) fn cme_holidays(year: i16) -> Result<Vec<Date>, Error> {
    let mut holidays = vec![good_friday(year)?, nearest_weekday(Date::new(year, 12, 25)?)?];
    holidays.extend(new_year(year)?);
    Ok(holidays)
}

/// New Year's Day: on a Sunday the Monday after, on a Saturday not observed at all.
fn new_year(year: i16) -> Result<Option<Date>, Error> {
    let date = Date::new(year, 1, 1)?;
    Ok(match date.weekday() {
        Weekday::Saturday => None,
        Weekday::Sunday => Some(date.tomorrow()?),
        _ => Some(date),
    })
}

/// The `n`th weekday of a month; −1 is the last.
fn nth(year: i16, month: i8, n: i8, weekday: Weekday) -> Result<Date, Error> {
    Date::new(year, month, 1)?.nth_weekday_of_month(n, weekday)
}

/// A fixed date as observed: a Saturday's on the Friday before, a Sunday's on the Monday after.
fn nearest_weekday(date: Date) -> Result<Date, Error> {
    match date.weekday() {
        Weekday::Saturday => date.yesterday(),
        Weekday::Sunday => date.tomorrow(),
        _ => Ok(date),
    }
}

/// Good Friday, two days before the Gregorian Easter Sunday.
///
/// Source: the anonymous algorithm in J. Meeus, “Astronomical Algorithms”, chapter 8.
fn good_friday(year: i16) -> Result<Date, Error> {
    let golden = year % 19;
    let (century, rest) = (year / 100, year % 100);
    let correction = (century - (century + 8) / 25 + 1) / 3;
    let epact = (19 * golden + century - century / 4 - correction + 15) % 30;
    let weekday = (32 + 2 * (century % 4) + 2 * (rest / 4) - epact - rest % 4) % 7;
    let late = (golden + 11 * epact + 22 * weekday) / 451;
    let easter = epact + weekday - 7 * late + 114;
    // 1 March and a count of days keeps the arithmetic free of narrowing casts.
    let days_after_first_of_march = (easter / 31 - 3) * 31 + easter % 31;
    Date::new(year, 3, 1)?.checked_add((i64::from(days_after_first_of_march) - 2).days())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn good_fridays() {
        let known = [
            (2000, 4, 21),
            (2002, 3, 29),
            (2008, 3, 21),
            (2011, 4, 22),
            (2016, 3, 25),
            (2024, 3, 29),
            (2030, 4, 19),
            (2038, 4, 23),
        ];
        for (year, month, day) in known {
            assert_eq!(good_friday(year).unwrap(), Date::constant(year, month, day));
        }
    }

    #[test]
    fn a_saturday_new_year_is_not_observed() {
        for year in [2000, 2005, 2011, 2022, 2028] {
            assert_eq!(new_year(year).unwrap(), None, "{year}");
        }
        assert_eq!(new_year(2023).unwrap(), Some(Date::constant(2023, 1, 2)));
    }

    #[test]
    fn half_days_around_the_fourth_of_july() {
        let july = |year: i16| -> Vec<Date> {
            let mut days = nyse_early_closes(year).unwrap();
            days.retain(|date| date.month() == 7);
            days
        };
        assert_eq!(july(2002), [Date::constant(2002, 7, 5)]);
        assert_eq!(july(2013), [Date::constant(2013, 7, 3)]);
        assert_eq!(july(2019), [Date::constant(2019, 7, 3)]);
        assert_eq!(july(2022), []);
        assert_eq!(july(2020), []);
        assert_eq!(july(2025), [Date::constant(2025, 7, 3)]);
    }
}
