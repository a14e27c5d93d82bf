//! What is kept of each replicate: the tables `outcomes` and `national`, all layouts in one block each.

use std::sync::Arc;

use crate::experiment::record::national_columns;
use crate::experiment::tables::{self, float, month, text};
use crate::measure::NationalRow;
use crate::store::{Column, TableData, TableDef};

use super::Comparison;
use super::catalogue::OUTCOMES;
use super::observe::Observed;
use super::places::PlaceParts;
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
    let mut national = tables::national(firms);
    national.what = "one row per replicate, layout and month: the country".to_owned();
    national.columns.insert(1, layout());
    let outcomes = TableDef::new(
        OUTCOMES_TABLE,
        "one row per replicate, layout, outcome, group and horizon: the paired values",
        vec![
            tables::replicate(),
            layout(),
            text("outcome", "outcome, see `pointplane outcomes`"),
            text(
                "group_kind",
                "national, province, area, tier, corridor or membership; with firms industry, size_class",
            ),
            text("group", "which group; missing for the country"),
            text(
                "members_of",
                "membership: the layout whose members are meant",
            ),
            month(
                "horizon",
                "month at which it is taken; missing for months in which something first happens",
            ),
            float(
                VALUE,
                "",
                "value; months are counted from the start of the run, from 0; missing when it never came",
            ),
        ],
    );
    vec![outcomes, national]
}

/// The column that says of which layout a row is.
pub(super) fn layout() -> crate::store::ColumnDef {
    text("layout", "layout, or base for the scenario without one")
}

/// Makes the tables of replicates. Texts are shared by all.
pub struct Parts<'c> {
    comparison: &'c Comparison,
    layouts: Arc<Vec<String>>,
    /// The columns of `outcomes` between `replicate` and `value`.
    labels: Vec<Column>,
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
        let labels = vec![
            Column::text(rows().map(|(side, _)| Some(names[side]))),
            Column::text(rows().map(|(_, slot)| Some(OUTCOMES[slot.outcome].name))),
            Column::text(rows().map(|(_, slot)| Some(slot.group(groups).0))),
            Column::text(rows().map(|(_, slot)| slot.group(groups).1)),
            Column::text(rows().map(|(_, slot)| slot.group(groups).2.map(|of| names[of]))),
            Column::Month(
                rows()
                    .map(|(_, slot)| slot.horizon.map(|t| calendar.month(t).0))
                    .collect(),
            ),
        ];
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
        let repeated = |rows: usize| Column::Int(vec![Some(i64::from(replicate)); rows]);
        let values: Vec<f64> = observed
            .iter()
            .flat_map(|one| one.values.iter().copied())
            .collect();
        let mut outcomes = vec![repeated(values.len())];
        outcomes.extend(self.labels.iter().cloned());
        outcomes.push(Column::Float(values));
        let rows = || {
            observed.iter().enumerate().flat_map(|(side, one)| {
                one.rows
                    .iter()
                    .enumerate()
                    .map(move |(t, row)| (side, t, row))
            })
        };
        let measures = national_columns(
            rows().map(|(_, _, row): (_, _, &NationalRow)| row),
            self.comparison.firms(),
        );
        let start = self.comparison.calendar().start;
        let mut national = vec![
            repeated(rows().count()),
            Column::Text {
                codes: rows().map(|(side, _, _)| Some(side as u32)).collect(),
                ids: self.layouts.clone(),
            },
            Column::Month(rows().map(|(_, t, _)| Some(start.0 + t as i32)).collect()),
        ];
        national.extend(measures);
        let mut tables = vec![
            TableData::new(OUTCOMES_TABLE, outcomes),
            TableData::new(NATIONAL_TABLE, national),
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
