//! Whether what stands in a folder is what its manifest says: the one place where that is checked.

use std::io;
use std::path::Path;
use std::sync::Arc;

use super::super::checksum::HashingWriter;
use super::super::error::StoreError;

use super::super::files::{Files, disk, is_missing};
use super::super::frame::{Next, Reader};
use super::super::kind::{ResultKind, Status};
use super::super::log::{Entry, Log, Part, entry};
use super::super::manifest::Manifest;
use super::super::shares::{COMPLETE, LOGS};
use super::Folder;
use crate::texts::{Text, text};

/// The manifest of complete results, of which every file is checked against its checksum.
///
/// # Errors
/// [`StoreError::NotMade`]; [`StoreError::NotWhole`], which names each file that is missing or
/// damaged; what [`Manifest::load`] tells.
pub fn whole(dir: &Path) -> Result<Manifest, StoreError> {
    whole_in(&*disk(), dir)
}

pub(in crate::store) fn whole_in(files: &dyn Files, dir: &Path) -> Result<Manifest, StoreError> {
    let manifest = Manifest::load_from(files, dir)?;
    if manifest.status != Status::Complete {
        return Err(StoreError::NotMade {
            dir: dir.to_path_buf(),
            status: manifest.status,
        });
    }
    made(files, dir, manifest)
}

/// The manifest of results whose tables are made, and those of them that are not in the folder; every file that is
/// there is checked against its checksum. So results can be read of which not all tables were handed on.
///
/// # Errors
/// What [`whole_as_made`] tells, but for tables that are missing.
pub fn at_hand(dir: &Path) -> Result<(Manifest, Vec<String>), StoreError> {
    let files = &*disk();
    let mut manifest = with_tables(files, dir)?;
    let mut missing = Vec::new();
    let tables = std::mem::take(&mut manifest.tables);
    for table in &tables {
        let path = dir.join(&table.file);
        let found = files.look(&path);
        match found.map_err(|e| StoreError::io("read", &path, e))? {
            Some(_) => manifest.tables.push(table.clone()),
            None => missing.push(table.file.clone()),
        }
    }
    let mut manifest = made(files, dir, manifest)?;
    manifest.tables = tables;
    Ok((manifest, missing))
}

/// The manifest of results whose tables are made, and of a sweep perhaps not of all runs; every file is held
/// against its checksum.
///
/// # Errors
/// What [`whole`] tells.
pub fn whole_as_made(dir: &Path) -> Result<Manifest, StoreError> {
    whole_as_made_in(&*disk(), dir)
}

pub(in crate::store) fn whole_as_made_in(
    files: &dyn Files,
    dir: &Path,
) -> Result<Manifest, StoreError> {
    made(files, dir, with_tables(files, dir)?)
}

/// The manifest of results whose tables are made: of all that is asked, of a sweep of what was finished.
fn with_tables(files: &dyn Files, dir: &Path) -> Result<Manifest, StoreError> {
    let manifest = Manifest::load_from(files, dir)?;
    let partly = manifest.kind == ResultKind::Sweep;
    let made = manifest.tables.iter().all(|table| table.sha256.is_some());
    match made && (partly || manifest.status == Status::Complete) {
        true => Ok(manifest),
        false => Err(StoreError::NotMade {
            dir: dir.to_path_buf(),
            status: manifest.status,
        }),
    }
}

fn made(files: &dyn Files, dir: &Path, manifest: Manifest) -> Result<Manifest, StoreError> {
    let problems = problems(files, dir, &manifest)?;
    match problems.is_empty() {
        true => Ok(manifest),
        false => Err(not_whole(files, dir, &manifest, problems)),
    }
}

/// That complete results are not whole, and what helps.
pub(in crate::store) fn not_whole(
    files: &dyn Files,
    dir: &Path,
    manifest: &Manifest,
    problems: Vec<Text>,
) -> StoreError {
    // Texts are written again; the tables of a run could only be made by running it again.
    let texts = damaged_texts(files, dir, manifest).map_or(0, |list| list.len());
    StoreError::NotWhole {
        dir: dir.to_path_buf(),
        advice: match manifest.kind {
            ResultKind::Run if problems.len() == texts => text!("advice-resume"),
            ResultKind::Run => text!("advice-again-as-nothing-is-kept"),
            ResultKind::Explanation => text!("advice-again"),
            ResultKind::Comparison | ResultKind::Sweep | ResultKind::Replay => {
                text!("advice-resume-or-again")
            }
        },
        problems,
    }
}

/// Each file of the results that is missing, or not as the manifest says; one sentence each.
pub(in crate::store) fn problems(
    files: &dyn Files,
    dir: &Path,
    manifest: &Manifest,
) -> Result<Vec<Text>, StoreError> {
    let mut list = damaged_texts(files, dir, manifest)?;
    for entry in &manifest.tables {
        match &entry.sha256 {
            Some(sha256) => list.extend(problem(files, dir, &entry.file, sha256)?),
            None => list.push(text!("file-not-made", file = entry.file)),
        }
    }
    Ok(list)
}

/// The same of the files beside the tables.
pub(in crate::store) fn damaged_texts(
    files: &dyn Files,
    dir: &Path,
    manifest: &Manifest,
) -> Result<Vec<Text>, StoreError> {
    let mut list = Vec::new();
    for entry in &manifest.files {
        list.extend(problem(files, dir, &entry.file, &entry.sha256)?);
    }
    Ok(list)
}

