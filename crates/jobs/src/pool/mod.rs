//! Workers in this process: they take jobs from the queue, do them, and store what they came to.
//!
//! One task claims, and one task attends to each job while a thread computes: it tells the queue
//! that the worker is alive and how far it is, and hears whether to stop. What a job came to is
//! stored in the transaction that ends it, and only under a lease that still holds; so a job ends
//! once, whoever dies and whenever.

mod attend;
mod estimate;
mod finish;
mod identity;

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::time::Duration;

use store::{Store, StoreError};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::sleep;
use tracing::{error, info, warn};

pub(crate) use finish::Ending;
pub use identity::IdentityError;

use crate::chores;
use crate::schedules;
use crate::stop::stopped;
use crate::work::{ChunkSize, SWEEP_PART};
use attend::attend;
use identity::Identity;

/// The kinds of job that a worker can do.
const KINDS: [&str; 7] = [
    "backtest",
    "sweep",
    SWEEP_PART,
    "walk_forward",
    "evaluation",
    chores::PURGE,
    chores::NIGHTLY_EVALUATION,
];

/// How often the queue is looked at for jobs of other processes, or whose time has come.
const POLL: Duration = Duration::from_secs(1);

/// How the workers of a process work.
#[derive(Clone, Debug)]
pub struct PoolOptions {
    /// The folder of the lake, and of the worker's name.
    pub data_dir: PathBuf,
    /// How many jobs run at once.
    pub workers: NonZeroUsize,
    /// Above which size a sweep is split.
    pub chunk: ChunkSize,
}

/// Why workers could not be started.
#[derive(Debug, thiserror::Error)]
pub enum PoolError {
    /// The worker has no name.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// The queue does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The workers of this process. Dropping it stops nothing; see [`Pool::stop`].
#[derive(Debug)]
pub struct Pool {
    name: String,
    stopping: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
}

/// What all workers of a process share.
struct Shared {
    store: Store,
    options: PoolOptions,
    identity: Identity,
    /// Jobs that compute right now.
    busy: AtomicUsize,
}

impl Pool {
    /// Starts the workers, and the schedules. What an earlier process of the same name held when it
    /// died is queued again first.
    ///
    /// # Errors
    /// [`PoolError`].
    pub async fn start(store: Store, options: PoolOptions) -> Result<Self, PoolError> {
        let identity = Identity::take(&options.data_dir)?;
        let name = identity.name().to_owned();
        let taken_back = store.jobs().forsake(&name).await?;
        if taken_back.queued + taken_back.ended > 0 {
            info!(worker = name, jobs = taken_back.queued, "took back what a dead worker held");
        }
        schedules::ensure(&store).await?;
        let stopping = watch::Sender::new(false);
        let shared = Arc::new(Shared { store, options, identity, busy: AtomicUsize::new(0) });
        let tasks = vec![
            tokio::spawn(dispatch(Arc::clone(&shared), stopping.subscribe())),
            tokio::spawn(schedules::run(shared.store.clone(), stopping.subscribe())),
        ];
        Ok(Self { name, stopping, tasks })
    }

    /// The name under which the workers hold jobs.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Takes no further job, gives back those that run, and waits until that is done. Threads that
    /// still compute end soon after.
    pub async fn stop(self) {
        self.stopping.send_replace(true);
        for task in self.tasks {
            if let Err(fault) = task.await {
                error!(%fault, "a task of the workers ended badly");
            }
        }
    }
}

async fn dispatch(shared: Arc<Shared>, mut stopping: watch::Receiver<bool>) {
    let mut changes = shared.store.job_changes();
    let mut running = JoinSet::new();
    while !*stopping.borrow() {
        changes.borrow_and_update();
        while running.len() < shared.options.workers.get() && !*stopping.borrow() {
            match shared.store.jobs().claim(shared.identity.name(), &KINDS).await {
                Ok(Some(claimed)) => {
                    running.spawn(attend(Arc::clone(&shared), claimed, stopping.clone()));
                }
                Ok(None) => break,
                Err(fault) => {
                    warn!(?fault, "cannot look for jobs");
                    break;
                }
            }
        }
        let has_room = running.len() < shared.options.workers.get();
        tokio::select! {
            () = stopped(&mut stopping) => {}
            Some(ended) = running.join_next() => note_end(ended),
            () = changed(&mut changes), if has_room => {}
            () = sleep(POLL), if has_room => {}
        }
    }
    while let Some(ended) = running.join_next().await {
        note_end(ended);
    }
}

/// Waits for a change of a job by this process; for ever once the store is closed.
async fn changed(changes: &mut watch::Receiver<u64>) {
    if changes.changed().await.is_err() {
        std::future::pending().await
    }
}

fn note_end(ended: Result<(), tokio::task::JoinError>) {
    if let Err(fault) = ended {
        error!(%fault, "a worker ended badly; its job is taken back when its lease expires");
    }
}
