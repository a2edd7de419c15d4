//! Contract terms of the futures that a symbol alone can name.
//!
//! Root, month letter, one or two digits of the year: `ESZ5`, `ESZ25`. Source: the CME Group's
//! contract specifications; a venue's own terms replace these when one is connected.

use rust_decimal::Decimal;

/// Point value and price step of a contract.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct FutureTerms {
    root: &'static str,
    multiplier: (i64, u32),
    tick: (i64, u32),
}

impl FutureTerms {
    /// Money for one point of one contract.
    pub(crate) fn multiplier(&self) -> Decimal {
        Decimal::new(self.multiplier.0, self.multiplier.1)
    }

    /// Smallest step of the price.
    pub(crate) fn tick(&self) -> Decimal {
        Decimal::new(self.tick.0, self.tick.1)
    }
}

/// A contract; numbers are digits and decimal places: `(25, 2)` is 0.25.
const fn terms(root: &'static str, multiplier: (i64, u32), tick: (i64, u32)) -> FutureTerms {
    FutureTerms { root, multiplier, tick }
}

/// Contracts quoted in United States dollars (grains and livestock in cents, so that their point
/// is a cent).
const TERMS: [FutureTerms; 34] = [
    terms("ES", (50, 0), (25, 2)),
    terms("MES", (5, 0), (25, 2)),
    terms("NQ", (20, 0), (25, 2)),
    terms("MNQ", (2, 0), (25, 2)),
    terms("RTY", (50, 0), (1, 1)),
    terms("M2K", (5, 0), (1, 1)),
    terms("YM", (5, 0), (1, 0)),
    terms("MYM", (5, 1), (1, 0)),
    terms("CL", (1000, 0), (1, 2)),
    terms("MCL", (100, 0), (1, 2)),
    terms("NG", (10_000, 0), (1, 3)),
    terms("RB", (42_000, 0), (1, 4)),
    terms("HO", (42_000, 0), (1, 4)),
    terms("GC", (100, 0), (1, 1)),
    terms("MGC", (10, 0), (1, 1)),
    terms("SI", (5000, 0), (5, 3)),
    terms("HG", (25_000, 0), (5, 4)),
    terms("PL", (50, 0), (1, 1)),
    terms("ZT", (2000, 0), (390_625, 8)),
    terms("ZF", (1000, 0), (78_125, 7)),
    terms("ZN", (1000, 0), (15_625, 6)),
    terms("ZB", (1000, 0), (3125, 5)),
    terms("UB", (1000, 0), (3125, 5)),
    terms("6E", (125_000, 0), (5, 5)),
    terms("6B", (62_500, 0), (1, 4)),
    terms("6J", (12_500_000, 0), (5, 7)),
    terms("6A", (100_000, 0), (5, 5)),
    terms("6C", (100_000, 0), (5, 5)),
    terms("6S", (125_000, 0), (5, 5)),
    terms("ZC", (50, 0), (25, 2)),
    terms("ZW", (50, 0), (25, 2)),
    terms("ZS", (50, 0), (25, 2)),
    terms("LE", (400, 0), (25, 3)),
    terms("BTC", (5, 0), (5, 0)),
];

/// Letters of the delivery months, January to December.
const MONTHS: &str = "FGHJKMNQUVXZ";

/// The terms of a contract by its symbol; `None` for what is no future that this table knows.
pub(crate) fn future_terms(symbol: &str) -> Option<FutureTerms> {
    let stem = symbol.trim_end_matches(|last: char| last.is_ascii_digit());
    let digits = symbol.len() - stem.len();
    let root = stem.strip_suffix(|month| MONTHS.contains(month))?;
    let found = TERMS.into_iter().find(|terms| terms.root == root)?;
    (1..=2).contains(&digits).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_are_positive() {
        for terms in TERMS {
            assert!(terms.multiplier() > Decimal::ZERO && terms.tick() > Decimal::ZERO);
        }
    }

    #[test]
    fn contracts_by_symbol() {
        let root = |symbol| future_terms(symbol).map(|terms| terms.root);
        assert_eq!(root("ESZ5"), Some("ES"));
        assert_eq!(root("M2KH26"), Some("M2K"));
        assert_eq!(root("6EM6"), Some("6E"));
        for other in ["ES", "ESZ", "ESA5", "ESZ125", "AAPL", "XYZ5", "", "5"] {
            assert_eq!(root(other), None, "{other}");
        }
    }
}
