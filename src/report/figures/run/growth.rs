//! S-curves, counts of structures, the timeline of the scales, inequality.

use crate::measure::catalogue::{self as registry, drawn};
use crate::measure::outcome::Figure as Drawn;
use crate::measure::{Outcome, Unit, Words};
use crate::report::chart::{Axis, Chart, Colour, Curves, Key, Mark, Panel, Row, Rows, Series};
use crate::report::lang::{Lang, year};
use crate::scenario::Month;

use super::super::names::Names;
use super::super::run_data::RunData;
use super::super::{Cell, Csv, Figure};
use super::{calendar, covered, curves_csv, later, luck, path, put, settled, since, without};

pub(super) fn measures(
    data: &RunData,
    names: &Names,
    figure: Drawn,
    id: &str,
    (title, about): (&str, &str),
) -> Figure {
    let mut csv = curves_csv();
    let chart = match &data.national {
        None => Err(without(names, "national")),
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
        caption: format!("{about} {}", luck(names, data.replicates)),
        chart,
        data: csv,
    }
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
            lang.of("Point: first zone opens", "点：首个片区设立")
                .into(),
            "point",
            "",
            0,
            &first("points", 1.0),
        );
        add(
            lang.of("Half of places have an item", "半数地方采纳至少一项")
                .into(),
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
            lang.of("Line: first", "线：首条").into(),
            "line",
            "",
            5,
            &of("line", ""),
        );
        add(
            lang.of("Circle: first", "圈：首个").into(),
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
            let label = format!("{}{}", lang.of("Axis: ", "轴："), names.corridor(id));
            add(label, "axis", id, 1, &of("axis", id));
        }
        if !data.first.contains_key(&("axis".to_owned(), String::new())) {
            add(
                lang.of("Axis: first", "轴：首条").into(),
                "axis",
                "",
                1,
                &[],
            );
        }
        add(
            lang.of("Plane", "面").into(),
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
        Err(without(names, table))
    } else {
        Ok(Chart::plain(Panel::Rows(Rows {
            title: String::new(),
            x: calendar(data),
            rows,
            rule: None,
            bars: false,
        })))
    };
    Figure {
        id: "timeline".to_owned(),
        title: lang
            .of("When the five scales form", "五个尺度何时形成")
            .to_owned(),
        caption: match lang {
            Lang::En => format!(
                "Dot: median month over the replicates in which it formed; bar: earliest to latest of {} replicates. In brackets: in how many replicates it formed, where that is not all. A structure may dissolve and form again; this is its first month. The dates are those of the model with these parameters, not a forecast.",
                data.replicates
            ),
            Lang::Zh => format!(
                "圆点：在形成该结构的重复中月份的中位数；横条：{} 次重复中最早至最晚。括号内：并非全部重复都形成时的次数。结构可能消失后再形成，这里是首次。日期取决于模型与参数，不是预测。",
                data.replicates
            ),
        },
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
    let from = settled(data.start, data.months(), covered(data));
    let mut csv = curves_csv();
    let chart = match &data.national {
        None => Err(without(names, "national")),
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
        title: lang
            .of(
                "Inequality within and between areas",
                "区域内与区域间的不平等",
            )
            .to_owned(),
        caption: luck(names, data.replicates)
            + lang.of(
                " Theil's T is the sum of its parts within and between areas.",
                "泰尔指数等于区域内与区域间两部分之和。",
            )
            + &since(from, true, lang),
        chart,
        data: csv,
    }
}
