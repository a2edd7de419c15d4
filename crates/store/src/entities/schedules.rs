//! Work that comes back.

use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveActiveEnum, DeriveEntityModel, DerivePrimaryKey, DeriveRelation,
    EntityTrait, EnumIter, PrimaryKeyTrait,
};
use serde::{Deserialize, Serialize};

use crate::ids::{JobId, OwnerId, ScheduleId};
use crate::json::JsonText;
use crate::moment::Moment;
use crate::schedules::ScheduleRule;

/// A job that is asked for again and again.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize)]
#[sea_orm(table_name = "schedules")]
pub struct Model {
    /// Which.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ScheduleId,
    /// Whose it is.
    pub owner_id: OwnerId,
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
    /// The next run; `None` when disabled, or when the rule has no further one.
    pub next_run_at: Option<Moment>,
    /// The time that the last job was made for.
    pub last_run_at: Option<Moment>,
    /// The last job. It may be gone by now.
    pub last_job_id: Option<JobId>,
    /// Grows with each change.
    pub version: i64,
    /// When it was made.
    pub created_at: Moment,
    /// When it changed last.
    pub updated_at: Moment,
}

/// Joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What becomes of runs whose time passed while no server was there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text")]
#[serde(rename_all = "snake_case")]
pub enum MissedRuns {
    /// None is made up for.
    #[sea_orm(string_value = "skip")]
    Skip,
    /// One job makes up for all of them.
    #[sea_orm(string_value = "once")]
    Once,
    /// Each is made up for, oldest first.
    #[sea_orm(string_value = "all")]
    All,
}
