//! What the reading of a scenario asks of the system around it: files, and how much memory there is. [`Machine`] is the
//! one it runs on; [`InMemory`] has files that never were on a disk.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, ErrorKind, Read, Seek, SeekFrom};
use std::path::{Component, Path, PathBuf};

use bytes::Bytes;
use parquet::errors::ParquetError;
use parquet::file::reader::{ChunkReader, Length};

use crate::machine;

/// A system that a scenario can be read from.
pub trait System: Sync {
    /// The one name of what lies at a path: from the root, links followed.
    ///
    /// # Errors
    /// Where nothing lies there.
    fn canonical(&self, path: &Path) -> io::Result<PathBuf>;
    /// What lies at a path, links followed.
    ///
    /// # Errors
    /// Where nothing lies there, or it may not be looked at.
    fn kind(&self, path: &Path) -> io::Result<Kind>;
    /// What a file holds.
    ///
    /// # Errors
    /// When it cannot be opened.
    fn open(&self, path: &Path) -> io::Result<Contents>;
    /// The names in a folder, in any order.
    ///
    /// # Errors
    /// When it cannot be listed.
    fn names(&self, folder: &Path) -> io::Result<Vec<String>>;
    /// Bytes of memory that can still be used; none where that cannot be known.
    fn available_memory(&self) -> Option<u64>;

    /// Whether a file lies at a path.
    fn is_file(&self, path: &Path) -> bool {
        matches!(self.kind(path), Ok(Kind::File(_)))
    }

    /// Whether a folder lies at a path.
    fn is_folder(&self, path: &Path) -> bool {
        matches!(self.kind(path), Ok(Kind::Folder))
    }
}

/// What lies at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A file of so many bytes.
    File(u64),
    /// A folder.
    Folder,
    /// A pipe, a device or something else without a size.
    Other,
}

/// What a file holds.
#[derive(Debug)]
pub enum Contents {
    /// Bytes in memory, or mapped there by whoever owns them.
    Bytes(Bytes),
    /// A file that is read piece by piece.
    File(File),
}

impl Contents {
    /// A reader from this byte on.
    ///
    /// # Errors
    /// When the file cannot be read there.
    pub fn reader(&self, start: u64) -> io::Result<Box<dyn Read + Send>> {
        Ok(match self {
            Self::Bytes(bytes) => {
                let start = usize::try_from(start).unwrap_or(usize::MAX);
                let rest = bytes.slice(start.min(bytes.len())..);
                Box::new(bytes::Buf::reader(rest))
            }
            Self::File(file) => {
                let mut file = file.try_clone()?;
                file.seek(SeekFrom::Start(start))?;
                Box::new(file)
            }
        })
    }
}

impl Contents {
    /// The same contents once more.
    ///
    /// # Errors
    /// When the system has no more handles for a file.
    pub fn again(&self) -> io::Result<Self> {
        Ok(match self {
            Self::Bytes(bytes) => Self::Bytes(bytes.clone()),
            Self::File(file) => Self::File(file.try_clone()?),
        })
    }
}

impl Length for Contents {
    fn len(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::File(file) => Length::len(file),
        }
    }
}

impl ChunkReader for Contents {
    type T = Box<dyn Read + Send>;

    fn get_read(&self, start: u64) -> Result<Self::T, ParquetError> {
        Ok(io::BufReader::new(self.reader(start)?)).map(|reader| Box::new(reader) as Self::T)
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes, ParquetError> {
        match self {
            Self::Bytes(bytes) => bytes.get_bytes(start, length),
            Self::File(file) => file.get_bytes(start, length),
        }
    }
}

/// The system that the program runs on.
#[derive(Clone, Copy, Debug, Default)]
pub struct Machine;

impl System for Machine {
    fn canonical(&self, path: &Path) -> io::Result<PathBuf> {
        path.canonicalize()
    }

    fn kind(&self, path: &Path) -> io::Result<Kind> {
        let about = std::fs::metadata(path)?;
        Ok(match about.is_file() {
            true => Kind::File(about.len()),
            false if about.is_dir() => Kind::Folder,
            false => Kind::Other,
        })
    }

    fn open(&self, path: &Path) -> io::Result<Contents> {
        File::open(path).map(Contents::File)
    }

    fn names(&self, folder: &Path) -> io::Result<Vec<String>> {
        let entries = std::fs::read_dir(folder)?.take(10_000).flatten();
        let names = entries.map(|entry| entry.file_name().into_string());
        Ok(names.flatten().collect())
    }

    fn available_memory(&self) -> Option<u64> {
        machine::available_memory(1)
    }
}

/// Files in memory, by their paths.
#[derive(Clone, Debug, Default)]
pub struct InMemory(BTreeMap<PathBuf, Bytes>);

impl InMemory {
    /// Adds a file; its folders are there with it. Paths are counted from one folder, `minimal/scenario.toml`.
    pub fn add(&mut self, path: impl AsRef<Path>, bytes: impl Into<Bytes>) -> &mut Self {
        self.0.insert(plain(path.as_ref()), bytes.into());
        self
    }

    fn file(&self, path: &Path) -> Option<&Bytes> {
        self.0.get(&plain(path))
    }
}

/// A path without `.` and `..`.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::Normal(name) => plain.push(name),
            Component::ParentDir => {
                plain.pop();
            }
            Component::CurDir | Component::RootDir | Component::Prefix(_) => {}
        }
    }
    plain
}

impl System for InMemory {
    fn canonical(&self, path: &Path) -> io::Result<PathBuf> {
        self.kind(path).map(|_| plain(path))
    }

    fn kind(&self, path: &Path) -> io::Result<Kind> {
        let path = plain(path);
        match self.0.get(&path) {
            Some(bytes) => Ok(Kind::File(bytes.len() as u64)),
            None if self.0.keys().any(|file| file.starts_with(&path)) => Ok(Kind::Folder),
            None => Err(ErrorKind::NotFound.into()),
        }
    }

    fn open(&self, path: &Path) -> io::Result<Contents> {
        let bytes = self.file(path).ok_or(ErrorKind::NotFound)?;
        Ok(Contents::Bytes(bytes.clone()))
    }

    fn names(&self, folder: &Path) -> io::Result<Vec<String>> {
        let folder = plain(folder);
        let inside = self
            .0
            .keys()
            .filter_map(|file| file.strip_prefix(&folder).ok());
        let first = inside.filter_map(|path| path.components().next());
        let names: BTreeSet<_> = first.map(|name| name.as_os_str()).collect();
        let names = names.into_iter().map(|name| name.to_string_lossy());
        Ok(names.map(|name| name.into_owned()).collect())
    }

    fn available_memory(&self) -> Option<u64> {
        machine::available_memory(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_in_memory_have_folders() {
        let mut files = InMemory::default();
        files
            .add("one/a.csv", "1")
            .add("one/two/b.csv", "22")
            .add("c", "");
        assert_eq!(
            files.kind(Path::new("one/../one/./two/b.csv")).unwrap(),
            Kind::File(2)
        );
        assert!(files.is_folder(Path::new("one")) && files.is_folder(Path::new(".")));
        assert!(!files.is_file(Path::new("one")) && files.kind(Path::new("on")).is_err());
        assert_eq!(files.names(Path::new("one")).unwrap(), ["a.csv", "two"]);
        let mut text = String::new();
        let file = files.open(Path::new("one/two/b.csv")).unwrap();
        file.reader(1).unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text, "2");
        assert!(file.reader(9).unwrap().read_to_string(&mut text).is_ok());
    }
}
