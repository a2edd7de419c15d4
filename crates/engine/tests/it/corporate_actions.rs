//! Splits and dividends: what is held, what is owed, and what signals read.

use std::sync::atomic::AtomicBool;

use engine::costs::Commission;
use engine::venue::ExecutionRules;
use engine::{
    Action, AllowAll, Amount, ExitLevel, Exits, Intent, Job, Leg, OrderKind, Params, Setup, Side,
    Trail, run,
};
use market::{Adjustment, CorporateAction, midnight};
use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};

use crate::chance::{bars, some_actions};
use crate::scene::{
    CASH, Row, Script, close_to, daily, dividend, flat, market, order, play, rules, same_fills,
    series, session_date, setup, split, with_actions,
};
use crate::seeded::Chance;
use crate::targets::GUARDED;

const O: Leg = Leg::Order;

/// What is held from bar 1 on, the order placed at bar 1, bar 3, and the fills on it.
type Case = (f64, Intent, Row, Vec<(f64, f64, Leg)>);

fn whole() -> ExecutionRules {
    ExecutionRules { lot: 1.0, ..rules() }
}

/// Trades through the events of daily bars.
fn through(
    rows: &[Row],
    actions: &[CorporateAction],
    rules: ExecutionRules,
    intents: &[(usize, Intent)],
) -> (Script, engine::Run) {
    let steps: Vec<_> = intents.iter().map(|&(bar, intent)| (bar, Action::Place(intent))).collect();
    play(&with_actions(daily(rows), actions, rules), &setup(), Script::new(&steps))
}

#[test]
fn a_split_changes_units_and_no_equity() {
    // Ratio, lot, units before and after, money for the fraction.
    let cases = [
        (4.0, 1.0, 100.0, 400.0, 0.0),
        (4.0, 1.0, -100.0, -400.0, 0.0),
        (1.5, 1.0, 101.0, 151.0, 0.5),
        (1.5, 1.0, -101.0, -151.0, -0.5),
        (1.5, 0.0, 101.0, 151.5, 0.0),
        (0.1, 1.0, 55.0, 5.0, 0.5),
        (0.1, 1.0, -55.0, -5.0, -0.5),
        (0.1, 1.0, 7.0, 0.0, 0.7),
        (0.1, 0.0, 55.0, 5.5, 0.0),
    ];
    for (ratio, lot, before, after, fraction) in cases {
        let price = 400.0 / ratio;
        let rules = ExecutionRules { lot, ..rules() };
        let side = if before > 0.0 { Side::Buy } else { Side::Sell };
        let rows = flat(&[400.0, 400.0, price, price]);
        let placed = [(0, market(side, f64::abs(before)))];
        let (script, run) = through(&rows, &[split(2, ratio)], rules, &placed);
        close_to(run.portfolio.positions[0].quantity, after);
        close_to(run.portfolio.cash, CASH - before * 400.0 + fraction * price);
        for (bar, equity) in run.equity.iter().enumerate() {
            assert!((equity - CASH).abs() < 1e-6, "{ratio} of {before}: {equity} at {bar}");
        }
        close_to(script.closes()[1].positions[0].quantity, before);
        // The round trip goes on in the new units, or ends when none are left.
        let trades = run.portfolio.trades_with_open(|_| 3);
        assert_eq!(trades.len(), 1, "{ratio} of {before}");
        for trade in trades {
            assert_eq!(trade.exit_price.is_some(), after == 0.0);
            let units = if after == 0.0 { before * ratio } else { after };
            close_to(trade.quantity, units.abs());
            close_to(trade.entry_price, price);
        }
    }
}

