//! The figures of a sweep over parameters: indices with intervals, and what each parameter moves.

use crate::experiment::sweep::summary::{About, Analysis, Asked, Summary, Swept, Term};
use crate::report::answer::rank;
use crate::report::chart::{Axis, Chart, Colour, Key, Mark, Panel, Row, Rows, Scatter};
use crate::report::lang::Lang;
use crate::sensitivity::Estimate;
use crate::store::{Counts, Manifest};
use crate::texts::{Text, say, text};

use super::comparison::axis_word;
use super::curves::{Overall, ResponseCurve, curves, overall, response_curves};
use super::question::{cells, columns, first_of, words};
use super::two_parameters::{TwoParameters, map, two_parameters};
use super::{Cell, Csv, Figure};

/// An index of a parameter for an outcome of a layout, with its interval.
#[derive(Clone, Debug, PartialEq)]
pub struct Index<'s> {
    /// What it is about.
    pub of: About<'s>,
    /// Parameter; of a level `KEY=LEVEL`.
    pub parameter: &'s str,
    /// Values with their intervals, NaN where there are none.
    pub values: Vec<[f64; 3]>,
}

/// What is shown of a sweep. What its design has nothing for is empty.
#[derive(Clone, Debug)]
pub struct SweepData<'s> {
    /// First-order and total indices of Sobol.
    pub sobol: Vec<Index<'s>>,
    /// Elementary effects of Morris: mu*, sigma.
    pub morris: Vec<Index<'s>>,
    /// Standardised regression and partial rank correlation.
    pub regression: Vec<Index<'s>>,
    /// Outcomes at the low and the high value, and the swing between them.
    pub tornado: Vec<Index<'s>>,
    /// Outcomes against each parameter.
    pub curves: Vec<ResponseCurve<'s>>,
    /// The first difference, or the first outcome, against the two parameters that move it most.
    pub map: Option<TwoParameters<'s>>,
    /// What is true over all points.
    pub overall: Vec<Overall<'s>>,
    /// What was swept.
    pub swept: Swept<'s>,
    /// Distinct points.
    pub points: u64,
    /// Replicates of each point and layout.
    pub replicates: u32,
    /// Runs by how they are, when the tables were made.
    pub jobs: Counts,
    /// Where it all comes from; none when the table of outcomes is not at hand.
    summary: Option<&'s Summary<'s>>,
    /// The first outcome of the country at the end, in the baseline.
    first: Option<Asked>,
}

/// An estimate with the ends of its interval.
fn ends(estimate: Option<Estimate>) -> [f64; 3] {
    let [low, high] = [
        estimate.and_then(|found| found.low),
        estimate.and_then(|found| found.high),
    ];
    let value = estimate.map(|found| found.value);
    [value, low, high].map(|end| end.unwrap_or(f64::NAN))
}

/// A number without an interval.
fn bare(value: Option<f64>) -> [f64; 3] {
    [value.unwrap_or(f64::NAN), f64::NAN, f64::NAN]
}

impl<'s> SweepData<'s> {
    /// What a sweep says; without a summary only what was swept.
    pub fn new(manifest: &Manifest, swept: Swept<'s>, summary: Option<&'s Summary<'s>>) -> Self {
        let first = swept.at_the_end().first().map(|slot| Asked {
            layout: 0,
            versus: None,
            slot: *slot,
        });
        let mut data = Self {
            sobol: Vec::new(),
            morris: Vec::new(),
            regression: Vec::new(),
            tornado: Vec::new(),
            curves: summary.map(curves).unwrap_or_default(),
            map: summary.and_then(map),
            overall: summary.map(overall).unwrap_or_default(),
            swept,
            points: manifest.points,
            replicates: manifest.replicates,
            jobs: manifest.jobs,
            summary,
            first,
        };
        if let Some(summary) = summary {
            let keys: Vec<&str> = summary.parameters().collect();
            for found in &summary.analyses {
                data.add(&keys, &summary.terms, found);
            }
        }
        data
    }

    /// Adds what the design says about a question.
    fn add(&mut self, keys: &[&'s str], terms: &'s [Term], found: &Analysis) {
        let of = self.swept.about(found.asked);
        let index = |parameter: &'s str, values: Vec<[f64; 3]>| Index {
            of,
            parameter,
            values,
        };
        let shares = found.sobol.iter().flat_map(|sobol| &sobol.parameters);
        let shares = keys.iter().zip(shares);
        self.sobol.extend(
            shares.map(|(key, share)| index(key, vec![ends(share.first), ends(share.total)])),
        );
        let effects = keys.iter().zip(&found.morris);
        self.morris.extend(
            effects.map(|(key, effect)| index(key, vec![ends(effect.mu_star), bare(effect.sigma)])),
        );
        if let Some(all) = &found.regression {
            let both = all.coefficients.iter().zip(&all.rank_correlations);
            let both = terms.iter().zip(both);
            self.regression.extend(
                both.map(|(term, (c, r))| index(&term.name, vec![ends(c.src), ends(r.prcc)])),
            );
        }
        self.tornado.extend(found.tornado.iter().map(|bar| {
            let low_high = [bar.outcome_at_low, bar.outcome_at_high].map(bare);
            let values = low_high.into_iter().chain([ends(bar.swing)]);
            index(keys[bar.parameter], values.collect())
        }));
    }
}

