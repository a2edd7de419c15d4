//! Asking for jobs.

use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};

use super::new::NewJob;
use crate::database::Tx;
use crate::entities::jobs::{self, JobStatus, Model as Job};
use crate::error::StoreError;
use crate::ids::{JobId, OwnerId};

impl Tx {
    /// Asks for a job in this transaction; as [`Jobs::enqueue`](super::Jobs::enqueue).
    ///
    /// # Errors
    /// [`StoreError::KeyReused`] when the key stands for another payload.
    pub async fn enqueue(&self, owner: OwnerId, job: NewJob) -> Result<Job, StoreError> {
        insert(self, owner, None, job).await
    }
}

/// Inserts a job, or finds the one that has its key.
pub(super) async fn insert(
    tx: &Tx,
    owner: OwnerId,
    parent: Option<JobId>,
    job: NewJob,
) -> Result<Job, StoreError> {
    let (kind, payload, key) = (job.kind.clone(), job.payload.clone(), job.idempotency_key.clone());
    let row = row(tx, owner, parent, job);
    let Some(key) = key else {
        tx.note_job_change();
        return Ok(jobs::Entity::insert(row).exec_with_returning(tx.db()).await?);
    };
    // Two who insert one key at once wait for each other here: the second finds the first's.
    let once = [jobs::Column::OwnerId, jobs::Column::Kind, jobs::Column::IdempotencyKey];
    let inserted = jobs::Entity::insert(row)
        .on_conflict(OnConflict::columns(once).do_nothing().to_owned())
        .exec_without_returning(tx.db())
        .await?;
    if inserted > 0 {
        tx.note_job_change();
    }
    let found = jobs::Entity::find()
        .filter(jobs::Column::OwnerId.eq(owner))
        .filter(jobs::Column::Kind.eq(kind))
        .filter(jobs::Column::IdempotencyKey.eq(key))
        .one(tx.db())
        .await?
        .ok_or(StoreError::NotFound { what: "job" })?;
    if found.payload == payload && found.parent_id == parent {
        Ok(found)
    } else {
        Err(StoreError::KeyReused)
    }
}

fn row(tx: &Tx, owner: OwnerId, parent: Option<JobId>, job: NewJob) -> jobs::ActiveModel {
    jobs::ActiveModel {
        id: Set(JobId::new()),
        owner_id: Set(owner),
        parent_id: Set(parent),
        kind: Set(job.kind),
        payload: Set(job.payload),
        status: Set(JobStatus::Queued),
        priority: Set(job.priority),
        progress: Set(0.0),
        eta_seconds: Set(None),
        error: Set(None),
        idempotency_key: Set(job.idempotency_key),
        run_at: Set(job.run_at.unwrap_or(tx.now())),
        attempts: Set(0),
        max_attempts: Set(job.max_attempts.max(1)),
        losses: Set(0),
        cancel_requested: Set(false),
        lease_by: Set(None),
        lease_token: Set(0),
        lease_until: Set(None),
        children: Set(0),
        children_open: Set(0),
        version: Set(1),
        created_at: Set(tx.now()),
        updated_at: Set(tx.now()),
        started_at: Set(None),
        finished_at: Set(None),
    }
}
