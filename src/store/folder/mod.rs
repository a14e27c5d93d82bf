//! The results folder: how it is begun, joined, extended and replaced, by any number of processes at a
//! time.

mod scan;
mod status;
mod whole;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::Value;

use super::checksum::sha256;
use super::error::StoreError;
use super::manifest::Input;
use super::table::TableData;
use super::table::column::{TableDef, check_tables};
use super::table::columns::{read_columns, write_columns};
use super::table::{Format, csv};

use super::files::{Files, disk, is_missing};
use super::job::{Jobs, PointRow};
use super::kind::{ResultKind, Status};
use super::manifest::{
    COLUMNS, Comparison, Derivation, FileEntry, LayoutEntry, MANIFEST, Manifest, POINTS, Sweep,
    TableEntry, layout_files, read_all,
};
use super::points::{self, DesignRow, points_table};
use super::shares::{COMPLETE, LOGS, logs, maker};
use super::stage::{clear_temps, place_of, remove, write};
use super::tables::definitions;

use crate::texts::{Text, text};
use whole::{not_whole, problems};

pub use scan::Found;
pub(super) use scan::{Payloads, Seen, Verify};
pub use status::{ShardStatus, Standing, WorkerStatus};
pub(super) use whole::problems as problems_of;
pub use whole::{at_hand, whole, whole_as_made};
pub(super) use whole::{damaged_texts, file_hash, tables_are};
#[cfg(test)]
pub(super) use whole::{whole_as_made_in, whole_in};

/// Name of the file with the scenario as it was run.
const SCENARIO: &str = "scenario.resolved.toml";
/// Name of the folder with the resolved scenarios of the layouts.
const LAYOUTS: &str = "layouts";
const PLAN: &str = "plan.toml";

/// What is asked of a results folder: everything that its tables depend on.
#[derive(Clone, Debug)]
pub struct Asked {
    /// What it is.
    pub kind: ResultKind,
    /// What was asked, as data.
    pub request: Value,
    /// Name of the scenario.
    pub scenario: String,
    /// Name of the layout, of a comparison that of the baseline; empty without one.
    pub layout: String,
    /// Names of the layouts of the jobs and the texts of their resolved scenarios, the baseline first.
    pub layouts: Vec<(String, String)>,
    /// Files that the scenario was read from.
    pub inputs: Vec<Input>,
    /// Names the luck of all replicates.
    pub seed: u64,
    /// Number of the first replicate.
    pub first_replicate: u32,
    /// How many replicates of each point and layout; they are numbered on from the first.
    pub replicates: u32,
    /// File format of the tables.
    pub format: Format,
    /// The tables whose rows are kept of each job, in order; none for a sweep, which keeps values.
    pub tables: Vec<TableDef>,
    /// What a comparison has besides.
    pub comparison: Option<ComparisonAsked>,
    /// What a sweep has besides.
    pub sweep: Option<SweepAsked>,
}

/// What a comparison has besides.
#[derive(Clone, Debug)]
pub struct ComparisonAsked {
    /// Months at which outcomes are taken.
    pub horizons: Vec<String>,
    /// How the derived tables are made.
    pub derivation: Derivation,
    /// Tables that are derived from the replicates when all are done, in order, after the others.
    pub derived: Vec<TableDef>,
}

/// What a sweep has besides.
#[derive(Clone, Debug)]
pub struct SweepAsked {
    /// What is swept.
    pub sweep: Sweep,
    /// The text of the plan.
    pub plan: String,
    /// The distinct points.
    pub points: Vec<PointRow>,
    /// The table of points, as [`points_table`] defines it.
    pub table: TableData,
}

/// Whether something may be there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// Nothing may be there that was worked on.
    New,
    /// It must be there, to be gone on with.
    Resume,
    /// It is begun, or gone on with when it is there.
    Join,
    /// What is there is replaced.
    Replace,
}

/// What was found in the folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prepared {
    /// Nothing: it begins.
    New,
    /// What is asked, not complete; or complete, but a table is damaged or missing and will be made
    /// again from what is kept.
    Same,
    /// The same with other points, replicates or derived tables, which are now those that are asked.
    Extended,
    /// What is asked, complete and whole.
    Whole,
}

