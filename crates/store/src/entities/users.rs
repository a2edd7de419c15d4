//! People.

use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait,
    EnumIter, PrimaryKeyTrait,
};
use serde::Serialize;

use crate::amount::Dec;
use crate::ids::OwnerId;
use crate::moment::Moment;

/// A person who uses this server.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize)]
#[sea_orm(table_name = "users")]
pub struct Model {
    /// Who it is.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OwnerId,
    /// The name that he signs in with.
    pub username: String,
    /// Money that a new account opens with.
    pub initial_capital: Dec,
    /// Grows with each change.
    pub version: i64,
    /// When the row was made.
    pub created_at: Moment,
    /// When it was changed last.
    pub updated_at: Moment,
}

/// Joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
