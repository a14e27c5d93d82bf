//! Names in rows that could not be read.

use std::collections::BTreeSet;

use super::cells::Record;

/// Most names that are remembered.
const MOST_LOOSE: usize = 100_000;

/// Names that rows hold which could not be read; what is named there is not unknown.
#[derive(Clone, Debug, Default)]
pub struct Loose(BTreeSet<String>);

impl Loose {
    /// Whether such a row has this name in a cell. Text that was not UTF-8 may be any name.
    pub fn has(&self, name: &str) -> bool {
        name.contains(char::REPLACEMENT_CHARACTER) || self.0.contains(name)
    }

    /// Whether every row could be read.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The names of two tables.
    pub fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// Adds a name.
    pub fn insert(&mut self, name: &str) {
        if self.0.len() < MOST_LOOSE && name.len() <= 400 {
            self.0.insert(name.trim().to_owned());
        }
    }

    /// Adds the names in the cells of a record.
    pub fn add(&mut self, record: Record<'_>) {
        let cells = record.cells();
        for cell in cells.flat_map(|cell| cell.split(['|', ';', '\t', '\u{ff0c}'])) {
            self.insert(cell);
        }
    }
}
