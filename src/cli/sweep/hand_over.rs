//! What `sweep slurm` and `sweep script` share: what each element is given, and the scripts on disk.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::cluster::{Ask, Memory, Script, Span, Sweep, usual_shards, words};
use crate::experiment::Experiment;
use crate::scenario::Problem;
use crate::scenario::problem::Report;
use crate::store::{Folder, Start, atomic_write};
use crate::texts::say;

use super::super::session::{refused, warn};
use super::super::{Exit, lang, say, wrong};
use super::common;

/// What the sweep is, and what each element of the cluster's job is given.
#[derive(Debug, Args)]
pub struct HandOver {
    /// Plan file
    plan: PathBuf,
    /// Folder of the sweep, on a disk that all nodes share; the scripts are written into it
    /// [default: results/NAME]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Number of elements (shards) [default: one for every 10 runs, at most 100]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    array: Option<u32>,
    /// Wall time of each element: 2h, 90m, 1d12h, 02:00:00, 1-12:00:00; a bare number is minutes
    #[arg(long, value_name = "TIME")]
    time: Option<Span>,
    /// Partition or queue
    #[arg(long, alias = "queue", value_name = "NAME", value_parser = words::name)]
    partition: Option<String>,
    /// Account or project that pays
    #[arg(long, value_name = "NAME", value_parser = words::name)]
    account: Option<String>,
    /// CPUs of each element: the threads of its worker
    #[arg(long, value_name = "C", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1024))]
    cpus_per_task: u32,
    /// Memory of each element: 4G, 500M; a bare number is in M
    #[arg(long, value_name = "M")]
    mem: Option<Memory>,
}

impl HandOver {
    /// The sweep, once its plan has been checked and its store made. `least` is the fewest shards that the
    /// engine takes; `unfit` says what else is wrong with the folder's path for this engine.
    ///
    /// # Errors
    /// How the command ends; what is wrong has been told.
    pub fn sweep(
        &self,
        least: usize,
        unfit: fn(&str) -> Option<&'static str>,
    ) -> Result<Sweep, Exit> {
        let planned = common::read(&self.plan, false)?;
        warn(&planned.plan.warnings);
        let dir = common::folder(&planned, self.out.as_ref());
        let mut report = Report::default();
        let mut word = |option: &str, path: &Path, also: fn(&str) -> Option<&'static str>| {
            let mut problem = |what: String| {
                report.push(Problem::error(option, what));
            };
            let absolute = match std::path::absolute(path) {
                Ok(absolute) => absolute,
                Err(error) => {
                    problem(format!("{}: {error}", path.display()));
                    return String::new();
                }
            };
            let Ok(text) = absolute.into_os_string().into_string() else {
                problem(format!(
                    "{}: its path is no UTF-8, which scripts of clusters cannot hold: choose another name",
                    path.display()
                ));
                return String::new();
            };
            if let Some(what) = words::unfit(&text).or_else(|| also(&text)) {
                problem(format!("{text:?}: {what}"));
            }
            text
        };
        let plan = word("PLAN", &self.plan, |_| None);
        let out = word("--out", &dir, unfit);
        let program = match std::env::current_exe() {
            Ok(program) => word("the program", &program, |_| None),
            Err(error) => {
                say(&format!("error: where is this program? {error}"));
                return Err(Exit::Failed);
            }
        };
        let problems = report.finish();
        if problems.errors().next().is_some() {
            return Err(wrong(&problems, false));
        }

        let asked = planned.asked(planned.plan.document.spec.replicates);
        Folder::prepare(&dir, asked, Start::Join)
            .map_err(|error| refused("--out", true, false, &error.into()))?;
        let runs = usize::try_from(planned.plan.runs()).unwrap_or(usize::MAX);
        let asked = self.array.map_or(usual_shards(runs), |n| n as usize);
        let shards = asked.min(runs).max(least);
        if self.array.is_some() && shards != asked {
            say(&say!(lang(), "elements", shards, asked, runs));
        }
        Ok(Sweep {
            program,
            plan,
            out: out.trim_end_matches('/').to_owned(),
            runs,
            shards,
            ask: Ask {
                threads: self.cpus_per_task,
                time: self.time,
                memory: self.mem,
                partition: self.partition.clone(),
                account: self.account.clone(),
            },
        })
    }
}

/// Writes scripts into the folder of the store, and makes its folder `jobs`, for what the jobs print. A script of that name that reads
/// otherwise, perhaps edited, is kept beside it as `NAME.old`.
///
/// # Errors
/// How the command ends; what is wrong has been told.
pub fn write(sweep: &Sweep, scripts: &[Script]) -> Result<(), Exit> {
    let failed = |what: String| {
        say(&say!(lang(), "error", error = what));
        Exit::Failed
    };
    let dir = Path::new(&sweep.out);
    let jobs = dir.join("jobs");
    fs::create_dir_all(&jobs)
        .map_err(|error| failed(format!("cannot make {}: {error}", jobs.display())))?;
    for Script { name, text } in scripts {
        let path = dir.join(name);
        match fs::read(&path) {
            Ok(there) if there != text.as_bytes() => {
                let old = dir.join(format!("{name}.old"));
                fs::rename(&path, &old).map_err(|error| {
                    failed(format!("cannot rename {}: {error}", path.display()))
                })?;
                say(&say!(lang(), "kept-as-old", name));
            }
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(failed(format!("cannot read {}: {error}", path.display())));
            }
            _ => {}
        }
        atomic_write(&path, |file| file.write_all(text.as_bytes()))
            .map_err(|error| failed(error.to_string()))?;
        say(&say!(lang(), "wrote", path = path.display().to_string()));
    }
    Ok(())
}
