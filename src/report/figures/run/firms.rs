//! What firms took up: through time, and by industry, size, area and domain.

use std::collections::BTreeMap;

use crate::measure::outcome::Figure as Drawn;
use crate::report::chart::{Axis, Chart, Colour, Mark, Panel, Row, Rows};
use crate::report::interval::Mean;
use crate::scenario::Scenario;
use crate::texts::say;

use super::super::firm_data::{BY, Taken, Uptake};
use super::super::names::Names;
use super::super::run_data::RunData;
use super::super::{Cell, Csv, Figure};
use super::growth::measures;
use super::within;

/// The figures of firms; none without them.
pub(super) fn firms(data: &RunData, scenario: Option<&Scenario>, names: &Names) -> Vec<Figure> {
    let lang = names.lang;
    let mut figures = Vec::new();
    let national = data.national.as_ref();
    if national.is_some_and(|national| national.contains_key("uptake")) {
        let title = say!(lang, "firms-title");
        let about = say!(lang, "firms-about");
        figures.push(measures(data, names, Drawn::Firms, "firms", (title, about)));
    }
    if data.uptake.is_some() {
        figures.push(by_group(data, scenario, names));
    }
    figures
}

fn by_group(data: &RunData, scenario: Option<&Scenario>, names: &Names) -> Figure {
    let lang = names.lang;
    let mut csv = Csv::new(&["by", "group", "month", "share", "low", "high", "firms"]);
    let mut rows = Vec::new();
    let month = data.uptake.as_ref().and_then(Uptake::middle);
    for (by, groups) in BY.iter().zip(data.uptake.iter().flat_map(|u| &u.by)) {
        let area = |region: &str| {
            let places = scenario.iter().flat_map(|scenario| &scenario.places);
            let place = places.into_iter().find(|place| place.id == region);
            place.map_or_else(String::new, |place| place.area.clone())
        };
        let label = |group: &str| match *by {
            "region" => area(group),
            _ => group.to_owned(),
        };
        let mut of: BTreeMap<String, BTreeMap<i64, Taken>> = BTreeMap::new();
        for (group, taken) in groups {
            let of = of.entry(label(group)).or_default();
            for ((when, replicate), taken) in taken {
                if Some(*when) == month {
                    of.entry(*replicate).or_default().add(*taken);
                }
            }
        }
        // Without the scenario it is not known which area a region is in.
        of.remove("");
        let by = if *by == "region" { "area" } else { *by };
        let mut some: Vec<(String, Row)> = of
            .iter()
            .filter_map(|(group, taken)| {
                let shares: Vec<f64> = taken.values().map(|taken| taken.share()).collect();
                let mean = Mean::of(&shares)?;
                let half = mean.half_width.unwrap_or(f64::NAN);
                let [low, high] = [mean.mean - half, mean.mean + half].map(|end| within(end, 0.0));
                // Each cell stands there once for each domain.
                let domains = if by == "domain" {
                    1
                } else {
                    groups_of(data, 3)
                };
                let firms = taken.values().map(|taken| taken.firms).sum::<f64>()
                    / taken.len() as f64
                    / domains.max(1) as f64;
                csv.row([
                    Cell::from(by),
                    group.as_str().into(),
                    month.into(),
                    mean.mean.into(),
                    low.into(),
                    high.into(),
                    firms.into(),
                ]);
                let row = Row {
                    label: names.firms(by, group),
                    marks: vec![Mark {
                        colour: Colour::Nth(0),
                        at: mean.mean,
                        low,
                        high,
                        hollow: false,
                    }],
                };
                Some((group.clone(), row))
            })
            .collect();
        if by == "size_class" {
            // By the bound that stands in the name, not by its letters.
            some.sort_by_key(|(group, _)| {
                group
                    .trim_start_matches(|c: char| !c.is_ascii_digit())
                    .parse::<u64>()
                    .unwrap_or(0)
            });
        } else {
            some.sort_by(|a, b| b.1.marks[0].at.total_cmp(&a.1.marks[0].at));
        }
        if some.is_empty() {
            continue;
        }
        rows.push(Row {
            label: match by {
                "industry" => say!(lang, "firms-by-industry"),
                "size_class" => say!(lang, "firms-by-size"),
                "area" => say!(lang, "firms-by-area"),
                _ => say!(lang, "firms-by-domain"),
            }
            .to_owned(),
            marks: Vec::new(),
        });
        rows.extend(some.into_iter().map(|(_, row)| row));
    }
    let at = month.map(|month| month.to_string()).unwrap_or_default();
    Figure {
        id: "uptake".to_owned(),
        title: say!(lang, "firms-which-title").to_owned(),
        caption: say!(lang, "firms-which-about", at, replicates = data.replicates),
        chart: Ok(Chart::plain(Panel::Rows(Rows {
            title: String::new(),
            x: Axis::share(say!(lang, "firms-which-axis")),
            rows,
            rule: None,
            centre: String::new(),
            bars: false,
        }))),
        data: csv,
    }
}

/// How many groups there are of a kind.
fn groups_of(data: &RunData, by: usize) -> usize {
    data.uptake.as_ref().map_or(0, |uptake| uptake.by[by].len())
}