/// What is told of a file that is missing, or has another checksum.
pub(in crate::store) fn problem(
    files: &dyn Files,
    dir: &Path,
    file: &str,
    sha256: &str,
) -> Result<Option<Text>, StoreError> {
    match file_hash(files, &dir.join(file)) {
        Ok((_, found)) if found == sha256 => Ok(None),
        Ok(_) => {
            let why = text!("other-checksum");
            Ok(Some(text!("store-damaged", path = file, why)))
        }
        Err(StoreError::Io { source, .. }) if is_missing(&source) => {
            Ok(Some(text!("file-missing", file)))
        }
        Err(error) => Err(error),
    }
}

/// SHA-256 of a file, in hexadecimal.
///
/// # Errors
/// Those of reading.
pub fn checksum(path: &Path) -> Result<String, StoreError> {
    Ok(file_hash(&*disk(), path)?.1)
}

/// Bytes and SHA-256 of a file.
pub(in crate::store) fn file_hash(
    files: &dyn Files,
    path: &Path,
) -> Result<(u64, String), StoreError> {
    let mut hash = HashingWriter::new(io::sink());
    files
        .open(path)
        .and_then(|mut file| io::copy(&mut file, &mut hash))
        .map_err(|e| StoreError::io("read", path, e))?;
    Ok(hash.finish())
}

impl Folder {
    /// The manifest when what is asked is complete and whole here. What somebody took to be incomplete just
    /// while another process completed it is set right.
    ///
    /// # Errors
    /// Those of reading and writing.
    pub fn complete(&self) -> Result<Option<Manifest>, StoreError> {
        let (files, dir) = (&**self.files(), self.dir());
        let there = Manifest::load_from(files, dir)?;
        let is_whole = |manifest: &Manifest| -> Result<bool, StoreError> {
            Ok(manifest.status == Status::Complete
                && manifest.bare() == *self.manifest()
                && problems(files, dir, manifest)?.is_empty())
        };
        if is_whole(&there)? {
            return Ok(Some(there));
        }
        if there.bare() != *self.manifest() {
            return Ok(None);
        }
        match self.vouched()? {
            Some(manifest) if is_whole(&manifest)? => {
                manifest.save(self.files(), dir)?;
                Ok(Some(manifest))
            }
            _ => Ok(None),
        }
    }

    /// The manifest when what is asked is complete here.
    ///
    /// # Errors
    /// [`StoreError::NotWhole`] when it was and something is missing or damaged by now; those of reading and
    /// writing.
    pub(in crate::store) fn made(&self) -> Result<Option<Manifest>, StoreError> {
        if let Some(whole) = self.complete()? {
            return Ok(Some(whole));
        }
        let (files, dir) = (&**self.files(), self.dir());
        let there = Manifest::load_from(files, dir)?;
        let complete = there.status == Status::Complete && there.bare() == *self.manifest();
        match complete.then(|| problems(files, dir, &there)).transpose()? {
            Some(problems) if !problems.is_empty() => Err(not_whole(files, dir, &there, problems)),
            _ => Ok(None),
        }
    }

    /// Whether the logs go when it is complete: nothing can be added to it.
    pub(in crate::store) fn ends(&self) -> bool {
        let kind = self.manifest().kind;
        matches!(kind, ResultKind::Run | ResultKind::Explanation)
    }

    /// Writes a copy of a manifest that says complete beside the logs, before those of a run go. So nobody
    /// who still takes it to be incomplete, and writes that into the manifest, can make it forgotten.
    pub(in crate::store) fn vouch(&self, manifest: &Manifest) -> Result<(), StoreError> {
        if self.vouched()?.as_ref() == Some(manifest) {
            return Ok(());
        }
        let files = self.files();
        let path = self.dir().join(LOGS).join(COMPLETE);
        let bytes = manifest.bytes()?;
        let temp = super::super::stage::temp_path(files, &path);
        let written = || -> io::Result<()> {
            let mut log = Log::begin(&**files, &temp)?;
            log.put(&Entry::Complete(Part::of(1, &bytes)), &[&bytes])?;
            log.sync()?;
            files.rename(&temp, &path)?;
            files.sync_folder(&self.dir().join(LOGS))
        };
        written().map_err(|e| {
            let _ = files.remove(&temp);
            StoreError::io("write", &path, e)
        })
    }

    /// The manifest that the file beside the logs has.
    fn vouched(&self) -> Result<Option<Manifest>, StoreError> {
        let path = self.dir().join(LOGS).join(COMPLETE);
        let failed = |e| StoreError::io("read", &path, e);
        let mut reader = match Reader::open(&**self.files(), &path) {
            Ok(reader) => reader,
            Err(StoreError::Io { source, .. }) if is_missing(&source) => return Ok(None),
            Err(error) => return Err(error),
        };
        let Next::Frame(frame) = reader.next().map_err(failed)? else {
            return Ok(None);
        };
        let Some(Entry::Complete(Part(_, bytes, sum))) = entry(&frame.head) else {
            return Ok(None);
        };
        let read = reader.bytes_at(frame.at, bytes).map_err(failed)?;
        let sound = read.filter(|read| super::super::frame::sum([&read[..]]) == sum);
        Ok(sound.and_then(|read| serde_json::from_slice(&read).ok()))
    }
}

/// Whether every table's file is there as an entry says.
pub(in crate::store) fn tables_are(
    files: &Arc<dyn Files>,
    dir: &Path,
    manifest: &Manifest,
) -> Result<bool, StoreError> {
    for entry in &manifest.tables {
        match file_hash(&**files, &dir.join(&entry.file)) {
            Ok((_, found)) if Some(&found) == entry.sha256.as_ref() => {}
            Ok(_) => return Ok(false),
            Err(StoreError::Io { source, .. }) if is_missing(&source) => return Ok(false),
            Err(error) => return Err(error),
        }
    }
    Ok(true)
}
