//! The tables, from the logs: whatever there is of them, in whatever order, and whoever else makes them at
//! the same time.
//!
//! Each table is written beside its place. Then the manifest is made to vouch for none, the tables get
//! their names, and a manifest that vouches for them is published last. After that it is looked at what
//! lies in the folder: if somebody else published in between, so that it is not one merge's work, all is
//! done again. So the last one to publish anything always sees all of it.

use std::io::{self, Write};
use std::path::Path;

use bytes::Bytes;

use super::checksum::HashingWriter;
use super::derived;
use super::error::StoreError;
use super::table::TableData;
use super::table::column::TableDef;
use super::table::parquet::{self, Merger, Pieces};
use super::table::{Format, csv};

use super::files::is_missing;
use super::folder::Folder;
use super::folder::{Found, Payloads, Seen, Verify};
use super::folder::{damaged_texts, problems_of as problems, tables_are};
use super::job::Job;
use super::kept::Kept;
use super::kind::Status;
use super::manifest::{Manifest, TableEntry};
use super::payload::in_order;
use super::stage::{Staged, remove, stage};
use super::values::{Rows, Take};
use crate::texts::text;

/// How often tables are made before it is given up.
const TURNS: u32 = 16;

/// Makes derived tables from what is kept.
type Derive<'a> = dyn Fn(&Kept<'_>) -> Result<Vec<TableData>, StoreError> + 'a;

/// What the tables take from the caller.
pub struct Make<'a> {
    /// Of a sweep: the command that makes a run again.
    pub command: &'a dyn Fn(Job) -> String,
    /// Of a comparison: its derived tables.
    pub derive: &'a Derive<'a>,
}

impl Default for Make<'_> {
    fn default() -> Self {
        Self {
            command: &|_| String::new(),
            derive: &|_| Ok(Vec::new()),
        }
    }
}

impl std::fmt::Debug for Make<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Make").finish_non_exhaustive()
    }
}

impl Folder {
    /// Makes the tables from what is kept; those of a sweep at any time, the others when every job is done.
    /// Any number of processes may do this at a time. What is there already is left as it is.
    ///
    /// # Errors
    /// [`StoreError::Incomplete`] when jobs of a run or a comparison are missing;
    /// [`StoreError::Superseded`] when something else is asked here by now; [`StoreError::OtherModel`];
    /// [`StoreError::Conflict`] when two
    /// copies of a job differ; [`StoreError::DiskFull`], [`StoreError::Io`]. Nothing that was kept is lost.
    pub fn merge(&self, make: &Make<'_>) -> Result<Manifest, StoreError> {
        for turn in 1..=TURNS {
            match self.merge_once(make) {
                Ok(Some(manifest)) => return Ok(manifest),
                Ok(None) => {}
                // A log or an unfinished file was taken away: somebody completed or cleared it.
                Err(StoreError::Io { source, .. }) if is_missing(&source) && turn < TURNS => {}
                Err(error) => return Err(error),
            }
        }
        Err(StoreError::Busy {
            dir: self.dir().to_path_buf(),
            who: text!("busy-merging"),
        })
    }

    fn merge_once(&self, make: &Make<'_>) -> Result<Option<Manifest>, StoreError> {
        let (files, dir) = (self.files(), self.dir());
        let there = self.there()?;
        if self.ends()
            && let Some(whole) = self.made()?
        {
            let found = self.look(None, Verify::Heads)?;
            return self.seal(&whole, &found);
        }
        let texts = damaged_texts(&**files, dir, &there)?;
        if !texts.is_empty() {
            return Err(StoreError::NotWhole {
                dir: dir.to_path_buf(),
                problems: texts,
                advice: text!("advice-resume"),
            });
        }
        let (found, manifest, staged) = match self.stage_all(make, Verify::Heads) {
            // What is kept of a job is not as it was written. It is looked for what else is there.
            Err(StoreError::Damaged { .. }) => self.stage_all(make, Verify::All)?,
            // A log has lost what was not on the disk yet when the power failed; the tables were, with all of it.
            Err(error @ StoreError::Incomplete { .. }) if there.status == Status::Complete => {
                return self.complete()?.map(Some).ok_or(error);
            }
            staged => staged?,
        };
        // Another worker that ended at the same moment may have published the same meanwhile.
        let there = self.there()?;
        let same = there.tables == manifest.tables && tables_are(files, dir, &manifest)?;
        // Written first: where there is no room for it, no table gets its name.
        let vouching = match same && there == manifest {
            true => None,
            false => Some(manifest.stage(files, dir)?),
        };
        if same {
            drop(staged);
        } else {
            // While the tables get their names, nothing vouches for others.
            if there.tables != self.manifest().tables {
                self.manifest().save(files, dir)?;
            }
            derived::clear(files, dir)?;
            for file in staged {
                file.publish()?;
            }
        }
        if let Some(vouching) = vouching {
            vouching.publish()?;
        }
        let published = Manifest::load_from(&**files, dir)?;
        if published.tables != manifest.tables || !problems(&**files, dir, &published)?.is_empty() {
            return self.or_other_work(published);
        }
        if manifest.sweep.is_some() {
            return Ok(Some(published));
        }
        self.seal(&published, &found)
    }

