//! Metrics against recorded values, and what must hold for any returns.

#![expect(clippy::unwrap_used, reason = "helpers of tests, which are to panic")]

use proptest::collection::vec;
use proptest::prelude::{prop_assert, prop_assert_eq, proptest};
use quant::metrics::{
    METRIC_KEYS, Metrics, equity_returns, max_drawdown, max_drawdown_of_equity, sharpe_ratio,
    total_return, total_return_of_equity,
};
use serde_json::Value;

/// Computed independently, and compared there with two published libraries; the header names them.
const GOLDEN: &str = include_str!("../golden/metrics.json");

/// Relative tolerance of the golden file.
const RELATIVE: f64 = 1e-9;

/// Absolute tolerance near 0.
const ABSOLUTE: f64 = 1e-12;

pub(crate) fn golden() -> Value {
    serde_json::from_str(GOLDEN).unwrap()
}

pub(crate) fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}

/// Whether `found` is `expected` (null is `None`) to the golden file's tolerance.
pub(crate) fn agrees(found: Option<f64>, expected: &Value) -> bool {
    match (found, expected.as_f64()) {
        (None, None) => expected.is_null(),
        (Some(found), Some(expected)) => {
            (found - expected).abs() <= ABSOLUTE.max(RELATIVE * expected.abs())
        }
        _ => false,
    }
}

fn of_case(case: &Value) -> Metrics {
    let benchmark = case.get("benchmark").filter(|list| !list.is_null()).map(numbers);
    Metrics::of(
        &numbers(&case["returns"]),
        benchmark.filter(|list| !list.is_empty()).as_deref(),
        case["periods_per_year"].as_f64().unwrap(),
        case["risk_free"].as_f64().unwrap(),
    )
}

