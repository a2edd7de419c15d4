//! What the lab made: one row a run, for lists. The request is the job's payload, the state is the
//! job's, the report is the job's result.

use super::Step;

pub(super) const STEP: Step = Step { name: "m0003_lab", sql: SQL };

const SQL: &str = "
create table backtests (
    id           text not null constraint backtests_pk primary key
                 constraint backtests_job references jobs (id) on delete cascade,
    owner_id     text not null
                 constraint backtests_owner references users (id) on delete cascade,
    strategy     text not null,
    tickers      text not null, -- a JSON array
    timeframe    text not null,
    start_date   text null,
    end_date     text null,
    total_return double precision null,
    cagr         double precision null,
    sharpe_ratio double precision null,
    max_drawdown double precision null,
    trades       bigint null,
    final_equity double precision null,
    version      bigint not null,
    created_at   {time} not null,
    updated_at   {time} not null
);
create index backtests_by_owner on backtests (owner_id, created_at);

create table sweeps (
    id          text not null constraint sweeps_pk primary key
                constraint sweeps_job references jobs (id) on delete cascade,
    owner_id    text not null
                constraint sweeps_owner references users (id) on delete cascade,
    strategy    text not null,
    tickers     text not null,
    timeframe   text not null,
    start_date  text null,
    end_date    text null,
    metric_name text null,
    best_score  double precision null,
    best_params text null, -- a JSON object
    tried       bigint null,
    pbo         double precision null,
    version     bigint not null,
    created_at  {time} not null,
    updated_at  {time} not null
);
create index sweeps_by_owner on sweeps (owner_id, created_at);

create table walk_forwards (
    id                  text not null constraint walk_forwards_pk primary key
                        constraint walk_forwards_job references jobs (id) on delete cascade,
    owner_id            text not null
                        constraint walk_forwards_owner references users (id) on delete cascade,
    strategy            text not null,
    tickers             text not null,
    timeframe           text not null,
    start_date          text null,
    end_date            text null,
    metric_name         text null,
    in_sample_score     double precision null,
    out_of_sample_score double precision null,
    folds               bigint null,
    version             bigint not null,
    created_at          {time} not null,
    updated_at          {time} not null
);
create index walk_forwards_by_owner on walk_forwards (owner_id, created_at);

create table evaluations (
    id            text not null constraint evaluations_pk primary key
                  constraint evaluations_job references jobs (id) on delete cascade,
    owner_id      text not null
                  constraint evaluations_owner references users (id) on delete cascade,
    tickers       text not null,
    timeframe     text not null,
    start_date    text null,
    end_date      text null,
    metric_name   text null,
    best_ticker   text null,
    best_strategy text null,
    best_score    double precision null,
    version       bigint not null,
    created_at    {time} not null,
    updated_at    {time} not null
);
create index evaluations_by_owner on evaluations (owner_id, created_at);
";
