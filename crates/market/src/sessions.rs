//! Which session each bar belongs to, and how far it is from the close.
//!
//! Computed for a whole series in one walk: sessions are looked up once each, and a bar costs a few
//! comparisons. Everything here follows from the calendar and the bars up to that one, so nothing
//! looks ahead.

use crate::dates::period;
use crate::{Calendar, MICROS_PER_DAY, Micros, Session, Timeframe, date_of};

/// One mark a bar, in three columns of the bars' length.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SessionMarks {
    /// Number of the session, counted over the sessions that have bars, from 0.
    pub session: Vec<u32>,
    /// Earlier bars of the same session.
    pub bar_in_session: Vec<u32>,
    /// How many bars of this length the calendar still expects in regular hours after this one.
    pub bars_to_close: Vec<u32>,
}

/// Marks every bar of a series with its session.
///
/// `ts`: opening instants, ascending. A bar outside regular hours belongs to the nearer session: a
/// pre-market bar to the one it precedes, with all of that session's regular bars still to come; a
/// post-market bar to the one it follows, with none. Bars of a session or longer are a session
/// each. Counts stop at [`u32::MAX`].
pub fn session_marks(ts: &[Micros], timeframe: Timeframe, calendar: &Calendar) -> SessionMarks {
    let Some(step) = timeframe.micros() else {
        return SessionMarks {
            session: (0_u32..).take(ts.len()).collect(),
            bar_in_session: vec![0; ts.len()],
            bars_to_close: vec![0; ts.len()],
        };
    };
    let mut marks = SessionMarks {
        session: Vec::with_capacity(ts.len()),
        bar_in_session: Vec::with_capacity(ts.len()),
        bars_to_close: Vec::with_capacity(ts.len()),
    };
    let Some(&first) = ts.first() else { return marks };
    let mut walk = SessionWalk::new(*calendar, first);
    let (mut session, mut bar_in_session, mut bars_to_close) = (0_u32, 0_u32, 0_u32);
    // The bar that follows without a gap needs no division.
    let mut follower = None;
    for &ts in ts {
        if walk.seek(ts) && !marks.session.is_empty() {
            session = session.saturating_add(1);
            bar_in_session = 0;
            follower = None;
        }
        bars_to_close = if follower == Some(ts) && bars_to_close > 0 {
            bars_to_close - 1
        } else {
            bars_after(ts, step, walk.session)
        };
        let regular = walk.session.is_some_and(|session| session.overlaps(ts, step));
        follower = regular.then(|| ts.saturating_add(step));
        marks.session.push(session);
        marks.bar_in_session.push(bar_in_session);
        marks.bars_to_close.push(bars_to_close);
        bar_in_session = bar_in_session.saturating_add(1);
    }
    marks
}

/// Bars of length `step` that fit, back to back, between the end of the bar at `ts` and the close.
fn bars_after(ts: Micros, step: Micros, session: Option<Session>) -> u32 {
    let Some(session) = session else { return 0 };
    let end = ts.saturating_add(step).max(session.open);
    let left = session.close.saturating_sub(end).max(0);
    u32::try_from(left / step + Micros::from(left % step > 0)).unwrap_or(u32::MAX)
}

impl Calendar {
    /// First instant at which a bar may be read: its end or its session's close, whichever comes
    /// first; for a daily or longer bar the close of its last session.
    ///
    /// A bar named by a date that no session of its day, week or month follows is readable once
    /// that period is over in UTC.
    pub fn available_at(self, ts: Micros, timeframe: Timeframe) -> Micros {
        if let Some(step) = timeframe.micros() {
            let end = ts.saturating_add(step);
            return match self.session_closing_after(ts) {
                Some(session) if session.overlaps(ts, step) => end.min(session.close),
                _ => end,
            };
        }
        let date = date_of(ts);
        let last = period(date, timeframe).1;
        match self.last_session_on_or_before(last) {
            Some(session) if session.date >= date => session.close,
            _ => crate::midnight(last) + MICROS_PER_DAY,
        }
    }
}

impl Session {
    /// Whether a bar of length `step` that opens at `ts` covers any regular trading.
    pub(crate) fn overlaps(&self, ts: Micros, step: Micros) -> bool {
        ts < self.close && ts.saturating_add(step) > self.open
    }
}

/// A walk over the sessions beside ascending instants.
pub(crate) struct SessionWalk<I> {
    upcoming: I,
    next: Option<Session>,
    /// The session that the last instant belongs to; `None` where the calendar has none at all.
    pub(crate) session: Option<Session>,
    /// First instant that belongs to `session` rather than to the one before.
    pub(crate) from: Micros,
    /// First instant that belongs to `next`.
    until: Micros,
}

impl SessionWalk<()> {
    /// Starts at the session of the instant `first`.
    pub(crate) fn new(
        calendar: Calendar,
        first: Micros,
    ) -> SessionWalk<impl Iterator<Item = Session>> {
        // A session that ended before yesterday (UTC) can still be the nearer one.
        let yesterday = date_of(first.saturating_sub(MICROS_PER_DAY));
        let start = calendar.last_session_on_or_before(yesterday).map_or(yesterday, |s| s.date);
        let mut upcoming = calendar.sessions_from(start);
        let session = upcoming.next();
        let next = upcoming.next();
        let until = boundary(session, next);
        SessionWalk { upcoming, next, session, from: Micros::MIN, until }
    }
}

