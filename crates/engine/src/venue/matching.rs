//! One order against one bar: whether it trades, and at which price.
//!
//! Only prices are decided here, before slippage; volume, cost and rounding are the venue's. The
//! rules are the table of the book's page “How fills work”. Written for a buy; a sell mirrors every
//! comparison, which [`Mirror`] does once.

use super::BarContext;
use crate::order::{ExitLevel, Leg, OrderKind, Side, Trail};

/// Whether a limit order trades when the price only touches it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LimitFill {
    /// The price has to go beyond the limit: an order waiting in the queue behind others.
    #[default]
    Through,
    /// A touch is enough: optimistic.
    Touch,
}

/// A price at which an order trades.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    /// The price, before slippage.
    pub price: f64,
    /// Whether that is the bar's first price, known before anything else in it.
    pub at_open: bool,
    /// Whether the order takes what is offered, so that slippage applies.
    pub takes: bool,
    /// Which part of the order.
    pub leg: Leg,
}

/// What an order remembers between bars.
#[derive(Clone, Copy, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct OrderMemory {
    /// A stop was reached; what is left is a market or a limit order.
    pub triggered: bool,
    /// Best price since the start, for a trailing stop.
    pub best: Option<f64>,
}

/// Matches an order of `kind` with one bar, and updates what it remembers.
pub fn match_order(
    kind: OrderKind,
    side: Side,
    memory: &mut OrderMemory,
    bar: &BarContext<'_>,
    limit_fill: LimitFill,
) -> Option<Hit> {
    let view = Mirror::of(side, bar);
    match kind {
        OrderKind::Market => Some(view.at_open(Leg::Order)),
        OrderKind::MarketOnOpen => bar.opens_session().then(|| view.at_open(Leg::Order)),
        OrderKind::MarketOnClose => bar.closes_session().then_some(Hit {
            price: *bar.close,
            at_open: false,
            takes: true,
            leg: Leg::Order,
        }),
        OrderKind::Limit { limit } => view.limit(limit, limit_fill, Leg::Order),
        OrderKind::Stop { .. } if memory.triggered => Some(view.at_open(Leg::Order)),
        OrderKind::Stop { stop } => {
            let hit = view.stop(stop, Leg::Order);
            memory.triggered = hit.is_some();
            hit
        }
        OrderKind::StopLimit { stop, limit } => {
            if !memory.triggered {
                let trigger = view.stop(stop, Leg::Order)?;
                memory.triggered = true;
                if !trigger.at_open {
                    // The way of the price after the trigger is unknown, so only the trigger's own
                    // price counts on this bar.
                    return (view.signed(stop) <= view.signed(limit)).then_some(Hit {
                        price: stop,
                        at_open: false,
                        takes: false,
                        leg: Leg::Order,
                    });
                }
            }
            view.limit(limit, limit_fill, Leg::Order)
        }
        OrderKind::TrailingStop { trail, reference } => {
            if memory.triggered {
                return Some(view.at_open(Leg::Order));
            }
            let best = memory.best.or(reference).unwrap_or(*bar.open);
            let distance = match trail {
                Trail::Amount(amount) => amount,
                Trail::Percent(percent) => best * percent / 100.0,
            };
            let hit = view.stop(best + side.sign() * distance, Leg::Order);
            memory.triggered = hit.is_some();
            // The bar's own extreme counts from the next bar on.
            memory.best = Some(match side {
                Side::Sell => best.max(*bar.high),
                Side::Buy => best.min(*bar.low),
            });
            hit
        }
        OrderKind::OneCancelsOther { stop_loss, take_profit } => {
            if memory.triggered {
                return Some(view.at_open(Leg::StopLoss));
            }
            let hit = match_exits(Some(stop_loss), Some(take_profit), side, bar, limit_fill, true);
            memory.triggered = hit.is_some_and(|hit| hit.leg == Leg::StopLoss);
            hit
        }
    }
}

/// Matches a stop and a limit that guard a position with one bar; both touched means the stop.
///
/// `side` is the exits' side (a sell guards a long position). `from_open` is false on the bar whose
/// inside saw the entry: then only the stop may trade, at its own price, for what came after the
/// entry is unknown.
pub fn match_exits(
    stop_loss: Option<f64>,
    take_profit: Option<f64>,
    side: Side,
    bar: &BarContext<'_>,
    limit_fill: LimitFill,
    from_open: bool,
) -> Option<Hit> {
    let view = Mirror::of(side, bar);
    if !from_open {
        let stop = stop_loss?;
        return (view.high() >= view.signed(stop)).then_some(Hit {
            price: stop,
            at_open: false,
            takes: true,
            leg: Leg::StopLoss,
        });
    }
    let profit_at_open = take_profit
        .filter(|&profit| view.open() < view.signed(profit))
        .map(|_| Hit { price: *bar.open, at_open: true, takes: false, leg: Leg::TakeProfit });
    profit_at_open
        .or_else(|| stop_loss.and_then(|stop| view.stop(stop, Leg::StopLoss)))
        .or_else(|| take_profit.and_then(|limit| view.limit(limit, limit_fill, Leg::TakeProfit)))
}

/// The price of an exit for an entry that filled at `entry`; `side` is the exit's side.
pub(super) fn exit_price(level: ExitLevel, entry: f64, side: Side, is_stop: bool) -> f64 {
    match level {
        ExitLevel::Price(price) => price,
        // A stop that sells lies below the entry, a profit that sells above it.
        ExitLevel::Distance(distance) if is_stop => entry + side.sign() * distance,
        ExitLevel::Distance(distance) => entry - side.sign() * distance,
    }
}

/// A bar as a buyer sees it: for a sell every price changes its sign, so high and low swap.
struct Mirror<'a> {
    side: Side,
    bar: &'a BarContext<'a>,
}

impl<'a> Mirror<'a> {
    fn of(side: Side, bar: &'a BarContext<'a>) -> Self {
        Self { side, bar }
    }

    fn open(&self) -> f64 {
        self.signed(*self.bar.open)
    }

    fn high(&self) -> f64 {
        match self.side {
            Side::Buy => *self.bar.high,
            Side::Sell => -*self.bar.low,
        }
    }

    fn low(&self) -> f64 {
        match self.side {
            Side::Buy => *self.bar.low,
            Side::Sell => -*self.bar.high,
        }
    }

    fn signed(&self, price: f64) -> f64 {
        self.side.sign() * price
    }

    fn at_open(&self, leg: Leg) -> Hit {
        Hit { price: *self.bar.open, at_open: true, takes: true, leg }
    }

    fn limit(&self, limit: f64, limit_fill: LimitFill, leg: Leg) -> Option<Hit> {
        let level = self.signed(limit);
        if self.open() <= level {
            return Some(Hit { price: *self.bar.open, at_open: true, takes: false, leg });
        }
        let reached = match limit_fill {
            LimitFill::Through => self.low() < level,
            LimitFill::Touch => self.low() <= level,
        };
        reached.then_some(Hit { price: limit, at_open: false, takes: false, leg })
    }

    fn stop(&self, stop: f64, leg: Leg) -> Option<Hit> {
        let level = self.signed(stop);
        if self.open() >= level {
            return Some(self.at_open(leg));
        }
        (self.high() >= level).then_some(Hit { price: stop, at_open: false, takes: true, leg })
    }
}
