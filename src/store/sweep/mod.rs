//! Where a sweep lives: many workers, on many machines, one folder, no locks.
//!
//! ```text
//! sweep.json          what is swept: nothing in it depends on when or where it was written
//! plan.toml           the plan, as it was given
//! points.csv          the points of the design, one row each
//! logs/WORKER.log     runs that a worker has finished and not yet put into a part; append-only
//! parts/WORKER.parquet  runs, a few thousand each; written whole, renamed, named by their checksum
//! runs, outcomes, …   the merged tables, see `merge`
//! merged.json         what was merged, and the tables' checksums
//! ```
//!
//! A worker writes only files of its own, whose names no other worker has; a run is known by what it
//! is (point, layout, replicate), not by who made it or when. So it does no harm when two workers do the
//! same runs, when files are copied together in any order, or when a worker is killed: what it had
//! finished is in its log up to the last whole line, and the rest is run again by whoever comes next.

mod folder;
mod gather;
mod index;
mod log;
mod manifest;
mod merge;
mod outcomes;
mod part;
mod points;
mod rows;
mod scan;
mod tables;
mod worker;

pub use folder::{Prepared, prepare, read_points};
pub use index::{Index, PointRow, RunKey};
pub use manifest::{Monthly, ParameterEntry, SlotEntry, SweepManifest, Swept};
pub use merge::{Merged, MergedTable, Wanted, merge};
pub use outcomes::{read_outcomes, write_csv};
pub use points::{Cell, DesignRow, points, points_table};
pub use scan::{Shard, State, Status, WorkerStatus, scan, status};
pub use worker::{Record, Worker};
