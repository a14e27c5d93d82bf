//! What holds over the distributions of the parameters, of a design whose points are draws of them.

use std::ops::Range;

use rayon::prelude::*;
use serde::Serialize;

use crate::measure::OUTCOMES;
use crate::measure::catalogue::position;
use crate::paired::{Better, Chosen, Credible, Percent, choices, percent};
use crate::sensitivity::{Region, region};

use super::super::{Answers, Asked, Shape, Swept};
use super::{Analysis, Design};

/// What holds over parameters and luck.
#[derive(Clone, Debug, Serialize)]
pub struct Over {
    /// The effect of a layout, or the outcome itself. The effects of the draws are kept of the country at the end only.
    pub credible: Credible,
    /// Share of draws at which it has the other sign than its mean.
    #[serde(skip)]
    pub turned: Option<f64>,
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
        shape: &Shape,
        by_replicate: &[f64],
        may_be_negative: bool,
    ) -> Option<Self> {
        let credible = Credible::of(&design.at_draws(shape, by_replicate)?)?;
        Some(Self {
            turned: turned(&credible),
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

/// Share of draws at which an effect has the other sign than its mean.
fn turned(credible: &Credible) -> Option<f64> {
    let other = |effect: &&f64| match credible.mean > 0.0 {
        true => **effect < 0.0,
        false => **effect > 0.0,
    };
    let known = credible.effects.iter().filter(|effect| effect.is_finite());
    let n = known.clone().count();
    (n > 0).then(|| known.filter(other).count() as f64 / n as f64)
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
    let at_the_end = swept.at_the_end();
    for one in analyses {
        if let (false, Some(over)) = (at_the_end.contains(&one.asked.slot), &mut one.over) {
            over.credible.effects = Vec::new();
        }
    }
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
    let values = |asked| design.at_draws(&answers.shape, &answers.by_replicate(asked));
    percent(
        (&one.over.as_ref()?.credible, &values(one.asked)?),
        (&of_level.credible, &values(level)?),
    )
}

/// Says how often each layout is best in the outcomes of the country that have a better direction.
fn choose(swept: Swept<'_>, answers: &Answers, analyses: &mut [Analysis]) {
    let own = swept.at_the_end().into_iter();
    for slot in own.filter(|slot| answers.has(*slot)) {
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
