//! How a folder is begun, joined and extended, by any number of processes at a time.

use std::path::Path;
use std::sync::Arc;

use crate::texts::text;

use super::super::derived;
use super::super::error::StoreError;
use super::super::files::{Files, Process, disk, is_missing};
use super::super::frame::{Next, Reader};
use super::super::kind::{ResultKind, Status};
use super::super::manifest::{MANIFEST, Manifest, read_all};
use super::super::shares::{LOGS, logs, maker};
use super::super::stage::{clear_temps, place_of, remove, write};
use super::asked::{Asked, Texts};
use super::replace::Old;
use super::whole::{not_whole, problems};
use super::{Folder, LAYOUTS, SCENARIO};

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

impl Folder {
    /// Makes a folder ready for what is asked: writes it down, or checks that it is what is there. Any
    /// number of processes may do this at a time. Everything that can be refused is refused here; files
    /// that are not of what is there are never touched.
    ///
    /// # Errors
    /// [`StoreError::Names`], [`StoreError::NotEmpty`], [`StoreError::Existing`], [`StoreError::NotARun`],
    /// [`StoreError::Other`], [`StoreError::TooMany`], [`StoreError::Busy`], [`StoreError::NotWhole`],
    /// [`StoreError::OldFormat`], and those of writing.
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
                    folder.replace(Old::of(&there))?;
                    replaced = true;
                    Some(Prepared::New)
                }
                Err(StoreError::Damaged { .. }) if start == Start::Replace && !replaced => {
                    folder.replace_damaged()?;
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

    pub(super) fn make_folders(&self) -> Result<(), StoreError> {
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
                let same = differences.is_empty() || sweeps;
                return Err(StoreError::Existing {
                    dir,
                    kind: there.kind,
                    status: there.status,
                    resumes: same && there.kind != ResultKind::Explanation,
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
        if there.format != self.manifest.format {
            self.change_format(there)?;
        }
        self.manifest.save(&self.files, &dir)?;
        // From now on nothing vouches for the tables that it is made of.
        derived::clear(&self.files, &dir)?;
        Ok(Prepared::Extended)
    }

    /// Refuses to take away replicates of a comparison.
    fn none_taken_away(&self, there: &Manifest) -> Result<(), StoreError> {
        if !matches!(there.kind, ResultKind::Comparison | ResultKind::Replay) {
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
                let process = Process {
                    pid,
                    started: String::new(),
                    ..own.clone()
                };
                place == place_of(&own) && self.files.runs(&process) == Some(false)
            });
            // It was perhaps taken away since it was listed.
            let empty = match gone.then(|| self.is_without_frames(&path)) {
                Some(Err(StoreError::Io { source, .. })) if is_missing(&source) => false,
                Some(empty) => empty?,
                None => false,
            };
            if empty {
                remove(&self.files, &path)?;
            }
        }
        Ok(())
    }

    fn is_without_frames(&self, path: &Path) -> Result<bool, StoreError> {
        let failed = |e| StoreError::io("read", path, e);
        let mut reader = Reader::open(&*self.files, path)?;
        let first = reader.next().map_err(failed)?;
        Ok(matches!(first, Next::End { .. }))
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
            return Err(not_whole(&*self.files, &self.dir, &there, problems));
        }
        Ok(Prepared::Same)
    }
}