/// A results folder that is ready for work.
#[derive(Debug)]
pub struct Folder {
    files: Arc<dyn Files>,
    dir: PathBuf,
    /// What is asked; not how far it came.
    manifest: Manifest,
    jobs: Arc<Jobs>,
    tables: Vec<TableDef>,
    derived: Vec<TableDef>,
    points: Option<TableData>,
}

/// The texts beside the tables: file name, bytes.
type Texts = Vec<(String, Vec<u8>)>;

impl Folder {
    /// Makes a folder ready for what is asked: writes it down, or checks that it is what is there. Any
    /// number of processes may do this at a time. Everything that can be refused is refused here; files
    /// that are not of what is there are never touched.
    ///
    /// # Errors
    /// [`StoreError::Names`], [`StoreError::NotEmpty`], [`StoreError::Existing`], [`StoreError::NotARun`],
    /// [`StoreError::OtherModel`], [`StoreError::Other`], [`StoreError::TooMany`], [`StoreError::Busy`],
    /// [`StoreError::NotWhole`], [`StoreError::OldFormat`], and those of writing.
    pub fn prepare(dir: &Path, asked: Asked, start: Start) -> Result<(Self, Prepared), StoreError> {
        Self::prepare_in(disk(), dir, asked, start)
    }

    /// The same with other files than those of this machine.
    #[doc(hidden)]
    pub fn prepare_in(
        files: Arc<dyn Files>,
        dir: &Path,
        asked: Asked,
        start: Start,
    ) -> Result<(Self, Prepared), StoreError> {
        let (mut folder, texts) = Self::of(files, dir, asked)?;
        let mut replaced = false;
        // Somebody else may begin in it at the same time; then it is there.
        for _ in 0..8 {
            let prepared = match Manifest::load_from(&*folder.files, dir) {
                Ok(there) if start == Start::Replace && !replaced => {
                    folder.replace(&there)?;
                    replaced = true;
                    Some(Prepared::New)
                }
                Ok(there) => Some(folder.join(&there, start)?),
                Err(StoreError::NotARun { .. }) if start != Start::Resume => {
                    folder.begin()?.then_some(Prepared::New)
                }
                Err(error) => return Err(error),
            };
            if let Some(prepared) = prepared {
                folder.write(&texts)?;
                let there = Manifest::load_from(&*folder.files, dir)?;
                if there.bare() != folder.manifest {
                    // Somebody has asked for something else at the same time.
                    continue;
                }
                folder.clear_leftovers()?;
                let prepared = match prepared {
                    Prepared::New | Prepared::Extended => prepared,
                    Prepared::Same | Prepared::Whole => folder.how_whole()?,
                };
                return Ok((folder, prepared));
            }
        }
        Err(StoreError::Busy {
            dir: dir.to_path_buf(),
            who: text!("busy-others"),
        })
    }

    /// Opens what is in a folder.
    ///
    /// # Errors
    /// What [`Manifest::load`] tells; [`StoreError::Damaged`] when a text that is needed is not as it was
    /// written.
    pub fn open(dir: &Path) -> Result<Self, StoreError> {
        Self::open_in(disk(), dir)
    }

    /// The same with other files than those of this machine.
    #[doc(hidden)]
    pub fn open_in(files: Arc<dyn Files>, dir: &Path) -> Result<Self, StoreError> {
        let manifest = Manifest::load_from(&*files, dir)?.bare();
        let all = read_defs_of(&*files, dir, &manifest)?;
        let derived = |def: &TableDef| {
            let mut entries = manifest.tables.iter();
            entries.any(|entry| entry.name == def.name && entry.derived)
        };
        let (derived, tables) = all.into_iter().partition(derived);
        let (points, table) = match &manifest.sweep {
            None => (vec![PointRow::new(Vec::new())], None),
            Some(sweep) => {
                let (points, table) = read_points(&*files, dir, &manifest, sweep)?;
                (points, Some(table))
            }
        };
        let layouts = manifest.layouts.iter().map(|l| l.name.clone()).collect();
        let (first, replicates) = (manifest.first_replicate, manifest.replicates);
        Ok(Self {
            files,
            dir: dir.to_path_buf(),
            jobs: Arc::new(Jobs::new(points, layouts, first, replicates)),
            manifest,
            tables,
            derived,
            points: table,
        })
    }

