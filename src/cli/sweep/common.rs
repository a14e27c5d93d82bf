//! What the commands of `sweep` have in common: a plan that is read, a folder that is opened.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crate::experiment::build::memory_problem_of_all;
use crate::experiment::request::{EVERY, Model, Request, Run};
use crate::experiment::sweep::{Plan, read_plan};
use crate::scenario::{BASE, Problem, Problems};
use crate::store::sweep::{Index, Prepared, RunKey, SweepManifest, prepare, read_points};
use crate::store::{Format, StoreError, TableData};
use crate::texts::say;
use crate::world::memory::{self, MemoryEstimate, Recorded};

use super::super::session::inputs;
use super::super::{Exit, lang, say, wrong};

/// A plan that is read, and what the store needs of it.
pub struct Planned {
    /// The plan.
    pub plan: Arc<Plan>,
    /// Its runs.
    pub index: Arc<Index>,
    /// What is swept.
    pub manifest: SweepManifest,
    /// The table of points.
    pub points: TableData,
}

/// Reads and checks a plan.
///
/// # Errors
/// The exit code; what is wrong has been said.
pub fn read(path: &Path, json: bool) -> Result<Planned, Exit> {
    let plan = read_plan(path).map_err(|problems| wrong(&problems, json))?;
    let sides = &plan.comparison.sides;
    let resolved = sides
        .iter()
        .map(|side| crate::store::sha256(side.loaded.resolved().as_bytes()))
        .collect();
    let commit = option_env!("POINTPLANE_COMMIT").unwrap_or("unknown");
    let inputs = inputs(sides.iter().map(|side| &side.loaded));
    let mut manifest = plan.manifest(env!("CARGO_PKG_VERSION"), commit, inputs, resolved);
    manifest.plan = path.to_string_lossy().into_owned();
    let points = plan.points_data(&manifest);
    let index = Index::new(
        plan.points.clone(),
        manifest.swept.layouts.clone(),
        manifest.replicates,
    );
    Ok(Planned {
        plan: Arc::new(plan),
        index: Arc::new(index),
        manifest,
        points,
    })
}

impl Planned {
    /// The folder of the sweep unless another one is named.
    pub fn folder(&self) -> PathBuf {
        PathBuf::from("results").join(&self.manifest.name)
    }

    /// Makes the folder of the sweep ready, or joins it.
    ///
    /// # Errors
    /// The exit code; what is wrong has been said.
    pub fn prepare(&mut self, dir: &Path, resume: bool, json: bool) -> Result<Prepared, Exit> {
        let text = self.plan.document.text.clone();
        let prepared = prepare(dir, &mut self.manifest, &text, &self.points, resume);
        prepared.map_err(|error| refused(&error, json))
    }

    /// Says what is allowed but perhaps not meant.
    pub fn warn(&self) {
        for warning in &self.plan.warnings {
            say(warning.told(lang()).trim_end());
        }
    }

    /// What the worlds of all layouts and the runs at a time need.
    pub fn memory(&self) -> Vec<MemoryEstimate> {
        let sides = self.plan.comparison.sides.iter();
        sides
            .map(|side| memory::estimate(&side.loaded.scenario, Recorded::default()))
            .collect()
    }

    /// Whether there is memory for so many runs at a time.
    ///
    /// # Errors
    /// The exit code; what is wrong has been said.
    pub fn fits(&self, threads: u32, json: bool) -> Result<(), Exit> {
        let base = &self.plan.comparison.baseline().loaded;
        match memory_problem_of_all(base, &self.memory(), threads) {
            None => Ok(()),
            Some((key, what)) => Err(wrong(&Problems::from(base.error(key, what)), json)),
        }
    }
}

/// A sweep in a folder.
pub struct Opened {
    /// What is swept.
    pub manifest: SweepManifest,
    /// Its runs.
    pub index: Index,
    /// The table of points.
    pub points: TableData,
}

/// Opens the sweep in a folder.
///
/// # Errors
/// The exit code; what is wrong has been said.
pub fn open(dir: &Path, json: bool) -> Result<Opened, Exit> {
    let attempt = || {
        let manifest = SweepManifest::load(dir)?;
        Ok((read_points(dir, &manifest)?, manifest))
    };
    let opened = attempt().or_else(|error| match error {
        // Somebody may be writing other points: they and what vouches for them are two files.
        StoreError::Damaged { .. } => {
            std::thread::sleep(Duration::from_millis(300));
            attempt()
        }
        error => Err(error),
    });
    match opened {
        Ok(((rows, points), manifest)) => Ok(Opened {
            index: Index::new(rows, manifest.swept.layouts.clone(), manifest.replicates),
            manifest,
            points,
        }),
        Err(error) => Err(refused(&error, json)),
    }
}

/// The command that makes a run again, to be given in the folder of the plan.
pub fn command(manifest: &SweepManifest, index: &Index, key: RunKey) -> String {
    let swept = &manifest.swept;
    let layout = &swept.layout_words[usize::from(key.layout)];
    let layouts = layout.split('+').filter(|_| layout != BASE);
    let point = &index.points()[key.point as usize];
    let run = Run {
        model: Model {
            scenario: PathBuf::from(&swept.scenario),
            set: swept.set.iter().chain(&point.settings).cloned().collect(),
            seed: Some(swept.seed),
        },
        layouts: layouts.map(PathBuf::from).collect(),
        replicates: Some(1),
        first_replicate: Some(key.replicate),
        tables: Vec::new(),
        every: EVERY,
        format: Format::Parquet,
    };
    Request::Run(run).command(None)
}

/// Says why a folder cannot be used.
pub fn refused(error: &StoreError, json: bool) -> Exit {
    match error {
        StoreError::Io { .. }
        | StoreError::DiskFull { .. }
        | StoreError::Damaged { .. }
        | StoreError::Conflict { .. } => {
            say(&say!(lang(), "error", error = error.to_string()));
            Exit::Failed
        }
        error => wrong(
            &Problems::from(Problem::error("--out", error.to_string())),
            json,
        ),
    }
}