#[test]
fn what_a_reverse_split_pays_out_whole_is_a_round_trip() {
    let rows = flat(&[400.0, 400.0, 420.0, 4_300.0, 4_400.0]);
    for side in [Side::Buy, Side::Sell] {
        let rules = ExecutionRules { commission: Commission::bps(10.0), ..whole() };
        let placed = [
            (0, market(side, 3.0)),
            (1, market(side, 4.0)),
            // Nothing is left to close.
            (3, Intent::market(0, side.opposite(), Amount::Position)),
        ];
        let (script, run) = through(&rows, &[split(3, 0.1)], rules, &placed);
        assert_eq!(script.fills().len(), 2);
        assert_eq!(run.portfolio.positions[0].quantity, 0.0);
        let trades = run.portfolio.trades_with_open(|_| 4);
        assert_eq!(trades.len(), 2, "{side:?}");
        // 0.3 and 0.4 of the new units, paid at the last close before the split.
        for (trade, (units, entry)) in trades.iter().zip([(0.3, 4_000.0), (0.4, 4_200.0)]) {
            assert_eq!((trade.side, trade.exit_bar), (side, 3));
            assert_eq!(trade.exit_time, Some(midnight(session_date(3))));
            close_to(trade.exit_price.unwrap(), 4_200.0);
            close_to(trade.quantity, units);
            close_to(trade.entry_price, entry);
            close_to(trade.pnl, side.sign() * units * (4_200.0 - entry) - trade.fees);
        }
        let profit: f64 = trades.iter().map(|trade| trade.pnl).sum();
        close_to(profit, run.portfolio.equity() - CASH);
        close_to(trades.iter().map(|trade| trade.fees).sum(), run.portfolio.fees);
    }
}

#[test]
fn several_lots_keep_their_prices() {
    let rows = flat(&[100.0, 100.0, 120.0, 60.0, 66.0]);
    let placed =
        [(0, market(Side::Buy, 10.0)), (1, market(Side::Buy, 20.0)), (3, market(Side::Sell, 30.0))];
    let (_, run) = through(&rows, &[split(3, 2.0)], whole(), &placed);
    let trades = run.portfolio.trades_with_open(|_| 4);
    let told: Vec<_> = trades.iter().map(|t| (t.quantity, t.entry_price, t.exit_price)).collect();
    // 20 bought at 50 and 10 of those bought at 60 were sold; 30 are left.
    assert_eq!(told, [(20.0, 50.0, Some(66.0)), (10.0, 60.0, Some(66.0)), (30.0, 60.0, None)]);
    let profit: f64 = trades.iter().map(|trade| trade.pnl).sum();
    close_to(profit, run.portfolio.equity() - CASH);
}

#[test]
fn working_orders_move_to_the_new_scale() {
    let at = |stop_loss: f64, take_profit: f64| {
        let price = |at| Some(ExitLevel::Price(at));
        Some(Exits { stop_loss: price(stop_loss), take_profit: price(take_profit) })
    };
    let away =
        |by: f64| Some(Exits { stop_loss: Some(ExitLevel::Distance(by)), take_profit: None });
    let trailing = |trail| OrderKind::TrailingStop { trail, reference: Some(400.0) };
    let limit = |limit| OrderKind::Limit { limit };
    // 4:1 before bar 2; bar 3 moves.
    let falls = [100.0, 101.0, 80.0, 85.0, 1e6];
    let rises = [100.0, 130.0, 99.0, 120.0, 1e6];
    let entry = Leg::Entry;
    let sell = |kind| order(Side::Sell, 10.0, kind);
    let buy = |kind| order(Side::Buy, 10.0, kind);
    let guard =
        |stop_loss, take_profit| sell(OrderKind::OneCancelsOther { stop_loss, take_profit });
    let cases: [Case; 12] = [
        (0.0, buy(limit(360.0)), falls, vec![(90.0, 40.0, O)]),
        (0.0, sell(limit(480.0)), rises, vec![(120.0, 40.0, O)]),
        (0.0, buy(OrderKind::Stop { stop: 440.0 }), rises, vec![(110.0, 40.0, O)]),
        (
            0.0,
            buy(OrderKind::StopLimit { stop: 440.0, limit: 444.0 }),
            rises,
            vec![(110.0, 40.0, O)],
        ),
        (0.0, sell(trailing(Trail::Amount(40.0))), falls, vec![(90.0, 40.0, O)]),
        (0.0, sell(trailing(Trail::Percent(5.0))), falls, vec![(95.0, 40.0, O)]),
        (10.0, guard(380.0, 500.0), falls, vec![(95.0, 40.0, Leg::StopLoss)]),
        (10.0, guard(300.0, 480.0), rises, vec![(120.0, 40.0, Leg::TakeProfit)]),
        (
            0.0,
            Intent { exits: at(368.0, 500.0), ..buy(limit(380.0)) },
            falls,
            vec![(95.0, 40.0, entry), (92.0, 40.0, Leg::StopLoss)],
        ),
        (
            0.0,
            Intent { exits: away(16.0), ..buy(limit(380.0)) },
            falls,
            vec![(95.0, 40.0, entry), (91.0, 40.0, Leg::StopLoss)],
        ),
        (0.0, buy(OrderKind::Limit { limit: 300.0 }), falls, vec![]),
        (10.0, Intent::market(0, Side::Sell, Amount::Notional(0.0)), falls, vec![]),
    ];
    for (held, intent, moves, expected) in cases {
        let mut rows = flat(&[400.0, 400.0, 100.0]);
        rows.push(moves);
        let mut placed = vec![(1, intent)];
        if held > 0.0 {
            placed.insert(0, (0, market(Side::Buy, held)));
        }
        let (script, _) = through(&rows, &[split(2, 4.0)], whole(), &placed);
        let expected: Vec<_> =
            expected.into_iter().map(|(price, quantity, leg)| (3, price, quantity, leg)).collect();
        let fills = script.fills();
        same_fills(&format!("{intent:?}"), &fills[usize::from(held > 0.0)..], &expected);
    }
}

