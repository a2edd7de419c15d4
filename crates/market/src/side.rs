//! The direction of an order.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Whether the order buys or sells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// Money for the instrument.
    Buy,
    /// The instrument for money.
    Sell,
}

/// A text that names no side.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown side '{0}' (one of buy sell)")]
pub struct UnknownSide(pub String);

impl Side {
    /// The other side.
    pub fn opposite(self) -> Self {
        match self {
            Self::Buy => Self::Sell,
            Self::Sell => Self::Buy,
        }
    }

    /// `buy` or `sell`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Buy => "buy",
            Self::Sell => "sell",
        }
    }
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Side {
    type Err = UnknownSide;

    /// Reads the names in any case.
    fn from_str(text: &str) -> Result<Self, UnknownSide> {
        [Self::Buy, Self::Sell]
            .into_iter()
            .find(|side| side.as_str().eq_ignore_ascii_case(text))
            .ok_or_else(|| UnknownSide(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sides_by_name() {
        for side in [Side::Buy, Side::Sell] {
            assert_eq!(side.as_str().parse(), Ok(side));
            assert_eq!(serde_json::to_string(&side).unwrap(), format!("\"{side}\""));
            assert_ne!(side.opposite(), side);
        }
        assert_eq!("SELL".parse(), Ok(Side::Sell));
        assert_eq!("short".parse::<Side>(), Err(UnknownSide("short".into())));
    }
}
