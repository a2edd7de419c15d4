//! What a process that stays says of its work, on stderr.

use std::io;

use tracing_subscriber::EnvFilter;

/// What our own crates say, and warnings of the others.
const USUAL: &str = "warn,jobs=info,store=info";
/// What must be known.
const QUIET: &str = "error";

/// Sends what is traced to stderr from now on, a line each.
pub fn to_stderr(quiet: bool) {
    let filter = EnvFilter::new(if quiet { QUIET } else { USUAL });
    let lines = tracing_subscriber::fmt().with_writer(io::stderr).with_env_filter(filter);
    // Somebody may listen already; then he hears it.
    let _ = lines.with_target(false).with_ansi(false).try_init();
}
