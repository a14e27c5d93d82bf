//! The store of one run: create or resume it, write its replicates. `finish.rs` ends it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use super::atomic::atomic_write;
use super::batch::{Column, TableData};
use super::column::{TableDef, check_tables};
use super::error::StoreError;
use super::facts::{RunFacts, Texts, run_key};
use super::folder::{
    COLUMNS, LAYOUTS, PARTS, SCENARIO, check_room, clear, clear_parts, clear_temps, inspect, names,
    remove,
};
use super::kind::ResultKind;
use super::lock::Lock;
use super::manifest::{Format, Manifest};
use super::part::{self, Part};
use super::read::check_table;
use super::{csv_table, parquet_table};

/// The results folder of a run in progress. Holds the folder's lock until dropped.
#[derive(Debug)]
pub struct Store {
    pub(super) dir: PathBuf,
    pub(super) tables: Vec<TableDef>,
    /// Tables that are made from all replicates at the end.
    pub(super) derived: Vec<TableDef>,
    /// What every part of this run carries.
    pub(super) key: String,
    pub(super) began: Instant,
    pub(super) lock: Lock,
    discarded: Vec<u32>,
    /// The manifest before it was resumed.
    before: Option<Manifest>,
    state: Mutex<State>,
}

#[derive(Debug)]
pub(super) struct State {
    pub(super) manifest: Manifest,
    /// Replicates that some thread has begun to write, or that are done.
    claimed: BTreeSet<u32>,
    pub(super) done: BTreeSet<u32>,
}

impl Store {
    /// Begins a run in `dir`, which is made if need be. Everything that can be refused is refused
    /// here: wrong names, a folder that cannot be written, that holds a run (unless `force`), that
    /// another process writes, or that holds files which are not a run's (always). With `force`
    /// the files of the run in `dir` are removed; other files are never touched.
    ///
    /// # Errors
    /// Any [`StoreError`] that has to do with names, folders and locks.
    pub fn create(dir: &Path, facts: RunFacts, force: bool) -> Result<Self, StoreError> {
        check_tables(&facts.tables)?;
        let texts = Texts::new(&facts);
        let manifest = texts.manifest(&facts);
        let look = || match inspect(dir)? {
            Some(old) if !force => {
                Lock::refuse_if_held(dir)?;
                Err(StoreError::ExistingRun {
                    dir: dir.to_path_buf(),
                    status: old.status,
                })
            }
            old => {
                check_room(dir, old.as_ref(), &manifest)?;
                Ok(old)
            }
        };
        look()?;
        fs::create_dir_all(dir).map_err(|e| StoreError::io("make folder", dir, e))?;
        let lock = Lock::take(dir)?;
        // Once more, now that nobody else can change it.
        if let Some(old) = look()? {
            clear(dir, old)?;
        }
        clear_temps(dir)?;
        Self::open(dir, facts, texts, manifest, lock)
    }

    /// Opens the unfinished run in `dir` to complete it; finished replicates are verified, and
    /// those that are torn or of another run are discarded.
    ///
    /// # Errors
    /// [`StoreError::NotARun`], [`StoreError::Differs`] when the run there would give other tables,
    /// [`StoreError::AlreadyComplete`], and any error that has to do with folders and locks.
    pub fn resume(dir: &Path, facts: RunFacts) -> Result<Self, StoreError> {
        check_tables(&facts.tables)?;
        let texts = Texts::new(&facts);
        let wanted = texts.manifest(&facts);
        let mut manifest = Manifest::load(dir)?;
        let differences = manifest.differences(&wanted);
        if !differences.is_empty() {
            return Err(StoreError::Differs {
                dir: dir.to_path_buf(),
                differences,
            });
        }
        let complete = || StoreError::AlreadyComplete {
            dir: dir.to_path_buf(),
        };
        if manifest.is_all_of(&wanted) {
            for entry in &manifest.tables {
                check_table(dir, &manifest, entry)?;
            }
            // The run may have been killed between its last two steps.
            if manifest.kind == ResultKind::Run
                && let Ok(_lock) = Lock::take(dir)
            {
                let _ = clear_parts(dir);
            }
            return Err(complete());
        }
        let lock = Lock::take(dir)?;
        // Once more: the process that held the lock may just have ended the run.
        manifest = Manifest::load(dir)?;
        if manifest.is_all_of(&wanted) {
            return Err(complete());
        }
        let before = manifest.clone();
        if manifest.kind == ResultKind::Comparison {
            let last = last_part(dir)?;
            let derivation = wanted.comparison.as_ref().map(|c| &c.derivation);
            if derivation.is_some_and(|d| d.until_width.is_some()) {
                // The pilot says how many it takes, see `set_replicates`.
                let there = last.map_or(0, |last| last.saturating_add(1));
                manifest.replicates = wanted.replicates.max(there);
            } else {
                check_number(dir, last, wanted.replicates)?;
                manifest.replicates = wanted.replicates;
            }
            manifest.comparison.clone_from(&wanted.comparison);
        }
        manifest.resume(facts.threads);
        check_room(dir, Some(&manifest), &manifest)?;
        clear_temps(dir)?;
        let mut store = Self::open(dir, facts, texts, manifest, lock)?;
        store.before = Some(before);
        store.find_parts()?;
        Ok(store)
    }

