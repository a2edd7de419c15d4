//! Who trades first where a bar has not enough for all.

use engine::venue::ExecutionRules;
use engine::{
    Action, Amount, ExitLevel, Exits, FillAt, Intent, Leg, OrderKind, Setup, Side, TimeInForce,
};

use crate::scene::{
    Row, STILL, Script, daily, flat, history, lasting, market, order, play, rules, same_fills,
    setup, trade,
};

const BAR: Row = [100.0, 103.0, 97.0, 101.0, 10_000.0];
const O: Leg = Leg::Order;

/// Orders in the order of placing, and what the bar gives: prices and quantities.
type Case<'a> = (&'a str, &'a [Intent], &'a [(f64, f64)]);

/// At most 1,000 units of a bar of 10,000.
fn thin() -> ExecutionRules {
    ExecutionRules { participation: Some(0.1), ..rules() }
}

fn limit(side: Side, quantity: f64, limit: f64) -> Intent {
    order(side, quantity, OrderKind::Limit { limit })
}

fn stop(side: Side, quantity: f64, stop: f64) -> Intent {
    order(side, quantity, OrderKind::Stop { stop })
}

#[test]
fn price_comes_before_time() {
    use Side::{Buy, Sell};
    let on_close = |side, quantity| order(side, quantity, OrderKind::MarketOnClose);
    let cases: [Case<'_>; 9] = [
        (
            "time among equals",
            &[market(Buy, 800.0), market(Sell, 800.0)],
            &[(100.0, 800.0), (100.0, 200.0)],
        ),
        (
            "the open before the inside",
            &[limit(Buy, 800.0, 99.0), limit(Buy, 800.0, 99.5), market(Buy, 300.0)],
            &[(100.0, 300.0), (99.5, 700.0)],
        ),
        (
            "the higher bid at the open",
            &[limit(Buy, 700.0, 100.5), limit(Buy, 700.0, 102.0)],
            &[(100.0, 700.0), (100.0, 300.0)],
        ),
        (
            "the lower offer inside",
            &[limit(Sell, 700.0, 102.0), limit(Sell, 700.0, 101.5)],
            &[(101.5, 700.0), (102.0, 300.0)],
        ),
        (
            "time among equal limits",
            &[limit(Sell, 600.0, 102.0), limit(Sell, 700.0, 102.0)],
            &[(102.0, 600.0), (102.0, 400.0)],
        ),
        (
            "any price before limits at the open",
            &[limit(Buy, 700.0, 102.0), stop(Buy, 600.0, 99.0)],
            &[(100.0, 600.0), (100.0, 400.0)],
        ),
        (
            "stops before limits inside",
            &[limit(Buy, 700.0, 99.0), stop(Sell, 600.0, 98.0)],
            &[(98.0, 600.0), (99.0, 400.0)],
        ),
        (
            "the close last",
            &[on_close(Buy, 700.0), limit(Sell, 600.0, 102.0), stop(Buy, 100.0, 103.0)],
            &[(103.0, 100.0), (102.0, 600.0), (101.0, 300.0)],
        ),
        (
            "what has no money leaves its share to others",
            &[
                Intent::market(0, Buy, Amount::Notional(0.0)),
                market(Buy, 900.0),
                market(Buy, 900.0),
            ],
            &[(100.0, 900.0), (100.0, 100.0)],
        ),
    ];
    for (name, intents, expected) in cases {
        let placed: Vec<_> = intents.iter().map(|&intent| (0, intent)).collect();
        let (script, _) = trade(&[STILL, BAR], thin(), &placed);
        let expected: Vec<_> =
            expected.iter().map(|&(price, quantity)| (1, price, quantity, O)).collect();
        same_fills(name, &script.fills(), &expected);
    }
}

#[test]
fn exits_take_their_turn() {
    // Both enter at the open before the first one's stop, inside the bar, takes what is left.
    let exits = Exits { stop_loss: Some(ExitLevel::Price(98.0)), take_profit: None };
    let guarded = Intent { exits: Some(exits), ..market(Side::Buy, 400.0) };
    let placed = [(0, guarded), (0, market(Side::Buy, 500.0))];
    let (script, _) = trade(&[STILL, BAR, STILL], thin(), &placed);
    let expected = [
        (1, 100.0, 400.0, Leg::Entry),
        (1, 100.0, 500.0, O),
        (1, 98.0, 100.0, Leg::StopLoss),
        (2, 100.0, 300.0, Leg::StopLoss),
    ];
    same_fills("shared", &script.fills(), &expected);
}

