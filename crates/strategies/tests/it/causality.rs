//! Decisions never depend on a later bar.

use proptest::prelude::{ProptestConfig, any, prop_assert_eq, proptest};
use strategies::catalogue;

use crate::scenario::{Chance, Kind, history, pair, params, setup, targets};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn a_truncated_history_gives_the_same_decisions(
        seed in any::<u64>(),
        bars in 2_usize..400,
        intraday in any::<bool>(),
    ) {
        let mut chance = Chance::new(seed);
        let kind = Kind { bars, intraday, actions: false };
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
