//! Option contracts by their OCC symbol.
//!
//! Root, expiry `yymmdd`, `C` or `P`, strike in thousandths on eight digits. The clearing house
//! pads the root to six places (`AAPL  251219C00150000`); brokers leave the padding out. Both are
//! read; the short form is the one this product keeps, since it has no blanks.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::{Deserialize, Serialize};

/// Whether the holder may buy or sell the underlying.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Right {
    /// The right to buy.
    Call,
    /// The right to sell.
    Put,
}

/// A listed option contract.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OccSymbol {
    root: String,
    expiry: Date,
    right: Right,
    /// Strike in thousandths of the quote currency, 1 to 99,999,999.
    strike_thousandths: u32,
}

/// Why a text or a set of terms is no OCC symbol.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OccError {
    /// Not of the form root, date, C or P, eight digits.
    #[error("'{0}' does not have the form of an OCC option symbol, as in AAPL251219C00150000")]
    Form(String),
    /// The root is not one to six letters and digits that begin with a letter.
    #[error("option root '{0}' is not 1 to 6 letters and digits")]
    Root(String),
    /// The date does not exist, or is not of the years 2000 to 2099.
    #[error("option expiry '{0}' is not a date of the years 2000 to 2099")]
    Expiry(String),
    /// The strike is not positive, not below 100,000 or finer than a thousandth.
    #[error("option strike {0} is not a number of thousandths above 0 and below 100000")]
    Strike(Decimal),
}

/// Characters after the root: date, right, strike.
const TAIL: usize = 15;
/// Places of a padded root.
const ROOT: usize = 6;

impl OccSymbol {
    /// A contract by its terms.
    ///
    /// `root`: 1 to 6 letters and digits, the first a letter, in any case. `strike`: above 0, below
    /// 100,000, at most three decimal places.
    ///
    /// # Errors
    /// [`OccError`] names the term that has no place in an OCC symbol.
    pub fn new(root: &str, expiry: Date, right: Right, strike: Decimal) -> Result<Self, OccError> {
        let thousandths = strike
            .checked_mul(Decimal::ONE_THOUSAND)
            .filter(Decimal::is_integer)
            .and_then(|thousandths| thousandths.to_u32())
            .filter(|thousandths| (1..=99_999_999).contains(thousandths))
            .ok_or(OccError::Strike(strike))?;
        if !(2000..=2099).contains(&expiry.year()) {
            return Err(OccError::Expiry(expiry.to_string()));
        }
        let valid = (1..=ROOT).contains(&root.len())
            && root.starts_with(|first: char| first.is_ascii_alphabetic())
            && root.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !valid {
            return Err(OccError::Root(root.chars().take(4 * ROOT).collect()));
        }
        let root = root.to_ascii_uppercase();
        Ok(Self { root, expiry, right, strike_thousandths: thousandths })
    }

    /// The class of contracts, usually the underlying's symbol without its dot.
    pub fn root(&self) -> &str {
        &self.root
    }

    /// Last date of the contract.
    pub fn expiry(&self) -> Date {
        self.expiry
    }

    /// Call or put.
    pub fn right(&self) -> Right {
        self.right
    }

    /// Price at which the underlying changes hands on exercise.
    pub fn strike(&self) -> Decimal {
        Decimal::new(i64::from(self.strike_thousandths), 3).normalize()
    }

    /// The clearing house's form of 21 characters, the root padded with blanks.
    pub fn padded(&self) -> String {
        format!("{:<ROOT$}{}", self.root, self.tail())
    }

    /// Date, right and strike.
    fn tail(&self) -> String {
        let letter = match self.right {
            Right::Call => 'C',
            Right::Put => 'P',
        };
        format!(
            "{:02}{:02}{:02}{letter}{:08}",
            self.expiry.year() - 2000,
            self.expiry.month(),
            self.expiry.day(),
            self.strike_thousandths
        )
    }
}

impl FromStr for OccSymbol {
    type Err = OccError;

