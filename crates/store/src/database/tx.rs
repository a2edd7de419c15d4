//! One transaction, as repositories see it.

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr};

use crate::error::StoreError;
use crate::moment::Moment;

/// What a transaction's work returns.
pub type TxFuture<'c, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'c>>;

/// An open transaction with the one instant that all its rows bear.
#[derive(Debug)]
pub struct Tx {
    transaction: DatabaseTransaction,
    now: Moment,
    changes_jobs: AtomicBool,
}

impl Tx {
    pub(super) fn new(transaction: DatabaseTransaction, now: Moment) -> Self {
        Self { transaction, now, changes_jobs: AtomicBool::new(false) }
    }

    /// The instant at which the transaction began.
    pub fn now(&self) -> Moment {
        self.now
    }

    pub(crate) fn db(&self) -> &DatabaseTransaction {
        &self.transaction
    }

    pub(crate) fn is_postgres(&self) -> bool {
        ConnectionTrait::get_database_backend(&self.transaction) == DbBackend::Postgres
    }

    /// Notes that a job was changed, so that those who wait for it are woken after the commit.
    pub(crate) fn note_job_change(&self) {
        self.changes_jobs.store(true, Ordering::Relaxed);
    }

    pub(super) fn changes_jobs(&self) -> bool {
        self.changes_jobs.load(Ordering::Relaxed)
    }

    pub(super) async fn commit(self) -> Result<(), DbErr> {
        self.transaction.commit().await
    }

    pub(super) async fn roll_back(self) -> Result<(), DbErr> {
        self.transaction.rollback().await
    }
}
