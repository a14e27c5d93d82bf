//! How far it is.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::super::error::StoreError;
use super::super::job::State;
use super::super::manifest::Damage;
use super::Folder;

/// How far the workers of a shard are. A job that two of them did counts twice here.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct WorkerStatus {
    /// Jobs done.
    pub done: u64,
    /// Jobs that failed.
    pub failed: u64,
    /// Jobs in hand of workers that live.
    pub running: u64,
    /// Threads of workers that live.
    pub threads: u64,
    /// Wall time of all its jobs.
    pub run_seconds: f64,
}

/// How far it is.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Standing {
    /// Jobs in all.
    pub runs: u64,
    /// Jobs that are done.
    pub done: u64,
    /// Jobs that failed and were not done later.
    pub failed: u64,
    /// Jobs in hand of workers that live.
    pub running: u64,
    /// Jobs that nobody has finished, those in hand among them.
    pub left: u64,
    /// Seconds that the workers of now need for what is left; none when there is no worker or no job to
    /// judge by.
    pub seconds_left: Option<f64>,
    /// Jobs that are there and are not of the points and replicates that are asked for.
    pub others: u64,
    /// Logs that are not as they were written.
    pub damaged: Vec<Damage>,
    /// Logs of something else, which are not looked at.
    pub foreign: Vec<String>,
    /// By shard.
    pub shards: Vec<ShardStatus>,
}

/// How far a shard is.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ShardStatus {
    /// `I/N`.
    pub shard: String,
    /// All its workers.
    #[serde(flatten)]
    pub workers: WorkerStatus,
}

impl Folder {
    /// How far it is. A run that is complete has no logs: everything is done.
    ///
    /// # Errors
    /// What [`Folder::scan`] tells, and [`StoreError::NotWhole`].
    pub fn status(&self) -> Result<Standing, StoreError> {
        if self.ends() && self.made()?.is_some() {
            let runs = self.jobs().len() as u64;
            return Ok(Standing {
                runs,
                done: runs,
                ..Standing::default()
            });
        }
        let found = self.overview()?;
        let counts = found.counts();
        let mut running: BTreeSet<usize> = BTreeSet::new();
        let mut shards: BTreeMap<(u64, u64), ShardStatus> = BTreeMap::new();
        for seen in found.workers.values() {
            let shard = &seen.begin.shard;
            let numbers = shard
                .split_once('/')
                .and_then(|(number, of)| Some((number.parse().ok()?, of.parse().ok()?)));
            let of = shards
                .entry(numbers.unwrap_or_default())
                .or_insert_with(|| ShardStatus {
                    shard: shard.clone(),
                    workers: WorkerStatus::default(),
                });
            let of = &mut of.workers;
            of.done += seen.done;
            of.failed += seen.failed;
            of.run_seconds += seen.seconds;
            if seen.lives(&**self.files()) {
                of.threads += u64::from(seen.begin.threads);
                of.running += seen.taken.len() as u64;
                running.extend(seen.in_hand(self.jobs()));
            }
        }
        let all = |get: fn(&WorkerStatus) -> f64| -> f64 {
            shards.values().map(|shard| get(&shard.workers)).sum()
        };
        let (finished, seconds) = (all(|w| (w.done + w.failed) as f64), all(|w| w.run_seconds));
        let threads = all(|w| w.threads as f64);
        let left = counts.missing as f64;
        Ok(Standing {
            runs: counts.all,
            done: counts.done,
            failed: counts.failed,
            running: running
                .iter()
                .filter(|at| found.states[**at] == State::Left)
                .count() as u64,
            left: counts.missing,
            seconds_left: (finished > 0.0 && threads > 0.0)
                .then(|| seconds / finished * left / threads),
            others: counts.others,
            damaged: found.damaged,
            foreign: found.foreign,
            shards: shards.into_values().collect(),
        })
    }
}
