//! Taking the job that is due.

use sea_orm::{ConnectionTrait, IntoActiveModel, Set, Statement, Value};

use super::row::{lock, save};
use super::{LEASE, reclaim};
use crate::database::Tx;
use crate::entities::jobs::{JobStatus, Model as Job};
use crate::error::StoreError;
use crate::ids::{JobId, OwnerId};

/// A job and the right to work on it.
#[derive(Clone, Debug)]
pub struct Claimed {
    /// The job.
    pub job: Job,
    /// The right.
    pub lease: Lease,
}

/// The right to work on a job, until it expires or is taken away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    pub(super) job: JobId,
    pub(super) owner: OwnerId,
    pub(super) worker: String,
    pub(super) token: i64,
}

impl Lease {
    /// The job.
    pub fn job(&self) -> JobId {
        self.job
    }

    /// Whose job it is.
    pub fn owner(&self) -> OwnerId {
        self.owner
    }
}

pub(super) async fn claim(
    tx: &Tx,
    worker: String,
    kinds: Vec<String>,
) -> Result<Option<Claimed>, StoreError> {
    reclaim::expired(tx).await?;
    let Some((id, owner)) = next(tx, &kinds).await? else { return Ok(None) };
    let job = lock(tx, owner, id).await?;
    let (token, attempts) = (job.lease_token + 1, job.attempts + 1);
    let started_at = job.started_at.unwrap_or(tx.now());
    let mut row = job.into_active_model();
    row.status = Set(JobStatus::Running);
    row.attempts = Set(attempts);
    row.lease_by = Set(Some(worker.clone()));
    row.lease_token = Set(token);
    row.lease_until = Set(Some(tx.now().plus(LEASE)));
    row.started_at = Set(Some(started_at));
    let job = save(tx, row).await?;
    Ok(Some(Claimed { job, lease: Lease { job: id, owner, worker, token } }))
}

/// Finds and locks the job that is due; one that another transaction holds is passed over.
async fn next(tx: &Tx, kinds: &[String]) -> Result<Option<(JobId, OwnerId)>, StoreError> {
    let mut values: Vec<Value> = vec![tx.now().into()];
    values.extend(kinds.iter().map(|kind| kind.as_str().into()));
    let places: Vec<String> = (0..kinds.len()).map(|index| format!("${}", index + 2)).collect();
    let of_kinds = match places.as_slice() {
        [] => String::new(),
        places => format!("and jobs.kind in ({})", places.join(", ")),
    };
    let locked = if tx.is_postgres() { "for update of jobs skip locked" } else { "" };
    let sql = format!(
        "select jobs.id, jobs.owner_id
         from jobs
         left join (
             select owner_id, count(*) as running from jobs where status = 'running'
             group by owner_id
         ) busy on busy.owner_id = jobs.owner_id
         where jobs.status = 'queued' and jobs.run_at <= $1 {of_kinds}
         order by coalesce(busy.running, 0), jobs.priority desc, jobs.created_at, jobs.id
         limit 1 {locked}"
    );
    let backend = ConnectionTrait::get_database_backend(tx.db());
    let statement = Statement::from_sql_and_values(backend, sql, values);
    let Some(row) = tx.db().query_one_raw(statement).await? else { return Ok(None) };
    Ok(Some((row.try_get_by_index(0)?, row.try_get_by_index(1)?)))
}
