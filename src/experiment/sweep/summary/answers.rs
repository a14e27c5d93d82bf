//! Outcomes of the points of a sweep, some slots at a time: memory does not grow with the runs times the slots.

use std::path::Path;

use crate::paired::{Choice, Difference, DrawName, difference};
use crate::store::{Jobs, StoreError, Sweep, read_months, read_outcomes};

use super::Asked;

/// Values of runs that are in memory at a time.
const VALUES: usize = 1 << 20;

/// The layouts, points and replicates of a sweep, and what of them is used.
#[derive(Clone, Debug)]
pub struct Shape {
    layouts: usize,
    /// Layouts that are asked for; all layouts are these, then the same under each variant.
    policies: usize,
    replicates: usize,
    points: usize,
    shared: Shared,
    pool: Option<PoolOf>,
}

/// The values of some slots of all runs of a sweep.
#[derive(Clone, Debug)]
pub struct Answers {
    /// `[run · slots + slot]`; NaN where a run is not done.
    values: Vec<f64>,
    /// Positions of the slots, ascending.
    slots: Vec<usize>,
    /// The runs.
    pub shape: Shape,
}

/// The pool that the replicates of each point are from.
#[derive(Clone, Debug)]
struct PoolOf {
    size: usize,
    /// Number of each replicate of each point, point by point.
    number: Vec<u32>,
}

