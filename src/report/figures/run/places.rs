//! The table of places.

use std::collections::BTreeMap;

use crate::scenario::Scenario;
use crate::texts::say;

use super::super::names::Names;
use super::super::run_data::{PlaceHistory, RunData};
use super::super::{Cell, Csv};

/// The table of places: stock at the end, the months of the scales, what they gave and took.
pub fn places_table(
    history: &PlaceHistory,
    data: &RunData,
    scenario: Option<&Scenario>,
    names: &Names,
) -> Csv {
    let lang = names.lang;
    let heads = [
        say!(lang, "places-id"),
        say!(lang, "places-name"),
        say!(lang, "places-province"),
        say!(lang, "places-stock"),
        say!(lang, "places-point"),
        say!(lang, "places-line"),
        say!(lang, "places-circle"),
        say!(lang, "places-axis"),
        say!(lang, "places-plane"),
        say!(lang, "places-given"),
        say!(lang, "places-taken"),
    ];
    let mut csv = Csv::new(&heads);
    let (mut given, mut taken): (BTreeMap<&str, f64>, BTreeMap<&str, f64>) = Default::default();
    for ((source, target), credit) in data.spillovers.iter().flatten() {
        *given.entry(source).or_default() += credit;
        *taken.entry(target).or_default() += credit;
    }
    let province: BTreeMap<&str, &str> = scenario
        .iter()
        .flat_map(|s| &s.places)
        .map(|p| (p.id.as_str(), p.province.as_str()))
        .collect();
    let last = history.stock.last();
    for (n, id) in history.ids.iter().enumerate() {
        let reached = history.reached.get(n).copied().unwrap_or_default();
        let rounded = |value: Option<f64>| Cell::from(value.map(|v| (v * 100.0).round() / 100.0));
        let mut cells = vec![
            Cell::from(id.as_str()),
            names.place(id).into(),
            names
                .province(province.get(id.as_str()).copied().unwrap_or(""))
                .into(),
            rounded(last.map(|stock| stock[n])),
        ];
        cells.extend(reached.map(Cell::from));
        cells.push(rounded(
            data.spillovers
                .as_ref()
                .map(|_| given.get(id.as_str()).copied().unwrap_or(0.0)),
        ));
        cells.push(rounded(
            data.spillovers
                .as_ref()
                .map(|_| taken.get(id.as_str()).copied().unwrap_or(0.0)),
        ));
        csv.row(cells);
    }
    csv
}
