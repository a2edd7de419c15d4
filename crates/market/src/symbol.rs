//! How an instrument is written.
//!
//! One text for one instrument: `AAPL`, `BRK.B` (share class with a dot), `BTC-USD` and `EUR-USD`
//! (pairs with a dash), `^GSPC` (a price index), `AAPL251219C00150000` (an option). Other spellings
//! are read into these once, at the edge.

use std::borrow::Borrow;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{Currency, OccError, OccSymbol};

/// A valid symbol in its one spelling: upper case, free of blanks and slashes, so that it can name
/// a folder.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Symbol(String);

/// Why a text is no symbol.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SymbolError {
    /// Nothing but blanks.
    #[error("symbol is empty")]
    Empty,
    /// More characters than any symbol has.
    #[error("symbol of {length} characters is too long (at most {MAX_LENGTH})")]
    TooLong {
        /// Characters given.
        length: usize,
    },
    /// A character that no symbol has.
    #[error("symbol '{text}' contains '{character}'")]
    BadCharacter {
        /// The text given.
        text: String,
        /// The character.
        character: char,
    },
    /// Good characters in no known arrangement.
    #[error("symbol '{0}' is not of the form AAPL, BRK.B, BTC-USD or ^GSPC")]
    Form(String),
    /// Built like an option symbol, but with an impossible date, strike or root.
    #[error("symbol is no option contract")]
    Option(#[from] OccError),
}

/// Longest symbol that is no option contract, in characters.
const MAX_LENGTH: usize = 20;

impl Symbol {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Base and quote of a pair.
    pub fn as_pair(&self) -> Option<(&str, &str)> {
        self.0.split_once('-')
    }

    /// The terms of an option contract.
    pub fn as_option(&self) -> Option<OccSymbol> {
        self.0.parse().ok()
    }

    /// Whether it names a price index, which has a level but cannot be bought.
    pub fn is_index(&self) -> bool {
        self.0.starts_with('^')
    }
}

impl FromStr for Symbol {
    type Err = SymbolError;

    /// Reads a symbol in any case.
    ///
    /// A slash is read as a dash, a one-letter second half as a share class (`BRK-B`, `BRK/B` are
    /// `BRK.B`), six letters as a pair when both halves are known codes and the second is an
    /// official currency (`EURUSD`, `BTCUSD`), and an option symbol with or without its blanks.
    ///
    /// # Errors
    /// [`SymbolError`] says what is wrong with the text.
    fn from_str(text: &str) -> Result<Self, SymbolError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(SymbolError::Empty);
        }
        match text.parse::<OccSymbol>() {
            Ok(contract) => return Ok(Self(contract.to_string())),
            Err(OccError::Form(_)) => {}
            Err(error) => return Err(error.into()),
        }
        let length = text.chars().count();
        if length > MAX_LENGTH {
            return Err(SymbolError::TooLong { length });
        }
        let upper = text.to_ascii_uppercase();
        let is_part = |character: char| character.is_ascii_alphanumeric();
        if let Some(character) = upper.chars().find(|c| !is_part(*c) && !".-/^".contains(*c)) {
            return Err(SymbolError::BadCharacter { text: text.to_owned(), character });
        }
        spelled(&upper).map(Self).ok_or_else(|| SymbolError::Form(text.to_owned()))
    }
}

/// The one spelling of an upper-case text of good characters.
fn spelled(upper: &str) -> Option<String> {
    let is_code = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric());
    let is_dotted = |text: &str| text.split('.').all(is_code);
    if let Some((base, quote)) = upper.split_once(['-', '/']) {
        let mark = if quote.len() == 1 { '.' } else { '-' };
        let is_quote = quote.len() == 1 || quote.parse::<Currency>().is_ok();
        return (is_code(base) && is_code(quote) && is_quote)
            .then(|| format!("{base}{mark}{quote}"));
    }
    if let Some((base, quote)) = joined_pair(upper) {
        return Some(format!("{base}-{quote}"));
    }
    is_dotted(upper.strip_prefix('^').unwrap_or(upper)).then(|| upper.to_owned())
}

