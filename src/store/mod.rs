//! Where results live: one folder for a run, a comparison or a sweep, and any number of workers, on any
//! machines that see it, without locks.
//!
//! ```text
//! manifest.json            what is asked, as data, and how far it came; it and what is in logs/ may differ
//!                          between otherwise equal results, and the table run_times of a sweep
//! scenario.resolved.toml   the scenario with its layout and settings applied
//! layouts/NAME.resolved.toml   of a comparison or a sweep: that of each layout
//! plan.toml, points.csv    of a sweep: the plan as it was given, and the points of its design
//! columns.csv              table, column, type, unit, description
//! national.parquet …       one file per table
//! summary/                 of a sweep: tables that are made of these, and of which (made_from.json)
//! logs/WORKER-0000.log     what a worker did; append-only, each frame with its own checksum; those of a run
//!                          go when it is complete
//! logs/complete.log        of a run or a comparison that is complete: its manifest
//! ```
//!
//! A worker writes only files of its own, whose names no other worker has; a job is known by what it is
//! (point, layout, replicate), not by who ran it or when. So it does no harm when two workers do the same
//! jobs, when files are copied together in any order, or when a worker is killed: what it had finished is
//! in its log up to the last whole frame, and the rest is run again by whoever comes next.
//!
//! The tables are a function of what the jobs are. `merge` makes them from the logs, one replicate or a few
//! thousand rows in memory at a time. Every other file is written beside its place, synced and renamed.
//!
//! What the store asks of the machine stands behind one trait ([`Files`]); tests put another one in its
//! place, which forgets what was not synced and shows each client an old view.

mod about;
mod bound;
mod checksum;
mod derived;
mod error;
mod files;
mod folder;
mod frame;
mod job;
mod kept;
mod kind;
mod log;
mod manifest;
mod merge;
mod payload;
mod plain;
mod points;
mod read;
mod shares;
mod stage;
mod statistic;
mod table;
mod tables;
#[cfg(test)]
mod tests;
mod values;
mod worker;

pub use about::{ABOUT, About, Plain};
pub use bound::{unbound, write_bound};
pub use checksum::sha256;
pub use derived::{FIGURES, SUMMARIES, SUMMARY, figure, page};
pub use error::StoreError;
pub use files::{Files, Input as FileInput, Look, Output as FileOutput, Process, disk};
pub use folder::{
    Asked, ComparisonAsked, Folder, Found, LayoutAsked, Prepared, ShardStatus, Standing, Start,
    SweepAsked, WorkerStatus, at_hand, checksum, whole, whole_as_made,
};
pub use job::{Job, Jobs, PointRow, Shard, State};
pub use kept::Kept;
pub use kind::{ResultKind, Status};
pub use log::{End, Machine};
pub use manifest::{
    COLUMNS, Comparison, Counts, Damage, Derivation, FileEntry, Input, LayoutEntry, MANIFEST,
    MODEL, Manifest, Monthly, ParameterEntry, Session, SlotEntry, Sweep, TableEntry, TargetEntry,
};
pub use merge::{Make, publish};
pub use payload::{Encoded, Encoder, Payload};
pub use plain::write_plain;
pub use points::{Cell, DesignRow, points, points_table};
pub use read::{
    Batches, folders, read_batches, read_defs, read_months, read_outcomes, read_table,
    read_table_parts, tables_in,
};
pub use stage::{atomic_write, is_temp};
pub use statistic::{Statistic, Term};
pub use table::{
    Column, ColumnDef, Format, Kind, TableData, TableDef, check_tables, name_problem, schema,
};
pub use worker::Worker;
