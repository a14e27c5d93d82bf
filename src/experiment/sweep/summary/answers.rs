//! Outcomes of the points of a sweep.

use std::path::Path;

use crate::store::{Jobs, StoreError, Sweep, read_outcomes};

use super::Asked;

/// The values of all runs of a sweep.
#[derive(Clone, Debug)]
pub struct Answers {
    /// `[run · slots + slot]`; NaN where a run is not done.
    values: Vec<f64>,
    slots: usize,
    layouts: usize,
    replicates: usize,
    points: usize,
}

impl Answers {
    /// Reads them from the merged tables of a sweep.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Io`].
    pub fn read(dir: &Path, sweep: &Sweep, jobs: &Jobs) -> Result<Self, StoreError> {
        let slots = &sweep.slots;
        let months = f64::from(sweep.months);
        let mut values = vec![f64::NAN; jobs.len() * slots.len()];
        read_outcomes(dir, jobs, &mut |at, run| {
            let row = &mut values[at * slots.len()..(at + 1) * slots.len()];
            for ((value, slot), found) in row.iter_mut().zip(slots).zip(run) {
                *value = if found.is_nan() && slot.horizon.is_none() {
                    months
                } else {
                    *found
                };
            }
        })?;
        Ok(Self {
            values,
            layouts: jobs.layouts().len(),
            replicates: jobs.replicates().len(),
            points: jobs.points().len(),
            slots: slots.len(),
        })
    }

    /// Everything that can be asked: each slot in each layout, then what each other layout changes.
    pub fn questions(&self) -> Vec<Asked> {
        let mut list = Vec::new();
        let layouts = (0..self.layouts).map(|layout| (layout, None));
        let changes = (1..self.layouts).map(|layout| (layout, Some(0)));
        for (layout, versus) in layouts.chain(changes) {
            // Members of one layout say nothing about another.
            list.extend((0..self.slots).map(|slot| Asked {
                layout,
                versus,
                slot,
            }));
        }
        list
    }

    /// The values of each replicate of each point, point by point.
    pub fn by_replicate(&self, asked: Asked) -> Vec<f64> {
        let mut list = Vec::with_capacity(self.points * self.replicates);
        for point in 0..self.points {
            for replicate in 0..self.replicates {
                let of = |layout| self.value(point, layout, replicate, asked.slot);
                list.push(match asked.versus {
                    Some(versus) => of(asked.layout) - of(versus),
                    None => of(asked.layout),
                });
            }
        }
        list
    }

    fn value(&self, point: usize, layout: usize, replicate: usize, slot: usize) -> f64 {
        let run = (point * self.layouts + layout) * self.replicates + replicate;
        self.values[run * self.slots + slot]
    }

    /// The mean over replicates of each point, from [`Answers::by_replicate`].
    pub fn means(&self, by_replicate: &[f64]) -> Vec<f64> {
        let of = by_replicate.chunks_exact(self.replicates.max(1));
        of.map(|values| values.iter().sum::<f64>() / values.len() as f64)
            .collect()
    }

    /// Replicates of each point.
    pub fn replicates(&self) -> usize {
        self.replicates
    }

    /// Answers of one slot, by point, then layout, then replicate.
    #[cfg(test)]
    pub(super) fn new(layouts: usize, replicates: usize, values: Vec<f64>) -> Self {
        Self {
            points: values.len() / (layouts * replicates),
            values,
            slots: 1,
            layouts,
            replicates,
        }
    }
}
