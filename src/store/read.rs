//! Tables that are made, read back for later commands.

use std::fs::File;
use std::io::{self, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use super::checksum::HashingWriter;
use super::error::StoreError;
use super::table::column::TableDef;
use super::table::data::{Column, TableData};
use super::table::{Format, csv, parquet};

use super::files::disk;
use super::folder::read_defs_of;
use super::job::Jobs;
use super::manifest::{MANIFEST, Manifest, TableEntry};
use super::tables::{national, outcomes};
use crate::texts::{Text, text};

/// Definitions of the tables of the results in `dir`, in order.
///
/// # Errors
/// What [`Manifest::load`] tells, and [`StoreError::Damaged`] when `columns.csv` is not as it was
/// written.
pub fn read_defs(dir: &Path) -> Result<Vec<TableDef>, StoreError> {
    read_defs_of(&*disk(), dir, &Manifest::load(dir)?)
}

/// The results folders in a folder, in the order of their names; none where there is no such folder.
///
/// # Errors
/// [`StoreError::Io`].
pub fn folders(dir: &Path) -> Result<Vec<PathBuf>, StoreError> {
    if !dir.is_dir() {
        return Ok(Vec::new());
    }
    let failed = |error| StoreError::io("read", dir, error);
    let mut list = Vec::new();
    for entry in std::fs::read_dir(dir).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.join(MANIFEST).is_file() {
            list.push(path);
        }
    }
    list.sort();
    Ok(list)
}

/// Reads a table: the named columns in the order of their names, or all when none is named. Rows are in
/// replicate order. The file is first checked against the manifest's checksum.
///
/// # Errors
/// [`StoreError::NotMade`] when the table is not made, [`StoreError::Unknown`] for a table or column that
/// is not there, [`StoreError::Damaged`], and what [`Manifest::load`] tells.
pub fn read_table(
    dir: &Path,
    table: &str,
    columns: &[&str],
) -> Result<(TableDef, TableData), StoreError> {
    let mut data = None;
    let def = find(dir, table, columns, &mut |format, def, wanted, file| {
        let read = match format {
            Format::Parquet => parquet::read(def, wanted, file)?,
            Format::Csv => csv::read(def, wanted, file)?,
        };
        data = Some(read);
        Ok(())
    })?;
    Ok((def, TableData::new(table, data.unwrap_or_default())))
}

/// Reads a table like [`read_table`], but a few thousand rows at a time, in order: memory does not grow
/// with it.
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
            Format::Parquet => parquet::read_parts(def, wanted, file, &mut part),
            Format::Csv => csv::read_parts(def, wanted, file, &mut part),
        }
    })?;
    Ok(())
}

/// Gives the values of every run of a sweep that is done, by its position among the jobs, in order.
///
/// # Errors
/// What [`read_table`] tells.
pub fn read_outcomes(
    dir: &Path,
    jobs: &Jobs,
    each: &mut dyn FnMut(usize, &[f64]),
) -> Result<(), StoreError> {
    let sweep = Manifest::load(dir)?.sweep;
    let slots = sweep.ok_or_else(|| StoreError::NotASweep {
        dir: dir.to_path_buf(),
    })?;
    let slots = slots.slots.len();
    let mut values: Vec<f64> = Vec::with_capacity(slots);
    let wanted = ["point", "layout", "replicate", "value"];
    let table = outcomes().name().to_owned();
    read_table_parts(dir, &table, &wanted, &mut |columns| {
        let (Column::Int(replicates), Column::Float(all)) = (&columns[2], &columns[3]) else {
            return;
        };
        for row in 0..replicates.len() {
            values.push(all[row]);
            if values.len() < slots {
                continue;
            }
            let replicate = replicates[row].and_then(|r| u32::try_from(r).ok());
            let names = (columns[0].text_at(row), columns[1].text_at(row), replicate);
            if let (Some(point), Some(layout), Some(replicate)) = names
                && let Some(at) = jobs.find(point, layout, replicate)
            {
                each(at, &values);
            }
            values.clear();
        }
    })
}

