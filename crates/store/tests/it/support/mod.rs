//! What all tests stand on: a fresh database of either kind, and a clock that stands still.

mod clock;
mod databases;
mod postgres;
mod shorthand;

pub(crate) use clock::TestClock;
pub(crate) use databases::Database;
pub(crate) use shorthand::{claim, claimed, complete, doc, enqueue, job, page};

use std::sync::Arc;

use sea_orm::{ConnectionTrait, DatabaseConnection};
use store::{OwnerId, Store};

/// Runs each test on both databases: `name::sqlite` and `name::postgres`.
macro_rules! on_both {
    ($($(#[$meta:meta])* async fn $name:ident($rig:ident: Rig) $body:block)*) => {$(
        $(#[$meta])*
        async fn $name($rig: $crate::support::Rig) $body

        mod $name {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                super::$name($crate::support::Rig::sqlite().await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                super::$name($crate::support::Rig::postgres().await).await;
            }
        }
    )*};
}
pub(crate) use on_both;

/// A store on a database of its own, which goes with it.
pub(crate) struct Rig {
    pub(crate) store: Store,
    pub(crate) clock: Arc<TestClock>,
    pub(crate) database: Database,
}

/// The person that most tests act for.
pub(crate) const ME: OwnerId = OwnerId::LOCAL;

impl Rig {
    pub(crate) async fn sqlite() -> Self {
        Self::on(Database::sqlite()).await
    }

    pub(crate) async fn postgres() -> Self {
        Self::on(Database::postgres().await).await
    }

    pub(crate) async fn on(database: Database) -> Self {
        let clock = TestClock::at("2026-11-21T14:30:00Z");
        let store = Store::open(database.url(), clock.clone()).await.unwrap();
        Self { store, clock, database }
    }

    /// A second store on the same database, as another process would have it.
    pub(crate) async fn again(&self) -> Store {
        Store::open(self.database.url(), self.clock.clone()).await.unwrap()
    }

    /// A connection beside the store, to look at the tables and to spoil them.
    pub(crate) async fn raw(&self) -> DatabaseConnection {
        self.database.connect().await
    }

    /// Another person.
    pub(crate) async fn somebody(&self) -> OwnerId {
        let id = OwnerId::new();
        self.execute(&format!(
            "insert into users (id, username, initial_capital, version, created_at, updated_at)
             select '{id}', '{id}', initial_capital, 1, created_at, updated_at
             from users where id = '{ME}'"
        ))
        .await;
        id
    }

    pub(crate) async fn execute(&self, sql: &str) {
        let raw = self.raw().await;
        raw.execute_unprepared(sql).await.unwrap();
        raw.close().await.unwrap();
    }

    pub(crate) async fn count(&self, from: &str) -> i64 {
        let raw = self.raw().await;
        let sql = format!("select count(*) from {from}");
        let statement = sea_orm::Statement::from_string(raw.get_database_backend(), sql);
        let row = raw.query_one_raw(statement).await.unwrap().unwrap();
        raw.close().await.unwrap();
        row.try_get_by_index(0).unwrap()
    }
}
