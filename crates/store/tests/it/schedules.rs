//! Work that comes back.

use store::{JobFilter, MissedRuns, NewSchedule, Schedule, ScheduleChange, StoreError};

use crate::support::{ME, doc, on_both, page};

on_both! {
    async fn a_schedule_makes_a_job_when_it_is_due(rig: Rig) {
        let schedules = rig.store.schedules();
        assert_eq!(schedules.next_due().await.unwrap(), None);
        let made = schedules.create(ME, new("nightly", MissedRuns::Once)).await.unwrap();
        assert_eq!(next(&made), "2026-11-23T21:30:00Z");
        assert_eq!(schedules.next_due().await.unwrap(), made.next_run_at);
        rig.clock.set("2026-11-23T21:29:59Z");
        assert!(schedules.fire().await.unwrap().is_empty());
        rig.clock.set("2026-11-23T21:30:00Z");
        let jobs = schedules.fire().await.unwrap();
        assert_eq!(jobs.len(), 1);
        assert_eq!((jobs[0].owner_id, jobs[0].kind.as_str()), (ME, "evaluation"));
        assert_eq!(jobs[0].payload, doc(r#"{"tickers": ["AAPL"]}"#));
        assert!(schedules.fire().await.unwrap().is_empty());
        let after = schedules.get(ME, made.id).await.unwrap();
        assert_eq!(next(&after), "2026-11-24T21:30:00Z");
        assert_eq!((after.last_run_at, after.last_job_id), (made.next_run_at, Some(jobs[0].id)));
        // Nobody has edited it.
        assert_eq!(after.version, made.version);
    }

    async fn any_number_of_servers_make_each_run_once(rig: Rig) {
        for name in ["a", "b", "c"] {
            rig.store.schedules().create(ME, new(name, MissedRuns::All)).await.unwrap();
        }
        // Monday to Wednesday, and Friday, a half day.
        rig.clock.set("2026-11-28T00:00:00Z");
        let stores = [rig.store.clone(), rig.again().await];
        let firing = (0..6).map(|index| {
            let store = stores[index % 2].clone();
            tokio::spawn(async move { store.schedules().fire().await.unwrap().len() })
        });
        let mut made = 0;
        for fired in firing.collect::<Vec<_>>() {
            made += fired.await.unwrap();
        }
        // Whoever came last may have found everything locked: it is made by the next.
        made += rig.store.schedules().fire().await.unwrap().len();
        assert_eq!(made, 3 * 4);
        let jobs = rig.store.jobs().list(ME, &JobFilter::default(), page()).await.unwrap();
        assert_eq!(jobs.total, 3 * 4);
    }

    async fn missed_runs_are_skipped_joined_or_all_made_up_for(rig: Rig) {
        let schedules = rig.store.schedules();
        let rules = [(MissedRuns::Skip, 0), (MissedRuns::Once, 1), (MissedRuns::All, 4)];
        for (missed, runs) in rules {
            rig.clock.set("2026-11-21T14:30:00Z");
            let made = schedules.create(ME, new(&format!("{missed:?}"), missed)).await.unwrap();
            rig.clock.set("2026-11-28T00:00:00Z");
            assert_eq!(schedules.fire().await.unwrap().len(), runs, "{missed:?}");
            assert!(schedules.fire().await.unwrap().is_empty());
            let after = schedules.get(ME, made.id).await.unwrap();
            assert_eq!(next(&after), "2026-11-30T21:30:00Z");
        }
    }

    async fn a_clock_that_was_set_back_makes_no_run_twice(rig: Rig) {
        let schedules = rig.store.schedules();
        let made = schedules.create(ME, new("nightly", MissedRuns::Once)).await.unwrap();
        rig.clock.set("2026-11-23T21:30:00Z");
        assert_eq!(schedules.fire().await.unwrap().len(), 1);
        rig.clock.set("2026-11-23T12:00:00Z");
        let change = ScheduleChange { payload: Some(doc("{}")), is_enabled: Some(false), ..ScheduleChange::default() };
        schedules.update(ME, made.id, None, change).await.unwrap();
        let change = ScheduleChange { is_enabled: Some(true), ..ScheduleChange::default() };
        let again = schedules.update(ME, made.id, None, change).await.unwrap();
        assert_eq!(again.next_run_at, made.next_run_at);
        rig.clock.set("2026-11-23T21:31:00Z");
        assert!(schedules.fire().await.unwrap().is_empty());
        assert_eq!(next(&schedules.get(ME, made.id).await.unwrap()), "2026-11-24T21:30:00Z");
        assert_eq!(rig.count("jobs").await, 1);
    }

    async fn changes_are_seen_and_stale_ones_refused(rig: Rig) {
        let schedules = rig.store.schedules();
        let made = schedules.create(ME, new("nightly", MissedRuns::Once)).await.unwrap();
        schedules.create(ME, new("other", MissedRuns::Once)).await.unwrap();
        let rule = ScheduleChange { rule: Some("utc 02:30".parse().unwrap()), ..ScheduleChange::default() };
        let changed = schedules.update(ME, made.id, Some(1), rule.clone()).await.unwrap();
        assert_eq!((changed.version, next(&changed)), (2, "2026-11-22T02:30:00Z".to_owned()));
        assert_eq!(schedules.get(ME, made.id).await.unwrap(), changed);
        let stale = schedules.update(ME, made.id, Some(1), rule).await;
        assert!(matches!(stale, Err(StoreError::Stale { what: "schedule", found: 2 })));
        let stale = schedules.delete(ME, made.id, Some(1)).await;
        assert!(matches!(stale, Err(StoreError::Stale { .. })));

        let name = ScheduleChange { name: Some("other".to_owned()), ..ScheduleChange::default() };
        let taken = schedules.update(ME, made.id, None, name).await;
        assert!(matches!(taken, Err(StoreError::Taken { what: "schedule", name }) if name == "other"));
        let taken = schedules.create(ME, new("other", MissedRuns::Once)).await;
        assert!(matches!(taken, Err(StoreError::Taken { .. })));

        let off = ScheduleChange { is_enabled: Some(false), missed: Some(MissedRuns::Skip), ..ScheduleChange::default() };
        let off = schedules.update(ME, made.id, Some(2), off).await.unwrap();
        assert_eq!((off.next_run_at, off.missed), (None, MissedRuns::Skip));
        rig.clock.set("2026-11-22T02:30:00Z");
        assert!(schedules.fire().await.unwrap().is_empty());
        schedules.delete(ME, made.id, Some(3)).await.unwrap();
        assert_eq!(schedules.list(ME, page()).await.unwrap().total, 1);
    }
}

fn new(name: &str, missed: MissedRuns) -> NewSchedule {
    NewSchedule {
        name: name.to_owned(),
        kind: "evaluation".to_owned(),
        payload: doc(r#"{"tickers": ["AAPL"]}"#),
        rule: "NYSE close +30m".parse().unwrap(),
        missed,
        is_enabled: true,
    }
}

fn next(schedule: &Schedule) -> String {
    schedule.next_run_at.unwrap().to_string()
}
