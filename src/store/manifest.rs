//! `manifest.json`: what ran, and how far it came. All that may differ between two otherwise equal
//! runs (time, host, threads, command line) is here and nowhere else.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::atomic::atomic_write;
use super::column::TableDef;
use super::error::StoreError;
use super::facts::all_tables;
use super::kind::{ComparisonEntry, ResultKind};

/// Name of the manifest in a results folder.
pub(super) const MANIFEST: &str = "manifest.json";
/// Version of the layout of a results folder.
pub(super) const FORMAT_VERSION: u32 = 1;
/// Name of this program in the manifest.
const PROGRAM: &str = "pointplane";
/// A manifest is small; a larger file is none.
const MAX_BYTES: u64 = 64 << 20;
/// Said in every manifest.
const NOTE: &str = "The tables, columns.csv and scenario.resolved.toml are functions of (resolved \
    scenario, seed, replicates) and of the program's version only; time, host, threads and command \
    line stand only in this file.";

/// How far a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Being written, or killed while it was.
    Running,
    /// All replicates done, all tables written.
    Complete,
    /// Ended with some replicates missing.
    Partial,
    /// Stopped by the user; finished replicates are kept.
    Interrupted,
    /// Stopped by an error; finished replicates are kept.
    Failed,
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Running => "running or killed",
            Self::Complete => "complete",
            Self::Partial => "partial",
            Self::Interrupted => "interrupted",
            Self::Failed => "failed",
        })
    }
}

/// File format of the tables.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Apache Parquet, snappy.
    #[default]
    Parquet,
    /// Comma-separated UTF-8 text.
    Csv,
}

impl Format {
    /// File name extension, without a dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Parquet => "parquet",
            Self::Csv => "csv",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.extension())
    }
}

/// An input file of a run.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Input {
    /// Path as the user would write it.
    pub path: String,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
}

/// The machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Host {
    /// Operating system.
    pub os: String,
    /// Processor architecture.
    pub arch: String,
    /// Logical processors that the run could use.
    pub cores: usize,
}

impl Host {
    fn this() -> Self {
        Self {
            os: std::env::consts::OS.to_owned(),
            arch: std::env::consts::ARCH.to_owned(),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
        }
    }
}

/// A table of a run; rows, bytes and hash are there once the run is complete.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableEntry {
    /// Name.
    pub name: String,
    /// What a row is.
    pub what: String,
    /// File name in the results folder.
    pub file: String,
    /// Rows of all replicates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<u64>,
    /// Size of the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
    /// SHA-256 of the file, in hexadecimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
}

impl TableEntry {
    pub(super) fn new(def: &TableDef, format: Format) -> Self {
        Self {
            name: def.name.clone(),
            what: def.what.clone(),
            file: format!("{}.{}", def.name, format.extension()),
            rows: None,
            bytes: None,
            sha256: None,
        }
    }
}

/// The content of `manifest.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of the layout of the results folder.
    pub format_version: u32,
    /// `pointplane`.
    pub program: String,
    /// Version of the program.
    pub version: String,
    /// Commit that the program was built from, or `unknown`.
    pub commit: String,
    /// A run or a comparison.
    #[serde(default)]
    pub kind: ResultKind,
    /// How far the run is.
    pub status: Status,
    /// The command that began the run.
    pub command_line: Vec<String>,
    /// Name of the scenario.
    pub scenario: String,
    /// Name of the layout; empty without one.
    pub layout: String,
    /// SHA-256 of `scenario.resolved.toml`.
    pub scenario_resolved_sha256: String,
    /// What a comparison has besides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comparison: Option<ComparisonEntry>,
    /// Files that the scenario was read from.
    pub inputs: Vec<Input>,
    /// Names the luck of all replicates.
    pub seed: u64,
    /// Number of the first replicate.
    pub first_replicate: u32,
    /// How many replicates there are in all.
    pub replicates: u32,
    /// How many of them are done (known when the run ended; the parts tell while it runs).
    pub replicates_done: u32,
    /// Threads of the latest session.
    pub threads: u32,
    /// Sessions: 1, and one more for each `--resume`.
    pub sessions: u32,
    /// When the run began (UTC).
    pub started: String,
    /// When it ended (UTC), for better or worse.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished: Option<String>,
    /// Wall time of all sessions that ended by themselves, in seconds.
    pub wall_seconds: f64,
    /// The machine of the latest session.
    pub host: Host,
    /// File format of the tables.
    pub format: Format,
    /// SHA-256 of `columns.csv`.
    pub columns_sha256: String,
    /// The tables in order.
    pub tables: Vec<TableEntry>,
    /// What may differ between equal runs.
    pub note: String,
}

