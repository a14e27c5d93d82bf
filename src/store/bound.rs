//! Tables that are made of the tables of results and lie in a folder of their own beside them. A file among them says
//! of which tables they are and how they were written, so whoever finds them can tell whether they are of what is
//! there.

use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::checksum::HashingWriter;
use super::error::StoreError;
use super::files::{disk, is_missing};
use super::folder::file_hash;
use super::manifest::{FileEntry, Manifest, read_all};
use super::stage::{atomic_write, remove};
use super::table::column::{TableDef, check_tables, name_problem};
use super::table::csv;
use super::table::data::TableData;

/// Name of that file.
pub(super) const MADE_FROM: &str = "made_from.json";

/// What stands in it.
#[derive(Debug, Serialize, Deserialize)]
struct Bound {
    program: String,
    version: String,
    commit: String,
    /// The tables that these are made of, in the folder above.
    made_from: Vec<FileEntry>,
    /// These tables.
    files: Vec<FileEntry>,
}

/// Writes tables as `NAME.csv` into the folder `name` of the results in `dir`, and of which of their tables they are
/// made: those that `from` names, as the manifest has them. Tables that were there before and are not among these go.
/// Gives the names of the files.
///
/// # Errors
/// [`StoreError::Names`], [`StoreError::Data`], and those of writing.
pub fn write_bound(
    dir: &Path,
    name: &str,
    manifest: &Manifest,
    from: &[&str],
    tables: &[(TableDef, TableData)],
) -> Result<Vec<String>, StoreError> {
    for (def, data) in tables {
        check_tables(std::slice::from_ref(def))?;
        data.check(def)?;
    }
    let folder = dir.join(name);
    std::fs::create_dir_all(&folder).map_err(|e| StoreError::io("make folder", &folder, e))?;
    let before = read(&folder)?;
    // While they get their names, nothing vouches for them.
    remove(&disk(), &folder.join(MADE_FROM))?;
    let mut files = Vec::new();
    for (def, data) in tables {
        let file = file_of(&def.name);
        let sha256 = atomic_write(&folder.join(&file), |w| {
            let mut out = HashingWriter::new(w);
            csv::write_header(def, &mut out)?;
            csv::write_rows(data, &mut out)?;
            Ok(out.finish().1)
        })?;
        files.push(FileEntry { file, sha256 });
    }
    let gone = before.into_iter().flat_map(|bound| bound.files);
    for entry in gone.filter(|entry| is_ours(entry) && files.iter().all(|f| f.file != entry.file)) {
        remove(&disk(), &folder.join(&entry.file))?;
    }
    let names = files.iter().map(|entry| entry.file.clone()).collect();
    let sources = manifest.tables.iter();
    let sources = sources.filter(|table| from.contains(&table.name.as_str()));
    let bound = Bound {
        program: manifest.program.clone(),
        version: manifest.version.clone(),
        commit: manifest.commit.clone(),
        made_from: sources
            .filter_map(|table| {
                Some(FileEntry {
                    file: table.file.clone(),
                    sha256: table.sha256.clone()?,
                })
            })
            .collect(),
        files,
    };
    let path = folder.join(MADE_FROM);
    let failed = |e| StoreError::io("write", &path, io::Error::from(e));
    let mut bytes = serde_json::to_vec_pretty(&bound).map_err(failed)?;
    bytes.push(b'\n');
    atomic_write(&path, |w| w.write_all(&bytes))?;
    Ok(names)
}

/// The files in the folder `name` of the results in `dir` that are not as they were written, and the tables of the
/// results, as the manifest has them, that they are not made of; none when there is no such folder.
///
/// # Errors
/// Those of reading.
pub fn unbound(dir: &Path, name: &str, manifest: &Manifest) -> Result<Vec<String>, StoreError> {
    let folder = dir.join(name);
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let Some(bound) = read(&folder)? else {
        return Ok(vec![format!("{name}/{MADE_FROM}")]);
    };
    let mut list = Vec::new();
    for source in bound.made_from {
        let same = |file: &str, sha256: &Option<String>| {
            file == source.file && sha256.as_ref() == Some(&source.sha256)
        };
        if !manifest.tables.iter().any(|t| same(&t.file, &t.sha256)) {
            list.push(source.file);
        }
    }
    for entry in bound.files.into_iter().filter(is_ours) {
        match file_hash(&*disk(), &folder.join(&entry.file)) {
            Ok((_, found)) if found == entry.sha256 => {}
            Err(StoreError::Io { source, .. }) if !is_missing(&source) => {
                return Err(StoreError::io("read", &folder.join(&entry.file), source));
            }
            _ => list.push(format!("{name}/{}", entry.file)),
        }
    }
    Ok(list)
}

