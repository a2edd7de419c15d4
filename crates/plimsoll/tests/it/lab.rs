//! `backtest`, `sweep`, `evaluate`, `walk-forward` and the tour: shapes, agreement, and refusals.

use std::fs;

use serde_json::{Value, json};

use crate::program::{Place, daily_csv};

const SMA: [&str; 7] =
    ["backtest", "--strategy", "sma_crossover", "--param", "fast=5", "--param", "slow=20"];

fn with<'a>(first: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
    first.iter().chain(more).copied().collect()
}

#[test]
fn a_backtest_says_all_that_the_contract_promises() {
    let place = Place::new();
    let more = ["--ticker", "AAPL", "--benchmark", "^GSPC", "--check-lookahead", "--json"];
    let report = place.run(&with(&SMA, &more)).json();
    let keys = [
        "strategy",
        "params",
        "metrics",
        "trades",
        "final_equity",
        "fees",
        "assumptions",
        "statistics",
        "receipt",
        "lookahead",
    ];
    for key in keys {
        assert!(!report[key].is_null(), "no {key}");
    }
    assert_eq!(report["params"], json!({"fast": 5, "slow": 20}));
    // n bars give n − 1 returns.
    let bars = report["bars"].as_u64().expect("a number");
    assert_eq!(report["metrics"]["observations"], bars - 1);
    assert!(report["metrics"]["beta"].is_f64(), "the benchmark was compared");
    let trade = &report["trades"][0];
    for key in [
        "symbol",
        "side",
        "quantity",
        "entry_time",
        "entry_price",
        "exit_time",
        "exit_price",
        "pnl",
        "fees",
        "bars_held",
    ] {
        assert!(trade.get(key).is_some(), "no {key} in {trade}");
    }
    assert_eq!(report["statistics"]["trials"], 1);
    assert!(report["statistics"]["bootstrap"]["sharpe_ratio"]["lower"].is_f64());
    assert_eq!(report["lookahead"]["passed"], true);
    for key in ["engine", "data", "strategy", "params", "seed", "result"] {
        assert!(!report["receipt"][key].is_null(), "no {key} in the receipt");
    }
}

#[test]
fn people_get_a_report_that_fits() {
    let place = Place::new();
    let lines: [&[&str]; 5] = [
        &["backtest", "--strategy", "RSI", "--ticker", "MSFT", "--benchmark", "^GSPC"],
        &["sweep", "--strategy", "sma_crossover", "--ticker", "IBM", "--grid", "fast=5:20:5"],
        &["evaluate", "--ticker", "AAPL", "--ticker", "GOOG"],
        &[
            "walk-forward",
            "--strategy",
            "momentum_roc",
            "--ticker",
            "IBM",
            "--grid",
            "period=20:60:20",
        ],
        &["tour"],
    ];
    for line in lines {
        let text = place.run(line).done();
        assert!(text.contains("What it rests on"), "{text}");
        for line in text.lines() {
            assert!(line.chars().count() <= 80, "too long: {line}");
        }
    }
}

#[test]
fn a_receipt_reproduces_the_same_bytes() {
    let place = Place::new();
    let backtest = with(&SMA, &["--ticker", "AAPL", "--allow-short", "--json"]);
    let first = place.run(&backtest).done();
    fs::write(place.path("report.json"), &first).expect("the folder takes files");
    let again = place.run(&["backtest", "--receipt", "report.json", "--json"]).done();
    assert_eq!(first, again);

    // A bare receipt does as well.
    place.run(&with(&backtest, &["--receipt", "receipt.json"])).done();
    let again = place.run(&["backtest", "--receipt", "receipt.json", "--json"]).done();
    assert_eq!(first, again);

    // A receipt of other data is found out.
    let csv = daily_csv(300);
    place.file("bars.csv", &csv);
    let first = place.run(&with(&SMA, &["--data", "bars.csv", "--json"])).done();
    fs::write(place.path("report.json"), first).expect("the folder takes files");
    place.file("bars.csv", &csv.replace("105.5", "105.25"));
    let changed = place.run(&["backtest", "--receipt", "report.json", "--json"]);
    changed.refused(1, &["differs", "the data of bars changed"]);
}

#[test]
fn a_row_of_a_sweep_is_the_single_backtest() {
    let place = Place::new();
    for (strategy, axis) in [
        ("sma_crossover", "fast=3:30:3"),
        ("rsi_mean_reversion", "period=2:20:3"),
        ("donchian_turtle", "entry=10:50:10"),
        ("squeeze_breakout", "period=10:30:5"),
    ] {
        let sweep = place
            .run(&[
                "sweep",
                "--strategy",
                strategy,
                "--ticker",
                "MSFT",
                "--grid",
                axis,
                "--top",
                "3",
                "--json",
            ])
            .json();
        for row in sweep["rows"].as_array().expect("rows") {
            let mut line = vec!["backtest", "--strategy", strategy, "--ticker", "MSFT", "--json"];
            let params: Vec<String> = row["params"]
                .as_object()
                .expect("parameters")
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            for param in &params {
                line.extend(["--param", param]);
            }
            let single = place.run(&line).json();
            assert_eq!(row["metrics"], single["metrics"], "{strategy} {params:?}");
        }
        assert!(sweep["tried"].as_u64() > Some(3) && sweep["pbo"].is_f64(), "{sweep}");
        assert_eq!(sweep["rows"][0]["statistics"]["trials"], sweep["tried"]);
    }
}

