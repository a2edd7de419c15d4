//! Statistics of selection and chance against recorded values.

#![expect(clippy::unwrap_used, reason = "helpers of tests, which are to panic")]

use quant::statistics::{
    BlockSums, BootstrapPlan, SharpeEstimate, Statistic, bootstrap_interval, expected_max_sharpe,
    optimal_block_length, pbo,
};
use serde_json::Value;

use crate::metrics::{agrees, golden, numbers};

#[test]
fn deflated_sharpe_ratios() {
    let golden = golden();
    let rows = golden["deflated_sharpe"].as_array().unwrap();
    assert!(rows.len() >= 9);
    for row in rows {
        let number = |key: &str| row[key].as_f64().unwrap();
        let count = |key: &str| usize::try_from(row[key].as_u64().unwrap()).unwrap();
        let estimate = SharpeEstimate {
            sharpe_ratio: number("sharpe_annual") / number("periods").sqrt(),
            observations: count("n"),
            skew: number("skew"),
            excess_kurtosis: number("kurtosis_raw") - 3.0,
        };
        let variance = number("trial_sharpe_variance_annual") / number("periods");
        let trials = count("trials");
        let found = [
            ("expected_max_sharpe_per_period", expected_max_sharpe(trials, variance)),
            ("psr_vs_0", estimate.probabilistic(0.0)),
            ("dsr", estimate.deflated(trials, variance)),
            ("min_track_record_length_95", estimate.min_track_record_length(0.0, 0.95)),
        ];
        for (key, found) in found {
            assert!(agrees(found, &row[key]), "{key} of {row}: {found:?}");
        }
    }
}

#[test]
fn probability_of_overfitting() {
    let golden = golden();
    let recorded = &golden["pbo"];
    let rows: Vec<Vec<f64>> =
        recorded["matrix_rows_are_time"].as_array().unwrap().iter().map(numbers).collect();
    let blocks = usize::try_from(recorded["blocks"].as_u64().unwrap()).unwrap();
    let found = pbo(&BlockSums::from_rows(&rows, blocks).unwrap()).unwrap();
    let printed = serde_json::to_value(found).unwrap();
    for key in ["blocks", "combinations", "pbo", "mean_logit", "probability_of_oos_loss"] {
        assert!(agrees(printed[key].as_f64(), &recorded[key]), "{key}: {}", printed[key]);
    }
    assert!(found.slope.is_some());
}

#[test]
fn automatic_block_lengths() {
    let golden = golden();
    let recorded = &golden["bootstrap"]["optimal_block_length"];
    let found = optimal_block_length(&bootstrap_returns(&golden));
    assert!(agrees(Some(found.stationary), &recorded["stationary"]), "{found:?}");
    assert!(agrees(Some(found.circular), &recorded["circular"]), "{found:?}");
}

#[test]
fn interval_of_a_sharpe_ratio() {
    let golden = golden();
    let recorded = &golden["bootstrap"];
    assert_eq!(recorded["statistic"], "sharpe_ratio");
    let bounds = numbers(&recorded["ci95_percentile"]);
    let tolerance = recorded["ci_tolerance"].as_f64().unwrap();
    for seed in 0..5 {
        let plan = BootstrapPlan {
            resamples: usize::try_from(recorded["reps"].as_u64().unwrap()).unwrap(),
            mean_block: recorded["mean_block"].as_f64(),
            seed,
            level: 0.95,
            periods_per_year: 252.0,
        };
        let returns = bootstrap_returns(&golden);
        let found = bootstrap_interval(&returns, Statistic::SharpeRatio, &plan).unwrap();
        let (low, high) = (found.lower - bounds[0], found.upper - bounds[1]);
        assert!(low.abs() <= tolerance && high.abs() <= tolerance, "seed {seed}: {found:?}");
    }
}

fn bootstrap_returns(golden: &Value) -> Vec<f64> {
    let cases = golden["cases"].as_array().unwrap();
    let series = cases.iter().find(|case| case["name"] == golden["bootstrap"]["series"]).unwrap();
    numbers(&series["returns"])
}
