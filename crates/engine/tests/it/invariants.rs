//! What holds of every run, whatever the market does and whoever trades.

use std::sync::atomic::AtomicBool;

use engine::venue::ExecutionRules;
use engine::{AllowAll, FillAt, History, Run, Setup, run};
use market::{BarSeries, Timeframe};
use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};

use crate::cases::cases;
use crate::chance::{Sizes, bars, some_actions, some_rules, some_setup};
use crate::scene::{
    CASH, Row, daily, flat, history, intraday, rules, setup, several, with_actions,
};
use crate::seeded::Chance;
use crate::traders::{Trader, Watched};

const BARS: usize = 90;

fn trade(history: &History, setup: &Setup, seed: u64, sizes: Sizes) -> (Watched<Trader>, Run) {
    let trader = Watched::new(Trader::new(seed, sizes), setup.cash, history.series.len());
    let range = 0..history.series[0].len();
    run(history, range, setup, trader, &mut AllowAll, &AtomicBool::new(false)).unwrap()
}

/// A market with everything that happens in one.
fn any_history(chance: &mut Chance, whole_lots: bool) -> History {
    let rules = some_rules(chance, whole_lots);
    let rows = bars(chance, BARS);
    if chance.once_in(3) {
        return history(intraday(&rows), rules);
    }
    let actions = some_actions(chance, BARS);
    with_actions(daily(&rows), &actions, rules)
}

/// What sums of a run may miss by: a rounding each of what was traded.
fn slack(run: &Run) -> f64 {
    1e-9 * (CASH + run.portfolio.traded_notional)
}

