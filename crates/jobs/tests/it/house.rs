//! What the house asks for by itself: purges, and nightly evaluations.

use serde_json::{Value, json};
use store::{Evaluations, JobFilter, JobStatus, JsonText, Outcome, Page, RunFilter};

use crate::support::{ME, on_both, subject};

const ALL: Page = Page { limit: 100, offset: 0 };

on_both! {
    /// The schedules are there from the first start on, and stay as their owner left them.
    async fn schedules_make_their_jobs(rig: Rig) {
        rig.clock.set("2026-11-20T12:00:00Z");
        rig.pool().await.stop().await;
        let schedules = rig.store.schedules().list(ME, ALL).await.unwrap().rows;
        let names: Vec<&str> = schedules.iter().map(|schedule| &*schedule.name).collect();
        assert_eq!(names, ["nightly evaluation", "purge"]);
        let off = store::ScheduleChange { is_enabled: Some(false), ..Default::default() };
        rig.store.schedules().update(ME, schedules[0].id, None, off).await.unwrap();

        rig.clock.set("2026-11-21T03:00:01Z");
        let pool = rig.pool().await;
        let mut changes = rig.store.job_changes();
        let purge = loop {
            changes.borrow_and_update();
            let jobs = rig.store.jobs().list(ME, &JobFilter::default(), ALL).await.unwrap().rows;
            if let Some(job) = jobs.first() {
                break job.clone();
            }
            changes.changed().await.unwrap();
        };
        assert_eq!(purge.kind, "purge");
        rig.result(purge.id).await;
        pool.stop().await;
        let schedules = rig.store.schedules().list(ME, ALL).await.unwrap().rows;
        assert!(!schedules[0].is_enabled, "a restart does not turn it on again");
        assert_eq!(schedules[1].last_job_id, Some(purge.id));
    }

    /// Results stay; what is nobody's result goes when it is old.
    async fn a_purge_keeps_results(rig: Rig) {
        rig.clock.set("2026-10-01T12:00:00Z");
        let old = rig.enqueue("chore of yore", &json!({})).await;
        let evaluations = rig.store.lab::<Evaluations>();
        let request = JsonText::of(&json!({"tickers": ["AAPL"]})).unwrap();
        let kept = evaluations.create(ME, subject(None), request).await.unwrap().row.id;
        for _ in 0..2 {
            let claimed = rig.store.jobs().claim("somebody", &[]).await.unwrap().unwrap();
            rig.store.jobs().finish(&claimed.lease, Outcome::Canceled).await.unwrap();
        }
        rig.clock.set("2026-11-20T12:00:00Z");
        let pool = rig.pool().await;
        let id = rig.enqueue("purge", &json!({"days": 30})).await;
        assert_eq!(rig.result(id).await["jobs"], 1);
        assert!(rig.store.jobs().get(ME, old).await.is_err());
        assert!(rig.store.jobs().get(ME, kept).await.is_ok());
        pool.stop().await;
    }

    /// A night evaluates what was evaluated before, and nothing when that was nothing.
    async fn a_night_evaluates_what_is_known(rig: Rig) {
        let pool = rig.pool().await;
        let nothing = rig.enqueue("nightly_evaluation", &json!({})).await;
        assert_eq!(rig.ended(nothing).await.status, JobStatus::Completed);
        let evaluations = rig.store.lab::<Evaluations>();
        let every = RunFilter::default();
        assert_eq!(evaluations.list(ME, &every, ALL).await.unwrap().total, 0);

        let named = rig.enqueue("nightly_evaluation", &json!({"tickers": ["IBM"]})).await;
        let made = rig.result(named).await["task_id"].as_str().unwrap().parse().unwrap();
        assert!(rig.result(made).await["report"]["IBM"].is_object());
        let again = rig.enqueue("nightly_evaluation", &json!({"metric": "cagr"})).await;
        let made = rig.result(again).await["task_id"].as_str().unwrap().parse().unwrap();
        let report: Value = rig.result(made).await;
        assert_eq!(report["report"]["IBM"]["metric"], "cagr");
        assert_eq!(evaluations.list(ME, &every, ALL).await.unwrap().total, 2);

        let bad = rig.enqueue("nightly_evaluation", &json!({"top": 1})).await;
        let job = rig.ended(bad).await;
        assert_eq!(job.status, JobStatus::Failed);
        assert_eq!(job.error.as_deref(), Some("bad_request: an evaluation takes no top"));
        pool.stop().await;
    }
}
