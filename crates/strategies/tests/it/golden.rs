//! Targets and equity against values that were computed apart from this code.

use std::sync::Arc;

use engine::costs::{Commission, Financing, Slippage};
use engine::venue::{ExecutionRules, LimitFill};
use engine::{FillAt, History, Series, Setup};
use market::{Bar, BarSeries, Calendar, Timeframe, date_of, midnight};
use quant::metrics::Metrics;
use serde_json::Value;

use crate::scenario::backtest;

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}

fn series(symbol: &str, [open, high, low, close, volume]: [&[f64]; 5]) -> Series {
    let first = date_of(1_420_156_800_000_000); // 2015-01-02
    let end = date_of(1_500_000_000_000_000);
    let sessions = Calendar::NYSE.sessions(first, end);
    let mut bars = BarSeries::with_capacity(close.len());
    for (index, session) in sessions.iter().take(close.len()).enumerate() {
        bars.push(Bar {
            ts: midnight(session.date),
            open: open[index],
            high: high[index],
            low: low[index],
            close: close[index],
            volume: volume[index],
        });
    }
    let rules = ExecutionRules {
        commission: Commission::bps(5.0),
        slippage: Slippage { bps: 2.0, ..Slippage::default() },
        participation: None,
        tick: 0.0,
        lot: 0.0,
        limit_fill: LimitFill::default(),
    };
    Series::new(symbol, Arc::new(bars), &[], Timeframe::Day1, Calendar::NYSE, rules).unwrap()
}

fn assert_close(found: Option<f64>, expected: &Value, what: &str) {
    match (found, expected.as_f64()) {
        (None, None) => {}
        (Some(found), Some(expected)) => {
            let error = (found - expected).abs();
            assert!(error <= 1e-9 * expected.abs(), "{what}: {found} is not {expected}");
        }
        _ => panic!("{what}: {found:?} is not {expected}"),
    }
}

#[test]
fn strategies_match_the_golden_values() {
    let golden: Value = serde_json::from_str(include_str!("../golden/strategies.json")).unwrap();
    let [open, high, low, close, volume, close_b] =
        ["open", "high", "low", "close", "volume", "close_b"].map(|key| numbers(&golden[key]));
    let single = vec![series("A", [&open, &high, &low, &close, &volume])];
    let mut both = single.clone();
    both.push(series("B", [&close_b, &close_b, &close_b, &close_b, &volume]));
    let [single, both] =
        [single, both].map(|s| History::new(s, Timeframe::Day1, Calendar::NYSE).unwrap());

    let cases = golden["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 17);
    for case in cases {
        let entry = strategies::find(case["strategy"].as_str().unwrap()).unwrap();
        let mut given = case["params"].as_object().unwrap().clone();
        let allow_short =
            given.remove("allow_short").is_some_and(|allowed| allowed.as_bool().unwrap());
        let what = format!("{} {}", entry.name, case["params"]);
        let given: Vec<(String, f64)> =
            given.into_iter().map(|(name, value)| (name, value.as_f64().unwrap())).collect();
        let params = entry.parse(&given).unwrap();
        let setup = Setup {
            cash: 100_000.0,
            fill_at: FillAt::NextOpen,
            allow_short,
            fraction: 1.0,
            financing: Financing::default(),
        };
        let is_pair = entry.runner.legs() == 2;
        let history = if is_pair { &both } else { &single };
        let (run, decisions) = backtest(entry, history, &params, &setup, 0..close.len());
        let decisions: Vec<f64> = decisions.unwrap()[0].iter().map(|&d| f64::from(d)).collect();
        let expected = numbers(&case["target"]);
        let difference = decisions.iter().zip(&expected).position(|(a, b)| a != b);
        assert_eq!(difference, None, "{what}: first bar with another target");
        assert_eq!(decisions.len(), expected.len(), "{what}");
        if is_pair {
            assert!(case.get("final_equity").is_none(), "{what} has equity to compare");
            continue;
        }

        let last = run.equity.len() - 20;
        for (found, expected) in
            run.equity[last..].iter().zip(case["equity_last_20"].as_array().unwrap())
        {
            assert_close(Some(*found), expected, &what);
        }
        assert_close(run.equity.last().copied(), &case["final_equity"], &what);
        assert_eq!(run.portfolio.trades.len() as u64, case["closed_trades"], "{what}");
        assert_close(Some(run.portfolio.fees), &case["fees"], &what);
        let metrics = Metrics::of_equity(&run.equity, None, history.periods_per_year, 0.0);
        for (key, found) in [
            ("total_return", metrics.total_return),
            ("sharpe_ratio", metrics.sharpe_ratio),
            ("max_drawdown", metrics.max_drawdown),
        ] {
            assert_close(found, &case[key], &format!("{what}: {key}"));
        }
    }
}
