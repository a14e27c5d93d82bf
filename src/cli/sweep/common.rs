//! What the commands of `sweep` have in common: a plan that is read, a folder that is opened.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::experiment::build::memory_problem_of_all;
use crate::experiment::request;
use crate::experiment::sweep::{Sweep, plan};
use crate::scenario::Problems;
use crate::store::{Folder, StoreError};
use crate::world::memory::{self, MemoryEstimate, Recorded};

use super::super::session::{refused, results};
use super::super::{Exit, wrong};

/// Reads and checks a plan.
///
/// # Errors
/// The exit code; what is wrong has been said.
pub fn read(path: &Path, json: bool) -> Result<Sweep, Exit> {
    let request = request::Sweep {
        plan: path.to_path_buf(),
    };
    plan(request).map_err(|problems| wrong(&problems, json))
}

/// What is asked of a sweep, and where it goes.
#[derive(Debug, Args)]
pub struct Ask {
    /// The plan
    pub plan: PathBuf,
    /// Folder of the sweep [default: results/NAME]
    #[arg(long, value_name = "DIR", overrides_with = "out")]
    out: Option<PathBuf>,
}

impl Ask {
    /// The folder of the sweep.
    pub fn dir(&self, sweep: &Sweep) -> PathBuf {
        let usual = || results(&sweep.plan.document.spec.name);
        self.out.clone().unwrap_or_else(usual)
    }
}

/// What the worlds of all layouts and the runs at a time need.
pub fn memory(sweep: &Sweep) -> Vec<MemoryEstimate> {
    let sides = sweep.plan.comparison.sides.iter();
    sides
        .map(|side| memory::estimate(&side.loaded.scenario, Recorded::default()))
        .collect()
}

/// Whether there is memory for so many runs at a time.
///
/// # Errors
/// The exit code; what is wrong has been said.
pub fn fits(sweep: &Sweep, threads: u32, json: bool) -> Result<(), Exit> {
    let base = &sweep.plan.comparison.baseline().loaded;
    match memory_problem_of_all(base, &memory(sweep), threads) {
        None => Ok(()),
        Some((key, what)) => Err(wrong(&Problems::from(base.error(key, what)), json)),
    }
}

/// Opens the sweep in a folder.
///
/// # Errors
/// The exit code; what is wrong has been said.
pub fn open(dir: &Path, json: bool) -> Result<Folder, Exit> {
    let folder = Folder::open(dir).and_then(|folder| match folder.manifest().sweep {
        Some(_) => Ok(folder),
        None => Err(StoreError::NotASweep {
            dir: dir.to_path_buf(),
        }),
    });
    folder.map_err(|error| refused("DIR", false, json, &error.into()))
}
