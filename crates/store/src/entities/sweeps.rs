//! One strategy with many parameters.

use sea_orm::entity::prelude::{
    ActiveModelBehavior, DeriveEntityModel, DerivePrimaryKey, DeriveRelation, EntityTrait,
    EnumIter, PrimaryKeyTrait,
};
use sea_orm::{ActiveModelTrait, NotSet, Set};
use serde::Serialize;

use crate::ids::{JobId, OwnerId};
use crate::json::JsonText;
use crate::lab::{LabColumns, LabTable, Subject};
use crate::moment::Moment;

/// A sweep, as lists show it.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize)]
#[sea_orm(table_name = "sweeps")]
pub struct Model {
    /// Which; also the id of its job.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: JobId,
    /// Whose it is.
    pub owner_id: OwnerId,
    /// Name of the strategy.
    pub strategy: String,
    /// The instruments: a JSON array.
    pub tickers: JsonText,
    /// The bars' timeframe.
    pub timeframe: String,
    /// First date asked for, `YYYY-MM-DD`.
    pub start_date: Option<String>,
    /// Last date asked for.
    pub end_date: Option<String>,
    /// What the best was best in.
    pub metric_name: Option<String>,
    /// The best value.
    pub best_score: Option<f64>,
    /// The parameters that had it: a JSON object.
    pub best_params: Option<JsonText>,
    /// How many variants were tried.
    pub tried: Option<i64>,
    /// Probability that the best is overfit.
    pub pbo: Option<f64>,
    /// Grows with each change of this row.
    pub version: i64,
    /// When it was asked for.
    pub created_at: Moment,
    /// When this row changed last.
    pub updated_at: Moment,
}

/// Joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The numbers of a sweep for lists; what is undefined is `None`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SweepHeadline {
    /// What the best was best in.
    pub metric_name: Option<String>,
    /// The best value.
    pub best_score: Option<f64>,
    /// The parameters that had it: a JSON object.
    pub best_params: Option<JsonText>,
    /// How many variants were tried.
    pub tried: Option<i64>,
    /// Probability that the best is overfit.
    pub pbo: Option<f64>,
}

impl LabTable for Entity {
    const KIND: &'static str = "sweep";
    type Headline = SweepHeadline;

    fn columns() -> LabColumns<Column> {
        LabColumns {
            id: Column::Id,
            owner_id: Column::OwnerId,
            tickers: Column::Tickers,
            version: Column::Version,
            created_at: Column::CreatedAt,
            updated_at: Column::UpdatedAt,
        }
    }

    fn row(id: JobId, owner: OwnerId, subject: Subject, now: Moment) -> ActiveModel {
        ActiveModel {
            id: Set(id),
            owner_id: Set(owner),
            strategy: Set(subject.strategy.unwrap_or_default()),
            tickers: Set(subject.tickers),
            timeframe: Set(subject.timeframe),
            start_date: Set(subject.start_date),
            end_date: Set(subject.end_date),
            metric_name: NotSet,
            best_score: NotSet,
            best_params: NotSet,
            tried: NotSet,
            pbo: NotSet,
            version: Set(1),
            created_at: Set(now),
            updated_at: Set(now),
        }
    }

    fn measured(headline: SweepHeadline) -> ActiveModel {
        ActiveModel {
            metric_name: Set(headline.metric_name),
            best_score: Set(headline.best_score),
            best_params: Set(headline.best_params),
            tried: Set(headline.tried),
            pbo: Set(headline.pbo),
            ..ActiveModelTrait::default()
        }
    }
}
