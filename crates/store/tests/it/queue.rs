//! Asking for jobs and taking them.

use std::collections::BTreeMap;

use store::{JobFilter, JobId, JobStatus, NewJob, Outcome, OwnerId, Page, Progress, StoreError};

use crate::support::{ME, claim, claimed, complete, doc, enqueue, job, on_both, page};

on_both! {
    async fn two_claimers_never_get_one_job(rig: Rig) {
        let mut asked = Vec::new();
        for _ in 0..60 {
            asked.push(enqueue(&rig.store, ME).await.id);
        }
        let stores = [rig.store.clone(), rig.again().await];
        let workers = (0..8).map(|worker| {
            let store = stores[worker % 2].clone();
            tokio::spawn(async move {
                let mut done = Vec::new();
                while let Some(claimed) = store.jobs().claim(&format!("w{worker}"), &[]).await.unwrap() {
                    complete(&store, &claimed.lease).await;
                    done.push(claimed.job.id);
                }
                done
            })
        });
        let mut done: Vec<JobId> = Vec::new();
        for worker in workers.collect::<Vec<_>>() {
            done.extend(worker.await.unwrap());
        }
        done.sort();
        asked.sort();
        assert_eq!(done, asked);
        let filter = JobFilter { statuses: vec![JobStatus::Completed], ..JobFilter::default() };
        assert_eq!(rig.store.jobs().list(ME, &filter, page()).await.unwrap().total, 60);
    }

    async fn the_least_busy_owner_is_next(rig: Rig) {
        let (busy, late) = (ME, rig.somebody().await);
        for _ in 0..4 {
            enqueue(&rig.store, busy).await;
        }
        rig.clock.advance(1);
        for _ in 0..2 {
            enqueue(&rig.store, late).await;
        }
        let mut owners = Vec::new();
        let mut leases = Vec::new();
        while let Some(claimed) = claim(&rig.store).await {
            owners.push(claimed.job.owner_id);
            leases.push(claimed.lease);
        }
        assert_eq!(owners, [busy, late, busy, late, busy, busy]);
    }

    async fn priority_and_then_age_decide_among_one_owners_jobs(rig: Rig) {
        let low = enqueue(&rig.store, ME).await.id;
        rig.clock.advance(1);
        let later = enqueue(&rig.store, ME).await.id;
        let urgent = NewJob { priority: 5, ..job() };
        let urgent = rig.store.jobs().enqueue(ME, urgent).await.unwrap().id;
        let mut order = Vec::new();
        while let Some(claimed) = claim(&rig.store).await {
            order.push(claimed.job.id);
        }
        assert_eq!(order, [urgent, low, later]);
    }

    async fn a_job_waits_for_its_time_and_for_a_worker_of_its_kind(rig: Rig) {
        let later = NewJob { run_at: Some(rig.clock.moment().plus(jiff::SignedDuration::from_secs(60))), ..job() };
        let later = rig.store.jobs().enqueue(ME, later).await.unwrap();
        assert!(claim(&rig.store).await.is_none());
        rig.clock.advance(60);
        let jobs = rig.store.jobs();
        assert!(jobs.claim("worker", &["sweep", "evaluation"]).await.unwrap().is_none());
        let found = jobs.claim("worker", &["sweep", "backtest"]).await.unwrap().unwrap();
        assert_eq!(found.job.id, later.id);
        assert_eq!(found.job.status, JobStatus::Running);
        assert_eq!(found.job.started_at, Some(rig.clock.moment()));
        assert!(claim(&rig.store).await.is_none());
    }

    async fn one_key_is_one_job(rig: Rig) {
        let jobs = rig.store.jobs();
        let keyed = NewJob { idempotency_key: Some("k".to_owned()), ..job() };
        let first = jobs.enqueue(ME, keyed.clone()).await.unwrap();
        assert_eq!(jobs.enqueue(ME, keyed.clone()).await.unwrap(), first);
        let other = NewJob { payload: doc("{}"), ..keyed.clone() };
        assert!(matches!(jobs.enqueue(ME, other).await, Err(StoreError::KeyReused)));
        // The key is the owner's and the kind's.
        let somebody = rig.somebody().await;
        assert_ne!(jobs.enqueue(somebody, keyed.clone()).await.unwrap().id, first.id);
        let sweep = NewJob { kind: "sweep".to_owned(), ..keyed.clone() };
        assert_ne!(jobs.enqueue(ME, sweep).await.unwrap().id, first.id);
        // Many at once, from two processes.
        let stores = [rig.store.clone(), rig.again().await];
        let asking = (0..20).map(|index| {
            let (store, keyed) = (stores[index % 2].clone(), NewJob { idempotency_key: Some("at once".to_owned()), ..job() });
            tokio::spawn(async move { store.jobs().enqueue(ME, keyed).await.unwrap().id })
        });
        let mut ids = BTreeMap::new();
        for asked in asking.collect::<Vec<_>>() {
            *ids.entry(asked.await.unwrap()).or_insert(0) += 1;
        }
        assert_eq!(ids.into_values().collect::<Vec<i32>>(), [20]);
    }

    async fn lists_are_filtered_counted_and_cut(rig: Rig) {
        let mut ids = Vec::new();
        for index in 0..5 {
            let kind = if index % 2 == 0 { "backtest" } else { "sweep" };
            ids.push(rig.store.jobs().enqueue(ME, NewJob::new(kind, doc("{}"))).await.unwrap().id);
            rig.clock.advance(1);
        }
        ids.reverse();
        let jobs = rig.store.jobs();
        let all = jobs.list(ME, &JobFilter::default(), Page { limit: 2, offset: 1 }).await.unwrap();
        assert_eq!(all.total, 5);
        assert_eq!(all.rows.iter().map(|job| job.id).collect::<Vec<_>>(), ids[1..3]);
        let sweeps = JobFilter { kinds: vec!["sweep".to_owned()], ..JobFilter::default() };
        assert_eq!(jobs.list(ME, &sweeps, page()).await.unwrap().total, 2);
        let seen = rig.clock.moment();
        let taken = claimed(&rig.store).await;
        let changed = JobFilter { changed_since: Some(seen), ..JobFilter::default() };
        let changed = jobs.list(ME, &changed, page()).await.unwrap();
        assert_eq!(changed.rows.iter().map(|job| job.id).collect::<Vec<_>>(), [taken.job.id]);
    }

    async fn each_change_shows_in_the_version_and_wakes_who_waits(rig: Rig) {
        let mut changes = rig.store.job_changes();
        let id = enqueue(&rig.store, ME).await.id;
        changes.changed().await.unwrap();
        let jobs = rig.store.jobs();
        let mut versions = vec![jobs.state(ME, id).await.unwrap().version];
        let lease = claimed(&rig.store).await.lease;
        versions.push(jobs.state(ME, id).await.unwrap().version);
        let progress = Progress { percent: 40.0, eta_seconds: Some(7.5) };
        jobs.heartbeat(&lease, progress).await.unwrap();
        let state = jobs.state(ME, id).await.unwrap();
        assert_eq!((state.progress, state.eta_seconds), (40.0, Some(7.5)));
        versions.push(state.version);
        let result = doc(r#"{"b": [1.50, null], "a": 1e-7}"#);
        let outcome = Outcome::Completed { result: Some(result.clone()) };
        jobs.finish(&lease, outcome).await.unwrap();
        let state = jobs.state(ME, id).await.unwrap();
        versions.push(state.version);
        assert_eq!((state.progress, state.eta_seconds, state.status), (100.0, None, JobStatus::Completed));
        assert_eq!(versions, [1, 2, 3, 4]);
        assert!(changes.has_changed().unwrap());
        assert_eq!(jobs.result(ME, id).await.unwrap(), Some(result));
        // What changes nothing wakes nobody.
        changes.mark_unchanged();
        assert!(claim(&rig.store).await.is_none());
        assert!(!changes.has_changed().unwrap());
    }

    async fn progress_is_brought_into_range(rig: Rig) {
        let id = enqueue(&rig.store, ME).await.id;
        let lease = claimed(&rig.store).await.lease;
        let cases = [(-3.0, 0.0), (250.0, 100.0), (f64::NAN, 0.0), (f64::INFINITY, 100.0), (12.5, 12.5)];
        for (told, shown) in cases {
            let progress = Progress { percent: told, eta_seconds: Some(told) };
            rig.store.jobs().heartbeat(&lease, progress).await.unwrap();
            let state = rig.store.jobs().state(ME, id).await.unwrap();
            assert_eq!(state.progress, shown, "{told}");
            assert_eq!(state.eta_seconds, Some(told).filter(|eta| eta.is_finite()));
        }
    }

    async fn old_jobs_are_purged_and_kept_kinds_are_not(rig: Rig) {
        let jobs = rig.store.jobs();
        for kind in ["refresh", "backtest", "refresh"] {
            jobs.enqueue(ME, NewJob::new(kind, doc("{}"))).await.unwrap();
        }
        for _ in 0..2 {
            let lease = claimed(&rig.store).await.lease;
            jobs.finish(&lease, Outcome::Completed { result: Some(doc("{}")) }).await.unwrap();
        }
        assert_eq!(jobs.purge(rig.clock.moment(), &[]).await.unwrap(), 0);
        rig.clock.advance(1);
        assert_eq!(jobs.purge(rig.clock.moment(), &["backtest"]).await.unwrap(), 1);
        let left = jobs.list(ME, &JobFilter::default(), page()).await.unwrap().rows;
        let mut left: Vec<_> = left.iter().map(|job| (job.kind.as_str(), job.status)).collect();
        left.sort_by_key(|(kind, _)| kind.to_owned());
        assert_eq!(left, [("backtest", JobStatus::Completed), ("refresh", JobStatus::Queued)]);
    }
}

/// What the API says in the place of our own words.
#[test]
fn callers_know_four_words() {
    let cases = [
        (JobStatus::Queued, "processing"),
        (JobStatus::Running, "processing"),
        (JobStatus::Waiting, "processing"),
        (JobStatus::Completed, "completed"),
        (JobStatus::Failed, "failed"),
        (JobStatus::Canceled, "canceled"),
    ];
    for (status, word) in cases {
        assert_eq!(status.public_name(), word);
        assert_eq!(status.has_ended(), word != "processing");
    }
    assert_ne!(OwnerId::new(), OwnerId::LOCAL);
}
