//! Storing how a job ended: its state, its result and its rows, in one transaction.

use std::time::Duration;

use store::{
    Backtests, Evaluations, Job, JobStatus, LabTable, Lease, Outcome, Store, StoreError, Sweeps,
    Tx, WalkForwards,
};
use tokio::time::sleep;
use tracing::warn;

use crate::lab::LabError;
use crate::work::{Done, Ran};

/// How often storing is tried; a database that restarts comes back within that time.
const ATTEMPTS: u32 = 5;
/// How long is waited between two attempts.
const WAIT: Duration = Duration::from_secs(2);

/// How a worker's attempt at a job ended.
pub(crate) enum Ending {
    /// With a result.
    Done(Box<Done>),
    /// Without one.
    Plain(Outcome),
    /// It was stored already, or is not ours to end.
    None,
}

impl Ending {
    /// What a fault of the lab means for the job: tried again when it may pass.
    ///
    /// The text is a stable word for programs, a colon, and words for the owner.
    pub(crate) fn of(fault: &LabError) -> Self {
        let error = format!("{}: {fault}", fault.code());
        Self::Plain(match fault {
            // Nobody asked to stop, or somebody else would have ended it.
            LabError::Stopped => Outcome::Released,
            fault if fault.may_pass() => Outcome::Retry { error },
            _ => Outcome::Failed { error },
        })
    }

    /// A fault of the database, which may pass.
    pub(crate) fn passing(fault: &StoreError) -> Self {
        Self::Plain(Outcome::Retry { error: format!("database_unavailable: {fault}") })
    }
}

/// Stores an ending; `None` when the job is not ours any longer, and nothing was stored.
pub(super) async fn finish(
    store: &Store,
    lease: &Lease,
    ending: Ending,
) -> Result<Option<JobStatus>, StoreError> {
    let mut attempt = 1;
    loop {
        match once(store, lease, &ending).await {
            Err(StoreError::LeaseLost { .. }) => return Ok(None),
            Err(fault @ StoreError::Database(_)) if attempt < ATTEMPTS => {
                warn!(job.id = %lease.job(), ?fault, attempt, "cannot store how a job ended");
                attempt += 1;
                sleep(WAIT).await;
            }
            ended => return ended,
        }
    }
}

async fn once(
    store: &Store,
    lease: &Lease,
    ending: &Ending,
) -> Result<Option<JobStatus>, StoreError> {
    let job = match ending {
        Ending::None => return Ok(None),
        Ending::Plain(outcome) => store.jobs().finish(lease, outcome.clone()).await?,
        Ending::Done(done) => keep(store, lease, done).await?,
    };
    Ok(Some(job.status))
}

/// Stores what a job came to.
async fn keep(store: &Store, lease: &Lease, done: &Done) -> Result<Job, StoreError> {
    match done {
        Done::Split(parts) => store.jobs().split(lease, parts.clone()).await,
        Done::SweepPart(result) => {
            let outcome = Outcome::Completed { result: Some(result.clone()) };
            store.jobs().finish(lease, outcome).await
        }
        Done::Backtest(ran) => complete::<Backtests>(store, lease, ran).await,
        Done::Sweep(ran) => complete::<Sweeps>(store, lease, ran).await,
        Done::WalkForward(ran) => complete::<WalkForwards>(store, lease, ran).await,
        Done::Evaluation(ran, ranking) => {
            let (ran, ranking, lease) = (ran.clone(), ranking.clone(), lease.clone());
            store
                .write(move |tx| {
                    Box::pin(async move {
                        let job = write::<Evaluations>(tx, &lease, ran).await?;
                        tx.record_rankings(job.owner_id, ranking.cells, ranking.best).await?;
                        Ok(job)
                    })
                })
                .await
        }
    }
}

async fn complete<T: LabTable<Headline: Clone>>(
    store: &Store,
    lease: &Lease,
    ran: &Ran<T::Headline>,
) -> Result<Job, StoreError> {
    let (ran, lease) = (ran.clone(), lease.clone());
    store.write(move |tx| Box::pin(async move { write::<T>(tx, &lease, ran).await })).await
}

/// Ends a run; one that a schedule asked for gets its row now.
async fn write<T: LabTable>(
    tx: &Tx,
    lease: &Lease,
    ran: Ran<T::Headline>,
) -> Result<Job, StoreError> {
    let Ran { about, headline, report } = ran;
    tx.adopt_run::<T>(lease, about).await?;
    tx.complete_run::<T>(lease, headline, report).await
}
