//! Whole tables whose cells are found by the names of their columns, and tables that may not be there; those of results,
//! and those that stand without a manifest.

use std::path::Path;

use crate::scenario::Month;
use crate::store::{Column, Manifest, StoreError, TableDef, read_defs, read_table};

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

/// What a table of these results calls its steps: `month`, or `period` where these are no months.
pub(super) fn steps_of(dir: &Path, table: &str) -> &'static str {
    let defs = read_defs(dir).unwrap_or_default();
    let columns = defs.iter().filter(|def| def.name == table);
    let mut columns = columns.flat_map(|def| &def.columns);
    match columns.any(|column| column.name == "period") {
        true => "period",
        false => "month",
    }
}

/// The month in which the step of a row begins, counted from January of year 0; none of a step that is a day.
pub(super) fn begins(steps: &Column, row: usize) -> Option<i32> {
    if let Column::Month(months) = steps {
        return months.get(row).copied().flatten();
    }
    let name = steps.text_at(row)?;
    let (year, part) = match name.split_once("-Q") {
        Some((year, quarter)) => (year, 3 * (quarter.parse::<i32>().ok()? - 1)),
        None => (name, 0),
    };
    Some(12 * year.parse::<i32>().ok()? + part)
}

/// Calendar months of a step, as the names of steps say.
pub(super) fn months_of(steps: &Column) -> i32 {
    match steps {
        Column::Month(_) => 1,
        names if names.text_at(0).is_some_and(|name| name.contains("-Q")) => 3,
        _ => 12,
    }
}

/// Whether a table of these results is there to be read. Published results keep some of their tables only.
pub(super) fn is_there(dir: &Path, manifest: &Manifest, table: &str) -> bool {
    let file = manifest.tables.iter().find(|entry| entry.name == table);
    file.is_some_and(|entry| dir.join(&entry.file).is_file())
}

/// A CSV table whose cells are found by the names of its columns; without rows where there is none.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    columns: Vec<String>,
    rows: Vec<csv::StringRecord>,
}

impl Sheet {
    /// The table `NAME.csv` of a folder.
    pub(super) fn read(dir: &Path, name: &str) -> Self {
        let Ok(mut reader) = csv::Reader::from_path(dir.join(format!("{name}.csv"))) else {
            return Self::default();
        };
        let columns = reader.headers().map_or_else(
            |_| Vec::new(),
            |header| header.iter().map(str::to_owned).collect(),
        );
        let rows = reader.records().filter_map(Result::ok).collect();
        Self { columns, rows }
    }

    /// Names of the columns.
    pub(super) fn columns(&self) -> &[String] {
        &self.columns
    }

    /// Number of rows.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// A cell; empty where there is none.
    pub(super) fn text(&self, row: usize, column: &str) -> &str {
        let at = self.columns.iter().position(|name| name == column);
        let cell = at.and_then(|at| self.rows.get(row)?.get(at));
        cell.unwrap_or_default()
    }

    /// A number; NaN where there is none.
    pub(super) fn number(&self, row: usize, column: &str) -> f64 {
        self.text(row, column).parse().unwrap_or(f64::NAN)
    }
}
