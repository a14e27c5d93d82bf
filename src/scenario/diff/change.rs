//! Differences as data and in words.

use serde::Serialize;

/// How many differing rows of one table are listed; the others are counted.
const LISTED: usize = 1000;

/// A value that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Dotted key path, or column.
    pub key: String,
    /// Value in the first scenario; nothing when it is not set there.
    pub a: Option<String>,
    /// Value in the second scenario.
    pub b: Option<String>,
}

/// How a row differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// Only the second scenario has it.
    Added,
    /// Only the first scenario has it.
    Removed,
    /// Both have it, with other values.
    Changed,
}

/// A row that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RowChange {
    /// How.
    pub how: How,
    /// What names the row.
    pub id: String,
    /// The columns that differ, when both have the row.
    pub columns: Vec<Change>,
}

/// How the rows of a table differ.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TableDiff {
    /// What the rows are.
    pub table: String,
    /// Rows that are only in the second scenario.
    pub added: u64,
    /// Rows that are only in the first.
    pub removed: u64,
    /// Rows with other values.
    pub changed: u64,
    /// Rows that are the same in both.
    pub equal: u64,
    /// The first 1000 rows that differ.
    pub rows: Vec<RowChange>,
}

/// What differs between two scenarios.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Diff {
    /// The first scenario, with its layout.
    pub a: String,
    /// The second scenario, with its layout.
    pub b: String,
    /// Keys whose values differ.
    pub keys: Vec<Change>,
    /// How many keys are equal.
    pub equal_keys: u64,
    /// Places, links, alliances, corridors, gateway links, mandates, observed batches.
    pub tables: Vec<TableDiff>,
}

impl Diff {
    /// Whether nothing differs.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty() && self.tables.iter().all(TableDiff::is_empty)
    }
}

impl TableDiff {
    /// Whether nothing differs in this table.
    pub const fn is_empty(&self) -> bool {
        self.added + self.removed + self.changed == 0
    }

    /// Notes a row that differs.
    pub fn note(&mut self, how: How, id: impl FnOnce() -> String, columns: Vec<Change>) {
        match how {
            How::Added => self.added += 1,
            How::Removed => self.removed += 1,
            How::Changed => self.changed += 1,
        }
        if self.rows.len() < LISTED {
            let id = id();
            self.rows.push(RowChange { how, id, columns });
        }
    }
}
