//! The figures of a sweep over parameters: indices with intervals, and what each parameter moves.

use std::path::Path;

use crate::experiment::sweep::summary::Swept;
use crate::report::chart::{Axis, Chart, Colour, Key, Mark, Panel, Row, Rows, Scatter};
use crate::report::lang::Lang;
use crate::store::{Folder, SUMMARY, StoreError};
use crate::texts::say;

use super::comparison::axis_word;
use super::curves::{Overall, ResponseCurve, curves, response_curves};
use super::question::Question;
use super::{Cell, Csv, Figure};

/// An index of a parameter for an outcome of a layout, with its interval.
#[derive(Clone, Debug, PartialEq)]
pub struct Index {
    /// What it is about.
    pub of: Question,
    /// Parameter.
    pub parameter: String,
    /// Values with their intervals, NaN where there are none.
    pub values: Vec<[f64; 3]>,
}

/// The tables of a sweep. What is empty is not there.
#[derive(Clone, Debug, Default)]
pub struct SweepData {
    /// First-order and total indices of Sobol.
    pub sobol: Vec<Index>,
    /// Elementary effects of Morris: mu*, sigma.
    pub morris: Vec<Index>,
    /// Standardised regression and partial rank correlation.
    pub regression: Vec<Index>,
    /// Outcomes at the low and the high value, and the swing between them.
    pub tornado: Vec<Index>,
    /// Outcomes against each parameter.
    pub curves: Vec<ResponseCurve>,
    /// What is true over all points.
    pub overall: Vec<Overall>,
    /// Design.
    pub design: String,
    /// Distinct points.
    pub points: u64,
    /// Parameters that are varied.
    pub parameters: usize,
    /// Layouts.
    pub layouts: usize,
    /// Replicates of each point and layout.
    pub replicates: u32,
}

impl SweepData {
    /// Reads the tables that are there: those of the folder `summary`, and the outcomes.
    ///
    /// # Errors
    /// A table that is damaged or lacks a column.
    pub fn read(dir: &Path, folder: &Folder, swept: Swept<'_>) -> Result<Self, StoreError> {
        let summary = dir.join(SUMMARY);
        let table = |file: &str, columns: &[[&str; 3]]| {
            let path = summary.join(file);
            read(&path, columns).map_err(|why| StoreError::Damaged { path, why })
        };
        let (curves, overall) = curves(dir, folder, swept)?;
        Ok(Self {
            design: swept.sweep.design.clone(),
            points: folder.manifest().points,
            parameters: swept.sweep.parameters.len(),
            layouts: swept.layouts.len(),
            replicates: folder.manifest().replicates,
            curves,
            overall,
            sobol: table(
                "sobol.csv",
                &[
                    ["first", "first_low", "first_high"],
                    ["total", "total_low", "total_high"],
                ],
            )?,
            morris: table(
                "morris.csv",
                &[
                    ["mu_star", "mu_star_low", "mu_star_high"],
                    ["sigma", "", ""],
                ],
            )?,
            regression: table(
                "regression.csv",
                &[
                    ["src", "src_low", "src_high"],
                    ["prcc", "prcc_low", "prcc_high"],
                ],
            )?,
            tornado: table(
                "tornado.csv",
                &[
                    ["outcome_at_low", "", ""],
                    ["outcome_at_high", "", ""],
                    ["swing", "swing_low", "swing_high"],
                ],
            )?,
        })
    }
}

/// The parameter that matters most for the first outcome, by a measure of a table: outcome, parameter, value
/// and interval.
fn strongest(list: &[Index], measure: usize, lang: Lang) -> Option<(String, &str, [f64; 3])> {
    let first = &list.first()?.of;
    let of = list.iter().filter(|index| index.of == *first);
    let known = of.filter(|index| index.values[measure][0].is_finite());
    let size = |index: &Index| index.values[measure][0].abs();
    let best = known.max_by(|a, b| size(a).total_cmp(&size(b)))?;
    Some((first.words(lang), &best.parameter, best.values[measure]))
}

impl SweepData {
    /// By total index of Sobol.
    pub fn by_variance(&self, lang: Lang) -> Option<(String, &str, [f64; 3])> {
        strongest(&self.sobol, 1, lang)
    }

    /// By elementary effects.
    pub fn by_effects(&self, lang: Lang) -> Option<(String, &str, [f64; 3])> {
        strongest(&self.morris, 0, lang)
    }

    /// By the swing between low and high values.
    pub fn by_swing(&self, lang: Lang) -> Option<(String, &str, [f64; 3])> {
        strongest(&self.tornado, 2, lang)
    }

    /// By standardised regression.
    pub fn by_regression(&self, lang: Lang) -> Option<(String, &str, [f64; 3])> {
        strongest(&self.regression, 0, lang)
    }
}

