//! The tables of a sweep from the files of its workers, whatever there is of them and in whatever order.
//!
//! Every part and log is read once, and each run put at its place in a scratch file beside the tables;
//! then each table is written from the scratch file in the order of the runs. Memory: a byte and a
//! half per run, and a few thousand rows. The tables depend on what the runs are and on nothing else.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::super::StoreError;
use super::super::atomic::{HashingWriter, Staged, stage, sync_dir};
use super::super::batch::{Column, TableData};
use super::super::column::{ColumnDef, Kind, TableDef, check_tables, write_columns};
use super::super::csv_table;
use super::super::folder::COLUMNS;
use super::super::manifest::Format;
use super::super::parquet_table::Pieces;
use super::folder::{LOGS, PARTS, points_table};
use super::log::{self, Line};
use super::part::{Columns, Finished};
use super::scan::files;
use super::{Index, RunKey, State, SweepManifest, part};

/// Rows of a table that are in memory at a time.
const ROWS: usize = 1 << 16;
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

/// The table `outcomes`.
pub(super) fn outcomes_table() -> TableDef {
    let text = |name: &str, what: &str| ColumnDef::new(name, Kind::Text, "", what);
    let mut columns = run_columns();
    columns.extend([
        text("outcome", "outcome, see `pointplane outcomes`"),
        text("group_kind", "national, or the kind of the group"),
        text("group", "the group; missing for the country"),
        ColumnDef::new(
            "horizon",
            Kind::Month,
            "",
            "month at whose end it is taken; missing for the month in which something first happens",
        ),
        ColumnDef::new(
            "value",
            Kind::Float,
            "",
            "its value, in the outcome's unit; missing when it never happens",
        ),
    ]);
    let what = "one row per run that is done and value";
    TableDef::new("outcomes", what, columns)
}

fn run_columns() -> Vec<ColumnDef> {
    let text = |name: &str, what: &str| ColumnDef::new(name, Kind::Text, "", what);
    vec![
        text("point", "id of the point, see points"),
        text("layout", "layout"),
        ColumnDef::new("replicate", Kind::Int, "", "replicate: names the luck"),
    ]
}

fn definitions(manifest: &SweepManifest) -> Vec<TableDef> {
    let text = |name: &str, what: &str| ColumnDef::new(name, Kind::Text, "", what);
    let with = |name: &str, what: &str, more: Vec<ColumnDef>| {
        let mut columns = run_columns();
        columns.extend(more);
        TableDef::new(name, what, columns)
    };
    let seed = ColumnDef::new("seed", Kind::Int, "", "names the luck of all replicates");
    let mut list = vec![
        points_table(manifest),
        with(
            "runs",
            "one row per run",
            vec![
                seed,
                text("status", "done, failed or missing"),
                text("error", "why it failed"),
                text(
                    "command",
                    "makes the run again; to be given in the folder of the plan",
                ),
            ],
        ),
        outcomes_table(),
        with(
            "run_times",
            "one row per finished run; the only table that a clock wrote",
            vec![ColumnDef::new("seconds", Kind::Float, "s", "wall time")],
        ),
    ];
    if let Some(monthly) = &manifest.swept.monthly {
        let mut columns = vec![ColumnDef::new("month", Kind::Month, "", "month")];
        let measure = |name: &String| {
            ColumnDef::new(
                name,
                Kind::Float,
                "",
                format!("{name} at the end of the month, as in the table national of a run"),
            )
        };
        columns.extend(monthly.measures.iter().map(measure));
        list.push(with(
            "national",
            "one row per run that is done and month that is kept",
            columns,
        ));
    }
    list
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

/// Runs by position: which are there, and their values in the scratch file.
struct Gathered<'a> {
    manifest: &'a SweepManifest,
    index: &'a Index,
    states: Vec<State>,
    errors: BTreeMap<usize, String>,
    /// File that each run came from.
    origins: Vec<u32>,
    paths: Vec<PathBuf>,
    scratch: Scratch,
    others: u64,
    foreign: Vec<String>,
}

impl<'a> Gathered<'a> {
    fn new(dir: &Path, manifest: &'a SweepManifest, index: &'a Index) -> Result<Self, StoreError> {
        Ok(Self {
            manifest,
            index,
            states: vec![State::Left; index.len()],
            errors: BTreeMap::new(),
            origins: vec![0; index.len()],
            paths: Vec::new(),
            scratch: Scratch::new(dir, manifest.values() + 1)?,
            others: 0,
            foreign: Vec::new(),
        })
    }

    fn part(&mut self, path: &Path) -> Result<(), StoreError> {
        self.paths.push(path.to_path_buf());
        let mut failed = Ok(());
        let ours = part::read(path, self.manifest, Columns::All, &mut |run| {
            if failed.is_ok() {
                failed = self.put(run);
            }
        })?;
        if !ours {
            self.foreign.push(path.display().to_string());
        }
        failed
    }

