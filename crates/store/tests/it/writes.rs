//! Transactions: what is kept, what is not, and who is told.

use store::{Job, OwnerId, StoreError, Tx};

use crate::support::{ME, Rig, enqueue, job, on_both};

on_both! {
    async fn what_fails_is_not_written_and_harms_nobody_else(rig: Rig) {
        // Many at once share commits on SQLite; every third fails after it has written.
        let asking = (0..30).map(|index| {
            let store = rig.store.clone();
            tokio::spawn(async move {
                store.write(move |tx| Box::pin(async move {
                    let job = tx.enqueue(ME, job()).await?;
                    if index % 3 == 0 { Err(StoreError::NotFound { what: "test" }) } else { Ok(job) }
                })).await
            })
        });
        let mut kept = 0;
        for (index, asked) in asking.collect::<Vec<_>>().into_iter().enumerate() {
            match asked.await.unwrap() {
                Ok(job) => {
                    assert_eq!(rig.store.jobs().get(ME, job.id).await.unwrap(), job);
                    kept += 1;
                }
                Err(error) => assert!(matches!(error, StoreError::NotFound { what: "test" }) && index % 3 == 0),
            }
        }
        assert_eq!((kept, rig.count("jobs").await), (20, 20));
    }

    async fn a_refused_statement_harms_nobody_else(rig: Rig) {
        let asking = (0..12).map(|index| {
            let store = rig.store.clone();
            let owner = if index % 2 == 0 { ME } else { OwnerId::new() };
            tokio::spawn(async move { store.jobs().enqueue(owner, job()).await.is_ok() })
        });
        let mut kept = 0;
        for asked in asking.collect::<Vec<_>>() {
            kept += i64::from(asked.await.unwrap());
        }
        assert_eq!((kept, rig.count("jobs").await), (6, 6));
    }

    async fn a_panic_ends_one_transaction_and_not_the_store(rig: Rig) {
        let panicked: Result<Job, StoreError> = rig.store.write(|tx| Box::pin(async move {
            tx.enqueue(ME, job()).await?;
            panic!("on purpose")
        })).await;
        assert!(matches!(panicked, Err(StoreError::Closed)));
        enqueue(&rig.store, ME).await;
        assert_eq!(rig.count("jobs").await, 1);
    }

    async fn a_caller_who_goes_away_leaves_a_whole_transaction(rig: Rig) {
        let (begun, has_begun) = tokio::sync::oneshot::channel();
        let (go, may_go) = tokio::sync::oneshot::channel::<()>();
        let store = rig.store.clone();
        let caller = tokio::spawn(async move {
            store.write(|tx| Box::pin(async move {
                tx.enqueue(ME, job()).await?;
                begun.send(()).unwrap();
                may_go.await.unwrap();
                tx.enqueue(ME, job()).await
            })).await
        });
        has_begun.await.unwrap();
        caller.abort();
        assert!(caller.await.unwrap_err().is_cancelled());
        go.send(()).unwrap();
        // On SQLite the next one waits for it; elsewhere closing does not, so look until it shows.
        let mut changes = rig.store.job_changes();
        if rig.count("jobs").await == 0 {
            changes.changed().await.unwrap();
        }
        assert_eq!(rig.count("jobs").await, 2);
    }

    async fn a_closed_store_writes_what_it_was_given_and_nothing_more(rig: Rig) {
        let asking: Vec<_> = (0..20).map(|_| {
            let store = rig.store.clone();
            tokio::spawn(async move { store.jobs().enqueue(ME, job()).await.is_ok() })
        }).collect();
        rig.store.ping().await.unwrap();
        rig.store.close().await.unwrap();
        let mut kept = 0;
        for asked in asking {
            kept += i64::from(asked.await.unwrap());
        }
        assert_eq!(rig.count("jobs").await, kept);
        assert!(rig.store.jobs().enqueue(ME, job()).await.is_err());
        assert!(rig.store.ping().await.is_err());
        rig.store.close().await.unwrap();
    }

    async fn one_transaction_has_one_instant(rig: Rig) {
        let clock = rig.clock.clone();
        let (first, second) = rig.store.write(move |tx: &Tx| Box::pin(async move {
            let first = tx.enqueue(ME, job()).await?;
            clock.advance(60);
            Ok((first, tx.enqueue(ME, job()).await?))
        })).await.unwrap();
        assert_eq!(first.created_at, second.created_at);
        let kept = rig.store.jobs().get(ME, second.id).await.unwrap();
        assert_eq!(kept, second);
    }
}

/// The rig that a test of one database builds by itself.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn readers_are_not_kept_waiting_by_a_writer() {
    let rig = Rig::sqlite().await;
    let id = enqueue(&rig.store, ME).await.id;
    let (begun, has_begun) = tokio::sync::oneshot::channel();
    let (go, may_go) = tokio::sync::oneshot::channel::<()>();
    let store = rig.store.clone();
    let writing = tokio::spawn(async move {
        store
            .write(|tx| {
                Box::pin(async move {
                    tx.enqueue(ME, job()).await?;
                    begun.send(()).unwrap();
                    may_go.await.unwrap();
                    Ok(())
                })
            })
            .await
    });
    has_begun.await.unwrap();
    assert_eq!(rig.store.jobs().get(ME, id).await.unwrap().id, id);
    assert_eq!(rig.count("jobs").await, 1);
    go.send(()).unwrap();
    writing.await.unwrap().unwrap();
    assert_eq!(rig.count("jobs").await, 2);
}
