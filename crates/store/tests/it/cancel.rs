//! Canceling a job, wherever it stands.

use store::{JobId, JobStatus, Outcome, Progress, StoreError, Verdict};

use crate::support::{ME, claim, claimed, complete, enqueue, job, on_both};

on_both! {
    async fn a_queued_job_is_canceled_at_once(rig: Rig) {
        let id = enqueue(&rig.store, ME).await.id;
        let job = rig.store.jobs().cancel(ME, id).await.unwrap();
        assert_eq!((job.status, job.finished_at), (JobStatus::Canceled, Some(rig.clock.moment())));
        assert!(claim(&rig.store).await.is_none());
        // Once more changes nothing.
        assert_eq!(rig.store.jobs().cancel(ME, id).await.unwrap(), job);
    }

    async fn a_running_jobs_worker_hears_of_it(rig: Rig) {
        let id = enqueue(&rig.store, ME).await.id;
        let lease = claimed(&rig.store).await.lease;
        let jobs = rig.store.jobs();
        let job = jobs.cancel(ME, id).await.unwrap();
        assert_eq!((job.status, job.cancel_requested), (JobStatus::Running, true));
        let verdict = jobs.heartbeat(&lease, Progress::default()).await.unwrap();
        assert_eq!(verdict, Verdict::Cancel);
        let job = jobs.finish(&lease, Outcome::Canceled).await.unwrap();
        assert_eq!(job.status, JobStatus::Canceled);
    }

    async fn a_job_that_was_done_before_its_worker_heard_is_done(rig: Rig) {
        let id = enqueue(&rig.store, ME).await.id;
        let lease = claimed(&rig.store).await.lease;
        rig.store.jobs().cancel(ME, id).await.unwrap();
        assert_eq!(complete(&rig.store, &lease).await.status, JobStatus::Completed);
        let job = rig.store.jobs().cancel(ME, id).await.unwrap();
        assert_eq!(job.status, JobStatus::Completed);
    }

    async fn nothing_canceled_is_begun_again(rig: Rig) {
        let jobs = rig.store.jobs();
        // Its worker fails, gives it back, or vanishes instead of hearing.
        for case in 0..4 {
            let id = enqueue(&rig.store, ME).await.id;
            let lease = claimed(&rig.store).await.lease;
            jobs.cancel(ME, id).await.unwrap();
            match case {
                0 => drop(jobs.finish(&lease, Outcome::Retry { error: "e".to_owned() }).await.unwrap()),
                1 => drop(jobs.finish(&lease, Outcome::Released).await.unwrap()),
                2 => drop(jobs.forsake("worker").await.unwrap()),
                _ => rig.clock.advance(31),
            }
            assert!(claim(&rig.store).await.is_none(), "{case}");
            assert_eq!(jobs.get(ME, id).await.unwrap().status, JobStatus::Canceled, "{case}");
        }
    }

    async fn a_failed_job_that_waits_is_canceled_at_once(rig: Rig) {
        let id = enqueue(&rig.store, ME).await.id;
        let lease = claimed(&rig.store).await.lease;
        let jobs = rig.store.jobs();
        jobs.finish(&lease, Outcome::Retry { error: "e".to_owned() }).await.unwrap();
        assert_eq!(jobs.cancel(ME, id).await.unwrap().status, JobStatus::Canceled);
        rig.clock.advance(3600);
        assert!(claim(&rig.store).await.is_none());
    }

    async fn an_ended_job_stays_as_it_is(rig: Rig) {
        let id = enqueue(&rig.store, ME).await.id;
        let lease = claimed(&rig.store).await.lease;
        let outcome = Outcome::Failed { error: "e".to_owned() };
        let failed = rig.store.jobs().finish(&lease, outcome).await.unwrap();
        assert_eq!(rig.store.jobs().cancel(ME, id).await.unwrap(), failed);
        let nothing = rig.store.jobs().cancel(ME, JobId::new()).await;
        assert!(matches!(nothing, Err(StoreError::NotFound { what: "job" })));
    }

    async fn a_whole_is_canceled_with_its_parts(rig: Rig) {
        let jobs = rig.store.jobs();
        let whole = enqueue(&rig.store, ME).await.id;
        let lease = claimed(&rig.store).await.lease;
        jobs.split(&lease, vec![job(), job(), job()]).await.unwrap();
        let done = claimed(&rig.store).await.lease;
        complete(&rig.store, &done).await;
        let running = claimed(&rig.store).await.lease;

        let canceled = jobs.cancel(ME, whole).await.unwrap();
        assert_eq!((canceled.status, canceled.children_open), (JobStatus::Waiting, 1));
        let statuses = jobs.parts(ME, whole).await.unwrap();
        let statuses: Vec<JobStatus> = statuses.iter().map(|part| part.status).collect();
        assert_eq!(statuses, [JobStatus::Completed, JobStatus::Running, JobStatus::Canceled]);
        let verdict = jobs.heartbeat(&running, Progress::default()).await.unwrap();
        assert_eq!(verdict, Verdict::Cancel);
        jobs.finish(&running, Outcome::Canceled).await.unwrap();
        let whole = jobs.get(ME, whole).await.unwrap();
        assert_eq!((whole.status, whole.children_open), (JobStatus::Canceled, 0));
        assert!(claim(&rig.store).await.is_none());
    }

    async fn a_whole_whose_parts_all_wait_is_canceled_at_once(rig: Rig) {
        let whole = enqueue(&rig.store, ME).await.id;
        let lease = claimed(&rig.store).await.lease;
        rig.store.jobs().split(&lease, vec![job(), job()]).await.unwrap();
        let whole = rig.store.jobs().cancel(ME, whole).await.unwrap();
        assert_eq!(whole.status, JobStatus::Canceled);
        assert!(claim(&rig.store).await.is_none());
    }

    async fn a_job_canceled_while_it_was_being_split_is_not_split(rig: Rig) {
        let whole = enqueue(&rig.store, ME).await.id;
        let lease = claimed(&rig.store).await.lease;
        rig.store.jobs().cancel(ME, whole).await.unwrap();
        let job = rig.store.jobs().split(&lease, vec![job()]).await.unwrap();
        assert_eq!((job.status, job.children), (JobStatus::Canceled, 0));
        assert!(claim(&rig.store).await.is_none());
    }
}
