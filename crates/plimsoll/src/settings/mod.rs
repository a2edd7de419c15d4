//! The configuration: what is in force, and where each value comes from.
//!
//! A key stands in the file as `[section]` and `key`, and in the environment as
//! `PLIMSOLL_SECTION__KEY`, which wins. What neither names has a default.

mod environment;
mod error;
mod file;
mod keys;

use std::fmt;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::thread::available_parallelism;

pub use environment::Environment;
pub use error::SettingsError;
pub use keys::{JOBS_WORKERS, KEYS, Key, STORAGE_DATA_DIR, STORAGE_DATABASE_URL};

use keys::{Given, from_environment};

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Nobody said anything.
    Default,
    /// A configuration file.
    File(PathBuf),
    /// A variable of the environment, by its name.
    Environment(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Environment(name) => f.write_str(name),
        }
    }
}

/// A value and where it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting<T> {
    /// What is in force.
    pub value: T,
    /// Who said so.
    pub origin: Origin,
}

/// Every key's value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The file that was read, if any.
    pub file: Option<PathBuf>,
    /// `storage.data_dir`: the folder of everything that is written.
    pub data_dir: Setting<PathBuf>,
    /// `storage.database_url`: where the tables are; an SQLite file in the data folder by default.
    /// May hold a password.
    pub database_url: Setting<String>,
    /// `jobs.workers`: threads for long work, 0 for one a core.
    pub workers: Setting<usize>,
}

impl Settings {
    /// Reads the configuration: `file` when given, else `plimsoll.toml` in the current folder, else
    /// the user's.
    ///
    /// # Errors
    /// [`SettingsError`]: a file that cannot be read, an unknown key, a value of the wrong kind.
    pub fn load(file: Option<&Path>, environment: &Environment) -> Result<Self, SettingsError> {
        let path = match file {
            Some(path) => Some(path.to_owned()),
            None => file::find(environment),
        };
        let mut given = match &path {
            Some(path) => file::read(path)?,
            None => Given::default(),
        };
        given.overrule(from_environment(environment)?);
        Self::of(path, given, environment)
    }

    /// The defaults, for telling what is wrong when the configuration cannot be read.
    ///
    /// # Errors
    /// [`SettingsError::NoHome`] when there is no folder to keep data in.
    pub fn defaults(environment: &Environment) -> Result<Self, SettingsError> {
        Self::of(None, Given::default(), environment)
    }

    /// How many threads long work may use.
    pub fn worker_count(&self) -> NonZeroUsize {
        let cores = || available_parallelism().unwrap_or(NonZeroUsize::MIN);
        NonZeroUsize::new(self.workers.value).unwrap_or_else(cores)
    }

    fn of(
        file: Option<PathBuf>,
        mut given: Given,
        environment: &Environment,
    ) -> Result<Self, SettingsError> {
        let data_dir = match given.path(&STORAGE_DATA_DIR, environment)? {
            Some(setting) => setting,
            None => Setting {
                value: environment.data_home().ok_or(SettingsError::NoHome)?.join("plimsoll"),
                origin: Origin::Default,
            },
        };
        let database_url = given.text(&STORAGE_DATABASE_URL)?.unwrap_or_else(|| Setting {
            value: format!("sqlite://{}", data_dir.value.join("plimsoll.db").display()),
            origin: Origin::Default,
        });
        let workers = given.whole_number(&JOBS_WORKERS)?;
        let workers = workers.unwrap_or(Setting { value: 0, origin: Origin::Default });
        Ok(Self { file, data_dir, database_url, workers })
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::{Path, PathBuf};

    use super::{Environment, Origin, Setting, Settings};

    const EXAMPLE: &str = include_str!("../../../../deploy/plimsoll.example.toml");
    const EXAMPLE_ENV: &str = include_str!("../../../../.env.example");

    type Vars<'a> = &'a [(&'a str, &'a str)];

    fn environment(vars: Vars) -> Environment {
        let vars = vars.iter().map(|(name, value)| ((*name).into(), (*value).into()));
        Environment::new(vars, Some(PathBuf::from("/home/ada")))
    }

    /// Reads `text` as a file named by `--config`.
    fn load(text: &str, vars: Vars) -> Result<Settings, String> {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let path = folder.path().join("plimsoll.toml");
        fs::write(&path, text).expect("a file for the test");
        Settings::load(Some(&path), &environment(vars))
            .map_err(|error| error.to_string().replace(&path.display().to_string(), "FILE"))
    }

    #[test]
    fn everything_has_a_default() {
        let settings = load("", &[]).expect("an empty file is fine");
        assert_eq!(settings.data_dir.value, Path::new("/home/ada/.local/share/plimsoll"));
        assert_eq!(settings.data_dir.origin, Origin::Default);
        let beside = "sqlite:///home/ada/.local/share/plimsoll/plimsoll.db";
        assert_eq!(settings.database_url.value, beside);
        assert_eq!(settings.workers, Setting { value: 0, origin: Origin::Default });
        assert!(settings.worker_count().get() >= 1);
        let settings = load("", &[("XDG_DATA_HOME", "/data")]).expect("the variable is XDG's");
        assert_eq!(settings.data_dir.value, Path::new("/data/plimsoll"));
        let settings = load("", &[("XDG_DATA_HOME", "data")]).expect("relative is to be ignored");
        assert_eq!(settings.data_dir.value, Path::new("/home/ada/.local/share/plimsoll"));
    }

    #[test]
    fn the_environment_wins_over_the_file() {
        let text = "[storage]\ndata_dir = '~/here'\n[jobs]\nworkers = 2\n";
        let vars: Vars = &[
            ("PLIMSOLL_JOBS__WORKERS", "3"),
            ("PLIMSOLL_STORAGE__DATABASE_URL", "postgres://db/plimsoll"),
            ("PLIMSOLL_SEED", "1"),
        ];
        let settings = load(text, vars).expect("all are fine");
        assert_eq!(settings.database_url.value, "postgres://db/plimsoll");
        assert_eq!(settings.data_dir.value, Path::new("/home/ada/here"));
        assert!(matches!(settings.data_dir.origin, Origin::File(_)));
        let origin = Origin::Environment("PLIMSOLL_JOBS__WORKERS".to_owned());
        assert_eq!(settings.workers, Setting { value: 3, origin });
        assert_eq!(settings.worker_count().get(), 3);
    }

    #[test]
    fn a_relative_folder_is_beside_the_file_that_names_it() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let path = folder.path().join("plimsoll.toml");
        fs::write(&path, "storage.data_dir = 'data'").expect("a file for the test");
        let settings = Settings::load(Some(&path), &environment(&[])).expect("it is fine");
        assert_eq!(settings.data_dir.value, folder.path().join("data"));
    }

