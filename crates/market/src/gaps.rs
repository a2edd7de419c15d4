//! Bars that the calendar expects and a series lacks.

use crate::dates::period;
use crate::{Calendar, MICROS_PER_DAY, Micros, Timeframe, date_of, midnight};

/// A run of expected bars without one that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    /// Timestamp of the first missing bar.
    pub from: Micros,
    /// Timestamp of the last missing bar.
    pub to: Micros,
    /// Number of missing bars.
    pub bars: u64,
}

/// Regular bars that are absent between the first and the last bar, in runs.
///
/// `ts`: opening instants, ascending. A bar counts for every expected place that it overlaps, so
/// hourly bars on the clock hour fill sessions that open at half past. Outside the dates that the
/// calendar knows to the day nothing is missed. An absent intraday bar need not be a fault: a
/// minute without a trade has none.
pub fn missing(ts: &[Micros], timeframe: Timeframe, calendar: &Calendar) -> Vec<Gap> {
    let (Some(&first), Some(&last)) = (ts.first(), ts.last()) else { return Vec::new() };
    let (known_from, known_to) = calendar.known_range();
    let day_before = date_of(first.saturating_sub(MICROS_PER_DAY));
    let mut search =
        Search { ts, length: timeframe.micros().unwrap_or(1), gaps: vec![], run: None };
    // A week or month that is half known is not judged by its unknown half.
    let sessions = calendar
        .sessions_from(period(day_before, timeframe).0.max(known_from))
        .take_while(|session| session.date <= known_to);
    if let Some(step) = timeframe.micros() {
        for session in sessions.take_while(|session| session.open <= last) {
            let mut open = session.open;
            while open < session.close && open <= last {
                let close = session.close.min(open + step);
                if close > first {
                    search.expect(open, open, close);
                }
                open += step;
            }
        }
    } else {
        let mut judged = None;
        for session in sessions.take_while(|session| midnight(session.date) <= last) {
            let (start, end) = period(session.date, timeframe);
            let (opens, closes) = (midnight(start), midnight(end) + MICROS_PER_DAY);
            if judged != Some(start) && closes > first {
                search.expect(midnight(session.date), opens, closes);
            }
            judged = Some(start);
        }
    }
    search.finish()
}

struct Search<'a> {
    /// Bars not yet passed.
    ts: &'a [Micros],
    length: Micros,
    gaps: Vec<Gap>,
    run: Option<Gap>,
}

impl Search<'_> {
    /// Looks for a bar that overlaps `opens..closes`; notes `label` as missing without one.
    fn expect(&mut self, label: Micros, opens: Micros, closes: Micros) {
        while let [ts, rest @ ..] = self.ts
            && ts.saturating_add(self.length) <= opens
        {
            self.ts = rest;
        }
        if self.ts.first().is_some_and(|ts| *ts < closes) {
            self.gaps.extend(self.run.take());
        } else {
            let run = self.run.get_or_insert(Gap { from: label, to: label, bars: 0 });
            run.to = label;
            run.bars += 1;
        }
    }

    fn finish(mut self) -> Vec<Gap> {
        self.gaps.extend(self.run.take());
        self.gaps
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utc(text: &str) -> Micros {
        text.parse::<jiff::Timestamp>().unwrap().as_microsecond()
    }

    fn check(
        timeframe: Timeframe,
        calendar: Calendar,
        ts: &[&str],
        expected: &[(&str, &str, u64)],
    ) {
        let ts: Vec<Micros> = ts.iter().map(|text| utc(text)).collect();
        let expected: Vec<Gap> = expected
            .iter()
            .map(|(from, to, bars)| Gap { from: utc(from), to: utc(to), bars: *bars })
            .collect();
        assert_eq!(missing(&ts, timeframe, &calendar), expected);
    }

    #[test]
    fn weekends_and_holidays_are_no_gaps() {
        check(
            Timeframe::Day1,
            Calendar::NYSE,
            &["2024-07-03T00:00Z", "2024-07-05T00:00Z", "2024-07-08T00:00Z"],
            &[],
        );
    }

    #[test]
    fn absent_sessions_merge_into_runs() {
        check(
            Timeframe::Day1,
            Calendar::NYSE,
            &["2024-07-01T00:00Z", "2024-07-08T00:00Z", "2024-07-09T00:00Z", "2024-07-11T00:00Z"],
            &[
                ("2024-07-02T00:00Z", "2024-07-05T00:00Z", 3),
                ("2024-07-10T00:00Z", "2024-07-10T00:00Z", 1),
            ],
        );
        check(
            Timeframe::Day1,
            Calendar::CRYPTO,
            &["2024-07-05T00:00Z", "2024-07-08T00:00Z"],
            &[("2024-07-06T00:00Z", "2024-07-07T00:00Z", 2)],
        );
    }

    #[test]
    fn intraday_runs_cross_the_night() {
        check(
            Timeframe::Minute30,
            Calendar::NYSE,
            &["2024-07-02T19:00Z", "2024-07-03T14:30Z", "2024-07-03T15:00Z"],
            &[("2024-07-02T19:30Z", "2024-07-03T14:00Z", 3)],
        );
    }

    #[test]
    fn bars_on_the_clock_hour_leave_no_gap() {
        check(
            Timeframe::Hour1,
            Calendar::NYSE,
            &[
                "2024-07-03T13:00Z",
                "2024-07-03T14:00Z",
                "2024-07-03T15:00Z",
                "2024-07-03T16:00Z",
                "2024-07-05T13:00Z",
            ],
            &[],
        );
    }

    #[test]
    fn weeks_are_named_by_their_first_session() {
        check(
            Timeframe::Week1,
            Calendar::NYSE,
            &["2024-01-08T00:00Z", "2024-01-22T00:00Z"],
            // Monday the 15th was a holiday.
            &[("2024-01-16T00:00Z", "2024-01-16T00:00Z", 1)],
        );
        check(
            Timeframe::Month1,
            Calendar::NYSE,
            &["2024-01-02T00:00Z", "2024-03-01T00:00Z"],
            &[("2024-02-01T00:00Z", "2024-02-01T00:00Z", 1)],
        );
    }

    #[test]
    fn what_the_calendar_does_not_know_is_not_missed() {
        check(
            Timeframe::Day1,
            Calendar::NYSE,
            &["1995-01-03T00:00Z", "2000-01-03T00:00Z", "2000-01-05T00:00Z"],
            &[("2000-01-04T00:00Z", "2000-01-04T00:00Z", 1)],
        );
    }

    #[test]
    fn empty_and_single_series_have_no_gap() {
        for timeframe in Timeframe::ALL {
            check(timeframe, Calendar::NYSE, &[], &[]);
            check(timeframe, Calendar::NYSE, &["2024-07-03T14:30Z"], &[]);
        }
    }
}
