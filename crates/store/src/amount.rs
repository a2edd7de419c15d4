//! Exact amounts in columns.

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;
use sea_orm::DeriveValueType;
use serde::{Deserialize, Serialize};

/// An exact decimal in a column of text.
///
/// SQLite turns a numeric column's 0.1 into a float, so amounts that instruct or book are text on
/// both databases: `Display` and `FromStr` keep every digit, trailing zeros too. Text does not sort
/// as numbers do; sum and compare in Rust.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, DeriveValueType, Serialize, Deserialize,
)]
#[sea_orm(value_type = "String")]
#[serde(transparent)]
pub struct Dec(pub Decimal);

impl fmt::Display for Dec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Dec {
    type Err = rust_decimal::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Decimal::from_str_exact(text).map(Self)
    }
}

impl From<Decimal> for Dec {
    fn from(amount: Decimal) -> Self {
        Self(amount)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn digits_survive_and_excess_is_refused() {
        for text in ["0.1", "10000.00", "-0.000000000000000001", "79228162514264337593543950335"] {
            assert_eq!(text.parse::<Dec>().unwrap().to_string(), text);
        }
        for text in ["", "1e3", "0.00000000000000000000000000001", "1,5", "NaN"] {
            assert!(text.parse::<Dec>().is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn text_and_back_is_the_same(digits in any::<i64>(), scale in 0u32..=18) {
            let amount = Dec(Decimal::new(digits, scale));
            prop_assert_eq!(amount.to_string().parse::<Dec>().unwrap(), amount);
        }
    }
}
