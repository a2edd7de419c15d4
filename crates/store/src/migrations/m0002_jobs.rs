//! The queue of work, and what it came to.

use super::Step;

pub(super) const STEP: Step = Step { name: "m0002_jobs", sql: SQL };

const SQL: &str = "
create table jobs (
    id               text not null constraint jobs_pk primary key,
    owner_id         text not null
                     constraint jobs_owner references users (id) on delete cascade,
    parent_id        text null
                     constraint jobs_parent references jobs (id) on delete cascade,
    kind             text not null,
    payload          text not null,
    status           text not null,
    priority         integer not null,
    progress         double precision not null,
    eta_seconds      double precision null,
    error            text null,
    idempotency_key  text null,
    run_at           {time} not null,
    attempts         integer not null,
    max_attempts     integer not null,
    losses           integer not null,
    cancel_requested boolean not null,
    lease_by         text null,
    lease_token      bigint not null,
    lease_until      {time} null,
    children         integer not null,
    children_open    integer not null,
    version          bigint not null,
    created_at       {time} not null,
    updated_at       {time} not null,
    started_at       {time} null,
    finished_at      {time} null,
    constraint jobs_once unique (owner_id, kind, idempotency_key)
);
create index jobs_by_owner on jobs (owner_id, created_at);
create index jobs_by_parent on jobs (parent_id);
create index jobs_queued on jobs (run_at) where status = 'queued';
create index jobs_running on jobs (lease_until, owner_id) where status = 'running';

create table job_results (
    job_id     text not null constraint job_results_pk primary key
               constraint job_results_job references jobs (id) on delete cascade,
    owner_id   text not null
               constraint job_results_owner references users (id) on delete cascade,
    body       {bytes} not null, -- JSON, compressed with zstd
    created_at {time} not null
);
";
