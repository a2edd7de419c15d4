//! Commission and slippage of fills, as the venue applies them.

use engine::costs::{ChargedSides, Commission, HalfSpread, Slippage, VolumeTier, preset};
use engine::venue::ExecutionRules;
use engine::{Action, Amount, FillAt, Intent, OrderKind, Run, Series, Setup, Side};

use crate::scene::{
    Row, STILL, Script, close_to, daily, flat, history, market, order, play, rules, series, setup,
    several, trade,
};

fn paying(commission: Commission) -> ExecutionRules {
    ExecutionRules { commission, ..rules() }
}

fn slipping(slippage: Slippage) -> ExecutionRules {
    ExecutionRules { slippage, ..rules() }
}

fn fees(run: &Run) -> Vec<f64> {
    run.fills.iter().map(|fill| fill.fee).collect()
}

#[track_caller]
fn all_close(found: &[f64], expected: &[f64]) {
    assert_eq!(found.len(), expected.len(), "{found:?}");
    for (found, expected) in found.iter().zip(expected) {
        close_to(*found, *expected);
    }
}

#[test]
fn fills_of_one_order_share_minimum_and_maximum() {
    let thin = |commission| ExecutionRules { participation: Some(0.01), ..paying(commission) };
    let rows = flat(&[20.0; 6]);
    let fixed = preset("ibkr_fixed").unwrap().commission;
    let (_, run) = trade(&rows, thin(fixed.clone()), &[(0, market(Side::Buy, 400.0))]);
    all_close(&fees(&run), &[1.0, 0.0, 0.5, 0.5]);
    close_to(run.portfolio.fees, 2.0);

    let capped = Commission { max: Some(1.2), ..fixed.clone() };
    let (_, run) = trade(&rows, thin(capped), &[(0, market(Side::Buy, 400.0))]);
    all_close(&fees(&run), &[1.0, 0.0, 0.2, 0.0]);

    // Two orders are two minima.
    let two = [(0, market(Side::Buy, 10.0)), (0, market(Side::Sell, 10.0))];
    let (_, run) = trade(&rows, paying(fixed.clone()), &two);
    all_close(&fees(&run), &[1.0, 1.0]);

    // 10 shares at 0.20 cost 1 % of 2.00, not the minimum.
    let (_, run) = trade(&flat(&[0.2; 3]), paying(fixed), &[(0, market(Side::Buy, 10.0))]);
    all_close(&fees(&run), &[0.02]);
}

#[test]
fn tiers_count_the_units_of_the_month() {
    let tier =
        |from_volume_month, rate| VolumeTier { from_volume_month, rate, price_tiers: vec![] };
    let tiered =
        Commission { tiers: vec![tier(0.0, 0.01), tier(100.0, 0.005)], ..Commission::default() };
    // January has 21 sessions from the 2nd on; bar 21 is the first of February.
    let rows = flat(&[10.0; 25]);
    let placed = [
        (0, market(Side::Buy, 80.0)),
        (4, market(Side::Buy, 50.0)),
        (9, market(Side::Sell, 130.0)),
        (20, market(Side::Buy, 50.0)),
        (21, market(Side::Buy, 60.0)),
    ];
    let expected = [0.8, 0.2 + 0.15, 0.65, 0.5, 0.5 + 0.05];
    let (_, run) = trade(&rows, paying(tiered.clone()), &placed);
    all_close(&fees(&run), &expected);

    // The month turns for fills at the close that decided them as well.
    let steps: Vec<_> =
        placed.iter().map(|&(bar, intent)| (bar + 1, Action::Place(intent))).collect();
    let optimistic = Setup { fill_at: FillAt::Close, ..setup() };
    let (_, run) = play(&history(daily(&rows), paying(tiered)), &optimistic, Script::new(&steps));
    all_close(&fees(&run), &expected);
}

#[test]
fn tiers_count_the_account_and_not_the_instrument() {
    let tiered = |second| {
        let tier =
            |from_volume_month, rate| VolumeTier { from_volume_month, rate, price_tiers: vec![] };
        Commission { tiers: vec![tier(0.0, 0.01), tier(100.0, second)], ..Commission::default() }
    };
    let same = tiered(0.005);
    let days = daily(&flat(&[10.0; 25]));
    let of = |second: &Commission, multiplier: f64| {
        let parts = [
            ("A", days.clone(), &[][..], paying(same.clone())),
            ("B", days.clone(), &[][..], paying(second.clone())),
        ];
        let mut history = several(&parts, market::Timeframe::Day1);
        history.series[1].multiplier = multiplier;
        let buy = |instrument, bar| {
            let intent = Intent::market(instrument, Side::Buy, Amount::Quantity(80.0));
            (instrument, bar, Action::Place(intent))
        };
        // January has 21 sessions from the 2nd on; bar 21 is the first of February.
        let steps = [buy(0, 0), buy(1, 0), buy(1, 4), buy(0, 20), buy(1, 20)];
        fees(&play(&history, &setup(), Script::of_many(&steps)).1)
    };
    // 80 and then 80 more, whichever instrument they are of; a new month begins with none.
    all_close(&of(&same, 1.0), &[0.8, 0.2 + 0.3, 0.4, 0.8, 0.2 + 0.3]);
    // Another schedule, or contracts beside shares, are counted apart.
    let other = tiered(0.004);
    all_close(&of(&other, 1.0), &[0.8, 0.8, 0.2 + 0.24, 0.8, 0.8]);
    all_close(&of(&same, 100.0), &[0.8, 0.8, 0.2 + 0.3, 0.8, 0.8]);
}