/// What a new manifest takes from the caller.
pub(super) struct Begin<'a> {
    pub(super) facts: &'a super::RunFacts,
    pub(super) scenario_resolved_sha256: String,
    pub(super) columns_sha256: String,
}

impl Manifest {
    pub(super) fn begin(begin: Begin<'_>) -> Self {
        let facts = begin.facts;
        let entry = |def: &TableDef| TableEntry::new(def, facts.format);
        Self {
            format_version: FORMAT_VERSION,
            program: PROGRAM.to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            commit: option_env!("POINTPLANE_COMMIT")
                .unwrap_or("unknown")
                .to_owned(),
            kind: facts.kind,
            status: Status::Running,
            command_line: facts.command_line.clone(),
            scenario: facts.scenario.clone(),
            layout: facts.layout.clone(),
            scenario_resolved_sha256: begin.scenario_resolved_sha256,
            comparison: facts.comparison.as_ref().map(ComparisonEntry::begin),
            inputs: facts.inputs.clone(),
            seed: facts.seed,
            first_replicate: facts.first_replicate,
            replicates: facts.replicates,
            replicates_done: 0,
            threads: facts.threads,
            sessions: 1,
            started: now(),
            finished: None,
            wall_seconds: 0.0,
            host: Host::this(),
            format: facts.format,
            columns_sha256: begin.columns_sha256,
            tables: all_tables(facts).iter().map(entry).collect(),
            note: NOTE.to_owned(),
        }
    }

    /// Reads the manifest of a results folder.
    ///
    /// # Errors
    /// [`StoreError::NotARun`] when there is none of this program, [`StoreError::NewerFormat`],
    /// [`StoreError::Damaged`], [`StoreError::Io`].
    pub fn load(dir: &Path) -> Result<Self, StoreError> {
        let path = dir.join(MANIFEST);
        let not_a_run = || StoreError::NotARun {
            dir: dir.to_path_buf(),
        };
        let mut bytes = Vec::new();
        let read = File::open(&path).and_then(|f| f.take(MAX_BYTES + 1).read_to_end(&mut bytes));
        match read {
            Ok(_) => {}
            Err(e)
                if matches!(
                    e.kind(),
                    io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
                ) =>
            {
                return Err(not_a_run());
            }
            Err(e) => return Err(StoreError::io("read", &path, e)),
        }
        if bytes.len() as u64 > MAX_BYTES {
            return Err(not_a_run());
        }
        let value: serde_json::Value = serde_json::from_slice(&bytes).map_err(|_| not_a_run())?;
        if value.get("program").and_then(|p| p.as_str()) != Some(PROGRAM) {
            return Err(not_a_run());
        }
        match value.get("format_version").and_then(|v| v.as_u64()) {
            Some(found) if found > u64::from(FORMAT_VERSION) => Err(StoreError::NewerFormat {
                path,
                found,
                known: FORMAT_VERSION,
            }),
            Some(1) => serde_json::from_value(value).map_err(|e| StoreError::damaged(&path, e)),
            _ => Err(StoreError::damaged(&path, "it has no format_version")),
        }
    }

    pub(super) fn save(&self, dir: &Path) -> Result<(), StoreError> {
        atomic_write(&dir.join(MANIFEST), |mut w| {
            serde_json::to_writer_pretty(&mut w, self).map_err(io::Error::from)?;
            w.write_all(b"\n")
        })
    }

    /// The path of a table's file, when its name is the one that this program gives it; so a
    /// manifest that somebody changed cannot name a file elsewhere.
    pub(super) fn table_path(&self, dir: &Path, entry: &TableEntry) -> Option<PathBuf> {
        let expected = format!("{}.{}", entry.name, self.format.extension());
        let sound = super::column::name_problem(&entry.name).is_none() && entry.file == expected;
        sound.then(|| dir.join(expected))
    }

    /// Ends a session.
    pub(super) fn end(&mut self, status: Status, done: u32, seconds: f64) {
        self.status = status;
        self.replicates_done = done;
        self.finished = Some(now());
        self.wall_seconds += (seconds * 1000.0).round() / 1000.0;
    }

