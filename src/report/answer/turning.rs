//! Where one parameter turns the answer.

use crate::experiment::sweep::summary::{BreakEven, Summary};
use crate::report::lang::{number, two};
use crate::store::Manifest;
use crate::texts::columns::wrapped;
use crate::texts::{Lang, say};

use super::{MAIN, OF_FIRMS, direction, titled, what};

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

/// Sentences on where the only parameter turns the main effects; nothing of another design.
pub fn turning(summary: &Summary<'_>, manifest: &Manifest, lang: Lang) -> Vec<String> {
    let swept = summary.swept;
    let mut told = Vec::new();
    for slot in main_slots(summary) {
        let name = swept.sweep.slots[slot].outcome.as_str();
        let found = summary.break_even(slot);
        if let (true, Some(one)) = (told.is_empty(), found.first()) {
            let [from, to] = one.range.map(number);
            let base = titled(manifest, &swept.layouts[0], lang);
            let parameter = &swept.sweep.parameters[0].key;
            let (values, n) = (manifest.points, manifest.replicates);
            told.push(say!(
                lang,
                "turning-head",
                base,
                parameter,
                from,
                to,
                values,
                n
            ));
        }
        let list: Vec<String> = found
            .iter()
            .map(|one| layout(one, &swept.layouts[one.asked.layout], name, lang))
            .collect();
        if !list.is_empty() {
            let list = list.join(say!(lang, "list-semicolon"));
            told.push(say!(
                lang,
                "turning-of",
                what = what(name, None, lang),
                list
            ));
        }
    }
    told
}

/// The same as text of at most 80 columns.
pub fn turning_words(summary: &Summary<'_>, manifest: &Manifest, lang: Lang) -> String {
    let told = turning(summary, manifest, lang);
    told.iter().map(|line| wrapped(line, 0, 2, 78)).collect()
}

fn layout(one: &BreakEven, layout: &str, name: &str, lang: Lang) -> String {
    let [low, high] = one.ends.map(|effect| direction(name, effect > 0.0, lang));
    let pieces = one.pieces.iter().map(|[from, to]| {
        let [from, to] = [*from, *to].map(|end| number(two(end)));
        match from == to {
            true => from,
            false => say!(lang, "range", low = from, high = to),
        }
    });
    let pieces: Vec<String> = pieces.collect();
    if one.ends == [0.0; 2] && one.pieces[..] == [one.range] {
        return say!(lang, "turning-nothing", layout);
    }
    let pieces = pieces.join(say!(lang, "list-comma"));
    match (one.pieces.is_empty(), low == high) {
        (true, _) => say!(lang, "turning-never", layout, direction = low),
        (_, true) => say!(lang, "turning-unclear", layout, direction = low, pieces),
        _ => say!(lang, "turning-at", layout, low, high, pieces),
    }
}