    /// What is in a folder, if it can share jobs with what is asked; none when it cannot, or when there is
    /// nothing. Nothing is written.
    ///
    /// # Errors
    /// [`StoreError::Names`].
    pub fn like(dir: &Path, asked: Asked) -> Result<Option<Self>, StoreError> {
        let (wanted, _) = Self::of(disk(), dir, asked)?;
        let Ok(there) = Manifest::load_from(&*wanted.files, dir) else {
            return Ok(None);
        };
        if there.model != wanted.manifest.model || !there.differences(&wanted.manifest).is_empty() {
            return Ok(None);
        }
        let points = wanted.jobs.points().to_vec();
        let layouts = wanted.jobs.layouts().to_vec();
        let jobs = Jobs::new(points, layouts, there.first_replicate, there.replicates);
        Ok(Some(Self {
            jobs: Arc::new(jobs),
            manifest: there.bare(),
            ..wanted
        }))
    }

    /// What is asked, before anything is looked at.
    fn of(files: Arc<dyn Files>, dir: &Path, asked: Asked) -> Result<(Self, Texts), StoreError> {
        let mut manifest = Manifest::empty(asked.kind);
        let names: Vec<&str> = asked.layouts.iter().map(|(name, _)| &name[..]).collect();
        let files_of = match asked.kind {
            ResultKind::Comparison | ResultKind::Sweep => layout_files(&names),
            ResultKind::Run | ResultKind::Explanation => vec![SCENARIO.to_owned(); names.len()],
        };
        let mut texts: Texts = Vec::new();
        let first = asked.layouts.first();
        texts.extend(first.map(|(_, text)| (SCENARIO.to_owned(), text.clone().into_bytes())));
        for ((name, text), file) in asked.layouts.iter().zip(files_of) {
            manifest.layouts.push(LayoutEntry {
                name: name.clone(),
                file: file.clone(),
                scenario_resolved_sha256: sha256(text.as_bytes()),
            });
            if file != SCENARIO {
                texts.push((file, text.clone().into_bytes()));
            }
        }
        manifest.request = asked.request;
        manifest.scenario = asked.scenario;
        manifest.layout = asked.layout;
        manifest.inputs = asked.inputs;
        manifest.seed = asked.seed;
        manifest.first_replicate = asked.first_replicate;
        manifest.replicates = asked.replicates;
        manifest.format = asked.format;
        let (mut points, mut table, mut tables) =
            (vec![PointRow::new(Vec::new())], None, asked.tables);
        if let Some(asked) = asked.sweep {
            let def = points_table(&asked.sweep.parameters);
            check_tables(std::slice::from_ref(&def))?;
            asked.table.check(&def)?;
            let mut text = Vec::new();
            // Writing to memory cannot fail.
            let _ = csv::write_header(&def, &mut text);
            let _ = csv::write_rows(&asked.table, &mut text);
            texts.push((PLAN.to_owned(), asked.plan.into_bytes()));
            texts.push((POINTS.to_owned(), text));
            tables = definitions(&asked.sweep);
            points = asked.points;
            table = Some(asked.table);
            manifest.sweep = Some(asked.sweep);
        }
        manifest.points = points.len() as u64;
        let mut derived = Vec::new();
        if let Some(asked) = asked.comparison {
            derived = asked.derived;
            manifest.comparison = Some(Comparison {
                baseline: names.first().map_or("", |name| *name).to_owned(),
                horizons: asked.horizons,
                derivation: asked.derivation,
            });
        }
        let all: Vec<TableDef> = tables.iter().chain(&derived).cloned().collect();
        check_tables(&all)?;
        let mut columns = Vec::new();
        let _ = write_columns(&all, &mut columns);
        texts.push((COLUMNS.to_owned(), columns));
        let entry = |(file, text): &(String, Vec<u8>)| FileEntry {
            file: file.clone(),
            sha256: sha256(text),
        };
        manifest.files = texts.iter().map(entry).collect();
        let format = manifest.format;
        let kept = tables.iter().map(|def| TableEntry::new(def, false, format));
        let made = derived.iter().map(|def| TableEntry::new(def, true, format));
        manifest.tables = kept.chain(made).collect();
        manifest.fingerprint = manifest.make_fingerprint();
        let names = manifest.layouts.iter().map(|l| l.name.clone()).collect();
        let jobs = Jobs::new(points, names, manifest.first_replicate, manifest.replicates);
        let folder = Self {
            files,
            dir: dir.to_path_buf(),
            manifest,
            jobs: Arc::new(jobs),
            tables,
            derived,
            points: table,
        };
        Ok((folder, texts))
    }

