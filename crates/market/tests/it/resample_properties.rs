//! Laws of resampling.

use jiff::ToSpan;
use jiff::civil::Date;
use market::{Bar, BarSeries, Calendar, Micros, Timeframe, resample};
use proptest::prelude::{Strategy, any, prop_assert, prop_assert_eq};
use proptest::{collection, proptest, sample};

use crate::calendar_properties::{any_calendar, any_date};

type Row = (bool, f64, f64, f64, f64, u16);

/// Five days of regular fifteen-minute bars, some left out, prices at random.
fn quarter_hours(calendar: Calendar, date: Date, rows: &[Row]) -> BarSeries {
    let mut series = BarSeries::default();
    let mut rows = rows.iter().cycle();
    for session in calendar.sessions(date, date.saturating_add(5.days())) {
        let mut ts = session.open;
        while ts < session.close {
            if let Some(&(true, a, b, c, d, volume)) = rows.next() {
                let (low, high) = (a.min(b).min(c).min(d), a.max(b).max(c).max(d));
                let volume = f64::from(volume);
                series.push(Bar { ts, open: a, high, low, close: b, volume });
            }
            ts += 15 * market::MICROS_PER_MINUTE;
        }
    }
    series
}

fn any_row() -> impl Strategy<Value = Row> {
    let price = || 1.0..500.0_f64;
    (any::<bool>(), price(), price(), price(), price(), any::<u16>())
}

fn highest(values: &[f64]) -> f64 {
    values.iter().copied().fold(f64::NEG_INFINITY, f64::max)
}

fn lowest(values: &[f64]) -> f64 {
    values.iter().copied().fold(f64::INFINITY, f64::min)
}

proptest! {
    #[test]
    fn volume_extremes_and_ends_are_conserved(
        calendar in any_calendar(),
        date in any_date(),
        rows in collection::vec(any_row(), 1..200),
        to in sample::select(Timeframe::ALL[3..].to_vec()),
    ) {
        let source = quarter_hours(calendar, date, &rows);
        let found = resample(source.bars(), Timeframe::Minute15, to, &calendar).unwrap();
        prop_assert_eq!(found.validate(), Ok(()));
        // Whole numbers add up exactly.
        prop_assert_eq!(found.volume.iter().sum::<f64>(), source.volume.iter().sum::<f64>());
        prop_assert_eq!(highest(&found.high), highest(&source.high));
        prop_assert_eq!(lowest(&found.low), lowest(&source.low));
        prop_assert_eq!(found.open.first(), source.open.first());
        prop_assert_eq!(found.close.last(), source.close.last());
    }

    #[test]
    fn two_steps_are_one(
        calendar in any_calendar(),
        date in any_date(),
        rows in collection::vec(any_row(), 1..200),
    ) {
        let source = quarter_hours(calendar, date, &rows);
        let step = |bars: &BarSeries, from, to| resample(bars.bars(), from, to, &calendar).unwrap();
        let hours = step(&source, Timeframe::Minute15, Timeframe::Hour1);
        for to in [Timeframe::Hour4, Timeframe::Day1, Timeframe::Week1, Timeframe::Month1] {
            let direct = step(&source, Timeframe::Minute15, to);
            prop_assert_eq!(step(&hours, Timeframe::Hour1, to), direct);
        }
        let days = step(&source, Timeframe::Minute15, Timeframe::Day1);
        let direct = step(&source, Timeframe::Minute15, Timeframe::Week1);
        prop_assert_eq!(step(&days, Timeframe::Day1, Timeframe::Week1), direct);
    }

    /// Bars around the clock: extended hours are kept, apart, and in order.
    #[test]
    fn extended_hours_are_conserved(
        calendar in any_calendar(),
        date in any_date(),
        rows in collection::vec(any_row(), 700),
        to in sample::select(Timeframe::ALL[3..6].to_vec()),
    ) {
        let mut source = BarSeries::default();
        for (slot, row) in (0..).zip(&rows) {
            if row.0 {
                let ts: Micros = market::midnight(date) + slot * 15 * market::MICROS_PER_MINUTE;
                let (open, volume) = (row.1, f64::from(row.5));
                source.push(Bar { ts, open, high: open, low: open, close: open, volume });
            }
        }
        let found = resample(source.bars(), Timeframe::Minute15, to, &calendar).unwrap();
        prop_assert_eq!(found.validate(), Ok(()));
        prop_assert_eq!(found.volume.iter().sum::<f64>(), source.volume.iter().sum::<f64>());
        let length = to.micros().unwrap();
        for (label, ts) in found.ts.iter().flat_map(|label| {
            let last = source.ts.partition_point(|ts| *ts < label + length);
            source.ts[..last].last().map(|ts| (*label, *ts))
        }) {
            prop_assert!(label <= ts, "a bucket begins before its bars");
        }
    }

    #[test]
    fn no_bars_make_no_panic(
        ts in collection::vec(any::<Micros>(), 0..20),
        from in sample::select(Timeframe::ALL.to_vec()),
        to in sample::select(Timeframe::ALL.to_vec()),
        calendar in any_calendar(),
    ) {
        let mut source = BarSeries::default();
        let mut ts = ts;
        ts.sort_unstable();
        for ts in ts {
            source.push(Bar { ts, open: 1.0, high: 1.0, low: 1.0, close: 1.0, volume: 1.0 });
        }
        if let Ok(found) = resample(source.bars(), from, to, &calendar) {
            prop_assert!(found.len() <= source.len());
        }
    }
}
