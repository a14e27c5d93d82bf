//! Forest plots: effects on the country, on groups, on provinces.

use crate::measure::{OUTCOMES, Outcome};
use crate::paired::Better;
use crate::report::chart::{Axis, Chart, Mark, Panel, Row, Rows};
use crate::report::comparison::{Effect, Tests};
use crate::report::lang::Lang;
use crate::scenario::Month;
use crate::texts::say;

use super::super::names::Names;
use super::super::{Cell, Csv, Figure};
use super::data::ComparisonData;
use super::{no_table, outcome_word};

pub(super) fn effects_csv() -> Csv {
    Csv::new(&[
        "layout",
        "outcome",
        "group_kind",
        "group",
        "horizon",
        "baseline_mean",
        "difference",
        "low",
        "high",
        "percent",
        "percent_low",
        "percent_high",
    ])
}

pub(super) fn put(csv: &mut Csv, e: &Effect) {
    let [percent, low, high] = e.per_cent().unwrap_or([f64::NAN; 3]);
    csv.row([
        Cell::from(e.layout.as_str()),
        e.outcome.as_str().into(),
        e.group_kind.as_str().into(),
        e.group.as_str().into(),
        e.horizon.into(),
        e.baseline_mean.into(),
        e.difference.into(),
        e.low.into(),
        e.high.into(),
        percent.into(),
        low.into(),
        high.into(),
    ]);
}

/// A row of marks in per cent at a month, one per layout; `None` when no layout has an effect there.
fn row(
    data: &ComparisonData,
    csv: &mut Csv,
    label: &str,
    outcome: &str,
    (kind, group): (&str, &str),
    at: Option<Month>,
) -> Option<Row> {
    let mut marks = Vec::new();
    for layout in &data.layouts {
        let Some(effect) = data.effect_at(layout, outcome, (kind, group), at) else {
            continue;
        };
        put(csv, effect);
        let [at, low, high] = effect.per_cent().unwrap_or([f64::NAN; 3]);
        marks.push(Mark {
            colour: data.colour(layout),
            at,
            low,
            high,
            hollow: false,
        });
    }
    let some = marks.iter().any(|mark| mark.at.is_finite());
    some.then(|| Row {
        label: label.to_owned(),
        marks,
    })
}

/// Layouts beside each other whose values are written beside the rows of provinces; of more there is no room.
const WRITTEN: usize = 3;

pub(super) fn per_cent(lang: Lang) -> Axis {
    Axis::new(say!(lang, "effects-axis"))
}

/// The axis of an outcome of which more is better.
fn more_is_better(lang: Lang) -> Axis {
    Axis::new(format!(
        "{}{}",
        say!(lang, "effects-axis"),
        say!(lang, "effects-better")
    ))
}

/// Whether no layout changes anything in a row.
fn is_nothing(row: &Row) -> bool {
    let ends = |mark: &Mark| [mark.at, mark.low, mark.high];
    let mut ends = row.marks.iter().flat_map(ends);
    !row.marks.is_empty() && ends.all(|end| end == 0.0 || end.is_nan())
}

/// The rows in which something changes, under their headings; of the others their labels.
fn changed(rows: Vec<Row>, left: &mut Vec<String>) -> Vec<Row> {
    let mut kept: Vec<Row> = Vec::new();
    let open = |kept: &mut Vec<Row>| {
        if kept.last().is_some_and(|row| row.marks.is_empty()) {
            kept.pop();
        }
    };
    for row in rows {
        if is_nothing(&row) {
            if !left.contains(&row.label) {
                left.push(row.label);
            }
            continue;
        }
        if row.marks.is_empty() {
            open(&mut kept);
        }
        kept.push(row);
    }
    open(&mut kept);
    kept
}

pub(super) fn paired(data: &ComparisonData, lang: Lang) -> String {
    let months: Vec<String> = data.horizons().iter().map(Month::to_string).collect();
    let at = months.join(say!(lang, "list-comma"));
    let about = say!(
        lang,
        "effects-about",
        at,
        baseline = data.baseline,
        replicates = data.replicates
    );
    let Tests { tests, families } = data.tests();
    let primary = match &data.primary {
        Some(name) => say!(lang, "effects-primary", outcome = outcome_word(lang, name)),
        None => say!(lang, "effects-no-primary").to_owned(),
    };
    about + &say!(lang, "effects-tests", tests, families, primary)
}

