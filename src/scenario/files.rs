//! The files of a scenario: none of them outside its folder, none too large, each with its SHA-256.

use std::fmt;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::encoding::{self, Decoding};
use super::problem::{Problem, Report};
use crate::system::{Contents, Kind, System};
use crate::texts::{Text, text};

/// Largest TOML file, in bytes. A scenario has some ten thousand.
const LARGEST_TOML: u64 = 2 << 20;
/// Largest table, in bytes.
const LARGEST_TABLE: u64 = 8 << 30;

/// A file that was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct InputFile {
    /// Its path from the scenario's folder, with `/`; for a layout from elsewhere, as it was given.
    pub path: String,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
}

/// Why a file cannot be read, and the nearest name in its folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotRead {
    /// What is wrong.
    pub what: Text,
    /// A file or folder of a similar name.
    pub nearest: Option<String>,
}

impl From<Text> for NotRead {
    fn from(what: Text) -> Self {
        Self {
            what,
            nearest: None,
        }
    }
}

impl NotRead {
    /// From the system's error about `path`.
    fn new(error: &io::Error, system: &dyn System, path: &Path) -> Self {
        let nearest = match error.kind() {
            io::ErrorKind::NotFound => nearest_of(system, path),
            _ => None,
        };
        Self {
            what: in_words(error),
            nearest,
        }
    }
}

/// The name in the folder of `path` that is most like the one that is not there, as the user would
/// write it.
fn nearest_of(system: &dyn System, path: &Path) -> Option<String> {
    let (folder, name) = (path.parent()?, path.file_name()?.to_str()?);
    let real = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    let known = names_in(system, real, "");
    let best = Report::default().near(name, known.iter().map(String::as_str))?;
    // The same name in other letters, or with another ending, is nearer than the measure knows.
    let stem = |name: &str| name.split('.').next().unwrap_or(name).to_lowercase();
    let mut same = known.iter().filter(|known| stem(known) == stem(name));
    Some(same.next().cloned().unwrap_or(best))
}

/// The names in a folder with this ending, without it, in order.
pub fn names_in(system: &dyn System, folder: &Path, ending: &str) -> Vec<String> {
    let names = system.names(folder).unwrap_or_default().into_iter();
    let names = names.filter_map(|name| Some(name.strip_suffix(ending)?.to_owned()));
    let mut names: Vec<String> = names.filter(|name| !name.starts_with('.')).collect();
    names.sort();
    names
}

/// A folder out of which no file is read.
#[derive(Clone)]
pub struct Folder<'s> {
    system: &'s dyn System,
    shown: PathBuf,
    real: PathBuf,
    /// The scenario's folder: paths inside it are recorded from there.
    base: PathBuf,
    /// Whether it is the folder beside the scenario's that holds its tables.
    is_beside: bool,
}

impl fmt::Debug for Folder<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Folder").field(&self.real).finish()
    }
}

impl<'s> Folder<'s> {
    /// The folder of a scenario file, and the file's name in it. Fails when there is no such file.
    pub fn of(system: &'s dyn System, path: &Path) -> Result<(Self, String), NotRead> {
        let real = system.canonical(path);
        let real = real.map_err(|error| NotRead::new(&error, system, path))?;
        let (Some(folder), Some(name)) = (real.parent(), real.file_name()) else {
            return Err(text!("not-a-file").into());
        };
        let name = name.to_str().ok_or(text!("file-name-utf8"))?;
        let folder = Self {
            system,
            shown: path.parent().unwrap_or(Path::new("")).to_owned(),
            real: folder.to_owned(),
            base: folder.to_owned(),
            is_beside: false,
        };
        Ok((folder, name.to_owned()))
    }

    /// The same folder, with paths recorded from the folder `base` where they lie in it.
    #[must_use]
    pub fn recorded_from(mut self, base: &Self) -> Self {
        self.base.clone_from(&base.base);
        self
    }

