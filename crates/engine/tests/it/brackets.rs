//! Exits that entries bring along.

use engine::venue::{CancelReason, ExecutionRules};
use engine::{
    Action, Amount, ExitLevel, Exits, FillAt, Intent, Leg, OrderKind, Setup, Side, TimeInForce,
};

use crate::scene::{
    Row, STILL, Script, daily, history, intraday, lasting, market, order, play, rules, same_fills,
    setup, trade,
};

use Leg::{Entry, Order, StopLoss, TakeProfit};

fn exits(stop_loss: f64, take_profit: f64) -> Option<Exits> {
    let price = |at| Some(ExitLevel::Price(at));
    Some(Exits { stop_loss: price(stop_loss), take_profit: price(take_profit) })
}

/// An entry, bars from the second on, and bar, price and part of its fills.
type Case<'a> = (&'a str, OrderKind, &'a [Row], &'a [(usize, f64, Leg)]);

/// A market entry for 100 units, a stop at 97 and a target at 104.
fn bracket() -> Intent {
    Intent { exits: exits(97.0, 104.0), ..market(Side::Buy, 100.0) }
}

fn thin() -> ExecutionRules {
    ExecutionRules { participation: Some(0.1), ..rules() }
}

#[test]
fn the_way_of_the_entry_decides_what_its_bar_may_exit() {
    let limit = OrderKind::Limit { limit: 99.0 };
    let stop = OrderKind::Stop { stop: 101.0 };
    let up_and_down = [100.0, 105.0, 96.0, 101.0, 1.0];
    let up = [100.0, 105.0, 98.0, 104.5, 1.0];
    let cases: [Case<'_>; 9] = [
        ("market", OrderKind::Market, &[up_and_down], &[(1, 100.0, Entry), (1, 97.0, StopLoss)]),
        ("market", OrderKind::Market, &[up], &[(1, 100.0, Entry), (1, 104.0, TakeProfit)]),
        ("limit inside", limit, &[up_and_down], &[(1, 99.0, Entry), (1, 97.0, StopLoss)]),
        ("limit inside", limit, &[up, up], &[(1, 99.0, Entry), (2, 104.0, TakeProfit)]),
        (
            "limit at the open",
            OrderKind::Limit { limit: 100.5 },
            &[up],
            &[(1, 100.0, Entry), (1, 104.0, TakeProfit)],
        ),
        // The entry's price is the bar's close, yet the bar was not over.
        ("stop inside", stop, &[up_and_down], &[(1, 101.0, Entry), (1, 97.0, StopLoss)]),
        (
            "stop at the open",
            OrderKind::Stop { stop: 99.5 },
            &[up],
            &[(1, 100.0, Entry), (1, 104.0, TakeProfit)],
        ),
        // Whatever the bar saw was over at its close.
        ("close", OrderKind::MarketOnClose, &[up_and_down], &[(1, 101.0, Entry)]),
        (
            "close",
            OrderKind::MarketOnClose,
            &[up_and_down, up],
            &[(1, 101.0, Entry), (2, 104.0, TakeProfit)],
        ),
    ];
    for (name, kind, bars, expected) in cases {
        let rows = [&[STILL][..], bars].concat();
        let (script, _) = trade(&rows, rules(), &[(0, Intent { kind, ..bracket() })]);
        let expected: Vec<_> =
            expected.iter().map(|&(bar, price, leg)| (bar, price, 100.0, leg)).collect();
        same_fills(name, &script.fills(), &expected);

        // A short position sees the same, reflected.
        let mirror = |price: f64| 200.0 - price;
        let rows: Vec<Row> = rows
            .iter()
            .map(|&[o, h, l, c, v]| [mirror(o), mirror(l), mirror(h), mirror(c), v])
            .collect();
        let kind = match kind {
            OrderKind::Limit { limit } => OrderKind::Limit { limit: mirror(limit) },
            OrderKind::Stop { stop } => OrderKind::Stop { stop: mirror(stop) },
            other => other,
        };
        let short = Intent { kind, exits: exits(103.0, 96.0), ..market(Side::Sell, 100.0) };
        let (script, _) = trade(&rows, rules(), &[(0, short)]);
        let expected: Vec<_> =
            expected.iter().map(|&(bar, price, q, leg)| (bar, mirror(price), q, leg)).collect();
        same_fills(name, &script.fills(), &expected);
    }
}

#[test]
fn entries_at_the_close_that_decided_them_are_safe_until_the_next_bar() {
    let rows = [[100.0, 105.0, 96.0, 101.0, 1.0], STILL, [100.0, 101.0, 96.0, 97.0, 1.0], STILL];
    let optimistic = Setup { fill_at: FillAt::Close, ..setup() };
    let script = Script::new(&[(0, Action::Place(bracket()))]);
    let (script, _) = play(&history(daily(&rows), rules()), &optimistic, script);
    let expected = [(0, 101.0, 100.0, Entry), (2, 97.0, 100.0, StopLoss)];
    same_fills("close", &script.fills(), &expected);
}

