//! How what is in a folder is replaced: its own files, and no other.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use crate::texts::text;

use super::super::derived;
use super::super::error::StoreError;
use super::super::files::{Files, is_missing};
use super::super::frame::{Next, Reader};
use super::super::job::Jobs;
use super::super::log::{Entry, entry};
use super::super::manifest::{
    COLUMNS, MANIFEST, Manifest, POINTS, TableEntry, layout_files, read_all,
};
use super::super::shares::{COMPLETE, LOGS, logs};
use super::super::stage::remove;
use super::super::table::Format;
use super::super::table::column::name_problem;
use super::super::table::columns::read_columns;
use super::scan::Verify;
use super::{Folder, LAYOUTS, PLAN, SCENARIO};

/// What is there and belongs to the results there.
pub(super) struct Old {
    /// Its manifest; none when that is damaged.
    manifest: Option<Manifest>,
    /// Files beside the logs, by their paths in the folder.
    files: BTreeSet<String>,
    /// Fingerprints in its logs.
    prints: BTreeSet<String>,
}

impl Old {
    /// What a manifest names, as far as this program gives such names: a manifest that somebody changed cannot
    /// name a file elsewhere.
    pub(super) fn of(there: &Manifest) -> Self {
        let names: Vec<&str> = there.layouts.iter().map(|l| &l.name[..]).collect();
        let mut known = layout_files(&names);
        known.extend([SCENARIO, COLUMNS, PLAN, POINTS].map(str::to_owned));
        let files = there.files.iter().map(|entry| entry.file.clone());
        let tables = there.tables.iter().filter_map(|table| {
            there.table_path(Path::new(""), table)?;
            Some(table.file.clone())
        });
        Self {
            files: files
                .filter(|file| known.contains(file))
                .chain(tables)
                .collect(),
            prints: [there.fingerprint.clone()].into(),
            manifest: Some(there.bare()),
        }
    }

    /// What is there beside a manifest of this program that is damaged: files that have names as this program
    /// gives them and that the manifest, or `columns.csv`, still names.
    fn beside_damaged(
        files: &dyn Files,
        dir: &Path,
        wanted: &Manifest,
    ) -> Result<Self, StoreError> {
        let text = read_all(files, &dir.join(MANIFEST))?;
        let text = String::from_utf8_lossy(&text);
        let names = |file: &str| text.contains(&format!("\"{file}\""));
        let columns = read_all(files, &dir.join(COLUMNS)).ok();
        let columns = columns.and_then(|bytes| read_columns(&bytes[..]).ok());
        let tables: BTreeSet<String> = columns.iter().flatten().map(|t| t.name.clone()).collect();
        let list = |folder: &Path| {
            let names = files.names(folder);
            names.map_err(|e| StoreError::io("read", folder, e))
        };
        let is_table = |file: &str| {
            let Some((name, end)) = file.rsplit_once('.') else {
                return false;
            };
            let format = [Format::Parquet, Format::Csv].map(Format::extension);
            let sound = format.contains(&end) && name_problem(name).is_none();
            sound && (tables.contains(name) || names(file))
        };
        let mut own: BTreeSet<String> = list(dir)?
            .into_iter()
            .filter(|file| match file.as_str() {
                SCENARIO => true,
                COLUMNS => columns.is_some() || names(file),
                PLAN => names(file),
                file => is_table(file),
            })
            .collect();
        let resolved = list(&dir.join(LAYOUTS))?.into_iter();
        let resolved = resolved.filter(|file| file.ends_with(".resolved.toml"));
        own.extend(resolved.map(|file| format!("{LAYOUTS}/{file}")));
        let content = serde_json::from_str::<Manifest>(&text).ok();
        let content = content.map(|manifest| manifest.make_fingerprint());
        let mut prints = BTreeSet::new();
        for path in logs(files, dir)? {
            let mut reader = match Reader::open(files, &path) {
                // It was taken away since it was listed.
                Err(StoreError::Io { source, .. }) if is_missing(&source) => continue,
                reader => reader?,
            };
            let first = reader
                .next()
                .map_err(|e| StoreError::io("read", &path, e))?;
            if let Next::Frame(frame) = first
                && let Some(Entry::Begin(begin)) = entry(&frame.head)
                && (names(&begin.of)
                    || Some(&begin.of) == content.as_ref()
                    || begin.of == wanted.fingerprint)
            {
                prints.insert(begin.of);
            }
        }
        Ok(Self {
            manifest: None,
            files: own,
            prints,
        })
    }
}

impl Folder {
    /// Replaces what is there beside a manifest that is damaged.
    pub(super) fn replace_damaged(&self) -> Result<(), StoreError> {
        let old = Old::beside_damaged(&*self.files, &self.dir, &self.manifest)?;
        self.replace(old)
    }

    /// Replaces what is there.
    pub(super) fn replace(&self, old: Old) -> Result<(), StoreError> {
        let dir = &self.dir;
        let mut paths = Vec::new();
        for print in &old.prints {
            let mut manifest = Manifest::empty(self.manifest.kind);
            manifest.fingerprint.clone_from(print);
            let of = Self {
                files: Arc::clone(&self.files),
                dir: dir.clone(),
                manifest,
                jobs: Arc::new(Jobs::new(Vec::new(), Vec::new(), 0, 0)),
                tables: Vec::new(),
                derived: Vec::new(),
                points: None,
            };
            let found = of.look(None, Verify::Heads)?;
            if let Some(living) = found.workers.values().find(|seen| seen.lives(&*self.files)) {
                let process = living.process();
                return Err(StoreError::Busy {
                    dir: dir.clone(),
                    who: text!("busy-process", pid = process.pid, host = process.host),
                });
            }
            paths.extend(found.ours.into_keys());
        }
        self.check_room(&old)?;
        // From now on it does not read as complete.
        if let Some(there) = &old.manifest {
            there.save(&self.files, dir)?;
        }
        remove(&self.files, &dir.join(LOGS).join(COMPLETE))?;
        for path in paths {
            remove(&self.files, &path)?;
        }
        for file in &old.files {
            remove(&self.files, &dir.join(file))?;
        }
        derived::clear(&self.files, dir)?;
        for folder in [LOGS, LAYOUTS] {
            // Refused when somebody put a file of their own there: then it stays.
            let _ = self.files.remove_folder(&dir.join(folder));
        }
        self.make_folders()?;
        self.manifest.save(&self.files, dir)
    }

    /// Removes the tables of another format than is asked now.
    pub(super) fn change_format(&self, there: &Manifest) -> Result<(), StoreError> {
        let old = Old::of(there);
        self.check_room(&old)?;
        let own = self.manifest.files.iter().map(|entry| &entry.file);
        let own: Vec<&String> = own
            .chain(self.manifest.tables.iter().map(|t| &t.file))
            .collect();
        let is_table = |file: &&String| {
            let named = |entry: &TableEntry| entry.file == **file;
            there.tables.iter().any(named) && !own.contains(file)
        };
        for file in old.files.iter().filter(is_table) {
            remove(&self.files, &self.dir.join(file))?;
        }
        Ok(())
    }

    /// Checks that nothing foreign stands where this will write; `old` is what will go.
    fn check_room(&self, old: &Old) -> Result<(), StoreError> {
        let texts = self.manifest.files.iter().map(|entry| &entry.file);
        let tables = self.manifest.tables.iter().map(|entry| &entry.file);
        for file in texts.chain(tables) {
            let path = self.dir.join(file);
            let found = self.files.look(&path);
            match found.map_err(|e| StoreError::io("read", &path, e))? {
                Some(found) if !old.files.contains(file) || found.folder => {
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
}
