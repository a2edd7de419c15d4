//! What is kept in tables: jobs, results, schedules; SQLite and PostgreSQL from the same code.
//!
//! [`Store::open`] gives the whole of it: [`Store::jobs`] the queue, [`Store::lab`] what the lab
//! made, [`Store::rankings`], [`Store::schedules`], [`Store::backup`]. Each call is a transaction;
//! [`Store::write`] joins several into one, with the same operations on [`Tx`]. Everything has an
//! owner, and every operation for a person names him in the statement that reads or writes.

mod amount;
mod clock;
mod error;
mod ids;
mod json;
mod moment;
mod packed;

mod database;
mod entities;
mod migrations;

mod idempotency;
mod jobs;
mod lab;
mod rankings;
mod schedules;
mod users;

mod backup;

pub use amount::Dec;
pub use backup::{
    BackupFault, ColumnKind, Manifest, Replace, SavedColumn, SavedTable, restore, verify,
};
pub use clock::{Clock, SystemClock};
pub use database::{Migrated, Store, Tx, TxFuture};
pub use entities::backtests::{BacktestHeadline, Entity as Backtests, Model as Backtest};
pub use entities::best_strategies::Model as BestStrategy;
pub use entities::evaluations::{Entity as Evaluations, EvaluationHeadline, Model as Evaluation};
pub use entities::jobs::{JobStatus, Model as Job};
pub use entities::schedules::{MissedRuns, Model as Schedule};
pub use entities::strategy_evaluations::Model as StrategyEvaluation;
pub use entities::sweeps::{Entity as Sweeps, Model as Sweep, SweepHeadline};
pub use entities::users::Model as User;
pub use entities::walk_forwards::{
    Entity as WalkForwards, Model as WalkForward, WalkForwardHeadline,
};
pub use error::StoreError;
pub use idempotency::{Answer, ClaimedKey, HELD, KEPT, RequestKey};
pub use ids::{JobId, OwnerId, ScheduleId};
pub use jobs::{
    Claimed, JobFilter, JobState, Jobs, LEASE, Lease, Listed, NewJob, Outcome, Page, Progress,
    Reclaimed, Verdict,
};
pub use json::JsonText;
pub use lab::{Lab, LabColumns, LabTable, Run, RunFilter, Subject};
pub use moment::Moment;
pub use rankings::{RankingFilter, Rankings};
pub use schedules::{
    Edge, NewSchedule, RuleError, ScheduleChange, ScheduleRule, Schedules, Weekdays,
};
