//! Connections: how the two databases are opened, written and closed.

mod address;
mod migrate;
mod postgres;
mod sqlite;
mod tx;
mod writer;

use std::sync::{Arc, Mutex};

use sea_orm::{DatabaseConnection, DbBackend};
use tokio::sync::watch;

pub use migrate::Migrated;
pub use tx::{Tx, TxFuture};

pub(crate) use address::Address;
pub(crate) use migrate::{applied, lock, refuse_newer};
pub(crate) use writer::begin_writing;

use crate::clock::Clock;
use crate::error::StoreError;
use crate::moment::Moment;
use writer::Writer;

/// An open database. Cloning it is cheap and gives the same one.
#[derive(Clone)]
pub struct Store {
    parts: Arc<Parts>,
}

struct Parts {
    readers: DatabaseConnection,
    /// `None` once closed.
    writer: Mutex<Option<Writer>>,
    clock: Arc<dyn Clock>,
    changes: watch::Sender<u64>,
    migrated: Migrated,
}

/// The connections of an opened database, before anything was asked of them.
pub(crate) struct Opened {
    /// Short reads; also writes, where the database allows many writers.
    pub(crate) readers: DatabaseConnection,
    /// The only connection that may write to an SQLite file in this process.
    pub(crate) single_writer: Option<DatabaseConnection>,
}

impl Opened {
    pub(crate) async fn at(address: &Address) -> Result<Self, StoreError> {
        match address {
            Address::Sqlite(path) => sqlite::open(path).await,
            Address::Postgres(url) => postgres::open(url).await,
        }
    }

    /// The connection for writing.
    pub(crate) fn writing(&self) -> &DatabaseConnection {
        self.single_writer.as_ref().unwrap_or(&self.readers)
    }

    pub(crate) async fn close(self) -> Result<(), StoreError> {
        self.readers.close().await?;
        match self.single_writer {
            Some(writer) => Ok(writer.close().await?),
            None => Ok(()),
        }
    }
}

impl Store {
    /// Opens the database, makes it when it is not there, and brings its tables up to date.
    ///
    /// `url`: `sqlite://<path>` or `postgres://…`. Must be called on a tokio runtime, which the
    /// single writer of an SQLite file lives on.
    ///
    /// # Errors
    /// [`StoreError`]: each reason why a database cannot be used is a variant of its own.
    pub async fn open(url: &str, clock: Arc<dyn Clock>) -> Result<Self, StoreError> {
        let opened = Opened::at(&Address::parse(url)?).await?;
        let migrated = migrate::up(opened.writing(), clock.now().into()).await?;
        let changes = watch::Sender::new(0);
        let readers = opened.readers;
        let writer = match opened.single_writer {
            Some(writer) => Writer::single(writer, Arc::clone(&clock), changes.clone()),
            None => Writer::many(readers.clone(), Arc::clone(&clock), changes.clone()),
        };
        let writer = Mutex::new(Some(writer));
        Ok(Self { parts: Arc::new(Parts { readers, writer, clock, changes, migrated }) })
    }

    /// What opening did to the tables.
    pub fn migrated(&self) -> &Migrated {
        &self.parts.migrated
    }

    /// Runs `work` in one transaction that is committed when it succeeds, and only then answers.
    ///
    /// A transaction that has begun runs to its end, even when the caller goes away. On SQLite
    /// those that wait are committed together, each with a savepoint of its own.
    ///
    /// # Errors
    /// Those of `work`, and [`StoreError::Database`] when the commit fails: nothing was written.
    pub async fn write<T, W>(&self, work: W) -> Result<T, StoreError>
    where
        T: Send + 'static,
        W: for<'c> FnOnce(&'c Tx) -> TxFuture<'c, T> + Send + 'static,
    {
        let writer = self.parts.writer.lock().map_err(|_| StoreError::Closed)?.clone();
        writer.ok_or(StoreError::Closed)?.write(work).await
    }

    /// A number that grows with every change to a job by this process: wait for it instead of
    /// asking again and again. Changes by other processes do not show here.
    pub fn job_changes(&self) -> watch::Receiver<u64> {
        self.parts.changes.subscribe()
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// [`StoreError::Database`] when it does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        Ok(self.parts.readers.ping().await?)
    }

    /// Lets running transactions end and closes all connections; later calls fail.
    ///
    /// # Errors
    /// [`StoreError::Database`] when a connection does not close.
    pub async fn close(&self) -> Result<(), StoreError> {
        let writer = self.parts.writer.lock().map_err(|_| StoreError::Closed)?.take();
        if let Some(writer) = writer {
            writer.close().await;
        }
        Ok(self.parts.readers.clone().close().await?)
    }

    pub(crate) fn reader(&self) -> &DatabaseConnection {
        &self.parts.readers
    }

    pub(crate) fn is_postgres(&self) -> bool {
        self.reader().get_database_backend() == DbBackend::Postgres
    }

    /// The instant now, by the clock that the store was opened with.
    pub fn now(&self) -> Moment {
        self.parts.clock.now().into()
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("migrated", &self.parts.migrated).finish_non_exhaustive()
    }
}
