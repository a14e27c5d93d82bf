//! The answer over draws of the parameters.

use crate::experiment::sweep::summary::{Analysis, Asked, Over, Summary};
use crate::report::sweep::whole_percent;
use crate::store::Manifest;
use crate::texts::{Lang, say};

use super::{Answer, Cell, MAIN, OF_FIRMS, Row, direction, shown, titled, what};

/// The sign is known where at least this share of the draws has it, even if the credible interval holds 0.
const MOSTLY: f64 = 0.8;

impl Answer {
    /// Of a sweep whose points are draws; none of another, or where nothing was compared.
    pub fn of_draws(summary: &Summary<'_>, manifest: &Manifest, lang: Lang) -> Option<Self> {
        let swept = summary.swept;
        let main: Vec<(usize, &str)> = MAIN
            .into_iter()
            .chain(OF_FIRMS)
            .filter_map(|name| {
                let mut slots = swept.at_the_end().into_iter();
                let slot = slots.find(|slot| swept.sweep.slots[*slot].outcome == name)?;
                Some((slot, name))
            })
            .collect();
        let title = |at: usize| titled(manifest, &swept.layouts[at], lang).to_owned();
        let mut seen = None;
        let rows: Vec<Row> = (1..swept.layouts.len())
            .map(|layout| Row {
                title: title(layout),
                cells: main
                    .iter()
                    .map(|&(slot, name)| {
                        let over = effect(summary, layout, slot)?.over.as_ref()?;
                        seen = Some((over.credible.draws, over.credible.replicates));
                        Some(cell(over, level(summary, slot), name, lang))
                    })
                    .collect(),
            })
            .collect();
        let (draws, replicates) = seen?;
        let base = title(0);
        let parameters = swept.sweep.parameters.len();
        let hangs = main.iter();
        let hangs = hangs.filter_map(|&(slot, name)| hangs_on(summary, manifest, slot, name, lang));
        Some(Self {
            head: say!(lang, "over-head", base, draws, parameters, replicates),
            outcomes: main
                .iter()
                .map(|(_, name)| what(name, None, lang))
                .collect(),
            hangs_on: hangs.collect(),
            rows,
        })
    }
}

/// What a layout changes about a slot, relative to the baseline.
fn effect<'s>(summary: &'s Summary<'_>, layout: usize, slot: usize) -> Option<&'s Analysis> {
    summary.analysis(Asked {
        layout,
        versus: Some(0),
        slot,
    })
}

/// The mean of a slot in the baseline over draws and luck.
fn level(summary: &Summary<'_>, slot: usize) -> Option<f64> {
    let level = summary.analysis(Asked {
        layout: 0,
        versus: None,
        slot,
    })?;
    Some(level.over.as_ref()?.credible.mean)
}

fn cell(over: &Over, level: Option<f64>, name: &str, lang: Lang) -> Cell {
    let of = &over.credible;
    let (mean, credible, luck, unit) = match (over.percent, level) {
        (Some([mean, low, high]), Some(level)) => {
            // The error of the ratio is that of the effect: that of the level is a part of it only.
            let half = 100.0 * (of.luck[1] - of.luck[0]) / 2.0 / level.abs();
            (mean, [low, high], [mean - half, mean + half], " %")
        }
        _ => (of.mean, of.credible, of.luck, ""),
    };
    let (effect, range) = shown([mean, credible[0], credible[1]], unit, lang);
    Cell {
        effect,
        range,
        verdict: verdict(of.above_zero, credible, name, lang),
        credible: Some(credible),
        luck: Some(luck),
    }
}

/// What an effect comes to: its direction, and how many of the draws say so.
fn verdict(above_zero: f64, credible: [f64; 2], name: &str, lang: Lang) -> String {
    if credible == [0.0; 2] {
        return say!(lang, "over-no-change").to_owned();
    }
    let up = above_zero >= 0.5;
    let share = if up { above_zero } else { 1.0 - above_zero };
    let sure = credible[0] > 0.0 || credible[1] < 0.0;
    if !sure && share < MOSTLY {
        return say!(lang, "over-sign-unknown").to_owned();
    }
    let direction = direction(name, up, lang);
    match sure {
        true => say!(lang, "over-sure", direction),
        // Rounded down: 9 of 10 is at least that.
        false => say!(
            lang,
            "over-mostly",
            direction,
            n = libm::floor(10.0 * share)
        ),
    }
}

/// The parameter that moves each layout's effect on an outcome most, with the share of the variance over draws that a
/// linear reading gives it.
fn hangs_on(
    summary: &Summary<'_>,
    manifest: &Manifest,
    slot: usize,
    name: &str,
    lang: Lang,
) -> Option<String> {
    let layouts = summary.swept.layouts;
    let told = (1..layouts.len()).filter_map(|layout| {
        let analysis = effect(summary, layout, slot)?;
        let coefficients = &analysis.regression.as_ref()?.coefficients;
        let square = |at: usize| {
            let src = coefficients[at].src.as_ref()?.value;
            Some(src * src)
        };
        let all = (0..coefficients.len()).filter_map(|at| Some((at, square(at)?)));
        let (at, share) = all.max_by(|a, b| a.1.total_cmp(&b.1))?;
        let parameter = &summary.terms.get(at)?.name;
        let share = whole_percent(share.min(1.0));
        let layout = titled(manifest, &layouts[layout], lang);
        Some(say!(lang, "over-hangs-one", layout, parameter, share))
    });
    let told: Vec<String> = told.collect();
    let list = told.join(say!(lang, "list-semicolon"));
    let what = what(name, None, lang);
    (!told.is_empty()).then(|| say!(lang, "over-hangs", what, list))
}
