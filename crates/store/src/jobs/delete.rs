//! Forgetting jobs.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::row::{lock, lock_parts};
use crate::database::Tx;
use crate::entities::jobs::{self, JobStatus};
use crate::error::StoreError;
use crate::ids::{JobId, OwnerId};
use crate::moment::Moment;

/// Deletes a job; false, and nothing was done, when it was split while this began.
pub(super) async fn delete(tx: &Tx, owner: OwnerId, id: JobId) -> Result<bool, StoreError> {
    let parts = lock_parts(tx, owner, id).await?;
    let job = lock(tx, owner, id).await?;
    if usize::try_from(job.children) != Ok(parts.len()) {
        return Ok(false);
    }
    jobs::Entity::delete_many()
        .filter(jobs::Column::OwnerId.eq(owner))
        .filter(jobs::Column::Id.eq(id))
        .exec(tx.db())
        .await?;
    tx.note_job_change();
    Ok(true)
}

/// Deletes whole jobs that ended before an instant; their parts ended before them.
pub(super) async fn purge(
    tx: &Tx,
    ended_before: Moment,
    except: Vec<String>,
) -> Result<u64, StoreError> {
    let ended = [JobStatus::Completed, JobStatus::Failed, JobStatus::Canceled];
    let mut old = jobs::Entity::delete_many()
        .filter(jobs::Column::ParentId.is_null())
        .filter(jobs::Column::Status.is_in(ended))
        .filter(jobs::Column::FinishedAt.lt(ended_before));
    if !except.is_empty() {
        old = old.filter(jobs::Column::Kind.is_not_in(except));
    }
    Ok(old.exec(tx.db()).await?.rows_affected)
}
