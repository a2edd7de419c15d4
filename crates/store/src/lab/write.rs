//! Asking for runs, and what they came to.

use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{ColumnTrait, QueryFilter};

use super::{Lab, LabTable, Run, Subject};
use crate::database::Tx;
use crate::entities::jobs::Model as Job;
use crate::error::StoreError;
use crate::ids::{JobId, OwnerId};
use crate::jobs::{Lease, NewJob, Outcome, hold};
use crate::json::JsonText;

impl<T: LabTable> Lab<'_, T> {
    /// Asks for a run.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn create(
        &self,
        owner: OwnerId,
        subject: Subject,
        request: JsonText,
    ) -> Result<Run<T::Model>, StoreError> {
        self.store
            .write(move |tx| {
                Box::pin(async move { tx.create_run::<T>(owner, subject, request).await })
            })
            .await
    }

    /// Makes the row of a job that a schedule asked for, which has none yet.
    ///
    /// # Errors
    /// [`StoreError::LeaseLost`] when the job is no longer the worker's.
    pub async fn adopt(&self, lease: &Lease, subject: Subject) -> Result<(), StoreError> {
        let lease = lease.clone();
        self.store
            .write(move |tx| Box::pin(async move { tx.adopt_run::<T>(&lease, subject).await }))
            .await
    }

    /// Ends a run well: its numbers go into its row, the report is its job's result.
    ///
    /// # Errors
    /// [`StoreError::LeaseLost`] when the job is no longer the worker's; [`StoreError::NotFound`]
    /// when it has no row.
    pub async fn complete(
        &self,
        lease: &Lease,
        headline: T::Headline,
        report: JsonText,
    ) -> Result<Job, StoreError> {
        let lease = lease.clone();
        self.store
            .write(move |tx| {
                Box::pin(async move { tx.complete_run::<T>(&lease, headline, report).await })
            })
            .await
    }

    /// Deletes a run with its job and report; a worker who has it learns that it is lost.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], also for a run of another table.
    pub async fn delete(&self, owner: OwnerId, id: JobId) -> Result<(), StoreError> {
        self.get(owner, id).await?;
        self.store.jobs().delete(owner, id).await
    }
}

impl Tx {
    /// Asks for a run in this transaction.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn create_run<T: LabTable>(
        &self,
        owner: OwnerId,
        subject: Subject,
        request: JsonText,
    ) -> Result<Run<T::Model>, StoreError> {
        let job = self.enqueue(owner, NewJob::new(T::KIND, request)).await?;
        let row = T::row(job.id, owner, subject, self.now());
        let row = T::insert(row).exec_with_returning(self.db()).await?;
        Ok(Run { row, job })
    }

    /// Makes the row of a job that has none yet, in this transaction.
    ///
    /// # Errors
    /// [`StoreError::LeaseLost`] when the job is no longer the worker's.
    pub async fn adopt_run<T: LabTable>(
        &self,
        lease: &Lease,
        subject: Subject,
    ) -> Result<(), StoreError> {
        let job = hold(self, lease).await?;
        let there = OnConflict::column(T::columns().id).do_nothing().to_owned();
        T::insert(T::row(job.id, job.owner_id, subject, self.now()))
            .on_conflict(there)
            .exec_without_returning(self.db())
            .await?;
        Ok(())
    }

    /// Ends a run well in this transaction.
    ///
    /// # Errors
    /// [`StoreError::LeaseLost`] when the job is no longer the worker's; [`StoreError::NotFound`]
    /// when it has no row.
    pub async fn complete_run<T: LabTable>(
        &self,
        lease: &Lease,
        headline: T::Headline,
        report: JsonText,
    ) -> Result<Job, StoreError> {
        let job = self.finish(lease, Outcome::Completed { result: Some(report) }).await?;
        let columns = T::columns();
        let written = T::update_many()
            .set(T::measured(headline))
            .col_expr(columns.version, Expr::col(columns.version).add(1))
            .col_expr(columns.updated_at, Expr::value(self.now()))
            .filter(columns.id.eq(job.id))
            .filter(columns.owner_id.eq(job.owner_id))
            .exec(self.db())
            .await?;
        if written.rows_affected == 0 {
            return Err(StoreError::NotFound { what: T::KIND });
        }
        Ok(job)
    }
}
