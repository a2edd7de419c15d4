//! Bars as Parquet, in the layout of the lake.

use std::io::Write;
use std::sync::{Arc, LazyLock};

use arrow_array::{ArrayRef, Float64Array, RecordBatch, TimestampMicrosecondArray};
use arrow_schema::{DataType, Field, Schema, SchemaRef, TimeUnit};
use market::{BarSeries, Bars};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;

/// Rows of one row group: what a reader can skip at once.
const GROUP: usize = 1_000_000;

/// Rows that are copied at once.
const SLICE: usize = 65_536;

/// `ts` as UTC microseconds, then the prices and the volume as doubles; nothing is null.
static SCHEMA: LazyLock<SchemaRef> = LazyLock::new(|| {
    let ts = DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
    let mut fields = vec![Field::new("ts", ts, false)];
    let doubles = ["open", "high", "low", "close", "volume"];
    fields.extend(doubles.map(|name| Field::new(name, DataType::Float64, false)));
    Arc::new(Schema::new(fields))
});

/// Writes a whole series.
///
/// # Errors
/// What `out` answers, wrapped.
pub fn write_parquet(bars: Bars<'_>, out: impl Write + Send) -> Result<(), ParquetError> {
    let mut writer = BarWriter::new(out)?;
    writer.write(bars)?;
    writer.finish().map(drop)
}

/// Writes bars piece by piece, in row groups of a million.
pub(crate) struct BarWriter<W: Write + Send> {
    writer: ArrowWriter<W>,
}

impl<W: Write + Send> BarWriter<W> {
    pub(crate) fn new(out: W) -> Result<Self, ParquetError> {
        let properties = WriterProperties::builder()
            .set_created_by("plimsoll".to_owned())
            .set_compression(Compression::ZSTD(ZstdLevel::try_new(1)?))
            .set_max_row_group_row_count(Some(GROUP))
            .set_dictionary_enabled(false)
            .set_column_encoding("ts".into(), Encoding::DELTA_BINARY_PACKED)
            .build();
        let writer = ArrowWriter::try_new(out, Arc::clone(&SCHEMA), Some(properties))?;
        Ok(Self { writer })
    }

    /// Appends a copy of some bars.
    pub(crate) fn write(&mut self, bars: Bars<'_>) -> Result<(), ParquetError> {
        let mut start = 0;
        while start < bars.len() {
            let end = bars.len().min(start + SLICE);
            self.write_owned(bars.slice(start..end).to_series())?;
            start = end;
        }
        Ok(())
    }

    /// Appends bars without a copy.
    pub(crate) fn write_owned(&mut self, bars: BarSeries) -> Result<(), ParquetError> {
        let double = |values: Vec<f64>| -> ArrayRef { Arc::new(Float64Array::from(values)) };
        let ts = TimestampMicrosecondArray::from(bars.ts).with_timezone("UTC");
        let columns = vec![
            Arc::new(ts) as ArrayRef,
            double(bars.open),
            double(bars.high),
            double(bars.low),
            double(bars.close),
            double(bars.volume),
        ];
        self.writer.write(&RecordBatch::try_new(Arc::clone(&SCHEMA), columns)?)
    }

    /// Writes the footer, and gives back what was written to.
    pub(crate) fn finish(self) -> Result<W, ParquetError> {
        self.writer.into_inner()
    }
}
