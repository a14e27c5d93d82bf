//! The answer over draws of the parameters, and over variants of the model.

use crate::experiment::sweep::summary::{Asked, Effect, Over, Summary, Under};
use crate::report::figures::{parameter, parameter_with_key};
use crate::report::lang::{number, signed, two};
use crate::report::not_varied;
use crate::report::sweep::whole_percent;
use crate::scenario::Month;
use crate::store::Manifest;
use crate::texts::{Lang, say};

use super::luck::cell as of_luck;
use super::turning::turning;
use super::{Answer, Cell, MAIN, OF_FIRMS, Row, direction, named, shown, titled, what};

/// The sign is known where at least this share of the draws has it, even if the credible interval holds 0.
const MOSTLY: f64 = 0.8;

impl Answer {
    /// Of a sweep whose points are draws, or that has one point; none of another, or where nothing was compared.
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
        let title = |at: usize| titled(manifest, &swept.layouts[at], lang);
        let (mut draws, mut alone) = (None, None);
        let mut cell_of = |layout, slot, name| {
            Some(match summary.effect(layout, slot)? {
                Effect::Drawn(over) => {
                    draws = Some(over.credible.draws);
                    cell(over, name, lang)
                }
                Effect::Luck(difference) => {
                    alone = Some(difference.n);
                    of_luck(name, &(*difference).into(), lang)
                }
            })
        };
        let rows: Vec<Row> = (1..swept.policies())
            .map(|layout| Row {
                title: title(layout),
                cells: main
                    .iter()
                    .map(|&(slot, name)| cell_of(layout, slot, name))
                    .collect(),
            })
            .collect();
        let n = match draws {
            Some(_) => 0,
            None => alone?,
        };
        let base = title(0);
        let parameters = swept.sweep.parameters.len();
        let mut notes: Vec<String> = hangs_on(summary, &main, lang).into_iter().collect();
        notes.extend(shares(summary, &main, lang));
        let others = main.iter();
        notes.extend(
            others.filter_map(|&(slot, name)| other_sign(summary, slot, name, manifest, lang)),
        );
        let plain = (0..main.len()).filter(|at| {
            let mut cells = rows.iter().filter_map(|row| row.cells[*at].as_ref());
            cells.any(|cell| cell.credible.is_some_and(|ends| ends != [0.0; 2]) && !cell.percent)
        });
        let plain: Vec<String> = plain.map(|at| what(main[at].1, None, lang)).collect();
        if !plain.is_empty() {
            let list = plain.join(say!(lang, "list-comma"));
            notes.push(say!(lang, "over-no-percent", list, base));
        }
        if let Some(draws) = draws.filter(|draws| (*draws as u64) < manifest.points) {
            let all = manifest.points;
            notes.push(say!(lang, "over-partial", draws, all));
        }
        notes.extend(turning(summary, manifest, lang));
        notes.extend(
            main.iter()
                .filter_map(|&(slot, name)| tells(summary, slot, name, manifest, lang)),
        );
        let variants = swept.sweep.variants;
        if variants > 0 {
            notes.push(say!(lang, "variants-head", n = variants));
            let told = main.iter();
            let told = told.filter_map(|&(slot, name)| under(summary, slot, name, manifest, lang));
            notes.extend(told);
        }
        if draws.is_none() {
            let question = not_varied::question(lang);
            notes.push(say!(lang, "short-not-varied", question, instead = ""));
        }
        let month = Month(swept.sweep.start + i32::from(swept.sweep.months) - 1);
        Some(Self {
            head: match draws {
                Some(draws) => {
                    let each = manifest.replicates;
                    let replicates = match summary.shape.pool() {
                        Some(pool) => say!(lang, "over-pool", each, pool),
                        None => say!(lang, "over-same", each),
                    };
                    say!(lang, "over-head", base, draws, parameters, replicates)
                }
                None => say!(lang, "luck-head", base, month, n),
            },
            outcomes: main
                .iter()
                .map(|(_, name)| what(name, None, lang))
                .collect(),
            notes,
            rows,
        })
    }
}

