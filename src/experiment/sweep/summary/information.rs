//! What counts of the country as it is would tell of what layouts change.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::draw::id_hash;
use crate::paired::{counted, explained};
use crate::store::StoreError;

use super::{Answers, Asked, Summary};

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

/// Reads the values of some slots.
type Read<'r> = dyn Fn(&[usize]) -> Result<Answers, StoreError> + 'r;

impl Summary<'_> {
    /// What each target would tell of what each layout changes about the country at the end; nothing where there are no
    /// targets, or the points are not draws.
    ///
    /// # Errors
    /// Those of reading.
    pub(super) fn find_information(&self, read: &Read<'_>) -> Result<Vec<Information>, StoreError> {
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
        let mut all = Vec::new();
        for target in 0..self.swept.sweep.targets.len() {
            let Some((counts, replicates)) = self.counts(target, read)? else {
                continue;
            };
            let each = asked.par_iter().filter_map(|asked| {
                let over = self.analysis(*asked)?.over.as_ref()?;
                let effects = &over.credible.effects;
                Some(Information {
                    asked: *asked,
                    target,
                    share: explained(effects, &counts, replicates, alike)?,
                })
            });
            all.extend(each.collect::<Vec<Information>>());
        }
        let asked_first = |of: &Information| {
            let at = asked.iter().position(|asked| *asked == of.asked);
            (at, of.target)
        };
        all.sort_by_key(asked_first);
        Ok(all)
    }

    /// What somebody who counts a target would find, by draw, then replicate: in the baseline, with the error of the count
    /// and what the model misses of it.
    fn counts(
        &self,
        target: usize,
        read: &Read<'_>,
    ) -> Result<Option<(Vec<f64>, usize)>, StoreError> {
        let entry = &self.swept.sweep.targets[target];
        let mut slots: Vec<usize> = entry.statistic.slots().collect();
        slots.sort_unstable();
        slots.dedup();
        let answers = read(&slots)?;
        let shape = &answers.shape;
        let replicates = shape.pool().unwrap_or(shape.replicates());
        let of_slot = |slot: &usize| {
            let asked = Asked {
                layout: 0,
                versus: None,
                slot: *slot,
            };
            let by_replicate = answers.by_replicate(asked);
            let met = self.design.at_draws(shape, &by_replicate)?;
            Some((*slot, met.spread(replicates)))
        };
        let slots: Option<BTreeMap<usize, Vec<f64>>> = slots.iter().map(of_slot).collect();
        let Some(slots) = slots else {
            return Ok(None);
        };
        let count = slots[&entry.statistic.own.at].len();
        let at = |n: usize| entry.statistic.of(|slot| slots[&slot][n]);
        let mut values: Vec<f64> = (0..count).map(at).collect();
        let (seed, name) = (self.swept.seed, id_hash(&entry.id));
        counted(&mut values, replicates, entry.sd, seed, name);
        Ok(Some((values, replicates)))
    }

    /// What each target would tell of an effect, the most first.
    pub fn information(&self, asked: Asked) -> Vec<Information> {
        let own = self.information.iter().filter(|of| of.asked == asked);
        let mut list: Vec<Information> = own.copied().collect();
        list.sort_by(|a, b| b.share.total_cmp(&a.share).then(a.target.cmp(&b.target)));
        list
    }
}
