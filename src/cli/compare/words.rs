//! The summary of a comparison in words: what a person reads in twenty seconds. At most 80 columns.

use std::fmt::Write;
use std::path::Path;

use crate::experiment::request::{Compare, Interval};
use crate::measure::OUTCOMES;
use crate::report::answer::Answer;
use crate::report::comparison::Effect;
use crate::report::{ComparisonSummary, not_varied};
use crate::scenario::Month;
use crate::store::Manifest;
use crate::texts::columns::{self, left, right};
use crate::texts::{Lang, say};

use super::super::wrapped;
use super::Plan;
use super::rows::{Rows, WIDE, equal, short, the_same};
use super::width::width;

/// The words.
pub fn words(
    summary: &ComparisonSummary,
    plan: &Plan,
    manifest: &Manifest,
    dir: &Path,
    rerun: &str,
    lang: Lang,
) -> String {
    let comparison = &plan.comparison;
    let base = comparison.baseline();
    let scenario = &base.loaded.scenario;
    let n = manifest.replicates;
    let head = say!(
        lang,
        "compared-head",
        name = scenario.name,
        start = scenario.start,
        end = scenario.end,
        replicates = n,
        layouts = comparison.sides.len(),
        seed = scenario.seed.to_string(),
        seconds = format!("{:.1}", manifest.wall_seconds())
    );
    let mut rows = Rows::new(n, lang);
    for &side in &comparison.layouts {
        let name = &comparison.sides[side].name;
        let of: Vec<&Effect> = summary
            .effects
            .iter()
            .filter(|e| e.layout == *name)
            .collect();
        let against = say!(lang, "compared-against", layout = name, base = base.name);
        let _ = writeln!(rows.text, "\n{against}");
        layout(plan, &of, &mut rows);
    }
    let head = say!(
        lang,
        "compared-head-legend",
        head,
        legend = rows.legend(summary.tests)
    );
    let mut text = format!("\n{}", wrapped(&head, "", WIDE));
    width(plan, summary, n, lang, &mut text);
    let primary = match &plan.request.primary {
        Some(outcome) => say!(lang, "compared-primary", outcome),
        None => say!(lang, "compared-no-primary").to_owned(),
    };
    if n > 1 {
        text.push_str(&wrapped(&primary, "", WIDE));
    }
    text.push_str(&rows.text);
    ranking(plan, summary, lang, &mut text);
    pareto(summary, lang, &mut text);
    let names: Vec<&str> = manifest
        .tables
        .iter()
        .map(|table| table.name.as_str())
        .collect();
    let dir = dir.display().to_string();
    let _ = writeln!(text, "\n{}", say!(lang, "tables-in", dir));
    let _ = writeln!(text, "  {}", names.join(", "));
    let _ = writeln!(text, "{}", say!(lang, "compared-more"));
    let command = format!("{rerun} --resume");
    let _ = writeln!(text, "{}", say!(lang, "again", command));
    if let Some(answer) = Answer::of_luck(&summary.effects, manifest, lang) {
        let _ = write!(text, "\n{}", answer.words(lang));
        let question = not_varied::question(lang);
        let instead = instead(&plan.request, lang);
        let words = say!(lang, "short-not-varied", question, instead);
        text.push_str(&wrapped(&words, "", WIDE));
    }
    text
}

/// The options in place of which parameters can be drawn: those of this request that do not go with it.
fn instead(request: &Compare, lang: Lang) -> String {
    let given = [
        ("--until-width", request.until_width.is_some()),
        ("--primary", request.primary.is_some()),
        ("--every", request.every.is_some()),
        ("--interval", request.interval != Interval::T),
    ];
    let given: Vec<&str> = given.iter().filter(|of| of.1).map(|of| of.0).collect();
    match given.as_slice() {
        [] => String::new(),
        given => {
            let options = given.join(say!(lang, "list-comma"));
            say!(lang, "short-in-place", options)
        }
    }
}