/// Where each layout's effect on an outcome has the other sign than at most draws.
fn other_sign(
    summary: &Summary<'_>,
    slot: usize,
    name: &str,
    manifest: &Manifest,
    lang: Lang,
) -> Option<String> {
    let swept = summary.swept;
    let told = (1..swept.policies()).filter_map(|layout| {
        let Effect::Drawn(over) = summary.effect(layout, slot)? else {
            return None;
        };
        let region = over.other_sign.as_ref()?;
        let limits = region.limits.iter().flat_map(|limit| {
            let key = parameter(&swept.sweep.parameters[limit.parameter].key, lang);
            let low = limit.low.map(|end| format!("{key} > {}", number(end)));
            let high = limit.high.map(|end| format!("{key} < {}", number(end)));
            low.into_iter().chain(high)
        });
        let limits: Vec<String> = limits.collect();
        Some(say!(
            lang,
            "region-of",
            layout = named(manifest, &swept.layouts[layout], lang),
            limits = limits.join(say!(lang, "list-and")),
            hits = region.hits,
            points = region.points,
            of = region.of
        ))
    });
    let told: Vec<String> = told.collect();
    let list = told.join(say!(lang, "list-semicolon"));
    let what = what(name, None, lang);
    (!told.is_empty()).then(|| say!(lang, "regions", what, list))
}

/// What each layout changes about an outcome under the variants of the model: over what its effect ranges, in how many
/// of them, the scenario as it is among them, it has which sign, and where it is nothing; and whether layouts keep their order.
fn under(
    summary: &Summary<'_>,
    slot: usize,
    name: &str,
    manifest: &Manifest,
    lang: Lang,
) -> Option<String> {
    let swept = summary.swept;
    let all = summary.under_variants(slot);
    let of_layout = |layout: usize| -> Vec<&Under<'_>> {
        let own = all.iter();
        own.filter(|u| u.asked.layout % swept.policies() == layout)
            .collect()
    };
    let told = (1..swept.policies()).filter_map(|layout| {
        let own = of_layout(layout);
        let percents: Option<Vec<f64>> = own.iter().map(|u| Some(u.effect.percent()?.0)).collect();
        let (values, unit) = match percents {
            Some(percents) => (percents, " %"),
            None => (own.iter().map(|u| u.effect.mean()).collect(), ""),
        };
        let low = values.iter().copied().reduce(f64::min)?;
        let high = values.iter().copied().reduce(f64::max)?;
        let [low, high] = [low, high].map(|end| signed(two(end)));
        let range = format!("{}{unit}", say!(lang, "range", low, high));
        let name_of = |u: &&Under<'_>| match u.variant {
            0 => say!(lang, "variants-own"),
            variant => swept.variant(variant),
        };
        let under = |wanted: &dyn Fn(&Under<'_>) -> bool| -> Vec<&str> {
            let own = own.iter().copied().filter(|u| wanted(u));
            own.map(|u| name_of(&u)).collect()
        };
        let up = own.first()?.effect.mean() > 0.0;
        let same = under(&|u| u.same_sign == Some(true)).len();
        let layout = named(manifest, &swept.layouts[layout], lang);
        let mut told = say!(lang, "variants-range", layout, range);
        if own.iter().all(|u| u.effect.is_nothing()) {
            told = say!(lang, "turning-nothing", layout);
        } else if same > 0 {
            let (direction, of) = (direction(name, up, lang), swept.models().len());
            told.push_str(&say!(lang, "variants-same", direction, same, of));
        }
        let nothing = |u: &Under<'_>| u.effect.is_nothing() && u.same_sign.is_none();
        let seen: Vec<usize> = own.iter().map(|u| u.variant).collect();
        let unseen = swept.models().filter(|model| !seen.contains(model));
        for (id, list) in [
            ("variants-other", under(&|u| u.same_sign == Some(false))),
            (
                "variants-unclear",
                under(&|u| u.same_sign.is_none() && !nothing(u)),
            ),
            ("variants-nothing", under(&nothing)),
            (
                "variants-unseen",
                unseen.map(|model| swept.variant(model)).collect(),
            ),
        ] {
            if !list.is_empty() {
                let list = list.join(say!(lang, "list-comma"));
                told.push_str(&match id {
                    "variants-other" => {
                        let direction = direction(name, !up, lang);
                        say!(lang, "variants-other", direction, list)
                    }
                    "variants-unclear" => say!(lang, "variants-unclear", list),
                    "variants-nothing" => say!(lang, "variants-nothing", list),
                    _ => say!(lang, "variants-unseen", list),
                });
            }
        }
        Some(told)
    });
    let told: Vec<String> = told.collect();
    let list = told.join(say!(lang, "list-semicolon"));
    let mut line = say!(lang, "variants-of", what = what(name, None, lang), list);
    // The order is the same for all layouts of a variant.
    let orders: Vec<bool> = of_layout(1).iter().filter_map(|u| u.same_ranking).collect();
    if swept.policies() > 2 && !orders.is_empty() {
        let (same, of) = (orders.iter().filter(|same| **same).count(), orders.len());
        line.push_str(say!(lang, "sentence-space"));
        line.push_str(&say!(lang, "variants-ranking", same, of));
    }
    (!told.is_empty()).then_some(line)
}

