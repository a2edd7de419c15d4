//! What the lab makes: backtests, sweeps, walk-forwards and evaluations, all in the same way.
//!
//! A run is a row for lists beside its job: the job's payload is the request, the job's state is the
//! run's, the job's result is the report. The row's id is the job's.

mod subject;
mod table;
mod write;

use std::marker::PhantomData;

use sea_orm::sea_query::{Expr, ExprTrait, Func, SimpleExpr};
use sea_orm::{
    ColumnTrait, JoinType, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
};

pub use subject::Subject;
pub use table::{LabColumns, LabTable};

use crate::database::Store;
use crate::entities::jobs::{self, JobStatus, Model as Job};
use crate::error::StoreError;
use crate::ids::{JobId, OwnerId};
use crate::jobs::{Listed, Page};

/// A run: its row and its job.
#[derive(Clone, Debug, PartialEq)]
pub struct Run<M> {
    /// The row.
    pub row: M,
    /// The job, with request and state.
    pub job: Job,
}

/// Which runs to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunFilter {
    /// Only those of this instrument.
    pub ticker: Option<String>,
    /// Only those whose job stands here; all when empty.
    pub statuses: Vec<JobStatus>,
}

/// The runs of one table.
#[derive(Clone, Copy, Debug)]
pub struct Lab<'a, T> {
    store: &'a Store,
    table: PhantomData<T>,
}

impl Store {
    /// The runs of a table: `store.lab::<Backtests>()`.
    pub fn lab<T: LabTable>(&self) -> Lab<'_, T> {
        Lab { store: self, table: PhantomData }
    }
}

impl<T: LabTable> Lab<'_, T> {
    /// Reads a run. Its report is the result of its job, [`Jobs::result`](crate::Jobs::result).
    ///
    /// # Errors
    /// [`StoreError::NotFound`], also for somebody else's.
    pub async fn get(&self, owner: OwnerId, id: JobId) -> Result<Run<T::Model>, StoreError> {
        let found = of::<T>(owner)
            .filter(T::columns().id.eq(id))
            .select_also(jobs::Entity)
            .one(self.store.reader())
            .await?;
        found.and_then(run).ok_or(StoreError::NotFound { what: T::KIND })
    }

    /// Lists an owner's runs, the newest first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn list(
        &self,
        owner: OwnerId,
        filter: &RunFilter,
        page: Page,
    ) -> Result<Listed<Run<T::Model>>, StoreError> {
        let columns = T::columns();
        let mut found = of::<T>(owner);
        if let Some(ticker) = &filter.ticker {
            found = found.filter(names::<T>(columns.tickers, ticker));
        }
        if !filter.statuses.is_empty() {
            found = found.filter(jobs::Column::Status.is_in(filter.statuses.clone()));
        }
        let total = found.clone().count(self.store.reader()).await?;
        let rows = found
            .select_also(jobs::Entity)
            .order_by_desc(columns.created_at)
            .order_by_desc(columns.id)
            .limit(page.limit)
            .offset(page.offset)
            .all(self.store.reader())
            .await?;
        Ok(Listed { rows: rows.into_iter().filter_map(run).collect(), total })
    }
}

/// The runs of an owner, with their jobs joined.
fn of<T: LabTable>(owner: OwnerId) -> Select<T> {
    let columns = T::columns();
    let job = T::belongs_to(jobs::Entity).from(columns.id).to(jobs::Column::Id).into();
    T::find().join(JoinType::InnerJoin, job).filter(columns.owner_id.eq(owner))
}

/// Whether a JSON array of symbols names one. Symbols hold no quote, so the quotes of JSON tell
/// where one begins and ends. Taking it out changes the text; `like` would read wildcards, and is
/// blind to case on one of the databases.
fn names<T: LabTable>(tickers: T::Column, ticker: &str) -> SimpleExpr {
    let column = || Expr::col((T::default(), tickers));
    let without = Func::cust("replace").arg(column()).arg(format!("\"{ticker}\"")).arg("");
    column().ne(without)
}

fn run<M>((row, job): (M, Option<Job>)) -> Option<Run<M>> {
    Some(Run { row, job: job? })
}