    /// Begins in a folder that holds nothing; false when somebody else was faster.
    fn begin(&self) -> Result<bool, StoreError> {
        let dir = &self.dir;
        // Scripts, and what schedulers write beside them, may be there before.
        let ours = |name: &str| {
            name.starts_with('.')
                || name == LOGS
                || [".sbatch", ".sh", ".pbs", ".sge"]
                    .iter()
                    .any(|end| name.ends_with(end))
        };
        let names = self.files.names(dir);
        let names = names.map_err(|e| StoreError::io("read", dir, e))?;
        // A name that is listed and not found was given just now.
        let path = dir.join(MANIFEST);
        if names.contains(MANIFEST)
            && (Manifest::load_from(&*self.files, dir).is_ok()
                || self.files.open(&path).is_err_and(|e| is_missing(&e)))
        {
            return Ok(false);
        }
        if let Some(found) = names.into_iter().find(|name| !ours(name)) {
            return Err(StoreError::NotEmpty {
                dir: dir.clone(),
                found,
            });
        }
        let made = self.files.make_folder(dir);
        made.map_err(|e| StoreError::io("make folder", dir, e))?;
        // What belongs to it comes after it, so that nothing of it is ever found without it.
        self.manifest.stage(&self.files, dir)?.publish_new()
    }

    fn make_folders(&self) -> Result<(), StoreError> {
        let layouts = self.manifest.layouts.iter().any(|l| l.file != SCENARIO);
        let folders = [
            Some(self.dir.clone()),
            layouts.then(|| self.dir.join(LAYOUTS)),
        ];
        for folder in folders.into_iter().flatten() {
            let made = self.files.make_folder(&folder);
            made.map_err(|e| StoreError::io("make folder", &folder, e))?;
        }
        Ok(())
    }

    /// Joins or extends what is there, if it is what is asked.
    fn join(&mut self, there: &Manifest, start: Start) -> Result<Prepared, StoreError> {
        let dir = self.dir.clone();
        let differences = there.differences(&self.manifest);
        if start == Start::New {
            let touched = there.status != Status::Running || !logs(&*self.files, &dir)?.is_empty();
            let sweeps = there.kind == ResultKind::Sweep && self.manifest.kind == there.kind;
            if (touched || !differences.is_empty()) && (!sweeps || differences.is_empty()) {
                return Err(StoreError::Existing {
                    dir,
                    kind: there.kind,
                    status: there.status,
                });
            }
        }
        there.of_this_model(&dir)?;
        if !differences.is_empty() {
            return Err(StoreError::Other {
                dir,
                kind: there.kind,
                differences,
            });
        }
        // The same may be named from another folder, and by other words: the first to name it is kept.
        let found = there.bare();
        let mut named = self.manifest.clone();
        named.request.clone_from(&found.request);
        named.inputs.clone_from(&found.inputs);
        if let (Some(named), Some(found)) = (&mut named.sweep, &found.sweep) {
            named.plan.clone_from(&found.plan);
        }
        if named == found {
            self.manifest = found;
            return Ok(Prepared::Same);
        }
        if let (Some(own), Some(found)) = (&mut self.manifest.sweep, &found.sweep) {
            own.plan.clone_from(&found.plan);
        }
        self.none_taken_away(there)?;
        self.manifest.save(&self.files, &dir)?;
        Ok(Prepared::Extended)
    }