impl<'s> SweepData<'s> {
    /// The parameter that matters most for the first outcome, by a measure of a table: what it is about,
    /// parameter, value and interval.
    fn strongest(
        &self,
        list: &[Index<'s>],
        measure: usize,
        lang: Lang,
    ) -> Option<(String, &'s str, [f64; 3])> {
        let first = self.summary?.swept.about(self.first?);
        let of = list.iter().filter(|index| index.of == first);
        let known = of.filter(|index| index.values[measure][0].is_finite());
        let size = |index: &Index<'_>| index.values[measure][0].abs();
        let best = known.max_by(|a, b| size(a).total_cmp(&size(b)))?;
        Some((words(&first, lang), best.parameter, best.values[measure]))
    }

    /// What the design says of the first outcome of the country at the end, in the baseline.
    pub fn first(&self) -> Option<&'s Analysis> {
        self.summary?.analysis(self.first?)
    }

    /// Where it all comes from; none when the table of outcomes is not at hand.
    pub fn summary(&self) -> Option<&'s Summary<'s>> {
        self.summary
    }

    /// By total index of Sobol.
    pub fn by_variance(&self, lang: Lang) -> Option<(String, &'s str, [f64; 3])> {
        self.strongest(&self.sobol, 1, lang)
    }

    /// By elementary effects.
    pub fn by_effects(&self, lang: Lang) -> Option<(String, &'s str, [f64; 3])> {
        self.strongest(&self.morris, 0, lang)
    }

    /// By the swing between low and high values.
    pub fn by_swing(&self, lang: Lang) -> Option<(String, &'s str, [f64; 3])> {
        self.strongest(&self.tornado, 2, lang)
    }

    /// By standardised regression.
    pub fn by_regression(&self, lang: Lang) -> Option<(String, &'s str, [f64; 3])> {
        self.strongest(&self.regression, 0, lang)
    }
}

/// What the list is about, in order: the country before groups, what layouts change before what there is with each of
/// them, and, where not all have room, the main outcomes first.
fn keys<'s>(list: &[Index<'s>]) -> Vec<About<'s>> {
    let mut keys: Vec<About<'s>> = Vec::new();
    for index in list {
        if !keys.contains(&index.of) {
            keys.push(index.of);
        }
    }
    let all = keys.len() > PANELS;
    keys.sort_by_key(|of| {
        let main = if all { rank(of.outcome) } else { 0 };
        (of.group.is_some(), main, of.versus.is_none())
    });
    keys
}

/// Most layouts and outcomes of one figure; all are in the data.
const PANELS: usize = 8;

/// All figures of a sweep that have a table.
pub fn sweep_figures(data: &SweepData<'_>, lang: Lang) -> Vec<Figure> {
    let mut figures = Vec::new();
    if !data.tornado.is_empty() {
        figures.push(tornado(&data.tornado, lang));
    }
    if !data.sobol.is_empty() {
        let said = Words {
            title: say!(lang, "sobol-title"),
            axis: say!(lang, "sobol-axis"),
            keys: [say!(lang, "sobol-first"), say!(lang, "sobol-total")],
            about: say!(lang, "sobol-about"),
        };
        let measures = ["first order", "total"];
        figures.push(indices("sobol", &data.sobol, lang, &said, measures));
    }
    if !data.regression.is_empty() {
        let said = Words {
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
            &said,
            measures,
        ));
    }
    if !data.morris.is_empty() {
        figures.push(morris(&data.morris, lang));
    }
    if data.summary.is_none() {
        for (id, title) in [
            ("indices", say!(lang, "sweep-no-indices-title")),
            ("curves", say!(lang, "curves-title")),
        ] {
            figures.push(Figure {
                id: id.to_owned(),
                title: title.to_owned(),
                caption: String::new(),
                chart: Err(text!("sweep-no-table", table = "outcomes")),
                data: Csv::default(),
            });
        }
    }
    if !data.curves.is_empty() {
        let changes = data.curves.iter().any(|curve| curve.of.versus.is_some());
        if changes {
            figures.push(response_curves(&data.curves, true, lang));
        }
        figures.extend(data.map.as_ref().map(|map| two_parameters(map, lang)));
        figures.push(response_curves(&data.curves, false, lang));
    }
    figures
}

