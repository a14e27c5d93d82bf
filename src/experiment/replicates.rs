//! Runs replicates side by side and keeps each as soon as it is finished.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use crate::model;
use crate::store::{Store, StoreError, TableData};
use crate::world::World;

use super::record::{Names, Recorder, Wanted};

/// Hears how a run gets on; called from any thread.
pub trait Progress: Sync {
    /// A replicate is finished and kept.
    fn finished(&self, replicate: u32);
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// All replicates are done.
    Whole,
    /// It was interrupted; what had finished is kept.
    Interrupted,
}

/// Runs one replicate and gives its tables.
pub fn record(
    world: &World,
    names: &Names,
    wanted: &Wanted,
    seed: u64,
    replicate: u32,
) -> Vec<TableData> {
    if wanted.has("adoptions") {
        let mut recorder = Recorder::<true>::new(world, names, wanted, replicate);
        model::run(world, seed, replicate, &mut recorder);
        recorder.tables()
    } else {
        let mut recorder = Recorder::<false>::new(world, names, wanted, replicate);
        model::run(world, seed, replicate, &mut recorder);
        recorder.tables()
    }
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
    // Handed out singly; those that are finished need not be the first ones.
    todo.par_iter().with_max_len(1).for_each(|&replicate| {
        if stop.load(Ordering::Relaxed) || halt.load(Ordering::Relaxed) {
            return;
        }
        let tables = record(world, &names, wanted, seed, replicate);
        match store.write(replicate, tables) {
            Ok(()) => progress.finished(replicate),
            Err(error) => {
                halt.store(true, Ordering::Relaxed);
                if let Ok(mut failed) = failed.lock() {
                    failed.get_or_insert(error);
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