    fn log(&mut self, path: &Path) -> Result<(), StoreError> {
        self.paths.push(path.to_path_buf());
        let (mut ours, mut foreign) = (false, false);
        let mut failed = Ok(());
        let read = log::read(path, &mut |line| {
            if failed.is_err() {
                return;
            }
            failed = match line {
                Line::Begin { sweep, .. } => {
                    ours = sweep == self.manifest.fingerprint;
                    foreign |= !ours;
                    Ok(())
                }
                Line::Done {
                    run,
                    seconds,
                    values,
                } if ours && values.len() == self.manifest.values() => {
                    let values: Vec<f64> =
                        values.into_iter().map(|v| v.unwrap_or(f64::NAN)).collect();
                    self.put(run.finished(seconds, Ok(&values)))
                }
                Line::Failed {
                    run,
                    seconds,
                    error,
                } if ours => self.put(run.finished(seconds, Err(&error))),
                _ => Ok(()),
            };
        });
        if foreign {
            self.foreign.push(path.display().to_string());
        }
        match read {
            // It has just become a part, or its worker has just ended; the next merge sees it.
            Err(StoreError::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => {
                Ok(())
            }
            other => other.and(failed),
        }
    }

    fn put(&mut self, run: Finished<'_>) -> Result<(), StoreError> {
        let Finished {
            point,
            layout,
            replicate,
            seconds,
            result,
        } = run;
        let Some(at) = self.index.find(point, layout, replicate) else {
            self.others += 1;
            return Ok(());
        };
        let origin = self.paths.len().saturating_sub(1) as u32;
        match (self.states[at], result) {
            (State::Done, Ok(values)) => {
                let there = self.scratch.read(at)?;
                let same = there[1..]
                    .iter()
                    .zip(values)
                    .all(|(a, b)| a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan()));
                if !same {
                    let path = |of: u32| self.paths.get(of as usize).cloned().unwrap_or_default();
                    return Err(StoreError::Conflict {
                        point: point.to_owned(),
                        layout: layout.to_owned(),
                        replicate,
                        first: path(self.origins[at]),
                        second: path(origin),
                    });
                }
            }
            (State::Done, Err(_)) => {}
            (State::Left | State::Failed, Ok(values)) => {
                self.states[at] = State::Done;
                self.errors.remove(&at);
                self.origins[at] = origin;
                self.scratch.write(at, seconds, values)?;
            }
            (State::Left, Err(error)) => {
                self.states[at] = State::Failed;
                self.errors.insert(at, error.to_owned());
                self.scratch
                    .write(at, seconds, &vec![f64::NAN; self.manifest.values()])?;
            }
            (State::Failed, Err(error)) => {
                // The same one whatever the order of the files.
                let there = self.errors.entry(at).or_default();
                if error < there.as_str() {
                    error.clone_into(there);
                }
            }
        }
        Ok(())
    }
}

/// A file without a name beside the tables, with a record of numbers per run.
struct Scratch {
    path: PathBuf,
    file: BufWriter<File>,
    width: usize,
    /// Where the file stands.
    at: u64,
}

impl Scratch {
    fn new(dir: &Path, width: usize) -> Result<Self, StoreError> {
        let file = tempfile::tempfile_in(dir).map_err(|e| StoreError::io("write", dir, e))?;
        Ok(Self {
            path: dir.join("scratch file"),
            file: BufWriter::with_capacity(1 << 18, file),
            width,
            at: 0,
        })
    }

    fn failed(&self, error: io::Error) -> StoreError {
        StoreError::io("write", &self.path, error)
    }

    fn record(&self, at: usize) -> u64 {
        at as u64 * self.width as u64 * 8
    }

    fn write(&mut self, at: usize, seconds: f64, values: &[f64]) -> Result<(), StoreError> {
        let start = self.record(at);
        let mut write = || -> io::Result<()> {
            if self.at != start {
                self.file.seek(SeekFrom::Start(start))?;
            }
            self.file.write_all(&seconds.to_le_bytes())?;
            values
                .iter()
                .try_for_each(|value| self.file.write_all(&value.to_le_bytes()))
        };
        let written = write();
        written.map_err(|e| self.failed(e))?;
        self.at = self.record(at + 1);
        Ok(())
    }

    fn read(&mut self, at: usize) -> Result<Vec<f64>, StoreError> {
        let start = self.record(at);
        let mut bytes = vec![0; self.width * 8];
        let mut read = || -> io::Result<()> {
            self.file.seek(SeekFrom::Start(start))?;
            self.file.get_mut().read_exact(&mut bytes)
        };
        let read = read();
        read.map_err(|e| self.failed(e))?;
        self.at = self.record(at + 1);
        Ok(numbers(&bytes))
    }

