//! What `slurm` and `script` share: what each element is given, and the scripts on disk.

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use crate::cluster::{Ask, Memory, Script, Span, Work, usual_shards, words};
use crate::experiment::session::prepare;
use crate::scenario::Problem;
use crate::scenario::problem::Report;
use crate::store::{Start, atomic_write};
use crate::texts::{Text, say, text};

use super::given::{Given, HandedOver};
use super::session::refused;
use super::sweep::common::Ask as Sweep;
use super::{Exit, compare, lang, run, say, wrong};

/// What commands are handed over to, and what is said besides.
pub trait Engine: Args {
    /// What is written, for the help.
    const ABOUT: &'static str;
    /// Hands a command over.
    fn hand_over<A: HandedOver>(of: &HandOver<A, Self>) -> Exit;
}

/// The commands that can be handed over.
#[derive(Debug, Subcommand)]
pub enum Handed<M: Engine> {
    /// Scripts for a run
    #[command(long_about = M::ABOUT)]
    Run(HandOver<run::Ask, M>),
    /// Scripts for a comparison
    #[command(long_about = M::ABOUT)]
    Compare(Box<HandOver<compare::Ask, M>>),
    /// Scripts for a sweep
    #[command(long_about = M::ABOUT)]
    Sweep(HandOver<Sweep, M>),
}

impl<M: Engine> Handed<M> {
    /// Hands it over.
    pub fn hand_over(&self) -> Exit {
        match self {
            Self::Run(of) => M::hand_over(of),
            Self::Compare(of) => M::hand_over(of),
            Self::Sweep(of) => M::hand_over(of),
        }
    }
}

/// A command that is handed over: what it asks, what each element is given, and what else is said.
#[derive(Debug, Args)]
pub struct HandOver<A: Args, M: Args> {
    #[command(flatten)]
    ask: A,
    #[command(flatten)]
    elements: Elements,
    #[command(flatten)]
    /// What else is said.
    pub more: M,
}

/// What each element of the cluster's job is given.
#[derive(Debug, Args)]
struct Elements {
    /// Number of elements (shards) [default: one for every 10 runs, at most 100]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    array: Option<u32>,
    /// Wall time of each element: 2h, 90m, 1d12h, 02:00:00, 1-12:00:00; a bare number is minutes
    #[arg(long, value_name = "TIME")]
    time: Option<Span>,
    /// Partition or queue
    #[arg(long, alias = "queue", value_name = "NAME", value_parser = words::name)]
    partition: Option<String>,
    /// Account or project to be charged
    #[arg(long, value_name = "NAME", value_parser = words::name)]
    account: Option<String>,
    /// CPUs of each element: the threads of its worker
    #[arg(long, value_name = "C", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1024))]
    cpus_per_task: u32,
    /// Memory of each element: 4G, 500M; a bare number is in M
    #[arg(long, value_name = "M")]
    mem: Option<Memory>,
}

impl<A: HandedOver, M: Args> HandOver<A, M> {
    /// Checks what is handed over, makes its results folder and writes the scripts into it. `least` is the fewest
    /// shards that the engine takes; `unfit` says what else is wrong with the folder's path for this engine.
    ///
    /// # Errors
    /// How the command ends; what is wrong has been told.
    pub fn write(
        &self,
        least: usize,
        unfit: fn(&str) -> Option<Text>,
        scripts: impl FnOnce(&Work) -> Vec<Script>,
    ) -> Result<Work, Exit> {
        let given = self.ask.given(self.elements.cpus_per_task)?;
        let work = self.elements.work(&given, least, unfit)?;
        write(&work, &scripts(&work))?;
        Ok(work)
    }
}

impl Elements {
    fn work(
        &self,
        given: &Given,
        least: usize,
        unfit: fn(&str) -> Option<Text>,
    ) -> Result<Work, Exit> {
        let Given {
            kind,
            request,
            dir,
            name,
            experiment,
        } = given;
        let path = |path: io::Result<PathBuf>| {
            let path = path.map_err(|error| failed(&text!("no-path", error)))?;
            Ok(path.to_string_lossy().into_owned())
        };
        let program = path(env::current_exe())?;
        let folder = path(env::current_dir())?;
        let out = path(std::path::absolute(dir))?;
        let words = request.words();
        let mut report = Report::default();
        let all = [&program, &folder].into_iter().chain(&words);
        let unfit_words = all.map(|word| (kind.word(), words::unfit(word)));
        let unfit_out = ("--out", words::unfit(&out).or_else(|| unfit(&out)));
        for (at, what) in unfit_words.chain([unfit_out]) {
            what.into_iter()
                .for_each(|what| report.push(Problem::error(at, what)));
        }
        if report.errors() > 0 {
            return Err(wrong(&report.finish(), false));
        }

        let (results, _) = prepare(&**experiment, dir, Start::Join)
            .map_err(|error| refused("--out", true, false, &error))?;
        let jobs = results.jobs();
        let turns = jobs.points().len() * jobs.replicates().len();
        let asked = self.array.map_or(usual_shards(jobs.len()), |n| n as usize);
        let shards = asked.min(turns).max(least);
        if self.array.is_some() && shards < asked {
            say(&say!(lang(), "elements-most", shards, asked));
        } else if self.array.is_some() && shards > asked {
            say(&say!(lang(), "elements-least", shards, asked));
        }
        Ok(Work {
            program,
            folder,
            kind: *kind,
            words,
            out: out.trim_end_matches('/').to_owned(),
            name: name.clone(),
            turns,
            layouts: jobs.layouts().len(),
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

fn failed(what: &Text) -> Exit {
    say(&say!(lang(), "error", error = what));
    Exit::Failed
}

/// Writes scripts into the results folder, and makes its folder `jobs`, for what the jobs print. A script of that
/// name that reads otherwise, perhaps edited, is kept beside it as `NAME.old`.
fn write(work: &Work, scripts: &[Script]) -> Result<(), Exit> {
    let cannot = |path: &Path, error: io::Error| failed(&text!("cannot-write", path, error));
    let dir = Path::new(&work.out);
    let jobs = dir.join("jobs");
    fs::create_dir_all(&jobs).map_err(|error| cannot(&jobs, error))?;
    for Script { name, text } in scripts {
        let path = dir.join(name);
        match fs::read(&path) {
            Ok(there) if there != text.as_bytes() => {
                let old = dir.join(format!("{name}.old"));
                fs::rename(&path, &old).map_err(|error| cannot(&old, error))?;
                say(&say!(lang(), "kept-as-old", name));
            }
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(cannot(&path, error));
            }
            _ => {}
        }
        atomic_write(&path, |file| file.write_all(text.as_bytes()))
            .map_err(|error| failed(&error.text()))?;
        say(&say!(lang(), "wrote", path = path.display().to_string()));
    }
    Ok(())
}
