//! What of a sweep is done, also while others work on it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::super::StoreError;
use super::super::folder::names;
use super::folder::{LOGS, PARTS};
use super::log::{self, Line, Run};
use super::part::{Columns, Finished};
use super::worker::{BEAT, seconds_now};
use super::{Index, SweepManifest, part};

/// A share of a sweep's runs: `number` of `of`, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Shard {
    /// Which share, from 0.
    pub number: u32,
    /// How many there are.
    pub of: u32,
}

/// How a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum State {
    /// Not finished.
    #[default]
    Left,
    /// It failed.
    Failed,
    /// It is done.
    Done,
}

/// How far a worker is, or a part or log that it left.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct WorkerStatus {
    /// Runs done.
    pub done: u64,
    /// Runs that failed.
    pub failed: u64,
    /// Runs in hand of workers that live.
    pub running: u64,
    /// Threads of workers that live.
    pub threads: u64,
    /// Wall time of all its runs.
    pub run_seconds: f64,
}

/// How far a sweep is.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Status {
    /// Runs in all.
    pub runs: u64,
    /// Runs that are done.
    pub done: u64,
    /// Runs that failed and were not done later.
    pub failed: u64,
    /// Runs in hand of workers that live.
    pub running: u64,
    /// Runs that nobody has finished, those in hand among them.
    pub left: u64,
    /// Seconds that the workers of now need for what is left; none when there is no worker or no run to
    /// judge by.
    pub seconds_left: Option<f64>,
    /// Runs that are there and are not of this sweep's points and replicates.
    pub others: u64,
    /// Parts that cannot be read.
    pub damaged: Vec<String>,
    /// Parts and logs of other sweeps, which are not looked at.
    pub foreign: Vec<String>,
    /// By shard.
    pub shards: Vec<ShardStatus>,
}

/// How far the workers of a shard are. A run that two of them did counts twice here.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ShardStatus {
    /// `I/N`.
    pub shard: String,
    /// All its workers.
    #[serde(flatten)]
    pub workers: WorkerStatus,
}

/// What the name of a worker's file begins with: its shard, and in which order runs were shared out.
pub(super) fn share_name(shard: Shard, manifest: &SweepManifest) -> String {
    format!("s{}of{}-{}", shard.number, shard.of, manifest.order())
}

/// The share in the name of a file. A file that somebody has renamed has none.
fn share_of(name: &str) -> Option<(Shard, &str)> {
    let (number, rest) = name.strip_prefix('s')?.split_once("of")?;
    let (of, rest) = rest.split_once('-')?;
    let shard = Shard {
        number: number.parse().ok()?,
        of: of.parse().ok()?,
    };
    Some((shard, rest.split('-').next()?))
}

/// Files of workers in a folder of the sweep with this ending, in order. Unfinished ones are not among
/// them.
pub(super) fn files(dir: &Path, folder: &str, ending: &str) -> Result<Vec<PathBuf>, StoreError> {
    let folder = dir.join(folder);
    let all = names(&folder)?.into_iter();
    let whole = all.filter(|name| name.ends_with(ending) && !name.starts_with('.'));
    Ok(whole.map(|name| folder.join(name)).collect())
}

/// The state of every run, by position in the index. A worker that only asks for its own `shard` need
/// not look at the files of the other shards of as many, if the runs were shared out in the same order.
///
/// # Errors
/// [`StoreError::Io`].
pub fn scan(
    dir: &Path,
    manifest: &SweepManifest,
    index: &Index,
    shard: Option<Shard>,
) -> Result<Vec<State>, StoreError> {
    let mut states = vec![State::Left; index.len()];
    look(dir, manifest, shard, &mut |_, event| {
        if let Event::Finished(run) = event
            && let Some(at) = index.find(run.point, run.layout, run.replicate)
        {
            note(&mut states[at], run.result.is_err());
        }
    })?;
    Ok(states)
}

fn note(state: &mut State, failed: bool) {
    *state = match (*state, failed) {
        (State::Done, _) | (_, false) => State::Done,
        _ => State::Failed,
    };
}

