//! Structures of a comparison, when places are kept: the events of each replicate, and in which share of them
//! each structure stands from when on.

use std::collections::BTreeMap;

use crate::experiment::labels::{layout, replicate};
use crate::experiment::record::Names;
use crate::store::schema::Schema;
use crate::store::{Column, Kept, StoreError, TableData, TableDef};

use super::Comparison;
use super::observe::Observed;

/// The table of what each replicate has.
const STRUCTURES: &str = "structures";
/// The table over all replicates.
pub(super) const PATHS: &str = "structure_paths";

/// Kinds in the order of the table.
const KINDS: [&str; 4] = ["line", "circle", "axis", "plane"];

const KIND: &str = "line, circle, axis or plane";
const ID: &str = "two places joined by ~, zone, corridor, or plane";

/// An event of a replicate: a row of its table.
struct Event<'r> {
    replicate: u32,
    layout: &'r str,
    month: i32,
    kind: &'r str,
    id: &'r str,
    formed: bool,
}

/// The definition of the table of each replicate.
pub fn part() -> TableDef {
    part_schema().def()
}

fn part_schema<'r>() -> Schema<'r, [Event<'r>]> {
    let def = replicate();
    let what = "one row per replicate, layout and structure event";
    Schema::<[Event<'r>]>::new(STRUCTURES, what)
        .int(&def.name, &def.unit, &def.description, |r| {
            Some(i64::from(r.replicate))
        })
        .text("layout", &layout().description, |r| Some(r.layout))
        .month("month", "month of the event", |r| Some(r.month))
        .text("kind", KIND, |r| Some(r.kind))
        .text("id", ID, |r| Some(r.id))
        .text("event", "formed or dissolved", |r| {
            Some(if r.formed { "formed" } else { "dissolved" })
        })
}

/// A change of the class of a structure's share: a row of the table over all replicates.
struct Path<'r> {
    layout: &'r str,
    kind: &'static str,
    id: &'r str,
    month: i32,
    class: i64,
    standing: i64,
    replicates: i64,
}

/// The definition of the table over all replicates.
pub fn paths() -> TableDef {
    paths_schema().def()
}

fn paths_schema<'r>() -> Schema<'r, [Path<'r>]> {
    let what = "one row per layout, structure, and month in which the share of \
             replicates that have it changes its class";
    Schema::<[Path<'r>]>::new(PATHS, what)
        .text("layout", &layout().description, |r| Some(r.layout))
        .text("kind", KIND, |r| Some(r.kind))
        .text("id", ID, |r| Some(r.id))
        .month(
            "month",
            "month from which on it stands in this share",
            |r| Some(r.month),
        )
        .int(
            "at_least",
            "%",
            "class of the share, which holds until the next row of the structure: 0 \
             below 5 %, 5 from 5 to below 50 %, 50 from 50 to below 95 %, 95 from 95 \
             %",
            |r| Some(r.class),
        )
        .float(
            "share",
            "share",
            "replicates in which it stands at the end of this month / all; it may \
             change within the class without a row",
            |r| r.standing as f64 / r.replicates as f64,
        )
}

/// Makes the tables of a layout in a replicate.
pub(super) struct StructureParts {
    /// By layout.
    names: Vec<Names>,
}

impl StructureParts {
    /// Of a comparison; `None` when places are not kept.
    pub(super) fn new(comparison: &Comparison) -> Option<Self> {
        comparison.every?;
        let sides = comparison.sides.iter();
        let names = sides.map(|side| Names::new(&side.world)).collect();
        Some(Self { names })
    }

    /// The table of a layout in a replicate.
    pub(super) fn table(
        &self,
        comparison: &Comparison,
        side: usize,
        replicate: u32,
        observed: &Observed,
    ) -> TableData {
        let names = &self.names[side];
        let calendar = comparison.calendar();
        let rows = observed.structures.iter().map(|event| {
            let (kind, id) = names.words(event.shape);
            Event {
                replicate,
                layout: &comparison.sides[side].name,
                month: calendar.month(event.month).0,
                kind,
                id,
                formed: event.formed,
            }
        });
        part_schema().data(&mut rows.collect::<Vec<_>>())
    }
}

/// Least shares of the classes, in parts of 20: 5, 50 and 95 %.
const LEAST: [i64; 3] = [1, 10, 19];

/// The class of a share, as its least per cent: in whole numbers, so that no rounding moves a boundary.
fn class(standing: i64, replicates: i64) -> i64 {
    let reached = |part: &&i64| standing > 0 && 20 * standing >= **part * replicates;
    LEAST.iter().rfind(reached).map_or(0, |part| 5 * part)
}

/// The months in which the share of a structure changes its class, of which so many replicates more (or fewer)
/// have it after a month: month, class, replicates that have it then.
fn steps(changes: &BTreeMap<i32, i32>, replicates: i64) -> Vec<(i32, i64, i64)> {
    let mut list = Vec::new();
    let (mut standing, mut before) = (0i64, 0);
    for (&month, &change) in changes {
        standing += i64::from(change);
        let class = class(standing, replicates);
        if class != before {
            list.push((month, class, standing));
        }
        before = class;
    }
    list
}

/// The table over all replicates; `None` when places are not kept. The events of a replicate are added to
/// counts by month, so memory does not grow with the number of replicates.
///
/// # Errors
/// What is kept and cannot be read.
pub(super) fn table(
    comparison: &Comparison,
    kept: &Kept<'_>,
    replicates: &[u32],
) -> Result<Option<TableData>, StoreError> {
    if comparison.every.is_none() {
        return Ok(None);
    }
    let sides: Vec<&str> = comparison.sides.iter().map(|s| s.name.as_str()).collect();
    let sides = &sides;
    let mut counts: BTreeMap<(usize, usize, String), BTreeMap<i32, i32>> = BTreeMap::new();
    let wanted = ["layout", "month", "kind", "id", "event"];
    for &replicate in replicates {
        let columns = kept.columns(replicate, STRUCTURES, &wanted)?;
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
    let n = replicates.len() as i64;
    let rows = counts.iter().flat_map(|((side, kind, id), changes)| {
        let of = move |(month, class, standing)| Path {
            layout: sides[*side],
            kind: KINDS[*kind],
            id,
            month,
            class,
            standing,
            replicates: n,
        };
        steps(changes, n).into_iter().map(of)
    });
    Ok(Some(paths_schema().data(&mut rows.collect::<Vec<_>>())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_the_changes_of_class() {
        let of = |changes: &[(i32, i32)], n| steps(&changes.iter().copied().collect(), n);
        // 1, 10 and 19 of 20 are exactly 5, 50 and 95 %; 9 and 18 are not yet the next class.
        assert_eq!(
            of(&[(3, 1), (4, 8), (5, 1), (8, 8), (9, 1), (10, 1)], 20),
            [(3, 5, 1), (5, 50, 10), (9, 95, 19)]
        );
        // In some replicates it dissolves, in all, and it comes back: every class is told when it holds.
        assert_eq!(
            of(&[(1, 12), (4, -3), (6, -8), (7, -1), (9, 2), (12, 18)], 20),
            [(1, 50, 12), (4, 5, 9), (7, 0, 0), (9, 5, 2), (12, 95, 20)]
        );
        // Down through two boundaries in one month; one of 21 is less than 5 %.
        assert_eq!(of(&[(1, 21), (2, -20)], 21), [(1, 95, 21), (2, 0, 1)]);
        assert_eq!(of(&[(1, 1)], 21), []);
        // Formed and dissolved in the same month is nothing.
        assert_eq!(of(&[(1, 0)], 1), []);
    }
}
