//! A witness: backtrader's trades on the same bars, with the same conventions, are ours.
//!
//! `tests/golden/backtrader_sma.py` made the golden file, and says how to make it again.

#![expect(clippy::expect_used, reason = "helpers of tests, which are to panic")]

use serde_json::Value;

use crate::program::Place;

const GOLDEN: &str = include_str!("../golden/backtrader_sma.json");

fn close_to(ours: &Value, theirs: &Value, what: &str) {
    let (ours, theirs) = (ours.as_f64().expect(what), theirs.as_f64().expect(what));
    let allowed = 1e-9 * theirs.abs().max(1.0);
    assert!((ours - theirs).abs() <= allowed, "{what}: {ours} here, {theirs} there");
}

#[test]
fn an_sma_crossover_trades_as_in_backtrader() {
    let golden: Value = serde_json::from_str(GOLDEN).expect("the golden file is JSON");
    let place = Place::new();
    for run in golden["runs"].as_array().expect("runs") {
        let ticker = run["ticker"].as_str().expect("a ticker");
        let csv = format!("{ticker}.csv");
        // A file is tested as it stands: raw prices, no splits, as the witness saw them.
        let export =
            ["data", "export", "--symbol", ticker, "--source", "bundled", "--out", &csv, "-q"];
        place.run(&export).done();
        let fast = format!("fast={}", run["params"]["fast"]);
        let slow = format!("slow={}", run["params"]["slow"]);
        let ours = place
            .run(&[
                "backtest",
                "--strategy",
                "sma_crossover",
                "--param",
                &fast,
                "--param",
                &slow,
                "--data",
                &csv,
                "--fee-bps",
                "5",
                "--slippage-bps",
                "0",
                "--json",
            ])
            .json();
        let what = format!("{ticker} {fast} {slow}");
        close_to(&ours["final_equity"], &run["final_equity"], &what);
        let trades = ours["trades"].as_array().expect("trades");
        let closed: Vec<&Value> = trades.iter().filter(|t| !t["exit_time"].is_null()).collect();
        let theirs = run["trades"].as_array().expect("trades");
        assert_eq!(closed.len(), theirs.len(), "{what}");
        assert_eq!(trades.len() > closed.len(), !run["open_position"].is_null(), "{what}");
        for (ours, theirs) in closed.iter().zip(theirs) {
            let what = format!("{what}, entered {}", theirs["entry_date"]);
            assert_eq!(ours["entry_time"], theirs["entry_date"], "{what}");
            assert_eq!(ours["exit_time"], theirs["exit_date"], "{what}");
            for (key, other) in [
                ("entry_price", "entry_price"),
                ("exit_price", "exit_price"),
                ("quantity", "quantity"),
                ("pnl", "pnl_net"),
                ("fees", "fees"),
            ] {
                close_to(&ours[key], &theirs[other], &format!("{what}, {key}"));
            }
        }
    }
}
