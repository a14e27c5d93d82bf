//! What a report needs of a run, gathered from its tables in one pass each. Memory does not grow with the
//! rows of the large tables, only with places, months and replicates.

use std::collections::BTreeMap;
use std::path::Path;

use super::firm_data::Uptake;
use crate::measure::{Outcome, measures};
use crate::report::table::{begins, is_there, months_of, steps_of};
use crate::scenario::Month;
use crate::store::{Column, Manifest, StoreError, read_defs, read_table_parts};

/// A run. What is `None` was not kept.
#[derive(Clone, Debug, Default)]
pub struct RunData {
    /// First month.
    pub start: Option<Month>,
    /// Calendar months of a step; 0 stands for one.
    pub step: i32,
    /// Replicates.
    pub replicates: usize,
    /// Values by measure: `[month][replicate]`.
    pub national: Option<BTreeMap<&'static str, Vec<Vec<f64>>>>,
    /// Places through time.
    pub places: Option<PlaceHistory>,
    /// Structures by kind and id.
    pub structures: Option<Structures>,
    /// Months in which each kind (and each axis) first forms, one per replicate that has it.
    pub first: BTreeMap<(String, String), Vec<Month>>,
    /// Mean credit by source and target.
    pub spillovers: Option<Spillovers>,
    /// Credit by mechanism and year, one value per replicate.
    pub credit: Option<BTreeMap<String, BTreeMap<i64, Vec<f64>>>>,
    /// What firms took up.
    pub uptake: Option<Uptake>,
}

/// Places at the months that were kept.
#[derive(Clone, Debug, Default)]
pub struct PlaceHistory {
    /// Ids in the order of the table.
    pub ids: Vec<String>,
    /// The months that were kept.
    pub months: Vec<Month>,
    /// Mean stock over replicates, `[month][place]`.
    pub stock: Vec<Vec<f64>>,
    /// Median scale over replicates (the lower of two middle ones), `[month][place]`.
    pub scale: Vec<Vec<u8>>,
    /// Comparisons only: 1 where the interval of the difference leaves out 0, `[month][place]`.
    pub sure: Vec<Vec<u8>>,
    /// Median month in which each scale 1 to 5 is first seen, over the replicates that reach it, when at least
    /// half of them do: `[place][scale − 1]`.
    pub reached: Vec<[Option<Month>; 5]>,
    /// Stock in the last month, `[replicate][place]`.
    pub last: Vec<Vec<f64>>,
}

/// Structures by kind and id.
pub type Structures = BTreeMap<(String, String), Shares>;

/// Mean credit over replicates by source and target.
pub type Spillovers = BTreeMap<(String, String), f64>;

/// In which share of the replicates a structure stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shares {
    /// Replicates more (formed) or fewer (dissolved) in a month, by month.
    pub changes: BTreeMap<i32, i32>,
}

/// The monthly measures that the table `national` in `dir` has.
///
/// # Errors
/// A folder whose columns cannot be read.
pub fn kept_measures(dir: &Path) -> Result<Vec<&'static Outcome>, StoreError> {
    let defs = read_defs(dir)?;
    let national = defs.iter().filter(|def| def.name == "national");
    let columns: Vec<_> = national.flat_map(|def| &def.columns).collect();
    let there = |measure: &&Outcome| columns.iter().any(|column| column.name == measure.name);
    Ok(measures(true).into_iter().filter(there).collect())
}

impl RunData {
    /// Reads the tables that are there.
    ///
    /// # Errors
    /// Tables that are damaged, results that are not complete.
    pub fn read(dir: &Path, manifest: &Manifest) -> Result<Self, StoreError> {
        let mut data = Self {
            replicates: manifest.replicates as usize,
            ..Self::default()
        };
        if is_there(dir, manifest, "national") {
            data.read_national(dir)?;
        }
        if is_there(dir, manifest, "places") {
            data.places = Some(places(dir, data.replicates)?);
        }
        if is_there(dir, manifest, "structures") {
            data.read_structures(dir)?;
        }
        if is_there(dir, manifest, "spillovers") {
            data.spillovers = Some(spillovers(dir, data.replicates)?);
        }
        if is_there(dir, manifest, "uptake") {
            data.uptake = Some(Uptake::read(dir)?);
        }
        if is_there(dir, manifest, "credit") {
            data.credit = Some(credit(dir)?);
        }
        Ok(data)
    }

    /// Calendar month of a position in [`RunData::national`].
    pub fn month(&self, t: usize) -> Month {
        Month(self.start.map_or(0, |start| start.0) + t as i32 * self.step.max(1))
    }

    /// The same as tables write it: a month, a quarter or a year.
    pub fn name(&self, t: usize) -> String {
        let month = self.month(t);
        match self.step {
            12 => month.year().to_string(),
            3 => format!("{}-Q{}", month.year(), (month.month() - 1) / 3 + 1),
            _ => month.to_string(),
        }
    }

