//! What can go wrong with what is stored, cut by what the caller does next.

use std::io;
use std::path::PathBuf;

use sea_orm::DbErr;

use crate::backup::BackupFault;
use crate::schedules::RuleError;

/// A store that cannot be opened, or a request that it refuses.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The address of the database names no database that we know. Holds no password.
    #[error("cannot use database '{url}': it must begin with sqlite:// or postgres://")]
    Url {
        /// The address, without its password.
        url: String,
    },
    /// The database's file or its folder cannot be made or written.
    #[error("cannot write the database {}", path.display())]
    Unwritable {
        /// The file or folder.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// The database does not answer, or is none.
    #[error("cannot open the database {place}")]
    Unreachable {
        /// Where it is said to be, without its password.
        place: String,
        /// The cause.
        source: DbErr,
    },
    /// The SQLite library has a known fault that damages files.
    #[error("SQLite {found} can damage a database in WAL mode; {needed} or newer is needed")]
    OldSqlite {
        /// The library's version.
        found: String,
        /// The oldest version that is trusted.
        needed: &'static str,
    },
    /// A newer program has migrated the database.
    #[error(
        "the database is newer than this program: it has step {found}, and the last that this \
         program knows is {known}; start the newer program, or restore an older backup"
    )]
    Newer {
        /// The first migration that is not known.
        found: String,
        /// The last migration that is known.
        known: &'static str,
    },
    /// There is no such row, or it belongs to somebody else.
    #[error("there is no such {what}")]
    NotFound {
        /// The kind of thing.
        what: &'static str,
    },
    /// The row has changed since the caller read it.
    #[error("the {what} has changed meanwhile: it is at version {found}")]
    Stale {
        /// The kind of thing.
        what: &'static str,
        /// Its version now.
        found: i64,
    },
    /// The name is in use.
    #[error("there is already a {what} '{name}'")]
    Taken {
        /// The kind of thing.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// An idempotency key that stands for another request.
    #[error("this idempotency key was used for another request")]
    KeyReused,
    /// The first request with this idempotency key has not ended.
    #[error("the first request with this idempotency key is still running")]
    KeyInProgress,
    /// The job is no longer the caller's: it was ended, canceled or given to another worker.
    #[error("the lease of job {job} is lost")]
    LeaseLost {
        /// The job.
        job: crate::JobId,
    },
    /// A job that was split off cannot be split again.
    #[error("job {job} is part of another and cannot be split")]
    Nested {
        /// The job.
        job: crate::JobId,
    },
    /// A schedule's rule that cannot be read.
    #[error(transparent)]
    Rule(#[from] RuleError),
    /// A document that is no JSON, or not of the expected shape.
    #[error("unexpected JSON")]
    Json(#[source] serde_json::Error),
    /// A backup that cannot be written or restored.
    #[error(transparent)]
    Backup(#[from] BackupFault),
    /// The store was closed, or the transaction's code panicked.
    #[error("the store is closed")]
    Closed,
    /// The database refused a statement.
    #[error("the database failed")]
    Database(#[from] DbErr),
}
