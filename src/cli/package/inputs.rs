//! The files that a command reads, and the folder that it names them from: found by the words of the command, by what the TOML
//! files among them name in turn, and by the checksums that the results keep.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

use crate::scenario::problem::Report;
use crate::scenario::{Problem, Problems};
use crate::store::{Input, checksum};
use crate::texts::{Lang, Text, say, text};

/// Endings of files that say where data are from.
const PROSE: [&str; 7] = ["bib", "cff", "html", "md", "pdf", "rst", "txt"];
/// Endings of files that are named.
const ENDINGS: [&str; 3] = ["csv", "toml", "parquet"];

/// What a command reads.
pub struct Inputs {
    /// The folder that the command names its files from; all of them are below it.
    pub root: PathBuf,
    /// Every file by its path, with its checksum.
    pub files: BTreeMap<PathBuf, String>,
    /// What stands beside them and says where they are from.
    pub papers: BTreeSet<PathBuf>,
    /// What is taken along as the user asks.
    pub along: BTreeSet<PathBuf>,
    /// The command, its files named from the root.
    pub words: Vec<String>,
}

impl Inputs {
    /// Those of a command on results in `dir`, which were made from files with these checksums. The command was given where the
    /// program is now, or in a folder above the results. The files `along` are taken along.
    ///
    /// # Errors
    /// Every file that is not there, or not as it was, and every one that is named from the root of the file system.
    pub fn find(
        dir: &Path,
        words: &[String],
        made_from: &[Input],
        along: &BTreeSet<PathBuf>,
    ) -> Result<Self, Problems> {
        let (here, dir) = (absolute(Path::new("")), absolute(dir));
        let roots = std::iter::once(here.as_path()).chain(dir.ancestors());
        let mut first = None;
        for root in roots.filter(|root| subject(words).is_some_and(|at| root.join(at).exists())) {
            match Self::from(root, words, made_from, along) {
                Ok(found) => return Ok(found),
                Err(problems) => first = first.or(Some(problems)),
            }
        }
        Err(first.unwrap_or_else(|| {
            let path = subject(words).unwrap_or_default().to_owned();
            Problem::error("RESULTS", text!("package-not-found", path)).into()
        }))
    }

    fn from(
        root: &Path,
        words: &[String],
        made_from: &[Input],
        along: &BTreeSet<PathBuf>,
    ) -> Result<Self, Problems> {
        let mut search = Search::default();
        let named = |part: &str| {
            let file = is_file_name(part) && root.join(part).is_file();
            file || Some(part) == subject(words)
        };
        for part in words.iter().flat_map(|word| parts(root, word)) {
            if named(part) {
                search.reach(&normal(&root.join(part)));
            } else if is_file_name(part) {
                search.unfound.insert(part.to_owned());
            }
        }
        search.follow();
        for input in made_from {
            let name = normal(Path::new(&input.path));
            let named = search.files.iter();
            let mut named = named.filter(|(path, _)| path.ends_with(&name)).peekable();
            if named.peek().is_some() {
                if !named.any(|(_, sum)| *sum == input.sha256) {
                    search.lost(&input.path);
                }
                continue;
            }
            // What no file names is where the command was given, or beside a file that is read. Of several that are the same,
            // any may be the one.
            let same = |path: &PathBuf| checksum(path).is_ok_and(|sum| sum == input.sha256);
            let folders = std::iter::once(root).chain(search.folders.iter().map(PathBuf::as_path));
            let paths = folders.map(|folder| normal(&folder.join(&input.path)));
            let found: Vec<PathBuf> = paths.filter(same).collect();
            if found.is_empty() {
                search.lost(&input.path);
            }
            for path in &found {
                search.reach(path);
            }
        }
        search.follow();
        // A layout names files from the folder of its scenario.
        for name in std::mem::take(&mut search.unfound) {
            let folders = search.folders.clone();
            let paths = folders.iter().map(|folder| normal(&folder.join(&name)));
            let found: Vec<PathBuf> = paths.filter(|path| search.reach(path)).collect();
            if found.is_empty() {
                search.lost(&name);
            }
        }
        search.follow();
        for name in std::mem::take(&mut search.unfound) {
            search.lost(&name);
        }
        let files = std::mem::take(&mut search.files);
        let papers = papers(files.keys());
        for path in files.keys().chain(&papers).chain(along) {
            if !is_plain(path) {
                let place = path.display().to_string();
                search
                    .report
                    .push(Problem::error(place, text!("package-name")));
            }
        }
        if search.report.errors() > 0 {
            return Err(search.report.finish());
        }
        // The folder that has them all, where some are not below the one that the command was given in.
        let mut base = normal(root);
        if files.keys().any(|path| !path.starts_with(&base)) {
            base = files.keys().next().cloned().unwrap_or_default();
            while files
                .keys()
                .any(|path| path == &base || !path.starts_with(&base))
                && base.pop()
            {}
        }
        // Beyond it, the way to them would be told, too.
        for path in along.iter().filter(|path| !path.starts_with(&base)) {
            let folder = base.display().to_string();
            let problem = Problem::error("--also", text!("package-beyond", folder));
            search
                .report
                .push(problem.value(path.display().to_string()));
        }
        if search.report.errors() > 0 {
            return Err(search.report.finish());
        }
        let moved = base != normal(root);
        let told = words.iter().map(|word| {
            let parts = parts(root, word).into_iter().map(|part| {
                let path = normal(&root.join(part));
                match named(part) && (moved || Path::new(part).is_absolute()) {
                    true => way(&base, &path).to_string_lossy().into_owned(),
                    false => part.to_owned(),
                }
            });
            parts.collect::<Vec<_>>().join("+")
        });
        Ok(Self {
            words: told.collect(),
            along: along
                .iter()
                .filter(|path| !files.contains_key(*path) && !papers.contains(*path))
                .cloned()
                .collect(),
            papers,
            root: base,
            files,
        })
    }
}

