//! Reports: session returns, round trips, honesty, assumptions.

use engine::costs::{Commission, Financing, HalfSpread, Slippage};
use engine::venue::{ExecutionRules, LimitFill};
use engine::{
    Action, FillAt, History, Honesty, Measured, Run, Setup, Side, Trials, assumptions, bar_time,
    session_returns, setup_receipt, trade_rows,
};
use market::Timeframe;
use quant::metrics::equity_returns;

use crate::chance::bars;
use crate::scene::{
    Row, Script, close_to, daily, dividend, flat, history, intraday, market, play, rules, setup,
    several, split, trade, with_actions,
};
use crate::seeded::Chance;

#[test]
fn returns_of_sessions_go_from_close_to_close() {
    let history = history(intraday(&flat(&[1.0; 8])), rules());
    let ts = history.series[0].raw().ts;
    let equity = [100.0, 110.0, 121.0, 121.0, 242.0, 60.5, 60.5, 66.55];
    // First bar, last bar, the returns between: a first bar is where equity begins.
    let cases: [(usize, usize, &[f64]); 6] = [
        (0, 8, &[0.1, 0.1, -0.5, 0.1]),
        (1, 8, &[0.1, -0.5, 0.1]),
        (2, 8, &[0.0, -0.5, 0.1]),
        (0, 7, &[0.1, 0.1, -0.5, 0.0]),
        (3, 4, &[]),
        (2, 4, &[0.0]),
    ];
    for (from, to, expected) in cases {
        let found = session_returns(&ts[from..to], &equity[from..to], &history);
        assert_eq!(found.len(), expected.len(), "{from}..{to}: {found:?}");
        for (found, expected) in found.iter().zip(expected) {
            close_to(*found, *expected);
        }
    }
    let daily = history_of_days(4);
    let equity = [100.0, 110.0, 99.0, 99.0];
    let ts = daily.series[0].raw().ts;
    assert_eq!(session_returns(ts, &equity, &daily), equity_returns(&equity));
}

fn history_of_days(days: usize) -> History {
    history(daily(&flat(&vec![100.0; days])), rules())
}

#[test]
fn sessions_of_several_instruments_are_those_of_the_first() {
    let all = intraday(&flat(&[1.0; 6]));
    // The second has only the second bars of sessions.
    let bars = all.bars();
    let second = crate::scene::series([1, 3, 5].map(|bar| (bars.ts[bar], [1.0; 5])));
    let first = crate::scene::series([0, 2, 4].map(|bar| (bars.ts[bar], [1.0; 5])));
    let timeline = all.ts.clone();
    let both =
        several(&[("A", first, &[], rules()), ("B", second, &[], rules())], Timeframe::Hour4);
    let equity = [100.0, 110.0, 121.0, 121.0, 242.0, 121.0];
    let found = session_returns(&timeline, &equity, &both);
    for (found, expected) in found.iter().zip([0.1, 0.1, 0.0]) {
        close_to(*found, expected);
    }
    assert_eq!(found.len(), 3);
}

#[test]
fn round_trips_with_their_best_and_worst_moments() {
    let rows: [Row; 6] = [
        [100.0, 100.0, 100.0, 100.0, 1.0],
        [100.0, 104.0, 97.0, 101.0, 1.0],
        [101.0, 110.0, 99.0, 108.0, 1.0],
        [109.0, 111.0, 95.0, 100.0, 1.0],
        [100.0, 120.0, 90.0, 100.0, 1.0],
        [100.0, 101.0, 98.0, 99.0, 1.0],
    ];
    let costly = ExecutionRules { commission: Commission::bps(10.0), ..rules() };
    let placed = [
        (0, market(Side::Buy, 10.0)),
        (2, market(Side::Sell, 15.0)),
        (3, market(Side::Buy, 5.0)),
        (4, market(Side::Buy, 2.0)),
    ];
    let (_, run) = trade(&rows, costly.clone(), &placed);
    let history = history(daily(&rows), costly);
    let told = trade_rows(&run, &history);
    assert_eq!(told.len(), 3);
    // Long 10 from 100 to 109: at worst 95, at best 111.
    let long = &told[0];
    assert_eq!((long.side, long.quantity, long.bars_held), (Side::Buy, 10.0, 2));
    assert_eq!((long.entry_price, long.exit_price), (100.0, Some(109.0)));
    assert_eq!(
        (long.entry_time.as_str(), long.exit_time.as_deref()),
        ("2024-01-03", Some("2024-01-05"))
    );
    assert_eq!((long.mae, long.mfe), (-50.0, 110.0));
    close_to(long.fees, 1.0 + 1.09);
    close_to(long.pnl, 90.0 - 2.09);
    // Short 5 from 109 to 100: at worst 120, at best 90.
    let short = &told[1];
    assert_eq!((short.side, short.quantity, short.bars_held), (Side::Sell, 5.0, 1));
    assert_eq!((short.mae, short.mfe), (-55.0, 95.0));
    close_to(short.pnl, 45.0 - 0.545 - 0.5);
    // What is still open comes last, at its mark.
    let open = &told[2];
    assert_eq!((open.side, open.quantity, open.bars_held), (Side::Buy, 2.0, 0));
    assert_eq!((&open.exit_time, open.exit_price), (&None, None));
    assert_eq!((open.mae, open.mfe), (-4.0, 2.0));
    close_to(open.pnl, -2.0 - 0.2);
    assert_eq!(open.symbol, "X");
}

