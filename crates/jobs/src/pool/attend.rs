//! One job, from its claim to its end.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use store::{Claimed, JsonText, Lease, Outcome, Progress, StoreError, Verdict};
use tokio::sync::watch;
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::{MissedTickBehavior, interval};
use tracing::{error, info, warn};

use super::Shared;
use super::estimate::Estimate;
use super::finish::{Ending, finish};
use crate::chores;
use crate::lab::{COLUMN_BYTES, Course, LabError, Workbench};
use crate::stop::stopped;
use crate::work::{Done, Task, work};

/// How often the queue hears that the worker is alive and how far it is.
const HEARTBEAT: Duration = Duration::from_millis(500);

/// Progress of a job whose parts are done and are being joined.
const JOINING: f64 = 99.0;

/// Why a running job is to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Halt {
    /// Its owner asked for it.
    Canceled,
    /// It is somebody else's now.
    Lost,
}

/// Does a job and ends it.
pub(super) async fn attend(shared: Arc<Shared>, claimed: Claimed, stopping: watch::Receiver<bool>) {
    let Claimed { job, lease } = claimed;
    let begun = Instant::now();
    let (id, kind) = (job.id, job.kind.clone());
    info!(job.id = %id, job.kind = kind, job.attempt = job.attempts, "job begun");
    let ending = if chores::knows(&kind) {
        chores::run(&shared.store, &job, &lease).await
    } else {
        match parts(&shared, &job).await {
            Ok(Parts::Usable(parts)) => {
                let chunk = shared.options.chunk;
                let now = shared.store.now();
                compute(&shared, Task { job, parts, chunk, now }, &lease, stopping).await
            }
            Ok(Parts::Unusable(ending)) => ending,
            Err(fault) => Ending::passing(&fault),
        }
    };
    let elapsed_ms = begun.elapsed().as_millis() as u64;
    match finish(&shared.store, &lease, ending).await {
        Ok(Some(status)) => info!(job.id = %id, job.kind = kind, ?status, elapsed_ms, "job ended"),
        Ok(None) => info!(job.id = %id, job.kind = kind, elapsed_ms, "job is no longer ours"),
        // Its lease expires, and another worker does it.
        Err(fault) => error!(job.id = %id, job.kind = kind, ?fault, "cannot store how a job ended"),
    }
}

/// What the parts of a job came to.
enum Parts {
    Usable(Vec<JsonText>),
    Unusable(Ending),
}

/// Reads what the parts of a split job came to; a part that failed fails the whole.
async fn parts(shared: &Shared, job: &store::Job) -> Result<Parts, StoreError> {
    if !job.is_split() {
        return Ok(Parts::Usable(Vec::new()));
    }
    let mut found = Vec::new();
    for part in shared.store.jobs().parts(job.owner_id, job.id).await? {
        match shared.store.jobs().result(job.owner_id, part.id).await? {
            Some(result) => found.push(result),
            None => {
                let error = part.error.unwrap_or_else(|| "canceled: a part was canceled".into());
                return Ok(Parts::Unusable(Ending::Plain(Outcome::Failed { error })));
            }
        }
    }
    Ok(Parts::Usable(found))
}

/// Computes on a thread, and looks after it.
async fn compute(
    shared: &Arc<Shared>,
    task: Task,
    lease: &Lease,
    mut stopping: watch::Receiver<bool>,
) -> Ending {
    let course = Arc::new(Course::default());
    let is_joined = task.job.is_split();
    let mut thread = on_thread(shared, task, Arc::clone(&course));
    let mut ticks = interval(HEARTBEAT);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut estimate = Estimate::default();
    let mut halt = None;
    let result = loop {
        tokio::select! {
            result = &mut thread => break result,
            () = stopped(&mut stopping) => {
                course.watch.stop.store(true, Ordering::Relaxed);
                // The job is another worker's at once; the thread finds out by itself.
                return Ending::Plain(Outcome::Released);
            }
            _ = ticks.tick(), if halt != Some(Halt::Lost) => {
                let mut progress = estimate.at(Instant::now(), &course);
                if is_joined {
                    progress = Progress { percent: JOINING, eta_seconds: None };
                }
                match shared.store.jobs().heartbeat(lease, progress).await {
                    Ok(Verdict::Continue) => {}
                    Ok(Verdict::Cancel) => halt = Some(Halt::Canceled),
                    Ok(Verdict::Lost) => halt = Some(Halt::Lost),
                    Err(fault) => warn!(job.id = %lease.job(), ?fault, "heartbeat failed"),
                }
                if halt.is_some() {
                    course.watch.stop.store(true, Ordering::Relaxed);
                }
            }
        }
    };
    match (halt, result) {
        (Some(Halt::Lost), _) => Ending::None,
        (Some(Halt::Canceled), _) => Ending::Plain(Outcome::Canceled),
        (_, Ok(Ok(done))) => Ending::Done(Box::new(done)),
        (_, Ok(Err(fault))) => Ending::of(&fault),
        (_, Err(fault)) => {
            error!(job.id = %lease.job(), %fault, "a job ended in a panic");
            let fault = LabError::failed("internal_error", "the program has a fault; it is logged");
            Ending::of(&fault)
        }
    }
}

fn on_thread(
    shared: &Arc<Shared>,
    task: Task,
    course: Arc<Course>,
) -> JoinHandle<Result<Done, LabError>> {
    let shared = Arc::clone(shared);
    spawn_blocking(move || {
        let busy = shared.busy.fetch_add(1, Ordering::Relaxed) + 1;
        let workers = shared.options.workers.get();
        let bench = Workbench {
            data_dir: &shared.options.data_dir,
            // Jobs share the cores; which and how many threads compute changes no result.
            workers: (workers / busy.min(workers)).max(1),
            column_bytes: COLUMN_BYTES / workers,
            course: &course,
            remark: &|text| info!(job.id = %task.job.id, remark = text, "remark on a job"),
        };
        // Also after a panic, which the one who waits for this thread hears of.
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| work(&task, &bench)));
        shared.busy.fetch_sub(1, Ordering::Relaxed);
        result.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}
