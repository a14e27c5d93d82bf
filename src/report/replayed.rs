//! What a replay found, in words.

use std::path::Path;

use crate::experiment::Request;
use crate::experiment::replay::{Effect, read_effects};
use crate::experiment::request::OF_DRAW;
use crate::store::{Manifest, StoreError};
use crate::texts::{Lang, say};

use super::lang::significant;

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
        let each = asked.and_then(|asked| asked.replicates);
        let each = each.unwrap_or(OF_DRAW).max(1);
        let comparison = manifest.comparison.as_ref();
        let layouts = comparison.map(|of| of.derivation.compared.clone());
        Ok(Self {
            factual: comparison.map(|of| of.baseline.clone()).unwrap_or_default(),
            layouts: layouts.unwrap_or_default(),
            replicates: if drawn { each } else { manifest.replicates },
            draws: drawn.then(|| manifest.replicates / each),
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

/// A number with its sign.
fn sign(x: f64) -> String {
    match x > 0.0 {
        true => format!("+{}", significant(x, 3)),
        false => significant(x, 3),
    }
}

/// A difference with its interval; a sign always.
pub fn signed([mean, low, high]: [f64; 3], lang: Lang) -> String {
    let [mean, low, high] = [sign(mean), sign(low), sign(high)];
    say!(lang, "replay-interval", mean, low, high)
}

/// A difference, with its luck interval where parameters were drawn.
fn with_luck(difference: String, luck: Option<[f64; 2]>, lang: Lang) -> String {
    let Some([low, high]) = luck.map(|ends| ends.map(sign)) else {
        return difference;
    };
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

/// The effect of a layout on all, in a line.
pub fn whole(of: &Replayed, layout: &str, lang: Lang) -> Option<String> {
    let all = of.of(layout, "all").first().copied()?;
    let adoptions = all.factual;
    let adopters = with_luck(
        signed(all.adopters, lang),
        all.over.map(|o| o.adopters),
        lang,
    );
    let steps = with_luck(signed(all.steps, lang), all.over.map(|o| o.steps), lang);
    let changed = format!("{:.0}", 100.0 * all.changed);
    Some(say!(
        lang,
        "replay-all",
        layout,
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

/// The effects in words, line by line.
pub fn words(of: &Replayed, lang: Lang) -> Vec<String> {
    let mut lines = vec![head(of, lang)];
    for layout in &of.layouts {
        let Some(all) = whole(of, layout, lang) else {
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
