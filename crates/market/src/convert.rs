//! The border between exact decimals and floats, and the only way across.
//!
//! Statistics and backtests are floats, orders and books are decimals. A float becomes the shortest
//! decimal that reads back as the same float, which is what its writer meant: 0.1 becomes 0.1 and
//! not 0.1000000000000000055. A decimal becomes the nearest float.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::{AmountError, Lot, Money, Multiplier, Price, Quantity, Tick};

/// The shortest decimal that reads back as `value`; digits beyond the 28th place are rounded off.
///
/// # Errors
/// [`AmountError::NotDecimal`] for infinities, not-a-number and magnitudes from about 7.9e28 on.
pub fn decimal_from_f64(value: f64) -> Result<Decimal, AmountError> {
    if !value.is_finite() || value.abs() >= 7.9e28 {
        return Err(AmountError::NotDecimal(value));
    }
    value.to_string().parse().map_err(|_| AmountError::NotDecimal(value))
}

/// The float nearest to `value`.
pub fn decimal_to_f64(value: Decimal) -> f64 {
    /// Up to here integers and powers of ten are floats themselves, so one division rounds once.
    const EXACT_INTEGER: u128 = 1 << 53;
    const EXACT_POWERS: [f64; 23] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
        1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ];
    let power = usize::try_from(value.scale()).ok().and_then(|scale| EXACT_POWERS.get(scale));
    match (i64::try_from(value.mantissa()), power) {
        (Ok(mantissa), Some(power)) if value.mantissa().unsigned_abs() <= EXACT_INTEGER => {
            mantissa as f64 / power
        }
        // The text is read with correct rounding; every decimal's text is a float's too.
        _ => value.to_string().parse().ok().or_else(|| value.to_f64()).unwrap_or(f64::NAN),
    }
}

/// Declares the crossing of a positive amount.
macro_rules! crossing {
    ($name:ident) => {
        impl $name {
            /// From a float, by its shortest decimal.
            ///
            /// # Errors
            /// [`AmountError`] for what is not finite, not positive or too large.
            pub fn from_f64(value: f64) -> Result<Self, AmountError> {
                Self::new(decimal_from_f64(value)?)
            }

            /// To the nearest float.
            pub fn to_f64(self) -> f64 {
                decimal_to_f64(self.get())
            }
        }
    };
}

crossing!(Price);
crossing!(Quantity);
crossing!(Tick);
crossing!(Lot);
crossing!(Multiplier);

impl Money {
    /// To the float nearest to the amount; the currency is the caller's to remember.
    pub fn to_f64(self) -> f64 {
        decimal_to_f64(self.amount())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_become_what_was_written() {
        let cases = [
            (0.1, "0.1"),
            (150.25, "150.25"),
            (1e-5, "0.00001"),
            (-0.0, "0"),
            (1e15, "1000000000000000"),
        ];
        for (float, text) in cases {
            assert_eq!(decimal_from_f64(float).unwrap(), text.parse().unwrap(), "{float}");
        }
        for float in [f64::NAN, f64::INFINITY, -f64::INFINITY, 1e29, f64::MAX] {
            assert!(decimal_from_f64(float).is_err(), "{float}");
        }
        assert_eq!(decimal_from_f64(f64::MIN_POSITIVE).unwrap(), Decimal::ZERO);
        assert!(Price::from_f64(0.0).is_err());
    }

    #[test]
    fn decimals_become_the_nearest_float() {
        let texts = [
            "0.1",
            "123456789.123456789",
            "0.0000000000000000000000000001",
            "79228162514264337593543950335",
            "-2.675",
        ];
        for text in texts {
            let decimal: Decimal = text.parse().unwrap();
            assert_eq!(decimal_to_f64(decimal), text.parse::<f64>().unwrap(), "{text}");
        }
    }
}
