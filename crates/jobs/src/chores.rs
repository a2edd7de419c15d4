//! Jobs of the house itself: short, and done in the database.

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use store::{
    Backtests, Evaluations, Job, JsonText, LabTable, Lease, Outcome, Store, StoreError, Sweeps,
    WalkForwards,
};

use crate::lab::LabError;
use crate::payload::Payload;
use crate::pool::Ending;

/// Forgets old jobs and idempotency keys.
pub(crate) const PURGE: &str = "purge";
/// Asks for an evaluation of what the owner follows.
pub(crate) const NIGHTLY_EVALUATION: &str = "nightly_evaluation";

/// Kinds of jobs whose results stay until their owner deletes them.
const KEPT: [&str; 4] = [Backtests::KIND, Sweeps::KIND, WalkForwards::KIND, Evaluations::KIND];

/// What a purge is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Purge {
    /// How many days a job that has ended is kept.
    pub(crate) days: u32,
}

/// Whether a kind of job is done here.
pub(crate) fn knows(kind: &str) -> bool {
    [PURGE, NIGHTLY_EVALUATION].contains(&kind)
}

/// Does a chore.
pub(crate) async fn run(store: &Store, job: &Job, lease: &Lease) -> Ending {
    let ended = match job.kind.as_str() {
        PURGE => purge(store, job).await,
        _ => nightly_evaluation(store, job, lease).await,
    };
    ended.unwrap_or_else(|fault| match fault {
        ChoreError::Lab(fault) => Ending::of(&fault),
        ChoreError::Store(StoreError::LeaseLost { .. }) => Ending::None,
        ChoreError::Store(fault) => Ending::passing(&fault),
    })
}

#[derive(Debug, thiserror::Error)]
enum ChoreError {
    #[error(transparent)]
    Lab(#[from] LabError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

async fn purge(store: &Store, job: &Job) -> Result<Ending, ChoreError> {
    let Purge { days } = serde_json::from_str(job.payload.as_str())
        .map_err(|fault| LabError::refused("bad_request", fault))?;
    let before = store.now().plus(SignedDuration::from_hours(-24 * i64::from(days)));
    let jobs = store.jobs().purge(before, &KEPT).await?;
    let keys = store.purge_keys().await?;
    let result = JsonText::of(&serde_json::json!({ "jobs": jobs, "idempotency_keys": keys }))?;
    Ok(Ending::Plain(Outcome::Completed { result: Some(result) }))
}

/// Makes an evaluation, once, in the transaction that ends this job. Without tickers in the
/// payload: of those that were evaluated before.
async fn nightly_evaluation(store: &Store, job: &Job, lease: &Lease) -> Result<Ending, ChoreError> {
    let mut payload = Payload::parse(job.payload.as_str())?;
    let owner = job.owner_id;
    if payload.tickers.is_none() && payload.data_id.is_none() {
        let known = store.rankings().best(owner, None).await?;
        payload.tickers = Some(known.into_iter().map(|best| best.ticker).collect());
    }
    if payload.tickers.as_ref().is_some_and(Vec::is_empty) {
        return Ok(Ending::Plain(Outcome::Completed { result: None }));
    }
    payload.evaluation()?;
    let subject = payload.subject()?;
    let (request, lease) = (JsonText::of(&payload)?, lease.clone());
    store
        .write(move |tx| {
            Box::pin(async move {
                let run = tx.create_run::<Evaluations>(owner, subject, request).await?;
                let result = JsonText::of(&serde_json::json!({ "task_id": run.job.id }))?;
                tx.finish(&lease, Outcome::Completed { result: Some(result) }).await
            })
        })
        .await?;
    Ok(Ending::None)
}
