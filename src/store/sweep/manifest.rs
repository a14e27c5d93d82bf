//! `sweep.json`: what is swept. Two workers that prepare the same sweep from the same folder write the same
//! bytes.

use std::fs;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::super::atomic::{atomic_write, sha256};
use super::super::error::StoreError;
use super::super::manifest::{Format, Input};

/// Name of the file.
pub(super) const SWEEP: &str = "sweep.json";
const PROGRAM: &str = "pointplane";
const FORMAT_VERSION: u32 = 1;

/// A value that is kept of every run.
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

/// A parameter of the design.
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

/// Monthly measures that are kept of every run, `[month][measure]`, after the slots.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Monthly {
    /// Month numbers from the start of the run.
    pub months: Vec<u16>,
    /// Measures of the table `national`.
    pub measures: Vec<String>,
}

/// What all runs have in common, and what is kept of each. Two sweeps that agree in it can share runs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Swept {
    /// Version of the program.
    pub version: String,
    /// Commit that it was built from.
    pub commit: String,
    /// The scenario, as the plan names it.
    pub scenario: String,
    /// Name of the scenario.
    pub scenario_name: String,
    /// First month of the runs, months since January of year 0.
    pub start: i32,
    /// Months of a run.
    pub months: u16,
    /// Names the luck of all replicates.
    pub seed: u64,
    /// Values that the plan sets for all points: `key=value`.
    pub set: Vec<String>,
    /// Names of the layouts, as the tables have them; the baseline first.
    pub layouts: Vec<String>,
    /// The layouts as the plan names them.
    pub layout_words: Vec<String>,
    /// SHA-256 of the resolved scenario of each layout.
    pub resolved_sha256: Vec<String>,
    /// Files that the scenario was read from.
    pub inputs: Vec<Input>,
    /// What is kept of each run.
    pub slots: Vec<SlotEntry>,
    /// What else is kept.
    pub monthly: Option<Monthly>,
}

impl Swept {
    /// Number of values that are kept of a run.
    pub fn values(&self) -> usize {
        let monthly = self.monthly.as_ref();
        self.slots.len() + monthly.map_or(0, |m| m.months.len() * m.measures.len())
    }

    /// SHA-256 of all this.
    fn fingerprint(&self) -> String {
        // Text keys and finite numbers: JSON can say it.
        sha256(&serde_json::to_vec(self).unwrap_or_default())
    }
}

/// The content of `sweep.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SweepManifest {
    /// Version of the layout of the folder.
    pub format_version: u32,
    /// `pointplane`.
    pub program: String,
    /// `sweep`.
    pub kind: String,
    /// Name of the sweep.
    pub name: String,
    /// What runs of this sweep have in common, in one word.
    pub fingerprint: String,
    /// The plan as it was named when the sweep was begun, from the folder where that was done; empty in
    /// sweeps that do not say it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub plan: String,
    /// SHA-256 of `plan.toml`.
    pub plan_sha256: String,
    /// SHA-256 of `points.csv`.
    pub points_sha256: String,
    /// What is swept.
    pub swept: Swept,
    /// Kind of the design.
    pub design: String,
    /// Levels of a Morris design.
    pub morris_levels: Option<u32>,
    /// Parameters of the design, in the order of their columns in the table `points`.
    pub parameters: Vec<ParameterEntry>,
    /// Rows of the table `points`.
    pub rows: u64,
    /// Distinct points.
    pub points: u64,
    /// Replicates of each point and layout.
    pub replicates: u32,
    /// Format of the merged tables.
    pub format: Format,
}

impl SweepManifest {
    /// Of a sweep whose table of points is not made yet.
    pub fn new(name: String, plan: &str, swept: Swept, format: Format) -> Self {
        Self {
            format_version: FORMAT_VERSION,
            program: PROGRAM.to_owned(),
            kind: "sweep".to_owned(),
            name,
            fingerprint: swept.fingerprint(),
            plan: String::new(),
            plan_sha256: sha256(plan.as_bytes()),
            points_sha256: String::new(),
            swept,
            design: String::new(),
            morris_levels: None,
            parameters: Vec::new(),
            rows: 0,
            points: 0,
            replicates: 0,
            format,
        }
    }