    fn flush(&mut self) -> Result<(), StoreError> {
        let flushed = self.file.flush();
        flushed.map_err(|e| self.failed(e))
    }

    /// Reads all records in order, those that were never written as zeros.
    fn each(
        &mut self,
        records: usize,
        each: &mut dyn FnMut(usize, &[f64]) -> io::Result<()>,
    ) -> io::Result<()> {
        let length = self.width * 8;
        let file = self.file.get_mut();
        file.set_len(records as u64 * length as u64)?;
        file.seek(SeekFrom::Start(0))?;
        let mut reader = BufReader::with_capacity(1 << 18, file);
        let mut bytes = vec![0; length];
        for at in 0..records {
            reader.read_exact(&mut bytes)?;
            each(at, &numbers(&bytes))?;
        }
        Ok(())
    }
}

fn numbers(bytes: &[u8]) -> Vec<f64> {
    let number = |chunk: &[u8]| f64::from_le_bytes(chunk.try_into().unwrap_or_default());
    bytes.chunks_exact(8).map(number).collect()
}

/// Where the rows of a table come from.
struct Rows<'a, 'b> {
    manifest: &'a SweepManifest,
    wanted: &'a Wanted<'b>,
    states: &'a [State],
    errors: &'a BTreeMap<usize, String>,
    scratch: &'a mut Scratch,
}

/// Takes pieces of a table.
type Take<'t> = dyn FnMut(&TableData) -> io::Result<()> + 't;

fn write_table(
    dir: &Path,
    format: Format,
    def: &TableDef,
    rows: &mut Rows<'_, '_>,
) -> Result<(Staged, MergedTable), StoreError> {
    let file = format!("{}.{}", def.name, format.extension());
    let mut count = 0;
    let (staged, (bytes, sha256)) = stage(&dir.join(&file), |w| {
        let mut out = HashingWriter::new(w);
        match format {
            Format::Parquet => {
                let mut pieces = Pieces::new(def, &mut out)?;
                rows.table(&def.name, &mut |data| {
                    count += data.rows() as u64;
                    data.check(def)?;
                    pieces.add(data)
                })?;
                pieces.finish()?;
            }
            Format::Csv => {
                csv_table::write_header(def, &mut out)?;
                rows.table(&def.name, &mut |data| {
                    count += data.rows() as u64;
                    data.check(def)?;
                    csv_table::write_rows(data, &mut out)
                })?;
            }
        }
        Ok(out.finish())
    })?;
    Ok((
        staged,
        MergedTable {
            file,
            rows: count,
            bytes,
            sha256,
        },
    ))
}

impl Rows<'_, '_> {
    fn table(&mut self, name: &str, take: &mut Take<'_>) -> io::Result<()> {
        match name {
            "points" => take(self.wanted.points),
            "runs" => self.runs(take),
            "outcomes" => self.outcomes(take),
            "run_times" => self.times(take),
            _ => self.national(take),
        }
    }

    fn names(&self) -> Names {
        let index = self.wanted.index;
        Names {
            points: Arc::new(
                index
                    .points()
                    .iter()
                    .map(|point| point.id.clone())
                    .collect(),
            ),
            layouts: Arc::new(index.layouts().to_vec()),
            keys: Vec::new(),
        }
    }

    fn runs(&mut self, take: &mut Take<'_>) -> io::Result<()> {
        let all: Vec<usize> = (0..self.states.len()).collect();
        let index = self.wanted.index;
        let seed = i64::try_from(self.manifest.swept.seed).ok();
        for piece in all.chunks(ROWS) {
            let mut names = self.names();
            names.keys.extend(piece.iter().map(|&at| index.key(at)));
            let word = |at: &usize| match self.states[*at] {
                State::Done => Some("done"),
                State::Failed => Some("failed"),
                State::Left => Some("missing"),
            };
            let commands: Vec<String> = names
                .keys
                .iter()
                .map(|key| (self.wanted.command)(*key))
                .collect();
            let mut columns = names.columns();
            columns.push(Column::Int(vec![seed; piece.len()]));
            columns.push(Column::text(piece.iter().map(word)));
            columns.push(Column::text(
                piece
                    .iter()
                    .map(|at| self.errors.get(at).map(String::as_str)),
            ));
            columns.push(Column::text(
                commands.iter().map(|command| Some(command.as_str())),
            ));
            take(&TableData::new("runs", columns))?;
        }
        Ok(())
    }

