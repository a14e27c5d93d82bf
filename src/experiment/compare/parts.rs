//! What is kept of each replicate: the tables `outcomes` and `national`, all layouts in one block each.

use std::sync::Arc;

use crate::experiment::labels::{layout, replicate};
use crate::experiment::record::national_fields;
use crate::measure::{NationalRow, OUTCOMES};
use crate::store::schema::Schema;
use crate::store::{Column, ColumnDef, TableData, TableDef};

use super::Comparison;
use super::observe::Observed;
use super::places::PlaceParts;
use super::slots::Slot;
use super::sources::SourceParts;
use super::structures::StructureParts;

/// The table of raw values.
pub const OUTCOMES_TABLE: &str = "outcomes";
/// The table of monthly measures.
pub const NATIONAL_TABLE: &str = "national";
/// The column of raw values in `outcomes`.
pub const VALUE: &str = "value";

/// The definitions of the tables that are kept of each replicate; `firms`: whether a layout has firms.
pub fn definitions(firms: bool) -> Vec<TableDef> {
    vec![outcomes().def(), national(firms).def()]
}

/// What the two tables of a replicate are filled from.
struct Part<'r> {
    replicate: u32,
    of: &'r Parts<'r>,
    /// Of each layout, in order.
    observed: &'r [Observed],
}

impl Part<'_> {
    fn repeated(&self, rows: usize) -> Column {
        Column::Int(vec![Some(i64::from(self.replicate)); rows])
    }

    /// Layout, month number and national row.
    fn months(&self) -> impl Iterator<Item = (usize, usize, &NationalRow)> {
        self.observed.iter().enumerate().flat_map(|(side, one)| {
            let rows = one.rows.iter().enumerate();
            rows.map(move |(t, row)| (side, t, row))
        })
    }
}

/// What the rows of `outcomes` are about: its columns between `replicate` and `value`, the same for all replicates.
struct Labels {
    layout: Column,
    outcome: Column,
    group_kind: Column,
    group: Column,
    members_of: Column,
    horizon: Column,
}

/// The table `outcomes`.
fn outcomes<'r>() -> Schema<'r, Part<'r>> {
    Schema::<Part<'r>>::new(
        OUTCOMES_TABLE,
        "one row per replicate, layout, outcome, group and horizon: the paired \
             values",
    )
    .column(replicate(), |part| {
        part.repeated(part.observed.iter().map(|one| one.values.len()).sum())
    })
    .column(layout(), |part| part.of.labels.layout.clone())
    .column(
        ColumnDef::text("outcome", "outcome, see `pointplane outcomes`"),
        |part| part.of.labels.outcome.clone(),
    )
    .column(
        ColumnDef::text(
            "group_kind",
            "national, province, area, tier, corridor or membership; with firms \
             industry, size_class",
        ),
        |part| part.of.labels.group_kind.clone(),
    )
    .column(
        ColumnDef::text("group", "which group; missing for the country"),
        |part| part.of.labels.group.clone(),
    )
    .column(
        ColumnDef::text(
            "members_of",
            "membership: the layout whose members are meant",
        ),
        |part| part.of.labels.members_of.clone(),
    )
    .column(
        ColumnDef::month(
            "horizon",
            "month at which it is taken; missing for months in which something first \
             happens",
        ),
        |part| part.of.labels.horizon.clone(),
    )
    .column(
        ColumnDef::float(
            VALUE,
            "",
            "value; months are counted from the start of the run, from 0; missing \
             when it never came",
        ),
        |part| {
            let values = part.observed.iter().flat_map(|one| &one.values);
            Column::Float(values.copied().collect())
        },
    )
}

/// The table `national`; `firms`: also the measures of firms.
fn national<'r>(firms: bool) -> Schema<'r, Part<'r>> {
    Schema::<Part<'r>>::new(
        NATIONAL_TABLE,
        "one row per replicate, layout and month: the country",
    )
    .column(replicate(), |part| part.repeated(part.months().count()))
    .column(layout(), |part| Column::Text {
        codes: part.months().map(|(side, ..)| Some(side as u32)).collect(),
        ids: part.of.layouts.clone(),
    })
    .column(ColumnDef::month("month", "the month"), |part| {
        let start = part.of.comparison.calendar().start;
        Column::Month(
            part.months()
                .map(|(_, t, _)| Some(start.0 + t as i32))
                .collect(),
        )
    })
    .all(national_fields(firms, |part: &Part<'r>| {
        Box::new(part.months().map(|(.., row)| row))
    }))
}

/// Makes the tables of replicates. Texts are shared by all.
pub struct Parts<'c> {
    comparison: &'c Comparison,
    layouts: Arc<Vec<String>>,
    labels: Labels,
    places: Option<PlaceParts>,
    structures: Option<StructureParts<'c>>,
    sources: Option<SourceParts>,
}

impl<'c> Parts<'c> {
    /// For one comparison.
    pub fn new(comparison: &'c Comparison) -> Self {
        let sides = &comparison.sides;
        let (slots, groups) = (comparison.slots.list(), &comparison.groups);
        let names: Vec<&str> = sides.iter().map(|side| side.name.as_str()).collect();
        let rows = || (0..sides.len()).flat_map(|side| slots.iter().map(move |slot| (side, slot)));
        let calendar = comparison.calendar();
        let horizon = |slot: &Slot| slot.horizon.map(|t| calendar.month(t).0);
        let labels = Labels {
            layout: Column::text(rows().map(|(side, _)| Some(names[side]))),
            outcome: Column::text(rows().map(|(_, slot)| Some(OUTCOMES[slot.outcome].name))),
            group_kind: Column::text(rows().map(|(_, slot)| Some(slot.group(groups).0))),
            group: Column::text(rows().map(|(_, slot)| slot.group(groups).1)),
            members_of: Column::text(
                rows().map(|(_, slot)| slot.group(groups).2.map(|of| names[of])),
            ),
            horizon: Column::Month(rows().map(|(_, slot)| horizon(slot)).collect()),
        };
        Self {
            comparison,
            layouts: Arc::new(names.into_iter().map(String::from).collect()),
            labels,
            places: PlaceParts::new(comparison),
            structures: StructureParts::new(comparison),
            sources: SourceParts::new(comparison),
        }
    }

    /// The tables of a replicate, from what was observed of each layout, in order.
    pub fn tables(&self, replicate: u32, observed: &[Observed]) -> Vec<TableData> {
        let mut part = Part {
            replicate,
            of: self,
            observed,
        };
        let mut tables = vec![
            outcomes().data(&mut part),
            national(self.comparison.firms()).data(&mut part),
        ];
        tables.extend(
            self.places
                .iter()
                .map(|places| places.table(replicate, observed)),
        );
        let structures = self.structures.iter();
        tables.extend(structures.map(|structures| structures.table(replicate, observed)));
        let sources = self.sources.iter();
        tables.extend(sources.map(|sources| sources.table(replicate, observed)));
        tables
    }
}
