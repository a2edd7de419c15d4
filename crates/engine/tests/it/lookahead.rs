//! The check that catches who peeks at tomorrow.

use std::sync::atomic::AtomicBool;

use engine::{
    ColumnSpec, Entry, Gate, History, Job, LaneRunner, Lookahead, Outcome, Params, Runner,
    StrategyError, check_lookahead, run,
};

use crate::chance::bars;
use crate::scene::{
    Script, daily, dividend, flat, history, intraday, rules, session_date, setup, split,
    with_actions,
};
use crate::seeded::Chance;
use crate::targets::{FOLLOW, GUARDED};

/// Decides by a bar that lies `ahead` of the present one.
#[derive(Debug)]
struct Peek {
    ahead: usize,
}

impl Runner for Peek {
    fn legs(&self) -> usize {
        1
    }

    fn columns(&self) -> &'static [ColumnSpec] {
        &[]
    }

    fn backtest(
        &self,
        job: &Job<'_>,
        mut gate: &mut dyn Gate,
        stop: &AtomicBool,
    ) -> Result<Outcome, StrategyError> {
        let range = job.range.clone();
        let (_, result) =
            run(job.history, range.clone(), job.setup, Script::default(), &mut gate, stop)?;
        let close = job.history.series[0].raw().close;
        let decide = |bar: usize| {
            let later = close.get(bar + self.ahead).unwrap_or(&close[bar]);
            i8::from(*later > close[bar - usize::from(self.ahead == 0 && bar > 0)])
        };
        Ok((result, Some(vec![range.map(decide).collect()])))
    }

    fn lanes(&self) -> Option<&dyn LaneRunner> {
        None
    }
}

const fn peeking(runner: &'static Peek) -> Entry {
    Entry {
        name: "peek",
        label: "Peek",
        family: "trend",
        description: "",
        source: "",
        params: &[],
        rule: None,
        intraday_only: false,
        runner,
    }
}

static TOMORROW: Entry = peeking(&Peek { ahead: 1 });
static NEXT_WEEK: Entry = peeking(&Peek { ahead: 5 });
static TODAY: Entry = peeking(&Peek { ahead: 0 });

fn check(entry: &'static Entry, history: &History, cuts: usize, seed: u64) -> Lookahead {
    let params = Params::defaults(entry.params);
    let range = 0..history.series[0].len();
    let stop = AtomicBool::new(false);
    check_lookahead(entry, history, range, &params, &setup(), (cuts, seed), &stop).unwrap()
}

#[test]
fn who_peeks_is_caught_and_named() {
    // Every day is dearer than the one before, so that a peek always shows.
    let prices: Vec<f64> = (0..120).map(|day| 100.0 + f64::from(day)).collect();
    let rows = flat(&prices);
    let history = history(daily(&rows), rules());
    for (entry, ahead) in [(&TOMORROW, 1), (&NEXT_WEEK, 5)] {
        for seed in 0..20 {
            let found = check(entry, &history, 3, seed);
            assert!(!found.passed);
            let difference = found.first_difference.unwrap();
            assert_eq!((difference.with_future, difference.without_future), (1, 0));
            assert_eq!(difference.symbol, "X");
            // The first decision that changed lies so far before the cut as it peeks ahead.
            let day = |text: &str| {
                (0..120).find(|&day| session_date(day).to_string() == text).expect("a bar's date")
            };
            assert_eq!(day(&difference.bar), (day(&difference.cut) + 1).saturating_sub(ahead));
        }
    }
    let honest = check(&TODAY, &history, 3, 1);
    assert!(honest.passed && honest.first_difference.is_none());
}

#[test]
fn who_does_not_peek_passes() {
    let mut checked = 0;
    for seed in 0..12 {
        let chance = &mut Chance::new(seed);
        let rows = bars(chance, 100);
        let actions = [split(30, 4.0), dividend(50, 0.05, None), split(70, 0.5)];
        let histories = [
            history(daily(&rows), rules()),
            with_actions(daily(&rows), &actions, rules()),
            history(intraday(&rows), rules()),
        ];
        for history in &histories {
            for entry in [&FOLLOW, &GUARDED, &TODAY] {
                let found = check(entry, history, 6, seed);
                assert!(found.passed, "{}: {:?}", entry.name, found.first_difference);
                assert_eq!(found.cuts, 6);
                checked += found.checked;
            }
        }
    }
    // Half of a hundred bars a cut, on average.
    assert!(checked > 12 * 3 * 3 * 6 * 30, "{checked}");
}

#[test]
fn every_cut_is_made_once() {
    let chance = &mut Chance::new(1);
    let history = history(daily(&bars(chance, 12)), rules());
    let all = check(&FOLLOW, &history, 1_000, 3);
    // Cuts leave 2 to 11 bars of 12.
    assert_eq!((all.cuts, all.checked), (10, (2..12).sum()));
    let few = check(&FOLLOW, &history, 4, 3);
    assert_eq!(few.cuts, 4);
    assert_eq!(check(&FOLLOW, &history, 4, 3), few);
}

#[test]
fn a_range_inside_is_cut_inside() {
    let chance = &mut Chance::new(9);
    let history = history(daily(&bars(chance, 60)), rules());
    let params = Params::defaults(FOLLOW.params);
    let stop = AtomicBool::new(false);
    let found =
        check_lookahead(&FOLLOW, &history, 20..40, &params, &setup(), (100, 1), &stop).unwrap();
    assert!(found.passed);
    assert_eq!((found.cuts, found.checked), (18, (2..20).sum()));
    let peeking =
        check_lookahead(&TOMORROW, &history, 20..40, &params, &setup(), (100, 1), &stop).unwrap();
    assert!(!peeking.passed);
}
