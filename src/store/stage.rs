//! Files that are whole or not there: written beside their place, synced, then renamed.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::checksum::sha256;
use super::error::StoreError;

use super::files::{Files, Process, disk, is_missing};

/// How the names of unfinished files begin and end.
const PREFIX: &str = ".pointplane-";
const SUFFIX: &str = ".tmp";

/// Writes `path` as a whole: into a file beside it that is synced and renamed over it at the end.
/// On any error the unfinished file is removed and `path` is as it was.
///
/// # Errors
/// [`StoreError::DiskFull`] or [`StoreError::Io`] with the path.
pub fn atomic_write<T>(
    path: &Path,
    body: impl FnOnce(&mut (dyn Write + Send)) -> io::Result<T>,
) -> Result<T, StoreError> {
    let (staged, value) = stage(&disk(), path, body)?;
    staged.publish()?;
    Ok(value)
}

/// Writes a file of the store whole, and makes its name durable.
pub(super) fn write(files: &Arc<dyn Files>, path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let (staged, ()) = stage(files, path, |w| w.write_all(bytes))?;
    staged.publish()
}

/// A finished file that still has its temporary name; removed when dropped.
pub(super) struct Staged {
    files: Arc<dyn Files>,
    temp: PathBuf,
    path: PathBuf,
    published: bool,
}

impl Staged {
    /// Gives the file its name, over whatever has it.
    pub(super) fn publish(mut self) -> Result<(), StoreError> {
        let failed = |e| StoreError::io("write", &self.path, e);
        self.files.rename(&self.temp, &self.path).map_err(failed)?;
        self.published = true;
        self.sync()
    }

    /// Gives the file its name if nobody has it; whether it did.
    pub(super) fn publish_new(mut self) -> Result<bool, StoreError> {
        match self.files.link(&self.temp, &self.path) {
            Ok(()) => {
                self.sync()?;
                return Ok(true);
            }
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => return Ok(false),
            // A file system without second names: the next best.
            Err(_) => {}
        }
        let failed = |e| StoreError::io("write", &self.path, e);
        if self.files.look(&self.path).map_err(failed)?.is_some() {
            return Ok(false);
        }
        self.files.rename(&self.temp, &self.path).map_err(failed)?;
        self.published = true;
        self.sync()?;
        Ok(true)
    }

    fn sync(&self) -> Result<(), StoreError> {
        let folder = folder_of(&self.path);
        let synced = self.files.sync_folder(folder);
        synced.map_err(|e| StoreError::io("write", &self.path, e))
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        if !self.published {
            // Nothing more can be done about a temporary file that cannot be removed; its name
            // says that it is unfinished, and a later command clears it.
            let _ = self.files.remove(&self.temp);
        }
    }
}

/// Writes a file under a temporary name beside `path`, synced, to be published later.
pub(super) fn stage<T>(
    files: &Arc<dyn Files>,
    path: &Path,
    body: impl FnOnce(&mut (dyn Write + Send)) -> io::Result<T>,
) -> Result<(Staged, T), StoreError> {
    let failed = |e| StoreError::io("write", path, e);
    let (file, temp) = loop {
        let temp = temp_path(files, path);
        match files.create(&temp) {
            Ok(file) => break (file, temp),
            // Left behind by a killed process that had the same number: take the next name.
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {}
            Err(e) => return Err(failed(e)),
        }
    };
    let staged = Staged {
        files: Arc::clone(files),
        temp,
        path: path.to_path_buf(),
        published: false,
    };
    let mut writer = BufWriter::with_capacity(1 << 16, file);
    let value = body(&mut writer).map_err(failed)?;
    let mut file = writer.into_inner().map_err(|e| failed(e.into_error()))?;
    file.sync().map_err(failed)?;
    Ok((staged, value))
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// What an unfinished file says of whose it is.
pub(super) fn place_of(process: &Process) -> String {
    let text = format!("{}\n{}", process.host, process.space);
    sha256(text.as_bytes())[..8].to_owned()
}

/// A name for an unfinished file beside `path` that nobody has used yet.
pub(super) fn temp_path(files: &Arc<dyn Files>, path: &Path) -> PathBuf {
    folder_of(path).join(temp_name(&files.process()))
}

fn temp_name(process: &Process) -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let (place, pid) = (place_of(process), process.pid);
    format!("{PREFIX}{place}-{pid}-{number}{SUFFIX}")
}

/// Place and process number in the name of an unfinished file of this program; none in other names.
fn maker(name: &str) -> Option<(&str, u32)> {
    let middle = name.strip_prefix(PREFIX)?.strip_suffix(SUFFIX)?;
    let mut parts = middle.split('-');
    let (place, pid, number) = (parts.next()?, parts.next()?, parts.next()?);
    let sound = parts.next().is_none()
        && place.len() == 8
        && place.bytes().all(|b| b.is_ascii_hexdigit())
        && number.bytes().all(|b| b.is_ascii_digit());
    sound.then_some((place, pid.parse().ok()?))
}