#[test]
fn exits_and_trails_at_work_move_too() {
    let exits = Exits {
        stop_loss: Some(ExitLevel::Price(360.0)),
        take_profit: Some(ExitLevel::Price(480.0)),
    };
    let bracket = Intent { exits: Some(exits), ..market(Side::Buy, 10.0) };
    for (moves, exit) in [
        ([100.0, 101.0, 80.0, 85.0, 1e6], (90.0, Leg::StopLoss)),
        ([100.0, 125.0, 99.0, 110.0, 1e6], (120.0, Leg::TakeProfit)),
    ] {
        let mut rows = flat(&[400.0, 400.0, 100.0]);
        rows.push(moves);
        let (script, _) = through(&rows, &[split(2, 4.0)], whole(), &[(0, bracket)]);
        let expected = [(1, 400.0, 10.0, Leg::Entry), (3, exit.0, 40.0, exit.1)];
        same_fills("bracket", &script.fills(), &expected);
    }
    // The best price of a trailing stop is of the old scale too.
    let trailing = OrderKind::TrailingStop { trail: Trail::Amount(40.0), reference: None };
    let mut rows = vec![[400.0; 5], [400.0, 440.0, 400.0, 410.0, 1e6]];
    rows.extend([[102.0, 104.0, 101.0, 102.0, 1e6], [102.0, 102.0, 95.0, 96.0, 1e6]]);
    let placed = [(0, order(Side::Sell, 10.0, trailing))];
    let (script, _) = through(&rows, &[split(2, 4.0)], whole(), &placed);
    same_fills("trailing", &script.fills(), &[(3, 100.0, 40.0, O)]);
    // And so is what volume left of an order.
    let thin = ExecutionRules { participation: Some(0.1), ..whole() };
    let rows = [[400.0; 5], [400.0, 400.0, 400.0, 400.0, 60.0], [100.0, 100.0, 100.0, 100.0, 1e6]];
    let (script, _) = through(&rows, &[split(2, 4.0)], thin, &[(0, market(Side::Buy, 10.0))]);
    same_fills("rest", &script.fills(), &[(1, 400.0, 6.0, O), (2, 100.0, 16.0, O)]);
}

#[test]
fn dividends_reach_the_long_and_cost_the_short() {
    for (units, due) in [(50.0, 100.0), (-50.0, -100.0)] {
        let side = if units > 0.0 { Side::Buy } else { Side::Sell };
        let rows = flat(&[100.0, 100.0, 98.0, 98.0, 98.0, 98.0]);
        let placed = [(0, market(side, 50.0)), (3, market(side.opposite(), 50.0))];
        let after_trade = CASH - units * 100.0;
        let after_close = after_trade + units * 98.0;
        // Paid at once.
        let (script, run) = through(&rows, &[dividend(2, 2.0, None)], rules(), &placed);
        let cash: Vec<f64> = script.closes().iter().map(|account| account.cash).collect();
        let paid = after_trade + due;
        assert_eq!(cash, [CASH, after_trade, paid, paid, after_close + due, after_close + due]);
        // The price falls by what is paid, so equity stands still.
        assert_eq!(run.equity, [CASH; 6]);

        // Paid two sessions later, to whoever held at the ex-date.
        let (script, run) = through(&rows, &[dividend(2, 2.0, Some(5))], rules(), &placed);
        let closes = script.closes();
        let owed: Vec<f64> = closes.iter().map(|account| account.receivable).collect();
        assert_eq!(owed, [0.0, 0.0, due, due, due, 0.0]);
        let cash: Vec<f64> = closes.iter().map(|account| account.cash).collect();
        let last = after_close + due;
        assert_eq!(cash, [CASH, after_trade, after_trade, after_trade, after_close, last]);
        assert_eq!(run.equity, [CASH; 6]);
    }
}

