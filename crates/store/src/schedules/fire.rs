//! Making the jobs that are due.

use sea_orm::sea_query::{LockBehavior, LockType};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, Set,
};

use super::Schedules;
use super::plan::plan;
use crate::database::Tx;
use crate::entities::jobs::Model as Job;
use crate::entities::schedules::{self, Model as Schedule};
use crate::error::StoreError;
use crate::jobs::NewJob;
use crate::moment::Moment;

/// How many schedules are looked at in one transaction.
const AT_ONCE: u64 = 100;

impl Schedules<'_> {
    /// Makes the jobs of all schedules that are due, whosesoever they are, and says which.
    ///
    /// Any number of servers may call this at any time: each run is made once.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn fire(&self) -> Result<Vec<Job>, StoreError> {
        let mut made = Vec::new();
        loop {
            let (looked_at, jobs) = self.store.write(|tx| Box::pin(fire(tx))).await?;
            made.extend(jobs);
            if looked_at == 0 {
                return Ok(made);
            }
        }
    }

    /// When the next schedule is due, of anybody's; `None` when none ever is.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn next_due(&self) -> Result<Option<Moment>, StoreError> {
        let next = schedules::Entity::find()
            .filter(schedules::Column::IsEnabled.eq(true))
            .filter(schedules::Column::NextRunAt.is_not_null())
            .order_by_asc(schedules::Column::NextRunAt)
            .one(self.store.reader())
            .await?;
        Ok(next.and_then(|schedule| schedule.next_run_at))
    }
}

async fn fire(tx: &Tx) -> Result<(usize, Vec<Job>), StoreError> {
    let due = schedules::Entity::find()
        .filter(schedules::Column::IsEnabled.eq(true))
        .filter(schedules::Column::NextRunAt.lte(tx.now()))
        .order_by_asc(schedules::Column::NextRunAt)
        .limit(AT_ONCE)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .all(tx.db())
        .await?;
    let looked_at = due.len();
    let mut jobs = Vec::new();
    for schedule in due {
        jobs.extend(fire_one(tx, schedule).await?);
    }
    Ok((looked_at, jobs))
}

async fn fire_one(tx: &Tx, schedule: Schedule) -> Result<Option<Job>, StoreError> {
    let Some(due) = schedule.next_run_at else { return Ok(None) };
    let now = tx.now();
    let plan = plan(schedule.rule, schedule.missed, due.timestamp(), now.timestamp());
    let run = plan.run.map(Moment::from);
    let job = match run {
        Some(run) => enqueue(tx, &schedule, run).await?,
        None => None,
    };
    // The version stays: it tells those who edit whether somebody else did.
    let mut row = schedule.into_active_model();
    row.next_run_at = Set(plan.next.map(Moment::from));
    if let Some(run) = run {
        row.last_run_at = Set(Some(run));
    }
    if let Some(job) = &job {
        row.last_job_id = Set(Some(job.id));
    }
    row.update(tx.db()).await?;
    Ok(job)
}

/// Asks for the job of a run; `None` when a clock was set back and the run was made already.
async fn enqueue(tx: &Tx, schedule: &Schedule, run: Moment) -> Result<Option<Job>, StoreError> {
    let mut job = NewJob::new(&schedule.kind, schedule.payload.clone());
    job.idempotency_key = Some(format!("schedule {} {run}", schedule.id));
    match tx.enqueue(schedule.owner_id, job).await {
        Ok(job) => Ok(Some(job)),
        Err(StoreError::KeyReused) => Ok(None),
        Err(error) => Err(error),
    }
}
