//! `pointplane merge`, and `pointplane sweep merge`, which is the same.

use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;

use crate::experiment::session::{merge, merge_derived};
use crate::experiment::{Experiment, Failure, compare, origin, replay};
use crate::scenario::Problems;
use crate::shell::quote;
use crate::store::{Counts, Folder, Manifest, ResultKind, Status, StoreError};

use crate::texts::{Text, say};

use super::arguments::ThreadArgs;
use super::session::{refused, runner};
use super::{Exit, lang, print_json, say, wrong};

/// Arguments of `merge`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  pointplane merge results/sensitivity

It may be used at any time, also while workers are running. A sweep's tables hold what is finished;
those of a run and of a comparison are made when all replicates are done. The files of the workers
of a comparison or a sweep are kept, so that points and replicates can be added. The tables do not
depend on the number of workers, on interruptions, or on the order of their files.
Exit codes: 0 everything is done, 3 something failed or is missing.")]
pub struct Arguments {
    /// Results folder of a run, a comparison or a sweep
    dir: PathBuf,
    /// Scenario of a comparison [default: the one named in the manifest of the results]
    #[arg(long, value_name = "PATH", overrides_with = "scenario")]
    scenario: Option<PathBuf>,
    #[command(flatten)]
    threads: ThreadArgs,
    /// Print problems only
    #[arg(long)]
    quiet: bool,
    /// Print what was merged as JSON on standard output
    #[arg(long)]
    json: bool,
}

/// What was merged.
#[derive(Serialize)]
struct Merged<'a> {
    complete: bool,
    #[serde(flatten)]
    runs: Counts,
    manifest: &'a Manifest,
}

/// Does the command.
pub fn run(arguments: &Arguments) -> Exit {
    let dir = &arguments.dir;
    let folder = match Folder::open(dir) {
        Ok(folder) => folder,
        Err(error) => return refused("DIR", false, arguments.json, &error.into()),
    };
    let made = match folder.manifest().kind {
        ResultKind::Comparison => compared(arguments, &folder),
        ResultKind::Replay => replayed(arguments, &folder),
        _ => Ok(merge(&folder)),
    };
    match made {
        Err(exit) => exit,
        Ok(Ok(manifest)) => say_merged(dir, &manifest, arguments.quiet, arguments.json),
        Ok(Err(error @ StoreError::Incomplete { .. })) => {
            say(&say!(lang(), "error", error));
            Exit::Partly
        }
        Ok(Err(error)) => refused("DIR", false, arguments.json, &Failure::Store(error)),
    }
}

/// The tables of a comparison, some of which are made from the others: that takes its scenario.
fn compared(arguments: &Arguments, folder: &Folder) -> Result<Result<Manifest, StoreError>, Exit> {
    let threads = arguments.threads.threads();
    derived(arguments, folder, origin::comparison, |asked| {
        compare::plan(asked, threads)
    })
}

/// Those of a replay, likewise.
fn replayed(arguments: &Arguments, folder: &Folder) -> Result<Result<Manifest, StoreError>, Exit> {
    let threads = arguments.threads.threads();
    derived(arguments, folder, origin::replay, |asked| {
        replay::plan(asked, threads)
    })
}

/// Makes tables some of which are made from the others, by a plan of what was asked.
fn derived<A, P: Experiment>(
    arguments: &Arguments,
    folder: &Folder,
    asked: impl Fn(&Path, &Manifest, Option<&Path>) -> Result<A, Text>,
    plan: impl Fn(A) -> Result<P, Problems>,
) -> Result<Result<Manifest, StoreError>, Exit> {
    let (dir, manifest) = (&arguments.dir, folder.manifest());
    let asked = match asked(dir, manifest, arguments.scenario.as_deref()) {
        Ok(asked) => asked,
        Err(why) => {
            // What is complete takes no scenario.
            if let Ok(Some(whole)) = folder.complete() {
                return Ok(Ok(whole));
            }
            say(&say!(lang(), "merge-no-scenario", why));
            return Err(Exit::Wrong);
        }
    };
    let runner = runner(arguments.threads.threads())?;
    let plan = plan(asked).map_err(|problems| wrong(&problems, arguments.json))?;
    Ok(merge_derived(&plan, folder, &runner))
}

/// Says what the tables of a folder hold.
pub fn say_merged(dir: &Path, manifest: &Manifest, quiet: bool, json: bool) -> Exit {
    let complete = manifest.status == Status::Complete;
    let Counts {
        all,
        done,
        failed,
        missing,
        ..
    } = manifest.jobs;
    for damaged in &manifest.damaged {
        say(&say!(lang(), "merged-damaged", what = damaged));
    }
    for foreign in &manifest.foreign {
        say(&say!(lang(), "merged-foreign", path = foreign));
    }
    let folder = quote(&dir.to_string_lossy());
    if complete {
        if !quiet {
            say(&say!(
                lang(),
                "merged-all",
                runs = all,
                dir = dir.display().to_string()
            ));
            let command = match manifest.kind {
                ResultKind::Sweep => Some(format!("pointplane sweep summary {folder}")),
                ResultKind::Run | ResultKind::Comparison => {
                    Some(format!("pointplane report {folder} --open"))
                }
                ResultKind::Explanation | ResultKind::Replay => None,
            };
            if let Some(command) = command {
                say(&say!(lang(), "merged-read", command));
            }
        }
    } else {
        say(&say!(
            lang(),
            "merged-some",
            done,
            runs = all,
            failed,
            missing,
            dir = dir.display().to_string()
        ));
        if failed > 0 {
            say(say!(lang(), "merged-failed"));
        }
    }
    if json {
        let exit = print_json(&Merged {
            complete,
            runs: manifest.jobs,
            manifest,
        });
        if exit != Exit::Done {
            return exit;
        }
    }
    if complete { Exit::Done } else { Exit::Partly }
}
