//! CSV in the dialects that vendors and terminals write, read as a stream.

mod header;
mod input;
mod number;
mod reader;
mod time;
mod write;
mod written;

pub use reader::CsvReader;
pub(crate) use time::TimeReader;
pub(crate) use write::CsvWriter;
pub use write::write_csv;