    /// Calendar months of the run.
    pub fn calendar_months(&self) -> usize {
        self.months() * self.step.max(1) as usize
    }

    /// Number of steps.
    pub fn months(&self) -> usize {
        let values = self.national.as_ref().and_then(|n| n.values().next());
        values.map_or(0, Vec::len)
    }

    /// The mean of a measure over the replicates, by month; empty when it was not kept.
    pub fn means(&self, measure: &str) -> Vec<f64> {
        let values = self.national.as_ref().and_then(|all| all.get(measure));
        values.map_or_else(Vec::new, |values| {
            values.iter().map(|of| mean(of)).collect()
        })
    }

    fn read_national(&mut self, dir: &Path) -> Result<(), StoreError> {
        let drawn = kept_measures(dir)?.into_iter();
        let drawn = drawn.filter(|measure| measure.figure.is_some());
        let measures: Vec<&'static str> = drawn.map(|measure| measure.name).collect();
        let mut columns = vec!["replicate", steps_of(dir, "national")];
        columns.extend(&measures);
        let (mut start, mut step) = (None, 1);
        let mut values: BTreeMap<&'static str, Vec<Vec<f64>>> = BTreeMap::new();
        read_table_parts(dir, "national", &columns, &mut |part| {
            let Some(steps) = part.get(1) else {
                return;
            };
            step = months_of(steps);
            for (&measure, column) in measures.iter().zip(part.iter().skip(2)) {
                let all = values.entry(measure).or_default();
                for row in 0..steps.len() {
                    let Some(month) = begins(steps, row) else {
                        continue;
                    };
                    // Rows are in replicate order and begin with the first month.
                    let start = *start.get_or_insert(month);
                    let t = ((month - start).max(0) / step) as usize;
                    if all.len() <= t {
                        all.resize(t + 1, Vec::new());
                    }
                    all[t].push(number(column, row));
                }
            }
        })?;
        (self.start, self.step) = (start.map(Month), step);
        self.national = Some(values);
        Ok(())
    }

    fn read_structures(&mut self, dir: &Path) -> Result<(), StoreError> {
        let columns = [
            "replicate",
            steps_of(dir, "structures"),
            "kind",
            "id",
            "event",
        ];
        let mut shares = Structures::new();
        let mut first: BTreeMap<(String, String), BTreeMap<i64, i32>> = BTreeMap::new();
        read_table_parts(dir, "structures", &columns, &mut |part| {
            let [Column::Int(replicate), steps, kind, id, event] = part else {
                return;
            };
            for (row, replicate) in replicate.iter().enumerate() {
                let (Some(replicate), Some(month)) = (replicate, begins(steps, row)) else {
                    continue;
                };
                let text = |column: &Column| column.text_at(row).unwrap_or("").to_owned();
                let (kind, id, formed) = (text(kind), text(id), text(event) == "formed");
                let one = shares.entry((kind.clone(), id.clone())).or_default();
                *one.changes.entry(month).or_default() += if formed { 1 } else { -1 };
                if formed {
                    let mut note = |id: String| {
                        let by = first.entry((kind.clone(), id)).or_default();
                        let known = by.entry(*replicate).or_insert(month);
                        *known = (*known).min(month);
                    };
                    if kind == "axis" {
                        note(id);
                    }
                    note(String::new());
                }
            }
        })?;
        self.structures = Some(shares);
        self.first = first
            .into_iter()
            .map(|(key, by)| {
                let mut months: Vec<Month> = by.into_values().map(Month).collect();
                months.sort_unstable();
                (key, months)
            })
            .collect();
        Ok(())
    }
}

/// The mean of values.
pub(super) fn mean(of: &[f64]) -> f64 {
    of.iter().sum::<f64>() / of.len().max(1) as f64
}

fn number(column: &Column, row: usize) -> f64 {
    match column {
        Column::Float(values) => values.get(row).copied().unwrap_or(f64::NAN),
        Column::Int(values) => {
            let value = values.get(row).copied().flatten();
            value.map_or(f64::NAN, |value| value as f64)
        }
        _ => f64::NAN,
    }
}

/// Where ids stand in a list that grows as they appear.
#[derive(Default)]
struct Positions(BTreeMap<String, usize>);

impl Positions {
    fn of(&mut self, id: &str) -> usize {
        if let Some(&at) = self.0.get(id) {
            return at;
        }
        let at = self.0.len();
        self.0.insert(id.to_owned(), at);
        at
    }

    fn into_list(self) -> Vec<String> {
        let mut list = vec![String::new(); self.0.len()];
        for (id, at) in self.0 {
            list[at] = id;
        }
        list
    }
}

