//! Recurring work: what every server has, and making the jobs that are due.

use std::time::Duration;

use store::{JsonText, MissedRuns, NewSchedule, OwnerId, RuleError, Store, StoreError};
use tokio::sync::watch;
use tokio::time::sleep;
use tracing::{info, warn};

use crate::chores::{NIGHTLY_EVALUATION, PURGE, Purge};
use crate::stop::stopped;

/// How long a job that has ended is kept, when it is not a result.
const KEPT_DAYS: u32 = 30;

/// Schedules are looked at this often at least: people change them.
const POLL: Duration = Duration::from_secs(30);

/// Makes the schedules of the house where they are not there. Who does not want one disables it.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn ensure(store: &Store) -> Result<(), StoreError> {
    for schedule in own()? {
        match store.schedules().create(OwnerId::LOCAL, schedule).await {
            Ok(_) | Err(StoreError::Taken { .. }) => {}
            Err(fault) => return Err(fault),
        }
    }
    Ok(())
}

/// Makes the jobs that are due, until the process stops.
pub(crate) async fn run(store: Store, mut stopping: watch::Receiver<bool>) {
    while !*stopping.borrow() {
        match store.schedules().fire().await {
            Ok(jobs) => {
                for job in jobs {
                    info!(job.id = %job.id, job.kind = job.kind, "schedule made a job");
                }
            }
            Err(fault) => warn!(?fault, "cannot look at the schedules"),
        }
        let wait = wait(&store).await;
        tokio::select! {
            () = stopped(&mut stopping) => {}
            () = sleep(wait) => {}
        }
    }
}

/// How long until the next schedule is due, at most [`POLL`].
async fn wait(store: &Store) -> Duration {
    let Ok(Some(next)) = store.schedules().next_due().await else { return POLL };
    let until = next.timestamp().duration_since(store.now().timestamp());
    Duration::try_from(until).unwrap_or_default().min(POLL)
}

fn own() -> Result<[NewSchedule; 2], StoreError> {
    let rule = |text: &str| text.parse().map_err(|fault: RuleError| StoreError::from(fault));
    Ok([
        NewSchedule {
            name: "purge".to_owned(),
            kind: PURGE.to_owned(),
            payload: JsonText::of(&Purge { days: KEPT_DAYS })?,
            rule: rule("utc 03:00")?,
            missed: MissedRuns::Once,
            is_enabled: true,
        },
        // After the close, when the day's bars have come in. A missed night is not made up for:
        // the next one sees the same bars and more.
        NewSchedule {
            name: "nightly evaluation".to_owned(),
            kind: NIGHTLY_EVALUATION.to_owned(),
            payload: JsonText::parse("{}".to_owned())?,
            rule: rule("NYSE close +2h")?,
            missed: MissedRuns::Skip,
            is_enabled: true,
        },
    ])
}
