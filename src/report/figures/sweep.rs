//! The figures of a sweep over parameters: indices with intervals, and what each parameter moves.

use std::path::Path;

use crate::experiment::sweep::summary::Swept;
use crate::report::chart::{Axis, Chart, Colour, Key, Mark, Panel, Row, Rows, Scatter};
use crate::report::lang::Lang;
use crate::store::{Folder, StoreError};

use super::comparison::{axis_word, outcome_word};
use super::curves::{Overall, ResponseCurve, curves, response_curves};
use super::{Cell, Csv, Figure};

/// What an index is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Question {
    /// Layout.
    pub layout: String,
    /// The layout that it is held against; empty when it is about the outcome itself.
    pub versus: String,
    /// Outcome.
    pub outcome: String,
    /// Group; empty for the country.
    pub group: String,
    /// Month at which it is taken; empty for months in which something first happens.
    pub horizon: String,
}

impl Question {
    /// In words.
    pub(super) fn words(&self, lang: Lang) -> String {
        let mut words = outcome_word(lang, &self.outcome).to_owned();
        let month = self.horizon.get(..7).unwrap_or(&self.horizon);
        let versus = match self.versus.as_str() {
            "" => String::new(),
            versus => format!("{} {versus}", lang.of("against", "相对于")),
        };
        for more in [&self.group, &self.layout, &versus, month] {
            if !more.is_empty() {
                words = format!("{words} · {more}");
            }
        }
        words
    }
}

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
        let summary = dir.join("summary");
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
        figures.push(indices("sobol", &data.sobol, lang, &Words {
            title: ["Sobol indices", "索博尔指数"],
            axis: ["share of the outcome's variance", "占结果方差的比例"],
            keys: [["first order", "一阶"], ["total", "总效应"]],
            about: [
                "First order: share of the outcome's variance that goes with the parameter alone; total: with all its interactions. Bars: 95 % intervals. Shares hold for the ranges that were swept, not in general.",
                "一阶：结果方差中由该参数单独解释的比例；总效应：含其全部交互作用。横条：95 % 置信区间。比例只对所扫描的取值范围成立。",
            ],
        }));
    }
    if !data.regression.is_empty() {
        figures.push(indices("regression", &data.regression, lang, &Words {
            title: ["Regression on parameters", "对参数的回归"],
            axis: ["coefficient", "系数"],
            keys: [["standardised regression coefficient", "标准化回归系数"], ["partial rank correlation", "偏秩相关系数"]],
            about: [
                "Signs say in which direction the outcome moves. Bars: 95 % intervals. Both measures miss effects that rise and fall again.",
                "符号表示结果变动的方向。横条：95 % 置信区间。两种指标都无法反映先升后降的影响。",
            ],
        }));
    }
    if !data.morris.is_empty() {
        figures.push(morris(&data.morris, lang));
    }
    if figures.is_empty() {
        figures.push(Figure {
            id: "indices".to_owned(),
            title: lang.of("Which parameters matter", "哪些参数重要").to_owned(),
            caption: String::new(),
            chart: Err(lang
                .of(
                    "This sweep has no summary yet: `pointplane sweep summary DIR` makes its indices.",
                    "本次扫描尚无摘要：`pointplane sweep summary 目录` 可生成各项指数。",
                )
                .to_owned()),
            data: Csv::default(),
        });
    }
    figures.push(response_curves(&data.curves, lang));
    figures
}

struct Words {
    title: [&'static str; 2],
    axis: [&'static str; 2],
    keys: [[&'static str; 2]; 2],
    about: [&'static str; 2],
}

fn indices(id: &str, list: &[Index], lang: Lang, words: &Words) -> Figure {
    let of = |pair: [&'static str; 2]| lang.of(pair[0], pair[1]);
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
            for (measure, [value, low, high]) in words.keys.iter().zip(&index.values) {
                csv.row(about(key).into_iter().chain([
                    Cell::from(index.parameter.as_str()),
                    measure[0].into(),
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
        title: of(words.title).to_owned(),
        caption: of(words.about).to_owned(),
        chart: Ok(Chart {
            legend: vec![
                Key {
                    hollow: true,
                    ..Key::new(of(words.keys[0]), Colour::Nth(0))
                },
                Key::new(of(words.keys[1]), Colour::Nth(1)),
            ],
            panels: vec![Panel::Rows(Rows {
                title: String::new(),
                x: Axis::new(of(words.axis)),
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
                x: Axis::new(format!(
                    "{}{}{}",
                    lang.of("outcome, ", "结果（"),
                    axis_word(lang, &key.outcome),
                    lang.of("", "）")
                )),
                rows,
                rule: Some(middle),
                bars: true,
            }));
        }
    }
    Figure {
        id: "tornado".to_owned(),
        title: lang.of("Tornado: low against high values", "龙卷风图：低值与高值").to_owned(),
        caption: lang.of(
            "Mean outcome over the points where a parameter is low (its lowest tenth, or level) and where it is high, the others as the design has them. The line is the mean of the ends over all parameters. Intervals of the swing are in the data. Outcomes that nothing moves are left out.",
            "参数处于低值（最低十分之一或某水平）与高值的各点结果均值，其余参数依设计变动。竖线为所有参数两端的均值。摆幅的区间见数据。未受影响的结果不画。",
        ).to_owned(),
        chart: Ok(Chart {
            legend: vec![
                Key::new(lang.of("low value", "低值"), Colour::Nth(0)),
                Key::new(lang.of("high value", "高值"), Colour::Nth(1)),
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
                x: Axis::new(lang.of(
                    "mu*: mean size of elementary effects",
                    "μ*：基本效应绝对值的均值",
                ))
                .starting(0.0),
                y: Axis::new(lang.of("sigma: their spread", "σ：离散程度")).starting(0.0),
                points,
            }));
        }
    }
    Figure {
        id: "morris".to_owned(),
        title: lang.of("Morris screening", "莫里斯筛选").to_owned(),
        caption: lang.of(
            "Right: parameters that matter; high: effects that depend on the other parameters or are not straight. A screening: it orders parameters, its numbers are no shares of variance. Intervals of mu* are in the data.",
            "越靠右，参数越重要；越靠上，效应越依赖其他参数或越非线性。这是筛选，只用于排序，不是方差份额。μ* 的区间见数据。",
        ).to_owned(),
        chart: Ok(Chart { legend: Vec::new(), panels }),
        data: csv,
    }
}