#[test]
fn every_golden_metric() {
    let golden = golden();
    let cases = golden["cases"].as_array().unwrap();
    let mut faults = Vec::new();
    let mut compared = 0;
    for case in cases {
        let metrics = of_case(case);
        for (key, expected) in case["plimsoll"].as_object().unwrap() {
            let found = metrics.get(key).unwrap_or_else(|| panic!("no metric {key}"));
            compared += 1;
            if !agrees(found, expected) {
                faults.push(format!("{} {key}: {found:?}, not {expected}", case["name"]));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(compared >= 12 * 28, "only {compared} values in the golden file");
}

#[test]
fn every_key_is_golden_and_nothing_else_is_printed() {
    let golden = golden();
    let recorded = golden["cases"][0]["plimsoll"].as_object().unwrap();
    let printed = serde_json::to_value(Metrics::default()).unwrap();
    let printed = printed.as_object().unwrap();
    assert_eq!(METRIC_KEYS.len(), recorded.len());
    assert_eq!(METRIC_KEYS.len(), printed.len());
    for key in METRIC_KEYS {
        assert!(recorded.contains_key(*key) && printed.contains_key(*key), "{key}");
    }
}

#[test]
fn undefined_is_null_and_counts_are_whole_numbers() {
    let printed = serde_json::to_value(Metrics::of(&[0.01], None, 252.0, 0.0)).unwrap();
    assert!(printed["sharpe_ratio"].is_null());
    assert_eq!(printed["observations"], Value::from(1));
    assert_eq!(printed["max_drawdown_duration"], Value::from(0));
    let back: Metrics = serde_json::from_value(printed).unwrap();
    assert_eq!(back, Metrics::of(&[0.01], None, 252.0, 0.0));
}

#[test]
fn returns_below_an_early_loss_draw_down_from_the_start() {
    let metrics = Metrics::of(&[-0.05, 0.01, 0.02], None, 252.0, 0.0);
    assert!((metrics.max_drawdown.unwrap() - -0.05).abs() < 1e-15);
    assert_eq!(metrics.max_drawdown_duration, 3);
}

proptest! {
    #[test]
    fn longer_histories_only_deepen(returns in vec(-0.2_f64..0.2, 1..200), cut in 0_usize..200) {
        let cut = cut.min(returns.len());
        let (part, whole) =
            (Metrics::of(&returns[..cut], None, 252.0, 0.0), Metrics::of(&returns, None, 252.0, 0.0));
        prop_assert!(whole.max_drawdown <= part.max_drawdown);
        prop_assert!(whole.max_drawdown_duration >= part.max_drawdown_duration);
        if cut > 0 {
            prop_assert!(whole.best >= part.best && whole.worst <= part.worst);
        }
        let rest = 1.0 + total_return(&returns[cut..]);
        let chained = (1.0 + part.total_return.unwrap()) * rest - 1.0;
        prop_assert!((whole.total_return.unwrap() - chained).abs() <= 1e-12 * (1.0 + chained));
    }

    #[test]
    fn the_order_of_returns_matters_to_the_path_only(returns in vec(-0.2_f64..0.2, 4..200)) {
        let path = ["max_drawdown", "max_drawdown_duration", "calmar_ratio", "ulcer_index", "stability"];
        let reversed: Vec<f64> = returns.iter().rev().copied().collect();
        let (one, other) =
            (Metrics::of(&returns, None, 252.0, 0.0), Metrics::of(&reversed, None, 252.0, 0.0));
        for key in METRIC_KEYS.iter().filter(|key| !path.contains(key)) {
            let (one, other) = (one.get(key).unwrap(), other.get(key).unwrap());
            prop_assert_eq!(one.is_some(), other.is_some(), "{}", key);
            if let (Some(one), Some(other)) = (one, other) {
                // A mean that cancels leaves an error of its terms' order.
                prop_assert!((one - other).abs() <= 1e-9 * (1.0 + one.abs()), "{} {} {}", key, one, other);
            }
        }
    }

    #[test]
    fn values_stay_within_their_ranges(returns in vec(-0.9_f64..0.9, 0..100), rate in 0.0_f64..0.1) {
        let metrics = Metrics::of(&returns, Some(&returns), 252.0, rate);
        let within = |key: &str, low: f64, high: f64| {
            metrics.get(key).unwrap().is_none_or(|value| (low..=high).contains(&value))
        };
        for key in ["win_rate", "psr", "stability"] {
            prop_assert!(within(key, 0.0, 1.0), "{}", key);
        }
        for key in ["annual_volatility", "downside_deviation", "profit_factor", "payoff_ratio",
            "omega_ratio", "tail_ratio", "ulcer_index"] {
            prop_assert!(within(key, 0.0, f64::MAX), "{}", key);
        }
        prop_assert!(within("max_drawdown", -1.0, 0.0));
        prop_assert!(metrics.cvar_99 <= metrics.var_99 && metrics.var_99 <= metrics.var_95);
        prop_assert!(metrics.cvar_95 <= metrics.var_95 && metrics.worst <= metrics.cvar_99);
        if let Some(beta) = metrics.beta {
            prop_assert!((beta - 1.0).abs() < 1e-12 && metrics.alpha.unwrap().abs() < 1e-9);
            prop_assert_eq!((metrics.tracking_error, metrics.information_ratio), (Some(0.0), None));
        }
    }

    /// What a sweep computes from equity is what the report computes from it, to the last bit.
    #[test]
    fn curves_and_reports_agree(returns in vec(-0.2_f64..0.2, 1..200)) {
        let mut equity = vec![10_000.0];
        for r in &returns {
            equity.push(equity[equity.len() - 1] * (1.0 + r));
        }
        let metrics = Metrics::of_equity(&equity, None, 252.0, 0.0);
        prop_assert_eq!(metrics.total_return, Some(total_return_of_equity(&equity)));
        prop_assert_eq!(metrics.max_drawdown, Some(max_drawdown_of_equity(&equity)));
        prop_assert_eq!(metrics.sharpe_ratio, sharpe_ratio(&equity_returns(&equity), 252.0, 0.0));
        prop_assert!((metrics.max_drawdown.unwrap() - max_drawdown(&returns)).abs() < 1e-12);
        let compounded = total_return(&returns);
        prop_assert!((metrics.total_return.unwrap() - compounded).abs() < 1e-12 * (1.0 + compounded));
    }
}
