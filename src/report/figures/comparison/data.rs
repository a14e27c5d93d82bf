//! A comparison, gathered from its tables.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::measure::Outcome;
use crate::report::chart::{Colour, Key};
use crate::report::comparison::{ComparisonSummary, Effect, Point, Ranked, Tests};
use crate::report::table::{Table, is_there};
use crate::scenario::Month;
use crate::store::{Column, Manifest, StoreError, read_table_parts};
use crate::texts::say;

use super::super::names::Names;
use super::super::run::settled;
use super::super::run_data::{PlaceHistory, Spillovers, Structures, kept_measures, mean};

/// Those of some measures whose paths are shown.
pub(super) fn shown(measures: Vec<&'static Outcome>) -> Vec<&'static str> {
    let shown = measures.into_iter().filter(|measure| measure.compared);
    shown.map(|measure| measure.name).collect()
}

/// A path of differences: month, difference, lower and upper end of the band.
pub(super) type Response = Vec<(Month, f64, f64, f64)>;

/// Values of a measure, `[month][replicate]`.
pub(super) type Levels = Vec<Vec<f64>>;

/// A comparison, gathered from its tables. What is `None` was not kept.
#[derive(Clone, Debug, Default)]
pub struct ComparisonData {
    /// Name of the baseline.
    pub baseline: String,
    /// The outcome that was named beforehand.
    pub primary: Option<String>,
    /// Layouts compared with it, in order.
    pub layouts: Vec<String>,
    /// Pairs of replicates.
    pub replicates: usize,
    /// Effects of all outcomes and groups.
    pub effects: Option<Vec<Effect>>,
    /// Monthly responses by layout and outcome.
    pub responses: Option<BTreeMap<(String, String), Response>>,
    /// How likely each layout is best.
    pub ranking: Option<Vec<Ranked>>,
    /// Trade-off.
    pub pareto: Option<Vec<Point>>,
    /// Values by layout and measure.
    pub levels: Option<BTreeMap<(String, String), Levels>>,
    /// Places through time by layout.
    pub places: Option<BTreeMap<String, PlaceHistory>>,
    /// Structures by layout, their shares in parts of [`PARTS`].
    pub structures: Option<BTreeMap<String, Structures>>,
    /// Mean credit by source and target, of the main sources of each place, by layout.
    pub sources: Option<BTreeMap<String, Spillovers>>,
    /// First month of the run, where `levels` are.
    pub start: Option<Month>,
}

impl ComparisonData {
    /// Reads the tables that are there.
    ///
    /// # Errors
    /// Tables that are damaged, results that are not complete.
    pub fn read(dir: &Path, manifest: &Manifest) -> Result<Self, StoreError> {
        let there = |table| is_there(dir, manifest, table);
        let entry = manifest.comparison.as_ref();
        let mut data = Self {
            baseline: entry.map(|c| c.baseline.clone()).unwrap_or_default(),
            primary: entry.and_then(|c| c.derivation.primary.clone()),
            layouts: entry
                .map(|c| c.derivation.compared.clone())
                .unwrap_or_default(),
            replicates: manifest.replicates as usize,
            ..Self::default()
        };
        if there("effects") {
            data.effects = Some(ComparisonSummary::effects(&Table::read(dir, "effects")?));
        }
        if there("responses") {
            data.responses = Some(responses(&Table::read(dir, "responses")?));
        }
        if there("ranking") {
            data.ranking = Some(ComparisonSummary::ranking(dir)?);
        }
        if there("pareto") {
            data.pareto = Some(ComparisonSummary::pareto(dir)?);
        }
        if there("place_paths") {
            data.places = Some(places(&Table::read(dir, "place_paths")?));
        }
        if there("structure_paths") {
            let table = Table::read(dir, "structure_paths")?;
            // Earlier versions wrote the table in another form: their structures are told as not kept.
            let known = table.column("at_least").is_some();
            data.structures = known.then(|| structures(&table));
        }
        if there("main_sources") {
            data.sources = Some(sources(&Table::read(dir, "main_sources")?));
        }
        if there("national") {
            data.read_levels(dir)?;
        }
        Ok(data)
    }

    fn read_levels(&mut self, dir: &Path) -> Result<(), StoreError> {
        let measures = shown(kept_measures(dir)?);
        let mut columns = vec!["layout", "month"];
        columns.extend(&measures);
        let mut start: Option<i32> = None;
        let mut levels: BTreeMap<(String, String), Levels> = BTreeMap::new();
        read_table_parts(dir, "national", &columns, &mut |part| {
            let (Some(layout), Some(Column::Month(months))) = (part.first(), part.get(1)) else {
                return;
            };
            for (&measure, column) in measures.iter().zip(part.iter().skip(2)) {
                let Column::Float(values) = column else {
                    continue;
                };
                for (row, (month, value)) in months.iter().zip(values).enumerate() {
                    let Some(month) = month else { continue };
                    let t = (month - *start.get_or_insert(*month)).max(0) as usize;
                    let layout = layout.text_at(row).unwrap_or("").to_owned();
                    let all = levels.entry((layout, measure.to_owned())).or_default();
                    if all.len() <= t {
                        all.resize(t + 1, Vec::new());
                    }
                    all[t].push(*value);
                }
            }
        })?;
        self.start = start.map(Month);
        self.levels = Some(levels);
        Ok(())
    }

    /// The mean of a measure over the replicates of a layout, by month; empty when it was not kept.
    pub fn means(&self, layout: &str, measure: &str) -> Vec<f64> {
        let key = (layout.to_owned(), measure.to_owned());
        let values = self.levels.as_ref().and_then(|levels| levels.get(&key));
        values.map_or_else(Vec::new, |values| {
            values.iter().map(|of| mean(of)).collect()
        })
    }

    /// The month from which paths of inequality are drawn, and whether it is known when half of the places have
    /// something in all layouts (by the months of places that were kept).
    pub(super) fn settled(&self) -> (Option<Month>, bool) {
        let first = |months: &Response| months.first().map(|at| at.0);
        let paths = self.responses.iter().flat_map(|all| all.values());
        let start = self.start.or_else(|| paths.clone().filter_map(first).min());
        let levels = self
            .levels
            .iter()
            .flat_map(|all| all.values().map(Vec::len));
        let months = paths.map(Vec::len).chain(levels).max().unwrap_or(0);
        let half = |history: &PlaceHistory| {
            let enough = |stock: &Vec<f64>| {
                let some = stock.iter().filter(|stock| **stock > 0.0).count();
                2 * some >= stock.len()
            };
            let at = history.stock.iter().position(enough);
            at.map(|at| history.months[at])
        };
        match &self.places {
            None => (settled(start, months, start), false),
            Some(all) => {
                let covered: Option<Vec<Month>> = all.values().map(half).collect();
                let last = covered.and_then(|months| months.into_iter().max());
                (settled(start, months, last), true)
            }
        }
    }

    /// How many tests there are, in how many families.
    pub fn tests(&self) -> Tests {
        let tested = self.effects.iter().flatten().filter(|e| e.p_holm.is_some());
        Tests::of(tested.map(|e| (&e.outcome, &e.group_kind, &e.group, e.horizon)))
    }

    /// The colour of a layout; the baseline is grey everywhere.
    pub fn colour(&self, layout: &str) -> Colour {
        match self.layouts.iter().position(|known| known == layout) {
            Some(n) => Colour::Nth(n),
            None => Colour::Grey,
        }
    }

    /// The months at which outcomes are taken: those of `--horizon`, and the last of the run.
    pub fn horizons(&self) -> Vec<Month> {
        let all = self.effects.iter().flatten().filter_map(|e| e.horizon);
        all.collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// The last month at which outcomes are taken.
    pub fn horizon(&self) -> Option<Month> {
        self.horizons().last().copied()
    }

    /// The effect of a layout at a month, or on a month in which something first happens.
    pub fn effect_at(
        &self,
        layout: &str,
        outcome: &str,
        (kind, group): (&str, &str),
        at: Option<Month>,
    ) -> Option<&Effect> {
        self.effects.iter().flatten().find(|e| {
            e.layout == layout
                && e.outcome == outcome
                && e.group_kind == kind
                && e.group == group
                && (e.horizon == at || e.horizon.is_none())
        })
    }

    /// The layouts by their titles.
    pub(super) fn legend(&self, names: &Names, baseline: bool) -> Vec<Key> {
        let id = say!(names.lang, "baseline");
        let base = names.title(&self.baseline);
        let base = say!(names.lang, "explain-place", name = base, id);
        let grey = baseline.then(|| Key::new(base, Colour::Grey));
        let others = self
            .layouts
            .iter()
            .map(|name| Key::new(names.title(name), self.colour(name)));
        grey.into_iter().chain(others).collect()
    }
}

pub(super) fn responses(table: &Table) -> BTreeMap<(String, String), Response> {
    let mut all: BTreeMap<(String, String), Response> = BTreeMap::new();
    for row in 0..table.rows() {
        let text = |name| table.text(row, name).to_owned();
        let number = |name| table.number(row, name).unwrap_or(f64::NAN);
        if let Some(month) = table.month(row, "month") {
            let path = all.entry((text("layout"), text("outcome"))).or_default();
            path.push((
                month,
                number("difference"),
                number("sup_low"),
                number("sup_high"),
            ));
        }
    }
    all
}

/// The classes of `structure_paths` (0, 5, 50, 95 %) are so many parts of a whole.
pub const PARTS: usize = 20;

/// The structures of each layout. Rows are by layout, kind, id and month.
fn structures(table: &Table) -> BTreeMap<String, Structures> {
    let mut all: BTreeMap<String, Structures> = BTreeMap::new();
    for row in 0..table.rows() {
        let text = |name| table.text(row, name).to_owned();
        let (Some(month), Some(percent)) = (table.month(row, "month"), table.int(row, "at_least"))
        else {
            continue;
        };
        let of = all.entry(text("layout")).or_default();
        let changes = &mut of.entry((text("kind"), text("id"))).or_default().changes;
        let standing: i32 = changes.values().sum();
        let parts = percent.clamp(0, 100) as i32 * PARTS as i32 / 100;
        *changes.entry(month.0).or_default() += parts - standing;
    }
    all
}

/// The main sources of the places of each layout.
fn sources(table: &Table) -> BTreeMap<String, Spillovers> {
    let mut all: BTreeMap<String, Spillovers> = BTreeMap::new();
    for row in 0..table.rows() {
        let text = |name| table.text(row, name).to_owned();
        if let Some(credit) = table.number(row, "credit") {
            let of = all.entry(text("layout")).or_default();
            of.insert((text("source"), text("place")), credit);
        }
    }
    all
}

/// Of a layout: its places, and the numbers of the rows of each month.
type Rows = (BTreeSet<String>, BTreeMap<Month, Vec<usize>>);

/// The places of each layout.
pub(super) fn places(table: &Table) -> BTreeMap<String, PlaceHistory> {
    // A zone has rows from its opening on, so which places there are is known at the end.
    let mut rows: BTreeMap<String, Rows> = BTreeMap::new();
    for row in 0..table.rows() {
        let Some(month) = table.month(row, "month") else {
            continue;
        };
        let (places, months) = rows
            .entry(table.text(row, "layout").to_owned())
            .or_default();
        places.insert(table.text(row, "place").to_owned());
        months.entry(month).or_default().push(row);
    }
    let number = |row, name| table.number(row, name).unwrap_or(f64::NAN);
    let history = |(places, months): Rows| {
        let mut history = PlaceHistory {
            ids: places.into_iter().collect(),
            ..PlaceHistory::default()
        };
        let n = history.ids.len();
        for (month, rows) in months {
            let (mut stock, mut scale, mut sure) = (vec![0.0; n], vec![0; n], vec![0; n]);
            for row in rows {
                let place = table.text(row, "place");
                let Ok(at) = history.ids.binary_search_by(|id| id.as_str().cmp(place)) else {
                    continue;
                };
                stock[at] = table.number(row, "stock").unwrap_or(0.0);
                scale[at] = table.int(row, "scale").unwrap_or(0).clamp(0, 5) as u8;
                sure[at] = u8::from(number(row, "low") > 0.0 || number(row, "high") < 0.0);
            }
            history.months.push(month);
            history.stock.push(stock);
            history.scale.push(scale);
            history.sure.push(sure);
        }
        history
    };
    rows.into_iter()
        .map(|(layout, rows)| (layout, history(rows)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Also of zones, which have rows from their opening on.
    #[test]
    fn each_place_has_its_own_stock() {
        let folder = Path::new("results/alliance-layouts");
        let all = places(&Table::read(folder, "place_paths").unwrap());
        let mut reader = csv::Reader::from_path(folder.join("place_paths.csv")).unwrap();
        let (mut rows, mut late) = (0, 0);
        for row in reader.deserialize() {
            let row: BTreeMap<String, String> = row.unwrap();
            let history = &all[&row["layout"]];
            let month = history
                .months
                .iter()
                .position(|month| row["month"].starts_with(&month.to_string()));
            let place = history.ids.iter().position(|id| *id == row["place"]);
            let (month, place) = (month.unwrap(), place.unwrap());
            assert_eq!(
                history.stock[month][place],
                row["stock"].parse::<f64>().unwrap(),
                "{row:?}"
            );
            assert_eq!(
                history.scale[month][place].to_string(),
                row["scale"],
                "{row:?}"
            );
            rows += 1;
            late +=
                usize::from(history.stock[0][place] == 0.0 && history.stock[month][place] > 0.0);
        }
        let filled: usize = all
            .values()
            .map(|history| history.ids.len() * history.months.len())
            .sum();
        assert!(
            rows > 10_000 && rows < filled && late > 0,
            "{rows} of {filled}, {late}"
        );
    }
}
