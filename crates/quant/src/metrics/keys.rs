//! Keys of numbers in reports: how they are declared once, and which way is better.

/// Which end of a metric is the good one, for rankings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// More is better, as with a Sharpe ratio, or with a drawdown (which is ≤ 0).
    HigherIsBetter,
    /// Less is better, as with a volatility.
    LowerIsBetter,
}

/// Tells which end of the metric `key` is the good one; `None` for an unknown key.
///
/// Descriptive metrics that are neither good nor bad (beta, correlation, counts) rank high first.
pub fn direction(key: &str) -> Option<Direction> {
    match key {
        "annual_volatility"
        | "downside_deviation"
        | "kurtosis"
        | "max_drawdown_duration"
        | "tracking_error"
        | "ulcer_index" => Some(Direction::LowerIsBetter),
        _ if super::METRIC_KEYS.contains(&key) || super::TRADE_KEYS.contains(&key) => {
            Some(Direction::HigherIsBetter)
        }
        _ => None,
    }
}

/// A field of a report as a number, whatever its type is.
pub(super) trait Number {
    /// The value, or `None` when it is undefined.
    fn number(&self) -> Option<f64>;
}

impl Number for usize {
    fn number(&self) -> Option<f64> {
        Some(*self as f64)
    }
}

impl Number for Option<f64> {
    fn number(&self) -> Option<f64> {
        *self
    }
}

/// Declares a struct of numbers whose field names are their keys in reports, the list of these
/// keys, and the look-up by key, so that the three cannot drift apart.
macro_rules! keyed_numbers {
    (
        $(#[$struct_meta:meta])*
        pub struct $name:ident, $(#[$keys_meta:meta])* pub const $keys:ident;
        $($(#[$field_meta:meta])* $field:ident: $kind:ty,)*
    ) => {
        $(#[$struct_meta])*
        #[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
        pub struct $name {
            $($(#[$field_meta])* pub $field: $kind,)*
        }

        $(#[$keys_meta])*
        pub const $keys: &[&str] = &[$(stringify!($field)),*];

        impl $name {
            /// Looks a number up by its key: the outer `None` is an unknown key, the inner one an
            /// undefined value.
            pub fn get(&self, key: &str) -> Option<Option<f64>> {
                match key {
                    $(stringify!($field) => {
                        Some($crate::metrics::keys::Number::number(&self.$field))
                    })*
                    _ => None,
                }
            }
        }
    };
}

pub(super) use keyed_numbers;

/// Turns what is infinite or not a number into `None`.
pub(super) fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

/// The quotient, or `None` when it is undefined or infinite.
pub(super) fn quotient(numerator: f64, denominator: f64) -> Option<f64> {
    if denominator == 0.0 { None } else { finite(numerator / denominator) }
}
