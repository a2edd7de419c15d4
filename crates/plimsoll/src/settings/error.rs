//! What can be wrong with a configuration.

use std::io;
use std::path::PathBuf;

/// A configuration that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// The file is not written in TOML.
    #[error("{} is no valid TOML: {detail}", path.display())]
    Syntax {
        /// The file.
        path: PathBuf,
        /// What the parser says, with line and column.
        detail: String,
    },
    /// There is no such key.
    #[error("{place}: unknown key {key}{hint}")]
    UnknownKey {
        /// The file or variable.
        place: String,
        /// The key as `section.key`.
        key: String,
        /// What may have been meant.
        hint: String,
    },
    /// The key has a value of another kind.
    #[error("{place}: {key} must be {expected}, not {found}")]
    BadValue {
        /// The file or variable.
        place: String,
        /// The key as `section.key`.
        key: &'static str,
        /// What it should be.
        expected: &'static str,
        /// What it is.
        found: String,
    },
    /// There is no folder to keep data in.
    #[error("there is no home folder: say where to keep data with PLIMSOLL_STORAGE__DATA_DIR")]
    NoHome,
}