#[test]
fn only_the_rows_of_a_usual_table_are_resampled() {
    let place = Place::new();
    let shown = |top: &str| {
        let line = ["sweep", "--strategy", "momentum_roc", "--ticker", "MSFT", "--json"];
        place.run(&with(&line, &["--grid", "period=5:60:1", "--top", top])).json()
    };
    let (few, many) = (shown("20"), shown("25"));
    let [few_rows, rows] = [&few, &many].map(|report| report["rows"].as_array().expect("rows"));
    assert_eq!((few_rows.len(), rows.len()), (20, 25));
    assert_eq!(few_rows[..], rows[..20]);
    for (place, row) in rows.iter().enumerate() {
        let statistics = &row["statistics"];
        for key in ["sharpe_ratio", "cagr", "max_drawdown"] {
            let interval = &statistics["bootstrap"][key];
            assert_eq!(interval["lower"].is_f64(), place < 20, "row {place}: {key} {interval}");
            assert_eq!(interval.is_null(), place >= 20, "row {place}: {key} {interval}");
        }
        assert!(statistics["psr"].is_f64() && statistics["deflated_sharpe"].is_f64());
        assert_eq!(statistics["trial_variance"], rows[0]["statistics"]["trial_variance"]);
    }
    let remarks = |report: &Value| {
        let said = report["assumptions"].as_array().expect("assumptions");
        said.iter().filter(|line| line.to_string().contains("first 20 rows")).count()
    };
    assert_eq!((remarks(&few), remarks(&many)), (0, 1));
}

#[test]
fn every_row_goes_into_the_table() {
    let place = Place::new();
    let line = [
        "sweep",
        "--strategy",
        "sma_crossover",
        "--ticker",
        "AAPL",
        "--ticker",
        "IBM",
        "--grid",
        "fast=2:20:2",
        "--grid",
        "slow=10:100:10",
        "--where",
        "fast<slow",
        "--out",
        "rows.parquet",
        "--json",
    ];
    let sweep = place.run(&line).json();
    assert_eq!(sweep["tried"], 2 * 93);
    let bytes = fs::read(place.path("rows.parquet")).expect("it was written");
    assert!(bytes.starts_with(b"PAR1") && bytes.ends_with(b"PAR1"));
    let drawn = with(&line, &["--random", "30", "--seed", "7"]);
    let (one, other) = (place.run(&drawn).json(), place.run(&drawn).json());
    assert_eq!(one["tried"], 60);
    assert_eq!(one["rows"], other["rows"], "equal seeds draw equal rows");
}

#[test]
fn an_evaluation_ranks_out_of_sample() {
    let place = Place::new();
    let found = place.run(&["evaluate", "--ticker", "AAPL", "--json"]).json();
    let ticker = &found["AAPL"];
    let best = ticker["best_strategy"].as_str().expect("a strategy");
    assert_eq!(ticker["metric"], "sharpe_ratio");
    assert_eq!(ticker["best_score"], ticker["all_results"][best]["out_of_sample"]);
    let results = ticker["all_results"].as_object().expect("results");
    assert_eq!(results.len(), 12, "pairs and intraday strategies do not fit daily bars");
    let score = |value: &Value| value["out_of_sample"].as_f64();
    for (name, result) in results {
        assert!(result["metrics"]["total_return"].is_f64(), "{name}");
        if result["few_trades"] == false {
            assert!(score(result) <= score(&ticker["all_results"][best]), "{name}");
        }
    }
    assert_eq!(ticker["statistics"]["trials"], 12);
}

#[test]
fn a_walk_forward_keeps_past_and_future_apart() {
    let place = Place::new();
    let line = [
        "walk-forward",
        "--strategy",
        "sma_crossover",
        "--ticker",
        "IBM",
        "--grid",
        "fast=5:20:5",
        "--grid",
        "slow=30:60:10",
        "--train",
        "504",
        "--test",
        "126",
        "--json",
    ];
    for extra in [&[][..], &["--anchored"], &["--purge", "10"]] {
        let found = place.run(&with(&line, extra)).json();
        let windows = found["results"][0]["windows"].as_array().expect("windows").clone();
        assert!(windows.len() > 15, "{}", windows.len());
        let mut last = String::new();
        for window in &windows {
            let of = |key: &str| window[key].as_str().expect("a date").to_owned();
            assert!(of("train_to") < of("test_from") && of("test_from") <= of("test_to"));
            assert!(of("test_from") > last, "test pieces do not overlap");
            last = of("test_to");
        }
        let first = &windows[0]["train_from"];
        let anchored = windows.iter().all(|window| &window["train_from"] == first);
        assert_eq!(anchored, extra == ["--anchored"]);
    }
    let few = place.run(&with(&line, &["--from", "2012-06-01"]));
    few.refused(2, &["too few"]);
}

