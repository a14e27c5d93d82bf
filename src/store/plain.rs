//! Tables in a folder of their own, with what their columns are; they are no results of jobs, so no log or manifest
//! stands beside them.

use std::path::Path;

use super::error::StoreError;
use super::manifest::COLUMNS;
use super::stage::atomic_write;
use super::table::column::{TableDef, check_tables};
use super::table::columns::write_columns;
use super::table::csv;
use super::table::data::TableData;

/// Writes tables as `NAME.csv` into a folder, and `columns.csv`.
///
/// # Errors
/// [`StoreError::Names`], [`StoreError::Data`], and those of writing.
pub fn write_plain(dir: &Path, tables: &[(TableDef, TableData)]) -> Result<(), StoreError> {
    let defs: Vec<TableDef> = tables.iter().map(|(def, _)| def.clone()).collect();
    check_tables(&defs)?;
    for (def, data) in tables {
        data.check(def)?;
    }
    std::fs::create_dir_all(dir).map_err(|e| StoreError::io("make folder", dir, e))?;
    for (def, data) in tables {
        atomic_write(&dir.join(format!("{}.csv", def.name)), |mut w| {
            csv::write_header(def, &mut w)?;
            csv::write_rows(data, &mut w)
        })?;
    }
    atomic_write(&dir.join(COLUMNS), |w| write_columns(&defs, w))
}
