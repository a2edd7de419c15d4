//! Commission schedules of brokers, as data.
//!
//! `presets.json` beside this file is meant to be edited; each entry has a date and a source, and
//! none replaces a look at the broker's own page.

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use super::commission::Commission;

const PRESETS: &str = include_str!("presets.json");

/// A broker's schedule for one asset class, as last written down.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CommissionPreset {
    /// How it is asked for: lower case, `broker_class`.
    pub name: String,
    /// What a person reads.
    pub label: String,
    /// Date on which the entry was last edited, `YYYY-MM-DD`.
    pub as_of: String,
    /// Where the figures come from.
    pub source: String,
    /// What the figures leave out.
    #[serde(default)]
    pub note: String,
    /// `equity`, `option`, `future`, `forex`, `crypto` or `any`.
    pub asset_class: String,
    /// The schedule, at the lowest level if there are several.
    pub commission: Commission,
    /// Cheaper maker and taker rates by trailing volume, ascending.
    #[serde(default)]
    pub levels: Vec<MakerTakerLevel>,
}

/// Maker and taker rates from a trailing volume on.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MakerTakerLevel {
    /// Money traded in the trailing 30 days at which the level begins.
    pub from_volume_30d: f64,
    /// Basis points of notional for providing liquidity.
    pub maker_bps: f64,
    /// Basis points of notional for taking liquidity.
    pub taker_bps: f64,
}

impl CommissionPreset {
    /// The schedule of an account that traded `volume_30d` (money) in the trailing 30 days; unlike
    /// monthly tiers a level applies to the whole order.
    pub fn commission_at(&self, volume_30d: f64) -> Commission {
        let reached = |level: &&MakerTakerLevel| level.from_volume_30d <= volume_30d;
        match self.levels.iter().rev().find(reached) {
            Some(&MakerTakerLevel { maker_bps, taker_bps, .. }) => {
                Commission { maker_bps, taker_bps, ..self.commission.clone() }
            }
            None => self.commission.clone(),
        }
    }
}

/// The preset of a name.
pub fn preset(name: &str) -> Option<CommissionPreset> {
    presets().iter().find(|preset| preset.name == name).cloned()
}

/// Names of all presets, in the order of the file.
pub fn preset_names() -> Vec<&'static str> {
    presets().iter().map(|preset| preset.name.as_str()).collect()
}

fn presets() -> &'static [CommissionPreset] {
    static PARSED: OnceLock<Vec<CommissionPreset>> = OnceLock::new();
    // The text is part of the binary and a test parses it, so the default is never taken.
    PARSED.get_or_init(|| serde_json::from_str(PRESETS).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::costs::OrderVolume;

    #[test]
    fn every_preset_parses_and_is_complete() {
        let all: Vec<CommissionPreset> = serde_json::from_str(PRESETS).unwrap();
        assert_eq!(all, presets());
        let names = preset_names();
        for expected in [
            "none",
            "alpaca_equities",
            "alpaca_crypto",
            "schwab_equities",
            "schwab_options",
            "schwab_futures",
            "ibkr_fixed",
            "ibkr_tiered",
            "ibkr_options",
            "mt5_raw",
        ] {
            assert_eq!(names.iter().filter(|&&name| name == expected).count(), 1, "{expected}");
        }
        let classes = ["equity", "option", "future", "forex", "crypto", "any"];
        for preset in all {
            preset.commission.check().unwrap();
            assert!(!preset.label.is_empty() && !preset.source.is_empty(), "{preset:?}");
            assert!(classes.contains(&preset.asset_class.as_str()), "{preset:?}");
            let digits = preset.as_of.bytes().filter(u8::is_ascii_digit).count();
            assert_eq!((preset.as_of.len(), digits), (10, 8), "{preset:?}");
            assert!(preset.levels.is_sorted_by(|a, b| a.from_volume_30d < b.from_volume_30d));
        }
        assert_eq!(preset("no_such_broker"), None);
    }

    #[test]
    fn worked_numbers() {
        // Preset, contracts?, quantity, price, month's volume before, cost.
        let cases = [
            ("ibkr_options", true, 1.0, 2.00, 0.0, 1.00),
            ("ibkr_options", true, 2.0, 5.00, 0.0, 1.30),
            ("ibkr_options", true, 3.0, 0.075, 0.0, 1.50),
            ("ibkr_options", true, 5.0, 0.03, 0.0, 1.25),
            ("ibkr_options", true, 10.0, 0.10, 0.0, 6.50),
            ("ibkr_options", true, 10.0, 0.05, 0.0, 5.00),
            ("ibkr_options", true, 20.0, 1.00, 9_990.0, 6.50 + 5.00),
            ("ibkr_options", true, 20.0, 0.04, 20_000.0, 5.00),
            ("ibkr_options", true, 20.0, 1.00, 60_000.0, 5.00),
            ("ibkr_options", true, 20.0, 1.00, 200_000.0, 3.00),
            ("ibkr_fixed", false, 10.0, 0.20, 0.0, 0.02),
            ("ibkr_fixed", false, 100.0, 50.0, 0.0, 1.00),
            ("ibkr_fixed", false, 1_000.0, 50.0, 0.0, 5.00),
            ("ibkr_tiered", false, 50.0, 50.0, 0.0, 0.35),
            ("ibkr_tiered", false, 1_000.0, 50.0, 0.0, 3.50),
            ("ibkr_tiered", false, 2_000.0, 50.0, 299_000.0, 3.50 + 2.00),
            ("ibkr_tiered", false, 1_000.0, 50.0, 5_000_000.0, 1.50),
            ("ibkr_tiered", false, 1_000.0, 50.0, 50_000_000.0, 1.00),
            ("ibkr_tiered", false, 1_000.0, 50.0, 500_000_000.0, 0.50),
            ("schwab_options", true, 4.0, 1.00, 0.0, 2.60),
            ("schwab_futures", true, 2.0, 50.0, 0.0, 4.50),
            ("mt5_raw", true, 2.0, 1.1, 0.0, 7.00),
            ("mt5_raw", false, 200_000.0, 1.1, 0.0, 7.00),
            ("alpaca_equities", false, 100.0, 50.0, 0.0, 0.00),
            ("schwab_equities", false, 100.0, 50.0, 0.0, 0.00),
            ("alpaca_crypto", false, 2.0, 500.0, 0.0, 2.50),
        ];
        for (name, contracts, quantity, price, month, cost) in cases {
            let multiplier = if contracts { 100.0 } else { 1.0 };
            let order = OrderVolume {
                quantity,
                notional: quantity * price * multiplier,
                contracts,
                ..OrderVolume::default()
            };
            let got = preset(name).unwrap().commission.order_cost(order, month);
            assert!((got - cost).abs() < 1e-9, "{name} {quantity} @ {price}: {got}, not {cost}");
        }
    }

    #[test]
    fn levels_follow_the_trailing_volume() {
        let crypto = preset("alpaca_crypto").unwrap();
        for (volume, maker, taker) in
            [(0.0, 15.0, 25.0), (99_999.0, 15.0, 25.0), (100_000.0, 12.0, 22.0), (1e9, 0.0, 10.0)]
        {
            let commission = crypto.commission_at(volume);
            assert_eq!((commission.maker_bps, commission.taker_bps), (maker, taker), "{volume}");
        }
    }
}
