//! Runs backtests, sweeps, walk-forwards, evaluations and schedules, from the queue or at once.
//!
//! [`lab`] is the one way in which anything is tested: the command line and the workers call it
//! with the same requests and get the same reports, byte for byte. [`Pool`] is the workers of a
//! process, on the queue of the store; [`payload`] what their jobs are asked.

pub mod lab;
pub mod nearest;
pub mod payload;

mod chores;
mod pool;
mod schedules;
mod stop;
mod work;

pub use pool::{IdentityError, Pool, PoolError, PoolOptions};
pub use work::ChunkSize;

/// Hash of the sources of `market`, `quant`, `engine` and `strategies`: 64 hexadecimal digits.
///
/// Two programs of the same version compute the same results on the same target.
pub fn engine_version() -> &'static str {
    env!("PLIMSOLL_ENGINE_VERSION")
}