/// The halves of `EURUSD`, when both are currencies that this crate knows.
fn joined_pair(upper: &str) -> Option<(&str, &str)> {
    if upper.len() != 6 || !upper.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return None;
    }
    let (base, quote) = upper.split_at(3);
    let known = base.parse::<Currency>().is_ok_and(|base| base.is_known())
        && quote.parse::<Currency>().is_ok_and(|quote| quote.is_official());
    known.then_some((base, quote))
}

impl fmt::Display for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl AsRef<str> for Symbol {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for Symbol {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Symbol {
    type Error = SymbolError;

    fn try_from(text: String) -> Result<Self, SymbolError> {
        text.parse()
    }
}

impl From<Symbol> for String {
    fn from(symbol: Symbol) -> Self {
        symbol.0
    }
}

impl From<OccSymbol> for Symbol {
    fn from(contract: OccSymbol) -> Self {
        Self(contract.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings() {
        let cases = [
            ("AAPL", "AAPL"),
            (" aapl ", "AAPL"),
            ("BRK.B", "BRK.B"),
            ("brk-b", "BRK.B"),
            ("BRK/B", "BRK.B"),
            ("BTC-USD", "BTC-USD"),
            ("BTC/USD", "BTC-USD"),
            ("BTCUSD", "BTC-USD"),
            ("EURUSD", "EUR-USD"),
            ("EUR/USD", "EUR-USD"),
            ("eth/usdt", "ETH-USDT"),
            ("XAUUSD", "XAU-USD"),
            ("1INCH-USD", "1INCH-USD"),
            // Six letters that are no two currencies.
            ("GOOGLE", "GOOGLE"),
            ("USDABC", "USDABC"),
            ("^gspc", "^GSPC"),
            ("7203.T", "7203.T"),
            ("ESZ5", "ESZ5"),
            ("AAPL  251219C00150000", "AAPL251219C00150000"),
            ("GOOGLX251219P01500000", "GOOGLX251219P01500000"),
        ];
        for (text, expected) in cases {
            assert_eq!(text.parse::<Symbol>().map(String::from), Ok(expected.into()), "{text}");
        }
    }

    #[test]
    fn refusals() {
        let cases = [
            ("  ", "symbol is empty"),
            ("ABCDEFGHIJKLMNOPQRSTUVW", "symbol of 23 characters is too long (at most 20)"),
            ("AA PL", "symbol 'AA PL' contains ' '"),
            ("../etc", "symbol '../etc' is not of the form AAPL, BRK.B, BTC-USD or ^GSPC"),
            ("A..B", "symbol 'A..B' is not of the form AAPL, BRK.B, BTC-USD or ^GSPC"),
            (
                "BTC-USD-SWAP",
                "symbol 'BTC-USD-SWAP' is not of the form AAPL, BRK.B, BTC-USD or ^GSPC",
            ),
            ("-USD", "symbol '-USD' is not of the form AAPL, BRK.B, BTC-USD or ^GSPC"),
            (
                "A-BCDEFGHIJKL",
                "symbol 'A-BCDEFGHIJKL' is not of the form AAPL, BRK.B, BTC-USD or ^GSPC",
            ),
            ("A^B", "symbol 'A^B' is not of the form AAPL, BRK.B, BTC-USD or ^GSPC"),
            ("Ä", "symbol 'Ä' contains 'Ä'"),
            ("AAPL251399C00150000", "symbol is no option contract"),
        ];
        for (text, error) in cases {
            assert_eq!(text.parse::<Symbol>().unwrap_err().to_string(), error);
        }
    }

    #[test]
    fn kinds() {
        let pair: Symbol = "EURUSD".parse().unwrap();
        assert_eq!(pair.as_pair(), Some(("EUR", "USD")));
        let option: Symbol = "AAPL251219C00150000".parse().unwrap();
        assert_eq!(option.as_option().unwrap().root(), "AAPL");
        let index: Symbol = "^GSPC".parse().unwrap();
        assert!(index.is_index() && index.as_pair().is_none() && index.as_option().is_none());
        assert!(serde_json::from_str::<Symbol>("\"a b\"").is_err());
    }
}
