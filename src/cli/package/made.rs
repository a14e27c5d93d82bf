//! How results were made, from what their folder says of it.

use std::path::{Component, Path, PathBuf};

use crate::experiment::Request;
use crate::report::Lang;
use crate::scenario::problem::Report;
use crate::scenario::{Problem, Problems};
use crate::store::{
    self, About, Input, Manifest, SUMMARIES, SUMMARY, StoreError, TableEntry, at_hand, checksum,
    unbound,
};
use crate::texts::{say, text};

use super::super::status::time;
use super::{PLAN, TIMES};

/// Results and how they were made.
pub struct Made {
    /// The command without the program.
    pub words: Vec<String>,
    pub inputs: Vec<Input>,
    pub tables: Vec<Table>,
    pub sessions: Vec<Session>,
    /// Wall time of all sessions; none where one did not end by itself, or none was kept.
    pub time: Option<String>,
}

/// A table, or a file beside the tables.
pub struct Table {
    /// Path in the results.
    pub file: String,
    pub what: String,
    /// Its checksum when it was made.
    pub sha256: String,
    /// Whether it has the same bytes wherever it is made.
    pub same: bool,
}

/// A machine that worked on the results.
pub struct Session {
    pub machine: String,
    pub threads: u32,
    pub began: String,
    pub time: String,
    pub memory: String,
}

impl Made {
    /// Of results in a folder.
    ///
    /// # Errors
    /// Results that do not say how they were made, and every table that is not as it was made.
    pub fn of(dir: &Path, lang: Lang) -> Result<Self, Problems> {
        match About::read(dir) {
            Some(about) => Self::of_plain(dir, &about, lang),
            None => Self::of_jobs(dir, lang),
        }
    }

    fn of_jobs(dir: &Path, lang: Lang) -> Result<Self, Problems> {
        let not_said = || Problem::error("RESULTS", text!("origin-not-said"));
        let (manifest, _) =
            at_hand(dir).map_err(|error| Problem::error("RESULTS", error.text()))?;
        let request = Request::of(&manifest).ok_or_else(not_said)?;
        let mut inputs = manifest.inputs.clone();
        if let (Request::Sweep(sweep), Some(plan)) = (&request, Input::read(&dir.join(PLAN))) {
            // A plan can grow, so results have it as it was last, and not among what they cannot be without.
            let path = sweep.plan.display().to_string();
            inputs.push(Input { path, ..plan });
        }
        let mut tables = tables(&manifest.tables, &manifest.files, lang)?;
        tables.extend(summary(dir, &manifest)?);
        Ok(Self {
            words: request.words(),
            inputs,
            tables,
            sessions: sessions(&manifest.sessions, lang),
            time: whole(&manifest.sessions, lang),
        })
    }

    fn of_plain(dir: &Path, about: &About, lang: Lang) -> Result<Self, Problems> {
        if about.tables.is_empty() {
            return Err(Problem::error("RESULTS", text!("package-no-sums")).into());
        }
        let listed = tables(&about.tables, &about.files, lang)?;
        let changed = about.changed(dir);
        let changed = changed.map_err(|error| Problem::error("RESULTS", error.text()))?;
        let mut report = Report::default();
        for what in changed {
            report.push(Problem::error("RESULTS", what));
        }
        if report.errors() > 0 {
            return Err(report.finish());
        }
        let words = shlex::split(&about.command).unwrap_or_default();
        let worked: Vec<store::Session> = runs(dir, 2)
            .iter()
            .flat_map(|manifest| manifest.sessions.clone())
            .collect();
        Ok(Self {
            words: words.into_iter().skip(1).collect(),
            inputs: about.inputs.clone(),
            tables: listed,
            sessions: sessions(&worked, lang),
            time: whole(&worked, lang),
        })
    }
}

