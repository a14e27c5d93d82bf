//! Where results live: tables, columns, files and the manifest. Knows nothing of the model.
//!
//! Tables are declared column by column, each with what fills it ([`schema`]), and written as Parquet or
//! CSV. How a results folder comes about, whoever works in it, is in [`new`].

mod atomic;
mod batch;
mod column;
mod csv_table;
mod error;
mod format;
pub mod new;
mod parquet_table;
pub mod schema;

pub use atomic::sha256;
pub use batch::{Column, TableData};
pub use column::{ColumnDef, Kind, TableDef, check_tables, name_problem};
pub use error::StoreError;
pub use format::{Format, Input};
pub use new::*;
