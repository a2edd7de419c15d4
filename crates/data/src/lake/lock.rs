//! One writer for a folder at a time.

use std::fs::{self, File, TryLockError};
use std::path::Path;

use crate::atomic::unwritable;
use crate::error::LakeError;

/// A folder that nobody else writes into, for as long as this lives.
///
/// The operating system releases the lock when its holder ends, however it ends; the lock file
/// stays, because removing it would let two holders lock two files of one name.
#[derive(Debug)]
pub(super) struct FolderLock {
    _file: File,
}

impl FolderLock {
    /// Makes the folder if need be, and locks it.
    ///
    /// # Errors
    /// [`LakeError::Busy`] at once when somebody else holds it.
    pub(super) fn take(folder: &Path) -> Result<Self, LakeError> {
        fs::create_dir_all(folder).map_err(|source| unwritable(folder, source))?;
        let path = folder.join(".lock");
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(|source| unwritable(&path, source))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(LakeError::Busy { folder: folder.to_owned() }),
            Err(TryLockError::Error(source)) => Err(unwritable(&path, source)),
        }
    }
}
