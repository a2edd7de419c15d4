//! Damaged files must be errors, also where the Parquet library would panic.

use std::panic::{AssertUnwindSafe, catch_unwind};

use parquet::errors::ParquetError;
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData};

/// Runs a step of the Parquet library and turns a panic into an error.
///
/// What the step worked on must not be used again after an error.
pub(crate) fn guarded<T, E: Into<ParquetError>>(
    step: impl FnOnce() -> Result<T, E>,
) -> Result<T, ParquetError> {
    match catch_unwind(AssertUnwindSafe(step)) {
        Ok(answer) => answer.map_err(Into::into),
        Err(_) => Err(damage("its structure contradicts itself")),
    }
}

/// Checks that a footer speaks of places that are in the file, which the library takes for granted.
///
/// `length`: bytes of the file.
pub(crate) fn check_footer(metadata: &ParquetMetaData, length: u64) -> Result<(), ParquetError> {
    for group in metadata.row_groups() {
        let sound =
            group.num_rows() >= 0 && group.columns().iter().all(|column| is_within(column, length));
        if !sound {
            return Err(damage("its footer speaks of places that are not in it"));
        }
    }
    Ok(())
}

fn is_within(column: &ColumnChunkMetaData, length: u64) -> bool {
    let first = column.dictionary_page_offset().unwrap_or(column.data_page_offset());
    let end = first.checked_add(column.compressed_size());
    first >= 0
        && column.data_page_offset() >= 0
        && column.compressed_size() >= 0
        && column.uncompressed_size() >= 0
        && column.num_values() >= 0
        && end.is_some_and(|end| u64::try_from(end).is_ok_and(|end| end <= length))
}

fn damage(what: &str) -> ParquetError {
    ParquetError::General(what.to_owned())
}
