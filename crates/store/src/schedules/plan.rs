//! Which runs a schedule makes now, and which is next.

use jiff::{SignedDuration, Timestamp};

use super::rule::ScheduleRule;
use crate::entities::schedules::MissedRuns;

/// A run that is no later than this is in time.
pub(super) const GRACE: SignedDuration = SignedDuration::from_mins(10);

/// What to do about a schedule that is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Plan {
    /// The time to make a job for, if any.
    pub(super) run: Option<Timestamp>,
    /// When to look again; it has passed already when there is more to make up for.
    pub(super) next: Option<Timestamp>,
}

/// `due`: the run that is due, not after `now`.
pub(super) fn plan(rule: ScheduleRule, missed: MissedRuns, due: Timestamp, now: Timestamp) -> Plan {
    let next = rule.next_after(now);
    match missed {
        MissedRuns::Once => Plan { run: Some(due), next },
        MissedRuns::All => Plan { run: Some(due), next: rule.next_after(due) },
        MissedRuns::Skip if now.duration_since(due) <= GRACE => Plan { run: Some(due), next },
        MissedRuns::Skip => {
            // All that is too late goes; a later one may be in time.
            let latest = now.checked_sub(GRACE).ok().and_then(|from| rule.next_after(from));
            Plan { run: latest.filter(|latest| *latest <= now), next }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missed_runs_are_skipped_joined_or_made_up_for() {
        let at = |time: &str| -> Timestamp { format!("2026-11-21T{time}:00Z").parse().unwrap() };
        // rule, what becomes of missed runs, due, now, the run that is made, the next
        let cases = [
            ("every 1h", MissedRuns::Skip, "02:00", "02:10", Some("02:00"), "03:00"),
            ("every 1h", MissedRuns::Skip, "02:00", "02:11", None, "03:00"),
            ("every 1h", MissedRuns::Skip, "02:00", "05:05", Some("05:00"), "06:00"),
            ("every 1h", MissedRuns::Once, "02:00", "05:05", Some("02:00"), "06:00"),
            ("every 1h", MissedRuns::All, "02:00", "05:05", Some("02:00"), "03:00"),
            ("every 1h", MissedRuns::All, "05:00", "05:05", Some("05:00"), "06:00"),
        ];
        for (rule, missed, due, now, run, next) in cases {
            let found = plan(rule.parse().unwrap(), missed, at(due), at(now));
            let expected = Plan { run: run.map(at), next: Some(at(next)) };
            assert_eq!(found, expected, "{missed:?} {now}");
        }
    }
}