#[test]
fn what_money_buys_knows_the_tier_that_the_account_has_reached() {
    let tier =
        |from_volume_month, rate| VolumeTier { from_volume_month, rate, price_tiers: vec![] };
    let tiered =
        Commission { tiers: vec![tier(0.0, 1.0), tier(100.0, 0.0)], ..Commission::default() };
    let parts = ["A", "B"].map(|symbol| {
        let rules = ExecutionRules { lot: 1.0, ..paying(tiered.clone()) };
        (symbol, daily(&flat(&[10.0; 3])), &[][..], rules)
    });
    let history = several(&parts, market::Timeframe::Day1);
    let buy =
        |instrument, amount| (0, 0, Action::Place(Intent::market(instrument, Side::Buy, amount)));
    let steps = [buy(0, Amount::Quantity(100.0)), buy(1, Amount::Notional(1_000.0))];
    let (_, run) = play(&history, &setup(), Script::of_many(&steps));
    // The first order has paid for the tier, so the second is free: 100 units and not 90.
    assert_eq!((run.fills[1].quantity, run.fills[1].fee), (100.0, 0.0));
}

#[test]
fn liquidity_and_sides_have_their_rates() {
    let crypto = Commission { maker_bps: 10.0, taker_bps: 30.0, ..Commission::default() };
    let bar = [100.0, 103.0, 97.0, 101.0, 1e6];
    let rows = [STILL, bar, bar];
    let limit = |limit| OrderKind::Limit { limit };
    for (kind, rate) in [
        (OrderKind::Market, 30e-4),
        (OrderKind::Stop { stop: 102.0 }, 30e-4),
        (OrderKind::MarketOnClose, 30e-4),
        (limit(98.0), 10e-4),
        (limit(101.0), 10e-4),
    ] {
        let placed = [(0, order(Side::Buy, 10.0, kind))];
        let (_, run) = trade(&rows, paying(crypto.clone()), &placed);
        let fill = run.fills[0];
        close_to(fill.fee, fill.quantity * fill.price * rate);
    }
    let sales = Commission { sides: ChargedSides::Sell, ..Commission::bps(20.0) };
    let both = [(0, market(Side::Buy, 10.0)), (1, market(Side::Sell, 10.0))];
    let (_, run) = trade(&rows, paying(sales), &both);
    all_close(&fees(&run), &[0.0, 2.0]);
}

#[test]
fn contracts_cost_by_contract_and_move_by_multiplier() {
    let mut history = history(
        daily(&flat(&[50.0, 50.0, 52.0, 52.0])),
        paying(preset("schwab_futures").unwrap().commission),
    );
    history.series[0].multiplier = 50.0;
    let steps = [(0, market(Side::Buy, 2.0)), (1, market(Side::Sell, 2.0))]
        .map(|(bar, intent)| (bar, Action::Place(intent)));
    let (script, run) = play(&history, &setup(), Script::new(&steps));
    all_close(&fees(&run), &[4.5, 4.5]);
    close_to(script.closes()[1].cash, 100_000.0 - 2.0 * 50.0 * 50.0 - 4.5);
    close_to(run.portfolio.cash, 100_000.0 + 2.0 * 2.0 * 50.0 - 9.0);
    close_to(run.portfolio.traded_notional, 5_000.0 + 5_200.0);
    close_to(run.portfolio.trades[0].pnl, 200.0 - 9.0);
}

