//! The engine without the catalogue: orders, accounts and reports, by hand and by chance.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot be set up has failed"
)]

mod brackets;
mod cancels;
#[path = "../../../quant/tests/it/cases.rs"]
mod cases;
mod chance;
mod corporate_actions;
mod costs;
mod ending;
mod evaluate;
mod financing;
mod golden_fills;
mod invariants;
mod lookahead;
mod orders;
mod priority;
mod report;
mod scene;
mod seeded;
mod several;
mod sizing;
mod targets;
mod time_in_force;
mod traders;
mod venue_properties;
mod walk_forward;
