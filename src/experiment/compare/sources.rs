//! Where places heard of what they adopted, when places are kept: the spillovers of each replicate, and the
//! main sources of each place over all.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::experiment::tables::{float, int, replicate, text};
use crate::store::{Column, Store, StoreError, TableData, TableDef};

use super::Comparison;
use super::observe::Observed;
use super::parts::layout;

/// The table of what each replicate has.
const SPILLOVERS: &str = "spillovers";
/// The table over all replicates.
pub(super) const MAIN: &str = "main_sources";

/// How many sources of a place are kept.
const SOURCES: usize = 3;

/// The table of each replicate.
pub fn part() -> TableDef {
    let columns = vec![
        replicate(),
        layout(),
        text("source", "place that was heard"),
        text("target", "place that adopted"),
        float(
            "credit",
            "adoptions",
            "over the whole run; a target's credits add up to its adoptions less provincial and national credit",
        ),
    ];
    let what = "one row per replicate, layout, source and target with credit between them";
    TableDef::new(SPILLOVERS, what, columns)
}

/// The table over all replicates.
pub fn paths() -> TableDef {
    let columns = vec![
        layout(),
        text("place", "place that adopted"),
        int("rank", "", "1 for the source with the most credit, to 3"),
        text("source", "place that was heard"),
        float(
            "credit",
            "adoptions",
            "its credit over the whole run: mean over all replicates, 0 in those without any",
        ),
        float(
            "share",
            "share",
            "credit / that of all sources of the place",
        ),
    ];
    let what = "one row per layout, place and rank: the sources that it adopted most from";
    TableDef::new(MAIN, what, columns)
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

/// Makes the tables of replicates.
pub(super) struct SourceParts {
    layouts: Arc<Vec<String>>,
    ids: Arc<Vec<String>>,
    number: Vec<Vec<u32>>,
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
        })
    }

    /// The table of a replicate.
    pub(super) fn table(&self, replicate: u32, observed: &[Observed]) -> TableData {
        let rows = || {
            let sides = observed.iter().enumerate();
            sides.flat_map(|(side, one)| one.spillovers.iter().map(move |row| (side, row)))
        };
        let place = |(side, i): (usize, u32)| Some(self.number[side][i as usize]);
        let columns = vec![
            Column::Int(vec![Some(i64::from(replicate)); rows().count()]),
            Column::Text {
                codes: rows().map(|(side, _)| Some(side as u32)).collect(),
                ids: self.layouts.clone(),
            },
            Column::Text {
                codes: rows().map(|(side, row)| place((side, row.0))).collect(),
                ids: self.ids.clone(),
            },
            Column::Text {
                codes: rows().map(|(side, row)| place((side, row.1))).collect(),
                ids: self.ids.clone(),
            },
            Column::Float(rows().map(|(_, row)| row.2).collect()),
        ];
        TableData::new(SPILLOVERS, columns)
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
/// Parts that cannot be read.
pub(super) fn table(
    comparison: &Comparison,
    store: &Store,
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
        let columns = store.part_columns(replicate, SPILLOVERS, &wanted)?;
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
    let n = replicates.len() as f64;
    let rows: Vec<_> = of
        .iter()
        .flat_map(|(key, credits)| {
            let (list, all) = main_of(credits);
            let ranked = list.into_iter().zip(1i64..);
            ranked.map(move |((source, credit), rank)| (*key, rank, source, credit, all))
        })
        .collect();
    let name = |side: u32| Some(comparison.sides[side as usize].name.as_str());
    let id = |place: u32| Some(ids[place as usize].as_str());
    let columns = vec![
        Column::text(rows.iter().map(|row| name(row.0.0))),
        Column::text(rows.iter().map(|row| id(row.0.1))),
        Column::Int(rows.iter().map(|row| Some(row.1)).collect()),
        Column::text(rows.iter().map(|row| id(row.2))),
        Column::Float(rows.iter().map(|row| row.3 / n).collect()),
        Column::Float(rows.iter().map(|row| row.3 / row.4).collect()),
    ];
    Ok(Some(TableData::new(MAIN, columns)))
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
