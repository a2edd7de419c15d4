//! The queue of work.

use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveActiveEnum, DeriveEntityModel, DerivePrimaryKey, DeriveRelation,
    EntityTrait, EnumIter, PrimaryKeyTrait,
};
use serde::{Deserialize, Serialize};

use crate::ids::{JobId, OwnerId};
use crate::json::JsonText;
use crate::moment::Moment;

/// A piece of work and how far it is.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize)]
#[sea_orm(table_name = "jobs")]
pub struct Model {
    /// Which job; also the id of the result that it makes.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: JobId,
    /// Whose it is.
    pub owner_id: OwnerId,
    /// The job that this one is a part of.
    pub parent_id: Option<JobId>,
    /// What to do: `backtest`, `sweep`, …
    pub kind: String,
    /// What to do it with.
    pub payload: JsonText,
    /// Where it stands.
    pub status: JobStatus,
    /// Higher is sooner, among the jobs of equally busy owners.
    pub priority: i32,
    /// How far it is, 0 to 100.
    pub progress: f64,
    /// How long it will take from now, as its worker believes.
    pub eta_seconds: Option<f64>,
    /// Why the last attempt failed, in words for its owner.
    pub error: Option<String>,
    /// Two jobs of one owner and kind never share it.
    pub idempotency_key: Option<String>,
    /// Not before this.
    pub run_at: Moment,
    /// How often it was begun, not counting what a lost worker had begun.
    pub attempts: i32,
    /// How often it may be begun.
    pub max_attempts: i32,
    /// How often its worker vanished.
    pub losses: i32,
    /// Its owner asked to stop, and its worker has not yet heard.
    pub cancel_requested: bool,
    /// The worker that has it.
    pub lease_by: Option<String>,
    /// Grows each time a worker takes it: an earlier taker can be told from a later one.
    pub lease_token: i64,
    /// When it is taken from its worker, unless he is heard of.
    pub lease_until: Option<Moment>,
    /// How many parts it was split into.
    pub children: i32,
    /// How many of them have not ended.
    pub children_open: i32,
    /// Grows with each change.
    pub version: i64,
    /// When it was asked for.
    pub created_at: Moment,
    /// When it changed last.
    pub updated_at: Moment,
    /// When a worker first took it.
    pub started_at: Option<Moment>,
    /// When it ended.
    pub finished_at: Option<Moment>,
}

/// Joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Where a job stands.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "Text")]
#[serde(rename_all = "snake_case")]
pub enum JobStatus {
    /// Waits for a worker.
    #[sea_orm(string_value = "queued")]
    Queued,
    /// A worker has it.
    #[sea_orm(string_value = "running")]
    Running,
    /// Was split, and waits for its parts.
    #[sea_orm(string_value = "waiting")]
    Waiting,
    /// Ended well.
    #[sea_orm(string_value = "completed")]
    Completed,
    /// Ended badly.
    #[sea_orm(string_value = "failed")]
    Failed,
    /// Ended because its owner asked for it.
    #[sea_orm(string_value = "canceled")]
    Canceled,
}

impl JobStatus {
    /// Whether the job will never run again.
    pub fn has_ended(self) -> bool {
        matches!(self, Self::Completed | Self::Failed | Self::Canceled)
    }

    /// The word that callers of the API know: what has not ended is `processing`.
    pub fn public_name(self) -> &'static str {
        match self {
            Self::Queued | Self::Running | Self::Waiting => "processing",
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Canceled => "canceled",
        }
    }
}

impl Model {
    /// Whether its parts have all ended, so that what is left is to join them.
    pub fn is_split(&self) -> bool {
        self.children > 0
    }
}
