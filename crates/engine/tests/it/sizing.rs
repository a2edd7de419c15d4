//! How much an order trades that is given in money.

use engine::costs::{Commission, Slippage, preset};
use engine::venue::ExecutionRules;
use engine::{Amount, Intent, Leg, Side};

use crate::scene::{CASH, Row, STILL, close_to, flat, market, rules, same_fills, trade};

const O: Leg = Leg::Order;

fn of(side: Side, amount: Amount) -> Intent {
    Intent::market(0, side, amount)
}

#[test]
fn money_buys_what_it_pays_for() {
    let costly = ExecutionRules {
        commission: Commission::bps(10.0),
        slippage: Slippage { bps: 50.0, ..Slippage::default() },
        ..rules()
    };
    let dear = 100.0 * 1.005;
    let cheap = 100.0 * 0.995;
    let cases = [
        (Side::Buy, Amount::EquityFraction(1.0), dear, CASH / (dear * 1.001)),
        (Side::Buy, Amount::EquityFraction(0.25), dear, 0.25 * CASH / (dear * 1.001)),
        (Side::Buy, Amount::EquityFraction(3.0), dear, CASH / (dear * 1.001)),
        (Side::Buy, Amount::Notional(5_000.0), dear, 5_000.0 / (dear * 1.001)),
        (Side::Buy, Amount::Notional(1e9), dear, CASH / (dear * 1.001)),
        (Side::Buy, Amount::Quantity(7.5), dear, 7.5),
        (Side::Sell, Amount::EquityFraction(1.0), cheap, CASH / (cheap * 1.001)),
        (Side::Sell, Amount::Notional(5_000.0), cheap, 5_000.0 / (cheap * 1.001)),
    ];
    for (side, amount, price, quantity) in cases {
        let (script, run) = trade(&[STILL, STILL, STILL], costly.clone(), &[(0, of(side, amount))]);
        let fills = script.fills();
        assert_eq!(fills.len(), 1, "{side:?} {amount:?}");
        close_to(fills[0].1, price);
        close_to(fills[0].2, quantity);
        close_to(run.portfolio.fees, quantity * price * 0.001);
        close_to(run.portfolio.slippage, quantity * 0.5);
        assert!(run.portfolio.cash >= -1e-9, "{amount:?}");
    }
}

#[test]
fn lots_round_what_money_buys_down() {
    let lots = ExecutionRules { lot: 10.0, ..rules() };
    let rows = flat(&[100.0, 101.0, 101.0]);
    let (script, _) = trade(&rows, lots, &[(0, of(Side::Buy, Amount::EquityFraction(1.0)))]);
    same_fills("lots", &script.fills(), &[(1, 101.0, 990.0, O)]);
}

#[test]
fn a_schedule_with_a_minimum_is_paid_too() {
    let schedule = preset("ibkr_fixed").unwrap().commission;
    for (cash_share, price) in [(1.0, 100.0), (0.001, 100.0), (1.0, 0.5), (0.37, 33.33)] {
        let rules = ExecutionRules { commission: schedule.clone(), ..rules() };
        let rows = flat(&[price, price, price]);
        let intent = of(Side::Buy, Amount::Notional(CASH * cash_share));
        let (_, run) = trade(&rows, rules, &[(0, intent)]);
        let spent = CASH - run.portfolio.cash;
        assert!(spent <= CASH * cash_share * (1.0 + 1e-9), "{price}: {spent}");
        assert!(spent >= CASH * cash_share * (1.0 - 1e-6), "{price}: {spent}");
    }
}

#[test]
fn the_rest_of_an_order_never_spends_more_than_there_is() {
    let thin = ExecutionRules { participation: Some(0.05), ..rules() };
    // 1,000 units at the first price; but volume gives 500, and then the price has doubled.
    let rows: [Row; 4] = [STILL, STILL, [200.0; 5], [200.0, 200.0, 200.0, 200.0, 10_000.0]];
    for amount in [Amount::EquityFraction(1.0), Amount::Notional(CASH)] {
        let (script, run) = trade(&rows, thin.clone(), &[(0, of(Side::Buy, amount))]);
        let expected = [(1, 100.0, 500.0, O), (2, 200.0, 10.0, O), (3, 200.0, 240.0, O)];
        same_fills("rest", &script.fills(), &expected);
        assert_eq!(run.portfolio.cash, 0.0);
    }
    // A number of units is a number of units.
    let (script, run) = trade(&rows, thin, &[(0, market(Side::Buy, 1_000.0))]);
    let expected = [(1, 100.0, 500.0, O), (2, 200.0, 10.0, O), (3, 200.0, 490.0, O)];
    same_fills("units", &script.fills(), &expected);
    assert!(run.portfolio.cash < 0.0);
}

#[test]
fn closing_takes_whatever_is_held() {
    let rows = flat(&[100.0; 6]);
    let close = |side| of(side, Amount::Position);
    let thirds = ExecutionRules { lot: 0.0, ..rules() };
    let placed = [
        (0, market(Side::Buy, 0.1)),
        (1, market(Side::Buy, 0.2)),
        (2, close(Side::Buy)),
        (3, close(Side::Sell)),
    ];
    let (_, run) = trade(&rows, thirds, &placed);
    // 0.1 + 0.2 is not 0.3, and yet nothing is left.
    assert_eq!(run.portfolio.positions[0].quantity, 0.0);
    assert!(run.portfolio.trades_with_open(|_| 5).iter().all(|trade| trade.exit_time.is_some()));
    assert_eq!(run.portfolio.trades.len(), 2);
    assert_eq!(run.bars_in_market, 3);

    let (_, run) = trade(&rows, rules(), &[(0, market(Side::Sell, 5.0)), (1, close(Side::Buy))]);
    assert_eq!(run.portfolio.positions[0].quantity, 0.0);
}
