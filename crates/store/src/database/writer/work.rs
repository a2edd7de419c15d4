//! What the writer is asked to do, whatever type it answers.

use std::pin::Pin;

use sea_orm::DbErr;
use tokio::sync::oneshot;

use crate::database::tx::{Tx, TxFuture};
use crate::error::StoreError;

/// One caller's part of a transaction.
pub(super) trait Work: Send {
    /// Does it. The caller hears nothing yet.
    fn run<'c>(self: Box<Self>, tx: &'c Tx) -> Pin<Box<dyn Future<Output = Worked> + Send + 'c>>;

    /// Tells the caller that the transaction failed before his turn came.
    fn refuse(self: Box<Self>, error: DbErr);
}

/// Tells a caller how it went, once the transaction has ended.
pub(super) type Answer = Box<dyn FnOnce(Result<(), DbErr>) + Send>;

/// What work came to.
pub(super) struct Worked {
    /// Whether to commit what it wrote.
    keep: bool,
    answer: Answer,
}

/// Work and the way back to whom asked for it.
pub(super) struct Asked<T, W> {
    pub(super) work: W,
    pub(super) reply: oneshot::Sender<Result<T, StoreError>>,
}

impl<T, W> Work for Asked<T, W>
where
    T: Send + 'static,
    W: for<'c> FnOnce(&'c Tx) -> TxFuture<'c, T> + Send + 'static,
{
    fn run<'c>(self: Box<Self>, tx: &'c Tx) -> Pin<Box<dyn Future<Output = Worked> + Send + 'c>> {
        Box::pin(async move {
            let Self { work, reply } = *self;
            let result = work(tx).await;
            let keep = result.is_ok();
            // Nobody listens when the caller went away; the transaction stands all the same.
            let answer: Answer = Box::new(move |ended| {
                let _ = reply.send(ended.map_err(StoreError::Database).and(result));
            });
            Worked { keep, answer }
        })
    }

    fn refuse(self: Box<Self>, error: DbErr) {
        let _ = self.reply.send(Err(StoreError::Database(error)));
    }
}

/// Does one piece of work, keeps its answer for later, and says whether to commit.
pub(super) async fn run(work: Box<dyn Work>, tx: &Tx, answers: &mut Vec<Answer>) -> bool {
    let Worked { keep, answer } = work.run(tx).await;
    answers.push(answer);
    keep
}