/// Tables and the files beside them.
///
/// # Errors
/// Every one that is said to be outside of the results.
fn tables(
    tables: &[TableEntry],
    files: &[store::FileEntry],
    lang: Lang,
) -> Result<Vec<Table>, Problems> {
    let tables = tables.iter().filter_map(|table| {
        Some(Table {
            same: table.name != TIMES,
            file: table.file.clone(),
            what: table.what.clone(),
            sha256: table.sha256.clone()?,
        })
    });
    let files = files.iter().map(|entry| Table {
        same: true,
        file: entry.file.clone(),
        what: what(&entry.file, lang).to_owned(),
        sha256: entry.sha256.clone(),
    });
    let mut all: Vec<Table> = tables.chain(files).collect();
    // The points of a design are a table and a text.
    all.sort_by(|a, b| a.file.cmp(&b.file));
    all.dedup_by(|b, a| a.file == b.file);
    let inside = |file: &str| {
        let mut parts = Path::new(file).components();
        !file.contains(char::is_control) && parts.all(|part| matches!(part, Component::Normal(_)))
    };
    let mut report = Report::default();
    for Table { file, .. } in all.iter().filter(|table| !inside(&table.file)) {
        let problem = Problem::error("RESULTS", text!("package-outside"));
        report.push(problem.value(file));
    }
    match report.errors() {
        0 => Ok(all),
        _ => Err(report.finish()),
    }
}

/// The tables of the summary of a sweep that was asked for, where they are of these results.
fn summary(dir: &Path, manifest: &Manifest) -> Result<Vec<Table>, Problems> {
    let told = |error: StoreError| Problem::error("RESULTS", error.text());
    if !dir.join(SUMMARY).is_dir() || !unbound(dir, SUMMARY, manifest).map_err(told)?.is_empty() {
        return Ok(Vec::new());
    }
    let files = SUMMARIES.map(|table| format!("{SUMMARY}/{table}.csv"));
    let there = files.into_iter().filter(|file| dir.join(file).is_file());
    let tables = there.map(|file| {
        Ok(Table {
            same: true,
            what: String::new(),
            sha256: checksum(&dir.join(&file)).map_err(told)?,
            file,
        })
    });
    tables.collect()
}

/// What a file beside the tables is.
fn what(file: &str, lang: Lang) -> &'static str {
    match file.split('.').next().unwrap_or_default() {
        "columns" => say!(lang, "package-columns"),
        "points" => say!(lang, "package-points"),
        "posterior" => say!(lang, "package-posterior"),
        "summary" => say!(lang, "package-summary"),
        _ => "",
    }
}

fn sessions(of: &[store::Session], lang: Lang) -> Vec<Session> {
    let unknown = || "–".to_owned();
    let told = of.iter().map(|session| {
        let machine = &session.machine;
        let mebibytes = session.peak_bytes.map(|bytes| bytes as f64 / 1_048_576.0);
        Session {
            machine: format!("{} {}, {} CPU", machine.os, machine.arch, machine.cores),
            threads: session.threads,
            began: session.started.chars().take(10).collect(),
            time: session.seconds.map_or_else(unknown, |s| time(s, lang)),
            memory: mebibytes.map_or_else(unknown, |size| format!("{size:.0} MiB")),
        }
    });
    told.collect()
}

fn whole(sessions: &[store::Session], lang: Lang) -> Option<String> {
    let seconds: Option<f64> = sessions.iter().map(|session| session.seconds).sum();
    seconds.filter(|s| *s > 0.0).map(|s| time(s, lang))
}

/// Runs that a command made in folders of its own, so many levels deep, in order.
fn runs(dir: &Path, deep: u32) -> Vec<Manifest> {
    let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    folders.retain(|path| path.is_dir());
    folders.sort();
    let mut found = Vec::new();
    for folder in folders {
        match Manifest::load(&folder) {
            Ok(manifest) => found.push(manifest),
            Err(_) if deep > 1 => found.extend(runs(&folder, deep - 1)),
            Err(_) => {}
        }
    }
    found
}
