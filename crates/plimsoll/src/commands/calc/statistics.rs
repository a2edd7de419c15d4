//! `plimsoll calc statistics`: the corrections for luck and for many trials, on any numbers.

use std::path::PathBuf;

use clap::Args;
use quant::statistics::{
    BlockSums, BootstrapPlan, Pbo, SharpeEstimate, Statistic, bootstrap_interval,
    expected_max_sharpe, optimal_block_length, pbo,
};
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

use super::lines::{self, LineError};
use crate::Context;
use crate::error::CliError;

/// Most resamples that a line may ask for.
const MOST_RESAMPLES: usize = 1_000_000;

/// Arguments of `calc statistics`.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  echo '{\"kind\":\"bootstrap\",\"returns\":[0.01,-0.02,0.015,0.003],\"statistic\":\"mean\"}' |
  plimsoll calc statistics --input -

kind deflated_sharpe: sharpe_annual, periods, n, skew, kurtosis_raw, trials,
  trial_sharpe_variance_annual
kind pbo: matrix_rows_are_time, blocks [16]
kind bootstrap: returns, statistic [sharpe_ratio], mean_block [automatic], reps [2000],
  periods_per_year [252], seed [0]")]
pub struct StatisticsArgs {
    /// File of one JSON object a line with its kind; - for stdin
    #[arg(long, value_name = "FILE")]
    pub input: PathBuf,
}

