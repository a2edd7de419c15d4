//! Pure maths on slices: indicators, metrics, statistics, sizing. No IO, no clock, no domain types.

pub mod indicators;
pub mod metrics;
pub mod sizing;
pub mod statistics;
