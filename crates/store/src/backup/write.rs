//! Files that are hashed as they are written.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::fault::BackupFault;

/// A file of a backup. What is written is hashed on the way.
pub(super) struct SavedFile {
    path: PathBuf,
    file: BufWriter<File>,
    hasher: blake3::Hasher,
}

impl SavedFile {
    /// Starts a new file, for nobody else to read.
    pub(super) fn create(path: &Path) -> Result<Self, BackupFault> {
        let mut options = File::options();
        options.create_new(true).write(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let path = path.to_owned();
        match options.open(&path) {
            Ok(file) => {
                Ok(Self { path, file: BufWriter::new(file), hasher: blake3::Hasher::new() })
            }
            Err(source) => Err(BackupFault::Unwritable { path, source }),
        }
    }

    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<(), BackupFault> {
        self.write_all(bytes).map_err(|source| self.unwritable(source))
    }

    /// Makes the file durable and gives its hash.
    pub(super) fn finish(mut self) -> Result<String, BackupFault> {
        let synced = self.file.flush().and_then(|()| self.file.get_ref().sync_all());
        synced.map_err(|source| self.unwritable(source))?;
        Ok(self.hasher.finalize().to_string())
    }

    pub(super) fn unwritable(&self, source: io::Error) -> BackupFault {
        BackupFault::Unwritable { path: self.path.clone(), source }
    }
}

impl Write for SavedFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.hasher.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Makes the names in a folder durable.
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}
