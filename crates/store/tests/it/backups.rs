//! Backups: whole, checked, and good for either database.

use std::fs;
use std::path::{Path, PathBuf};

use store::{
    Answer, BacktestHeadline, Backtests, BackupFault, BestStrategy, MissedRuns, NewJob,
    NewSchedule, Outcome, Replace, RequestKey, Store, StoreError, StrategyEvaluation, Subject,
    restore, verify,
};
use tempfile::TempDir;

use crate::support::{Database, ME, Rig, claimed, doc, enqueue, job, on_both};

on_both! {
    async fn a_backup_restores_into_either_database(rig: Rig) {
        fill(&rig).await;
        let folder = Folder::new();
        let manifest = rig.store.backup(&folder.path).await.unwrap();
        assert_eq!(manifest.schema, "m0006_idempotency_keys");
        assert_eq!(manifest.created_at, rig.clock.moment());
        let rows: Vec<(&str, u64)> =
            manifest.tables.iter().map(|table| (table.name.as_str(), table.rows)).collect();
        assert_eq!(rows, [
            ("users", 2), ("jobs", 5), ("job_results", 2), ("backtests", 1), ("sweeps", 0),
            ("walk_forwards", 0), ("evaluations", 0), ("strategy_evaluations", 1),
            ("best_strategies", 1), ("schedules", 1), ("idempotency_keys", 1),
        ]);
        assert_eq!(verify(&folder.path).unwrap(), manifest);

        for target in [Database::sqlite(), Database::postgres().await] {
            restore(&folder.path, target.url(), rig.clock.clone(), Replace::Nothing).await.unwrap();
            let copy = Rig::on(target).await;
            assert!(copy.store.migrated().applied.is_empty());
            // The same rows to the byte: a backup of the copy is the same backup.
            let again = Folder::new();
            copy.clock.set("2026-11-22T00:00:00Z");
            let second = copy.store.backup(&again.path).await.unwrap();
            assert_eq!(second.tables, manifest.tables);
            // And it goes on: what ran is lost with its worker, and done again.
            copy.clock.advance(60);
            let mut left = 0;
            while let Some(taken) = copy.store.jobs().claim("worker", &[]).await.unwrap() {
                copy.store.jobs().finish(&taken.lease, Outcome::Completed { result: None }).await.unwrap();
                left += 1;
            }
            assert_eq!(left, 3);
        }
    }

    async fn a_backup_is_one_instant_while_others_write(rig: Rig) {
        let store = rig.store.clone();
        let (stop, stopped) = tokio::sync::watch::channel(false);
        let writing = tokio::spawn(async move {
            // A row in an early table and one in a later: seen at two instants, they would differ.
            while !*stopped.borrow() {
                store.lab::<Backtests>().create(ME, subject(), doc("{}")).await.unwrap();
            }
        });
        let mut changes = rig.store.job_changes();
        for _ in 0..5 {
            changes.changed().await.unwrap();
            let folder = Folder::new();
            let manifest = rig.store.backup(&folder.path).await.unwrap();
            let rows = |name: &str| {
                manifest.tables.iter().find(|table| table.name == name).unwrap().rows
            };
            assert_eq!(rows("jobs"), rows("backtests"));
            verify(&folder.path).unwrap();
        }
        stop.send(true).unwrap();
        writing.await.unwrap();
    }

    async fn what_is_there_is_not_overwritten(rig: Rig) {
        enqueue(&rig.store, ME).await;
        let folder = Folder::new();
        rig.store.backup(&folder.path).await.unwrap();
        let exists = rig.store.backup(&folder.path).await;
        assert!(matches!(exists, Err(StoreError::Backup(BackupFault::Exists { .. }))));

        let target = Rig::on(another(&rig).await).await;
        let (mine, other) = (enqueue(&target.store, ME).await.id, target.somebody().await);
        enqueue(&target.store, other).await;
        target.store.close().await.unwrap();
        let url = target.database.url();
        let refused = restore(&folder.path, url, rig.clock.clone(), Replace::Nothing).await;
        let Err(StoreError::Backup(BackupFault::NotEmpty { table, rows })) = refused else {
            panic!("{refused:?}")
        };
        assert_eq!((table.as_str(), rows), ("jobs", 2));
        assert_eq!(target.count("jobs").await, 2);
        assert_eq!(target.count(&format!("jobs where id = '{mine}'")).await, 1);

        restore(&folder.path, url, rig.clock.clone(), Replace::Everything).await.unwrap();
        assert_eq!((target.count("jobs").await, target.count("users").await), (1, 1));
        assert_eq!(target.count(&format!("jobs where id = '{mine}'")).await, 0);
    }

    async fn one_flipped_byte_anywhere_is_found_and_nothing_restored(rig: Rig) {
        fill(&rig).await;
        let folder = Folder::new();
        rig.store.backup(&folder.path).await.unwrap();
        let target = Rig::on(another(&rig).await).await;
        target.store.close().await.unwrap();
        let mut files: Vec<PathBuf> =
            fs::read_dir(&folder.path).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        assert_eq!(files.len(), 12);
        for file in files {
            let whole = fs::read(&file).unwrap();
            // First, last and some between; the manifest's spaces and braces included.
            let step = (whole.len() / 7).max(1);
            let places = (0..whole.len()).step_by(step).chain([whole.len() - 1]);
            for place in places {
                let mut damaged = whole.clone();
                damaged[place] ^= 1;
                fs::write(&file, &damaged).unwrap();
                let refused = restore(&folder.path, target.database.url(), rig.clock.clone(), Replace::Everything).await;
                let fault = refused.expect_err("a flipped byte");
                assert!(
                    matches!(fault, StoreError::Backup(BackupFault::Damaged { .. } | BackupFault::Unreadable { .. })),
                    "{} {place}: {fault:?}", file.display()
                );
            }
            fs::write(&file, &whole[..whole.len() - 1]).unwrap();
            assert!(verify(&folder.path).is_err());
            fs::remove_file(&file).unwrap();
            assert!(matches!(verify(&folder.path), Err(StoreError::Backup(BackupFault::Unreadable { .. }))));
            fs::write(&file, &whole).unwrap();
        }
        verify(&folder.path).unwrap();
        assert_eq!((target.count("jobs").await, target.count("users").await), (0, 1));
    }

    /// Whatever the hashes say: a row that does not fit stops the restore, and undoes it.
    async fn a_row_that_does_not_fit_undoes_the_restore(rig: Rig) {
        fill(&rig).await;
        let folder = Folder::new();
        rig.store.backup(&folder.path).await.unwrap();
        let target = Rig::on(another(&rig).await).await;
        let kept = enqueue(&target.store, ME).await.id;
        target.store.close().await.unwrap();
        let file = folder.path.join("schedules.jsonl.zst");
        let rows = String::from_utf8(zstd::decode_all(&fs::read(&file).unwrap()[..]).unwrap()).unwrap();
        let (twice, short) = (rows.repeat(2), "[1]\n".to_owned());
        let strange = rows.replace("true", "\"yes\"");
        for bad in [twice, short, strange, String::new(), "nonsense\n".to_owned()] {
            fs::write(&file, zstd::encode_all(bad.as_bytes(), 1).unwrap()).unwrap();
            reseal(&folder.path);
            let refused = restore(&folder.path, target.database.url(), rig.clock.clone(), Replace::Everything).await;
            assert!(refused.is_err(), "{bad}");
            assert_eq!(target.count(&format!("jobs where id = '{kept}'")).await, 1);
            assert_eq!((target.count("jobs").await, target.count("backtests").await), (1, 0));
        }
        fs::write(&file, zstd::encode_all(rows.as_bytes(), 1).unwrap()).unwrap();
        reseal(&folder.path);
        restore(&folder.path, target.database.url(), rig.clock.clone(), Replace::Everything).await.unwrap();
        assert_eq!(target.count("schedules").await, 1);
    }

    async fn an_older_backup_is_brought_up_to_date_and_a_newer_one_refused(rig: Rig) {
        enqueue(&rig.store, ME).await;
        let folder = Folder::new();
        rig.store.backup(&folder.path).await.unwrap();
        // As a program would have written it that knew five steps, and so no table of keys.
        edit(&folder.path, |manifest| {
            manifest["schema"] = "m0005_schedules".into();
            manifest["tables"].as_array_mut().unwrap().pop();
        });
        let target = Rig::on(another(&rig).await).await;
        target.store.close().await.unwrap();
        let url = target.database.url();
        restore(&folder.path, url, rig.clock.clone(), Replace::Nothing).await.unwrap();
        let restored = Store::open(url, rig.clock.clone()).await.unwrap();
        assert!(restored.migrated().applied.is_empty());
        assert_eq!((target.count("jobs").await, target.count("idempotency_keys").await), (1, 0));

        for (key, value) in [("schema", "m9999_moon".into()), ("format", 2.into())] {
            let newer = Folder::new();
            rig.store.backup(&newer.path).await.unwrap();
            edit(&newer.path, |manifest| manifest[key] = value);
            let refused = restore(&newer.path, url, rig.clock.clone(), Replace::Everything).await;
            assert!(matches!(refused, Err(StoreError::Backup(BackupFault::Newer { .. }))), "{key}");
        }
        assert_eq!(target.count("jobs").await, 1);
    }

    async fn a_newer_database_is_not_overwritten(rig: Rig) {
        let folder = Folder::new();
        rig.store.backup(&folder.path).await.unwrap();
        rig.store.close().await.unwrap();
        rig.execute("insert into schema_migrations values ('m9999_moon', 0)").await;
        let refused = restore(&folder.path, rig.database.url(), rig.clock.clone(), Replace::Everything).await;
        assert!(matches!(refused, Err(StoreError::Newer { .. })));
        assert_eq!(rig.count("users").await, 1);
    }

    async fn a_backup_that_fails_leaves_nothing_behind(rig: Rig) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        let failed = rig.store.backup(&file.join("backup")).await;
        assert!(matches!(failed, Err(StoreError::Backup(BackupFault::Unwritable { .. }))));
        // Fails in the middle: a table is gone.
        rig.execute("drop table schedules").await;
        let failed = rig.store.backup(&folder.path().join("backup")).await;
        assert!(matches!(failed, Err(StoreError::Database(_))));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}

