//! Why a backup cannot be made or restored.

use std::io;
use std::path::PathBuf;

/// A backup that cannot be written or restored.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BackupFault {
    /// Something is at the backup's path.
    #[error("{} exists already; a backup is written into a new folder", path.display())]
    Exists {
        /// The path.
        path: PathBuf,
    },
    /// A file or folder cannot be written.
    #[error("cannot write the backup {}", path.display())]
    Unwritable {
        /// The file or folder.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// A file cannot be read.
    #[error("cannot read {}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// A file is not as it was written.
    #[error("the backup is damaged: {}: {detail}; nothing was restored", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        detail: String,
    },
    /// The backup is of a newer program.
    #[error("the backup is of a newer program: it has {found}, and this one knows {known}")]
    Newer {
        /// Its format or last migration.
        found: String,
        /// What is known.
        known: String,
    },
    /// The target holds something.
    #[error("the database is not empty: table {table} has {rows} rows; nothing was restored")]
    NotEmpty {
        /// The first table with rows.
        table: String,
        /// How many.
        rows: i64,
    },
}
