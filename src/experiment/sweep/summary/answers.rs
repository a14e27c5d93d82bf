//! Outcomes of the points of a sweep.

use std::borrow::Cow;
use std::path::Path;

use crate::paired::{Choice, Difference, DrawName, difference};
use crate::store::{Jobs, StoreError, Sweep, read_months, read_outcomes};

use super::Asked;

/// The values of all runs of a sweep.
#[derive(Clone, Debug)]
pub struct Answers {
    /// `[run · slots + slot]`; NaN where a run is not done.
    values: Vec<f64>,
    slots: usize,
    layouts: usize,
    /// Layouts that are asked for; all layouts are these, then the same under each variant.
    policies: usize,
    replicates: usize,
    points: usize,
    shared: Shared,
    pool: Option<PoolOf>,
}

/// The pool that the replicates of each point are from.
#[derive(Clone, Debug)]
struct PoolOf {
    size: usize,
    /// Number of each replicate of each point, point by point.
    number: Vec<usize>,
}

/// The points and replicates that are used: of a sweep that is cut short a smaller one that is whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shared {
    /// Whether each point is used.
    pub points: Vec<bool>,
    /// The replicates, which all of these points have, in order.
    pub replicates: Vec<usize>,
}

impl Shared {
    /// From whether each replicate of each point is there, point by point: the points that have the replicate that most
    /// points have (the first of equals), and all replicates that all of these have.
    fn of(there: &[bool], replicates: usize) -> Self {
        let points: Vec<&[bool]> = there.chunks_exact(replicates.max(1)).collect();
        let count = |r: usize| points.iter().filter(|point| point[r]).count();
        let most = (0..replicates).rev().max_by_key(|r| count(*r)).unwrap_or(0);
        let used: Vec<bool> = points.iter().map(|point| point[most]).collect();
        let all = |r: &usize| {
            let mut both = points.iter().zip(&used);
            both.all(|(point, used)| !used || point[*r])
        };
        let replicates = (0..replicates).filter(all).collect();
        Self {
            points: used,
            replicates,
        }
    }

    /// Points that are used.
    pub fn used(&self) -> usize {
        self.points.iter().filter(|used| **used).count()
    }
}

impl Answers {
    /// Reads them from the merged tables of a sweep. A run that `failed`, by position, will not come: it leaves its
    /// point out, where one that is still missing leaves out its replicate.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Io`].
    pub fn read(
        dir: &Path,
        sweep: &Sweep,
        jobs: &Jobs,
        failed: &dyn Fn(usize) -> bool,
    ) -> Result<Self, StoreError> {
        let slots = &sweep.slots;
        let months = f64::from(sweep.months);
        let mut values = vec![f64::NAN; jobs.len() * slots.len()];
        let mut done = vec![false; jobs.len()];
        read_outcomes(dir, jobs, &mut |at, run| {
            done[at] = true;
            let row = &mut values[at * slots.len()..(at + 1) * slots.len()];
            for ((value, slot), found) in row.iter_mut().zip(slots).zip(run) {
                *value = if found.is_nan() && slot.horizon.is_none() {
                    months
                } else {
                    *found
                };
            }
        })?;
        let (layouts, replicates) = (jobs.layouts().len(), jobs.replicates().len());
        let there: Vec<bool> = (0..jobs.points().len() * replicates)
            .map(|at| {
                let (point, replicate) = (at / replicates, at % replicates);
                let run = |layout| (point * layouts + layout) * replicates + replicate;
                (0..layouts).map(run).all(|at| done[at] || failed(at))
            })
            .collect();
        let points = jobs.points().len();
        let numbers = (0..points * replicates).map(|at| {
            let (point, turn) = (at / replicates, at % replicates);
            jobs.replicate(point as u32, turn as u32) as usize
        });
        let pool = sweep.pool.then(|| PoolOf {
            size: jobs.pool() as usize,
            number: numbers.collect(),
        });
        Ok(Self {
            values,
            layouts,
            policies: sweep.policies(layouts),
            replicates,
            points,
            slots: slots.len(),
            shared: Shared::of(&there, replicates),
            pool,
        })
    }

    /// The values of the months that are kept of each run, each measure of each month as a slot: month by month; none
    /// where none are kept.
    ///
    /// # Errors
    /// As [`Answers::read`].
    pub fn months(
        &self,
        dir: &Path,
        sweep: &Sweep,
        jobs: &Jobs,
    ) -> Result<Option<Self>, StoreError> {
        let Some(kept) = &sweep.monthly else {
            return Ok(None);
        };
        let slots = kept.months.len() * kept.measures.len();
        let mut values = vec![f64::NAN; jobs.len() * slots];
        read_months(dir, jobs, &mut |at, run| {
            values[at * slots..(at + 1) * slots].copy_from_slice(run);
        })?;
        Ok(Some(Self {
            values,
            slots,
            ..self.clone()
        }))
    }

