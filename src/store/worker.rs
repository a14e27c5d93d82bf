//! A worker: keeps what it has run in files of its own, whose names no other worker has.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;

use crate::texts::text;

use super::checksum::sha256;
use super::error::StoreError;

use super::files::Files;
use super::folder::Folder;
use super::job::{Job, Jobs, Shard};
use super::log::{Begin, End, Ended, Entry, Log, Machine, Name};
use super::payload::Payload;
use super::shares::{BEAT, LOGS, share_name};
use super::stage::place_of;

/// Bytes of a log from which on a new one is begun.
const FULL: u64 = 16 << 20;
/// Seconds between two syncs of the log to the disk.
const SYNC: i64 = 5;

/// A worker.
#[derive(Debug)]
pub struct Worker {
    files: Arc<dyn Files>,
    logs: PathBuf,
    jobs: Arc<Jobs>,
    first: Begin,
    log: Log,
    full: u64,
    began: Timestamp,
    beat: i64,
    synced: i64,
}

impl Folder {
    /// Begins to work here, under a name that no other worker has.
    ///
    /// # Errors
    /// [`StoreError::DiskFull`], [`StoreError::Io`].
    pub fn worker(
        &self,
        shard: Shard,
        threads: u32,
        command_line: Vec<String>,
    ) -> Result<Worker, StoreError> {
        let files = Arc::clone(self.files());
        let process = files.process();
        let began = files.now();
        let mut first = Begin {
            of: self.manifest().fingerprint.clone(),
            worker: String::new(),
            file: 0,
            shard: format!("{}/{}", shard.number, shard.of),
            threads,
            command_line,
            started: second(began),
            machine: Machine::this(),
            process,
        };
        let logs = self.dir().join(LOGS);
        let made = files.make_folder(&logs);
        made.map_err(|e| StoreError::io("make folder", &logs, e))?;
        let whose = format!("{}-{}", place_of(&first.process), first.process.pid);
        let mut number = began.as_nanosecond();
        loop {
            let token = &sha256(format!("{whose} {number}").as_bytes())[..6];
            first.worker = format!("{}-{whose}-{token}", share_name(shard, self.manifest()));
            let path = logs.join(file_name(&first));
            match Log::begin(&*files, &path) {
                Ok(log) => {
                    let now = files.now().as_second();
                    let mut worker = Worker {
                        jobs: Arc::clone(self.jobs()),
                        files,
                        logs,
                        first,
                        log,
                        full: FULL,
                        began,
                        beat: now,
                        synced: now,
                    };
                    worker.open()?;
                    self.say_running()?;
                    return Ok(worker);
                }
                // Somebody of the same number was here in the same nanosecond.
                Err(e) if e.kind() == io::ErrorKind::AlreadyExists => number += 1,
                Err(e) => return Err(StoreError::io("write", &path, e)),
            }
        }
    }
}

impl Worker {
    /// What it is called; no other worker is called so.
    pub fn id(&self) -> &str {
        &self.first.worker
    }

    /// A job is taken: from now on it counts as running.
    ///
    /// # Errors
    /// [`StoreError::Data`] when it is not one of the jobs here, [`StoreError::DiskFull`], [`StoreError::Io`].
    pub fn took(&mut self, job: Job) -> Result<(), StoreError> {
        let name = self.name(job)?;
        self.add(&Entry::Took(name))
    }

    /// Keeps a finished job, or why it failed. When this returns, the job survives the end of the process;
    /// a few seconds later (see [`Worker::tick`]) a power failure too.
    ///
    /// # Errors
    /// [`StoreError::Data`] when it is not one of the jobs here, [`StoreError::DiskFull`], [`StoreError::Io`]. The
    /// job is then not kept.
    pub fn keep(
        &mut self,
        job: Job,
        seconds: f64,
        result: Result<Payload, String>,
    ) -> Result<(), StoreError> {
        let name = self.name(job)?;
        match result {
            Ok(payload) => {
                let done = self.log.done(name, seconds, &payload);
                done.map_err(|e| StoreError::io("write", &self.log.path, e))?;
            }
            Err(error) => self.add(&Entry::Failed {
                job: name,
                seconds,
                error,
            })?,
        }
        if self.log.bytes >= self.full {
            self.sync()?;
            self.next_file()?;
        }
        self.tick()
    }

    /// Gives a sign of life, and puts what was kept on the disk itself, when it is time. To be called at
    /// least once a second.
    ///
    /// # Errors
    /// [`StoreError::DiskFull`], [`StoreError::Io`].
    pub fn tick(&mut self) -> Result<(), StoreError> {
        let now = self.files.now().as_second();
        // A clock that was set back is no reason to fall silent.
        let due = |since: i64, every: i64| now >= since + every || now < since;
        if due(self.beat, BEAT) {
            self.alive()?;
        }
        if due(self.synced, SYNC) {
            self.sync()?;
        }
        Ok(())
    }

    /// Ends, and says how.
    ///
    /// # Errors
    /// [`StoreError::DiskFull`], [`StoreError::Io`]; what was kept before stays.
    pub fn end(mut self, how: End) -> Result<(), StoreError> {
        if self.log.is_torn() {
            // Nothing can follow what is torn.
            self.next_file()?;
        }
        let now = self.files.now();
        let seconds = now.duration_since(self.began).as_secs_f64().max(0.0);
        self.add(&Entry::End(Ended {
            how,
            ended: second(now),
            seconds: (seconds * 1000.0).round() / 1000.0,
            peak_bytes: self.files.peak_memory(),
        }))?;
        self.sync()
    }

    /// Begins a new file from so many bytes on.
    #[cfg(test)]
    pub(super) fn full_at(&mut self, bytes: u64) {
        self.full = bytes;
    }

    fn next_file(&mut self) -> Result<(), StoreError> {
        self.first.file += 1;
        let path = self.logs.join(file_name(&self.first));
        let log = Log::begin(&*self.files, &path);
        self.log = log.map_err(|e| StoreError::io("write", &path, e))?;
        self.open()
    }

    /// Says whose the file is, and makes sure that it is found.
    fn open(&mut self) -> Result<(), StoreError> {
        self.add(&Entry::Begin(self.first.clone()))?;
        self.alive()?;
        self.sync()?;
        let synced = self.files.sync_folder(&self.logs);
        synced.map_err(|e| StoreError::io("write", &self.logs, e))
    }

    fn alive(&mut self) -> Result<(), StoreError> {
        self.beat = self.files.now().as_second();
        self.add(&Entry::Alive(self.beat))
    }

    fn sync(&mut self) -> Result<(), StoreError> {
        self.synced = self.files.now().as_second();
        let synced = self.log.sync();
        synced.map_err(|e| StoreError::io("write", &self.log.path, e))
    }

    fn add(&mut self, entry: &Entry) -> Result<(), StoreError> {
        let added = self.log.add(entry);
        added.map_err(|e| StoreError::io("write", &self.log.path, e))
    }

    fn name(&self, job: Job) -> Result<Name, StoreError> {
        let names = self.jobs.names(job).ok_or_else(|| StoreError::Data {
            table: text!("of-a-job"),
            why: text!("job-of-others", job = format!("{job:?}")),
        });
        let (point, layout) = names?;
        Ok(Name(point.to_owned(), layout.to_owned(), job.replicate))
    }
}

fn file_name(begin: &Begin) -> String {
    format!("{}-{:04}.log", begin.worker, begin.file)
}

/// A time in UTC, to the second.
fn second(time: Timestamp) -> String {
    let rounded = Timestamp::from_second(time.as_second());
    rounded.unwrap_or(time).to_string()
}
