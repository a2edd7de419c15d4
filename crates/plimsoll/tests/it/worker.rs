//! The built worker on both databases: killed in the middle again and again, and stopped politely.
//!
//! It says on stderr which job it begins and ends; the tests read some of that and strike, wherever
//! it is by then.

#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "helpers of tests, which are to panic"
)]

#[path = "../../../store/tests/it/support/databases.rs"]
mod databases;
#[path = "../../../store/tests/it/support/postgres.rs"]
mod postgres;

use std::io::{BufRead, BufReader, Lines};
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::Arc;

use jobs::payload::Payload;
use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};
use store::{
    Backtests, Evaluations, JobFilter, JobId, JobStatus, JsonText, LabTable, NewJob, OwnerId, Page,
    Store, Subject, Sweeps, SystemClock, WalkForwards,
};

use crate::program::Place;
use databases::Database;

const ME: OwnerId = OwnerId::LOCAL;

/// How often a worker is killed; more in a soak.
const KILLS: &str = "PLIMSOLL_KILLS";
/// What repeats a run, as far as the machine does.
const SEED: &str = "PLIMSOLL_SEED";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_workers_lose_nothing_sqlite() {
    killed_workers_lose_nothing(Database::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_workers_lose_nothing_postgres() {
    killed_workers_lose_nothing(Database::postgres().await).await;
}

async fn killed_workers_lose_nothing(database: Database) {
    let kills = number(KILLS).unwrap_or(50);
    let seed = number(SEED).unwrap_or_else(|| u64::from(std::process::id()));
    println!("{SEED}={seed} {KILLS}={kills}");
    let mut chance = Xoshiro256PlusPlus::seed_from_u64(seed);
    let place = Place::new();
    let store = Store::open(database.url(), Arc::new(SystemClock)).await.unwrap();
    count_endings(&database).await;
    let mut asked = vec![ask_for_parts(&store).await];
    for kill in 0..kills {
        // Three jobs give six lines at least, after the worker's first.
        for _ in 0..3 {
            asked.push(ask(&store, asked.len()).await);
        }
        let mut worker = Worker::start(&place, &database);
        for _ in 0..1 + chance.next_u64() % 6 {
            worker.line().unwrap_or_else(|| panic!("worker {kill} ended by itself"));
        }
        // A little further into what it does, without looking at a clock.
        for _ in 0..chance.next_u64() % 32 {
            store.jobs().get(ME, asked[0]).await.unwrap();
        }
        worker.child.kill().unwrap();
        worker.child.wait().unwrap();
    }
    let mut worker = Worker::start(&place, &database);
    while count(&database, "jobs where finished_at is null").await > 0 {
        worker.line().expect("the worker goes on");
    }
    assert_eq!(worker.stop(), Some(0));

    let page = Page { limit: 1000, offset: 0 };
    let jobs = store.jobs().list(ME, &JobFilter::default(), page).await.unwrap().rows;
    let mut ended = jobs.len();
    for job in &jobs {
        assert_eq!(job.status, JobStatus::Completed, "{job:?}");
        ended += store.jobs().parts(ME, job.id).await.unwrap().len();
    }
    for id in &asked {
        let result = store.jobs().result(ME, *id).await.unwrap().expect("a result");
        assert!(result.read::<Value>().unwrap()["report"].is_object());
    }
    assert_eq!(count(&database, "endings").await, ended as i64);
    assert_eq!(count(&database, "(select distinct id from endings) once").await, ended as i64);
    let lost: i32 = jobs.iter().map(|job| job.losses).sum();
    println!("{ended} jobs ended, {lost} workers were lost");

    // The parts of the first job made what the program makes at once.
    let whole = store.jobs().result(ME, asked[0]).await.unwrap().unwrap();
    let line =
        jobs::payload::line("sweep", &Payload::parse(&sweep().to_string()).unwrap()).unwrap();
    let line: Vec<&str> = line.iter().map(String::as_str).collect();
    let printed = place.run(&[&line[..], &["--json"]].concat()).done();
    let kept = format!("{{\"report\":{},", printed.trim_end());
    assert!(whole.as_str().starts_with(&kept), "the job's report differs from the command's");
    store.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_that_is_asked_to_stop_gives_back_what_it_has() {
    let (place, database) = (Place::new(), Database::sqlite());
    let store = Store::open(database.url(), Arc::new(SystemClock)).await.unwrap();
    let endless = json!({"strategy": "macd", "tickers": ["AAPL"], "metric": "sortino_ratio",
        "grid": {"fast": {"from": 5, "to": 30}, "slow": {"from": 31, "to": 90},
                 "signal": {"from": 3, "to": 30}}});
    let id = create::<Sweeps>(&store, &endless).await;
    let mut worker = Worker::start(&place, &database);
    while !worker.line().expect("the worker goes on").contains("job begun") {}
    assert_eq!(worker.stop(), Some(0));
    let job = store.jobs().get(ME, id).await.unwrap();
    assert_eq!((job.status, job.attempts, job.losses), (JobStatus::Queued, 0, 0));
    store.close().await.unwrap();
}

#[test]
fn a_database_that_is_none_is_told() {
    let place = Place::new();
    let cases = [
        ("mysql://host/db", "must begin with sqlite:// or postgres://"),
        ("postgres://nobody:secret@127.0.0.1:1/none", "cannot open the database"),
        ("sqlite:///proc/no/such/folder/x.db", "cannot write the database"),
    ];
    for (url, expected) in cases {
        let mut command = place.command(&["worker"]);
        let output = command.env("PLIMSOLL_STORAGE__DATABASE_URL", url).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains(expected) && !said.contains("secret"), "{said}");
    }
}

/// A job of each kind in turn.
async fn ask(store: &Store, number: usize) -> JobId {
    let test = json!({"strategy": "rsi_mean_reversion", "tickers": ["AAPL"], "seed": number});
    match number % 4 {
        0 => create::<Sweeps>(store, &sweep()).await,
        1 => {
            let grid = json!({"fast": [5, 10], "slow": [40]});
            let walk = json!({"strategy": "sma_crossover", "tickers": ["IBM"], "grid": grid});
            create::<WalkForwards>(store, &walk).await
        }
        2 => create::<Evaluations>(store, &json!({"tickers": ["MSFT"]})).await,
        _ => create::<Backtests>(store, &test).await,
    }
}

fn sweep() -> Value {
    json!({"strategy": "sma_crossover", "tickers": ["AAPL", "MSFT"],
        "grid": {"fast": {"from": 2, "to": 9}, "slow": {"from": 10, "to": 40, "step": 2}}, "top": 3})
}

/// A sweep that was split as a worker with little patience would.
async fn ask_for_parts(store: &Store) -> JobId {
    let id = create::<Sweeps>(store, &sweep()).await;
    let claimed = store.jobs().claim("a worker with little patience", &[]).await.unwrap().unwrap();
    let part = |subject: usize, rows: std::ops::Range<u64>| {
        let part = json!({"subjects": subject..subject + 1, "rows": rows});
        let payload = JsonText::of(&json!({"sweep": sweep(), "part": part})).unwrap();
        NewJob::new("sweep_part", payload)
    };
    let parts = [0, 1]
        .into_iter()
        .flat_map(|subject| (0..4).map(move |piece| part(subject, piece * 32..(piece + 1) * 32)));
    store.jobs().split(&claimed.lease, parts.collect()).await.unwrap();
    id
}

async fn create<T: LabTable>(store: &Store, payload: &Value) -> JobId {
    let subject = Subject {
        strategy: payload["strategy"].as_str().map(str::to_owned),
        tickers: JsonText::of(&payload["tickers"]).unwrap(),
        timeframe: "1d".to_owned(),
        start_date: None,
        end_date: None,
    };
    let payload = JsonText::of(payload).unwrap();
    store.lab::<T>().create(ME, subject, payload).await.unwrap().job.id
}

/// Counts each time that a job ends, whoever ends it.
async fn count_endings(database: &Database) {
    execute(database, "create table endings (id text not null)").await;
    let ended = "new.status in ('completed', 'failed', 'canceled')";
    let insert = "insert into endings values (new.id);";
    if database.is_postgres() {
        let body = format!("as $$ begin {insert} return new; end $$");
        let function = "create function ended() returns trigger language plpgsql";
        execute(database, &format!("{function} {body}")).await;
        let trigger = "create trigger ended after update of status on jobs for each row";
        execute(database, &format!("{trigger} when ({ended}) execute function ended()")).await;
    } else {
        let trigger = "create trigger ended after update of status on jobs for each row";
        execute(database, &format!("{trigger} when {ended} begin {insert} end")).await;
    }
}

async fn execute(database: &Database, sql: &str) {
    let raw = database.connect().await;
    raw.execute_unprepared(sql).await.unwrap();
    raw.close().await.unwrap();
}

async fn count(database: &Database, from: &str) -> i64 {
    let raw = database.connect().await;
    let sql = format!("select count(*) from {from}");
    let statement = Statement::from_string(raw.get_database_backend(), sql);
    let row = raw.query_one_raw(statement).await.unwrap().unwrap();
    raw.close().await.unwrap();
    row.try_get_by_index(0).unwrap()
}

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok().map(|text| text.parse().unwrap())
}

/// The built worker.
struct Worker {
    child: Child,
    said: Lines<BufReader<ChildStderr>>,
}

impl Worker {
    fn start(place: &Place, database: &Database) -> Self {
        let mut command = place.command(&["worker"]);
        command
            .env("PLIMSOLL_STORAGE__DATABASE_URL", database.url())
            .env("PLIMSOLL_JOBS__WORKERS", "2")
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let said = BufReader::new(child.stderr.take().unwrap()).lines();
        Self { child, said }
    }

    /// The next line that it says; `None` when it has ended.
    fn line(&mut self) -> Option<String> {
        self.said.next().map(Result::unwrap)
    }

    /// Asks it to stop, as a service manager does, and answers its exit code.
    fn stop(mut self) -> Option<i32> {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        self.said.by_ref().for_each(drop);
        self.child.wait().unwrap().code()
    }
}

impl Drop for Worker {
    /// No test leaves a worker behind, also when it fails.
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
