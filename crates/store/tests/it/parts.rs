//! Jobs that are split and joined.

use store::{JobFilter, JobStatus, NewJob, Outcome, StoreError};

use crate::support::{ME, claim, claimed, complete, doc, enqueue, job, on_both, page};

on_both! {
    async fn a_whole_goes_on_when_all_its_parts_have_ended(rig: Rig) {
        let jobs = rig.store.jobs();
        let whole = enqueue(&rig.store, ME).await.id;
        let lease = claimed(&rig.store).await.lease;
        let parts = (0..4).map(|index| NewJob::new("part", doc(&index.to_string()))).collect();
        let split = jobs.split(&lease, parts).await.unwrap();
        assert_eq!((split.status, split.children, split.children_open), (JobStatus::Waiting, 4, 4));
        let lost = jobs.finish(&lease, Outcome::Canceled).await;
        assert!(matches!(lost, Err(StoreError::LeaseLost { .. })));

        for (index, outcome) in [
            Outcome::Completed { result: Some(doc("[0]")) },
            Outcome::Failed { error: "e".to_owned() },
            Outcome::Completed { result: Some(doc("[2]")) },
        ].into_iter().enumerate() {
            let taken = claimed(&rig.store).await;
            assert_eq!(taken.job.parent_id, Some(whole));
            assert_eq!(taken.job.payload.read::<usize>().unwrap(), index);
            jobs.finish(&taken.lease, outcome).await.unwrap();
            let state = jobs.state(ME, whole).await.unwrap();
            assert_eq!(state.status, JobStatus::Waiting);
            assert_eq!(state.progress, 25.0 * (index + 1) as f64);
        }
        let last = jobs.parts(ME, whole).await.unwrap()[3].id;
        jobs.cancel(ME, last).await.unwrap();

        let join = claimed(&rig.store).await;
        assert_eq!((join.job.id, join.job.children_open), (whole, 0));
        assert!(join.job.is_split());
        let parts = jobs.parts(ME, whole).await.unwrap();
        let statuses: Vec<JobStatus> = parts.iter().map(|part| part.status).collect();
        let (done, failed, canceled) = (JobStatus::Completed, JobStatus::Failed, JobStatus::Canceled);
        assert_eq!(statuses, [done, failed, done, canceled]);
        assert_eq!(jobs.result(ME, parts[2].id).await.unwrap(), Some(doc("[2]")));
        // Only wholes are listed.
        assert_eq!(jobs.list(ME, &JobFilter::default(), page()).await.unwrap().total, 1);

        jobs.finish(&join.lease, Outcome::Completed { result: Some(doc("[0, 2]")) }).await.unwrap();
        assert_eq!(jobs.result(ME, whole).await.unwrap(), Some(doc("[0, 2]")));
        // What the parts came to is in the whole's now.
        assert_eq!(rig.count("job_results").await, 1);
        assert!(claim(&rig.store).await.is_none());
    }

    /// Each of two who end the last two parts at once must not take the other for unfinished.
    async fn parts_that_end_at_once_wake_the_whole_once(rig: Rig) {
        let jobs = rig.store.jobs();
        for _ in 0..5 {
            let whole = enqueue(&rig.store, ME).await.id;
            let lease = claimed(&rig.store).await.lease;
            jobs.split(&lease, vec![job(); 8]).await.unwrap();
            let stores = [rig.store.clone(), rig.again().await];
            let ending = (0..8).map(|index| {
                let store = stores[index % 2].clone();
                tokio::spawn(async move {
                    let taken = claimed(&store).await;
                    complete(&store, &taken.lease).await;
                })
            });
            for ended in ending.collect::<Vec<_>>() {
                ended.await.unwrap();
            }
            let state = jobs.get(ME, whole).await.unwrap();
            assert_eq!((state.status, state.children_open), (JobStatus::Queued, 0));
            let join = claimed(&rig.store).await;
            assert_eq!(join.job.id, whole);
            complete(&rig.store, &join.lease).await;
            assert!(claim(&rig.store).await.is_none());
        }
    }

    async fn canceling_a_whole_while_its_parts_end_blocks_nobody(rig: Rig) {
        let jobs = rig.store.jobs();
        for _ in 0..5 {
            let whole = enqueue(&rig.store, ME).await.id;
            let lease = claimed(&rig.store).await.lease;
            jobs.split(&lease, vec![job(); 6]).await.unwrap();
            let mut leases = Vec::new();
            for _ in 0..6 {
                leases.push(claimed(&rig.store).await.lease);
            }
            let other = rig.again().await;
            let canceling = tokio::spawn(async move { other.jobs().cancel(ME, whole).await.unwrap() });
            let ending = leases.into_iter().map(|lease| {
                let store = rig.store.clone();
                tokio::spawn(async move { complete(&store, &lease).await })
            });
            for ended in ending.collect::<Vec<_>>() {
                ended.await.unwrap();
            }
            canceling.await.unwrap();
            // Canceled before the last part ended, or just after: then it waits to be joined.
            let status = jobs.get(ME, whole).await.unwrap().status;
            assert_eq!(status, JobStatus::Canceled);
            assert!(claim(&rig.store).await.is_none());
        }
    }

    async fn joining_has_all_its_attempts(rig: Rig) {
        let jobs = rig.store.jobs();
        jobs.enqueue(ME, NewJob { max_attempts: 2, ..job() }).await.unwrap();
        let lease = claimed(&rig.store).await.lease;
        jobs.finish(&lease, Outcome::Retry { error: "e".to_owned() }).await.unwrap();
        rig.clock.advance(60);
        let lease = claimed(&rig.store).await.lease;
        jobs.split(&lease, vec![job()]).await.unwrap();
        complete(&rig.store, &claimed(&rig.store).await.lease).await;
        let lease = claimed(&rig.store).await.lease;
        let again = jobs.finish(&lease, Outcome::Retry { error: "e".to_owned() }).await.unwrap();
        assert_eq!(again.status, JobStatus::Queued);
        rig.clock.advance(60);
        let join = claimed(&rig.store).await;
        assert!(join.job.is_split());
        complete(&rig.store, &join.lease).await;
    }

    async fn lost_parts_come_back_and_the_whole_waits_for_them(rig: Rig) {
        let whole = enqueue(&rig.store, ME).await.id;
        let lease = claimed(&rig.store).await.lease;
        rig.store.jobs().split(&lease, vec![job()]).await.unwrap();
        claimed(&rig.store).await;
        rig.clock.advance(31);
        let part = claimed(&rig.store).await;
        assert_eq!(part.job.parent_id, Some(whole));
        complete(&rig.store, &part.lease).await;
        assert_eq!(claimed(&rig.store).await.job.id, whole);
    }

    async fn a_part_is_not_split_and_a_whole_only_once(rig: Rig) {
        let jobs = rig.store.jobs();
        enqueue(&rig.store, ME).await;
        let lease = claimed(&rig.store).await.lease;
        jobs.split(&lease, vec![job()]).await.unwrap();
        let part = claimed(&rig.store).await.lease;
        let nested = jobs.split(&part, vec![job()]).await;
        assert!(matches!(nested, Err(StoreError::Nested { .. })));
        complete(&rig.store, &part).await;
        let join = claimed(&rig.store).await.lease;
        let twice = jobs.split(&join, vec![job()]).await;
        assert!(matches!(twice, Err(StoreError::Nested { .. })));
    }

    async fn a_job_split_into_nothing_is_queued_again(rig: Rig) {
        enqueue(&rig.store, ME).await;
        let lease = claimed(&rig.store).await.lease;
        let job = rig.store.jobs().split(&lease, Vec::new()).await.unwrap();
        assert_eq!(job.status, JobStatus::Queued);
    }

    async fn a_whole_is_deleted_with_its_parts(rig: Rig) {
        let whole = enqueue(&rig.store, ME).await.id;
        let lease = claimed(&rig.store).await.lease;
        rig.store.jobs().split(&lease, vec![job(), job()]).await.unwrap();
        let part = claimed(&rig.store).await.lease;
        let outcome = Outcome::Completed { result: Some(doc("1")) };
        rig.store.jobs().finish(&part, outcome).await.unwrap();
        rig.store.jobs().delete(ME, whole).await.unwrap();
        assert_eq!(rig.count("jobs").await, 0);
        assert_eq!(rig.count("job_results").await, 0);
        let gone = rig.store.jobs().delete(ME, whole).await;
        assert!(matches!(gone, Err(StoreError::NotFound { .. })));
    }
}
