//! A worker is alive.

use sea_orm::{IntoActiveModel, Set};

use super::LEASE;
use super::claim::Lease;
use super::row::{lock_leased, save};
use crate::database::Tx;
use crate::error::StoreError;

/// How far a worker is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Progress {
    /// 0 to 100; what lies outside is brought inside, NaN is 0.
    pub percent: f64,
    /// How long it will take from now, if the worker can tell.
    pub eta_seconds: Option<f64>,
}

/// What a worker is to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Go on.
    Continue,
    /// Stop, and finish as canceled: the owner asked for it.
    Cancel,
    /// Drop everything: the job is no longer his.
    Lost,
}

pub(super) async fn heartbeat(
    tx: &Tx,
    lease: &Lease,
    progress: Progress,
) -> Result<Verdict, StoreError> {
    let Some(job) = lock_leased(tx, lease).await? else { return Ok(Verdict::Lost) };
    let verdict = if job.cancel_requested { Verdict::Cancel } else { Verdict::Continue };
    let mut row = job.into_active_model();
    row.progress =
        Set(if progress.percent.is_nan() { 0.0 } else { progress.percent.clamp(0.0, 100.0) });
    row.eta_seconds = Set(progress.eta_seconds.filter(|eta| eta.is_finite()));
    row.lease_until = Set(Some(tx.now().plus(LEASE)));
    save(tx, row).await?;
    Ok(verdict)
}
