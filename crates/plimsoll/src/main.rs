//! The program `plimsoll`; everything it does lies in the library beside it.

use std::process::ExitCode;

/// Hands freed memory out again instead of giving it back to the system: a fresh page costs more
/// than all that a backtest computes on it. See decision 10.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    plimsoll::cli::main()
}