#[test]
fn excursions_reach_across_splits() {
    let rows: [Row; 5] = [
        [100.0, 100.0, 100.0, 100.0, 1.0],
        [100.0, 102.0, 92.0, 100.0, 1.0],
        [50.0, 60.0, 48.0, 55.0, 1.0],
        [11.0, 13.0, 8.0, 12.0, 1.0],
        [12.0, 12.5, 11.0, 12.0, 1.0],
    ];
    let actions = [split(2, 2.0), split(3, 5.0)];
    let history = with_actions(daily(&rows), &actions, rules());
    for (side, mae, mfe) in [(Side::Buy, -20.0, 30.0), (Side::Sell, -30.0, 20.0)] {
        // One unit at 100 becomes ten at 10: at worst 8 × 10, at best 13 × 10.
        let steps = [(0, market(side, 1.0)), (3, market(side.opposite(), 10.0))];
        let steps = steps.map(|(bar, intent)| (bar, Action::Place(intent)));
        let (_, run) = play(&history, &setup(), Script::new(&steps));
        let told = trade_rows(&run, &history);
        assert_eq!((told.len(), told[0].quantity, told[0].entry_price), (1, 10.0, 10.0));
        close_to(told[0].mae, mae);
        close_to(told[0].mfe, mfe);
        close_to(told[0].pnl, 20.0 * side.sign());
    }
}

#[test]
fn times_are_dates_or_instants() {
    let days = history_of_days(2);
    let ts = days.series[0].raw().ts[1];
    assert_eq!(bar_time(ts, &days), "2024-01-03");
    let hours = history(intraday(&flat(&[1.0; 4])), rules());
    let ts = hours.series[0].raw().ts;
    assert_eq!(bar_time(ts[0], &hours), "2024-01-02T14:30:00Z");
    assert_eq!(bar_time(ts[3], &hours), "2024-01-03T18:30:00Z");
}

#[test]
fn activity_is_measured_on_bars() {
    let rows = flat(&[100.0; 5]);
    let placed = [(0, market(Side::Buy, 500.0)), (2, market(Side::Sell, 500.0))];
    let (_, run) = trade(&rows, rules(), &placed);
    let history = history(daily(&rows), rules());
    let measured = Measured::of(&run, &history, None, 0.0);
    // Held at two closes of five, half of equity; 100,000 traded both ways.
    assert_eq!(measured.exposure, Some(0.4));
    assert_eq!(measured.mean_gross_exposure, Some(0.2));
    close_to(measured.turnover.unwrap(), 1e5 / (2.0 * 1e5) * 252.0 / 4.0);
    assert_eq!(measured.trades.closed_trades, 1);
    for key in ["exposure", "turnover", "mean_gross_exposure", "sharpe_ratio", "closed_trades"] {
        assert!(measured.get(key).is_some(), "{key}");
    }
    assert_eq!(measured.get("closed_trades"), Some(Some(1.0)));
    assert_eq!(measured.get("sharpe_ratio"), Some(None));
    assert_eq!(measured.get("luck"), None);
    let json = serde_json::to_value(&measured).unwrap();
    for key in ["total_return", "closed_trades", "exposure"] {
        assert!(json.get(key).is_some(), "{key}");
    }
}

