//! What the lab makes and how it is listed.

use store::{
    BacktestHeadline, Backtests, EvaluationHeadline, Evaluations, JobStatus, NewJob, Outcome, Page,
    RunFilter, StoreError, Subject, SweepHeadline, Sweeps, WalkForwardHeadline, WalkForwards,
};

use crate::support::{ME, claimed, doc, on_both, page};

on_both! {
    async fn a_backtest_goes_from_request_to_report(rig: Rig) {
        let lab = rig.store.lab::<Backtests>();
        let request = doc(r#"{"strategy": "rsi", "cash": 10000}"#);
        let asked = lab.create(ME, subject("rsi", r#"["AAPL","MSFT"]"#), request.clone()).await.unwrap();
        assert_eq!((asked.row.id, asked.row.version), (asked.job.id, 1));
        assert_eq!((asked.job.kind.as_str(), &asked.job.payload), ("backtest", &request));
        assert_eq!(asked.row.sharpe_ratio, None);
        assert_eq!(rig.store.jobs().result(ME, asked.job.id).await.unwrap(), None);

        rig.clock.advance(5);
        let lease = claimed(&rig.store).await.lease;
        let headline = BacktestHeadline {
            total_return: Some(0.1 + 0.2),
            cagr: Some(-1e-300),
            sharpe_ratio: None,
            max_drawdown: Some(-0.25),
            trades: Some(17),
            final_equity: Some(13_000.000_000_000_1),
        };
        let report = doc(r#"{"trades": [], "metrics": {"z": 1.0, "a": null}}"#);
        lab.complete(&lease, headline, report.clone()).await.unwrap();

        let run = lab.get(ME, asked.job.id).await.unwrap();
        assert_eq!(run.job.status, JobStatus::Completed);
        assert_eq!(run.row.total_return, Some(0.1 + 0.2));
        assert_eq!(run.row.cagr, Some(-1e-300));
        assert_eq!((run.row.sharpe_ratio, run.row.trades), (None, Some(17)));
        assert_eq!(run.row.final_equity, Some(13_000.000_000_000_1));
        assert_eq!((run.row.version, run.row.updated_at), (2, rig.clock.moment()));
        assert_eq!(run.row.strategy, "rsi");
        assert_eq!(rig.store.jobs().result(ME, run.job.id).await.unwrap(), Some(report));
    }

    async fn the_other_tables_keep_their_numbers_too(rig: Rig) {
        let (sweeps, walks) = (rig.store.lab::<Sweeps>(), rig.store.lab::<WalkForwards>());
        let evaluations = rig.store.lab::<Evaluations>();
        let id = sweeps.create(ME, subject("sma", r#"["AAPL"]"#), doc("{}")).await.unwrap().job.id;
        let headline = SweepHeadline {
            metric_name: Some("sharpe_ratio".to_owned()),
            best_score: Some(1.25),
            best_params: Some(doc(r#"{"fast": 5}"#)),
            tried: Some(i64::from(u32::MAX)),
            pbo: Some(0.4),
        };
        sweeps.complete(&claimed(&rig.store).await.lease, headline, doc("{}")).await.unwrap();
        let row = sweeps.get(ME, id).await.unwrap().row;
        assert_eq!((row.best_params, row.tried), (Some(doc(r#"{"fast": 5}"#)), Some(4_294_967_295)));

        let id = walks.create(ME, subject("sma", r#"["AAPL"]"#), doc("{}")).await.unwrap().job.id;
        let headline = WalkForwardHeadline { folds: Some(9), out_of_sample_score: Some(0.5), ..Default::default() };
        walks.complete(&claimed(&rig.store).await.lease, headline, doc("{}")).await.unwrap();
        let row = walks.get(ME, id).await.unwrap().row;
        assert_eq!((row.folds, row.out_of_sample_score, row.in_sample_score), (Some(9), Some(0.5), None));

        let subject = Subject { strategy: None, ..subject("", r#"["AAPL"]"#) };
        let id = evaluations.create(ME, subject, doc("{}")).await.unwrap().job.id;
        let headline = EvaluationHeadline { best_ticker: Some("AAPL".to_owned()), ..Default::default() };
        evaluations.complete(&claimed(&rig.store).await.lease, headline, doc("{}")).await.unwrap();
        assert_eq!(evaluations.get(ME, id).await.unwrap().row.best_ticker.as_deref(), Some("AAPL"));
    }

    async fn runs_are_listed_newest_first_by_ticker_and_state(rig: Rig) {
        let lab = rig.store.lab::<Backtests>();
        let mut ids = Vec::new();
        for tickers in [r#"["A"]"#, r#"["AAPL"]"#, r#"["MSFT","A"]"#, r#"["BRK.A"]"#, r#"["A%"]"#] {
            ids.push(lab.create(ME, subject("rsi", tickers), doc("{}")).await.unwrap().job.id);
            rig.clock.advance(1);
        }
        let lease = claimed(&rig.store).await.lease;
        lab.complete(&lease, BacktestHeadline::default(), doc("{}")).await.unwrap();
        let list = async |filter: RunFilter, page: Page| {
            let listed = lab.list(ME, &filter, page).await.unwrap();
            (listed.rows.iter().map(|run| run.row.id).collect::<Vec<_>>(), listed.total)
        };
        let of = |ticker: &str| RunFilter { ticker: Some(ticker.to_owned()), ..RunFilter::default() };
        assert_eq!(list(of("A"), page()).await, (vec![ids[2], ids[0]], 2));
        assert_eq!(list(of("%"), page()).await, (Vec::new(), 0));
        assert_eq!(list(of("aapl"), page()).await, (Vec::new(), 0));
        let statuses = vec![JobStatus::Queued];
        let queued = RunFilter { statuses, ..of("A") };
        assert_eq!(list(queued, page()).await, (vec![ids[2]], 1));
        let second = Page { limit: 2, offset: 2 };
        assert_eq!(list(RunFilter::default(), second).await, (vec![ids[2], ids[1]], 5));
    }

    async fn a_run_is_deleted_with_its_job_and_report(rig: Rig) {
        let lab = rig.store.lab::<Backtests>();
        for _ in 0..2 {
            lab.create(ME, subject("rsi", r#"["AAPL"]"#), doc("{}")).await.unwrap();
        }
        let taken = claimed(&rig.store).await;
        lab.complete(&taken.lease, BacktestHeadline::default(), doc("{}")).await.unwrap();
        lab.delete(ME, taken.job.id).await.unwrap();
        for (table, rows) in [("backtests", 1), ("jobs", 1), ("job_results", 0)] {
            assert_eq!(rig.count(table).await, rows, "{table}");
        }
    }

    /// A schedule asks for the job alone; its worker says what it is about.
    async fn a_scheduled_run_gets_its_row_from_its_worker(rig: Rig) {
        let lab = rig.store.lab::<Evaluations>();
        let id = rig.store.jobs().enqueue(ME, NewJob::new("evaluation", doc("{}"))).await.unwrap().id;
        let late = claimed(&rig.store).await.lease;
        rig.clock.advance(31);
        let lease = claimed(&rig.store).await.lease;
        let headline = EvaluationHeadline { best_score: Some(1.0), ..Default::default() };
        let no_row = lab.complete(&lease, headline.clone(), doc("{}")).await;
        assert!(matches!(no_row, Err(StoreError::NotFound { what: "evaluation" })));
        assert_eq!(rig.store.jobs().get(ME, id).await.unwrap().status, JobStatus::Running);

        let about = || Subject { strategy: None, ..subject("", r#"["AAPL"]"#) };
        let lost = lab.adopt(&late, about()).await;
        assert!(matches!(lost, Err(StoreError::LeaseLost { .. })));
        lab.adopt(&lease, about()).await.unwrap();
        lab.adopt(&lease, about()).await.unwrap();
        lab.complete(&lease, headline, doc("{}")).await.unwrap();
        assert_eq!(lab.get(ME, id).await.unwrap().row.best_score, Some(1.0));
    }

    /// Numbers and report come together with the job's end, or not at all.
    async fn a_lost_lease_writes_no_report(rig: Rig) {
        let lab = rig.store.lab::<Backtests>();
        let id = lab.create(ME, subject("rsi", r#"["AAPL"]"#), doc("{}")).await.unwrap().job.id;
        let late = claimed(&rig.store).await.lease;
        rig.clock.advance(31);
        let lease = claimed(&rig.store).await.lease;
        let headline = BacktestHeadline { trades: Some(1), ..BacktestHeadline::default() };
        let lost = lab.complete(&late, headline, doc("1")).await;
        assert!(matches!(lost, Err(StoreError::LeaseLost { .. })));
        let failed = Outcome::Failed { error: "e".to_owned() };
        rig.store.jobs().finish(&lease, failed).await.unwrap();
        let run = lab.get(ME, id).await.unwrap();
        assert_eq!((run.row.trades, run.job.status), (None, JobStatus::Failed));
        assert_eq!(rig.store.jobs().result(ME, id).await.unwrap(), None);
    }
}

fn subject(strategy: &str, tickers: &str) -> Subject {
    Subject {
        strategy: Some(strategy.to_owned()),
        tickers: doc(tickers),
        timeframe: "1d".to_owned(),
        start_date: Some("2020-01-01".to_owned()),
        end_date: None,
    }
}
