//! The program `plimsoll`; everything it does lies in the library beside it.

use std::process::ExitCode;

fn main() -> ExitCode {
    plimsoll::cli::main()
}
