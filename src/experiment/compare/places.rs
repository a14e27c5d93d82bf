//! Places of a comparison, when they are kept: what each replicate has, and their paths over all.

use std::collections::BTreeMap;

use crate::experiment::labels::{every_month, layout, replicate};
use crate::experiment::observe::Places;
use crate::experiment::standing::is_kept;
use crate::paired::t_quantile;
use crate::store::schema::{Field, Schema};
use crate::store::{Column, ColumnDef, Kept, StoreError, TableData, TableDef};
use crate::world::PlaceId;

use super::Comparison;
use super::observe::Observed;

/// The table of what each replicate has.
const PLACES: &str = "places";
/// The table of paths.
pub(super) const PATHS: &str = "place_paths";

/// What a row is about, the same for all replicates.
struct Labels {
    layout: Column,
    month: Column,
    place: Column,
}

impl Labels {
    fn new(comparison: &Comparison, keys: &[Key]) -> Self {
        let sides = &comparison.sides;
        let calendar = comparison.calendar();
        let name = |key: &Key| Some(sides[key.0].name.as_str());
        let place = |key: &Key| Some(sides[key.0].world.places.id[key.2].as_str());
        let month = |key: &Key| Some(calendar.month(key.1).0);
        Self {
            layout: Column::text(keys.iter().map(name)),
            month: Column::Month(keys.iter().map(month).collect()),
            place: Column::text(keys.iter().map(place)),
        }
    }
}

fn labels<'a, S: 'a>(every: u16, of: fn(&S) -> &Labels) -> [Field<'a, S>; 3] {
    [
        Field::new(layout(), move |s| of(s).layout.clone()),
        Field::new(every_month(every), move |s| of(s).month.clone()),
        Field::new(ColumnDef::text("place", "place id"), move |s| {
            of(s).place.clone()
        }),
    ]
}

const SCALE: &str = "0 none, 1 point (has an item or is an open zone), 2 line, 3 circle, 4 \
             axis, 5 plane";

/// The places of a layout in a replicate.
struct Part<'r> {
    replicate: u32,
    labels: &'r Labels,
    places: &'r Places,
}

/// The definition of the table of each layout and replicate.
pub fn part(every: u16) -> TableDef {
    part_schema(every).def()
}

fn part_schema<'r>(every: u16) -> Schema<'r, Part<'r>> {
    Schema::<Part<'r>>::new(
        PLACES,
        "one row per replicate, layout, month and place: regions, and zones from their opening on",
    )
    .column(replicate(), |s| {
        Column::Int(vec![Some(i64::from(s.replicate)); s.places.stock.len()])
    })
    .all(labels(every, |s: &Part<'r>| s.labels))
    .column(
        ColumnDef::float("stock", "quality", "sum_k q_k * adopted"),
        |s| Column::Float(s.places.stock.clone()),
    )
    .column(
        ColumnDef::int(
            "scale",
            "",
            &format!("highest scale the place is on: {SCALE}"),
        ),
        |s| {
            let scale = s.places.scale.iter();
            Column::Int(scale.map(|scale| Some(i64::from(*scale))).collect())
        },
    )
}

/// The paths of places over all replicates.
struct Paths<'r> {
    labels: &'r Labels,
    /// Of each row.
    sums: &'r [Sums],
    replicates: f64,
}

impl Paths<'_> {
    fn of(&self, value: impl Fn(&Sums) -> f64) -> Column {
        Column::Float(self.sums.iter().map(value).collect())
    }

    /// Missing without pairs.
    fn paired(&self, value: impl Fn(&Sums) -> f64) -> Column {
        self.of(|s| if s.pairs > 0 { value(s) } else { f64::NAN })
    }
}

/// The definition of the table over all replicates.
pub fn paths(every: u16) -> TableDef {
    paths_schema(every).def()
}

