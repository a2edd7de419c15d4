//! Charges that US regulators take on sales, by date.
//!
//! `regulatory.json` beside this file is meant to be edited: a new rate is one line. Only the
//! charges that are the same at every exchange and broker are here; the options regulatory fee,
//! clearing fees and the audit trail's (CAT) fee differ by both and change within a year.

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

const RATES: &str = include_str!("regulatory.json");

/// Dated rates, each list ascending by date.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegulatoryCharges {
    /// Where the figures come from.
    pub source: String,
    /// Securities and Exchange Commission, section 31: on the proceeds of sales.
    pub section_31: Vec<SectionRate>,
    /// FINRA's trading activity fee: on the quantity of sales.
    pub trading_activity: Vec<ActivityRate>,
}

/// The section 31 rate from a date on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SectionRate {
    /// First date, `YYYY-MM-DD`.
    pub from: String,
    /// Money a million of proceeds.
    pub per_million: f64,
}

/// The trading activity fee from a date on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActivityRate {
    /// First date, `YYYY-MM-DD`.
    pub from: String,
    /// Money a share sold.
    pub per_share: f64,
    /// Most money a sale of shares.
    pub max_per_sale: f64,
    /// Money an option contract sold.
    pub per_contract: f64,
}

/// A sale as the regulators see it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RegulatedSale<'a> {
    /// Trade date, `YYYY-MM-DD`.
    pub date: &'a str,
    /// Shares, or option contracts.
    pub quantity: f64,
    /// Money received.
    pub proceeds: f64,
    /// Whether the quantity counts option contracts.
    pub contracts: bool,
}

impl RegulatoryCharges {
    /// Both charges on a sale, each up to the next cent; nothing before the first dated rate.
    ///
    /// Dates after the last rate keep it.
    pub fn charge(&self, sale: RegulatedSale<'_>) -> f64 {
        let section = latest(&self.section_31, sale.date, |rate| &rate.from)
            .map_or(0.0, |rate| sale.proceeds * rate.per_million / 1e6);
        let activity =
            latest(&self.trading_activity, sale.date, |rate| &rate.from).map_or(0.0, |rate| {
                match sale.contracts {
                    true => sale.quantity * rate.per_contract,
                    false => (sale.quantity * rate.per_share).min(rate.max_per_sale),
                }
            });
        up_to_the_cent(section) + up_to_the_cent(activity)
    }
}

/// The rates that ship with the product.
pub fn us_regulatory_charges() -> &'static RegulatoryCharges {
    static PARSED: OnceLock<RegulatoryCharges> = OnceLock::new();
    // The text is part of the binary and a test parses it, so the default is never taken.
    PARSED.get_or_init(|| serde_json::from_str(RATES).unwrap_or_default())
}

/// The last entry that began by `date`; ISO dates order as text.
fn latest<'a, T>(rates: &'a [T], date: &str, from: impl Fn(&T) -> &String) -> Option<&'a T> {
    let begun = rates.partition_point(|rate| from(rate).as_str() <= date);
    rates[..begun].last()
}

fn up_to_the_cent(amount: f64) -> f64 {
    (amount * 100.0 - 1e-9).ceil().max(0.0) / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_parse_and_ascend() {
        let rates: RegulatoryCharges = serde_json::from_str(RATES).unwrap();
        assert_eq!(&rates, us_regulatory_charges());
        assert!(rates.section_31.is_sorted_by(|a, b| a.from < b.from));
        assert!(rates.trading_activity.is_sorted_by(|a, b| a.from < b.from));
        let dates = rates.section_31.iter().map(|rate| &rate.from);
        for date in dates.chain(rates.trading_activity.iter().map(|rate| &rate.from)) {
            assert_eq!((date.len(), &date[4..5], &date[7..8]), (10, "-", "-"), "{date}");
        }
        assert!(rates.section_31.iter().all(|rate| (0.0..100.0).contains(&rate.per_million)));
        for rate in &rates.trading_activity {
            assert!(rate.per_share > 0.0 && rate.max_per_sale > 0.0 && rate.per_contract > 0.0);
        }
    }

    #[test]
    fn charges_of_the_date() {
        // Date, quantity, proceeds, contracts?, charge.
        let cases = [
            ("2010-01-04", 100.0, 10_000.0, false, 0.0),
            // 0.278 and 0.0166, each up to the cent.
            ("2024-05-22", 100.0, 10_000.0, false, 0.28 + 0.02),
            ("2024-05-21", 100.0, 10_000.0, false, 0.08 + 0.02),
            ("2025-05-14", 100.0, 10_000.0, false, 0.0 + 0.02),
            // 0.206 and 0.0195.
            ("2026-04-04", 100.0, 10_000.0, false, 0.21 + 0.02),
            ("2026-11-20", 100_000.0, 1_000_000.0, false, 20.60 + 9.79),
            ("2024-06-03", 100_000.0, 1_000_000.0, false, 27.80 + 8.30),
            ("2024-06-03", 10.0, 2_000.0, true, 0.06 + 0.03),
            ("2024-06-03", 0.0, 0.0, false, 0.0),
        ];
        for (date, quantity, proceeds, contracts, expected) in cases {
            let sale = RegulatedSale { date, quantity, proceeds, contracts };
            let got = us_regulatory_charges().charge(sale);
            assert!((got - expected).abs() < 1e-9, "{date}: {got}, not {expected}");
        }
    }
}
