//! The store of one run: create or resume, write replicates, finish.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use super::atomic::{HashingWriter, Staged, atomic_write, sha256, stage, sync_dir};
use super::batch::TableData;
use super::column::{TableDef, check_tables, write_columns};
use super::csv_table;
use super::error::StoreError;
use super::folder::{
    COLUMNS, PARTS, SCENARIO, check_room, clear, clear_parts, clear_temps, inspect, names,
};
use super::lock::Lock;
use super::manifest::{Begin, Format, Input, Manifest, Status, TableEntry};
use super::parquet_table::Merger;
use super::part::{self, Part};
use super::read::check_table;

/// What the store is told about a run.
#[derive(Clone, Debug)]
pub struct RunFacts {
    /// The command, word by word.
    pub command_line: Vec<String>,
    /// Name of the scenario.
    pub scenario: String,
    /// Name of the layout; empty without one.
    pub layout: String,
    /// The text of `scenario.resolved.toml`.
    pub scenario_resolved: String,
    /// Files that the scenario was read from.
    pub inputs: Vec<Input>,
    /// Names the luck of all replicates.
    pub seed: u64,
    /// Number of the first replicate.
    pub first_replicate: u32,
    /// How many replicates; they are numbered on from the first.
    pub replicates: u32,
    /// Threads.
    pub threads: u32,
    /// File format of the tables.
    pub format: Format,
    /// The tables, in order.
    pub tables: Vec<TableDef>,
}

/// The results folder of a run in progress. Holds the folder's lock until dropped.
#[derive(Debug)]
pub struct Store {
    dir: PathBuf,
    tables: Vec<TableDef>,
    /// What every part of this run carries.
    key: String,
    discarded: Vec<u32>,
    began: Instant,
    state: Mutex<State>,
    lock: Lock,
}

