//! The built program, run as a user runs it.

mod calc;
mod configuration;
mod data;
mod help;
mod output;
mod program;
