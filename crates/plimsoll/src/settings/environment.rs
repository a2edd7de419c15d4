//! What the process was given by its environment, as a value that tests can make.

use std::collections::BTreeMap;
use std::env;
use std::path::{Path, PathBuf};

/// Variables and the home folder.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    vars: BTreeMap<String, String>,
    home: Option<PathBuf>,
}

impl Environment {
    /// An environment of these variables; `home` is the user's home folder, if there is one.
    pub fn new(vars: impl IntoIterator<Item = (String, String)>, home: Option<PathBuf>) -> Self {
        Self { vars: vars.into_iter().collect(), home }
    }

    /// The environment of this process.
    pub fn of_process() -> Self {
        let text = |text: std::ffi::OsString| text.to_string_lossy().into_owned();
        let vars = env::vars_os().map(|(name, value)| (text(name), text(value)));
        Self::new(vars, env::home_dir().filter(|home| home.is_absolute()))
    }

    /// Names and values of the variables, ordered.
    pub fn vars(&self) -> impl Iterator<Item = (&str, &str)> {
        self.vars.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The home folder.
    pub fn home(&self) -> Option<&Path> {
        self.home.as_deref()
    }

    /// Where programs keep the user's data, by the XDG Base Directory Specification.
    pub fn data_home(&self) -> Option<PathBuf> {
        self.base("XDG_DATA_HOME", ".local/share")
    }

    /// Where programs keep their configuration, by the XDG Base Directory Specification.
    pub fn config_home(&self) -> Option<PathBuf> {
        self.base("XDG_CONFIG_HOME", ".config")
    }

    /// The specification has relative folders ignored.
    fn base(&self, variable: &str, below_home: &str) -> Option<PathBuf> {
        let named = self.vars.get(variable).map(PathBuf::from).filter(|path| path.is_absolute());
        named.or_else(|| Some(self.home.as_ref()?.join(below_home)))
    }
}
