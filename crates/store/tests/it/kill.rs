//! Workers that are killed in the middle, again and again: every job ends once, none is lost.
//!
//! The worker is this test executable itself, started for one test that only works when it is told
//! a database. It writes a line at each step; the test reads some of them and kills it, wherever it
//! is by then.

use std::env;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use store::{Clock, JobFilter, JobStatus, NewJob, Outcome, Progress, Store, SystemClock};

use crate::support::{ME, Rig, doc, job, on_both, page};

/// How often a worker is killed; more in a soak.
const KILLS: &str = "PLIMSOLL_KILLS";
/// What repeats a run, as far as the machine does.
const SEED: &str = "PLIMSOLL_SEED";
/// Tells the child which database to work on, and how far ahead its clock is, in seconds.
const DATABASE: &str = "PLIMSOLL_KILL_DATABASE";
const AHEAD: &str = "PLIMSOLL_KILL_AHEAD_S";

/// How far the clocks of workers are ahead of those before them: past all leases and back-offs.
const GENERATION_S: u64 = 600;

/// How many jobs there are to begin with. Every fourth is split into parts.
const JOBS: usize = 24;
const PARTS: usize = 4;

on_both! {
    async fn every_job_ends_once_and_none_is_lost(rig: Rig) {
        let kills = number(KILLS).unwrap_or(50);
        let seed = number(SEED).unwrap_or_else(now_ns);
        println!("{SEED}={seed} {KILLS}={kills}");
        let mut chance = Xoshiro256PlusPlus::seed_from_u64(seed);
        count_endings(&rig).await;
        let mut asked = 0;
        for kill in 0..kills {
            // More work as it goes on, so that the last kill has something to hit too.
            let more = JOBS.saturating_sub(asked).max(1);
            for _ in 0..more {
                let kind = if asked % 4 == 0 { "whole" } else { "single" };
                let job = NewJob::new(kind, doc(&asked.to_string()));
                rig.store.jobs().enqueue(ME, job).await.unwrap();
                asked += 1;
            }
            // The second's clock is ahead by more than a lease: it takes what the first works on.
            let ahead = kill * GENERATION_S;
            for mut worker in [Worker::start(&rig, ahead), Worker::start(&rig, ahead + 31)] {
                worker.read_lines(chance.next_u64() % 30);
                worker.child.kill().unwrap();
                worker.child.wait().unwrap();
            }
        }
        // What is left waits for a lease or a back-off to pass, which each generation does.
        for after in kills..kills + 20 {
            Worker::start(&rig, after * GENERATION_S).run_to_the_end();
            if rig.count("jobs where finished_at is null").await == 0 {
                break;
            }
        }

        let jobs = rig.store.jobs().list(ME, &JobFilter::default(), page()).await.unwrap();
        assert_eq!(jobs.total, asked as u64);
        let mut ended = jobs.rows.len();
        for whole in &jobs.rows {
            assert_eq!(whole.status, JobStatus::Completed, "{whole:?}");
            let parts = rig.store.jobs().parts(ME, whole.id).await.unwrap();
            let expected = if whole.kind == "whole" { PARTS } else { 0 };
            assert_eq!(parts.len(), expected, "{whole:?}");
            assert!(parts.iter().all(|part| part.status == JobStatus::Completed), "{parts:?}");
            ended += parts.len();
            let result = rig.store.jobs().result(ME, whole.id).await.unwrap();
            assert_eq!(result, Some(whole.payload.clone()));
        }
        assert_eq!(rig.count("endings").await, ended as i64);
        assert_eq!(rig.count("(select distinct job_id from endings) once").await, ended as i64);
        let lost: i32 = jobs.rows.iter().map(|job| job.losses).sum();
        println!("{ended} jobs ended, {lost} of the wholes' workers were lost");
    }
}

/// Counts each time that a job ends, whoever ends it.
async fn count_endings(rig: &Rig) {
    rig.execute("create table endings (job_id text not null)").await;
    let ended = "new.status in ('completed', 'failed', 'canceled')";
    let insert = "insert into endings values (new.id);";
    if rig.database.is_postgres() {
        rig.execute(&format!(
            "create function ended() returns trigger language plpgsql
             as $$ begin {insert} return new; end $$"
        ))
        .await;
        rig.execute(&format!(
            "create trigger ended after update of status on jobs
             for each row when ({ended}) execute function ended()"
        ))
        .await;
    } else {
        rig.execute(&format!(
            "create trigger ended after update of status on jobs
             for each row when {ended} begin {insert} end"
        ))
        .await;
    }
}

/// Not a test unless it was told a database: the worker of the test above.
#[test]
fn worker() {
    let Ok(url) = env::var(DATABASE) else { return };
    let ahead = SignedDuration::from_secs(number(AHEAD).unwrap().cast_signed());
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.unwrap().block_on(work(&url, Arc::new(Ahead(ahead))));
}

/// Claims and ends jobs until none is due.
async fn work(url: &str, clock: Arc<dyn Clock>) {
    let store = Store::open(url, clock).await.unwrap();
    let name = format!("worker {}", std::process::id());
    println!("claim");
    while let Some(taken) = store.jobs().claim(&name, &[]).await.unwrap() {
        println!("claimed {}", taken.job.id);
        // Each of these fails when the other worker has taken the job; then it is his.
        if taken.job.kind == "whole" && !taken.job.is_split() {
            let split = store.jobs().split(&taken.lease, vec![job(); PARTS]).await;
            println!("split {}", split.is_ok());
        } else {
            let beat = Progress { percent: 50.0, eta_seconds: None };
            println!("beat {:?}", store.jobs().heartbeat(&taken.lease, beat).await.unwrap());
            let outcome = Outcome::Completed { result: Some(taken.job.payload) };
            let ended = store.jobs().finish(&taken.lease, outcome).await;
            println!("ended {}", ended.is_ok());
        }
        println!("claim");
    }
}

/// The machine's clock, set forward.
struct Ahead(SignedDuration);

impl Clock for Ahead {
    fn now(&self) -> Timestamp {
        SystemClock.now() + self.0
    }
}

struct Worker {
    child: Child,
    lines: Box<dyn Iterator<Item = String>>,
}

impl Worker {
    fn start(rig: &Rig, ahead_s: u64) -> Self {
        let mut child = Command::new(env::current_exe().unwrap())
            .args(["kill::worker", "--exact", "--nocapture"])
            .env(DATABASE, rig.database.url())
            .env(AHEAD, ahead_s.to_string())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        Self { child, lines: Box::new(out.lines().map_while(Result::ok)) }
    }

    /// Waits until the worker has said so many lines, or ended.
    fn read_lines(&mut self, count: u64) {
        let count = usize::try_from(count).unwrap();
        self.lines.by_ref().take(count).for_each(drop);
    }

    fn run_to_the_end(&mut self) {
        self.lines.by_ref().for_each(drop);
        let status = self.child.wait().unwrap();
        assert!(status.success(), "{status}");
    }
}

fn now_ns() -> u64 {
    u64::try_from(SystemClock.now().as_nanosecond()).unwrap()
}

fn number(variable: &str) -> Option<u64> {
    env::var(variable).ok().map(|text| text.parse().unwrap())
}
