//! What a job of the lab is asked: the JSON that callers of the API write, kept in the queue.
//!
//! One shape serves all kinds of test; what a kind does not take is refused, and so is a field that
//! nobody knows. Prices come from the lake or the bundled history alone, never from a path.

mod costs;
mod grid;
mod line;
mod source;

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub use grid::{Axis, GridPayload, NamedAxis};
pub use line::line;

use crate::lab::LabError;
use crate::lab::backtest::{BacktestRequest, Benchmark};
use crate::lab::evaluation::EvaluationRequest;
use crate::lab::search::SearchRequest;
use crate::lab::sweep::SweepRequest;
use crate::lab::walk_forward::WalkForwardRequest;

/// What ranks when nothing is said.
const METRIC: &str = "sharpe_ratio";
/// Rows of a sweep that are shown when nothing is said, and the most that may be asked for: each
/// is run again and kept with all its metrics.
const TOP: usize = 20;
const MOST_TOP: usize = 1_000;
/// Sessions of a walk-forward that choose and that judge when nothing is said.
const TRAIN: usize = 504;
const TEST: usize = 126;

/// A request for a test.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Payload {
    /// Name or label of the strategy.
    pub strategy: Option<String>,
    /// Its parameters, of a backtest; those that are not named have their default.
    pub params: Option<BTreeMap<String, f64>>,
    /// Symbols of the lake or the bundled history.
    pub tickers: Option<Vec<String>>,
    /// One series of the lake instead: `source/symbol/timeframe/adjustment`.
    pub data_id: Option<String>,
    /// Whose bars the tickers' are; the freshest that cover the dates when `None`.
    pub source: Option<String>,
    /// First date.
    pub start_date: Option<Date>,
    /// Last date, included.
    pub end_date: Option<Date>,
    /// Length of a bar.
    pub timeframe: Option<String>,
    /// Money to begin with.
    pub cash: Option<f64>,
    /// Commission in basis points of notional, each side.
    pub fee_bps: Option<f64>,
    /// Slippage in basis points, each side.
    pub slippage_bps: Option<f64>,
    /// A broker's commission schedule, in the place of `fee_bps`.
    pub commission: Option<String>,
    /// When a decision trades.
    pub fill: Option<Fill>,
    /// Whether to sell short where the strategy says so.
    pub allow_short: Option<bool>,
    /// A symbol to compare a backtest with.
    pub benchmark: Option<String>,
    /// How much a position takes.
    pub sizing: Option<Sizing>,
    /// How many variants were tried before a backtest.
    pub trials: Option<u64>,
    /// Seed of what is drawn by chance.
    pub seed: Option<u64>,
    /// Whether to cut a backtest's history at random bars and compare every decision.
    pub check_lookahead: Option<bool>,
    /// Values of parameters, of a search; every parameter's own range when `None`.
    pub grid: Option<GridPayload>,
    /// What combinations must satisfy, such as `fast<slow`.
    #[serde(rename = "where")]
    pub conditions: Option<Vec<String>>,
    /// Tries so many combinations drawn by chance instead of all.
    pub random: Option<usize>,
    /// What ranks: a metric's key.
    pub metric: Option<String>,
    /// Rows of a sweep to show.
    pub top: Option<usize>,
    /// Sessions that choose, of a walk-forward.
    pub train: Option<usize>,
    /// Sessions that judge; windows move on by as many.
    pub test: Option<usize>,
    /// How far windows move on: as many sessions as judge.
    pub step: Option<usize>,
    /// Sessions left out between the two.
    pub purge: Option<usize>,
    /// Whether to train from the first session on.
    pub anchored: Option<bool>,
}

/// When a decision trades.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fill {
    /// At the next bar's open.
    NextOpen,
    /// At the close that decided: optimistic.
    Close,
}

/// How much a position takes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sizing {
    /// Share of equity that all targets together take, above 0 and up to 1.
    pub fraction: f64,
}

impl Payload {
    /// Reads the JSON of a payload.
    ///
    /// # Errors
    /// [`LabError::Refused`] for an unknown field or a value of the wrong kind.
    pub fn parse(json: &str) -> Result<Self, LabError> {
        serde_json::from_str(json).map_err(bad)
    }

    /// The backtest that is asked for.
    ///
    /// # Errors
    /// [`LabError::Refused`] for what a backtest does not take, and for values out of range.
    pub fn backtest(&self) -> Result<BacktestRequest, LabError> {
        refuse("a backtest", &[self.searching(), self.walking()])?;
        let params = self.params.clone().unwrap_or_default();
        Ok(BacktestRequest {
            strategy: self.strategy()?,
            params: params.into_iter().collect(),
            source: self.source()?,
            costs: self.costs()?,
            benchmark: self.benchmark.clone().map(Benchmark::Ticker),
            trials: self.trials.unwrap_or(1).max(1),
            seed: self.seed.unwrap_or_default(),
            check_lookahead: self.check_lookahead.unwrap_or_default(),
            record: false,
        })
    }

    /// The sweep that is asked for.
    ///
    /// # Errors
    /// As [`Payload::backtest`].
    pub fn sweep(&self) -> Result<SweepRequest, LabError> {
        refuse("a sweep", &[self.testing(), self.walking()])?;
        let top = self.top.unwrap_or(TOP);
        if top > MOST_TOP {
            return Err(bad(format!("top is {top}; at most {MOST_TOP} rows can be shown")));
        }
        Ok(SweepRequest { search: self.search()?, top })
    }

