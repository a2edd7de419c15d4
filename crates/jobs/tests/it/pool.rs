//! Jobs from the queue to their results, and all the ways in which they end otherwise.

use std::path::Path;

use jobs::ChunkSize;
use jobs::lab::backtest::backtest;
use jobs::lab::receipt::WithReceipt;
use jobs::lab::{COLUMN_BYTES, Course, Workbench};
use jobs::payload::{Payload, line};
use serde_json::{Value, json};
use store::{
    Backtests, Evaluations, JobStatus, JsonText, OwnerId, Page, RankingFilter, Sweeps, WalkForwards,
};

use crate::support::{ME, on_both, subject};

/// More work than any machine does while a test looks.
fn endless() -> Value {
    json!({"strategy": "macd", "tickers": ["AAPL"], "metric": "sortino_ratio", "grid": {
        "fast": {"from": 5, "to": 30}, "slow": {"from": 31, "to": 90},
        "signal": {"from": 3, "to": 30}}})
}

fn sma_sweep() -> Value {
    json!({"strategy": "sma_crossover", "tickers": ["AAPL", "MSFT", "IBM"], "start_date": "2008-01-01",
        "grid": {"fast": {"from": 2, "to": 20}, "slow": {"from": 10, "to": 100, "step": 5}},
        "where": ["fast<slow"], "top": 5})
}

