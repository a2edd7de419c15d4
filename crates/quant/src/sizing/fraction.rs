//! A share of equity, and the ceilings over any quantity.

use super::error::{SizingError, not_negative, positive};
use super::unit::{Unit, round_to_lot};

/// The quantity whose notional is `fraction` of `equity` at `price`: floor(f·E/P) to the lot.
///
/// # Errors
/// [`SizingError::OutOfRange`] for a price not above 0, or a negative fraction or equity.
pub fn fixed_fraction(
    equity: f64,
    fraction: f64,
    price: f64,
    unit: &Unit,
) -> Result<f64, SizingError> {
    let budget = not_negative("equity", equity)? * not_negative("fraction", fraction)?;
    unit.affordable(budget, unit.value_of(positive("price", price)?)?)
}

/// Ceilings over a quantity, whatever it was sized by.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Caps {
    /// Notional that may be bought or sold, in account currency.
    pub buying_power: Option<f64>,
    /// Notional that one position may have, in account currency: a share of equity.
    pub max_notional: Option<f64>,
}

impl Caps {
    /// The largest quantity up to `quantity` that no ceiling forbids at `price`, to the lot.
    ///
    /// # Errors
    /// [`SizingError::OutOfRange`] for a price not above 0, or a negative quantity or ceiling.
    pub fn apply(&self, quantity: f64, price: f64, unit: &Unit) -> Result<f64, SizingError> {
        let value = unit.value_of(positive("price", price)?)?;
        let mut allowed = round_to_lot(not_negative("quantity", quantity)?, unit.lot)?;
        let ceilings =
            [("buying power", self.buying_power), ("maximum notional", self.max_notional)];
        for (name, ceiling) in ceilings {
            if let Some(ceiling) = ceiling {
                allowed = allowed.min(unit.affordable(not_negative(name, ceiling)?, value)?);
            }
        }
        Ok(allowed)
    }
}

#[cfg(test)]
mod tests {
    use super::{Caps, Unit, fixed_fraction};

    #[test]
    fn fractions_by_hand() {
        let shares = Unit::default();
        let contracts = Unit { multiplier: 50.0, fx: 0.5, lot: 1.0 };
        let coins = Unit { lot: 0.001, ..shares };
        let cases = [
            (10_000.0, 1.0, 30.0, shares, 333.0),
            (10_000.0, 0.0, 30.0, shares, 0.0),
            (100_000.0, 0.25, 100.0, contracts, 10.0),
            (1_000.0, 0.5, 30_000.0, coins, 0.016),
        ];
        for (equity, fraction, price, unit, expected) in cases {
            let quantity = fixed_fraction(equity, fraction, price, &unit).unwrap();
            assert!((quantity - expected).abs() < 1e-12, "{quantity} {expected}");
        }
        assert!(fixed_fraction(10_000.0, 0.5, 0.0, &shares).is_err());
        assert!(fixed_fraction(10_000.0, -0.5, 10.0, &shares).is_err());
        assert!(fixed_fraction(-1.0, 0.5, 10.0, &shares).is_err());
        assert!(fixed_fraction(10.0, 0.5, 10.0, &Unit { multiplier: 0.0, ..shares }).is_err());
    }

    #[test]
    fn the_lowest_ceiling_holds() {
        let shares = Unit::default();
        let caps = Caps { buying_power: Some(15_050.0), max_notional: Some(20_000.0) };
        assert_eq!(caps.apply(400.0, 50.0, &shares), Ok(301.0));
        assert_eq!(caps.apply(100.0, 50.0, &shares), Ok(100.0));
        let position = Caps { buying_power: None, ..caps };
        assert_eq!(position.apply(1_000.0, 50.0, &shares), Ok(400.0));
        assert_eq!(Caps::default().apply(1_000.0, 50.0, &shares), Ok(1_000.0));
        assert!(Caps { buying_power: Some(-1.0), ..caps }.apply(1.0, 50.0, &shares).is_err());
    }
}