#[test]
fn money_that_is_receivable_buys_nothing() {
    let rows = flat(&[100.0, 100.0, 50.0, 50.0, 50.0]);
    let all = |bar| (bar, Intent::market(0, Side::Buy, Amount::EquityFraction(1.0)));
    // 1,000 units earn 50,000, half of equity, that is paid after the last bar or at once.
    for (paid, units) in [(Some(9), 1_000.0), (None, 2_000.0)] {
        let (_, run) = through(&rows, &[dividend(2, 50.0, paid)], rules(), &[all(0), all(2)]);
        assert_eq!(run.portfolio.positions[0].quantity, units);
        close_to(run.portfolio.equity(), CASH);
    }
}

#[test]
fn the_ex_date_decides_who_takes_part() {
    let rows = flat(&[100.0, 100.0, 98.0, 98.0]);
    // Bought at the open of the ex-date: too late. Sold at it: still in.
    let (_, run) =
        through(&rows, &[dividend(2, 2.0, None)], rules(), &[(1, market(Side::Buy, 50.0))]);
    close_to(run.portfolio.equity(), CASH);
    let placed = [(0, market(Side::Buy, 50.0)), (1, market(Side::Sell, 50.0))];
    let (_, run) = through(&rows, &[dividend(2, 2.0, None)], rules(), &placed);
    close_to(run.portfolio.cash, CASH);
    // An event of the first bar, or of one before the range, concerns nobody.
    let history = with_actions(daily(&rows), &[split(1, 2.0), dividend(0, 1.0, None)], rules());
    let script = Script::new(&[(1, Action::Place(market(Side::Buy, 50.0)))]);
    let (script, result) = run_from(&history, 1, script);
    assert_eq!(result.portfolio.positions[0].quantity, 50.0);
    assert_eq!(script.events.len(), 4);
}

fn run_from(history: &engine::History, from: usize, script: Script) -> (Script, engine::Run) {
    let range = from..history.series[0].len();
    run(history, range, &setup(), script, &mut AllowAll, &AtomicBool::new(false)).unwrap()
}

#[test]
fn events_of_one_gap_are_booked_in_their_order() {
    let placed = [(0, market(Side::Buy, 100.0))];
    // A dividend is of the shares of its day, in whichever order the two are listed.
    for actions in
        [[split(2, 2.0), dividend(2, 1.0, None)], [dividend(2, 1.0, None), split(2, 2.0)]]
    {
        let (script, run) = through(&flat(&[100.0, 100.0, 49.0, 49.0]), &actions, rules(), &placed);
        assert_eq!(script.closes()[2].cash, CASH - 10_000.0 + 200.0);
        assert_eq!(run.equity, [CASH; 4]);
    }
    // Events out of order are all booked.
    let actions = [split(3, 2.0), dividend(1, 50.0, None), split(2, 5.0)];
    let (_, run) = through(&flat(&[100.0, 100.0, 20.0, 10.0]), &actions, rules(), &placed);
    assert_eq!(run.portfolio.positions[0].quantity, 1_000.0);
    // Two splits before one bar: the fraction is paid at the price of both.
    let actions = [split(2, 0.5), split(2, 3.0)];
    let rows = flat(&[60.0, 60.0, 40.0, 40.0]);
    let (_, run) = through(&rows, &actions, whole(), &[(0, market(Side::Buy, 101.0))]);
    assert_eq!(run.portfolio.positions[0].quantity, 150.0);
    close_to(run.portfolio.equity(), CASH);
}

#[test]
fn signals_read_adjusted_prices_and_fills_raw_ones() {
    let rows = flat(&[400.0, 400.0, 100.0, 98.0, 98.0]);
    let actions = [split(2, 4.0), dividend(3, 2.0, None)];
    let history = with_actions(daily(&rows), &actions, rules());
    let series = &history.series[0];
    for bar in 0..5 {
        close_to(series.signal().close[bar], 400.0);
    }
    assert_eq!(series.signal().volume, [10_000.0, 10_000.0, 2_500.0, 2_500.0, 2_500.0]);
    assert_eq!(series.raw().close, [400.0, 400.0, 100.0, 98.0, 98.0]);
    // A distance of 4 in signal prices is 4 before the split, 1 after it and 0.98 after the dividend.
    for (bar, scale) in [(0, 1.0), (2, 0.25), (4, 0.98 / 4.0)] {
        close_to(series.signal_to_raw(bar), scale);
    }
    let (script, _) = through(&rows, &actions, rules(), &[(0, market(Side::Buy, 10.0))]);
    same_fills("raw", &script.fills(), &[(1, 400.0, 10.0, O)]);
    assert_eq!(history.truncated(2).unwrap().series[0].signal().close, [400.0; 3]);
}

