//! Long work under a progress bar that Ctrl-C stops.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use engine::sweep::Watch;

use crate::Context;

/// How often progress is drawn and the stop flag passed on.
const INTERVAL: Duration = Duration::from_millis(50);

/// Does `work` while another thread draws its progress of `total` steps.
pub fn watched<T>(ctx: &Context, what: &str, total: u64, work: impl FnOnce(&Watch) -> T) -> T {
    let watch = Watch::default();
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        let looker = scope.spawn(|| {
            let progress = ctx.progress(what, total);
            while !over.load(Ordering::Acquire) {
                thread::park_timeout(INTERVAL);
                progress.set(watch.done.load(Ordering::Relaxed), total);
                if ctx.stop_flag().load(Ordering::Relaxed) {
                    watch.stop.store(true, Ordering::Relaxed);
                }
            }
        });
        let result = work(&watch);
        over.store(true, Ordering::Release);
        looker.thread().unpark();
        result
    })
}
