//! Ending a job, once.

use sea_orm::sea_query::Query;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, Set};

use super::backoff::delay;
use super::claim::Lease;
use super::row::{hold, lock, save};
use crate::database::Tx;
use crate::entities::job_results;
use crate::entities::jobs::{self, JobStatus, Model as Job};
use crate::error::StoreError;
use crate::ids::{JobId, OwnerId};
use crate::json::JsonText;
use crate::packed::Packed;

/// How a worker's attempt at a job ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// Done.
    Completed {
        /// What it came to, if there is anything to keep.
        result: Option<JsonText>,
    },
    /// Not done, and another attempt may succeed; there is none after the last.
    Retry {
        /// Why, in words for the owner.
        error: String,
    },
    /// Not done, and never will be.
    Failed {
        /// Why, in words for the owner.
        error: String,
    },
    /// Stopped as its owner asked.
    Canceled,
    /// Given back as if it had not been begun: the worker stops.
    Released,
}

impl Tx {
    /// Ends a job in this transaction, or gives it back.
    ///
    /// # Errors
    /// [`StoreError::LeaseLost`] when it is no longer the worker's.
    pub async fn finish(&self, lease: &Lease, outcome: Outcome) -> Result<Job, StoreError> {
        let job = hold(self, lease).await?;
        match outcome {
            Outcome::Completed { result } => {
                if let Some(result) = result {
                    keep(self, &job, &result).await?;
                }
                end(self, job, JobStatus::Completed, None).await
            }
            Outcome::Failed { error } => end(self, job, JobStatus::Failed, Some(error)).await,
            Outcome::Canceled => end(self, job, JobStatus::Canceled, None).await,
            Outcome::Retry { .. } | Outcome::Released if job.cancel_requested => {
                end(self, job, JobStatus::Canceled, None).await
            }
            Outcome::Retry { error } if job.attempts >= job.max_attempts => {
                end(self, job, JobStatus::Failed, Some(error)).await
            }
            Outcome::Retry { error } => {
                let run_at = self.now().plus(delay(job.attempts));
                let mut row = queued(job);
                row.run_at = Set(run_at);
                row.error = Set(Some(printable(&error)));
                save(self, row).await
            }
            Outcome::Released => {
                let attempts = job.attempts - 1;
                let mut row = queued(job);
                row.attempts = Set(attempts);
                save(self, row).await
            }
        }
    }
}

/// The row of a job that waits for a worker again.
pub(super) fn queued(job: Job) -> jobs::ActiveModel {
    let mut row = job.into_active_model();
    row.status = Set(JobStatus::Queued);
    row.progress = Set(0.0);
    row.eta_seconds = Set(None);
    row.lease_by = Set(None);
    row.lease_until = Set(None);
    row
}

/// Ends a locked job, whoever had it, and tells the job that it is a part of.
pub(super) async fn end(
    tx: &Tx,
    job: Job,
    status: JobStatus,
    error: Option<String>,
) -> Result<Job, StoreError> {
    if job.is_split() {
        drop_results_of_parts(tx, job.owner_id, job.id).await?;
    }
    let parent = job.parent_id;
    let mut row = job.into_active_model();
    row.status = Set(status);
    if status == JobStatus::Completed {
        row.progress = Set(100.0);
    }
    row.eta_seconds = Set(None);
    row.error = Set(error.map(|error| printable(&error)));
    row.lease_by = Set(None);
    row.lease_until = Set(None);
    row.finished_at = Set(Some(tx.now()));
    let job = save(tx, row).await?;
    if let Some(parent) = parent {
        part_ended(tx, job.owner_id, parent).await?;
    }
    Ok(job)
}

/// Counts one part less; after the last the whole is queued again, or ends if it was canceled.
async fn part_ended(tx: &Tx, owner: OwnerId, id: JobId) -> Result<(), StoreError> {
    let whole = lock(tx, owner, id).await?;
    if whole.status != JobStatus::Waiting {
        return Ok(());
    }
    let open = whole.children_open - 1;
    let progress = 100.0 * f64::from(whole.children - open) / f64::from(whole.children);
    let is_canceled = whole.cancel_requested;
    let mut row = whole.into_active_model();
    row.children_open = Set(open);
    row.progress = Set(progress);
    if open == 0 && is_canceled {
        drop_results_of_parts(tx, owner, id).await?;
        row.status = Set(JobStatus::Canceled);
        row.finished_at = Set(Some(tx.now()));
    } else if open == 0 {
        row.status = Set(JobStatus::Queued);
        row.run_at = Set(tx.now());
    }
    save(tx, row).await?;
    Ok(())
}

/// Stores what a job came to.
async fn keep(tx: &Tx, job: &Job, result: &JsonText) -> Result<(), StoreError> {
    let row = job_results::ActiveModel {
        job_id: Set(job.id),
        owner_id: Set(job.owner_id),
        body: Set(Packed::pack(result)?),
        created_at: Set(tx.now()),
    };
    job_results::Entity::insert(row).exec_without_returning(tx.db()).await?;
    Ok(())
}

/// What the parts came to is in the whole's result now.
async fn drop_results_of_parts(tx: &Tx, owner: OwnerId, whole: JobId) -> Result<(), StoreError> {
    let mut parts = Query::select();
    parts
        .column(jobs::Column::Id)
        .from(jobs::Entity)
        .and_where(jobs::Column::ParentId.eq(whole))
        .and_where(jobs::Column::OwnerId.eq(owner));
    job_results::Entity::delete_many()
        .filter(job_results::Column::OwnerId.eq(owner))
        .filter(job_results::Column::JobId.in_subquery(parts))
        .exec(tx.db())
        .await?;
    Ok(())
}

/// PostgreSQL takes no NUL in a text.
fn printable(error: &str) -> String {
    error.replace('\0', "")
}
