//! `calc` and `strategies`: shapes of results, and inputs that make no sense.

use serde_json::{Value, json};

use crate::program::{Place, daily_csv};

const GOLDEN_FILLS: &str = include_str!("../golden/fills.json");

#[test]
fn golden_orders_fill_one_a_line_in_order() {
    let place = Place::new();
    let golden: Value = serde_json::from_str(GOLDEN_FILLS).expect("the file is JSON");
    let cases = golden["cases"].as_array().expect("a list");
    let lines: Vec<String> = cases
        .iter()
        .map(|case| json!({"order": case["order"], "bars": case["bars"]}).to_string())
        .collect();
    let file = place.file("orders.jsonl", &lines.join("\n"));
    let answers = place.run(&["calc", "fills", "--input", &file]).done();
    let answers: Vec<Value> =
        answers.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(answers.len(), cases.len());
    for (answer, case) in answers.iter().zip(cases) {
        let fills = answer["fills"].as_array().expect("a list");
        let expected = case["fills"].as_array().expect("a list");
        assert_eq!(fills.len(), expected.len(), "{}: {answer}", case["name"]);
        for (fill, expected) in fills.iter().zip(expected) {
            let off = |key: &str| {
                fill[key].as_f64().zip(expected[key].as_f64()).map(|(a, b)| (a - b).abs())
            };
            let same = fill["bar"] == expected["bar"] && fill["leg"] == expected["leg"];
            assert!(
                same && off("price") <= Some(1e-9) && off("quantity") == Some(0.0),
                "{}: {fill} instead of {expected}",
                case["name"]
            );
        }
    }
}

#[test]
fn a_bad_line_is_answered_and_the_next_goes_on() {
    let place = Place::new();
    let good =
        r#"{"order":{"side":"buy","order_type":"market","quantity":2},"bars":[[9,9,9,9,1]]}"#;
    let input = format!("{good}\nnot JSON\n{{\"order\":{{}}}}\n\n{good}\n");
    let out = place.run_with(&["calc", "fills", "--input", "-"], &input).done();
    let lines: Vec<Value> =
        out.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(lines.len(), 4);
    assert_eq!(lines[0], lines[3]);
    assert_eq!(lines[0]["fills"][0]["quantity"], 2.0);
    for line in &lines[1..3] {
        assert_eq!(line["error"]["code"], "malformed");
        assert!(line["error"]["detail"].as_str().is_some_and(|detail| !detail.is_empty()));
    }
    place.run(&["calc", "fills", "--input", "none.jsonl"]).refused(1, &["cannot read none.jsonl"]);
}

#[test]
fn statistics_answer_each_kind() {
    let place = Place::new();
    let input = [
        json!({"kind": "deflated_sharpe", "sharpe_annual": 2.5, "periods": 250, "n": 1250,
            "skew": -3, "kurtosis_raw": 10, "trials": 100, "trial_sharpe_variance_annual": 0.5}),
        json!({"kind": "pbo", "blocks": 2,
            "matrix_rows_are_time": [[0.01, 0.02], [0.03, -0.01], [0.0, 0.01], [0.02, 0.02]]}),
        json!({"kind": "bootstrap", "returns": [0.01, -0.02, 0.03, 0.0, 0.01], "reps": 100,
            "statistic": "sharpe_ratio", "mean_block": 2}),
        json!({"kind": "palmistry"}),
    ]
    .map(|line| line.to_string() + "\n")
    .concat();
    let out = place.run_with(&["calc", "statistics", "--input", "-"], &input).done();
    let lines: Vec<Value> =
        out.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert!((lines[0]["dsr"].as_f64().expect("a number") - 0.9004).abs() < 1e-4);
    assert!(lines[1]["pbo"].as_f64().is_some());
    assert_eq!(lines[2]["ci95_percentile"].as_array().map(Vec::len), Some(2));
    assert_eq!(lines[3]["error"]["code"], "malformed");
    assert_eq!(lines.len(), 4);
}

