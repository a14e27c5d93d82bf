//! What holds over the distributions of the parameters, of a design whose points are draws of them.

use std::ops::Range;

use rayon::prelude::*;
use serde::Serialize;

use crate::measure::OUTCOMES;
use crate::measure::catalogue::position;
use crate::paired::{Better, Chosen, Credible, Percent, choices, percent};
use crate::sensitivity::{Region, region};

use super::super::{Answers, Asked, Swept};
use super::{Analysis, Design};

/// What holds over parameters and luck.
#[derive(Clone, Debug, Serialize)]
pub struct Over {
    /// The effect of a layout, or the outcome itself.
    pub credible: Credible,
    /// Of an effect, in per cent of the baseline.
    pub percent: Option<Percent>,
    /// How often the layout is best in this outcome of the country, and what it costs where it is not; beside the
    /// effect, of the baseline beside the outcome itself.
    pub chosen: Option<Chosen>,
    /// Of an effect: the region of the parameters in which it has the other sign than at most draws.
    pub other_sign: Option<Region>,
}

impl Over {
    /// Of the values of a question; none of a design whose points are chosen, or with too few of them. What takes other
    /// questions too is found by [`relate`].
    pub fn of(
        design: &Design,
        answers: &Answers,
        by_replicate: &[f64],
        may_be_negative: bool,
    ) -> Option<Self> {
        let (values, luck) = at_draws(design, answers, by_replicate)?;
        let credible = Credible::of(&values, luck)?;
        Some(Self {
            credible: match may_be_negative {
                true => credible,
                false => credible.not_negative(),
            },
            percent: None,
            chosen: None,
            other_sign: None,
        })
    }
}

/// Says what effects are in per cent of the baseline, where they have the other sign, and which layout is best.
pub fn relate(swept: Swept<'_>, design: &Design, answers: &Answers, analyses: &mut [Analysis]) {
    let of = |one| percent_of(design, answers, analyses, one);
    let percents: Vec<Option<Percent>> = analyses.par_iter().map(of).collect();
    for (one, percent) in analyses.iter_mut().zip(percents) {
        if let Some(over) = &mut one.over {
            over.percent = percent;
        }
    }
    let columns = design.columns_at_draws();
    analyses.par_iter_mut().for_each(|one| {
        if let (Some(_), Some(over)) = (one.asked.versus, &mut one.over) {
            over.other_sign = other_sign(&columns, over);
        }
    });
    choose(swept, answers, analyses);
}

/// In which region of the parameters an effect has the other sign than at most draws. A draw without a value has
/// neither.
fn other_sign(columns: &[Vec<f64>], over: &Over) -> Option<Region> {
    let Credible {
        effects,
        above_zero,
        ..
    } = &over.credible;
    let up = *above_zero < 0.5;
    let other = |effect: &f64| if up { *effect > 0.0 } else { *effect < 0.0 };
    let other: Vec<bool> = effects.iter().map(other).collect();
    region(columns, &other).ok().flatten()
}

fn percent_of(
    design: &Design,
    answers: &Answers,
    analyses: &[Analysis],
    one: &Analysis,
) -> Option<Percent> {
    let level = Asked {
        layout: one.asked.versus?,
        versus: None,
        ..one.asked
    };
    let of_level = analyses[answers.position(level)].over.as_ref()?;
    let values = |asked| at_draws(design, answers, &answers.by_replicate(asked));
    let ((effects, luck), (levels, _)) = (values(one.asked)?, values(level)?);
    percent(
        (&one.over.as_ref()?.credible, &effects),
        (&of_level.credible, &levels),
        luck,
    )
}

/// The values at each draw, by replicate, and how many replicates these are.
pub fn at_draws(
    design: &Design,
    answers: &Answers,
    by_replicate: &[f64],
) -> Option<(Vec<f64>, usize)> {
    let (values, luck) = answers.by_luck(by_replicate);
    Some((design.at_draws(&values, luck)?, luck))
}

/// Says how often each layout is best in the outcomes of the country that have a better direction.
fn choose(swept: Swept<'_>, answers: &Answers, analyses: &mut [Analysis]) {
    for slot in swept.at_the_end() {
        let outcome = position(&swept.sweep.slots[slot].outcome);
        let Some(better) = outcome.and_then(|at| OUTCOMES[at].better) else {
            continue;
        };
        for first in (0..swept.layouts.len()).step_by(swept.policies()) {
            choose_among(
                first..first + swept.policies(),
                slot,
                better,
                answers,
                analyses,
            );
        }
    }
}

fn choose_among(
    layouts: Range<usize>,
    slot: usize,
    better: Better,
    answers: &Answers,
    analyses: &mut [Analysis],
) {
    let first = layouts.start;
    let places = layouts.map(|layout| {
        answers.position(Asked {
            layout,
            versus: (layout > first).then_some(first),
            slot,
        })
    });
    let gains = places.clone().enumerate().map(|(layout, at)| {
        let effects = &analyses[at].over.as_ref()?.credible.effects;
        let gain = |effect: &f64| match (layout, better) {
            // The baseline changes nothing against itself.
            (0, _) => 0.0 * effect,
            (_, Better::Higher) => *effect,
            (_, Better::Lower) => -effect,
        };
        Some(effects.iter().map(gain).collect())
    });
    let gains: Option<Vec<Vec<f64>>> = gains.collect();
    let chosen = gains.and_then(|gains| choices(&gains)).unwrap_or_default();
    for (at, chosen) in places.zip(chosen) {
        if let Some(over) = &mut analyses[at].over {
            over.chosen = Some(chosen);
        }
    }
}
