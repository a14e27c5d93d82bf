//! The tables of a sweep from the files of its workers, whatever there is of them and in whatever order.
//!
//! Every part and log is read once, and each run put at its place in a scratch file beside the tables;
//! then each table is written from the scratch file in the order of the runs. Memory: a byte and a
//! half per run, and a few thousand rows. The tables depend on what the runs are and on nothing else.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::super::StoreError;
use super::super::atomic::{stage, sync_dir};
use super::super::batch::TableData;
use super::super::column::{check_tables, write_columns};
use super::super::folder::COLUMNS;
use super::folder::{LOGS, PARTS};
use super::gather::Gathered;
use super::rows::{Rows, write_table};
use super::scan::files;
use super::tables::definitions;
use super::{Index, RunKey, State, SweepManifest};

/// Name of the file that says what was merged.
const MERGED: &str = "merged.json";

/// A merged table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MergedTable {
    /// Its file.
    pub file: String,
    /// Rows.
    pub rows: u64,
    /// Bytes.
    pub bytes: u64,
    /// SHA-256 of its bytes.
    pub sha256: String,
}

/// The content of `merged.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Merged {
    /// Fingerprint of the sweep.
    pub fingerprint: String,
    /// SHA-256 of its table of points.
    pub points_sha256: String,
    /// Runs in all.
    pub runs: u64,
    /// Runs that are done.
    pub done: u64,
    /// Runs that failed.
    pub failed: u64,
    /// Runs that are not finished.
    pub missing: u64,
    /// Runs that were there and are not of this sweep's points and replicates.
    pub others: u64,
    /// Parts that were not as they were written and were set aside.
    pub damaged: Vec<String>,
    /// Parts and logs of other sweeps, which were left alone.
    pub foreign: Vec<String>,
    /// Whether every run is done.
    pub complete: bool,
    /// The tables.
    pub tables: BTreeMap<String, MergedTable>,
}

impl Merged {
    /// What was merged in `dir`; none when nothing was.
    ///
    /// # Errors
    /// [`StoreError::Io`], [`StoreError::Damaged`].
    pub fn load(dir: &Path) -> Result<Option<Self>, StoreError> {
        let path = dir.join(MERGED);
        match std::fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes)
                .map(Some)
                .map_err(|e| StoreError::damaged(&path, e)),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(StoreError::io("read", &path, e)),
        }
    }
}

/// What the merged tables take from the caller.
pub struct Wanted<'a> {
    /// The distinct points of the design.
    pub index: &'a Index,
    /// The table of points.
    pub points: &'a TableData,
    /// The command that makes a run again.
    pub command: &'a dyn Fn(RunKey) -> String,
}

impl std::fmt::Debug for Wanted<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Wanted").finish_non_exhaustive()
    }
}

/// Merges what the workers of the sweep in `dir` have finished into its tables.
///
/// # Errors
/// [`StoreError::Conflict`] when two copies of a run differ; [`StoreError::DiskFull`],
/// [`StoreError::Io`]. The tables are then as they were.
pub fn merge(
    dir: &Path,
    manifest: &SweepManifest,
    wanted: &Wanted<'_>,
) -> Result<Merged, StoreError> {
    let defs = definitions(manifest);
    check_tables(&defs)?;
    let mut gathered = Gathered::new(dir, manifest, wanted.index)?;
    let mut damaged = Vec::new();
    for path in files(dir, PARTS, ".parquet")? {
        match gathered.part(&path) {
            Err(error @ StoreError::Damaged { .. }) => damaged.push((path, error.to_string())),
            other => other?,
        }
    }
    for path in files(dir, LOGS, ".log")? {
        gathered.log(&path)?;
    }
    let Gathered {
        states,
        errors,
        mut scratch,
        others,
        foreign,
        ..
    } = gathered;
    scratch.flush()?;
    let count = |wanted| states.iter().filter(|state| **state == wanted).count() as u64;
    let mut merged = Merged {
        fingerprint: manifest.fingerprint.clone(),
        points_sha256: manifest.points_sha256.clone(),
        runs: states.len() as u64,
        done: count(State::Done),
        failed: count(State::Failed),
        missing: count(State::Left),
        others,
        damaged: damaged.iter().map(|(_, why)| why.clone()).collect(),
        foreign,
        complete: states.iter().all(|state| *state == State::Done),
        tables: BTreeMap::new(),
    };
    let mut staged = Vec::new();
    for def in &defs {
        let mut rows = Rows {
            manifest,
            wanted,
            states: &states,
            errors: &errors,
            scratch: &mut scratch,
        };
        let (file, entry) = write_table(dir, manifest.format, def, &mut rows)?;
        merged.tables.insert(def.name.clone(), entry);
        staged.push(file);
    }
    staged.push(stage(&dir.join(COLUMNS), |w| write_columns(&defs, w))?.0);
    let (last, ()) = stage(&dir.join(MERGED), |mut w| {
        serde_json::to_writer_pretty(&mut w, &merged).map_err(io::Error::from)?;
        w.write_all(b"\n")
    })?;
    // All is on the disk. While the tables get their names, nothing vouches for them.
    match std::fs::remove_file(dir.join(MERGED)) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => {
            return Err(StoreError::io("write", &dir.join(MERGED), e));
        }
        _ => {}
    }
    for file in staged {
        file.publish()?;
    }
    sync_dir(Some(dir));
    last.publish()?;
    sync_dir(Some(dir));
    // Set aside, so that the next worker runs again what was in them.
    for (path, _) in damaged {
        let _ = std::fs::rename(&path, path.with_extension("damaged"));
    }
    Ok(merged)
}