    /// Refuses to take away replicates of a comparison.
    fn none_taken_away(&self, there: &Manifest) -> Result<(), StoreError> {
        if there.kind != ResultKind::Comparison {
            return Ok(());
        }
        let wanted = self.jobs.replicates();
        match self.last_kept()? {
            Some(last) if last >= wanted.end => Err(StoreError::TooMany {
                dir: self.dir.clone(),
                last,
                wanted: self.manifest.replicates,
            }),
            _ => Ok(()),
        }
    }

    /// Number of the last replicate of which something is kept here, whether it is asked for or not.
    ///
    /// # Errors
    /// What [`Folder::scan`] tells.
    pub fn last_kept(&self) -> Result<Option<u32>, StoreError> {
        Ok(self.look(None, Verify::Heads)?.last())
    }

    /// Replaces what is there: its own files, and no other.
    fn replace(&self, there: &Manifest) -> Result<(), StoreError> {
        let dir = self.dir.clone();
        let old = Self {
            files: Arc::clone(&self.files),
            dir: dir.clone(),
            manifest: there.bare(),
            jobs: Arc::new(Jobs::new(Vec::new(), Vec::new(), 0, 0)),
            tables: Vec::new(),
            derived: Vec::new(),
            points: None,
        };
        let found = old.look(None, Verify::Heads)?;
        if let Some(living) = found.workers.values().find(|seen| seen.lives(&*self.files)) {
            let process = living.process();
            let who = text!("busy-process", pid = process.pid, host = process.host);
            return Err(StoreError::Busy { dir, who });
        }
        self.check_room(there)?;
        // From now on it does not read as complete.
        old.manifest.save(&self.files, &dir)?;
        remove(&self.files, &dir.join(LOGS).join(COMPLETE))?;
        for path in found.ours.keys() {
            remove(&self.files, path)?;
        }
        for entry in &there.tables {
            if let Some(path) = there.table_path(&dir, entry) {
                remove(&self.files, &path)?;
            }
        }
        for file in own_files(there) {
            remove(&self.files, &dir.join(file))?;
        }
        for folder in [LOGS, LAYOUTS] {
            // Refused when somebody put a file of their own there: then it stays.
            let _ = self.files.remove_folder(&dir.join(folder));
        }
        self.make_folders()?;
        self.manifest.save(&self.files, &dir)
    }

    /// Checks that nothing foreign stands where this will write. `old` is what is to be replaced.
    fn check_room(&self, old: &Manifest) -> Result<(), StoreError> {
        let own: BTreeSet<String> = own_files(old)
            .into_iter()
            .chain(old.tables.iter().map(|table| table.file.clone()))
            .collect();
        let texts = self.manifest.files.iter().map(|entry| &entry.file);
        let tables = self.manifest.tables.iter().map(|entry| &entry.file);
        for file in texts.chain(tables) {
            let path = self.dir.join(file);
            let found = self.files.look(&path);
            match found.map_err(|e| StoreError::io("read", &path, e))? {
                Some(found) if !own.contains(file) || found.folder => {
                    return Err(StoreError::ForeignFile { path });
                }
                _ => {}
            }
        }
        for name in [LOGS, LAYOUTS] {
            let path = self.dir.join(name);
            let found = self.files.look(&path);
            match found.map_err(|e| StoreError::io("read", &path, e))? {
                Some(found) if !found.folder => return Err(StoreError::ForeignFile { path }),
                _ => {}
            }
        }
        Ok(())
    }

    /// Writes the texts that are not there as they should be.
    fn write(&self, texts: &Texts) -> Result<(), StoreError> {
        self.make_folders()?;
        for (file, text) in texts {
            let path = self.dir.join(file);
            let intact = read_all(&*self.files, &path).is_ok_and(|there| there == *text);
            if !intact {
                write(&self.files, &path, text)?;
            }
        }
        Ok(())
    }

