//! What a sweep takes: memory, time, disk.

use std::path::Path;

use serde::Serialize;

use crate::experiment::runner;
use crate::store::Job;

use super::{Sweep, values};

/// What a sweep costs.
#[derive(Clone, Debug, Serialize)]
pub struct Cost {
    /// Its name.
    pub name: String,
    /// Kind of its design.
    pub design: String,
    /// Rows of the design.
    pub rows: u64,
    /// Distinct points.
    pub points: u64,
    /// Names of the layouts, the baseline first.
    pub layouts: Vec<String>,
    /// Replicates of each point and layout.
    pub replicates: u32,
    /// Runs.
    pub runs: u64,
    /// Values that are kept of a run.
    pub values_per_run: usize,
    /// Wall time of a run that was measured here, in seconds.
    pub run_seconds: f64,
    /// Threads.
    pub threads: u32,
    /// Wall time of all runs on so many threads, in seconds.
    pub seconds: f64,
    /// Bytes of memory of so many runs at a time.
    pub memory_bytes: u64,
    /// Bytes of logs and tables.
    pub disk_bytes: u64,
}

impl Sweep {
    /// What it costs on so many threads. A run is made and measured.
    pub fn cost(&self, threads: u32) -> Cost {
        let plan = &self.plan;
        let what = plan.sweep(self.request.points().unwrap_or(Path::new("")));
        // The dearest run that can be known: the first point of every layout would take too long here.
        let layout = (plan.comparison.sides.len() - 1) as u16;
        let job = Job {
            point: 0,
            layout,
            replicate: 0,
        };
        let (_, run_seconds) = runner::timed(|| values(plan, job));
        let (values, runs) = (what.values(), plan.runs());
        let sides = plan.comparison.sides.iter();
        Cost {
            rows: what.rows,
            points: plan.points.len() as u64,
            layouts: sides.map(|side| side.name.clone()).collect(),
            replicates: plan.document.spec.replicates,
            name: what.name,
            design: what.design.name().to_owned(),
            runs,
            values_per_run: values,
            run_seconds,
            threads,
            seconds: run_seconds * runs as f64 / f64::from(threads),
            memory_bytes: plan.memory.map_or(0, |all| all.bytes(threads as usize)),
            // Eight bytes a value in each of the two, and what names the run.
            disk_bytes: runs * (2 * 8 * values as u64 + 200),
        }
    }
}
