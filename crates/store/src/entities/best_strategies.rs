//! Which strategy did best on a ticker.

use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait,
    EnumIter, PrimaryKeyTrait,
};
use serde::Serialize;

use crate::ids::OwnerId;
use crate::json::JsonText;
use crate::moment::Moment;

/// The best strategy of a ticker.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize)]
#[sea_orm(table_name = "best_strategies")]
pub struct Model {
    /// Whose it is.
    #[sea_orm(primary_key, auto_increment = false)]
    pub owner_id: OwnerId,
    /// The instrument.
    #[sea_orm(primary_key, auto_increment = false)]
    pub ticker: String,
    /// The strategy.
    pub strategy_name: String,
    /// What it is best in.
    pub metric_name: String,
    /// Its value; `None` when it is undefined.
    pub score: Option<f64>,
    /// Its place outside of the sample it was chosen in; 1 is best.
    pub out_of_sample_rank: Option<i64>,
    /// The parameters: a JSON object.
    pub params: JsonText,
    /// When.
    pub evaluated_at: Moment,
}

/// Joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