    /// Clears what killed processes have left behind.
    fn clear_leftovers(&self) -> Result<(), StoreError> {
        for folder in [
            self.dir.clone(),
            self.dir.join(LOGS),
            self.dir.join(LAYOUTS),
        ] {
            clear_temps(&self.files, &folder)?;
        }
        let own = self.files.process();
        for path in logs(&*self.files, &self.dir)? {
            let name = path.file_name().and_then(|name| name.to_str());
            let gone = name.and_then(maker).is_some_and(|(place, pid)| {
                let process = super::files::Process {
                    pid,
                    started: String::new(),
                    ..own.clone()
                };
                place == place_of(&own) && self.files.runs(&process) == Some(false)
            });
            if gone && self.is_without_frames(&path)? {
                remove(&self.files, &path)?;
            }
        }
        Ok(())
    }

    fn is_without_frames(&self, path: &Path) -> Result<bool, StoreError> {
        let failed = |e| StoreError::io("read", path, e);
        let mut reader = super::frame::Reader::open(&*self.files, path)?;
        let first = reader.next().map_err(failed)?;
        Ok(matches!(first, super::frame::Next::End { .. }))
    }

    /// Whether what is there is complete and whole. When it is complete and something is damaged, it can be
    /// mended if what is kept suffices.
    fn how_whole(&self) -> Result<Prepared, StoreError> {
        if self.complete()?.is_some() {
            return Ok(Prepared::Whole);
        }
        let there = Manifest::load_from(&*self.files, &self.dir)?;
        if there.status != Status::Complete || self.scan(None)?.is_whole() {
            return Ok(Prepared::Same);
        }
        let problems = problems(&*self.files, &self.dir, &there)?;
        if self.ends() && !problems.is_empty() {
            return Err(not_whole(&self.dir, &there, problems));
        }
        Ok(Prepared::Same)
    }

    /// A worker begins: what is not complete says that it is being worked on. A sweep's tables stay what
    /// they are until they are made again.
    pub(in crate::store) fn say_running(&self) -> Result<(), StoreError> {
        if self.manifest.kind == ResultKind::Sweep {
            return Ok(());
        }
        let there = Manifest::load_from(&*self.files, &self.dir)?;
        let stands = [Status::Running, Status::Complete].contains(&there.status);
        if stands || there.bare() != self.manifest {
            return Ok(());
        }
        self.settle_as(&self.manifest)
    }

    /// Says in the manifest how far it is, after a worker has ended without completing it. A sweep says so
    /// when its tables are made.
    ///
    /// # Errors
    /// What [`Folder::scan`] tells, and those of writing.
    pub fn settle(&self) -> Result<Manifest, StoreError> {
        let there = Manifest::load_from(&*self.files, &self.dir)?;
        if self.manifest.kind == ResultKind::Sweep || there.bare() != self.manifest {
            return Ok(there);
        }
        if let Some(whole) = self.complete()? {
            return Ok(whole);
        }
        let standing = self.standing()?;
        self.settle_as(&standing)?;
        Ok(standing)
    }

    /// How far it is while its tables are not made, as a manifest that is not written.
    ///
    /// # Errors
    /// What [`Folder::scan`] tells.
    pub fn standing(&self) -> Result<Manifest, StoreError> {
        let mut standing = self.look(None, Verify::Heads)?.standing(self);
        if standing.status == Status::Complete {
            standing.status = Status::Partial;
        }
        Ok(standing)
    }

    /// Writes a manifest that does not say complete. Somebody may complete it at the same moment: then that
    /// is what is said in the end.
    fn settle_as(&self, standing: &Manifest) -> Result<(), StoreError> {
        standing.save(&self.files, &self.dir)?;
        self.complete().map(drop)
    }

    pub(in crate::store) fn files(&self) -> &Arc<dyn Files> {
        &self.files
    }

    /// The folder.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// What is asked. How far it came is in the folder's own manifest, see [`Manifest::load`].
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The jobs.
    pub fn jobs(&self) -> &Arc<Jobs> {
        &self.jobs
    }

