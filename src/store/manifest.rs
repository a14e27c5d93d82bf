//! `manifest.json`: what is asked, as data, and how far it came. Everything in it is a function of what
//! else is in the folder: no clock is read when it is written, so whoever writes it, and however often,
//! writes the same.

use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::design;
use crate::shell::quote;

use super::checksum::sha256;
use super::error::{StoreError, There};
use super::kind::{ResultKind, Status};
use super::table::Format;
use super::table::column::{TableDef, name_problem};

use super::files::{Files, disk, is_missing};
use super::job::Numbering;
use super::log::Machine;
use super::stage::{Staged, stage};
use super::statistic::Statistic;
use crate::texts::{Text, spoken, text};

/// Name of the manifest in a results folder.
pub const MANIFEST: &str = "manifest.json";
/// Name of the file with the definitions of the columns.
pub const COLUMNS: &str = "columns.csv";
/// Name of the file with the points of a sweep.
pub(super) const POINTS: &str = "points.csv";
/// Version of the layout of a results folder.
pub(super) const FORMAT_VERSION: u32 = 2;
/// Version of the model: raised with every change by which the same resolved scenario, seed and replicate give
/// another history. Results of two models are never mixed.
pub const MODEL: u32 = 2;
/// The model of manifests that do not name it.
const fn first_model() -> u32 {
    1
}
/// Name of this program in the manifest.
const PROGRAM: &str = "pointplane";
/// Commit that the program was built from, or `unknown`.
pub(super) const COMMIT: &str = match option_env!("POINTPLANE_COMMIT") {
    Some(commit) => commit,
    None => "unknown",
};
/// Said in every manifest.
const NOTE: &str = "The tables, but for run_times of a sweep, columns.csv and the resolved scenarios are \
    functions of (resolved scenarios, seed, points, replicates) and of the program's version only; time, host, \
    threads and command lines stand only in this file and in logs/.";

/// A file that a scenario was read from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Input {
    /// Path as the user would write it.
    pub path: String,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
}

impl Input {
    /// A file with these bytes.
    pub fn of(path: String, bytes: &[u8]) -> Self {
        let sha256 = sha256(bytes);
        Self { path, sha256 }
    }

    /// A file as it is now; none where it cannot be read.
    pub fn read(path: &Path) -> Option<Self> {
        let bytes = std::fs::read(path).ok()?;
        Some(Self::of(path.display().to_string(), &bytes))
    }
}

/// A file beside the tables, with its checksum.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileEntry {
    /// Its path in the results folder.
    pub file: String,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
}

/// A layout, and its resolved scenario.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LayoutEntry {
    /// Its name.
    pub name: String,
    /// Its title in English; empty without one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// Its title in Chinese.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title_zh: String,
    /// The file with its resolved scenario.
    pub file: String,
    /// SHA-256 of that file.
    pub scenario_resolved_sha256: String,
}

/// A table; rows, bytes and checksum are there once it is made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableEntry {
    /// Name.
    pub name: String,
    /// What a row is.
    pub what: String,
    /// File name in the results folder.
    pub file: String,
    /// Whether it is made from the other tables, not kept of each job.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub derived: bool,
    /// Rows.
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
    pub(super) fn new(def: &TableDef, derived: bool, format: Format) -> Self {
        Self {
            name: def.name.clone(),
            what: def.what.clone(),
            file: format!("{}.{}", def.name, format.extension()),
            derived,
            rows: None,
            bytes: None,
            sha256: None,
        }
    }
}

/// What a comparison has besides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comparison {
    /// Name of the baseline.
    pub baseline: String,
    /// Months at which outcomes are taken.
    pub horizons: Vec<String>,
    /// How the derived tables are made.
    #[serde(flatten)]
    pub derivation: Derivation,
}

