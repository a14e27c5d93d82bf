//! `pointplane sweep run`.

use clap::Args;

use crate::experiment::Came;
use crate::store::{Folder, ResultKind};

use super::super::arguments::{SayArgs, WorkArgs};
use super::super::merge::say_merged;
use super::super::session::{Session, in_time, refused, warn};
use super::super::{Exit, print_json};
use super::common::Ask;

/// Arguments of `sweep run`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  pointplane sweep run plan.toml --out results/mine
  pointplane sweep run plan.toml --out results/mine --resume
  pointplane sweep run plan.toml --out results/mine --shard 3/16 --threads 4 \\
    --time-limit 2h --resume

Any number of workers, on any machines that see the folder, can work on one sweep, each on its --shard;
with --resume a new sweep is begun and an existing one is joined. Nothing is ever
counted twice and no finished run is lost. Before its time limit, and within seconds of
SIGTERM or SIGUSR1, a worker keeps its finished runs and ends with exit code 3.
Exit codes: 0 all runs are done, 3 some are left or have failed, 1 failed, 2 wrong input.")]
pub struct Arguments {
    #[command(flatten)]
    ask: Ask,
    #[command(flatten)]
    work: WorkArgs,
    /// Repeat the runs that failed
    #[arg(long, requires = "resume")]
    retry_failed: bool,
    #[command(flatten)]
    say: SayArgs,
}

/// Does the command.
pub fn run(arguments: &Arguments) -> Exit {
    let Arguments { ask, work, say, .. } = arguments;
    let runner = match in_time(work) {
        Ok(runner) => runner,
        Err(exit) => return exit,
    };
    let sweep = match ask.read(work.threads(), say.json) {
        Ok(sweep) => sweep,
        Err(exit) => return exit,
    };
    if !say.quiet {
        warn(&sweep.plan.warnings);
    }
    let dir = ask.dir(&sweep);
    let session = Session {
        kind: ResultKind::Sweep,
        work,
        say: *say,
        again: sweep.request.command(Some(&dir)),
        dir,
        retry_failed: arguments.retry_failed,
        months: None,
        extended: true,
        width: None,
    };
    let (done, mut exit) = match session.carry_out(&sweep, &runner) {
        Ok(done) => done,
        Err(failure) => return refused("--out", work.resume, say.json, &failure),
    };
    if matches!(done.came, Came::There | Came::Made) {
        exit = say_merged(&session.dir, &done.manifest, say.quiet, false);
    }
    if say.json {
        let status = Folder::open(&session.dir).and_then(|folder| folder.status());
        return match status {
            Ok(status) => match print_json(&status) {
                Exit::Done => exit,
                other => other,
            },
            Err(error) => refused("--out", false, true, &error.into()),
        };
    }
    exit
}
