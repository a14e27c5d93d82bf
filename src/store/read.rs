//! Tables that are made, read back for later commands.

use std::fs::File;
use std::io::{self, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::{Schema, SchemaRef};

use super::checksum::HashingWriter;
use super::error::StoreError;
use super::table::column::TableDef;
use super::table::columns::read_columns;
use super::table::data::{Column, TableData};
use super::table::{Format, batches, csv, parquet};

use super::derived::{SUMMARIES, SUMMARY};
use super::files::disk;
use super::folder::read_defs_of;
use super::job::Jobs;
use super::manifest::{COLUMNS, MANIFEST, Manifest, TableEntry};
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

/// Definitions of the tables that a folder holds, in order: of results those that are made, and of a sweep those of its
/// summary, as `summary/NAME`; of other tables those of `columns.csv`.
///
/// # Errors
/// As [`read_defs`].
pub fn tables_in(dir: &Path) -> Result<Vec<TableDef>, StoreError> {
    if !dir.join(MANIFEST).exists() {
        return plain_defs(dir);
    }
    let manifest = Manifest::load(dir)?;
    let made = |def: &TableDef| {
        let mut entries = manifest.tables.iter();
        entries.any(|entry| entry.name == def.name && entry.sha256.is_some())
    };
    let mut defs = read_defs_of(&*disk(), dir, &manifest)?;
    defs.retain(made);
    for name in SUMMARIES {
        let path = dir.join(SUMMARY).join(format!("{name}.csv"));
        if let Ok(file) = File::open(&path) {
            let name = format!("{SUMMARY}/{name}");
            let def = batches::looked_at(&name, file);
            defs.push(def.map_err(|why| StoreError::damaged(&path, why))?);
        }
    }
    Ok(defs)
}

/// Reads a table of [`tables_in`] as Arrow holds it: the named columns in the order of their names, or all when none is
/// named.
///
/// # Errors
/// As [`read_table`].
pub fn read_batches(dir: &Path, table: &str, columns: &[&str]) -> Result<Batches, StoreError> {
    let mut found = None;
    let mut read = |format: Format, def: &TableDef, wanted: &[usize], file: File| {
        found = Some(batches::read(format, def, wanted, file)?);
        Ok(())
    };
    let results = dir.join(MANIFEST).exists();
    let def = match results && !table.starts_with(SUMMARY) {
        true => find(dir, table, columns, &mut read)?,
        false => {
            let defs = tables_in(dir)?;
            let (def, wanted) = wanted(dir, defs, table, columns)?;
            let path = dir.join(format!("{table}.csv"));
            let file = File::open(&path).map_err(|e| StoreError::io("read", &path, e))?;
            read(Format::Csv, &def, &wanted, file)
                .map_err(|why| StoreError::damaged(&path, why))?;
            of_columns(&def, &wanted)
        }
    };
    let (schema, batches) = found.unwrap_or_else(|| (Arc::new(Schema::empty()), Vec::new()));
    Ok(Batches {
        def,
        schema,
        batches,
    })
}

/// A table as Arrow holds it.
#[derive(Clone, Debug)]
pub struct Batches {
    /// What its columns are.
    pub def: TableDef,
    /// The same for Arrow.
    pub schema: SchemaRef,
    /// Its rows, in order.
    pub batches: Vec<RecordBatch>,
}

impl Batches {
    /// Of rows in memory, which fit the definition.
    ///
    /// # Errors
    /// [`StoreError::Data`] when they do not.
    pub fn of(def: TableDef, data: &TableData) -> Result<Self, StoreError> {
        data.check(&def)?;
        let all: Vec<usize> = (0..def.columns.len()).collect();
        let schema = batches::schema(&def, &all);
        let batch = batches::batch(&schema, &data.columns).map_err(|why| StoreError::Data {
            table: def.name.as_str().into(),
            why,
        })?;
        Ok(Self {
            def,
            schema,
            batches: vec![batch],
        })
    }
}

/// What `columns.csv` says of tables beside which no manifest stands.
fn plain_defs(dir: &Path) -> Result<Vec<TableDef>, StoreError> {
    let path = dir.join(COLUMNS);
    let file = File::open(&path).map_err(|e| StoreError::io("read", &path, e))?;
    read_columns(file).map_err(|why| StoreError::damaged(&path, why))
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
    let (def, wanted) = wanted(dir, defs, table, columns)?;
    let Some(entry) = manifest.tables.iter().find(|entry| entry.name == table) else {
        return Err(not_complete());
    };
    let file = checked(dir, &manifest, entry)?;
    let path = dir.join(&entry.file);
    read(manifest.format, &def, &wanted, file).map_err(|why| StoreError::damaged(&path, why))?;
    Ok(of_columns(&def, &wanted))
}

/// The definition with these columns only.
fn of_columns(def: &TableDef, wanted: &[usize]) -> TableDef {
    TableDef {
        name: def.name.clone(),
        what: def.what.clone(),
        columns: wanted.iter().map(|&at| def.columns[at].clone()).collect(),
    }
}

/// A table among those of a folder, and the positions of the wanted columns.
fn wanted(
    dir: &Path,
    defs: Vec<TableDef>,
    table: &str,
    columns: &[&str],
) -> Result<(TableDef, Vec<usize>), StoreError> {
    let unknown = |what: Text, known: Vec<&str>| StoreError::Unknown {
        dir: dir.to_path_buf(),
        what,
        known: known.join(", ").into(),
    };
    let Some(at) = defs.iter().position(|def| def.name == table) else {
        let known = defs.iter().map(|def| def.name.as_str()).collect();
        return Err(unknown(text!("table-named", table), known));
    };
    let def = &defs[at];
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
    Ok((def.clone(), wanted))
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
