//! Instants from the many ways in which files write them.

use jiff::civil::{DateTime, Time};
use jiff::tz::TimeZone;
use market::{MICROS_PER_DAY as DAY, Micros, date_of};

use super::number::{long_integer, non_digits, word};
use super::written::{Written, day_number, fraction_micros, written};

/// Microseconds of one second.
const SECOND: i64 = 1_000_000;

/// The instants of the years 1 to 9999.
const YEARS: std::ops::Range<Micros> = -62_135_596_800 * SECOND..253_402_300_800 * SECOND;

/// Reads timestamps of one file.
///
/// A text with a zone is an instant; a text without one is in the reader's zone. For sessions
/// (daily bars and longer) the date as written counts and becomes 00:00 UTC of that date.
#[derive(Debug)]
pub(crate) struct TimeReader {
    zone: Option<TimeZone>,
    sessions: bool,
    cached: Day,
}

/// The date that was read last: rows of one day come together.
#[derive(Debug)]
struct Day {
    /// The ten bytes of the text.
    text: (u64, u16),
    /// Its number, from 1970-01-01.
    number: i64,
    /// What takes a local time of this day to UTC, when that is one amount all day long.
    shift: Option<Micros>,
}

impl TimeReader {
    /// A reader for local times of `zone`; `sessions` says whether bars are daily or longer.
    pub(crate) fn new(zone: &TimeZone, sessions: bool) -> Self {
        let zone = (*zone != TimeZone::UTC).then(|| zone.clone());
        Self { zone, sessions, cached: Day { text: (0, 0), number: 0, shift: None } }
    }

    /// Reads the common layouts at `at`: `YYYY-MM-DD`, that with `HH:MM[:SS]`, a final `Z`, and
    /// whole epoch seconds or milliseconds.
    ///
    /// Answers the instant and the index of the first byte after it; the answer holds only if a
    /// cell can end there, which is the caller's to see. `None` is no verdict: the text may still
    /// be a time for [`TimeReader::read`]. `text` must reach 32 bytes beyond it.
    #[inline(always)]
    pub(crate) fn read_short(&mut self, text: &[u8], at: usize) -> Option<(Micros, usize)> {
        let head = word(text, at)?;
        let tail = u16::from_le_bytes(*text.get(at + 8..)?.first_chunk()?);
        let is_date = (head >> 32) as u8 == b'-';
        if !is_date || ((head, tail) != self.cached.text && !self.remember(head, tail)) {
            let (value, end) = long_integer(text, at)?;
            // Eight digits are a date, which the general reader knows.
            return (end - at > 8).then(|| (self.epoch(value), end));
        }
        let midnight = self.cached.number * DAY;
        let mark = *text.get(at + 10)?;
        if mark != b' ' && mark != b'T' {
            let instant = if self.sessions { midnight } else { midnight + self.cached.shift? };
            return Some((instant, at + 10));
        }
        let clock = word(text, at + 11)?;
        let (time, end) = match clock_micros(clock) {
            Some(time) => (time, at + 19),
            // `HH:MM` alone: `:00` takes the place of the three bytes after it.
            None => (clock_micros((clock & 0x00ff_ffff_ffff) | 0x3030_3a00_0000_0000)?, at + 16),
        };
        let (shift, end) = match *text.get(end)? {
            b'Z' => (0, end + 1),
            _ if self.sessions => (0, end),
            _ => (self.cached.shift?, end),
        };
        Some((if self.sessions { midnight } else { midnight + time + shift }, end))
    }

    /// Reads a whole text as an instant, in any of the accepted ways; `None` when it is none.
    ///
    /// Accepts dates `YYYY-MM-DD` (also with `/` or `.`), `YYYYMMDD`, `M/D/YYYY`; after a date, a
    /// blank or `T` and `H:MM[:SS[.fraction]]`, then `Z`, `UTC`, `+HH`, `+HHMM` or `+HH:MM`; and
    /// epoch numbers, whose magnitude tells seconds, milliseconds, microseconds or nanoseconds.
    pub(crate) fn read(&self, text: &[u8]) -> Option<Micros> {
        let text = text.trim_ascii();
        if let Some(epoch) = epoch_micros(text) {
            return Some(self.session_or(epoch, || self.local_midnight(epoch)));
        }
        let Written { days, clock, offset } = written(text)?;
        let midnight = days.checked_mul(DAY)?;
        let instant = self.instant(midnight + clock.unwrap_or(0), offset)?;
        Some(self.session_or(instant, || midnight))
    }

