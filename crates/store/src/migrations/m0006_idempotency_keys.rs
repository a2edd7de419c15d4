//! Answers that were given, for whoever asks the same again.

use super::Step;

pub(super) const STEP: Step = Step { name: "m0006_idempotency_keys", sql: SQL };

const SQL: &str = "
create table idempotency_keys (
    owner_id   text not null
               constraint idempotency_keys_owner references users (id) on delete cascade,
    method     text not null,
    route      text not null,
    key        text not null,
    body_hash  text not null,
    status     integer null, -- null while the first request runs
    headers    text null, -- a JSON object
    body       {bytes} null,
    created_at {time} not null,
    expires_at {time} not null,
    constraint idempotency_keys_once primary key (owner_id, method, route, key)
);
create index idempotency_keys_expiring on idempotency_keys (expires_at);
";