#[test]
fn files_are_written_beside_the_report() {
    let place = Place::new();
    let line = with(
        &SMA,
        &[
            "--ticker",
            "AAPL",
            "--equity",
            "equity.csv",
            "--trades",
            "trades.csv",
            "--decisions",
            "decisions.csv",
            "--json",
        ],
    );
    let report = place.run(&line).json();
    let rows = |name: &str| {
        let text = fs::read_to_string(place.path(name)).expect(name);
        (text.lines().next().unwrap_or_default().to_owned(), text.lines().count() - 1)
    };
    let bars = report["bars"].as_u64().expect("a number") as usize;
    assert_eq!(rows("equity.csv"), ("timestamp,equity,drawdown".to_owned(), bars));
    assert_eq!(rows("decisions.csv"), ("timestamp,target".to_owned(), bars));
    assert_eq!(rows("trades.csv").1, report["trades"].as_array().expect("trades").len());
}

#[test]
fn pairs_take_two() {
    let place = Place::new();
    let line = ["backtest", "--strategy", "pairs_zscore", "--ticker", "IBM", "--ticker", "MSFT"];
    let report = place.run(&with(&line, &["--json", "--check-lookahead"])).json();
    assert_eq!(report["symbols"], json!(["IBM", "MSFT"]));
    assert!(report["trades"].as_array().is_some_and(|trades| trades.len() > 2));
    place.run(&line[..5]).refused(2, &["two instruments"]);
}

#[test]
fn wrong_questions_are_answered_with_what_is_right() {
    let place = Place::new();
    place.file("empty.csv", "");
    place.file("header.csv", "date,open,high,low,close,volume\n");
    place.file("one.csv", &daily_csv(1));
    place.file("bars.csv", &daily_csv(50));
    let reversed: String = {
        let text = daily_csv(10);
        let mut lines: Vec<&str> = text.lines().collect();
        lines[1..].reverse();
        lines.join("\n")
    };
    place.file("reversed.csv", &reversed);
    place.file("nan.csv", &daily_csv(5).replacen("100.0", "nan", 1).replacen(",100,", ",NaN,", 1));
    let backtest = ["backtest", "--strategy", "sma_crossover"];
    let on = |more: &'static [&'static str]| with(&backtest, more);
    let cases: [(Vec<&str>, i32, &[&str]); 16] = [
        (vec!["backtest", "--strategy", "sma_crosover", "--ticker", "AAPL"], 2, &["sma_crossover"]),
        (on(&["--param", "fats=3", "--ticker", "AAPL"]), 2, &["fats", "fast"]),
        (on(&["--param", "fast=0", "--ticker", "AAPL"]), 2, &["out of range"]),
        (on(&["--param", "fast=2.5", "--ticker", "AAPL"]), 2, &["whole number"]),
        (on(&["--param", "fast=60", "--ticker", "AAPL"]), 2, &["fast<slow"]),
        (on(&["--ticker", "APPL"]), 2, &["APPL", "AAPL"]),
        (on(&["--data", "missing.csv"]), 1, &["missing.csv"]),
        (on(&["--data", "empty.csv"]), 1, &["empty.csv"]),
        (on(&["--data", "header.csv"]), 1, &["header.csv"]),
        (on(&["--data", "one.csv", "--timeframe", "1d"]), 1, &["one"]),
        (on(&["--data", "reversed.csv"]), 1, &["reversed.csv"]),
        (on(&[]), 2, &["--ticker"]),
        (on(&["--data", "bars.csv", "--from", "2024-03-01", "--to", "2024-02-01"]), 2, &["after"]),
        (on(&["--data", "bars.csv", "--commission", "alpca"]), 2, &["alpaca"]),
        (
            vec!["sweep", "--strategy", "sma_crossover", "--ticker", "AAPL", "--metric", "sharp"],
            2,
            &["sharpe_ratio"],
        ),
        (
            vec![
                "sweep",
                "--strategy",
                "sma_crossover",
                "--ticker",
                "AAPL",
                "--grid",
                "fast=50:60:1",
                "--grid",
                "slow=5:10:1",
            ],
            2,
            &["no combination"],
        ),
    ];
    for (line, code, parts) in cases {
        place.run(&line).refused(code, parts);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn an_output_that_takes_nothing_is_a_failure() {
    let place = Place::new();
    let line = "$PLIMSOLL backtest --strategy rsi --ticker AAPL --json > /dev/full";
    let answer = place.bash(line);
    assert_eq!(answer.code, Some(1), "{answer:?}");
    assert!(answer.err.contains("cannot write"), "{answer:?}");
    let line = "$PLIMSOLL backtest --strategy rsi --ticker AAPL --equity no/such/folder.csv";
    let answer = place.bash(line);
    assert_eq!(answer.code, Some(1), "{answer:?}");
}