pub(super) fn forest(data: &ComparisonData, names: &Names) -> Figure {
    let lang = names.lang;
    let title = say!(lang, "effects-title");
    let (axis, about) = (per_cent(lang).written(), paired(data, lang));
    figure_of_rows(data, lang, ("forest", title, about), axis, |csv, at| {
        let ways = [
            (Better::Higher, say!(lang, "effects-more")),
            (Better::Lower, say!(lang, "effects-less")),
        ];
        let mut rows = Vec::new();
        for (better, head) in ways {
            rows.push(Row {
                label: head.to_owned(),
                marks: Vec::new(),
            });
            let of = |outcome: &&Outcome| outcome.has_horizon() && outcome.better == Some(better);
            rows.extend(OUTCOMES.iter().filter(of).filter_map(|outcome| {
                let label = outcome_word(lang, outcome.name);
                row(data, csv, label, outcome.name, ("national", ""), at)
            }));
        }
        rows
    })
}

/// What is said of effects on groups, below those on the country.
fn as_above(data: &ComparisonData, lang: Lang) -> String {
    say!(
        lang,
        "effects-as-above",
        baseline = data.baseline,
        replicates = data.replicates,
        above = say!(lang, "effects-title")
    )
}

/// A figure with the rows of each month at which outcomes are taken, in a panel each.
fn figure_of_rows(
    data: &ComparisonData,
    lang: Lang,
    (id, title, mut caption): (&str, &str, String),
    axis: Axis,
    rows_at: impl Fn(&mut Csv, Option<Month>) -> Vec<Row>,
) -> Figure {
    let mut csv = effects_csv();
    let months = data.horizons();
    let mut left = Vec::new();
    let panels = months.iter().map(|at| {
        Panel::Rows(Rows {
            title: if months.len() > 1 {
                at.to_string()
            } else {
                String::new()
            },
            x: axis.clone(),
            rows: changed(rows_at(&mut csv, Some(*at)), &mut left),
            rule: Some(0.0),
            bars: false,
        })
    });
    let panels = panels.collect();
    if !left.is_empty() {
        let list = left.join(say!(lang, "list-comma"));
        caption += &say!(lang, "effects-left-out", list);
    }
    let chart = if data.effects.is_none() {
        Err(no_table("effects"))
    } else {
        Ok(Chart {
            legend: data.legend(lang, false),
            panels,
        })
    };
    Figure {
        id: id.to_owned(),
        title: title.to_owned(),
        caption,
        chart,
        data: csv,
    }
}

/// The groups of a kind that have an effect on an outcome, in order of the table.
pub(super) fn of_kind<'d>(data: &'d ComparisonData, outcome: &str, kind: &str) -> Vec<&'d str> {
    let mut list: Vec<&str> = Vec::new();
    for effect in data.effects.iter().flatten() {
        if effect.group_kind == kind
            && effect.outcome == outcome
            && !list.contains(&effect.group.as_str())
        {
            list.push(&effect.group);
        }
    }
    list
}

pub(super) fn groups(data: &ComparisonData, names: &Names) -> Figure {
    let title = say!(names.lang, "groups-title");
    by_group(data, names, "groups", "mean_stock", title)
}

/// The same for what firms take up; `None` without firms.
pub(super) fn firm_groups(data: &ComparisonData, names: &Names) -> Option<Figure> {
    let mut effects = data.effects.iter().flatten();
    let some = effects.any(|e| e.outcome == "uptake" && !e.group.is_empty());
    let title = say!(names.lang, "firm-groups-title");
    some.then(|| by_group(data, names, "firm-groups", "uptake", title))
}

fn by_group(data: &ComparisonData, names: &Names, id: &str, outcome: &str, title: &str) -> Figure {
    let lang = names.lang;
    let kinds = [
        ("membership", say!(lang, "groups-by-membership")),
        ("area", say!(lang, "groups-by-area")),
        ("tier", say!(lang, "groups-by-tier")),
        ("industry", say!(lang, "groups-by-industry")),
        ("size_class", say!(lang, "groups-by-size")),
    ];
    let (axis, about) = (more_is_better(lang).written(), as_above(data, lang));
    figure_of_rows(data, lang, (id, title, about), axis, |csv, at| {
        let mut rows = Vec::new();
        for (kind, head) in kinds {
            let of: Vec<Row> = of_kind(data, outcome, kind)
                .into_iter()
                .filter_map(|group| {
                    let label = match kind {
                        "industry" | "size_class" => names.firms(kind, group),
                        _ => names.group(kind, group).to_owned(),
                    };
                    row(data, csv, &label, outcome, (kind, group), at)
                })
                .collect();
            if !of.is_empty() {
                rows.push(Row {
                    label: head.to_owned(),
                    marks: Vec::new(),
                });
                rows.extend(of);
            }
        }
        rows
    })
}

