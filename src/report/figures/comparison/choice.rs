//! What to choose between: the trade-off, and how sure the best is.

use crate::report::chart::{Axis, Chart, Heat, Panel, Scatter};
use crate::report::comparison::{Point, Ranked};
use crate::report::sweep::whole_percent;
use crate::scenario::Month;
use crate::texts::say;

use super::super::names::Names;
use super::super::{Cell, Csv, Figure};
use super::data::ComparisonData;
use super::{no_table, outcome_word};

pub(super) fn pareto(data: &ComparisonData, names: &Names) -> Figure {
    let lang = names.lang;
    let mut csv = Csv::new(&[
        "layout",
        "efficiency",
        "inequality",
        "coordination_cost",
        "on_front",
        "front_probability",
    ]);
    let chart = match &data.pareto {
        None => Err(no_table("pareto")),
        Some(points) => {
            for p in points {
                csv.row([
                    Cell::from(p.layout.as_str()),
                    p.efficiency.into(),
                    p.inequality.into(),
                    p.coordination_cost.into(),
                    usize::from(p.on_front).into(),
                    p.front_probability.unwrap_or(f64::NAN).into(),
                ]);
            }
            let place = |x: fn(&Point) -> f64, y: fn(&Point) -> f64| {
                let point = |p: &Point| {
                    let colour = data.colour(&p.layout);
                    let sure = p.front_probability;
                    let sure = sure.map(|share| format!(" ({:.0} %)", 100.0 * share));
                    let label = format!("{}{}", p.layout, sure.unwrap_or_default());
                    (label, colour, (x(p), y(p)), !p.on_front)
                };
                points.iter().map(point).collect::<Vec<_>>()
            };
            let stock = say!(lang, "pareto-stock");
            let panel = |title: &str, y: &str, points| {
                Panel::Scatter(Scatter {
                    title: title.to_owned(),
                    x: Axis::new(stock),
                    y: Axis::new(y),
                    points,
                })
            };
            Ok(Chart {
                legend: Vec::new(),
                panels: vec![
                    panel(
                        say!(lang, "pareto-theil-panel"),
                        say!(lang, "pareto-theil"),
                        place(|p| p.efficiency, |p| p.inequality),
                    ),
                    panel(
                        say!(lang, "pareto-pairs-panel"),
                        say!(lang, "pareto-pairs"),
                        place(|p| p.efficiency, |p| p.coordination_cost),
                    ),
                ],
            })
        }
    };
    Figure {
        id: "pareto".to_owned(),
        title: say!(lang, "pareto-title").to_owned(),
        caption: say!(lang, "pareto-about").to_owned(),
        chart,
        data: csv,
    }
}

pub(super) fn ranking(data: &ComparisonData, names: &Names) -> Figure {
    let lang = names.lang;
    let mut csv = Csv::new(&[
        "outcome",
        "horizon",
        "layout",
        "mean",
        "best_probability",
        "best_low",
        "best_high",
        "expected_regret",
        "mean_best",
    ]);
    let chart = match &data.ranking {
        None => Err(no_table("ranking")),
        Some(ranked) => {
            let last = ranked.iter().filter_map(|r| r.horizon).max();
            let mut outcomes: Vec<&str> = Vec::new();
            for r in ranked {
                csv.row([
                    Cell::from(r.outcome.as_str()),
                    r.horizon.into(),
                    r.layout.as_str().into(),
                    r.mean.into(),
                    r.best_probability.into(),
                    r.best_low.into(),
                    r.best_high.into(),
                    r.expected_regret.into(),
                    r.mean_best.unwrap_or(f64::NAN).into(),
                ]);
                if r.horizon == last && !outcomes.contains(&r.outcome.as_str()) {
                    outcomes.push(&r.outcome);
                }
            }
            let layouts: Vec<&String> = std::iter::once(&data.baseline)
                .chain(&data.layouts)
                .collect();
            let value = |outcome: &str, layout: &str| {
                let of =
                    |r: &&Ranked| r.outcome == outcome && r.layout == layout && r.horizon == last;
                ranked
                    .iter()
                    .find(of)
                    .map_or(f64::NAN, |r| r.best_probability)
            };
            let values: Vec<Vec<f64>> = outcomes
                .iter()
                .map(|outcome| {
                    layouts
                        .iter()
                        .map(|layout| value(outcome, layout))
                        .collect()
                })
                .collect();
            let text = |outcome: &str, layout: &str| match value(outcome, layout) {
                _ if tied(ranked, outcome, last).contains(&layout) => {
                    say!(lang, "ranking-tied").to_owned()
                }
                share if share > 0.0 => format!("{} %", whole(share)),
                _ => String::new(),
            };
            Ok(Chart::plain(Panel::Heat(Heat {
                title: String::new(),
                label: say!(lang, "ranking-axis").to_owned(),
                rows: outcomes
                    .iter()
                    .map(|o| outcome_word(lang, o).to_owned())
                    .collect(),
                columns: layouts.iter().map(|l| (*l).clone()).collect(),
                texts: outcomes
                    .iter()
                    .map(|outcome| layouts.iter().map(|l| text(outcome, l)).collect())
                    .collect(),
                values,
                signed: false,
                most: 1.0,
            })))
        }
    };
    Figure {
        id: "ranking".to_owned(),
        title: say!(lang, "ranking-title").to_owned(),
        caption: say!(lang, "ranking-about", replicates = data.replicates),
        chart,
        data: csv,
    }
}

/// A share in whole per cent; one that is neither none nor all is not told as such.
fn whole(share: f64) -> String {
    match whole_percent(share).as_str() {
        "0" if share > 0.0 => "< 1".to_owned(),
        "100" if share < 1.0 => "> 99".to_owned(),
        whole => whole.to_owned(),
    }
}

/// Layouts that are the best in every replicate (they lose nothing against the best), when there are several: all
/// tie in all replicates.
fn tied<'r>(ranked: &'r [Ranked], outcome: &str, horizon: Option<Month>) -> Vec<&'r str> {
    let best = ranked
        .iter()
        .filter(|r| r.outcome == outcome && r.horizon == horizon)
        .filter(|r| r.expected_regret == 0.0 && r.best_probability > 0.0);
    let list: Vec<&str> = best.map(|r| r.layout.as_str()).collect();
    if list.len() > 1 { list } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layouts_that_are_all_the_best_tie() {
        let row = |layout: &str, best_probability, expected_regret| Ranked {
            outcome: "plane".to_owned(),
            horizon: Some(Month::new(2035, 12)),
            layout: layout.to_owned(),
            mean: 1.0,
            best_probability,
            best_low: 0.0,
            best_high: 1.0,
            expected_regret,
            mean_best: None,
        };
        let at = Some(Month::new(2035, 12));
        let both = [row("a", 0.5, 0.0), row("b", 0.5, 0.0), row("c", 0.0, 2.0)];
        assert_eq!(tied(&both, "plane", at), ["a", "b"]);
        assert!(tied(&both, "line", at).is_empty());
        // One that always is the best does not tie; nor do two that win in turn.
        assert!(tied(&both[1..], "plane", at).is_empty());
        let turns = [row("a", 0.5, 0.3), row("b", 0.5, 0.2)];
        assert!(tied(&turns, "plane", at).is_empty());
    }
}