    /// The manifest as it is there now, which has to ask for the same.
    fn there(&self) -> Result<Manifest, StoreError> {
        let there = Manifest::load_from(&**self.files(), self.dir())?;
        there.of_this_model(self.dir())?;
        match there.bare() == *self.manifest() {
            true => Ok(there),
            false => Err(StoreError::Superseded {
                dir: self.dir().to_path_buf(),
            }),
        }
    }

    /// Makes all tables from what there is, not yet published, and the manifest that vouches for them. Every byte of
    /// what goes into them is checked against a checksum once: with `verify` while it is looked for, otherwise when
    /// it is read.
    fn stage_all(
        &self,
        make: &Make<'_>,
        verify: Verify,
    ) -> Result<(Found, Manifest, Vec<Staged>), StoreError> {
        let found = self.look(None, verify)?;
        let mut manifest = found.standing(self);
        if manifest.sweep.is_none() && !found.is_whole() {
            let done = manifest.replicates_done;
            return Err(StoreError::Incomplete {
                dir: self.dir().to_path_buf(),
                missing: u64::from(manifest.replicates - done.min(manifest.replicates)),
                replicates: manifest.replicates,
            });
        }
        let staged = self.stage_tables(&found, make, &mut manifest)?;
        Ok((found, manifest, staged))
    }

    /// What lies in the folder is not what was published here. It may be the whole work of another merge
    /// that ended later.
    fn or_other_work(&self, published: Manifest) -> Result<Option<Manifest>, StoreError> {
        let files = &**self.files();
        let whole = published.bare() == *self.manifest()
            && problems(files, self.dir(), &published)?.is_empty();
        Ok(whole.then_some(published))
    }

    /// Makes sure that it stays complete, then removes the logs of a run, but for those of workers that live:
    /// they are cleared when they end.
    fn seal(&self, whole: &Manifest, found: &Found) -> Result<Option<Manifest>, StoreError> {
        self.vouch(whole)?;
        if self.ends() {
            for (path, worker) in &found.ours {
                let lives = |seen: &Seen| seen.lives(&**self.files());
                if !found.workers.get(worker).is_some_and(lives) {
                    remove(self.files(), path)?;
                }
            }
        }
        // Somebody may have said otherwise before there was anything that vouches for it.
        self.complete()
    }

    /// Writes all tables, which are not yet published, and enters them into the manifest.
    fn stage_tables(
        &self,
        found: &Found,
        make: &Make<'_>,
        manifest: &mut Manifest,
    ) -> Result<Vec<Staged>, StoreError> {
        let mut all = Vec::new();
        let mut payloads = Payloads::new(self, found);
        for (at, def) in self.tables().iter().enumerate() {
            all.push(match &manifest.sweep {
                Some(sweep) => {
                    let mut rows = Rows {
                        folder: self,
                        sweep,
                        found,
                        payloads: &mut payloads,
                        command: make.command,
                    };
                    self.stage_pieces(def, &mut |take| rows.table(&def.name, take))?
                }
                None => self.stage_kept(def, at, &mut payloads)?,
            });
        }
        if !self.derived().is_empty() {
            let made = (make.derive)(&Kept::new(self, payloads))?;
            for (def, data) in self.derived().iter().zip(in_order(self.derived(), made)?) {
                all.push(self.stage_whole(def, &data)?);
            }
        }
        let (staged, entries): (_, Vec<TableEntry>) = all.into_iter().unzip();
        for (entry, made) in manifest.tables.iter_mut().zip(entries) {
            entry.rows = made.rows;
            entry.bytes = made.bytes;
            entry.sha256 = made.sha256;
        }
        Ok(staged)
    }