    #[test]
    fn what_is_wrong_is_named() {
        let cases: [(&str, Vars, &str); 9] = [
            (
                "[storage]\ndatadir = 'x'",
                &[],
                "FILE: unknown key storage.datadir; did you mean storage.data_dir?",
            ),
            (
                "[job]\nworkers = 1",
                &[],
                "FILE: unknown key job.workers; did you mean jobs.workers?",
            ),
            ("workers = 1", &[], "FILE: unknown key workers"),
            ("[storage]\ndata_dir = 3", &[], "FILE: storage.data_dir must be a folder, not 3"),
            ("[jobs]\nworkers = -1", &[], "FILE: jobs.workers must be a whole number"),
            ("[jobs]\nworkers = 'two'", &[], "FILE: jobs.workers must be a whole number"),
            ("[storage", &[], "FILE is no valid TOML"),
            (
                "",
                &[("PLIMSOLL_JOBS__WORKER", "1")],
                "PLIMSOLL_JOBS__WORKER: unknown key jobs.worker; did you mean jobs.workers?",
            ),
            (
                "",
                &[("PLIMSOLL_JOBS__WORKERS", "many")],
                "PLIMSOLL_JOBS__WORKERS: jobs.workers must",
            ),
        ];
        for (text, vars, expected) in cases {
            let error = load(text, vars).expect_err(text);
            assert!(error.starts_with(expected), "{error}\ninstead of\n{expected}");
        }
        let missing = Settings::load(Some(Path::new("/nowhere/x.toml")), &environment(&[]));
        assert!(missing.expect_err("no such file").to_string().starts_with("cannot read /nowhere"));
        let homeless = Environment::new([], None);
        assert!(Settings::defaults(&homeless).is_err());
    }

    #[test]
    fn the_example_shows_every_key_with_its_default() {
        let shown = load(EXAMPLE, &[]).expect("the example can be used as it is");
        let defaults = Settings::defaults(&environment(&[])).expect("there is a home");
        assert_eq!(shown.data_dir.value, defaults.data_dir.value);
        assert_eq!(shown.database_url.value, defaults.database_url.value);
        assert_eq!(shown.workers.value, defaults.workers.value);
        assert!(matches!(shown.data_dir.origin, Origin::File(_)));
        assert!(matches!(shown.workers.origin, Origin::File(_)));
    }

    #[test]
    fn the_example_of_the_environment_too() {
        let vars: Vec<(&str, &str)> = EXAMPLE_ENV
            .lines()
            .filter_map(|line| line.trim_start_matches('#').trim().split_once('='))
            .filter(|(name, _)| name.starts_with("PLIMSOLL_"))
            .collect();
        assert_eq!(vars.len(), super::KEYS.len(), "one line a key");
        let shown = load("", &vars).expect("the example can be used as it is");
        let defaults = Settings::defaults(&environment(&[])).expect("there is a home");
        assert_eq!(shown.data_dir.value, defaults.data_dir.value);
        assert_eq!(shown.database_url.value, defaults.database_url.value);
        assert_eq!(shown.workers.value, defaults.workers.value);
    }
}
