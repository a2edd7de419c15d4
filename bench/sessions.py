"""Regular minutes of the New York Stock Exchange, from the rules alone.

Enough calendar to give synthetic bars believable times: weekends, holidays, half days and summer
time. The rules are spelled out here rather than taken from a library, so that the data of the bench
exist before anything is installed.
"""

import datetime
from collections.abc import Iterator

DAY = datetime.timedelta(days=1)
# Days of mourning and storms since 2012.
CLOSED = {datetime.date(2012, 10, 29), datetime.date(2012, 10, 30), datetime.date(2018, 12, 5), datetime.date(2025, 1, 9)}


def sessions(first: datetime.date) -> Iterator[tuple[datetime.date, datetime.datetime, int]]:
    """Endless sessions from `first` on: date, open in UTC, length in minutes (390, half days 210)."""
    day = first
    while True:
        if day.weekday() < 5 and day not in CLOSED and day not in holidays(day.year):
            # 09:30 in New York is four hours behind UTC in summer, five in winter.
            hour = 13 if summer_time(day) else 14
            opening = datetime.datetime(day.year, day.month, day.day, hour, 30)
            yield day, opening, 210 if half_day(day) else 390
        day += DAY


def holidays(year: int) -> set[datetime.date]:
    """Closed weekdays of a year after 2000; Juneteenth from 2022."""
    date = datetime.date
    days = {
        nth_weekday(year, 1, 0, 3),
        nth_weekday(year, 2, 0, 3),
        easter(year) - 2 * DAY,
        last_monday_of_may(year),
        nth_weekday(year, 9, 0, 1),
        nth_weekday(year, 11, 3, 4),
        observed(date(year, 7, 4)),
        observed(date(year, 12, 25)),
    }
    if year >= 2022:
        days.add(observed(date(year, 6, 19)))
    new_year = date(year, 1, 1)
    # A New Year on Saturday is not made up for: that Friday ends the old year.
    if new_year.weekday() != 5:
        days.add(observed(new_year))
    return days


def half_day(day: datetime.date) -> bool:
    """Whether the session ends at 13:00, by the rules in force since 2013."""
    if day.month == 11:
        return day == nth_weekday(day.year, 11, 3, 4) + DAY
    if (day.month, day.day) == (12, 24):
        return day.weekday() < 4
    return (day.month, day.day) == (7, 3) and day.weekday() < 4


def summer_time(day: datetime.date) -> bool:
    """Second Sunday of March up to the first Sunday of November."""
    return nth_weekday(day.year, 3, 6, 2) <= day < nth_weekday(day.year, 11, 6, 1)


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> datetime.date:
    first = datetime.date(year, month, 1)
    return first + DAY * ((weekday - first.weekday()) % 7 + 7 * (nth - 1))


def last_monday_of_may(year: int) -> datetime.date:
    last = datetime.date(year, 5, 31)
    return last - DAY * last.weekday()


def observed(day: datetime.date) -> datetime.date:
    """Saturday moves to Friday, Sunday to Monday."""
    return day - DAY if day.weekday() == 5 else day + DAY if day.weekday() == 6 else day


def easter(year: int) -> datetime.date:
    """Gregorian Easter Sunday (Meeus, Jones, Butcher)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = b // 4, b % 4
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = c // 4, c % 4
    lunar = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * lunar) // 451
    month, day = divmod(h + lunar - 7 * m + 114, 31)
    return datetime.date(year, month, day + 1)
