//! The summary of a comparison in words: what a person reads in twenty seconds. At most 80 columns.

use std::fmt::Write;
use std::path::Path;

use crate::experiment::compare::Target;
use crate::experiment::compare::catalogue::OUTCOMES;
use crate::report::ComparisonSummary;
use crate::report::comparison::Effect;
use crate::scenario::Month;
use crate::store::Manifest;

use super::super::{counted, wrapped};
use super::plan::Plan;

/// The widest line of running text.
const WIDE: usize = 78;

/// Columns of a label and its change in a row.
const ROOM: usize = 52;

/// Fewest replicates whose factor of sharpness is worth showing: it is a ratio of variances.
const SHARPER: u32 = 10;

/// The rows of effects, and what their legend has to explain.
struct Rows {
    text: String,
    /// Replicates.
    n: u32,
    /// Whether a bootstrap interval is among them.
    bca: bool,
    /// Whether an interval of Stein's two stages is among them.
    stein: bool,
    /// Whether a factor of sharpness is among them.
    sharper: bool,
}

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
        manifest.wall_seconds,
    );
    let mut rows = Rows {
        text: String::new(),
        n,
        bca: false,
        stein: false,
        sharper: false,
    };
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

/// What a wanted width came to.
fn width(plan: &Plan, summary: &ComparisonSummary, n: u32, text: &mut String) {
    let Some(target) = &plan.target else { return };
    let comparison = &plan.comparison;
    let slot = &comparison.slots.list()[target.slot];
    let horizon = slot.horizon.map(|t| comparison.calendar().month(t));
    let names = comparison.layouts.iter();
    let watched: Vec<(&str, Option<&Effect>)> = names
        .map(|side| {
            let name = comparison.sides[*side].name.as_str();
            let found = summary.effects.iter().find(|e| {
                e.layout == name
                    && e.outcome == OUTCOMES[slot.outcome].name
                    && e.group_kind == "national"
                    && e.horizon == horizon
            });
            (name, found)
        })
        .collect();
    let words = format!(
        "Asked for {} (Stein's two stages, pilot {}): {}.",
        plan.target_words(target),
        target.pilot,
        came_to(target, &watched, n),
    );
    text.push_str(&wrapped(&words, "", WIDE));
}

