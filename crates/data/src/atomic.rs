//! Files that are there wholly or not at all.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::error::LakeError;

/// Start and end of the name of a file that is being written.
const PREFIX: &str = ".writing-";
const SUFFIX: &str = ".tmp";

/// A file that appears under its name only when it is complete and on the disk.
///
/// Until then it lies in the same folder under a name of its own, and is removed when dropped.
pub(crate) struct AtomicFile {
    file: NamedTempFile,
    path: PathBuf,
}

impl AtomicFile {
    /// Starts a file that shall replace `path`; its folder must exist.
    pub(crate) fn create(path: &Path) -> Result<Self, LakeError> {
        let mut builder = tempfile::Builder::new();
        builder.prefix(PREFIX).suffix(SUFFIX);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            // Readable for others within the user's mask, as any file that a program writes.
            builder.permissions(fs::Permissions::from_mode(0o666));
        }
        let file = builder.tempfile_in(folder(path)).map_err(|source| unwritable(path, source))?;
        Ok(Self { file, path: path.to_owned() })
    }

    /// Makes the content durable and gives the file its name.
    pub(crate) fn commit(self) -> Result<(), LakeError> {
        let Self { mut file, path } = self;
        file.flush().and_then(|()| file.as_file().sync_all()).map_err(|e| unwritable(&path, e))?;
        file.persist(&path).map_err(|error| unwritable(&path, error.error))?;
        // The name is only as durable as its folder.
        #[cfg(unix)]
        File::open(folder(&path))
            .and_then(|folder| folder.sync_all())
            .map_err(|source| unwritable(&path, source))?;
        Ok(())
    }
}

impl Write for AtomicFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Removes what a killed process left half written in a folder.
///
/// Only for a folder whose lock is held: the file might else belong to a living writer.
pub(crate) fn remove_leftovers(folder: &Path) -> Result<(), LakeError> {
    let entries = fs::read_dir(folder).map_err(|source| unwritable(folder, source))?;
    for entry in entries {
        let entry = entry.map_err(|source| unwritable(folder, source))?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with(PREFIX) && name.ends_with(SUFFIX) {
            fs::remove_file(entry.path()).map_err(|source| unwritable(&entry.path(), source))?;
        }
    }
    Ok(())
}

pub(crate) fn unwritable(path: &Path, source: io::Error) -> LakeError {
    LakeError::Unwritable { path: path.to_owned(), source }
}

/// The folder of a file; the current one for a bare name.
fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}