    /// Reads the padded and the short form in any case.
    ///
    /// # Errors
    /// [`OccError::Form`] for a text that is not built like an option symbol, another variant for
    /// one that is and means nothing.
    fn from_str(text: &str) -> Result<Self, OccError> {
        let form = || OccError::Form(text.chars().take(40).collect());
        let upper = text.trim().to_ascii_uppercase();
        if !upper.is_ascii() || upper.len() <= TAIL || upper.len() > ROOT + TAIL {
            return Err(form());
        }
        let (root, tail) = upper.split_at(upper.len() - TAIL);
        let (date, rest) = tail.split_at(6);
        let (right, strike) = rest.split_at(1);
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let right = match right {
            "C" => Right::Call,
            "P" => Right::Put,
            _ => return Err(form()),
        };
        if !digits(date) || !digits(strike) {
            return Err(form());
        }
        let number = |text: &str| text.parse::<i8>().unwrap_or_default();
        let (year, month, day) = (number(&date[..2]), number(&date[2..4]), number(&date[4..]));
        let expiry = Date::new(2000 + i16::from(year), month, day)
            .map_err(|_| OccError::Expiry(date.to_owned()))?;
        let strike = Decimal::new(strike.parse::<i64>().map_err(|_| form())?, 3);
        Self::new(root.trim_end(), expiry, right, strike)
    }
}

impl fmt::Display for OccSymbol {
    /// The short form, without blanks.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.root, self.tail())
    }
}

impl TryFrom<String> for OccSymbol {
    type Error = OccError;

    fn try_from(text: String) -> Result<Self, OccError> {
        text.parse()
    }
}

impl From<OccSymbol> for String {
    fn from(symbol: OccSymbol) -> Self {
        symbol.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn padded_and_short_forms_are_the_same_contract() {
        let expected =
            OccSymbol::new("AAPL", Date::constant(2025, 12, 19), Right::Call, Decimal::from(150));
        for text in ["AAPL  251219C00150000", "AAPL251219C00150000", "aapl251219c00150000"] {
            assert_eq!(text.parse(), expected, "{text}");
        }
        let contract = expected.unwrap();
        assert_eq!(contract.padded(), "AAPL  251219C00150000");
        assert_eq!(contract.to_string(), "AAPL251219C00150000");
    }

    #[test]
    fn strikes_have_thousandths() {
        let put: OccSymbol = "F240119P00012820".parse().unwrap();
        assert_eq!(put.strike(), Decimal::new(1282, 2));
        assert_eq!((put.root(), put.right()), ("F", Right::Put));
        assert_eq!(put.expiry(), Date::constant(2024, 1, 19));
    }

    #[test]
    fn refusals() {
        let cases = [
            ("", "'' does not have the form of an OCC option symbol, as in AAPL251219C00150000"),
            (
                "AAPL251219X00150000",
                "'AAPL251219X00150000' does not have the form of an OCC option symbol, as in AAPL251219C00150000",
            ),
            (
                "AAPL251319C00150000",
                "option expiry '251319' is not a date of the years 2000 to 2099",
            ),
            (
                "AAPL251219C00000000",
                "option strike 0.000 is not a number of thousandths above 0 and below 100000",
            ),
            ("A APL251219C00150000", "option root 'A APL' is not 1 to 6 letters and digits"),
            ("1APL251219C00150000", "option root '1APL' is not 1 to 6 letters and digits"),
        ];
        for (text, error) in cases {
            assert_eq!(text.parse::<OccSymbol>().unwrap_err().to_string(), error);
        }
        let expiry = Date::constant(2025, 12, 19);
        for strike in [Decimal::new(1, 4), Decimal::from(-1), Decimal::from(100_000)] {
            let refused = OccSymbol::new("SPX", expiry, Right::Put, strike);
            assert_eq!(refused, Err(OccError::Strike(strike)));
        }
        let last_century = Date::constant(1999, 12, 17);
        assert!(OccSymbol::new("SPX", last_century, Right::Put, Decimal::ONE).is_err());
    }
}