    fn open(
        dir: &Path,
        facts: RunFacts,
        texts: Texts,
        manifest: Manifest,
        lock: Lock,
    ) -> Result<Self, StoreError> {
        manifest.save(dir)?;
        atomic_write(&dir.join(SCENARIO), |w| {
            w.write_all(texts.scenario.as_bytes())
        })?;
        atomic_write(&dir.join(COLUMNS), |w| w.write_all(&texts.columns))?;
        let make = |folder: &Path| {
            fs::create_dir_all(folder).map_err(|e| StoreError::io("make folder", folder, e))
        };
        if !texts.layouts.is_empty() {
            let layouts = dir.join(LAYOUTS);
            make(&layouts)?;
            clear_temps(&layouts)?;
            for (file, text) in &texts.layouts {
                atomic_write(&layouts.join(file), |w| w.write_all(text.as_bytes()))?;
            }
        }
        make(&dir.join(PARTS))?;
        Ok(Self {
            dir: dir.to_path_buf(),
            tables: facts.tables,
            derived: facts.comparison.map_or_else(Vec::new, |c| c.derived),
            key: run_key(&manifest),
            discarded: Vec::new(),
            before: None,
            began: Instant::now(),
            state: Mutex::new(State {
                manifest,
                claimed: BTreeSet::new(),
                done: BTreeSet::new(),
            }),
            lock,
        })
    }

    fn find_parts(&mut self) -> Result<(), StoreError> {
        let parts = self.dir.join(PARTS);
        clear_temps(&parts)?;
        let mut found = BTreeSet::new();
        for name in names(&parts)? {
            let Some(replicate) = part::replicate_of(&name) else {
                continue;
            };
            let path = parts.join(&name);
            let sound = Part::open(&path, &self.key, replicate)
                .and_then(|part| part.verify(&self.tables))
                .and_then(|()| self.check_range(replicate));
            match sound {
                Ok(()) => {
                    found.insert(replicate);
                }
                Err(StoreError::Damaged { .. } | StoreError::Replicate { .. }) => {
                    remove(&path)?;
                    self.discarded.push(replicate);
                }
                Err(error) => return Err(error),
            }
        }
        let mut state = self.state();
        state.claimed.clone_from(&found);
        state.done = found;
        Ok(())
    }

    /// Takes so many replicates in all from now on: those of a comparison whose pilot said how many are
    /// needed.
    ///
    /// # Errors
    /// [`StoreError::TooMany`] when more are kept; what saving the manifest tells.
    pub fn set_replicates(&self, replicates: u32) -> Result<(), StoreError> {
        let mut state = self.state();
        check_number(&self.dir, state.done.last().copied(), replicates)?;
        state.manifest.replicates = replicates;
        state.manifest.save(&self.dir)
    }

    /// Leaves the folder as it was before it was resumed: its tables are those that the manifest told.
    ///
    /// # Errors
    /// What saving the manifest tells.
    pub fn leave(self) -> Result<(), StoreError> {
        self.lock.check()?;
        match &self.before {
            Some(before) => before.save(&self.dir),
            None => Ok(()),
        }
    }

