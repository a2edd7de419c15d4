//! Exact amounts: prices, quantities, money.
//!
//! Orders, fills, limits and the ledger count in decimals, so that cents balance. Each type has one
//! checked constructor and rounds by name; the way to and from floats is `convert`.

use std::fmt;

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

use crate::{Currency, Side};

/// Why an amount cannot be.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum AmountError {
    /// Zero or negative where only a positive amount makes sense.
    #[error("{what} {value} is not positive")]
    NotPositive {
        /// The type of the amount.
        what: &'static str,
        /// Its value.
        value: Decimal,
    },
    /// Beyond ±10¹⁵, which no market knows.
    #[error("{what} {value} is too large")]
    TooLarge {
        /// The type of the amount.
        what: &'static str,
        /// Its value.
        value: Decimal,
    },
    /// A float that is infinite, not a number, or of more digits than a decimal holds.
    #[error("{0} is no decimal amount")]
    NotDecimal(f64),
    /// A result beyond what a decimal holds.
    #[error("amount overflows")]
    Overflow,
    /// Two currencies where one is needed.
    #[error("cannot reckon {right} against {left}")]
    CurrencyMismatch {
        /// Currency of the first amount.
        left: Currency,
        /// Currency of the second.
        right: Currency,
    },
}

/// Largest magnitude of a price, quantity, tick, lot or multiplier.
const LIMIT: Decimal = Decimal::from_parts(2_764_472_320, 232_830, 0, false, 0);

/// What one unit of an instrument trades at, in its quote currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Decimal", into = "Decimal")]
pub struct Price(Decimal);

/// Declares a decimal that is always positive and at most [`LIMIT`].
macro_rules! positive {
    ($(#[$docs:meta])* $name:ident, $what:literal) => {
        $(#[$docs])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "Decimal", into = "Decimal")]
        pub struct $name(Decimal);

        impl $name {
            /// The amount, if it is one.
            ///
            /// # Errors
            /// [`AmountError`] for zero, negative and too large values.
            pub fn new(value: Decimal) -> Result<Self, AmountError> {
                if value <= Decimal::ZERO {
                    return Err(AmountError::NotPositive { what: $what, value });
                }
                if value > LIMIT {
                    return Err(AmountError::TooLarge { what: $what, value });
                }
                Ok(Self(value))
            }

            /// The value.
            pub fn get(self) -> Decimal {
                self.0
            }
        }

        impl TryFrom<Decimal> for $name {
            type Error = AmountError;

            fn try_from(value: Decimal) -> Result<Self, AmountError> {
                Self::new(value)
            }
        }

        impl From<$name> for Decimal {
            fn from(amount: $name) -> Self {
                amount.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0.normalize(), f)
            }
        }
    };
}

positive! {
    /// How much of an instrument; always positive, its [`Side`] gives the direction.
    Quantity, "quantity"
}
positive! {
    /// Smallest step of a price.
    Tick, "tick"
}
positive! {
    /// Smallest step of a quantity.
    Lot, "lot"
}
positive! {
    /// Units of the underlying in one contract; 1 for anything that is no contract.
    Multiplier, "multiplier"
}

/// Lets this crate's own tables skip the check; their tests know every value to be positive.
macro_rules! of_table {
    ($($name:ident),+) => {$(
        impl $name {
            pub(crate) fn of_table(value: Decimal) -> Self {
                Self(value)
            }
        }
    )+};
}

of_table!(Tick, Lot, Multiplier);

/// An amount of one currency, of either sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Money {
    amount: Decimal,
    currency: Currency,
}

impl Price {
    /// A price above zero.
    ///
    /// # Errors
    /// [`AmountError`] for zero, negative and too large values.
    pub fn new(value: Decimal) -> Result<Self, AmountError> {
        if value <= Decimal::ZERO {
            return Err(AmountError::NotPositive { what: "price", value });
        }
        Self::signed(value)
    }

    /// A price of a future or a spread, which may be zero or negative.
    ///
    /// # Errors
    /// [`AmountError::TooLarge`].
    pub fn signed(value: Decimal) -> Result<Self, AmountError> {
        if value.abs() > LIMIT {
            return Err(AmountError::TooLarge { what: "price", value });
        }
        Ok(Self(value))
    }

    /// The value.
    pub fn get(self) -> Decimal {
        self.0
    }

