//! What a job comes to: from its payload to what is stored.
//!
//! Synchronous: no queue, no database. The pool brings payloads here and carries results away.

mod backtest;
mod document;
mod evaluation;
mod hex;
mod sweep;
mod walk_forward;

use store::{
    BacktestHeadline, BestStrategy, EvaluationHeadline, Job, JsonText, Moment, NewJob, OwnerId,
    StrategyEvaluation, Subject, SweepHeadline, WalkForwardHeadline,
};

pub use sweep::ChunkSize;
pub(crate) use sweep::SWEEP_PART;

use crate::lab::{LabError, Workbench};

/// What is known of a job beside its payload.
pub(crate) struct Task {
    /// The job.
    pub(crate) job: Job,
    /// What its parts came to, in their order, when it was split and is to be joined.
    pub(crate) parts: Vec<JsonText>,
    /// Above which size a sweep is split.
    pub(crate) chunk: ChunkSize,
    /// When it was begun.
    pub(crate) now: Moment,
}

/// What a job came to.
pub(crate) enum Done {
    Backtest(Ran<BacktestHeadline>),
    Sweep(Ran<SweepHeadline>),
    /// A sweep that is too big for one worker.
    Split(Vec<NewJob>),
    SweepPart(JsonText),
    WalkForward(Ran<WalkForwardHeadline>),
    Evaluation(Ran<EvaluationHeadline>, Ranking),
}

/// A run that ended well.
#[derive(Clone)]
pub(crate) struct Ran<H> {
    /// What it was about, for the row of a job that has none yet.
    pub(crate) about: Subject,
    /// Its numbers, for lists.
    pub(crate) headline: H,
    /// What is kept.
    pub(crate) report: JsonText,
}

/// What an evaluation says of strategies on tickers.
#[derive(Clone)]
pub(crate) struct Ranking {
    pub(crate) cells: Vec<StrategyEvaluation>,
    pub(crate) best: Vec<BestStrategy>,
}

/// Does a job of the lab.
///
/// # Errors
/// [`LabError`], also for a kind that the lab does not know.
pub(crate) fn work(task: &Task, bench: &Workbench<'_>) -> Result<Done, LabError> {
    match task.job.kind.as_str() {
        "backtest" => backtest::work(task, bench),
        "sweep" => sweep::work(task, bench),
        SWEEP_PART => sweep::work_part(task, bench),
        "walk_forward" => walk_forward::work(task, bench),
        "evaluation" => evaluation::work(task, bench),
        kind => Err(LabError::refused("unknown_kind", format!("nobody can do a job '{kind}'"))),
    }
}

/// A document that is stored.
fn json(value: &impl serde::Serialize) -> Result<JsonText, LabError> {
    JsonText::of(value).map_err(|fault| LabError::failed("no_json", fault))
}

/// Whose the job is, for the rows that it makes.
fn owner(task: &Task) -> OwnerId {
    task.job.owner_id
}
