//! The merged outcomes read back run by run, and tables made from them.

use std::fs::File;
use std::io;
use std::path::Path;

use super::super::atomic::{HashingWriter, atomic_write};
use super::super::batch::{Column, TableData};
use super::super::column::{TableDef, check_tables};
use super::super::error::StoreError;
use super::super::manifest::Format;
use super::super::{csv_table, parquet_table};
use super::merge::Merged;
use super::tables::outcomes;
use super::{Index, SweepManifest};

/// Gives the values of every run that is done, by its position in the index, in order. The file is first
/// held against its checksum in `merged.json`.
///
/// # Errors
/// [`StoreError::Damaged`], [`StoreError::Io`].
pub fn read_outcomes(
    dir: &Path,
    manifest: &SweepManifest,
    index: &Index,
    merged: &Merged,
    each: &mut dyn FnMut(usize, &[f64]),
) -> Result<(), StoreError> {
    let def = outcomes().def();
    let Some(entry) = merged.tables.get(&def.name) else {
        return Ok(());
    };
    let path = dir.join(format!("{}.{}", def.name, manifest.format.extension()));
    let failed = |e| StoreError::io("read", &path, e);
    let mut hash = HashingWriter::new(io::sink());
    let mut file = File::open(&path).map_err(failed)?;
    io::copy(&mut file, &mut hash).map_err(failed)?;
    if hash.finish().1 != entry.sha256 {
        return Err(StoreError::damaged(
            &path,
            "its checksum is not the one in merged.json",
        ));
    }
    let wanted: Vec<usize> = ["point", "layout", "replicate", "value"]
        .iter()
        .filter_map(|name| def.columns.iter().position(|column| column.name == *name))
        .collect();
    let slots = manifest.swept.slots.len();
    let mut values: Vec<f64> = Vec::with_capacity(slots);
    let mut part = |columns: Vec<Column>| {
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
                && let Some(at) = index.find(point, layout, replicate)
            {
                each(at, &values);
            }
            values.clear();
        }
    };
    let file = File::open(&path).map_err(failed)?;
    let read = match manifest.format {
        Format::Parquet => parquet_table::read_parts(&def, &wanted, file, &mut part),
        Format::Csv => csv_table::read_parts(&def, &wanted, file, &mut part),
    };
    read.map_err(|why| StoreError::damaged(&path, why))
}

/// Writes a table as `NAME.csv` into a folder.
///
/// # Errors
/// [`StoreError::Names`], [`StoreError::Data`], and those of writing.
pub fn write_csv(folder: &Path, def: &TableDef, data: &TableData) -> Result<(), StoreError> {
    check_tables(std::slice::from_ref(def))?;
    data.check(def)?;
    std::fs::create_dir_all(folder).map_err(|e| StoreError::io("make folder", folder, e))?;
    atomic_write(&folder.join(format!("{}.csv", def.name)), |mut w| {
        csv_table::write_header(def, &mut w)?;
        csv_table::write_rows(data, &mut w)
    })
}