impl<I: Iterator<Item = Session>> SessionWalk<I> {
    /// Moves on to the session of `ts`; says whether it is another than before.
    #[inline]
    pub(crate) fn seek(&mut self, ts: Micros) -> bool {
        if ts < self.until {
            return false;
        }
        while ts >= self.until && self.next.is_some() {
            self.session = self.next;
            self.from = self.until;
            self.next = self.upcoming.next();
            self.until = boundary(self.session, self.next);
        }
        true
    }
}

/// The instant half way between a close and the next open; the end of time without a next one.
fn boundary(session: Option<Session>, next: Option<Session>) -> Micros {
    match (session, next) {
        (Some(session), Some(next)) => session.close + (next.open - session.close) / 2,
        _ => Micros::MAX,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utc(text: &str) -> Micros {
        text.parse::<jiff::Timestamp>().unwrap().as_microsecond()
    }

    fn marks(timeframe: Timeframe, calendar: Calendar, ts: &[&str]) -> Vec<(u32, u32, u32)> {
        let ts: Vec<Micros> = ts.iter().map(|text| utc(text)).collect();
        let marks = session_marks(&ts, timeframe, &calendar);
        (0..ts.len())
            .map(|i| (marks.session[i], marks.bar_in_session[i], marks.bars_to_close[i]))
            .collect()
    }

    #[test]
    fn regular_bars_count_down_to_the_close() {
        let found = marks(
            Timeframe::Minute30,
            Calendar::NYSE,
            &[
                "2024-07-02T19:00Z",
                "2024-07-02T19:30Z",
                "2024-07-03T13:30Z",
                // A bar without trades is missing here.
                "2024-07-03T14:30Z",
                "2024-07-03T16:30Z",
                "2024-07-05T13:30Z",
            ],
        );
        let expected = [(0, 0, 1), (0, 1, 0), (1, 0, 6), (1, 1, 4), (1, 2, 0), (2, 0, 12)];
        assert_eq!(found, expected);
    }

    #[test]
    fn bars_outside_regular_hours_belong_to_the_nearer_session() {
        let found = marks(
            Timeframe::Hour1,
            Calendar::NYSE,
            &[
                "2024-03-08T12:30Z",
                "2024-03-08T13:30Z",
                "2024-03-08T14:30Z",
                "2024-03-08T20:30Z",
                "2024-03-08T21:00Z",
                // After 19:00 in New York on a Friday; the date in UTC is Saturday's.
                "2024-03-09T00:30Z",
                "2024-03-11T08:00Z",
            ],
        );
        let expected =
            [(0, 0, 7), (0, 1, 7), (0, 2, 6), (0, 3, 0), (0, 4, 0), (0, 5, 0), (1, 0, 7)];
        assert_eq!(found, expected);
    }

    #[test]
    fn bars_on_the_clock_hour_end_with_the_session_too() {
        let found = marks(
            Timeframe::Hour1,
            Calendar::NYSE,
            &["2024-07-01T13:00Z", "2024-07-01T14:00Z", "2024-07-01T18:00Z", "2024-07-01T19:00Z"],
        );
        assert_eq!(found, [(0, 0, 6), (0, 1, 5), (0, 2, 1), (0, 3, 0)]);
    }

    #[test]
    fn sessions_without_a_pause_change_at_the_close() {
        let found = marks(
            Timeframe::Hour4,
            Calendar::CRYPTO,
            &["2024-01-01T16:00Z", "2024-01-01T20:00Z", "2024-01-02T00:00Z"],
        );
        assert_eq!(found, [(0, 0, 1), (0, 1, 0), (1, 0, 5)]);
    }

    #[test]
    fn daily_bars_are_sessions() {
        let found =
            marks(Timeframe::Day1, Calendar::NYSE, &["2024-01-02T00:00Z", "2024-01-03T00:00Z"]);
        assert_eq!(found, [(0, 0, 0), (1, 0, 0)]);
    }

    #[test]
    fn nonsense_is_marked_without_panic() {
        let extremes = [Micros::MIN, -1, 0, Micros::MAX, 5, Micros::MIN];
        for calendar in Calendar::ALL {
            let marks = session_marks(&extremes, Timeframe::Minute1, &calendar);
            assert_eq!(marks.session.len(), extremes.len());
        }
    }

    #[test]
    fn a_bar_is_known_at_its_end_or_at_the_close() {
        let cases = [
            (Timeframe::Minute1, "2024-03-08T14:30Z", "2024-03-08T14:31Z"),
            (Timeframe::Hour1, "2024-03-08T20:30Z", "2024-03-08T21:00Z"),
            (Timeframe::Hour1, "2024-03-08T21:00Z", "2024-03-08T22:00Z"),
            (Timeframe::Day1, "2024-07-03T00:00Z", "2024-07-03T17:00Z"),
            (Timeframe::Day1, "2024-07-04T00:00Z", "2024-07-05T00:00Z"),
            (Timeframe::Week1, "2024-03-25T00:00Z", "2024-03-28T20:00Z"),
            (Timeframe::Month1, "2024-03-01T00:00Z", "2024-03-28T20:00Z"),
            // A Saturday: its week's sessions are over.
            (Timeframe::Week1, "2024-03-09T00:00Z", "2024-03-11T00:00Z"),
        ];
        for (timeframe, ts, expected) in cases {
            assert_eq!(
                Calendar::NYSE.available_at(utc(ts), timeframe),
                utc(expected),
                "{timeframe} {ts}"
            );
        }
    }
}