#[test]
fn slippage_worsens_what_takes_and_rounds_against_the_trader() {
    let bar = [100.03, 103.0, 97.0, 101.0, 1e6];
    let rules = ExecutionRules {
        tick: 0.01,
        ..slipping(Slippage {
            bps: 6.0,
            half_spread: HalfSpread::Fixed { fraction: 0.0004 },
            impact: None,
        })
    };
    // 10 bps in all: 100.13003 and 99.92997 at the open.
    let cases = [
        (Side::Buy, OrderKind::Market, 100.14, 0.11),
        (Side::Sell, OrderKind::Market, 99.92, 0.11),
        (Side::Buy, OrderKind::Stop { stop: 102.0 }, 102.11, 0.11),
        (Side::Sell, OrderKind::Stop { stop: 98.0 }, 97.90, 0.10),
        (Side::Sell, OrderKind::MarketOnClose, 100.89, 0.11),
        (Side::Buy, OrderKind::Limit { limit: 98.0 }, 98.0, 0.0),
        (Side::Buy, OrderKind::Limit { limit: 101.0 }, 100.03, 0.0),
        // Slippage is not bound to the bar's range.
        (Side::Buy, OrderKind::Stop { stop: 103.0 }, 103.11, 0.11),
    ];
    for (side, kind, price, each) in cases {
        let (_, run) = trade(&[STILL, bar], rules.clone(), &[(0, order(side, 10.0, kind))]);
        assert_eq!(run.fills.len(), 1, "{kind:?}");
        close_to(run.fills[0].price, price);
        assert!((run.fills[0].slippage - each * 10.0).abs() < 1e-9, "{kind:?}");
        close_to(run.portfolio.slippage, each * 10.0);
    }
}

/// Closes that swing so that daily log returns deviate by 2 %, a million units a day.
fn swinging() -> Vec<Row> {
    let step = 0.02 * (19.0f64 / 20.0).sqrt();
    (0..24)
        .map(|day| {
            let close = if day % 2 == 0 { 100.0 } else { 100.0 * step.exp() };
            [close, close, close, close, 1e6]
        })
        .collect()
}

#[test]
fn impact_is_measured_on_earlier_sessions() {
    let impact = slipping(Slippage { impact: Some(1.0), ..Slippage::default() });
    let mut rows = swinging();
    let buy = |bar| [(bar, market(Side::Buy, 1e4))];
    // One percent of the day's volume at 2 % volatility: 20 bps, whatever its own bar is like.
    rows[22] = [100.0, 300.0, 20.0, 250.0, 3.0];
    let (_, run) = trade(&rows, impact.clone(), &buy(21));
    close_to(run.fills[0].price, 100.0 * 1.002);
    // Before twenty returns are known there is none.
    let (_, run) = trade(&rows, impact.clone(), &buy(19));
    close_to(run.fills[0].price, 100.0);
    let (_, run) = trade(&rows, impact.clone(), &[(21, market(Side::Sell, 4e4))]);
    close_to(run.fills[0].price, 100.0 * 0.996);
    // What money buys pays for the impact too.
    let all = Intent::market(0, Side::Buy, Amount::EquityFraction(1.0));
    let (_, run) = trade(&rows, impact, &[(21, all)]);
    assert!((0.0..20.0).contains(&run.portfolio.cash), "{}", run.portfolio.cash);
}

#[test]
fn the_spread_is_measured_on_earlier_sessions() {
    let spread =
        slipping(Slippage { half_spread: HalfSpread::CorwinSchultz, ..Slippage::default() });
    // A bounce between bid and ask of 1 %.
    let mut rows: Vec<Row> = (0..6).map(|_| [100.0, 100.5, 99.5, 100.0, 1e6]).collect();
    rows[4] = [100.0, 140.0, 60.0, 100.0, 1e6];
    let (_, run) = trade(&rows, spread.clone(), &[(3, market(Side::Buy, 1.0))]);
    close_to(run.fills[0].price, 100.5);
    let (_, run) = trade(&rows, spread.clone(), &[(3, market(Side::Sell, 1.0))]);
    close_to(run.fills[0].price, 99.5);
    // One session tells nothing, a later one sees the wild bar.
    let (_, run) = trade(&rows, spread.clone(), &[(0, market(Side::Buy, 1.0))]);
    close_to(run.fills[0].price, 100.0);
    let (_, run) = trade(&rows, spread, &[(4, market(Side::Buy, 1.0))]);
    assert!(run.fills[0].price > 100.6 || run.fills[0].price < 100.5, "{:?}", run.fills);
}

#[test]
fn bars_that_end_before_they_begin_are_too_few() {
    let one = series([(0, STILL)]);
    let made = Series::new(
        "X",
        std::sync::Arc::new(one),
        &[],
        market::Timeframe::Day1,
        market::Calendar::NYSE,
        rules(),
    );
    let error =
        engine::History::new(vec![made.unwrap()], market::Timeframe::Day1, market::Calendar::NYSE)
            .unwrap_err();
    assert_eq!(error.to_string(), "X has 1 bar(s); a backtest needs at least 2");
    let none = engine::History::new(vec![], market::Timeframe::Day1, market::Calendar::NYSE);
    assert_eq!(none.unwrap_err(), engine::HistoryError::NoSeries);
}
