//! What is somebody else's is not there.

use store::{
    Answer, BacktestHeadline, Backtests, BestStrategy, ClaimedKey, Evaluations, JobFilter,
    MissedRuns, NewSchedule, Outcome, OwnerId, RankingFilter, RequestKey, RunFilter,
    ScheduleChange, StoreError, Subject, Sweeps, WalkForwards,
};

use crate::support::{ME, Rig, claimed, doc, enqueue, job, on_both, page};

on_both! {
    async fn jobs_of_others_are_not_there(rig: Rig) {
        let other = rig.somebody().await;
        let jobs = rig.store.jobs();
        let id = enqueue(&rig.store, ME).await.id;
        let whole = claimed(&rig.store).await.lease;
        jobs.split(&whole, vec![job()]).await.unwrap();
        let part = claimed(&rig.store).await;
        jobs.finish(&part.lease, Outcome::Completed { result: Some(doc("1")) }).await.unwrap();
        let before = jobs.get(ME, id).await.unwrap();

        let absent = [
            jobs.get(other, id).await.map(drop),
            jobs.state(other, id).await.map(drop),
            jobs.cancel(other, id).await.map(drop),
            jobs.delete(other, id).await,
        ];
        assert!(absent.iter().all(is_absent), "{absent:?}");
        assert_eq!(jobs.list(other, &JobFilter::default(), page()).await.unwrap().total, 0);
        assert!(jobs.parts(other, id).await.unwrap().is_empty());
        assert_eq!(jobs.result(other, part.job.id).await.unwrap(), None);
        assert_eq!(jobs.get(ME, id).await.unwrap(), before);
        assert_eq!(jobs.result(ME, part.job.id).await.unwrap(), Some(doc("1")));
    }

    async fn runs_of_others_are_not_there(rig: Rig) {
        let other = rig.somebody().await;
        let lab = rig.store.lab::<Backtests>();
        let id = lab.create(ME, subject(), doc("{}")).await.unwrap().job.id;
        let absent = [lab.get(other, id).await.map(drop), lab.delete(other, id).await];
        assert!(absent.iter().all(is_absent), "{absent:?}");
        assert_eq!(lab.list(other, &RunFilter::default(), page()).await.unwrap().total, 0);
        // Nor are mine where they are not.
        let absent = [
            rig.store.lab::<Sweeps>().get(ME, id).await.map(drop),
            rig.store.lab::<WalkForwards>().get(ME, id).await.map(drop),
            rig.store.lab::<Evaluations>().delete(ME, id).await,
        ];
        assert!(absent.iter().all(is_absent), "{absent:?}");
        let lease = claimed(&rig.store).await.lease;
        lab.complete(&lease, BacktestHeadline::default(), doc("{}")).await.unwrap();
        assert_eq!(lab.list(ME, &RunFilter::default(), page()).await.unwrap().total, 1);
    }

    async fn rankings_of_others_are_not_there(rig: Rig) {
        let other = rig.somebody().await;
        let rankings = rig.store.rankings();
        rankings.record(ME, Vec::new(), vec![best(ME, &rig)]).await.unwrap();
        assert!(rankings.best(other, None).await.unwrap().is_empty());
        assert!(rankings.best(other, Some("AAPL")).await.unwrap().is_empty());
        let filter = RankingFilter::default();
        assert_eq!(rankings.cells(other, &filter, page()).await.unwrap().total, 0);
        // Nobody writes for another.
        let foreign = rankings.record(other, Vec::new(), vec![best(ME, &rig)]).await;
        assert!(is_absent(&foreign), "{foreign:?}");
    }

    async fn schedules_of_others_are_not_there(rig: Rig) {
        let other = rig.somebody().await;
        let schedules = rig.store.schedules();
        let mine = schedules.create(ME, nightly()).await.unwrap();
        // A name is taken for its owner alone.
        let theirs = schedules.create(other, nightly()).await.unwrap();
        let change = ScheduleChange { is_enabled: Some(false), ..ScheduleChange::default() };
        let absent = [
            schedules.get(other, mine.id).await.map(drop),
            schedules.update(other, mine.id, None, change).await.map(drop),
            schedules.delete(other, mine.id, None).await,
        ];
        assert!(absent.iter().all(is_absent), "{absent:?}");
        assert_eq!(schedules.list(other, page()).await.unwrap().rows, [theirs]);
        assert_eq!(schedules.get(ME, mine.id).await.unwrap(), mine);
    }

    async fn keys_of_others_are_not_there(rig: Rig) {
        let other = rig.somebody().await;
        let (request, answer) = (request(), answer());
        let fresh = rig.store.write(move |tx| Box::pin(async move {
            tx.claim_key(ME, &request).await?;
            tx.settle_key(ME, &request, &answer).await?;
            let unsettled = tx.settle_key(other, &request, &answer).await;
            assert!(is_absent(&unsettled), "{unsettled:?}");
            tx.claim_key(other, &request).await
        })).await.unwrap();
        assert_eq!(fresh, ClaimedKey::Fresh);
    }

    async fn persons_who_are_not_there_own_nothing(rig: Rig) {
        let nobody = OwnerId::new();
        let user = rig.store.user(nobody).await.map(drop);
        assert!(is_absent(&user), "{user:?}");
        let orphan = rig.store.jobs().enqueue(nobody, job()).await;
        assert!(matches!(orphan, Err(StoreError::Database(_))));
        assert_eq!(rig.count("jobs").await, 0);
        let me = rig.store.user(ME).await.unwrap();
        assert_eq!((me.id, me.username.as_str()), (ME, "local"));
        assert_eq!(me.initial_capital.to_string(), "10000.00");
    }
}

fn is_absent(result: &Result<(), StoreError>) -> bool {
    matches!(result, Err(StoreError::NotFound { .. }))
}

fn subject() -> Subject {
    Subject {
        strategy: Some("rsi".to_owned()),
        tickers: doc(r#"["AAPL"]"#),
        timeframe: "1d".to_owned(),
        start_date: None,
        end_date: None,
    }
}

fn best(owner_id: OwnerId, rig: &Rig) -> BestStrategy {
    BestStrategy {
        owner_id,
        ticker: "AAPL".to_owned(),
        strategy_name: "rsi".to_owned(),
        metric_name: "sharpe_ratio".to_owned(),
        score: Some(1.0),
        out_of_sample_rank: Some(1),
        params: doc("{}"),
        evaluated_at: rig.clock.moment(),
    }
}

fn nightly() -> NewSchedule {
    NewSchedule {
        name: "nightly".to_owned(),
        kind: "evaluation".to_owned(),
        payload: doc("{}"),
        rule: "NYSE close +30m".parse().unwrap(),
        missed: MissedRuns::Once,
        is_enabled: true,
    }
}

fn request() -> RequestKey {
    RequestKey {
        method: "POST".to_owned(),
        route: "/backtests".to_owned(),
        key: "k".to_owned(),
        body_hash: "h".to_owned(),
    }
}

fn answer() -> Answer {
    Answer { status: 202, headers: doc("{}"), body: b"{}".to_vec() }
}
