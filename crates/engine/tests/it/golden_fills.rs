//! Recorded fills of single orders, at the venue with an account beside it.

use engine::costs::Slippage;
use engine::venue::{ExecutionRules, SimulatedVenue};
use engine::{
    Amount, ExitLevel, Exits, Fill, Intent, Leg, OrderKind, Portfolio, Side, TimeInForce, Trail,
};
use serde_json::Value;

use crate::scene::{Row, context, rules, same_fills};

const GOLDEN: &str = include_str!("../golden/fills.json");

#[test]
fn every_recorded_order_fills_as_recorded() {
    let golden: Value = serde_json::from_str(GOLDEN).unwrap();
    let cases = golden["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 50);
    for case in cases {
        let bars: Vec<Row> = serde_json::from_value(case["bars"].clone()).unwrap();
        let expected: Vec<_> = case["fills"]
            .as_array()
            .unwrap()
            .iter()
            .map(|fill| {
                let leg: Leg = serde_json::from_value(fill["leg"].clone()).unwrap();
                let bar = fill["bar"].as_u64().unwrap() as usize;
                (bar, number(&fill["price"]), number(&fill["quantity"]), leg)
            })
            .collect();
        let (fills, account) = work(&case["order"], &bars);
        let told: Vec<_> =
            fills.iter().map(|(bar, f)| (*bar, f.price, f.quantity, f.leg)).collect();
        same_fills(case["name"].as_str().unwrap(), &told, &expected);
        let net: f64 = fills.iter().map(|(_, fill)| fill.signed_quantity()).sum();
        let spent: f64 = fills.iter().map(|(_, fill)| fill.signed_quantity() * fill.price).sum();
        assert_eq!(account.positions[0].quantity, held_before(&case["order"]) + net);
        assert!((account.cash - (before(&case["order"], &bars).cash - spent)).abs() < 1e-6);
    }
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

/// An OCO guards a position; everything else begins with none.
fn held_before(order: &Value) -> f64 {
    let quantity = number(&order["quantity"]);
    match (order["order_type"].as_str(), side(order)) {
        (Some("oco"), Side::Sell) => quantity,
        (Some("oco"), Side::Buy) => -quantity,
        _ => 0.0,
    }
}

fn before(order: &Value, bars: &[Row]) -> Portfolio {
    let mut account = Portfolio::new(1e6, [1.0]);
    let held = held_before(order);
    if held != 0.0 {
        let fill = Fill {
            order: u64::MAX,
            instrument: 0,
            leg: Leg::Order,
            side: side(order).opposite(),
            price: bars[0][0],
            quantity: held.abs(),
            fee: 0.0,
            slippage: 0.0,
        };
        account.apply(&fill, 0, 0);
    }
    account
}

fn side(order: &Value) -> Side {
    serde_json::from_value(order["side"].clone()).unwrap()
}

fn kind(order: &Value, name: &str) -> OrderKind {
    let price = |key: &str| number(&order[key]);
    match name {
        "market" => OrderKind::Market,
        "market_on_close" => OrderKind::MarketOnClose,
        "limit" => OrderKind::Limit { limit: price("limit_price") },
        "stop" => OrderKind::Stop { stop: price("stop_price") },
        "stop_limit" => {
            OrderKind::StopLimit { stop: price("stop_price"), limit: price("limit_price") }
        }
        "trailing_stop" => OrderKind::TrailingStop {
            trail: match order["trail_amount"].as_f64() {
                Some(amount) => Trail::Amount(amount),
                None => Trail::Percent(price("trail_percent")),
            },
            reference: order["reference"].as_f64(),
        },
        "oco" => OrderKind::OneCancelsOther {
            stop_loss: price("stop_loss"),
            take_profit: price("take_profit"),
        },
        other => panic!("unknown order type {other}"),
    }
}

fn intent(order: &Value) -> Intent {
    let quantity = Amount::Quantity(number(&order["quantity"]));
    let time_in_force = match order.get("time_in_force") {
        Some(text) => serde_json::from_value(text.clone()).unwrap(),
        None => TimeInForce::Gtc,
    };
    let plain = Intent { time_in_force, ..Intent::market(0, side(order), quantity) };
    let name = order["order_type"].as_str().unwrap();
    if name != "bracket" {
        return Intent { kind: kind(order, name), ..plain };
    }
    let at = |key: &str| Some(ExitLevel::Price(number(&order[key])));
    let entry = match order["entry_type"].as_str().unwrap() {
        "limit" => OrderKind::Limit { limit: number(&order["entry_price"]) },
        "stop" => OrderKind::Stop { stop: number(&order["entry_price"]) },
        other => kind(order, other),
    };
    let exits = Exits { stop_loss: at("stop_loss"), take_profit: at("take_profit") };
    Intent { kind: entry, exits: Some(exits), ..plain }
}

/// Works the order bar after bar, each a session of its own; the fills with their bars.
fn work(order: &Value, bars: &[Row]) -> (Vec<(usize, Fill)>, Portfolio) {
    let bps = order["slippage_bps"].as_f64().unwrap_or_default();
    let rules = ExecutionRules {
        slippage: Slippage { bps, ..Slippage::default() },
        participation: order["participation"].as_f64(),
        lot: order["lot"].as_f64().unwrap_or(1.0),
        limit_fill: match order.get("limit_fill") {
            Some(text) => serde_json::from_value(text.clone()).unwrap(),
            None => rules().limit_fill,
        },
        ..rules()
    };
    let mut account = before(order, bars);
    let mut venue = SimulatedVenue::new([(rules, 1.0, None)]);
    venue.submit(intent(order));
    let mut fills = Vec::new();
    for (index, row) in bars.iter().enumerate() {
        let place = [index as u32, 0, 0];
        let bar = context(index, row, &place);
        venue.open_bar(&bar);
        while let Some(fill) = venue.next_fill(&bar, &account) {
            account.apply(&fill, index as i64, index);
            fills.push((index, fill));
        }
        venue.close_bar(&bar);
    }
    (fills, account)
}
