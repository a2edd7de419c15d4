//! Price ticks and quantity lots.
//!
//! Written for one number or for lanes, with the same bits in both.

use crate::lane::Lane;

/// Slack in steps: what lies this close to a step is on it.
const TOLERANCE: f64 = 1e-9;

/// Slack relative to the number of steps: a few roundings of the last bit, which beyond some
/// millions of steps are more than [`TOLERANCE`].
const RELATIVE_TOLERANCE: f64 = 1e-15;

/// Distance of two prices.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tick(Grid);

/// Distance of two quantities.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LotSize(Grid);

impl Tick {
    /// A tick of that many units of price; 0 (or anything that is no positive number) allows
    /// every price.
    pub fn new(tick: f64) -> Self {
        Self(Grid::new(tick))
    }
}

impl LotSize {
    /// A lot of that many units; 0 (or anything that is no positive number) allows every quantity.
    pub fn new(lot: f64) -> Self {
        Self(Grid::new(lot))
    }
}

/// The price on the tick that is no better for the trader: a buyer's rises, a seller's falls.
///
/// A price within 1e-9 ticks of one stays there; none moves by a tick or more.
#[inline(always)]
pub fn round_against<L: Lane>(price: L, tick: Tick, buy: bool) -> L {
    if buy { tick.0.up(price) } else { tick.0.down(price) }
}

/// The largest quantity in whole lots that is not above a non-negative `quantity`.
///
/// A quantity within 1e-9 lots below a whole number of them counts as it.
#[inline(always)]
pub fn floor_to_lot<L: Lane>(quantity: L, lot: LotSize) -> L {
    lot.0.down(quantity)
}

/// Equidistant values around zero.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Grid {
    /// Any value at all.
    Free,
    /// A whole number of steps makes one, as 100 cents do: dividing by it gives the double that is
    /// nearest to the decimal, multiplying by 0.01 would not.
    PerUnit(f64),
    /// Any other step.
    Step(f64),
}

impl Grid {
    fn new(step: f64) -> Self {
        if !(step > 0.0 && step.is_finite()) {
            return Self::Free;
        }
        let per_unit = 1.0 / step;
        let whole = per_unit.round();
        if whole >= 1.0 && (per_unit - whole).abs() <= 1e-9 * whole {
            Self::PerUnit(whole)
        } else {
            Self::Step(step)
        }
    }

    #[inline(always)]
    fn up<L: Lane>(self, value: L) -> L {
        self.snap(value, |steps, tolerance| (steps - tolerance).ceil())
    }

    #[inline(always)]
    fn down<L: Lane>(self, value: L) -> L {
        self.snap(value, |steps, tolerance| (steps + tolerance).floor())
    }