#[derive(Debug)]
struct State {
    manifest: Manifest,
    /// Replicates that some thread has begun to write, or that are done.
    claimed: BTreeSet<u32>,
    done: BTreeSet<u32>,
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
        Self::open(dir, facts.tables, texts, manifest, lock)
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
        if manifest.status == Status::Complete {
            for entry in &manifest.tables {
                check_table(dir, &manifest, entry)?;
            }
            // The run may have been killed between its last two steps.
            if let Ok(_lock) = Lock::take(dir) {
                let _ = clear_parts(dir);
            }
            return Err(complete());
        }
        let lock = Lock::take(dir)?;
        // Once more: the process that held the lock may just have ended the run.
        manifest = Manifest::load(dir)?;
        if manifest.status == Status::Complete {
            return Err(complete());
        }
        manifest.resume(facts.threads);
        check_room(dir, Some(&manifest), &manifest)?;
        clear_temps(dir)?;
        let mut store = Self::open(dir, facts.tables, texts, manifest, lock)?;
        store.find_parts()?;
        Ok(store)
    }

    fn open(
        dir: &Path,
        tables: Vec<TableDef>,
        texts: Texts,
        manifest: Manifest,
        lock: Lock,
    ) -> Result<Self, StoreError> {
        manifest.save(dir)?;
        atomic_write(&dir.join(SCENARIO), |w| {
            w.write_all(texts.scenario.as_bytes())
        })?;
        atomic_write(&dir.join(COLUMNS), |w| w.write_all(&texts.columns))?;
        let parts = dir.join(PARTS);
        fs::create_dir_all(&parts).map_err(|e| StoreError::io("make folder", &parts, e))?;
        Ok(Self {
            dir: dir.to_path_buf(),
            tables,
            key: run_key(&manifest),
            discarded: Vec::new(),
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
                    super::folder::remove(&path)?;
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
        let data = self.in_order(tables)?;
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

    /// Ends the session without completing the run: writes `status` and the number of finished
    /// replicates into the manifest. `--resume` completes it later.
    ///
    /// # Errors
    /// [`StoreError::DiskFull`], [`StoreError::Io`], [`StoreError::LockLost`].
    pub fn interrupt(self, status: Status) -> Result<Manifest, StoreError> {
        self.end(match status {
            Status::Complete => Status::Partial,
            other => other,
        })
    }

    /// Merges the parts into the tables, one part in memory at a time, publishes them, marks the
    /// run complete and removes the parts.
    ///
    /// # Errors
    /// [`StoreError::Incomplete`] when replicates are missing (the manifest then says `partial`);
    /// otherwise the manifest says `failed` if it still can be written. Parts are kept.
    pub fn finish(self) -> Result<Manifest, StoreError> {
        let (replicates, done) = {
            let state = self.state();
            (state.manifest.replicates, state.done.len() as u64)
        };
        let missing = u64::from(replicates).saturating_sub(done);
        if missing > 0 {
            let dir = self.dir.clone();
            self.end(Status::Partial)?;
            return Err(StoreError::Incomplete {
                dir,
                missing,
                replicates,
            });
        }
        if let Err(error) = self.publish() {
            // The first error is the one to tell; a manifest that still says `running` is resumed
            // in the same way.
            let _ = self.end(Status::Failed);
            return Err(error);
        }
        let manifest = self.end(Status::Complete)?;
        // The run is complete; parts that cannot be removed are cleared by the next command.
        let _ = clear_parts(&self.dir);
        Ok(manifest)
    }

    fn publish(&self) -> Result<(), StoreError> {
        let merged: Vec<(Staged, TableEntry)> = (0..self.tables.len())
            .map(|at| self.merge(at))
            .collect::<Result<_, _>>()?;
        self.lock.check()?;
        let mut entries = Vec::with_capacity(merged.len());
        for (staged, entry) in merged {
            staged.publish()?;
            entries.push(entry);
        }
        sync_dir(Some(&self.dir));
        self.state().manifest.tables = entries;
        Ok(())
    }

    /// Merges the parts of the table at a position into its file, which is not yet published.
    fn merge(&self, at: usize) -> Result<(Staged, TableEntry), StoreError> {
        let (def, state) = (&self.tables[at], self.state());
        let format = state.manifest.format;
        let mut entry = TableEntry::new(def, format);
        let (done, path) = (&state.done, self.dir.join(&entry.file));
        let (staged, (rows, (bytes, sha256))) = stage(&path, |w| {
            let mut out = HashingWriter::new(w);
            let mut total = 0;
            match format {
                Format::Parquet => {
                    let mut merger = Merger::new(def, &mut out)?;
                    for &replicate in done {
                        let path = self.part_path(replicate);
                        let (file, rows) = Part::open(&path, &self.key, replicate)?.rows_of(at)?;
                        merger.add(&file)?;
                        total += rows;
                    }
                    merger.finish()?;
                }
                Format::Csv => {
                    csv_table::write_header(def, &mut out)?;
                    for &replicate in done {
                        let path = self.part_path(replicate);
                        let (text, rows) = Part::open(&path, &self.key, replicate)?.rows_of(at)?;
                        out.write_all(text.as_ref())?;
                        total += rows;
                    }
                }
            }
            Ok::<_, io::Error>((total, out.finish()))
        })?;
        entry.rows = Some(rows);
        entry.bytes = Some(bytes);
        entry.sha256 = Some(sha256);
        Ok((staged, entry))
    }

    fn end(&self, status: Status) -> Result<Manifest, StoreError> {
        self.lock.check()?;
        let mut state = self.state();
        let done = u32::try_from(state.done.len()).unwrap_or(u32::MAX);
        let seconds = self.began.elapsed().as_secs_f64();
        state.manifest.end(status, done, seconds);
        state.manifest.save(&self.dir)?;
        Ok(state.manifest.clone())
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

    /// The tables in the order of their definitions, each checked.
    fn in_order(&self, mut tables: Vec<TableData>) -> Result<Vec<TableData>, StoreError> {
        let mut ordered = Vec::with_capacity(self.tables.len());
        for def in &self.tables {
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

    fn part_path(&self, replicate: u32) -> PathBuf {
        self.dir.join(PARTS).join(part::file_name(replicate))
    }

    /// A thread that panicked while it held the state left it sound: every change is one step.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The texts that a run writes besides its tables.
struct Texts {
    scenario: String,
    columns: Vec<u8>,
}

impl Texts {
    fn new(facts: &RunFacts) -> Self {
        let mut columns = Vec::new();
        // Writing to memory cannot fail.
        let _ = write_columns(&facts.tables, &mut columns);
        Self {
            scenario: facts.scenario_resolved.clone(),
            columns,
        }
    }

    fn manifest(&self, facts: &RunFacts) -> Manifest {
        Manifest::begin(Begin {
            facts,
            scenario_resolved_sha256: sha256(self.scenario.as_bytes()),
            columns_sha256: sha256(&self.columns),
        })
    }
}

/// Names everything that a part's rows depend on besides its replicate.
fn run_key(manifest: &Manifest) -> String {
    let m = manifest;
    let mut inputs: Vec<&str> = m.inputs.iter().map(|i| i.sha256.as_str()).collect();
    inputs.sort_unstable();
    let (format, version, commit) = (m.format_version, &m.version, &m.commit);
    let (scenario, columns) = (&m.scenario_resolved_sha256, &m.columns_sha256);
    let text = format!(
        "{format}\n{version}\n{commit}\n{scenario}\n{}\n{}\n{columns}\n{}",
        m.seed,
        m.format,
        inputs.join("\n"),
    );
    sha256(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::super::atomic::full_disk;
    use super::super::{Column, ColumnDef, Kind, read_table};
    use super::*;

    fn facts(format: Format) -> RunFacts {
        let column = ColumnDef::new("credit", Kind::Float, "", "");
        RunFacts {
            command_line: Vec::new(),
            scenario: "test".into(),
            layout: String::new(),
            scenario_resolved: String::new(),
            inputs: Vec::new(),
            seed: 1,
            first_replicate: 1,
            replicates: 3,
            threads: 1,
            format,
            tables: vec![TableDef::new("credit", "", vec![column])],
        }
    }

    fn rows(replicate: u32) -> Vec<TableData> {
        let number = |i: u32| f64::from(i * replicate).sqrt();
        let credit = Column::Float((0..9000).map(number).collect());
        vec![TableData::new("credit", vec![credit])]
    }

    #[test]
    fn a_full_disk_keeps_the_finished_replicates() {
        for format in [Format::Parquet, Format::Csv] {
            let dir = tempfile::tempdir().unwrap();
            let store = Store::create(dir.path(), facts(format), false).unwrap();
            store.write(2, rows(2)).unwrap();
            full_disk::bytes_left(70_000);
            let error = store.write(3, rows(3)).unwrap_err();
            assert!(matches!(error, StoreError::DiskFull { .. }), "{error}");
            assert!(error.to_string().contains("--resume"));
            full_disk::bytes_left(usize::MAX);
            assert_eq!(names(&dir.path().join(PARTS)).unwrap().len(), 1);
            store.interrupt(Status::Failed).unwrap();

            // Again, while the tables are merged: no table, no temporary file, all parts kept.
            let store = Store::resume(dir.path(), facts(format)).unwrap();
            assert_eq!(store.finished().into_iter().collect::<Vec<_>>(), [2]);
            store.write(1, rows(1)).unwrap();
            store.write(3, rows(3)).unwrap();
            full_disk::bytes_left(100_000);
            let error = store.finish().unwrap_err();
            full_disk::bytes_left(usize::MAX);
            assert!(matches!(error, StoreError::DiskFull { .. }), "{error}");
            let left = [
                "columns.csv",
                "manifest.json",
                "parts",
                "scenario.resolved.toml",
            ];
            assert!(names(dir.path()).unwrap().iter().eq(left));
            assert_eq!(names(&dir.path().join(PARTS)).unwrap().len(), 3);

            let store = Store::resume(dir.path(), facts(format)).unwrap();
            assert_eq!(store.finished().len(), 3);
            store.finish().unwrap();
            let (_, data) = read_table(dir.path(), "credit", &[]).unwrap();
            assert_eq!(data.rows(), 27_000);
        }
    }

    #[test]
    fn a_disk_that_is_full_from_the_start_is_told_at_once() {
        let dir = tempfile::tempdir().unwrap();
        full_disk::bytes_left(10);
        let error = Store::create(dir.path(), facts(Format::Csv), false).unwrap_err();
        full_disk::bytes_left(usize::MAX);
        assert!(matches!(error, StoreError::DiskFull { .. }), "{error}");
        assert!(names(dir.path()).unwrap().is_empty());
    }

    #[test]
    fn a_stolen_lock_publishes_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::create(dir.path(), facts(Format::Csv), false).unwrap();
        for replicate in 1..=3 {
            store.write(replicate, rows(replicate)).unwrap();
        }
        fs::write(dir.path().join(super::super::lock::LOCK), "pid 1\n").unwrap();
        let error = store.finish().unwrap_err();
        assert!(matches!(error, StoreError::LockLost { .. }), "{error}");
        assert!(!dir.path().join("credit.csv").exists());
        assert_eq!(Manifest::load(dir.path()).unwrap().status, Status::Running);
    }
}
