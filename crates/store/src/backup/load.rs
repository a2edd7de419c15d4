//! Putting every row into a database, in one transaction.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use sea_orm::sea_query::{Alias, Expr, Query};
use sea_orm::{ConnectionTrait, DatabaseTransaction, Statement, Value};
use sea_orm_migration::MigratorTrait;
use serde_json::Value as Json;

use super::fault::BackupFault;
use super::manifest::{Manifest, SavedTable};
use super::row::from_json;
use super::table::tables;
use super::{Replace, file_of};
use crate::database::{Opened, applied, begin_writing, lock, refuse_newer};
use crate::error::StoreError;
use crate::ids::OwnerId;
use crate::migrations::{self, Migrator};
use crate::moment::Moment;
use crate::users;

/// A statement takes so many rows at most, and closes when they are so many bytes.
const AT_ONCE: usize = 200;
const AT_ONCE_BYTES: usize = 4 << 20;

/// Empties the database, restores into the tables as they were, and brings them up to date.
pub(super) async fn load(
    opened: &Opened,
    folder: &Path,
    manifest: &Manifest,
    replace: Replace,
    now: Moment,
) -> Result<(), StoreError> {
    let tx = begin_writing(opened.writing()).await?;
    lock(&tx).await?;
    let there = applied(&tx).await?;
    refuse_newer(&there)?;
    Migrator::up(&tx, None).await?;
    empty(&tx, replace).await?;
    Migrator::up(&tx, Some(manifest.steps()?)).await?;
    for table in &manifest.tables {
        load_table(&tx, folder, table).await?;
    }
    Migrator::up(&tx, None).await?;
    users::ensure_local(&tx, now).await?;
    Ok(tx.commit().await?)
}

/// Drops all tables, or refuses to. All of them are there: the steps were just taken, which also
/// keeps a database safe that has such tables and is not ours.
async fn empty(tx: &DatabaseTransaction, replace: Replace) -> Result<(), StoreError> {
    for table in tables().into_iter().rev() {
        let rows = match table.name {
            "users" => count(tx, "users", Some(OwnerId::LOCAL)).await?,
            name => count(tx, name, None).await?,
        };
        if rows > 0 && replace == Replace::Nothing {
            return Err(BackupFault::NotEmpty { table: table.name.to_owned(), rows }.into());
        }
        tx.execute_unprepared(&format!("drop table {}", table.name)).await?;
    }
    tx.execute_unprepared(&format!("drop table {}", migrations::TABLE)).await?;
    Ok(())
}

async fn count(
    tx: &DatabaseTransaction,
    table: &str,
    except: Option<OwnerId>,
) -> Result<i64, StoreError> {
    let except = except.map_or_else(String::new, |id| format!(" where id <> '{id}'"));
    let sql = format!("select count(*) from {table}{except}");
    let backend = ConnectionTrait::get_database_backend(tx);
    let row = tx.query_one_raw(Statement::from_string(backend, sql)).await?;
    Ok(row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or_default())
}

async fn load_table(
    tx: &DatabaseTransaction,
    folder: &Path,
    table: &SavedTable,
) -> Result<(), StoreError> {
    let path = folder.join(file_of(&table.name));
    let unreadable = |source| BackupFault::Unreadable { path: path.clone(), source };
    let damaged = |detail: String| BackupFault::Damaged { path: path.clone(), detail };
    let file = File::open(&path).map_err(unreadable)?;
    let lines = BufReader::new(zstd::Decoder::new(file).map_err(unreadable)?).lines();
    let (mut batch, mut bytes, mut rows) = (Vec::new(), 0, 0_u64);
    for line in lines {
        let line = line.map_err(unreadable)?;
        rows += 1;
        bytes += line.len();
        let row = values(&line, table).ok_or_else(|| damaged(format!("row {rows} is unfit")))?;
        batch.push(row);
        if batch.len() >= AT_ONCE || bytes >= AT_ONCE_BYTES {
            insert(tx, table, std::mem::take(&mut batch)).await?;
            bytes = 0;
        }
    }
    insert(tx, table, batch).await?;
    if rows == table.rows {
        return Ok(());
    }
    Err(damaged(format!("{rows} rows are there, and {} should be", table.rows)).into())
}

fn values(line: &str, table: &SavedTable) -> Option<Vec<Value>> {
    let row: Vec<Json> = serde_json::from_str(line).ok()?;
    if row.len() != table.columns.len() {
        return None;
    }
    row.into_iter().zip(&table.columns).map(|(json, column)| from_json(json, column.kind)).collect()
}

async fn insert(
    tx: &DatabaseTransaction,
    table: &SavedTable,
    rows: Vec<Vec<Value>>,
) -> Result<(), StoreError> {
    if rows.is_empty() {
        return Ok(());
    }
    let mut statement = Query::insert();
    statement
        .into_table(Alias::new(table.name.as_str()))
        .columns(table.columns.iter().map(|column| Alias::new(column.name.as_str())));
    for row in rows {
        let row = row.into_iter().map(Expr::value);
        statement.values(row).map_err(|error| sea_orm::DbErr::Custom(error.to_string()))?;
    }
    tx.execute(&statement).await?;
    Ok(())
}