pub(super) fn provinces(data: &ComparisonData, names: &Names) -> Figure {
    let lang = names.lang;
    let most = |row: &Row| {
        row.marks
            .iter()
            .map(|m| m.at)
            .filter(|v| v.is_finite())
            .fold(f64::NEG_INFINITY, f64::max)
    };
    let title = say!(lang, "provinces-title");
    let (axis, about) = (more_is_better(lang), as_above(data, lang));
    let axis = match data.layouts.len() <= WRITTEN {
        true => axis.written(),
        false => axis,
    };
    figure_of_rows(data, lang, ("provinces", title, about), axis, |csv, at| {
        let mut rows: Vec<Row> = of_kind(data, "mean_stock", "province")
            .into_iter()
            .filter_map(|id| {
                let of = ("province", id);
                row(data, csv, names.province(id), "mean_stock", of, at)
            })
            .collect();
        rows.sort_by(|a, b| most(b).total_cmp(&most(a)).then(a.label.cmp(&b.label)));
        rows
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows in which no layout changes anything are not drawn, nor headings above nothing; their names are told.
    #[test]
    fn rows_of_zeros_are_left_out() {
        let row = |label: &str, marks: &[f64]| Row {
            label: label.to_owned(),
            marks: marks
                .iter()
                .map(|at| Mark {
                    colour: crate::report::chart::Colour::Grey,
                    at: *at,
                    low: f64::NAN,
                    high: *at,
                    hollow: false,
                })
                .collect(),
        };
        let rows = vec![
            row("more", &[]),
            row("stock", &[0.0, 2.0]),
            row("circles", &[0.0, -0.0]),
            row("less", &[]),
            row("plane", &[0.0, 0.0]),
        ];
        let mut left = Vec::new();
        let kept = changed(rows, &mut left);
        let labels: Vec<&str> = kept.iter().map(|row| row.label.as_str()).collect();
        assert_eq!(labels, ["more", "stock"]);
        assert_eq!(left, ["circles", "plane"]);
    }

    #[test]
    fn every_horizon_has_its_panel() {
        let effect = |outcome: &str, (kind, group): (&str, &str), horizon, difference| Effect {
            layout: "new".to_owned(),
            outcome: outcome.to_owned(),
            group_kind: kind.to_owned(),
            group: group.to_owned(),
            horizon: Some(Month(horizon)),
            baseline_mean: 0.5,
            difference,
            percent: Some(200.0 * difference),
            ..Effect::default()
        };
        let mut data = ComparisonData {
            layouts: vec!["new".to_owned()],
            effects: Some(vec![
                effect("uptake", ("national", ""), 24_180, 0.1),
                effect("uptake", ("national", ""), 24_200, 0.2),
                effect("uptake", ("size_class", "from_50"), 24_180, 0.3),
                effect("uptake", ("size_class", "from_50"), 24_200, 0.4),
            ]),
            ..ComparisonData::default()
        };
        let at = |figure: &Figure| -> Vec<(String, Vec<f64>)> {
            let panels = &figure.chart.as_ref().expect("a chart").panels;
            let of = panels.iter().map(|panel| match panel {
                Panel::Rows(rows) => {
                    let marks = rows.rows.iter().flat_map(|row| &row.marks);
                    (rows.title.clone(), marks.map(|mark| mark.at).collect())
                }
                _ => panic!("rows"),
            });
            of.collect()
        };
        let names = Names::default();
        let months = |a, b| {
            [
                ("2015-01".to_owned(), vec![a]),
                ("2016-09".to_owned(), vec![b]),
            ]
        };
        assert_eq!(at(&forest(&data, &names)), months(20.0, 40.0));
        let firms = firm_groups(&data, &names).expect("firms");
        assert_eq!(at(&firms), months(60.0, 80.0));
        // One month has no title: the caption says it.
        data.effects
            .as_mut()
            .expect("effects")
            .retain(|e| e.horizon == Some(Month(24_200)));
        assert_eq!(at(&forest(&data, &names)), [(String::new(), vec![40.0])]);
        data.effects
            .as_mut()
            .expect("effects")
            .retain(|e| e.outcome != "uptake");
        assert!(firm_groups(&data, &names).is_none());
    }
}