#[test]
fn exits_lie_at_prices_or_so_far_from_the_fill() {
    let at = |stop_loss, take_profit| Some(Exits { stop_loss, take_profit });
    let distance = |by| Some(ExitLevel::Distance(by));
    let calm = [102.0, 103.0, 101.0, 102.0, 1.0];
    let wide = [102.0, 110.0, 90.0, 95.0, 1.0];
    // Side, exits, the exit's price and part.
    let cases = [
        (Side::Buy, at(distance(4.0), distance(6.0)), Some((98.0, StopLoss))),
        (Side::Buy, at(None, distance(6.0)), Some((108.0, TakeProfit))),
        (Side::Buy, at(distance(4.0), None), Some((98.0, StopLoss))),
        (Side::Buy, at(Some(ExitLevel::Price(91.0)), distance(9.0)), Some((91.0, StopLoss))),
        (Side::Buy, at(distance(20.0), distance(20.0)), None),
        (Side::Sell, at(distance(4.0), distance(6.0)), Some((106.0, StopLoss))),
        (Side::Sell, at(None, distance(6.0)), Some((96.0, TakeProfit))),
        (Side::Sell, at(None, None), None),
    ];
    for (side, exits, exit) in cases {
        let placed = Intent { exits, ..market(side, 100.0) };
        let (script, _) = trade(&[STILL, calm, wide], rules(), &[(0, placed)]);
        let mut expected = vec![(1, 102.0, 100.0, Entry)];
        expected.extend(exit.map(|(price, leg)| (2, price, 100.0, leg)));
        same_fills(&format!("{side:?} {exits:?}"), &script.fills(), &expected);
    }
}

#[test]
fn exits_cover_what_filled_and_end_the_rest() {
    let entry = Intent {
        exits: exits(97.0, 104.0),
        ..order(Side::Buy, 2_500.0, OrderKind::Limit { limit: 100.5 })
    };
    let up = [105.0, 106.0, 104.5, 105.0, 20_000.0];
    let (script, run) = trade(&[STILL, STILL, up, STILL], thin(), &[(0, entry)]);
    let expected = [(1, 100.0, 1_000.0, Entry), (2, 105.0, 1_000.0, TakeProfit)];
    same_fills("target", &script.fills(), &expected);
    assert_eq!(script.canceled(), [(0, CancelReason::Superseded)]);
    assert_eq!(run.portfolio.positions[0].quantity, 0.0);
}

#[test]
fn exits_grow_with_the_entry() {
    let entry = Intent { exits: exits(97.0, 104.0), ..market(Side::Buy, 2_500.0) };
    let crash = [95.0, 96.0, 94.0, 95.0, 30_000.0];
    let (script, run) = trade(&[STILL, STILL, STILL, STILL, crash], thin(), &[(0, entry)]);
    let expected = [
        (1, 100.0, 1_000.0, Entry),
        (2, 100.0, 1_000.0, Entry),
        (3, 100.0, 500.0, Entry),
        (4, 95.0, 2_500.0, StopLoss),
    ];
    same_fills("grown", &script.fills(), &expected);
    assert_eq!(run.portfolio.positions[0].quantity, 0.0);
}

#[test]
fn a_stop_reached_by_an_earlier_part_keeps_its_price() {
    let entry = Intent { exits: exits(97.0, 104.0), ..market(Side::Buy, 2_500.0) };
    // The rest enters at the open; then the price falls through the stop.
    let falls = [100.0, 101.0, 96.0, 96.5, 40_000.0];
    let (script, run) = trade(&[STILL, STILL, falls, STILL], thin(), &[(0, entry)]);
    let expected =
        [(1, 100.0, 1_000.0, Entry), (2, 100.0, 1_500.0, Entry), (2, 97.0, 2_500.0, StopLoss)];
    same_fills("stopped", &script.fills(), &expected);
    assert_eq!(run.portfolio.positions[0].quantity, 0.0);
}

#[test]
fn a_part_that_enters_inside_a_bar_sells_no_target_on_it() {
    let entry = OrderKind::Limit { limit: 100.0 };
    let entry = Intent { exits: exits(90.0, 104.0), ..order(Side::Buy, 1_500.0, entry) };
    let both = [102.0, 105.0, 99.0, 104.5, 20_000.0];
    let later = [103.0, 104.2, 102.0, 103.0, 20_000.0];
    let (script, _) = trade(&[STILL, STILL, both, later], thin(), &[(0, entry)]);
    let expected =
        [(1, 100.0, 1_000.0, Entry), (2, 100.0, 500.0, Entry), (3, 104.0, 1_500.0, TakeProfit)];
    same_fills("later", &script.fills(), &expected);
}

#[test]
fn a_stop_that_volume_cut_short_goes_on_at_the_next_open() {
    let entry = Intent { exits: exits(97.0, 104.0), ..market(Side::Buy, 1_000.0) };
    let falls = [100.0, 101.0, 96.0, 96.5, 6_000.0];
    let lower = [95.0, 106.0, 94.0, 95.0, 6_000.0];
    let (script, _) = trade(&[STILL, STILL, falls, lower], thin(), &[(0, entry)]);
    let expected =
        [(1, 100.0, 1_000.0, Entry), (2, 97.0, 600.0, StopLoss), (3, 95.0, 400.0, StopLoss)];
    same_fills("rest", &script.fills(), &expected);
}