/// How the derived tables of a comparison are made, as far as the replicates do not say it. They are made
/// again when it is another.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Derivation {
    /// Layouts that are compared with the baseline, in order.
    pub compared: Vec<String>,
    /// Choice of the interval: `t` or `bca` (`auto` of earlier versions).
    pub interval: String,
    /// The outcome that the comparison is about, if one was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub primary: Option<String>,
    /// Wanted width with its pilot and its maximum, in words; none for a fixed number of replicates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until_width: Option<String>,
}

/// What a sweep has besides.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(Default))]
pub struct Sweep {
    /// Name of the sweep.
    pub name: String,
    /// Title of its plan in English; empty without one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// Title of its plan in Chinese.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title_zh: String,
    /// The plan as it was named when the sweep was begun, from the folder where that was done.
    pub plan: String,
    /// The scenario, as the plan names it.
    pub scenario: String,
    /// First month of the runs, months since January of year 0.
    pub start: i32,
    /// Months of a run.
    pub months: u16,
    /// Values that the plan sets for all points: `key=value`.
    pub set: Vec<String>,
    /// The layouts as the plan names them.
    pub layout_words: Vec<String>,
    /// Number of variants of the model: the layouts are those asked for, then the same under each variant.
    #[serde(default, skip_serializing_if = "is_none")]
    pub variants: usize,
    /// By variant: keys of the parameters that it sets itself, whatever the points say.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fixed: Vec<Vec<String>>,
    /// What is kept of each run.
    pub slots: Vec<SlotEntry>,
    /// What else is kept.
    pub monthly: Option<Monthly>,
    /// The kind of the design, and its size.
    pub design: design::Kind,
    /// Parameters of the design, in the order of their columns in the table `points`.
    pub parameters: Vec<ParameterEntry>,
    /// Rows of the table `points`.
    pub rows: u64,
    /// Whether each point has replicates of its own, taken from a pool.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pool: bool,
    /// Whether each point has the replicates that come after those of the point before.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub own_replicates: bool,
    /// Numbers that could be counted, and whose worth is asked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub targets: Vec<TargetEntry>,
}

/// A number that could be counted in the country as it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TargetEntry {
    /// Its name.
    pub id: String,
    /// What of a run answers to it.
    pub statistic: Statistic,
    /// Standard deviation of the count about what a run of the model has: its error and the model's discrepancy.
    pub sd: f64,
}

fn is_none(variants: &usize) -> bool {
    *variants == 0
}

impl Sweep {
    /// Of so many layouts, how many are asked for: the first ones; the others are these under each variant.
    pub fn policies(&self, layouts: usize) -> usize {
        let blocks = self.variants.saturating_add(1);
        match layouts.is_multiple_of(blocks) && layouts > 0 {
            true => layouts / blocks,
            false => layouts.max(1),
        }
    }

    /// Number of values that are kept of a run.
    pub fn values(&self) -> usize {
        let monthly = self.monthly.as_ref();
        self.slots.len() + monthly.map_or(0, |m| m.months.len() * m.measures.len())
    }
}

/// A value that is kept of every run of a sweep.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlotEntry {
    /// The outcome.
    pub outcome: String,
    /// `national`, or the kind of the group it is of.
    pub group_kind: String,
    /// The group.
    pub group: Option<String>,
    /// Month number from the start of the run; none for the month in which something first happens.
    pub horizon: Option<u16>,
}

/// A parameter of the design of a sweep.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParameterEntry {
    /// Its key in the scenario.
    pub key: String,
    /// Its column in the table `points`.
    pub column: String,
    /// Whether its values are texts.
    pub text: bool,
    /// Unit.
    pub unit: String,
    /// What it is, one sentence.
    pub what: String,
}

/// Monthly measures that are kept of every run of a sweep, `[month][measure]`, after the slots.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Monthly {
    /// Month numbers from the start of the run.
    pub months: Vec<u16>,
    /// Measures of the table `national`.
    pub measures: Vec<String>,
}

