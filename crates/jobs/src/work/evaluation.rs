//! A job that is one evaluation.

use std::collections::BTreeMap;

use engine::{Evaluated, Evaluation};
use quant::metrics::{Direction, direction};
use serde::Serialize;
use store::{BestStrategy, EvaluationHeadline, StrategyEvaluation};

use super::{Done, Ran, Ranking, Task, json, owner};
use crate::lab::evaluation::{Answered, evaluation};
use crate::lab::{LabError, Workbench};
use crate::payload::{Payload, line};

/// What is kept: the object of the command line's `--json`, byte for byte.
#[derive(Serialize)]
struct Document<'a> {
    report: BTreeMap<String, Answered<'a>>,
}

pub(super) fn work(task: &Task, bench: &Workbench<'_>) -> Result<Done, LabError> {
    let payload = Payload::parse(task.job.payload.as_str())?;
    let request = payload.evaluation()?;
    let made = evaluation(&request, bench)?;
    let report = json(&Document { report: made.answers(&line("evaluate", &payload)?)? })?;
    let (mut cells, mut best) = (Vec::new(), Vec::new());
    for (subject, evaluation) in &made.found {
        let ticker = subject.name();
        for result in &evaluation.ranked {
            cells.push(cell(task, &ticker, &request.metric, result)?);
        }
        best.extend(winner(task, &ticker, &request.metric, evaluation)?);
    }
    let headline = headline(&request.metric, &best);
    let ran = Ran { about: payload.subject()?, headline, report };
    Ok(Done::Evaluation(ran, Ranking { cells, best }))
}

fn cell(
    task: &Task,
    ticker: &str,
    metric: &str,
    result: &Evaluated,
) -> Result<StrategyEvaluation, LabError> {
    Ok(StrategyEvaluation {
        owner_id: owner(task),
        ticker: ticker.to_owned(),
        strategy_name: result.strategy.to_owned(),
        evaluation_id: Some(task.job.id),
        metric_name: metric.to_owned(),
        score: result.out_of_sample,
        params: json(&result.params)?,
        metrics: json(&result.metrics)?,
        evaluated_at: task.now,
    })
}

fn winner(
    task: &Task,
    ticker: &str,
    metric: &str,
    evaluation: &Evaluation,
) -> Result<Option<BestStrategy>, LabError> {
    let Some(first) = evaluation.ranked.first() else { return Ok(None) };
    Ok(Some(BestStrategy {
        owner_id: owner(task),
        ticker: ticker.to_owned(),
        strategy_name: first.strategy.to_owned(),
        metric_name: metric.to_owned(),
        score: first.out_of_sample,
        out_of_sample_rank: Some(1),
        params: json(&first.params)?,
        evaluated_at: task.now,
    }))
}

/// The best of all instruments.
fn headline(metric: &str, best: &[BestStrategy]) -> EvaluationHeadline {
    let lower_is_better = direction(metric) == Some(Direction::LowerIsBetter);
    let worth = |score: f64| if lower_is_better { -score } else { score };
    let scored = best.iter().filter_map(|best| Some((best, best.score?)));
    let top = scored.max_by(|a, b| worth(a.1).total_cmp(&worth(b.1)));
    EvaluationHeadline {
        metric_name: Some(metric.to_owned()),
        best_ticker: top.map(|(best, _)| best.ticker.clone()),
        best_strategy: top.map(|(best, _)| best.strategy_name.clone()),
        best_score: top.map(|(_, score)| score),
    }
}
