//! Runs replicates side by side and keeps each as soon as it is finished.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use crate::model;
use crate::store::{Store, StoreError, TableData};
use crate::world::{World, memory};

use super::record::{Names, Recorder, Wanted};

/// Hears how a run gets on; called from any thread.
pub trait Progress: Sync {
    /// A replicate is finished and kept.
    fn finished(&self, replicate: u32);
    /// A month of a replicate is done.
    fn month(&self) {}
}

/// How many replicates run at a time on so many threads: one with very many firms, whose months are
/// then divided over the threads.
fn at_a_time(world: &World, threads: usize) -> usize {
    let firms = world.firms.as_ref().map_or(0, |firms| firms.len());
    memory::at_a_time(firms as f64, threads)
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// All replicates are done.
    Whole,
    /// It was interrupted; what had finished is kept.
    Interrupted,
}

/// Runs one replicate and gives its tables; calls `tick` at the end of each month.
pub fn record_telling(
    world: &World,
    names: &Names,
    wanted: &Wanted,
    seed: u64,
    replicate: u32,
    tick: &(dyn Fn() + Sync),
) -> Vec<TableData> {
    if wanted.has("adoptions") {
        let mut recorder = Recorder::<true>::new(world, names, wanted, replicate).telling(tick);
        model::run(world, seed, replicate, &mut recorder);
        recorder.tables()
    } else {
        let mut recorder = Recorder::<false>::new(world, names, wanted, replicate).telling(tick);
        model::run(world, seed, replicate, &mut recorder);
        recorder.tables()
    }
}

/// Runs one replicate and gives its tables.
pub fn record(
    world: &World,
    names: &Names,
    wanted: &Wanted,
    seed: u64,
    replicate: u32,
) -> Vec<TableData> {
    record_telling(world, names, wanted, seed, replicate, &|| {})
}

/// Runs the replicates listed in `todo` on the current rayon pool. Takes no new one once `stop` is
/// set or a replicate could not be kept.
///
/// # Errors
/// The first replicate that could not be kept, in order of failure.
pub fn run_replicates(
    world: &World,
    wanted: &Wanted,
    seed: u64,
    todo: &[u32],
    store: &Store,
    stop: &AtomicBool,
    progress: &impl Progress,
) -> Result<Ended, StoreError> {
    let names = Names::new(world);
    let failed: Mutex<Option<StoreError>> = Mutex::new(None);
    let halt = AtomicBool::new(false);
    let next = AtomicUsize::new(0);
    let at_a_time = at_a_time(world, rayon::current_num_threads());
    // Handed out singly, one to a thread at most: a thread that waits for the firms of its replicate
    // helps with those of others, but begins none. Those that are finished need not be the first ones.
    rayon::broadcast(|thread| {
        while thread.index() < at_a_time
            && !stop.load(Ordering::Relaxed)
            && !halt.load(Ordering::Relaxed)
            && let Some(&replicate) = todo.get(next.fetch_add(1, Ordering::Relaxed))
        {
            let tick = || progress.month();
            let tables = record_telling(world, &names, wanted, seed, replicate, &tick);
            match store.write(replicate, tables) {
                Ok(()) => progress.finished(replicate),
                Err(error) => {
                    halt.store(true, Ordering::Relaxed);
                    if let Ok(mut failed) = failed.lock() {
                        failed.get_or_insert(error);
                    }
                }
            }
        }
    });
    if let Ok(Some(error)) = failed.into_inner() {
        return Err(error);
    }
    let finished = store.finished();
    let whole = todo.iter().all(|r| finished.contains(r));
    Ok(if whole {
        Ended::Whole
    } else {
        Ended::Interrupted
    })
}
