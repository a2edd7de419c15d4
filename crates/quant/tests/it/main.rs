//! The crate seen from outside: golden values and properties over its public interface.

mod cases;
mod indicators;
mod metrics;
mod statistics;