/// How far the sweep is.
///
/// # Errors
/// [`StoreError::Io`].
pub fn status(dir: &Path, manifest: &SweepManifest, index: &Index) -> Result<Status, StoreError> {
    let mut states = vec![State::Left; index.len()];
    let mut shards: BTreeMap<Shard, WorkerStatus> = BTreeMap::new();
    let mut running: BTreeSet<usize> = BTreeSet::new();
    let mut status = Status {
        runs: index.len() as u64,
        ..Status::default()
    };
    look(dir, manifest, None, &mut |shard, event| {
        let none = &mut WorkerStatus::default();
        let of = match shard {
            Some(shard) => shards.entry(shard).or_default(),
            // Renamed: its runs count, its shard is not known.
            None => none,
        };
        match event {
            Event::Finished(run) => {
                let failed = run.result.is_err();
                match index.find(run.point, run.layout, run.replicate) {
                    Some(at) => note(&mut states[at], failed),
                    None => status.others += 1,
                }
                if failed {
                    of.failed += 1;
                } else {
                    of.done += 1;
                }
                of.run_seconds += run.seconds;
            }
            Event::Lives(threads, taken) => {
                of.threads += u64::from(threads);
                of.running += taken.len() as u64;
                running.extend(taken.iter().filter_map(|Run(point, layout, replicate)| {
                    index.find(point, layout, *replicate)
                }));
            }
            Event::Damaged(path) => status.damaged.push(path.display().to_string()),
            Event::Foreign(path) => status.foreign.push(path.display().to_string()),
        }
    })?;
    let count = |wanted| states.iter().filter(|state| **state == wanted).count() as u64;
    status.done = count(State::Done);
    status.failed = count(State::Failed);
    status.left = count(State::Left);
    status.running = running
        .iter()
        .filter(|at| states[**at] == State::Left)
        .count() as u64;
    let all = |get: fn(&WorkerStatus) -> f64| shards.values().map(get).sum::<f64>();
    let (finished, seconds) = (all(|w| (w.done + w.failed) as f64), all(|w| w.run_seconds));
    let threads = all(|w| w.threads as f64);
    if finished > 0.0 && threads > 0.0 {
        status.seconds_left = Some(seconds / finished * status.left as f64 / threads);
    }
    status.shards = shards
        .into_iter()
        .map(|(shard, workers)| ShardStatus {
            shard: format!("{}/{}", shard.number, shard.of),
            workers,
        })
        .collect();
    Ok(status)
}

enum Event<'a> {
    /// A run is finished; its values are not read.
    Finished(Finished<'a>),
    /// A worker lives: its threads and what it has in hand.
    Lives(u32, &'a BTreeSet<Run>),
    /// A part that cannot be read.
    Damaged(&'a Path),
    /// A file of another sweep.
    Foreign(&'a Path),
}

fn look(
    dir: &Path,
    manifest: &SweepManifest,
    shard: Option<Shard>,
    each: &mut dyn FnMut(Option<Shard>, Event<'_>),
) -> Result<(), StoreError> {
    let order = manifest.order();
    let shares = |path: &Path| {
        let name = path.file_name().and_then(|name| name.to_str());
        let share = name.and_then(share_of);
        let of = share.map(|(of, _)| of);
        let concerns = match (shard, share) {
            (Some(own), Some((of, by))) => {
                by != order || own.of != of.of || own.number == of.number
            }
            _ => true,
        };
        concerns.then_some(of)
    };
    // Logs first: one that becomes a part in the meantime is seen as one or the other, or as both.
    for path in files(dir, LOGS, ".log")? {
        let Some(of) = shares(&path) else { continue };
        match read_log(&path, manifest, of, each) {
            Err(StoreError::Io { source, .. }) if source.kind() == std::io::ErrorKind::NotFound => {
            }
            other => other?,
        }
    }
    for path in files(dir, PARTS, ".parquet")? {
        let Some(of) = shares(&path) else { continue };
        let mut finished = |run: Finished<'_>| each(of, Event::Finished(run));
        match part::read(&path, manifest, Columns::Keys, &mut finished) {
            Ok(true) => {}
            Ok(false) => each(of, Event::Foreign(&path)),
            Err(StoreError::Damaged { .. }) => each(of, Event::Damaged(&path)),
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

fn read_log(
    path: &Path,
    manifest: &SweepManifest,
    of: Option<Shard>,
    each: &mut dyn FnMut(Option<Shard>, Event<'_>),
) -> Result<(), StoreError> {
    let (mut ours, mut foreign, mut threads, mut alive) = (false, false, 0, 0);
    let mut taken: BTreeSet<Run> = BTreeSet::new();
    log::read(path, &mut |line| match line {
        Line::Begin {
            sweep, threads: n, ..
        } => {
            (ours, threads) = (sweep == manifest.fingerprint, n);
            foreign |= !ours;
        }
        _ if !ours => {}
        Line::Took(run) => {
            taken.insert(run);
        }
        Line::Done { run, seconds, .. } => {
            taken.remove(&run);
            each(of, Event::Finished(run.finished(seconds, Ok(&[]))));
        }
        Line::Failed {
            run,
            seconds,
            error,
        } => {
            taken.remove(&run);
            each(of, Event::Finished(run.finished(seconds, Err(&error))));
        }
        Line::Alive(at) => alive = at,
    })?;
    if foreign {
        each(of, Event::Foreign(path));
    }
    if ours && seconds_now().saturating_sub(alive) <= 3 * BEAT {
        each(of, Event::Lives(threads, &taken));
    }
    Ok(())
}