#[test]
fn indicators_over_a_file() {
    let place = Place::new();
    let csv = place.file("acme.csv", &daily_csv(60));
    let of = |name: &str, more: &[&str]| {
        place.run(&[&["calc", "indicator", name, "--data", &csv], more].concat())
    };
    let sma = of("sma", &["--param", "period=2", "--json"]).json();
    assert_eq!((&sma["name"], &sma["params"]), (&json!("sma"), &json!({"period": 2})));
    let values = sma["outputs"]["sma"].as_array().expect("a list");
    assert_eq!((values.len(), &values[0]), (60, &Value::Null));
    // Closes of 103.5 and 101.25, see `daily_csv`.
    assert_eq!(values[1], 102.375);
    let vwap = of("vwap", &["--param", "anchor=first_bar", "--json"]).json();
    assert_eq!(vwap["params"], json!({"anchor": "first_bar"}));
    let macd = of("MACD", &["--json"]).json();
    assert_eq!(macd["params"], json!({"fast": 12, "slow": 26, "signal": 9}));
    assert_eq!(macd["outputs"].as_object().map(|outputs| outputs.len()), Some(3));
    let cloud = of("ichimoku", &["--json"]).json();
    let senkou = cloud["outputs"].as_object().expect("an object").values();
    assert_eq!(senkou.filter_map(|of| of.as_array()).map(Vec::len).max(), Some(60 + 26));

    let text = of("rsi", &[]).done();
    assert!(text.starts_with("rsi(period=14)\nacme: 60 bars, the last 10"), "{text}");
    assert_eq!(text.lines().count(), 14, "{text}");
    let text = of("sma", &["--param", "period=61"]).done();
    assert!(text.contains("60 bars, too few; the first value needs 61"), "{text}");

    of("rsii", &[]).refused(2, &["unknown indicator 'rsii'; did you mean rsi"]);
    of("rsi", &["--param", "perod=3"]).refused(2, &["no parameter 'perod'; did you mean period?"]);
    of("rsi", &["--param", "period=0"]).refused(2, &["must be between 1"]);
    of("rsi", &["--param", "period=2.5"]).refused(2, &["whole number"]);
    of("rsi", &["--param", "period=long"]).refused(2, &["period must be a number, not 'long'"]);
    of("rsi", &["--param", "period"]).refused(2, &["name=value"]);
    of("vwap", &["--param", "anchor=moon"]).refused(2, &["one of session, first_bar"]);
    of("pairs_zscore", &[]).refused(2, &["reads 2 series, not 1"]);
    place.run(&["calc", "indicator", "rsi"]).refused(2, &["--ticker", "--data"]);
}

#[test]
fn sources_of_bars() {
    let place = Place::new();
    let bars = |arguments: &[&str]| {
        let all =
            [&["calc", "indicator", "sma", "--param", "period=1", "--json"], arguments].concat();
        let found = place.run(&all).json();
        found["outputs"]["sma"].as_array().expect("a list").len()
    };
    let csv = place.file("acme.csv", &daily_csv(60));
    assert_eq!(bars(&["--data", &csv, "--from", "2024-01-03", "--to", "2024-01-05"]), 3);
    // Weeks of New York: the first one is short, the last one too.
    assert_eq!(bars(&["--data", &csv, "--timeframe", "1w"]), 13);
    assert_eq!(bars(&["--ticker", "aapl", "--from", "2012-01-01", "--to", "2012-01-31"]), 20);
    assert_eq!(
        bars(&[
            "--ticker",
            "AAPL",
            "--timeframe",
            "1mo",
            "--from",
            "2011-01-01",
            "--to",
            "2011-12-31"
        ]),
        12
    );

    let sma = |arguments: &[&str]| {
        place.run(&[&["calc", "indicator", "sma", "--param", "period=1"], arguments].concat())
    };
    sma(&["--ticker", "APPL"]).refused(2, &["no 1d bars of APPL", "AAPL"]);
    sma(&["--ticker", "AAPL", "--data", &csv]).refused(2, &["cannot be used with"]);
    sma(&["--ticker", "AAPL", "--timeframe", "1m"]).refused(2, &["no 1m bars of AAPL"]);
    sma(&["--data", &csv, "--from", "2030-01-01"]).refused(2, &["has no bar in that range"]);
    sma(&["--data", "none.csv"]).refused(1, &["cannot read none.csv"]);
    let one = place.file("one.csv", &daily_csv(1));
    assert_eq!(bars(&["--data", &one]), 1);
    let nan = place.file("nan.csv", &daily_csv(9).replacen("100", "NaN", 1));
    sma(&["--data", &nan]).refused(1, &["1 of 9 rows refused", "line 2"]);
}

