//! Tables: what their columns are, their values, and their two file formats.
//!
//! A table is declared column by column, each with what fills it ([`schema`]).

pub(in crate::store) mod batches;
pub(in crate::store) mod column;
pub(in crate::store) mod columns;
pub(in crate::store) mod csv;
pub(in crate::store) mod data;
mod format;
pub(in crate::store) mod parquet;
pub mod schema;

pub use column::{ColumnDef, Kind, TableDef, check_tables, name_problem};
pub use data::{Column, TableData};
pub use format::Format;
