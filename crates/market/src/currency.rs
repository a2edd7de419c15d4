//! Currencies: what money is counted in.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A currency by its code: ISO 4217 (`USD`), a metal (`XAU`) or a token (`BTC`, `USDT`).
///
/// Two to ten letters and digits, upper case. Codes that this crate does not know are allowed;
/// they count as tokens with eight places.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency {
    /// Padded with zeros.
    code: [u8; LONGEST],
}

const LONGEST: usize = 10;

/// A text that is no currency code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is no currency code (2 to 10 letters and digits)")]
pub struct InvalidCurrency(pub String);

/// Issuing states' currencies with their minor unit in decimal places (ISO 4217), and metals.
const OFFICIAL: [(&str, u32); 47] = [
    ("AED", 2),
    ("ARS", 2),
    ("AUD", 2),
    ("BGN", 2),
    ("BHD", 3),
    ("BRL", 2),
    ("CAD", 2),
    ("CHF", 2),
    ("CLP", 0),
    ("CNH", 2),
    ("CNY", 2),
    ("COP", 2),
    ("CZK", 2),
    ("DKK", 2),
    ("EGP", 2),
    ("EUR", 2),
    ("GBP", 2),
    ("HKD", 2),
    ("HUF", 2),
    ("IDR", 2),
    ("ILS", 2),
    ("INR", 2),
    ("ISK", 0),
    ("JPY", 0),
    ("KRW", 0),
    ("KWD", 3),
    ("MXN", 2),
    ("MYR", 2),
    ("NOK", 2),
    ("NZD", 2),
    ("PEN", 2),
    ("PHP", 2),
    ("PKR", 2),
    ("PLN", 2),
    ("RON", 2),
    ("SAR", 2),
    ("SEK", 2),
    ("SGD", 2),
    ("THB", 2),
    ("TRY", 2),
    ("TWD", 2),
    ("UAH", 2),
    ("USD", 2),
    ("VND", 0),
    ("XAG", 4),
    ("XAU", 4),
    ("ZAR", 2),
];

/// Tokens of three letters that are written next to a currency without a dash (`BTCUSD`), and the
/// stable ones, with the places their ledgers keep.
const TOKENS: [(&str, u32); 18] = [
    ("ADA", 6),
    ("BCH", 8),
    ("BNB", 18),
    ("BTC", 8),
    ("DOT", 10),
    ("ETC", 18),
    ("ETH", 18),
    ("FIL", 18),
    ("LTC", 8),
    ("SOL", 9),
    ("TRX", 6),
    ("UNI", 18),
    ("USDC", 6),
    ("USDT", 6),
    ("XLM", 7),
    ("XMR", 12),
    ("XRP", 6),
    ("ZEC", 8),
];

const UNKNOWN_PLACES: u32 = 8;

impl Currency {
    /// United States dollar.
    pub const USD: Self = Self { code: *b"USD\0\0\0\0\0\0\0" };
    /// Euro.
    pub const EUR: Self = Self { code: *b"EUR\0\0\0\0\0\0\0" };
    /// Japanese yen.
    pub const JPY: Self = Self { code: *b"JPY\0\0\0\0\0\0\0" };

    /// The code.
    pub fn as_str(&self) -> &str {
        let length = self.code.iter().position(|byte| *byte == 0).unwrap_or(LONGEST);
        // Only ASCII gets in.
        std::str::from_utf8(&self.code[..length]).unwrap_or_default()
    }

    /// Decimal places of the smallest amount that is booked: 2 for the dollar's cent.
    pub fn minor_unit(&self) -> u32 {
        let code = self.as_str();
        places(&OFFICIAL, code).or_else(|| places(&TOKENS, code)).unwrap_or(UNKNOWN_PLACES)
    }

    /// Whether a state issues it, or it is gold or silver: the forex market trades it.
    pub fn is_official(&self) -> bool {
        places(&OFFICIAL, self.as_str()).is_some()
    }

    /// Whether this crate knows the code.
    pub fn is_known(&self) -> bool {
        self.is_official() || places(&TOKENS, self.as_str()).is_some()
    }
}

fn places(table: &[(&str, u32)], code: &str) -> Option<u32> {
    table.binary_search_by_key(&code, |(known, _)| known).ok().map(|index| table[index].1)
}

impl FromStr for Currency {
    type Err = InvalidCurrency;

    /// Reads a code in any case.
    fn from_str(text: &str) -> Result<Self, InvalidCurrency> {
        let valid = (2..=LONGEST).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !valid {
            return Err(InvalidCurrency(text.chars().take(2 * LONGEST).collect()));
        }
        let mut code = [0; LONGEST];
        for (place, byte) in code.iter_mut().zip(text.bytes()) {
            *place = byte.to_ascii_uppercase();
        }
        Ok(Self { code })
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Currency({})", self.as_str())
    }
}

impl TryFrom<String> for Currency {
    type Error = InvalidCurrency;

    fn try_from(text: String) -> Result<Self, InvalidCurrency> {
        text.parse()
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.as_str().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted_for_the_search() {
        assert!(OFFICIAL.is_sorted());
        assert!(TOKENS.is_sorted());
    }

    #[test]
    fn minor_units() {
        let cases = [("USD", 2), ("JPY", 0), ("KWD", 3), ("BTC", 8), ("ETH", 18), ("DOGE", 8)];
        for (code, places) in cases {
            assert_eq!(code.parse::<Currency>().unwrap().minor_unit(), places, "{code}");
        }
    }

    #[test]
    fn codes_are_read_in_any_case() {
        assert_eq!("usd".parse(), Ok(Currency::USD));
        assert_eq!(Currency::EUR.to_string(), "EUR");
        assert_eq!(serde_json::to_string(&Currency::JPY).unwrap(), "\"JPY\"");
        for text in ["", "U", "US D", "€UR", "ABCDEFGHIJK"] {
            assert_eq!(text.parse::<Currency>(), Err(InvalidCurrency(text.into())));
        }
    }
}
