//! Splitting a job into parts.

use sea_orm::{IntoActiveModel, Set};

use super::claim::Lease;
use super::finish::{end, queued};
use super::new::NewJob;
use super::queue::insert;
use super::row::{hold, save};
use crate::database::Tx;
use crate::entities::jobs::{JobStatus, Model as Job};
use crate::error::StoreError;

pub(super) async fn split(tx: &Tx, lease: &Lease, parts: Vec<NewJob>) -> Result<Job, StoreError> {
    let job = hold(tx, lease).await?;
    if job.parent_id.is_some() || job.is_split() {
        return Err(StoreError::Nested { job: job.id });
    }
    if job.cancel_requested {
        return end(tx, job, JobStatus::Canceled, None).await;
    }
    let count = i32::try_from(parts.len()).unwrap_or(i32::MAX);
    for part in parts {
        insert(tx, job.owner_id, Some(job.id), part).await?;
    }
    let mut row = if count == 0 { queued(job) } else { job.into_active_model() };
    if count > 0 {
        row.status = Set(JobStatus::Waiting);
    }
    row.lease_by = Set(None);
    row.lease_until = Set(None);
    row.progress = Set(0.0);
    row.eta_seconds = Set(None);
    // Joining is a task of its own: it has all its attempts.
    row.attempts = Set(0);
    row.children = Set(count);
    row.children_open = Set(count);
    save(tx, row).await
}