fn read(path: &Path, columns: &[[&str; 3]]) -> Result<Vec<Index>, String> {
    if !path.is_file() {
        return Ok(Vec::new());
    }
    let mut reader = csv::Reader::from_path(path).map_err(|e| e.to_string())?;
    let heads = reader.headers().map_err(|e| e.to_string())?.clone();
    let find = |name: &str| -> Result<Option<usize>, String> {
        if name.is_empty() {
            return Ok(None);
        }
        let at = heads.iter().position(|head| head == name);
        at.map(Some)
            .ok_or_else(|| format!("it has no column `{name}`"))
    };
    // Sheets of one layout, of the country only, or without texts may leave these out.
    let known = |name: &str| heads.iter().position(|head| head == name);
    let [layout, versus, group, horizon, level] =
        ["layout", "versus", "group", "horizon", "level"].map(known);
    let (outcome, parameter) = (find("outcome")?, find("parameter")?);
    let mut places = Vec::new();
    for group in columns {
        let [a, b, c] = group.map(find);
        places.push([a?, b?, c?]);
    }
    let mut list = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|e| e.to_string())?;
        let text = |at: Option<usize>| at.and_then(|at| record.get(at)).unwrap_or("").to_owned();
        let number = |at: Option<usize>| text(at).parse().unwrap_or(f64::NAN);
        list.push(Index {
            of: Question {
                layout: text(layout),
                versus: text(versus),
                outcome: text(outcome),
                group: text(group),
                horizon: text(horizon),
            },
            parameter: match text(level).as_str() {
                "" => text(parameter),
                level => format!("{}={level}", text(parameter)),
            },
            values: places.iter().map(|at| at.map(number)).collect(),
        });
    }
    Ok(list)
}

/// What the list is about, in order, the country before groups.
fn keys(list: &[Index]) -> Vec<&Question> {
    let mut keys: Vec<&Question> = Vec::new();
    for index in list {
        if !keys.contains(&&index.of) {
            keys.push(&index.of);
        }
    }
    keys.sort_by_key(|of| !of.group.is_empty());
    keys
}

/// The cells that say what a row is about.
fn about(of: &Question) -> Vec<Cell> {
    [&of.layout, &of.versus, &of.outcome, &of.group, &of.horizon]
        .map(|text| Cell::from(text.as_str()))
        .to_vec()
}

/// Their columns, and more.
fn columns<'c>(more: &[&'c str]) -> Vec<&'c str> {
    let about = ["layout", "versus", "outcome", "group", "horizon"];
    about.into_iter().chain(more.iter().copied()).collect()
}

/// Most layouts and outcomes of one figure; all are in the data.
const PANELS: usize = 8;

/// All figures of a sweep that have a table.
pub fn sweep_figures(data: &SweepData, lang: Lang) -> Vec<Figure> {
    let mut figures = Vec::new();
    if !data.tornado.is_empty() {
        figures.push(tornado(&data.tornado, lang));
    }
    if !data.sobol.is_empty() {
        let words = Words {
            title: say!(lang, "sobol-title"),
            axis: say!(lang, "sobol-axis"),
            keys: [say!(lang, "sobol-first"), say!(lang, "sobol-total")],
            about: say!(lang, "sobol-about"),
        };
        let measures = ["first order", "total"];
        figures.push(indices("sobol", &data.sobol, lang, &words, measures));
    }
    if !data.regression.is_empty() {
        let words = Words {
            title: say!(lang, "regression-title"),
            axis: say!(lang, "regression-axis"),
            keys: [say!(lang, "regression-src"), say!(lang, "regression-prcc")],
            about: say!(lang, "regression-about"),
        };
        let measures = [
            "standardised regression coefficient",
            "partial rank correlation",
        ];
        figures.push(indices(
            "regression",
            &data.regression,
            lang,
            &words,
            measures,
        ));
    }
    if !data.morris.is_empty() {
        figures.push(morris(&data.morris, lang));
    }
    if figures.is_empty() {
        figures.push(Figure {
            id: "indices".to_owned(),
            title: say!(lang, "sweep-no-indices-title").to_owned(),
            caption: String::new(),
            chart: Err(say!(lang, "sweep-no-indices").to_owned()),
            data: Csv::default(),
        });
    }
    figures.push(response_curves(&data.curves, lang));
    figures
}

