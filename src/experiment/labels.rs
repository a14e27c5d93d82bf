//! Columns that tables of runs and comparisons have in common.

use crate::store::ColumnDef;

/// Which replicate.
pub(super) fn replicate() -> ColumnDef {
    ColumnDef::int("replicate", "", "replicate number, from 0")
}

/// Which layout of a comparison.
pub(super) fn layout() -> ColumnDef {
    ColumnDef::text("layout", "layout, or base for the scenario without one")
}

/// The month of rows that are there at the ends of so many months. Said in numbers: with another `--every` there are
/// other rows, and what is there cannot be resumed as this.
pub(super) fn every_month(every: u16) -> ColumnDef {
    ColumnDef::month(
        "month",
        &format!("the month: the last of every {every} calendar months (--every) and of the run"),
    )
}