/// A worker's session.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Session {
    /// The command, word by word.
    pub command_line: Vec<String>,
    /// Its share, `I/N`.
    pub shard: String,
    /// Threads.
    pub threads: u32,
    /// Host name.
    pub host: String,
    /// The machine.
    #[serde(flatten)]
    pub machine: Machine,
    /// When it began (UTC).
    pub started: String,
    /// When it ended; none while it runs, or when it was killed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<String>,
    /// How it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub how: Option<super::log::End>,
    /// Its wall time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seconds: Option<f64>,
    /// Peak memory of its process in bytes; none where the system does not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peak_bytes: Option<u64>,
}

/// How many jobs are how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// In all.
    pub all: u64,
    /// Done.
    pub done: u64,
    /// Failed, and not done later.
    pub failed: u64,
    /// Not finished.
    pub missing: u64,
    /// There, but not of the points and replicates that are asked for.
    pub others: u64,
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
    /// Version of the model.
    #[serde(default = "first_model")]
    pub model: u32,
    /// What it is.
    pub kind: ResultKind,
    /// How far it is.
    pub status: Status,
    /// What was asked, as data.
    pub request: Value,
    /// What all jobs have in common, in one word: results that agree in it can share jobs.
    pub fingerprint: String,
    /// Name of the scenario.
    pub scenario: String,
    /// Name of the layout, of a comparison that of the baseline; empty without one.
    pub layout: String,
    /// The layouts of the jobs, in order.
    pub layouts: Vec<LayoutEntry>,
    /// What a comparison has besides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comparison: Option<Comparison>,
    /// What a sweep has besides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sweep: Option<Sweep>,
    /// Files that the scenario was read from.
    pub inputs: Vec<Input>,
    /// Random seed of all replicates.
    pub seed: u64,
    /// Number of distinct points.
    pub points: u64,
    /// Number of the first replicate.
    pub first_replicate: u32,
    /// How many replicates there are of each point and layout.
    pub replicates: u32,
    /// How many of them are done at all points in all layouts.
    pub replicates_done: u32,
    /// Jobs: one for each point, layout and replicate.
    pub jobs: Counts,
    /// File format of the tables.
    pub format: Format,
    /// The files beside the tables.
    pub files: Vec<FileEntry>,
    /// The tables in order.
    pub tables: Vec<TableEntry>,
    /// Who worked here, when and where.
    pub sessions: Vec<Session>,
    /// Files in `logs/` that are not as they were written: what was only there is run again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub damaged: Vec<Damage>,
    /// Files in `logs/` that are of something else and were left alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub foreign: Vec<String>,
    /// What may differ between equal results.
    pub note: String,
}

/// A log that is not as it was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Damage {
    /// Its path.
    pub file: String,
    /// The first byte that is not as it was written; none when the end is missing.
    pub from: Option<u64>,
}

impl Damage {
    /// The damage in words.
    pub fn text(&self) -> Text {
        let path = &self.file;
        let why = match self.from {
            Some(at) => text!("log-byte", at),
            None => text!("log-end"),
        };
        text!("store-damaged", path, why)
    }
}

spoken!(Damage);

impl Manifest {
    /// A manifest of something that is not begun. What depends on what is asked is empty.
    pub(super) fn empty(kind: ResultKind) -> Self {
        Self {
            format_version: FORMAT_VERSION,
            program: PROGRAM.to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            commit: COMMIT.to_owned(),
            model: MODEL,
            kind,
            status: Status::Running,
            request: Value::Null,
            fingerprint: String::new(),
            scenario: String::new(),
            layout: String::new(),
            layouts: Vec::new(),
            comparison: None,
            sweep: None,
            inputs: Vec::new(),
            seed: 0,
            points: 0,
            first_replicate: 0,
            replicates: 0,
            replicates_done: 0,
            jobs: Counts::default(),
            format: Format::default(),
            files: Vec::new(),
            tables: Vec::new(),
            sessions: Vec::new(),
            damaged: Vec::new(),
            foreign: Vec::new(),
            note: NOTE.to_owned(),
        }
    }