    /// The tables whose rows are kept of each job, in order.
    pub fn tables(&self) -> &[TableDef] {
        &self.tables
    }

    /// Tables that are derived from the others.
    pub fn derived(&self) -> &[TableDef] {
        &self.derived
    }

    /// The table of points of a sweep.
    pub(in crate::store) fn points(&self) -> Option<&TableData> {
        self.points.as_ref()
    }

    /// The rows of the design of a sweep; none of anything else.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when the table of points has rows of no design.
    pub fn design(&self) -> Result<Vec<DesignRow>, StoreError> {
        let (Some(sweep), Some(table)) = (&self.manifest.sweep, &self.points) else {
            return Ok(Vec::new());
        };
        let rows = points::rows(&sweep.parameters, table);
        rows.map_err(|why| StoreError::damaged(&self.dir.join(POINTS), why))
    }

    /// What encodes the tables of a job.
    pub fn encoder(&self) -> super::payload::Encoder {
        super::payload::Encoder::new(self.tables.clone(), self.manifest.format)
    }
}

/// Files beside the tables, whose names this program gives: a manifest that somebody changed cannot name a
/// file elsewhere.
fn own_files(manifest: &Manifest) -> Vec<String> {
    let names: Vec<&str> = manifest.layouts.iter().map(|l| &l.name[..]).collect();
    let mut known = layout_files(&names);
    known.extend([SCENARIO, COLUMNS, PLAN, POINTS].map(str::to_owned));
    let files = manifest.files.iter().map(|entry| entry.file.clone());
    files.filter(|file| known.contains(file)).collect()
}

/// The definitions of the tables, from `columns.csv`.
pub(in crate::store) fn read_defs_of(
    files: &dyn Files,
    dir: &Path,
    manifest: &Manifest,
) -> Result<Vec<TableDef>, StoreError> {
    let bytes = read_text(files, dir, manifest, COLUMNS)?;
    let path = dir.join(COLUMNS);
    let mut tables = read_columns(&bytes[..]).map_err(|why| StoreError::damaged(&path, why))?;
    for table in &mut tables {
        if let Some(entry) = manifest.tables.iter().find(|e| e.name == table.name) {
            table.what.clone_from(&entry.what);
        }
    }
    Ok(tables)
}

/// A text that the manifest vouches for.
fn read_text(
    files: &dyn Files,
    dir: &Path,
    manifest: &Manifest,
    file: &str,
) -> Result<Vec<u8>, StoreError> {
    let path = dir.join(file);
    let bytes = match read_all(files, &path) {
        Err(StoreError::Io { source, .. }) if is_missing(&source) => {
            return Err(StoreError::damaged(&path, text!("missing-mended")));
        }
        read => read?,
    };
    if Some(&sha256(&bytes)[..]) != manifest.sha256_of(file) {
        return Err(StoreError::damaged(&path, text!("checksum-mended")));
    }
    Ok(bytes)
}

/// The distinct points in the order of the design, and the whole table.
fn read_points(
    files: &dyn Files,
    dir: &Path,
    manifest: &Manifest,
    sweep: &Sweep,
) -> Result<(Vec<PointRow>, TableData), StoreError> {
    let bytes = read_text(files, dir, manifest, POINTS)?;
    let path = dir.join(POINTS);
    let torn = |why: Text| StoreError::damaged(&path, why);
    let def = points_table(&sweep.parameters);
    let wanted: Vec<usize> = (0..def.columns.len()).collect();
    let columns = csv::read(&def, &wanted, bytes.as_slice()).map_err(torn)?;
    let table = TableData::new("points", columns);
    let mut seen = BTreeSet::new();
    let mut points = Vec::new();
    for row in points::rows(&sweep.parameters, &table).map_err(torn)? {
        if seen.insert(row.point.clone()) {
            points.push(PointRow {
                id: row.point,
                settings: row.settings.split_whitespace().map(str::to_owned).collect(),
            });
        }
    }
    Ok((points, table))
}
