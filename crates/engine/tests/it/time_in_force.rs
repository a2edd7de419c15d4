//! How long orders work, over sessions of two bars.

use engine::venue::{CancelReason, ExecutionRules};
use engine::{Action, FillAt, Leg, OrderKind, Setup, Side, TimeInForce};

use crate::scene::{
    Row, STILL, Script, daily, history, intraday, lasting, market, order, play, rules, same_fills,
    setup,
};

use OrderKind::{Market, MarketOnClose, MarketOnOpen};
use TimeInForce::{Cls, Day, Fok, Gtc, Ioc, Opg};

/// Four sessions of two bars; each bar's prices tell its number.
fn bars() -> Vec<Row> {
    (0..8)
        .map(|bar| {
            let open = 100.0 + 10.0 * f64::from(bar);
            [open, open + 2.0, open - 2.0, open + 1.0, 10_000.0]
        })
        .collect()
}

#[test]
fn orders_work_as_long_as_they_say() {
    // A sell limit above the bars before it: the first bar that could trade it is bar `n`.
    let from_bar = |n: f64| OrderKind::Limit { limit: 100.0 + 10.0 * n - 1.0 };
    let at_open = |bar: usize| Some((bar, 100.0 + 10.0 * bar as f64));
    let at_close = |bar: usize| Some((bar, 101.0 + 10.0 * bar as f64));
    // Kind, time in force, the bar at whose close it is placed, the fill.
    let cases = [
        (Market, Gtc, 0, at_open(1)),
        (Market, Day, 1, at_open(2)),
        (from_bar(1.0), Day, 0, at_open(1)),
        (from_bar(2.0), Day, 0, None),
        (from_bar(3.0), Day, 1, at_open(3)),
        (from_bar(4.0), Day, 1, None),
        (from_bar(7.0), Gtc, 0, at_open(7)),
        (from_bar(3.0), Ioc, 2, at_open(3)),
        (from_bar(4.0), Ioc, 2, None),
        (from_bar(3.0), Fok, 2, at_open(3)),
        (from_bar(4.0), Fok, 2, None),
        (Market, Opg, 0, at_open(2)),
        (Market, Opg, 1, at_open(2)),
        (from_bar(2.0), Opg, 0, at_open(2)),
        (from_bar(3.0), Opg, 0, None),
        (from_bar(4.0), Opg, 2, at_open(4)),
        (Market, Cls, 0, at_open(1)),
        (Market, Cls, 1, at_open(3)),
        (from_bar(3.0), Cls, 1, at_open(3)),
        (from_bar(4.0), Cls, 1, None),
        (MarketOnOpen, Gtc, 0, at_open(2)),
        (MarketOnOpen, Gtc, 1, at_open(2)),
        (MarketOnOpen, Opg, 2, at_open(4)),
        (MarketOnOpen, Day, 1, at_open(2)),
        (MarketOnClose, Gtc, 0, at_close(1)),
        (MarketOnClose, Gtc, 1, at_close(3)),
        (MarketOnClose, Cls, 1, at_close(3)),
        (MarketOnClose, Day, 2, at_close(3)),
    ];
    let history = history(intraday(&bars()), rules());
    for (kind, time_in_force, placed, fill) in cases {
        let intent = lasting(order(Side::Sell, 10.0, kind), time_in_force);
        let (script, _) = play(&history, &setup(), Script::new(&[(placed, Action::Place(intent))]));
        let expected: Vec<_> =
            fill.into_iter().map(|(bar, price)| (bar, price, 10.0, Leg::Order)).collect();
        same_fills(&format!("{kind:?} {time_in_force:?} at {placed}"), &script.fills(), &expected);
        let canceled = if fill.is_none() { vec![(0, CancelReason::Expired)] } else { Vec::new() };
        assert_eq!(script.canceled(), canceled, "{kind:?} {time_in_force:?} at {placed}");
    }
}

#[test]
fn a_day_order_that_filled_in_part_ends_with_its_session() {
    let thin = ExecutionRules { participation: Some(0.001), ..rules() };
    let history = history(intraday(&bars()), thin);
    for (time_in_force, fills, left) in
        [(Day, 2, 80.0), (Gtc, 6, 40.0), (Ioc, 1, 90.0), (Fok, 0, 100.0)]
    {
        let intent = lasting(market(Side::Sell, 100.0), time_in_force);
        let (script, run) = play(&history, &setup(), Script::new(&[(1, Action::Place(intent))]));
        assert_eq!(script.fills().len(), fills, "{time_in_force:?}");
        assert_eq!(run.portfolio.positions[0].quantity, left - 100.0, "{time_in_force:?}");
    }
}

#[test]
fn immediate_orders_have_a_bar_of_their_own() {
    // Where market orders fill at the close that placed them, the others still wait for a bar.
    let rows = [STILL, [99.0, 99.0, 97.0, 98.0, 10_000.0], STILL];
    let optimistic = Setup { fill_at: FillAt::Close, ..setup() };
    for time_in_force in [Ioc, Fok] {
        let limit =
            lasting(order(Side::Buy, 10.0, OrderKind::Limit { limit: 98.0 }), time_in_force);
        let steps = [(0, Action::Place(market(Side::Buy, 1.0))), (0, Action::Place(limit))];
        let (script, _) = play(&history(daily(&rows), rules()), &optimistic, Script::new(&steps));
        let expected = [(0, 100.0, 1.0, Leg::Order), (1, 98.0, 10.0, Leg::Order)];
        same_fills("close", &script.fills(), &expected);

        // And so does what is placed when another order fills.
        let script = Script::new(&[(0, Action::Place(market(Side::Buy, 1.0)))])
            .on_fill(0, Action::Place(limit));
        let rows = [STILL, STILL, rows[1], STILL];
        let (script, _) = play(&history(daily(&rows), rules()), &setup(), script);
        let expected = [(1, 100.0, 1.0, Leg::Order), (2, 98.0, 10.0, Leg::Order)];
        same_fills("on a fill", &script.fills(), &expected);
    }
}
