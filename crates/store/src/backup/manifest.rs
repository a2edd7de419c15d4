//! What a backup says about itself.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::fault::BackupFault;
use super::file_of;
use super::table::SavedColumn;
use super::write::SavedFile;
use crate::error::StoreError;
use crate::migrations;
use crate::moment::Moment;

/// The form of this version; a newer program may write another.
pub(super) const FORMAT: u32 = 1;

/// Name of the manifest's file.
const FILE: &str = "manifest.json";

/// What a backup holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The form of the files.
    pub format: u32,
    /// The program that wrote it.
    pub program_version: String,
    /// When.
    pub created_at: Moment,
    /// The last migration of the database that it was made of.
    pub schema: String,
    /// The tables, each after those that it refers to.
    pub tables: Vec<SavedTable>,
}

/// One table of a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedTable {
    /// Its name.
    pub name: String,
    /// Its columns, in the order of each row.
    pub columns: Vec<SavedColumn>,
    /// How many rows there are.
    pub rows: u64,
    /// Hash of the file, hexadecimal.
    pub blake3: String,
}

/// The manifest with the hash of its own text.
#[derive(Serialize, Deserialize)]
struct Sealed {
    manifest: Box<RawValue>,
    blake3: String,
}

impl Manifest {
    /// Writes the manifest, sealed.
    pub(super) fn write(&self, folder: &Path) -> Result<(), StoreError> {
        let text = serde_json::to_string_pretty(self).map_err(StoreError::Json)?;
        let blake3 = blake3::hash(text.as_bytes()).to_string();
        let manifest = RawValue::from_string(text).map_err(StoreError::Json)?;
        let sealed = serde_json::to_vec(&Sealed { manifest, blake3 }).map_err(StoreError::Json)?;
        let mut file = SavedFile::create(&folder.join(FILE))?;
        file.write(&sealed)?;
        file.finish()?;
        Ok(())
    }

    /// Reads a manifest and checks its seal.
    pub(super) fn read(folder: &Path) -> Result<Self, StoreError> {
        let path = folder.join(FILE);
        let damaged = |detail: String| BackupFault::Damaged { path: path.clone(), detail };
        let text = std::fs::read_to_string(&path)
            .map_err(|source| BackupFault::Unreadable { path: path.clone(), source })?;
        let sealed: Sealed =
            serde_json::from_str(&text).map_err(|error| damaged(error.to_string()))?;
        if blake3::hash(sealed.manifest.get().as_bytes()).to_string() != sealed.blake3 {
            return Err(damaged("its hash does not match".to_owned()).into());
        }
        let manifest: Self = serde_json::from_str(sealed.manifest.get())
            .map_err(|error| damaged(error.to_string()))?;
        if manifest.format > FORMAT {
            let (found, known) = (format!("format {}", manifest.format), format!("{FORMAT}"));
            return Err(BackupFault::Newer { found, known }.into());
        }
        manifest.steps()?;
        Ok(manifest)
    }

    /// How many migrations the backup's database had taken.
    pub(super) fn steps(&self) -> Result<u32, StoreError> {
        let known = migrations::names().position(|name| name == self.schema);
        let steps = known.and_then(|last| u32::try_from(last + 1).ok());
        steps.ok_or_else(|| {
            let known = migrations::last().to_owned();
            BackupFault::Newer { found: self.schema.clone(), known }.into()
        })
    }
}

impl SavedTable {
    /// Checks that the table's file is as it was written.
    pub(super) fn check(&self, folder: &Path) -> Result<(), StoreError> {
        let path = folder.join(file_of(&self.name));
        let unreadable = |source| BackupFault::Unreadable { path: path.clone(), source };
        let mut file = BufReader::new(File::open(&path).map_err(unreadable)?);
        let mut hasher = blake3::Hasher::new();
        let mut buffer = vec![0; 1 << 16];
        loop {
            match file.read(&mut buffer).map_err(unreadable)? {
                0 => break,
                read => hasher.update(&buffer[..read]),
            };
        }
        if hasher.finalize().to_string() == self.blake3 {
            return Ok(());
        }
        Err(BackupFault::Damaged { path, detail: "its hash does not match".to_owned() }.into())
    }
}