    /// Writes one table by `rows`, which gives how many it wrote.
    fn stage_table(
        &self,
        def: &TableDef,
        rows: &mut dyn FnMut(Format, &mut (dyn Write + Send)) -> io::Result<u64>,
    ) -> Result<(Staged, TableEntry), StoreError> {
        let format = self.manifest().format;
        let mut entry = TableEntry::new(def, false, format);
        let path = self.dir().join(&entry.file);
        let (staged, (rows, (bytes, sha256))) = stage(self.files(), &path, |w| {
            let mut out = HashingWriter::new(w);
            let rows = rows(format, &mut out)?;
            Ok((rows, out.finish()))
        })?;
        entry.rows = Some(rows);
        entry.bytes = Some(bytes);
        entry.sha256 = Some(sha256);
        Ok((staged, entry))
    }

    /// Rows that were encoded by the threads that ran the jobs: replicate by replicate, in each the layouts
    /// in order.
    fn stage_kept(
        &self,
        def: &TableDef,
        part: usize,
        payloads: &mut Payloads<'_>,
    ) -> Result<(Staged, TableEntry), StoreError> {
        let jobs = self.jobs();
        let layouts = jobs.layouts().len() as u16;
        let at = |replicate: u32, layout: u16| {
            jobs.at(Job {
                point: 0,
                layout,
                replicate,
            })
        };
        self.stage_table(def, &mut |format, out| {
            let mut total = 0;
            match format {
                Format::Parquet => {
                    let mut merger = Merger::new(def, out)?;
                    for replicate in jobs.replicates() {
                        let mut parts = Vec::new();
                        for layout in 0..layouts {
                            let (rows, bytes) = payloads.part(at(replicate, layout), part)?;
                            total += rows;
                            parts.push(Bytes::from(bytes));
                        }
                        merger.add_parts(def, &parts)?;
                    }
                    merger.finish()?;
                }
                Format::Csv => {
                    csv::write_header(def, &mut *out)?;
                    for replicate in jobs.replicates() {
                        for layout in 0..layouts {
                            let (rows, bytes) = payloads.part(at(replicate, layout), part)?;
                            total += rows;
                            out.write_all(&bytes)?;
                        }
                    }
                }
            }
            Ok(total)
        })
    }

    /// Rows that are made piece by piece.
    fn stage_pieces(
        &self,
        def: &TableDef,
        rows: &mut dyn FnMut(&mut Take<'_>) -> io::Result<()>,
    ) -> Result<(Staged, TableEntry), StoreError> {
        self.stage_table(def, &mut |format, out| {
            let mut total = 0;
            match format {
                Format::Parquet => {
                    let mut pieces = Pieces::new(def, out)?;
                    rows(&mut |data| {
                        total += data.rows() as u64;
                        data.check(def)?;
                        pieces.add(data)
                    })?;
                    pieces.finish()?;
                }
                Format::Csv => {
                    csv::write_header(def, &mut *out)?;
                    rows(&mut |data| {
                        total += data.rows() as u64;
                        data.check(def)?;
                        csv::write_rows(data, &mut *out)
                    })?;
                }
            }
            Ok(total)
        })
    }

    /// A table that is made whole.
    fn stage_whole(
        &self,
        def: &TableDef,
        data: &TableData,
    ) -> Result<(Staged, TableEntry), StoreError> {
        self.stage_table(def, &mut |format, out| {
            match format {
                Format::Parquet => parquet::write(def, data, out)?,
                Format::Csv => {
                    csv::write_header(def, &mut *out)?;
                    csv::write_rows(data, &mut *out)?;
                }
            }
            Ok(data.rows() as u64)
        })
    }
}

/// Writes results of one job at once: prepares the folder, keeps the tables, publishes them.
///
/// # Errors
/// Those of [`Folder::prepare`] and [`Folder::merge`].
pub fn publish(
    dir: &Path,
    asked: super::folder::Asked,
    tables: Vec<TableData>,
    command_line: Vec<String>,
    force: bool,
) -> Result<Manifest, StoreError> {
    use super::folder::Start;
    use super::job::Shard;
    use super::log::End;
    let start = if force { Start::Replace } else { Start::New };
    let (folder, _) = Folder::prepare(dir, asked, start)?;
    let payload = folder.encoder().encode(tables)?;
    let mut worker = folder.worker(Shard::ALL, 1, command_line)?;
    worker.keep(folder.jobs().job(0), 0.0, Ok(payload))?;
    worker.end(End::Whole)?;
    folder.merge(&Make::default())
}