proptest! {
    #[test]
    fn what_signals_read_does_not_change_when_time_goes_on(
        seed in any::<u64>(),
        count in 3_usize..120,
    ) {
        let mut chance = Chance::new(seed);
        let rows = bars(&mut chance, count);
        let mut actions = some_actions(&mut chance, count);
        actions.extend(some_actions(&mut chance, count));
        let history = with_actions(daily(&rows), &actions, rules());
        let shown = market::adjust(daily(&rows).bars(), &actions, Adjustment::All).unwrap();
        let (whole, shown) = (history.series[0].signal(), shown.bars());
        for last in 1..count {
            let past = history.truncated(last).unwrap();
            let (past, bars) = (&past.series[0], 0..last + 1);
            prop_assert_eq!(past.signal(), whole.slice(bars.clone()), "cut at {}", last);
            for bar in bars {
                let [early, late] = [past, &history.series[0]].map(|s| s.signal_to_raw(bar));
                prop_assert_eq!(early.to_bits(), late.to_bits());
            }
        }
        // They are the prices that people are shown, times one number.
        for bar in 1..count {
            for (read, shown) in [(whole.close, shown.close), (whole.low, shown.low)] {
                let ratio = read[bar] / shown[bar] * shown[0] / read[0];
                prop_assert!((ratio - 1.0).abs() < 1e-12, "{bar}: {ratio}");
            }
        }
    }
}

#[test]
fn events_between_two_sessions_are_booked_in_the_order_of_their_dates() {
    // No bar on sessions 2 and 3: the dividend is of the shares before the split.
    let prices = [(0, 100.0), (1, 100.0), (4, 45.0), (5, 45.0)];
    let bars = series(prices.map(|(day, price)| (midnight(session_date(day)), [price; 5])));
    let actions = [split(3, 2.0), dividend(2, 10.0, None)];
    let history = with_actions(bars, &actions, rules());
    let (_, run) =
        play(&history, &setup(), Script::new(&[(0, Action::Place(market(Side::Buy, 10.0)))]));
    assert_eq!(run.portfolio.positions[0].quantity, 20.0);
    close_to(run.portfolio.equity(), CASH);
    for bar in 0..4 {
        close_to(history.series[0].signal().close[bar], 100.0);
    }
    // On one date the split comes first, and the dividend is of the shares after it.
    let actions = [dividend(3, 5.0, None), split(3, 2.0)];
    let history = with_actions(history.series[0].raw().to_series(), &actions, rules());
    let (_, run) =
        play(&history, &setup(), Script::new(&[(0, Action::Place(market(Side::Buy, 10.0)))]));
    close_to(run.portfolio.equity(), CASH);
    close_to(history.series[0].signal().close[3], 100.0);
}

#[test]
fn a_stop_distance_in_signal_prices_is_one_in_raw_prices() {
    // Bought at 100 after a split 4:1: five points of what signals read are 1.25.
    let mut rows = flat(&[392.0, 392.0, 98.0, 100.0, 100.0]);
    rows.extend([[100.0, 101.0, 90.0, 97.0, 1e6], [97.0; 5], [97.0; 5]]);
    let history = with_actions(daily(&rows), &[split(2, 4.0)], rules());
    let params = Params::defaults(GUARDED.params);
    let setup = Setup { allow_short: false, ..setup() };
    let job = Job { history: &history, range: 0..7, params: &params, setup: &setup, record: true };
    let (run, decisions) =
        GUARDED.runner.backtest(&job, &mut AllowAll, &AtomicBool::new(false)).unwrap();
    let told: Vec<_> = run.fills.iter().map(|fill| (fill.price, fill.quantity, fill.leg)).collect();
    assert_eq!(told, [(100.0, 1_000.0, Leg::Entry), (98.75, 1_000.0, Leg::StopLoss)]);
    // Neither the fall of the raw price at the split nor the stop is a signal.
    assert_eq!(decisions.unwrap()[0], [0, 0, 0, 1, 1, 0, 0]);
}
