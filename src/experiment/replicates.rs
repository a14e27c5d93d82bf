//! A run: replicates of one layout.

use std::sync::Arc;

use crate::scenario::problem::Report;
use crate::scenario::{Loaded, Problem, Problems, load};
use crate::store::sweep::PointRow;
use crate::store::{Store, StoreError, TableData};
use crate::world::{World, memory};

use super::build::build;
use super::record::{Names, Wanted, record};
use super::request::Run;
use super::runner::{self, Keep, Outcome, Progress, Session};
use super::{Job, Jobs, Order, Shard, tables};

/// What a request for a run comes to: a scenario that is loaded and checked, and what is kept of each
/// replicate. [`Plan::world`] makes its world.
#[derive(Debug)]
pub struct Plan {
    /// The scenario.
    pub loaded: Loaded,
    /// Tables.
    pub wanted: Wanted,
}

/// Loads and checks the scenario of a request.
///
/// # Errors
/// All that is wrong with the scenario, its layouts and settings; with the list of tables.
pub fn plan(request: &Run) -> Result<Plan, Problems> {
    let loaded = load(&request.model.scenario, &request.layouts, &request.sets())?;
    let wanted = wanted(request, loaded.scenario.firms.is_some())?;
    Ok(Plan { loaded, wanted })
}

impl Plan {
    /// What firms and their links need, in words, when they take long to be made.
    pub fn long_to_build(&self, threads: u32) -> Option<String> {
        let estimate = memory::estimate(&self.loaded.scenario, recorded(&self.wanted));
        let words = estimate.firm_words(threads as usize);
        words.filter(|_| memory::is_long_to_build(&estimate))
    }

    /// Makes the world, on the threads of the session; gives what is odd about it too.
    ///
    /// # Errors
    /// A world that does not fit in memory, or more links than can be counted.
    pub fn world(&self, session: &Session) -> Result<(Arc<World>, Vec<Problem>), Problems> {
        let recorded = recorded(&self.wanted);
        let build = || build(&self.loaded, session.threads(), recorded);
        let (world, warnings) = session.pool.install(build)?;
        Ok((Arc::new(world), warnings))
    }
}

fn wanted(request: &Run, firms: bool) -> Result<Wanted, Problems> {
    let known = tables::names(firms);
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let mut list: Vec<String> = match &request.tables[..] {
        [] if firms => owned(&[&tables::USUAL[..], &tables::FIRMS[..]].concat()),
        [] => owned(&tables::USUAL),
        some if some.iter().any(|name| name.trim() == "all") => owned(known),
        some => some.iter().map(|name| name.trim().to_owned()).collect(),
    };
    let mut report = Report::default();
    for name in &list {
        if !known.contains(&name.as_str()) {
            let what = if tables::FIRMS.contains(&name.as_str()) {
                "this scenario has no firms (`[firms]`), so it has no such table"
            } else {
                "no table is called so"
            };
            let problem = Problem::error("--tables", what).value(name);
            let nearest = report.near(name, known.iter().copied());
            let known = format!("{} or all", known.join(", "));
            report.push(problem.allowed(known).nearest(nearest));
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
        adoptions: wanted.has("adoptions"),
    }
}

/// Runs the replicates that the store has not.
///
/// # Errors
/// The first replicate that could not be kept.
pub fn run_replicates(
    world: &Arc<World>,
    wanted: &Wanted,
    seed: u64,
    store: &Store,
    session: &Session,
    progress: &Arc<dyn Progress>,
) -> Result<Outcome, StoreError> {
    let manifest = store.manifest();
    let first = manifest.first_replicate;
    let nowhere = PointRow::new(Vec::new());
    let jobs = Jobs::new(vec![nowhere], vec![manifest.layout], manifest.replicates);
    let finished = store.finished();
    let left = move |job: Job| !finished.contains(&(first + job.replicate));
    let order = Order::new(&jobs, false, Shard { number: 0, of: 1 });
    let firms = world.firms.as_ref().map_or(0, |firms| firms.len());
    let at_a_time = memory::at_a_time(firms as f64, session.threads() as usize);
    let (world, wanted, names) = (Arc::clone(world), wanted.clone(), Names::new(world));
    let work = move |job: Job, tick: &dyn Fn()| {
        let replicate = first + job.replicate;
        Ok(record(&world, &names, &wanted, seed, replicate, tick))
    };
    let mut keep = Replicates { store, first };
    let jobs = order.jobs(left);
    runner::run(jobs, at_a_time, work, &mut keep, session, progress)
}

struct Replicates<'s> {
    store: &'s Store,
    first: u32,
}

impl Keep<Vec<TableData>> for Replicates<'_> {
    fn took(&mut self, _: Job) -> Result<(), StoreError> {
        Ok(())
    }

    fn keep(
        &mut self,
        job: Job,
        _: f64,
        result: Result<Vec<TableData>, String>,
    ) -> Result<(), StoreError> {
        match result {
            Ok(tables) => self.store.write(self.first + job.replicate, tables),
            Err(_) => Ok(()),
        }
    }

    fn tick(&mut self) -> Result<(), StoreError> {
        Ok(())
    }
}
