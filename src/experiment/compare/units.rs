//! Runs the replicates of a comparison, each with all its layouts, and keeps those that are whole.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::experiment::runner::{self, Keep, Outcome, Progress, Session};
use crate::experiment::{Job, Jobs, Order, Shard};
use crate::store::sweep::PointRow;
use crate::store::{Store, StoreError};
use crate::world::memory;

use super::Comparison;
use super::observe::{Observed, observe};
use super::parts::Parts;

/// Runs the replicates of all layouts that the store has not.
///
/// # Errors
/// The first replicate that could not be kept.
pub fn run_units(
    comparison: &Arc<Comparison>,
    replicates: u32,
    store: &Store,
    session: &Session,
    progress: &Arc<dyn Progress>,
) -> Result<Outcome, StoreError> {
    let sides = comparison.sides.iter();
    let layouts: Vec<String> = sides.map(|side| side.name.clone()).collect();
    let all = layouts.len();
    let jobs = Jobs::new(vec![PointRow::new(Vec::new())], layouts, replicates);
    let finished = store.finished();
    let order = Order::new(&jobs, false, Shard { number: 0, of: 1 });
    let left = order.jobs(move |job| !finished.contains(&job.replicate));
    let at_a_time = memory::at_a_time(comparison.most_firms(), session.threads() as usize);
    let layouts = Arc::clone(comparison);
    let work =
        move |job: Job, _: &dyn Fn()| Ok(observe(&layouts, usize::from(job.layout), job.replicate));
    let mut keep = Replicates {
        store,
        parts: Parts::new(comparison),
        layouts: all,
        begun: BTreeMap::new(),
    };
    runner::run(left, at_a_time, work, &mut keep, session, progress)
}

/// Keeps a replicate when its last layout is done.
struct Replicates<'s> {
    store: &'s Store,
    parts: Parts<'s>,
    layouts: usize,
    /// Layouts that are done of replicates that are not; one that failed is none.
    begun: BTreeMap<u32, BTreeMap<u16, Option<Observed>>>,
}

impl Keep<Observed> for Replicates<'_> {
    fn took(&mut self, _: Job) -> Result<(), StoreError> {
        Ok(())
    }

    fn keep(
        &mut self,
        job: Job,
        _: f64,
        result: Result<Observed, String>,
    ) -> Result<(), StoreError> {
        let done = self.begun.entry(job.replicate).or_default();
        done.insert(job.layout, result.ok());
        if done.len() < self.layouts {
            return Ok(());
        }
        let done = self.begun.remove(&job.replicate).unwrap_or_default();
        let whole: Option<Vec<Observed>> = done.into_values().collect();
        match whole {
            Some(whole) => {
                let tables = self.parts.tables(job.replicate, &whole);
                self.store.write(job.replicate, tables)
            }
            None => Ok(()),
        }
    }

    fn tick(&mut self) -> Result<(), StoreError> {
        Ok(())
    }
}
