//! The summary of a comparison in words: what a person reads in twenty seconds. At most 80 columns.

use std::fmt::Write;
use std::path::Path;

use crate::measure::OUTCOMES;
use crate::report::ComparisonSummary;
use crate::report::comparison::Effect;
use crate::scenario::Month;
use crate::store::Manifest;

use super::super::{counted, wrapped};
use super::Plan;
use super::in_short::short_of_all;
use super::rows::{Rows, equal, short, the_same};
use super::width::width;

/// The widest line of running text.
pub(super) const WIDE: usize = 78;

/// The words.
pub fn words(
    summary: &ComparisonSummary,
    plan: &Plan,
    manifest: &Manifest,
    dir: &Path,
    rerun: &str,
) -> String {
    let comparison = &plan.comparison;
    let base = comparison.baseline();
    let scenario = &base.loaded.scenario;
    let n = manifest.replicates;
    let head = format!(
        "{}: {} to {}, {} of {} on the same luck, seed {}, {:.1} s.",
        scenario.name,
        scenario.start,
        scenario.end,
        counted(n as usize, "replicate"),
        counted(comparison.sides.len(), "layout"),
        scenario.seed,
        manifest.wall_seconds(),
    );
    let mut rows = Rows::new(n);
    for &side in &comparison.layouts {
        let name = &comparison.sides[side].name;
        let of: Vec<&Effect> = summary
            .effects
            .iter()
            .filter(|e| e.layout == *name)
            .collect();
        let _ = writeln!(rows.text, "\n{name} against {}", base.name);
        layout(plan, &of, &mut rows);
    }
    let mut text = format!(
        "\n{}",
        wrapped(&format!("{head} {}", rows.legend()), "", WIDE)
    );
    width(plan, summary, n, &mut text);
    text.push_str(&rows.text);
    ranking(plan, summary, &mut text);
    pareto(summary, &mut text);
    let names: Vec<&str> = manifest
        .tables
        .iter()
        .map(|table| table.name.as_str())
        .collect();
    let _ = writeln!(
        text,
        "\nTables in {} (columns.csv says what each column is)",
        dir.display()
    );
    let _ = writeln!(text, "  {}", names.join(", "));
    let _ = writeln!(
        text,
        "More replicates: the same with a larger --replicates and --resume"
    );
    let _ = writeln!(text, "Again: {rerun}");
    short_of_all(plan, summary, &mut text);
    text
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
        rows.text.push_str("  Nothing differs in any replicate.\n");
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
        rows.text.push_str("  mean stock of\n");
    }
    for effect in members
        .iter()
        .chain(areas.iter().filter(|_| areas.len() > 1))
    {
        let name = match effect.group.as_str() {
            "member" => "members (direct)",
            "non_member" => "others (indirect)",
            area => area,
        };
        rows.row(&format!("  {name}"), effect);
    }
    months(plan, effects, rows);
}

/// The months in which something first happens, as far as they differ.
fn months(plan: &Plan, effects: &[&Effect], rows: &mut Rows) {
    let calendar = plan.comparison.calendar();
    let shown = |e: &&&Effect| {
        let own = plan.shown.iter().any(|at| OUTCOMES[*at].name == e.outcome);
        let usual = !e.outcome.starts_with("covered_");
        e.horizon.is_none() && (own || usual) && e.difference != 0.0
    };
    let mut begun = false;
    for effect in effects.iter().filter(shown) {
        if !begun {
            let head = "  first formed, mean month (never counts as the end)\n";
            rows.text.push_str(head);
            begun = true;
        }
        let what = match effect.group.as_str() {
            "" => effect
                .outcome
                .trim_start_matches("first_")
                .replace('_', " "),
            corridor => format!("axis {corridor}"),
        };
        let mean = |t: f64, happened: Option<f64>| match happened {
            Some(share) if share <= 0.0 => "never".to_owned(),
            happened => {
                let share = happened.filter(|share| *share < 1.0);
                let share = share.map_or_else(String::new, |s| format!(" ({:.0} %)", 100.0 * s));
                let last = f64::from(calendar.months) - 1.0;
                format!("{}{share}", calendar.month(t.min(last).round() as u16))
            }
        };
        let means = format!(
            "    {:<18} {} -> {},",
            what,
            mean(effect.baseline_mean, effect.baseline_happened),
            mean(effect.layout_mean, effect.layout_happened),
        );
        let moved = format!("{}{}", moved(effect), rows.mark(effect));
        let wide = means.chars().count() + 1 + moved.chars().count();
        let gap = if wide <= 80 {
            " ".to_owned()
        } else {
            format!("\n{}", " ".repeat(23))
        };
        let _ = writeln!(rows.text, "{means}{gap}{moved}");
    }
}

/// A difference of months in words, so that nobody has to know what its sign means.
fn moved(effect: &Effect) -> String {
    let side = |value: f64| if value < 0.0 { "earlier" } else { "later" };
    let of = effect.difference;
    let words = format!("{:.1} months {}", of.abs(), side(of));
    match (effect.low, effect.high) {
        (Some(_), Some(_)) if equal(effect) => format!("{words}, {}", the_same(effect)),
        (Some(low), Some(high)) if low < 0.0 && high > 0.0 => {
            let (low, high) = (low.abs(), high.abs());
            format!("{words} ({low:.1} earlier to {high:.1} later)")
        }
        (Some(low), Some(high)) => {
            // In the order of the calendar.
            format!("{words} ({:.1} to {:.1})", low.abs(), high.abs())
        }
        _ => words,
    }
}

fn ranking(plan: &Plan, summary: &ComparisonSummary, text: &mut String) {
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
        let first: Vec<String> = ranks
            .iter()
            .filter(|rank| rank.best_probability >= 0.01)
            .map(|rank| format!("{} {:.0} %", rank.layout, 100.0 * rank.best_probability))
            .collect();
        if first.is_empty() {
            continue;
        }
        if !begun {
            text.push_str("\nBest, in how many of the replicates\n");
            begun = true;
        }
        let lines = wrapped(&first.join(", "), "", WIDE - 23);
        for (at, line) in lines.lines().enumerate() {
            let name = if at == 0 { outcome.name } else { "" };
            let _ = writeln!(text, "  {name:<20} {line}");
        }
    }
}

fn pareto(summary: &ComparisonSummary, text: &mut String) {
    let all = summary.pareto.iter().all(|point| point.on_front);
    let who = if all { "all" } else { "*" };
    let _ = writeln!(
        text,
        "\nTrade-off at the end\n  {who} on the front: no other layout is as good in all three and better in one"
    );
    let _ = writeln!(
        text,
        "    {:<20} {:>11} {:>11} {:>13}",
        "", "mean stock", "theil", "pair-years"
    );
    for point in &summary.pareto {
        let star = if point.on_front && !all { '*' } else { ' ' };
        let _ = writeln!(
            text,
            "  {star} {:<20} {:>11} {:>11} {:>13}",
            point.layout,
            short(point.efficiency),
            short(point.inequality),
            format!("{:.1}", point.coordination_cost)
        );
    }
}

fn month(at: Option<Month>) -> String {
    at.map_or_else(String::new, |month| month.to_string())
}
