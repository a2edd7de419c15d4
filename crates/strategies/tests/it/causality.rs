//! Decisions never depend on a later bar.

use std::sync::atomic::AtomicBool;

use engine::check_lookahead;
use proptest::prelude::{any, prop_assert_eq, proptest};
use strategies::catalogue;

use crate::cases::cases;
use crate::scenario::{Kind, history, pair, params, setup, targets};
use crate::seeded::Chance;

proptest! {
    #![proptest_config(cases(40))]

    #[test]
    fn a_truncated_history_gives_the_same_decisions(
        seed in any::<u64>(),
        bars in 2_usize..400,
        intraday in any::<bool>(),
        actions in any::<bool>(),
    ) {
        let mut chance = Chance::new(seed);
        let kind = Kind { bars, intraday, actions };
        let (one, two) = (history(&mut chance, kind), pair(&mut chance, kind));
        let setup = setup(&mut chance);
        for entry in catalogue() {
            let history = if entry.runner.legs() == 2 { &two } else { &one };
            let params = params(&mut chance, entry);
            let whole = targets(entry, history, &params, &setup);
            prop_assert_eq!(whole.len(), bars);
            for _ in 0..4 {
                let last = 1 + chance.below(bars - 1);
                let part = history.truncated(last).unwrap();
                let early = targets(entry, &part, &params, &setup);
                prop_assert_eq!(&early[..], &whole[..=last], "{} {:?}", entry.name, params);
            }
        }
    }
}

#[test]
fn the_check_finds_nothing_around_splits_and_dividends() {
    let (mut checked, mut events) = (0, 0);
    for seed in 0..120 {
        let mut chance = Chance::new(seed);
        let kind = Kind { bars: 250, intraday: chance.once_in(3), actions: true };
        let (one, two) = (history(&mut chance, kind), pair(&mut chance, kind));
        let setup = setup(&mut chance);
        events += one.series[0].actions.len();
        for entry in catalogue() {
            let history = if entry.runner.legs() == 2 { &two } else { &one };
            let params = params(&mut chance, entry);
            let range = 0..history.series[0].len();
            let stop = AtomicBool::new(false);
            let found =
                check_lookahead(entry, history, range, &params, &setup, (8, seed), &stop).unwrap();
            assert!(found.passed, "seed {seed}, {} {params:?}: {found:?}", entry.name);
            checked += found.checked;
        }
    }
    assert!(checked > 1_000_000 && events > 150, "{checked} decisions, {events} events");
}
