//! S-curves, counts of structures, the timeline of the scales, inequality.

use crate::measure::catalogue::{self as registry, drawn};
use crate::measure::outcome::Figure as Drawn;
use crate::measure::{Outcome, Unit};
use crate::report::chart::{Axis, Chart, Colour, Curves, Key, Mark, Panel, Row, Rows, Series};
use crate::report::lang::year;
use crate::scenario::Month;
use crate::texts::{Words, say};

use super::super::names::Names;
use super::super::run_data::RunData;
use super::super::{Cell, Csv, Figure};
use super::{
    calendar, covered, curves_csv, later, luck, path, put, settled, since, sudden, without,
};

pub(super) fn measures(
    data: &RunData,
    names: &Names,
    figure: Drawn,
    id: &str,
    (title, about): (&str, &str),
) -> Figure {
    let mut csv = curves_csv();
    let (mut skipped, mut never) = (Vec::new(), Vec::new());
    let chart = match &data.national {
        None => Err(without("national")),
        Some(national) => {
            let mut panels = Vec::new();
            for measure in drawn(figure) {
                let Some(values) = national.get(measure.name) else {
                    continue;
                };
                let (line, band) = path(data, values);
                put(&mut csv, data, measure.name, values);
                let axis = names.lang.words(measure.axis);
                let y = match (measure.unit, figure) {
                    (Unit::Share, _) => Axis::share(axis),
                    (_, Drawn::Structures) => Axis::count(axis),
                    _ => Axis::new(axis),
                };
                let title = measure.figure.map_or(measure.label, |(_, title)| title);
                let ends = band.iter().flat_map(|at| [at.1, at.2]);
                if ends.chain(line.iter().map(|at| at.1)).all(|end| end == 0.0) {
                    never.push(names.lang.words(title));
                    continue;
                }
                if measure.unit == Unit::Share && sudden(&line) {
                    skipped.push(names.lang.words(title));
                    continue;
                }
                panels.push(Panel::Curves(Curves {
                    title: names.lang.words(title).to_owned(),
                    key: measure.name.to_owned(),
                    x: calendar(data),
                    y: y.starting(0.0),
                    series: vec![Series::line(Colour::Nth(0), line).with_band(band)],
                    rule: None,
                }));
            }
            Ok(Chart {
                legend: Vec::new(),
                panels,
            })
        }
    };
    Figure {
        id: id.to_owned(),
        title: title.to_owned(),
        caption: format!("{about} {}", luck(names, data.replicates))
            + &left_out(&skipped, &never, names),
        chart,
        data: csv,
    }
}

/// What a caption says of measures that are not drawn: as they go from nothing to all within a year, or stay at 0.
fn left_out(sudden: &[&str], never: &[&str], names: &Names) -> String {
    let lang = names.lang;
    let mut told = String::new();
    if !sudden.is_empty() {
        let list = sudden.join(say!(lang, "list-semicolon"));
        told += &say!(lang, "growth-sudden", list);
    }
    if !never.is_empty() {
        let list = never.join(say!(lang, "list-semicolon"));
        told += &say!(lang, "growth-never", list);
    }
    told
}

