//! Work that comes back: when, and what becomes of runs that were missed.

mod fire;
mod plan;
mod rule;
mod write;

use sea_orm::{
    ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
};

pub use rule::{Edge, RuleError, ScheduleRule, Weekdays};
pub use write::ScheduleChange;

use crate::database::Store;
use crate::entities::schedules::{self, MissedRuns, Model as Schedule};
use crate::error::StoreError;
use crate::ids::{OwnerId, ScheduleId};
use crate::jobs::{Listed, Page};
use crate::json::JsonText;

/// The schedules of a store.
#[derive(Clone, Copy, Debug)]
pub struct Schedules<'a> {
    store: &'a Store,
}

/// A schedule as it is asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct NewSchedule {
    /// Its name, unique for its owner.
    pub name: String,
    /// The kind of job.
    pub kind: String,
    /// What each job gets.
    pub payload: JsonText,
    /// When.
    pub rule: ScheduleRule,
    /// What becomes of runs that could not be made in time.
    pub missed: MissedRuns,
    /// Whether it runs at all.
    pub is_enabled: bool,
}

impl Store {
    /// The schedules.
    pub fn schedules(&self) -> Schedules<'_> {
        Schedules { store: self }
    }
}

impl Schedules<'_> {
    /// Reads a schedule.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], also for somebody else's.
    pub async fn get(&self, owner: OwnerId, id: ScheduleId) -> Result<Schedule, StoreError> {
        let found = of(owner).filter(schedules::Column::Id.eq(id)).one(self.store.reader()).await?;
        found.ok_or(StoreError::NotFound { what: "schedule" })
    }

    /// Lists an owner's schedules by name.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn list(&self, owner: OwnerId, page: Page) -> Result<Listed<Schedule>, StoreError> {
        let total = of(owner).count(self.store.reader()).await?;
        let rows = of(owner)
            .order_by_asc(schedules::Column::Name)
            .limit(page.limit)
            .offset(page.offset)
            .all(self.store.reader())
            .await?;
        Ok(Listed { rows, total })
    }
}

/// The schedules of an owner.
fn of(owner: OwnerId) -> Select<schedules::Entity> {
    schedules::Entity::find().filter(schedules::Column::OwnerId.eq(owner))
}
