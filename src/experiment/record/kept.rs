//! What the tables of a replicate are filled from.

use std::sync::Arc;

use crate::experiment::labels;
use crate::measure::{NationalRow, Outcome, measures};
use crate::store::schema::{Field, Schema};
use crate::store::{Column, ColumnDef};
use crate::world::World;

use super::names::Names;

/// The rows of a table, with what their numbers mean.
pub(crate) struct Kept<'a, R> {
    pub(super) world: &'a World,
    pub(super) names: &'a Names,
    pub(super) replicate: u32,
    pub(super) rows: R,
}

/// How many rows there are.
pub(crate) trait Rows {
    fn count(&self) -> usize;
}

impl<R> Rows for Vec<R> {
    fn count(&self) -> usize {
        self.len()
    }
}

impl<R> Kept<'_, R> {
    /// Month numbers as calendar months, or as periods of another length; [`NEVER`] is missing.
    pub(super) fn months(&self, months: impl Iterator<Item = u16>) -> Column {
        labels::dated(self.world.calendar, months)
    }
}

/// A table of a replicate begins with its number.
pub(super) fn of_replicate<'a, R: Rows>(name: &str, what: &str) -> Schema<'a, Kept<'a, R>> {
    Schema::new(name, what).column(labels::replicate(), |kept: &mut Kept<'a, R>| {
        Column::Int(vec![Some(i64::from(kept.replicate)); kept.rows.count()])
    })
}

/// Columns that are filled row by row.
impl<'a, R: 'a> Schema<'a, Kept<'a, Vec<R>>> {
    /// Texts by their number in a list of names.
    pub(super) fn code(
        self,
        name: &str,
        what: &str,
        names: fn(&Names) -> &Arc<Vec<String>>,
        value: fn(&R) -> u32,
    ) -> Self {
        self.column(ColumnDef::text(name, what), move |kept| Column::Text {
            codes: kept.rows.iter().map(|row| Some(value(row))).collect(),
            ids: Arc::clone(names(kept.names)),
        })
    }

    /// Whole numbers.
    pub(super) fn whole(
        self,
        name: &str,
        unit: &str,
        what: &str,
        value: fn(&R) -> Option<i64>,
    ) -> Self {
        self.column(ColumnDef::int(name, unit, what), move |kept| {
            Column::Int(kept.rows.iter().map(value).collect())
        })
    }

    /// Numbers; NaN is missing.
    pub(super) fn number(self, name: &str, unit: &str, what: &str, value: fn(&R) -> f64) -> Self {
        self.column(ColumnDef::float(name, unit, what), move |kept| {
            Column::Float(kept.rows.iter().map(value).collect())
        })
    }

    /// Months.
    pub(super) fn date(self, name: &str, what: &str, value: fn(&R) -> u16) -> Self {
        self.column(ColumnDef::month(name, what), move |kept| {
            kept.months(kept.rows.iter().map(value))
        })
    }
}

/// The measures of the country, from the national rows of a source; `firms`: also those of firms.
pub(crate) fn national<'a, S: 'a>(
    firms: bool,
    rows: for<'s> fn(&'s S) -> Box<dyn Iterator<Item = &'s NationalRow> + 's>,
) -> Vec<Field<'a, S>> {
    let field = |measure: &'static Outcome| {
        let what = measure.monthly?.definition;
        let (name, unit) = (measure.name, measure.monthly_unit());
        Some(if measure.value.is_whole() {
            Field::new(ColumnDef::int(name, unit, what), move |source| {
                let values = rows(source).map(|row| Some(measure.value.of_month(row) as i64));
                Column::Int(values.collect())
            })
        } else {
            Field::new(ColumnDef::float(name, unit, what), move |source| {
                Column::Float(
                    rows(source)
                        .map(|row| measure.value.of_month(row))
                        .collect(),
                )
            })
        })
    };
    measures(firms).into_iter().filter_map(field).collect()
}
