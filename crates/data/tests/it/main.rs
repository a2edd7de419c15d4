//! The crate through its public face, on real files.

mod bundled;
mod csv;
mod fuzz;
mod interrupted;
mod lake;
mod parquet;
mod support;
