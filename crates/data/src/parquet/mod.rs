//! Parquet: any reasonable file in, one layout out.

mod columns;
mod read;
mod write;

pub use read::ParquetReader;
pub(crate) use read::Stored;
pub(crate) use write::BarWriter;
pub use write::write_parquet;
