//! Looking at jobs.

use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde::Serialize;

use super::Jobs;
use crate::entities::job_results;
use crate::entities::jobs::{self, JobStatus, Model as Job};
use crate::error::StoreError;
use crate::ids::{JobId, OwnerId};
use crate::json::JsonText;
use crate::moment::Moment;

/// A part of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// How many rows.
    pub limit: u64,
    /// How many rows before them.
    pub offset: u64,
}

/// The rows of a page, and how many there are in all.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// How many rows the whole list has.
    pub total: u64,
}

/// Which jobs to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JobFilter {
    /// Only these kinds; all when empty.
    pub kinds: Vec<String>,
    /// Only those that stand here; all when empty.
    pub statuses: Vec<JobStatus>,
    /// Only those that changed at this instant or later. A change is seen when it is committed,
    /// a little after its instant: whoever asks again asks from some seconds before.
    pub changed_since: Option<Moment>,
}

/// Where a job stands, without what it was asked: little to read, for those who ask often.
#[derive(Clone, Debug, PartialEq, FromQueryResult, Serialize)]
pub struct JobState {
    /// Which job.
    pub id: JobId,
    /// What it does.
    pub kind: String,
    /// Where it stands.
    pub status: JobStatus,
    /// How far it is, 0 to 100.
    pub progress: f64,
    /// How long it will take, as its worker believes.
    pub eta_seconds: Option<f64>,
    /// Why it failed.
    pub error: Option<String>,
    /// Grows with each change: the same number is the same state.
    pub version: i64,
    /// When it changed last.
    pub updated_at: Moment,
}

impl Jobs<'_> {
    /// Reads a job.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], also for somebody else's.
    pub async fn get(&self, owner: OwnerId, id: JobId) -> Result<Job, StoreError> {
        let job = of(owner).filter(jobs::Column::Id.eq(id)).one(self.store.reader()).await?;
        job.ok_or(StoreError::NotFound { what: "job" })
    }

    /// Reads where a job stands.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], also for somebody else's.
    pub async fn state(&self, owner: OwnerId, id: JobId) -> Result<JobState, StoreError> {
        let state = of(owner)
            .filter(jobs::Column::Id.eq(id))
            .select_only()
            .columns([
                jobs::Column::Id,
                jobs::Column::Kind,
                jobs::Column::Status,
                jobs::Column::Progress,
                jobs::Column::EtaSeconds,
                jobs::Column::Error,
                jobs::Column::Version,
                jobs::Column::UpdatedAt,
            ])
            .into_model::<JobState>()
            .one(self.store.reader())
            .await?;
        state.ok_or(StoreError::NotFound { what: "job" })
    }

    /// Lists an owner's jobs, the newest first. Parts of jobs are not listed.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn list(
        &self,
        owner: OwnerId,
        filter: &JobFilter,
        page: Page,
    ) -> Result<Listed<Job>, StoreError> {
        let mut found = of(owner).filter(jobs::Column::ParentId.is_null());
        if !filter.kinds.is_empty() {
            found = found.filter(jobs::Column::Kind.is_in(filter.kinds.clone()));
        }
        if !filter.statuses.is_empty() {
            found = found.filter(jobs::Column::Status.is_in(filter.statuses.clone()));
        }
        if let Some(since) = filter.changed_since {
            found = found.filter(jobs::Column::UpdatedAt.gte(since));
        }
        let total = found.clone().count(self.store.reader()).await?;
        let rows = found
            .order_by_desc(jobs::Column::CreatedAt)
            .order_by_desc(jobs::Column::Id)
            .limit(page.limit)
            .offset(page.offset)
            .all(self.store.reader())
            .await?;
        Ok(Listed { rows, total })
    }

    /// The parts of a job, in the order in which they were made.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn parts(&self, owner: OwnerId, whole: JobId) -> Result<Vec<Job>, StoreError> {
        Ok(of(owner)
            .filter(jobs::Column::ParentId.eq(whole))
            .order_by_asc(jobs::Column::Id)
            .all(self.store.reader())
            .await?)
    }

    /// What a job came to; `None` when it left nothing, or has not ended.
    ///
    /// # Errors
    /// [`StoreError::Database`], also when the stored result is damaged.
    pub async fn result(&self, owner: OwnerId, id: JobId) -> Result<Option<JsonText>, StoreError> {
        let found = job_results::Entity::find_by_id(id)
            .filter(job_results::Column::OwnerId.eq(owner))
            .one(self.store.reader())
            .await?;
        found.map(|result| result.body.unpack()).transpose()
    }
}

/// The jobs of an owner.
fn of(owner: OwnerId) -> sea_orm::Select<jobs::Entity> {
    jobs::Entity::find().filter(jobs::Column::OwnerId.eq(owner))
}
