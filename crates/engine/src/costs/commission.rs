//! Commission schedules: what the broker takes for an order.
//!
//! One schedule describes one asset class at one broker. Its parts add up; minimum and maximum
//! apply to the order as a whole, so fills of one order share them.

use serde::{Deserialize, Serialize};

/// Units that one option contract delivers: its notional divided by them is the premium.
const UNITS_PER_OPTION_CONTRACT: f64 = 100.0;

/// Slack when a premium meets the lower end of a price tier.
const PREMIUM_TOLERANCE: f64 = 1e-9;

/// A broker's schedule.
///
/// Cost of an order = clamp(Σ parts, `min`, `max`), in the currency of the notional; where minimum
/// and maximum conflict the maximum wins. A negative rate is a rebate. Everything defaults to
/// nothing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Commission {
    /// Money a unit, when the quantity counts shares or units.
    pub per_share: f64,
    /// Money a contract, when the quantity counts contracts or lots.
    pub per_contract: f64,
    /// Basis points (1e-4) of notional.
    pub bps_of_notional: f64,
    /// Money an order, whatever it trades.
    pub per_order: f64,
    /// Least money an order.
    pub min: Option<f64>,
    /// Most money an order.
    pub max: Option<f64>,
    /// Most an order costs, in percent of its notional (`1.0` is 1 %).
    pub max_pct_of_notional: Option<f64>,
    /// Rates by volume of the month, ascending; from the first tier on they replace `per_share`
    /// and `per_contract`.
    pub tiers: Vec<VolumeTier>,
    /// Basis points of notional on top when the order provides liquidity.
    pub maker_bps: f64,
    /// Basis points of notional on top when the order takes liquidity.
    pub taker_bps: f64,
    /// Which orders pay.
    pub sides: ChargedSides,
}

/// The rate of the units that lie above a month's volume.
///
/// Marginal: an order that crosses into a tier pays its rate only for the part beyond.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct VolumeTier {
    /// Units of the calendar month at which the tier begins.
    pub from_volume_month: f64,
    /// Money a unit or contract.
    pub rate: f64,
    /// Rates by premium instead of `rate`, ascending.
    pub price_tiers: Vec<PriceTier>,
}

/// The rate of option contracts from a premium on.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PriceTier {
    /// Lowest premium, a unit of the underlying, at which the rate applies.
    pub from_price: f64,
    /// Money a contract.
    pub per_contract: f64,
}

/// Which orders pay a commission.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ChargedSides {
    /// All.
    #[default]
    Both,
    /// Purchases only.
    Buy,
    /// Sales only.
    Sell,
}

/// What an order has traded.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct OrderVolume {
    /// Units or contracts, not negative.
    pub quantity: f64,
    /// Σ quantity × price × multiplier, not negative.
    pub notional: f64,
    /// Whether it sells.
    pub is_sell: bool,
    /// Whether it provides liquidity; of an order in parts, whether the last fill did.
    pub is_maker: bool,
    /// Whether the quantity counts contracts rather than units.
    pub contracts: bool,
}

/// Why a schedule makes no sense.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum CommissionError {
    /// A number is NaN or infinite.
    #[error("commission: {field} is not a number")]
    NotFinite {
        /// Which.
        field: &'static str,
    },
    /// Tiers do not ascend.
    #[error("commission: {field} must ascend")]
    NotAscending {
        /// Which.
        field: &'static str,
    },
}

impl Commission {
    /// No commission.
    pub fn none() -> Self {
        Self::default()
    }

    /// Basis points of notional on both sides and nothing else.
    pub fn bps(bps: f64) -> Self {
        Self { bps_of_notional: bps, ..Self::default() }
    }

    /// Fraction of notional, when that is all the schedule takes; `Some(0.0)` for none.
    ///
    /// The cost of a fill is then exactly `notional * rate`, which lets a sweep compute it in
    /// lanes.
    pub fn linear_rate(&self) -> Option<f64> {
        let linear = self.per_share == 0.0
            && self.per_contract == 0.0
            && self.per_order == 0.0
            && self.maker_bps == self.taker_bps
            && self.tiers.is_empty()
            && self.min.is_none()
            && self.max.is_none()
            && self.max_pct_of_notional.is_none()
            && self.sides == ChargedSides::Both;
        linear.then(|| (self.bps_of_notional + self.taker_bps) / 1e4)
    }

