//! The few things that the store asks of the machine: files, a clock, and which process this is. Behind
//! one trait, so that tests can put a file system in its place that loses what was not synced and shows
//! each client an old view.

use std::collections::BTreeSet;
use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, Write};
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, OnceLock};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::texts::text;

/// A file that is read.
pub trait Input: Read + Seek + Send {}

impl<T: Read + Seek + Send> Input for T {}

/// A file that is written from its beginning, once.
pub trait Output: Write + Send {
    /// Puts what was written on the disk itself.
    ///
    /// # Errors
    /// What the system answers.
    fn sync(&mut self) -> io::Result<()>;
    /// Takes away all after the first `length` bytes; what is written next stands there.
    ///
    /// # Errors
    /// What the system answers.
    fn cut(&mut self, length: u64) -> io::Result<()>;
}

/// What stands at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// A folder, not a file.
    pub folder: bool,
    /// When it was last changed, seconds since 1970.
    pub changed: i64,
}

/// A process, so that another one can say whether it still runs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Process {
    /// Host name.
    pub host: String,
    /// Where its number is known: processes of one host may be in several spaces of numbers.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub space: String,
    /// Its number.
    pub pid: u32,
    /// When it started, as the system counts it: tells it from a later one with the same number.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub started: String,
}

/// What the store asks of the machine. Paths are those of one folder of results and what is in it.
pub trait Files: fmt::Debug + Send + Sync {
    /// Names in a folder, in order; none when it does not exist.
    ///
    /// # Errors
    /// What the system answers; so for all of these.
    fn names(&self, folder: &Path) -> io::Result<BTreeSet<String>>;
    /// What stands at a path, links not followed; nothing when there is nothing.
    fn look(&self, path: &Path) -> io::Result<Option<Look>>;
    /// Opens a file to read it.
    fn open(&self, path: &Path) -> io::Result<Box<dyn Input>>;
    /// Makes a file that is not there yet; [`io::ErrorKind::AlreadyExists`] when it is.
    fn create(&self, path: &Path) -> io::Result<Box<dyn Output>>;
    /// Gives a file another name, over whatever has it.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Gives a file a second name that is not taken; [`io::ErrorKind::AlreadyExists`] when it is.
    fn link(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Removes a file.
    fn remove(&self, path: &Path) -> io::Result<()>;
    /// Makes a folder and those above it; one that is there is no error.
    fn make_folder(&self, path: &Path) -> io::Result<()>;
    /// Removes an empty folder.
    fn remove_folder(&self, path: &Path) -> io::Result<()>;
    /// Makes names in a folder durable.
    fn sync_folder(&self, path: &Path) -> io::Result<()>;
    /// Now.
    fn now(&self) -> Timestamp;
    /// The present process.
    fn process(&self) -> Process;
    /// Whether a process still runs; none when that cannot be known here.
    fn runs(&self, process: &Process) -> Option<bool>;
    /// Peak memory of the present process in bytes; none where the system does not tell.
    fn peak_memory(&self) -> Option<u64> {
        None
    }
}

/// The files of this machine.
pub fn disk() -> Arc<dyn Files> {
    Arc::new(Disk)
}

/// The files of this machine.
#[derive(Clone, Copy, Debug)]
pub(super) struct Disk;

struct Written(File);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl Output for Written {
    fn sync(&mut self) -> io::Result<()> {
        self.0.sync_all()
    }

    fn cut(&mut self, length: u64) -> io::Result<()> {
        self.0.set_len(length)
    }
}

impl Files for Disk {
    fn names(&self, folder: &Path) -> io::Result<BTreeSet<String>> {
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(BTreeSet::new()),
            Err(e) => return Err(e),
        };
        let name = |entry: fs::DirEntry| entry.file_name().to_string_lossy().into_owned();
        entries.map(|entry| entry.map(name)).collect()
    }

