//! One strategy on past bars.

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

/// A backtest, as lists show it.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize)]
#[sea_orm(table_name = "backtests")]
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
    /// What was won or lost, as a fraction.
    pub total_return: Option<f64>,
    /// The same a year.
    pub cagr: Option<f64>,
    /// Annualized Sharpe ratio.
    pub sharpe_ratio: Option<f64>,
    /// Deepest drawdown, ≤ 0.
    pub max_drawdown: Option<f64>,
    /// Round trips.
    pub trades: Option<i64>,
    /// Equity at the last close.
    pub final_equity: Option<f64>,
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

/// The numbers of a backtest for lists; what is undefined is `None`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BacktestHeadline {
    /// What was won or lost, as a fraction.
    pub total_return: Option<f64>,
    /// The same a year.
    pub cagr: Option<f64>,
    /// Annualized Sharpe ratio.
    pub sharpe_ratio: Option<f64>,
    /// Deepest drawdown, ≤ 0.
    pub max_drawdown: Option<f64>,
    /// Round trips.
    pub trades: Option<i64>,
    /// Equity at the last close.
    pub final_equity: Option<f64>,
}

impl LabTable for Entity {
    const KIND: &'static str = "backtest";
    type Headline = BacktestHeadline;

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
            total_return: NotSet,
            cagr: NotSet,
            sharpe_ratio: NotSet,
            max_drawdown: NotSet,
            trades: NotSet,
            final_equity: NotSet,
            version: Set(1),
            created_at: Set(now),
            updated_at: Set(now),
        }
    }

    fn measured(headline: BacktestHeadline) -> ActiveModel {
        ActiveModel {
            total_return: Set(headline.total_return),
            cagr: Set(headline.cagr),
            sharpe_ratio: Set(headline.sharpe_ratio),
            max_drawdown: Set(headline.max_drawdown),
            trades: Set(headline.trades),
            final_equity: Set(headline.final_equity),
            ..ActiveModelTrait::default()
        }
    }
}