pub(super) fn timeline(data: &RunData, names: &Names) -> Figure {
    let lang = names.lang;
    let mut csv = Csv::new(&[
        "scale",
        "item",
        "replicates",
        "of",
        "earliest",
        "median",
        "latest",
    ]);
    let mut rows = Vec::new();
    let mut add = |label: String, kind: &str, item: &str, colour: usize, months: &[Month]| {
        let middle = months.get(months.len().saturating_sub(1) / 2).copied();
        csv.row([
            Cell::from(kind),
            item.into(),
            months.len().into(),
            data.replicates.into(),
            months.first().copied().into(),
            middle.into(),
            months.last().copied().into(),
        ]);
        let at = |month: Option<Month>| month.map_or(f64::NAN, year);
        let some = match months.len() {
            all if all == data.replicates => String::new(),
            some => format!(" ({some}/{})", data.replicates),
        };
        rows.push(Row {
            label: label + &some,
            marks: vec![Mark {
                colour: Colour::Nth(colour),
                at: at(middle),
                low: at(months.first().copied()),
                high: at(months.last().copied()),
                hollow: false,
            }],
        });
    };
    if let Some(national) = &data.national {
        let first = |measure: &str, enough: f64| -> Vec<Month> {
            let Some(values) = national.get(measure) else {
                return Vec::new();
            };
            let mut months: Vec<Month> = (0..data.replicates)
                .filter_map(|r| {
                    let reached = |at: &Vec<f64>| at.get(r).is_some_and(|v| *v >= enough);
                    values.iter().position(reached).map(|t| data.month(t))
                })
                .collect();
            months.sort_unstable();
            months
        };
        add(
            say!(lang, "formation-point").into(),
            "point",
            "",
            0,
            &first("points", 1.0),
        );
        add(
            say!(lang, "formation-half").into(),
            "half_covered",
            "",
            5,
            &first("coverage", 0.5),
        );
    }
    let of = |kind: &str, id: &str| -> Vec<Month> {
        let key = (kind.to_owned(), id.to_owned());
        data.first.get(&key).cloned().unwrap_or_default()
    };
    if data.structures.is_some() {
        add(
            say!(lang, "formation-line").into(),
            "line",
            "",
            5,
            &of("line", ""),
        );
        add(
            say!(lang, "formation-circle").into(),
            "circle",
            "",
            4,
            &of("circle", ""),
        );
        for (_, id) in data
            .first
            .keys()
            .filter(|(kind, id)| kind == "axis" && !id.is_empty())
        {
            let label = say!(lang, "formation-axis", corridor = names.corridor(id));
            add(label, "axis", id, 1, &of("axis", id));
        }
        if !data.first.contains_key(&("axis".to_owned(), String::new())) {
            add(
                say!(lang, "formation-first-axis").into(),
                "axis",
                "",
                1,
                &[],
            );
        }
        add(
            say!(lang, "formation-plane").into(),
            "plane",
            "",
            2,
            &of("plane", ""),
        );
    }
    let chart = if data.structures.is_none() || data.national.is_none() {
        let table = if data.structures.is_some() {
            "national"
        } else {
            "structures"
        };
        Err(without(table))
    } else {
        Ok(Chart::plain(Panel::Rows(Rows {
            title: String::new(),
            x: calendar(data).written(),
            rows,
            rule: None,
            bars: false,
        })))
    };
    Figure {
        id: "timeline".to_owned(),
        title: say!(lang, "formation-title").to_owned(),
        caption: say!(lang, "formation-about", replicates = data.replicates),
        chart,
        data: csv,
    }
}

pub(super) fn inequality(data: &RunData, names: &Names) -> Figure {
    let lang = names.lang;
    let words = |measure: &str, of: fn(&Outcome) -> Words| {
        registry::outcome(measure).map_or("", |measure| lang.words(of(measure)))
    };
    let label = |measure: &str| words(measure, |m| m.label);
    let axis = |measure: &str| words(measure, |m| m.axis);
    let title = |measure: &str| words(measure, |m| m.figure.map_or(m.label, |(_, title)| title));
    let from = settled(data.start, data.calendar_months(), covered(data));
    let mut csv = curves_csv();
    let chart = match &data.national {
        None => Err(without("national")),
        Some(national) => {
            let mut series = |measure: &str, colour: Colour| {
                let values = national.get(measure).map_or(&[][..], |v| v);
                put(&mut csv, data, measure, values);
                let (line, band) = path(data, values);
                let line = later(line, from, |p| p.0);
                Series::line(colour, line).with_band(later(band, from, |p| p.0))
            };
            let theil = vec![
                series("theil", Colour::Grey),
                series("theil_within", Colour::Nth(0)),
                series("theil_between", Colour::Nth(1)),
            ];
            let others =
                ["gini", "moran"].map(|measure| (measure, vec![series(measure, Colour::Nth(0))]));
            // Moran's I alone may be below 0.
            let panel = |measure: &str, key: &str, series| {
                Panel::Curves(Curves {
                    title: title(measure).to_owned(),
                    key: key.to_owned(),
                    x: calendar(data),
                    y: Axis {
                        from: (measure != "moran").then_some(0.0),
                        ..Axis::new(axis(measure))
                    },
                    series,
                    rule: Some(0.0),
                })
            };
            let mut panels = vec![panel("theil", "theil|theil_within|theil_between", theil)];
            panels.extend(others.map(|(measure, series)| panel(measure, measure, series)));
            Ok(Chart {
                legend: vec![
                    Key::new(label("theil"), Colour::Grey),
                    Key::new(title("theil_within"), Colour::Nth(0)),
                    Key::new(title("theil_between"), Colour::Nth(1)),
                ],
                panels,
            })
        }
    };
    Figure {
        id: "inequality".to_owned(),
        title: say!(lang, "growth-inequality-title").to_owned(),
        caption: luck(names, data.replicates)
            + say!(lang, "growth-inequality-sum")
            + &since(from, true, lang),
        chart,
        data: csv,
    }
}