    fn look(&self, path: &Path) -> io::Result<Option<Look>> {
        let found = match fs::symlink_metadata(path) {
            Ok(found) => found,
            Err(e) if is_missing(&e) => return Ok(None),
            Err(e) => return Err(e),
        };
        let changed = found.modified().ok();
        let changed = changed.and_then(|time| Timestamp::try_from(time).ok());
        Ok(Some(Look {
            folder: found.is_dir(),
            changed: changed.map_or(0, |time| time.as_second()),
        }))
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn Input>> {
        // To open a pipe waits for somebody who writes, and a device may have no end.
        let about = fs::metadata(path)?;
        if !about.is_file() && !about.is_dir() {
            return Err(io::Error::other(text!("is-pipe")));
        }
        Ok(Box::new(File::open(path)?))
    }

    fn create(&self, path: &Path) -> io::Result<Box<dyn Output>> {
        let file = OpenOptions::new()
            .append(true)
            .create_new(true)
            .open(path)?;
        Ok(Box::new(Written(file)))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn link(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::hard_link(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn make_folder(&self, path: &Path) -> io::Result<()> {
        fs::create_dir_all(path)
    }

    fn remove_folder(&self, path: &Path) -> io::Result<()> {
        fs::remove_dir(path)
    }

    /// A system that refuses only loses durability against power failure, never wholeness, so that is
    /// no error.
    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        if cfg!(unix)
            && let Ok(folder) = File::open(path)
        {
            let _ = folder.sync_all();
        }
        Ok(())
    }

    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn process(&self) -> Process {
        static THIS: OnceLock<Process> = OnceLock::new();
        THIS.get_or_init(|| {
            let pid = std::process::id();
            Process {
                host: host_name(),
                space: space(),
                pid,
                started: start_of(pid).unwrap_or_default(),
            }
        })
        .clone()
    }

    fn runs(&self, process: &Process) -> Option<bool> {
        let own = self.process();
        if own.host.is_empty() || (&own.host, &own.space) != (&process.host, &process.space) {
            return None;
        }
        if cfg!(target_os = "linux") && !own.started.is_empty() {
            let started = start_of(process.pid);
            return Some(
                started.is_some_and(|started| {
                    process.started.is_empty() || process.started == started
                }),
            );
        }
        if cfg!(unix) {
            let ps = Command::new("ps")
                .args(["-p", &process.pid.to_string()])
                .output();
            return ps.ok().map(|output| output.status.success());
        }
        None
    }

    fn peak_memory(&self) -> Option<u64> {
        let status = fs::read_to_string("/proc/self/status").ok()?;
        let peak = status
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:"))?;
        let kibibytes = peak.trim().strip_suffix("kB")?.trim();
        kibibytes.parse().ok().map(|kib: u64| kib * 1024)
    }
}

/// Whether an error says that there is nothing at the path.
pub(super) fn is_missing(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}

/// Start of a process in clock ticks since boot; `None` when it does not run (or is a zombie) or
/// the system does not tell.
fn start_of(pid: u32) -> Option<String> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The second field is the program's name in brackets and may hold anything.
    let (_, rest) = stat.rsplit_once(')')?;
    let mut fields = rest.split_whitespace();
    match fields.next()? {
        "Z" | "X" => None,
        _ => fields.nth(18).map(str::to_owned),
    }
}

/// The space of process numbers, and the boot, that this process is in, where the system tells.
fn space() -> String {
    let space = fs::read_link("/proc/self/ns/pid").unwrap_or_default();
    let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    let digits = |text: &str| -> String { text.chars().filter(char::is_ascii_digit).collect() };
    let space = digits(&space.to_string_lossy());
    let boot = boot.trim().get(..8).unwrap_or_default();
    format!("{space}{boot}")
}

fn host_name() -> String {
    let name = fs::read_to_string("/proc/sys/kernel/hostname").ok();
    let name = name.or_else(|| {
        let output = Command::new("hostname").output().ok()?;
        String::from_utf8(output.stdout).ok()
    });
    name.unwrap_or_default().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_that_has_ended_or_whose_number_is_used_again_does_not_run() {
        let own = Disk.process();
        assert_eq!(Disk.runs(&own), Some(true));
        let mut child = Command::new("true").spawn().unwrap();
        let dead = Process {
            pid: child.id(),
            started: String::new(),
            ..own.clone()
        };
        child.wait().unwrap();
        assert_eq!(Disk.runs(&dead), Some(false));
        if cfg!(target_os = "linux") {
            let earlier = Process {
                started: "1".into(),
                ..own.clone()
            };
            assert_eq!(Disk.runs(&earlier), Some(false));
        }
    }

    #[test]
    fn a_process_elsewhere_cannot_be_judged() {
        let own = Disk.process();
        let host = Process {
            host: "far-away".into(),
            ..own.clone()
        };
        let space = Process {
            space: "another".into(),
            ..own
        };
        assert_eq!([Disk.runs(&host), Disk.runs(&space)], [None, None]);
    }
}