on_both! {
    /// The report of a job is what the same request gives without a queue, to the byte.
    async fn each_kind_of_test_ends_with_its_report(rig: Rig) {
        let pool = rig.pool().await;
        let request = json!({"strategy": "RSI", "tickers": ["AAPL"], "benchmark": "^GSPC"});
        let lab = rig.store.lab::<Backtests>();
        let run = lab.create(ME, subject(Some("rsi_mean_reversion")), JsonText::of(&request).unwrap());
        let id = run.await.unwrap().row.id;
        let result = rig.result(id).await;

        let course = Course::default();
        let bench = Workbench {
            data_dir: Path::new("none"),
            workers: 1,
            column_bytes: COLUMN_BYTES,
            course: &course,
            remark: &|_| {},
        };
        let payload = Payload::parse(&request.to_string()).unwrap();
        let line = line("backtest", &payload).unwrap();
        let alone = backtest(&payload.backtest().unwrap(), &line, &bench).unwrap();
        let report = WithReceipt { report: &alone.report, receipt: &alone.receipt };
        let stored = rig.store.jobs().result(ME, id).await.unwrap().unwrap();
        let expected = format!(r#"{{"report":{},"#, serde_json::to_string(&report).unwrap());
        assert!(stored.as_str().starts_with(&expected), "{}", &stored.as_str()[..300]);
        let bars = result["report"]["bars"].as_u64().unwrap() as usize;
        let curve = result["equity"].as_array().unwrap();
        assert_eq!(curve.len(), bars);
        assert_eq!(curve[0]["timestamp"], result["report"]["from"]);
        assert_eq!(curve[bars - 1]["equity"], result["report"]["final_equity"]);
        assert!(curve.iter().all(|point| point["buy_and_hold"].is_f64()), "{}", curve[0]);
        let deepest = curve.iter().filter_map(|point| point["drawdown"].as_f64());
        let deepest = deepest.fold(0.0, f64::min);
        assert_eq!(json!(deepest), result["report"]["metrics"]["max_drawdown"]);
        let row = lab.get(ME, id).await.unwrap();
        assert_eq!(row.job.progress, 100.0);
        assert_eq!(json!(row.row.sharpe_ratio), result["report"]["metrics"]["sharpe_ratio"]);
        assert_eq!(json!(row.row.final_equity), result["report"]["final_equity"]);

        // What a schedule asked for has no row until it has ended.
        let scheduled = rig.enqueue("backtest", &request).await;
        rig.result(scheduled).await;
        assert_eq!(lab.get(ME, scheduled).await.unwrap().row.strategy, "rsi_mean_reversion");

        let request = JsonText::of(&json!({"strategy": "sma_crossover", "tickers": ["IBM"],
            "grid": {"fast": [5, 10], "slow": [30, 60]}})).unwrap();
        let walk = rig.store.lab::<WalkForwards>();
        let id = walk.create(ME, subject(Some("sma_crossover")), request).await.unwrap().row.id;
        let result = rig.result(id).await;
        assert_eq!(result["equity"][0]["symbol"], "IBM");
        let windows = result["report"]["results"][0]["windows"].as_array().unwrap().len();
        let row = walk.get(ME, id).await.unwrap().row;
        assert_eq!(row.folds, i64::try_from(windows).ok());
        assert!(row.in_sample_score.is_some() && row.out_of_sample_score.is_some(), "{row:?}");

        let request = JsonText::of(&json!({"tickers": ["AAPL", "IBM"]})).unwrap();
        let evaluations = rig.store.lab::<Evaluations>();
        let id = evaluations.create(ME, subject(None), request).await.unwrap().row.id;
        let result = rig.result(id).await;
        let best = &result["report"]["AAPL"]["best_strategy"];
        let known = rig.store.rankings().best(ME, Some("AAPL")).await.unwrap();
        assert_eq!(&json!(known[0].strategy_name), best);
        let page = Page { limit: 100, offset: 0 };
        let cells = rig.store.rankings().cells(ME, &RankingFilter::default(), page).await.unwrap();
        assert_eq!(cells.total, 24);
        let row = evaluations.get(ME, id).await.unwrap().row;
        assert!(row.best_ticker.is_some() && row.best_score.is_some(), "{row:?}");
        pool.stop().await;
    }

    /// However a sweep is split, it ends with the bytes of the one that is not.
    async fn a_split_sweep_is_the_whole_one(rig: Rig) {
        let request = JsonText::of(&sma_sweep()).unwrap();
        let sweeps = rig.store.lab::<Sweeps>();
        let mut seen = Vec::new();
        let sizes = [
            (ChunkSize::default(), 0),
            // One part an instrument; then some for each; then two instruments share one.
            (ChunkSize { bars: u64::MAX, rows: 400 }, 3),
            (ChunkSize { bars: 200_000, rows: u64::MAX }, 9),
            (ChunkSize { bars: u64::MAX, rows: 722 }, 2),
        ];
        for (chunk, parts) in sizes {
            let pool = rig.pool_of(chunk).await;
            let about = subject(Some("sma_crossover"));
            let id = sweeps.create(ME, about, request.clone()).await.unwrap().row.id;
            rig.result(id).await;
            let found = rig.store.jobs().parts(ME, id).await.unwrap();
            assert_eq!(found.len(), parts, "{chunk:?}");
            let result = rig.store.jobs().result(ME, id).await.unwrap().unwrap();
            let row = sweeps.get(ME, id).await.unwrap().row;
            seen.push((result, row.tried, row.best_score, row.best_params, row.pbo));
            pool.stop().await;
        }
        assert!(seen.iter().all(|one| one == &seen[0]), "the parts make another result");
        let document: Value = seen[0].0.read().unwrap();
        assert_eq!(document["report"]["rows"].as_array().unwrap().len(), 5);
        let cells = document["cells"].as_array().unwrap();
        let rows = cells.iter().map(|cells| cells["row"].as_array().unwrap().len());
        assert_eq!(json!(rows.sum::<usize>()), document["report"]["tried"]);
        assert_eq!(document["axes"]["slow"][0], 10.0);
    }

    /// What cannot be done fails once, and says why: to programs by a word, to people in others.
    async fn failures_say_what_is_wrong(rig: Rig) {
        let pool = rig.pool().await;
        let cases = [
            ("backtest", json!({"strategy": "sma_crosover", "tickers": ["AAPL"]}), "unknown_strategy: unknown strategy 'sma_crosover'; did you mean sma_crossover"),
            ("backtest", json!({"strategy": "rsi", "tickers": ["APPL"]}), "no_such_series: there are no 1d bars of APPL"),
            ("backtest", json!({"strategy": "rsi", "tickers": ["AAPL"], "end_date": "1901-01-01"}), "no_bars_in_range: AAPL has no 1d bar in that range"),
            ("backtest", json!({"strategy": "rsi", "tickers": ["AAPL"], "params": {"periods": 3}}), "bad_parameter: rsi_mean_reversion has no parameter 'periods'; did you mean period?"),
            ("backtest", json!({"strategy": "rsi", "tickers": ["AAPL"], "commission": "alpca"}), "unknown_commission: unknown commission preset 'alpca'; there are: none, alpaca_equities"),
            ("backtest", json!({"strategy": "rsi", "tickers": ["AAPL"], "colour": 1}), "bad_request: unknown field `colour`"),
            ("sweep", json!({"strategy": "sma_crossover", "tickers": ["AAPL"], "grid": {"fast": [50], "slow": [5]}}), "bad_grid: no combination of the grid"),
            ("walk_forward", json!({"strategy": "sma_crossover", "tickers": ["AAPL"], "train": 100_000}), "not_testable: "),
            ("evaluation", json!({"tickers": ["AAPL"], "metric": "sharp"}), "unknown_metric: unknown metric 'sharp'; did you mean"),
            ("sweep_part", json!({"part": 1}), "bad_request: "),
        ];
        for (kind, payload, expected) in cases {
            let id = rig.enqueue(kind, &payload).await;
            let job = rig.ended(id).await;
            let error = job.error.unwrap_or_default();
            assert_eq!((job.status, job.attempts), (JobStatus::Failed, 1), "{error}");
            assert!(error.starts_with(expected), "{error}\ninstead of\n{expected}");
        }
        pool.stop().await;
    }

    /// A disk that cannot be read may come back; a job waits for it.
    async fn what_may_pass_is_tried_again(rig: Rig) {
        // A link that leads to itself cannot be read.
        std::os::unix::fs::symlink("lake", rig.data.path().join("lake")).unwrap();
        let payload = json!({"strategy": "rsi", "tickers": ["AAPL"]});
        let id = rig.enqueue("backtest", &payload).await;
        let pool = rig.pool().await;
        let job = rig.wait_for(id, |job| job.error.is_some()).await;
        assert_eq!((job.status, job.attempts), (JobStatus::Queued, 1), "{:?}", job.error);
        assert!(job.run_at > job.created_at);
        assert!(job.error.unwrap().starts_with("lake_unavailable: cannot read"));
        pool.stop().await;
    }

    /// A part that fails fails the whole, in its words.
    async fn a_part_that_fails_fails_the_whole(rig: Rig) {
        let about = subject(Some("sma_crossover"));
        let request = JsonText::of(&sma_sweep()).unwrap();
        let id = rig.store.lab::<Sweeps>().create(ME, about, request).await.unwrap().row.id;
        // A worker that splits the sweep into something that nobody can do.
        let claimed = rig.store.jobs().claim("somebody", &["sweep"]).await.unwrap().unwrap();
        let part = store::NewJob::new("sweep_part", JsonText::parse("{}".to_owned()).unwrap());
        rig.store.jobs().split(&claimed.lease, vec![part]).await.unwrap();
        let pool = rig.pool().await;
        let job = rig.ended(id).await;
        assert_eq!(job.status, JobStatus::Failed);
        assert!(job.error.unwrap().starts_with("bad_request: "));
        pool.stop().await;
    }

    async fn a_running_test_is_canceled(rig: Rig) {
        let pool = rig.pool().await;
        let id = rig.enqueue("sweep", &endless()).await;
        let job = rig.wait_for(id, |job| job.progress > 0.0 && job.eta_seconds.is_some()).await;
        assert!(job.progress < 100.0, "{}", job.progress);
        rig.store.jobs().cancel(ME, id).await.unwrap();
        assert_eq!(rig.ended(id).await.status, JobStatus::Canceled);
        assert_eq!(rig.stored(id).await, None);
        // The worker goes on with something else.
        let next = rig.enqueue("backtest", &json!({"strategy": "rsi", "tickers": ["AAPL"]})).await;
        rig.result(next).await;
        pool.stop().await;
    }

    /// Whoever stops gives back what he had, and it costs the job nothing.
    async fn a_worker_that_stops_gives_its_jobs_back(rig: Rig) {
        let pool = rig.pool().await;
        let id = rig.enqueue("sweep", &endless()).await;
        rig.wait_for(id, |job| job.progress > 0.0).await;
        pool.stop().await;
        let job = rig.store.jobs().get(ME, id).await.unwrap();
        assert_eq!((job.status, job.attempts, job.losses), (JobStatus::Queued, 0, 0));
        assert!(job.run_at <= rig.store.now(), "it is due at once");
        rig.store.jobs().cancel(ME, id).await.unwrap();
    }

    /// A deleted job stops its worker, who then has time for others.
    async fn a_deleted_job_stops(rig: Rig) {
        let pool = rig.pool().await;
        for _ in 0..2 {
            let id = rig.enqueue("sweep", &endless()).await;
            rig.wait_for(id, |job| job.progress > 0.0).await;
            rig.store.jobs().delete(ME, id).await.unwrap();
        }
        let next = rig.enqueue("backtest", &json!({"strategy": "rsi", "tickers": ["AAPL"]})).await;
        rig.result(next).await;
        pool.stop().await;
        assert_eq!(rig.store.user(OwnerId::LOCAL).await.unwrap().id, ME);
    }
}