#[test]
fn metrics_of_returns() {
    let place = Place::new();
    let csv = place.file("r.csv", "return,benchmark\n0.01,0.02\n-0.02,-0.01\n0.03,0.01\n");
    let found = place.run(&["calc", "metrics", "--returns", &csv, "--json"]).json();
    assert_eq!(found["observations"], 3);
    assert!((found["total_return"].as_f64().expect("a number") - 0.019_494).abs() < 1e-12);
    assert!(found["beta"].as_f64().is_some() && found["kurtosis"].is_null());
    for key in ["best", "worst", "correlation", "sharpe_ratio", "psr"] {
        assert!(found.get(key).is_some(), "{key}");
    }
    let alone = place.file("a.csv", "0.01\n-0.02\n0.03\n");
    let of = |more: &[&str]| place.run(&[&["calc", "metrics", "--returns", &alone], more].concat());
    assert!(of(&["--json"]).json()["beta"].is_null());
    assert_eq!(of(&["--benchmark", &csv, "--json"]).json()["beta"], found["beta"]);
    let rate = of(&["--risk-free", "-0.01", "--periods-per-year", "12", "--json"]).json();
    assert!(rate["cagr"].as_f64() < found["cagr"].as_f64());
    let text = of(&[]).done();
    assert!(text.contains("total return") && text.contains("1.95 %"), "{text}");

    of(&["--periods-per-year", "0"]).refused(2, &["above 0"]);
    of(&["--risk-free", "-1"]).refused(2, &["above -1"]);
    let short = place.file("s.csv", "0.01\n");
    of(&["--benchmark", &short]).refused(1, &["the benchmark has 1 returns, there are 3"]);
    let nan = place.file("n.csv", "return\n0.1\nNaN\n");
    place.run(&["calc", "metrics", "--returns", &nan]).refused(1, &["n.csv, line 3"]);
    let empty = place.file("e.csv", "");
    place.run(&["calc", "metrics", "--returns", &empty]).refused(1, &["is empty"]);
}

#[test]
fn the_calendar_of_new_york() {
    let place = Place::new();
    let of = |calendar: &str, from: &str, to: &str| {
        ["calc", "calendar", calendar, "--from", from, "--to", to].map(str::to_owned)
    };
    let run = |arguments: &[String], more: &[&str]| {
        let all: Vec<&str> =
            arguments.iter().map(String::as_str).chain(more.iter().copied()).collect();
        place.run(&all)
    };
    let november = of("nyse", "2026-11-16", "2026-11-27");
    let found = run(&november, &["--json"]).json();
    let sessions = found["sessions"].as_array().expect("a list");
    assert_eq!(sessions.len(), 9);
    assert_eq!(
        sessions[8],
        json!({"date": "2026-11-27", "open": "2026-11-27T14:30:00Z",
        "close": "2026-11-27T18:00:00Z", "early": true})
    );
    assert_eq!(found["holidays"], json!(["2026-11-26"]));
    assert_eq!(
        found["monthly_options"],
        json!([{"month": "2026-11", "last_trading_day": "2026-11-20"}])
    );
    let text = run(&november, &[]).done();
    assert!(text.contains("early close") && text.contains("2026-11-26"), "{text}");

    let crypto = run(&of("CRYPTO", "2026-11-21", "2026-11-22"), &["--json"]).json();
    assert_eq!(crypto["sessions"].as_array().map(Vec::len), Some(2));
    let far = run(&of("NYSE", "2040-01-01", "2040-01-31"), &["--json"]);
    assert!(far.err.contains("approximation"), "{}", far.err);
    assert!(!far.json()["sessions"].as_array().expect("a list").is_empty());
}

#[test]
fn the_catalogue_of_strategies() {
    let place = Place::new();
    let found = place.run(&["strategies", "--json"]).json();
    let list = found["strategies"].as_array().expect("a list");
    assert_eq!(list.len(), 14);
    for strategy in list {
        for key in ["name", "label", "family", "description", "params_schema", "sweep"] {
            assert!(strategy.get(key).is_some_and(|value| !value.is_null()), "{strategy}");
        }
    }
    let sma = &list[0];
    assert_eq!(sma["name"], "sma_crossover");
    assert_eq!(sma["params_schema"]["properties"]["fast"]["default"], 20);
    assert_eq!(sma["sweep"]["slow"], json!({"from": 5.0, "to": 200.0, "step": 5.0}));
    let text = place.run(&["strategies"]).done();
    assert!(text.contains("sma_crossover") && text.contains("2:100:1"), "{text}");
}
