//! Structures of a comparison, when places are kept: the events of each replicate, and from when on each
//! structure stands in how many of them.

use std::collections::BTreeMap;

use crate::experiment::record::Names;
use crate::experiment::tables::{month, replicate, text};
use crate::store::{Column, ColumnDef, Store, StoreError, TableData, TableDef};

use super::Comparison;
use super::observe::Observed;

/// The table of what each replicate has.
const STRUCTURES: &str = "structures";
/// The table over all replicates.
pub(super) const PATHS: &str = "structure_paths";

/// Kinds in the order of the table.
const KINDS: [&str; 4] = ["line", "circle", "axis", "plane"];

fn labels() -> [ColumnDef; 3] {
    [
        text("layout", "layout, or base for the scenario without one"),
        text("kind", "line, circle, axis or plane"),
        text("id", "two places joined by ~, zone, corridor, or plane"),
    ]
}

/// The table of each replicate.
pub fn part() -> TableDef {
    let [layout, kind, id] = labels();
    let columns = vec![
        replicate(),
        layout,
        month("month", "month of the event"),
        kind,
        id,
        text("event", "formed or dissolved"),
    ];
    let what = "one row per replicate, layout and structure event";
    TableDef::new(STRUCTURES, what, columns)
}

/// The table over all replicates.
pub fn paths() -> TableDef {
    let mut columns = labels().to_vec();
    columns.extend([
        month(
            "from_05",
            "month from which on it stands in at least 5 % of the replicates",
        ),
        month(
            "from_50",
            "first month since then in which it stands in at least 50 %; missing when there is none",
        ),
        month("from_95", "the same for 95 %"),
        month(
            "until",
            "first month since then in which it stands in fewer than 5 %; missing when it stands to the end",
        ),
    ]);
    let what = "one row per layout, structure, and time in which it stands in at least 5 % of the replicates";
    TableDef::new(PATHS, what, columns)
}

/// Makes the tables of replicates.
pub(super) struct StructureParts<'c> {
    comparison: &'c Comparison,
    names: Vec<Names>,
}

impl<'c> StructureParts<'c> {
    /// Of a comparison; `None` when places are not kept.
    pub(super) fn new(comparison: &'c Comparison) -> Option<Self> {
        comparison.every?;
        let sides = comparison.sides.iter();
        let names = sides.map(|side| Names::new(&side.world)).collect();
        Some(Self { comparison, names })
    }

    /// The table of a replicate.
    pub(super) fn table(&self, replicate: u32, observed: &[Observed]) -> TableData {
        let sides = self.comparison.sides.iter().zip(&self.names);
        let rows: Vec<_> = observed
            .iter()
            .zip(sides)
            .flat_map(|(one, (side, names))| one.structures.iter().map(move |e| (side, names, e)))
            .collect();
        let calendar = self.comparison.calendar();
        let event = |formed: bool| if formed { "formed" } else { "dissolved" };
        let columns = vec![
            Column::Int(vec![Some(i64::from(replicate)); rows.len()]),
            Column::text(rows.iter().map(|(side, ..)| Some(side.name.as_str()))),
            Column::Month(
                rows.iter()
                    .map(|(.., e)| Some(calendar.month(e.month).0))
                    .collect(),
            ),
            Column::text(
                rows.iter()
                    .map(|(_, names, e)| Some(names.words(e.shape).0)),
            ),
            Column::text(
                rows.iter()
                    .map(|(_, names, e)| Some(names.words(e.shape).1)),
            ),
            Column::text(rows.iter().map(|(.., e)| Some(event(e.formed)))),
        ];
        TableData::new(STRUCTURES, columns)
    }
}

/// A time in which a structure stands in at least 5 % of the replicates: since when in 5, 50 and 95 %, and when
/// it ends.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Spell {
    from: [Option<i32>; 3],
    until: Option<i32>,
}

