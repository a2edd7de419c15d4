//! Reading a job's row to change it, and writing it back.

use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set,
};

use super::claim::Lease;
use crate::database::Tx;
use crate::entities::jobs::{self, JobStatus, Model as Job};
use crate::error::StoreError;
use crate::ids::{JobId, OwnerId};

/// Reads a job and keeps it from changing until the transaction ends.
pub(super) async fn lock(tx: &Tx, owner: OwnerId, id: JobId) -> Result<Job, StoreError> {
    let job = jobs::Entity::find_by_id(id)
        .filter(jobs::Column::OwnerId.eq(owner))
        .lock_exclusive()
        .one(tx.db())
        .await?;
    job.ok_or(StoreError::NotFound { what: "job" })
}

/// Reads and locks the parts of a job: before the whole, and in order, as everybody does who locks
/// several.
pub(super) async fn lock_parts(
    tx: &Tx,
    owner: OwnerId,
    whole: JobId,
) -> Result<Vec<Job>, StoreError> {
    Ok(jobs::Entity::find()
        .filter(jobs::Column::OwnerId.eq(owner))
        .filter(jobs::Column::ParentId.eq(whole))
        .order_by_asc(jobs::Column::Id)
        .lock_exclusive()
        .all(tx.db())
        .await?)
}

/// Reads and locks a job that a lease stands for; `None` when the lease is lost.
pub(super) async fn lock_leased(tx: &Tx, lease: &Lease) -> Result<Option<Job>, StoreError> {
    match lock(tx, lease.owner, lease.job).await {
        Ok(job) => Ok(Some(job).filter(|job| is_held(job, lease))),
        // Its owner deleted it.
        Err(StoreError::NotFound { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Reads and locks a job that a lease stands for.
///
/// # Errors
/// [`StoreError::LeaseLost`].
pub(crate) async fn hold(tx: &Tx, lease: &Lease) -> Result<Job, StoreError> {
    lock_leased(tx, lease).await?.ok_or(StoreError::LeaseLost { job: lease.job })
}

fn is_held(job: &Job, lease: &Lease) -> bool {
    job.status == JobStatus::Running
        && job.lease_by.as_deref() == Some(&lease.worker)
        && job.lease_token == lease.token
}

/// Writes the columns that were set, and with them version and time of the change.
pub(super) async fn save(tx: &Tx, mut row: jobs::ActiveModel) -> Result<Job, StoreError> {
    row.version = Set(row.version.take().unwrap_or_default() + 1);
    row.updated_at = Set(tx.now());
    tx.note_job_change();
    Ok(row.update(tx.db()).await?)
}