fn bits(run: &Run) -> Vec<u64> {
    let fills = run.fills.iter().flat_map(|fill| [fill.price, fill.quantity, fill.fee]);
    run.equity.iter().copied().chain(fills).map(f64::to_bits).collect()
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn money_is_neither_made_nor_lost(seed in any::<u64>()) {
        let chance = &mut Chance::new(seed);
        let history = any_history(chance, true);
        let setup = some_setup(chance);
        let (trader, run) = trade(&history, &setup, chance.bits(), Sizes::Units);
        let (books, slack) = (&trader.books, slack(&run));

        // Equity is cash, what is receivable, and every position at its mark, after every event.
        prop_assert!(trader.worst <= slack, "{} apart", trader.worst);
        prop_assert_eq!(run.equity.len(), trader.equity.len());
        for (bar, (told, (_, kept))) in run.equity.iter().zip(&trader.equity).enumerate() {
            prop_assert!((told - kept).abs() <= slack, "bar {}: {} and {}", bar, told, kept);
        }

        // What is paid is what is booked.
        prop_assert_eq!(run.fills.iter().map(|fill| fill.fee).sum::<f64>(), run.portfolio.fees);
        let slipped: f64 = run.fills.iter().map(|fill| fill.slippage).sum();
        prop_assert_eq!(slipped, run.portfolio.slippage);
        prop_assert!((run.portfolio.traded_notional - books.traded).abs() <= slack);
        prop_assert!((run.portfolio.financing - books.financing).abs() <= slack);

        // Profits of round trips, closed and open, are what equity gained beyond dividends,
        // financing, and the fractions that splits paid out of positions.
        let rows = run.portfolio.trades_with_open(|_| BARS - 1);
        let profit: f64 = rows.iter().map(|trade| trade.pnl).sum();
        let gained = run.portfolio.equity() - CASH - books.dividends + books.financing
            - books.cash_in_lieu;
        prop_assert!((profit - gained).abs() <= slack, "{} and {}", profit, gained);
        let fees: f64 = rows.iter().map(|trade| trade.fees).sum();
        prop_assert!((fees - books.fees).abs() <= slack, "{} and {}", fees, books.fees);
    }

    #[test]
    fn round_trips_are_first_in_first_out(seed in any::<u64>()) {
        let chance = &mut Chance::new(seed);
        let rules = some_rules(chance, false);
        let history = history(daily(&bars(chance, BARS)), rules);
        let (trader, run) = trade(&history, &some_setup(chance), chance.bits(), Sizes::Units);
        let closed = run.portfolio.trades.len();
        let rows = run.portfolio.trades_with_open(|_| BARS - 1);
        prop_assert_eq!(closed, trader.books.closed.len());
        for (trade, (_, _, units, gross)) in rows.iter().zip(&trader.books.closed) {
            let told = trade.pnl + trade.fees;
            prop_assert!((told - gross).abs() <= slack(&run), "{} and {}", told, gross);
            prop_assert!((trade.quantity - units).abs() <= 1e-9 * units.max(1.0));
        }
        // Every unit that was traded opened a position or closed one.
        let ends: f64 = rows[..closed].iter().map(|trade| 2.0 * trade.quantity).sum();
        let open: f64 = rows[closed..].iter().map(|trade| trade.quantity).sum();
        let traded: f64 = run.fills.iter().map(|fill| fill.quantity).sum();
        prop_assert!((ends + open - traded).abs() <= 1e-9 * traded.max(1.0));
        // What is open is one side, and is what is held.
        let held: f64 = rows[closed..].iter().map(|t| t.side.sign() * t.quantity).sum();
        prop_assert!((held - run.portfolio.positions[0].quantity).abs() <= 1e-9 * traded.max(1.0));
        prop_assert!((held.abs() - open).abs() <= 1e-9 * traded.max(1.0));
    }

    #[test]
    fn volume_is_shared(seed in any::<u64>()) {
        let chance = &mut Chance::new(seed);
        let share = chance.pick(&[0.05, 0.1, 0.3]);
        let rules = ExecutionRules { participation: Some(share), ..some_rules(chance, true) };
        let lot = rules.lot;
        let rows = bars(chance, BARS);
        let history = history(daily(&rows), rules);
        let (trader, _) = trade(&history, &some_setup(chance), chance.bits(), Sizes::Units);
        for (bar, row) in rows.iter().enumerate() {
            let of_bar = trader.fill_bars.iter().filter(|fill| fill.0 == bar);
            let taken: f64 = of_bar.map(|fill| fill.1.quantity).sum();
            let most = if lot > 0.0 { (share * row[4] + 1e-9).floor() } else { share * row[4] };
            prop_assert!(taken <= most * (1.0 + 1e-12), "bar {}: {} of {}", bar, taken, most);
        }
    }

    #[test]
    fn who_only_spends_what_is_there_owes_nothing(seed in any::<u64>()) {
        let chance = &mut Chance::new(seed);
        let history = any_history(chance, true);
        let fill_at = chance.pick(&[FillAt::NextOpen, FillAt::Close]);
        let setup = Setup { fill_at, ..setup() };
        let (trader, run) = trade(&history, &setup, chance.bits(), Sizes::Money);
        prop_assert!(trader.least_cash >= -1e-9 * CASH, "{}", trader.least_cash);
        prop_assert!(trader.books.held.iter().all(|held| *held >= 0.0), "{:?}", trader.books.held);
        prop_assert!(!run.ruined);
    }

    #[test]
    fn what_comes_later_changes_nothing_before(seed in any::<u64>(), cut in 2..BARS - 2) {
        let chance = &mut Chance::new(seed);
        let rules = some_rules(chance, true);
        let setup = some_setup(chance);
        let rows = bars(chance, BARS);
        let mut other = rows.clone();
        // The tail backwards is as good a future as any.
        other[cut..].reverse();
        let seed = chance.bits();
        let play = |rows: &[Row]| {
            let history = history(daily(rows), rules.clone());
            trade(&history, &setup, seed, Sizes::Units)
        };
        let ((one, run), (another, run_of_other)) = (play(&rows), play(&other));
        prop_assert_eq!(&run.equity[..cut], &run_of_other.equity[..cut]);
        let before = |trader: &Watched<Trader>| {
            trader.fill_bars.iter().copied().filter(|fill| fill.0 < cut).collect::<Vec<_>>()
        };
        prop_assert_eq!(before(&one), before(&another));
    }

    #[test]
    fn equal_inputs_give_equal_bits(seed in any::<u64>()) {
        let play = || {
            let chance = &mut Chance::new(seed);
            let history = any_history(chance, true);
            let setup = some_setup(chance);
            trade(&history, &setup, chance.bits(), Sizes::Units).1
        };
        let (first, second) = (play(), play());
        prop_assert_eq!(bits(&first), bits(&second));
        prop_assert_eq!(first, second);
    }

    #[test]
    fn a_market_that_stands_still_gives_nothing(seed in any::<u64>()) {
        let chance = &mut Chance::new(seed);
        let price = (chance.between(1.0, 500.0) * 100.0).round() / 100.0;
        let history = history(daily(&flat(&[price; 40])), rules());
        let sizes = chance.pick(&[Sizes::Units, Sizes::Money]);
        let (_, run) = trade(&history, &setup(), chance.bits(), sizes);
        let slack = slack(&run) * 1e-6;
        prop_assert!(run.equity.iter().all(|equity| (equity - CASH).abs() <= slack));
        let rows = run.portfolio.trades_with_open(|_| 39);
        prop_assert!(rows.iter().all(|trade| trade.pnl == 0.0), "{:?}", rows);
    }

    #[test]
    fn a_market_in_other_units_gives_the_same_returns(seed in any::<u64>()) {
        let chance = &mut Chance::new(seed);
        let rules = ExecutionRules {
            commission: engine::costs::Commission::bps(5.0),
            tick: 0.0,
            lot: 0.0,
            ..some_rules(chance, false)
        };
        let setup = Setup { financing: Default::default(), ..some_setup(chance) };
        let rows = bars(chance, BARS);
        // Prices double and there are half as many units; a power of two changes no digit.
        let double = |&[o, h, l, c, v]: &Row| [o * 2.0, h * 2.0, l * 2.0, c * 2.0, v / 2.0];
        let doubled: Vec<Row> = rows.iter().map(double).collect();
        let seed = chance.bits();
        let play = |rows: &[Row], scale: f64| {
            let history = history(daily(rows), rules.clone());
            let trader = crate::traders::Scaled::new(Trader::new(seed, Sizes::Units), scale);
            let range = 0..rows.len();
            let stop = AtomicBool::new(false);
            run(&history, range, &setup, trader, &mut AllowAll, &stop).unwrap().1
        };
        let (one, two) = (play(&rows, 1.0), play(&doubled, 2.0));
        prop_assert_eq!(one.equity, two.equity);
        prop_assert_eq!(one.fills.len(), two.fills.len());
        for (a, b) in one.fills.iter().zip(&two.fills) {
            prop_assert_eq!((a.price * 2.0, a.quantity / 2.0, a.fee), (b.price, b.quantity, b.fee));
        }
    }

    #[test]
    fn instruments_share_their_money(seed in any::<u64>()) {
        let chance = &mut Chance::new(seed);
        let setup = Setup { fill_at: FillAt::NextOpen, ..some_setup(chance) };
        // Each misses some of the days.
        let mut part = |symbol| {
            let rows = bars(chance, BARS);
            let mut all = daily(&rows);
            for bar in (1..BARS).rev() {
                if chance.once_in(6) {
                    all.ts.remove(bar);
                    let BarSeries { open, high, low, close, volume, .. } = &mut all;
                    for column in [open, high, low, close, volume] {
                        column.remove(bar);
                    }
                }
            }
            (symbol, all, some_rules(chance, true))
        };
        let parts = [part("A"), part("B"), part("C")];
        let parts: Vec<_> =
            parts.into_iter().map(|(symbol, bars, rules)| (symbol, bars, &[][..], rules)).collect();
        let history = several(&parts, Timeframe::Day1);
        let (trader, run) = trade(&history, &setup, seed, Sizes::Units);
        let slack = slack(&run);
        prop_assert_eq!(run.timeline.len(), trader.equity.len());
        let told = run.timeline.iter().zip(&run.equity);
        for ((ts, told), (kept_ts, kept)) in told.zip(&trader.equity) {
            prop_assert_eq!(ts, kept_ts);
            prop_assert!((told - kept).abs() <= slack, "{} and {}", told, kept);
        }
        let rows = run.portfolio.trades_with_open(|_| BARS);
        let profit: f64 = rows.iter().map(|trade| trade.pnl).sum();
        let gained = run.portfolio.equity() - CASH + trader.books.financing;
        prop_assert!((profit - gained).abs() <= slack, "{} and {}", profit, gained);
        prop_assert!(run.timeline.windows(2).all(|pair| pair[0] < pair[1]));
        prop_assert_eq!(run.timeline.len(), run.equity.len());
    }
}
