//! Brings tables up to date, or refuses to.

use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, Statement};
use sea_orm_migration::MigratorTrait;

use super::begin_writing;
use crate::error::StoreError;
use crate::migrations::{self, Migrator};
use crate::moment::Moment;
use crate::users;

/// Taken by everybody who changes tables, so that two programs that start at once do it once.
const ADVISORY_LOCK: i64 = 0x706c_696d_736f_6c6c; // "plimsoll"

/// What bringing the tables up to date did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Migrated {
    /// The last step that was there before; `None` for an empty database.
    pub from: Option<String>,
    /// The steps that were taken, in order.
    pub applied: Vec<&'static str>,
    /// The last step that is there now.
    pub to: &'static str,
}

/// Takes every step that is missing, all of them or none, and makes sure of the local user.
///
/// # Errors
/// [`StoreError::Newer`] before anything is touched.
pub(super) async fn up(db: &DatabaseConnection, now: Moment) -> Result<Migrated, StoreError> {
    let tx = begin_writing(db).await?;
    lock(&tx).await?;
    let there = applied(&tx).await?;
    refuse_newer(&there)?;
    Migrator::up(&tx, None).await?;
    users::ensure_local(&tx, now).await?;
    tx.commit().await?;
    let missing = migrations::names().filter(|name| !there.iter().any(|known| known == name));
    let applied = missing.collect();
    Ok(Migrated { from: there.into_iter().next_back(), applied, to: migrations::last() })
}

/// Waits until nobody else changes tables. SQLite's write lock is that lock already.
pub(crate) async fn lock(tx: &DatabaseTransaction) -> Result<(), StoreError> {
    if ConnectionTrait::get_database_backend(tx) == DbBackend::Postgres {
        let sql = format!("select pg_advisory_xact_lock({ADVISORY_LOCK})");
        tx.execute_raw(Statement::from_string(DbBackend::Postgres, sql)).await?;
    }
    Ok(())
}

/// The steps that the database has taken, in order.
pub(crate) async fn applied(tx: &DatabaseTransaction) -> Result<Vec<String>, StoreError> {
    Migrator::install(tx).await?;
    let models = Migrator::get_migration_models(tx).await?;
    Ok(models.into_iter().map(|model| model.version).collect())
}

/// Refuses steps that this program does not know.
pub(crate) fn refuse_newer(applied: &[String]) -> Result<(), StoreError> {
    match applied.iter().find(|step| !migrations::names().any(|known| known == step.as_str())) {
        Some(found) => Err(StoreError::Newer { found: found.clone(), known: migrations::last() }),
        None => Ok(()),
    }
}
