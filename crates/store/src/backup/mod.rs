//! Backups: every row in a form that both databases read, and a manifest that proves it whole.
//!
//! A backup is a folder: `manifest.json`, and for each table a file of JSON lines, one array a row,
//! compressed with zstd. It is read in one snapshot, so that it is consistent while the server runs,
//! and restored in one transaction, so that nothing is ever half restored. A backup of one database
//! restores into the other, and an older one is brought up to date.

mod dump;
mod fault;
mod load;
mod manifest;
mod row;
mod table;
mod write;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sea_orm::{AccessMode, IsolationLevel, TransactionTrait};

pub use fault::BackupFault;
pub use manifest::{Manifest, SavedTable};
pub use table::{ColumnKind, SavedColumn};

use crate::clock::Clock;
use crate::database::{Address, Opened, Store};
use crate::error::StoreError;
use write::sync_folder;

/// Whether a restore may delete what the target holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replace {
    /// The target must hold nothing but the local user.
    Nothing,
    /// Whatever the target holds is deleted.
    Everything,
}

impl Store {
    /// Writes a backup into a new folder, while others read and write.
    ///
    /// # Errors
    /// [`BackupFault::Exists`] when there is something at that path already; nothing is left behind
    /// when it fails.
    pub async fn backup(&self, folder: &Path) -> Result<Manifest, StoreError> {
        if folder.exists() {
            return Err(BackupFault::Exists { path: folder.to_owned() }.into());
        }
        let parent = match folder.parent() {
            Some(parent) if parent != Path::new("") => parent,
            _ => Path::new("."),
        };
        let unwritable = |source| BackupFault::Unwritable { path: folder.to_owned(), source };
        fs::create_dir_all(parent).map_err(unwritable)?;
        let writing =
            tempfile::Builder::new().prefix(".backup-").tempdir_in(parent).map_err(unwritable)?;
        // One snapshot for all tables. SQLite's is made by the first read.
        let (isolation, access) = if self.is_postgres() {
            (Some(IsolationLevel::RepeatableRead), Some(AccessMode::ReadOnly))
        } else {
            (None, None)
        };
        let snapshot = self.reader().begin_with_config(isolation, access).await?;
        let manifest = dump::dump(&snapshot, writing.path(), self.now()).await?;
        snapshot.rollback().await?;
        sync_folder(writing.path()).map_err(unwritable)?;
        fs::rename(writing.path(), folder).map_err(unwritable)?;
        sync_folder(parent).map_err(unwritable)?;
        Ok(manifest)
    }
}

/// Reads a backup's manifest and checks every byte of the backup against it.
///
/// # Errors
/// [`StoreError::Backup`] when a file is missing or is not as it was written.
pub fn verify(folder: &Path) -> Result<Manifest, StoreError> {
    let manifest = Manifest::read(folder)?;
    for table in &manifest.tables {
        table.check(folder)?;
    }
    Ok(manifest)
}

/// Restores a backup into a database and brings its tables up to date: wholly or not at all.
///
/// No server should run on the database: it would go on with what it remembers.
///
/// # Errors
/// [`BackupFault`]: a target that is not empty, a backup that is damaged or newer than the program.
/// [`StoreError`] as for [`Store::open`]. The target is as it was then.
pub async fn restore(
    folder: &Path,
    url: &str,
    clock: Arc<dyn Clock>,
    replace: Replace,
) -> Result<Manifest, StoreError> {
    let manifest = verify(folder)?;
    let opened = Opened::at(&Address::parse(url)?).await?;
    let loaded = load::load(&opened, folder, &manifest, replace, clock.now().into()).await;
    let closed = opened.close().await;
    loaded.and(closed)?;
    Ok(manifest)
}

/// The file of a table.
fn file_of(table: &str) -> PathBuf {
    PathBuf::from(format!("{table}.jsonl.zst"))
}