/// A place for a backup that does not exist yet.
struct Folder {
    _parent: TempDir,
    path: PathBuf,
}

impl Folder {
    fn new() -> Self {
        let parent = tempfile::tempdir().unwrap();
        let path = parent.path().join("backups").join("today");
        Self { _parent: parent, path }
    }
}

/// A database of the other kind.
async fn another(rig: &Rig) -> Database {
    if rig.database.is_postgres() { Database::sqlite() } else { Database::postgres().await }
}

/// Rows in most tables: every kind of column, nulls, jobs in every state, an older part.
async fn fill(rig: &Rig) {
    let store = &rig.store;
    rig.somebody().await;
    let lab = store.lab::<Backtests>();
    lab.create(ME, subject(), doc(r#"{"cash": 1e4, "quote": "'\\"}"#)).await.unwrap();
    let headline =
        BacktestHeadline { total_return: Some(0.1 + 0.2), trades: Some(3), ..Default::default() };
    let report = doc(&format!("[{}1.5]", "0.25,".repeat(50_000)));
    lab.complete(&claimed(store).await.lease, headline, report).await.unwrap();

    enqueue(store, ME).await;
    let whole = claimed(store).await.lease;
    rig.clock.advance(1);
    let whole_again = NewJob { idempotency_key: Some("k".to_owned()), priority: -7, ..job() };
    store.jobs().enqueue(ME, whole_again).await.unwrap();
    store.jobs().split(&whole, vec![NewJob { priority: 9, ..job() }, job()]).await.unwrap();
    let part = claimed(store).await.lease;
    let part_result = Outcome::Completed { result: Some(doc("[1]")) };
    store.jobs().finish(&part, part_result).await.unwrap();
    // Stays running, as on a server that goes down after the backup.
    claimed(store).await;

    store
        .schedules()
        .create(
            ME,
            NewSchedule {
                name: "nightly".to_owned(),
                kind: "evaluation".to_owned(),
                payload: doc("{}"),
                rule: "NYSE close +30m".parse().unwrap(),
                missed: MissedRuns::Skip,
                is_enabled: true,
            },
        )
        .await
        .unwrap();
    let cell = StrategyEvaluation {
        owner_id: ME,
        ticker: "AAPL".to_owned(),
        strategy_name: "rsi".to_owned(),
        evaluation_id: None,
        metric_name: "sharpe_ratio".to_owned(),
        score: Some(f64::MIN_POSITIVE),
        params: doc("{}"),
        metrics: doc("{}"),
        evaluated_at: rig.clock.moment(),
    };
    let best = BestStrategy {
        owner_id: ME,
        ticker: "AAPL".to_owned(),
        strategy_name: "rsi".to_owned(),
        metric_name: "sharpe_ratio".to_owned(),
        score: None,
        out_of_sample_rank: None,
        params: doc("{}"),
        evaluated_at: rig.clock.moment(),
    };
    store.rankings().record(ME, vec![cell], vec![best]).await.unwrap();
    let request = RequestKey {
        method: "POST".to_owned(),
        route: "/backtests".to_owned(),
        key: "k".to_owned(),
        body_hash: "h".to_owned(),
    };
    let answer = Answer { status: 202, headers: doc("{}"), body: (0..=255).collect() };
    store
        .write(move |tx| {
            Box::pin(async move {
                tx.claim_key(ME, &request).await?;
                tx.settle_key(ME, &request, &answer).await
            })
        })
        .await
        .unwrap();
}

fn subject() -> Subject {
    Subject {
        strategy: Some("rsi".to_owned()),
        tickers: doc(r#"["AAPL","ÄÖ\u0000"]"#),
        timeframe: "1d".to_owned(),
        start_date: None,
        end_date: Some("2026-11-20".to_owned()),
    }
}

/// Changes a manifest and seals it again, as whoever wrote it would have.
fn edit(folder: &Path, change: impl FnOnce(&mut serde_json::Value)) {
    let path = folder.join("manifest.json");
    let sealed: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    let mut manifest = sealed["manifest"].clone();
    change(&mut manifest);
    let text = manifest.to_string();
    let seal = blake3::hash(text.as_bytes());
    fs::write(&path, format!(r#"{{"manifest": {text}, "blake3": "{seal}"}}"#)).unwrap();
}

/// Makes the manifest agree with the files as they are.
fn reseal(folder: &Path) {
    edit(folder, |manifest| {
        for table in manifest["tables"].as_array_mut().unwrap() {
            let file = folder.join(format!("{}.jsonl.zst", table["name"].as_str().unwrap()));
            table["blake3"] = blake3::hash(&fs::read(file).unwrap()).to_string().into();
        }
    });
}