fn layout(plan: &Plan, effects: &[&Effect], rows: &mut Rows) {
    let last = plan.comparison.horizons.last();
    let last = last.map(|t| plan.comparison.calendar().month(*t));
    let find = |outcome: &str, kind: &str| {
        effects
            .iter()
            .filter(|e| e.outcome == outcome && e.group_kind == kind && e.horizon == last)
            .copied()
            .collect::<Vec<_>>()
    };
    if effects.iter().all(|e| e.difference == 0.0 && e.p.is_none()) {
        let _ = writeln!(rows.text, "  {}", say!(rows.lang, "compared-nothing"));
        return;
    }
    rows.head();
    for &at in &plan.shown {
        let outcome = &OUTCOMES[at];
        for effect in effects.iter().filter(|e| e.outcome == outcome.name) {
            // Months have their own lines below.
            if effect.group_kind != "national" || !outcome.has_horizon() {
                continue;
            }
            let label = match effect.horizon {
                at if at == last => outcome.name.to_owned(),
                at => format!("{} {}", outcome.name, month(at)),
            };
            rows.row(&label, effect);
        }
    }
    let members = find("mean_stock", "membership");
    let areas = find("mean_stock", "area");
    if !members.is_empty() || areas.len() > 1 {
        let _ = writeln!(rows.text, "  {}", say!(rows.lang, "compared-stock-of"));
    }
    for effect in members
        .iter()
        .chain(areas.iter().filter(|_| areas.len() > 1))
    {
        let name = match effect.group.as_str() {
            "member" => say!(rows.lang, "compared-members"),
            "non_member" => say!(rows.lang, "compared-others"),
            area => area,
        };
        rows.row(&format!("  {name}"), effect);
    }
    months(plan, effects, rows);
}

/// The months in which something first happens, as far as they differ.
fn months(plan: &Plan, effects: &[&Effect], rows: &mut Rows) {
    let lang = rows.lang;
    let calendar = plan.comparison.calendar();
    let shown = |e: &&&Effect| {
        let own = plan.shown.iter().any(|at| OUTCOMES[*at].name == e.outcome);
        let usual = !e.outcome.starts_with("covered_");
        e.horizon.is_none() && (own || usual) && e.difference != 0.0
    };
    let mut begun = false;
    for effect in effects.iter().filter(shown) {
        if !begun {
            let _ = writeln!(rows.text, "  {}", say!(lang, "compared-formed"));
            begun = true;
        }
        let what = moment(&effect.outcome, &effect.group, lang);
        let mean = |t: f64, happened: Option<f64>| match happened {
            Some(share) if share <= 0.0 => say!(lang, "summary-never").to_owned(),
            happened => {
                let share = happened.filter(|share| *share < 1.0);
                let share = share.map_or_else(String::new, |s| format!(" ({:.0} %)", 100.0 * s));
                let last = f64::from(calendar.months) - 1.0;
                format!("{}{share}", calendar.month(t.min(last).round() as u16))
            }
        };
        let means = format!(
            "    {} {} -> {},",
            left(&what, 18),
            mean(effect.baseline_mean, effect.baseline_happened),
            mean(effect.layout_mean, effect.layout_happened),
        );
        let moved = format!("{}{}", moved(effect, lang), rows.mark(effect));
        let gap = if columns::width(&means) + 1 + columns::width(&moved) <= 80 {
            " ".to_owned()
        } else {
            format!("\n{}", " ".repeat(23))
        };
        let _ = writeln!(rows.text, "{means}{gap}{moved}");
    }
}

/// What happens in a month, without its place in the order.
fn moment(outcome: &str, corridor: &str, lang: Lang) -> String {
    match outcome {
        _ if !corridor.is_empty() => say!(lang, "moment-corridor", corridor),
        "first_line" => say!(lang, "compared-line").to_owned(),
        "first_circle" => say!(lang, "compared-circle").to_owned(),
        "first_axis" => say!(lang, "compared-axis").to_owned(),
        "first_plane" => say!(lang, "compared-plane").to_owned(),
        other => other.trim_start_matches("first_").replace('_', " "),
    }
}

