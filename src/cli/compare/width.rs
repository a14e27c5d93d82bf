//! What a wanted width of intervals came to.

use crate::experiment::compare::Target;
use crate::measure::OUTCOMES;
use crate::report::ComparisonSummary;
use crate::report::comparison::Effect;
use crate::texts::{Lang, say};

use super::super::wrapped;
use super::Plan;
use super::rows::{WIDE, digits};
use crate::report::lang::unsigned;

/// What a wanted width came to.
pub(super) fn width(
    plan: &Plan,
    summary: &ComparisonSummary,
    n: u32,
    lang: Lang,
    text: &mut String,
) {
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
    let words = say!(
        lang,
        "width-asked",
        target = plan.target_words(target),
        pilot = target.pilot,
        came = came_to(target, &watched, n, lang)
    );
    text.push_str(&wrapped(&words, "", WIDE));
}

/// Whether every watched difference, named by its layout, has the wanted width after `n` replicates;
/// and if not, why.
fn came_to(target: &Target, watched: &[(&str, Option<&Effect>)], n: u32, lang: Lang) -> String {
    let half = |e: &Effect| Some((e.high? - e.low?) / 2.0).filter(|half| half.is_finite());
    let mut widest: Option<f64> = None;
    let mut reasons: Vec<String> = Vec::new();
    for (name, effect) in watched {
        let pairs = effect.map_or(0, |e| e.replicates);
        let some = u64::try_from(i64::from(n) - pairs).unwrap_or(0);
        let missing = || say!(lang, "width-missing", some, n, layout = *name);
        let Some((effect, half)) = effect.and_then(|e| Some((e, half(e)?))) else {
            let missing = missing();
            reasons.push(say!(lang, "width-no-interval", layout = *name, missing));
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
            say!(lang, "width-all-equal", layout = *name)
        } else if all {
            say!(lang, "width-needs-more", layout = *name)
        } else {
            missing()
        });
    }
    let widest = widest.map_or_else(String::new, |half| {
        say!(
            lang,
            "width-widest",
            half = unsigned(half, digits(half, 0.0, 0.0) + 1)
        )
    });
    if reasons.is_empty() && !watched.is_empty() {
        return say!(lang, "width-reached", n, widest);
    }
    let reasons = reasons.join(say!(lang, "list-semicolon"));
    if n >= target.maximum {
        let most = target.maximum;
        say!(lang, "width-not-within", most, widest, reasons)
    } else {
        say!(lang, "width-not-with", n, widest, reasons)
    }
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
        let words = |other: Option<&Effect>, n| {
            came_to(&target, &[("b", Some(&good)), ("a", other)], n, Lang::En)
        };
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
                "not reached within --max-replicates 40, widest ± 2.000: a needs more replicates",
            ),
            (
                Some(effect(wide, "stein", 12, 20)),
                20,
                ": in 8 of the 20 replicates a value of a or the baseline is missing",
            ),
        ] {
            let said = words(other.as_ref(), n);
            assert!(
                said.contains(reason) && said.starts_with("not reached"),
                "{said}"
            );
        }
        assert!(came_to(&target, &[], 20, Lang::En).starts_with("not reached"));
    }
}
