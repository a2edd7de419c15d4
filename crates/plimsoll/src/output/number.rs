//! Numbers as people read them; what is undefined is a dash.

use jiff::Timestamp;
use jobs::lab::grouped;
use market::{MICROS_PER_DAY, Micros, Timeframe, date_of};

/// What stands for an undefined number.
pub const UNDEFINED: &str = "-";

/// A fraction in percent with two decimals: `0.1234` is `12.34 %`.
pub fn percent(fraction: impl Into<Option<f64>>) -> String {
    shown(fraction, |fraction| format!("{} %", fixed(fraction * 100.0, 2)))
}

/// An amount with two decimals and thousands apart: `12,345.67`.
pub fn money(amount: impl Into<Option<f64>>) -> String {
    shown(amount, |amount| grouped(&fixed(amount, 2)))
}

/// A quotient with two decimals: `0.63`.
pub fn ratio(value: impl Into<Option<f64>>) -> String {
    shown(value, |value| fixed(value, 2))
}

/// A value of unknown size with six significant digits: `0.000123457`, `4,321.09`, `2.5`.
pub fn value(value: impl Into<Option<f64>>) -> String {
    let text = significant(value);
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    }
}

/// As [`value`], with its closing zeros, so that a column of like values stands in line.
pub fn significant(value: impl Into<Option<f64>>) -> String {
    shown(value, |value| {
        let digits = if value == 0.0 { 0 } else { value.abs().log10().floor() as i32 + 1 };
        grouped(&fixed(value, (6 - digits).clamp(0, 15) as usize))
    })
}

/// A whole number with thousands apart: `1,234,567`.
pub fn count(number: u64) -> String {
    grouped(&number.to_string())
}

/// A size in bytes, in the unit that leaves the fewest digits: `1.5 MB`.
pub fn bytes(size: u64) -> String {
    let mut scaled = size as f64;
    for unit in ["B", "kB", "MB", "GB"] {
        if scaled < 1_000.0 {
            return if unit == "B" { format!("{size} B") } else { format!("{scaled:.1} {unit}") };
        }
        scaled /= 1_000.0;
    }
    format!("{scaled:.1} TB")
}

/// A bar's name: its date for daily and longer bars, RFC 3339 UTC for shorter ones.
pub fn bar_date(ts: Micros, timeframe: Timeframe) -> String {
    if timeframe.is_intraday() { instant(ts) } else { date_of(ts).to_string() }
}

/// An instant as RFC 3339 UTC; its date alone where the calendar of instants ends.
pub fn instant(ts: Micros) -> String {
    Timestamp::from_microsecond(ts).map_or_else(|_| date_of(ts).to_string(), |at| at.to_string())
}

/// An instant to the minute for a narrow column: `2026-11-20 14:30`, the date alone at midnight.
pub fn short_instant(ts: Micros) -> String {
    let minutes = ts.rem_euclid(MICROS_PER_DAY) / 60_000_000;
    let date = date_of(ts);
    if minutes == 0 {
        return date.to_string();
    }
    format!("{date} {:02}:{:02}", minutes / 60, minutes % 60)
}

fn shown(value: impl Into<Option<f64>>, show: impl Fn(f64) -> String) -> String {
    match value.into() {
        Some(value) if value.is_finite() => show(value),
        _ => UNDEFINED.to_owned(),
    }
}

/// Fixed decimals without a minus before zero.
fn fixed(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    let is_zero = text.bytes().all(|byte| matches!(byte, b'-' | b'0' | b'.'));
    if is_zero { text.trim_start_matches('-').to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use market::Timeframe;

    use super::{
        bar_date, bytes, count, instant, money, percent, ratio, short_instant, significant, value,
    };

    #[test]
    fn numbers_for_people() {
        let cases = [
            (percent(0.12345), "12.35 %"),
            (percent(-0.00001), "0.00 %"),
            (percent(None), "-"),
            (percent(f64::NAN), "-"),
            (money(1_234_567.891), "1,234,567.89"),
            (money(-1_234.5), "-1,234.50"),
            (money(999.999), "1,000.00"),
            (money(-0.001), "0.00"),
            (ratio(0.625_432), "0.63"),
            (ratio(f64::INFINITY), "-"),
            (value(0.000_123_456_789), "0.000123457"),
            (value(4_321.092_3), "4,321.09"),
            (value(1_234_567_890.0), "1,234,567,890"),
            (value(100.0), "100"),
            (value(-2.5), "-2.5"),
            (value(0.0), "0"),
            (significant(442.8), "442.800"),
            (count(0), "0"),
            (count(999), "999"),
            (count(1_000), "1,000"),
            (count(12_345_678), "12,345,678"),
            (bytes(999), "999 B"),
            (bytes(1_500), "1.5 kB"),
            (bytes(2_340_000_000), "2.3 GB"),
        ];
        for (shown, expected) in cases {
            assert_eq!(shown, expected);
        }
    }

    #[test]
    fn instants_and_dates() {
        let ts = 1_709_908_200_000_000;
        assert_eq!(instant(ts), "2024-03-08T14:30:00Z");
        assert_eq!(short_instant(ts), "2024-03-08 14:30");
        assert_eq!(bar_date(ts, Timeframe::Minute1), "2024-03-08T14:30:00Z");
        assert_eq!(bar_date(ts, Timeframe::Day1), "2024-03-08");
        assert_eq!(short_instant(0), "1970-01-01");
        assert!(!instant(i64::MAX).is_empty());
    }
}
