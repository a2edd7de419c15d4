//! Who writes: one task for an SQLite file, everybody on PostgreSQL.

mod work;

use std::sync::Arc;

use sea_orm::{
    DatabaseConnection, DatabaseTransaction, DbErr, SqliteTransactionMode, TransactionOptions,
    TransactionTrait,
};
use tokio::sync::{mpsc, oneshot, watch};

use super::tx::{Tx, TxFuture};
use crate::clock::Clock;
use crate::error::StoreError;
use work::{Asked, Work};

/// How many transactions wait before a caller waits to queue his.
const QUEUE: usize = 256;

/// How many transactions share one commit, which is what costs: it waits for the disk.
const BATCH: usize = 64;

/// The way to write.
#[derive(Clone)]
pub(super) struct Writer {
    way: Way,
    context: Context,
}

#[derive(Clone)]
enum Way {
    /// Through the task that holds the only writing connection.
    Single { queue: mpsc::Sender<Box<dyn Work>>, ended: watch::Receiver<bool> },
    /// On any connection.
    Many(DatabaseConnection),
}

#[derive(Clone)]
struct Context {
    clock: Arc<dyn Clock>,
    changes: watch::Sender<u64>,
}

impl Writer {
    /// Starts the task that writes; it ends when the last sender of its queue is gone.
    pub(super) fn single(
        db: DatabaseConnection,
        clock: Arc<dyn Clock>,
        changes: watch::Sender<u64>,
    ) -> Self {
        let context = Context { clock, changes };
        let (queue, waiting) = mpsc::channel(QUEUE);
        let (ending, ended) = watch::channel(false);
        tokio::spawn(write_all(db, waiting, context.clone(), ending));
        Self { way: Way::Single { queue, ended }, context }
    }

    pub(super) fn many(
        db: DatabaseConnection,
        clock: Arc<dyn Clock>,
        changes: watch::Sender<u64>,
    ) -> Self {
        Self { way: Way::Many(db), context: Context { clock, changes } }
    }

    pub(super) async fn write<T, W>(&self, work: W) -> Result<T, StoreError>
    where
        T: Send + 'static,
        W: for<'c> FnOnce(&'c Tx) -> TxFuture<'c, T> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let work: Box<dyn Work> = Box::new(Asked { work, reply });
        match &self.way {
            Way::Single { queue, .. } => {
                queue.send(work).await.map_err(|_| StoreError::Closed)?;
            }
            Way::Many(db) => {
                // A task of its own, so that a caller who goes away leaves nothing half done.
                tokio::spawn(run(db.clone(), vec![work], self.context.clone()));
            }
        }
        answer.await.map_err(|_| StoreError::Closed)?
    }

    /// Waits until everything that was queued is written.
    pub(super) async fn close(self) {
        if let Way::Single { queue, mut ended } = self.way {
            drop(queue);
            // An error means that the task is gone, which is what we wait for.
            let _ = ended.wait_for(|ended| *ended).await;
        }
    }
}

/// Begins a transaction that holds SQLite's write lock from its first moment, so that it never
/// fails half-way because somebody else wrote.
pub(crate) async fn begin_writing(db: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    db.begin_with_options(TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    })
    .await
}

/// The writing task: commits together whatever waits.
async fn write_all(
    db: DatabaseConnection,
    mut waiting: mpsc::Receiver<Box<dyn Work>>,
    context: Context,
    ending: watch::Sender<bool>,
) {
    let mut batch = Vec::new();
    while waiting.recv_many(&mut batch, BATCH).await > 0 {
        // A panic in somebody's work must not end the writer: it ends this batch alone.
        let ran = tokio::spawn(run(db.clone(), std::mem::take(&mut batch), context.clone())).await;
        if let Err(error) = ran {
            tracing::error!(%error, "a transaction panicked and its batch was rolled back");
        }
    }
    if let Err(error) = db.close().await {
        tracing::warn!(%error, "the writing connection did not close");
    }
    ending.send_replace(true);
}

/// Runs a batch in one transaction, and answers each of its callers when the commit has ended.
async fn run(db: DatabaseConnection, batch: Vec<Box<dyn Work>>, context: Context) {
    let mut waiting = batch.into_iter();
    let mut answers = Vec::new();
    let mut changes_jobs = false;
    let ended: Result<(), DbErr> = async {
        let outer = begin_writing(&db).await?;
        let now = context.clock.now().into();
        if waiting.len() > 1 {
            for work in waiting.by_ref() {
                let tx = Tx::new(outer.begin().await?, now);
                let keep = work::run(work, &tx, &mut answers).await;
                changes_jobs |= keep && tx.changes_jobs();
                end(tx, keep).await?;
            }
        } else if let Some(work) = waiting.next() {
            // Alone, it needs no savepoint.
            let tx = Tx::new(outer, now);
            let keep = work::run(work, &tx, &mut answers).await;
            changes_jobs = keep && tx.changes_jobs();
            return end(tx, keep).await;
        }
        outer.commit().await
    }
    .await;
    if let Err(error) = &ended {
        waiting.for_each(|work| work.refuse(error.clone()));
    } else if changes_jobs {
        context.changes.send_modify(|changes| *changes = changes.wrapping_add(1));
    }
    answers.into_iter().for_each(|answer| answer(ended.clone()));
}

async fn end(tx: Tx, keep: bool) -> Result<(), DbErr> {
    if keep { tx.commit().await } else { tx.roll_back().await }
}
