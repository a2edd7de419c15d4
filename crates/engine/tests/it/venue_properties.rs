//! What holds of every fill of the venue, for random orders on random bars.

use std::collections::BTreeMap;

use engine::costs::{Commission, Slippage};
use engine::venue::{ExecutionRules, SimulatedVenue};
use engine::{
    Amount, ExitLevel, Fill, Intent, Leg, OrderId, OrderKind, Portfolio, Side, TimeInForce, Trail,
};
use proptest::prelude::{TestCaseError, any, prop_assert, prop_assert_eq, proptest};

use crate::cases::cases;
use crate::chance::{Sizes, any_intent, bars, some_rules};
use crate::scene::{Row, context};
use crate::seeded::Chance;

/// An order as its sender knows it.
#[derive(Clone, Copy, Debug)]
struct Sent {
    intent: Intent,
    /// First bar on which it may trade.
    from: usize,
    /// Of exits: bar and price of the first fill of their entry.
    entered: Option<(usize, f64)>,
    filled: f64,
}

/// Lower is worse for the trader.
fn gain(side: Side, price: f64) -> f64 {
    -side.sign() * price
}

/// First bar of an order's life before a bar; on one bar of a session only, there is none.
fn first_bar(sent: &Sent, bar: usize) -> usize {
    let waits = matches!(sent.intent.time_in_force, TimeInForce::Opg | TimeInForce::Cls);
    if waits && sent.entered.is_none() { bar } else { sent.from }
}

/// The level of a trailing stop on a bar, from the bars before it.
fn trailing_level(sent: &Sent, rows: &[Row], bar: usize) -> f64 {
    let OrderKind::TrailingStop { trail, reference } = sent.intent.kind else { return f64::NAN };
    let before = &rows[first_bar(sent, bar)..bar];
    let start = reference.unwrap_or(rows[first_bar(sent, bar)][0]);
    let best = match sent.intent.side {
        Side::Sell => before.iter().fold(start, |best, row| best.max(row[1])),
        Side::Buy => before.iter().fold(start, |best, row| best.min(row[2])),
    };
    let distance = match trail {
        Trail::Amount(amount) => amount,
        Trail::Percent(percent) => best * percent / 100.0,
    };
    best + sent.intent.side.sign() * distance
}

/// The price that a stop can do no better than: its level on the bar that reached it first, the
/// open on later ones.
fn stop_bound(sent: &Sent, rows: &[Row], bar: usize, level: impl Fn(usize) -> f64) -> f64 {
    let reached = |at: usize| match sent.intent.side {
        Side::Buy => rows[at][1] >= level(at),
        Side::Sell => rows[at][2] <= level(at),
    };
    let earlier = (first_bar(sent, bar)..bar).any(reached);
    if earlier { rows[bar][0] } else { level(bar) }
}

/// The worst and best price that a fill may have before slippage.
fn check_price(
    sent: &Sent,
    fill: &Fill,
    rows: &[Row],
    bar: usize,
    slip: f64,
) -> Result<(), TestCaseError> {
    let [open, high, low, close, _] = rows[bar];
    let side = fill.side;
    let worsened = |price: f64| price * (1.0 + side.sign() * slip);
    let never_better = |price: f64| gain(side, fill.price) <= gain(side, worsened(price)) + 1e-9;
    let never_worse = |price: f64| gain(side, fill.price) >= gain(side, price) - 1e-9;
    let told = format!("{fill:?} of {sent:?} on bar {bar} {:?}", rows[bar]);
    match (fill.leg, sent.intent.kind) {
        (Leg::StopLoss | Leg::TakeProfit, _) => {
            let (stop, target) = match (sent.intent.kind, sent.intent.exits, sent.entered) {
                (OrderKind::OneCancelsOther { stop_loss, take_profit }, ..) => {
                    (Some(stop_loss), Some(take_profit))
                }
                (_, Some(exits), Some((_, entry))) => {
                    let at = |level: Option<ExitLevel>, sign: f64| match level {
                        Some(ExitLevel::Distance(by)) => Some(entry + sign * side.sign() * by),
                        _ => None,
                    };
                    (at(exits.stop_loss, 1.0), at(exits.take_profit, -1.0))
                }
                other => return Err(TestCaseError::fail(format!("{other:?} has no exits"))),
            };
            if fill.leg == Leg::StopLoss {
                let stop = stop.ok_or_else(|| TestCaseError::fail("no stop"))?;
                let bound = stop_bound(sent, rows, bar, |_| stop);
                prop_assert!(never_better(bound), "stop {}: {}", stop, told);
            } else {
                let target = target.ok_or_else(|| TestCaseError::fail("no target"))?;
                prop_assert!(never_worse(target), "target {}: {}", target, told);
            }
        }
        (_, OrderKind::Market | OrderKind::MarketOnOpen) => prop_assert!(never_better(open)),
        (_, OrderKind::MarketOnClose) => prop_assert!(never_better(close)),
        (_, OrderKind::Limit { limit } | OrderKind::StopLimit { limit, .. }) => {
            prop_assert!(never_worse(limit), "limit {}: {}", limit, told);
            prop_assert!(fill.slippage.abs() <= 1e-9);
        }
        (_, OrderKind::Stop { stop }) => {
            let bound = stop_bound(sent, rows, bar, |_| stop);
            prop_assert!(never_better(bound), "stop {}: {}", stop, told);
        }
        (_, OrderKind::TrailingStop { .. }) => {
            let bound = stop_bound(sent, rows, bar, |at| trailing_level(sent, rows, at));
            prop_assert!(never_better(bound), "level {}: {}", bound, told);
        }
        (leg, OrderKind::OneCancelsOther { .. }) => prop_assert!(false, "{:?} of a pair", leg),
    }
    // Before slippage every price was traded.
    let traded = fill.price - side.sign() * fill.slippage / fill.quantity;
    prop_assert!(traded >= low - 1e-9 && traded <= high + 1e-9, "{} not in the bar", traded);
    prop_assert!(fill.slippage >= -1e-9);
    Ok(())
}

