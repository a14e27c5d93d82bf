//! Where results live: tables, columns, files and the manifest. Knows nothing of the model.
//!
//! A results folder:
//!
//! ```text
//! manifest.json            what ran, when, where, with which status; the only file that differs
//!                          between otherwise equal runs
//! scenario.resolved.toml   the scenario with its layout and settings applied
//! columns.csv              table, column, type, unit, description
//! national.parquet …       one file per table, all replicates in replicate order
//! parts/r0000012.part      while running: all tables of one finished replicate
//! .pointplane-lock         while running: which process writes here
//! ```
//!
//! A comparison of layouts has, besides, `layouts/NAME.resolved.toml` and tables that are derived from
//! its replicates; it keeps its parts, so that replicates can be added.
//!
//! Replicates finish in any order and on any thread; each becomes a self-verifying part. At the
//! end the parts are merged in replicate order, one in memory at a time. So the tables are a
//! function of (resolved scenario, seed, replicates) only, and a run that was interrupted and
//! resumed gives the same bytes. Every file is written beside its place, synced and renamed.

mod atomic;
mod batch;
mod column;
mod csv_table;
mod error;
mod facts;
mod finish;
mod folder;
mod kind;
mod lock;
mod manifest;
pub mod new;
mod parquet_table;
mod part;
mod read;
mod run;
pub mod schema;
pub mod sweep;

pub use atomic::{atomic_write, sha256};
pub use batch::{Column, TableData};
pub use column::{ColumnDef, Kind, TableDef, check_tables, name_problem};
pub use error::StoreError;
pub use facts::{ComparisonFacts, Derivation, RunFacts};
pub use kind::{ComparisonEntry, LayoutEntry, ResultKind};
pub use manifest::{Format, Host, Input, Manifest, Status, TableEntry};
pub use read::{read_defs, read_table, read_table_parts};
pub use run::Store;
