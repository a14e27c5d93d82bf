//! Runs (replicate, layout) units side by side in balanced order: replicate 0 of every layout, then
//! replicate 1, …

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;
use std::sync::{Mutex, MutexGuard, PoisonError, atomic::Ordering};

use crate::experiment::{Ended, Progress};
use crate::store::{Store, StoreError};
use crate::world::memory;

use super::Comparison;
use super::observe::{Observed, observe};
use super::parts::Parts;

/// What is shared by the threads. Units are handed out in order, so at any moment no more replicates
/// are begun and not kept than there are threads: memory does not grow with the number of replicates.
#[derive(Default)]
struct Work {
    /// Number of the next unit: replicate times layouts plus layout.
    next: usize,
    /// No further replicate is begun.
    closed: bool,
    /// Layouts that are done of replicates that are not.
    begun: BTreeMap<u32, BTreeMap<usize, Observed>>,
    failed: Option<StoreError>,
}

/// Runs the replicates listed in `todo`, of all layouts, on the current rayon pool. Begins no new one
/// once `stop` is set; those that are begun are finished, so that every replicate that is kept is
/// whole.
///
/// # Errors
/// The first replicate that could not be kept.
pub fn run_units(
    comparison: &Comparison,
    todo: &[u32],
    store: &Store,
    stop: &AtomicBool,
    progress: &impl Progress,
) -> Result<Ended, StoreError> {
    let sides = comparison.sides.len();
    let parts = Parts::new(comparison);
    let work = Mutex::new(Work::default());
    // A thread that panicked while it held the work left it sound: every change is one step.
    let lock = || -> MutexGuard<'_, Work> { work.lock().unwrap_or_else(PoisonError::into_inner) };
    let next = || {
        let mut work = lock();
        let (at, side) = (work.next / sides, work.next % sides);
        if side == 0 && (stop.load(Ordering::Relaxed) || at >= todo.len()) {
            work.closed = true;
        }
        if work.closed || work.failed.is_some() {
            return None;
        }
        work.next += 1;
        Some((todo[at], side))
    };
    let keep = |replicate: u32, side: usize, observed: Observed| {
        let mut work = lock();
        let done = work.begun.entry(replicate).or_default();
        done.insert(side, observed);
        if done.len() < sides {
            return;
        }
        let whole: Vec<Observed> = work
            .begun
            .remove(&replicate)
            .map(|done| done.into_values().collect())
            .unwrap_or_default();
        drop(work);
        match store.write(replicate, parts.tables(replicate, &whole)) {
            Ok(()) => progress.finished(replicate),
            Err(error) => {
                lock().failed.get_or_insert(error);
            }
        }
    };
    let firms = comparison
        .sides
        .iter()
        .filter_map(|side| side.world.firms.as_ref());
    let most = firms.map(|firms| firms.len()).max().unwrap_or(0);
    let at_a_time = memory::at_a_time(most as f64, rayon::current_num_threads());
    rayon::broadcast(|thread| {
        while thread.index() < at_a_time
            && let Some((replicate, side)) = next()
        {
            keep(replicate, side, observe(comparison, side, replicate));
        }
    });
    if let Some(error) = work
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner)
        .failed
    {
        return Err(error);
    }
    let finished = store.finished();
    Ok(if todo.iter().all(|r| finished.contains(r)) {
        Ended::Whole
    } else {
        Ended::Interrupted
    })
}
