//! The files that a command reads, and the folder that it names them from: found by the words of the command, by what the TOML
//! files among them name in turn, and by the checksums that the results keep.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

use crate::scenario::problem::Report;
use crate::scenario::{Problem, Problems};
use crate::store::{Input, checksum};
use crate::texts::text;

/// Names of files that say where data are from and how they may be used.
const PAPERS: [&str; 6] = [
    "readme", "license", "licence", "copying", "sources", "citation",
];

/// What a command reads.
pub struct Inputs {
    /// The folder that the command names its files from; all of them are below it.
    pub root: PathBuf,
    /// Every file by its path, with its checksum.
    pub files: BTreeMap<PathBuf, String>,
    /// What stands beside them and says where they are from.
    pub papers: BTreeSet<PathBuf>,
    /// The command, its files named from the root.
    pub words: Vec<String>,
}

impl Inputs {
    /// Those of a command on results in `dir`, which were made from files with these checksums. The command was given where the
    /// program is now, or in a folder above the results.
    ///
    /// # Errors
    /// Every file that is not there as it was, and every one that is named from the root of the file system.
    pub fn find(dir: &Path, words: &[String], made_from: &[Input]) -> Result<Self, Problems> {
        let (here, dir) = (absolute(Path::new("")), absolute(dir));
        let roots = std::iter::once(here.as_path()).chain(dir.ancestors());
        let mut first = None;
        for root in roots.filter(|root| subject(words).is_some_and(|at| root.join(at).exists())) {
            match Self::from(root, words, made_from) {
                Ok(found) => return Ok(found),
                Err(problems) => first = first.or(Some(problems)),
            }
        }
        Err(first.unwrap_or_else(|| {
            let path = subject(words).unwrap_or_default().to_owned();
            Problem::error("RESULTS", text!("package-not-found", path)).into()
        }))
    }

    fn from(root: &Path, words: &[String], made_from: &[Input]) -> Result<Self, Problems> {
        let mut search = Search::default();
        let named = |part: &str| Some(part) == subject(words) || root.join(part).is_file();
        for part in words.iter().flat_map(|word| parts(root, word)) {
            if named(part) {
                search.reach(&normal(&root.join(part)));
            }
        }
        search.follow();
        for input in made_from {
            let folders = std::iter::once(root).chain(search.folders.iter().map(PathBuf::as_path));
            let paths = folders.map(|folder| normal(&folder.join(&input.path)));
            // Of several that are the same, any may be the one that is read.
            let same = |path: &PathBuf| checksum(path).is_ok_and(|sum| sum == input.sha256);
            let found: Vec<PathBuf> = paths.filter(same).collect();
            if found.is_empty() {
                search.lost(&input.path);
            }
            for path in &found {
                search.reach(path);
            }
        }
        search.follow();
        let mut files = BTreeMap::new();
        for path in &search.files {
            match checksum(path) {
                Ok(sum) => {
                    files.insert(path.clone(), sum);
                }
                Err(error) => {
                    let place = path.display().to_string();
                    search.report.push(Problem::error(place, error.text()));
                }
            }
        }
        let problems = search.report.finish();
        if problems.errors().next().is_some() {
            return Err(problems);
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
            papers: papers(files.keys()),
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
    files: BTreeSet<PathBuf>,
    /// Folders of TOML files.
    folders: BTreeSet<PathBuf>,
    open: Vec<PathBuf>,
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
        if self.files.insert(path.clone()) {
            self.open.push(path);
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
    let tells = |path: &PathBuf| {
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .to_lowercase();
        path.is_file() && PAPERS.iter().any(|paper| name.starts_with(paper))
    };
    files.filter(tells).collect()
}

/// A path from the root of the file system, without `.` and `..`.
pub fn absolute(path: &Path) -> PathBuf {
    normal(&std::env::current_dir().unwrap_or_default().join(path))
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
