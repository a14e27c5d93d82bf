//! How a session of a run ends: interrupted, or with its parts merged into the tables.

use std::io::{self, Write};

use super::atomic::{HashingWriter, Staged, stage, sync_dir};
use super::batch::TableData;
use super::column::TableDef;
use super::error::StoreError;
use super::folder::clear_parts;
use super::kind::ResultKind;
use super::manifest::{Format, Manifest, Status, TableEntry};
use super::parquet_table::Merger;
use super::part::Part;
use super::run::{Store, in_order};
use super::{csv_table, parquet_table};

impl Store {
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
        self.finish_with(|_| Ok(Vec::new()))
    }

    /// The same for a comparison: `derive` makes the derived tables from the finished replicates, and
    /// parts are kept for replicates that are added later.
    ///
    /// # Errors
    /// Those of [`Store::finish`], and what `derive` tells.
    pub fn finish_with(
        self,
        derive: impl FnOnce(&Self) -> Result<Vec<TableData>, StoreError>,
    ) -> Result<Manifest, StoreError> {
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
        if let Err(error) = self.publish(derive) {
            // The first error is the one to tell; a manifest that still says `running` is resumed
            // in the same way.
            let _ = self.end(Status::Failed);
            return Err(error);
        }
        let manifest = self.end(Status::Complete)?;
        // The run is complete; parts that cannot be removed are cleared by the next command.
        if manifest.kind != ResultKind::Comparison {
            let _ = clear_parts(&self.dir);
        }
        Ok(manifest)
    }

    fn publish(
        &self,
        derive: impl FnOnce(&Self) -> Result<Vec<TableData>, StoreError>,
    ) -> Result<(), StoreError> {
        let mut merged: Vec<(Staged, TableEntry)> = (0..self.tables.len())
            .map(|at| self.merge(at))
            .collect::<Result<_, _>>()?;
        for (def, data) in self
            .derived
            .iter()
            .zip(in_order(&self.derived, derive(self)?)?)
        {
            merged.push(self.stage_table(def, &data)?);
        }
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

    /// Writes a derived table, which is not yet published.
    fn stage_table(
        &self,
        def: &TableDef,
        data: &TableData,
    ) -> Result<(Staged, TableEntry), StoreError> {
        let format = self.state().manifest.format;
        let mut entry = TableEntry::new(def, format);
        let (staged, (bytes, sha256)) = stage(&self.dir.join(&entry.file), |w| {
            let mut out = HashingWriter::new(w);
            match format {
                Format::Parquet => parquet_table::write(def, data, &mut out)?,
                Format::Csv => {
                    csv_table::write_header(def, &mut out)?;
                    csv_table::write_rows(data, &mut out)?;
                }
            }
            Ok(out.finish())
        })?;
        entry.rows = Some(data.rows() as u64);
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
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::atomic::full_disk;
    use super::super::folder::{PARTS, names};
    use super::super::lock::LOCK;
    use super::super::{Column, ColumnDef, Kind, RunFacts, read_table};
    use super::*;

    fn facts(format: Format) -> RunFacts {
        let column = ColumnDef::new("credit", Kind::Float, "", "");
        RunFacts {
            kind: ResultKind::Run,
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
            comparison: None,
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
        fs::write(dir.path().join(LOCK), "pid 1\n").unwrap();
        let error = store.finish().unwrap_err();
        assert!(matches!(error, StoreError::LockLost { .. }), "{error}");
        assert!(!dir.path().join("credit.csv").exists());
        assert_eq!(Manifest::load(dir.path()).unwrap().status, Status::Running);
    }
}
