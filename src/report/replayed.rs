//! What a replay found, in words.

use std::path::Path;

use crate::experiment::Request;
use crate::experiment::replay::{Effect, read_effects};
use crate::store::{Manifest, StoreError};
use crate::texts::{Lang, say};

use super::lang::together;

/// Items and places that are told.
const TOLD: usize = 5;

/// A replay: its effects, and how they came about.
#[derive(Clone, Debug)]
pub struct Replayed {
    /// The layout under which the history happened.
    pub factual: String,
    /// The layouts, in order.
    pub layouts: Vec<String>,
    /// Replicates; of each draw where parameters were drawn.
    pub replicates: u32,
    /// Draws of the parameters; none where they are those of the scenario.
    pub draws: Option<u32>,
    /// What the layouts would have changed.
    pub effects: Vec<Effect>,
}

impl Replayed {
    /// Read from the folder of a replay.
    ///
    /// # Errors
    /// When its tables cannot be read.
    pub fn read(dir: &Path, manifest: &Manifest) -> Result<Self, StoreError> {
        let asked = match Request::of(manifest) {
            Some(Request::Replay(asked)) => Some(asked),
            _ => None,
        };
        let drawn = asked
            .as_ref()
            .is_some_and(|asked| asked.posterior.is_some());
        let draws = asked.and_then(|asked| asked.draws_of(manifest.replicates));
        let comparison = manifest.comparison.as_ref();
        let layouts = comparison.map(|of| of.derivation.compared.clone());
        Ok(Self {
            factual: comparison.map(|of| of.baseline.clone()).unwrap_or_default(),
            layouts: layouts.unwrap_or_default(),
            replicates: manifest.replicates / draws.unwrap_or(1).max(1),
            draws,
            effects: read_effects(dir, drawn)?,
        })
    }

    /// The effects of a layout of a kind: `all`, `item` or `place`.
    pub fn of<'e>(&'e self, layout: &str, kind: &str) -> Vec<&'e Effect> {
        let rows = self.effects.iter();
        rows.filter(|e| e.layout == layout && e.kind == kind)
            .collect()
    }

    /// Those of items or places that have any, the largest first.
    pub fn largest<'e>(&'e self, layout: &str, kind: &str) -> Vec<&'e Effect> {
        let mut rows = self.of(layout, kind);
        rows.retain(|e| e.steps[0] != 0.0);
        rows.sort_by(|a, b| {
            let [a_size, b_size] = [a, b].map(|of| of.steps[0].abs());
            b_size.total_cmp(&a_size).then(a.id.cmp(&b.id))
        });
        rows
    }
}

/// A difference with its interval, at the digits that the interval leaves; a sign always.
pub fn signed(values: [f64; 3], lang: Lang) -> String {
    let [mean, low, high] = together(values, true);
    say!(lang, "replay-interval", mean, low, high)
}

/// A difference, with its luck interval where parameters were drawn.
fn with_luck(values: [f64; 3], luck: Option<[f64; 2]>, lang: Lang) -> String {
    let difference = signed(values, lang);
    let Some([low, high]) = luck else {
        return difference;
    };
    let [_, low, high] = together([values[0], low, high], true);
    say!(lang, "replay-luck", difference, low, high)
}

/// What was done, in a line.
fn head(of: &Replayed, lang: Lang) -> String {
    let (layout, n) = (&of.factual, of.replicates);
    match of.draws {
        None => say!(lang, "replay-head", layout, n),
        Some(draws) => say!(lang, "replay-head-draws", layout, draws, n),
    }
}

/// The effect of a layout, by a name, on all, in a line.
pub fn whole(of: &Replayed, layout: &str, name: &str, lang: Lang) -> Option<String> {
    let all = of.of(layout, "all").first().copied()?;
    let adoptions = all.factual;
    let adopters = with_luck(all.adopters, all.over.map(|o| o.adopters), lang);
    let steps = with_luck(all.steps, all.over.map(|o| o.steps), lang);
    let changed = format!("{:.0}", 100.0 * all.changed);
    Some(say!(
        lang,
        "replay-all",
        layout = name,
        adoptions,
        adopters,
        steps,
        changed
    ))
}

/// What intervals are of, and what effects rest on.
pub fn rests(of: &Replayed, lang: Lang) -> [String; 2] {
    let intervals = match of.draws {
        None => say!(lang, "replay-of-luck"),
        Some(_) => say!(lang, "replay-of-draws"),
    };
    [
        intervals.to_owned(),
        say!(lang, "replay-coupling").to_owned(),
    ]
}

/// That the layout under which the history happened repeats it, where no other was asked for.
pub fn factual(of: &Replayed, lang: Lang) -> Option<String> {
    let (layout, n) = (&of.factual, of.replicates);
    of.layouts.is_empty().then(|| match of.draws {
        None => say!(lang, "replay-factual", layout, n),
        Some(draws) => say!(lang, "replay-factual-draws", layout, draws),
    })
}

/// The effects in words, line by line.
pub fn words(of: &Replayed, lang: Lang) -> Vec<String> {
    if let Some(repeats) = factual(of, lang) {
        return vec![repeats];
    }
    let mut lines = vec![head(of, lang)];
    for layout in &of.layouts {
        let Some(all) = whole(of, layout, layout, lang) else {
            continue;
        };
        lines.push(all);
        for (kind, head) in [
            ("item", say!(lang, "replay-items")),
            ("place", say!(lang, "replay-places")),
        ] {
            let rows = of.largest(layout, kind);
            if rows.is_empty() {
                continue;
            }
            lines.push(format!("  {head}"));
            for e in rows.iter().take(TOLD) {
                lines.push(format!("    {}  {}", e.id, signed(e.steps, lang)));
            }
        }
    }
    lines.extend(rests(of, lang));
    lines
}
