//! The name of a process of workers, which it keeps over restarts.
//!
//! A file in the data folder holds the name and is locked while the process lives. Whoever takes
//! the lock knows that the one before is dead, and need not wait for its leases to expire.

use std::fs::{self, File, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};

use uuid::Uuid;

/// Processes of workers that may share a data folder.
const MOST: usize = 1_000;

/// Why a process could not get a name.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// The file cannot be made, read or locked.
    #[error("cannot keep a worker's name in {}: {source}", path.display())]
    Unusable {
        /// The file or folder.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// Every name is taken.
    #[error("{MOST} processes of workers run in {} already", folder.display())]
    TooMany {
        /// The folder of the names.
        folder: PathBuf,
    },
}

/// A name that no other living process has.
#[derive(Debug)]
pub(super) struct Identity {
    name: String,
    /// Locked until this is dropped.
    _file: File,
}

impl Identity {
    /// Takes the first name of a data folder that is free.
    pub(super) fn take(data_dir: &Path) -> Result<Self, IdentityError> {
        let folder = data_dir.join("workers");
        let unusable = |path: &Path| {
            let path = path.to_owned();
            move |source| IdentityError::Unusable { path, source }
        };
        fs::create_dir_all(&folder).map_err(unusable(&folder))?;
        for number in 0..MOST {
            let path = folder.join(format!("{number}.name"));
            let mut options = File::options();
            options.read(true).write(true).create(true).truncate(false);
            let file = options.open(&path).map_err(unusable(&path))?;
            match file.try_lock() {
                Ok(()) => return Self::in_file(file).map_err(unusable(&path)),
                Err(TryLockError::WouldBlock) => {}
                Err(TryLockError::Error(source)) => return Err(unusable(&path)(source)),
            }
        }
        Err(IdentityError::TooMany { folder })
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Reads the name in a locked file, or writes a new one into it.
    fn in_file(mut file: File) -> io::Result<Self> {
        let mut name = String::new();
        file.read_to_string(&mut name)?;
        if Uuid::try_parse(&name).is_err() {
            name = Uuid::now_v7().to_string();
            file.set_len(0)?;
            file.rewind()?;
            file.write_all(name.as_bytes())?;
            file.sync_all()?;
        }
        Ok(Self { name, _file: file })
    }
}

#[cfg(test)]
mod tests {
    use super::Identity;

    #[test]
    fn a_name_is_kept_and_never_shared() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let take = || Identity::take(folder.path()).expect("a name");
        let (first, second) = (take(), take());
        assert_ne!(first.name(), second.name());
        let name = first.name().to_owned();
        drop(first);
        assert_eq!(take().name(), name);
    }
}
