//! What a layout changes under each variant of the model: whether it has the same sign everywhere, over what it ranges,
//! and whether layouts are in the same order.

use std::cmp::Ordering;

use crate::measure::OUTCOMES;
use crate::measure::catalogue::position;
use crate::paired::{Better, Difference};

use super::{Asked, Over, Summary};

/// What a layout changes about an outcome.
#[derive(Clone, Debug)]
pub enum Effect<'s> {
    /// Over draws of the parameters.
    Drawn(&'s Over),
    /// At one point: what is left is luck.
    Luck(Box<Difference>),
}

impl Effect<'_> {
    /// The effect.
    pub fn mean(&self) -> f64 {
        match self {
            Self::Drawn(over) => over.credible.mean,
            Self::Luck(difference) => difference.mean,
        }
    }

    /// Its credible interval; at one point the luck interval, none of one replicate.
    pub fn interval(&self) -> Option<[f64; 2]> {
        match self {
            Self::Drawn(over) => Some(over.credible.credible),
            Self::Luck(difference) => Some([difference.low?, difference.high?]),
        }
    }

    fn sign(&self) -> Option<Ordering> {
        self.mean().partial_cmp(&0.0)
    }

    /// Whether it is exactly 0: nothing differs, in no draw and no replicate.
    pub fn is_nothing(&self) -> bool {
        self.mean() == 0.0 && self.interval().is_none_or(|ends| ends == [0.0; 2])
    }

    /// Its sign, where the interval leaves out 0; an effect that is exactly 0 has one, too.
    fn told_sign(&self) -> Option<Ordering> {
        match self.interval() {
            Some([low, high]) if low < 0.0 && high > 0.0 => None,
            _ => self.sign(),
        }
    }

    /// In per cent of the baseline, with the ends of the interval where there is one.
    pub fn percent(&self) -> Option<(f64, Option<[f64; 2]>)> {
        match self {
            Self::Drawn(over) => over.percent.map(|of| (of.mean, Some(of.credible))),
            Self::Luck(of) => {
                let ends = of.percent_low.zip(of.percent_high);
                Some((of.percent?, ends.map(<[f64; 2]>::from)))
            }
        }
    }
}

/// A layout under a variant of the model.
#[derive(Clone, Debug)]
pub struct Under<'s> {
    /// Number of the variant; 0 is the scenario as it is.
    pub variant: usize,
    /// The question: the layout under the variant, and the baseline under the same one.
    pub asked: Asked,
    /// What the layout changes.
    pub effect: Effect<'s>,
    /// Whether it has the sign that it has in the scenario as it is; none where its interval holds 0, or where it is
    /// nothing at all but in the scenario as it is.
    pub same_sign: Option<bool>,
    /// Its place among all layouts under the variant, the baseline among them, the best first; none where an outcome has
    /// no better direction.
    pub rank: Option<usize>,
    /// Whether the mean effects of all layouts are in the order of the scenario as it is.
    pub same_ranking: Option<bool>,
}

impl<'a> Summary<'a> {
    /// What a layout changes about a slot; none where the points are neither draws nor a single one.
    pub fn effect(&self, layout: usize, slot: usize) -> Option<Effect<'_>> {
        let asked = Asked {
            layout,
            versus: Some(self.shape.baseline_of(layout)),
            slot,
        };
        let analysis = self.analysis(asked)?;
        match self.shape.points() {
            1 => {
                let of = (*analysis.at_points.first()?)?;
                Some(Effect::Luck(Box::new(of)))
            }
            _ => Some(Effect::Drawn(analysis.over.as_ref()?)),
        }
    }

    /// What the layouts change about all slots; nothing where there are no variants.
    pub fn all_under_variants(&self) -> Vec<Under<'_>> {
        let varied = self.swept.models().len() > 1;
        let slots = (0..self.swept.sweep.slots.len()).filter(|_| varied);
        slots.flat_map(|slot| self.under_variants(slot)).collect()
    }

    /// What the layouts that are asked for change about a slot, under the scenario as it is and then under each variant;
    /// nothing where an effect is not known.
    pub fn under_variants(&self, slot: usize) -> Vec<Under<'_>> {
        let policies = self.swept.policies();
        let outcome = position(&self.swept.sweep.slots[slot].outcome);
        let better = outcome.and_then(|at| OUTCOMES[at].better);
        let of_variant = |variant: usize| -> Option<Vec<Effect<'_>>> {
            let first = variant * policies;
            let layouts = first + 1..first + policies;
            layouts.map(|layout| self.effect(layout, slot)).collect()
        };
        let Some(own) = of_variant(0) else {
            return Vec::new();
        };
        let ranks_of = |effects: &[Effect<'_>]| better.map(|better| ranks(effects, better));
        let own_ranks = ranks_of(&own);
        let mut all = Vec::new();
        for variant in self.swept.models() {
            let Some(effects) = of_variant(variant) else {
                continue;
            };
            let ranks = ranks_of(&effects);
            for (at, effect) in effects.into_iter().enumerate() {
                let first = variant * policies;
                all.push(Under {
                    variant,
                    asked: Asked {
                        layout: first + 1 + at,
                        versus: Some(first),
                        slot,
                    },
                    same_sign: match effect.is_nothing() && !own[at].is_nothing() {
                        true => None,
                        false => effect.told_sign().map(|sign| Some(sign) == own[at].sign()),
                    },
                    effect,
                    rank: ranks.as_ref().map(|ranks| ranks[at + 1]),
                    same_ranking: own_ranks.as_ref().map(|own| Some(own) == ranks.as_ref()),
                });
            }
        }
        all
    }
}

/// The places of the baseline, which changes nothing, and of the layouts: 1 is the best, equals share the better place.
fn ranks(effects: &[Effect<'_>], better: Better) -> Vec<usize> {
    let gain = |effect: &Effect<'_>| match better {
        Better::Higher => effect.mean(),
        Better::Lower => -effect.mean(),
    };
    let gains: Vec<f64> = std::iter::once(0.0)
        .chain(effects.iter().map(gain))
        .collect();
    let ahead = |own: &f64| gains.iter().filter(|other| **other > *own).count();
    gains.iter().map(|own| 1 + ahead(own)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paired::{Choice, DrawName, difference};

    #[test]
    fn the_best_is_first_and_equals_share_a_place() {
        let effect = |by: f64| {
            let name = DrawName::new(1, 2, 3);
            let found = difference(&[1.0, 2.0], &[1.0 + by, 2.0 + by], Choice::T, name);
            Effect::Luck(Box::new(found.unwrap()))
        };
        let effects = [effect(0.5), effect(-1.0), effect(0.5)];
        assert_eq!(ranks(&effects, Better::Higher), [3, 1, 4, 1]);
        assert_eq!(ranks(&effects, Better::Lower), [2, 3, 1, 3]);
    }
}
