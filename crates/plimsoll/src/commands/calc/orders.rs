//! An order as a line of JSON gives it, turned into what the venue takes.

use engine::costs::{Commission, Slippage};
use engine::venue::{ExecutionRules, LimitFill};
use engine::{
    Amount, ExitLevel, Exits, InstrumentIndex, Intent, OrderKind, Side, TimeInForce, Trail,
};
use serde::Deserialize;

use super::lines::LineError;

/// The only instrument of a line.
pub(super) const INSTRUMENT: InstrumentIndex = 0;

/// An order and how it is executed.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Ticket {
    /// What the venue takes.
    pub(super) intent: Intent,
    /// How the venue trades it.
    pub(super) rules: ExecutionRules,
    /// Units held before, with their direction: what an OCO guards.
    pub(super) held: f64,
}

/// The fields of an order; which of them it must and may have depends on its type.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OrderLine {
    side: Side,
    order_type: OrderType,
    quantity: f64,
    limit_price: Option<f64>,
    stop_price: Option<f64>,
    trail_amount: Option<f64>,
    trail_percent: Option<f64>,
    reference: Option<f64>,
    stop_loss: Option<f64>,
    take_profit: Option<f64>,
    entry_type: Option<EntryType>,
    entry_price: Option<f64>,
    #[serde(default)]
    time_in_force: TimeInForce,
    participation: Option<f64>,
    #[serde(default = "one_unit")]
    lot: f64,
    #[serde(default)]
    slippage_bps: f64,
    #[serde(default)]
    limit_fill: LimitFill,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum OrderType {
    Market,
    MarketOnOpen,
    MarketOnClose,
    Limit,
    Stop,
    StopLimit,
    TrailingStop,
    Oco,
    Bracket,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum EntryType {
    #[default]
    Market,
    Limit,
    Stop,
}

impl OrderLine {
    /// Checks the fields and makes a ticket of them.
    ///
    /// # Errors
    /// [`LineError`] that names the field: missing, not one of this type's, or without meaning.
    pub(super) fn ticket(mut self) -> Result<Ticket, LineError> {
        self.check_numbers()?;
        let kind = self.kind()?;
        let exits = self.exits()?;
        let held = match self.order_type {
            OrderType::Oco => -self.side.sign() * self.quantity,
            _ => 0.0,
        };
        self.check_leftovers()?;
        let rules = ExecutionRules {
            commission: Commission::default(),
            slippage: Slippage { bps: self.slippage_bps, ..Slippage::default() },
            participation: self.participation,
            tick: 0.0,
            lot: self.lot,
            limit_fill: self.limit_fill,
        };
        let intent = Intent {
            instrument: INSTRUMENT,
            side: self.side,
            amount: Amount::Quantity(self.quantity),
            kind,
            time_in_force: self.time_in_force,
            exits,
        };
        Ok(Ticket { intent, rules, held })
    }

    fn check_numbers(&self) -> Result<(), LineError> {
        let prices = [
            ("quantity", Some(self.quantity)),
            ("limit_price", self.limit_price),
            ("stop_price", self.stop_price),
            ("trail_amount", self.trail_amount),
            ("trail_percent", self.trail_percent),
            ("reference", self.reference),
            ("stop_loss", self.stop_loss),
            ("take_profit", self.take_profit),
            ("entry_price", self.entry_price),
        ];
        for (name, value) in prices {
            if value.is_some_and(|value| value <= 0.0) {
                return Err(LineError::invalid(format!("{name} must be above 0")));
            }
        }
        let checks = [
            (
                self.participation.is_none_or(|share| share > 0.0 && share <= 1.0),
                "participation must be above 0 and at most 1",
            ),
            (self.lot >= 0.0, "lot must not be negative"),
            (self.slippage_bps >= 0.0, "slippage_bps must not be negative"),
            (
                self.trail_percent.is_none_or(|percent| percent < 100.0),
                "trail_percent must be below 100",
            ),
        ];
        match checks.into_iter().find(|(holds, _)| !holds) {
            Some((_, fault)) => Err(LineError::invalid(fault)),
            None => Ok(()),
        }
    }

    /// The order's kind; takes the fields that it reads.
    fn kind(&mut self) -> Result<OrderKind, LineError> {
        let kind = match self.order_type {
            OrderType::Market => OrderKind::Market,
            OrderType::MarketOnOpen => OrderKind::MarketOnOpen,
            OrderType::MarketOnClose => OrderKind::MarketOnClose,
            OrderType::Limit => {
                OrderKind::Limit { limit: needed("limit_price", &mut self.limit_price)? }
            }
            OrderType::Stop => {
                OrderKind::Stop { stop: needed("stop_price", &mut self.stop_price)? }
            }
            OrderType::StopLimit => OrderKind::StopLimit {
                stop: needed("stop_price", &mut self.stop_price)?,
                limit: needed("limit_price", &mut self.limit_price)?,
            },
            OrderType::TrailingStop => {
                let trail = match (self.trail_amount.take(), self.trail_percent.take()) {
                    (Some(amount), None) => Trail::Amount(amount),
                    (None, Some(percent)) => Trail::Percent(percent),
                    _ => {
                        let fault = "a trailing stop needs trail_amount or trail_percent";
                        return Err(LineError::invalid(fault));
                    }
                };
                OrderKind::TrailingStop { trail, reference: self.reference.take() }
            }
            OrderType::Oco => {
                self.check_exits()?;
                OrderKind::OneCancelsOther {
                    stop_loss: needed("stop_loss", &mut self.stop_loss)?,
                    take_profit: needed("take_profit", &mut self.take_profit)?,
                }
            }
            OrderType::Bracket => match self.entry_type.take().unwrap_or_default() {
                EntryType::Market => OrderKind::Market,
                EntryType::Limit => {
                    OrderKind::Limit { limit: needed("entry_price", &mut self.entry_price)? }
                }
                EntryType::Stop => {
                    OrderKind::Stop { stop: needed("entry_price", &mut self.entry_price)? }
                }
            },
        };
        Ok(kind)
    }

    /// The exits of a bracket.
    fn exits(&mut self) -> Result<Option<Exits>, LineError> {
        if !matches!(self.order_type, OrderType::Bracket) {
            return Ok(None);
        }
        self.check_exits()?;
        let (stop_loss, take_profit) = (self.stop_loss.take(), self.take_profit.take());
        if stop_loss.is_none() && take_profit.is_none() {
            return Err(LineError::invalid("a bracket needs stop_loss or take_profit"));
        }
        Ok(Some(Exits {
            stop_loss: stop_loss.map(ExitLevel::Price),
            take_profit: take_profit.map(ExitLevel::Price),
        }))
    }

    /// A stop-loss lies on the losing side of the take-profit.
    fn check_exits(&self) -> Result<(), LineError> {
        let (Some(stop), Some(profit)) = (self.stop_loss, self.take_profit) else { return Ok(()) };
        // A bracket buys what its exits sell; an OCO is the exits alone.
        let guards_long = matches!(
            (self.order_type, self.side),
            (OrderType::Bracket, Side::Buy) | (OrderType::Oco, Side::Sell)
        );
        let (below, above) = if guards_long { (stop, profit) } else { (profit, stop) };
        if below < above {
            return Ok(());
        }
        let place = if guards_long { "below" } else { "above" };
        Err(LineError::invalid(format!("stop_loss must be {place} take_profit")))
    }

    /// A field that the type does not read would mean something else than its sender thinks.
    fn check_leftovers(&self) -> Result<(), LineError> {
        let left = [
            ("limit_price", self.limit_price.is_some()),
            ("stop_price", self.stop_price.is_some()),
            ("trail_amount", self.trail_amount.is_some()),
            ("trail_percent", self.trail_percent.is_some()),
            ("reference", self.reference.is_some()),
            ("stop_loss", self.stop_loss.is_some()),
            ("take_profit", self.take_profit.is_some()),
            ("entry_type", self.entry_type.is_some()),
            ("entry_price", self.entry_price.is_some()),
        ];
        match left.into_iter().find(|(_, is_there)| *is_there) {
            Some((name, _)) => {
                Err(LineError::invalid(format!("{name} does not belong to this order_type")))
            }
            None => Ok(()),
        }
    }
}

/// Participation is counted in whole units, unless a lot says otherwise.
fn one_unit() -> f64 {
    1.0
}

fn needed(name: &str, field: &mut Option<f64>) -> Result<f64, LineError> {
    field.take().ok_or_else(|| LineError::invalid(format!("this order_type needs {name}")))
}