/// A run that wins a little more than it loses.
fn curve(bars_count: usize) -> (History, Run) {
    let rows = bars(&mut Chance::new(12), bars_count);
    let (_, run) = trade(&rows, rules(), &[(0, market(Side::Buy, 100.0))]);
    (history(daily(&rows), rules()), run)
}

#[test]
fn one_trial_is_deflated_by_nothing() {
    let (history, run) = curve(300);
    let judge = |count, variance| {
        let trials = Trials { count, variance };
        Honesty::of(&run.timeline, &run.equity, &history, trials, 7)
    };
    let alone = judge(1, None);
    assert!(alone.psr.is_some_and(|psr| psr > 0.0 && psr < 1.0));
    assert_eq!((alone.deflated_sharpe, alone.trials, alone.trial_variance), (alone.psr, 1, None));
    // More trials leave less of it; their variance is assumed where it is not known.
    let many = judge(100, None);
    assert_eq!(many.trial_variance, Some(1.0 / 299.0));
    assert!(many.deflated_sharpe < alone.deflated_sharpe && many.psr == alone.psr);
    assert!(judge(10_000, None).deflated_sharpe < many.deflated_sharpe);
    let alike = judge(100, Some(1e-9));
    assert_eq!(alike.trial_variance, Some(1e-9));
    assert!(alike.deflated_sharpe > many.deflated_sharpe);
    // Intervals hold what was seen, and are drawn by the seed.
    let seen = Measured::of(&run, &history, None, 0.0);
    let sharpe = alone.bootstrap.sharpe_ratio.unwrap();
    let observed = seen.returns.sharpe_ratio.unwrap();
    assert!(sharpe.lower < observed && observed < sharpe.upper);
    assert_eq!(judge(1, None), alone);
    let other =
        Honesty::of(&run.timeline, &run.equity, &history, Trials { count: 1, variance: None }, 8);
    assert_ne!(other.bootstrap, alone.bootstrap);
}

#[test]
fn what_cannot_be_judged_is_not() {
    let history = history_of_days(3);
    let (_, run) = play(&history, &setup(), Script::default());
    let trials = Trials { count: 5, variance: None };
    let nothing = Honesty::of(&run.timeline, &run.equity, &history, trials, 1);
    assert_eq!((nothing.psr, nothing.deflated_sharpe), (None, None));
    assert_eq!(nothing.min_track_record_length, None);
}

