//! A run: replicates of one layout.

use std::path::Path;
use std::sync::Arc;

use crate::model::Mechanisms;
use crate::scenario::problem::Report;
use crate::scenario::{Loaded, Problem, Problems, load};
use crate::store::{Asked, Folder, ResultKind};
use crate::texts::{Text, text};
use crate::world::{World, memory};

use super::build::{build, inputs, layout_asked};
use super::observe::no_memory;
use super::record::{Names, Wanted, record};
use super::request::{Request, Run};
use super::runner::Runner;
use super::session::{Experiment, Failure, Work};
use super::tables;

/// What a request for a run comes to: a scenario that is loaded and checked, and what is kept of each
/// replicate.
#[derive(Debug)]
pub struct Plan {
    /// The request.
    pub request: Run,
    /// The scenario.
    pub loaded: Loaded,
    /// Tables.
    pub wanted: Wanted,
}

/// Loads and checks the scenario of a request.
///
/// # Errors
/// All that is wrong with the scenario, its layouts and settings; with the list of tables.
pub fn plan(request: Run) -> Result<Plan, Problems> {
    let loaded = load(&request.model.scenario, &request.layouts, &request.sets())?;
    let wanted = wanted(&request, loaded.scenario.firms.is_some())?;
    Ok(Plan {
        request,
        loaded,
        wanted,
    })
}

impl Plan {
    /// What firms and their links need, in words, when they take long to be made.
    pub fn long_to_build(&self, threads: u32) -> Option<Text> {
        let estimate = memory::estimate(&self.loaded.scenario, recorded(&self.wanted));
        let words = estimate.firm_words(threads as usize);
        words.filter(|_| memory::is_long_to_build(&estimate))
    }

    /// Makes the world, on the threads of the runner.
    ///
    /// # Errors
    /// A world that does not fit in memory, or more links than can be counted.
    pub fn build(self, runner: &Runner) -> Result<Replicates, Problems> {
        let recorded = recorded(&self.wanted);
        let build = || build(&self.loaded, runner.threads(), recorded);
        let (world, odd) = runner.pool.install(build)?;
        let mut warnings = self.loaded.warnings.problems.clone();
        warnings.extend(odd);
        Ok(Replicates {
            plan: self,
            world: Arc::new(world),
            warnings,
        })
    }
}

fn wanted(request: &Run, firms: bool) -> Result<Wanted, Problems> {
    let known = tables::names(firms);
    let has = |list: &[String], name: &str| list.iter().any(|one| one.trim() == name);
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let mut list: Vec<String> = match &request.tables[..] {
        [] if firms => owned(&[&tables::USUAL[..], &tables::FIRMS[..]].concat()),
        [] => owned(&tables::USUAL),
        some if has(some, "all") => {
            let all = known.iter().copied();
            let all = all.filter(|name| *name != tables::ON_REQUEST || has(some, name));
            owned(&all.collect::<Vec<_>>())
        }
        some => some.iter().map(|name| name.trim().to_owned()).collect(),
    };
    let mut report = Report::default();
    for name in &list {
        if !known.contains(&name.as_str()) {
            let what = if tables::FIRMS.contains(&name.as_str()) {
                text!("no-firms-no-table")
            } else {
                text!("no-table")
            };
            let problem = Problem::error("--tables", what).value(name);
            let nearest = report.near(name, known.iter().copied());
            let allowed = text!("tables-or-all", known = known.join(", "));
            report.push(problem.allowed(allowed).nearest(nearest));
        }
    }
    if report.errors() > 0 {
        return Err(report.finish());
    }
    list.push("outcomes".to_owned());
    list.sort_by_key(|name| known.iter().position(|known| known == name));
    list.dedup();
    Ok(Wanted {
        tables: list,
        every: request.every,
    })
}

/// The rows that the wanted tables keep while a replicate runs.
fn recorded(wanted: &Wanted) -> memory::Recorded {
    memory::Recorded {
        places_every: wanted.has("places").then_some(wanted.every),
        innovations: wanted.has("innovations"),
        adoptions: wanted.has("adoptions"),
        abandonments: wanted.has("abandonments"),
        links: wanted.has("links"),
    }
}

/// A run that is ready.
#[derive(Debug)]
pub struct Replicates {
    /// What is asked.
    pub plan: Plan,
    /// The world.
    pub world: Arc<World>,
    /// What is allowed but perhaps not meant.
    pub warnings: Vec<Problem>,
}

impl Experiment for Replicates {
    fn asked(&self, replicates: u32) -> Asked {
        let Plan {
            request,
            loaded,
            wanted,
        } = &self.plan;
        let world = &self.world;
        Asked {
            kind: ResultKind::Run,
            request: Request::Run(request.clone()).value(),
            scenario: loaded.scenario.name.clone(),
            layout: loaded.scenario.layout.clone(),
            layouts: vec![layout_asked(&loaded.scenario.layout, loaded)],
            inputs: inputs([loaded]),
            seed: loaded.scenario.seed,
            first_replicate: request.first_replicate.unwrap_or(0),
            replicates,
            format: request.format,
            tables: tables::definitions(world, &Mechanisms::new(world), wanted),
            comparison: None,
            sweep: None,
        }
    }

    fn replicates(&self, _: Option<&Path>) -> Result<u32, Failure> {
        Ok(self.plan.loaded.scenario.replicates)
    }

    fn work(&self, folder: &Folder) -> Work {
        let (world, wanted) = (Arc::clone(&self.world), self.plan.wanted.clone());
        let (names, encoder) = (Names::new(&world), folder.encoder());
        let seed = self.plan.loaded.scenario.seed;
        Box::new(move |job, tick| {
            let tables =
                record(&world, &names, &wanted, seed, job.replicate, tick).map_err(no_memory)?;
            encoder.encode(tables).map_err(|error| error.text())
        })
    }

    fn most_firms(&self) -> f64 {
        let firms = self.world.firms.as_ref();
        firms.map_or(0, |firms| firms.len()) as f64
    }
}