/// A difference of months in words, so that nobody has to know what its sign means.
fn moved(effect: &Effect, lang: Lang) -> String {
    let of = effect.difference;
    let months = format!("{:.1}", of.abs());
    let words = if of < 0.0 {
        say!(lang, "compared-earlier", months)
    } else {
        say!(lang, "compared-later", months)
    };
    match (effect.low, effect.high) {
        (Some(_), Some(_)) if equal(effect) => {
            let same = the_same(effect, lang);
            say!(lang, "compared-and-same", words, same)
        }
        (Some(low), Some(high)) if low < 0.0 && high > 0.0 => {
            let (low, high) = (format!("{:.1}", low.abs()), format!("{:.1}", high.abs()));
            let range = say!(lang, "compared-earlier-to-later", low, high);
            format!("{words} ({range})")
        }
        (Some(low), Some(high)) => {
            let (low, high) = (low.abs().min(high.abs()), low.abs().max(high.abs()));
            let (low, high) = (format!("{low:.1}"), format!("{high:.1}"));
            format!("{words} ({})", say!(lang, "range", low, high))
        }
        _ => words,
    }
}

fn ranking(plan: &Plan, summary: &ComparisonSummary, lang: Lang, text: &mut String) {
    if plan.comparison.sides.len() < 2 {
        return;
    }
    let last = plan.comparison.horizons.last();
    let last = last.map(|t| plan.comparison.calendar().month(*t));
    let mut begun = false;
    for &at in &plan.shown {
        let outcome = &OUTCOMES[at];
        let horizon = last.filter(|_| outcome.has_horizon());
        let mut ranks: Vec<_> = summary
            .ranking
            .iter()
            .filter(|r| r.outcome == outcome.name && r.horizon == horizon)
            .collect();
        // Most often best first; the order of layouts where they are even.
        ranks.sort_by(|a, b| b.best_probability.total_cmp(&a.best_probability));
        // They lose nothing against the best in any replicate.
        let best = ranks.iter().filter(|rank| rank.expected_regret == 0.0);
        let tied = best.count() > 1;
        let first: Vec<String> = ranks
            .iter()
            .filter(|rank| rank.best_probability >= 0.01)
            .map(|rank| {
                let share = format!("{} {:.0} %", rank.layout, 100.0 * rank.best_probability);
                match tied && rank.expected_regret == 0.0 {
                    true => format!("{share} ({})", say!(lang, "ranking-tied")),
                    false => share,
                }
            })
            .collect();
        if first.is_empty() {
            continue;
        }
        if !begun {
            let _ = writeln!(text, "\n{}", say!(lang, "compared-best"));
            begun = true;
        }
        let lines = wrapped(&first.join(say!(lang, "list-comma")), "", WIDE - 23);
        for (at, line) in lines.lines().enumerate() {
            let name = if at == 0 { outcome.name } else { "" };
            let _ = writeln!(text, "  {name:<20} {line}");
        }
    }
}

fn pareto(summary: &ComparisonSummary, lang: Lang, text: &mut String) {
    let all = summary.pareto.iter().all(|point| point.on_front);
    let front = if all {
        say!(lang, "compared-all-on-front")
    } else {
        say!(lang, "compared-on-front")
    };
    let head = say!(lang, "compared-trade-off");
    let _ = writeln!(text, "\n{head}\n  {front}");
    let _ = writeln!(
        text,
        "    {:<20} {} {} {} {}",
        "",
        right(say!(lang, "compared-stock"), 11),
        right(say!(lang, "compared-theil"), 11),
        right(say!(lang, "compared-pairs"), 13),
        right(say!(lang, "compared-front"), 12)
    );
    for point in &summary.pareto {
        let star = if point.on_front && !all { '*' } else { ' ' };
        let sure = point.front_probability;
        let sure = sure.map_or_else(String::new, |share| format!("{:.0} %", 100.0 * share));
        let line = format!(
            "  {star} {} {:>11} {:>11} {:>13} {sure:>12}",
            left(&point.layout, 20),
            short(point.efficiency),
            short(point.inequality),
            format!("{:.1}", point.coordination_cost)
        );
        let _ = writeln!(text, "{}", line.trim_end());
    }
}

fn month(at: Option<Month>) -> String {
    at.map_or_else(String::new, |month| month.to_string())
}