/// Whether every watched difference, named by its layout, has the wanted width after `n` replicates;
/// and if not, why.
fn came_to(target: &Target, watched: &[(&str, Option<&Effect>)], n: u32) -> String {
    let half = |e: &Effect| Some((e.high? - e.low?) / 2.0).filter(|half| half.is_finite());
    let mut widest: Option<f64> = None;
    let mut reasons: Vec<String> = Vec::new();
    for (name, effect) in watched {
        let pairs = effect.map_or(0, |e| e.replicates);
        let missing = format!(
            "in {} of the {n} a value of {name} or the baseline is missing",
            i64::from(n) - pairs
        );
        let Some((effect, half)) = effect.and_then(|e| Some((e, half(e)?))) else {
            reasons.push(format!("{name} has no interval, as {missing}"));
            continue;
        };
        widest = Some(widest.map_or(half, |widest| widest.max(half)));
        if half <= target.half_width * (1.0 + 1e-9) {
            continue;
        }
        // More than a column holds are needed when there is no number.
        let all = effect
            .replicates_needed
            .is_none_or(|needed| needed > target.maximum.into());
        reasons.push(if effect.interval != "stein" {
            format!("all differences of {name} in the pilot were equal, so it said nothing of later ones")
        } else if all {
            format!("{name} needs more")
        } else {
            missing
        });
    }
    let widest = widest.map_or_else(String::new, |half| format!(", widest ± {}", short(half)));
    if reasons.is_empty() && !watched.is_empty() {
        return format!("reached with {n} replicates{widest}");
    }
    let within = if n >= target.maximum {
        format!("within --max-replicates {}", target.maximum)
    } else {
        format!("with {n} replicates")
    };
    format!("not reached {within}{widest}: {}", reasons.join("; "))
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

/// What every layout does, a clause each for level, gap, inequality and firms: the last thing on the screen.
fn short_of_all(plan: &Plan, summary: &ComparisonSummary, text: &mut String) {
    let comparison = &plan.comparison;
    let last = comparison.horizons.last();
    let last = last.map(|t| comparison.calendar().month(*t));
    let base = &comparison.baseline().name;
    let one = summary.effects.iter().all(|e| e.low.is_none());
    let at = last.map_or_else(String::new, |month| format!(", at the end ({month})"));
    let _ = writeln!(text, "\nIn short, against {base}{at}");
    for &side in &comparison.layouts {
        let name = &comparison.sides[side].name;
        let mut words = format!("{name}:");
        for (outcome, what, up, down) in [
            ("mean_stock", "mean stock", "raises", "lowers"),
            (
                "theil_between",
                "the gap between areas",
                "widens",
                "narrows",
            ),
            // Areas may come closer while the regions within them part.
            ("theil", "inequality of all regions", "widens", "narrows"),
        ] {
            let effect = summary.effects.iter().find(|e| {
                e.layout == *name
                    && e.outcome == outcome
                    && e.group_kind == "national"
                    && e.horizon == last
            });
            if let Some(effect) = effect {
                let _ = write!(words, " {},", sentence(effect, what, up, down));
            }
        }
        // Only with firms. By the end all may have taken up, so earlier months are told too.
        for at in comparison
            .horizons
            .iter()
            .map(|t| comparison.calendar().month(*t))
        {
            for (outcome, what) in [
                ("uptake", "uptake by firms"),
                ("benefit", "benefit to firms"),
            ] {
                let effect = summary.effects.iter().find(|e| {
                    e.layout == *name
                        && e.outcome == outcome
                        && e.group_kind == "national"
                        && e.horizon == Some(at)
                });
                let what = if Some(at) == last {
                    what.to_owned()
                } else {
                    format!("{what} in {at}")
                };
                if let Some(effect) = effect {
                    let _ = write!(words, " {},", sentence(effect, &what, "raises", "lowers"));
                }
            }
        }
        let words = format!("{}.", words.trim_end_matches([',', ':']));
        text.push_str(&wrapped(&words, "  ", WIDE));
    }
    text.push_str(if one {
        "  (per cent of the baseline's mean)\n"
    } else {
        "  (per cent of the baseline's mean, 95 % interval)\n"
    });
}

/// A clause about an effect in per cent of the baseline.
fn sentence(effect: &Effect, what: &str, up: &str, down: &str) -> String {
    let per_cent = |value: f64| 100.0 * value / effect.baseline_mean.abs();
    let (Some(low), Some(high)) = (effect.low, effect.high) else {
        return match effect.percent {
            Some(percent) => format!("{what} {percent:+.2} % (one replicate)"),
            None => format!("{what} {:+} (one replicate)", effect.difference),
        };
    };
    if nothing(effect) {
        return format!("leaves {what} as it is");
    }
    if equal(effect) {
        let (by, verb) = (
            effect.difference,
            if effect.difference > 0.0 { up } else { down },
        );
        let by = effect.percent.map_or_else(
            || signed(by, digits(by, 0.0, 0.0)),
            |percent| format!("{:.*} %", digits(percent, 0.0, 0.0), percent.abs()),
        );
        return format!("{verb} {what} by {by} ({})", the_same(effect));
    }
    if effect.percent.is_none() {
        let digits = digits(effect.difference, low, high);
        let of = |value| signed(value, digits);
        return format!(
            "changes {what} by {} ({} to {})",
            of(effect.difference),
            of(low),
            of(high)
        );
    }
    let (mean, low, high) = (per_cent(effect.difference), per_cent(low), per_cent(high));
    let digits = digits(mean, low, high);
    if low > 0.0 {
        format!("{up} {what} by {mean:.digits$} % ({low:.digits$} to {high:.digits$})")
    } else if high < 0.0 {
        let (mean, low, high) = (-mean, -high, -low);
        format!("{down} {what} by {mean:.digits$} % ({low:.digits$} to {high:.digits$})")
    } else {
        format!(
            "no clear change of {what} ({mean:+.digits$} %, {low:+.digits$} to {high:+.digits$})"
        )
    }
}

impl Rows {
    /// What the ranges and the last columns are.
    fn legend(&self) -> String {
        if self.n == 1 {
            return "One replicate has no intervals.".to_owned();
        }
        let mut words = "Ranges are 95 % intervals of each difference by itself".to_owned();
        let kinds = [
            (self.bca, "b: BCa bootstrap"),
            (self.stein, "s: Stein's two stages"),
        ];
        let kinds: Vec<&str> = kinds.iter().filter(|k| k.0).map(|k| k.1).collect();
        if !kinds.is_empty() {
            let _ = write!(words, " ({}; else t)", kinds.join("; "));
        }
        words.push_str("; p is the paired t test adjusted over the layouts");
        if self.sharper {
            words.push_str(
                "; sharper: so many times as many unpaired replicates have the same range",
            );
        }
        words + "."
    }

    fn head(&mut self) {
        let mut line = format!("  {:>ROOM$}  {:>7}", "change", "%");
        if self.n > 1 {
            let _ = write!(line, " {:>8}", "p (Holm)");
        }
        if self.n >= SHARPER {
            let _ = write!(line, " {:>7}", "sharper");
        }
        let _ = writeln!(self.text, "{line}");
    }

    /// How an interval is made that is no t interval, in a letter; the legend will explain it.
    fn mark(&mut self, effect: &Effect) -> &'static str {
        match effect.interval.as_str() {
            "bca" => {
                self.bca = true;
                "b"
            }
            "stein" if !equal(effect) => {
                self.stein = true;
                "s"
            }
            _ => "",
        }
    }

    fn row(&mut self, label: &str, effect: &Effect) {
        let change = match (effect.low, effect.high) {
            (Some(_), Some(_)) if nothing(effect) => "no difference".to_owned(),
            (Some(_), Some(_)) if equal(effect) => {
                let digits = digits(effect.difference, 0.0, 0.0);
                let change = signed(effect.difference, digits);
                format!("{change}, {}", the_same(effect))
            }
            (Some(low), Some(high)) => {
                let digits = digits(effect.difference, low, high);
                let of = |value| signed(value, digits);
                format!("{} ({} to {})", of(effect.difference), of(low), of(high))
            }
            _ => signed(effect.difference, digits(effect.difference, 0.0, 0.0)),
        };
        let percent = match effect.percent {
            Some(_) if nothing(effect) => String::new(),
            Some(percent) if percent.abs() < 1000.0 => format!("{percent:+.2}"),
            Some(percent) => format!("{percent:+.0}"),
            None => String::new(),
        };
        let p = match effect.p_holm {
            Some(p) if p < 0.001 => "<0.001".to_owned(),
            Some(p) => format!("{p:.3}"),
            None => String::new(),
        };
        let sharper = effect
            .variance_reduction
            .filter(|_| effect.replicates >= SHARPER.into())
            .map_or_else(String::new, times);
        self.sharper |= !sharper.is_empty();
        let mark = self.mark(effect);
        // A long label takes from the room of the change.
        let room = ROOM.saturating_sub(label.chars().count());
        let gap = if change.chars().count() >= room {
            "  "
        } else {
            ""
        };
        let line =
            format!("  {label}{gap}{change:>room$}{mark:1} {percent:>7} {p:>8} {sharper:>7}");
        let _ = writeln!(self.text, "{}", line.trim_end());
    }
}