/// Gives the months that are kept of every run of a sweep that is done, by its position among the jobs: the values of the
/// measures, month by month.
///
/// # Errors
/// What [`read_table`] tells.
pub fn read_months(
    dir: &Path,
    jobs: &Jobs,
    each: &mut dyn FnMut(usize, &[f64]),
) -> Result<(), StoreError> {
    let Some(kept) = Manifest::load(dir)?.sweep.and_then(|sweep| sweep.monthly) else {
        return Ok(());
    };
    let whole = kept.months.len() * kept.measures.len();
    let mut values: Vec<f64> = Vec::with_capacity(whole);
    let mut wanted = vec!["point", "layout", "replicate"];
    wanted.extend(kept.measures.iter().map(String::as_str));
    let table = national(&kept.measures).name().to_owned();
    read_table_parts(dir, &table, &wanted, &mut |columns| {
        let Column::Int(replicates) = &columns[2] else {
            return;
        };
        for row in 0..replicates.len() {
            values.extend(columns[3..].iter().map(|column| match column {
                Column::Float(all) => all[row],
                _ => f64::NAN,
            }));
            if values.len() < whole {
                continue;
            }
            let replicate = replicates[row].and_then(|r| u32::try_from(r).ok());
            let names = (columns[0].text_at(row), columns[1].text_at(row), replicate);
            if let (Some(point), Some(layout), Some(replicate)) = names
                && let Some(at) = jobs.find(point, layout, replicate)
            {
                each(at, &values);
            }
            values.clear();
        }
    })
}

/// How the columns at some positions of a table's file are read; the text is what is wrong.
type ReadFile<'a> = dyn FnMut(Format, &TableDef, &[usize], File) -> Result<(), Text> + 'a;

/// Finds a table and its columns, holds its file against its checksum, and lets it be read.
fn find(
    dir: &Path,
    table: &str,
    columns: &[&str],
    read: &mut ReadFile<'_>,
) -> Result<TableDef, StoreError> {
    let manifest = Manifest::load(dir)?;
    let not_complete = || StoreError::NotMade {
        dir: dir.to_path_buf(),
        status: manifest.status,
    };
    if manifest.tables.iter().all(|entry| entry.sha256.is_none()) {
        return Err(not_complete());
    }
    let defs = read_defs_of(&*disk(), dir, &manifest)?;
    let unknown = |what: Text, known: Vec<&str>| StoreError::Unknown {
        dir: dir.to_path_buf(),
        what,
        known: known.join(", ").into(),
    };
    let def = defs.iter().find(|def| def.name == table);
    let entry = manifest.tables.iter().find(|entry| entry.name == table);
    let (Some(def), Some(entry)) = (def, entry) else {
        let known = defs.iter().map(|def| def.name.as_str()).collect();
        return Err(unknown(text!("table-named", table), known));
    };
    let wanted: Vec<usize> = if columns.is_empty() {
        (0..def.columns.len()).collect()
    } else {
        let find = |name: &&str| {
            let at = def.columns.iter().position(|c| c.name == *name);
            let known = || def.columns.iter().map(|c| c.name.as_str()).collect();
            at.ok_or_else(|| unknown(text!("column-named", table, name), known()))
        };
        columns.iter().map(find).collect::<Result<_, _>>()?
    };
    let file = checked(dir, &manifest, entry)?;
    let path = dir.join(&entry.file);
    read(manifest.format, def, &wanted, file).map_err(|why| StoreError::damaged(&path, why))?;
    Ok(TableDef {
        name: def.name.clone(),
        what: def.what.clone(),
        columns: wanted.iter().map(|&at| def.columns[at].clone()).collect(),
    })
}

/// The file of a table, opened, if it is the one that the manifest tells. It stays that one while it is
/// read, whatever gets its name in the meantime.
fn checked(dir: &Path, manifest: &Manifest, entry: &TableEntry) -> Result<File, StoreError> {
    let path = manifest.table_path(dir, entry).ok_or_else(|| {
        let manifest = dir.join(MANIFEST);
        StoreError::damaged(&manifest, text!("table-file", file = entry.file))
    })?;
    let failed = |e| StoreError::io("read", &path, e);
    let mut file = File::open(&path).map_err(failed)?;
    let mut hash = HashingWriter::new(io::sink());
    io::copy(&mut file, &mut hash).map_err(failed)?;
    let (bytes, sha256) = hash.finish();
    if Some(bytes) != entry.bytes || Some(&sha256) != entry.sha256.as_ref() {
        return Err(StoreError::damaged(&path, text!("other-checksum")));
    }
    file.seek(SeekFrom::Start(0)).map_err(failed)?;
    Ok(file)
}
