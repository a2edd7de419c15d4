//! The store through its public face, on SQLite and on PostgreSQL.
#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a helper of a test fails as the test does"
)]

mod support;

mod backups;
mod cancel;
mod files;
mod keys;
mod kill;
mod lab;
mod leases;
mod migrations;
mod owners;
mod parts;
mod queue;
mod rankings;
mod schedules;
mod writes;
