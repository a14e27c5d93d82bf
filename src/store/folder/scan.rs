//! What is done, and by whom, also while others work on it: all logs read once, in any order.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::super::error::StoreError;

use super::super::files::{Files, Process, is_missing};
use super::super::frame::{Next, Reader};
use super::super::job::{Jobs, Shard, State};
use super::super::kind::{ResultKind, Status as Progress};
use super::super::log::{Begin, End, Ended, Entry, Name, Part, entry};
use super::super::manifest::{Counts, Damage, Manifest, Session};
use super::super::shares::{BEAT, logs, order, share_of};
use super::Folder;
use crate::texts::text;

/// What is done.
#[derive(Debug)]
pub struct Found {
    pub(in crate::store) states: Vec<State>,
    /// Where what is kept of each job is.
    pub(in crate::store) places: Vec<Place>,
    pub(in crate::store) errors: BTreeMap<usize, String>,
    /// The logs.
    pub(in crate::store) paths: Vec<PathBuf>,
    /// Logs of what is asked here, and their workers.
    pub(in crate::store) ours: BTreeMap<PathBuf, String>,
    pub(in crate::store) workers: BTreeMap<String, Seen>,
    /// Frames of jobs that are not among those that are asked for.
    others: u64,
    /// Last replicate of which something is kept.
    last: Option<u32>,
    pub(super) damaged: Vec<Damage>,
    pub(super) foreign: Vec<String>,
    /// Logs that end within a frame: worker, number of the file, log.
    torn: Vec<(String, u32, PathBuf)>,
    /// How far each log is read.
    read: BTreeMap<PathBuf, Far>,
    /// Whether what is kept was checked against its checksums; otherwise it is when it is read.
    verify: Verify,
    /// Jobs that were found to be done since it was read on.
    news: Option<Vec<usize>>,
}

/// How far a log is read.
#[derive(Clone, Debug)]
struct Far {
    /// Position of the log.
    file: u32,
    /// Where the next frame begins.
    at: u64,
    /// Worker and number of the file; none of something else.
    worker: Option<(String, u32)>,
}

/// Where what is kept of a job is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(in crate::store) struct Place {
    /// Where its frame begins.
    pub(in crate::store) at: u64,
    /// Wall time.
    pub(in crate::store) seconds: f64,
    /// Names what is kept: two copies of a job are equal when this is.
    sum: u64,
    /// Position of the log.
    pub(in crate::store) file: u32,
}

/// What the logs of a worker say.
#[derive(Debug)]
pub(in crate::store) struct Seen {
    pub(super) begin: Begin,
    /// Number of its last file.
    last: u32,
    alive: i64,
    end: Option<Ended>,
    pub(super) taken: BTreeSet<Name>,
    pub(super) done: u64,
    pub(super) failed: u64,
    pub(super) seconds: f64,
}

impl Seen {
    /// Whether the worker shows signs of life.
    pub(in crate::store) fn lives(&self, files: &dyn Files) -> bool {
        let silent = files.now().as_second().saturating_sub(self.alive);
        self.end.is_none() && silent <= 3 * BEAT && files.runs(&self.begin.process) != Some(false)
    }

    /// The same for who only wants to tell it, where the clock of its machine may go otherwise than the one here:
    /// also by when its log was last written.
    pub(super) fn seems_alive(&self, files: &dyn Files, written: Option<i64>) -> bool {
        let now = files.now().as_second();
        let lately = |at: i64| now.saturating_sub(at).abs() <= 3 * BEAT;
        self.end.is_none()
            && (lately(self.alive) || written.is_some_and(lately))
            && files.runs(&self.begin.process) != Some(false)
    }

    pub(in crate::store) fn process(&self) -> &Process {
        &self.begin.process
    }

    /// Positions of the jobs that it has in hand.
    pub(super) fn in_hand<'s>(&'s self, jobs: &'s Jobs) -> impl Iterator<Item = usize> + use<'s> {
        let find = |Name(point, layout, replicate): &Name| jobs.find(point, layout, *replicate);
        self.taken.iter().filter_map(find)
    }
}

/// How much of the frames is checked against checksums.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::store) enum Verify {
    /// Heads and payloads.
    All,
    /// Heads: for who did what when.
    Heads,
}

