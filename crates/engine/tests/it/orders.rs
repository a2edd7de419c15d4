//! Every kind of order against gaps, insides and touches, for both sides.
//!
//! Cases are written for a buyer; a seller sees the same prices reflected about 100.

use engine::venue::{ExecutionRules, LimitFill};
use engine::{Leg, OrderKind, Side, Trail};

use crate::scene::{Row, STILL, Told, lasting, market, order, rules, same_fills, trade};

/// Bars after two still ones, an order placed before them, and where it trades.
type Case<'a> = (&'a str, OrderKind, &'a [Row], &'a [(usize, f64, Leg)]);

const BAR: Row = [100.0, 103.0, 97.0, 101.0, 10_000.0];
const O: Leg = Leg::Order;
const SL: Leg = Leg::StopLoss;
const TP: Leg = Leg::TakeProfit;

fn limit(limit: f64) -> OrderKind {
    OrderKind::Limit { limit }
}

fn stop(stop: f64) -> OrderKind {
    OrderKind::Stop { stop }
}

fn stop_limit(stop: f64, limit: f64) -> OrderKind {
    OrderKind::StopLimit { stop, limit }
}

fn trailing(amount: f64, reference: Option<f64>) -> OrderKind {
    OrderKind::TrailingStop { trail: Trail::Amount(amount), reference }
}

fn oco(stop_loss: f64, take_profit: f64) -> OrderKind {
    OrderKind::OneCancelsOther { stop_loss, take_profit }
}

fn reflected(price: f64) -> f64 {
    200.0 - price
}

fn reflected_kind(kind: OrderKind) -> OrderKind {
    match kind {
        OrderKind::Limit { limit: at } => limit(reflected(at)),
        OrderKind::Stop { stop: at } => stop(reflected(at)),
        OrderKind::StopLimit { stop, limit } => stop_limit(reflected(stop), reflected(limit)),
        OrderKind::TrailingStop { trail, reference } => {
            OrderKind::TrailingStop { trail, reference: reference.map(reflected) }
        }
        OrderKind::OneCancelsOther { stop_loss, take_profit } => {
            oco(reflected(stop_loss), reflected(take_profit))
        }
        OrderKind::Market | OrderKind::MarketOnOpen | OrderKind::MarketOnClose => kind,
    }
}

