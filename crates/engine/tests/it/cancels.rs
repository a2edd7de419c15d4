//! Taking orders back.

use engine::venue::CancelReason;
use engine::{Action, ExitLevel, Exits, Intent, Leg, OrderId, OrderKind, Side};

use crate::scene::{Script, daily, flat, history, market, order, play, rules, same_fills, setup};

/// What is done at the closes of bars, what is told of it, and how many fills follow.
type Case<'a> = (&'a [(usize, Action)], &'a [OrderId], usize);

fn far(side: Side) -> Intent {
    let limit = if side == Side::Buy { 90.0 } else { 110.0 };
    order(side, 10.0, OrderKind::Limit { limit })
}

#[test]
fn canceled_orders_never_trade() {
    let requested = CancelReason::Requested;
    let place = Action::Place(far(Side::Buy));
    let other = Action::Place(far(Side::Sell));
    let cases: [Case<'_>; 6] = [
        (&[(0, place)], &[], 1),
        (&[(0, place), (1, Action::Cancel(0))], &[0], 0),
        (&[(0, place), (0, Action::Cancel(0))], &[0], 0),
        (&[(0, place), (0, other), (1, Action::Cancel(1))], &[1], 1),
        (&[(0, place), (0, other), (1, Action::CancelAll(0))], &[0, 1], 0),
        (&[(0, place), (1, Action::Cancel(7)), (4, Action::Cancel(0))], &[], 1),
    ];
    let history = history(daily(&flat(&[100.0, 100.0, 100.0, 80.0, 120.0, 100.0])), rules());
    for (steps, told, fills) in cases {
        let (script, _) = play(&history, &setup(), Script::new(steps));
        let told: Vec<_> = told.iter().map(|&id| (id, requested)).collect();
        assert_eq!(script.canceled(), told, "{steps:?}");
        // The sell limit trades too where nobody cancels it.
        assert_eq!(script.fills().len(), fills, "{steps:?}");
    }
}

#[test]
fn a_fill_may_cancel_what_the_same_bar_would_trade() {
    let first = order(Side::Buy, 10.0, OrderKind::Limit { limit: 99.0 });
    let second = order(Side::Buy, 20.0, OrderKind::Limit { limit: 98.0 });
    let rows = [[100.0; 5], [100.0, 101.0, 95.0, 96.0, 1.0], [100.0; 5], [90.0; 5]];
    let script = Script::new(&[(0, Action::Place(second)), (0, Action::Place(first))])
        .on_fill(1, Action::Cancel(0));
    let (script, run) = play(&history(daily(&rows), rules()), &setup(), script);
    same_fills("first only", &script.fills(), &[(1, 99.0, 10.0, Leg::Order)]);
    assert_eq!(script.canceled(), [(0, CancelReason::Requested)]);
    assert_eq!(run.portfolio.positions[0].quantity, 10.0);
}

#[test]
fn canceling_all_takes_exits_along() {
    let exits = Exits { stop_loss: Some(ExitLevel::Price(90.0)), take_profit: None };
    let entry = Intent { exits: Some(exits), ..market(Side::Buy, 10.0) };
    let history = history(daily(&flat(&[100.0, 100.0, 100.0, 80.0, 80.0])), rules());
    let kept = play(&history, &setup(), Script::new(&[(0, Action::Place(entry))])).1;
    assert_eq!(kept.portfolio.positions[0].quantity, 0.0);
    let steps = [(0, Action::Place(entry)), (1, Action::CancelAll(0))];
    let (script, run) = play(&history, &setup(), Script::new(&steps));
    assert_eq!(run.portfolio.positions[0].quantity, 10.0);
    assert_eq!(script.canceled(), [(1, CancelReason::Requested)]);
}

#[test]
fn nothing_to_trade_ends_an_order() {
    use engine::Amount::{Notional, Position, Quantity};
    let amounts = [Position, Notional(0.0), Notional(-5.0), Quantity(0.0)];
    for amount in amounts {
        let intent = Intent::market(0, Side::Buy, amount);
        let history = history(daily(&flat(&[100.0, 100.0, 100.0])), rules());
        let (script, _) = play(&history, &setup(), Script::new(&[(0, Action::Place(intent))]));
        assert_eq!(script.canceled(), [(0, CancelReason::NothingToTrade)], "{amount:?}");
        assert_eq!(script.fills(), []);
    }
}
