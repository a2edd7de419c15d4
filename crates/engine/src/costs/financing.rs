//! Financing: what holding costs overnight.
//!
//! Rates are annual fractions (`0.05` is 5 %) on a year of 360 days, booked by calendar days: the
//! booking on a Friday covers three.

use serde::{Deserialize, Serialize};

/// Days of the money market's year.
const YEAR: f64 = 360.0;

/// Share of a borrowed stock's value that the lender holds as collateral and charges on.
const COLLATERAL: f64 = 1.02;

/// What an account pays for borrowed money and borrowed stock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Financing {
    /// Annual fee for borrowing stock.
    pub borrow_rate: f64,
    /// Annual interest on cash below zero: benchmark and spread together.
    pub margin_rate: f64,
    /// Annual interest that the broker pays on the value of short positions.
    pub short_rebate_rate: f64,
    /// Whether the fee is on the mark rounded up to the dollar, as US lenders do.
    pub round_mark_up: bool,
}

impl Financing {
    /// Whether holding costs nothing.
    pub fn is_zero(&self) -> bool {
        self.borrow_rate == 0.0 && self.margin_rate == 0.0 && self.short_rebate_rate == 0.0
    }

    /// Cost of holding for `days` calendar days, positive when the account pays.
    ///
    /// Margin interest: |cash below 0| · rate / 360. For every short position, given as (units
    /// borrowed, mark): mark · 102 % · units · fee / 360, less the rebate mark · units · rate / 360.
    /// The sign of the units does not matter.
    pub fn charge(
        &self,
        cash: f64,
        short_positions: impl IntoIterator<Item = (f64, f64)>,
        days: u32,
    ) -> f64 {
        let interest = (-cash).max(0.0) * self.margin_rate;
        let borrowing: f64 = short_positions
            .into_iter()
            .map(|(units, mark)| {
                // The slack keeps a mark that means a whole dollar from costing the next.
                let charged = if self.round_mark_up { (mark - 1e-9).ceil() } else { mark };
                let fee = charged * COLLATERAL * self.borrow_rate;
                units.abs() * (fee - mark * self.short_rebate_rate)
            })
            .sum();
        (interest + borrowing) * f64::from(days) / YEAR
    }
}

/// A forex broker's swap table of one pair.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SwapPoints {
    /// Points credited (negative: charged) a lot and night held long.
    pub long: f64,
    /// Points credited (negative: charged) a lot and night held short.
    pub short: f64,
    /// Price of one point: 0.00001 with five decimals, 0.001 for quotes in yen.
    pub point: f64,
    /// Units of the base currency in a lot, usually 100,000.
    pub contract_size: f64,
    /// On which night the weekend is booked.
    pub triple: TripleSwap,
}

/// The night that counts three times, for it moves settlement over the weekend.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TripleSwap {
    /// Pairs that settle in two days.
    #[default]
    Wednesday,
    /// Pairs that settle in one, such as USDCAD.
    Thursday,
}

impl SwapPoints {
    /// Credit in the quote currency (negative: a charge) for holding `lots`, below zero when
    /// short, through 17:00 New York of a date.
    ///
    /// `epoch_day`: the New York date in days since 1970-01-01. Lots · contract size · points ·
    /// point, times the nights that [`TripleSwap::nights`] counts.
    pub fn credit(&self, lots: f64, epoch_day: i64) -> f64 {
        let points = if lots < 0.0 { self.short } else { self.long };
        let nights = f64::from(self.triple.nights(epoch_day));
        lots.abs() * self.contract_size * points * self.point * nights
    }
}

impl TripleSwap {
    /// Nights booked at 17:00 New York of a date (days since 1970-01-01): three on the triple
    /// weekday, none on Saturday and Sunday, else one.
    pub fn nights(self, epoch_day: i64) -> u32 {
        // 1970-01-01 was a Thursday; Monday is 0.
        let weekday = (epoch_day.rem_euclid(7) + 3) % 7;
        let triple = match self {
            Self::Wednesday => 2,
            Self::Thursday => 3,
        };
        match weekday {
            5 | 6 => 0,
            weekday if weekday == triple => 3,
            _ => 1,
        }
    }
}

