//! Files that are whole or not there: written beside their place, synced, then renamed.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use sha2::{Digest, Sha256};

use super::StoreError;

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
    let (staged, value) = stage(path, body)?;
    staged.publish()?;
    sync_dir(path.parent());
    Ok(value)
}

/// A finished file that still has its temporary name; removed when dropped.
pub(super) struct Staged {
    temp: PathBuf,
    path: PathBuf,
    published: bool,
}

impl Staged {
    /// Gives the file its name.
    pub(super) fn publish(self) -> Result<(), StoreError> {
        let path = self.path.clone();
        self.publish_as(&path)
    }

    /// Gives the file a name that depends on what is in it.
    pub(super) fn publish_as(mut self, path: &Path) -> Result<(), StoreError> {
        fs::rename(&self.temp, path).map_err(|e| StoreError::io("write", path, e))?;
        self.published = true;
        Ok(())
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        if !self.published {
            // Nothing more can be done about a temporary file that cannot be removed; its name
            // says that it is unfinished, and the next run clears it.
            let _ = fs::remove_file(&self.temp);
        }
    }
}

/// Writes a file under a temporary name beside `path`, synced, to be published later.
pub(super) fn stage<T>(
    path: &Path,
    body: impl FnOnce(&mut (dyn Write + Send)) -> io::Result<T>,
) -> Result<(Staged, T), StoreError> {
    let failed = |e| StoreError::io("write", path, e);
    let (file, temp) = create_temp(path).map_err(failed)?;
    let staged = Staged {
        temp,
        path: path.to_path_buf(),
        published: false,
    };
    let mut writer = BufWriter::with_capacity(1 << 16, Disk(file));
    let value = body(&mut writer).map_err(failed)?;
    let disk = writer.into_inner().map_err(|e| failed(e.into_error()))?;
    disk.0.sync_all().map_err(failed)?;
    Ok((staged, value))
}

fn create_temp(path: &Path) -> io::Result<(File, PathBuf)> {
    let dir = match path.parent() {
        Some(dir) if !dir.as_os_str().is_empty() => dir,
        _ => Path::new("."),
    };
    loop {
        let temp = dir.join(temp_name());
        match OpenOptions::new().write(true).create_new(true).open(&temp) {
            Ok(file) => return Ok((file, temp)),
            // Left behind by a killed process that had the same number: take the next name.
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {}
            Err(e) => return Err(e),
        }
    }
}

/// A name for an unfinished file that this process has not used yet.
pub(super) fn temp_name() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    format!("{PREFIX}{}-{number}{SUFFIX}", std::process::id())
}

/// Whether a file name is that of an unfinished file of this program.
pub(super) fn is_temp(name: &str) -> bool {
    name.strip_prefix(PREFIX)
        .and_then(|rest| rest.strip_suffix(SUFFIX))
        .is_some_and(|middle| {
            middle.split('-').count() == 2
                && middle.bytes().all(|b| b.is_ascii_digit() || b == b'-')
        })
}

/// Makes renames in a folder durable where the system has a way to; a system that refuses only
/// loses durability against power failure, never wholeness, so that is no error.
pub(super) fn sync_dir(dir: Option<&Path>) {
    if cfg!(unix) {
        let dir = dir.filter(|d| !d.as_os_str().is_empty());
        if let Ok(dir) = File::open(dir.unwrap_or(Path::new("."))) {
            let _ = dir.sync_all();
        }
    }
}

/// The file on disk; in tests it can be made to fill up.
struct Disk(File);

impl Write for Disk {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        #[cfg(test)]
        full_disk::spend(bytes.len())?;
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// A disk that fills up, for the files that the present thread writes.
#[cfg(test)]
pub(super) mod full_disk {
    use std::cell::Cell;
    use std::io;

    thread_local!(static LEFT: Cell<usize> = const { Cell::new(usize::MAX) });

    /// From now on this thread can write so many bytes more.
    pub(crate) fn bytes_left(bytes: usize) {
        LEFT.set(bytes);
    }

    pub(crate) fn spend(bytes: usize) -> io::Result<()> {
        match LEFT.get() {
            usize::MAX => Ok(()),
            left if left < bytes => Err(io::ErrorKind::StorageFull.into()),
            left => {
                LEFT.set(left - bytes);
                Ok(())
            }
        }
    }
}

/// Counts and hashes what goes through it.
pub(super) struct HashingWriter<W> {
    inner: W,
    bytes: u64,
    hash: Sha256,
}

impl<W: Write> HashingWriter<W> {
    pub(super) fn new(inner: W) -> Self {
        Self {
            inner,
            bytes: 0,
            hash: Sha256::new(),
        }
    }

    /// Bytes and SHA-256 in hexadecimal.
    pub(super) fn finish(self) -> (u64, String) {
        (self.bytes, hex(&self.hash.finalize()))
    }
}

impl<W: Write> Write for HashingWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.hash.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// SHA-256 in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(dir: &Path) -> Vec<String> {
        let name = |e: io::Result<fs::DirEntry>| e.unwrap().file_name().into_string().unwrap();
        fs::read_dir(dir).unwrap().map(name).collect()
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
    fn a_full_disk_leaves_the_old_file_and_no_other() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.txt");
        fs::write(&path, "old").unwrap();
        full_disk::bytes_left(100_000);
        let result = atomic_write(&path, |w| {
            (0..2000).try_for_each(|_| w.write_all(&[b'x'; 100]))
        });
        full_disk::bytes_left(usize::MAX);
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
    fn only_our_temporary_names_are_ours() {
        assert!(is_temp(".pointplane-12-0.tmp") && is_temp(&temp_name()));
        for foreign in [
            ".pointplane-lock",
            "a.tmp",
            ".pointplane-a-1.tmp",
            ".pointplane-1.tmp",
        ] {
            assert!(!is_temp(foreign), "{foreign}");
        }
    }

    #[test]
    fn sha256_of_the_standard_vector() {
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256(b"abc"), abc);
        let mut writer = HashingWriter::new(io::sink());
        writer.write_all(b"a").unwrap();
        writer.write_all(b"bc").unwrap();
        assert_eq!(writer.finish(), (3, abc.to_owned()));
    }
}
