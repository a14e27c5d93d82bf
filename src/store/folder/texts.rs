//! The texts beside the tables, read back.

use std::collections::BTreeSet;
use std::path::Path;

use super::super::checksum::sha256;
use super::super::error::StoreError;
use super::super::files::{Files, is_missing};
use super::super::job::PointRow;
use super::super::manifest::{COLUMNS, Manifest, POINTS, Sweep, read_all};
use super::super::points::{self, points_table};
use super::super::table::column::TableDef;
use super::super::table::columns::read_columns;
use super::super::table::{TableData, csv};
use crate::texts::{Text, text};

/// The definitions of the tables, from `columns.csv`.
pub(in crate::store) fn read_defs_of(
    files: &dyn Files,
    dir: &Path,
    manifest: &Manifest,
) -> Result<Vec<TableDef>, StoreError> {
    let bytes = read_text(files, dir, manifest, COLUMNS)?;
    let path = dir.join(COLUMNS);
    let mut tables = read_columns(&bytes[..]).map_err(|why| StoreError::damaged(&path, why))?;
    for table in &mut tables {
        if let Some(entry) = manifest.tables.iter().find(|e| e.name == table.name) {
            table.what.clone_from(&entry.what);
        }
    }
    Ok(tables)
}

/// A text that the manifest vouches for.
fn read_text(
    files: &dyn Files,
    dir: &Path,
    manifest: &Manifest,
    file: &str,
) -> Result<Vec<u8>, StoreError> {
    let path = dir.join(file);
    let bytes = match read_all(files, &path) {
        Err(StoreError::Io { source, .. }) if is_missing(&source) => {
            return Err(StoreError::damaged(&path, text!("missing-mended")));
        }
        read => read?,
    };
    if Some(&sha256(&bytes)[..]) != manifest.sha256_of(file) {
        return Err(StoreError::damaged(&path, text!("checksum-mended")));
    }
    Ok(bytes)
}

/// The distinct points in the order of the design, and the whole table.
pub(super) fn read_points(
    files: &dyn Files,
    dir: &Path,
    manifest: &Manifest,
    sweep: &Sweep,
) -> Result<(Vec<PointRow>, TableData), StoreError> {
    let bytes = read_text(files, dir, manifest, POINTS)?;
    let path = dir.join(POINTS);
    let torn = |why: Text| StoreError::damaged(&path, why);
    let def = points_table(&sweep.parameters);
    let wanted: Vec<usize> = (0..def.columns.len()).collect();
    let columns = csv::read(&def, &wanted, bytes.as_slice()).map_err(torn)?;
    let table = TableData::new("points", columns);
    let mut seen = BTreeSet::new();
    let mut points = Vec::new();
    for row in points::rows(&sweep.parameters, &table).map_err(torn)? {
        if seen.insert(row.point.clone()) {
            points.push(PointRow {
                id: row.point,
                settings: row.settings.split_whitespace().map(str::to_owned).collect(),
            });
        }
    }
    Ok((points, table))
}
