//! The log of a worker: frames, one per event. A frame is only ever added; nothing in a file changes, but that a
//! frame that could not be written whole is taken away again.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::files::{Files, Output, Process};
use super::frame;
use super::payload::{Payload, to_bytes};
use crate::texts::text;

/// What a frame says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Entry {
    /// The first frame: whose log this is, and of what.
    Begin(Begin),
    /// A job was taken.
    Took(Name),
    /// A job is done; what is kept of it is the payload.
    Done {
        job: Name,
        seconds: f64,
        /// The parts of the payload: one for each table, or one with all values.
        parts: Vec<Part>,
    },
    /// A job failed.
    Failed {
        job: Name,
        seconds: f64,
        error: String,
    },
    /// The worker lives: seconds since 1970.
    Alive(i64),
    /// The results are complete; the payload is their manifest.
    Complete(Part),
    /// The worker has ended.
    End(Ended),
}

/// The end of a worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Ended {
    pub(super) how: End,
    /// When (UTC).
    pub(super) ended: String,
    /// Wall time of the session.
    pub(super) seconds: f64,
    /// Peak memory of its process until then; none where the system does not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) peak_bytes: Option<u64>,
}

/// A part of a payload: rows (or values), bytes, checksum.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Part(pub(super) u64, pub(super) u64, pub(super) String);

impl Part {
    pub(super) fn of(rows: u64, bytes: &[u8]) -> Self {
        Self(rows, bytes.len() as u64, frame::sum([bytes]))
    }
}

/// The first frame of a log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Begin {
    /// Fingerprint of what is asked.
    pub(super) of: String,
    /// Name of the worker; its files are called so.
    pub(super) worker: String,
    /// Which of its files this is, from 0.
    pub(super) file: u32,
    /// Its share, `I/N`.
    pub(super) shard: String,
    /// Its process.
    pub(super) process: Process,
    /// Threads.
    pub(super) threads: u32,
    /// The command, word by word.
    pub(super) command_line: Vec<String>,
    /// When it began (UTC).
    pub(super) started: String,
    /// The machine.
    pub(super) machine: Machine,
}

/// The machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Machine {
    /// Operating system.
    pub os: String,
    /// Processor architecture.
    pub arch: String,
    /// Logical processors that could be used.
    pub cores: usize,
}

impl Machine {
    pub(super) fn this() -> Self {
        Self {
            os: std::env::consts::OS.to_owned(),
            arch: std::env::consts::ARCH.to_owned(),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
        }
    }
}

/// How a worker ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum End {
    /// Everything that it was to do is done or has failed.
    Whole,
    /// It was told to stop, or its time was over.
    Interrupted,
    /// By an error.
    Failed,
}

/// A job as files name it: point, layout, replicate.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Name(pub(super) String, pub(super) String, pub(super) u32);

/// Bytes that are written together.
const SMALL: usize = 1 << 16;

/// A log being written.
#[derive(Debug)]
pub(super) struct Log {
    pub(super) path: PathBuf,
    file: Box<dyn Output>,
    torn: bool,
    pub(super) bytes: u64,
}

impl std::fmt::Debug for dyn Output {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Output")
    }
}

impl Log {
    /// Begins a log. Fails with [`io::ErrorKind::AlreadyExists`] inside when there is one.
    pub(super) fn begin(files: &dyn Files, path: &Path) -> io::Result<Self> {
        Ok(Self {
            path: path.to_path_buf(),
            file: files.create(path)?,
            torn: false,
            bytes: 0,
        })
    }

    /// Adds a frame without payload. After an error nothing can be added any more: it would follow a
    /// torn frame.
    pub(super) fn add(&mut self, entry: &Entry) -> io::Result<()> {
        self.put(entry, &[])
    }

    /// Adds what is kept of a job that is done.
    pub(super) fn done(&mut self, job: Name, seconds: f64, payload: &Payload) -> io::Result<()> {
        let values;
        let parts: Vec<(u64, &[u8])> = match payload {
            Payload::Values(list) => {
                values = to_bytes(list);
                vec![(list.len() as u64, &values)]
            }
            Payload::Tables(encoded) => {
                let parts = encoded.parts.iter();
                parts.map(|(rows, bytes)| (*rows, &bytes[..])).collect()
            }
        };
        let entry = Entry::Done {
            job,
            seconds,
            parts: parts.iter().map(|(rows, b)| Part::of(*rows, b)).collect(),
        };
        let pieces: Vec<&[u8]> = parts.into_iter().map(|(_, bytes)| bytes).collect();
        self.put(&entry, &pieces)
    }

    /// Adds a frame with its payload.
    pub(super) fn put(&mut self, entry: &Entry, payload: &[&[u8]]) -> io::Result<()> {
        if self.torn {
            return Err(io::Error::other(text!("frame-not-written")));
        }
        let head = serde_json::to_string(entry)?;
        let length: usize = payload.iter().map(|piece| piece.len()).sum();
        let start = frame::start(&head, length)?;
        let written = (start.len() + length + 1) as u64;
        if let Err(error) = self.write(start, payload) {
            // What is half written goes, so that the file ends with a whole frame and its room is free again.
            self.torn = true;
            let _ = self.file.cut(self.bytes);
            return Err(error);
        }
        self.bytes += written;
        Ok(())
    }

    fn write(&mut self, mut bytes: Vec<u8>, payload: &[&[u8]]) -> io::Result<()> {
        for piece in payload {
            // Small pieces go in one write.
            if bytes.len() + piece.len() > SMALL {
                self.file.write_all(&bytes)?;
                bytes.clear();
            }
            if piece.len() > SMALL {
                self.file.write_all(piece)?;
            } else {
                bytes.extend_from_slice(piece);
            }
        }
        bytes.push(b'\n');
        self.file.write_all(&bytes)
    }

    /// Whether a frame could not be written, so that nothing is added any more.
    pub(super) fn is_torn(&self) -> bool {
        self.torn
    }

    /// Puts what was added on the disk itself.
    pub(super) fn sync(&mut self) -> io::Result<()> {
        self.file.sync()
    }
}

/// What a head says; none when it is of no kind that is known here.
pub(super) fn entry(head: &str) -> Option<Entry> {
    serde_json::from_str(head).ok()
}
