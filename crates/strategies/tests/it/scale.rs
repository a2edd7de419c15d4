//! Targets are −1, 0 or 1, and do not change with the unit of price.

use engine::{FillAt, Setup};
use market::{Bar, BarSeries};
use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};
use strategies::catalogue;

use crate::cases::cases;
use crate::scenario::{Kind, history, one, params, setup, targets};
use crate::seeded::Chance;

fn doubled(bars: market::Bars<'_>) -> BarSeries {
    let mut out = BarSeries::with_capacity(bars.len());
    for index in 0..bars.len() {
        let bar = bars.get(index);
        let [open, high, low, close] =
            [bar.open, bar.high, bar.low, bar.close].map(|price| price * 2.0);
        out.push(Bar { open, high, low, close, ..bar });
    }
    out
}

proptest! {
    #![proptest_config(cases(40))]

    #[test]
    fn doubled_prices_give_the_same_targets(
        seed in any::<u64>(),
        bars in 2_usize..400,
        intraday in any::<bool>(),
    ) {
        let mut chance = Chance::new(seed);
        let history = history(&mut chance, Kind { bars, intraday, actions: false });
        // Everything in price and quantity scales but ticks and lots.
        let series = &history.series[0];
        let mut rules = series.rules.clone();
        (rules.tick, rules.lot, rules.participation) = (0.0, 0.0, None);
        let plain = one(series.raw().to_series(), &[], history.timeframe, rules.clone());
        let twice = one(doubled(series.raw()), &[], history.timeframe, rules);
        let setup = setup(&mut chance);
        for entry in catalogue().iter().filter(|entry| entry.runner.legs() == 1) {
            let params = params(&mut chance, entry);
            let before = targets(entry, &plain, &params, &setup);
            let after = targets(entry, &twice, &params, &setup);
            prop_assert_eq!(&before, &after, "{} {:?}", entry.name, params);
            let lowest = if setup.allow_short { -1 } else { 0 };
            prop_assert!(before.iter().all(|target| (lowest..=1).contains(target)));
        }
    }
}

#[test]
fn every_strategy_takes_both_sides() {
    for entry in catalogue().iter().filter(|entry| entry.runner.legs() == 1) {
        let mut seen = [0; 3];
        for seed in 0..40 {
            let mut chance = Chance::new(seed);
            let kind = Kind { bars: 600, intraday: entry.intraday_only, actions: false };
            let history = history(&mut chance, kind);
            let params = params(&mut chance, entry);
            let setup = Setup {
                cash: 1e5,
                fill_at: FillAt::NextOpen,
                allow_short: true,
                fraction: 1.0,
                financing: Default::default(),
            };
            for target in targets(entry, &history, &params, &setup) {
                seen[(target + 1) as usize] += 1;
            }
        }
        let expected = if entry.name == "buy_and_hold" { [false, false, true] } else { [true; 3] };
        assert_eq!(seen.map(|count| count > 0), expected, "{}", entry.name);
    }
}
