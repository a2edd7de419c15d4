//! Taking jobs back from workers that are gone.

use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set,
    sea_query::{LockBehavior, LockType},
};

use super::backoff::delay;
use super::finish::{end, queued};
use super::row::save;
use crate::database::Tx;
use crate::entities::jobs::{self, JobStatus, Model as Job};
use crate::error::StoreError;

/// A job that takes its worker down this often is at fault itself. Generous, because a server that
/// is restarted takes its jobs down too.
const MAX_LOSSES: i32 = 20;

/// How many are taken back in one transaction; the rest is for the next.
const AT_ONCE: u64 = 100;

/// What was taken back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reclaimed {
    /// Queued again.
    pub queued: u64,
    /// Ended, because they were lost too often or their owner had asked to stop.
    pub ended: u64,
}

/// Takes back what was silent for longer than its lease.
pub(super) async fn expired(tx: &Tx) -> Result<Reclaimed, StoreError> {
    take_back(tx, Condition::all().add(jobs::Column::LeaseUntil.lt(tx.now()))).await
}

/// Takes back all that a worker held.
pub(super) async fn of_worker(tx: &Tx, worker: String) -> Result<Reclaimed, StoreError> {
    take_back(tx, Condition::all().add(jobs::Column::LeaseBy.eq(worker))).await
}

async fn take_back(tx: &Tx, which: Condition) -> Result<Reclaimed, StoreError> {
    // Ordered by the whole, because ending a part locks its whole next. What somebody else holds
    // right now is being changed anyway.
    let lost = jobs::Entity::find()
        .filter(jobs::Column::Status.eq(JobStatus::Running))
        .filter(which)
        .order_by_asc(jobs::Column::ParentId)
        .order_by_asc(jobs::Column::Id)
        .limit(AT_ONCE)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .all(tx.db())
        .await?;
    let mut reclaimed = Reclaimed::default();
    for job in lost {
        let ended = take_back_one(tx, job).await?.status.has_ended();
        *if ended { &mut reclaimed.ended } else { &mut reclaimed.queued } += 1;
    }
    Ok(reclaimed)
}

async fn take_back_one(tx: &Tx, job: Job) -> Result<Job, StoreError> {
    if job.cancel_requested {
        return end(tx, job, JobStatus::Canceled, None).await;
    }
    let losses = job.losses + 1;
    if losses >= MAX_LOSSES {
        let error = format!("its worker vanished {losses} times");
        return end(tx, job, JobStatus::Failed, Some(error)).await;
    }
    let attempts = job.attempts - 1;
    let mut row = queued(job);
    row.losses = Set(losses);
    row.attempts = Set(attempts);
    // The first loss was most likely a restart, which is nobody's fault.
    row.run_at = Set(tx.now().plus(delay(losses - 1)));
    save(tx, row).await
}
