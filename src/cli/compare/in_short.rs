//! What every layout does, in a few clauses.

use std::fmt::Write;

use crate::report::ComparisonSummary;
use crate::report::comparison::Effect;
use crate::report::lang::unsigned;
use crate::report::not_varied;

use super::super::wrapped;
use super::Plan;
use super::rows::{digits, equal, nothing, short, short_signed, signed, the_same};
use super::words::WIDE;

/// What every layout does, a clause each for level, gap, inequality and firms: the last thing on the screen.
pub(super) fn short_of_all(plan: &Plan, summary: &ComparisonSummary, text: &mut String) {
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
    text.push_str(&wrapped(&not_varied(), "  ", WIDE));
}

/// Over what the answer holds.
fn not_varied() -> String {
    format!(
        "All of this holds at one setting of the parameters. Parameters not varied: see `pointplane sweep --help`, or \"{}\" in docs/sweep.md.",
        not_varied::QUESTION
    )
}

/// A clause about an effect in per cent of the baseline, with no more than three significant digits.
fn sentence(effect: &Effect, what: &str, up: &str, down: &str) -> String {
    let per_cent = |value: f64| 100.0 * value / effect.baseline_mean.abs();
    let (Some(low), Some(high)) = (effect.low, effect.high) else {
        return match effect.percent {
            Some(percent) => format!("{what} {} % (one replicate)", short_signed(percent)),
            None => format!("{what} {} (one replicate)", short_signed(effect.difference)),
        };
    };
    if nothing(effect) {
        return format!("leaves {what} as it is");
    }
    if equal(effect) {
        let verb = if effect.difference > 0.0 { up } else { down };
        let by = effect.percent.map_or_else(
            || short_signed(effect.difference),
            |percent| format!("{} %", short(percent.abs())),
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
    let size = |value| unsigned(value, digits);
    let of = |value| signed(value, digits);
    if low > 0.0 {
        format!(
            "{up} {what} by {} % ({} to {})",
            size(mean),
            size(low),
            size(high)
        )
    } else if high < 0.0 {
        format!(
            "{down} {what} by {} % ({} to {})",
            size(mean),
            size(high),
            size(low)
        )
    } else {
        format!(
            "no clear change of {what} ({} %, {} to {})",
            of(mean),
            of(low),
            of(high)
        )
    }
}
