//! What opening refuses, and how an SQLite file is kept.

use std::error::Error;
use std::fs;

use store::{Store, StoreError};

use crate::support::{Database, ME, Rig, TestClock, enqueue};

async fn refused(url: &str) -> StoreError {
    Store::open(url, TestClock::at("2026-11-21T14:30:00Z")).await.unwrap_err()
}

#[tokio::test]
async fn addresses_of_no_database_are_refused() {
    for url in ["", "plimsoll.db", "mysql://localhost/db", "sqlite::memory:"] {
        assert!(matches!(refused(url).await, StoreError::Url { .. }), "{url}");
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_is_named_without_its_password() {
    // Port 1 answers nobody.
    let error = refused("postgres://me:s3cret@127.0.0.1:1/db").await;
    let StoreError::Unreachable { place, .. } = &error else { panic!("{error:?}") };
    assert_eq!(place, "postgres://me@127.0.0.1:1/db");
    assert!(!format!("{error} {:?}", error.source()).contains("s3cret"));
}

#[tokio::test]
async fn a_folder_that_cannot_be_made_and_a_file_that_is_none_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "this is no database, and long enough to be seen as none: ".repeat(20))
        .unwrap();
    let below = format!("sqlite://{}/data/plimsoll.db", file.display());
    assert!(matches!(refused(&below).await, StoreError::Unwritable { .. }));
    let is_folder = format!("sqlite://{}", folder.path().display());
    assert!(matches!(refused(&is_folder).await, StoreError::Unwritable { .. }));
    let text = format!("sqlite://{}", file.display());
    assert!(matches!(refused(&text).await, StoreError::Unreachable { .. }));
}

#[cfg(unix)]
#[tokio::test]
async fn an_sqlite_file_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let rig = Rig::on(Database::sqlite()).await;
    enqueue(&rig.store, ME).await;
    for suffix in ["", "-wal", "-shm"] {
        let path = format!("{}{suffix}", rig.database.file().display());
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{path}");
    }
}
