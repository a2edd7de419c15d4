//! Longer bars from shorter ones.
//!
//! First open, highest high, lowest low, last close, summed volume. Intraday buckets are anchored
//! to the session's open in exchange time, so the last one of a session may be short.

use crate::dates::period;
use crate::sessions::SessionWalk;
use crate::{Bar, BarSeries, Bars, Calendar, MICROS_PER_DAY, Micros, Timeframe, date_of, midnight};

/// Why bars cannot be resampled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ResampleError {
    /// Shorter bars cannot be made of longer ones.
    #[error("cannot make {to} bars of {from} bars")]
    Upsampling {
        /// Timeframe of the source.
        from: Timeframe,
        /// Timeframe asked for.
        to: Timeframe,
    },
    /// A week can lie in two months.
    #[error("cannot make 1mo bars of 1w bars: a week can lie in two months")]
    WeeksIntoMonths,
    /// A source bar lies in two of the buckets that are anchored to the session's open.
    #[error(
        "bar {row} crosses the end of its {to} bucket, which is counted from the session's open"
    )]
    Misaligned {
        /// Position of the bar, from 0.
        row: usize,
        /// Timeframe asked for.
        to: Timeframe,
    },
    /// Timestamps do not ascend.
    #[error("bar {row} is not later than the bar before")]
    OutOfOrder {
        /// Position of the bar, from 0.
        row: usize,
    },
}

/// Makes bars of timeframe `to` out of bars of timeframe `from`.
///
/// A bucket without source bars does not exist. Intraday bars outside regular hours stay apart
/// from regular ones: those before the open are counted back from it, those after the close on
/// from it. Daily and longer bars read the regular hours only; a source bar that straddles the
/// open counts as regular. Days carry 00:00 UTC of the session's date; weeks (from Monday) and
/// months that of their first session, whether or not it has a bar. Equal timeframes give a copy.
///
/// # Errors
/// [`ResampleError`] for a shorter timeframe, for weeks into months, and for bars that are out of
/// order or not aligned.
pub fn resample(
    bars: Bars<'_>,
    from: Timeframe,
    to: Timeframe,
    calendar: &Calendar,
) -> Result<BarSeries, ResampleError> {
    if to < from {
        return Err(ResampleError::Upsampling { from, to });
    }
    if from == Timeframe::Week1 && to == Timeframe::Month1 {
        return Err(ResampleError::WeeksIntoMonths);
    }
    if let Some(pair) = bars.ts.windows(2).position(|pair| pair[1] <= pair[0]) {
        return Err(ResampleError::OutOfOrder { row: pair + 1 });
    }
    if from == to {
        return Ok(bars.to_series());
    }
    match (from.micros(), to.micros()) {
        (Some(step), Some(length)) => into_intraday(bars, step, (to, length), *calendar),
        (Some(step), None) => Ok(sessions_into_periods(bars, step, to, *calendar)),
        _ => Ok(days_into_periods(bars, to, *calendar)),
    }
}

fn into_intraday(
    bars: Bars<'_>,
    step: Micros,
    (to, length): (Timeframe, Micros),
    calendar: Calendar,
) -> Result<BarSeries, ResampleError> {
    let mut buckets = Buckets::default();
    let Some(&first) = bars.ts.first() else { return Ok(buckets.finish()) };
    let mut walk = SessionWalk::new(calendar, first);
    let (mut label, mut end) = (first, first);
    for (row, &ts) in bars.ts.iter().enumerate() {
        if walk.seek(ts) || ts >= end {
            let Some(session) = walk.session else {
                return Ok(BarSeries::default());
            };
            if ts < session.close {
                let buckets_from_open = ts.saturating_sub(session.open).div_euclid(length);
                let start = session.open.saturating_add(buckets_from_open * length);
                let limit = if start < session.open { session.open } else { session.close };
                end = limit.min(start + length);
                // Counted back from the open, the first bucket may reach into what is the
                // session before's.
                label = start.max(walk.from);
            } else {
                label = session.close + (ts - session.close) / length * length;
                end = label.saturating_add(length);
            }
        }
        let regular = walk.session.filter(|session| session.open <= ts && ts < session.close);
        let known = ts.saturating_add(step);
        let known = regular.map_or(known, |session| session.close.min(known));
        if known > end {
            return Err(ResampleError::Misaligned { row, to });
        }
        buckets.add(label, bars.get(row));
    }
    Ok(buckets.finish())
}

