//! A sweep in parts is the sweep: every bit of every row, and of what cross-validation compares.

use std::path::Path;

use engine::sweep::SweepResult;
use jobs::lab::{COLUMN_BYTES, Course, Workbench};
use jobs::payload::Payload;
use serde_json::{Value, json};

/// Runs a sweep whole and in parts of about `most` rows, through the form in which parts are kept.
fn check(payload: &Value, most: u64, parts: usize) {
    let course = Course::default();
    let bench = Workbench {
        data_dir: Path::new("no such folder"),
        workers: 2,
        column_bytes: COLUMN_BYTES,
        course: &course,
        remark: &|_| {},
    };
    let request = Payload::parse(&payload.to_string()).unwrap().sweep().unwrap();
    let sweep = request.prepare(&bench).unwrap();
    let whole = sweep.run(&bench).unwrap();
    let ranges = sweep.grid().parts(most);
    assert_eq!(ranges.len(), parts, "{payload}: {ranges:?}");
    assert!(ranges.windows(2).all(|pair| pair[0].end == pair[1].start), "{ranges:?}");
    let ends = (ranges[0].start, ranges[parts - 1].end);
    assert_eq!(ends, (0, sweep.grid().size()));
    let found: Vec<Vec<u64>> = ranges
        .iter()
        .map(|rows| sweep.run_part(rows, &bench).unwrap().unwrap().to_words())
        .collect();
    let mut joined = SweepResult::default();
    for words in &found {
        let part = SweepResult::from_words(words).unwrap();
        assert_eq!(&part.to_words(), words);
        joined.append(0, part);
    }
    // Bits, because NaN equals nothing.
    assert_eq!(joined.to_words(), whole.to_words(), "{payload}");
    assert_eq!(joined.compared(0), whole.compared(0), "{payload}");
    let of = |result: &SweepResult| format!("{:?}", result.overfitting(0));
    assert_eq!(of(&joined), of(&whole), "{payload}");
}

#[test]
fn parts_make_the_whole() {
    let fast = json!({"from": 2, "to": 40, "step": 1});
    let slow = json!({"from": 10, "to": 100, "step": 2});
    let sma = json!({"strategy": "sma_crossover", "tickers": ["AAPL"],
        "grid": {"fast": fast, "slow": slow}, "where": ["fast<slow"]});
    // 39 × 46 rows: by values of the slowest parameter, then within one value of it.
    check(&sma, 500, 4);
    check(&sma, 10, 39 * 5);

    let mut drawn = sma.clone();
    drawn["random"] = json!(300);
    drawn["seed"] = json!(7);
    check(&drawn, 100, 4);

    let three = json!({"strategy": "macd", "tickers": ["IBM"], "metric": "calmar_ratio",
        "grid": [{"param": "fast", "values": [8, 12]}, {"param": "slow", "from": 20, "to": 44, "step": 2},
                 {"param": "signal", "from": 3, "to": 12}]});
    check(&three, 35, 2 * 5);

    // Through the event kernel.
    let kernel = json!({"strategy": "rsi_mean_reversion", "tickers": ["AAPL"],
        "metric": "sortino_ratio", "commission": "ibkr_fixed",
        "grid": {"period": [5, 10, 14, 20, 30]}});
    check(&kernel, 2, 3);
}

/// Above 2,000 variants cross-validation compares a sample, drawn from the whole.
#[test]
fn the_sample_is_drawn_from_the_whole() {
    let sma = json!({"strategy": "sma_crossover", "tickers": ["AAPL"], "start_date": "2010-01-01",
        "grid": {"fast": {"from": 2, "to": 61}, "slow": {"from": 62, "to": 111}}});
    check(&sma, 700, 5);
}

#[test]
fn other_words_are_no_result() {
    for words in [&[][..], &[1], &[0, 1 << 60], &[0, 0, 1 << 60], &[0, 0, 0, 0]] {
        assert!(SweepResult::from_words(words).is_none(), "{words:?}");
    }
}