    fn times(&mut self, take: &mut Take<'_>) -> io::Result<()> {
        let (mut names, mut seconds) = (self.names(), Vec::new());
        let (index, states) = (self.wanted.index, self.states);
        let mut give = |names: &mut Names, seconds: &mut Vec<f64>| {
            let mut columns = names.columns();
            names.keys.clear();
            columns.push(Column::Float(std::mem::take(seconds)));
            take(&TableData::new("run_times", columns))
        };
        self.scratch.each(states.len(), &mut |at, values| {
            if states[at] != State::Left {
                names.keys.push(index.key(at));
                seconds.push(values[0]);
            }
            if names.keys.len() == ROWS {
                give(&mut names, &mut seconds)?;
            }
            Ok(())
        })?;
        give(&mut names, &mut seconds)
    }

    fn outcomes(&mut self, take: &mut Take<'_>) -> io::Result<()> {
        let swept = &self.manifest.swept;
        let slots = &swept.slots;
        let per_run = slots.len().max(1);
        let (mut names, mut values) = (self.names(), Vec::new());
        let (index, states) = (self.wanted.index, self.states);
        let text = |get: &dyn Fn(&super::SlotEntry) -> Option<String>, runs: usize| -> Column {
            let texts: Vec<Option<String>> = slots.iter().map(get).collect();
            Column::text((0..runs).flat_map(|_| texts.iter().map(Option::as_deref)))
        };
        let mut give = |names: &mut Names, values: &mut Vec<f64>| {
            let runs = values.len() / per_run;
            let mut columns = names.columns();
            names.keys.clear();
            columns.push(text(&|slot| Some(slot.outcome.clone()), runs));
            columns.push(text(&|slot| Some(slot.group_kind.clone()), runs));
            columns.push(text(&|slot| slot.group.clone(), runs));
            let months: Vec<Option<i32>> = slots
                .iter()
                .map(|slot| slot.horizon.map(|t| swept.start + i32::from(t)))
                .collect();
            columns.push(Column::Month(
                (0..runs).flat_map(|_| months.iter().copied()).collect(),
            ));
            columns.push(Column::Float(std::mem::take(values)));
            take(&TableData::new("outcomes", columns))
        };
        self.scratch.each(states.len(), &mut |at, record| {
            if states[at] == State::Done {
                names
                    .keys
                    .extend(std::iter::repeat_n(index.key(at), slots.len()));
                values.extend_from_slice(&record[1..=slots.len()]);
            }
            if values.len() + slots.len() > ROWS {
                give(&mut names, &mut values)?;
            }
            Ok(())
        })?;
        give(&mut names, &mut values)
    }

    fn national(&mut self, take: &mut Take<'_>) -> io::Result<()> {
        let swept = &self.manifest.swept;
        let Some(monthly) = &swept.monthly else {
            return Ok(());
        };
        let first = 1 + swept.slots.len();
        let measures = monthly.measures.len();
        let mut names = self.names();
        let mut months: Vec<Option<i32>> = Vec::new();
        let mut values: Vec<Vec<f64>> = vec![Vec::new(); measures];
        let (index, states) = (self.wanted.index, self.states);
        let mut give =
            |names: &mut Names, months: &mut Vec<Option<i32>>, values: &mut Vec<Vec<f64>>| {
                let mut columns = names.columns();
                names.keys.clear();
                columns.push(Column::Month(std::mem::take(months)));
                columns.extend(
                    values
                        .iter_mut()
                        .map(|column| Column::Float(std::mem::take(column))),
                );
                take(&TableData::new("national", columns))
            };
        self.scratch.each(states.len(), &mut |at, record| {
            if states[at] == State::Done {
                for (m, t) in monthly.months.iter().enumerate() {
                    names.keys.push(index.key(at));
                    months.push(Some(swept.start + i32::from(*t)));
                    let row = &record[first + m * measures..];
                    values
                        .iter_mut()
                        .zip(row)
                        .for_each(|(column, value)| column.push(*value));
                }
            }
            if months.len() + monthly.months.len() > ROWS {
                give(&mut names, &mut months, &mut values)?;
            }
            Ok(())
        })?;
        give(&mut names, &mut months, &mut values)
    }
}

/// The columns that name the run of each row.
struct Names {
    points: Arc<Vec<String>>,
    layouts: Arc<Vec<String>>,
    keys: Vec<RunKey>,
}

impl Names {
    fn columns(&self) -> Vec<Column> {
        let keys = || self.keys.iter();
        vec![
            Column::Text {
                codes: keys().map(|key| Some(key.point)).collect(),
                ids: Arc::clone(&self.points),
            },
            Column::Text {
                codes: keys().map(|key| Some(u32::from(key.layout))).collect(),
                ids: Arc::clone(&self.layouts),
            },
            Column::Int(keys().map(|key| Some(i64::from(key.replicate))).collect()),
        ]
    }
}
