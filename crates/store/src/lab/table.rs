//! What the four tables of the lab have in common.

use sea_orm::{EntityTrait, IntoActiveModel};

use super::Subject;
use crate::ids::{JobId, OwnerId};
use crate::moment::Moment;

/// A table of runs.
pub trait LabTable:
    EntityTrait<
        Model: IntoActiveModel<<Self as EntityTrait>::ActiveModel> + Sync,
        ActiveModel: Send,
    > + Sync
{
    /// The kind of job that makes such a run.
    const KIND: &'static str;

    /// The numbers of a run that has ended well, for lists.
    type Headline: Send + 'static;

    /// The columns that all these tables have.
    fn columns() -> LabColumns<Self::Column>;

    /// The row of a run that was just asked for.
    fn row(id: JobId, owner: OwnerId, subject: Subject, now: Moment) -> Self::ActiveModel;

    /// The numbers alone, to be written over a row.
    fn measured(headline: Self::Headline) -> Self::ActiveModel;
}

/// The columns that all tables of the lab have.
#[derive(Clone, Copy, Debug)]
pub struct LabColumns<C> {
    pub(crate) id: C,
    pub(crate) owner_id: C,
    pub(crate) tickers: C,
    pub(crate) version: C,
    pub(crate) created_at: C,
    pub(crate) updated_at: C,
}
