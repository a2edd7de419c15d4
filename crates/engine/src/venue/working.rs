//! One order at work.

use super::BarContext;
use super::matching::{Hit, LimitFill, OrderMemory, exit_price, match_exits, match_order};
use crate::costs::OrderVolume;
use crate::order::{
    Amount, ExitLevel, Exits, Fill, Intent, Leg, OrderId, OrderKind, TimeInForce, Trail,
};

/// What an order is for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Role {
    /// It was placed.
    Order(OrderKind),
    /// It guards what `parent` opened.
    Exits {
        /// The entry.
        parent: OrderId,
        /// The price that ends a loss.
        stop_loss: Option<f64>,
        /// The price that takes a profit.
        take_profit: Option<f64>,
    },
}

/// An order that has not ended.
#[derive(Clone, Copy, Debug)]
pub(super) struct Working {
    pub(super) id: OrderId,
    pub(super) intent: Intent,
    pub(super) role: Role,
    /// Units still to trade; unknown until the first price sizes the order.
    pub(super) remaining: Option<f64>,
    pub(super) volume: OrderVolume,
    /// Where the order trades on the present bar.
    pub(super) hit: Option<Hit>,
    pub(super) done: bool,
    memory: OrderMemory,
    started: bool,
    /// Session of the first bar that a day order could trade on.
    first_session: Option<u32>,
}

/// The stretches of a bar whose order is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum BarPart {
    /// Its first price.
    Open,
    /// What comes between, in an order that nobody knows.
    Inside,
    /// Its last price.
    Close,
}

impl BarPart {
    /// The part in which orders of a class trade, see [`Working::priority`].
    pub(super) fn of(class: u8) -> Self {
        match class {
            0 | 1 => Self::Open,
            2 | 3 => Self::Inside,
            _ => Self::Close,
        }
    }
}

impl Working {
    pub(super) fn new(id: OrderId, intent: Intent) -> Self {
        Self {
            id,
            intent,
            role: Role::Order(intent.kind),
            remaining: match intent.amount {
                Amount::Quantity(quantity) => Some(quantity),
                Amount::EquityFraction(_) | Amount::Notional(_) | Amount::Position => None,
            },
            volume: OrderVolume::default(),
            hit: None,
            done: false,
            memory: OrderMemory::default(),
            started: false,
            first_session: None,
        }
    }

    /// The exits of an entry, for what `fill` opened.
    pub(super) fn exits_of(id: OrderId, parent: OrderId, exits: Exits, fill: &Fill) -> Self {
        let side = fill.side.opposite();
        let level = |level, is_stop| exit_price(level, fill.price, side, is_stop);
        let intent = Intent {
            instrument: fill.instrument,
            side,
            amount: Amount::Quantity(fill.quantity),
            kind: OrderKind::Market,
            time_in_force: TimeInForce::Gtc,
            exits: None,
        };
        let role = Role::Exits {
            parent,
            stop_loss: exits.stop_loss.map(|stop| level(stop, true)),
            take_profit: exits.take_profit.map(|profit| level(profit, false)),
        };
        Self { role, ..Self::new(id, intent) }
    }

    pub(super) fn parent(&self) -> Option<OrderId> {
        match self.role {
            Role::Exits { parent, .. } => Some(parent),
            Role::Order(_) => None,
        }
    }

    /// Whether these are the exits of an entry.
    pub(super) fn is_exits(&self) -> bool {
        matches!(self.role, Role::Exits { .. })
    }

    /// Whether the order is there to end a position, and so never opens one.
    pub(super) fn guards(&self) -> bool {
        self.is_exits() || matches!(self.role, Role::Order(OrderKind::OneCancelsOther { .. }))
    }

    /// Whether the hit is the bar's last price: a market order trades at the first or at that.
    pub(super) fn is_at_close(&self, hit: &Hit) -> bool {
        let at_market =
            matches!(self.role, Role::Order(OrderKind::Market | OrderKind::MarketOnClose));
        at_market && !hit.at_open
    }

    pub(super) fn grow(&mut self, quantity: f64) {
        self.remaining = Some(self.remaining.unwrap_or_default() + quantity);
    }

    /// Puts prices and quantities on the scale after a split.
    pub(super) fn split(&mut self, ratio: f64) {
        let price = |price: f64| price / ratio;
        let level = |level: ExitLevel| match level {
            ExitLevel::Price(at) => ExitLevel::Price(price(at)),
            ExitLevel::Distance(distance) => ExitLevel::Distance(price(distance)),
        };
        match &mut self.role {
            Role::Order(kind) => *kind = scaled(*kind, price),
            Role::Exits { stop_loss, take_profit, .. } => {
                *stop_loss = stop_loss.map(price);
                *take_profit = take_profit.map(price);
            }
        }
        if let Some(exits) = &mut self.intent.exits {
            exits.stop_loss = exits.stop_loss.map(level);
            exits.take_profit = exits.take_profit.map(level);
        }
        self.remaining = self.remaining.map(|quantity| quantity * ratio);
        self.memory.best = self.memory.best.map(price);
    }

