//! Dates and times as people and programs write them.

use jiff::civil::Date;
use market::{MICROS_PER_DAY, midnight};

/// Microseconds of one second.
const SECOND: i64 = 1_000_000;

/// The parts of a written time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Written {
    /// The date, as days from 1970-01-01.
    pub(super) days: i64,
    /// Microseconds since midnight, where written.
    pub(super) clock: Option<i64>,
    /// Microseconds by which the clock is ahead of UTC, where written.
    pub(super) offset: Option<i64>,
}

/// Reads a whole text as date, time of day and offset; the forms are those of
/// [`super::time::TimeReader::read`].
pub(super) fn written(text: &[u8]) -> Option<Written> {
    let mut cursor = Cursor { text, at: 0 };
    let days = cursor.date()?;
    match cursor.next() {
        None => Some(Written { days, clock: None, offset: None }),
        Some(b' ' | b'T' | b't') => {
            cursor.skip_blanks();
            let clock = Some(cursor.clock()?);
            let offset = cursor.offset()?;
            Some(Written { days, clock, offset })
        }
        Some(_) => None,
    }
}

/// Days from 1970-01-01 to a date of the years 1 to 9999; `None` when there is no such date.
pub(super) fn day_number(year: i64, month: i64, day: i64) -> Option<i64> {
    let year = i16::try_from(year).ok().filter(|year| *year >= 1)?;
    let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    Some(midnight(date) / MICROS_PER_DAY)
}

/// Microseconds of the digits after a second's point; finer digits are dropped.
pub(super) fn fraction_micros(digits: &[u8]) -> i64 {
    (0..6).fold(0, |value, place| {
        value * 10 + digits.get(place).map_or(0, |byte| i64::from(byte - b'0'))
    })
}

/// A position in a text that is being read.
struct Cursor<'a> {
    text: &'a [u8],
    at: usize,
}

impl Cursor<'_> {
    fn next(&mut self) -> Option<u8> {
        let byte = *self.text.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn skip_blanks(&mut self) {
        while self.peek() == Some(b' ') {
            self.at += 1;
        }
    }

    /// One to `most` digits, and how many they were.
    fn digits(&mut self, most: usize) -> Option<(i64, usize)> {
        let mut value = 0;
        let mut count = 0;
        while let Some(byte) = self.peek().filter(u8::is_ascii_digit) {
            if count == most {
                return None;
            }
            value = value * 10 + i64::from(byte - b'0');
            count += 1;
            self.at += 1;
        }
        (count > 0).then_some((value, count))
    }

    /// A date, as days from 1970-01-01.
    fn date(&mut self) -> Option<i64> {
        let (first, count) = self.digits(8)?;
        if count == 8 {
            return day_number(first / 10_000, first / 100 % 100, first % 100);
        }
        let mark = self.next().filter(|mark| b"-/.".contains(mark))?;
        let (second, _) = self.digits(2)?;
        self.next().filter(|next| *next == mark)?;
        let (third, length) = self.digits(4)?;
        match (count, mark, length) {
            (4, _, 1 | 2) => day_number(first, second, third),
            // The month stands first in the United States, where this form comes from.
            (1 | 2, b'/', 4) => day_number(third, first, second),
            _ => None,
        }
    }

    /// `H:MM[:SS[.fraction]]` as microseconds since midnight.
    fn clock(&mut self) -> Option<i64> {
        let (hour, _) = self.digits(2)?;
        self.next().filter(|byte| *byte == b':')?;
        let (minute, 2) = self.digits(2)? else { return None };
        let mut micros = (hour * 3_600 + minute * 60) * SECOND;
        if self.peek() == Some(b':') {
            self.at += 1;
            let (second, 2) = self.digits(2)? else { return None };
            if second > 59 {
                return None;
            }
            micros += second * SECOND;
            if matches!(self.peek(), Some(b'.' | b',')) {
                self.at += 1;
                let start = self.at;
                self.digits(12)?;
                micros += fraction_micros(&self.text[start..self.at]);
            }
        }
        (hour < 24 && minute < 60).then_some(micros)
    }

    /// What follows the clock to the end: nothing (`Some(None)`) or an offset from UTC.
    fn offset(&mut self) -> Option<Option<i64>> {
        self.skip_blanks();
        let rest = &self.text[self.at..];
        if rest.is_empty() {
            return Some(None);
        }
        if [&b"Z"[..], b"UTC", b"GMT"].iter().any(|name| rest.eq_ignore_ascii_case(name)) {
            return Some(Some(0));
        }
        let sign = match self.next()? {
            b'+' => 1,
            b'-' => -1,
            _ => return None,
        };
        let (first, count) = self.digits(4)?;
        let (hours, minutes) = match (count, self.next()) {
            (2, None) => (first, 0),
            (4, None) => (first / 100, first % 100),
            (2, Some(b':')) => {
                let (minutes, 2) = self.digits(2)? else { return None };
                if self.peek().is_some() {
                    return None;
                }
                (first, minutes)
            }
            _ => return None,
        };
        (hours < 24 && minutes < 60).then_some(Some(sign * (hours * 60 + minutes) * 60 * SECOND))
    }
}
