//! How far it is.

use std::collections::BTreeMap;

use serde::Serialize;

use super::super::error::StoreError;
use super::super::job::State;
use super::super::manifest::Damage;
use super::Folder;

/// How far the workers of a shard are. A job that several did counts for one of them, so that the sums are those of
/// all.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct WorkerStatus {
    /// Jobs done.
    pub done: u64,
    /// Jobs that failed and were not done later.
    pub failed: u64,
    /// Jobs in hand of workers that live, done by nobody yet.
    pub running: u64,
    /// Threads of workers that live.
    pub threads: u64,
    /// Jobs in its logs, also those that another did as well, that were done again, or that nobody asks for by now.
    pub written: u64,
    /// Wall time of all of these.
    pub run_seconds: f64,
}

/// How far it is. `done`, `failed` and `missing` add up to `all`.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Standing {
    /// Jobs in all.
    pub all: u64,
    /// Jobs that are done.
    pub done: u64,
    /// Jobs that failed and were not done later.
    pub failed: u64,
    /// Jobs that nobody has finished, those in hand among them.
    pub missing: u64,
    /// Jobs in hand of workers that live.
    pub running: u64,
    /// Seconds that the workers of now need for what is missing; none when there is no worker or no job to
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

/// Number of a shard, and how many there are.
type Key = (u64, u64);

fn key(shard: &str) -> Key {
    let numbers = shard.split_once('/');
    let numbers = numbers.and_then(|(number, of)| Some((number.parse().ok()?, of.parse().ok()?)));
    numbers.unwrap_or_default()
}

impl Folder {
    /// How far it is. A run that is complete has no logs: everything is done.
    ///
    /// # Errors
    /// What [`Folder::scan`] tells, and [`StoreError::NotWhole`].
    pub fn status(&self) -> Result<Standing, StoreError> {
        if self.ends() && self.made()?.is_some() {
            let all = self.jobs().len() as u64;
            return Ok(Standing {
                all,
                done: all,
                ..Standing::default()
            });
        }
        let found = self.overview()?;
        let counts = found.counts();
        // When each worker's logs were last written, by the clock of the disk.
        let mut written: BTreeMap<&str, i64> = BTreeMap::new();
        for (path, worker) in &found.ours {
            if let Ok(Some(look)) = self.files().look(path) {
                let last = written.entry(worker).or_insert(look.changed);
                *last = look.changed.max(*last);
            }
        }
        let mut shards: BTreeMap<Key, ShardStatus> = BTreeMap::new();
        let mut in_hand: BTreeMap<usize, Key> = BTreeMap::new();
        for (name, seen) in &found.workers {
            let shard = &seen.begin.shard;
            let of = shards.entry(key(shard)).or_insert_with(|| ShardStatus {
                shard: shard.clone(),
                workers: WorkerStatus::default(),
            });
            let of = &mut of.workers;
            of.run_seconds += seen.seconds;
            of.written += seen.done + seen.failed;
            if seen.seems_alive(&**self.files(), written.get(name.as_str()).copied()) {
                of.threads += u64::from(seen.begin.threads);
                for at in seen.in_hand(self.jobs()) {
                    in_hand.entry(at).or_insert_with(|| key(shard));
                }
            }
        }
        in_hand.retain(|at, _| found.states[*at] == State::Left);
        for shard in in_hand.values() {
            if let Some(of) = shards.get_mut(shard) {
                of.workers.running += 1;
            }
        }
        for (state, place) in found.states.iter().zip(&found.places) {
            let path = found.paths.get(place.file as usize);
            let worker = path.and_then(|path| found.workers.get(found.ours.get(path)?));
            let of = worker.and_then(|seen| shards.get_mut(&key(&seen.begin.shard)));
            match (of, state) {
                (Some(of), State::Done) => of.workers.done += 1,
                (Some(of), State::Failed) => of.workers.failed += 1,
                _ => {}
            }
        }
        let all = |get: fn(&WorkerStatus) -> f64| -> f64 {
            shards.values().map(|shard| get(&shard.workers)).sum()
        };
        let (finished, seconds) = (all(|w| w.written as f64), all(|w| w.run_seconds));
        let threads = all(|w| w.threads as f64);
        let missing = counts.missing as f64;
        Ok(Standing {
            all: counts.all,
            done: counts.done,
            failed: counts.failed,
            missing: counts.missing,
            running: in_hand.len() as u64,
            seconds_left: (finished > 0.0 && threads > 0.0)
                .then(|| seconds / finished * missing / threads),
            others: counts.others,
            damaged: found.damaged,
            foreign: found.foreign,
            shards: shards.into_values().collect(),
        })
    }
}