/// A line. Recorded answers among its fields are passed over, so that a record can be asked again.
#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Question {
    DeflatedSharpe(DeflatedSharpe),
    Pbo(Overfitting),
    Bootstrap(Bootstrap),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DeflatedSharpe {
    sharpe_annual: f64,
    periods: f64,
    n: usize,
    skew: f64,
    kurtosis_raw: f64,
    trials: usize,
    trial_sharpe_variance_annual: f64,
    #[serde(default, rename = "source")]
    _source: IgnoredAny,
    #[serde(default, rename = "expected_max_sharpe_per_period")]
    _expected_max_sharpe: IgnoredAny,
    #[serde(default, rename = "psr_vs_0")]
    _psr: IgnoredAny,
    #[serde(default, rename = "dsr")]
    _dsr: IgnoredAny,
    #[serde(default, rename = "min_track_record_length_95")]
    _min_track_record_length: IgnoredAny,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Overfitting {
    matrix_rows_are_time: Vec<Vec<f64>>,
    #[serde(default = "default_blocks")]
    blocks: usize,
    #[serde(default, rename = "combinations")]
    _combinations: IgnoredAny,
    #[serde(default, rename = "pbo")]
    _pbo: IgnoredAny,
    #[serde(default, rename = "mean_logit")]
    _mean_logit: IgnoredAny,
    #[serde(default, rename = "probability_of_oos_loss")]
    _loss: IgnoredAny,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Bootstrap {
    returns: Vec<f64>,
    #[serde(default = "default_statistic")]
    statistic: Statistic,
    mean_block: Option<f64>,
    reps: Option<usize>,
    periods_per_year: Option<f64>,
    #[serde(default)]
    seed: u64,
    #[serde(default, rename = "series")]
    _series: IgnoredAny,
    #[serde(default, rename = "ci95_percentile")]
    _interval: IgnoredAny,
    #[serde(default, rename = "ci_tolerance")]
    _tolerance: IgnoredAny,
    #[serde(default, rename = "optimal_block_length")]
    _block_length: IgnoredAny,
}

fn default_blocks() -> usize {
    16
}

fn default_statistic() -> Statistic {
    Statistic::SharpeRatio
}

#[derive(Debug, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Answer {
    DeflatedSharpe {
        expected_max_sharpe_per_period: Option<f64>,
        psr_vs_0: Option<f64>,
        dsr: Option<f64>,
        min_track_record_length_95: Option<f64>,
    },
    Pbo(Pbo),
    Bootstrap {
        statistic: Statistic,
        estimate: f64,
        ci95_percentile: [f64; 2],
        mean_block: f64,
        reps: usize,
        undefined: usize,
        seed: u64,
        optimal_block_length: BlockLengths,
    },
}

#[derive(Debug, Serialize)]
struct BlockLengths {
    stationary: f64,
    circular: f64,
}

/// Answers every line.
///
/// # Errors
/// [`CliError`] when the input cannot be read or stdout cannot be written.
pub fn run(arguments: &StatisticsArgs, ctx: &Context) -> Result<(), CliError> {
    lines::answer(&arguments.input, ctx, answer)
}

fn answer(line: &str) -> Result<Answer, LineError> {
    match serde_json::from_str(line).map_err(LineError::malformed)? {
        Question::DeflatedSharpe(question) => deflated_sharpe(&question),
        Question::Pbo(question) => overfitting(&question),
        Question::Bootstrap(question) => bootstrap(&question),
    }
}

fn deflated_sharpe(question: &DeflatedSharpe) -> Result<Answer, LineError> {
    if question.periods <= 0.0 {
        return Err(LineError::invalid("periods must be above 0"));
    }
    if question.trials == 0 {
        return Err(LineError::invalid("trials must be at least 1"));
    }
    if question.trial_sharpe_variance_annual < 0.0 {
        return Err(LineError::invalid("trial_sharpe_variance_annual must not be negative"));
    }
    let estimate = SharpeEstimate {
        sharpe_ratio: question.sharpe_annual / question.periods.sqrt(),
        observations: question.n,
        skew: question.skew,
        excess_kurtosis: question.kurtosis_raw - 3.0,
    };
    let variance = question.trial_sharpe_variance_annual / question.periods;
    Ok(Answer::DeflatedSharpe {
        expected_max_sharpe_per_period: expected_max_sharpe(question.trials, variance),
        psr_vs_0: estimate.probabilistic(0.0),
        dsr: estimate.deflated(question.trials, variance),
        min_track_record_length_95: estimate.min_track_record_length(0.0, 0.95),
    })
}

fn overfitting(question: &Overfitting) -> Result<Answer, LineError> {
    let sums = BlockSums::from_rows(&question.matrix_rows_are_time, question.blocks);
    sums.and_then(|sums| pbo(&sums)).map(Answer::Pbo).map_err(LineError::invalid)
}

fn bootstrap(question: &Bootstrap) -> Result<Answer, LineError> {
    let defaults = BootstrapPlan::default();
    let plan = BootstrapPlan {
        resamples: question.reps.unwrap_or(defaults.resamples),
        mean_block: question.mean_block,
        seed: question.seed,
        level: 0.95,
        periods_per_year: question.periods_per_year.unwrap_or(defaults.periods_per_year),
    };
    if plan.resamples > MOST_RESAMPLES {
        return Err(LineError::invalid(format!("reps must be at most {MOST_RESAMPLES}")));
    }
    if plan.periods_per_year <= 0.0 {
        return Err(LineError::invalid("periods_per_year must be above 0"));
    }
    let interval = bootstrap_interval(&question.returns, question.statistic, &plan)
        .map_err(LineError::invalid)?;
    let lengths = optimal_block_length(&question.returns);
    Ok(Answer::Bootstrap {
        statistic: question.statistic,
        estimate: interval.estimate,
        ci95_percentile: [interval.lower, interval.upper],
        mean_block: interval.mean_block,
        reps: interval.resamples,
        undefined: interval.undefined,
        seed: interval.seed,
        optimal_block_length: BlockLengths {
            stationary: lengths.stationary,
            circular: lengths.circular,
        },
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::answer;

    fn ask(question: Value) -> Result<Value, (&'static str, String)> {
        answer(&question.to_string())
            .map(|answer| json!(answer))
            .map_err(|error| (error.code, error.detail))
    }

    #[test]
    fn the_worked_example_of_the_paper() {
        let found = ask(json!({"kind": "deflated_sharpe", "sharpe_annual": 2.5, "periods": 250,
            "n": 1250, "skew": -3.0, "kurtosis_raw": 10.0, "trials": 100,
            "trial_sharpe_variance_annual": 0.5, "source": "the paper", "dsr": 0.9}))
        .expect("a sound question");
        let dsr = found["dsr"].as_f64().expect("a number");
        assert!((dsr - 0.900_396_834_449_39).abs() < 1e-9, "{found}");
        let length = found["min_track_record_length_95"].as_f64().expect("a number");
        assert!((length - 166.643_288_676_535).abs() < 1e-6, "{found}");
    }

    #[test]
    fn a_matrix_of_noise_and_its_overfitting() {
        let rows: Vec<Vec<f64>> = (0..32_u32)
            .map(|t| (0..4_u32).map(|v| f64::from((t * 7 + v * 13) % 11) / 100.0 - 0.05).collect())
            .collect();
        let found = ask(json!({"kind": "pbo", "matrix_rows_are_time": rows, "blocks": 8}))
            .expect("a sound question");
        assert_eq!(found["combinations"], 70);
        assert_eq!(found["kind"], "pbo");
        let share = found["pbo"].as_f64().expect("a number");
        assert!((0.0..=1.0).contains(&share));
    }

    #[test]
    fn an_interval_holds_its_estimate_and_names_its_plan() {
        let returns: Vec<f64> = (0..60).map(|i| f64::from(i * 37 % 21) / 1e3 - 0.009).collect();
        let found = ask(json!({"kind": "bootstrap", "returns": returns, "statistic": "mean",
            "mean_block": 5, "reps": 500, "seed": 7}))
        .expect("a sound question");
        let bound = |index: usize| found["ci95_percentile"][index].as_f64().expect("a bound");
        let estimate = found["estimate"].as_f64().expect("a number");
        assert!(bound(0) < estimate && estimate < bound(1), "{found}");
        assert_eq!((&found["reps"], &found["seed"]), (&json!(500), &json!(7)));
        assert!(found["optimal_block_length"]["stationary"].as_f64().is_some());
    }

    #[test]
    fn what_is_wrong_with_a_line_is_named() {
        let cases = [
            (json!({"kind": "astrology"}), "malformed", "unknown variant `astrology`"),
            (
                json!({"kind": "pbo", "matrix_rows_are_time": [], "block": 4}),
                "malformed",
                "`block`",
            ),
            (json!({"kind": "pbo", "matrix_rows_are_time": [[1.0]]}), "invalid_input", "too few"),
            (json!({"kind": "bootstrap", "returns": [0.1]}), "invalid_input", "too few"),
            (
                json!({"kind": "bootstrap", "returns": [0.1, 0.2], "reps": 10_000_000}),
                "invalid_input",
                "reps must be at most",
            ),
        ];
        for (question, code, detail) in cases {
            let (found, text) = ask(question).expect_err(detail);
            assert_eq!(found, code, "{text}");
            assert!(text.contains(detail), "{text}");
        }
    }
}