    /// The walk-forward that is asked for.
    ///
    /// # Errors
    /// As [`Payload::backtest`].
    pub fn walk_forward(&self) -> Result<WalkForwardRequest, LabError> {
        let top = [("top", self.top.is_some())];
        refuse("a walk-forward", &[self.testing(), top.to_vec()])?;
        let test = self.test.unwrap_or(TEST);
        if self.step.is_some_and(|step| step != test) {
            return Err(bad("windows move on by as many sessions as judge: step must equal test"));
        }
        Ok(WalkForwardRequest {
            search: self.search()?,
            train: self.train.unwrap_or(TRAIN),
            test,
            purge: self.purge.unwrap_or_default(),
            anchored: self.anchored.unwrap_or_default(),
        })
    }

    /// The evaluation that is asked for.
    ///
    /// # Errors
    /// As [`Payload::backtest`].
    pub fn evaluation(&self) -> Result<EvaluationRequest, LabError> {
        let mut searching = self.searching();
        searching.retain(|(field, _)| *field != "metric");
        searching.push(("strategy", self.strategy.is_some()));
        refuse("an evaluation", &[self.testing(), searching, self.walking()])?;
        Ok(EvaluationRequest {
            source: self.source()?,
            costs: self.costs()?,
            metric: self.metric.clone().unwrap_or_else(|| METRIC.to_owned()),
            seed: self.seed.unwrap_or_default(),
        })
    }

    fn search(&self) -> Result<SearchRequest, LabError> {
        Ok(SearchRequest {
            strategy: self.strategy()?,
            source: self.source()?,
            grid: self.grid_request()?,
            costs: self.costs()?,
            metric: self.metric.clone().unwrap_or_else(|| METRIC.to_owned()),
            seed: self.seed.unwrap_or_default(),
        })
    }

    fn strategy(&self) -> Result<String, LabError> {
        self.strategy.clone().ok_or_else(|| bad("strategy is missing"))
    }

    /// Fields that only a backtest takes, and whether they are there.
    fn testing(&self) -> Vec<(&'static str, bool)> {
        vec![
            ("params", self.params.is_some()),
            ("benchmark", self.benchmark.is_some()),
            ("trials", self.trials.is_some()),
            ("check_lookahead", self.check_lookahead.is_some()),
        ]
    }

    /// Fields that only searches take.
    fn searching(&self) -> Vec<(&'static str, bool)> {
        vec![
            ("grid", self.grid.is_some()),
            ("where", self.conditions.is_some()),
            ("random", self.random.is_some()),
            ("metric", self.metric.is_some()),
            ("top", self.top.is_some()),
        ]
    }

    /// Fields that only a walk-forward takes.
    fn walking(&self) -> Vec<(&'static str, bool)> {
        vec![
            ("train", self.train.is_some()),
            ("test", self.test.is_some()),
            ("step", self.step.is_some()),
            ("purge", self.purge.is_some()),
            ("anchored", self.anchored.is_some()),
        ]
    }
}

/// Refuses fields that a kind of test does not take: each with whether it is there.
fn refuse(kind: &str, foreign: &[Vec<(&'static str, bool)>]) -> Result<(), LabError> {
    match foreign.iter().flatten().find(|(_, given)| *given) {
        Some((field, _)) => Err(bad(format!("{kind} takes no {field}"))),
        None => Ok(()),
    }
}

/// A payload that cannot be followed.
fn bad(fault: impl std::fmt::Display) -> LabError {
    LabError::refused("bad_request", fault)
}

#[cfg(test)]
mod tests {
    use super::Payload;

    #[test]
    fn what_makes_no_sense_is_refused() {
        let on = r#""strategy": "rsi", "tickers": ["AAPL"]"#;
        let cases = [
            (r#"{"strategy": "rsi"}"#.to_owned(), "tickers"),
            (r#"{"tickers": ["AAPL"]}"#.to_owned(), "strategy is missing"),
            (format!(r#"{{{on}, "colour": 1}}"#), "colour"),
            (format!(r#"{{{on}, "grid": {{}}}}"#), "a backtest takes no grid"),
            (format!(r#"{{{on}, "train": 5}}"#), "a backtest takes no train"),
            (format!(r#"{{{on}, "cash": 0}}"#), "cash must be above 0"),
            (format!(r#"{{{on}, "fee_bps": -1}}"#), "fee_bps must be 0 or above"),
            (format!(r#"{{{on}, "sizing": {{"fraction": 2}}}}"#), "sizing.fraction"),
            (format!(r#"{{{on}, "data_id": "a/B/1d/raw"}}"#), "not both"),
            (format!(r#"{{{on}, "timeframe": "7d"}}"#), "timeframe"),
            (format!(r#"{{{on}, "fill": "never"}}"#), "never"),
            (r#"{"strategy": "rsi", "data_id": "AAPL"}"#.to_owned(), "data_id"),
        ];
        for (json, expected) in cases {
            let fault = Payload::parse(&json).and_then(|payload| payload.backtest().map(drop));
            let fault = fault.expect_err(&json);
            assert_eq!(fault.code(), "bad_request", "{json}");
            assert!(fault.to_string().contains(expected), "{json}: {fault}");
        }
        let sweep = format!(r#"{{{on}, "params": {{"period": 3}}}}"#);
        assert!(Payload::parse(&sweep).is_ok_and(|payload| payload.sweep().is_err()));
        let walk = format!(r#"{{{on}, "test": 20, "step": 10}}"#);
        assert!(Payload::parse(&walk).is_ok_and(|payload| payload.walk_forward().is_err()));
    }
}
