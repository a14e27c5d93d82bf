//! Columns that tables of runs and comparisons have in common.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::scenario::spec::Step;
use crate::store::{Column, ColumnDef, Kind, TableDef};
use crate::world::{Calendar, NEVER};

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

/// Numbers of steps as calendar months, or as periods of another length; [`NEVER`] is missing.
pub(super) fn dated(calendar: Calendar, steps: impl Iterator<Item = u16>) -> Column {
    if calendar.step.is_month() {
        let month = |t: u16| (t != NEVER).then(|| calendar.period(t));
        return Column::Month(steps.map(month).collect());
    }
    Column::Text {
        codes: steps.map(|t| (t != NEVER).then(|| t.into())).collect(),
        ids: Arc::new((0..calendar.months).map(|t| calendar.name(t)).collect()),
    }
}

/// The definition of a table with such columns, for steps of this length: what is called `month` is then a `period`, and its
/// descriptions have the word of the steps.
pub(super) fn in_steps(step: Step, mut table: TableDef) -> TableDef {
    if !step.is_month() {
        for column in &mut table.columns {
            column.description = in_words_of(step, &column.description);
            if column.unit == "months" {
                column.unit = in_words_of(step, "months");
            }
        }
        for column in table.columns.iter_mut().filter(|c| c.kind == Kind::Month) {
            (column.kind, column.unit) = (Kind::Text, "period".to_owned());
            if column.name == "month" {
                column.name = "period".to_owned();
            }
        }
    }
    table
}

/// A description with the word of the steps in place of months.
fn in_words_of(step: Step, text: &str) -> String {
    let (one, several) = (step.word(), format!("{}s", step.word()));
    let text = text.replace("calendar months", "months");
    text.replace("months", &several).replace("month", one)
}

/// The numbers of steps that [`dated`] has made such a column of; of another column none.
pub(super) fn undated(calendar: Calendar, column: &Column) -> Vec<u16> {
    let first = calendar.period(0);
    let names: BTreeMap<String, u16> = match column {
        Column::Text { .. } => (0..calendar.months)
            .map(|t| (calendar.name(t), t))
            .collect(),
        _ => BTreeMap::new(),
    };
    let step = |row: usize| match column {
        Column::Month(months) => months[row].map(|month| (month - first) as u16),
        _ => column
            .text_at(row)
            .and_then(|name| names.get(name).copied()),
    };
    (0..column.len())
        .map(|row| step(row).unwrap_or(NEVER))
        .collect()
}
