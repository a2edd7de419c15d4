//! Command line and composition root: reads the configuration, builds the parts, hands them to
//! each other.
//!
//! A command is a module of [`commands`] with `run(arguments, &Context)`; it prints results through
//! the [`Context`] and everything else to stderr.

pub mod cli;
pub mod commands;
pub mod context;
pub mod error;
pub mod interrupt;
pub mod output;
pub mod settings;

pub use context::Context;
pub use error::CliError;