fn cell(over: &Over, name: &str, lang: Lang) -> Cell {
    let of = &over.credible;
    let (mean, credible, luck, unit) = match &over.percent {
        Some(of) => (of.mean, of.credible, of.luck, " %"),
        None => (of.mean, of.credible, of.luck, ""),
    };
    let (effect, range) = shown([mean, credible[0], credible[1]], unit, lang);
    Cell {
        effect,
        range,
        verdict: verdict(of.above_zero, credible, name, lang),
        credible: Some(credible),
        luck: Some(luck),
        percent: over.percent.is_some(),
    }
}

/// The target that would tell most of each layout's effect on an outcome; nothing without targets.
fn tells(
    summary: &Summary<'_>,
    slot: usize,
    name: &str,
    manifest: &Manifest,
    lang: Lang,
) -> Option<String> {
    let swept = summary.swept;
    let told = (1..swept.policies()).filter_map(|layout| {
        let asked = Asked {
            layout,
            versus: Some(0),
            slot,
        };
        let list = summary.information(asked);
        let best = list.first()?;
        let layout = named(manifest, &swept.layouts[layout], lang);
        let share = whole_percent(best.share);
        let target = &swept.sweep.targets[best.target].id;
        Some(match share.as_str() {
            "0" => say!(lang, "information-none", layout),
            _ => say!(lang, "information-one", layout, target, share),
        })
    });
    let told: Vec<String> = told.collect();
    let list = told.join(say!(lang, "list-semicolon"));
    let what = what(name, None, lang);
    (!told.is_empty()).then(|| say!(lang, "information-of", what, list))
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

/// The parameters that effects go with most: how many of the effects each leads, and what share of their variance over draws
/// it tells by itself.
fn hangs_on(summary: &Summary<'_>, main: &[(usize, &str)], lang: Lang) -> Option<String> {
    let leads = |layout: usize, slot: usize| {
        let versus = Some(0);
        let asked = Asked {
            layout,
            versus,
            slot,
        };
        let regression = summary.analysis(asked)?.regression.as_ref()?;
        let coefficients = &regression.coefficients;
        let all = (0..coefficients.len()).filter_map(|at| Some((at, coefficients[at].alone?)));
        all.max_by(|a, b| a.1.total_cmp(&b.1))
    };
    let mut leading: Vec<(usize, Vec<f64>)> = Vec::new();
    let mut all = 0;
    for &(slot, _) in main {
        for layout in 1..summary.swept.policies() {
            let Some((at, share)) = leads(layout, slot) else {
                continue;
            };
            all += 1;
            match leading.iter_mut().find(|(known, _)| *known == at) {
                Some((_, shares)) => shares.push(share.min(1.0)),
                None => leading.push((at, vec![share.min(1.0)])),
            }
        }
    }
    leading.sort_by(|a, b| b.1.len().cmp(&a.1.len()).then(a.0.cmp(&b.0)));
    let told = leading.iter().filter_map(|(at, shares)| {
        let parameter = parameter_with_key(&summary.terms.get(*at)?.name, lang);
        let (n, range) = (shares.len(), percents(shares, lang));
        Some(say!(lang, "over-hangs-one", parameter, n, all, range))
    });
    let told: Vec<String> = told.collect();
    let list = told.join(say!(lang, "list-semicolon"));
    (!told.is_empty()).then(|| say!(lang, "over-hangs", list))
}

/// From the least to the most of some shares, in whole per cent.
fn percents(shares: &[f64], lang: Lang) -> String {
    let ends = [f64::min, f64::max].map(|of| shares.iter().copied().reduce(of));
    let [low, high] = ends.map(|end| end.map_or_else(String::new, whole_percent));
    match low == high {
        true => low,
        false => say!(lang, "range", low, high),
    }
}

/// What the effects of a single history vary by: parameters, luck, and both only together.
fn shares(summary: &Summary<'_>, main: &[(usize, &str)], lang: Lang) -> Option<String> {
    let layouts = 1..summary.swept.policies();
    let all = layouts.flat_map(|layout| main.iter().map(move |(slot, _)| (layout, *slot)));
    let all = all.filter_map(|(layout, slot)| match summary.effect(layout, slot)? {
        Effect::Drawn(over) => over.credible.shares,
        Effect::Luck(_) => None,
    });
    let all: Vec<[f64; 3]> = all.collect();
    let of = |at: usize| {
        let shares: Vec<f64> = all.iter().map(|shares| shares[at]).collect();
        percents(&shares, lang)
    };
    (!all.is_empty()).then(|| {
        say!(
            lang,
            "over-variance",
            parameters = of(0),
            luck = of(1),
            both = of(2)
        )
    })
}
