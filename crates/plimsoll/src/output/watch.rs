//! Work of the lab under a progress bar, which Ctrl-C stops.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use jobs::lab::{COLUMN_BYTES, Course, LabError, Workbench};

use crate::Context;

/// How often progress is drawn and the stop flag passed on.
const INTERVAL: Duration = Duration::from_millis(50);

/// Does `work` while another thread draws how far it is.
///
/// # Errors
/// Those of `work`.
pub fn watched<T>(
    ctx: &Context,
    what: &str,
    work: impl FnOnce(&Workbench<'_>) -> Result<T, LabError>,
) -> Result<T, LabError> {
    let course = Course::default();
    let over = AtomicBool::new(false);
    let bench = Workbench {
        data_dir: &ctx.settings.data_dir.value,
        workers: ctx.settings.worker_count().get(),
        column_bytes: COLUMN_BYTES,
        course: &course,
        remark: &|text| ctx.note(text),
    };
    thread::scope(|scope| {
        let looker = scope.spawn(|| look(ctx, what, &course, &over));
        let result = work(&bench);
        over.store(true, Ordering::Release);
        looker.thread().unpark();
        result
    })
}

fn look(ctx: &Context, what: &str, course: &Course, over: &AtomicBool) {
    let stop = ctx.stop_flag();
    let mut progress = None;
    while !over.load(Ordering::Acquire) {
        thread::park_timeout(INTERVAL);
        let total = course.total.load(Ordering::Relaxed);
        if total > 0 {
            let progress = progress.get_or_insert_with(|| ctx.progress(what, total));
            progress.set(course.watch.done.load(Ordering::Relaxed), total);
        }
        if stop.load(Ordering::Relaxed) {
            course.watch.stop.store(true, Ordering::Relaxed);
        }
    }
}
