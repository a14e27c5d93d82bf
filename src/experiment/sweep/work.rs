//! A sweep as an experiment: the values that are kept of each run.

use std::path::Path;
use std::sync::Arc;

use crate::experiment::compare::observe_in;
use crate::experiment::observe::no_memory;
use crate::experiment::request::{self, Request};
use crate::experiment::session::{Experiment, Failure, Work};
use crate::scenario::Problems;
use crate::store::{Asked, Folder, Job, Payload};
use crate::texts::Text;

use super::{Plan, Point, read_plan};

/// A sweep that is ready.
#[derive(Clone, Debug)]
pub struct Sweep {
    /// The request: for a sweep, or for a comparison over draws of the parameters.
    pub request: Request,
    /// The plan.
    pub plan: Arc<Plan>,
}

/// Reads and checks the plan of a request, to be run on so many threads.
///
/// # Errors
/// What [`read_plan`] tells.
pub fn plan(request: request::Sweep, threads: u32) -> Result<Sweep, Problems> {
    let plan = Arc::new(read_plan(&request.plan, threads)?);
    Ok(Sweep {
        request: Request::Sweep(request),
        plan,
    })
}

impl Experiment for Sweep {
    fn asked(&self, replicates: u32) -> Asked {
        self.plan.asked(&self.request, replicates)
    }

    fn replicates(&self, _: Option<&Path>) -> Result<u32, Failure> {
        Ok(self.plan.document.spec.replicates)
    }

    fn work(&self, _: &Folder) -> Work {
        let plan = Arc::clone(&self.plan);
        Box::new(move |job, _| values(&plan, job).map(Payload::Values))
    }

    fn most_firms(&self) -> f64 {
        self.plan.comparison.most_firms()
    }

    fn is_scattered(&self) -> bool {
        self.plan.is_scattered()
    }
}

/// The values that are kept of a run.
///
/// # Errors
/// Why its point has no world, or its replicate no memory.
pub fn values(plan: &Plan, job: Job) -> Result<Vec<f64>, Text> {
    let side = usize::from(job.layout);
    let world = Point::new(plan, job.point).world(side)?;
    let observed = observe_in(&plan.comparison, side, &world, job.replicate).map_err(no_memory)?;
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
