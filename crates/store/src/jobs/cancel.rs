//! Canceling.

use sea_orm::{IntoActiveModel, Set};

use super::finish::end;
use super::row::{lock, lock_parts, save};
use crate::database::Tx;
use crate::entities::jobs::{JobStatus, Model as Job};
use crate::error::StoreError;
use crate::ids::{JobId, OwnerId};

/// Cancels a job; `None`, and nothing was done, when it was split while this began.
pub(super) async fn cancel(tx: &Tx, owner: OwnerId, id: JobId) -> Result<Option<Job>, StoreError> {
    let parts = lock_parts(tx, owner, id).await?;
    let job = lock(tx, owner, id).await?;
    match job.status {
        JobStatus::Completed | JobStatus::Failed | JobStatus::Canceled => Ok(Some(job)),
        JobStatus::Queued => end(tx, job, JobStatus::Canceled, None).await.map(Some),
        JobStatus::Running => flag(tx, job).await.map(Some),
        JobStatus::Waiting if parts.is_empty() => Ok(None),
        JobStatus::Waiting => cancel_whole(tx, job, parts).await.map(Some),
    }
}

async fn flag(tx: &Tx, job: Job) -> Result<Job, StoreError> {
    let mut row = job.into_active_model();
    row.cancel_requested = Set(true);
    save(tx, row).await
}

/// Cancels the parts that no worker has and asks the workers of the others; the last of them ends
/// the whole.
async fn cancel_whole(tx: &Tx, whole: Job, parts: Vec<Job>) -> Result<Job, StoreError> {
    let whole = flag(tx, whole).await?;
    for part in parts {
        if part.status == JobStatus::Queued {
            end(tx, part, JobStatus::Canceled, None).await?;
        } else if part.status == JobStatus::Running {
            flag(tx, part).await?;
        }
    }
    lock(tx, whole.owner_id, whole.id).await
}