fn file_of(table: &str) -> String {
    format!("{table}.csv")
}

/// Whether a file has a name as this program gives it: what somebody changed cannot name a file elsewhere.
fn is_ours(entry: &FileEntry) -> bool {
    let table = entry.file.strip_suffix(".csv");
    table.is_some_and(|table| name_problem(table).is_none())
}

/// What stands in a folder; none when nothing does or it cannot be read as such.
fn read(folder: &Path) -> Result<Option<Bound>, StoreError> {
    match read_all(&*disk(), &folder.join(MADE_FROM)) {
        Ok(bytes) => Ok(serde_json::from_slice(&bytes).ok()),
        Err(StoreError::Io { source, .. }) if is_missing(&source) => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::kind::ResultKind;
    use super::super::manifest::TableEntry;
    use super::super::table::Format;
    use super::super::table::column::ColumnDef;
    use super::super::table::data::Column;
    use super::*;

    fn table(name: &str, values: &[f64]) -> (TableDef, TableData) {
        let column = ColumnDef::float("value", "", "A value");
        let def = TableDef::new(name, "a table", vec![column]);
        let data = TableData::new(name, vec![Column::Float(values.to_vec())]);
        (def, data)
    }

    fn manifest(sha256: &str) -> Manifest {
        let mut manifest = Manifest::empty(ResultKind::Sweep);
        let mut entry = TableEntry::new(&table("outcomes", &[]).0, false, Format::Csv);
        entry.sha256 = Some(sha256.to_owned());
        manifest.tables.push(entry);
        manifest
    }

    #[test]
    fn they_are_bound_to_what_they_are_made_of() {
        let dir = tempfile::tempdir().unwrap();
        let (dir, one) = (dir.path(), manifest("1"));
        let wrong = |manifest: &Manifest| unbound(dir, "derived", manifest).unwrap();
        let write = |tables: &[(TableDef, TableData)]| {
            write_bound(dir, "derived", &one, &["outcomes"], tables).unwrap()
        };
        assert!(wrong(&one).is_empty());
        let names = write(&[table("a", &[0.5]), table("b", &[])]);
        assert_eq!(names, ["a.csv", "b.csv"]);
        assert!(wrong(&one).is_empty());
        assert_eq!(wrong(&manifest("2")), ["outcomes.csv"]);
        // Changed, missing, and a file that it does not know.
        fs::write(dir.join("derived/a.csv"), "value\n0.25\n").unwrap();
        fs::remove_file(dir.join("derived/b.csv")).unwrap();
        fs::write(dir.join("derived/mine.csv"), "").unwrap();
        assert_eq!(wrong(&one), ["derived/a.csv", "derived/b.csv"]);
        // Made again: what it is not made of any more goes, what is somebody else's stays.
        write(&[table("b", &[1.0])]);
        assert!(wrong(&one).is_empty());
        let left = fs::read_dir(dir.join("derived")).unwrap();
        let mut left: Vec<_> = left.map(|entry| entry.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left, ["b.csv", MADE_FROM, "mine.csv"]);
        // Without the file nobody knows.
        fs::remove_file(dir.join("derived").join(MADE_FROM)).unwrap();
        assert_eq!(wrong(&one), ["derived/made_from.json"]);
    }

    #[test]
    fn a_file_elsewhere_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let (dir, one) = (dir.path(), manifest("1"));
        write_bound(dir, "derived", &one, &["outcomes"], &[table("a", &[])]).unwrap();
        let path = dir.join("derived").join(MADE_FROM);
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, text.replace("\"a.csv\"", "\"../mine.csv\"")).unwrap();
        fs::write(dir.join("mine.csv"), "").unwrap();
        write_bound(dir, "derived", &one, &["outcomes"], &[table("b", &[])]).unwrap();
        assert!(dir.join("mine.csv").exists());
    }
}
