//! Orders as strategies intend them, and the fills that come of them.

use serde::{Deserialize, Serialize};

/// Number of an order inside one run, in the order of placing.
pub type OrderId = u64;

/// Position of an instrument in its [`History`](crate::History).
pub type InstrumentIndex = usize;

/// Which way an order trades.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// Adds to the position.
    Buy,
    /// Takes from the position.
    Sell,
}

/// How much an order trades.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Amount {
    /// So many units.
    Quantity(f64),
    /// As many units as this fraction of equity buys at the fill's price, fee included; never more
    /// than cash allows.
    EquityFraction(f64),
    /// Money to lay out at the fill's price, fee included; capped by cash as above.
    Notional(f64),
    /// Whatever is held when the order first meets a bar.
    Position,
}

/// When an order trades, and at which price.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum OrderKind {
    /// At the next open.
    Market,
    /// At the open of a session's first bar.
    MarketOnOpen,
    /// At the close of a session's last bar.
    MarketOnClose,
    /// At `limit` or better.
    Limit {
        /// Worst price accepted.
        limit: f64,
    },
    /// A market order once the price touches `stop`.
    Stop {
        /// The price that triggers.
        stop: f64,
    },
    /// A limit order once the price touches `stop`.
    StopLimit {
        /// The price that triggers.
        stop: f64,
        /// Worst price accepted afterwards.
        limit: f64,
    },
    /// A stop that follows the best price seen.
    TrailingStop {
        /// How far behind the best price the stop lies.
        trail: Trail,
        /// Best price to start from; without it the open of the first bar.
        reference: Option<f64>,
    },
    /// A stop and a limit around a held position: one fill cancels the other.
    OneCancelsOther {
        /// The price that ends a loss.
        stop_loss: f64,
        /// The price that takes a profit.
        take_profit: f64,
    },
}

/// Distance of a trailing stop.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Trail {
    /// In units of price.
    Amount(f64),
    /// In percent of the best price.
    Percent(f64),
}

/// Exits that become orders when an entry fills (a bracket, or a protective stop alone).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Exits {
    /// The price that ends a loss.
    pub stop_loss: Option<ExitLevel>,
    /// The price that takes a profit.
    pub take_profit: Option<ExitLevel>,
}

/// Where an exit lies.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum ExitLevel {
    /// At a price.
    Price(f64),
    /// So far from the entry's fill, on the exit's side.
    Distance(f64),
}

/// How long an order works.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimeInForce {
    /// To the end of its first session.
    Day,
    /// Until it is canceled.
    #[default]
    Gtc,
    /// On its first bar, the rest is canceled.
    Ioc,
    /// All of it on its first bar, or nothing.
    Fok,
    /// On a session's first bar only.
    Opg,
    /// On a session's last bar only.
    Cls,
}

/// An order as a strategy wants it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Intent {
    /// What is traded.
    pub instrument: InstrumentIndex,
    /// Which way.
    pub side: Side,
    /// How much.
    pub amount: Amount,
    /// When, and at which price.
    pub kind: OrderKind,
    /// How long.
    pub time_in_force: TimeInForce,
    /// What protects the position that the order opens.
    pub exits: Option<Exits>,
}

/// Which part of an order filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Leg {
    /// An order without exits.
    Order,
    /// The entry of a bracket.
    Entry,
    /// Its stop, or the stop of a pair.
    StopLoss,
    /// Its limit, or the limit of a pair.
    TakeProfit,
}

/// An execution.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fill {
    /// The order.
    pub order: OrderId,
    /// What was traded.
    pub instrument: InstrumentIndex,
    /// Which part of the order.
    pub leg: Leg,
    /// Which way.
    pub side: Side,
    /// Price paid or received, slippage included.
    pub price: f64,
    /// Units, above zero.
    pub quantity: f64,
    /// Commission, in money.
    pub fee: f64,
    /// What slippage took, in money.
    pub slippage: f64,
}

impl Side {
    /// `1` for a buy, `-1` for a sell.
    pub fn sign(self) -> f64 {
        match self {
            Self::Buy => 1.0,
            Self::Sell => -1.0,
        }
    }

    /// The other way.
    pub fn opposite(self) -> Self {
        match self {
            Self::Buy => Self::Sell,
            Self::Sell => Self::Buy,
        }
    }

    /// The side that takes a signed quantity back to zero.
    pub fn closing(quantity: f64) -> Self {
        if quantity > 0.0 { Self::Sell } else { Self::Buy }
    }
}

impl Fill {
    /// Units with their direction.
    pub fn signed_quantity(&self) -> f64 {
        self.side.sign() * self.quantity
    }
}

impl Intent {
    /// A market order that works until it is filled.
    pub fn market(instrument: InstrumentIndex, side: Side, amount: Amount) -> Self {
        let (kind, time_in_force) = (OrderKind::Market, TimeInForce::Gtc);
        Self { instrument, side, amount, kind, time_in_force, exits: None }
    }
}
