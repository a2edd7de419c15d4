//! Repository chores: the house rules, and one line that says how the tests went.
//!
//! `cargo xtask tidy` checks what rustfmt and clippy cannot see: the arrows between crates, file
//! lengths, links, decision records. `cargo xtask test [cargo test flags]` runs every test of the
//! workspace and ends with `N passed, N failed`. `make` calls both, so that nobody has to know this.

mod house;
mod pages;
mod rust_text;
mod sources;
mod suite;
mod tidy;
mod web;

use std::env;
use std::ffi::OsString;
use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask <command>

  tidy             check the house rules: arrows between crates, files, pages
  test [flags]     run all tests of the workspace; flags go to `cargo test`";

fn main() -> ExitCode {
    let mut arguments = env::args_os().skip(1);
    let command = arguments.next().unwrap_or_default();
    let rest: Vec<OsString> = arguments.collect();
    let outcome = match command.to_str() {
        Some("tidy") if rest.is_empty() => tidy::run(),
        Some("test") => suite::run(&rest),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    outcome.unwrap_or_else(|error| {
        eprintln!("xtask: {error}");
        ExitCode::FAILURE
    })
}
