//! The sources to which adoptions are attributed, when places are kept: the spillovers of each replicate, and the
//! main sources of each place over all.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::experiment::labels::{layout, replicate};
use crate::experiment::observe::Spillover;
use crate::model::Mechanisms;
use crate::store::schema::Schema;
use crate::store::{Column, ColumnDef, Kept, StoreError, TableData, TableDef};
use crate::world::PlaceId;

use super::Comparison;
use super::observe::Observed;

/// The table of what each replicate has.
const SPILLOVERS: &str = "spillovers";
/// The table over all replicates.
pub(super) const MAIN: &str = "main_sources";

/// How many sources of a place are kept.
const SOURCES: usize = 3;

/// The spillovers of a layout in a replicate.
struct Part<'r> {
    replicate: u32,
    of: &'r SourceParts,
    /// Position of the layout.
    side: usize,
    rows: &'r [Spillover],
}

impl Part<'_> {
    fn places(&self, of: fn(&Spillover) -> PlaceId) -> Column {
        let number = |row: &Spillover| Some(self.of.number[self.side][of(row)]);
        Column::Text {
            codes: self.rows.iter().map(number).collect(),
            ids: self.of.ids.clone(),
        }
    }
}

/// The definition of the table of each replicate.
pub fn part(comparison: &Comparison) -> TableDef {
    part_schema(&unheard(comparison)).def()
}

/// The mechanisms that come from no source, of all layouts together.
fn unheard(comparison: &Comparison) -> String {
    let sides = comparison.sides.iter();
    let all = sides.map(|side| Mechanisms::new(&side.world).unheard());
    all.max_by_key(String::len).unwrap_or_default()
}

/// `unheard` names the mechanisms that come from no source.
fn part_schema<'r>(unheard: &str) -> Schema<'r, Part<'r>> {
    let what = "one row per replicate, layout, source and target with credit between them";
    let credit = format!(
        "over the whole run; a target's credits add up to its adoptions less {unheard} credit"
    );
    Schema::<Part<'r>>::new(SPILLOVERS, what)
        .column(replicate(), |s| {
            Column::Int(vec![Some(i64::from(s.replicate)); s.rows.len()])
        })
        .column(layout(), |s| Column::Text {
            codes: vec![Some(s.side as u32); s.rows.len()],
            ids: s.of.layouts.clone(),
        })
        .column(ColumnDef::text("source", "place that was heard"), |s| {
            s.places(|row| row.0)
        })
        .column(ColumnDef::text("target", "place that adopted"), |s| {
            s.places(|row| row.1)
        })
        .column(ColumnDef::float("credit", "adoptions", &credit), |s| {
            Column::Float(s.rows.iter().map(|row| row.2).collect())
        })
}

/// A main source of a place: a row of the table over all replicates.
struct Source<'r> {
    layout: &'r str,
    place: &'r str,
    rank: i64,
    source: &'r str,
    /// Over all replicates.
    credit: f64,
    /// That of all sources of the place.
    of_all: f64,
    replicates: f64,
}

/// The definition of the table over all replicates.
pub fn paths() -> TableDef {
    paths_schema().def()
}