    /// The folder and file that `../NAME/FILE` names: a folder beside this one, to whose tables the file
    /// belongs. Nothing for any other path.
    pub fn beside(&self, path: &str) -> Option<(Self, String)> {
        let mut parts = path.strip_prefix("../")?.split('/');
        let (folder, file) = (parts.next()?, parts.next()?);
        let plain =
            |name: &str| !name.is_empty() && name != "." && name != ".." && !name.contains('\\');
        if parts.next().is_some() || !plain(folder) || !plain(file) {
            return None;
        }
        let real = self.real.parent()?.join(folder);
        let real = self.system.canonical(&real).ok()?;
        let shown = match self.shown.file_name() {
            Some(_) => self.shown.with_file_name(folder),
            None => self.shown.join("..").join(folder),
        };
        let folder = Self {
            system: self.system,
            shown,
            real,
            base: self.base.clone(),
            is_beside: true,
        };
        Some((folder, file.to_owned()))
    }

    /// The name of a file in the folder, as the user would write it.
    pub fn shown(&self, name: &str) -> Arc<str> {
        self.shown.join(name).to_string_lossy().into()
    }

    /// Opens a text file of the folder. The error says what is wrong with the name or the file.
    pub fn open(&self, name: &str) -> Result<TextFile, NotRead> {
        let found = self.find(name)?;
        Ok(TextFile::open(found)?)
    }

    /// About how many rows a table in CSV has, without reading it; none where that cannot be told.
    pub fn rows_about(&self, name: &str) -> Option<u64> {
        let found = self.find(name).ok()?;
        let mut start = Vec::new();
        let file = found.contents.reader(0).ok()?;
        file.take(1 << 16).read_to_end(&mut start).ok()?;
        let lines = start.iter().filter(|b| **b == b'\n').count() as f64;
        Some((lines * found.size as f64 / start.len().max(1) as f64) as u64)
    }

    /// Finds a file of the folder. The error says what is wrong with the name or the file.
    pub fn find(&self, name: &str) -> Result<FoundFile, NotRead> {
        let path = Path::new(name);
        let inside = path
            .components()
            .all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
        if name.is_empty() {
            return Err(text!("file-no-name").into());
        }
        if name.contains('\\') {
            return Err(text!("path-slash").into());
        }
        if !inside || name.contains('\0') {
            return Err(text!("path-leaves").into());
        }
        let system = self.system;
        let real = self.real.join(path);
        let canonical = system.canonical(&real);
        let real = canonical.map_err(|error| NotRead::new(&error, system, &real))?;
        if !real.starts_with(&self.real) {
            return Err(text!("path-leaves-link").into());
        }
        let shown = self.shown(name);
        let slashed = |path: &Path| {
            let parts = path.components().map(|part| part.as_os_str());
            let parts: Vec<_> = parts.map(|part| part.to_string_lossy()).collect();
            parts.join("/")
        };
        let around = self.base.parent().unwrap_or(&self.base);
        let recorded = match (real.strip_prefix(&self.base), real.strip_prefix(around)) {
            (Ok(within), _) => slashed(within),
            (_, Ok(within)) if self.is_beside => format!("../{}", slashed(within)),
            _ => shown.to_string(),
        };
        let size = match system.kind(&real).map_err(|error| in_words(&error))? {
            Kind::File(size) if size > LARGEST_TABLE => {
                return Err(too_large(size, LARGEST_TABLE).into());
            }
            Kind::File(size) => size,
            Kind::Folder => return Err(text!("is-folder").into()),
            Kind::Other => return Err(text!("is-pipe").into()),
        };
        let contents = system.open(&real).map_err(|error| in_words(&error))?;
        Ok(FoundFile {
            contents,
            size,
            shown,
            real,
            recorded,
        })
    }

    /// The names of the files with this ending in a subfolder, without the ending.
    pub fn names(&self, subfolder: &str, ending: &str) -> Vec<String> {
        names_in(self.system, &self.real.join(subfolder), ending)
    }
}

fn in_words(error: &io::Error) -> Text {
    match error.kind() {
        io::ErrorKind::NotFound => text!("no-such-file"),
        io::ErrorKind::PermissionDenied => text!("file-not-allowed"),
        _ => text!("file-cannot-read", error),
    }
}