    /// What is asked, without how far it came.
    pub(super) fn bare(&self) -> Self {
        let mut bare = self.clone();
        for entry in &mut bare.tables {
            (entry.rows, entry.bytes, entry.sha256) = (None, None, None);
        }
        bare.status = Status::Running;
        bare.replicates_done = 0;
        bare.jobs = Counts::default();
        bare.sessions.clear();
        bare.damaged.clear();
        bare.foreign.clear();
        bare
    }

    /// Reads the manifest of a results folder.
    ///
    /// # Errors
    /// [`StoreError::NotARun`] when there is none of this program, [`StoreError::OldFormat`],
    /// [`StoreError::NewerFormat`], [`StoreError::Damaged`], [`StoreError::Io`].
    pub fn load(dir: &Path) -> Result<Self, StoreError> {
        Self::load_from(&*disk(), dir)
    }

    pub(super) fn load_from(files: &dyn Files, dir: &Path) -> Result<Self, StoreError> {
        let path = dir.join(MANIFEST);
        let not_a_run = || StoreError::NotARun {
            dir: dir.to_path_buf(),
            there: There::Manifest,
        };
        let bytes = match read_all(files, &path) {
            Ok(bytes) => bytes,
            Err(StoreError::Io { source, .. }) if is_missing(&source) => {
                let none = || StoreError::NotARun {
                    dir: dir.to_path_buf(),
                    there: what_is_there(files, dir),
                };
                return Err(old_sweep(files, dir).unwrap_or_else(none));
            }
            Err(error) => return Err(error),
        };
        let damaged = |why: Text| StoreError::damaged(&path, text!("manifest-damaged", why));
        if bytes
            .iter()
            .all(|byte| byte.is_ascii_whitespace() || *byte == 0)
        {
            return Err(damaged(text!("it-is-empty")));
        }
        let value: Value = match serde_json::from_slice(&bytes) {
            Err(error) if begins_as_ours(&bytes) => return Err(damaged(Text::foreign(error))),
            value => value.map_err(|_| not_a_run())?,
        };
        if value.get("program").and_then(Value::as_str) != Some(PROGRAM) {
            return Err(not_a_run());
        }
        match value.get("format_version").and_then(Value::as_u64) {
            Some(found) if found > u64::from(FORMAT_VERSION) => Err(StoreError::NewerFormat {
                path,
                found,
                known: FORMAT_VERSION,
            }),
            Some(found) if found == u64::from(FORMAT_VERSION) => {
                let manifest: Self =
                    serde_json::from_value(value).map_err(|e| damaged(Text::foreign(e)))?;
                if manifest.fingerprint != manifest.make_fingerprint() {
                    return Err(damaged(text!("other-fingerprint")));
                }
                Ok(manifest)
            }
            Some(1) => {
                let words = value.get("command_line").and_then(Value::as_array);
                let words = words.into_iter().flatten().filter_map(Value::as_str);
                let words = again(words.skip(1)).map(quote);
                let words: Vec<String> = std::iter::once(PROGRAM.to_owned()).chain(words).collect();
                Err(StoreError::OldFormat {
                    dir: dir.to_path_buf(),
                    command: words.join(" "),
                })
            }
            _ => Err(damaged(text!("no-format-version"))),
        }
    }

    /// Refuses to add to results of another model.
    ///
    /// # Errors
    /// [`StoreError::OtherModel`].
    pub(super) fn of_this_model(&self, dir: &Path) -> Result<(), StoreError> {
        if self.model == MODEL {
            return Ok(());
        }
        Err(StoreError::OtherModel {
            dir: dir.to_path_buf(),
            version: self.version.clone(),
            there: self.model,
            here: MODEL,
        })
    }