    /// The same values as those of [`Answers::by_replicate`] with a place for each replicate that any point meets, and
    /// how many these are: NaN where a point does not meet it.
    pub fn by_luck<'v>(&self, by_replicate: &'v [f64]) -> (Cow<'v, [f64]>, usize) {
        let Some(PoolOf { size, number }) = &self.pool else {
            return (Cow::Borrowed(by_replicate), self.replicates());
        };
        let mut all = vec![f64::NAN; self.points * size];
        let each = by_replicate.chunks_exact(self.replicates().max(1));
        for (point, values) in each.enumerate() {
            for (turn, value) in self.shared.replicates.iter().zip(values) {
                all[point * size + number[point * self.replicates + turn]] = *value;
            }
        }
        (Cow::Owned(all), *size)
    }

    /// Everything that can be asked: each slot in each layout, then what each other layout changes.
    pub fn questions(&self) -> Vec<Asked> {
        let mut list = Vec::new();
        let layouts = (0..self.layouts).map(|layout| (layout, None));
        let changes = (0..self.layouts).filter_map(|layout| {
            let versus = self.baseline_of(layout);
            (versus != layout).then_some((layout, Some(versus)))
        });
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

    /// The layout that one is compared with: the first under the same variant.
    pub fn baseline_of(&self, layout: usize) -> usize {
        layout - layout % self.policies
    }

    /// The position of a question among all.
    pub fn position(&self, asked: Asked) -> usize {
        let layout = match asked.versus {
            None => asked.layout,
            // Each variant has a baseline, of which nothing is asked here.
            Some(_) => self.layouts + asked.layout - asked.layout / self.policies - 1,
        };
        layout * self.slots + asked.slot
    }

    /// The values of each replicate that is used of each point, point by point; NaN of a point that is not used.
    pub fn by_replicate(&self, asked: Asked) -> Vec<f64> {
        let mut list = Vec::with_capacity(self.points * self.replicates);
        for point in 0..self.points {
            for &replicate in &self.shared.replicates {
                let of = |layout| match self.shared.points[point] {
                    true => self.value(point, layout, replicate, asked.slot),
                    false => f64::NAN,
                };
                list.push(match asked.versus {
                    Some(versus) => of(asked.layout) - of(versus),
                    None => of(asked.layout),
                });
            }
        }
        list
    }

    /// What a layout changes at a point, by luck alone; none where the point is not used, or a value is missing.
    pub fn difference(&self, asked: Asked, point: usize) -> Option<Difference> {
        let of = |layout: usize| -> Vec<f64> {
            let replicates = self.shared.replicates.iter();
            replicates
                .map(|r| self.value(point, layout, *r, asked.slot))
                .collect()
        };
        let (x, y) = (of(asked.versus?), of(asked.layout));
        let known = self.shared.points[point] && x.iter().chain(&y).all(|v| v.is_finite());
        // A t interval draws nothing that the name would name.
        let name = DrawName::new(0, 0, 0);
        known.then(|| difference(&x, &y, Choice::T, name)).flatten()
    }

    fn value(&self, point: usize, layout: usize, replicate: usize, slot: usize) -> f64 {
        let run = (point * self.layouts + layout) * self.replicates + replicate;
        self.values[run * self.slots + slot]
    }

    /// The mean over replicates of each point, from [`Answers::by_replicate`].
    pub fn means(&self, by_replicate: &[f64]) -> Vec<f64> {
        let of = by_replicate.chunks_exact(self.replicates().max(1));
        of.map(|values| values.iter().sum::<f64>() / values.len() as f64)
            .collect()
    }

    /// Replicates that are used of each point.
    pub fn replicates(&self) -> usize {
        self.shared.replicates.len()
    }

    /// Replicates of the pool that each point has some of; none where all points have the same.
    pub fn pool(&self) -> Option<usize> {
        self.pool.as_ref().map(|pool| pool.size)
    }

    /// What is used.
    pub fn shared(&self) -> &Shared {
        &self.shared
    }

    /// Answers of one slot, by point, then layout, then replicate.
    #[cfg(test)]
    pub(super) fn new(layouts: usize, replicates: usize, values: Vec<f64>) -> Self {
        let points = values.len() / (layouts * replicates);
        Self {
            points,
            shared: Shared::of(&vec![true; points * replicates], replicates),
            values,
            slots: 1,
            layouts,
            policies: layouts,
            replicates,
            pool: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shared(points: &[&[u8]]) -> (Vec<bool>, Vec<usize>) {
        let there: Vec<bool> = points.concat().iter().map(|there| *there > 0).collect();
        let found = Shared::of(&there, points[0].len());
        (found.points, found.replicates)
    }

    /// A sweep that is cut short is a smaller sweep.
    #[test]
    fn what_all_points_share_is_used() {
        assert_eq!(shared(&[&[1, 1], &[1, 1]]), (vec![true, true], vec![0, 1]));
        // The third replicate was begun at some points.
        let cut: [&[u8]; 3] = [&[1, 1, 1], &[1, 1, 0], &[1, 1, 0]];
        assert_eq!(shared(&cut), (vec![true; 3], vec![0, 1]));
        // One share of two: no replicate is at all points, and the first is at as many as any.
        let share: [&[u8]; 3] = [&[1, 0, 1], &[0, 1, 0], &[1, 0, 1]];
        assert_eq!(shared(&share), (vec![true, false, true], vec![0, 2]));
        let nothing: [&[u8]; 2] = [&[0, 0], &[0, 0]];
        assert_eq!(shared(&nothing).0, [false, false]);
        assert_eq!(shared(&[&[0]]), (vec![false], vec![0]));
    }
}