/// A file of a folder.
#[derive(Debug)]
pub struct FoundFile {
    /// What it holds.
    pub contents: Contents,
    /// Its bytes.
    pub size: u64,
    /// The file as the user would name it.
    pub shown: Arc<str>,
    /// Where it really is.
    pub real: PathBuf,
    /// What is recorded of its name.
    pub recorded: String,
}

/// An open text file that hashes what is read from it.
pub struct TextFile {
    /// The file as the user would name it.
    pub shown: Arc<str>,
    /// What is to be said of its encoding.
    said: Option<Text>,
    real: PathBuf,
    path: String,
    size: u64,
    reader: BufReader<Decoding<Hashing>>,
}

/// A reader that hashes what it reads.
pub struct Hashing {
    reader: Box<dyn Read + Send>,
    hash: Sha256,
}

impl Hashing {
    /// Reads with this reader.
    pub fn new(reader: Box<dyn Read + Send>) -> Self {
        let hash = Sha256::new();
        Self { reader, hash }
    }

    /// SHA-256 of all that was read, in hexadecimal. Reads what is left.
    pub fn finish(mut self) -> io::Result<String> {
        let mut buffer = vec![0; 1 << 16];
        while self.read(&mut buffer)? > 0 {}
        let hash = self.hash.finalize();
        Ok(hash.iter().map(|byte| format!("{byte:02x}")).collect())
    }
}

impl Read for Hashing {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.reader.read(buffer)?;
        self.hash.update(&buffer[..count]);
        Ok(count)
    }
}

impl TextFile {
    /// Opens a file.
    fn open(found: FoundFile) -> Result<Self, Text> {
        let reader = found.contents.reader(0).map_err(|error| in_words(&error))?;
        let raw = Hashing::new(Box::new(reader.take(LARGEST_TABLE)));
        let reader = Decoding::new(raw).map_err(|error| in_words(&error))?;
        if let Some(what) = encoding::no_text(reader.start()) {
            return Err(what);
        }
        Ok(Self {
            shown: found.shown,
            said: reader.said(),
            real: found.real,
            path: found.recorded,
            size: found.size,
            reader: BufReader::with_capacity(1 << 16, reader),
        })
    }

    /// Warns of what is to be said of its encoding.
    pub fn say(&self, report: &mut Report) {
        let said = self.said.clone();
        let warning = said.map(|said| Problem::warning(&*self.shown, said));
        warning.into_iter().for_each(|warning| report.push(warning));
    }

    /// The whole text of a TOML file.
    pub fn toml(&mut self) -> Result<String, Text> {
        if self.size > LARGEST_TOML {
            return Err(too_large(self.size, LARGEST_TOML));
        }
        let mut bytes = Vec::new();
        let reader = &mut self.reader;
        reader
            .take(LARGEST_TOML)
            .read_to_end(&mut bytes)
            .map_err(|error| in_words(&error))?;
        String::from_utf8(bytes).map_err(|error| {
            let good = error.utf8_error().valid_up_to();
            let line = error.as_bytes()[..good]
                .iter()
                .filter(|b| **b == b'\n')
                .count()
                + 1;
            text!(
                "line-wrong",
                line,
                what = encoding::not_utf8(error.as_bytes())
            )
        })
    }

    /// The bytes of a table, after a byte order mark.
    pub const fn reader(&mut self) -> &mut (impl BufRead + use<>) {
        &mut self.reader
    }

    /// The file's real path, by which it is known again.
    pub fn real(&self) -> &Path {
        &self.real
    }

    /// What is recorded of the file. Reads what is left of it.
    pub fn finish(self) -> InputFile {
        let raw = self.reader.into_inner().into_inner();
        InputFile {
            path: self.path,
            // A file that cannot be read to its end has been reported by its reader.
            sha256: raw.finish().unwrap_or_default(),
        }
    }
}

fn too_large(size: u64, largest: u64) -> Text {
    text!("file-too-large", size, largest)
}