impl Folder {
    /// What is done. A worker that only asks for its own `shard` need not look at the logs of the other
    /// shards of as many, if the jobs were shared out in the same order.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when two copies of a job differ, [`StoreError::Io`].
    pub fn scan(&self, shard: Option<Shard>) -> Result<Found, StoreError> {
        self.look(shard, Verify::All)
    }

    /// What is done, as the heads of frames say: what is kept is checked against its checksum when it is read.
    ///
    /// # Errors
    /// As [`Folder::scan`].
    pub fn overview(&self) -> Result<Found, StoreError> {
        self.look(None, Verify::Heads)
    }

    pub(in crate::store) fn look(
        &self,
        shard: Option<Shard>,
        verify: Verify,
    ) -> Result<Found, StoreError> {
        let jobs = self.jobs();
        let mut found = Found {
            states: vec![State::Left; jobs.len()],
            places: vec![Place::default(); jobs.len()],
            errors: BTreeMap::new(),
            paths: Vec::new(),
            ours: BTreeMap::new(),
            workers: BTreeMap::new(),
            others: 0,
            last: None,
            damaged: Vec::new(),
            foreign: Vec::new(),
            torn: Vec::new(),
            read: BTreeMap::new(),
            verify,
            news: None,
        };
        for path in self.logs_of(shard)? {
            found.log(self, &path, verify)?;
        }
        found.tell_torn();
        Ok(found)
    }

    /// The logs that a shard looks at.
    fn logs_of(&self, shard: Option<Shard>) -> Result<Vec<PathBuf>, StoreError> {
        let mut list = logs(&**self.files(), self.dir())?;
        if let Some(own) = shard {
            let order = order(self.manifest());
            list.retain(|path| {
                let name = path.file_name().and_then(|name| name.to_str());
                name.and_then(share_of).is_none_or(|(of, by)| {
                    by != order || own.of != of.of || own.number == of.number
                })
            });
        }
        Ok(list)
    }
}

impl Found {
    /// How a job is.
    pub fn state(&self, at: usize) -> State {
        self.states[at]
    }

    /// How all jobs are, by position.
    pub fn states(&self) -> &[State] {
        &self.states
    }

    /// Why a job failed.
    pub fn error(&self, at: usize) -> Option<&str> {
        self.errors.get(&at).map(String::as_str)
    }

    /// Logs that are not as they were written: what was only there is to be run again.
    pub fn damaged(&self) -> &[Damage] {
        &self.damaged
    }

    /// Logs of something else, which do not count.
    pub fn foreign(&self) -> &[String] {
        &self.foreign
    }

    /// Whether every job is done.
    pub fn is_whole(&self) -> bool {
        self.states.iter().all(|state| *state == State::Done)
    }

    /// Number of the last replicate of which something is kept, whether it is asked for or not.
    pub(in crate::store) fn last(&self) -> Option<u32> {
        self.last
    }

    /// How many jobs are how.
    pub fn counts(&self) -> Counts {
        let count = |wanted| self.states.iter().filter(|s| **s == wanted).count() as u64;
        Counts {
            all: self.states.len() as u64,
            done: count(State::Done),
            failed: count(State::Failed),
            missing: count(State::Left),
            others: self.others,
        }
    }

    /// Replicates that are done at all points in all layouts, in order.
    pub fn replicates(&self, jobs: &Jobs) -> Vec<u32> {
        let per_pair = jobs.replicates().len();
        let mut whole = vec![true; per_pair];
        for pair in self.states.chunks(per_pair.max(1)) {
            for (whole, state) in whole.iter_mut().zip(pair) {
                *whole &= *state == State::Done;
            }
        }
        let numbers = jobs.replicates().zip(whole);
        numbers
            .filter(|(_, whole)| *whole)
            .map(|(r, _)| r)
            .collect()
    }

