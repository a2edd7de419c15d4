//! `plimsoll calc fills`: how an order would fill against bars.
//!
//! The matching is the engine's own; this only gives it one order, and one bar after another.

use std::path::PathBuf;

use clap::Args;
use engine::venue::{BarContext, SimulatedVenue};
use engine::{Fill, Leg, OrderId, Portfolio, Side};
use market::{Bar, check_bar};
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

use super::lines::{self, LineError};
use super::orders::{INSTRUMENT, OrderLine, Ticket};
use crate::Context;
use crate::error::CliError;

/// Arguments of `calc fills`.
#[derive(Debug, Args)]
#[command(after_help = "Example: echo \
'{\"order\":{\"side\":\"buy\",\"order_type\":\"limit\",\"quantity\":100,\"limit_price\":99.5},\
\"bars\":[[100,103,99,102,10000]]}' | plimsoll calc fills --input -

bars: [open, high, low, close, volume] from the first on which the order is active, each a session \
of its own. Without time_in_force the order works until it is canceled.")]
pub struct FillsArgs {
    /// File of one JSON object a line: {order, bars}; - for stdin
    #[arg(long, value_name = "FILE")]
    pub input: PathBuf,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    order: OrderLine,
    bars: Vec<[f64; 5]>,
    /// A label of the sender's; nothing depends on it.
    #[serde(default, rename = "name")]
    _name: IgnoredAny,
    /// Recorded answers can be asked again as they are.
    #[serde(default, rename = "fills")]
    _fills: IgnoredAny,
}

#[derive(Debug, PartialEq, Serialize)]
struct Answer {
    fills: Vec<FillLine>,
}

#[derive(Debug, PartialEq, Serialize)]
struct FillLine {
    bar: usize,
    price: f64,
    quantity: f64,
    leg: Leg,
}

/// Answers every line.
///
/// # Errors
/// [`CliError`] when the input cannot be read or stdout cannot be written.
pub fn run(arguments: &FillsArgs, ctx: &Context) -> Result<(), CliError> {
    lines::answer(&arguments.input, ctx, answer)
}

fn answer(line: &str) -> Result<Answer, LineError> {
    let question: Question = serde_json::from_str(line).map_err(LineError::malformed)?;
    let ticket = question.order.ticket()?;
    let bars = checked_bars(&question.bars)?;
    Ok(Answer { fills: fills(ticket, &bars) })
}

/// Bars whose places stand for their instants.
fn checked_bars(rows: &[[f64; 5]]) -> Result<Vec<Bar>, LineError> {
    if rows.is_empty() {
        return Err(LineError::invalid("bars is empty"));
    }
    let bars = rows.iter().zip(0..).map(|(&[open, high, low, close, volume], ts)| {
        let bar = Bar { ts, open, high, low, close, volume };
        check_bar(&bar, None).map_err(|fault| LineError::invalid(format!("bar {ts}: {fault}")))?;
        Ok(bar)
    });
    bars.collect()
}

/// Works the order on bar after bar, each a session of its own.
fn fills(ticket: Ticket, bars: &[Bar]) -> Vec<FillLine> {
    let Ticket { intent, rules, held } = ticket;
    let mut portfolio = Portfolio::new(0.0, [1.0]);
    if held != 0.0 {
        portfolio.apply(&opening(held, bars[0].open), bars[0].ts, 0);
    }
    let mut venue = SimulatedVenue::new([(rules, 1.0, None)]);
    venue.submit(intent);
    let mut found = Vec::new();
    for (index, bar) in bars.iter().enumerate() {
        let session = u32::try_from(index).unwrap_or(u32::MAX);
        let context = context(index, &session, bar);
        venue.open_bar(&context);
        while let Some(fill) = venue.next_fill(&context, &portfolio) {
            portfolio.apply(&fill, bar.ts, index);
            let Fill { price, quantity, leg, .. } = fill;
            found.push(FillLine { bar: index, price, quantity, leg });
        }
        venue.close_bar(&context);
        if venue.is_idle() {
            break;
        }
    }
    found
}

fn context<'a>(index: usize, session: &'a u32, bar: &'a Bar) -> BarContext<'a> {
    let Bar { open, high, low, close, volume, .. } = bar;
    BarContext {
        instrument: INSTRUMENT,
        index,
        open,
        high,
        low,
        close,
        volume,
        session,
        bar_in_session: &0,
        bars_to_close: &0,
        month: 0,
    }
}