    pub(super) fn started(&self) -> bool {
        self.started
    }

    /// Notes the first bar that the order could trade on.
    pub(super) fn start(&mut self, bar: &BarContext<'_>) {
        let waits = match self.intent.time_in_force {
            TimeInForce::Opg => !bar.opens_session(),
            TimeInForce::Cls => !bar.closes_session(),
            TimeInForce::Day | TimeInForce::Gtc | TimeInForce::Ioc | TimeInForce::Fok => false,
        };
        self.started |= !waits;
        if self.intent.time_in_force == TimeInForce::Day {
            self.first_session.get_or_insert(*bar.session);
        }
    }

    /// Whether the order's time was over before this bar.
    pub(super) fn is_over(&self, bar: &BarContext<'_>) -> bool {
        match self.intent.time_in_force {
            TimeInForce::Day => self.first_session.is_some_and(|first| first != *bar.session),
            TimeInForce::Opg | TimeInForce::Cls => self.started(),
            TimeInForce::Gtc | TimeInForce::Ioc | TimeInForce::Fok => false,
        }
    }

    /// Matches the order with the bar; whether it trades.
    pub(super) fn match_bar(&mut self, bar: &BarContext<'_>, limit_fill: LimitFill) -> bool {
        match self.role {
            Role::Exits { .. } => self.match_exits(bar, limit_fill, true),
            Role::Order(kind) => {
                self.hit = self
                    .started()
                    .then(|| match_order(kind, self.intent.side, &mut self.memory, bar, limit_fill))
                    .flatten();
                self.hit.is_some()
            }
        }
    }

    /// Matches exits with a bar, or with what is left of it after the entry.
    pub(super) fn match_exits(
        &mut self,
        bar: &BarContext<'_>,
        limit_fill: LimitFill,
        from_open: bool,
    ) -> bool {
        let Role::Exits { stop_loss, take_profit, .. } = self.role else { return false };
        let side = self.intent.side;
        self.hit = if self.memory.triggered {
            Some(Hit { price: *bar.open, at_open: true, takes: true, leg: Leg::StopLoss })
        } else {
            match_exits(stop_loss, take_profit, side, bar, limit_fill, from_open)
        };
        self.memory.triggered |= self.hit.is_some_and(|hit| hit.leg == Leg::StopLoss);
        self.hit.is_some()
    }

    /// Lower trades first: the open before the inside of the bar before its close, what takes any
    /// price before limits, and limits that offer more before those that offer less.
    pub(super) fn priority(&self) -> (u8, f64) {
        let Some(hit) = self.hit else { return (u8::MAX, 0.0) };
        let offered = |limit: f64| -self.intent.side.sign() * limit;
        match (hit.at_open, hit.takes) {
            (true, true) => (0, 0.0),
            (true, false) => (1, offered(self.limit().unwrap_or(hit.price))),
            (false, true) if self.is_at_close(&hit) => (4, 0.0),
            (false, true) => (2, 0.0),
            (false, false) => (3, offered(hit.price)),
        }
    }

    /// The worst price accepted, of an order that has one.
    fn limit(&self) -> Option<f64> {
        match self.role {
            Role::Order(OrderKind::Limit { limit } | OrderKind::StopLimit { limit, .. }) => {
                Some(limit)
            }
            Role::Order(OrderKind::OneCancelsOther { take_profit, .. }) => Some(take_profit),
            Role::Exits { take_profit, .. } => take_profit,
            Role::Order(_) => None,
        }
    }

    pub(super) fn leg(&self, hit: Leg) -> Leg {
        match self.intent.exits {
            Some(_) => Leg::Entry,
            None => hit,
        }
    }
}

fn scaled(kind: OrderKind, price: impl Fn(f64) -> f64) -> OrderKind {
    match kind {
        OrderKind::Market | OrderKind::MarketOnOpen | OrderKind::MarketOnClose => kind,
        OrderKind::Limit { limit } => OrderKind::Limit { limit: price(limit) },
        OrderKind::Stop { stop } => OrderKind::Stop { stop: price(stop) },
        OrderKind::StopLimit { stop, limit } => {
            OrderKind::StopLimit { stop: price(stop), limit: price(limit) }
        }
        OrderKind::TrailingStop { trail, reference } => OrderKind::TrailingStop {
            trail: match trail {
                Trail::Amount(amount) => Trail::Amount(price(amount)),
                Trail::Percent(percent) => Trail::Percent(percent),
            },
            reference: reference.map(price),
        },
        OrderKind::OneCancelsOther { stop_loss, take_profit } => OrderKind::OneCancelsOther {
            stop_loss: price(stop_loss),
            take_profit: price(take_profit),
        },
    }
}
