//! Runs backtests, sweeps, walk-forwards and evaluations.
//!
//! [`lab`] is the one way in which anything is tested: whoever calls it with
//! the same request gets the same report, byte for byte.

pub mod lab;
pub mod nearest;

/// Hash of the sources of `market`, `quant`, `engine` and `strategies`: 64 hexadecimal digits.
///
/// Two programs of the same version compute the same results on the same target.
pub fn engine_version() -> &'static str {
    env!("PLIMSOLL_ENGINE_VERSION")
}
