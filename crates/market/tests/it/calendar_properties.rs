//! Laws of every calendar.

use jiff::ToSpan;
use jiff::civil::Date;
use market::{
    Calendar, MICROS_PER_MINUTE, Micros, Timeframe, date_of, midnight, missing, session_marks,
};
use proptest::prelude::{Just, Strategy, any, prop_assert, prop_assert_eq, prop_oneof};
use proptest::{collection, proptest, sample};

pub(crate) fn any_calendar() -> impl Strategy<Value = Calendar> {
    sample::select(Calendar::ALL.to_vec())
}

pub(crate) fn any_date() -> impl Strategy<Value = Date> {
    (0_i32..11_322).prop_map(|days| Date::constant(2000, 1, 1).saturating_add(days.days()))
}

proptest! {
    #[test]
    fn sessions_ascend_and_stay_apart(calendar in any_calendar(), from in any_date(), days in 0_i32..400) {
        let to = from.saturating_add(days.days());
        let sessions = calendar.sessions(from, to);
        prop_assert!(sessions.iter().all(|session| session.open < session.close));
        prop_assert!(sessions.iter().all(|session| from <= session.date && session.date <= to));
        for pair in sessions.windows(2) {
            prop_assert!(pair[0].date < pair[1].date && pair[0].close <= pair[1].open);
        }
        let holidays = calendar.holidays(from, to);
        prop_assert!(holidays.iter().all(|date| !calendar.is_session(*date)));
    }

    #[test]
    fn every_instant_finds_its_session(calendar in any_calendar(), date in any_date(), share in 0.0..1.0_f64) {
        let session = calendar.first_session_on_or_after(date).unwrap();
        let inside = session.open + ((session.close - session.open - 1) as f64 * share) as Micros;
        prop_assert_eq!(calendar.session_at(session.open), Some(session));
        prop_assert_eq!(calendar.session_at(inside), Some(session));
        prop_assert_eq!(calendar.session_closing_after(session.close - 1), Some(session));
        prop_assert!(calendar.session_at(session.close).is_none_or(|next| next.open == session.close));
    }

    #[test]
    fn session_steps_can_be_undone(calendar in any_calendar(), date in any_date(), n in -3_000_i64..3_000) {
        let start = calendar.first_session_on_or_after(date).unwrap();
        let there = calendar.plus_sessions(date, n).unwrap();
        prop_assert_eq!(calendar.plus_sessions(there.date, -n), Some(start));
        let (first, last) = (start.date.min(there.date), start.date.max(there.date));
        prop_assert_eq!(calendar.sessions(first, last).len() as u64, n.unsigned_abs() + 1);
    }

    #[test]
    fn dates_and_instants_agree(date in any_date(), within in 0..market::MICROS_PER_DAY) {
        prop_assert_eq!(date_of(midnight(date) + within), date);
        let stamp = date.to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp();
        prop_assert_eq!(midnight(date), stamp.as_microsecond());
    }

    /// Marks of a complete grid, with some bars dropped, against the definition.
    #[test]
    fn marks_follow_the_definition(
        calendar in any_calendar(),
        date in any_date(),
        timeframe in prop_oneof![Just(Timeframe::Minute15), Just(Timeframe::Hour1), Just(Timeframe::Hour4)],
        keep in collection::vec(any::<bool>(), 300),
    ) {
        let step = timeframe.micros().unwrap();
        let sessions = calendar.sessions(date, date.saturating_add(10.days()));
        let mut bars = Vec::new();
        for (number, session) in sessions.iter().enumerate() {
            let opens: Vec<Micros> = (session.open..session.close).step_by(step as usize).collect();
            for (slot, ts) in opens.iter().enumerate() {
                bars.push((*ts, number, (opens.len() - 1 - slot) as u32));
            }
        }
        let kept: Vec<_> =
            bars.iter().zip(keep.iter().cycle()).filter(|(_, keep)| **keep).map(|(bar, _)| *bar).collect();
        let ts: Vec<Micros> = kept.iter().map(|bar| bar.0).collect();
        let marks = session_marks(&ts, timeframe, &calendar);
        let (mut number, mut count) = (0, 0);
        for (index, bar) in kept.iter().enumerate() {
            if index > 0 && kept[index - 1].1 != bar.1 {
                number += 1;
                count = 0;
            }
            prop_assert_eq!(marks.session[index], number);
            prop_assert_eq!(marks.bar_in_session[index], count);
            prop_assert_eq!(marks.bars_to_close[index], bar.2);
            count += 1;
        }
        // What was dropped between the first and the last bar is what is missing.
        let inside = bars
            .iter()
            .filter(|bar| ts.first().is_some_and(|first| bar.0 >= *first))
            .filter(|bar| ts.last().is_some_and(|last| bar.0 <= *last))
            .count();
        let gaps = missing(&ts, timeframe, &calendar);
        let lost: u64 = gaps.iter().map(|gap| gap.bars).sum();
        prop_assert_eq!(lost as usize, inside - ts.len());
        prop_assert!(gaps.iter().all(|gap| !ts.contains(&gap.from) && !ts.contains(&gap.to)));
    }

    #[test]
    fn a_bar_is_never_known_before_it_opens(
        calendar in any_calendar(),
        date in any_date(),
        minute in 0..1_440_i64,
        timeframe in sample::select(Timeframe::ALL.to_vec()),
    ) {
        let ts = match timeframe.micros() {
            Some(_) => midnight(date) + minute * MICROS_PER_MINUTE,
            None => midnight(date),
        };
        prop_assert!(calendar.available_at(ts, timeframe) > ts);
    }
}