/// The fill that opened a position of `held` units before the first bar.
fn opening(held: f64, price: f64) -> Fill {
    Fill {
        order: OrderId::MAX,
        instrument: INSTRUMENT,
        leg: Leg::Order,
        side: if held > 0.0 { Side::Buy } else { Side::Sell },
        price,
        quantity: held.abs(),
        fee: 0.0,
        slippage: 0.0,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::answer;

    const GOLDEN: &str = include_str!("../../../tests/golden/fills.json");

    #[test]
    fn every_golden_order_fills_as_recorded() {
        let golden: Value = serde_json::from_str(GOLDEN).expect("the file is JSON");
        let cases = golden["cases"].as_array().expect("a list of cases");
        assert_eq!(cases.len(), 50);
        let mut faults = Vec::new();
        for case in cases {
            let found = answer(&case.to_string()).map(|found| json!(found)["fills"].clone());
            if !found.as_ref().is_ok_and(|found| same(found, &case["fills"])) {
                faults.push(format!("{}: {found:?} instead of {}", case["name"], case["fills"]));
            }
        }
        assert!(faults.is_empty(), "{} wrong\n{}", faults.len(), faults.join("\n"));
    }

    /// Whether fills agree: prices to 1e-9, the rest exactly.
    fn same(found: &Value, expected: &Value) -> bool {
        let (Some(found), Some(expected)) = (found.as_array(), expected.as_array()) else {
            return false;
        };
        let number = |fill: &Value, key: &str| fill[key].as_f64().unwrap_or(f64::NAN);
        found.len() == expected.len()
            && found.iter().zip(expected).all(|(found, expected)| {
                (number(found, "price") - number(expected, "price")).abs() <= 1e-9
                    && number(found, "quantity") == number(expected, "quantity")
                    && found["bar"] == expected["bar"]
                    && found["leg"] == expected["leg"]
            })
    }

    #[test]
    fn what_is_wrong_with_a_line_is_named() {
        let bars = json!([[100.0, 103.0, 99.0, 102.0, 10_000.0]]);
        let market = json!({"side": "buy", "order_type": "market", "quantity": 1});
        let changed = |key: &str, value: Value| {
            let mut order = market.clone();
            order[key] = value;
            json!({"order": order, "bars": bars})
        };
        let mut missing = market.clone();
        missing["order_type"] = json!("limit");
        let cases = [
            (json!(3), "malformed", "invalid type"),
            (json!({"order": market}), "malformed", "missing field `bars`"),
            (json!({"order": market, "bars": []}), "invalid_input", "bars is empty"),
            (json!({"order": market, "bars": [[1, 2, 3]]}), "malformed", "invalid length"),
            (json!({"order": market, "bars": [[1, 2, 3, 1, 0]]}), "invalid_input", "bar 0: high 2"),
            (json!({"order": missing, "bars": bars}), "invalid_input", "needs limit_price"),
            (changed("limit_price", json!(3)), "invalid_input", "limit_price does not belong"),
            (changed("limit_prize", json!(3)), "malformed", "unknown field `limit_prize`"),
            (changed("order_type", json!("iceberg")), "malformed", "unknown variant `iceberg`"),
            (changed("quantity", json!(0)), "invalid_input", "quantity must be above 0"),
            (changed("quantity", json!("1")), "malformed", "invalid type"),
            (changed("participation", json!(1.5)), "invalid_input", "participation must be"),
            (changed("slippage_bps", json!(-1)), "invalid_input", "slippage_bps must not"),
        ];
        for (line, code, detail) in cases {
            let error = answer(&line.to_string()).expect_err(detail);
            assert_eq!(error.code, code, "{error:?}");
            assert!(error.detail.contains(detail), "{error:?}");
        }
        let oco = json!({"side": "sell", "order_type": "oco", "quantity": 1, "stop_loss": 105,
            "take_profit": 95});
        let error = answer(&json!({"order": oco, "bars": bars}).to_string()).expect_err("reversed");
        assert_eq!(error.detail, "stop_loss must be below take_profit");
    }

    #[test]
    fn a_day_order_ends_with_its_bar() {
        let bars =
            json!([[100.0, 103.0, 99.0, 102.0, 10_000.0], [98.0, 99.0, 97.0, 98.0, 10_000.0]]);
        let order =
            json!({"side": "buy", "order_type": "limit", "quantity": 1, "limit_price": 99.0});
        let fills = |order: &Value| {
            let line = json!({"order": order, "bars": bars}).to_string();
            answer(&line).expect("a sound line").fills.len()
        };
        assert_eq!(fills(&order), 1);
        let mut of_a_day = order;
        of_a_day["time_in_force"] = json!("day");
        assert_eq!(fills(&of_a_day), 0);
    }
}
