//! The strategies: one file each, and the catalogue that lists them.
//!
//! A strategy is a type without state that implements [`engine::Target`] (or
//! [`engine::PairTarget`]) and a static [`engine::Entry`] that says what it is, which parameters
//! it takes and where the idea comes from. Adding one is such a file and a line in [`catalogue`].

mod catalogue;
mod compare;
mod parameters;
mod transitions;

pub mod adx_trend;
pub mod bollinger_reversion;
pub mod buy_and_hold;
pub mod donchian_turtle;
pub mod ema_crossover;
pub mod macd;
pub mod momentum_roc;
pub mod pairs_zscore;
pub mod rsi_mean_reversion;
pub mod sma_crossover;
pub mod squeeze_breakout;
pub mod stochastic;
pub mod supertrend;
pub mod vwap_reversion;

pub use catalogue::{catalogue, find, params_schema};
