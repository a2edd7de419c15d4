//! Every key there is, and the value that somebody gave it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use toml::Value;

use super::environment::Environment;
use super::error::SettingsError;
use super::{Origin, Setting};
use jobs::nearest::hint;

/// Start of the variables that set keys.
const PREFIX: &str = "PLIMSOLL_";

/// A key of the configuration.
#[derive(Debug, PartialEq, Eq)]
pub struct Key {
    /// `section.key`.
    pub name: &'static str,
    /// What it decides, in a few words.
    pub about: &'static str,
}

/// The folder of everything that is written.
pub const STORAGE_DATA_DIR: Key =
    Key { name: "storage.data_dir", about: "folder of everything that is written" };

/// Where the tables are.
pub const STORAGE_DATABASE_URL: Key = Key {
    name: "storage.database_url",
    about: "database of jobs and results, sqlite:// or postgres://",
};

/// Threads for long work.
pub const JOBS_WORKERS: Key =
    Key { name: "jobs.workers", about: "threads for long work, 0 for one a core" };

/// Every key, in the order of the example file.
pub const KEYS: [&Key; 3] = [&STORAGE_DATA_DIR, &STORAGE_DATABASE_URL, &JOBS_WORKERS];

/// A value as it was written.
#[derive(Debug)]
pub(super) enum Said {
    /// In a file.
    Toml(Value),
    /// In a variable.
    Text(String),
}

/// What was said of each key, by its name.
#[derive(Debug, Default)]
pub(super) struct Given(BTreeMap<&'static str, (Said, Origin)>);

/// The key of that name.
pub(super) fn key_of(place: &str, name: &str) -> Result<&'static Key, SettingsError> {
    KEYS.into_iter().find(|key| key.name == name).ok_or_else(|| SettingsError::UnknownKey {
        place: place.to_owned(),
        key: name.to_owned(),
        hint: hint(name, KEYS.map(|key| key.name)),
    })
}

/// What the variables `PLIMSOLL_SECTION__KEY` say; others with that start are not ours to judge.
pub(super) fn from_environment(environment: &Environment) -> Result<Given, SettingsError> {
    let mut given = Given::default();
    for (variable, value) in environment.vars() {
        let Some((section, key)) =
            variable.strip_prefix(PREFIX).and_then(|name| name.split_once("__"))
        else {
            continue;
        };
        let name = format!("{}.{}", section.to_lowercase(), key.to_lowercase());
        let key = key_of(variable, &name)?;
        given.set(key, Said::Text(value.to_owned()), Origin::Environment(variable.to_owned()));
    }
    Ok(given)
}

impl Given {
    pub(super) fn set(&mut self, key: &'static Key, said: Said, origin: Origin) {
        self.0.insert(key.name, (said, origin));
    }

    /// Puts `stronger` in the place of what was said before.
    pub(super) fn overrule(&mut self, stronger: Self) {
        self.0.extend(stronger.0);
    }

    /// A folder: `~` is the home, and what is relative in a file starts at the file's own folder.
    pub(super) fn path(
        &mut self,
        key: &Key,
        environment: &Environment,
    ) -> Result<Option<Setting<PathBuf>>, SettingsError> {
        self.value(key, "a folder", |said, origin| {
            let text = match said {
                Said::Toml(value) => value.as_str()?,
                Said::Text(text) => text,
            };
            if text.is_empty() {
                return None;
            }
            if let (Some(below), Some(home)) = (text.strip_prefix("~/"), environment.home()) {
                return Some(home.join(below));
            }
            let beside = match origin {
                Origin::File(file) => file.parent(),
                Origin::Default | Origin::Environment(_) => None,
            };
            Some(beside.unwrap_or(Path::new("")).join(text))
        })
    }

    /// A text; an empty one is none.
    pub(super) fn text(&mut self, key: &Key) -> Result<Option<Setting<String>>, SettingsError> {
        let said = self.value(key, "a text", |said, _| match said {
            Said::Toml(value) => value.as_str().map(str::to_owned),
            Said::Text(text) => Some(text.clone()),
        })?;
        Ok(said.filter(|text| !text.value.is_empty()))
    }

    /// A whole number from 0 on.
    pub(super) fn whole_number(
        &mut self,
        key: &Key,
    ) -> Result<Option<Setting<usize>>, SettingsError> {
        self.value(key, "a whole number from 0 on", |said, _| match said {
            Said::Toml(value) => usize::try_from(value.as_integer()?).ok(),
            Said::Text(text) => text.trim().parse().ok(),
        })
    }

    fn value<T>(
        &mut self,
        key: &Key,
        expected: &'static str,
        read: impl FnOnce(&Said, &Origin) -> Option<T>,
    ) -> Result<Option<Setting<T>>, SettingsError> {
        let Some((said, origin)) = self.0.remove(key.name) else { return Ok(None) };
        match read(&said, &origin) {
            Some(value) => Ok(Some(Setting { value, origin })),
            None => Err(SettingsError::BadValue {
                place: origin.to_string(),
                key: key.name,
                expected,
                found: said.to_string(),
            }),
        }
    }
}

impl std::fmt::Display for Said {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Toml(value) => write!(f, "{value}"),
            Self::Text(text) => write!(f, "'{text}'"),
        }
    }
}
