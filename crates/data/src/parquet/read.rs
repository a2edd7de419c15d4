//! Bars from Parquet files, as a stream of batches.

use std::fs::File;
use std::ops::Range;
use std::path::Path;

use market::{Bar, BarSeries, Micros};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader,
    ParquetRecordBatchReaderBuilder,
};
use parquet::errors::ParquetError;
use parquet::file::metadata::RowGroupMetaData;
use parquet::file::reader::ChunkReader;
use parquet::file::statistics::Statistics;

use super::columns::{doubles, instants, is_number, is_time};
use super::guard::{check_footer, guarded};
use crate::csv::TimeReader;
use crate::error::ImportError;
use crate::intake::Intake;
use crate::options::ReadOptions;
use crate::refusal::{Fault, Refusals, excerpt};

/// Rows that are decoded at once.
const BATCH: usize = 16_384;

/// Names of the column that tells when, the most telling first; the last is what a data frame's
/// nameless index is stored as.
const TIMES: [&str; 6] = ["ts", "timestamp", "datetime", "date", "time", "__index_level_0__"];

/// The numeric columns.
const NUMBERS: [&str; 5] = ["open", "high", "low", "close", "volume"];

/// Reads a Parquet file of bars in bounded memory.
///
/// The time may be a timestamp of any unit, a date, an epoch integer or a text; numbers may be
/// floats, integers or decimals. Columns may stand in any order and case.
pub struct ParquetReader {
    batches: ParquetRecordBatchReader,
    places: Places,
    times: TimeReader,
    total: u64,
    done: u64,
    intake: Intake,
    decoded: Decoded,
}

/// Which columns of a batch hold what.
#[derive(Debug)]
struct Places {
    time: usize,
    numbers: [Option<usize>; 5],
}

/// One batch in our types, and how much of it was taken.
#[derive(Default)]
struct Decoded {
    ts: Vec<Result<Micros, Fault>>,
    numbers: [Vec<f64>; 5],
    next: usize,
}

impl ParquetReader {
    /// Opens a file and finds its columns.
    ///
    /// # Errors
    /// [`ImportError`] when the file cannot be read, is damaged, or lacks a column.
    pub fn open(path: &Path, options: &ReadOptions) -> Result<Self, ImportError> {
        let name = path.display().to_string();
        let unreadable = |source| ImportError::Unreadable { file: name.clone(), source };
        let file = File::open(path).map_err(unreadable)?;
        if file.metadata().map_err(unreadable)?.len() == 0 {
            return Err(ImportError::Empty { file: name });
        }
        Self::new(&name, file, options, None)
    }

    /// Reads from any bytes; only row groups that can have rows in `range` (all without one).
    pub(crate) fn new(
        name: &str,
        input: impl ChunkReader + 'static,
        options: &ReadOptions,
        range: Option<&Range<Micros>>,
    ) -> Result<Self, ImportError> {
        let corrupt = |source| ImportError::Corrupt { file: name.to_owned(), source };
        let length = input.len();
        let builder =
            guarded(|| ParquetRecordBatchReaderBuilder::try_new(input)).map_err(corrupt)?;
        check_footer(builder.metadata(), length).map_err(corrupt)?;
        let names: Vec<String> =
            builder.schema().fields().iter().map(|field| field.name().to_lowercase()).collect();
        let types: Vec<_> =
            builder.schema().fields().iter().map(|field| field.data_type().clone()).collect();
        let find = |name: &'static str| names.iter().position(|found| found == name);
        let missing = |column| {
            let found = names.iter().take(30).map(|name| excerpt(name.as_bytes())).collect();
            ImportError::MissingColumn { file: name.to_owned(), column, found }
        };
        let time = TIMES.into_iter().find_map(find).ok_or_else(|| missing("timestamp"))?;
        let mut numbers = [None; 5];
        for (slot, column) in NUMBERS.into_iter().enumerate() {
            numbers[slot] = find(column);
            if numbers[slot].is_none() && column != "volume" {
                return Err(missing(column));
            }
        }
        for place in std::iter::once(time).chain(numbers.into_iter().flatten()) {
            let known = if place == time { is_time } else { is_number };
            if !known(&types[place]) {
                return Err(ImportError::ColumnType {
                    file: name.to_owned(),
                    column: names[place].clone(),
                    found: types[place].to_string(),
                });
            }
        }
        let mut chosen: Vec<usize> =
            std::iter::once(time).chain(numbers.into_iter().flatten()).collect();
        chosen.sort_unstable();
        // A batch has the chosen columns alone, in the order of the file.
        let place = |column: usize| chosen.iter().position(|other| *other == column);
        let places = Places {
            time: place(time).unwrap_or(0),
            numbers: numbers.map(|number| number.and_then(place)),
        };
        let mask = ProjectionMask::roots(builder.parquet_schema(), chosen.iter().copied());
        let groups: Vec<usize> = match range {
            None => (0..builder.metadata().num_row_groups()).collect(),
            Some(range) => builder
                .metadata()
                .row_groups()
                .iter()
                .enumerate()
                .filter(|(_, group)| {
                    extent(group).is_none_or(|(from, to)| from < range.end && to >= range.start)
                })
                .map(|(index, _)| index)
                .collect(),
        };
        let rows = groups.iter().map(|group| builder.metadata().row_group(*group).num_rows());
        let total = rows.map(|rows| u64::try_from(rows).unwrap_or(0)).sum();
        let builder = builder.with_projection(mask).with_row_groups(groups).with_batch_size(BATCH);
        let batches = guarded(|| builder.build()).map_err(corrupt)?;
        Ok(Self {
            batches,
            places,
            times: options.time_reader(),
            total,
            done: 0,
            intake: Intake::new(name),
            decoded: Decoded::default(),
        })
    }

