//! What all tests stand on: a queue on a fresh database of either kind, and workers beside it.

// One way to a database for all tests: the store's.
#[path = "../../../../store/tests/it/support/databases.rs"]
#[expect(dead_code, reason = "the store's tests look at the tables themselves")]
mod databases;
#[path = "../../../../store/tests/it/support/postgres.rs"]
mod postgres;

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use jobs::{ChunkSize, Pool, PoolOptions};
use serde_json::Value;
use store::{Clock, Job, JobId, JobStatus, JsonText, NewJob, OwnerId, Store, Subject, SystemClock};
use tempfile::TempDir;

pub(crate) use databases::Database;

/// The person that the tests act for.
pub(crate) const ME: OwnerId = OwnerId::LOCAL;

/// No test waits longer for anything.
const PATIENCE: Duration = Duration::from_secs(120);

/// Runs each test on both databases: `name::sqlite` and `name::postgres`.
macro_rules! on_both {
    ($($(#[$meta:meta])* async fn $name:ident($rig:ident: Rig) $body:block)*) => {$(
        $(#[$meta])*
        async fn $name($rig: $crate::support::Rig) $body

        mod $name {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                let database = $crate::support::Database::sqlite();
                super::$name($crate::support::Rig::on(database).await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                let database = $crate::support::Database::postgres().await;
                super::$name($crate::support::Rig::on(database).await).await;
            }
        }
    )*};
}
pub(crate) use on_both;

/// A queue, and a data folder for its workers.
pub(crate) struct Rig {
    pub(crate) store: Store,
    pub(crate) clock: Arc<TestClock>,
    pub(crate) data: TempDir,
    _database: Database,
}

impl Rig {
    pub(crate) async fn on(database: Database) -> Self {
        let clock = Arc::new(TestClock::default());
        let store = Store::open(database.url(), clock.clone()).await.unwrap();
        Self { store, clock, data: tempfile::tempdir().unwrap(), _database: database }
    }

    /// Starts two workers that split nothing.
    pub(crate) async fn pool(&self) -> Pool {
        self.pool_of(ChunkSize::default()).await
    }

    pub(crate) async fn pool_of(&self, chunk: ChunkSize) -> Pool {
        let options = PoolOptions {
            data_dir: self.data.path().to_owned(),
            workers: NonZeroUsize::new(2).unwrap(),
            chunk,
        };
        Pool::start(self.store.clone(), options).await.unwrap()
    }

    pub(crate) async fn enqueue(&self, kind: &str, payload: &Value) -> JobId {
        let job = NewJob::new(kind, JsonText::of(payload).unwrap());
        self.store.jobs().enqueue(ME, job).await.unwrap().id
    }

    /// Waits until a job is as `wanted` says.
    pub(crate) async fn wait_for(&self, id: JobId, wanted: impl Fn(&Job) -> bool) -> Job {
        let mut changes = self.store.job_changes();
        let waiting = async {
            loop {
                changes.borrow_and_update();
                let job = self.store.jobs().get(ME, id).await.unwrap();
                if wanted(&job) {
                    return job;
                }
                changes.changed().await.unwrap();
            }
        };
        tokio::time::timeout(PATIENCE, waiting).await.expect("it happens in time")
    }

    pub(crate) async fn ended(&self, id: JobId) -> Job {
        self.wait_for(id, |job| job.status.has_ended()).await
    }

    /// Waits for a job that must end well, and reads its result.
    pub(crate) async fn result(&self, id: JobId) -> Value {
        let job = self.ended(id).await;
        assert_eq!(job.status, JobStatus::Completed, "{:?}", job.error);
        self.stored(id).await.expect("a result")
    }

    pub(crate) async fn stored(&self, id: JobId) -> Option<Value> {
        let result = self.store.jobs().result(ME, id).await.unwrap();
        result.map(|result| result.read().unwrap())
    }
}

/// What a run on a ticker is about.
pub(crate) fn subject(strategy: Option<&str>) -> Subject {
    Subject {
        strategy: strategy.map(str::to_owned),
        tickers: JsonText::parse(r#"["AAPL"]"#.to_owned()).unwrap(),
        timeframe: "1d".to_owned(),
        start_date: None,
        end_date: None,
    }
}

/// The machine's clock until it is set, then one that stands still.
#[derive(Default)]
pub(crate) struct TestClock(Mutex<Option<Timestamp>>);

impl TestClock {
    pub(crate) fn set(&self, instant: &str) {
        *self.0.lock().unwrap() = Some(instant.parse().unwrap());
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        self.0.lock().unwrap().unwrap_or_else(|| SystemClock.now())
    }
}
