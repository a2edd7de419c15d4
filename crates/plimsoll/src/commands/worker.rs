//! `plimsoll worker`: does the jobs of the queue.

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use jobs::{ChunkSize, Pool, PoolOptions};
use store::{Store, SystemClock};

use crate::Context;
use crate::error::CliError;
use crate::output::log;

/// How often the worker looks whether to stop.
const LOOK: Duration = Duration::from_millis(100);

/// How long threads that still compute are waited for; what they do is another worker's by then.
const PATIENCE: Duration = Duration::from_secs(5);

/// Works until Ctrl-C or SIGTERM, then gives back what runs.
///
/// # Errors
/// [`CliError::Failed`] when the database cannot be used.
pub fn run(ctx: &Context) -> Result<(), CliError> {
    log::to_stderr(ctx.quiet);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(CliError::failed)?;
    let worked = runtime.block_on(work(ctx));
    runtime.shutdown_timeout(PATIENCE);
    worked
}

async fn work(ctx: &Context) -> Result<(), CliError> {
    let stop = ctx.stop_flag();
    let settings = &ctx.settings;
    let store = Store::open(&settings.database_url.value, Arc::new(SystemClock)).await;
    let store = store.map_err(|fault| told(&fault))?;
    let options = PoolOptions {
        data_dir: settings.data_dir.value.clone(),
        workers: settings.worker_count(),
        chunk: ChunkSize::default(),
    };
    let workers = options.workers;
    let pool = Pool::start(store.clone(), options).await.map_err(|fault| told(&fault))?;
    ctx.note(&format!("worker {} does {workers} jobs at once; Ctrl-C stops it", pool.name()));
    while !stop.load(Ordering::Relaxed) {
        tokio::time::sleep(LOOK).await;
    }
    pool.stop().await;
    store.close().await.map_err(|fault| told(&fault))?;
    ctx.note("what ran was given back");
    Ok(())
}

/// A fault with its causes, which say what to do about a database that cannot be reached.
fn told(fault: &dyn Error) -> CliError {
    let causes = std::iter::successors(Some(fault), |&fault| fault.source());
    let causes: Vec<String> = causes.map(ToString::to_string).collect();
    CliError::Failed(causes.join(": "))
}
