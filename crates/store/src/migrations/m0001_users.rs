//! People.

use super::Step;

pub(super) const STEP: Step = Step { name: "m0001_users", sql: SQL };

const SQL: &str = "
create table users (
    id              text not null constraint users_pk primary key,
    username        text not null constraint users_username_once unique,
    initial_capital text not null, -- an exact decimal
    version         bigint not null,
    created_at      {time} not null,
    updated_at      {time} not null
);
";
