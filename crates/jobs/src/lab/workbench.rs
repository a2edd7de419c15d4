//! What every test is given beside its request.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use engine::sweep::Watch;

use super::LabError;

/// Bytes that computed columns may take at a time, in a process that does one thing.
pub const COLUMN_BYTES: usize = 192 << 20;

/// How far a test is, and the flag that stops it; others may look at it and raise it.
#[derive(Debug, Default)]
pub struct Course {
    /// Steps done, and whether to stop.
    pub watch: Watch,
    /// All steps; 0 while nobody knows.
    pub total: AtomicU64,
}

/// Where a test finds its data, and what it may take.
#[derive(Clone, Copy)]
pub struct Workbench<'a> {
    /// The folder of the lake.
    pub data_dir: &'a Path,
    /// Threads.
    pub workers: usize,
    /// Bytes that computed columns may take at a time.
    pub column_bytes: usize,
    /// How far it is, and whether to stop.
    pub course: &'a Course,
    /// Takes remarks that are no result.
    pub remark: &'a (dyn Fn(&str) + Sync),
}

impl Workbench<'_> {
    /// Says how many steps there are in all.
    pub(super) fn expect(&self, steps: u64) {
        self.course.total.store(steps, Ordering::Relaxed);
    }

    /// Says that one more step is done.
    pub(super) fn step(&self) {
        self.course.watch.done.fetch_add(1, Ordering::Relaxed);
    }

    /// Ends work that was asked to stop, between two of its steps.
    pub(super) fn check_stopped(&self) -> Result<(), LabError> {
        if self.course.watch.stop.load(Ordering::Relaxed) { Err(LabError::Stopped) } else { Ok(()) }
    }
}

impl std::fmt::Debug for Workbench<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { data_dir, workers, .. } = self;
        f.debug_struct("Workbench").field("data_dir", data_dir).field("workers", workers).finish()
    }
}