    pub(super) fn bytes(&self) -> Result<Vec<u8>, StoreError> {
        let failed = |e| StoreError::io("write", Path::new(MANIFEST), io::Error::from(e));
        let mut bytes = serde_json::to_vec_pretty(self).map_err(failed)?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    pub(super) fn stage(&self, files: &Arc<dyn Files>, dir: &Path) -> Result<Staged, StoreError> {
        let bytes = self.bytes()?;
        Ok(stage(files, &dir.join(MANIFEST), |w| w.write_all(&bytes))?.0)
    }

    pub(super) fn save(&self, files: &Arc<dyn Files>, dir: &Path) -> Result<(), StoreError> {
        self.stage(files, dir)?.publish()
    }

    /// The path of a table's file, when its name is the one that this program gives it; so a
    /// manifest that somebody changed cannot name a file elsewhere.
    pub(super) fn table_path(&self, dir: &Path, entry: &TableEntry) -> Option<PathBuf> {
        let expected = format!("{}.{}", entry.name, self.format.extension());
        let sound = name_problem(&entry.name).is_none() && entry.file == expected;
        sound.then(|| dir.join(expected))
    }

    /// What all jobs have in common and what is kept of each, in one word.
    pub(super) fn make_fingerprint(&self) -> String {
        let mut inputs: Vec<&str> = self.inputs.iter().map(|i| i.sha256.as_str()).collect();
        inputs.sort_unstable();
        let layouts = self.layouts.iter();
        let layouts: Vec<_> = layouts
            .map(|l| (&l.name, &l.scenario_resolved_sha256))
            .collect();
        let kept = match &self.sweep {
            // The format of a sweep's tables may change: what is kept of a job does not depend on it.
            Some(s) => (
                serde_json::to_value((&s.start, s.months, &s.set, &s.slots, &s.monthly)),
                None,
                None,
            ),
            None => (
                serde_json::to_value(self.comparison.as_ref().map(|c| &c.horizons)),
                Some(self.format),
                self.sha256_of(COLUMNS),
            ),
        };
        let all = (
            FORMAT_VERSION,
            &self.version,
            &self.commit,
            inputs,
            self.seed,
            layouts,
            (kept.0.unwrap_or_default(), kept.1, kept.2),
        );
        // Text keys and finite numbers: JSON can say it.
        let said = match self.model {
            1 => serde_json::to_vec(&all),
            model => serde_json::to_vec(&(model, all)),
        };
        sha256(&said.unwrap_or_default())[..32].to_owned()
    }

    /// Which replicates the points have.
    pub(super) fn numbering(&self) -> Numbering {
        let is = |of: fn(&Sweep) -> bool| self.sweep.as_ref().is_some_and(of);
        match (is(|of| of.pool), is(|of| of.own_replicates)) {
            (true, _) => Numbering::Pool,
            (_, true) => Numbering::Own,
            _ => Numbering::Same,
        }
    }

    /// Checksum of a file beside the tables.
    pub fn sha256_of(&self, file: &str) -> Option<&str> {
        let entry = self.files.iter().find(|entry| entry.file == file);
        entry.map(|entry| entry.sha256.as_str())
    }

    /// The command of the first session, word by word; empty when nobody has worked here.
    pub fn command_line(&self) -> &[String] {
        self.sessions.first().map_or(&[], |s| &s.command_line)
    }

    /// Wall time of all sessions that ended by themselves, in seconds.
    pub fn wall_seconds(&self) -> f64 {
        self.sessions.iter().filter_map(|s| s.seconds).sum()
    }

    /// When the first session began (UTC); empty when nobody has worked here.
    pub fn started(&self) -> &str {
        self.sessions.first().map_or("", |s| &s.started)
    }

    /// In what this differs from `wanted` so that they cannot share jobs.
    pub(super) fn differences(&self, wanted: &Self) -> Vec<Text> {
        let mut list = Vec::new();
        let mut compare = |what: Text, here: Text, now: Text| {
            if here != now {
                list.push(text!("differs-in", what, here, now));
            }
        };
        let (here, now) = (self.kind.text(), wanted.kind.text());
        compare(text!("differs-in-kind"), here, now);
        if self.kind != wanted.kind {
            return list;
        }
        let sweep = wanted.kind == ResultKind::Sweep;
        let tables =
            |m: &Self| -> Vec<String> { m.tables.iter().map(|t| t.name.clone()).collect() };
        let layouts =
            |m: &Self| -> Vec<String> { m.layouts.iter().map(|l| l.name.clone()).collect() };
        let program = |m: &Self| {
            let (version, commit) = (&m.version, &m.commit);
            text!("program-commit", version, commit)
        };
        let what = text!("differs-in-program");
        compare(what, program(self), program(wanted));
        let scenario = |m: &Self| Text::from(m.scenario.as_str());
        let what = text!("differs-in-scenario");
        compare(what, scenario(self), scenario(wanted));
        if wanted.kind == ResultKind::Run {
            let layout = |m: &Self| Text::from(format!("`{}`", m.layout));
            compare(text!("differs-in-layout"), layout(self), layout(wanted));
        } else {
            let names = |m: &Self| Text::from(layouts(m).join(", "));
            compare(text!("differs-in-layouts"), names(self), names(wanted));
        }
        let seed = |m: &Self| Text::from(m.seed.to_string());
        compare(text!("differs-in-seed"), seed(self), seed(wanted));
        let first = |m: &Self| Text::from(m.first_replicate.to_string());
        compare(text!("differs-in-first"), first(self), first(wanted));
        // Comparisons and sweeps take more replicates later.
        if matches!(wanted.kind, ResultKind::Run | ResultKind::Explanation) {
            let number = |m: &Self| Text::from(m.replicates.to_string());
            let what = text!("differs-in-replicates");
            compare(what, number(self), number(wanted));
        }
        if !sweep {
            let format = |m: &Self| Text::from(m.format.to_string());
            compare(text!("differs-in-format"), format(self), format(wanted));
            let names = |m: &Self| Text::from(tables(m).join(","));
            compare(text!("differs-in-tables"), names(self), names(wanted));
        }
        if let (Some(there), Some(now)) = (&self.sweep, &wanted.sweep) {
            let settings = |s: &Sweep| match s.set.is_empty() {
                true => text!("settings-none"),
                false => s.set.join(", ").into(),
            };
            let what = text!("differs-in-settings");
            compare(what, settings(there), settings(now));
            let outcomes = |s: &Sweep| {
                let mut names: Vec<&str> = s.slots.iter().map(|slot| &slot.outcome[..]).collect();
                names.dedup();
                let (names, values) = (names.join(", "), s.values());
                text!("outcomes-values", names, values)
            };
            let what = text!("differs-in-outcomes");
            compare(what, outcomes(there), outcomes(now));
        }
        if let (Some(there), Some(now)) = (&self.comparison, &wanted.comparison) {
            let horizons = |c: &Comparison| Text::from(c.horizons.join(", "));
            let what = text!("differs-in-horizons");
            compare(what, horizons(there), horizons(now));
            // What is named after the results are seen was not named in advance.
            let primary = |c: &Comparison| match &c.derivation.primary {
                Some(outcome) => outcome.as_str().into(),
                None => text!("settings-none"),
            };
            let what = text!("differs-in-primary");
            compare(what, primary(there), primary(now));
        }
        let columns = |m: &Self| m.sha256_of(COLUMNS).map(str::to_owned);
        if !sweep && tables(self) == tables(wanted) && columns(self) != columns(wanted) {
            list.push(text!("differs-in-columns"));
        }
        for (here, now) in self.layouts.iter().zip(&wanted.layouts) {
            let other = here.scenario_resolved_sha256 != now.scenario_resolved_sha256;
            if here.name == now.name && other {
                let name = &here.name;
                list.push(match self.layouts.len() {
                    1 => text!("differs-in-resolved"),
                    _ => text!("differs-in-one-layout", name, file = here.file),
                });
            }
        }
        let changed = unmatched(&wanted.inputs, &self.inputs);
        if !changed.is_empty() {
            list.push(text!("inputs-changed", files = changed.join(", ")));
        }
        let gone = unmatched(&self.inputs, &wanted.inputs);
        if changed.is_empty() && !gone.is_empty() {
            list.push(text!("inputs-gone", files = gone.join(", ")));
        }
        if list.is_empty() && self.fingerprint != wanted.fingerprint {
            list.push(text!("differs-in-kept"));
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

/// Whether a file that cannot be read begins as this program's manifests do.
fn begins_as_ours(bytes: &[u8]) -> bool {
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(120)]).into_owned();
    let start: String = start.split_whitespace().collect();
    start.starts_with("{\"format_version\":")
        && start.contains(&format!("\"program\":\"{PROGRAM}\""))
}

/// The words of a command without those that say how it was worked on and shown.
fn again<'w>(mut words: impl Iterator<Item = &'w str>) -> impl Iterator<Item = &'w str> {
    std::iter::from_fn(move || {
        loop {
            match words.next()? {
                "--resume" | "--force" | "--quiet" | "--json" => {}
                "--threads" => drop(words.next()),
                word if word.starts_with("--threads=") => {}
                word => return Some(word),
            }
        }
    })
}