    /// Reads on: the logs of those that came since, and what workers that live have added to theirs. Gives the
    /// positions of jobs that are done since. What is kept is not checked against its checksums. `own` names a worker
    /// whose logs are left out.
    ///
    /// # Errors
    /// As [`Folder::scan`].
    pub fn read_on(
        &mut self,
        folder: &Folder,
        shard: Option<Shard>,
        own: &str,
    ) -> Result<Vec<usize>, StoreError> {
        self.verify = Verify::Heads;
        self.news.get_or_insert_default();
        for path in folder.logs_of(shard)? {
            let name = path.file_name().and_then(|name| name.to_str());
            let is_own = name.is_some_and(|name| name.starts_with(own));
            let goes_on = match self.read.get(&path) {
                // Its first frame may have been on the way.
                None | Some(Far { at: 0, .. }) => true,
                Some(Far { worker: None, .. }) => false,
                Some(Far {
                    worker: Some((worker, file)),
                    ..
                }) => self.workers.get(worker).is_some_and(|seen| {
                    // What came last into a file may be seen only when the next one is there.
                    file + 1 >= seen.last && seen.lives(&**folder.files())
                }),
            };
            if !is_own && goes_on {
                self.log(folder, &path, Verify::Heads)?;
            }
        }
        self.torn.clear();
        Ok(self.news.take().unwrap_or_default())
    }

    /// Positions of the jobs that other workers than `own` have in hand, as far as they live; none when
    /// nobody else lives.
    pub fn in_hand(&self, folder: &Folder, own: &str) -> Option<BTreeSet<usize>> {
        let others = self
            .workers
            .iter()
            .filter(|(name, seen)| *name != own && seen.lives(&**folder.files()));
        let mut others = others.map(|(_, seen)| seen).peekable();
        others.peek()?;
        Some(
            others
                .flat_map(|seen| seen.in_hand(folder.jobs()))
                .collect(),
        )
    }

    /// Reads a log, from where it was read to before.
    fn log(&mut self, folder: &Folder, path: &Path, verify: Verify) -> Result<(), StoreError> {
        let failed = |e: io::Error| StoreError::io("read", path, e);
        let mut reader = match Reader::open(&**folder.files(), path) {
            // It was taken away since it was listed.
            Err(StoreError::Io { source, .. }) if is_missing(&source) => return Ok(()),
            reader => reader?,
        };
        let Far {
            file,
            at,
            mut worker,
        } = self.read.get(path).cloned().unwrap_or_else(|| {
            self.paths.push(path.to_path_buf());
            Far {
                file: self.paths.len() as u32 - 1,
                at: 0,
                worker: None,
            }
        });
        reader.go_to(at).map_err(failed)?;
        let mut foreign = false;
        let mut start;
        loop {
            start = reader.at();
            let frame = match reader.next().map_err(failed)? {
                Next::Frame(frame) => frame,
                Next::Damaged(at) => {
                    self.damage(path, Some(at));
                    continue;
                }
                Next::End { torn } => {
                    if torn && let Some((name, file)) = &worker {
                        self.torn.push((name.clone(), *file, path.to_path_buf()));
                    }
                    break;
                }
            };
            let Some(entry) = entry(&frame.head) else {
                self.damage(path, Some(start));
                continue;
            };
            if let Entry::Begin(begin) = entry {
                foreign = begin.of != folder.manifest().fingerprint;
                worker = (!foreign).then(|| (begin.worker.clone(), begin.file));
                if !foreign {
                    self.begin(path, begin);
                }
                continue;
            }
            let seen = worker
                .as_ref()
                .and_then(|(name, _)| self.workers.get_mut(name));
            let Some(seen) = seen else { continue };
            match entry {
                Entry::Took(name) => {
                    seen.taken.insert(name);
                }
                Entry::Alive(at) => seen.alive = seen.alive.max(at),
                Entry::End(ended) => seen.end = Some(ended),
                Entry::Done {
                    job,
                    seconds,
                    parts,
                } => {
                    let payload = parts.iter().map(|Part(_, bytes, sum)| (*bytes, &sum[..]));
                    if verify == Verify::All && !reader.vouches(&frame, payload).map_err(failed)? {
                        self.damage(path, Some(start));
                        continue;
                    }
                    self.last = self.last.max(Some(job.2));
                    seen.taken.remove(&job);
                    seen.done += 1;
                    seen.seconds += seconds;
                    let place = Place {
                        at: start,
                        seconds,
                        sum: sum(&parts),
                        file,
                    };
                    self.put(folder.jobs(), &job, place, None)?;
                }
                Entry::Failed {
                    job,
                    seconds,
                    error,
                } => {
                    seen.taken.remove(&job);
                    seen.failed += 1;
                    seen.seconds += seconds;
                    let place = Place {
                        seconds,
                        ..Place::default()
                    };
                    self.put(folder.jobs(), &job, place, Some(error))?;
                }
                Entry::Begin(_) | Entry::Complete(_) => {}
            }
        }
        if foreign {
            self.foreign.push(path.display().to_string());
        }
        let far = Far {
            file,
            at: start,
            worker,
        };
        self.read.insert(path.to_path_buf(), far);
        Ok(())
    }