    /// Rounds to the passive side: a buy limit never rises, a sell limit never falls.
    ///
    /// A buy below one tick becomes zero.
    pub fn to_tick(self, tick: Tick, side: Side) -> Self {
        let toward_zero = round_toward_zero(self.0, tick.0);
        let up = side == Side::Sell;
        let exact = toward_zero == self.0;
        // Toward zero is down for a positive price and up for a negative one.
        Self(match (exact, up, self.0.is_sign_negative()) {
            (true, ..) | (_, true, true) | (_, false, false) => toward_zero,
            (false, true, false) => toward_zero.saturating_add(tick.0),
            (false, false, true) => toward_zero.saturating_sub(tick.0),
        })
    }

    /// Rounds to the nearest tick, the even one when two are equally near: for prices that stand on
    /// a tick but for the noise of a float.
    pub fn to_nearest_tick(self, tick: Tick) -> Self {
        let below = self.to_tick(tick, Side::Buy);
        let above = self.to_tick(tick, Side::Sell);
        let (down, up) = (self.0 - below.0, above.0 - self.0);
        match down.cmp(&up) {
            std::cmp::Ordering::Less => below,
            std::cmp::Ordering::Greater => above,
            std::cmp::Ordering::Equal => {
                let two_ticks = tick.0.saturating_add(tick.0);
                if round_toward_zero(below.0, two_ticks) == below.0 { below } else { above }
            }
        }
    }

    /// Value of a quantity at this price: price × quantity × multiplier, unrounded.
    ///
    /// # Errors
    /// [`AmountError::Overflow`].
    pub fn notional(
        self,
        quantity: Quantity,
        multiplier: Multiplier,
        currency: Currency,
    ) -> Result<Money, AmountError> {
        self.0
            .checked_mul(quantity.0)
            .and_then(|value| value.checked_mul(multiplier.0))
            .map(|amount| Money { amount, currency })
            .ok_or(AmountError::Overflow)
    }
}

impl Quantity {
    /// Rounds toward zero to whole lots; `None` when not even one is left.
    pub fn to_lot(self, lot: Lot) -> Option<Self> {
        Self::new(round_toward_zero(self.0, lot.0)).ok()
    }

    /// Sum of two quantities.
    ///
    /// # Errors
    /// [`AmountError::TooLarge`].
    pub fn checked_add(self, other: Self) -> Result<Self, AmountError> {
        Self::new(self.0 + other.0)
    }

    /// What is left of this quantity after `other`; `None` when nothing is.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        Self::new(self.0 - other.0).ok()
    }
}

impl Money {
    /// An amount of a currency.
    pub fn new(amount: Decimal, currency: Currency) -> Self {
        Self { amount, currency }
    }

    /// Nothing, in a currency.
    pub fn zero(currency: Currency) -> Self {
        Self::new(Decimal::ZERO, currency)
    }

    /// The amount.
    pub fn amount(self) -> Decimal {
        self.amount
    }

    /// The currency.
    pub fn currency(self) -> Currency {
        self.currency
    }

    /// Sum of two amounts of one currency.
    ///
    /// # Errors
    /// [`AmountError::CurrencyMismatch`] and [`AmountError::Overflow`].
    pub fn checked_add(self, other: Self) -> Result<Self, AmountError> {
        self.same_currency(other)?;
        let amount = self.amount.checked_add(other.amount).ok_or(AmountError::Overflow)?;
        Ok(Self { amount, ..self })
    }

    /// Difference of two amounts of one currency.
    ///
    /// # Errors
    /// [`AmountError::CurrencyMismatch`] and [`AmountError::Overflow`].
    pub fn checked_sub(self, other: Self) -> Result<Self, AmountError> {
        self.checked_add(-other)
    }

    /// Rounds half-even to the currency's minor unit, as amounts are booked.
    pub fn to_minor_unit(self) -> Self {
        let places = self.currency.minor_unit();
        let amount =
            self.amount.round_dp_with_strategy(places, RoundingStrategy::MidpointNearestEven);
        Self { amount, ..self }
    }

    fn same_currency(self, other: Self) -> Result<(), AmountError> {
        if self.currency == other.currency {
            Ok(())
        } else {
            Err(AmountError::CurrencyMismatch { left: self.currency, right: other.currency })
        }
    }
}

impl std::ops::Neg for Money {
    type Output = Self;

    fn neg(self) -> Self {
        Self { amount: -self.amount, ..self }
    }
}

/// The multiple of a positive `step` next to `value` on the side of zero; exact.
fn round_toward_zero(value: Decimal, step: Decimal) -> Decimal {
    // The remainder of a positive divisor always exists and has no rounding.
    let rest = value.abs().checked_rem(step).unwrap_or_default();
    if value.is_sign_negative() { value + rest } else { value - rest }
}

impl TryFrom<Decimal> for Price {
    type Error = AmountError;

