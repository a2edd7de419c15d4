//! Where prices come from and where they are kept: importers, the lake, the bundled history.

mod csv;
mod parquet;

mod intake;
mod options;
mod read;
mod refusal;

mod atomic;
mod bundled;
mod catalogue;
mod events;
mod export;
mod lake;
mod series;
mod stored;
mod table;

mod error;
mod hash;
mod nearest;

pub use bundled::BUNDLED;
pub use catalogue::{Catalogue, Found, SourceInfo, Wanted};
pub use csv::{CsvReader, write_csv};
pub use error::{ImportError, LakeError};
pub use hash::series_hash;
pub use lake::{ImportRequest, ImportSummary, Lake, Listing, Progress};
pub use options::{ReadOptions, guess_timeframe};
pub use parquet::{ParquetReader, write_parquet};
pub use read::{ReadBars, read_csv, read_file};
pub use refusal::{Fault, Refusal, Refusals};
pub use series::{SeriesInfo, SeriesKey};
pub use table::{TableColumn, TableError, TableWriter};
