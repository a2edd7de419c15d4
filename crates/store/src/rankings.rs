//! How strategies did on tickers, as far as anybody last looked, and which did best.

use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, Iterable, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect,
};

use crate::database::{Store, Tx};
use crate::entities::{best_strategies, strategy_evaluations};
use crate::error::StoreError;
use crate::ids::{JobId, OwnerId};
use crate::jobs::{Listed, Page};

/// The rankings of a store.
#[derive(Clone, Copy, Debug)]
pub struct Rankings<'a> {
    store: &'a Store,
}

/// Which cells of the matrix to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RankingFilter {
    /// Only this instrument.
    pub ticker: Option<String>,
    /// Only what this evaluation found and no later one has replaced.
    pub evaluation: Option<JobId>,
}

impl Store {
    /// The rankings.
    pub fn rankings(&self) -> Rankings<'_> {
        Rankings { store: self }
    }
}

impl Tx {
    /// Writes what was found over what was known of the same tickers and strategies.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when a row belongs to somebody else than `owner`.
    pub async fn record_rankings(
        &self,
        owner: OwnerId,
        cells: Vec<strategy_evaluations::Model>,
        best: Vec<best_strategies::Model>,
    ) -> Result<(), StoreError> {
        let foreign = cells.iter().any(|cell| cell.owner_id != owner)
            || best.iter().any(|best| best.owner_id != owner);
        if foreign {
            return Err(StoreError::NotFound { what: "ranking" });
        }
        for cell in cells {
            let row = cell.into_active_model();
            strategy_evaluations::Entity::insert(row.reset_all())
                .on_conflict(replacing_cell())
                .exec_without_returning(self.db())
                .await?;
        }
        for best in best {
            let row = best.into_active_model();
            best_strategies::Entity::insert(row.reset_all())
                .on_conflict(replacing_best())
                .exec_without_returning(self.db())
                .await?;
        }
        Ok(())
    }
}

impl Rankings<'_> {
    /// Writes what was found, as [`Tx::record_rankings`].
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when a row belongs to somebody else than `owner`.
    pub async fn record(
        &self,
        owner: OwnerId,
        cells: Vec<strategy_evaluations::Model>,
        best: Vec<best_strategies::Model>,
    ) -> Result<(), StoreError> {
        self.store
            .write(move |tx| Box::pin(async move { tx.record_rankings(owner, cells, best).await }))
            .await
    }

    /// Lists cells by ticker and strategy.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn cells(
        &self,
        owner: OwnerId,
        filter: &RankingFilter,
        page: Page,
    ) -> Result<Listed<strategy_evaluations::Model>, StoreError> {
        use strategy_evaluations::{Column, Entity};
        let mut found = Entity::find().filter(Column::OwnerId.eq(owner));
        if let Some(ticker) = &filter.ticker {
            found = found.filter(Column::Ticker.eq(ticker));
        }
        if let Some(evaluation) = filter.evaluation {
            found = found.filter(Column::EvaluationId.eq(evaluation));
        }
        let total = found.clone().count(self.store.reader()).await?;
        let rows = found
            .order_by_asc(Column::Ticker)
            .order_by_asc(Column::StrategyName)
            .limit(page.limit)
            .offset(page.offset)
            .all(self.store.reader())
            .await?;
        Ok(Listed { rows, total })
    }

    /// The best strategies of an owner's tickers, or of one of them.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn best(
        &self,
        owner: OwnerId,
        ticker: Option<&str>,
    ) -> Result<Vec<best_strategies::Model>, StoreError> {
        use best_strategies::{Column, Entity};
        let mut found = Entity::find().filter(Column::OwnerId.eq(owner));
        if let Some(ticker) = ticker {
            found = found.filter(Column::Ticker.eq(ticker));
        }
        Ok(found.order_by_asc(Column::Ticker).all(self.store.reader()).await?)
    }
}

fn replacing_cell() -> OnConflict {
    use strategy_evaluations::{Column, PrimaryKey};
    OnConflict::columns(PrimaryKey::iter()).update_columns(Column::iter()).to_owned()
}

fn replacing_best() -> OnConflict {
    use best_strategies::{Column, PrimaryKey};
    OnConflict::columns(PrimaryKey::iter()).update_columns(Column::iter()).to_owned()
}