proptest! {
    #![proptest_config(cases(600))]

    #[test]
    fn fills_keep_the_promises_of_their_orders(seed in any::<u64>()) {
        let chance = &mut Chance::new(seed);
        let slip = chance.pick(&[0.0, 5.0, 40.0]);
        let rules = ExecutionRules {
            commission: Commission::bps(3.0),
            slippage: Slippage { bps: slip, ..Slippage::default() },
            lot: 0.0,
            ..some_rules(chance, false)
        };
        let rows = bars(chance, 60);
        let mut venue = SimulatedVenue::new([(rules, 1.0, None)]);
        let mut account = Portfolio::new(1e5, [1.0]);
        let mut sent: BTreeMap<OrderId, Sent> = BTreeMap::new();
        let mut children: BTreeMap<OrderId, OrderId> = BTreeMap::new();
        let mut next_id = 0;
        for (index, row) in rows.iter().enumerate() {
            let close = row[3];
            // Sessions of three bars.
            let index_in_session = index as u32 % 3;
            let place = [index as u32 / 3, index_in_session, 2 - index_in_session];
            let bar = context(index, row, &place);
            venue.open_bar(&bar);
            while let Some(fill) = venue.next_fill(&bar, &account) {
                account.apply(&fill, index as i64, index);
                let order = sent.get_mut(&fill.order).unwrap();
                prop_assert_eq!(fill.side, order.intent.side);
                prop_assert!(fill.quantity > 0.0);
                check_price(order, &fill, &rows, index, slip / 1e4)?;
                if let (Leg::TakeProfit, Some((entered, price))) = (fill.leg, order.entered) {
                    // On the bar of an entry inside it only the stop may trade.
                    let apart = (price - rows[entered][0]).abs();
                    let at_open = apart <= price * slip / 1e4 * 2.0 + 0.1;
                    prop_assert!(index > entered || at_open, "target on the bar of the entry");
                }
                order.filled += fill.quantity;
                let order = *order;
                if let Amount::Quantity(quantity) = order.intent.amount {
                    let most = quantity * (1.0 + 1e-12);
                    prop_assert!(order.filled <= most, "{} filled", order.filled);
                    let whole = order.intent.time_in_force == TimeInForce::Fok
                        && order.entered.is_none()
                        && fill.leg != Leg::StopLoss
                        && fill.leg != Leg::TakeProfit;
                    prop_assert!(!whole || fill.quantity == quantity, "{} of all", fill.quantity);
                }
                if order.entered.is_none() {
                    let alone = match order.intent.time_in_force {
                        TimeInForce::Ioc | TimeInForce::Fok => index == order.from,
                        TimeInForce::Opg => index % 3 == 0,
                        TimeInForce::Cls => index % 3 == 2,
                        TimeInForce::Day => index / 3 == order.from / 3,
                        TimeInForce::Gtc => true,
                    };
                    prop_assert!(alone, "{:?} on bar {}", order.intent, index);
                }
                if fill.leg == Leg::Entry {
                    let child = *children.entry(fill.order).or_insert_with(|| {
                        let side = order.intent.side.opposite();
                        let intent = Intent { side, kind: OrderKind::Market, ..order.intent };
                        let entered = Some((index, fill.price));
                        sent.insert(next_id, Sent {
                            intent, from: index, entered, filled: 0.0,
                        });
                        next_id += 1;
                        next_id - 1
                    });
                    // Exits cover what filled so far and no more.
                    sent.get_mut(&child).unwrap().intent.amount =
                        Amount::Quantity(order.filled * (1.0 + 1e-12));
                }
                // Exits end with the position; a later part of the entry brings new ones.
                while let Some((ended, _)) = venue.next_canceled() {
                    children.retain(|_, child| *child != ended);
                }
            }
            venue.close_bar(&bar);
            while venue.next_canceled().is_some() {}
            for _ in 0..chance.pick(&[0, 1, 1, 2]) {
                let intent = any_intent(chance, 0, close, Sizes::Units);
                prop_assert_eq!(venue.submit(intent), next_id);
                sent.insert(next_id, Sent {
                    intent, from: index + 1, entered: None, filled: 0.0,
                });
                next_id += 1;
            }
        }
    }

    #[test]
    fn a_pair_of_exits_never_opens_a_position(seed in any::<u64>()) {
        let chance = &mut Chance::new(seed);
        let rules = some_rules(chance, false);
        let rows = bars(chance, 40);
        let mut venue = SimulatedVenue::new([(rules, 1.0, None)]);
        let mut account = Portfolio::new(1e5, [1.0]);
        for (index, row) in rows.iter().enumerate() {
            let close = row[3];
            let place = [index as u32, 0, 0];
            let bar = context(index, row, &place);
            venue.open_bar(&bar);
            while let Some(fill) = venue.next_fill(&bar, &account) {
                let before = account.positions[0].quantity;
                account.apply(&fill, index as i64, index);
                let after = account.positions[0].quantity;
                if matches!(fill.leg, Leg::StopLoss | Leg::TakeProfit) {
                    prop_assert!(before * after >= 0.0 && after.abs() < before.abs(), "{:?}", fill);
                }
            }
            venue.close_bar(&bar);
            let intent = any_intent(chance, 0, close, Sizes::Units);
            venue.submit(intent);
        }
    }
}