fn paths_schema<'r>(every: u16) -> Schema<'r, Paths<'r>> {
    Schema::<Paths<'r>>::new(
        PATHS,
        "one row per layout, month and place (regions, and zones from their opening \
             on): its path over all replicates",
    )
    .all(labels(every, |s: &Paths<'r>| s.labels))
    .column(
        ColumnDef::float("stock", "quality", "mean over the replicates"),
        |s| s.of(|sums| sums.stock / s.replicates),
    )
    .column(
        ColumnDef::int(
            "scale",
            "",
            &format!("median over the replicates (the lower of two middle ones): {SCALE}"),
        ),
        |s| Column::Int(s.sums.iter().map(|sums| Some(sums.scale())).collect()),
    )
    .column(
        ColumnDef::float(
            "difference",
            "quality",
            "mean paired difference of the stock from the baseline's; missing for \
             the baseline, and for a zone that has not opened there",
        ),
        |s| s.paired(|sums| sums.mean),
    )
    .column(
        ColumnDef::float(
            "low",
            "quality",
            "lower end of the 95 % t interval of difference",
        ),
        |s| s.paired(|sums| sums.mean - sums.half_width()),
    )
    .column(ColumnDef::float("high", "quality", "upper end"), |s| {
        s.paired(|sums| sums.mean + sums.half_width())
    })
}

/// A row: layout, month number, place.
type Key = (usize, u16, PlaceId);

/// The rows of a layout in a replicate, the same for all.
fn keys(comparison: &Comparison, side: usize, every: u16) -> impl Iterator<Item = Key> {
    let world = &comparison.sides[side].world;
    let months = (0..world.calendar.months).filter(move |t| is_kept(world, every, *t));
    months.flat_map(move |t| {
        let open = world.places.each();
        let open = open.filter(move |i| world.places.open[*i] <= t);
        open.map(move |i| (side, t, i))
    })
}

/// Makes the tables of a layout in a replicate.
pub(super) struct PlaceParts {
    /// By layout.
    labels: Vec<Labels>,
    every: u16,
}

impl PlaceParts {
    /// Of a comparison; `None` when places are not kept.
    pub(super) fn new(comparison: &Comparison) -> Option<Self> {
        let every = comparison.every?;
        let sides = 0..comparison.sides.len();
        let keys = sides.map(|side| keys(comparison, side, every).collect::<Vec<_>>());
        let labels = keys.map(|keys| Labels::new(comparison, &keys)).collect();
        Some(Self { labels, every })
    }

    /// The table of a layout in a replicate.
    pub(super) fn table(&self, side: usize, replicate: u32, observed: &Observed) -> TableData {
        part_schema(self.every).data(&mut Part {
            replicate,
            labels: &self.labels[side],
            places: &observed.places,
        })
    }
}

/// Sums over replicates of one row, so that memory does not grow with them.
#[derive(Clone, Default)]
struct Sums {
    stock: f64,
    scales: [u32; 6],
    pairs: u32,
    mean: f64,
    /// Sum of squared deviations from the mean (Welford 1962).
    squares: f64,
}

impl Sums {
    fn pair(&mut self, difference: f64) {
        self.pairs += 1;
        let step = difference - self.mean;
        self.mean += step / f64::from(self.pairs);
        self.squares += step * (difference - self.mean);
    }

    fn half_width(&self) -> f64 {
        if self.pairs < 2 {
            return f64::NAN;
        }
        let n = f64::from(self.pairs);
        t_quantile(n - 1.0) * (self.squares / (n - 1.0) / n).sqrt()
    }

    fn scale(&self) -> i64 {
        let all: u32 = self.scales.iter().sum();
        let mut so_far = 0;
        let reached = self.scales.iter().position(|count| {
            so_far += count;
            2 * so_far >= all
        });
        reached.unwrap_or(0) as i64
    }
}

/// The table of paths; `None` when places are not kept.
///
/// # Errors
/// What is kept and cannot be read.
pub(super) fn table(
    comparison: &Comparison,
    kept: &Kept<'_>,
    replicates: &[u32],
) -> Result<Option<TableData>, StoreError> {
    let Some(every) = comparison.every else {
        return Ok(None);
    };
    let sides = 0..comparison.sides.len();
    let keys: Vec<Key> = sides
        .flat_map(|side| keys(comparison, side, every))
        .collect();
    // Sides may have other places, so a place is found in the baseline by its id.
    let id = |key: &Key| comparison.sides[key.0].world.places.id[key.2].as_str();
    let baseline: BTreeMap<(u16, &str), usize> = keys
        .iter()
        .enumerate()
        .filter(|(_, key)| key.0 == 0)
        .map(|(row, key)| ((key.1, id(key)), row))
        .collect();
    let other: Vec<Option<usize>> = keys
        .iter()
        .map(|key| {
            (key.0 != 0)
                .then(|| baseline.get(&(key.1, id(key))).copied())
                .flatten()
        })
        .collect();
    let mut sums = vec![Sums::default(); keys.len()];
    for &replicate in replicates {
        let columns = kept.columns(replicate, PLACES, &["stock", "scale"])?;
        let [Column::Float(stock), Column::Int(scale)] = &columns[..] else {
            continue;
        };
        for (row, sums) in sums.iter_mut().enumerate() {
            let (Some(here), Some(scale)) = (stock.get(row), scale.get(row)) else {
                continue;
            };
            sums.stock += here;
            sums.scales[scale.unwrap_or(0).clamp(0, 5) as usize] += 1;
            if let Some(there) = other[row].and_then(|at| stock.get(at)) {
                sums.pair(here - there);
            }
        }
    }
    let labels = Labels::new(comparison, &keys);
    Ok(Some(paths_schema(every).data(&mut Paths {
        labels: &labels,
        sums: &sums,
        replicates: replicates.len().max(1) as f64,
    })))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_those_of_the_textbook() {
        let mut sums = Sums::default();
        [1.0, 2.0, 6.0].into_iter().for_each(|d| sums.pair(d));
        assert!((sums.mean - 3.0).abs() < 1e-12 && (sums.squares - 14.0).abs() < 1e-12);
        // t(2, 0.975) = 4.302653; standard error = sqrt(7 / 3).
        assert!((sums.half_width() - 4.302_653 * (7.0f64 / 3.0).sqrt()).abs() < 1e-5);
        sums.scales = [1, 0, 0, 1, 0, 0];
        assert_eq!(sums.scale(), 0);
        assert!(Sums::default().half_width().is_nan());
    }
}
