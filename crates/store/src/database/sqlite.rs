//! How an SQLite file is opened: durable, and with one writer.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement,
};

use super::Opened;
use crate::error::StoreError;

/// Older libraries can damage a database when the write-ahead log starts over.
const OLDEST: (u32, u32, u32) = (3, 51, 3);
const OLDEST_TEXT: &str = "3.51.3";

/// How long a writer of another process is waited for.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// Short reads side by side; the writer has a connection of its own.
const READERS: u32 = 4;

pub(super) async fn open(path: &Path) -> Result<Opened, StoreError> {
    create(path)?;
    // The writer is first: it turns the write-ahead log on, which needs the file alone.
    let writer = connect(path, Role::Writer).await?;
    refuse_old(&writer).await?;
    let readers = connect(path, Role::Reader).await?;
    Ok(Opened { readers, single_writer: Some(writer) })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Writer,
    Reader,
}

async fn connect(path: &Path, role: Role) -> Result<DatabaseConnection, StoreError> {
    let file: PathBuf = path.to_owned();
    // The path is set below: in a URL some of its characters would mean something else.
    let mut options = ConnectOptions::new("sqlite://");
    let connections = if role == Role::Writer { 1 } else { READERS };
    options.max_connections(connections).min_connections(1).sqlx_logging(false);
    options.idle_timeout(None::<Duration>).max_lifetime(None::<Duration>);
    options.map_sqlx_sqlite_opts(move |sqlite| {
        let sqlite = sqlite
            .filename(&file)
            .create_if_missing(false)
            .busy_timeout(BUSY_TIMEOUT)
            .foreign_keys(true)
            .pragma("journal_mode", "WAL")
            .pragma("synchronous", "FULL")
            .pragma("mmap_size", "0");
        match role {
            Role::Writer => sqlite,
            // Checkpoints belong to the writer alone.
            Role::Reader => sqlite.pragma("wal_autocheckpoint", "0").pragma("query_only", "ON"),
        }
    });
    let place = || path.display().to_string();
    Database::connect(options)
        .await
        .map_err(|source| StoreError::Unreachable { place: place(), source })
}

/// Makes the file and its folder, for nobody else to read.
fn create(path: &Path) -> Result<(), StoreError> {
    let unwritable = |path: &Path, source| StoreError::Unwritable { path: path.to_owned(), source };
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|source| unwritable(folder, source))?;
    }
    let mut options = fs::File::options();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map_err(|source| unwritable(path, source))?;
    Ok(())
}

async fn refuse_old(db: &DatabaseConnection) -> Result<(), StoreError> {
    let statement = Statement::from_string(DbBackend::Sqlite, "select sqlite_version()");
    let row = db.query_one_raw(statement).await?;
    let found: String = row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or_default();
    if is_trusted(&found) {
        return Ok(());
    }
    Err(StoreError::OldSqlite { found, needed: OLDEST_TEXT })
}

/// Whether a version such as `3.51.3` is recent enough; an unreadable one is not.
fn is_trusted(version: &str) -> bool {
    let mut parts = version.split('.').map(|part| part.parse::<u32>().ok());
    let mut next = || parts.next().flatten();
    match (next(), next(), next()) {
        (Some(major), Some(minor), Some(patch)) => (major, minor, patch) >= OLDEST,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_as_numbers() {
        let cases = [
            ("3.51.3", true),
            ("3.51.10", true),
            ("3.100.0", true),
            ("4.0.0", true),
            ("3.51.2", false),
            ("3.9.99", false),
            ("3.51", false),
            ("", false),
        ];
        for (version, trusted) in cases {
            assert_eq!(is_trusted(version), trusted, "{version}");
        }
        assert!(is_trusted(OLDEST_TEXT));
    }

    #[tokio::test]
    async fn files_are_durable_and_only_the_writer_writes() {
        let folder = tempfile::tempdir().unwrap();
        let opened = open(&folder.path().join("plimsoll.db")).await.unwrap();
        let writer = opened.single_writer.as_ref().unwrap();
        let both = [("foreign_keys", "1"), ("synchronous", "2"), ("busy_timeout", "10000")];
        let cases = both.into_iter().chain([("journal_mode", "wal"), ("mmap_size", "0")]);
        for (pragma, expected) in cases {
            assert_eq!(setting(writer, pragma).await, expected, "{pragma}");
            assert_eq!(setting(&opened.readers, pragma).await, expected, "{pragma}");
        }
        assert_eq!(setting(&opened.readers, "wal_autocheckpoint").await, "0");
        assert_eq!(setting(writer, "wal_autocheckpoint").await, "1000");
        writer.execute_unprepared("create table t (i integer)").await.unwrap();
        assert!(opened.readers.execute_unprepared("insert into t values (1)").await.is_err());
        opened.close().await.unwrap();
    }

    async fn setting(db: &DatabaseConnection, pragma: &str) -> String {
        let statement = Statement::from_string(DbBackend::Sqlite, format!("pragma {pragma}"));
        let Some(row) = db.query_one_raw(statement).await.unwrap() else { return "0".to_owned() };
        let number = row.try_get_by_index::<i64>(0).map(|number| number.to_string());
        number.unwrap_or_else(|_| row.try_get_by_index(0).unwrap())
    }
}