    /// Whether this is complete and has all that `wanted` asks for.
    pub(super) fn is_all_of(&self, wanted: &Self) -> bool {
        let derivation = |m: &Self| m.comparison.as_ref().map(|c| c.derivation.clone());
        let until_width = |m: &Self| derivation(m).is_some_and(|d| d.until_width.is_some());
        self.status == Status::Complete
            && derivation(self) == derivation(wanted)
            // How many it takes to reach a width was found when it was reached.
            && (self.replicates == wanted.replicates || until_width(self))
    }

    /// Begins another session of the same run.
    pub(super) fn resume(&mut self, threads: u32) {
        for entry in &mut self.tables {
            (entry.rows, entry.bytes, entry.sha256) = (None, None, None);
        }
        self.status = Status::Running;
        self.finished = None;
        self.sessions = self.sessions.saturating_add(1);
        self.threads = threads;
        self.host = Host::this();
    }

    /// In what the run here differs from `wanted`, as far as the tables depend on it.
    pub(super) fn differences(&self, wanted: &Self) -> Vec<String> {
        let mut list = Vec::new();
        let mut compare = |what: &str, here: String, wanted: String| {
            if here != wanted {
                list.push(format!("{what} is {here} there and {wanted} now"));
            }
        };
        compare(
            "what is in it",
            self.kind.to_string(),
            wanted.kind.to_string(),
        );
        if self.kind != wanted.kind {
            return list;
        }
        let names = |m: &Self| {
            let names: Vec<_> = m.tables.iter().map(|t| t.name.as_str()).collect();
            names.join(",")
        };
        let program = |m: &Self| format!("{} (commit {})", m.version, m.commit);
        compare("program version", program(self), program(wanted));
        compare("scenario", self.scenario.clone(), wanted.scenario.clone());
        compare("layout", quoted(&self.layout), quoted(&wanted.layout));
        compare("seed", self.seed.to_string(), wanted.seed.to_string());
        let first = |m: &Self| m.first_replicate.to_string();
        compare("first replicate", first(self), first(wanted));
        // A comparison takes more replicates later; how many there are is looked at elsewhere.
        if wanted.kind != ResultKind::Comparison {
            let replicates = |m: &Self| m.replicates.to_string();
            compare("number of replicates", replicates(self), replicates(wanted));
        }
        compare("format", self.format.to_string(), wanted.format.to_string());
        compare("list of tables", names(self), names(wanted));
        if self.columns_sha256 != wanted.columns_sha256 && names(self) == names(wanted) {
            list.push(
                "the columns of the tables differ (see columns.csv), as with another --every"
                    .to_owned(),
            );
        }
        if let (Some(there), Some(now)) = (&self.comparison, &wanted.comparison) {
            list.extend(there.differences(now));
        }
        if self.scenario_resolved_sha256 != wanted.scenario_resolved_sha256 {
            list.push("the resolved scenario differs (see scenario.resolved.toml)".to_owned());
        }
        let changed = unmatched(&wanted.inputs, &self.inputs);
        if !changed.is_empty() {
            list.push(format!(
                "input files changed or new: {}",
                changed.join(", ")
            ));
        }
        let gone = unmatched(&self.inputs, &wanted.inputs);
        if changed.is_empty() && !gone.is_empty() {
            list.push(format!("input files no longer read: {}", gone.join(", ")));
        }
        list
    }
}

/// Paths of the inputs in `these` whose content is not in `those`. Only content counts: the same
/// file may be named by another path.
fn unmatched(these: &[Input], those: &[Input]) -> Vec<String> {
    let mut rest: Vec<&str> = those.iter().map(|input| input.sha256.as_str()).collect();
    let mut list = Vec::new();
    for input in these {
        match rest.iter().position(|sha| *sha == input.sha256) {
            Some(at) => {
                rest.swap_remove(at);
            }
            None => list.push(input.path.clone()),
        }
    }
    list
}

fn quoted(text: &str) -> String {
    format!("`{text}`")
}

/// Now, in UTC, to the second.
fn now() -> String {
    let now = jiff::Timestamp::now();
    jiff::Timestamp::from_second(now.as_second())
        .unwrap_or(now)
        .to_string()
}