    fn begin(&mut self, path: &Path, begin: Begin) {
        let name = begin.worker.clone();
        self.ours.insert(path.to_path_buf(), name.clone());
        let last = begin.file;
        let seen = self.workers.entry(name).or_insert_with(|| Seen {
            begin,
            last,
            alive: 0,
            end: None,
            taken: BTreeSet::new(),
            done: 0,
            failed: 0,
            seconds: 0.0,
        });
        seen.last = seen.last.max(last);
    }

    /// A log that ends within a frame is that of a killed worker, unless the worker went on in another
    /// file: then something has cut it off.
    fn tell_torn(&mut self) {
        for (worker, file, path) in std::mem::take(&mut self.torn) {
            if self
                .workers
                .get(&worker)
                .is_some_and(|seen| seen.last > file)
            {
                self.damage(&path, None);
            }
        }
    }

    fn damage(&mut self, path: &Path, from: Option<u64>) {
        let file = path.display().to_string();
        self.damaged.push(Damage { file, from });
    }

    /// A job came out so. The same is found whatever the order of the logs.
    fn put(
        &mut self,
        jobs: &Jobs,
        Name(point, layout, replicate): &Name,
        place: Place,
        error: Option<String>,
    ) -> Result<(), StoreError> {
        let Some(at) = jobs.find(point, layout, *replicate) else {
            self.others += 1;
            return Ok(());
        };
        let there = &mut self.places[at];
        match (self.states[at], error) {
            (State::Done, None) => {
                if there.sum != place.sum {
                    let path = |of: u32| self.paths.get(of as usize).cloned().unwrap_or_default();
                    return Err(StoreError::Conflict {
                        point: point.clone(),
                        layout: layout.clone(),
                        replicate: *replicate,
                        first: path(there.file),
                        second: path(place.file),
                    });
                }
                if place.seconds < there.seconds {
                    *there = place;
                }
            }
            (State::Done, Some(_)) => {}
            (State::Left | State::Failed, None) => {
                self.states[at] = State::Done;
                self.news.iter_mut().for_each(|news| news.push(at));
                self.errors.remove(&at);
                *there = place;
            }
            (State::Left, Some(error)) => {
                self.states[at] = State::Failed;
                self.errors.insert(at, error);
                *there = place;
            }
            (State::Failed, Some(error)) => {
                there.seconds = there.seconds.min(place.seconds);
                let said = self.errors.entry(at).or_default();
                if error < *said {
                    *said = error;
                }
            }
        }
        Ok(())
    }