    #[inline(always)]
    fn snap<L: Lane>(self, value: L, round: impl Fn(L, L) -> L) -> L {
        let whole = |steps: L| {
            round(steps, L::splat(TOLERANCE) + steps.abs() * L::splat(RELATIVE_TOLERANCE))
        };
        match self {
            Self::Free => value,
            Self::PerUnit(count) => whole(value * L::splat(count)) / L::splat(count),
            Self::Step(step) => whole(value / L::splat(step)) * L::splat(step),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};

    use super::*;
    use crate::lane::Lanes;

    #[test]
    fn prices_round_against_the_trader() {
        // Price, tick, the buyer's price, the seller's.
        let cases = [
            (10.001, 0.01, 10.01, 10.0),
            (10.01, 0.01, 10.01, 10.01),
            (0.29, 0.01, 0.29, 0.29),
            (0.1 + 0.2, 0.1, 0.3, 0.3),
            (10.0 + 1e-12, 0.01, 10.0, 10.0),
            (10.0 - 1e-12, 0.01, 10.0, 10.0),
            (4_500.13, 0.25, 4_500.25, 4_500.0),
            (1.084_321, 0.000_01, 1.084_33, 1.084_32),
            (103.0, 5.0, 105.0, 100.0),
            (1.0, 0.03, 1.02, 0.99),
            (-37.635, 0.01, -37.63, -37.64),
            (12.345_678, 0.0, 12.345_678, 12.345_678),
            (12.345_678, -1.0, 12.345_678, 12.345_678),
            (12.345_678, f64::NAN, 12.345_678, 12.345_678),
        ];
        for (price, tick, buy, sell) in cases {
            let tick_of = Tick::new(tick);
            let got = (round_against(price, tick_of, true), round_against(price, tick_of, false));
            assert_eq!(got, (buy, sell), "{price} on {tick}");
        }
        assert!(round_against(f64::NAN, Tick::new(0.01), true).is_nan());
    }

    #[test]
    fn quantities_round_to_whole_lots() {
        let cases = [
            (10.7, 1.0, 10.0),
            (10.0 - 1e-10, 1.0, 10.0),
            (0.999, 1.0, 0.0),
            (0.0, 1.0, 0.0),
            (250.0, 100.0, 200.0),
            (0.3 - 1e-16, 0.1, 0.3),
            (0.123_456_789, 0.000_1, 0.123_4),
            (7.5, 0.0, 7.5),
        ];
        for (quantity, lot, whole) in cases {
            assert_eq!(floor_to_lot(quantity, LotSize::new(lot)), whole, "{quantity} by {lot}");
        }
    }

    const STEPS: [f64; 9] = [0.000_01, 0.000_1, 0.01, 0.03, 0.05, 0.25, 1.0, 2.5, 100.0];

    proptest! {
        #[test]
        fn never_better_and_less_than_a_tick(
            price in -1e6..1e6f64,
            step in proptest::sample::select(&STEPS[..]),
            buy in any::<bool>(),
        ) {
            let tick = Tick::new(step);
            let rounded = round_against(price, tick, buy);
            let worse = if buy { rounded - price } else { price - rounded };
            // One tolerance, and the last bits of numbers up to a million.
            let slack = step * 1e-9 + price.abs() * 2e-15;
            prop_assert!(worse >= -slack, "{price} became {rounded}");
            prop_assert!(worse < step + slack, "{price} became {rounded}");
            prop_assert_eq!(round_against(rounded, tick, buy), rounded);
            prop_assert_eq!(round_against(rounded, tick, !buy), rounded);
        }

        #[test]
        fn prices_on_the_tick_stay(
            ticks in -1_000_000_000_000i64..1_000_000_000_000,
            per_unit in proptest::sample::select(&[1.0, 4.0, 10.0, 20.0, 100.0, 10_000.0, 1e5][..]),
            buy in any::<bool>(),
        ) {
            let price = ticks as f64 / per_unit;
            prop_assert_eq!(round_against(price, Tick::new(1.0 / per_unit), buy), price);
        }

        #[test]
        fn lots_never_exceed_the_quantity(
            quantity in 0.0..1e6f64,
            step in proptest::sample::select(&STEPS[..]),
        ) {
            let whole = floor_to_lot(quantity, LotSize::new(step));
            let slack = step * 1e-9 + quantity * 2e-15;
            prop_assert!(whole >= 0.0 && whole <= quantity + slack && whole > quantity - step - slack);
        }

        #[test]
        fn lanes_give_the_same_bits(
            values in proptest::array::uniform8(-1e5..1e5f64),
            step in proptest::sample::select(&[0.0, 0.01, 0.03, 0.25, 1.0][..]),
            buy in any::<bool>(),
        ) {
            let rounded = round_against(Lanes(values), Tick::new(step), buy).0;
            let floored = floor_to_lot(Lanes(values), LotSize::new(step)).0;
            for (index, value) in values.into_iter().enumerate() {
                let alone = round_against(value, Tick::new(step), buy);
                prop_assert_eq!(rounded[index].to_bits(), alone.to_bits());
                let alone = floor_to_lot(value, LotSize::new(step));
                prop_assert_eq!(floored[index].to_bits(), alone.to_bits());
            }
        }
    }
}
