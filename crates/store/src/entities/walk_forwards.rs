//! One strategy, optimized again and again as time goes on.

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

/// A walk-forward test, as lists show it.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize)]
#[sea_orm(table_name = "walk_forwards")]
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
    /// What was optimized.
    pub metric_name: Option<String>,
    /// Mean value where it was optimized.
    pub in_sample_score: Option<f64>,
    /// Value in the sessions after.
    pub out_of_sample_score: Option<f64>,
    /// How often it was optimized.
    pub folds: Option<i64>,
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

/// The numbers of a walk-forward test for lists; what is undefined is `None`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WalkForwardHeadline {
    /// What was optimized.
    pub metric_name: Option<String>,
    /// Mean value where it was optimized.
    pub in_sample_score: Option<f64>,
    /// Value in the sessions after.
    pub out_of_sample_score: Option<f64>,
    /// How often it was optimized.
    pub folds: Option<i64>,
}

impl LabTable for Entity {
    const KIND: &'static str = "walk_forward";
    type Headline = WalkForwardHeadline;

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
            in_sample_score: NotSet,
            out_of_sample_score: NotSet,
            folds: NotSet,
            version: Set(1),
            created_at: Set(now),
            updated_at: Set(now),
        }
    }

    fn measured(headline: WalkForwardHeadline) -> ActiveModel {
        ActiveModel {
            metric_name: Set(headline.metric_name),
            in_sample_score: Set(headline.in_sample_score),
            out_of_sample_score: Set(headline.out_of_sample_score),
            folds: Set(headline.folds),
            ..ActiveModelTrait::default()
        }
    }
}
