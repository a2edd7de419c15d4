//! What one unit of an instrument is worth, and how finely it divides.

use super::error::{SizingError, positive};

/// A quotient this close below a whole number of lots, relative to it, is that number: 2.5 that
/// came out of 50.1 − 47.6 must not cost a lot.
const ROUNDING_NOISE: f64 = 1e-9;

/// Terms of an instrument that turn a price into money and a quantity into lots.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Unit {
    /// Units of the underlying in one contract; 1 for shares and coins.
    pub multiplier: f64,
    /// Account currency for one unit of the quote currency.
    pub fx: f64,
    /// Smallest step of a quantity.
    pub lot: f64,
}

impl Default for Unit {
    /// Whole shares quoted in account currency.
    fn default() -> Unit {
        Unit { multiplier: 1.0, fx: 1.0, lot: 1.0 }
    }
}

impl Unit {
    /// What `price` is for one unit of quantity, in account currency.
    pub(super) fn value_of(&self, price: f64) -> Result<f64, SizingError> {
        Ok(price * positive("multiplier", self.multiplier)? * positive("fx", self.fx)?)
    }

    /// The quantity that `money` pays for at `value` a unit, rounded toward zero to the lot.
    pub(super) fn affordable(&self, money: f64, value: f64) -> Result<f64, SizingError> {
        round_to_lot(money / value, self.lot)
    }
}

/// Rounds `quantity` toward zero to a multiple of `lot`; rounding noise below a lot counts as it.
///
/// # Errors
/// [`SizingError::OutOfRange`] for a lot that is not above 0 or a quantity that is not finite.
pub fn round_to_lot(quantity: f64, lot: f64) -> Result<f64, SizingError> {
    let lots = quantity / positive("lot", lot)?;
    if !lots.is_finite() {
        return Err(SizingError::OutOfRange { name: "quantity", value: quantity });
    }
    let nearest = lots.round();
    let noise = (lots - nearest).abs() <= ROUNDING_NOISE * nearest.abs();
    Ok(if noise { nearest } else { lots.trunc() } * lot)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop_assert, proptest};

    use super::{SizingError, round_to_lot};

    #[test]
    fn rounds_toward_zero() {
        let cases = [
            (0.0, 1.0, 0.0),
            (7.9, 1.0, 7.0),
            (-7.9, 1.0, -7.0),
            (250.0, 100.0, 200.0),
            (0.3, 0.1, 0.3),
            (1000.0 / (50.1 - 47.6), 1.0, 400.0),
            (7.999_99, 1.0, 7.0),
        ];
        for (quantity, lot, expected) in cases {
            let rounded: f64 = round_to_lot(quantity, lot).unwrap();
            assert!((rounded - expected).abs() < 1e-12, "{quantity} in {lot}: {rounded}");
        }
    }

    #[test]
    fn faults() {
        for lot in [0.0, -1.0, f64::NAN] {
            assert!(matches!(
                round_to_lot(1.0, lot),
                Err(SizingError::OutOfRange { name: "lot", .. })
            ));
        }
        assert!(round_to_lot(f64::INFINITY, 1.0).is_err());
    }

    proptest! {
        #[test]
        fn never_rounds_away_from_zero(quantity in -1e6_f64..1e6, lot in 0.001_f64..100.0) {
            let rounded = round_to_lot(quantity, lot).unwrap();
            prop_assert!(rounded.abs() <= quantity.abs() * (1.0 + 2e-9));
            prop_assert!((quantity - rounded).abs() < lot * (1.0 + 1e-9));
            prop_assert!(rounded * quantity >= 0.0);
        }
    }
}