    /// The manifest of what is asked, with how far it came.
    pub(in crate::store) fn standing(&self, folder: &Folder) -> Manifest {
        let mut manifest = folder.manifest().clone();
        let mut sessions: Vec<(&String, &Seen)> = self.workers.iter().collect();
        sessions.sort_by_key(|(name, seen)| (&seen.begin.started, *name));
        let last = sessions.last().map(|(_, seen)| seen.end.as_ref());
        let last = last.map(|end| end.map(|end| end.how));
        manifest.jobs = self.counts();
        manifest.status = match last {
            _ if self.is_whole() => Progress::Complete,
            _ if manifest.kind == ResultKind::Sweep => Progress::Partial,
            Some(Some(End::Whole)) => Progress::Partial,
            Some(Some(End::Interrupted)) => Progress::Interrupted,
            Some(Some(End::Failed)) => Progress::Failed,
            Some(None) | None => Progress::Running,
        };
        manifest.replicates_done = self.replicates(folder.jobs()).len() as u32;
        let session = |(_, seen): (&String, &Seen)| Session {
            command_line: seen.begin.command_line.clone(),
            shard: seen.begin.shard.clone(),
            threads: seen.begin.threads,
            host: seen.begin.process.host.clone(),
            machine: seen.begin.machine.clone(),
            started: seen.begin.started.clone(),
            ended: seen.end.as_ref().map(|end| end.ended.clone()),
            how: seen.end.as_ref().map(|end| end.how),
            seconds: seen.end.as_ref().map(|end| end.seconds),
            peak_bytes: seen.end.as_ref().and_then(|end| end.peak_bytes),
        };
        manifest.sessions = sessions.into_iter().map(session).collect();
        manifest.damaged.clone_from(&self.damaged);
        manifest.foreign.clone_from(&self.foreign);
        manifest
    }
}

/// Names what is kept of a job by the checksums of its parts.
fn sum(parts: &[Part]) -> u64 {
    let sums = parts.iter().map(|Part(_, _, sum)| sum.as_bytes());
    let sum = super::super::frame::sum(sums);
    u64::from_str_radix(&sum[..16], 16).unwrap_or(0)
}

/// What is kept, read from the logs; these stay open, so that not each need be opened for every job.
#[derive(Debug)]
pub(in crate::store) struct Payloads<'f> {
    files: Arc<dyn Files>,
    found: &'f Found,
    open: BTreeMap<u32, Reader>,
    /// Parts of what is kept of a job.
    parts: usize,
    /// Whether each part of each job is not yet checked against its checksum; empty when all are.
    unverified: Vec<bool>,
}

/// Logs that are open at a time.
const OPEN: usize = 64;

impl<'f> Payloads<'f> {
    pub(in crate::store) fn new(folder: &Folder, found: &'f Found) -> Self {
        let parts = match folder.manifest().kind {
            ResultKind::Sweep => 1,
            _ => folder.tables().len(),
        };
        let unverified = match found.verify {
            Verify::All => 0,
            Verify::Heads => found.states.len() * parts,
        };
        Self {
            files: Arc::clone(folder.files()),
            found,
            open: BTreeMap::new(),
            parts,
            unverified: vec![true; unverified],
        }
    }

    /// What was found.
    pub(in crate::store) fn found(&self) -> &'f Found {
        self.found
    }

    /// Rows (or values) and bytes of a part of what is kept of the job at a position.
    pub(in crate::store) fn part(
        &mut self,
        at: usize,
        part: usize,
    ) -> Result<(u64, Vec<u8>), StoreError> {
        let place = self.found.places[at];
        let path = &self.found.paths[place.file as usize];
        let failed = |e| StoreError::io("read", path, e);
        let torn = || StoreError::damaged(path, text!("log-changed"));
        if !self.open.contains_key(&place.file) {
            if self.open.len() >= OPEN {
                self.open.pop_first();
            }
            self.open
                .insert(place.file, Reader::open(&*self.files, path)?);
        }
        let reader = self.open.get_mut(&place.file).ok_or_else(torn)?;
        let frame = reader
            .frame_at(place.at)
            .map_err(failed)?
            .ok_or_else(torn)?;
        let Some(Entry::Done { parts, .. }) = entry(&frame.head) else {
            return Err(torn());
        };
        if self::sum(&parts) != place.sum {
            return Err(torn());
        }
        let before: u64 = parts.iter().take(part).map(|Part(_, bytes, _)| bytes).sum();
        let Part(rows, bytes, sum) = parts.get(part).ok_or_else(torn)?;
        let read = reader.bytes_at(frame.at + before, *bytes).map_err(failed)?;
        let read = read.ok_or_else(torn)?;
        // Each is checked against its checksum once.
        if let Some(unverified) = self.unverified.get_mut(at * self.parts + part)
            && *unverified
        {
            if super::super::frame::sum([&read[..]]) != *sum {
                let why = text!("log-kept", at = place.at);
                return Err(StoreError::damaged(path, why));
            }
            *unverified = false;
        }
        Ok((*rows, read))
    }
}
