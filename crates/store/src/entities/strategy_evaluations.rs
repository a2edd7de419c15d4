//! How a strategy did on a ticker when it was last evaluated.

use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait,
    EnumIter, PrimaryKeyTrait,
};
use serde::Serialize;

use crate::ids::{JobId, OwnerId};
use crate::json::JsonText;
use crate::moment::Moment;

/// One cell of the evaluation matrix.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize)]
#[sea_orm(table_name = "strategy_evaluations")]
pub struct Model {
    /// Whose it is.
    #[sea_orm(primary_key, auto_increment = false)]
    pub owner_id: OwnerId,
    /// The instrument.
    #[sea_orm(primary_key, auto_increment = false)]
    pub ticker: String,
    /// The strategy.
    #[sea_orm(primary_key, auto_increment = false)]
    pub strategy_name: String,
    /// The evaluation that found it, unless that was deleted.
    pub evaluation_id: Option<JobId>,
    /// What was measured.
    pub metric_name: String,
    /// The value; `None` when it is undefined.
    pub score: Option<f64>,
    /// The parameters: a JSON object.
    pub params: JsonText,
    /// All metrics: a JSON object.
    pub metrics: JsonText,
    /// When.
    pub evaluated_at: Moment,
}

/// Joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
