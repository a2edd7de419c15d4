//! One answer for one key.

use std::collections::BTreeSet;

use store::{Answer, ClaimedKey, JobId, RequestKey, Store, StoreError};

use crate::support::{ME, doc, enqueue, job, on_both};

on_both! {
    async fn the_first_answer_is_given_again(rig: Rig) {
        let (first, is_fresh) = ask(&rig.store, request("k", "a")).await.unwrap();
        assert!(is_fresh);
        assert_eq!(ask(&rig.store, request("k", "a")).await.unwrap(), (first.clone(), false));
        let reused = ask(&rig.store, request("k", "b")).await;
        assert!(matches!(reused, Err(StoreError::KeyReused)));
        // Another key, route or method is another request.
        for other in [
            request("l", "b"),
            RequestKey { route: "/sweeps".to_owned(), ..request("k", "b") },
            RequestKey { method: "PUT".to_owned(), ..request("k", "b") },
        ] {
            let (given, is_fresh) = ask(&rig.store, other).await.unwrap();
            assert!(is_fresh && given != first);
        }
        assert_eq!(rig.count("jobs").await, 4);
    }

    async fn many_who_ask_at_once_get_one_answer(rig: Rig) {
        let stores = [rig.store.clone(), rig.again().await];
        let asking = (0..12).map(|index| {
            let store = stores[index % 2].clone();
            tokio::spawn(async move { ask(&store, request("k", "a")).await.unwrap() })
        });
        let (mut fresh, mut given) = (0, BTreeSet::new());
        for asked in asking.collect::<Vec<_>>() {
            let (answer, is_fresh) = asked.await.unwrap();
            given.insert(answer.body);
            fresh += usize::from(is_fresh);
        }
        assert_eq!((fresh, given.len(), rig.count("jobs").await), (1, 1, 1));
    }

    async fn a_request_that_failed_leaves_its_key_free(rig: Rig) {
        let failed: Result<(), StoreError> = rig.store.write(|tx| Box::pin(async move {
            tx.claim_key(ME, &request("k", "a")).await?;
            tx.enqueue(ME, job()).await?;
            Err(StoreError::NotFound { what: "ticker" })
        })).await;
        assert!(matches!(failed, Err(StoreError::NotFound { what: "ticker" })));
        assert_eq!((rig.count("jobs").await, rig.count("idempotency_keys").await), (0, 0));
        assert!(ask(&rig.store, request("k", "b")).await.unwrap().1);
    }

    async fn a_request_that_outlasts_its_transaction_holds_the_key(rig: Rig) {
        let claim = || rig.store.write(|tx| Box::pin(async move { tx.claim_key(ME, &request("k", "a")).await }));
        assert_eq!(claim().await.unwrap(), ClaimedKey::Fresh);
        assert!(matches!(claim().await, Err(StoreError::KeyInProgress)));
        // Whoever died in between holds it for a minute.
        rig.clock.advance(60);
        assert_eq!(claim().await.unwrap(), ClaimedKey::Fresh);
        rig.store.write(|tx| Box::pin(async move { tx.settle_key(ME, &request("k", "a"), &answer(JobId::default())).await })).await.unwrap();
        rig.clock.advance(24 * 3600 - 1);
        assert!(matches!(claim().await.unwrap(), ClaimedKey::Answered(_)));
        assert_eq!(rig.store.purge_keys().await.unwrap(), 0);
        rig.clock.advance(1);
        assert_eq!(rig.store.purge_keys().await.unwrap(), 1);
        assert_eq!(claim().await.unwrap(), ClaimedKey::Fresh);
    }

    /// A key is forgotten on time even when nobody purges.
    async fn an_old_answer_is_not_given(rig: Rig) {
        ask(&rig.store, request("k", "a")).await.unwrap();
        rig.clock.advance(24 * 3600);
        assert!(ask(&rig.store, request("k", "b")).await.unwrap().1);
    }
}

/// Two servers on one PostgreSQL: the second waits for the first's transaction, but not for ever.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_that_is_being_claimed_elsewhere_is_in_progress() {
    let rig = crate::support::Rig::postgres().await;
    enqueue(&rig.store, ME).await;
    let (claimed, is_claimed) = tokio::sync::oneshot::channel();
    let (done, until_done) = tokio::sync::oneshot::channel();
    let first = rig.store.clone();
    let first = tokio::spawn(async move {
        first
            .write(|tx| {
                Box::pin(async move {
                    let key = tx.claim_key(ME, &request("k", "a")).await?;
                    claimed.send(()).unwrap();
                    until_done.await.unwrap();
                    Ok(key)
                })
            })
            .await
    });
    is_claimed.await.unwrap();
    let second = ask(&rig.store, request("k", "a")).await;
    assert!(matches!(second, Err(StoreError::KeyInProgress)), "{second:?}");
    done.send(()).unwrap();
    assert_eq!(first.await.unwrap().unwrap(), ClaimedKey::Fresh);
}

/// Does what was asked, once: makes a job and answers with its id.
async fn ask(store: &Store, request: RequestKey) -> Result<(Answer, bool), StoreError> {
    store
        .write(move |tx| {
            Box::pin(async move {
                match tx.claim_key(ME, &request).await? {
                    ClaimedKey::Answered(answer) => Ok((answer, false)),
                    ClaimedKey::Fresh => {
                        let mut made = job();
                        made.kind.clone_from(&request.route);
                        let answer = answer(tx.enqueue(ME, made).await?.id);
                        tx.settle_key(ME, &request, &answer).await?;
                        Ok((answer, true))
                    }
                }
            })
        })
        .await
}

fn request(key: &str, body: &str) -> RequestKey {
    RequestKey {
        method: "POST".to_owned(),
        route: "/backtests".to_owned(),
        key: key.to_owned(),
        body_hash: body.to_owned(),
    }
}

fn answer(job: JobId) -> Answer {
    let body = [job.0.as_bytes(), &[0, 255][..]].concat();
    Answer { status: 202, headers: doc(r#"{"location": "/jobs/1"}"#), body }
}