/// Whether all differences are equal: then there is no test, and no range.
fn equal(effect: &Effect) -> bool {
    effect.low.is_some() && effect.p.is_none()
}

/// Whether all differences are zero.
fn nothing(effect: &Effect) -> bool {
    effect.low == Some(0.0) && effect.high == Some(0.0)
}

/// What stands in the place of a range when all differences are equal.
fn the_same(effect: &Effect) -> String {
    format!("the same in all {} replicates", effect.replicates)
}

/// A factor with at most three figures.
fn times(factor: f64) -> String {
    if factor < 99.95 {
        format!("{factor:.1}x")
    } else if factor < 99_950.0 {
        let step = 10f64.powf(factor.log10().floor() - 2.0);
        format!("{:.0}x", (factor / step).round() * step)
    } else {
        format!("{factor:.1e}x")
    }
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

/// Digits after the point that show three figures of the largest of the numbers.
fn digits(a: f64, b: f64, c: f64) -> usize {
    let largest = a.abs().max(b.abs()).max(c.abs());
    if largest > 0.0 && largest.is_finite() {
        (2.0 - largest.log10().floor()).clamp(0.0, 9.0) as usize
    } else {
        0
    }
}

fn signed(value: f64, digits: usize) -> String {
    format!("{value:+.digits$}")
}

/// A number with four figures.
fn short(value: f64) -> String {
    let digits = digits(value, 0.0, 0.0) + 1;
    format!("{value:.digits$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn effect(ends: Option<(f64, f64)>, interval: &str, replicates: i64, needed: i64) -> Effect {
        Effect {
            layout: "a".to_owned(),
            outcome: "moran".to_owned(),
            group_kind: "national".to_owned(),
            group: String::new(),
            horizon: None,
            baseline_mean: 1.0,
            layout_mean: 1.0,
            difference: 0.0,
            percent: Some(0.0),
            low: ends.map(|ends| ends.0),
            high: ends.map(|ends| ends.1),
            interval: interval.to_owned(),
            variance_reduction: None,
            replicates,
            replicates_needed: Some(needed),
            p: None,
            p_holm: None,
            baseline_happened: None,
            layout_happened: None,
            weight_share: None,
        }
    }

    /// A width is reached when every watched difference has an interval that is narrow enough; else
    /// the reason is said.
    #[test]
    fn a_width_that_is_not_reached_has_its_reason() {
        let target = Target {
            slot: 0,
            half_width: 1.0,
            pilot: 5,
            maximum: 40,
        };
        let good = effect(Some((-1.0, 1.0)), "stein", 20, 20);
        let words =
            |other: Option<&Effect>, n| came_to(&target, &[("b", Some(&good)), ("a", other)], n);
        assert_eq!(
            words(Some(&good), 20),
            "reached with 20 replicates, widest ± 1.000"
        );
        let wide = Some((-2.0, 2.0));
        for (other, n, reason) in [
            (
                None,
                20,
                "not reached with 20 replicates, widest ± 1.000: a has no interval, as in 20 of the 20",
            ),
            (
                Some(effect(None, "t", 1, 9)),
                20,
                "a has no interval, as in 19 of the 20",
            ),
            (
                Some(effect(wide, "t", 20, 9)),
                20,
                "widest ± 2.000: all differences of a in the pilot were equal",
            ),
            (
                Some(effect(wide, "stein", 40, 90)),
                40,
                "not reached within --max-replicates 40, widest ± 2.000: a needs more",
            ),
            (
                Some(effect(wide, "stein", 12, 20)),
                20,
                ": in 8 of the 20 a value of a or the baseline is missing",
            ),
        ] {
            let said = words(other.as_ref(), n);
            assert!(
                said.contains(reason) && said.starts_with("not reached"),
                "{said}"
            );
        }
        assert!(came_to(&target, &[], 20).starts_with("not reached"));
    }
}