/// The parts of a word: those of a layout, or a file of that name.
fn parts<'w>(root: &Path, word: &'w str) -> Vec<&'w str> {
    match root.join(word).exists() {
        true => vec![word],
        false => word.split('+').collect(),
    }
}

/// What a command is about: the scenario or the plan.
fn subject(words: &[String]) -> Option<&str> {
    let at = match words.first()?.as_str() {
        "sweep" => 2,
        _ => 1,
    };
    words.get(at).map(String::as_str)
}

/// Files that name others.
#[derive(Default)]
struct Search {
    /// With their checksums.
    files: BTreeMap<PathBuf, String>,
    /// Folders of TOML files.
    folders: BTreeSet<PathBuf>,
    open: Vec<PathBuf>,
    /// Files that are named, and are not where a TOML file would have them.
    unfound: BTreeSet<String>,
    report: Report,
}

impl Search {
    /// Takes a file, or the scenario of a folder, if it is there.
    fn reach(&mut self, path: &Path) -> bool {
        let path = match path.is_dir() {
            true => path.join("scenario.toml"),
            false => path.to_owned(),
        };
        if !path.is_file() {
            return false;
        }
        if self.files.contains_key(&path) {
            return true;
        }
        match checksum(&path) {
            Ok(sum) => {
                self.files.insert(path.clone(), sum);
                self.open.push(path);
            }
            Err(error) => {
                let place = path.display().to_string();
                self.report.push(Problem::error(place, error.text()));
            }
        }
        true
    }

    /// Takes all files that TOML files name, and those that they name.
    fn follow(&mut self) {
        while let Some(path) = self.open.pop() {
            if path.extension().is_none_or(|ending| ending != "toml") {
                continue;
            }
            let folder = path.parent().unwrap_or(Path::new("")).to_owned();
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            let mut named = Vec::new();
            if let Ok(table) = text.parse::<toml::Table>() {
                table.values().for_each(|value| strings(value, &mut named));
            }
            for name in named {
                let there = self.reach(&normal(&folder.join(&name)));
                if there && Path::new(&name).is_absolute() {
                    let problem =
                        Problem::error(path.display().to_string(), text!("package-absolute"));
                    self.report.push(problem.value(name));
                } else if !there && is_file_name(&name) {
                    self.unfound.insert(name);
                }
            }
            self.folders.insert(folder);
        }
    }

    fn lost(&mut self, path: &str) {
        self.report
            .push(Problem::error(path, text!("package-changed")));
    }
}

/// Whether a word can be nothing but the name of a file.
fn is_file_name(word: &str) -> bool {
    let ending = Path::new(word)
        .extension()
        .and_then(|ending| ending.to_str());
    ending.is_some_and(|ending| ENDINGS.contains(&ending))
        && !word.contains(|c: char| c.is_whitespace() || c.is_control() || c == '=')
        && !word.contains("://")
}

