//! Making, changing and deleting schedules.

use sea_orm::{
    ActiveModelTrait, ColumnTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect,
    Set, SqlErr,
};

use super::{NewSchedule, ScheduleRule, Schedules, of};
use crate::database::Tx;
use crate::entities::schedules::{self, MissedRuns, Model as Schedule};
use crate::error::StoreError;
use crate::ids::{OwnerId, ScheduleId};
use crate::json::JsonText;
use crate::moment::Moment;

/// What to change of a schedule; `None` leaves as it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ScheduleChange {
    /// A new name.
    pub name: Option<String>,
    /// What each job gets from now on.
    pub payload: Option<JsonText>,
    /// When, from now on.
    pub rule: Option<ScheduleRule>,
    /// What becomes of missed runs from now on.
    pub missed: Option<MissedRuns>,
    /// Whether it runs at all.
    pub is_enabled: Option<bool>,
}

impl Schedules<'_> {
    /// Makes a schedule; its first run is the rule's first after now.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when the owner has one of that name.
    pub async fn create(&self, owner: OwnerId, new: NewSchedule) -> Result<Schedule, StoreError> {
        self.store
            .write(move |tx| {
                Box::pin(async move {
                    let name = new.name.clone();
                    let row = schedules::Entity::insert(row(tx, owner, new));
                    row.exec_with_returning(tx.db()).await.map_err(|error| taken(error, &name))
                })
            })
            .await
    }

    /// Changes a schedule. `version`: the one that the caller has seen; `None` for whatever it is.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; [`StoreError::Stale`] when it has another version;
    /// [`StoreError::Taken`] when the owner has another one of the new name.
    pub async fn update(
        &self,
        owner: OwnerId,
        id: ScheduleId,
        version: Option<i64>,
        change: ScheduleChange,
    ) -> Result<Schedule, StoreError> {
        self.store
            .write(move |tx| {
                Box::pin(async move {
                    let schedule = lock(tx, owner, id, version).await?;
                    let name = change.name.clone().unwrap_or_else(|| schedule.name.clone());
                    let row = changed(schedule, change, tx.now());
                    row.update(tx.db()).await.map_err(|error| taken(error, &name))
                })
            })
            .await
    }

    /// Deletes a schedule; the jobs that it made stay. `version` as for
    /// [`update`](Self::update).
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::Stale`].
    pub async fn delete(
        &self,
        owner: OwnerId,
        id: ScheduleId,
        version: Option<i64>,
    ) -> Result<(), StoreError> {
        self.store
            .write(move |tx| {
                Box::pin(async move {
                    lock(tx, owner, id, version).await?;
                    schedules::Entity::delete_many()
                        .filter(schedules::Column::OwnerId.eq(owner))
                        .filter(schedules::Column::Id.eq(id))
                        .exec(tx.db())
                        .await?;
                    Ok(())
                })
            })
            .await
    }
}

async fn lock(
    tx: &Tx,
    owner: OwnerId,
    id: ScheduleId,
    version: Option<i64>,
) -> Result<Schedule, StoreError> {
    let found = of(owner).filter(schedules::Column::Id.eq(id)).lock_exclusive();
    let schedule = found.one(tx.db()).await?.ok_or(StoreError::NotFound { what: "schedule" })?;
    match version {
        Some(seen) if seen != schedule.version => {
            Err(StoreError::Stale { what: "schedule", found: schedule.version })
        }
        _ => Ok(schedule),
    }
}

fn row(tx: &Tx, owner: OwnerId, new: NewSchedule) -> schedules::ActiveModel {
    schedules::ActiveModel {
        id: Set(ScheduleId::new()),
        owner_id: Set(owner),
        name: Set(new.name),
        kind: Set(new.kind),
        payload: Set(new.payload),
        rule: Set(new.rule),
        missed: Set(new.missed),
        is_enabled: Set(new.is_enabled),
        next_run_at: Set(first_run(new.is_enabled, new.rule, tx.now())),
        last_run_at: Set(None),
        last_job_id: Set(None),
        version: Set(1),
        created_at: Set(tx.now()),
        updated_at: Set(tx.now()),
    }
}

fn changed(schedule: Schedule, change: ScheduleChange, now: Moment) -> schedules::ActiveModel {
    let version = schedule.version + 1;
    let rule = change.rule.unwrap_or(schedule.rule);
    let is_enabled = change.is_enabled.unwrap_or(schedule.is_enabled);
    let is_rescheduled = rule != schedule.rule || is_enabled != schedule.is_enabled;
    let mut row = schedule.into_active_model();
    if let Some(name) = change.name {
        row.name = Set(name);
    }
    if let Some(payload) = change.payload {
        row.payload = Set(payload);
    }
    if let Some(missed) = change.missed {
        row.missed = Set(missed);
    }
    if is_rescheduled {
        row.rule = Set(rule);
        row.is_enabled = Set(is_enabled);
        row.next_run_at = Set(first_run(is_enabled, rule, now));
    }
    row.version = Set(version);
    row.updated_at = Set(now);
    row
}

fn first_run(is_enabled: bool, rule: ScheduleRule, now: Moment) -> Option<Moment> {
    let next = is_enabled.then(|| rule.next_after(now.timestamp())).flatten();
    next.map(Moment::from)
}

/// The name is the only thing that can be there twice.
fn taken(error: DbErr, name: &str) -> StoreError {
    match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => {
            StoreError::Taken { what: "schedule", name: name.to_owned() }
        }
        _ => StoreError::Database(error),
    }
}