fn places(dir: &Path, replicates: usize) -> Result<PlaceHistory, StoreError> {
    let columns = [
        "replicate",
        steps_of(dir, "places"),
        "place",
        "stock",
        "scale",
    ];
    let mut ids = Positions::default();
    // By month: sums of stocks, and how many replicates have a place on each scale.
    let mut by_month: BTreeMap<i32, (Vec<f64>, Vec<[u32; 6]>)> = BTreeMap::new();
    // By place and scale: the month of each replicate that has reached it, the present replicate last.
    let mut reached: Vec<[Vec<(i64, i32)>; 5]> = Vec::new();
    let mut last: BTreeMap<i64, (i32, Vec<f64>)> = BTreeMap::new();
    read_table_parts(dir, "places", &columns, &mut |part| {
        let [
            Column::Int(replicate),
            steps,
            place,
            Column::Float(stock),
            Column::Int(scale),
        ] = part
        else {
            return;
        };
        for row in 0..stock.len() {
            let (Some(replicate), Some(month)) = (replicate[row], begins(steps, row)) else {
                continue;
            };
            let at = ids.of(place.text_at(row).unwrap_or(""));
            let scale = scale[row].unwrap_or(0).clamp(0, 5) as usize;
            let (stocks, scales) = by_month.entry(month).or_default();
            if stocks.len() <= at {
                stocks.resize(at + 1, 0.0);
                scales.resize(at + 1, [0; 6]);
            }
            stocks[at] += stock[row];
            scales[at][scale] += 1;
            if reached.len() <= at {
                reached.resize_with(at + 1, Default::default);
            }
            for reached in reached[at].iter_mut().take(scale) {
                if reached.last().map(|(of, _)| *of) != Some(replicate) {
                    reached.push((replicate, month));
                }
            }
            let (when, stocks) = last.entry(replicate).or_default();
            *when = month;
            if stocks.len() <= at {
                stocks.resize(at + 1, 0.0);
            }
            stocks[at] = stock[row];
        }
    })?;
    let ids = ids.into_list();
    let count = replicates.max(1) as f64;
    let mut history = PlaceHistory {
        months: by_month.keys().copied().map(Month).collect(),
        ..PlaceHistory::default()
    };
    for (mut stocks, mut scales) in by_month.into_values() {
        stocks.resize(ids.len(), 0.0);
        scales.resize(ids.len(), [0; 6]);
        stocks.iter_mut().for_each(|stock| *stock /= count);
        history.stock.push(stocks);
        history
            .scale
            .push(scales.iter().map(median_scale).collect());
    }
    let half = replicates.div_ceil(2);
    history.reached = reached
        .into_iter()
        .map(|by_scale| {
            by_scale.map(|months| {
                let mut months: Vec<i32> = months.into_iter().map(|(_, month)| month).collect();
                months.sort_unstable();
                let enough = !months.is_empty() && months.len() >= half;
                enough.then(|| Month(months[(months.len() - 1) / 2]))
            })
        })
        .collect();
    history.last = last
        .into_values()
        .map(|(_, mut stocks)| {
            stocks.resize(ids.len(), 0.0);
            stocks
        })
        .collect();
    history.ids = ids;
    Ok(history)
}

/// The lower of the two middle scales.
fn median_scale(counts: &[u32; 6]) -> u8 {
    let all: u32 = counts.iter().sum();
    let mut so_far = 0;
    for (scale, count) in counts.iter().enumerate() {
        so_far += count;
        if 2 * so_far >= all {
            return scale as u8;
        }
    }
    0
}

fn spillovers(
    dir: &Path,
    replicates: usize,
) -> Result<BTreeMap<(String, String), f64>, StoreError> {
    let mut all: BTreeMap<(String, String), f64> = BTreeMap::new();
    let columns = ["source", "target", "credit"];
    read_table_parts(dir, "spillovers", &columns, &mut |part| {
        let [source, target, Column::Float(credit)] = part else {
            return;
        };
        for (row, credit) in credit.iter().enumerate() {
            let text = |column: &Column| column.text_at(row).unwrap_or("").to_owned();
            *all.entry((text(source), text(target))).or_default() += credit;
        }
    })?;
    let count = replicates.max(1) as f64;
    all.values_mut().for_each(|credit| *credit /= count);
    Ok(all)
}

fn credit(dir: &Path) -> Result<BTreeMap<String, BTreeMap<i64, Vec<f64>>>, StoreError> {
    let mut all: BTreeMap<String, BTreeMap<i64, Vec<f64>>> = BTreeMap::new();
    let columns = ["year", "mechanism", "credit"];
    read_table_parts(dir, "credit", &columns, &mut |part| {
        let [Column::Int(year), mechanism, Column::Float(credit)] = part else {
            return;
        };
        for (row, (year, credit)) in year.iter().zip(credit).enumerate() {
            let name = mechanism.text_at(row).unwrap_or("").to_owned();
            let by_year = all.entry(name).or_default();
            by_year.entry(year.unwrap_or(0)).or_default().push(*credit);
        }
    })?;
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_scale_is_the_lower_middle_one() {
        assert_eq!(median_scale(&[1, 0, 0, 0, 0, 1]), 0);
        assert_eq!(median_scale(&[1, 0, 2, 0, 0, 0]), 2);
        assert_eq!(median_scale(&[0, 0, 0, 0, 0, 3]), 5);
    }
}