    /// Number of values that are kept of a run.
    pub fn values(&self) -> usize {
        self.swept.values()
    }

    /// Says by which points, in which order, the runs are shared out to shards.
    pub(super) fn order(&self) -> String {
        let what = format!("{} {}", self.design, self.points_sha256);
        sha256(what.as_bytes())[..6].to_owned()
    }

    /// Number of runs.
    pub fn runs(&self) -> u64 {
        self.points * self.swept.layouts.len() as u64 * u64::from(self.replicates)
    }

    /// Reads the manifest of the sweep in `dir`.
    ///
    /// # Errors
    /// [`StoreError::NotASweep`], [`StoreError::NewerFormat`], [`StoreError::Damaged`],
    /// [`StoreError::Io`].
    pub fn load(dir: &Path) -> Result<Self, StoreError> {
        let path = dir.join(SWEEP);
        let not_a_sweep = || StoreError::NotASweep {
            dir: dir.to_path_buf(),
        };
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(e)
                if matches!(
                    e.kind(),
                    io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
                ) =>
            {
                return Err(not_a_sweep());
            }
            Err(e) => return Err(StoreError::io("read", &path, e)),
        };
        let value: serde_json::Value = serde_json::from_slice(&bytes).map_err(|_| not_a_sweep())?;
        let says = |key: &str, text: &str| value.get(key).and_then(|v| v.as_str()) == Some(text);
        if !says("program", PROGRAM) || !says("kind", "sweep") {
            return Err(not_a_sweep());
        }
        match value.get("format_version").and_then(|v| v.as_u64()) {
            Some(found) if found > u64::from(FORMAT_VERSION) => Err(StoreError::NewerFormat {
                path,
                found,
                known: FORMAT_VERSION,
            }),
            _ => {
                let manifest: Self =
                    serde_json::from_value(value).map_err(|e| StoreError::damaged(&path, e))?;
                if manifest.fingerprint != manifest.swept.fingerprint() {
                    return Err(StoreError::damaged(
                        &path,
                        "its fingerprint is not that of its content",
                    ));
                }
                Ok(manifest)
            }
        }
    }

    pub(super) fn save(&self, dir: &Path) -> Result<(), StoreError> {
        atomic_write(&dir.join(SWEEP), |mut w| {
            serde_json::to_writer_pretty(&mut w, self).map_err(io::Error::from)?;
            w.write_all(b"\n")
        })
    }

    /// In what the sweep here differs from `wanted` so that they cannot share runs.
    pub(super) fn differences(&self, wanted: &Self) -> Vec<String> {
        let mut list = Vec::new();
        let (there, here) = (&self.swept, &wanted.swept);
        let mut put = |what: &str, there: String, here: String| {
            if there != here {
                list.push(format!("{what} {there} there, {here} here"));
            }
        };
        let program = |s: &Swept| format!("{} (commit {})", s.version, s.commit);
        put("program", program(there), program(here));
        put(
            "scenario",
            there.scenario_name.clone(),
            here.scenario_name.clone(),
        );
        put("seed", there.seed.to_string(), here.seed.to_string());
        put("set", there.set.join(", "), here.set.join(", "));
        put("layouts", there.layouts.join(", "), here.layouts.join(", "));
        let outcomes = |s: &Swept| {
            let mut names: Vec<&str> = s.slots.iter().map(|slot| slot.outcome.as_str()).collect();
            names.dedup();
            format!("{} ({} values)", names.join(", "), s.values())
        };
        put("outcomes", outcomes(there), outcomes(here));
        if list.is_empty() && self.fingerprint != wanted.fingerprint {
            list.push(
                "the files of the scenario or of a layout, or what is kept of a run, are others"
                    .to_owned(),
            );
        }
        list
    }
}
