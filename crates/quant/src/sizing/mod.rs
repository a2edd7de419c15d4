//! How much to hold: from an opinion and a budget to a quantity.
//!
//! Quantities are absolute and rounded toward zero to the lot; the side is the caller's. Amounts
//! are in account currency unless said otherwise, fractions are of equity (`0.01` is 1 %).

mod error;
mod unit;

mod fraction;
mod kelly;
mod risk;
mod volatility;

pub use error::SizingError;
pub use fraction::{Caps, fixed_fraction};
pub use kelly::{KELLY_MIN_TRADES, kelly, kelly_continuous, kelly_stake};
pub use risk::{Side, atr_quantity, atr_stop, risk_per_trade};
pub use unit::{Unit, round_to_lot};
pub use volatility::{EwmaVariance, MAX_WEIGHT, needs_rebalance, volatility_target_weight};
