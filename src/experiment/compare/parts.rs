//! What is kept of a layout in a replicate: the tables `outcomes` and `national`, and those of maps.

use std::sync::Arc;

use crate::experiment::labels::{layout, replicate};
use crate::experiment::record::national_fields;
use crate::measure::OUTCOMES;
use crate::store::schema::Schema;
use crate::store::{Column, ColumnDef, TableData, TableDef};

use super::comparison::Comparison;
use super::observe::Observed;
use super::places::{self, PlaceParts};
use super::slots::Slot;
use super::sources::{self, SourceParts};
use super::structures::{self, StructureParts};

/// The table of raw values.
pub const OUTCOMES_TABLE: &str = "outcomes";
/// The table of monthly measures.
pub const NATIONAL_TABLE: &str = "national";
/// The column of raw values in `outcomes`.
pub const VALUE: &str = "value";

/// The definitions of the tables that are kept of each replicate.
pub fn definitions(comparison: &Comparison) -> Vec<TableDef> {
    let mut tables = vec![outcomes().def(), national(comparison.firms()).def()];
    if let Some(every) = comparison.every {
        tables.extend([places::part(every), structures::part()]);
        tables.push(sources::part(comparison));
    }
    tables
}

/// What the two tables are filled from.
struct Part<'r> {
    replicate: u32,
    /// Position of the layout.
    side: usize,
    of: &'r Parts,
    observed: &'r Observed,
}

impl Part<'_> {
    fn replicate(&self, rows: usize) -> Column {
        Column::Int(vec![Some(i64::from(self.replicate)); rows])
    }

    fn layout(&self, rows: usize) -> Column {
        Column::Text {
            codes: vec![Some(self.side as u32); rows],
            ids: Arc::clone(&self.of.layouts),
        }
    }
}

/// What the rows of `outcomes` are about: its columns between `layout` and `value`, the same for all layouts
/// and replicates.
struct Labels {
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
        part.replicate(part.observed.values.len())
    })
    .column(layout(), |part| part.layout(part.observed.values.len()))
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
        |part| Column::Float(part.observed.values.clone()),
    )
}

/// The table `national`; `firms`: also the measures of firms.
fn national<'r>(firms: bool) -> Schema<'r, Part<'r>> {
    Schema::<Part<'r>>::new(
        NATIONAL_TABLE,
        "one row per replicate, layout and month: the country",
    )
    .column(replicate(), |part| part.replicate(part.observed.rows.len()))
    .column(layout(), |part| part.layout(part.observed.rows.len()))
    .column(ColumnDef::month("month", "the month"), |part| {
        let start = part.of.comparison.calendar().start.0;
        let months = 0..part.observed.rows.len() as i32;
        Column::Month(months.map(|t| Some(start + t)).collect())
    })
    .all(national_fields(firms, |part: &Part<'r>| {
        Box::new(part.observed.rows.iter())
    }))
}

/// Makes the tables of a layout in a replicate. Texts are shared by all.
pub struct Parts {
    comparison: Arc<Comparison>,
    layouts: Arc<Vec<String>>,
    labels: Labels,
    places: Option<PlaceParts>,
    structures: Option<StructureParts>,
    sources: Option<SourceParts>,
}

impl Parts {
    /// For one comparison.
    pub fn new(comparison: &Arc<Comparison>) -> Self {
        let sides = &comparison.sides;
        let (slots, groups) = (comparison.slots.list(), &comparison.groups);
        let names: Vec<&str> = sides.iter().map(|side| side.name.as_str()).collect();
        let rows = || slots.iter();
        let calendar = comparison.calendar();
        let horizon = |slot: &Slot| slot.horizon.map(|t| calendar.month(t).0);
        let labels = Labels {
            outcome: Column::text(rows().map(|slot| Some(OUTCOMES[slot.outcome].name))),
            group_kind: Column::text(rows().map(|slot| Some(slot.group(groups).0))),
            group: Column::text(rows().map(|slot| slot.group(groups).1)),
            members_of: Column::text(rows().map(|slot| slot.group(groups).2.map(|of| names[of]))),
            horizon: Column::Month(rows().map(horizon).collect()),
        };
        Self {
            comparison: Arc::clone(comparison),
            layouts: Arc::new(names.into_iter().map(String::from).collect()),
            labels,
            places: PlaceParts::new(comparison),
            structures: StructureParts::new(comparison),
            sources: SourceParts::new(comparison),
        }
    }

    /// The tables of the layout at position `side` in a replicate, from what was observed of it.
    pub fn tables(&self, side: usize, replicate: u32, observed: &Observed) -> Vec<TableData> {
        let mut part = Part {
            replicate,
            side,
            of: self,
            observed,
        };
        let mut tables = vec![
            outcomes().data(&mut part),
            national(self.comparison.firms()).data(&mut part),
        ];
        let places = self.places.iter();
        tables.extend(places.map(|places| places.table(side, replicate, observed)));
        let structures = self.structures.iter();
        tables.extend(structures.map(|s| s.table(&self.comparison, side, replicate, observed)));
        let sources = self.sources.iter();
        tables.extend(sources.map(|sources| sources.table(side, replicate, observed)));
        tables
    }
}
