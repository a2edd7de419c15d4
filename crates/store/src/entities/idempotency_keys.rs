//! Answers that were given, for whoever asks the same again.

use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait,
    EnumIter, PrimaryKeyTrait,
};

use crate::ids::OwnerId;
use crate::json::JsonText;
use crate::moment::Moment;

/// One key, and the answer once there is one.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "idempotency_keys")]
pub(crate) struct Model {
    /// Who asked.
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) owner_id: OwnerId,
    /// Method of the request.
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) method: String,
    /// Its route.
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) route: String,
    /// The key that the caller chose.
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) key: String,
    /// Hash of the request's body.
    pub(crate) body_hash: String,
    /// Status of the answer; `None` while there is none.
    pub(crate) status: Option<i32>,
    /// Headers of the answer: a JSON object.
    pub(crate) headers: Option<JsonText>,
    /// Body of the answer.
    pub(crate) body: Option<Vec<u8>>,
    /// When the key was first seen.
    pub(crate) created_at: Moment,
    /// When it is forgotten.
    pub(crate) expires_at: Moment,
}

/// Joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
