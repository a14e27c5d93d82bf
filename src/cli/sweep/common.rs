//! What the commands of `sweep` have in common: a plan that is read, a folder that is opened.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::experiment::request;
use crate::experiment::sweep::{Sweep, plan};
use crate::store::{Folder, StoreError};

use super::super::session::{refused, results};
use super::super::{Exit, wrong};

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
    /// Reads and checks the plan, to be run on so many threads.
    ///
    /// # Errors
    /// The exit code; what is wrong has been said.
    pub fn read(&self, threads: u32, json: bool) -> Result<Sweep, Exit> {
        let request = request::Sweep {
            plan: self.plan.clone(),
        };
        plan(request, threads).map_err(|problems| wrong(&problems, json))
    }

    /// The folder of the sweep.
    pub fn dir(&self, sweep: &Sweep) -> PathBuf {
        let usual = || results(&sweep.plan.document.spec.name);
        self.out.clone().unwrap_or_else(usual)
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
