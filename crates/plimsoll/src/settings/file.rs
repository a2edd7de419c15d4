//! The configuration file: where it lies, and what it says.

use std::fs;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

use super::Origin;
use super::environment::Environment;
use super::error::SettingsError;
use super::keys::{Given, Said, key_of};

/// The name of the file in the current folder, and in `plimsoll/` of the user's configuration.
const NAME: &str = "plimsoll.toml";

/// The file that is there: the current folder's, else the user's.
pub(super) fn find(environment: &Environment) -> Option<PathBuf> {
    let users = environment.config_home().map(|folder| folder.join("plimsoll").join(NAME));
    [Some(PathBuf::from(NAME)), users].into_iter().flatten().find(|path| path.is_file())
}

/// Reads what a file says of each key.
pub(super) fn read(path: &Path) -> Result<Given, SettingsError> {
    let text = fs::read_to_string(path)
        .map_err(|source| SettingsError::Unreadable { path: path.to_owned(), source })?;
    let table: Table = text.parse().map_err(|error: toml::de::Error| SettingsError::Syntax {
        path: path.to_owned(),
        detail: error.to_string().trim().to_owned(),
    })?;
    let mut given = Given::default();
    for (section, value) in table {
        let place = path.display().to_string();
        let Value::Table(keys) = value else {
            key_of(&place, &section)?;
            continue;
        };
        for (key, value) in keys {
            let key = key_of(&place, &format!("{section}.{key}"))?;
            given.set(key, Said::Toml(value), Origin::File(path.to_owned()));
        }
    }
    Ok(given)
}