#[test]
fn exits_end_with_the_position_they_guard() {
    let falls = [100.0, 101.0, 96.0, 96.5, 10_000.0];
    let close = Intent::market(0, Side::Sell, Amount::Position);
    let rows = [STILL, STILL, STILL, STILL, falls, falls];
    // Closed by another order, a new position is not the old exits' business.
    let (script, run) =
        trade(&rows, rules(), &[(0, bracket()), (1, close), (2, market(Side::Buy, 50.0))]);
    let expected = [(1, 100.0, 100.0, Entry), (2, 100.0, 100.0, Order), (3, 100.0, 50.0, Order)];
    same_fills("closed", &script.fills(), &expected);
    assert_eq!(script.canceled(), [(1, CancelReason::Superseded)]);
    assert_eq!(run.portfolio.positions[0].quantity, 50.0);

    // Half of it closed, the exit takes the other half.
    let (script, run) = trade(&rows, rules(), &[(0, bracket()), (1, market(Side::Sell, 60.0))]);
    let expected = [(1, 100.0, 100.0, Entry), (2, 100.0, 60.0, Order), (4, 97.0, 40.0, StopLoss)];
    same_fills("reduced", &script.fills(), &expected);
    assert_eq!(run.portfolio.positions[0].quantity, 0.0);

    // Turned around, there is nothing to guard either.
    let (script, run) = trade(&rows, rules(), &[(0, bracket()), (1, market(Side::Sell, 160.0))]);
    assert_eq!(script.canceled(), [(1, CancelReason::Superseded)]);
    assert_eq!(run.portfolio.positions[0].quantity, -60.0);
}

#[test]
fn a_part_that_enters_after_the_exits_ended_has_exits_of_its_own() {
    // The sale at the open ends the position and its exits; then the limit buys on, inside.
    let limit = OrderKind::Limit { limit: 100.0 };
    let entry = Intent { exits: exits(97.0, 104.0), ..order(Side::Buy, 1_500.0, limit) };
    let dips = [101.0, 102.0, 99.0, 100.0, 30_000.0];
    let sinks = [99.0, 100.0, 96.0, 97.0, 30_000.0];
    let sale = market(Side::Sell, 1_000.0);
    let (script, run) =
        trade(&[STILL, STILL, dips, sinks, STILL], thin(), &[(0, entry), (1, sale)]);
    let expected = [
        (1, 100.0, 1_000.0, Entry),
        (2, 101.0, 1_000.0, Order),
        (2, 100.0, 500.0, Entry),
        (3, 97.0, 500.0, StopLoss),
    ];
    same_fills("again", &script.fills(), &expected);
    assert_eq!(run.portfolio.positions[0].quantity, 0.0);
}

#[test]
fn two_brackets_guard_their_own_parts() {
    let wide = Intent { exits: exits(95.0, 110.0), ..market(Side::Buy, 30.0) };
    let dips = [100.0, 101.0, 96.0, 99.0, 10_000.0];
    let sinks = [98.0, 99.0, 94.0, 95.0, 10_000.0];
    let (script, run) = trade(&[STILL, STILL, dips, sinks], rules(), &[(0, bracket()), (0, wide)]);
    let expected = [
        (1, 100.0, 100.0, Entry),
        (1, 100.0, 30.0, Entry),
        (2, 97.0, 100.0, StopLoss),
        (3, 95.0, 30.0, StopLoss),
    ];
    same_fills("two", &script.fills(), &expected);
    assert_eq!(run.portfolio.positions[0].quantity, 0.0);
}

#[test]
fn money_of_an_exit_inside_a_bar_buys_nothing_at_its_open() {
    let all = Amount::EquityFraction(1.0);
    let first = Intent { exits: exits(97.0, 110.0), ..Intent::market(0, Side::Buy, all) };
    let second = Intent::market(0, Side::Buy, all);
    let falls = [100.0, 101.0, 96.0, 98.0, 10_000.0];
    let (script, _) = trade(&[STILL, falls, STILL], rules(), &[(0, first), (0, second)]);
    let expected = [(1, 100.0, 1_000.0, Entry), (1, 97.0, 1_000.0, StopLoss)];
    same_fills("spent", &script.fills(), &expected);
    assert_eq!(script.canceled(), [(1, CancelReason::NothingToTrade)]);
}

#[test]
fn exits_outlive_the_session_of_an_entry_for_the_day() {
    let entry = lasting(bracket(), TimeInForce::Day);
    let falls = [98.0, 99.0, 96.0, 97.0, 10_000.0];
    let rows = [STILL, STILL, STILL, STILL, falls, STILL];
    let script = Script::new(&[(0, Action::Place(entry))]);
    let (script, _) = play(&history(intraday(&rows), rules()), &setup(), script);
    let expected = [(1, 100.0, 100.0, Entry), (4, 97.0, 100.0, StopLoss)];
    same_fills("day", &script.fills(), &expected);
}