fn sessions_into_periods(
    bars: Bars<'_>,
    step: Micros,
    to: Timeframe,
    calendar: Calendar,
) -> BarSeries {
    let mut buckets = Buckets::default();
    let Some(&first) = bars.ts.first() else { return buckets.finish() };
    let mut walk = SessionWalk::new(calendar, first);
    let mut label = None;
    for (row, &ts) in bars.ts.iter().enumerate() {
        if walk.seek(ts) {
            label = None;
        }
        if let Some(session) = walk.session.filter(|session| session.overlaps(ts, step)) {
            let label = *label.get_or_insert_with(|| period_label(session.date, to, calendar));
            buckets.add(label, bars.get(row));
        }
    }
    buckets.finish()
}

fn days_into_periods(bars: Bars<'_>, to: Timeframe, calendar: Calendar) -> BarSeries {
    let mut buckets = Buckets::default();
    let (mut label, mut end) = (Micros::MIN, Micros::MIN);
    for (row, &ts) in bars.ts.iter().enumerate() {
        if ts >= end {
            let date = date_of(ts);
            label = period_label(date, to, calendar);
            end = midnight(period(date, to).1) + MICROS_PER_DAY;
        }
        buckets.add(label, bars.get(row));
    }
    buckets.finish()
}

/// Timestamp of the day, week or month that holds `date`: its first session, or `date` itself when
/// that is earlier, which only a date without a session can be.
fn period_label(date: jiff::civil::Date, to: Timeframe, calendar: Calendar) -> Micros {
    let first = calendar.first_session_on_or_after(period(date, to).0);
    midnight(first.map_or(date, |session| session.date.min(date)))
}

/// Bars that grow until the label changes.
#[derive(Default)]
struct Buckets {
    series: BarSeries,
    growing: Option<Bar>,
}

impl Buckets {
    #[inline]
    fn add(&mut self, label: Micros, bar: Bar) {
        match &mut self.growing {
            Some(bucket) if bucket.ts == label => {
                bucket.high = bucket.high.max(bar.high);
                bucket.low = bucket.low.min(bar.low);
                bucket.close = bar.close;
                bucket.volume += bar.volume;
            }
            growing => {
                if let Some(bucket) = growing.replace(Bar { ts: label, ..bar }) {
                    self.series.push(bucket);
                }
            }
        }
    }

