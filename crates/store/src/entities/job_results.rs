//! What jobs came to.

use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait,
    EnumIter, PrimaryKeyTrait,
};

use crate::ids::{JobId, OwnerId};
use crate::moment::Moment;
use crate::packed::Packed;

/// The result of a job, apart from it: it is large, and lists of jobs do not need it.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "job_results")]
pub(crate) struct Model {
    /// The job.
    #[sea_orm(primary_key, auto_increment = false)]
    pub(crate) job_id: JobId,
    /// Whose it is.
    pub(crate) owner_id: OwnerId,
    /// The document.
    pub(crate) body: Packed,
    /// When it was stored.
    pub(crate) created_at: Moment,
}

/// Joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