fn paths_schema<'r>() -> Schema<'r, [Source<'r>]> {
    let what = "one row per layout, place and rank: the sources that it adopted most from";
    Schema::<[Source<'r>]>::new(MAIN, what)
        .text("layout", &layout().description, |r| Some(r.layout))
        .text("place", "place that adopted", |r| Some(r.place))
        .int(
            "rank",
            "",
            "1 for the source with the most credit, to 3",
            |r| Some(r.rank),
        )
        .text("source", "place that was heard", |r| Some(r.source))
        .float(
            "credit",
            "adoptions",
            "its credit over the whole run: mean over all replicates, 0 in those \
             without any",
            |r| r.credit / r.replicates,
        )
        .float(
            "share",
            "share",
            "credit / that of all sources of the place",
            |r| r.credit / r.of_all,
        )
}

/// The places of all layouts, those of the baseline first, each once.
struct AllPlaces {
    ids: Vec<String>,
    /// Number in `ids` of each place of each layout.
    number: Vec<Vec<u32>>,
}

impl AllPlaces {
    fn new(comparison: &Comparison) -> Self {
        let mut ids: Vec<String> = Vec::new();
        let mut known: BTreeMap<&str, u32> = BTreeMap::new();
        let number = comparison.sides.iter().map(|side| {
            let of = side.world.places.id.iter().map(|id| {
                *known.entry(id).or_insert_with(|| {
                    ids.push(id.clone());
                    ids.len() as u32 - 1
                })
            });
            of.collect()
        });
        let number = number.collect();
        Self { ids, number }
    }
}

/// Makes the tables of a layout in a replicate.
pub(super) struct SourceParts {
    layouts: Arc<Vec<String>>,
    ids: Arc<Vec<String>>,
    number: Vec<Vec<u32>>,
    unheard: String,
}

impl SourceParts {
    /// Of a comparison; `None` when places are not kept.
    pub(super) fn new(comparison: &Comparison) -> Option<Self> {
        comparison.every?;
        let AllPlaces { ids, number } = AllPlaces::new(comparison);
        let layouts = comparison.sides.iter().map(|side| side.name.clone());
        Some(Self {
            layouts: Arc::new(layouts.collect()),
            ids: Arc::new(ids),
            number,
            unheard: unheard(comparison),
        })
    }

    /// The table of a layout in a replicate.
    pub(super) fn table(&self, side: usize, replicate: u32, observed: &Observed) -> TableData {
        part_schema(&self.unheard).data(&mut Part {
            replicate,
            of: self,
            side,
            rows: &observed.spillovers,
        })
    }
}

/// The sources with the most credit, most first and those with equal credit in order, and the credit of all.
fn main_of(credits: &[(u32, f64)]) -> (Vec<(u32, f64)>, f64) {
    let all = credits.iter().map(|(_, credit)| credit).sum();
    let mut list = credits.to_vec();
    list.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    list.truncate(SOURCES);
    (list, all)
}

/// The table over all replicates; `None` when places are not kept. Credit is added up by layout, place and
/// source, so memory does not grow with the number of replicates.
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
    let AllPlaces { ids, .. } = AllPlaces::new(comparison);
    let places: BTreeMap<&str, u32> = ids.iter().map(String::as_str).zip(0..).collect();
    let sides = comparison.sides.iter().map(|side| side.name.as_str());
    let sides: BTreeMap<&str, u32> = sides.zip(0..).collect();
    // By layout, place and source.
    let mut sums: BTreeMap<(u32, u32, u32), f64> = BTreeMap::new();
    let wanted = ["layout", "target", "source", "credit"];
    for &replicate in replicates {
        let columns = kept.columns(replicate, SPILLOVERS, &wanted)?;
        let [layout, target, source, Column::Float(credits)] = &columns[..] else {
            continue;
        };
        let [layouts, targets, sources] =
            [(layout, &sides), (target, &places), (source, &places)].map(|(c, k)| numbers(c, k));
        for (row, credit) in credits.iter().enumerate() {
            if let (Some(side), Some(target), Some(source)) =
                (layouts[row], targets[row], sources[row])
            {
                *sums.entry((side, target, source)).or_default() += credit;
            }
        }
    }
    let mut of: BTreeMap<(u32, u32), Vec<(u32, f64)>> = BTreeMap::new();
    for ((side, target, source), credit) in sums {
        of.entry((side, target)).or_default().push((source, credit));
    }
    let replicates = replicates.len() as f64;
    let rows = of.iter().flat_map(|((side, place), credits)| {
        let (list, of_all) = main_of(credits);
        let ranked = list.into_iter().zip(1..);
        ranked.map(move |((source, credit), rank)| (*side, *place, rank, source, credit, of_all))
    });
    let rows = rows.map(|(side, place, rank, source, credit, of_all)| Source {
        layout: &comparison.sides[side as usize].name,
        place: &ids[place as usize],
        rank,
        source: &ids[source as usize],
        credit,
        of_all,
        replicates,
    });
    Ok(Some(paths_schema().data(&mut rows.collect::<Vec<_>>())))
}

/// The number of the text in each row.
fn numbers(column: &Column, known: &BTreeMap<&str, u32>) -> Vec<Option<u32>> {
    let Column::Text { codes, ids } = column else {
        return vec![None; column.len()];
    };
    // A part has few texts and many rows.
    let of: Vec<Option<u32>> = ids
        .iter()
        .map(|id| known.get(id.as_str()).copied())
        .collect();
    let at = |code: &Option<u32>| code.and_then(|code| of.get(code as usize).copied().flatten());
    codes.iter().map(at).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn main_sources_are_the_three_with_the_most_credit() {
        let (list, all) = main_of(&[(0, 1.0), (3, 4.0), (5, 2.0), (7, 4.0), (9, 0.5)]);
        assert_eq!(list, [(3, 4.0), (7, 4.0), (5, 2.0)]);
        assert_eq!(all, 11.5);
        assert_eq!(main_of(&[(2, 1.0)]).0, [(2, 1.0)]);
    }
}
