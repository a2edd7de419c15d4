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
pub mod lab;
pub mod nearest;
pub mod output;
pub mod settings;

pub use context::Context;
pub use error::CliError;

/// Hash of the sources of `market`, `quant`, `engine` and `strategies`: 64 hexadecimal digits.
///
/// Two programs of the same version compute the same results on the same target.
pub fn engine_version() -> &'static str {
    env!("PLIMSOLL_ENGINE_VERSION")
}
