//! Bringing tables up to date, and refusing to.

use store::{Store, StoreError};

use crate::support::{Database, ME, Rig, TestClock, enqueue, on_both};

const STEPS: [&str; 6] = [
    "m0001_users",
    "m0002_jobs",
    "m0003_lab",
    "m0004_rankings",
    "m0005_schedules",
    "m0006_idempotency_keys",
];

on_both! {
    async fn an_empty_database_takes_every_step_and_the_next_time_none(rig: Rig) {
        let first = rig.store.migrated();
        assert_eq!((first.from.as_deref(), first.to), (None, STEPS[5]));
        assert_eq!(first.applied, STEPS);
        enqueue(&rig.store, ME).await;
        let again = rig.again().await;
        let second = again.migrated();
        assert_eq!((second.from.as_deref(), second.to), (Some(STEPS[5]), STEPS[5]));
        assert!(second.applied.is_empty());
        assert_eq!((rig.count("users").await, rig.count("jobs").await), (1, 1));
    }

    async fn a_database_that_stopped_on_the_way_takes_the_rest(rig: Rig) {
        rig.store.close().await.unwrap();
        rig.execute("drop table idempotency_keys").await;
        rig.execute("drop table schedules").await;
        rig.execute("delete from schema_migrations where version >= 'm0005'").await;
        let store = rig.again().await;
        assert_eq!(store.migrated().from.as_deref(), Some(STEPS[3]));
        assert_eq!(store.migrated().applied, STEPS[4..]);
        assert_eq!(rig.count("schedules").await, 0);
    }

    async fn a_newer_database_is_refused_and_left_alone(rig: Rig) {
        enqueue(&rig.store, ME).await;
        rig.store.close().await.unwrap();
        rig.execute("insert into schema_migrations values ('m9999_moon', 0)").await;
        let refused = Store::open(rig.database.url(), rig.clock.clone()).await.unwrap_err();
        let message = refused.to_string();
        assert!(matches!(refused, StoreError::Newer { .. }));
        assert!(message.contains("m9999_moon") && message.contains(STEPS[5]), "{message}");
        assert_eq!((rig.count("jobs").await, rig.count("schema_migrations").await), (1, 7));
    }

    async fn a_step_that_fails_leaves_no_step_behind(rig: Rig) {
        rig.store.close().await.unwrap();
        rig.execute("delete from schema_migrations where version >= 'm0004'").await;
        rig.execute("drop table idempotency_keys").await;
        rig.execute("drop table strategy_evaluations").await;
        // The fourth step makes one table, and then finds that the other is there.
        let failed = Store::open(rig.database.url(), rig.clock.clone()).await;
        assert!(matches!(failed, Err(StoreError::Database(_))));
        assert_eq!(rig.count("schema_migrations").await, 3);
        // It can be made now, so it was not left behind.
        rig.execute("create table strategy_evaluations (ticker text)").await;
    }
}

/// Two servers that start at once take each step once.
async fn open_at_once(database: Database) {
    let clock = TestClock::at("2026-11-21T14:30:00Z");
    let opening = (0..4).map(|_| {
        let (url, clock) = (database.url().to_owned(), clock.clone());
        tokio::spawn(async move { Store::open(&url, clock).await.unwrap() })
    });
    let mut steps = Vec::new();
    for opened in opening.collect::<Vec<_>>() {
        steps.push(opened.await.unwrap().migrated().applied.len());
    }
    steps.sort_unstable();
    assert_eq!(steps, [0, 0, 0, 6]);
    let rig = Rig::on(database).await;
    assert_eq!(rig.count("users").await, 1);
}

mod at_once {
    use crate::support::Database;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn sqlite() {
        super::open_at_once(Database::sqlite()).await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn postgres() {
        super::open_at_once(Database::postgres().await).await;
    }
}