    /// Cost of a whole order.
    ///
    /// `volume_this_month`: units or contracts traded in the calendar month before it, which only
    /// tiers look at. An order that trades nothing costs nothing.
    #[inline]
    pub fn order_cost(&self, order: OrderVolume, volume_this_month: f64) -> f64 {
        match self.linear_rate() {
            Some(rate) => order.notional * rate,
            None => self.clamped_cost(order, volume_this_month),
        }
    }

    /// Cost of the fill that brings an order from `before` to `after`.
    ///
    /// It is the order's cost so far less what earlier fills paid, so fills of any sizes sum to
    /// [`Commission::order_cost`] and share minimum and maximum. `volume_this_month`: units of the
    /// month before this fill, earlier fills of this order included. Under a linear schedule the
    /// cost is the fill's notional × [`Commission::linear_rate`].
    ///
    /// A premium tier is chosen by the order's average premium, so a fill at a much lower premium
    /// may return a part of what an earlier one paid.
    pub fn fill_cost(
        &self,
        before: OrderVolume,
        after: OrderVolume,
        volume_this_month: f64,
    ) -> f64 {
        if let Some(rate) = self.linear_rate() {
            return (after.notional - before.notional) * rate;
        }
        // Earlier fills count as of this fill's kind: their maker or taker part then cancels out
        // and this fill pays its own rate.
        let before = OrderVolume {
            is_sell: after.is_sell,
            is_maker: after.is_maker,
            contracts: after.contracts,
            ..before
        };
        let volume_before_order = volume_this_month - before.quantity;
        self.clamped_cost(after, volume_before_order)
            - self.clamped_cost(before, volume_before_order)
    }

    /// Checks that numbers are finite and tiers ascend.
    ///
    /// # Errors
    /// [`CommissionError`] names the field.
    pub fn check(&self) -> Result<(), CommissionError> {
        let numbers = [
            ("per_share", Some(self.per_share)),
            ("per_contract", Some(self.per_contract)),
            ("bps_of_notional", Some(self.bps_of_notional)),
            ("per_order", Some(self.per_order)),
            ("min", self.min),
            ("max", self.max),
            ("max_pct_of_notional", self.max_pct_of_notional),
            ("maker_bps", Some(self.maker_bps)),
            ("taker_bps", Some(self.taker_bps)),
        ];
        let tiers = self.tiers.iter().flat_map(|tier| {
            let prices = tier.price_tiers.iter();
            let prices = prices.flat_map(|price| [price.from_price, price.per_contract]);
            [tier.from_volume_month, tier.rate]
                .into_iter()
                .map(|number| ("tiers", Some(number)))
                .chain(prices.map(|number| ("price_tiers", Some(number))))
        });
        for (field, number) in numbers.into_iter().chain(tiers) {
            if number.is_some_and(|number| !number.is_finite()) {
                return Err(CommissionError::NotFinite { field });
            }
        }
        if !self.tiers.is_sorted_by(|a, b| a.from_volume_month < b.from_volume_month) {
            return Err(CommissionError::NotAscending { field: "tiers" });
        }
        let ascends =
            |tier: &VolumeTier| tier.price_tiers.is_sorted_by(|a, b| a.from_price < b.from_price);
        if !self.tiers.iter().all(ascends) {
            return Err(CommissionError::NotAscending { field: "price_tiers" });
        }
        Ok(())
    }

    fn clamped_cost(&self, order: OrderVolume, volume_before: f64) -> f64 {
        let exempt = match self.sides {
            ChargedSides::Both => false,
            ChargedSides::Buy => order.is_sell,
            ChargedSides::Sell => !order.is_sell,
        };
        if exempt || order.quantity <= 0.0 {
            return 0.0;
        }
        let liquidity_bps = if order.is_maker { self.maker_bps } else { self.taker_bps };
        let parts = self.unit_cost(&order, volume_before)
            + order.notional * ((self.bps_of_notional + liquidity_bps) / 1e4)
            + self.per_order;
        let share_of_notional = self.max_pct_of_notional.map(|pct| pct / 100.0 * order.notional);
        let at_least = self.min.map_or(parts, |min| parts.max(min));
        [self.max, share_of_notional].into_iter().flatten().fold(at_least, f64::min)
    }