/// The spells of a structure of which so many replicates more (or fewer) have it after a month, by month.
fn spells(changes: &BTreeMap<i32, i32>, replicates: i64) -> Vec<Spell> {
    let mut list: Vec<Spell> = Vec::new();
    let (mut standing, mut on) = (0i64, false);
    for (&month, &change) in changes {
        standing += i64::from(change);
        // In whole numbers: at least 5, 50 and 95 %.
        let reached = [1, 10, 19].map(|part| standing > 0 && 20 * standing >= part * replicates);
        if reached[0] && !on {
            list.push(Spell::default());
        }
        if let Some(spell) = list.last_mut().filter(|_| on || reached[0]) {
            for (from, reached) in spell.from.iter_mut().zip(reached) {
                if reached {
                    from.get_or_insert(month);
                }
            }
            if !reached[0] {
                spell.until = Some(month);
            }
        }
        on = reached[0];
    }
    list
}

/// The table over all replicates; `None` when places are not kept. The events of a replicate are added to
/// counts by month, so memory does not grow with the number of replicates.
///
/// # Errors
/// Parts that cannot be read.
pub(super) fn table(
    comparison: &Comparison,
    store: &Store,
    replicates: &[u32],
) -> Result<Option<TableData>, StoreError> {
    if comparison.every.is_none() {
        return Ok(None);
    }
    let sides: Vec<&str> = comparison.sides.iter().map(|s| s.name.as_str()).collect();
    let mut counts: BTreeMap<(usize, usize, String), BTreeMap<i32, i32>> = BTreeMap::new();
    let wanted = ["layout", "month", "kind", "id", "event"];
    for &replicate in replicates {
        let columns = store.part_columns(replicate, STRUCTURES, &wanted)?;
        let [layout, Column::Month(months), kind, id, event] = &columns[..] else {
            continue;
        };
        for (row, month) in months.iter().enumerate() {
            let text = |column: &Column| column.text_at(row).unwrap_or("").to_owned();
            let (layout, kind) = (text(layout), text(kind));
            let side = sides.iter().position(|name| *name == layout);
            let kind = KINDS.iter().position(|name| *name == kind);
            let (Some(side), Some(kind), Some(month)) = (side, kind, month) else {
                continue;
            };
            let changes = counts.entry((side, kind, text(id))).or_default();
            let formed = event.text_at(row) == Some("formed");
            *changes.entry(*month).or_default() += if formed { 1 } else { -1 };
        }
    }
    let mut rows = Vec::new();
    for (key, changes) in &counts {
        let spells = spells(changes, replicates.len() as i64);
        rows.extend(spells.into_iter().map(|spell| (key, spell)));
    }
    let from = |n: usize| Column::Month(rows.iter().map(|(_, spell)| spell.from[n]).collect());
    let columns = vec![
        Column::text(rows.iter().map(|((side, ..), _)| Some(sides[*side]))),
        Column::text(rows.iter().map(|((_, kind, _), _)| Some(KINDS[*kind]))),
        Column::text(rows.iter().map(|((.., id), _)| Some(id.as_str()))),
        from(0),
        from(1),
        from(2),
        Column::Month(rows.iter().map(|(_, spell)| spell.until).collect()),
    ];
    Ok(Some(TableData::new(PATHS, columns)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spells_are_those_of_their_shares() {
        let of = |changes: &[(i32, i32)], n| spells(&changes.iter().copied().collect(), n);
        let spell = |from, until| Spell { from, until };
        // 1, 10 and 19 of 20 are exactly 5, 50 and 95 %.
        assert_eq!(
            of(&[(3, 1), (5, 9), (8, 8), (9, 1)], 20),
            [spell([Some(3), Some(5), Some(9)], None)]
        );
        // It goes and comes again.
        assert_eq!(
            of(&[(1, 2), (4, -2), (6, 1)], 4),
            [
                spell([Some(1), Some(1), None], Some(4)),
                spell([Some(6), None, None], None)
            ]
        );
        // One of 21 is less than 5 %.
        assert_eq!(of(&[(1, 1)], 21), []);
        // Formed and dissolved in the same month is nothing.
        assert_eq!(of(&[(1, 0)], 1), []);
    }
}