/// As many of these slots of so many runs as may be in memory at a time, part by part; one part without any slots.
pub fn blocks(runs: usize, slots: &[usize]) -> Vec<&[usize]> {
    let at_a_time = (VALUES / runs.max(1)).max(1);
    match slots {
        [] => vec![slots],
        slots => slots.chunks(at_a_time).collect(),
    }
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

impl Shape {
    /// Of which runs are `done`; those that `failed` will not come.
    fn new(sweep: &Sweep, jobs: &Jobs, done: &[bool], failed: &dyn Fn(usize) -> bool) -> Self {
        let (layouts, replicates) = (jobs.layouts().len(), jobs.replicates().len());
        let points = jobs.points().len();
        let there: Vec<bool> = (0..points * replicates)
            .map(|at| {
                let (point, replicate) = (at / replicates, at % replicates);
                let run = |layout| (point * layouts + layout) * replicates + replicate;
                (0..layouts).map(run).all(|at| done[at] || failed(at))
            })
            .collect();
        let numbers = (0..points * replicates).map(|at| {
            let (point, turn) = (at / replicates, at % replicates);
            jobs.replicate(point as u32, turn as u32)
        });
        let pool = sweep.pool.then(|| PoolOf {
            size: jobs.pool() as usize,
            number: numbers.collect(),
        });
        Self {
            layouts,
            policies: sweep.policies(layouts),
            replicates,
            points,
            shared: Shared::of(&there, replicates),
            pool,
        }
    }

    /// The replicates of a point that are used, and its values in them, from [`Answers::by_replicate`].
    pub fn met(&self, by_replicate: &[f64], point: usize) -> impl Iterator<Item = (u32, f64)> {
        let first = point * self.replicates();
        let values = &by_replicate[first..first + self.replicates()];
        let number = move |turn: usize| match &self.pool {
            None => turn as u32,
            Some(pool) => pool.number[point * self.replicates + turn],
        };
        let turns = self.shared.replicates.iter();
        turns
            .zip(values)
            .map(move |(turn, value)| (number(*turn), *value))
    }

    /// The layout that one is compared with: the first under the same variant.
    pub fn baseline_of(&self, layout: usize) -> usize {
        layout - layout % self.policies
    }

    /// The position of a question among all about so many slots, where its slot is the one at `slot` of them.
    pub fn position(&self, asked: Asked, slot: usize, slots: usize) -> usize {
        let layout = match asked.versus {
            None => asked.layout,
            // Each variant has a baseline, of which nothing is asked here.
            Some(_) => self.layouts + asked.layout - asked.layout / self.policies - 1,
        };
        layout * slots + slot
    }

    /// The mean over replicates of each point, from [`Answers::by_replicate`].
    pub fn means(&self, by_replicate: &[f64]) -> Vec<f64> {
        let of = by_replicate.chunks_exact(self.replicates().max(1));
        of.map(|values| values.iter().sum::<f64>() / values.len() as f64)
            .collect()
    }

    /// Distinct points.
    pub fn points(&self) -> usize {
        self.points
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
}

impl Answers {
    /// Reads those of some slots from the merged tables of a sweep. A run that `failed`, by position, will not come: it
    /// leaves its point out, where one that is still missing leaves out its replicate.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], [`StoreError::Io`].
    pub fn read(
        dir: &Path,
        sweep: &Sweep,
        jobs: &Jobs,
        failed: &dyn Fn(usize) -> bool,
        slots: &[usize],
    ) -> Result<Self, StoreError> {
        let months = f64::from(sweep.months);
        let mut values = vec![f64::NAN; jobs.len() * slots.len()];
        let mut done = vec![false; jobs.len()];
        read_outcomes(dir, jobs, &mut |at, run| {
            done[at] = true;
            let row = &mut values[at * slots.len()..(at + 1) * slots.len()];
            for (value, slot) in row.iter_mut().zip(slots) {
                *value = match sweep.slots[*slot].horizon {
                    None if run[*slot].is_nan() => months,
                    _ => run[*slot],
                };
            }
        })?;
        Ok(Self {
            values,
            slots: slots.to_vec(),
            shape: Shape::new(sweep, jobs, &done, failed),
        })
    }

    /// The values of some of the months that are kept of each run, each measure of each month as a slot: month by month.
    ///
    /// # Errors
    /// As [`Answers::read`].
    pub fn months(
        dir: &Path,
        jobs: &Jobs,
        shape: &Shape,
        slots: &[usize],
    ) -> Result<Self, StoreError> {
        let mut values = vec![f64::NAN; jobs.len() * slots.len()];
        read_months(dir, jobs, &mut |at, run| {
            let row = &mut values[at * slots.len()..(at + 1) * slots.len()];
            for (value, slot) in row.iter_mut().zip(slots) {
                *value = run[*slot];
            }
        })?;
        Ok(Self {
            values,
            slots: slots.to_vec(),
            shape: shape.clone(),
        })
    }

    /// Everything that can be asked about these slots: each in each layout, then what each other layout changes.
    pub fn questions(&self) -> Vec<Asked> {
        let mut list = Vec::new();
        let all = 0..self.shape.layouts;
        let layouts = all.clone().map(|layout| (layout, None));
        let changes = all.filter_map(|layout| {
            let versus = self.shape.baseline_of(layout);
            (versus != layout).then_some((layout, Some(versus)))
        });
        for (layout, versus) in layouts.chain(changes) {
            // Members of one layout say nothing about another.
            list.extend(self.slots.iter().map(|slot| Asked {
                layout,
                versus,
                slot: *slot,
            }));
        }
        list
    }

    /// The position of a question among [`Answers::questions`].
    pub fn position(&self, asked: Asked) -> usize {
        self.shape
            .position(asked, self.column(asked.slot), self.slots.len())
    }

    /// The values of each replicate that is used of each point, point by point; NaN of a point that is not used.
    pub fn by_replicate(&self, asked: Asked) -> Vec<f64> {
        let shape = &self.shape;
        let column = self.column(asked.slot);
        let mut list = Vec::with_capacity(shape.points * shape.replicates());
        for point in 0..shape.points {
            for &replicate in &shape.shared.replicates {
                let of = |layout| match shape.shared.points[point] {
                    true => self.value(point, layout, replicate, column),
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
        let column = self.column(asked.slot);
        let of = |layout: usize| -> Vec<f64> {
            let replicates = self.shape.shared.replicates.iter();
            replicates
                .map(|r| self.value(point, layout, *r, column))
                .collect()
        };
        let (x, y) = (of(asked.versus?), of(asked.layout));
        let known = self.shape.shared.points[point] && x.iter().chain(&y).all(|v| v.is_finite());
        // A t interval draws nothing that the name would name.
        let name = DrawName::new(0, 0, 0);
        known.then(|| difference(&x, &y, Choice::T, name)).flatten()
    }

    /// Whether a slot is one of these.
    pub fn has(&self, slot: usize) -> bool {
        self.slots.binary_search(&slot).is_ok()
    }

    /// Where the values of a slot, which is one of these, stand among those of a run.
    fn column(&self, slot: usize) -> usize {
        self.slots.partition_point(|own| *own < slot)
    }

    fn value(&self, point: usize, layout: usize, replicate: usize, column: usize) -> f64 {
        let shape = &self.shape;
        let run = (point * shape.layouts + layout) * shape.replicates + replicate;
        self.values[run * self.slots.len() + column]
    }

    /// Answers of one slot, by point, then layout, then replicate.
    #[cfg(test)]
    pub(super) fn new(layouts: usize, replicates: usize, values: Vec<f64>) -> Self {
        let points = values.len() / (layouts * replicates);
        Self {
            values,
            slots: vec![0],
            shape: Shape {
                points,
                shared: Shared::of(&vec![true; points * replicates], replicates),
                layouts,
                policies: layouts,
                replicates,
                pool: None,
            },
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