/// A chart that shows something; else that there is nothing to show.
fn drawn(chart: Chart) -> Result<Chart, Text> {
    let some = chart.panels.iter().any(|panel| match panel {
        Panel::Rows(rows) => !rows.rows.is_empty(),
        Panel::Scatter(scatter) => !scatter.points.is_empty(),
        _ => true,
    });
    some.then_some(chart)
        .ok_or_else(|| text!("sweep-not-estimable"))
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
    list: &[Index<'_>],
    lang: Lang,
    said: &Words,
    measures: [&'static str; 2],
) -> Figure {
    let mut csv = Csv::new(&columns(&["parameter", "measure", "value", "low", "high"]));
    let mut rows = Vec::new();
    let (mut shown, mut all) = (0, 0);
    for key in keys(list) {
        let mut some: Vec<&Index<'_>> = list.iter().filter(|index| index.of == key).collect();
        some.sort_by(|a, b| b.values[1][0].abs().total_cmp(&a.values[1][0].abs()));
        let some_value = |index: &&Index<'_>| index.values.iter().any(|value| value[0].is_finite());
        let known = some.iter().any(some_value);
        all += usize::from(known);
        let draw = known && shown < PANELS;
        if draw {
            shown += 1;
            rows.push(Row {
                label: words(&key, lang),
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
                csv.row(cells(&key).into_iter().chain([
                    Cell::from(index.parameter),
                    (*measure).into(),
                    (*value).into(),
                    (*low).into(),
                    (*high).into(),
                ]));
            }
            if draw {
                rows.push(Row {
                    label: index.parameter.to_owned(),
                    marks: vec![mark(0), mark(1)],
                });
            }
        }
    }
    Figure {
        id: id.to_owned(),
        title: said.title.to_owned(),
        caption: first_of(said.about, shown, all, lang),
        chart: drawn(Chart {
            legend: vec![
                Key {
                    hollow: true,
                    ..Key::new(said.keys[0], Colour::Nth(0))
                },
                Key::new(said.keys[1], Colour::Nth(1)),
            ],
            panels: vec![Panel::Rows(Rows {
                title: String::new(),
                x: Axis::new(said.axis),
                rows,
                rule: Some(0.0),
                bars: false,
            })],
        }),
        data: csv,
    }
}

fn tornado(list: &[Index<'_>], lang: Lang) -> Figure {
    let mut csv = Csv::new(&columns(&[
        "parameter",
        "outcome_at_low",
        "outcome_at_high",
        "swing",
        "swing_low",
        "swing_high",
    ]));
    let (mut panels, mut all) = (Vec::new(), 0);
    for key in keys(list) {
        let mut some: Vec<&Index<'_>> = list.iter().filter(|index| index.of == key).collect();
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
            csv.row(cells(&key).into_iter().chain([
                Cell::from(index.parameter),
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
                label: index.parameter.to_owned(),
                marks: vec![mark(0), mark(1)],
            }
        });
        let rows: Vec<Row> = rows.collect();
        let moved = |row: &Row| {
            row.marks
                .iter()
                .any(|mark| (mark.at - middle).abs() > 1e-12 * middle.abs().max(1e-9))
        };
        let moves = rows.iter().any(moved);
        all += usize::from(moves);
        if moves && panels.len() < PANELS {
            panels.push(Panel::Rows(Rows {
                title: words(&key, lang),
                x: Axis::new(say!(
                    lang,
                    "tornado-axis",
                    unit = axis_word(lang, key.outcome)
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
        caption: first_of(say!(lang, "tornado-about"), panels.len(), all, lang),
        chart: drawn(Chart {
            legend: vec![
                Key::new(say!(lang, "tornado-low"), Colour::Nth(0)),
                Key::new(say!(lang, "tornado-high"), Colour::Nth(1)),
            ],
            panels,
        }),
        data: csv,
    }
}

fn morris(list: &[Index<'_>], lang: Lang) -> Figure {
    let mut csv = Csv::new(&columns(&[
        "parameter",
        "mu_star",
        "mu_star_low",
        "mu_star_high",
        "sigma",
    ]));
    let mut panels = Vec::new();
    let keys = keys(list);
    let all = keys.len();
    for key in keys {
        let mut points = Vec::new();
        for index in list.iter().filter(|index| index.of == key) {
            let [mu, low, high] = index.values[0];
            let sigma = index.values[1][0];
            csv.row(cells(&key).into_iter().chain([
                Cell::from(index.parameter),
                mu.into(),
                low.into(),
                high.into(),
                sigma.into(),
            ]));
            if mu.is_finite() && sigma.is_finite() {
                points.push((
                    index.parameter.to_owned(),
                    Colour::Nth(0),
                    (mu, sigma),
                    false,
                ));
            }
        }
        if panels.len() < PANELS {
            panels.push(Panel::Scatter(Scatter {
                title: words(&key, lang),
                x: Axis::new(say!(lang, "morris-mu")).starting(0.0),
                y: Axis::new(say!(lang, "morris-sigma")).starting(0.0),
                points,
            }));
        }
    }
    Figure {
        id: "morris".to_owned(),
        title: say!(lang, "morris-title").to_owned(),
        caption: first_of(say!(lang, "morris-about"), panels.len(), all, lang),
        chart: drawn(Chart {
            legend: Vec::new(),
            panels,
        }),
        data: csv,
    }
}
