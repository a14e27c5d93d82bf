//! The log of a worker: one line per event, each with its own checksum, so that a torn tail is seen and
//! left out. A line is only ever added; nothing in the file changes.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::super::StoreError;
use super::part::Finished;

/// What a line says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Line {
    /// The first line: whose log this is.
    Begin {
        /// Fingerprint of the sweep.
        sweep: String,
        /// Threads.
        threads: u32,
        /// Process number.
        pid: u32,
        /// Host name.
        host: String,
    },
    /// A run was taken.
    Took(Run),
    /// A run is done: its values, missing ones null.
    Done {
        run: Run,
        seconds: f64,
        values: Vec<Option<f64>>,
    },
    /// A run failed.
    Failed {
        run: Run,
        seconds: f64,
        error: String,
    },
    /// The worker lives: seconds since 1970.
    Alive(u64),
}

/// Point, layout, replicate.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Run(pub String, pub String, pub u32);

impl Run {
    /// This run as it came out.
    pub(super) fn finished<'a>(
        &'a self,
        seconds: f64,
        result: Result<&'a [f64], &'a str>,
    ) -> Finished<'a> {
        Finished {
            point: &self.0,
            layout: &self.1,
            replicate: self.2,
            seconds,
            result,
        }
    }
}

/// A log being written.
#[derive(Debug)]
pub(super) struct Log {
    pub(super) path: PathBuf,
    file: File,
    torn: bool,
    pub(super) bytes: u64,
}

impl Log {
    /// Begins a log. Fails with [`io::ErrorKind::AlreadyExists`] inside when there is one.
    pub(super) fn begin(path: &Path, first: &Line) -> io::Result<Self> {
        let file = OpenOptions::new()
            .append(true)
            .create_new(true)
            .open(path)?;
        let mut log = Self {
            path: path.to_path_buf(),
            file,
            torn: false,
            bytes: 0,
        };
        log.add(first)?;
        Ok(log)
    }

    /// Adds a line. After an error nothing can be added any more: it would follow a torn line.
    pub(super) fn add(&mut self, line: &Line) -> io::Result<()> {
        if self.torn {
            return Err(io::Error::other("its last line is torn"));
        }
        let text = encode(line)?;
        self.torn = true;
        #[cfg(test)]
        super::super::atomic::full_disk::spend(text.len())?;
        self.file.write_all(text.as_bytes())?;
        self.bytes += text.len() as u64;
        self.torn = false;
        Ok(())
    }

    /// Puts what was added on the disk itself.
    pub(super) fn sync(&self) -> io::Result<()> {
        self.file.sync_data()
    }
}

fn encode(line: &Line) -> io::Result<String> {
    let json = serde_json::to_string(line)?;
    let sum = crc32fast::hash(json.as_bytes());
    Ok(format!("{json}\t{sum:08x}\n"))
}

/// Reads the lines of a log one after the other; gives how many could not be read.
///
/// # Errors
/// [`StoreError::Io`].
pub(super) fn read(path: &Path, each: &mut dyn FnMut(Line)) -> Result<u64, StoreError> {
    let bytes = std::fs::read(path).map_err(|e| StoreError::io("read", path, e))?;
    let mut torn = 0;
    for line in bytes.split_inclusive(|b| *b == b'\n') {
        match decode(line) {
            Some(line) => each(line),
            None => torn += 1,
        }
    }
    Ok(torn)
}

fn decode(line: &[u8]) -> Option<Line> {
    let text = std::str::from_utf8(line.strip_suffix(b"\n")?).ok()?;
    let (json, sum) = text.rsplit_once('\t')?;
    let sum = u32::from_str_radix(sum, 16).ok()?;
    (sum == crc32fast::hash(json.as_bytes()))
        .then(|| serde_json::from_str(json).ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(replicate: u32) -> Run {
        Run("0123456789abcdef".into(), "布局".into(), replicate)
    }

    #[test]
    fn a_log_cut_anywhere_gives_its_whole_lines() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.log");
        let values = vec![Some(0.1 + 0.2), None, Some(f64::MIN_POSITIVE), Some(-1e300)];
        let lines = [
            Line::Begin {
                sweep: "f".into(),
                threads: 2,
                pid: 7,
                host: "h".into(),
            },
            Line::Took(run(0)),
            Line::Done {
                run: run(0),
                seconds: 0.25,
                values,
            },
            Line::Failed {
                run: run(1),
                seconds: 0.5,
                error: "a\tb\n".into(),
            },
            Line::Alive(12),
        ];
        let mut log = Log::begin(&path, &lines[0]).unwrap();
        lines[1..].iter().for_each(|line| log.add(line).unwrap());
        assert!(Log::begin(&path, &lines[0]).is_err());
        let bytes = std::fs::read(&path).unwrap();
        assert_eq!(bytes.len() as u64, log.bytes);
        for cut in 0..=bytes.len() {
            std::fs::write(&path, &bytes[..cut]).unwrap();
            let mut seen = Vec::new();
            let torn = read(&path, &mut |line| seen.push(line)).unwrap();
            let whole = bytes[..cut].iter().filter(|b| **b == b'\n').count();
            assert_eq!(seen, lines[..whole]);
            assert_eq!(torn, u64::from(cut > 0 && bytes[cut - 1] != b'\n'));
        }
        // A line that is changed is left out, the others are not.
        let mut changed = bytes.clone();
        let at = bytes.windows(4).position(|w| w == b"0.25").unwrap();
        changed[at] = b'1';
        std::fs::write(&path, &changed).unwrap();
        let mut seen = Vec::new();
        assert_eq!(read(&path, &mut |line| seen.push(line)).unwrap(), 1);
        assert_eq!(seen.len(), 4);
    }

    #[test]
    fn nothing_follows_a_torn_line() {
        use super::super::super::atomic::full_disk;
        let dir = tempfile::tempdir().unwrap();
        let mut log = Log::begin(&dir.path().join("a.log"), &Line::Alive(1)).unwrap();
        full_disk::bytes_left(5);
        assert!(log.add(&Line::Alive(2)).is_err());
        full_disk::bytes_left(usize::MAX);
        assert!(log.add(&Line::Alive(3)).is_err());
    }
}
