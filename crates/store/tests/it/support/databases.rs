//! A database for one test.

use std::path::PathBuf;

use sea_orm::{ConnectOptions, ConnectionTrait, DatabaseConnection};
use tempfile::TempDir;
use uuid::Uuid;

use super::postgres;

/// An empty database that is deleted when this is dropped.
pub(crate) enum Database {
    Sqlite { folder: TempDir, url: String },
    Postgres { server: String, name: String, url: String },
}

impl Database {
    pub(crate) fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        // A folder that is not there yet, of a name that means something else in a URL.
        let path = folder.path().join("my %20 data#1").join("plimsoll.db");
        let url = format!("sqlite://{}", path.display());
        Self::Sqlite { folder, url }
    }

    pub(crate) async fn postgres() -> Self {
        let server = postgres::server().await;
        let name = format!("store_test_{}", Uuid::now_v7().simple());
        run(&server, &format!("create database {name}")).await;
        let url = postgres::with_database(&server, &name);
        Self::Postgres { server, name, url }
    }

    pub(crate) fn url(&self) -> &str {
        match self {
            Self::Sqlite { url, .. } | Self::Postgres { url, .. } => url,
        }
    }

    /// A connection that knows nothing of the store.
    pub(crate) async fn connect(&self) -> DatabaseConnection {
        if self.is_postgres() {
            return sea_orm::Database::connect(self.url()).await.unwrap();
        }
        let file = self.file();
        let mut options = ConnectOptions::new("sqlite://");
        options.map_sqlx_sqlite_opts(move |sqlite| sqlite.filename(&file));
        sea_orm::Database::connect(options).await.unwrap()
    }

    pub(crate) fn is_postgres(&self) -> bool {
        matches!(self, Self::Postgres { .. })
    }

    /// The file of an SQLite database.
    pub(crate) fn file(&self) -> PathBuf {
        PathBuf::from(self.url().strip_prefix("sqlite://").unwrap())
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        match self {
            // The folder deletes itself.
            Self::Sqlite { folder, .. } => debug_assert!(folder.path().is_absolute()),
            Self::Postgres { server, name, .. } => {
                let (server, sql) = (server.clone(), format!("drop database {name} with (force)"));
                // Dropped inside a runtime, which cannot wait for another: so on a thread.
                let dropping = std::thread::spawn(move || {
                    let runtime =
                        tokio::runtime::Builder::new_current_thread().enable_all().build();
                    runtime.unwrap().block_on(run(&server, &sql));
                });
                if dropping.join().is_err() {
                    eprintln!("database {name} was left behind");
                }
            }
        }
    }
}

async fn run(server: &str, sql: &str) {
    let db = sea_orm::Database::connect(server).await.unwrap();
    db.execute_unprepared(sql).await.unwrap();
    db.close().await.unwrap();
}
