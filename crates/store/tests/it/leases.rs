//! A job is one worker's at a time, and comes back when he is gone.

use store::{JobStatus, NewJob, Outcome, Progress, Reclaimed, StoreError, Verdict};

use crate::support::{ME, claim, claimed, complete, enqueue, job, on_both};

/// As long as a lease, and a second.
const TOO_LONG: i64 = 31;

on_both! {
    async fn a_silent_workers_job_is_given_to_another(rig: Rig) {
        enqueue(&rig.store, ME).await;
        let first = claimed(&rig.store).await;
        rig.clock.advance(TOO_LONG - 1);
        assert!(claim(&rig.store).await.is_none());
        rig.clock.advance(1);
        // The same worker's name: what tells the two apart is the lease.
        let second = claimed(&rig.store).await;
        assert_eq!(second.job.id, first.job.id);
        assert_eq!((second.job.losses, second.job.attempts), (1, 1));
        assert_eq!(second.job.started_at, first.job.started_at);

        let jobs = rig.store.jobs();
        let beat = jobs.heartbeat(&first.lease, Progress::default()).await.unwrap();
        assert_eq!(beat, Verdict::Lost);
        for outcome in [
            Outcome::Completed { result: None },
            Outcome::Failed { error: String::new() },
            Outcome::Retry { error: String::new() },
            Outcome::Canceled,
            Outcome::Released,
        ] {
            let lost = jobs.finish(&first.lease, outcome).await;
            assert!(matches!(lost, Err(StoreError::LeaseLost { job }) if job == first.job.id));
        }
        let lost = jobs.split(&first.lease, vec![job()]).await;
        assert!(matches!(lost, Err(StoreError::LeaseLost { .. })));
        assert_eq!(jobs.get(ME, first.job.id).await.unwrap(), second.job);

        assert_eq!(complete(&rig.store, &second.lease).await.status, JobStatus::Completed);
        let again = jobs.finish(&second.lease, Outcome::Completed { result: None }).await;
        assert!(matches!(again, Err(StoreError::LeaseLost { .. })));
    }

    async fn a_worker_that_is_heard_of_keeps_his_job(rig: Rig) {
        enqueue(&rig.store, ME).await;
        let lease = claimed(&rig.store).await.lease;
        for _ in 0..5 {
            rig.clock.advance(TOO_LONG - 2);
            let verdict = rig.store.jobs().heartbeat(&lease, Progress::default()).await.unwrap();
            assert_eq!(verdict, Verdict::Continue);
            assert_eq!(rig.store.jobs().reclaim().await.unwrap(), Reclaimed::default());
        }
        complete(&rig.store, &lease).await;
    }

    /// Nobody has taken the job meanwhile, so nothing speaks against it.
    async fn a_late_worker_can_still_finish_what_nobody_took(rig: Rig) {
        enqueue(&rig.store, ME).await;
        let lease = claimed(&rig.store).await.lease;
        rig.clock.advance(TOO_LONG);
        assert_eq!(complete(&rig.store, &lease).await.status, JobStatus::Completed);
    }

    async fn a_failure_is_tried_again_later_and_later_and_then_no_more(rig: Rig) {
        let jobs = rig.store.jobs();
        let id = jobs.enqueue(ME, NewJob { max_attempts: 3, ..job() }).await.unwrap().id;
        for (attempt, wait) in [(1, 2), (2, 4)] {
            let taken = claimed(&rig.store).await;
            assert_eq!(taken.job.attempts, attempt);
            let error = format!("attempt {attempt}\0 failed");
            let job = jobs.finish(&taken.lease, Outcome::Retry { error }).await.unwrap();
            assert_eq!(job.status, JobStatus::Queued);
            assert_eq!(job.error, Some(format!("attempt {attempt} failed")));
            rig.clock.advance(wait - 1);
            assert!(claim(&rig.store).await.is_none());
            rig.clock.advance(1);
        }
        let lease = claimed(&rig.store).await.lease;
        let error = "last".to_owned();
        let job = jobs.finish(&lease, Outcome::Retry { error: error.clone() }).await.unwrap();
        assert_eq!((job.status, job.error), (JobStatus::Failed, Some(error)));
        assert_eq!(job.finished_at, Some(rig.clock.moment()));
        rig.clock.advance(3600);
        assert!(claim(&rig.store).await.is_none());
        assert_eq!(jobs.get(ME, id).await.unwrap().attempts, 3);
    }

    async fn a_failure_for_good_is_not_tried_again(rig: Rig) {
        enqueue(&rig.store, ME).await;
        let lease = claimed(&rig.store).await.lease;
        let outcome = Outcome::Failed { error: "no such ticker".to_owned() };
        assert_eq!(rig.store.jobs().finish(&lease, outcome).await.unwrap().status, JobStatus::Failed);
        rig.clock.advance(3600);
        assert!(claim(&rig.store).await.is_none());
    }

    /// Restarts are not the job's fault, but a job that kills its worker must end some day.
    async fn a_job_that_takes_its_workers_down_fails_in_the_end(rig: Rig) {
        let id = enqueue(&rig.store, ME).await.id;
        let mut taken = 0;
        while claim(&rig.store).await.is_some() {
            taken += 1;
            // Longer than any back-off.
            rig.clock.advance(TOO_LONG);
            rig.store.jobs().reclaim().await.unwrap();
            rig.clock.advance(300);
        }
        let job = rig.store.jobs().get(ME, id).await.unwrap();
        assert_eq!((job.status, job.losses, taken), (JobStatus::Failed, 19, 20));
        assert_eq!(job.error.as_deref(), Some("its worker vanished 20 times"));
    }

    async fn what_is_given_back_counts_for_nothing(rig: Rig) {
        enqueue(&rig.store, ME).await;
        for _ in 0..10 {
            let taken = claimed(&rig.store).await;
            assert_eq!(taken.job.attempts, 1);
            rig.store.jobs().finish(&taken.lease, Outcome::Released).await.unwrap();
        }
        complete(&rig.store, &claimed(&rig.store).await.lease).await;
    }

    async fn what_a_dead_worker_held_comes_back_at_once(rig: Rig) {
        for _ in 0..3 {
            enqueue(&rig.store, ME).await;
        }
        let jobs = rig.store.jobs();
        for worker in ["dead", "dead", "alive"] {
            jobs.claim(worker, &[]).await.unwrap().unwrap();
        }
        let back = jobs.forsake("dead").await.unwrap();
        assert_eq!(back, Reclaimed { queued: 2, ended: 0 });
        assert!(claim(&rig.store).await.is_some());
        assert!(claim(&rig.store).await.is_some());
        assert!(claim(&rig.store).await.is_none());
    }

    async fn a_deleted_jobs_worker_learns_that_it_is_lost(rig: Rig) {
        let id = enqueue(&rig.store, ME).await.id;
        let lease = claimed(&rig.store).await.lease;
        rig.store.jobs().delete(ME, id).await.unwrap();
        let verdict = rig.store.jobs().heartbeat(&lease, Progress::default()).await.unwrap();
        assert_eq!(verdict, Verdict::Lost);
        let lost = rig.store.jobs().finish(&lease, Outcome::Canceled).await;
        assert!(matches!(lost, Err(StoreError::LeaseLost { .. })));
    }
}