    fn finish(mut self) -> BarSeries {
        if let Some(bucket) = self.growing {
            self.series.push(bucket);
        }
        self.series
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utc(text: &str) -> Micros {
        text.parse::<jiff::Timestamp>().unwrap().as_microsecond()
    }

    /// Bars that open at 1, 2, 3, …, reach 0.5 around it, and trade 10 each.
    fn rising(ts: &[&str]) -> BarSeries {
        let mut series = BarSeries::default();
        let mut price = 1.0;
        for text in ts {
            let (high, low, close) = (price + 0.5, price - 0.5, price + 0.25);
            series.push(Bar { ts: utc(text), open: price, high, low, close, volume: 10.0 });
            price += 1.0;
        }
        series
    }

    /// Checks timestamp, open and close (the numbers of the first and last source bar), volume.
    fn check(
        (from, to): (Timeframe, Timeframe),
        calendar: Calendar,
        ts: &[&str],
        expected: &[(&str, f64, f64)],
    ) {
        let found = resample(rising(ts).bars(), from, to, &calendar).unwrap();
        let mut want = BarSeries::default();
        for (ts, first, last) in expected {
            want.push(Bar {
                ts: utc(ts),
                open: *first,
                high: last + 0.5,
                low: first - 0.5,
                close: last + 0.25,
                volume: (last - first + 1.0) * 10.0,
            });
        }
        assert_eq!(found, want, "{from} to {to}");
    }

    #[test]
    fn hours_are_anchored_to_the_open_and_end_with_the_session() {
        check(
            (Timeframe::Minute30, Timeframe::Hour1),
            Calendar::NYSE,
            &[
                "2024-03-08T14:30Z",
                "2024-03-08T15:00Z",
                "2024-03-08T15:30Z",
                "2024-03-08T20:30Z",
                "2024-03-11T13:30Z",
            ],
            &[
                ("2024-03-08T14:30Z", 1.0, 2.0),
                ("2024-03-08T15:30Z", 3.0, 3.0),
                ("2024-03-08T20:30Z", 4.0, 4.0),
                ("2024-03-11T13:30Z", 5.0, 5.0),
            ],
        );
    }

    #[test]
    fn extended_hours_never_mix_with_regular_ones() {
        check(
            (Timeframe::Minute15, Timeframe::Hour4),
            Calendar::NYSE,
            &[
                "2024-03-08T14:15Z",
                "2024-03-08T14:30Z",
                "2024-03-08T20:45Z",
                "2024-03-08T21:00Z",
                "2024-03-08T22:00Z",
            ],
            &[
                ("2024-03-08T10:30Z", 1.0, 1.0),
                ("2024-03-08T14:30Z", 2.0, 2.0),
                ("2024-03-08T18:30Z", 3.0, 3.0),
                ("2024-03-08T21:00Z", 4.0, 5.0),
            ],
        );
    }

    #[test]
    fn days_read_regular_hours_only() {
        check(
            (Timeframe::Minute30, Timeframe::Day1),
            Calendar::NYSE,
            &["2024-07-03T13:30Z", "2024-07-03T16:30Z"],
            &[("2024-07-03T00:00Z", 1.0, 2.0)],
        );
        let extended = rising(&["2024-07-03T13:00Z", "2024-07-03T13:30Z", "2024-07-03T17:00Z"]);
        let days = resample(extended.bars(), Timeframe::Minute30, Timeframe::Day1, &Calendar::NYSE);
        assert_eq!(days.unwrap().volume, [10.0]);
    }

    #[test]
    fn foreign_exchange_days_end_in_new_york() {
        check(
            (Timeframe::Hour1, Timeframe::Day1),
            Calendar::FX,
            &["2024-03-08T21:00Z", "2024-03-10T21:00Z", "2024-03-11T20:00Z", "2024-03-11T21:00Z"],
            &[
                ("2024-03-08T00:00Z", 1.0, 1.0),
                ("2024-03-11T00:00Z", 2.0, 3.0),
                ("2024-03-12T00:00Z", 4.0, 4.0),
            ],
        );
    }

    #[test]
    fn weeks_and_months_are_labelled_with_their_first_session() {
        check(
            (Timeframe::Day1, Timeframe::Week1),
            Calendar::NYSE,
            &["2024-01-12T00:00Z", "2024-01-16T00:00Z", "2024-01-19T00:00Z", "2024-01-24T00:00Z"],
            &[
                ("2024-01-08T00:00Z", 1.0, 1.0),
                ("2024-01-16T00:00Z", 2.0, 3.0),
                ("2024-01-22T00:00Z", 4.0, 4.0),
            ],
        );
        check(
            (Timeframe::Day1, Timeframe::Month1),
            Calendar::NYSE,
            &["2024-01-02T00:00Z", "2024-01-31T00:00Z", "2024-02-01T00:00Z"],
            &[("2024-01-02T00:00Z", 1.0, 2.0), ("2024-02-01T00:00Z", 3.0, 3.0)],
        );
        check(
            (Timeframe::Hour4, Timeframe::Week1),
            Calendar::CRYPTO,
            &["2024-01-07T20:00Z", "2024-01-08T00:00Z", "2024-01-14T20:00Z"],
            &[("2024-01-01T00:00Z", 1.0, 1.0), ("2024-01-08T00:00Z", 2.0, 3.0)],
        );
    }

    #[test]
    fn a_daily_bar_on_a_holiday_keeps_its_place() {
        check(
            (Timeframe::Day1, Timeframe::Month1),
            Calendar::NYSE,
            &["2024-01-01T00:00Z", "2024-01-02T00:00Z"],
            &[("2024-01-01T00:00Z", 1.0, 2.0)],
        );
    }

    #[test]
    fn refusals() {
        let refuse = |ts: &[&str], from, to| {
            resample(rising(ts).bars(), from, to, &Calendar::NYSE).unwrap_err().to_string()
        };
        let day = ["2024-07-03T00:00Z"];
        assert_eq!(
            refuse(&day, Timeframe::Day1, Timeframe::Hour1),
            "cannot make 1h bars of 1d bars"
        );
        assert_eq!(
            refuse(&day, Timeframe::Week1, Timeframe::Month1),
            "cannot make 1mo bars of 1w bars: a week can lie in two months"
        );
        assert_eq!(
            refuse(
                &["2024-07-03T14:00Z", "2024-07-03T14:00Z"],
                Timeframe::Minute1,
                Timeframe::Minute5
            ),
            "bar 1 is not later than the bar before"
        );
        // 13:00 to 14:00 in New York holds the end of the bucket from 09:30.
        assert_eq!(
            refuse(&["2024-07-01T17:00Z"], Timeframe::Hour1, Timeframe::Hour4),
            "bar 0 crosses the end of its 4h bucket, which is counted from the session's open"
        );
    }
}