    /// The values of a column of a finished replicate, as they were written.
    ///
    /// # Errors
    /// [`StoreError::Unknown`] for a table or column that is not there, [`StoreError::Damaged`] and
    /// [`StoreError::Io`].
    pub fn part_columns(
        &self,
        replicate: u32,
        table: &str,
        columns: &[&str],
    ) -> Result<Vec<Column>, StoreError> {
        let unknown = |what: String| StoreError::Unknown {
            dir: self.dir.clone(),
            what,
            known: "what columns.csv tells".to_owned(),
        };
        let at = self.tables.iter().position(|def| def.name == table);
        let at = at.ok_or_else(|| unknown(format!("table `{table}`")))?;
        let def = &self.tables[at];
        let find = |name: &&str| {
            let at = def.columns.iter().position(|column| column.name == *name);
            at.ok_or_else(|| unknown(format!("column `{table}.{name}`")))
        };
        let wanted: Vec<usize> = columns.iter().map(find).collect::<Result<_, _>>()?;
        let path = self.part_path(replicate);
        let (bytes, _) = Part::open(&path, &self.key, replicate)?.rows_of(at)?;
        let format = self.state().manifest.format;
        let read = match format {
            Format::Parquet => parquet_table::read(def, &wanted, bytes),
            Format::Csv => csv_table::read_rows(def, &wanted, bytes.as_ref()),
        };
        read.map_err(|why| StoreError::damaged(&path, why))
    }

    /// Replicates that are done, in order.
    pub fn finished(&self) -> BTreeSet<u32> {
        self.state().done.clone()
    }

    /// Replicates whose parts were torn when the run was resumed; they have to be run again.
    pub fn discarded(&self) -> &[u32] {
        &self.discarded
    }

    /// The manifest as it is now.
    pub fn manifest(&self) -> Manifest {
        self.state().manifest.clone()
    }

    /// Keeps the tables of a finished replicate, each table once, in any order. When this returns,
    /// the replicate survives whatever happens to the process. Any thread may call it; nothing is
    /// held in memory afterwards.
    ///
    /// # Errors
    /// [`StoreError::DiskFull`], [`StoreError::Io`]; [`StoreError::Data`] and
    /// [`StoreError::Replicate`] for mistakes of the caller. The replicate is then not done.
    pub fn write(&self, replicate: u32, tables: Vec<TableData>) -> Result<(), StoreError> {
        self.check_range(replicate)?;
        let data = in_order(&self.tables, tables)?;
        let format = {
            let mut state = self.state();
            if !state.claimed.insert(replicate) {
                let why = "is written twice";
                return Err(StoreError::Replicate { replicate, why });
            }
            state.manifest.format
        };
        let path = self.part_path(replicate);
        let written = part::write(&path, &self.key, replicate, format, &self.tables, data);
        let mut state = self.state();
        match written {
            Ok(()) => {
                state.done.insert(replicate);
            }
            Err(_) => {
                state.claimed.remove(&replicate);
            }
        }
        written
    }

    fn check_range(&self, replicate: u32) -> Result<(), StoreError> {
        let state = self.state();
        let (first, count) = (state.manifest.first_replicate, state.manifest.replicates);
        match replicate.checked_sub(first) {
            Some(offset) if offset < count => Ok(()),
            _ => Err(StoreError::Replicate {
                replicate,
                why: "is not one of this run",
            }),
        }
    }

    pub(super) fn part_path(&self, replicate: u32) -> PathBuf {
        self.dir.join(PARTS).join(part::file_name(replicate))
    }

    /// A thread that panicked while it held the state left it sound: every change is one step.
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Number of the last replicate that has a part, sound or not.
fn last_part(dir: &Path) -> Result<Option<u32>, StoreError> {
    let names = names(&dir.join(PARTS))?;
    Ok(names
        .iter()
        .filter_map(|name| part::replicate_of(name))
        .max())
}

/// Refuses to take away replicates of a comparison.
fn check_number(dir: &Path, last: Option<u32>, wanted: u32) -> Result<(), StoreError> {
    match last {
        Some(last) if last >= wanted => Err(StoreError::TooMany {
            dir: dir.to_path_buf(),
            last,
            wanted,
        }),
        _ => Ok(()),
    }
}

/// The tables in the order of their definitions, each checked.
pub(super) fn in_order(
    defs: &[TableDef],
    mut tables: Vec<TableData>,
) -> Result<Vec<TableData>, StoreError> {
    let mut ordered = Vec::with_capacity(defs.len());
    for def in defs {
        let at = tables.iter().position(|data| data.table == def.name);
        let data = at
            .map(|at| tables.swap_remove(at))
            .ok_or_else(|| StoreError::Data {
                table: def.name.clone(),
                why: "there are none".to_owned(),
            })?;
        data.check(def)?;
        ordered.push(data);
    }
    match tables.pop() {
        None => Ok(ordered),
        Some(data) => Err(StoreError::Data {
            table: data.table,
            why: "it is not a table of this run, or it is there twice".to_owned(),
        }),
    }
}