#[test]
fn assumptions_are_told_in_words() {
    let plain = history_of_days(3);
    let told = assumptions(&plain, &setup());
    let expected = [
        "A decision at a bar's close trades at the next bar's open.",
        "Commission: 0 bps of notional a side. Slippage: 0 bps a side.",
        "Any quantity trades: there is no limit by volume. Prices and quantities are not rounded.",
        "A full target takes 100 % of equity.",
        "Short selling is allowed, and borrowing stock costs nothing.",
        "No splits or dividends are known for these bars.",
        "Sessions of NYSE; 252 periods a year; equity is marked at closes, and the last position \
         stays open.",
    ];
    assert_eq!(told, expected);

    // What is changed, and the sentence that tells it.
    let with_rules = |rules: ExecutionRules| history(daily(&flat(&[1.0; 3])), rules);
    let slipping = |half_spread, impact| {
        let slippage = Slippage { bps: 2.5, half_spread, impact };
        with_rules(ExecutionRules { slippage, ..rules() })
    };
    let optimistic = Setup { fill_at: FillAt::Close, ..setup() };
    let long_only = Setup { allow_short: false, ..setup() };
    let half = Setup { fraction: 0.5, ..setup() };
    let financing = Financing { borrow_rate: 0.03, margin_rate: 0.075, ..Financing::default() };
    let financed = Setup { financing, ..setup() };
    let touch = with_rules(ExecutionRules { limit_fill: LimitFill::Touch, ..rules() });
    let events = with_actions(
        daily(&flat(&[4.0, 4.0, 2.0])),
        &[split(2, 2.0), dividend(1, 0.1, None)],
        rules(),
    );
    let days = || daily(&flat(&[1.0; 3]));
    let alike =
        several(&[("A", days(), &[], rules()), ("B", days(), &[], rules())], Timeframe::Day1);
    let costly = ExecutionRules { commission: Commission::bps(5.0), ..rules() };
    let unlike =
        several(&[("A", days(), &[], rules()), ("B", days(), &[], costly)], Timeframe::Day1);
    let cases: [(&History, &Setup, &str); 20] = [
        (
            &plain,
            &optimistic,
            "OPTIMISTIC: a decision at a bar's close trades at that same close, a price that \
             was already past.",
        ),
        (&plain, &long_only, "No short selling."),
        (&plain, &half, "A full target takes 50 % of equity."),
        (&plain, &financed, "Short selling is allowed."),
        (&plain, &financed, "Cash below zero costs 7.50 % a year, borrowed stock 3.00 % a year."),
        (
            &with_rules(ExecutionRules { commission: Commission::bps(5.5), ..rules() }),
            &setup(),
            "Commission: 5.5 bps of notional a side. Slippage: 0 bps a side.",
        ),
        (
            &with_rules(ExecutionRules {
                commission: Commission { min: Some(1.0), ..Commission::bps(5.0) },
                ..rules()
            }),
            &setup(),
            "Commission: by the broker's schedule, per order. Slippage: 0 bps a side.",
        ),
        (
            &slipping(HalfSpread::None, None),
            &setup(),
            "Commission: 0 bps of notional a side. Slippage: 2.5 bps a side.",
        ),
        (
            &slipping(HalfSpread::Fixed { fraction: 0.0002 }, None),
            &setup(),
            "Commission: 0 bps of notional a side. Slippage: 2.5 bps a side, half a spread of 4 \
             bps.",
        ),
        (
            &slipping(HalfSpread::CorwinSchultz, Some(0.8)),
            &setup(),
            "Commission: 0 bps of notional a side. Slippage: 2.5 bps a side, half a spread \
             estimated from highs and lows, square-root impact with Y = 0.8.",
        ),
        (
            &with_rules(ExecutionRules { participation: Some(0.1), ..rules() }),
            &setup(),
            "Orders take at most 10 % of a bar's volume. Prices and quantities are not rounded.",
        ),
        (
            &with_rules(ExecutionRules { tick: 0.01, lot: 1.0, ..rules() }),
            &setup(),
            "Any quantity trades: there is no limit by volume. Prices round to 0.01 against the \
             trader; quantities round down to 1.",
        ),
        (
            &with_rules(ExecutionRules { lot: 100.0, ..rules() }),
            &setup(),
            "Any quantity trades: there is no limit by volume. Prices are not rounded; \
             quantities round down to 100.",
        ),
        (
            &with_rules(ExecutionRules { tick: 0.05, ..rules() }),
            &setup(),
            "Any quantity trades: there is no limit by volume. Prices round to 0.05 against the \
             trader; quantities are not rounded.",
        ),
        (&touch, &setup(), "OPTIMISTIC: a limit order fills when the price only touches it."),
        (
            &events,
            &setup(),
            "2 splits and dividends are booked; signals read adjusted prices, fills raw ones.",
        ),
        (
            &alike,
            &half,
            "2 instruments share one account; all targets together take 50 % of equity.",
        ),
        (&unlike, &setup(), "B: Commission: 5 bps of notional a side. Slippage: 0 bps a side."),
        (
            &unlike,
            &setup(),
            "A: Any quantity trades: there is no limit by volume. Prices and quantities are not \
             rounded.",
        ),
        (
            &history(intraday(&flat(&[1.0; 4])), rules()),
            &setup(),
            "Inside a bar the order of prices is unknown: stops come before targets.",
        ),
    ];
    for (history, setup, sentence) in cases {
        let told = assumptions(history, setup);
        assert_eq!(
            told.iter().filter(|line| *line == sentence).count(),
            1,
            "{sentence}\n{told:#?}"
        );
    }
    // Rules that instruments share are told once.
    assert_eq!(assumptions(&alike, &setup()).len(), expected.len());
}

#[test]
fn a_receipt_holds_money_costs_and_rules() {
    let history = history_of_days(3);
    let receipt = setup_receipt(&history, &setup());
    assert_eq!(receipt["setup"]["cash"], 100_000.0);
    assert_eq!(receipt["setup"]["fill_at"], "next_open");
    assert_eq!(receipt["timeframe"], "1d");
    assert_eq!(receipt["calendar"], "NYSE");
    assert_eq!(receipt["rules"][0]["limit_fill"], "through");
    let setup: Setup = serde_json::from_value(receipt["setup"].clone()).unwrap();
    assert_eq!(setup, crate::scene::setup());
    let rules: ExecutionRules = serde_json::from_value(receipt["rules"][0].clone()).unwrap();
    assert_eq!(rules, history.series[0].rules);
}
