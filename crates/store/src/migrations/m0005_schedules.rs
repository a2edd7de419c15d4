//! Work that comes back.

use super::Step;

pub(super) const STEP: Step = Step { name: "m0005_schedules", sql: SQL };

const SQL: &str = "
create table schedules (
    id          text not null constraint schedules_pk primary key,
    owner_id    text not null
                constraint schedules_owner references users (id) on delete cascade,
    name        text not null,
    kind        text not null,
    payload     text not null,
    rule        text not null, -- when, in the words of schedules/rule.rs
    missed      text not null, -- what becomes of runs that could not be made in time
    is_enabled  boolean not null,
    next_run_at {time} null,
    last_run_at {time} null,
    last_job_id text null,
    version     bigint not null,
    created_at  {time} not null,
    updated_at  {time} not null,
    constraint schedules_name_once unique (owner_id, name)
);
create index schedules_due on schedules (next_run_at) where is_enabled;
";
