//! What stands in a results folder, which of it belongs to a run, and how a run is cleared away.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;

use super::atomic::is_temp;
use super::error::StoreError;
use super::kind::LayoutEntry;
use super::manifest::{Manifest, Status};
use super::part::replicate_of;

/// Name of the file with the definitions of the columns.
pub(super) const COLUMNS: &str = "columns.csv";
/// Name of the file with the scenario as it was run.
pub(super) const SCENARIO: &str = "scenario.resolved.toml";
/// Name of the folder with the resolved scenarios of the layouts of a comparison.
pub(super) const LAYOUTS: &str = "layouts";
/// Name of the folder with the parts.
pub(super) const PARTS: &str = "parts";

/// The run in `dir`, or `None` when `dir` holds nothing (or does not exist). Files whose names
/// begin with a dot do not count.
///
/// # Errors
/// [`StoreError::NotEmpty`] when there are files but no run, and what [`Manifest::load`] tells.
pub(super) fn inspect(dir: &Path) -> Result<Option<Manifest>, StoreError> {
    match Manifest::load(dir) {
        Ok(manifest) => return Ok(Some(manifest)),
        Err(StoreError::NotARun { .. }) => {}
        Err(error) => return Err(error),
    }
    let mut names = names(dir)?.into_iter();
    match names.find(|name| !name.starts_with('.')) {
        Some(found) => Err(StoreError::NotEmpty {
            dir: dir.to_path_buf(),
            found,
        }),
        None => Ok(None),
    }
}

/// Names in a folder, in order; none when it does not exist.
pub(super) fn names(dir: &Path) -> Result<BTreeSet<String>, StoreError> {
    let failed = |e| StoreError::io("read", dir, e);
    let entries = match fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(BTreeSet::new()),
        Err(e) => return Err(failed(e)),
    };
    entries
        .map(|entry| {
            Ok(entry
                .map_err(failed)?
                .file_name()
                .to_string_lossy()
                .into_owned())
        })
        .collect()
}

/// Checks that nothing foreign stands where the run `new` will write. `old` is the run that is to
/// be replaced, if any.
pub(super) fn check_room(
    dir: &Path,
    old: Option<&Manifest>,
    new: &Manifest,
) -> Result<(), StoreError> {
    let foreign = |path| Err(StoreError::ForeignFile { path });
    for entry in &new.tables {
        let path = dir.join(&entry.file);
        let own = old.is_some_and(|old| old.tables.iter().any(|t| t.file == entry.file));
        match fs::symlink_metadata(&path) {
            Ok(found) if !own || found.is_dir() => return foreign(path),
            _ => {}
        }
    }
    for name in [COLUMNS, SCENARIO] {
        let path = dir.join(name);
        match fs::symlink_metadata(&path) {
            Ok(found) if old.is_none() || found.is_dir() => return foreign(path),
            _ => {}
        }
    }
    for name in [PARTS, LAYOUTS] {
        let folder = dir.join(name);
        match fs::symlink_metadata(&folder) {
            Ok(found) if !found.is_dir() => return foreign(folder),
            _ => {}
        }
    }
    for file in layout_files(new) {
        let path = dir.join(LAYOUTS).join(&file);
        let own = old.is_some_and(|old| layout_files(old).contains(&file));
        match fs::symlink_metadata(&path) {
            Ok(found) if !own || found.is_dir() => return foreign(path),
            _ => {}
        }
    }
    Ok(())
}

/// Names of the files in [`LAYOUTS`], made from the layouts' names: a manifest that somebody changed
/// cannot name a file elsewhere.
fn layout_files(manifest: &Manifest) -> BTreeSet<String> {
    let layouts = manifest.comparison.iter().flat_map(|c| &c.layouts);
    layouts
        .map(|layout| LayoutEntry::file_of(&layout.name))
        .collect()
}

/// Removes the files of the run `old` and nothing else. First its manifest is made to say that the
/// run is not complete, so that at no moment a broken run reads as a whole one.
pub(super) fn clear(dir: &Path, mut old: Manifest) -> Result<(), StoreError> {
    old.status = Status::Interrupted;
    old.replicates_done = 0;
    for entry in &mut old.tables {
        entry.rows = None;
        entry.bytes = None;
        entry.sha256 = None;
    }
    old.save(dir)?;
    for entry in &old.tables {
        if let Some(path) = old.table_path(dir, entry) {
            remove(&path)?;
        }
    }
    remove(&dir.join(COLUMNS))?;
    remove(&dir.join(SCENARIO))?;
    let layouts = dir.join(LAYOUTS);
    if fs::symlink_metadata(&layouts).is_ok_and(|found| found.is_dir()) {
        for file in layout_files(&old) {
            remove(&layouts.join(file))?;
        }
        clear_temps(&layouts)?;
        // Refused when somebody put a file of their own there: then it stays.
        let _ = fs::remove_dir(&layouts);
    }
    clear_parts(dir)?;
    clear_temps(dir)
}

/// Removes all parts, and their folder if nothing else is in it.
pub(super) fn clear_parts(dir: &Path) -> Result<(), StoreError> {
    let parts = dir.join(PARTS);
    if !fs::symlink_metadata(&parts).is_ok_and(|found| found.is_dir()) {
        return Ok(());
    }
    clear_temps(&parts)?;
    for name in names(&parts)? {
        if replicate_of(&name).is_some() {
            remove(&parts.join(name))?;
        }
    }
    // Refused when somebody put a file of their own there: then it stays.
    let _ = fs::remove_dir(&parts);
    Ok(())
}

/// Removes unfinished files of killed processes. Only for the holder of the lock.
pub(super) fn clear_temps(dir: &Path) -> Result<(), StoreError> {
    for name in names(dir)? {
        if is_temp(&name) {
            remove(&dir.join(name))?;
        }
    }
    Ok(())
}

/// Removes a file; one that is not there is no error.
pub(super) fn remove(path: &Path) -> Result<(), StoreError> {
    match fs::remove_file(path) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(StoreError::io("remove", path, e)),
        _ => Ok(()),
    }
}
