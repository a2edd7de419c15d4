//! Evaluation: who is compared, on which part, and in which order.

use std::sync::atomic::AtomicBool;

use engine::{Entry, Evaluation, FEW_TRADES, History, RunError, StrategyError, evaluate};
use quant::metrics::{Metrics, Moments, equity_returns};

use crate::chance::bars;
use crate::scene::{daily, flat, history, intraday, rules, setup};
use crate::seeded::Chance;
use crate::targets::{APART, CONSTANT, FOLLOW, FOLLOW_SLOWLY, HOLD, WITHIN_A_DAY};

fn judge(entries: &[&'static Entry], history: &History, metric: &str) -> Evaluation {
    evaluate(entries, history, &setup(), metric, 3, &AtomicBool::new(false)).unwrap()
}

fn names(found: &Evaluation) -> Vec<&'static str> {
    found.ranked.iter().map(|one| one.strategy).collect()
}

#[test]
fn seventy_of_a_hundred_sessions_are_in_sample() {
    for (sessions, split) in [(100, 70), (10, 7), (11, 7), (2, 1), (3, 2)] {
        let prices: Vec<f64> = (0..sessions).map(|day| 100.0 + f64::from(day)).collect();
        let days = history(daily(&flat(&prices)), rules());
        assert_eq!(judge(&[&HOLD], &days, "total_return").split, split, "{sessions}");
        // A session of two bars is one session.
        let twice: Vec<f64> = prices.iter().flat_map(|&price| [price, price]).collect();
        let halves = history(intraday(&flat(&twice)), rules());
        assert_eq!(judge(&[&HOLD], &halves, "total_return").split, 2 * split, "{sessions}");
    }
}

#[test]
fn each_part_is_measured_on_its_own() {
    // Up by 1 % a day for 70 days, then down by half a percent.
    let mut price = 100.0;
    let mut prices = Vec::new();
    for day in 0..100 {
        prices.push(price);
        price *= if day < 69 { 1.01 } else { 0.995 };
    }
    let history = history(daily(&flat(&prices)), rules());
    let found = judge(&[&HOLD], &history, "total_return");
    let hold = &found.ranked[0];
    // Bought at the second open; the last close in sample is where the rest begins.
    let near = |found: Option<f64>, expected: f64| {
        assert!((found.unwrap() - expected).abs() < 1e-9, "{found:?}, expected {expected}");
    };
    near(hold.in_sample, 1.01f64.powi(68) - 1.0);
    near(hold.out_of_sample, 0.995f64.powi(30) - 1.0);
    near(hold.out_of_sample_metrics.total_return, 0.995f64.powi(30) - 1.0);
    near(hold.metrics.returns.total_return, 1.01f64.powi(68) * 0.995f64.powi(30) - 1.0);
    assert_eq!((hold.equity.len(), hold.params["side"].as_i64()), (100, Some(1)));
    assert!(!hold.few_trades, "a benchmark has no need to trade");
}

#[test]
fn only_what_fits_is_compared() {
    let rows = bars(&mut Chance::new(2), 60);
    let all: [&Entry; 4] = [&FOLLOW, &APART, &WITHIN_A_DAY, &HOLD];
    let days = judge(&all, &history(daily(&rows), rules()), "total_return");
    let mut found = names(&days);
    found.sort_unstable();
    assert_eq!(found, ["follow", "hold"]);
    let hours = judge(&all, &history(intraday(&rows), rules()), "total_return");
    let mut found = names(&hours);
    found.sort_unstable();
    assert_eq!(found, ["follow", "hold", "within_a_day"]);
    let nobody = judge(&[&APART], &history(daily(&rows), rules()), "total_return");
    assert!(nobody.ranked.is_empty() && nobody.honesty.is_none());
}

#[test]
fn who_trades_rarely_ranks_after_who_does_not() {
    let mut seen = 0;
    for seed in 0..20 {
        let history = history(daily(&bars(&mut Chance::new(seed), 120)), rules());
        let entries: [&Entry; 4] = [&CONSTANT, &FOLLOW, &HOLD, &FOLLOW_SLOWLY];
        for (metric, sign) in
            [("total_return", 1.0), ("max_drawdown", 1.0), ("annual_volatility", -1.0)]
        {
            let found = judge(&entries, &history, metric);
            assert_eq!(found.ranked.len(), 4);
            for one in &found.ranked {
                let few = one.strategy != "hold" && one.metrics.trades.closed_trades < FEW_TRADES;
                assert_eq!(one.few_trades, few, "{}", one.strategy);
                let after = Metrics::of_equity(&one.equity[found.split - 1..], None, 252.0, 0.0);
                assert_eq!(one.out_of_sample, after.get(metric).flatten());
            }
            // Holding forever is rare trading, unless it is the benchmark.
            assert_eq!(found.ranked[3].strategy, "constant");
            for pair in found.ranked.windows(2) {
                assert!(pair[0].few_trades <= pair[1].few_trades);
                if pair[0].few_trades == pair[1].few_trades {
                    let score = |one: &engine::Evaluated| sign * one.out_of_sample.unwrap();
                    assert!(score(&pair[0]) >= score(&pair[1]), "{seed} {metric}");
                    seen += 1;
                }
            }
        }
    }
    assert!(seen > 60, "{seen}");
}

#[test]
fn the_best_is_judged_as_the_best_of_all() {
    let history = history(daily(&bars(&mut Chance::new(4), 300)), rules());
    let entries: [&Entry; 4] = [&CONSTANT, &FOLLOW, &HOLD, &FOLLOW_SLOWLY];
    let found = judge(&entries, &history, "sharpe_ratio");
    let honesty = found.honesty.as_ref().unwrap();
    assert_eq!(honesty.trials, 4);
    let ratios: Vec<f64> = found
        .ranked
        .iter()
        .map(|one| Moments::of(&equity_returns(&one.equity[found.split - 1..])))
        .map(|moments| moments.mean_over_deviation().unwrap())
        .collect();
    let deviation = Moments::of(&ratios).deviation().unwrap();
    assert_eq!(honesty.trial_variance, Some(deviation * deviation));
    assert!(honesty.deflated_sharpe < honesty.psr);
    assert_eq!(honesty, judge(&entries, &history, "sharpe_ratio").honesty.as_ref().unwrap());
}

#[test]
fn a_stopped_evaluation_has_no_result() {
    let history = history(daily(&flat(&[1.0; 20])), rules());
    let stopped = evaluate(&[&HOLD], &history, &setup(), "cagr", 1, &AtomicBool::new(true));
    assert_eq!(stopped.err(), Some(StrategyError::Run(RunError::Stopped)));
}