fn check(cases: &[Case<'_>], rules: &ExecutionRules) {
    for &(name, kind, bars, expected) in cases {
        let guards = matches!(kind, OrderKind::OneCancelsOther { .. });
        for side in [Side::Buy, Side::Sell] {
            let mut rows = vec![STILL, STILL];
            rows.extend(bars.iter().map(|&[open, high, low, close, volume]| match side {
                Side::Buy => [open, high, low, close, volume],
                Side::Sell => {
                    [reflected(open), reflected(low), reflected(high), reflected(close), volume]
                }
            }));
            let kind = if side == Side::Buy { kind } else { reflected_kind(kind) };
            let mut intents = vec![(1, order(side, 100.0, kind))];
            if guards {
                intents.insert(0, (0, market(side.opposite(), 100.0)));
            }
            let (script, _) = trade(&rows, rules.clone(), &intents);
            let fills = script.fills();
            let expected: Vec<_> = expected
                .iter()
                .map(|&(bar, price, leg)| {
                    let price = if side == Side::Buy { price } else { reflected(price) };
                    (bar + 2, price, 100.0, leg)
                })
                .collect();
            same_fills(&format!("{name} {side:?}"), &fills[usize::from(guards)..], &expected);
        }
    }
}

#[test]
fn market_orders_trade_at_the_first_or_last_price() {
    check(
        &[
            ("market", OrderKind::Market, &[BAR], &[(0, 100.0, O)]),
            ("on open", OrderKind::MarketOnOpen, &[BAR], &[(0, 100.0, O)]),
            ("on close", OrderKind::MarketOnClose, &[BAR], &[(0, 101.0, O)]),
        ],
        &rules(),
    );
}

#[test]
fn limit_orders() {
    let gap = [96.0, 98.0, 95.0, 97.0, 10_000.0];
    let cases: &[Case<'_>] = &[
        ("beyond the open", limit(101.0), &[BAR], &[(0, 100.0, O)]),
        ("at the open", limit(100.0), &[BAR], &[(0, 100.0, O)]),
        ("inside", limit(98.0), &[BAR], &[(0, 98.0, O)]),
        ("not reached", limit(96.0), &[BAR], &[]),
        ("rests, then gaps through", limit(96.5), &[BAR, gap], &[(1, 96.0, O)]),
        ("rests, then inside", limit(95.5), &[BAR, gap], &[(1, 95.5, O)]),
    ];
    check(cases, &rules());
    check(cases, &ExecutionRules { limit_fill: LimitFill::Touch, ..rules() });
    let touched: Case<'_> = ("touched", limit(97.0), &[BAR], &[]);
    check(&[touched], &rules());
    let touched: Case<'_> = ("touched", limit(97.0), &[BAR], &[(0, 97.0, O)]);
    check(&[touched], &ExecutionRules { limit_fill: LimitFill::Touch, ..rules() });
}

#[test]
fn stop_orders() {
    let gap = [105.0, 106.0, 104.0, 105.0, 10_000.0];
    let cases: &[Case<'_>] = &[
        ("behind the open", stop(99.0), &[BAR], &[(0, 100.0, O)]),
        ("at the open", stop(100.0), &[BAR], &[(0, 100.0, O)]),
        ("inside", stop(102.0), &[BAR], &[(0, 102.0, O)]),
        ("touched", stop(103.0), &[BAR], &[(0, 103.0, O)]),
        ("not reached", stop(103.5), &[BAR], &[]),
        ("gapped through", stop(104.0), &[BAR, gap], &[(1, 105.0, O)]),
    ];
    check(cases, &rules());
}

#[test]
fn stop_limit_orders() {
    let low = [98.0, 99.0, 95.0, 96.0, 10_000.0];
    let back = [101.5, 103.0, 100.5, 102.0, 10_000.0];
    let up = [104.0, 105.0, 103.5, 104.0, 10_000.0];
    let cases: &[Case<'_>] = &[
        ("open triggers, limit holds", stop_limit(99.0, 101.0), &[BAR], &[(0, 100.0, O)]),
        ("open triggers, limit inside", stop_limit(99.0, 98.0), &[BAR], &[(0, 98.0, O)]),
        ("open triggers, limit touched", stop_limit(99.0, 97.0), &[BAR], &[]),
        ("inside, limit beyond", stop_limit(102.0, 102.5), &[BAR], &[(0, 102.0, O)]),
        ("inside, limit at the stop", stop_limit(102.0, 102.0), &[BAR], &[(0, 102.0, O)]),
        ("touched", stop_limit(103.0, 104.0), &[BAR], &[(0, 103.0, O)]),
        ("not reached", stop_limit(103.5, 105.0), &[BAR, BAR], &[]),
        ("limit before the stop rests", stop_limit(102.0, 101.0), &[BAR, back], &[(1, 101.0, O)]),
        ("and fills at a better open", stop_limit(102.0, 101.0), &[BAR, low], &[(1, 98.0, O)]),
        ("stays triggered", stop_limit(103.0, 96.5), &[BAR, up, up, low], &[(3, 96.5, O)]),
        ("a gap over the limit waits", stop_limit(103.5, 103.6), &[up, low], &[(0, 103.6, O)]),
        ("and may wait on", stop_limit(103.0, 103.2), &[up, up, low], &[(2, 98.0, O)]),
    ];
    check(cases, &rules());
}

#[test]
fn trailing_stops_follow_earlier_extremes() {
    let falls = [100.0, 101.0, 95.0, 96.0, 10_000.0];
    let rises = [96.0, 98.5, 95.5, 98.0, 10_000.0];
    let crash_and_back = [100.0, 102.5, 90.0, 102.0, 10_000.0];
    let cases: &[Case<'_>] = &[
        ("inside", trailing(2.0, Some(100.0)), &[BAR], &[(0, 102.0, O)]),
        ("touched", trailing(3.0, Some(100.0)), &[BAR], &[(0, 103.0, O)]),
        ("gapped through", trailing(2.0, Some(97.0)), &[BAR], &[(0, 100.0, O)]),
        ("from the first open", trailing(2.5, None), &[BAR], &[(0, 102.5, O)]),
        ("follows", trailing(3.0, Some(100.0)), &[falls, rises], &[(1, 98.0, O)]),
        ("never turns back", trailing(5.0, Some(100.0)), &[falls, rises, BAR], &[(2, 100.0, O)]),
        ("not by its own extreme", trailing(3.0, Some(100.0)), &[crash_and_back], &[]),
        ("but by it afterwards", trailing(3.0, None), &[crash_and_back, BAR], &[(1, 100.0, O)]),
    ];
    check(cases, &rules());
}

#[test]
fn trailing_stops_in_percent_of_the_best_price() {
    let percent = |percent, reference| OrderKind::TrailingStop {
        trail: Trail::Percent(percent),
        reference: Some(reference),
    };
    let buys: [(&[Row], f64, &[Told]); 2] = [
        (
            &[[100.0, 101.0, 95.0, 96.0, 1.0], [95.5, 98.0, 95.2, 97.0, 1.0]],
            2.0,
            &[(3, 96.9, 100.0, O)],
        ),
        (
            &[[100.0, 101.0, 95.0, 96.0, 1.0], [97.0, 98.0, 96.0, 97.0, 1.0]],
            2.0,
            &[(3, 97.0, 100.0, O)],
        ),
    ];
    for (bars, distance, expected) in buys {
        let rows = [&[STILL, STILL], bars].concat();
        let placed = order(Side::Buy, 100.0, percent(distance, 100.0));
        let (script, _) = trade(&rows, rules(), &[(1, placed)]);
        same_fills("buy", &script.fills(), expected);
    }
    let rows = [STILL, STILL, [100.0, 105.0, 99.0, 104.0, 1.0], [104.0, 104.5, 101.0, 102.0, 1.0]];
    let placed = order(Side::Sell, 100.0, percent(2.0, 100.0));
    let (script, _) = trade(&rows, rules(), &[(1, placed)]);
    same_fills("sell", &script.fills(), &[(3, 102.9, 100.0, O)]);
}

#[test]
fn one_cancels_the_other() {
    let up = [104.0, 105.0, 103.5, 104.0, 10_000.0];
    let cases: &[Case<'_>] = &[
        ("both touched: the stop", oco(102.0, 98.0), &[BAR], &[(0, 102.0, SL)]),
        ("open beyond the target", oco(102.0, 101.0), &[BAR], &[(0, 100.0, TP)]),
        ("open at the target", oco(104.0, 100.0), &[BAR], &[(0, 100.0, TP)]),
        ("open at the stop", oco(100.0, 98.0), &[BAR], &[(0, 100.0, SL)]),
        ("gap over the stop", oco(103.0, 98.0), &[up], &[(0, 104.0, SL)]),
        ("stop touched", oco(103.0, 96.0), &[BAR], &[(0, 103.0, SL)]),
        ("target inside", oco(104.0, 98.0), &[BAR], &[(0, 98.0, TP)]),
        ("target touched", oco(104.0, 97.0), &[BAR], &[]),
        (
            "only one of the two",
            oco(103.0, 96.0),
            &[BAR, [100.0, 101.0, 90.0, 95.0, 1.0]],
            &[(0, 103.0, SL)],
        ),
    ];
    check(cases, &rules());
    let touched: Case<'_> = ("touched", oco(104.0, 97.0), &[BAR], &[(0, 97.0, TP)]);
    check(&[touched], &ExecutionRules { limit_fill: LimitFill::Touch, ..rules() });
}

#[test]
fn a_pair_of_exits_needs_a_position() {
    let (script, run) = trade(
        &[STILL, STILL, BAR, BAR],
        rules(),
        &[(0, market(Side::Buy, 40.0)), (1, order(Side::Sell, 100.0, oco(98.0, 110.0)))],
    );
    same_fills("held", &script.fills(), &[(1, 100.0, 40.0, O), (2, 98.0, 40.0, SL)]);
    assert_eq!(run.portfolio.positions[0].quantity, 0.0);

    let (script, run) =
        trade(&[STILL, BAR, BAR], rules(), &[(0, order(Side::Sell, 100.0, oco(98.0, 110.0)))]);
    assert_eq!((script.fills().len(), run.portfolio.positions[0].quantity), (0, 0.0));
}

#[test]
fn what_volume_leaves_of_a_stop_trades_at_the_next_open() {
    let thin = ExecutionRules { participation: Some(0.1), ..rules() };
    let rows = [
        STILL,
        [100.0, 103.0, 97.0, 101.0, 600.0],
        [90.0, 92.0, 89.0, 91.0, 0.0],
        [91.0, 91.5, 90.0, 91.0, 600.0],
    ];
    let kinds = [stop(102.0), trailing(2.0, Some(100.0)), stop_limit(102.0, 102.5)];
    for kind in kinds {
        let (script, _) = trade(&rows, thin.clone(), &[(0, order(Side::Buy, 100.0, kind))]);
        same_fills("rest", &script.fills(), &[(1, 102.0, 60.0, O), (3, 91.0, 40.0, O)]);
    }
    let short = market(Side::Sell, 100.0);
    let guard = order(Side::Buy, 100.0, oco(102.0, 50.0));
    let rows = [&[STILL, STILL][..], &rows[1..]].concat();
    let (script, _) = trade(&rows, thin, &[(0, short), (1, guard)]);
    let expected = [(1, 100.0, 100.0, O), (2, 102.0, 60.0, SL), (4, 91.0, 40.0, SL)];
    same_fills("guard", &script.fills(), &expected);
}

#[test]
fn a_triggered_stop_limit_of_a_day_ends_with_it() {
    let placed =
        lasting(order(Side::Buy, 100.0, stop_limit(102.0, 98.5)), engine::TimeInForce::Day);
    let rows = [STILL, [100.0, 103.0, 99.0, 101.0, 1.0], [98.0, 99.0, 97.0, 98.0, 1.0]];
    let (script, _) = trade(&rows, rules(), &[(0, placed)]);
    assert_eq!(script.fills(), []);
}