    /// The part that grows with the quantity.
    fn unit_cost(&self, order: &OrderVolume, volume_before: f64) -> f64 {
        let flat_rate = if order.contracts { self.per_contract } else { self.per_share };
        let Some(first) = self.tiers.first() else {
            return order.quantity * flat_rate;
        };
        let volume_after = volume_before + order.quantity;
        // An order that began in an earlier month has its first units below zero; they belong to
        // the rate of an empty month.
        let begin = |tier: &VolumeTier| match tier.from_volume_month {
            from if from <= 0.0 => f64::NEG_INFINITY,
            from => from,
        };
        let units_in =
            |from: f64, to: f64| (volume_after.min(to) - volume_before.max(from)).max(0.0);
        let premium = order.notional / (order.quantity * UNITS_PER_OPTION_CONTRACT);
        let mut cost = flat_rate * units_in(f64::NEG_INFINITY, begin(first));
        for (index, tier) in self.tiers.iter().enumerate() {
            let end = self.tiers.get(index + 1).map_or(f64::INFINITY, begin);
            cost += tier.rate_at(premium) * units_in(begin(tier), end);
        }
        cost
    }
}

impl VolumeTier {
    /// Money a unit at a premium.
    fn rate_at(&self, premium: f64) -> f64 {
        let reached = |tier: &&PriceTier| premium >= tier.from_price - PREMIUM_TOLERANCE;
        self.price_tiers.iter().rev().find(reached).map_or(self.rate, |tier| tier.per_contract)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{Strategy, any, prop_assert, prop_assert_eq, proptest};

    use super::*;

    fn shares(quantity: f64, price: f64) -> OrderVolume {
        OrderVolume { quantity, notional: quantity * price, ..OrderVolume::default() }
    }

    fn tier(from_volume_month: f64, rate: f64) -> VolumeTier {
        VolumeTier { from_volume_month, rate, price_tiers: Vec::new() }
    }

    fn check(name: &str, commission: &Commission, order: OrderVolume, month: f64, cost: f64) {
        let got = commission.order_cost(order, month);
        assert!((got - cost).abs() < 1e-12, "{name}: {got}, expected {cost}");
    }

    #[test]
    fn parts_add_up_and_are_clamped() {
        let sell = |order| OrderVolume { is_sell: true, ..order };
        let maker = |order| OrderVolume { is_maker: true, ..order };
        let contracts = |order| OrderVolume { contracts: true, ..order };
        let sum = Commission {
            per_share: 0.01,
            per_contract: 5.0,
            bps_of_notional: 2.0,
            per_order: 1.0,
            maker_bps: -1.0,
            taker_bps: 3.0,
            ..Commission::default()
        };
        check("taker", &sum, shares(100.0, 10.0), 0.0, 1.0 + 1.0 + 0.2 + 0.3);
        check("maker", &sum, maker(shares(100.0, 10.0)), 0.0, 1.0 + 1.0 + 0.2 - 0.1);
        check("contracts", &sum, contracts(shares(2.0, 10.0)), 0.0, 10.0 + 1.0 + 0.01);
        check("nothing traded", &sum, shares(0.0, 10.0), 0.0, 0.0);

        let clamped =
            Commission { per_share: 0.01, min: Some(1.0), max: Some(5.0), ..Commission::default() };
        check("min", &clamped, shares(10.0, 50.0), 0.0, 1.0);
        check("between", &clamped, shares(300.0, 50.0), 0.0, 3.0);
        check("max", &clamped, shares(9_000.0, 50.0), 0.0, 5.0);
        let conflict = Commission { max_pct_of_notional: Some(1.0), ..clamped };
        check("max wins over min", &conflict, shares(10.0, 0.20), 0.0, 0.02);

        let sales =
            Commission { sides: ChargedSides::Sell, min: Some(2.0), ..Commission::bps(5.0) };
        check("purchase is free", &sales, shares(10.0, 10.0), 0.0, 0.0);
        check("sale pays", &sales, sell(shares(10.0, 10.0)), 0.0, 2.0);
        let buys = Commission { sides: ChargedSides::Buy, ..Commission::bps(5.0) };
        check("sale is free", &buys, sell(shares(10.0, 10.0)), 0.0, 0.0);
        check("rebate", &Commission::bps(-2.0), shares(10.0, 10.0), 0.0, -0.02);
    }

    #[test]
    fn tiers_are_marginal() {
        let tiered = Commission {
            per_share: 0.01,
            tiers: vec![tier(1_000.0, 0.005), tier(2_000.0, 0.001)],
            ..Commission::default()
        };
        let cases = [
            (0.0, 500.0, 5.0),
            (900.0, 200.0, 100.0 * 0.01 + 100.0 * 0.005),
            (500.0, 2_000.0, 500.0 * 0.01 + 1_000.0 * 0.005 + 500.0 * 0.001),
            (1_000.0, 10.0, 0.05),
            (5_000.0, 10.0, 0.01),
        ];
        for (month, quantity, cost) in cases {
            check("tiers", &tiered, shares(quantity, 10.0), month, cost);
        }
    }

    #[test]
    fn an_order_that_outlives_the_month_starts_anew() {
        let tiered = Commission {
            min: Some(1.0),
            tiers: vec![tier(0.0, 0.01), tier(100.0, 0.001)],
            ..Commission::default()
        };
        let first = tiered.fill_cost(OrderVolume::default(), shares(150.0, 10.0), 50.0);
        assert_eq!(first, 1.0, "50 units at the first rate and 100 at the second are below 1");
        let second = tiered.fill_cost(shares(150.0, 10.0), shares(190.0, 10.0), 0.0);
        assert!((second - 40.0 * 0.01).abs() < 1e-12, "{second}");
    }

    #[test]
    fn fills_of_one_order_share_the_minimum() {
        let fixed = Commission { per_share: 0.005, min: Some(1.0), ..Commission::default() };
        let none = OrderVolume::default();
        let first = fixed.fill_cost(none, shares(100.0, 20.0), 0.0);
        let second = fixed.fill_cost(shares(100.0, 20.0), shares(180.0, 20.0), 100.0);
        let third = fixed.fill_cost(shares(180.0, 20.0), shares(400.0, 20.0), 180.0);
        assert_eq!((first, second, third), (1.0, 0.0, 1.0));
    }

    #[test]
    fn each_fill_pays_its_own_liquidity() {
        let crypto = Commission { maker_bps: 15.0, taker_bps: 25.0, ..Commission::default() };
        let taken = shares(10.0, 100.0);
        let rested = OrderVolume { is_maker: true, ..shares(30.0, 100.0) };
        let first = crypto.fill_cost(OrderVolume::default(), taken, 0.0);
        let second = crypto.fill_cost(taken, rested, 10.0);
        assert!((first - 2.5).abs() < 1e-12 && (second - 3.0).abs() < 1e-12, "{first} {second}");
    }

    #[test]
    fn only_bps_of_both_sides_are_linear() {
        let alike = Commission { maker_bps: 10.0, taker_bps: 10.0, ..Commission::none() };
        let linear =
            [(Commission::none(), 0.0), (Commission::bps(5.0), 5.0 / 1e4), (alike, 10.0 / 1e4)];
        for (commission, rate) in linear {
            assert_eq!(commission.linear_rate(), Some(rate));
            let (before, after) = (shares(0.0, 7.3), shares(3.7, 7.3));
            assert_eq!(commission.fill_cost(before, after, 0.0), after.notional * rate);
            assert_eq!(commission.order_cost(after, 0.0), after.notional * rate);
        }
        let base = Commission::bps(5.0);
        let others = [
            Commission { per_share: 0.01, ..base.clone() },
            Commission { per_contract: 0.01, ..base.clone() },
            Commission { per_order: 0.01, ..base.clone() },
            Commission { min: Some(0.0), ..base.clone() },
            Commission { max: Some(9.0), ..base.clone() },
            Commission { max_pct_of_notional: Some(1.0), ..base.clone() },
            Commission { tiers: vec![tier(0.0, 0.01)], ..base.clone() },
            Commission { maker_bps: 1.0, ..base.clone() },
            Commission { taker_bps: 1.0, ..base.clone() },
            Commission { sides: ChargedSides::Buy, ..base.clone() },
            Commission { sides: ChargedSides::Sell, ..base },
        ];
        for commission in others {
            assert_eq!(commission.linear_rate(), None, "{commission:?}");
        }
    }

    #[test]
    fn faults_are_named() {
        let none = Commission::none;
        let price = |from_price, per_contract| PriceTier { from_price, per_contract };
        let premium = |price_tiers| VolumeTier { price_tiers, ..VolumeTier::default() };
        let cases = [
            (none(), None),
            (Commission { per_share: f64::NAN, ..none() }, Some("per_share")),
            (Commission { max: Some(f64::INFINITY), ..none() }, Some("max")),
            (Commission { tiers: vec![tier(0.0, f64::NAN)], ..none() }, Some("tiers")),
            (Commission { tiers: vec![tier(5.0, 1.0), tier(5.0, 2.0)], ..none() }, Some("tiers")),
            (
                Commission {
                    tiers: vec![premium(vec![price(0.1, 1.0), price(0.0, 1.0)])],
                    ..none()
                },
                Some("price_tiers"),
            ),
        ];
        for (commission, fault) in cases {
            let got = commission.check().err().map(|error| match error {
                CommissionError::NotFinite { field } | CommissionError::NotAscending { field } => {
                    field
                }
            });
            assert_eq!(got, fault, "{commission:?}");
        }
    }

    #[test]
    fn json_defaults_to_nothing_and_refuses_unknown_fields() {
        let parse = serde_json::from_str::<Commission>;
        assert_eq!(parse("{}").unwrap(), Commission::none());
        assert_eq!(parse(r#"{"bps_of_notional": 5}"#).unwrap(), Commission::bps(5.0));
        assert_eq!(parse(r#"{"sides": "sell"}"#).unwrap().sides, ChargedSides::Sell);
        assert!(parse(r#"{"per_sahre": 1}"#).is_err());
    }

    fn any_commission() -> impl Strategy<Value = Commission> {
        let rates = (0.0..0.1, 0.0..3.0, 0.0..50.0, 0.0..5.0, 0.0..20.0, 0.0..20.0);
        let limits = (any::<Option<u8>>(), any::<Option<u8>>(), any::<Option<u8>>());
        let tiers = proptest::collection::vec((1.0..5_000.0, 0.0..0.1), 0..4);
        (rates, limits, tiers, any::<bool>()).prop_map(|(rates, limits, tiers, from_zero)| {
            let mut from = if from_zero { 0.0 } else { 10.0 };
            let mut ascending = Vec::new();
            for (width, rate) in tiers {
                ascending.push(tier(from, rate));
                from += width;
            }
            Commission {
                per_share: rates.0,
                per_contract: rates.1,
                bps_of_notional: rates.2,
                per_order: rates.3,
                maker_bps: rates.4,
                taker_bps: rates.5,
                min: limits.0.map(f64::from),
                max: limits.1.map(f64::from),
                max_pct_of_notional: limits.2.map(|pct| f64::from(pct) / 50.0),
                tiers: ascending,
                sides: ChargedSides::Both,
            }
        })
    }

    proptest! {
        #[test]
        fn fills_sum_to_the_order_and_are_never_negative(
            commission in any_commission(),
            fills in proptest::collection::vec((0.01..2_000.0, 0.01..500.0), 1..12),
            month in 0.0..10_000.0,
            kind in (any::<bool>(), any::<bool>(), any::<bool>()),
        ) {
            let (is_sell, is_maker, contracts) = kind;
            let empty = OrderVolume { is_sell, is_maker, contracts, ..OrderVolume::default() };
            let (mut volume, mut paid) = (OrderVolume::default(), 0.0);
            for (quantity, price) in fills {
                let after = OrderVolume {
                    quantity: volume.quantity + quantity,
                    notional: volume.notional + quantity * price,
                    ..empty
                };
                let cost = commission.fill_cost(volume, after, month + volume.quantity);
                prop_assert!(cost >= -1e-7, "{cost}");
                paid += cost;
                volume = after;
            }
            let whole = commission.order_cost(volume, month);
            prop_assert!((paid - whole).abs() <= 1e-7 * whole.abs().max(1.0), "{paid} {whole}");
        }

        #[test]
        fn maximum_wins_over_everything(
            commission in any_commission(),
            quantity in 0.01..2_000.0,
            price in 0.01..500.0,
        ) {
            let order = shares(quantity, price);
            let cost = commission.order_cost(order, 0.0);
            if let Some(max) = commission.max {
                prop_assert!(cost <= max);
            }
            if let Some(pct) = commission.max_pct_of_notional {
                prop_assert!(cost <= pct / 100.0 * order.notional * (1.0 + 1e-12));
            }
            let json = serde_json::to_string(&commission).unwrap();
            prop_assert_eq!(serde_json::from_str::<Commission>(&json).unwrap(), commission);
        }
    }
}