/// Whether a path can stand in a list of checksums.
pub fn is_plain(path: &Path) -> bool {
    path.to_str()
        .is_some_and(|path| !path.contains(char::is_control))
}

/// All files of what the user asks to take along, but for hidden ones and for the results.
///
/// # Errors
/// Every file and folder that is not there or cannot be read, and every one that gives no file.
pub fn taken_along(also: &[PathBuf], results: &Path) -> Result<BTreeSet<PathBuf>, Problems> {
    let mut report = Report::default();
    let mut files = BTreeSet::new();
    for path in also {
        let before = files.len();
        let told = files_in(absolute(path), &absolute(results), &mut files);
        let why = match told {
            Err(error) => Text::foreign(error),
            Ok(()) if files.len() == before => text!("package-also"),
            Ok(()) => continue,
        };
        let problem = Problem::error("--also", why);
        report.push(problem.value(path.display().to_string()));
    }
    match report.errors() {
        0 => Ok(files),
        _ => Err(report.finish()),
    }
}

/// Adds a file, or those in a folder and the folders in it.
fn files_in(path: PathBuf, results: &Path, files: &mut BTreeSet<PathBuf>) -> std::io::Result<()> {
    let mut open = vec![path];
    while let Some(path) = open.pop() {
        if std::fs::metadata(&path)?.is_file() {
            files.insert(path);
        } else if path != results {
            let entries = std::fs::read_dir(&path)?.collect::<Result<Vec<_>, _>>()?;
            let entries = entries.into_iter().filter(|entry| {
                // Links to folders may lead round.
                let link = entry.file_type().is_ok_and(|kind| kind.is_symlink());
                let hidden = entry.file_name().to_string_lossy().starts_with('.');
                !(hidden || link && entry.path().is_dir())
            });
            open.extend(entries.map(|entry| entry.path()));
        }
    }
    Ok(())
}

fn strings(value: &toml::Value, into: &mut Vec<String>) {
    match value {
        toml::Value::String(text) if !text.is_empty() => into.push(text.clone()),
        toml::Value::Array(list) => list.iter().for_each(|value| strings(value, into)),
        toml::Value::Table(table) => table.values().for_each(|value| strings(value, into)),
        _ => {}
    }
}

/// Files beside these that say where they are from.
fn papers<'f>(files: impl Iterator<Item = &'f PathBuf>) -> BTreeSet<PathBuf> {
    let folders: BTreeSet<&Path> = files.filter_map(|file| file.parent()).collect();
    let entries = folders
        .into_iter()
        .filter_map(|folder| std::fs::read_dir(folder).ok());
    let files = entries.flatten().flatten().map(|entry| entry.path());
    let papers = [Lang::En, Lang::Zh].map(|lang| say!(lang, "package-papers"));
    let tells = |path: &PathBuf| {
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .to_lowercase();
        let mut words = papers.iter().flat_map(|words| words.split(' '));
        let ending = path.extension().and_then(|ending| ending.to_str());
        // Words, not data.
        let prose = ending.is_none_or(|ending| PROSE.contains(&ending));
        prose && path.is_file() && words.any(|word| name.starts_with(word))
    };
    files.filter(tells).collect()
}

/// A path from the root of the file system, without `.` and `..`.
pub fn absolute(path: &Path) -> PathBuf {
    normal(&std::env::current_dir().unwrap_or_default().join(path))
}

/// A path from the root of the file system, as the system has it: what is there of it without links.
pub fn real(path: &Path) -> PathBuf {
    let whole = absolute(path);
    let there = whole.ancestors().find(|above| above.exists());
    let known = there.and_then(|there| Some((there, there.canonicalize().ok()?)));
    match known {
        Some((there, real)) => {
            normal(&real.join(whole.strip_prefix(there).unwrap_or(Path::new(""))))
        }
        None => whole,
    }
}

/// A path without `.` and `..`, by its words alone: a link stays where it is.
fn normal(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                out.pop();
            }
            other => out.push(other),
        }
    }
    out
}

/// The way from a folder to a path below it; the folder itself is `.`.
pub fn way(from: &Path, to: &Path) -> PathBuf {
    let way = to.strip_prefix(from).unwrap_or(to);
    match way.as_os_str().is_empty() {
        true => PathBuf::from("."),
        false => way.to_owned(),
    }
}
