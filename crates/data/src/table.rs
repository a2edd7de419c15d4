//! Tables of results as Parquet, beside the bars.

use std::io::Write;
use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, RecordBatch, StringArray};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;

/// A column of a table.
#[derive(Clone, Debug, PartialEq)]
pub enum TableColumn {
    /// Names.
    Text(Vec<String>),
    /// Numbers; `None` is undefined.
    Number(Vec<Option<f64>>),
}

/// Why a table could not be written.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// The columns do not fit each other or the ones before.
    #[error(transparent)]
    Columns(#[from] ArrowError),
    /// The file took no more.
    #[error(transparent)]
    Parquet(#[from] ParquetError),
    /// The file took no more.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

/// Writes a table piece by piece, zstd-compressed.
pub struct TableWriter<W: Write + Send> {
    schema: SchemaRef,
    writer: ArrowWriter<W>,
}

impl<W: Write + Send> TableWriter<W> {
    /// Begins a table with the names and kinds of `columns`.
    ///
    /// # Errors
    /// [`TableError`] when `out` takes nothing.
    pub fn new(out: W, columns: &[(String, TableColumn)]) -> Result<Self, TableError> {
        let fields: Vec<Field> = columns
            .iter()
            .map(|(name, column)| match column {
                TableColumn::Text(_) => Field::new(name, DataType::Utf8, false),
                TableColumn::Number(_) => Field::new(name, DataType::Float64, true),
            })
            .collect();
        let schema = Arc::new(Schema::new(fields));
        let properties = WriterProperties::builder()
            .set_created_by("plimsoll".to_owned())
            .set_compression(Compression::ZSTD(ZstdLevel::try_new(1)?))
            .build();
        let writer = ArrowWriter::try_new(out, Arc::clone(&schema), Some(properties))?;
        Ok(Self { schema, writer })
    }

    /// Appends rows.
    ///
    /// # Errors
    /// [`TableError`] for columns unlike the first ones, or when the file takes no more.
    pub fn write(&mut self, columns: Vec<(String, TableColumn)>) -> Result<(), TableError> {
        let arrays = columns.into_iter().map(|(_, column)| -> ArrayRef {
            match column {
                TableColumn::Text(values) => Arc::new(StringArray::from(values)),
                TableColumn::Number(values) => Arc::new(Float64Array::from(values)),
            }
        });
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), arrays.collect())?;
        Ok(self.writer.write(&batch)?)
    }

    /// Writes the footer.
    ///
    /// # Errors
    /// [`TableError`] when the file takes no more.
    pub fn finish(self) -> Result<(), TableError> {
        self.writer.close()?;
        Ok(())
    }
}
