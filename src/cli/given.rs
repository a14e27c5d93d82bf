//! Commands that can be handed over to a cluster: a run, a comparison, a sweep.

use std::path::PathBuf;

use clap::Args;

use crate::cluster::Kind;
use crate::experiment::sweep::over::compared;
use crate::experiment::{Experiment, Request, compare, run};
use crate::scenario::Problems;
use crate::texts::say;

use super::compare::{Ask as Compare, shareable};
use super::run::Ask as Run;
use super::session::{runner, warn};
use super::sweep::common::Ask as Sweep;
use super::{Exit, lang, say, wrong};

/// What is handed over, checked.
pub struct Given {
    /// Which command it is.
    pub kind: Kind,
    /// What it asks.
    pub request: Request,
    /// The results folder.
    pub dir: PathBuf,
    /// Name of the scenario or of the plan's file.
    pub name: String,
    /// What is to be done.
    pub experiment: Box<dyn Experiment>,
}

/// The arguments of a command that can be handed over.
pub trait HandedOver: Args {
    /// What they come to, for workers of so many threads.
    ///
    /// # Errors
    /// How the command ends; what is wrong has been told.
    fn given(&self, threads: u32) -> Result<Given, Exit>;
}

fn told(problems: Problems) -> Exit {
    wrong(&problems, false)
}

impl HandedOver for Run {
    fn given(&self, threads: u32) -> Result<Given, Exit> {
        let plan = run::plan(self.request()).map_err(told)?;
        if let Some(words) = plan.long_to_build(threads) {
            say(&say!(lang(), "firms-first", words));
        }
        let replicates = plan.build(&runner(threads)?).map_err(told)?;
        warn(&replicates.warnings);
        let scenario = &replicates.plan.loaded.scenario;
        Ok(Given {
            kind: Kind::Run,
            request: Request::Run(replicates.plan.request.clone()),
            dir: self.dir(scenario),
            name: scenario.name.clone(),
            experiment: Box::new(replicates),
        })
    }
}

impl HandedOver for Compare {
    fn given(&self, threads: u32) -> Result<Given, Exit> {
        let request = self.request();
        shareable(&request).map_err(told)?;
        if request.is_over() {
            let sweep = compared(request, threads).map_err(told)?;
            let comparison = &sweep.plan.comparison;
            warn(&sweep.plan.warnings);
            return Ok(Given {
                kind: Kind::Compare,
                request: sweep.request.clone(),
                dir: self.dir(comparison),
                name: comparison.baseline().loaded.scenario.name.clone(),
                experiment: Box::new(sweep),
            });
        }
        let plan = compare::plan(request, threads).map_err(told)?;
        warn(&plan.warnings);
        Ok(Given {
            kind: Kind::Compare,
            request: Request::Compare(plan.request.clone()),
            dir: self.dir(&plan.comparison),
            name: plan.comparison.baseline().loaded.scenario.name.clone(),
            experiment: Box::new(plan),
        })
    }
}

impl HandedOver for Sweep {
    fn given(&self, threads: u32) -> Result<Given, Exit> {
        let sweep = self.read(threads, false)?;
        warn(&sweep.plan.warnings);
        let name = self.plan.file_stem().unwrap_or_default();
        Ok(Given {
            kind: Kind::Sweep,
            request: sweep.request.clone(),
            dir: self.dir(&sweep),
            name: name.to_string_lossy().into_owned(),
            experiment: Box::new(sweep),
        })
    }
}