/// A sweep that version 0.1 made, whose manifest had another name.
fn old_sweep(files: &dyn Files, dir: &Path) -> Option<StoreError> {
    let bytes = read_all(files, &dir.join("sweep.json")).ok()?;
    let value: Value = serde_json::from_slice(&bytes).ok()?;
    let text = |key: &str| value.get(key).and_then(Value::as_str);
    (text("program") == Some(PROGRAM)).then(|| StoreError::OldFormat {
        dir: dir.to_path_buf(),
        command: format!(
            "{PROGRAM} sweep run {} --out {}",
            quote(text("plan").unwrap_or("PLAN")),
            quote(&dir.to_string_lossy())
        ),
    })
}

/// A small file whole; a larger one is none of ours.
pub(super) fn read_all(files: &dyn Files, path: &Path) -> Result<Vec<u8>, StoreError> {
    const MAX_BYTES: u64 = 1 << 30;
    let failed = |e| StoreError::io("read", path, e);
    let mut bytes = Vec::new();
    let file = files.open(path).map_err(failed)?;
    let read = file.take(MAX_BYTES + 1).read_to_end(&mut bytes);
    read.map_err(failed)?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(StoreError::damaged(path, text!("it-is-too-large")));
    }
    Ok(bytes)
}

/// What stands where there is no manifest.
fn what_is_there(files: &dyn Files, dir: &Path) -> There {
    match files.look(dir) {
        Ok(None) => return There::Nothing,
        // A link is told by what it leads to.
        Ok(Some(found)) if !found.folder && files.names(dir).is_err() => return There::File,
        _ => {}
    }
    let names = files.names(dir).unwrap_or_default();
    let mut names = names.into_iter().filter(|name| !name.starts_with('.'));
    names.next().map_or(There::Empty, There::Other)
}

/// The file names of the layouts' resolved scenarios, in the folder `layouts`; no two are the same.
pub(super) fn layout_files(names: &[&str]) -> Vec<String> {
    let plain = |c: char| {
        if c.is_ascii_alphanumeric() || "-_+".contains(c) {
            c
        } else {
            '_'
        }
    };
    let mut list: Vec<String> = Vec::new();
    for name in names {
        let name: String = name.chars().map(plain).collect();
        let numbered = (2..).map(|n| format!("layouts/{name}_{n}.resolved.toml"));
        let mut wanted = std::iter::once(format!("layouts/{name}.resolved.toml")).chain(numbered);
        let free = wanted.find(|file| !list.iter().any(|taken| taken.eq_ignore_ascii_case(file)));
        list.extend(free);
    }
    list
}
