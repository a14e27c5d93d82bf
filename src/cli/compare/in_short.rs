//! What every layout does, in a few clauses.

use std::fmt::Write;

use crate::report::ComparisonSummary;
use crate::report::comparison::Effect;
use crate::report::lang::unsigned;
use crate::report::not_varied;
use crate::scenario::Month;
use crate::texts::{Lang, say};

use super::super::wrapped;
use super::Plan;
use super::rows::{WIDE, digits, equal, nothing, short, short_signed, signed, the_same};

/// What every layout does, a clause each for level, gap, inequality and firms: the last thing on the screen.
pub(super) fn short_of_all(
    plan: &Plan,
    summary: &ComparisonSummary,
    lang: Lang,
    text: &mut String,
) {
    let comparison = &plan.comparison;
    let last = comparison.horizons.last();
    let last = last.map(|t| comparison.calendar().month(*t));
    let base = &comparison.baseline().name;
    let one = summary.effects.iter().all(|e| e.low.is_none());
    let head = match last {
        None => say!(lang, "short-head", base),
        Some(month) => say!(lang, "short-head-at", base, month),
    };
    let _ = writeln!(text, "\n{head}");
    for &side in &comparison.layouts {
        let name = &comparison.sides[side].name;
        let mut clauses = Vec::new();
        let find = |outcome: &str, at: Option<Month>| {
            summary.effects.iter().find(|e| {
                e.layout == *name
                    && e.outcome == outcome
                    && e.group_kind == "national"
                    && e.horizon == at
            })
        };
        for (outcome, what, moves) in [
            ("mean_stock", say!(lang, "short-stock"), Moves::Level),
            ("theil_between", say!(lang, "short-gap"), Moves::Gap),
            // Areas may come closer while the regions within them part.
            ("theil", say!(lang, "short-inequality"), Moves::Gap),
        ] {
            let effect = find(outcome, last);
            clauses.extend(effect.map(|effect| sentence(effect, what, moves, lang)));
        }
        // Only with firms. By the end all may have taken up, so earlier months are told too.
        for at in comparison
            .horizons
            .iter()
            .map(|t| comparison.calendar().month(*t))
        {
            for (outcome, what) in [
                ("uptake", say!(lang, "short-uptake")),
                ("benefit", say!(lang, "short-benefit")),
            ] {
                let what = if Some(at) == last {
                    what.to_owned()
                } else {
                    say!(lang, "short-in", what, month = at)
                };
                let effect = find(outcome, Some(at));
                clauses.extend(effect.map(|effect| sentence(effect, &what, Moves::Level, lang)));
            }
        }
        let clauses = clauses.join(say!(lang, "list-clauses"));
        let words = say!(lang, "short-layout", layout = name, clauses);
        text.push_str(&wrapped(&words, "  ", WIDE));
    }
    let unit = if one {
        say!(lang, "short-unit")
    } else {
        say!(lang, "short-unit-interval")
    };
    let _ = writeln!(text, "  {unit}");
    let question = not_varied::question(lang);
    let words = say!(lang, "short-not-varied", question);
    text.push_str(&wrapped(&words, "  ", WIDE));
}

/// What an outcome does when it changes.
#[derive(Clone, Copy)]
enum Moves {
    /// It rises or falls.
    Level,
    /// It widens or narrows.
    Gap,
}

impl Moves {
    /// A change by so much; `by` has no sign.
    fn told(self, what: &str, up: bool, by: &str, lang: Lang) -> String {
        match (self, up) {
            (Self::Level, true) => say!(lang, "short-raises", what, by),
            (Self::Level, false) => say!(lang, "short-lowers", what, by),
            (Self::Gap, true) => say!(lang, "short-widens", what, by),
            (Self::Gap, false) => say!(lang, "short-narrows", what, by),
        }
    }
}

/// A clause about an effect in per cent of the baseline, with no more than three significant digits.
fn sentence(effect: &Effect, what: &str, moves: Moves, lang: Lang) -> String {
    let (Some(low), Some(high)) = (effect.low, effect.high) else {
        let by = match effect.percent {
            Some(percent) => format!("{} %", short_signed(percent)),
            None => short_signed(effect.difference),
        };
        return say!(lang, "short-one", what, by);
    };
    if nothing(effect) {
        return say!(lang, "short-same", what);
    }
    if equal(effect) {
        let by = effect.percent.map_or_else(
            || short_signed(effect.difference),
            |percent| format!("{} %", short(percent.abs())),
        );
        let by = format!("{by} ({})", the_same(effect, lang));
        return moves.told(what, effect.difference > 0.0, &by, lang);
    }
    let range = |low: String, high: String| say!(lang, "range", low, high);
    let per_cent = (effect.percent, effect.percent_low, effect.percent_high);
    let (Some(mean), Some(from), Some(to)) = per_cent else {
        let digits = digits(effect.difference, low, high);
        let of = |value| signed(value, digits);
        let by = format!("{} ({})", of(effect.difference), range(of(low), of(high)));
        return say!(lang, "short-changes", what, by);
    };
    let digits = digits(mean, from, to);
    // Both intervals leave out 0 together, but for those of Stein and the bootstrap.
    if low <= 0.0 && high >= 0.0 || from <= 0.0 && to >= 0.0 {
        let of = |value| signed(value, digits);
        let range = range(of(from), of(to));
        let by = say!(lang, "short-by-unclear", mean = of(mean), range);
        return say!(lang, "short-unclear", what, by);
    }
    let size = |value| unsigned(value, digits);
    let (near, far) = if from > 0.0 { (from, to) } else { (to, from) };
    let by = format!("{} % ({})", size(mean), range(size(near), size(far)));
    moves.told(what, from > 0.0, &by, lang)
}
