//! Corporate actions as a Parquet file.
//!
//! Columns: `ex_date` (date), `kind` (`split` or `dividend`), `ratio` (new shares for an old one,
//! of a split), `amount` (cash a share, of a dividend), `pay_date` (date, null where unknown).

use std::io::Write;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Float64Type};
use arrow_array::{Array, ArrayRef, Date32Array, Float64Array, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use jiff::civil::Date;
use market::{ActionKind, CorporateAction, MICROS_PER_DAY, date_of, midnight};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::reader::ChunkReader;

use crate::error::LakeError;
use crate::parquet::{check_footer, guarded};

static SCHEMA: LazyLock<SchemaRef> = LazyLock::new(|| {
    Arc::new(Schema::new(vec![
        Field::new("ex_date", DataType::Date32, false),
        Field::new("kind", DataType::Utf8, false),
        Field::new("ratio", DataType::Float64, true),
        Field::new("amount", DataType::Float64, true),
        Field::new("pay_date", DataType::Date32, true),
    ]))
});

/// Writes all actions, the oldest first.
pub(crate) fn write_events<W: Write + Send>(
    events: &[CorporateAction],
    out: W,
) -> Result<W, ParquetError> {
    let mut events = events.to_vec();
    events.sort_by_key(|event| event.ex_date);
    let kinds = events.iter().map(|event| match event.kind {
        ActionKind::Split { .. } => "split",
        ActionKind::Dividend { .. } => "dividend",
    });
    let ratios = events.iter().map(|event| match event.kind {
        ActionKind::Split { ratio } => Some(ratio),
        ActionKind::Dividend { .. } => None,
    });
    let amounts = events.iter().map(|event| match event.kind {
        ActionKind::Split { .. } => None,
        ActionKind::Dividend { amount, .. } => Some(amount),
    });
    let pay_dates = events.iter().map(|event| match event.kind {
        ActionKind::Split { .. } => None,
        ActionKind::Dividend { pay_date, .. } => pay_date.map(day),
    });
    let columns: Vec<ArrayRef> = vec![
        Arc::new(events.iter().map(|event| Some(day(event.ex_date))).collect::<Date32Array>()),
        Arc::new(kinds.map(Some).collect::<StringArray>()),
        Arc::new(ratios.collect::<Float64Array>()),
        Arc::new(amounts.collect::<Float64Array>()),
        Arc::new(pay_dates.collect::<Date32Array>()),
    ];
    let properties = WriterProperties::builder()
        .set_created_by("plimsoll".to_owned())
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(1)?))
        .build();
    let mut writer = ArrowWriter::try_new(out, Arc::clone(&SCHEMA), Some(properties))?;
    writer.write(&RecordBatch::try_new(Arc::clone(&SCHEMA), columns)?)?;
    writer.into_inner()
}

/// Reads all actions, the oldest first.
///
/// # Errors
/// [`LakeError::Damaged`] for a file that [`write_events`] did not write.
pub(crate) fn read_events(
    path: &Path,
    input: impl ChunkReader + 'static,
) -> Result<Vec<CorporateAction>, LakeError> {
    let damaged = |detail: String| LakeError::Damaged { path: path.to_owned(), detail };
    let broken = |error: ParquetError| damaged(error.to_string());
    let length = input.len();
    let builder = guarded(|| ParquetRecordBatchReaderBuilder::try_new(input)).map_err(broken)?;
    check_footer(builder.metadata(), length).map_err(broken)?;
    let types = |schema: &Schema| -> Vec<(String, DataType)> {
        schema.fields().iter().map(|f| (f.name().clone(), f.data_type().clone())).collect()
    };
    if types(builder.schema()) != types(&SCHEMA) {
        return Err(damaged("it has other columns than events have".to_owned()));
    }
    let mut batches = guarded(|| builder.build()).map_err(broken)?;
    let mut events = Vec::new();
    while let Some(batch) = guarded(|| batches.next().transpose()).map_err(broken)? {
        for row in 0..batch.num_rows() {
            let event = event(&batch, row);
            events.push(event.ok_or_else(|| damaged(format!("event {} is not valid", row + 1)))?);
        }
    }
    events.sort_by_key(|event| event.ex_date);
    Ok(events)
}

/// One row as an action; `None` for a ratio or amount that is none.
fn event(batch: &RecordBatch, row: usize) -> Option<CorporateAction> {
    let date = |column: usize| {
        let dates = batch.column(column).as_primitive::<Date32Type>();
        dates.is_valid(row).then(|| date_of(i64::from(dates.value(row)) * MICROS_PER_DAY))
    };
    let positive = |column: usize| {
        let values = batch.column(column).as_primitive::<Float64Type>();
        let value = values.is_valid(row).then(|| values.value(row))?;
        (value.is_finite() && value > 0.0).then_some(value)
    };
    let kind = match batch.column(1).as_string::<i32>().value(row) {
        "split" => ActionKind::Split { ratio: positive(2)? },
        "dividend" => ActionKind::Dividend { amount: positive(3)?, pay_date: date(4) },
        _ => return None,
    };
    Some(CorporateAction { ex_date: date(0)?, kind })
}

/// Days from 1970-01-01, which fit for every civil date.
fn day(date: Date) -> i32 {
    (midnight(date) / MICROS_PER_DAY) as i32
}
