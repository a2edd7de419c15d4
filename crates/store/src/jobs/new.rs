//! A job as it is asked for.

use crate::json::JsonText;
use crate::moment::Moment;

/// How often a job is begun unless it says otherwise.
const MAX_ATTEMPTS: i32 = 3;

/// What to do, and how.
#[derive(Clone, Debug, PartialEq)]
pub struct NewJob {
    /// What to do: `backtest`, `sweep`, …
    pub kind: String,
    /// What to do it with.
    pub payload: JsonText,
    /// Higher is sooner, among the jobs of equally busy owners.
    pub priority: i32,
    /// Not before this; at once when `None`.
    pub run_at: Option<Moment>,
    /// How often it may be begun when it fails; at least once.
    pub max_attempts: i32,
    /// A second job of this owner and kind with this key is the first one.
    pub idempotency_key: Option<String>,
}

impl NewJob {
    /// A job of ordinary priority that is due at once and begun up to three times.
    pub fn new(kind: &str, payload: JsonText) -> Self {
        Self {
            kind: kind.to_owned(),
            payload,
            priority: 0,
            run_at: None,
            max_attempts: MAX_ATTEMPTS,
            idempotency_key: None,
        }
    }
}
