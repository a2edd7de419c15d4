//! Quantities that lose a set amount when the stop is hit.

use super::error::{SizingError, not_negative, positive};
use super::unit::Unit;

/// Which way a position profits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// From a rise; its stop is below the entry.
    Long,
    /// From a fall; its stop is above the entry.
    Short,
}

/// The quantity that loses `risk` of `equity` from entry to stop:
/// floor(E·risk / (|entry − stop|·multiplier·fx)) to the lot. A gap through the stop loses more.
///
/// # Errors
/// [`SizingError::StopAtEntry`], [`SizingError::StopOnWrongSide`], and
/// [`SizingError::OutOfRange`] for a negative equity or risk, or a price that is not finite.
pub fn risk_per_trade(
    equity: f64,
    risk: f64,
    entry: f64,
    stop: f64,
    side: Side,
    unit: &Unit,
) -> Result<f64, SizingError> {
    let budget = not_negative("equity", equity)? * not_negative("risk", risk)?;
    let distance = match side {
        Side::Long => entry - stop,
        Side::Short => stop - entry,
    };
    if !distance.is_finite() {
        return Err(SizingError::OutOfRange { name: "distance to the stop", value: distance });
    }
    if distance == 0.0 {
        return Err(SizingError::StopAtEntry { entry });
    }
    if distance < 0.0 {
        return Err(SizingError::StopOnWrongSide { entry, stop });
    }
    unit.affordable(budget, unit.value_of(distance)?)
}

/// The stop `multiple` average true ranges away from the entry, on the losing side.
///
/// # Errors
/// [`SizingError::OutOfRange`] for an average true range or a multiple not above 0.
pub fn atr_stop(entry: f64, atr: f64, multiple: f64, side: Side) -> Result<f64, SizingError> {
    let distance = positive("atr", atr)? * positive("multiple", multiple)?;
    Ok(match side {
        Side::Long => entry - distance,
        Side::Short => entry + distance,
    })
}

/// The quantity that loses `risk` of `equity` when price moves against it by `multiple` average
/// true ranges; the same for both sides.
///
/// # Errors
/// [`SizingError::OutOfRange`] for an average true range or a multiple not above 0, or a negative
/// equity or risk.
pub fn atr_quantity(
    equity: f64,
    risk: f64,
    atr: f64,
    multiple: f64,
    unit: &Unit,
) -> Result<f64, SizingError> {
    let distance = positive("atr", atr)? * positive("multiple", multiple)?;
    risk_per_trade(equity, risk, distance, 0.0, Side::Long, unit)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop_assert, proptest};

    use super::{Side, SizingError, Unit, atr_quantity, atr_stop, risk_per_trade};

    #[test]
    fn worked_numbers() {
        let shares = Unit::default();
        let quantity = risk_per_trade(100_000.0, 0.01, 50.0, 47.5, Side::Long, &shares);
        assert_eq!(quantity, Ok(400.0));
        let quantity = risk_per_trade(100_000.0, 0.01, 47.5, 50.0, Side::Short, &shares);
        assert_eq!(quantity, Ok(400.0));
        let future = Unit { multiplier: 50.0, fx: 0.8, lot: 1.0 };
        let quantity = risk_per_trade(100_000.0, 0.01, 4_500.0, 4_490.0, Side::Long, &future);
        assert_eq!(quantity, Ok(2.0));
        assert_eq!(atr_stop(100.0, 2.0, 3.0, Side::Long), Ok(94.0));
        assert_eq!(atr_stop(100.0, 2.0, 3.0, Side::Short), Ok(106.0));
        assert_eq!(atr_quantity(100_000.0, 0.01, 2.0, 3.0, &shares), Ok(166.0));
    }

    #[test]
    fn faults() {
        let shares = Unit::default();
        let size = |stop, side| risk_per_trade(1_000.0, 0.01, 50.0, stop, side, &shares);
        assert_eq!(size(50.0, Side::Long), Err(SizingError::StopAtEntry { entry: 50.0 }));
        let above = SizingError::StopOnWrongSide { entry: 50.0, stop: 51.0 };
        assert_eq!(size(51.0, Side::Long), Err(above));
        let below = SizingError::StopOnWrongSide { entry: 50.0, stop: 49.0 };
        assert_eq!(size(49.0, Side::Short), Err(below));
        assert!(size(f64::NAN, Side::Short).is_err());
        assert!(atr_quantity(1_000.0, 0.01, 0.0, 3.0, &shares).is_err());
        assert!(atr_stop(100.0, 1.0, 0.0, Side::Long).is_err());
        assert!(risk_per_trade(1_000.0, -0.01, 50.0, 49.0, Side::Long, &shares).is_err());
    }

    proptest! {
        #[test]
        fn the_stop_never_costs_more_than_the_budget(
            equity in 0.0_f64..1e7,
            risk in 0.0_f64..0.1,
            entry in 1.0_f64..1e4,
            distance in 0.01_f64..0.5,
        ) {
            let stop = entry * (1.0 - distance);
            let quantity =
                risk_per_trade(equity, risk, entry, stop, Side::Long, &Unit::default()).unwrap();
            prop_assert!(quantity * (entry - stop) <= equity * risk * (1.0 + 2e-9));
            prop_assert!((quantity + 1.0) * (entry - stop) > equity * risk * (1.0 - 2e-9));
        }
    }
}
