//! The built program, run as a user runs it.

mod backtrader;
mod calc;
mod configuration;
mod data;
mod help;
mod lab;
mod output;
mod program;
mod worker;