/// What is said of a figure of two indices.
struct Words {
    title: &'static str,
    axis: &'static str,
    keys: [&'static str; 2],
    about: &'static str,
}

/// `measures` are the names of the two indices in the data, which are the same in all languages.
fn indices(
    id: &str,
    list: &[Index],
    lang: Lang,
    words: &Words,
    measures: [&'static str; 2],
) -> Figure {
    let mut csv = Csv::new(&columns(&["parameter", "measure", "value", "low", "high"]));
    let mut rows = Vec::new();
    let mut shown = 0;
    for key in keys(list) {
        let mut some: Vec<&Index> = list.iter().filter(|index| index.of == *key).collect();
        some.sort_by(|a, b| b.values[1][0].abs().total_cmp(&a.values[1][0].abs()));
        let some_value = |index: &&Index| index.values.iter().any(|value| value[0].is_finite());
        let draw = shown < PANELS && some.iter().any(some_value);
        if draw {
            shown += 1;
            rows.push(Row {
                label: key.words(lang),
                marks: Vec::new(),
            });
        }
        for index in some {
            let mark = |n: usize| Mark {
                colour: Colour::Nth(n),
                at: index.values[n][0],
                low: index.values[n][1],
                high: index.values[n][2],
                hollow: n == 0,
            };
            for (measure, [value, low, high]) in measures.iter().zip(&index.values) {
                csv.row(about(key).into_iter().chain([
                    Cell::from(index.parameter.as_str()),
                    (*measure).into(),
                    (*value).into(),
                    (*low).into(),
                    (*high).into(),
                ]));
            }
            if draw {
                rows.push(Row {
                    label: index.parameter.clone(),
                    marks: vec![mark(0), mark(1)],
                });
            }
        }
    }
    Figure {
        id: id.to_owned(),
        title: words.title.to_owned(),
        caption: words.about.to_owned(),
        chart: Ok(Chart {
            legend: vec![
                Key {
                    hollow: true,
                    ..Key::new(words.keys[0], Colour::Nth(0))
                },
                Key::new(words.keys[1], Colour::Nth(1)),
            ],
            panels: vec![Panel::Rows(Rows {
                title: String::new(),
                x: Axis::new(words.axis),
                rows,
                rule: Some(0.0),
                bars: false,
            })],
        }),
        data: csv,
    }
}

fn tornado(list: &[Index], lang: Lang) -> Figure {
    let mut csv = Csv::new(&columns(&[
        "parameter",
        "outcome_at_low",
        "outcome_at_high",
        "swing",
        "swing_low",
        "swing_high",
    ]));
    let mut panels = Vec::new();
    for key in keys(list) {
        let mut some: Vec<&Index> = list.iter().filter(|index| index.of == *key).collect();
        some.sort_by(|a, b| b.values[2][0].abs().total_cmp(&a.values[2][0].abs()));
        let middle = {
            let ends = some
                .iter()
                .map(|i| (i.values[0][0] + i.values[1][0]) / 2.0)
                .filter(|v| v.is_finite());
            let all: Vec<f64> = ends.collect();
            all.iter().sum::<f64>() / all.len().max(1) as f64
        };
        let rows = some.iter().map(|index| {
            csv.row(about(key).into_iter().chain([
                Cell::from(index.parameter.as_str()),
                index.values[0][0].into(),
                index.values[1][0].into(),
                index.values[2][0].into(),
                index.values[2][1].into(),
                index.values[2][2].into(),
            ]));
            let mark = |n: usize| Mark {
                colour: Colour::Nth(n),
                at: index.values[n][0],
                low: f64::NAN,
                high: f64::NAN,
                hollow: false,
            };
            Row {
                label: index.parameter.clone(),
                marks: vec![mark(0), mark(1)],
            }
        });
        let rows: Vec<Row> = rows.collect();
        let moved = |row: &Row| {
            row.marks
                .iter()
                .any(|mark| (mark.at - middle).abs() > 1e-12 * middle.abs().max(1e-9))
        };
        if panels.len() < PANELS && rows.iter().any(moved) {
            panels.push(Panel::Rows(Rows {
                title: key.words(lang),
                x: Axis::new(say!(
                    lang,
                    "tornado-axis",
                    unit = axis_word(lang, &key.outcome)
                )),
                rows,
                rule: Some(middle),
                bars: true,
            }));
        }
    }
    Figure {
        id: "tornado".to_owned(),
        title: say!(lang, "tornado-title").to_owned(),
        caption: say!(lang, "tornado-about").to_owned(),
        chart: Ok(Chart {
            legend: vec![
                Key::new(say!(lang, "tornado-low"), Colour::Nth(0)),
                Key::new(say!(lang, "tornado-high"), Colour::Nth(1)),
            ],
            panels,
        }),
        data: csv,
    }
}

fn morris(list: &[Index], lang: Lang) -> Figure {
    let mut csv = Csv::new(&columns(&[
        "parameter",
        "mu_star",
        "mu_star_low",
        "mu_star_high",
        "sigma",
    ]));
    let mut panels = Vec::new();
    for (n, key) in keys(list).into_iter().enumerate() {
        let mut points = Vec::new();
        for index in list.iter().filter(|index| index.of == *key) {
            let [mu, low, high] = index.values[0];
            let sigma = index.values[1][0];
            csv.row(about(key).into_iter().chain([
                Cell::from(index.parameter.as_str()),
                mu.into(),
                low.into(),
                high.into(),
                sigma.into(),
            ]));
            if mu.is_finite() && sigma.is_finite() {
                points.push((index.parameter.clone(), Colour::Nth(0), (mu, sigma), false));
            }
        }
        if n < PANELS {
            panels.push(Panel::Scatter(Scatter {
                title: key.words(lang),
                x: Axis::new(say!(lang, "morris-mu")).starting(0.0),
                y: Axis::new(say!(lang, "morris-sigma")).starting(0.0),
                points,
            }));
        }
    }
    Figure {
        id: "morris".to_owned(),
        title: say!(lang, "morris-title").to_owned(),
        caption: say!(lang, "morris-about").to_owned(),
        chart: Ok(Chart {
            legend: Vec::new(),
            panels,
        }),
        data: csv,
    }
}
