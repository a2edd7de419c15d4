//! The tables as rows of Rust, one file a table.

pub(crate) mod users;

pub(crate) mod job_results;
pub(crate) mod jobs;

pub(crate) mod backtests;
pub(crate) mod evaluations;
pub(crate) mod sweeps;
pub(crate) mod walk_forwards;

pub(crate) mod best_strategies;
pub(crate) mod strategy_evaluations;

pub(crate) mod schedules;

pub(crate) mod idempotency_keys;
