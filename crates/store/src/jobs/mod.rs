//! The queue: work is asked for, taken by one worker at a time, and ends once.
//!
//! A worker holds a job by a lease, which he renews while he works. Each change of a job is one
//! transaction in which the job's row is locked, and checks that the lease is still his, so that of
//! two workers who believe to hold one job only the later taker can end it. Rows are locked parts
//! first and the whole last, always, so that no two transactions wait for each other.
//!
//! Leases go by the clocks of the machines that share the queue. Where these disagree by more than
//! a lease, work is done twice; a job still ends once.

mod backoff;
mod cancel;
mod claim;
mod delete;
mod finish;
mod heartbeat;
mod new;
mod queue;
mod read;
mod reclaim;
mod row;
mod split;

use jiff::SignedDuration;

pub use claim::{Claimed, Lease};
pub use finish::Outcome;
pub use heartbeat::{Progress, Verdict};
pub use new::NewJob;
pub use read::{JobFilter, JobState, Listed, Page};
pub use reclaim::Reclaimed;

pub(crate) use row::hold;

use crate::database::{Store, Tx, TxFuture};
use crate::entities::jobs::Model as Job;
use crate::error::StoreError;
use crate::ids::{JobId, OwnerId};
use crate::moment::Moment;

/// How long a worker may be silent before his job is given to another. A worker renews the lease
/// several times in this span.
pub const LEASE: SignedDuration = SignedDuration::from_secs(30);

/// The queue of a store.
#[derive(Clone, Copy, Debug)]
pub struct Jobs<'a> {
    store: &'a Store,
}

impl Store {
    /// The queue.
    pub fn jobs(&self) -> Jobs<'_> {
        Jobs { store: self }
    }
}

impl Jobs<'_> {
    /// Asks for a job. A second one with the same idempotency key is the first.
    ///
    /// # Errors
    /// [`StoreError::KeyReused`] when the key stands for another payload.
    pub async fn enqueue(&self, owner: OwnerId, job: NewJob) -> Result<Job, StoreError> {
        self.write(move |tx| Box::pin(async move { tx.enqueue(owner, job).await })).await
    }

    /// Takes the job that is due: of the owner with the fewest running jobs, then by priority, then
    /// the oldest. `kinds`: what the worker can do; empty for everything.
    ///
    /// Jobs whose workers fell silent are queued again first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn claim(&self, worker: &str, kinds: &[&str]) -> Result<Option<Claimed>, StoreError> {
        let worker = worker.to_owned();
        let kinds = kinds.iter().map(|&kind| kind.to_owned()).collect();
        self.write(move |tx| Box::pin(claim::claim(tx, worker, kinds))).await
    }

    /// Tells how far the job is, renews the lease, and learns whether to go on.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn heartbeat(
        &self,
        lease: &Lease,
        progress: Progress,
    ) -> Result<Verdict, StoreError> {
        let lease = lease.clone();
        self.write(move |tx| {
            Box::pin(async move { heartbeat::heartbeat(tx, &lease, progress).await })
        })
        .await
    }

    /// Ends a job, or gives it back.
    ///
    /// # Errors
    /// [`StoreError::LeaseLost`] when it is no longer the worker's; nothing was changed then.
    pub async fn finish(&self, lease: &Lease, outcome: Outcome) -> Result<Job, StoreError> {
        let lease = lease.clone();
        self.write(move |tx| Box::pin(async move { tx.finish(&lease, outcome).await })).await
    }

    /// Splits a job into parts. It waits until all have ended, however they ended, and is then
    /// claimed again to join them ([`Job::is_split`]).
    ///
    /// # Errors
    /// [`StoreError::LeaseLost`]; [`StoreError::Nested`] for a part.
    pub async fn split(&self, lease: &Lease, parts: Vec<NewJob>) -> Result<Job, StoreError> {
        let lease = lease.clone();
        self.write(move |tx| Box::pin(async move { split::split(tx, &lease, parts).await })).await
    }

    /// Cancels a job and its parts: at once where no worker has them, else as soon as the worker
    /// asks. A job that has ended stays as it is.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn cancel(&self, owner: OwnerId, id: JobId) -> Result<Job, StoreError> {
        loop {
            let canceled = self.write(move |tx| Box::pin(cancel::cancel(tx, owner, id))).await?;
            // Nothing happened when it was split in between; a job is split once.
            if let Some(job) = canceled {
                return Ok(job);
            }
        }
    }

    /// Deletes a job with its parts and all that it made. A worker who has it learns that it is
    /// lost.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn delete(&self, owner: OwnerId, id: JobId) -> Result<(), StoreError> {
        while !self.write(move |tx| Box::pin(delete::delete(tx, owner, id))).await? {}
        Ok(())
    }

    /// Deletes what ended before an instant, of everybody, except for `kinds`; says how many.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn purge(&self, ended_before: Moment, kinds: &[&str]) -> Result<u64, StoreError> {
        let kinds = kinds.iter().map(|&kind| kind.to_owned()).collect();
        self.write(move |tx| Box::pin(delete::purge(tx, ended_before, kinds))).await
    }

    /// Queues the jobs again whose workers fell silent; those that vanished too often fail.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn reclaim(&self) -> Result<Reclaimed, StoreError> {
        self.write(|tx| Box::pin(reclaim::expired(tx))).await
    }

    /// Takes back at once what a worker held who is known to be gone: the caller has his place.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn forsake(&self, worker: &str) -> Result<Reclaimed, StoreError> {
        let worker = worker.to_owned();
        self.write(move |tx| Box::pin(reclaim::of_worker(tx, worker))).await
    }

    async fn write<T, W>(&self, work: W) -> Result<T, StoreError>
    where
        T: Send + 'static,
        W: for<'c> FnOnce(&'c Tx) -> TxFuture<'c, T> + Send + 'static,
    {
        self.store.write(work).await
    }
}
