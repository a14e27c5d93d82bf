//! Tables of a complete run, read back for later commands.

use std::fs::File;
use std::io;
use std::path::Path;

use super::atomic::HashingWriter;
use super::batch::{Column, TableData};
use super::column::{TableDef, read_columns};
use super::error::StoreError;
use super::folder::COLUMNS;
use super::manifest::{Format, Manifest, Status};
use super::{csv_table, parquet_table};

/// Definitions of the tables of the run in `dir`, in order.
///
/// # Errors
/// What [`Manifest::load`] tells, and [`StoreError::Damaged`] when `columns.csv` is not as it was
/// written.
pub fn read_defs(dir: &Path) -> Result<Vec<TableDef>, StoreError> {
    defs(dir, &Manifest::load(dir)?)
}

fn defs(dir: &Path, manifest: &Manifest) -> Result<Vec<TableDef>, StoreError> {
    let path = dir.join(COLUMNS);
    if file_hash(&path)?.1 != manifest.columns_sha256 {
        return Err(StoreError::damaged(
            &path,
            "its checksum is not the manifest's",
        ));
    }
    let file = File::open(&path).map_err(|e| StoreError::io("read", &path, e))?;
    let mut tables = read_columns(file).map_err(|why| StoreError::damaged(&path, why))?;
    for table in &mut tables {
        if let Some(entry) = manifest.tables.iter().find(|e| e.name == table.name) {
            table.what.clone_from(&entry.what);
        }
    }
    Ok(tables)
}

/// Reads a table of a complete run: the named columns in the order of their names, or all when none
/// is named. Rows are in replicate order. The file is first held against the manifest's checksum.
///
/// # Errors
/// [`StoreError::NotComplete`], [`StoreError::Unknown`] for a table or column that is not there,
/// [`StoreError::Damaged`], and what [`Manifest::load`] tells.
pub fn read_table(
    dir: &Path,
    table: &str,
    columns: &[&str],
) -> Result<(TableDef, TableData), StoreError> {
    let mut data = None;
    let def = find(dir, table, columns, &mut |format, def, wanted, file| {
        let read = match format {
            Format::Parquet => parquet_table::read(def, wanted, file)?,
            Format::Csv => csv_table::read(def, wanted, file)?,
        };
        data = Some(read);
        Ok(())
    })?;
    Ok((def, TableData::new(table, data.unwrap_or_default())))
}

/// Reads a table of a complete run like [`read_table`], but a few thousand rows at a time, in order:
/// memory does not grow with the run.
///
/// # Errors
/// What [`read_table`] tells.
pub fn read_table_parts(
    dir: &Path,
    table: &str,
    columns: &[&str],
    each: &mut dyn FnMut(&[Column]),
) -> Result<(), StoreError> {
    find(dir, table, columns, &mut |format, def, wanted, file| {
        let mut part = |columns: Vec<Column>| each(&columns);
        match format {
            Format::Parquet => parquet_table::read_parts(def, wanted, file, &mut part),
            Format::Csv => csv_table::read_parts(def, wanted, file, &mut part),
        }
    })?;
    Ok(())
}

/// How the columns at some positions of a table's file are read; the text is what is wrong.
type ReadFile<'a> = dyn FnMut(Format, &TableDef, &[usize], File) -> Result<(), String> + 'a;

/// Finds a table and its columns, holds its file against its checksum, and lets it be read.
fn find(
    dir: &Path,
    table: &str,
    columns: &[&str],
    read: &mut ReadFile<'_>,
) -> Result<TableDef, StoreError> {
    let manifest = Manifest::load(dir)?;
    if manifest.status != Status::Complete {
        return Err(StoreError::NotComplete {
            dir: dir.to_path_buf(),
            status: manifest.status,
        });
    }
    let defs = defs(dir, &manifest)?;
    let unknown = |what: String, known: Vec<&str>| StoreError::Unknown {
        dir: dir.to_path_buf(),
        what,
        known: known.join(", "),
    };
    let def = defs.iter().find(|def| def.name == table);
    let entry = manifest.tables.iter().find(|entry| entry.name == table);
    let (Some(def), Some(entry)) = (def, entry) else {
        let known = defs.iter().map(|def| def.name.as_str()).collect();
        return Err(unknown(format!("table `{table}`"), known));
    };
    let wanted: Vec<usize> = if columns.is_empty() {
        (0..def.columns.len()).collect()
    } else {
        let find = |name: &&str| {
            let at = def.columns.iter().position(|c| c.name == *name);
            let known = || def.columns.iter().map(|c| c.name.as_str()).collect();
            at.ok_or_else(|| unknown(format!("column `{table}.{name}`"), known()))
        };
        columns.iter().map(find).collect::<Result<_, _>>()?
    };
    let path = check_table(dir, &manifest, entry)?;
    let file = File::open(&path).map_err(|e| StoreError::io("read", &path, e))?;
    read(manifest.format, def, &wanted, file).map_err(|why| StoreError::damaged(&path, why))?;
    Ok(TableDef {
        name: def.name.clone(),
        what: def.what.clone(),
        columns: wanted.iter().map(|&at| def.columns[at].clone()).collect(),
    })
}

/// Checks that a table's file is the one that the manifest tells; its path.
pub(super) fn check_table(
    dir: &Path,
    manifest: &Manifest,
    entry: &super::TableEntry,
) -> Result<std::path::PathBuf, StoreError> {
    let path = manifest.table_path(dir, entry).ok_or_else(|| {
        let manifest = dir.join(super::manifest::MANIFEST);
        StoreError::damaged(&manifest, format!("table file `{}`", entry.file))
    })?;
    let (bytes, sha256) = file_hash(&path)?;
    if Some(bytes) != entry.bytes || Some(&sha256) != entry.sha256.as_ref() {
        return Err(StoreError::damaged(
            &path,
            "its checksum is not the manifest's",
        ));
    }
    Ok(path)
}

fn file_hash(path: &Path) -> Result<(u64, String), StoreError> {
    let mut hash = HashingWriter::new(io::sink());
    File::open(path)
        .and_then(|mut file| io::copy(&mut file, &mut hash))
        .map_err(|e| StoreError::io("read", path, e))?;
    Ok(hash.finish())
}
