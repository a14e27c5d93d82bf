//! What counts of the country as it is would tell of what layouts change.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::draw::id_hash;
use crate::paired::{counted, explained};

use super::indices::at_draws;
use super::{Asked, Summary};

/// What a count would tell of an effect.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Information {
    /// The question.
    pub asked: Asked,
    /// Position of the target.
    pub target: usize,
    /// Share of the variance of the effect over draws that the count takes away.
    pub share: f64,
}

impl Summary<'_> {
    /// What each target would tell of what each layout changes about the country at the end; nothing where there are no
    /// targets, or the points are not draws.
    pub(super) fn find_information(&self) -> Vec<Information> {
        let targets = 0..self.swept.sweep.targets.len();
        let counts: Vec<Option<(Vec<f64>, usize)>> =
            targets.into_par_iter().map(|at| self.counts(at)).collect();
        let alike = &self.design.alike();
        let slots = self.swept.at_the_end();
        let layouts = 1..self.swept.policies();
        let asked = slots.into_iter().flat_map(|slot| {
            let of = move |layout| Asked {
                layout,
                versus: Some(0),
                slot,
            };
            layouts.clone().map(of)
        });
        let asked: Vec<Asked> = asked.collect();
        let each = asked.into_par_iter().flat_map_iter(|asked| {
            let over = self.analysis(asked).and_then(|one| one.over.as_ref());
            let effects = over.map(|over| &over.credible.effects);
            let each = counts.iter().enumerate();
            each.filter_map(move |(target, counts)| {
                let (counts, replicates) = counts.as_ref()?;
                Some(Information {
                    asked,
                    target,
                    share: explained(effects?, counts, *replicates, alike)?,
                })
            })
        });
        each.collect()
    }

    /// What somebody who counts a target would find, by draw, then replicate: in the baseline, with the error of the count
    /// and what the model misses of it.
    fn counts(&self, target: usize) -> Option<(Vec<f64>, usize)> {
        let entry = &self.swept.sweep.targets[target];
        let of_slot = |slot| {
            let asked = Asked {
                layout: 0,
                versus: None,
                slot,
            };
            let by_replicate = self.answers.by_replicate(asked);
            let (values, replicates) = at_draws(&self.design, &self.answers, &by_replicate)?;
            Some((slot, (values, replicates)))
        };
        let slots: Option<BTreeMap<usize, (Vec<f64>, usize)>> =
            entry.statistic.slots().map(of_slot).collect();
        let slots = slots?;
        let (values, replicates) = &slots[&entry.statistic.own.at];
        let (count, replicates) = (values.len(), *replicates);
        let at = |n: usize| entry.statistic.of(|slot| slots[&slot].0[n]);
        let mut values: Vec<f64> = (0..count).map(at).collect();
        let (seed, name) = (self.swept.seed, id_hash(&entry.id));
        counted(&mut values, replicates, entry.sd, seed, name);
        Some((values, replicates))
    }

    /// What each target would tell of an effect, the most first.
    pub fn information(&self, asked: Asked) -> Vec<Information> {
        let own = self.information.iter().filter(|of| of.asked == asked);
        let mut list: Vec<Information> = own.copied().collect();
        list.sort_by(|a, b| b.share.total_cmp(&a.share).then(a.target.cmp(&b.target)));
        list
    }
}