    /// What an integer or float column of epoch times means, in the unit its magnitude tells.
    pub(crate) fn epoch(&self, value: i64) -> Micros {
        let instant = scale_epoch(value);
        self.session_or(instant, || self.local_midnight(instant))
    }

    /// An instant that a file stored as such; `None` beyond the years 1 to 9999.
    pub(crate) fn stored(&self, instant: Micros) -> Option<Micros> {
        if !YEARS.contains(&instant) {
            return None;
        }
        Some(self.session_or(instant, || self.local_midnight(instant)))
    }

    /// A local time without zone, counted in microseconds as if it were UTC.
    pub(crate) fn local(&self, local: Micros) -> Option<Micros> {
        if !YEARS.contains(&local) {
            return None;
        }
        let instant = self.instant(local, None)?;
        Some(self.session_or(instant, || local.div_euclid(DAY) * DAY))
    }

    /// Parses and caches the date of these bytes; false when they are no `YYYY-MM-DD`.
    #[inline(never)]
    fn remember(&mut self, head: u64, tail: u16) -> bool {
        let mut text = [0_u8; 10];
        text[..8].copy_from_slice(&head.to_le_bytes());
        text[8..].copy_from_slice(&tail.to_le_bytes());
        let digits = |range: std::ops::Range<usize>| {
            text[range].iter().try_fold(0_i64, |value, byte| {
                byte.is_ascii_digit().then(|| value * 10 + i64::from(byte - b'0'))
            })
        };
        if text[4] != b'-' || text[7] != b'-' {
            return false;
        }
        let (Some(year), Some(month), Some(day)) = (digits(0..4), digits(5..7), digits(8..10))
        else {
            return false;
        };
        let Some(number) = day_number(year, month, day) else { return false };
        let shift = match &self.zone {
            None => Some(0),
            Some(_) => {
                let today = self.instant(number * DAY, None);
                let tomorrow = self.instant((number + 1) * DAY, None);
                match (today, tomorrow) {
                    (Some(today), Some(tomorrow)) if tomorrow - today == DAY => {
                        Some(today - number * DAY)
                    }
                    _ => None,
                }
            }
        };
        self.cached = Day { text: (head, tail), number, shift };
        true
    }

    /// Takes local microseconds to UTC: by `offset` when the text has one, else by the zone.
    fn instant(&self, local: Micros, offset: Option<Micros>) -> Option<Micros> {
        if let Some(offset) = offset {
            return local.checked_sub(offset);
        }
        let Some(zone) = &self.zone else { return Some(local) };
        let time = local.rem_euclid(DAY);
        let seconds = time / SECOND;
        let time = Time::new(
            (seconds / 3_600) as i8,
            (seconds / 60 % 60) as i8,
            (seconds % 60) as i8,
            (time % SECOND * 1_000) as i32,
        )
        .ok()?;
        let civil = DateTime::from_parts(date_of(local), time);
        Some(zone.to_ambiguous_timestamp(civil).compatible().ok()?.as_microsecond())
    }

    /// 00:00 UTC of the local date of an instant; an instant at 00:00 UTC is taken as such a date.
    fn local_midnight(&self, instant: Micros) -> Micros {
        if instant % DAY == 0 {
            return instant;
        }
        let offset = match (&self.zone, jiff::Timestamp::from_microsecond(instant)) {
            (Some(zone), Ok(timestamp)) => i64::from(zone.to_offset(timestamp).seconds()) * SECOND,
            _ => 0,
        };
        (instant + offset).div_euclid(DAY) * DAY
    }

    fn session_or(&self, instant: Micros, session: impl FnOnce() -> Micros) -> Micros {
        if self.sessions { session() } else { instant }
    }
}

