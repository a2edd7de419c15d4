//! Symbols read back as they are written, and no text makes the readers panic.

use market::{Currency, Instrument, OccSymbol, Right, Symbol};
use proptest::prelude::{Just, any, prop_assert, prop_assert_eq, prop_oneof};
use proptest::proptest;
use rust_decimal::Decimal;

use crate::calendar_properties::any_date;

proptest! {
    #[test]
    fn contracts_round_trip(
        root in "[A-Z][A-Z0-9]{0,5}",
        expiry in any_date(),
        right in prop_oneof![Just(Right::Call), Just(Right::Put)],
        thousandths in 1_i64..=99_999_999,
    ) {
        let contract = OccSymbol::new(&root, expiry, right, Decimal::new(thousandths, 3)).unwrap();
        prop_assert_eq!(contract.padded().len(), 21);
        prop_assert_eq!(contract.padded().parse::<OccSymbol>(), Ok(contract.clone()));
        prop_assert_eq!(contract.to_string().parse::<OccSymbol>(), Ok(contract.clone()));
        let symbol: Symbol = contract.padded().parse().unwrap();
        prop_assert_eq!(symbol.as_option(), Some(contract.clone()));
        prop_assert_eq!(Symbol::from(contract), symbol);
    }

    #[test]
    fn what_is_read_reads_back(text in "[ -~]{0,24}|[A-Za-z0-9.^/-]{0,22}|\\PC{0,10}") {
        if let Ok(symbol) = text.parse::<Symbol>() {
            prop_assert_eq!(symbol.as_str().parse::<Symbol>().unwrap(), symbol.clone());
            prop_assert!(symbol.as_str().len() <= 21);
            prop_assert!(!symbol.as_str().contains(['/', '\\', ' ']) && !symbol.as_str().contains(".."));
            let json = serde_json::to_string(&symbol).unwrap();
            prop_assert_eq!(serde_json::from_str::<Symbol>(&json).unwrap(), symbol.clone());
            prop_assert_eq!(Instrument::infer(&symbol).symbol, symbol);
        }
    }

    #[test]
    fn option_like_texts_never_panic(text in "[A-Z ]{0,7}[0-9]{5,7}[CPX][0-9]{7,9}|\\PC{0,30}") {
        if let Ok(contract) = text.parse::<OccSymbol>() {
            prop_assert_eq!(contract.to_string().parse::<OccSymbol>(), Ok(contract));
        }
    }

    #[test]
    fn currencies_round_trip(code in "[A-Z0-9]{2,10}", other in any::<String>()) {
        prop_assert_eq!(code.parse::<Currency>().unwrap().to_string(), code);
        if let Ok(currency) = other.parse::<Currency>() {
            prop_assert_eq!(currency.as_str(), other.to_ascii_uppercase());
        }
    }
}
