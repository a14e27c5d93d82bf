//! Whole tables whose cells are found by the names of their columns, and tables that may not be there.

use std::path::Path;

use crate::scenario::Month;
use crate::store::{Column, Manifest, StoreError, TableDef, read_table};

/// A table in memory.
pub(super) struct Table {
    def: TableDef,
    columns: Vec<Column>,
}

impl Table {
    pub(super) fn read(dir: &Path, name: &str) -> Result<Self, StoreError> {
        let (def, data) = read_table(dir, name, &[])?;
        let columns = data.columns;
        Ok(Self { def, columns })
    }

    pub(super) fn rows(&self) -> usize {
        self.columns.first().map_or(0, Column::len)
    }

    pub(super) fn column(&self, name: &str) -> Option<&Column> {
        let at = self
            .def
            .columns
            .iter()
            .position(|column| column.name == name)?;
        self.columns.get(at)
    }

    pub(super) fn text(&self, row: usize, name: &str) -> &str {
        self.column(name).and_then(|c| c.text_at(row)).unwrap_or("")
    }

    pub(super) fn number(&self, row: usize, name: &str) -> Option<f64> {
        match self.column(name)? {
            Column::Float(values) => values.get(row).copied().filter(|v| v.is_finite()),
            _ => None,
        }
    }

    pub(super) fn int(&self, row: usize, name: &str) -> Option<i64> {
        match self.column(name)? {
            Column::Int(values) => values.get(row).copied().flatten(),
            _ => None,
        }
    }

    pub(super) fn month(&self, row: usize, name: &str) -> Option<Month> {
        match self.column(name)? {
            Column::Month(values) => values.get(row).copied().flatten().map(Month),
            _ => None,
        }
    }
}

/// Whether a table of these results is there to be read. Published results keep some of their tables only.
pub(super) fn is_there(dir: &Path, manifest: &Manifest, table: &str) -> bool {
    let file = manifest.tables.iter().find(|entry| entry.name == table);
    file.is_some_and(|entry| dir.join(&entry.file).is_file())
}
