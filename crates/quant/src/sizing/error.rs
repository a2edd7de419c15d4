//! Why no quantity can be told.

/// A fault in what a quantity was to be computed from.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum SizingError {
    /// An amount that has to be above 0, or at least not below it, is not; or is not finite.
    #[error("{name} is {value}, which is not allowed")]
    OutOfRange {
        /// What the amount is.
        name: &'static str,
        /// The amount.
        value: f64,
    },
    /// The stop is at the entry, so that no distance divides the risk.
    #[error("the stop is at the entry price {entry}")]
    StopAtEntry {
        /// The entry price.
        entry: f64,
    },
    /// The stop is above a long's entry, or below a short's.
    #[error("the stop {stop} is on the wrong side of the entry {entry}")]
    StopOnWrongSide {
        /// The entry price.
        entry: f64,
        /// The stop price.
        stop: f64,
    },
    /// Too few closed trades to estimate a stake from.
    #[error("{trades} closed trades are too few, {needed} are needed")]
    TooFewTrades {
        /// How many there are.
        trades: usize,
        /// How many it takes.
        needed: usize,
    },
}

/// Passes `value` on when it is finite and above 0.
pub(super) fn positive(name: &'static str, value: f64) -> Result<f64, SizingError> {
    if value.is_finite() && value > 0.0 {
        Ok(value)
    } else {
        Err(SizingError::OutOfRange { name, value })
    }
}

/// Passes `value` on when it is finite and not below 0.
pub(super) fn not_negative(name: &'static str, value: f64) -> Result<f64, SizingError> {
    if value.is_finite() && value >= 0.0 {
        Ok(value)
    } else {
        Err(SizingError::OutOfRange { name, value })
    }
}
