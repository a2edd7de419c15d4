//! What the catalogue promises.

use std::collections::BTreeSet;

use engine::sweep::Grid;
use engine::{ColumnSpec, MAX_COLUMNS, MAX_PARAMS, Params};
use strategies::{catalogue, find, params_schema};

#[test]
fn the_catalogue_has_the_fourteen_strategies() {
    let names: Vec<&str> = catalogue().iter().map(|entry| entry.name).collect();
    let expected = [
        "sma_crossover",
        "ema_crossover",
        "rsi_mean_reversion",
        "macd",
        "bollinger_reversion",
        "squeeze_breakout",
        "donchian_turtle",
        "momentum_roc",
        "supertrend",
        "stochastic",
        "adx_trend",
        "vwap_reversion",
        "pairs_zscore",
        "buy_and_hold",
    ];
    assert_eq!(names, expected);
}

#[test]
fn names_and_labels_lead_to_one_strategy_each() {
    let mut seen = BTreeSet::new();
    for entry in catalogue() {
        for text in [entry.name, entry.label] {
            let spellings = [
                text.to_owned(),
                text.to_uppercase(),
                text.replace('_', " "),
                text.replace([' ', '_'], "-"),
            ];
            for spelling in spellings {
                let found = find(&spelling).map(|entry| entry.name);
                assert_eq!(found, Some(entry.name), "{spelling}");
            }
        }
        assert!(seen.insert(entry.name) && !entry.label.is_empty());
    }
    assert_eq!(find("RSI").unwrap().name, "rsi_mean_reversion");
    for unknown in ["", "rs", "sma_crossovers", "no such strategy"] {
        assert!(find(unknown).is_none(), "{unknown}");
    }
}

#[test]
fn entries_are_complete_and_within_limits() {
    let families = ["trend", "reversion", "breakout", "intraday", "pairs", "benchmark"];
    for entry in catalogue() {
        let name = entry.name;
        assert!(families.contains(&entry.family), "{name}");
        assert!(entry.description.ends_with('.') && !entry.source.is_empty(), "{name}");
        assert!(entry.params.len() <= MAX_PARAMS, "{name}");
        assert!(entry.runner.columns().len() <= MAX_COLUMNS, "{name}");
        assert_eq!(entry.runner.legs(), if entry.family == "pairs" { 2 } else { 1 }, "{name}");
        assert_eq!(entry.intraday_only, entry.family == "intraday", "{name}");
        let unique: BTreeSet<_> = entry.params.iter().map(|spec| spec.name).collect();
        assert_eq!(unique.len(), entry.params.len(), "{name}");
        for spec in entry.params {
            assert_eq!(spec.check(spec.default), Ok(()), "{name} {}", spec.name);
            let values = spec.sweep.values();
            assert!(values.len() > 1, "{name} {}", spec.name);
            assert_eq!(values.last(), Some(&spec.sweep.to), "{name} {}: both ends", spec.name);
            assert!(values.iter().all(|&value| spec.check(value).is_ok()), "{name} {}", spec.name);
            let wider = spec.min < spec.sweep.from || spec.max > spec.sweep.to;
            assert!(wider, "{name} {}", spec.name);
        }
    }
}

#[test]
fn rules_can_be_read_and_hold_for_the_defaults() {
    for entry in catalogue() {
        assert_eq!(entry.check(&Params::defaults(entry.params)), Ok(()), "{}", entry.name);
        if let Some(rule) = entry.rule {
            // As a condition that a user gives, for there a text that cannot be read is an error.
            assert!(Grid::new(entry, &[], &[rule.to_owned()]).is_ok(), "{rule}");
        }
    }
    let crossing = find("sma_crossover").unwrap();
    let given = |fast, slow| [("fast".to_owned(), fast), ("slow".to_owned(), slow)];
    assert!(crossing.parse(&given(10.0, 11.0)).is_ok());
    for (fast, slow) in [(10.0, 10.0), (11.0, 10.0), (0.0, 10.0), (2.5, 10.0)] {
        assert!(crossing.parse(&given(fast, slow)).is_err(), "{fast} {slow}");
    }
}

#[test]
fn indicators_take_the_extremes_of_every_parameter() {
    for entry in catalogue() {
        for bound in [false, true] {
            let values: Vec<f64> =
                entry.params.iter().map(|spec| if bound { spec.max } else { spec.min }).collect();
            for column in entry.runner.columns() {
                assert!(column.resolve(&values).is_ok(), "{} {values:?}", entry.name);
            }
        }
    }
}

#[test]
fn every_column_is_read_from_a_parameter_that_exists() {
    for entry in catalogue() {
        for column in entry.runner.columns() {
            if let ColumnSpec::Indicator { arguments, .. } = column {
                let beyond = (entry.params.len()..MAX_PARAMS)
                    .any(|param| arguments.contains(&engine::Argument::Param(param)));
                assert!(!beyond, "{}", entry.name);
            }
        }
    }
}

#[test]
fn schemas_describe_the_parameters() {
    let schema = params_schema(find("sma_crossover").unwrap());
    let expected = serde_json::json!({
        "type": "object",
        "properties": {
            "fast": {
                "type": "integer",
                "description": "bars of the fast average",
                "default": 20,
                "minimum": 1,
                "maximum": 10_000_000,
                "sweep": {"from": 2, "to": 100, "step": 1},
            },
            "slow": {
                "type": "integer",
                "description": "bars of the slow average",
                "default": 50,
                "minimum": 1,
                "maximum": 10_000_000,
                "sweep": {"from": 5, "to": 200, "step": 5},
            },
        },
        "additionalProperties": false,
        "rule": "fast<slow",
    });
    assert_eq!(schema, expected);
    let schema = params_schema(find("bollinger reversion").unwrap());
    assert_eq!(schema["properties"]["k"]["type"], "number");
    assert_eq!(schema["properties"]["k"]["sweep"]["step"], 0.25);
    assert!(schema.get("rule").is_none());
    let schema = params_schema(find("buy and hold").unwrap());
    assert_eq!(schema["properties"], serde_json::json!({}));
}
