//! Every run of a sweep at its place: parts and logs read once, in any order, each run checked against its
//! other copies.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::super::StoreError;
use super::log::{self, Line};
use super::part::{Columns, Finished};
use super::{Index, State, SweepManifest, part};

/// Runs by position: which are there, and their values in the scratch file.
pub(super) struct Gathered<'a> {
    manifest: &'a SweepManifest,
    index: &'a Index,
    pub(super) states: Vec<State>,
    pub(super) errors: BTreeMap<usize, String>,
    /// File that each run came from.
    origins: Vec<u32>,
    paths: Vec<PathBuf>,
    pub(super) scratch: Scratch,
    pub(super) others: u64,
    pub(super) foreign: Vec<String>,
}

impl<'a> Gathered<'a> {
    pub(super) fn new(
        dir: &Path,
        manifest: &'a SweepManifest,
        index: &'a Index,
    ) -> Result<Self, StoreError> {
        Ok(Self {
            manifest,
            index,
            states: vec![State::Left; index.len()],
            errors: BTreeMap::new(),
            origins: vec![0; index.len()],
            paths: Vec::new(),
            scratch: Scratch::new(dir, manifest.values() + 1)?,
            others: 0,
            foreign: Vec::new(),
        })
    }

    pub(super) fn part(&mut self, path: &Path) -> Result<(), StoreError> {
        self.paths.push(path.to_path_buf());
        let mut failed = Ok(());
        let ours = part::read(path, self.manifest, Columns::All, &mut |run| {
            if failed.is_ok() {
                failed = self.put(run);
            }
        })?;
        if !ours {
            self.foreign.push(path.display().to_string());
        }
        failed
    }

    pub(super) fn log(&mut self, path: &Path) -> Result<(), StoreError> {
        self.paths.push(path.to_path_buf());
        let (mut ours, mut foreign) = (false, false);
        let mut failed = Ok(());
        let read = log::read(path, &mut |line| {
            if failed.is_err() {
                return;
            }
            failed = match line {
                Line::Begin { sweep, .. } => {
                    ours = sweep == self.manifest.fingerprint;
                    foreign |= !ours;
                    Ok(())
                }
                Line::Done {
                    run,
                    seconds,
                    values,
                } if ours && values.len() == self.manifest.values() => {
                    let values: Vec<f64> =
                        values.into_iter().map(|v| v.unwrap_or(f64::NAN)).collect();
                    self.put(run.finished(seconds, Ok(&values)))
                }
                Line::Failed {
                    run,
                    seconds,
                    error,
                } if ours => self.put(run.finished(seconds, Err(&error))),
                _ => Ok(()),
            };
        });
        if foreign {
            self.foreign.push(path.display().to_string());
        }
        match read {
            // It has just become a part, or its worker has just ended; the next merge sees it.
            Err(StoreError::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => {
                Ok(())
            }
            other => other.and(failed),
        }
    }

    fn put(&mut self, run: Finished<'_>) -> Result<(), StoreError> {
        let Finished {
            point,
            layout,
            replicate,
            seconds,
            result,
        } = run;
        let Some(at) = self.index.find(point, layout, replicate) else {
            self.others += 1;
            return Ok(());
        };
        let origin = self.paths.len().saturating_sub(1) as u32;
        match (self.states[at], result) {
            (State::Done, Ok(values)) => {
                let there = self.scratch.read(at)?;
                let same = there[1..]
                    .iter()
                    .zip(values)
                    .all(|(a, b)| a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan()));
                if !same {
                    let path = |of: u32| self.paths.get(of as usize).cloned().unwrap_or_default();
                    return Err(StoreError::Conflict {
                        point: point.to_owned(),
                        layout: layout.to_owned(),
                        replicate,
                        first: path(self.origins[at]),
                        second: path(origin),
                    });
                }
            }
            (State::Done, Err(_)) => {}
            (State::Left | State::Failed, Ok(values)) => {
                self.states[at] = State::Done;
                self.errors.remove(&at);
                self.origins[at] = origin;
                self.scratch.write(at, seconds, values)?;
            }
            (State::Left, Err(error)) => {
                self.states[at] = State::Failed;
                self.errors.insert(at, error.to_owned());
                self.scratch
                    .write(at, seconds, &vec![f64::NAN; self.manifest.values()])?;
            }
            (State::Failed, Err(error)) => {
                // The same one whatever the order of the files.
                let there = self.errors.entry(at).or_default();
                if error < there.as_str() {
                    error.clone_into(there);
                }
            }
        }
        Ok(())
    }
}

/// A file without a name beside the tables, with a record of numbers per run.
pub(super) struct Scratch {
    path: PathBuf,
    file: BufWriter<File>,
    width: usize,
    /// Where the file stands.
    at: u64,
}

impl Scratch {
    fn new(dir: &Path, width: usize) -> Result<Self, StoreError> {
        let file = tempfile::tempfile_in(dir).map_err(|e| StoreError::io("write", dir, e))?;
        Ok(Self {
            path: dir.join("scratch file"),
            file: BufWriter::with_capacity(1 << 18, file),
            width,
            at: 0,
        })
    }

    fn failed(&self, error: io::Error) -> StoreError {
        StoreError::io("write", &self.path, error)
    }

    fn record(&self, at: usize) -> u64 {
        at as u64 * self.width as u64 * 8
    }

    fn write(&mut self, at: usize, seconds: f64, values: &[f64]) -> Result<(), StoreError> {
        let start = self.record(at);
        let mut write = || -> io::Result<()> {
            if self.at != start {
                self.file.seek(SeekFrom::Start(start))?;
            }
            self.file.write_all(&seconds.to_le_bytes())?;
            values
                .iter()
                .try_for_each(|value| self.file.write_all(&value.to_le_bytes()))
        };
        let written = write();
        written.map_err(|e| self.failed(e))?;
        self.at = self.record(at + 1);
        Ok(())
    }

    fn read(&mut self, at: usize) -> Result<Vec<f64>, StoreError> {
        let start = self.record(at);
        let mut bytes = vec![0; self.width * 8];
        let mut read = || -> io::Result<()> {
            self.file.seek(SeekFrom::Start(start))?;
            self.file.get_mut().read_exact(&mut bytes)
        };
        let read = read();
        read.map_err(|e| self.failed(e))?;
        self.at = self.record(at + 1);
        Ok(numbers(&bytes))
    }

    pub(super) fn flush(&mut self) -> Result<(), StoreError> {
        let flushed = self.file.flush();
        flushed.map_err(|e| self.failed(e))
    }

    /// Reads all records in order, those that were never written as zeros.
    pub(super) fn each(
        &mut self,
        records: usize,
        each: &mut dyn FnMut(usize, &[f64]) -> io::Result<()>,
    ) -> io::Result<()> {
        let length = self.width * 8;
        let file = self.file.get_mut();
        file.set_len(records as u64 * length as u64)?;
        file.seek(SeekFrom::Start(0))?;
        let mut reader = BufReader::with_capacity(1 << 18, file);
        let mut bytes = vec![0; length];
        for at in 0..records {
            reader.read_exact(&mut bytes)?;
            each(at, &numbers(&bytes))?;
        }
        Ok(())
    }
}

fn numbers(bytes: &[u8]) -> Vec<f64> {
    let number = |chunk: &[u8]| f64::from_le_bytes(chunk.try_into().unwrap_or_default());
    bytes.chunks_exact(8).map(number).collect()
}
