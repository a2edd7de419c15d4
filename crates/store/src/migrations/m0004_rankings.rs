//! How strategies did on tickers, and which did best.

use super::Step;

pub(super) const STEP: Step = Step { name: "m0004_rankings", sql: SQL };

const SQL: &str = "
create table strategy_evaluations (
    owner_id      text not null
                  constraint strategy_evaluations_owner references users (id) on delete cascade,
    ticker        text not null,
    strategy_name text not null,
    evaluation_id text null
                  constraint strategy_evaluations_evaluation
                  references evaluations (id) on delete set null,
    metric_name   text not null,
    score         double precision null,
    params        text not null, -- a JSON object
    metrics       text not null, -- a JSON object
    evaluated_at  {time} not null,
    constraint strategy_evaluations_once primary key (owner_id, ticker, strategy_name)
);
create index strategy_evaluations_by_evaluation on strategy_evaluations (evaluation_id);

create table best_strategies (
    owner_id           text not null
                       constraint best_strategies_owner references users (id) on delete cascade,
    ticker             text not null,
    strategy_name      text not null,
    metric_name        text not null,
    score              double precision null,
    out_of_sample_rank bigint null, -- 1 is best
    params             text not null, -- a JSON object
    evaluated_at       {time} not null,
    constraint best_strategies_once primary key (owner_id, ticker)
);
";
