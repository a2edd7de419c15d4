//! Which database a URL means.

use std::path::PathBuf;

use crate::error::StoreError;

/// A database by its kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Address {
    /// A file.
    Sqlite(PathBuf),
    /// A server; the URL may hold a password.
    Postgres(String),
}

impl Address {
    /// Reads `sqlite://<path>`, `sqlite:<path>`, `postgres://…` or `postgresql://…`.
    ///
    /// # Errors
    /// [`StoreError::Url`] for anything else, also for SQLite's databases in memory: they would
    /// be a different one on every connection.
    pub(crate) fn parse(url: &str) -> Result<Self, StoreError> {
        if let Some(rest) = url.strip_prefix("sqlite:") {
            let path = rest.strip_prefix("//").unwrap_or(rest);
            let path = path.split_once('?').map_or(path, |(path, _)| path);
            if !path.is_empty() && path != ":memory:" {
                return Ok(Self::Sqlite(PathBuf::from(path)));
            }
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(Self::Postgres(url.to_owned()));
        }
        Err(StoreError::Url { url: without_password(url) })
    }
}

/// The URL with its password left out, for messages.
pub(super) fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let path = path.split_once('?').map_or(path, |(path, _)| path);
    match authority.rsplit_once('@') {
        Some((user, host)) => {
            let user = user.split_once(':').map_or(user, |(user, _)| user);
            format!("{scheme}://{user}@{host}{path}")
        }
        None => format!("{scheme}://{authority}{path}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_told_apart() {
        let file = |path: &str| Some(Address::Sqlite(PathBuf::from(path)));
        let cases = [
            ("sqlite:///var/lib/p.db", file("/var/lib/p.db")),
            ("sqlite://p.db?mode=rwc", file("p.db")),
            ("sqlite:p.db", file("p.db")),
            ("sqlite::memory:", None),
            ("sqlite://", None),
            ("mysql://root:secret@h/db", None),
            ("p.db", None),
        ];
        for (url, expected) in cases {
            assert_eq!(Address::parse(url).ok(), expected, "{url}");
        }
        let url = "postgresql://u:p@h/db";
        assert_eq!(Address::parse(url).unwrap(), Address::Postgres(url.to_owned()));
    }

    #[test]
    fn no_message_holds_a_password() {
        let cases = [
            ("mysql://root:s3cret@h:1/db?password=s3cret", "mysql://root@h:1/db"),
            ("mysql://root:s3@cret@h/db", "mysql://root@h/db"),
            ("mysql://h/db", "mysql://h/db"),
            ("nonsense", "nonsense"),
        ];
        for (url, shown) in cases {
            assert_eq!(without_password(url), shown);
            let message = Address::parse(url).unwrap_err().to_string();
            assert!(message.contains(shown) && !message.contains("cret"), "{message}");
        }
    }
}
