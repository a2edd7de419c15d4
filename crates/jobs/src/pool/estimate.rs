//! How far a test is, and how long it will take.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use store::Progress;

use crate::lab::Course;

/// Before this much time has passed, nothing can be said of the rest.
const SOONEST: Duration = Duration::from_millis(300);

/// Judges the rest by what was done since the number of steps was known.
#[derive(Debug, Default)]
pub(super) struct Estimate {
    since: Option<Instant>,
}

impl Estimate {
    /// How far it is at `now`. Only what is done and stored is 100 %.
    pub(super) fn at(&mut self, now: Instant, course: &Course) -> Progress {
        let total = course.total.load(Ordering::Relaxed);
        if total == 0 {
            return Progress::default();
        }
        let since = *self.since.get_or_insert(now);
        let done = course.watch.done.load(Ordering::Relaxed).min(total);
        let passed = now.duration_since(since);
        let eta_seconds = (done > 0 && passed >= SOONEST)
            .then(|| passed.as_secs_f64() * (total - done) as f64 / done as f64);
        Progress { percent: (100.0 * done as f64 / total as f64).min(99.0), eta_seconds }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::Ordering;
    use std::time::{Duration, Instant};

    use super::Estimate;
    use crate::lab::Course;

    #[test]
    fn the_rest_takes_as_long_as_what_is_done() {
        let (course, mut estimate, start) =
            (Course::default(), Estimate::default(), Instant::now());
        let mut at = |seconds: u64, done: u64, total: u64| {
            course.total.store(total, Ordering::Relaxed);
            course.watch.done.store(done, Ordering::Relaxed);
            let progress = estimate.at(start + Duration::from_secs(seconds), &course);
            (progress.percent, progress.eta_seconds)
        };
        assert_eq!(at(0, 0, 0), (0.0, None));
        assert_eq!(at(10, 0, 200), (0.0, None));
        assert_eq!(at(20, 50, 200), (25.0, Some(30.0)));
        assert_eq!(at(30, 200, 200), (99.0, Some(0.0)));
    }
}