    /// As [`Price::signed`]: what was stored is read again, whatever its sign.
    fn try_from(value: Decimal) -> Result<Self, AmountError> {
        Self::signed(value)
    }
}

impl From<Price> for Decimal {
    fn from(price: Price) -> Self {
        price.0
    }
}

impl fmt::Display for Price {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0.normalize(), f)
    }
}

impl fmt::Display for Money {
    /// Amount, blank, code: `12.50 USD`; places as they are.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.amount, self.currency)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn the_limit_is_a_thousand_million_millions() {
        assert_eq!(LIMIT, decimal("1000000000000000"));
    }

    #[test]
    fn prices_round_to_the_passive_side() {
        let cases = [
            ("10.017", "0.01", "10.01", "10.02", "10.02"),
            ("10.01", "0.01", "10.01", "10.01", "10.01"),
            ("10.015", "0.01", "10.01", "10.02", "10.02"),
            ("10.025", "0.01", "10.02", "10.03", "10.02"),
            ("0.004", "0.01", "0", "0.01", "0"),
            ("-37.63", "0.25", "-37.75", "-37.50", "-37.75"),
            ("1", "0.03", "0.99", "1.02", "0.99"),
            ("110.40625", "0.015625", "110.40625", "110.40625", "110.40625"),
        ];
        for (price, tick, buy, sell, nearest) in cases {
            let (price, tick) =
                (Price::signed(decimal(price)).unwrap(), Tick::new(decimal(tick)).unwrap());
            assert_eq!(price.to_tick(tick, Side::Buy).get(), decimal(buy), "{price} {tick}");
            assert_eq!(price.to_tick(tick, Side::Sell).get(), decimal(sell), "{price} {tick}");
            assert_eq!(price.to_nearest_tick(tick).get(), decimal(nearest), "{price} {tick}");
        }
    }

    #[test]
    fn quantities_round_toward_zero() {
        let lot = Lot::new(decimal("0.001")).unwrap();
        let quantity = |text| Quantity::new(decimal(text)).unwrap();
        assert_eq!(quantity("1.2349").to_lot(lot), Some(quantity("1.234")));
        assert_eq!(quantity("0.0009").to_lot(lot), None);
        assert_eq!(quantity("1").checked_sub(quantity("1")), None);
    }

    #[test]
    fn impossible_amounts_are_refused() {
        let text = |error: AmountError| error.to_string();
        assert_eq!(text(Price::new(Decimal::ZERO).unwrap_err()), "price 0 is not positive");
        assert_eq!(text(Quantity::new(-Decimal::ONE).unwrap_err()), "quantity -1 is not positive");
        assert_eq!(
            text(Lot::new(decimal("1000000000000001")).unwrap_err()),
            "lot 1000000000000001 is too large"
        );
        assert!(serde_json::from_str::<Quantity>("\"-3\"").is_err());
        assert_eq!(
            serde_json::to_string(&Price::new(decimal("1.50")).unwrap()).unwrap(),
            "\"1.50\""
        );
    }

    #[test]
    fn notional_is_checked() {
        let price = Price::new(decimal("2.50")).unwrap();
        let quantity = Quantity::new(decimal("3")).unwrap();
        let hundred = Multiplier::new(Decimal::ONE_HUNDRED).unwrap();
        let value = price.notional(quantity, hundred, Currency::USD).unwrap();
        assert_eq!(value, Money::new(decimal("750"), Currency::USD));
        assert_eq!(value.to_string(), "750.00 USD");
        let (most, many) = (Price::new(LIMIT).unwrap(), Quantity::new(LIMIT).unwrap());
        assert_eq!(most.notional(many, hundred, Currency::USD), Err(AmountError::Overflow));
    }

    #[test]
    fn currencies_never_mix() {
        let dollar = Money::new(Decimal::ONE, Currency::USD);
        let euro = Money::new(Decimal::ONE, Currency::EUR);
        assert_eq!(
            dollar.checked_add(euro).unwrap_err().to_string(),
            "cannot reckon EUR against USD"
        );
        assert_eq!(dollar.checked_sub(dollar), Ok(Money::zero(Currency::USD)));
    }

    #[test]
    fn booking_rounds_half_even() {
        let cases = [
            ("0.125", Currency::USD, "0.12"),
            ("0.135", Currency::USD, "0.14"),
            ("-0.125", Currency::USD, "-0.12"),
            ("2.5", Currency::JPY, "2"),
            ("3.5", Currency::JPY, "4"),
        ];
        for (amount, currency, booked) in cases {
            let money = Money::new(decimal(amount), currency).to_minor_unit();
            assert_eq!(money.amount(), decimal(booked), "{amount}");
        }
    }
}
