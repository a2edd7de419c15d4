//! Reading every row out of a snapshot.

use std::path::Path;

use sea_orm::{ConnectionTrait, DatabaseTransaction, QueryResult, Statement};

use super::file_of;
use super::manifest::{FORMAT, Manifest, SavedTable};
use super::row::to_json;
use super::table::{ColumnKind, SavedColumn, Table, tables};
use super::write::SavedFile;
use crate::error::StoreError;
use crate::migrations;
use crate::moment::Moment;

/// How many rows are in memory at a time.
const AT_ONCE: u64 = 200;

/// What rows of a few hundred bytes gain most from.
const LEVEL: i32 = 3;

/// Writes all tables and the manifest into an empty folder.
pub(super) async fn dump(
    snapshot: &DatabaseTransaction,
    folder: &Path,
    now: Moment,
) -> Result<Manifest, StoreError> {
    let mut saved = Vec::new();
    for table in tables() {
        saved.push(dump_table(snapshot, folder, &table).await?);
    }
    let manifest = Manifest {
        format: FORMAT,
        program_version: env!("CARGO_PKG_VERSION").to_owned(),
        created_at: now,
        schema: migrations::last().to_owned(),
        tables: saved,
    };
    manifest.write(folder)?;
    Ok(manifest)
}

async fn dump_table(
    snapshot: &DatabaseTransaction,
    folder: &Path,
    table: &Table,
) -> Result<SavedTable, StoreError> {
    let file = SavedFile::create(&folder.join(file_of(table.name)))?;
    let path = folder.join(file_of(table.name));
    let unwritable =
        |source| StoreError::from(super::BackupFault::Unwritable { path: path.clone(), source });
    let mut file = zstd::Encoder::new(file, LEVEL).map_err(unwritable)?;
    let mut rows = 0;
    loop {
        let page = page(snapshot, table, rows).await?;
        if page.is_empty() {
            break;
        }
        for row in page {
            let row = to_json(&row, &table.columns)?;
            serde_json::to_writer(&mut file, &row).map_err(StoreError::Json)?;
            std::io::Write::write_all(&mut file, b"\n").map_err(unwritable)?;
            rows += 1;
        }
    }
    let blake3 = file.finish().map_err(unwritable)?.finish()?;
    let columns = table.columns.clone();
    Ok(SavedTable { name: table.name.to_owned(), columns, rows, blake3 })
}

async fn page(
    snapshot: &DatabaseTransaction,
    table: &Table,
    offset: u64,
) -> Result<Vec<QueryResult>, StoreError> {
    let columns: Vec<String> = table.columns.iter().map(selected).collect();
    let sql = format!(
        "select {} from {} order by {} limit {AT_ONCE} offset {offset}",
        columns.join(", "),
        table.name,
        table.order.join(", "),
    );
    let backend = ConnectionTrait::get_database_backend(snapshot);
    Ok(snapshot.query_all_raw(Statement::from_string(backend, sql)).await?)
}

/// Whole numbers are read as the widest, whatever the column's width is.
fn selected(column: &SavedColumn) -> String {
    match column.kind {
        ColumnKind::Integer => format!("cast({} as bigint)", column.name),
        _ => column.name.clone(),
    }
}