#[test]
fn without_volume_nothing_trades() {
    let dry = [100.0, 103.0, 97.0, 101.0, 0.0];
    let rows = [STILL, dry, dry, BAR];
    for (intent, price) in [
        (market(Side::Buy, 10.0), Some(100.0)),
        (limit(Side::Buy, 10.0, 98.0), Some(98.0)),
        (order(Side::Buy, 10.0, OrderKind::MarketOnClose), Some(101.0)),
        (lasting(market(Side::Buy, 10.0), TimeInForce::Ioc), None),
        (lasting(market(Side::Buy, 10.0), TimeInForce::Day), None),
    ] {
        let (script, _) = trade(&rows, thin(), &[(0, intent)]);
        let expected: Vec<_> = price.into_iter().map(|price| (3, price, 10.0, O)).collect();
        same_fills(&format!("{intent:?}"), &script.fills(), &expected);
    }
    // An index has no volume, and without a limit by volume it needs none.
    let (script, _) = trade(&rows, rules(), &[(0, market(Side::Buy, 10.0))]);
    same_fills("no limit", &script.fills(), &[(1, 100.0, 10.0, O)]);
}

#[test]
fn all_or_nothing_needs_all_of_what_is_left() {
    for (first, all) in [(400.0, true), (401.0, false)] {
        let fok = lasting(market(Side::Buy, 600.0), TimeInForce::Fok);
        let placed = [(0, market(Side::Buy, first)), (0, fok), (0, market(Side::Buy, 5_000.0))];
        let (script, _) = trade(&[STILL, BAR], thin(), &placed);
        let expected: &[_] = if all {
            &[(1, 100.0, 400.0, O), (1, 100.0, 600.0, O)]
        } else {
            // What it leaves goes to whoever comes next.
            &[(1, 100.0, 401.0, O), (1, 100.0, 599.0, O)]
        };
        same_fills("fok", &script.fills(), expected);
    }
}

#[test]
fn quantities_and_budgets_are_whole_lots() {
    let lots = ExecutionRules { lot: 100.0, ..thin() };
    let rows = [STILL, [100.0, 101.0, 99.0, 100.0, 2_999.0], STILL];
    for (quantity, expected) in [
        (250.0, &[(1, 100.0, 200.0, O)][..]),
        (450.0, &[(1, 100.0, 200.0, O), (2, 100.0, 200.0, O)]),
        (99.0, &[]),
    ] {
        let (script, run) = trade(&rows, lots.clone(), &[(0, market(Side::Buy, quantity))]);
        same_fills("lots", &script.fills(), expected);
        assert_eq!(run.portfolio.positions[0].quantity % 100.0, 0.0);
    }
}

#[test]
fn a_bar_has_one_budget_for_its_open_and_its_close() {
    let optimistic = Setup { fill_at: FillAt::Close, ..setup() };
    let place = |bar, quantity| (bar, Action::Place(market(Side::Buy, quantity)));
    // The rest of the first bar's order takes 700 of the second bar before its close.
    let script = Script::new(&[place(0, 1_700.0), place(1, 800.0), place(1, 50.0)]);
    let rows = flat(&[100.0, 101.0, 102.0, 103.0]);
    let (script, _) = play(&history(daily(&rows), thin()), &optimistic, script);
    let expected = [
        (0, 100.0, 1_000.0, O),
        (1, 101.0, 700.0, O),
        (1, 101.0, 300.0, O),
        (2, 102.0, 500.0, O),
        (2, 102.0, 50.0, O),
    ];
    same_fills("one budget", &script.fills(), &expected);
}

#[test]
fn at_a_close_everybody_has_a_turn() {
    let optimistic = Setup { fill_at: FillAt::Close, ..setup() };
    let nothing = Intent::market(0, Side::Sell, Amount::Position);
    let opening = lasting(market(Side::Buy, 5.0), TimeInForce::Opg);
    let steps =
        [nothing, opening, market(Side::Buy, 10.0)].map(|intent| (0, Action::Place(intent)));
    let rows = flat(&[100.0, 101.0]);
    let (script, _) = play(&history(daily(&rows), rules()), &optimistic, Script::new(&steps));
    same_fills("close", &script.fills(), &[(0, 100.0, 10.0, O), (1, 101.0, 5.0, O)]);
}
