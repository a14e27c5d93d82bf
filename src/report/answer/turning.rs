//! Where one parameter turns the answer.

use crate::experiment::sweep::summary::{BreakEven, Summary};
use crate::report::figures::parameter_with_key;
use crate::report::lang::{number, unsigned};
use crate::report::sweep::whole_percent;
use crate::store::Manifest;
use crate::texts::{Lang, say};

use super::{MAIN, OF_FIRMS, direction, named, titled, what};

/// Positions of the main outcomes of the country at the end, in order.
pub fn main_slots(summary: &Summary<'_>) -> Vec<usize> {
    let swept = summary.swept;
    let slots = swept.at_the_end();
    let of = |name: &str| {
        let mut slots = slots.iter();
        slots.find(|slot| swept.sweep.slots[**slot].outcome == name)
    };
    let names = MAIN.into_iter().chain(OF_FIRMS);
    names.filter_map(of).copied().collect()
}

/// Sentences on where parameters turn the main effects, parameter by parameter; nothing of another design.
pub fn turning(summary: &Summary<'_>, manifest: &Manifest, lang: Lang) -> Vec<String> {
    let swept = summary.swept;
    let mut parameters: Vec<&str> = Vec::new();
    for turn in &summary.turns {
        if !parameters.contains(&turn.parameter.as_str()) {
            parameters.push(&turn.parameter);
        }
    }
    let mut told = Vec::new();
    for parameter in parameters {
        let mut head = true;
        for slot in main_slots(summary) {
            let name = swept.sweep.slots[slot].outcome.as_str();
            let found = summary.break_even(slot);
            let found: Vec<&BreakEven> = found.filter(|of| of.parameter == parameter).collect();
            let Some(one) = found.first() else { continue };
            if std::mem::take(&mut head) {
                let [from, to] = one.range.map(number);
                let base = titled(manifest, &swept.layouts[0], lang);
                let [values, n] = one.looked;
                told.push(say!(
                    lang,
                    "turning-head",
                    base,
                    parameter = parameter_with_key(parameter, lang),
                    from,
                    to,
                    values,
                    n
                ));
            }
            let list = found.iter().map(|one| {
                let of = named(manifest, &swept.layouts[one.asked.layout], lang);
                let told = layout(one, &of, name, lang);
                match one.other_sign {
                    Some(share) => {
                        let share = whole_percent(share);
                        say!(lang, "turning-sign", told, share)
                    }
                    None => told,
                }
            });
            let list: Vec<String> = list.collect();
            let list = list.join(say!(lang, "list-semicolon"));
            let what = what(name, None, lang);
            told.push(say!(lang, "turning-of", what, list));
        }
    }
    told
}

/// Which sign an effect has in which part of the range.
fn layout(one: &BreakEven, layout: &str, name: &str, lang: Lang) -> String {
    let [first, last] = one.range;
    if one.ends == [0.0; 2] && one.told.is_empty() {
        return say!(lang, "turning-nothing", layout);
    }
    if one.told.is_empty() {
        return say!(lang, "turning-unclear", layout);
    }
    // What is looked at is no finer than this.
    let digits = match one.whole {
        true => 0,
        false => -libm::log10((last - first) / 128.0).floor() as i32,
    };
    let shown = |value: f64| {
        format!(
            "{}{}",
            if value < 0.0 { "−" } else { "" },
            unsigned(value, digits)
        )
    };
    let parts = one.told.iter().map(|([from, to], above)| {
        let direction = direction(name, *above, lang);
        let (start, end) = (shown(*from), shown(*to));
        match (*from > first, *to < last) {
            (false, false) => say!(lang, "turning-never", direction),
            (false, true) => say!(lang, "turning-up-to", direction, end),
            (true, false) => say!(lang, "turning-from", direction, start),
            (true, true) => say!(lang, "turning-between", direction, start, end),
        }
    });
    let parts: Vec<String> = parts.collect();
    format!("{layout} {}", parts.join(say!(lang, "list-clauses")))
}