/// `HH:MM:SS` in eight bytes, as microseconds since midnight.
#[inline(always)]
fn clock_micros(word: u64) -> Option<i64> {
    let values = word ^ u64::from_le_bytes(*b"00:00:00");
    if non_digits(values) != 0 || values & 0x0000_ff00_00ff_0000 != 0 {
        return None;
    }
    // Tens and ones of hour, minute and second lie three bytes apart.
    let pairs = (values & 0x000f_0000_0f00_000f) * 10 + ((values >> 8) & 0x000f_0000_0f00_000f);
    let (hour, minute, second) = (pairs & 0xff, (pairs >> 24) & 0xff, (pairs >> 48) & 0xff);
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    Some((hour * 3_600 + minute * 60 + second) as i64 * SECOND)
}

/// Digits, perhaps signed and with a fraction, as an epoch time; eight plain digits are a date.
fn epoch_micros(text: &[u8]) -> Option<Micros> {
    let (negative, digits) = match text.split_first()? {
        (b'-', rest) => (true, rest),
        _ => (false, text),
    };
    let whole = digits.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if !(9..=19).contains(&whole) {
        return None;
    }
    let value: i64 = std::str::from_utf8(&digits[..whole]).ok()?.parse().ok()?;
    let mut micros = scale_epoch(value);
    if let Some((b'.', fraction)) = digits[whole..].split_first() {
        if !fraction.iter().all(u8::is_ascii_digit) {
            return None;
        }
        // Only seconds are coarse enough for a fraction to matter.
        if value == micros / SECOND {
            micros += fraction_micros(fraction);
        }
    } else if whole < digits.len() {
        return None;
    }
    Some(if negative { -micros } else { micros })
}

