//! What holds over the distributions of the parameters, of a design whose points are draws of them.

use crate::measure::OUTCOMES;
use crate::measure::catalogue::position;
use crate::paired::{Better, Chosen, Credible, choices, percent};

use super::super::{Answers, Asked, Swept};
use super::{Analysis, Design};

/// What holds over parameters and luck.
#[derive(Clone, Debug)]
pub struct Over {
    /// The effect of a layout, or the outcome itself.
    pub credible: Credible,
    /// Of an effect, in per cent of the baseline: mean over draws, and its credible interval.
    pub percent: Option<[f64; 3]>,
    /// How often the layout is best in this outcome of the country, and what it costs where it is not; beside the
    /// effect, of the baseline beside the outcome itself.
    pub chosen: Option<Chosen>,
}

impl Over {
    /// Of a question and its values; none of a design whose points are chosen, or with too few of them.
    pub fn of(
        design: &Design,
        answers: &Answers,
        asked: Asked,
        by_replicate: &[f64],
    ) -> Option<Self> {
        let replicates = answers.replicates();
        let values = design.at_draws(by_replicate, replicates)?;
        let percent = asked.versus.and_then(|versus| {
            let level = answers.by_replicate(Asked {
                layout: versus,
                versus: None,
                ..asked
            });
            percent(&values, &design.at_draws(&level, replicates)?, replicates)
        });
        Some(Self {
            credible: Credible::of(&values, replicates)?,
            percent,
            chosen: None,
        })
    }
}

/// Says which layout is best, and how often, in each outcome of the country that has a better direction.
pub fn choose(swept: Swept<'_>, analyses: &mut [Analysis]) {
    for slot in swept.at_the_end() {
        let outcome = position(&swept.sweep.slots[slot].outcome);
        let Some(better) = outcome.and_then(|at| OUTCOMES[at].better) else {
            continue;
        };
        let asked = (0..swept.layouts.len()).map(|layout| Asked {
            layout,
            versus: (layout > 0).then_some(0),
            slot,
        });
        let find = |asked: Asked| analyses.iter().position(|one| one.asked == asked);
        let Some(places) = asked.map(find).collect::<Option<Vec<usize>>>() else {
            continue;
        };
        let gains = places.iter().enumerate().map(|(layout, at)| {
            let effects = &analyses[*at].over.as_ref()?.credible.effects;
            let gain = |effect: &f64| match (layout, better) {
                // The baseline changes nothing against itself.
                (0, _) => 0.0 * effect,
                (_, Better::Higher) => *effect,
                (_, Better::Lower) => -effect,
            };
            Some(effects.iter().map(gain).collect())
        });
        let Some(gains) = gains.collect::<Option<Vec<Vec<f64>>>>() else {
            continue;
        };
        let chosen = choices(&gains).unwrap_or_default();
        for (at, chosen) in places.into_iter().zip(chosen) {
            if let Some(over) = &mut analyses[at].over {
                over.chosen = Some(chosen);
            }
        }
    }
}