/// Credit in the quote currency (negative: a charge) of carrying a forex position for `days`.
///
/// `notional`: in the quote currency, below zero when short; rates are annual. A long earns the
/// base rate, pays the quote rate and the broker's markup: notional · (base − quote − markup) / 360
/// · days; a short the reverse, and the markup again.
pub fn carry_credit(notional: f64, base_rate: f64, quote_rate: f64, markup: f64, days: u32) -> f64 {
    (notional * (base_rate - quote_rate) - notional.abs() * markup) * f64::from(days) / YEAR
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop_assert, proptest};

    use super::*;

    fn check(got: f64, expected: f64) {
        assert!((got - expected).abs() < 1e-9, "{got}, expected {expected}");
    }

    #[test]
    fn stock_loans_and_margin() {
        let us = Financing {
            borrow_rate: 0.03,
            margin_rate: 0.06,
            short_rebate_rate: 0.0,
            round_mark_up: true,
        };
        let plain = Financing { round_mark_up: false, ..us };
        let rebate = Financing { short_rebate_rate: 0.01, borrow_rate: 0.0, ..plain };
        // 100 shares at 49.10, so 50 with the dollar rounding.
        let short = [(100.0, 49.1)];
        let day = 51.0 * 100.0 * 0.03 / 360.0;
        check(us.charge(1_000.0, short, 1), day);
        check(us.charge(1_000.0, short, 3), 3.0 * day);
        check(us.charge(0.0, [(-100.0, 50.0)], 1), day);
        check(plain.charge(0.0, short, 1), 49.1 * 1.02 * 100.0 * 0.03 / 360.0);
        check(rebate.charge(0.0, short, 1), -49.1 * 100.0 * 0.01 / 360.0);
        check(us.charge(-36_000.0, [], 1), 6.0);
        check(us.charge(-36_000.0, short, 3), 18.0 + 3.0 * day);
        check(us.charge(36_000.0, [], 3), 0.0);
        check(us.charge(-36_000.0, short, 0), 0.0);
    }

    #[test]
    fn zero_only_without_rates() {
        assert!(Financing::default().is_zero());
        assert!(Financing { round_mark_up: true, ..Financing::default() }.is_zero());
        assert!(!Financing { borrow_rate: 0.01, ..Financing::default() }.is_zero());
        assert!(!Financing { margin_rate: 0.01, ..Financing::default() }.is_zero());
        assert!(!Financing { short_rebate_rate: 0.01, ..Financing::default() }.is_zero());
    }

    /// 2024-03-11, a Monday.
    const MONDAY: i64 = 19_793;

    #[test]
    fn swap_of_one_lot_of_eurusd() {
        let swap = SwapPoints {
            long: -6.5,
            short: 2.5,
            point: 1e-5,
            contract_size: 100_000.0,
            triple: TripleSwap::Wednesday,
        };
        check(swap.credit(1.0, MONDAY), -6.50);
        check(swap.credit(1.0, MONDAY + 2), -19.50);
        check(swap.credit(1.0, MONDAY + 5), 0.0);
        check(swap.credit(-2.0, MONDAY + 1), 5.0);
    }

    #[test]
    fn weekends_are_booked_once() {
        for (triple, nights) in [
            (TripleSwap::Wednesday, [1, 1, 3, 1, 1, 0, 0]),
            (TripleSwap::Thursday, [1, 1, 1, 3, 1, 0, 0]),
        ] {
            for week in [0, -3_000] {
                let got: Vec<u32> =
                    (0..7).map(|day| triple.nights(MONDAY + 7 * week + day)).collect();
                assert_eq!(got, nights);
            }
        }
        // The epoch itself was a Thursday.
        assert_eq!(TripleSwap::Thursday.nights(0), 3);
    }

    #[test]
    fn carry_of_both_sides() {
        check(carry_credit(360_000.0, 0.03, 0.05, 0.01, 1), -30.0);
        check(carry_credit(-360_000.0, 0.03, 0.05, 0.01, 1), 10.0);
        check(carry_credit(-360_000.0, 0.03, 0.05, 0.01, 3), 30.0);
    }

    proptest! {
        #[test]
        fn never_negative_without_a_rebate_and_additive_in_days(
            borrow_rate in 0.0..2.0f64,
            margin_rate in 0.0..0.5f64,
            round_mark_up in proptest::bool::ANY,
            cash in -1e6..1e6f64,
            shorts in proptest::collection::vec((-1e4..1e4f64, 0.01..1e3f64), 0..5),
            days in (0u32..8, 0u32..8),
        ) {
            let rates = Financing { borrow_rate, margin_rate, short_rebate_rate: 0.0, round_mark_up };
            let cost = |days| rates.charge(cash, shorts.iter().copied(), days);
            prop_assert!(cost(days.0) >= 0.0);
            let apart = cost(days.0) + cost(days.1);
            let together = cost(days.0 + days.1);
            prop_assert!((apart - together).abs() <= 1e-12 * together.max(1.0));
        }
    }
}