/// Whether a file name is that of an unfinished file of this program.
pub fn is_temp(name: &str) -> bool {
    maker(name).is_some()
}

/// Seconds after which an unfinished file of a process that cannot be judged from here is taken to be
/// left behind.
const OLD: i64 = 86_400;

/// Removes unfinished files of processes that no longer run. A merge whose files are taken away all the
/// same begins again.
pub(super) fn clear_temps(files: &Arc<dyn Files>, folder: &Path) -> Result<(), StoreError> {
    let failed = |e| StoreError::io("read", folder, e);
    let own = files.process();
    for name in files.names(folder).map_err(failed)? {
        let Some((place, pid)) = maker(&name) else {
            continue;
        };
        let path = folder.join(&name);
        let gone = if place == place_of(&own) {
            let process = Process {
                pid,
                started: String::new(),
                ..own.clone()
            };
            files.runs(&process) == Some(false)
        } else {
            let age = |changed| files.now().as_second().saturating_sub(changed);
            let found = files.look(&path).map_err(failed)?;
            found.is_some_and(|found| age(found.changed) > OLD)
        };
        if gone {
            remove(files, &path)?;
        }
    }
    Ok(())
}

/// Removes a file; one that is not there is no error.
pub(super) fn remove(files: &Arc<dyn Files>, path: &Path) -> Result<(), StoreError> {
    match files.remove(path) {
        Err(e) if !is_missing(&e) => Err(StoreError::io("remove", path, e)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn names(dir: &Path) -> Vec<String> {
        disk().names(dir).unwrap().into_iter().collect()
    }

    #[test]
    fn a_written_file_is_whole_and_alone() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.txt");
        fs::write(&path, "old").unwrap();
        let value = atomic_write(&path, |w| w.write_all(b"new").map(|()| 7)).unwrap();
        assert_eq!(value, 7);
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(names(dir.path()), ["a.txt"]);
    }

    #[test]
    fn a_name_that_is_taken_is_not_taken_again() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.txt");
        for (text, took) in [("first", true), ("second", false)] {
            let (staged, ()) = stage(&disk(), &path, |w| w.write_all(text.as_bytes())).unwrap();
            assert_eq!(staged.publish_new().unwrap(), took);
            assert_eq!(fs::read(&path).unwrap(), b"first");
            assert_eq!(names(dir.path()), ["a.txt"]);
        }
    }

    #[test]
    fn an_error_leaves_the_old_file_and_no_other() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.txt");
        fs::write(&path, "old").unwrap();
        let full = || io::Error::from(io::ErrorKind::StorageFull);
        let result = atomic_write(&path, |w| {
            w.write_all(&[b'x'; 100_000])?;
            Err::<(), _>(full())
        });
        assert!(matches!(result, Err(StoreError::DiskFull { path: p }) if p == path));
        assert_eq!(fs::read(&path).unwrap(), b"old");
        assert_eq!(names(dir.path()), ["a.txt"]);
    }

    #[test]
    fn a_folder_that_is_a_file_is_told() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("file"), "").unwrap();
        let path = dir.path().join("file").join("a.txt");
        let error = atomic_write(&path, |_| Ok(())).unwrap_err();
        assert!(matches!(error, StoreError::Io { path: p, .. } if p == path));
    }

    #[test]
    fn only_leftovers_of_dead_processes_are_cleared() {
        let dir = tempfile::tempdir().unwrap();
        let own = disk().process();
        let mut child = std::process::Command::new("true").spawn().unwrap();
        let dead = Process {
            pid: child.id(),
            ..own.clone()
        };
        child.wait().unwrap();
        let far = Process {
            host: "far".into(),
            ..own.clone()
        };
        let left = temp_name(&dead);
        let kept = [temp_name(&own), temp_name(&far)];
        let foreign = [
            ".pointplane-lock",
            "a.tmp",
            ".pointplane-1-2.tmp",
            ".pointplane-zzzzzzzz-1-2.tmp",
        ];
        for name in kept
            .iter()
            .map(String::as_str)
            .chain(foreign)
            .chain([&*left])
        {
            fs::write(dir.path().join(name), "").unwrap();
        }
        clear_temps(&disk(), dir.path()).unwrap();
        let mut expected: Vec<&str> = kept.iter().map(String::as_str).chain(foreign).collect();
        expected.sort_unstable();
        assert_eq!(names(dir.path()), expected);
        assert!(is_temp(&left) && !foreign.iter().any(|name| is_temp(name)));
    }
}
