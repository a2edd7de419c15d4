//! Parquet: any reasonable file in, one layout out.

mod columns;
mod guard;
mod read;
mod write;

pub(crate) use guard::{check_footer, guarded};
pub use read::ParquetReader;
pub(crate) use read::Stored;
pub(crate) use write::BarWriter;
pub use write::write_parquet;
