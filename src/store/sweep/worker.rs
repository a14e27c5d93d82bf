//! A worker's own files: its log, and the parts into which the log goes when it is full or the worker
//! ends.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Instant;

use jiff::Timestamp;

use super::super::StoreError;
use super::super::atomic::sha256;
use super::super::lock::host_name;
use super::folder::{LOGS, PARTS};
use super::log::{Line, Log, Run};
use super::scan::share_name;
use super::{Index, RunKey, Shard, SweepManifest, part};

/// Bytes of a log from which it is put into a part.
const FULL: u64 = 16 << 20;
/// Seconds between two signs of life.
pub(super) const BEAT: u64 = 15;
/// Seconds between two syncs of the log to the disk.
const SYNC: u64 = 5;

/// A finished run.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Which run.
    pub key: RunKey,
    /// Wall time.
    pub seconds: f64,
    /// Its values, [`SweepManifest::values`] of them, or why it failed.
    pub result: Result<Vec<f64>, String>,
}

/// A worker of a sweep.
#[derive(Debug)]
pub struct Worker {
    dir: PathBuf,
    name: String,
    sequence: u32,
    first: Line,
    log: Log,
    records: Vec<Record>,
    beat: Instant,
    synced: Instant,
}

impl Worker {
    /// Begins to work in the folder of a sweep, under a name that no other worker has.
    ///
    /// # Errors
    /// [`StoreError::DiskFull`], [`StoreError::Io`].
    pub fn begin(
        dir: &Path,
        manifest: &SweepManifest,
        shard: Shard,
        threads: u32,
    ) -> Result<Self, StoreError> {
        let (host, pid) = (host_name(), std::process::id());
        let first = Line::Begin {
            sweep: manifest.fingerprint.clone(),
            threads,
            pid,
            host: host.clone(),
        };
        loop {
            let now = Timestamp::now().as_nanosecond();
            let seed = format!("{host} {pid} {now}");
            let token = &sha256(seed.as_bytes())[..10];
            let name = format!("{}-{token}", share_name(shard, manifest));
            let path = dir.join(LOGS).join(format!("{name}-0000.log"));
            match Log::begin(&path, &first) {
                Ok(log) => {
                    let now = Instant::now();
                    let mut worker = Self {
                        dir: dir.to_path_buf(),
                        name,
                        sequence: 0,
                        first,
                        log,
                        records: Vec::new(),
                        beat: now,
                        synced: now,
                    };
                    worker.alive()?;
                    return Ok(worker);
                }
                // Somebody was here in the same nanosecond.
                Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {}
                Err(e) => return Err(StoreError::io("write", &path, e)),
            }
        }
    }

    /// A run is taken: from now on it counts as running.
    ///
    /// # Errors
    /// [`StoreError::DiskFull`], [`StoreError::Io`].
    pub fn took(&mut self, index: &Index, key: RunKey) -> Result<(), StoreError> {
        self.add(&Line::Took(run(index, key)))
    }

    /// Keeps a finished run: whatever happens to the process, it is kept when this returns.
    ///
    /// # Errors
    /// [`StoreError::DiskFull`], [`StoreError::Io`].
    pub fn keep(
        &mut self,
        index: &Index,
        manifest: &SweepManifest,
        mut record: Record,
    ) -> Result<(), StoreError> {
        // As the tables write it: one missing value, one zero. So all copies of a run are equal.
        if let Ok(values) = &mut record.result {
            for value in values {
                *value = if value.is_finite() {
                    *value + 0.0
                } else {
                    f64::NAN
                };
            }
        }
        let run = run(index, record.key);
        let seconds = record.seconds;
        self.add(&match &record.result {
            Ok(values) => Line::Done {
                run,
                seconds,
                values: values.iter().map(|v| v.is_finite().then_some(*v)).collect(),
            },
            Err(error) => Line::Failed {
                run,
                seconds,
                error: error.clone(),
            },
        })?;
        self.records.push(record);
        if self.log.bytes >= FULL {
            self.seal(index, manifest, true)?;
        }
        self.tick()
    }

    /// Gives a sign of life when it is time.
    ///
    /// # Errors
    /// [`StoreError::DiskFull`], [`StoreError::Io`].
    pub fn tick(&mut self) -> Result<(), StoreError> {
        if self.beat.elapsed().as_secs() >= BEAT {
            self.alive()?;
        }
        if self.synced.elapsed().as_secs() >= SYNC {
            self.synced = Instant::now();
            let path = &self.log.path;
            self.log
                .sync()
                .map_err(|e| StoreError::io("write", path, e))?;
        }
        Ok(())
    }

    /// Ends: all that was finished goes into a part.
    ///
    /// # Errors
    /// [`StoreError::DiskFull`], [`StoreError::Io`]; the log then keeps what was finished.
    pub fn end(mut self, index: &Index, manifest: &SweepManifest) -> Result<(), StoreError> {
        self.seal(index, manifest, false)
    }

    fn alive(&mut self) -> Result<(), StoreError> {
        self.beat = Instant::now();
        self.add(&Line::Alive(seconds_now()))
    }

    fn add(&mut self, line: &Line) -> Result<(), StoreError> {
        let path = self.log.path.clone();
        self.log
            .add(line)
            .map_err(|e| StoreError::io("write", &path, e))
    }

    fn seal(
        &mut self,
        index: &Index,
        manifest: &SweepManifest,
        go_on: bool,
    ) -> Result<(), StoreError> {
        let old = self.log.path.clone();
        if !self.records.is_empty() {
            self.records.sort_by_key(|record| record.key);
            let name = format!("{}-{:04}", self.name, self.sequence);
            part::write(&self.dir.join(PARTS), &name, index, manifest, &self.records)?;
            self.records.clear();
        }
        if go_on {
            self.sequence += 1;
            let path = self
                .dir
                .join(LOGS)
                .join(format!("{}-{:04}.log", self.name, self.sequence));
            self.log =
                Log::begin(&path, &self.first).map_err(|e| StoreError::io("write", &path, e))?;
            self.alive()?;
        }
        // The part has it all. A log that cannot be removed only says it twice.
        let _ = fs::remove_file(old);
        Ok(())
    }
}

fn run(index: &Index, key: RunKey) -> Run {
    let (point, layout) = index.names(key);
    Run(point.to_owned(), layout.to_owned(), key.replicate)
}

/// Seconds since 1970.
pub(super) fn seconds_now() -> u64 {
    u64::try_from(Timestamp::now().as_second()).unwrap_or(0)
}
