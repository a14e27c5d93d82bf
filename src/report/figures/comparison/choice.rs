//! What to choose between: the trade-off, and how sure the best is.

use crate::report::chart::{Axis, Chart, Heat, Panel, Scatter};
use crate::report::comparison::{Point, Ranked};
use crate::report::lang::{Lang, number};
use crate::scenario::Month;

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
    ]);
    let chart = match &data.pareto {
        None => Err(no_table(lang, "pareto")),
        Some(points) => {
            for p in points {
                csv.row([
                    Cell::from(p.layout.as_str()),
                    p.efficiency.into(),
                    p.inequality.into(),
                    p.coordination_cost.into(),
                    usize::from(p.on_front).into(),
                ]);
            }
            let place = |x: fn(&Point) -> f64, y: fn(&Point) -> f64| {
                let point = |p: &Point| {
                    let colour = data.colour(&p.layout);
                    (p.layout.clone(), colour, (x(p), y(p)), !p.on_front)
                };
                points.iter().map(point).collect::<Vec<_>>()
            };
            let stock = lang.of(
                "mean stock at the end (more is better)",
                "期末平均存量（越大越好）",
            );
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
                        lang.of("Stock and inequality", "存量与不平等"),
                        lang.of("Theil's T (less is better)", "泰尔指数（越小越好）"),
                        place(|p| p.efficiency, |p| p.inequality),
                    ),
                    panel(
                        lang.of("Stock and coordination", "存量与协调成本"),
                        lang.of("pair-years (less is better)", "成员对·年（越小越好）"),
                        place(|p| p.efficiency, |p| p.coordination_cost),
                    ),
                ],
            })
        }
    };
    Figure {
        id: "pareto".to_owned(),
        title: lang.of("Trade-off: the Pareto front", "取舍：帕累托前沿").to_owned(),
        caption: lang.of(
            "Means over the replicates at the end of the run. Filled: no other layout is as good in stock, equality and coordination at once and better in one; ring: one is. A pair-year is a pair of members that keep up a relation for a year: a count, not money. Being on the front recommends nothing by itself.",
            "期末各次重复的均值。实心：没有其他布局在存量、公平、协调成本三方面都不差且至少一方面更好；空心：有。“成员对·年”是一对成员保持协调关系一年：只是计数，不是金额。处于前沿本身不构成建议。",
        ).to_owned(),
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
    ]);
    let chart = match &data.ranking {
        None => Err(no_table(lang, "ranking")),
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
                    lang.of("tied", "并列").to_owned()
                }
                share if share > 0.0 => format!("{} %", number(100.0 * share)),
                _ => String::new(),
            };
            Ok(Chart::plain(Panel::Heat(Heat {
                title: String::new(),
                label: lang
                    .of(
                        "share of replicates in which it is the best",
                        "在多大比例的重复中最优",
                    )
                    .to_owned(),
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
                most: 1.0,
            })))
        }
    };
    Figure {
        id: "ranking".to_owned(),
        title: lang
            .of("How sure is the best?", "最优的把握有多大？")
            .to_owned(),
        caption: match lang {
            Lang::En => format!(
                "Share of {} replicates in which each layout is the best of all, at the end. “tied”: these layouts are equal and the best in every replicate, so there is nothing to choose between them; ties in some replicates are shared among the layouts that tie. Wilson intervals and expected regret are in the data. This is the probability of being best under luck with these parameters, not under uncertainty about them.",
                data.replicates
            ),
            Lang::Zh => format!(
                "期末 {} 次重复中各布局为最优的比例。“并列”：这些布局在每次重复中都相等且最优，无从取舍；仅在部分重复中并列时，由并列的布局平分。威尔逊区间与期望遗憾见数据。这是给定参数下、运气意义上的最优概率，不含参数不确定性。",
                data.replicates
            ),
        },
        chart,
        data: csv,
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
