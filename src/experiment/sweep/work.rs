//! A worker: runs what is left of a shard and keeps each run as soon as it is finished.

use std::path::Path;
use std::sync::Arc;

use crate::experiment::compare::observe_in;
use crate::experiment::runner::{self, Keep, Outcome, Progress, Session};
use crate::experiment::{Job, Jobs, Order, Shard};
use crate::store::StoreError;
use crate::store::sweep::{Record, State, SweepManifest, Worker};
use crate::world::memory;

use super::{Plan, Point};

/// A sweep that is being worked on.
#[derive(Clone, Copy, Debug)]
pub struct Work<'a> {
    /// The plan.
    pub plan: &'a Arc<Plan>,
    /// Its runs.
    pub jobs: &'a Arc<Jobs>,
    /// What is swept.
    pub manifest: &'a SweepManifest,
    /// The folder.
    pub dir: &'a Path,
    /// The share of the runs.
    pub shard: Shard,
    /// Whether runs that failed are run again.
    pub retry_failed: bool,
}

impl Work<'_> {
    /// The order of this shard's runs.
    pub fn order(&self) -> Order {
        Order::new(self.jobs, self.plan.is_scattered(), self.shard)
    }

    /// Whether a run in this state is to be run.
    pub fn wants(&self, state: State) -> bool {
        state == State::Left || state == State::Failed && self.retry_failed
    }

    /// Runs what is left; `states` say what is done.
    ///
    /// # Errors
    /// A run that could not be kept; what was kept before stays.
    pub fn run(
        &self,
        states: &[State],
        session: &Session,
        progress: &Arc<dyn Progress>,
    ) -> Result<Outcome, StoreError> {
        let wanted: Vec<bool> = states.iter().map(|state| self.wants(*state)).collect();
        let jobs = Arc::clone(self.jobs);
        let left = self.order().jobs(move |job| wanted[jobs.at(job)]);
        let (firms, threads) = (self.plan.comparison.most_firms(), session.threads());
        let at_a_time = memory::at_a_time(firms, threads as usize);
        let plan = Arc::clone(self.plan);
        let work = move |job: Job, _: &dyn Fn()| values(&plan, job);
        let mut keep = Runs {
            worker: Worker::begin(self.dir, self.manifest, self.shard, threads)?,
            of: *self,
        };
        let outcome = runner::run(left, at_a_time, work, &mut keep, session, progress);
        keep.worker.end(self.jobs, self.manifest)?;
        outcome
    }
}

struct Runs<'a> {
    worker: Worker,
    of: Work<'a>,
}

impl Keep<Vec<f64>> for Runs<'_> {
    fn took(&mut self, job: Job) -> Result<(), StoreError> {
        self.worker.took(self.of.jobs, job)
    }

    fn keep(
        &mut self,
        job: Job,
        seconds: f64,
        result: Result<Vec<f64>, String>,
    ) -> Result<(), StoreError> {
        let record = Record {
            key: job,
            seconds,
            result,
        };
        self.worker.keep(self.of.jobs, self.of.manifest, record)
    }

    fn tick(&mut self) -> Result<(), StoreError> {
        self.worker.tick()
    }
}

/// The values that are kept of a run.
///
/// # Errors
/// Why its point has no world.
pub fn values(plan: &Plan, job: Job) -> Result<Vec<f64>, String> {
    let side = usize::from(job.layout);
    let world = Point::new(plan, job.point).world(side)?;
    let observed = observe_in(&plan.comparison, side, &world, job.replicate);
    let mut values: Vec<f64> = plan
        .kept
        .iter()
        .map(|slot| observed.values[*slot])
        .collect();
    if let Some((months, measures)) = &plan.monthly {
        for row in months.iter().map(|t| &observed.rows[usize::from(*t)]) {
            values.extend(measures.iter().map(|measure| measure.value.of_month(row)));
        }
    }
    Ok(values)
}
