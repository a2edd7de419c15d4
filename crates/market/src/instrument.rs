//! What can be traded, and in which steps.

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::futures::future_terms;
use crate::{Calendar, Currency, Lot, Multiplier, Symbol, Tick};

/// The kinds of instrument, which differ in hours, steps, costs and margin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AssetClass {
    /// Shares, funds, and price indices (which cannot be traded).
    Equity,
    /// A token against a currency or another token.
    Crypto,
    /// A currency, or gold or silver, against another.
    Forex,
    /// A dated futures contract.
    Future,
    /// A listed option contract.
    Option,
}

/// A text that names no asset class.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown asset class '{0}' (one of equity crypto forex future option)")]
pub struct UnknownAssetClass(pub String);

/// An instrument and its steps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Instrument {
    /// Its one spelling.
    pub symbol: Symbol,
    /// Its kind.
    pub class: AssetClass,
    /// Currency of its price.
    pub currency: Currency,
    /// Smallest step of its price.
    pub tick: Tick,
    /// Smallest step of its quantity.
    pub lot: Lot,
    /// Units of the underlying in one contract.
    pub multiplier: Multiplier,
}

impl Instrument {
    /// The instrument that a symbol most likely names, until a venue says better.
    ///
    /// | symbol | class | tick | lot | multiplier |
    /// |---|---|---|---|---|
    /// | `AAPL`, `^GSPC` | equity, USD | 0.01 | 1 | 1 |
    /// | `BTC-USD` | crypto, in the quote | 0.01 | 1e-8 | 1 |
    /// | `EUR-USD`, both official | forex, in the quote | 1e-5; 1e-3 in yen | 1 | 1 |
    /// | `ESZ5` of a known root | future, USD | its own | 1 | its own |
    /// | `AAPL251219C00150000` | option, USD | 0.01 | 1 | 100 |
    ///
    /// A symbol of an exchange abroad (`7203.T`) is taken for an equity in dollars.
    pub fn infer(symbol: &Symbol) -> Self {
        let (class, currency, (tick, lot, multiplier)) = Self::defaults(symbol);
        Self {
            symbol: symbol.clone(),
            class,
            currency,
            tick: Tick::of_table(tick),
            lot: Lot::of_table(lot),
            multiplier: Multiplier::of_table(multiplier),
        }
    }

    /// Class, currency, and tick, lot and multiplier.
    fn defaults(symbol: &Symbol) -> (AssetClass, Currency, (Decimal, Decimal, Decimal)) {
        let cent = Decimal::new(1, 2);
        let one = Decimal::ONE;
        if symbol.as_option().is_some() {
            return (AssetClass::Option, Currency::USD, (cent, one, Decimal::ONE_HUNDRED));
        }
        if let Some((base, quote)) = symbol.as_pair() {
            let is_official =
                |code: &str| code.parse::<Currency>().is_ok_and(|code| code.is_official());
            let currency = quote.parse().unwrap_or(Currency::USD);
            if is_official(base) && is_official(quote) {
                let places = if currency == Currency::JPY { 3 } else { 5 };
                return (AssetClass::Forex, currency, (Decimal::new(1, places), one, one));
            }
            return (AssetClass::Crypto, currency, (cent, Decimal::new(1, 8), one));
        }
        if let Some(terms) = future_terms(symbol.as_str()) {
            let steps = (terms.tick(), one, terms.multiplier());
            return (AssetClass::Future, Currency::USD, steps);
        }
        (AssetClass::Equity, Currency::USD, (cent, one, one))
    }

    /// Whether it can be bought at all: a price index cannot. It can be tested on paper, as if
    /// there were a share of it, and serves as a benchmark.
    pub fn is_tradable(&self) -> bool {
        !self.symbol.is_index()
    }
}

impl AssetClass {
    /// Every class.
    pub const ALL: [Self; 5] =
        [Self::Equity, Self::Crypto, Self::Forex, Self::Future, Self::Option];

    /// The class's name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Equity => "equity",
            Self::Crypto => "crypto",
            Self::Forex => "forex",
            Self::Future => "future",
            Self::Option => "option",
        }
    }

    /// The hours that the class usually trades in.
    pub fn calendar(self) -> Calendar {
        match self {
            Self::Equity | Self::Option => Calendar::NYSE,
            Self::Crypto => Calendar::CRYPTO,
            Self::Forex => Calendar::FX,
            Self::Future => Calendar::CME,
        }
    }
}

impl fmt::Display for AssetClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for AssetClass {
    type Err = UnknownAssetClass;

    /// Reads the names in any case.
    fn from_str(text: &str) -> Result<Self, UnknownAssetClass> {
        Self::ALL
            .into_iter()
            .find(|class| class.as_str().eq_ignore_ascii_case(text))
            .ok_or_else(|| UnknownAssetClass(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn infer(text: &str) -> Instrument {
        Instrument::infer(&text.parse().unwrap())
    }

    #[test]
    fn classes_and_steps_follow_from_the_symbol() {
        let cases = [
            ("AAPL", AssetClass::Equity, "USD", "0.01", "1", "1"),
            ("BRK.B", AssetClass::Equity, "USD", "0.01", "1", "1"),
            ("BTC-USD", AssetClass::Crypto, "USD", "0.01", "0.00000001", "1"),
            ("ETH-BTC", AssetClass::Crypto, "BTC", "0.01", "0.00000001", "1"),
            ("EURUSD", AssetClass::Forex, "USD", "0.00001", "1", "1"),
            ("USD/JPY", AssetClass::Forex, "JPY", "0.001", "1", "1"),
            ("ESZ5", AssetClass::Future, "USD", "0.25", "1", "50"),
            ("6JM26", AssetClass::Future, "USD", "0.0000005", "1", "12500000"),
            ("AAPL251219C00150000", AssetClass::Option, "USD", "0.01", "1", "100"),
        ];
        for (symbol, class, currency, tick, lot, multiplier) in cases {
            let found = infer(symbol);
            let steps =
                (found.tick.to_string(), found.lot.to_string(), found.multiplier.to_string());
            assert_eq!(found.class, class, "{symbol}");
            assert_eq!(found.currency.as_str(), currency, "{symbol}");
            assert_eq!(steps, (tick.into(), lot.into(), multiplier.into()), "{symbol}");
        }
    }

    #[test]
    fn an_index_is_an_equity_that_cannot_be_bought() {
        let index = infer("^GSPC");
        assert_eq!(index.class, AssetClass::Equity);
        assert!(!index.is_tradable());
        assert!(infer("SPY").is_tradable());
    }

    #[test]
    fn classes_by_name() {
        for class in AssetClass::ALL {
            assert_eq!(class.as_str().parse(), Ok(class));
            assert_eq!(serde_json::to_string(&class).unwrap(), format!("\"{class}\""));
        }
        assert!("bond".parse::<AssetClass>().is_err());
        assert_eq!(AssetClass::Crypto.calendar(), Calendar::CRYPTO);
    }

    #[test]
    fn instruments_travel_as_json() {
        let instrument = infer("EURUSD");
        let text = serde_json::to_string(&instrument).unwrap();
        assert_eq!(serde_json::from_str::<Instrument>(&text).unwrap(), instrument);
    }
}
