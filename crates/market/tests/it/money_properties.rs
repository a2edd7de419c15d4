//! Laws of exact amounts and of their border with floats.

use market::{Currency, Lot, Money, Price, Quantity, Side, Tick, decimal_from_f64, decimal_to_f64};
use proptest::prelude::{Strategy, prop_assert, prop_assert_eq, prop_assume};
use proptest::{proptest, sample};
use rust_decimal::Decimal;

fn any_step() -> impl Strategy<Value = Decimal> {
    (1_i64..10_000, 0_u32..12).prop_map(|(digits, places)| Decimal::new(digits, places))
}

fn any_price() -> impl Strategy<Value = Decimal> {
    (-1_000_000_000_i64..1_000_000_000, 0_u32..12)
        .prop_map(|(digits, places)| Decimal::new(digits, places))
}

fn any_currency() -> impl Strategy<Value = Currency> {
    sample::select(vec!["USD", "JPY", "KWD", "BTC"])
        .prop_filter_map("a code", |code| code.parse().ok())
}

proptest! {
    #[test]
    fn prices_round_to_the_passive_side(price in any_price(), tick in any_step()) {
        let (price, step) = (Price::signed(price).unwrap(), Tick::new(tick).unwrap());
        let buy = price.to_tick(step, Side::Buy);
        let sell = price.to_tick(step, Side::Sell);
        prop_assert!(buy <= price && price <= sell);
        prop_assert!(price.get() - buy.get() < tick && sell.get() - price.get() < tick);
        for rounded in [buy, sell, price.to_nearest_tick(step)] {
            prop_assert_eq!(rounded.get().abs() % tick, Decimal::ZERO);
            prop_assert_eq!(rounded.to_tick(step, Side::Buy), rounded);
            prop_assert_eq!(rounded.to_tick(step, Side::Sell), rounded);
            prop_assert!((rounded.get() - price.get()).abs() < tick);
        }
        let nearest = price.to_nearest_tick(step);
        prop_assert!((nearest.get() - price.get()).abs() * Decimal::TWO <= tick);
    }

    #[test]
    fn quantities_never_grow(quantity in any_price(), lot in any_step()) {
        prop_assume!(quantity > Decimal::ZERO);
        let quantity = Quantity::new(quantity).unwrap();
        match quantity.to_lot(Lot::new(lot).unwrap()) {
            Some(rounded) => {
                prop_assert!(rounded <= quantity && quantity.get() - rounded.get() < lot);
                prop_assert_eq!(rounded.get() % lot, Decimal::ZERO);
            }
            None => prop_assert!(quantity.get() < lot),
        }
    }

    #[test]
    fn booking_moves_by_half_a_minor_unit_at_most(amount in any_price(), currency in any_currency()) {
        let money = Money::new(amount, currency);
        let booked = money.to_minor_unit();
        let half = Decimal::new(5, currency.minor_unit() + 1);
        prop_assert!((booked.amount() - amount).abs() <= half);
        prop_assert_eq!(booked.to_minor_unit(), booked);
        prop_assert_eq!((-money).to_minor_unit(), -booked);
        prop_assert_eq!(booked.checked_add(-booked).unwrap(), Money::zero(currency));
    }

    #[test]
    fn floats_survive_the_border(value in -1e12..1e12_f64, tiny in 1e-9..1.0_f64) {
        for value in [value, tiny] {
            prop_assert_eq!(decimal_to_f64(decimal_from_f64(value).unwrap()), value);
        }
    }

    #[test]
    fn decimals_become_the_nearest_float(price in any_price()) {
        prop_assert_eq!(decimal_to_f64(price), price.to_string().parse::<f64>().unwrap());
    }

    #[test]
    fn amounts_travel_as_text(price in any_price()) {
        let price = Price::signed(price).unwrap();
        let json = serde_json::to_string(&price).unwrap();
        prop_assert!(json.starts_with('"'));
        prop_assert_eq!(serde_json::from_str::<Price>(&json).unwrap(), price);
    }
}
