//! The workers on both databases, and sweeps in parts.
#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a helper of a test fails as the test does"
)]

mod house;
mod parts;
mod pool;
mod support;