/// Microseconds of an epoch value whose magnitude tells its unit.
///
/// The borders are years 5138 in seconds and 1973 in milliseconds, and so on by thousands.
fn scale_epoch(value: i64) -> Micros {
    match value.unsigned_abs() {
        0..100_000_000_000 => value * SECOND,
        100_000_000_000..100_000_000_000_000 => value * 1_000,
        100_000_000_000_000..100_000_000_000_000_000 => value,
        _ => value / 1_000,
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;
    use proptest::prelude::{prop_assert, prop_assert_eq, proptest};

    use super::TimeReader;

    fn instant(rfc3339: &str) -> i64 {
        rfc3339.parse::<jiff::Timestamp>().expect("an instant").as_microsecond()
    }

    fn short(reader: &mut TimeReader, text: &str) -> Option<i64> {
        let padded = format!("{text},0123456789abcdef0123456789abcdef");
        let (instant, end) = reader.read_short(padded.as_bytes(), 0)?;
        (end == text.len()).then_some(instant)
    }

    /// Reads by both ways; the fast one may pass but must not differ.
    fn read(reader: &mut TimeReader, text: &str) -> Option<i64> {
        let general = reader.read(text.as_bytes());
        if let Some(fast) = short(reader, text) {
            assert_eq!(Some(fast), general, "{text:?}");
        }
        general
    }

    #[test]
    fn written_forms() {
        let mut reader = TimeReader::new(&TimeZone::UTC, false);
        let cases = [
            ("2020-01-02", "2020-01-02T00:00:00Z"),
            ("20200102", "2020-01-02T00:00:00Z"),
            ("2020/1/2", "2020-01-02T00:00:00Z"),
            ("2020.01.02", "2020-01-02T00:00:00Z"),
            ("1/2/2020", "2020-01-02T00:00:00Z"),
            ("01/02/2020 9:30", "2020-01-02T09:30:00Z"),
            ("2020-01-02 09:30", "2020-01-02T09:30:00Z"),
            ("2020-01-02 09:30:15", "2020-01-02T09:30:15Z"),
            ("2020-01-02T09:30:15Z", "2020-01-02T09:30:15Z"),
            ("2020-01-02T09:30:15 UTC", "2020-01-02T09:30:15Z"),
            ("2020-01-02t09:30:15z", "2020-01-02T09:30:15Z"),
            ("20200102 093000", ""),
            ("20200102 09:30", "2020-01-02T09:30:00Z"),
            ("2020-01-02T09:30:15.250Z", "2020-01-02T09:30:15.250Z"),
            ("2020-01-02T09:30:15.123456789", "2020-01-02T09:30:15.123456Z"),
            ("2020-01-02 09:30:15+02:00", "2020-01-02T07:30:15Z"),
            ("2020-01-02T09:30:15-0500", "2020-01-02T14:30:15Z"),
            ("2020-01-02 09:30:15 +05", "2020-01-02T04:30:15Z"),
            ("1577957415", "2020-01-02T09:30:15Z"),
            ("1577957415.5", "2020-01-02T09:30:15.5Z"),
            ("1577957415250", "2020-01-02T09:30:15.250Z"),
            ("1577957415250000", "2020-01-02T09:30:15.250Z"),
            ("1577957415250000000", "2020-01-02T09:30:15.250Z"),
            ("-1577957415", "1919-12-31T14:29:45Z"),
            ("2020-02-30", ""),
            ("2020-13-01", ""),
            ("13/1/2020", ""),
            ("2020-01-02 24:00", ""),
            ("2020-01-02 09:60", ""),
            ("2020-01-02 09:30:60", ""),
            ("2020-01-02 09:30:15+25:00", ""),
            ("2020-01-02 09:30:15 EST", ""),
            ("2020-01-02x", ""),
            ("2020-01/02", ""),
            ("1577957415x", ""),
            ("99999999999999999999", ""),
            ("7", ""),
            ("", ""),
            ("yesterday", ""),
        ];
        for (text, wanted) in cases {
            let wanted = (!wanted.is_empty()).then(|| instant(wanted));
            assert_eq!(read(&mut reader, text), wanted, "{text:?}");
        }
    }

    #[test]
    fn local_times_follow_the_zone_of_their_date() {
        let zone = TimeZone::get("America/New_York").expect("a zone");
        let mut reader = TimeReader::new(&zone, false);
        let cases = [
            ("2020-01-02 09:30:00", "2020-01-02T14:30:00Z"),
            ("2020-07-01 09:30:00", "2020-07-01T13:30:00Z"),
            ("2020-07-01", "2020-07-01T04:00:00Z"),
            ("2020-03-08 01:30:00", "2020-03-08T06:30:00Z"),
            ("2020-03-08 03:30:00", "2020-03-08T07:30:00Z"),
            ("2020-11-01 00:30:00", "2020-11-01T04:30:00Z"),
            ("2020-11-01 02:30:00", "2020-11-01T07:30:00Z"),
            ("2020-11-02 09:30:00Z", "2020-11-02T09:30:00Z"),
        ];
        for (text, wanted) in cases {
            assert_eq!(read(&mut reader, text), Some(instant(wanted)), "{text:?}");
        }
    }

    #[test]
    fn sessions_keep_the_date_as_written() {
        let zone = TimeZone::get("America/New_York").expect("a zone");
        let mut reader = TimeReader::new(&zone, true);
        let session = instant("2020-01-02T00:00:00Z");
        let texts = [
            "2020-01-02",
            "2020-01-02 00:00:00-05:00",
            "2020-01-02T05:00:00Z",
            "2020-01-02 16:00:00",
            "1577941200",
            "1577923200",
        ];
        for text in texts {
            assert_eq!(read(&mut reader, text), Some(session), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_panic(
            text in proptest::collection::vec(proptest::num::u8::ANY, 0..50),
            at in 0_usize..60,
        ) {
            let mut reader = TimeReader::new(&TimeZone::UTC, false);
            let _ = reader.read(&text);
            if let Some((_, end)) = reader.read_short(&text, at) {
                prop_assert!(end <= text.len());
            }
        }

        #[test]
        fn both_ways_agree(text in "(19|20)[0-9]{2}-[01][0-9]-[0-3][0-9]([ T][0-2][0-9]:[0-6][0-9](:[0-6][0-9])?Z?)?|[0-9]{8,16}") {
            let mut reader = TimeReader::new(&TimeZone::UTC, false);
            let general = reader.read(text.as_bytes());
            if let Some(fast) = short(&mut reader, &text) {
                prop_assert_eq!(Some(fast), general);
            } else {
                prop_assert!(general.is_none() || text.len() < 10 || text.len() == 16, "{}", text);
            }
        }
    }
}