    /// Appends up to `rows` valid bars to `into`; false when the file has ended.
    ///
    /// # Errors
    /// [`ImportError::Corrupt`], after which nothing more comes.
    pub fn read(&mut self, into: &mut BarSeries, rows: usize) -> Result<bool, ImportError> {
        let target = into.len().saturating_add(rows);
        while into.len() < target {
            if self.decoded.next == self.decoded.ts.len() && !self.decode()? {
                return Ok(false);
            }
            let Decoded { ts, numbers: [open, high, low, close, volume], next } = &mut self.decoded;
            while *next < ts.len() && into.len() < target {
                let index = *next;
                *next += 1;
                self.done += 1;
                let bar = ts[index].clone().map(|ts| Bar {
                    ts,
                    open: open[index],
                    high: high[index],
                    low: low[index],
                    close: close[index],
                    volume: volume[index],
                });
                self.intake.take(self.done, bar, into);
            }
        }
        Ok(true)
    }

    /// The rows that were refused until now.
    pub fn refused(&self) -> &Refusals {
        self.intake.refused()
    }

    pub(crate) fn into_intake(self) -> Intake {
        self.intake
    }

    /// How many rows were read, refused ones included.
    pub fn rows(&self) -> u64 {
        self.done
    }

    /// How many rows there are, as the file's footer says.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// Decodes the next batch; false at the end.
    fn decode(&mut self) -> Result<bool, ImportError> {
        let batch = guarded(|| self.batches.next().transpose()).map_err(|source| {
            ImportError::Corrupt { file: self.intake.file().to_string(), source }
        })?;
        let Some(batch) = batch else { return Ok(false) };
        let Decoded { ts, numbers, next } = &mut self.decoded;
        instants(batch.column(self.places.time), &self.times, ts);
        for (values, place) in numbers.iter_mut().zip(self.places.numbers) {
            match place {
                Some(place) => doubles(batch.column(place), values),
                None => {
                    values.clear();
                    values.resize(batch.num_rows(), 0.0);
                }
            }
        }
        *next = 0;
        Ok(true)
    }
}

/// What the footer of a file in our layout tells without reading a row.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Stored {
    /// Bars.
    pub(crate) bars: u64,
    /// First and last bar; `None` when the file has no bar or no statistics.
    pub(crate) extent: Option<(Micros, Micros)>,
}

impl Stored {
    pub(crate) fn of(input: &impl ChunkReader) -> Result<Self, ParquetError> {
        let metadata = guarded(|| ArrowReaderMetadata::load(input, ArrowReaderOptions::new()))?;
        check_footer(metadata.metadata(), input.len())?;
        let groups = metadata.metadata().row_groups();
        let rows = groups.iter().map(|group| u64::try_from(group.num_rows()).unwrap_or(0)).sum();
        let extents: Option<Vec<_>> = groups.iter().map(extent).collect();
        let extent = extents.and_then(|extents| Some((extents.first()?.0, extents.last()?.1)));
        Ok(Self { bars: rows, extent })
    }
}

/// First and last instant of a row group, when its statistics tell them in our unit.
fn extent(group: &RowGroupMetaData) -> Option<(Micros, Micros)> {
    let column = group.columns().iter().find(|column| column.column_path().string() == "ts")?;
    match column.statistics()? {
        Statistics::Int64(values) => Some((*values.min_opt()?, *values.max_opt()?)),
        _ => None,
    }
}
