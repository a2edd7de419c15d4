//! The strategies, through the engine.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot be set up has failed"
)]

#[path = "../../../quant/tests/it/cases.rs"]
mod cases;
mod catalogue;
mod causality;
mod golden;
mod rules;
mod scale;
mod scenario;
#[path = "../../../engine/tests/it/seeded.rs"]
mod seeded;
mod streaming;
mod sweep_rows;
