//! The crate through its public face, on real files.
#![expect(clippy::expect_used, reason = "a helper of a test fails as the test does")]

mod bundled;
#[path = "../../../quant/tests/it/cases.rs"]
mod cases;
mod csv;
mod fuzz;
mod interrupted;
mod lake;
mod parquet;
mod support;
