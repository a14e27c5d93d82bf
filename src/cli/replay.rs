//! `pointplane replay`.

use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;

use crate::experiment::Came;
use crate::experiment::replay::{Plan, plan};
use crate::experiment::request::{Replay, Request};
use crate::report::replayed::{Replayed, words};
use crate::scenario::BASE;
use crate::store::{Manifest, ResultKind};
use crate::texts::say;

use super::arguments::{FormatArgs, ModelArgs, SayArgs, WorkArgs};
use super::session::{Session, in_time, refused, results, warn};
use super::{Exit, lang, print_json, say, wrong};

/// Arguments of `replay`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  pointplane replay scenarios/us-lotteries --layout compact
  pointplane replay scenarios/us-lotteries --layout compact --replicates 1000
  pointplane replay scenarios/us-lotteries --layout compact \\
    --posterior results/us-lotteries-estimate/draws.csv

Thresholds are drawn as the history leaves them possible, and the world of the layout runs with them.
Under the factual layout every replicate repeats the history. What single places would have done
depends on the coupling of thresholds between layouts, which no data tell: effects are stated under
the coupling that a place keeps its threshold. docs/inference.md has the method.")]
pub struct Arguments {
    #[command(flatten)]
    pub ask: Ask,
    #[command(flatten)]
    work: WorkArgs,
    #[command(flatten)]
    say: SayArgs,
}

/// What is asked of a replay, and where it goes.
#[derive(Debug, Args)]
pub struct Ask {
    #[command(flatten)]
    model: ModelArgs,
    /// Layout under which the history is replayed: a file, or the name of one in the folder layouts/;
    /// several laid over each other are joined by + (repeatable)
    #[arg(long = "layout", value_name = "LAYOUT", required = true)]
    layouts: Vec<String>,
    /// Layout under which the history happened
    #[arg(long, value_name = "LAYOUT", default_value = BASE, overrides_with = "factual")]
    factual: String,
    /// Draw parameters: each row of this CSV table is a draw, with a column for each parameter, as draws.csv of an
    /// estimation. Each draw meets 4 replicates unless --replicates says otherwise
    #[arg(long, value_name = "TABLE", overrides_with = "posterior")]
    posterior: Option<PathBuf>,
    /// Number of draws of the parameters, the first rows [default: all]
    #[arg(long, value_name = "K", overrides_with = "draws", requires = "posterior", allow_negative_numbers = true, value_parser = clap::value_parser!(u32).range(2..=1_000_000))]
    draws: Option<u32>,
    /// Number of replicates [default: the scenario's]
    #[arg(long, value_name = "N", overrides_with = "replicates", allow_negative_numbers = true, value_parser = clap::value_parser!(u32).range(2..=1_000_000))]
    replicates: Option<u32>,
    #[command(flatten)]
    format: FormatArgs,
    /// Results folder [default: results/NAME-replay, of draws results/NAME-replay-draws]
    #[arg(long, value_name = "DIR", overrides_with = "out")]
    pub out: Option<PathBuf>,
}

impl Ask {
    /// What is asked, as data.
    pub fn request(&self) -> Replay {
        Replay {
            model: self.model.model(),
            factual: self.factual.clone(),
            layouts: self.layouts.clone(),
            posterior: self.posterior.clone(),
            draws: self.draws,
            replicates: self.replicates,
            format: self.format.format(),
        }
    }

    /// The results folder.
    pub fn dir(&self, plan: &Plan) -> PathBuf {
        let name = &plan.replayed.sides[0].loaded.scenario.name;
        let suffix = match plan.draws {
            Some(_) => "replay-draws",
            None => "replay",
        };
        let dir = || results(&format!("{name}-{suffix}"));
        self.out.clone().unwrap_or_else(dir)
    }
}

#[derive(Serialize)]
struct Answer<'a> {
    dir: &'a Path,
    manifest: &'a Manifest,
}

/// Does the command.
pub fn run(arguments: &Arguments) -> Exit {
    let Arguments { ask, work, say: of } = arguments;
    let request = ask.request();
    let again = Request::Replay(request.clone()).command(ask.out.as_deref());
    let runner = match in_time(work) {
        Ok(runner) => runner,
        Err(exit) => return exit,
    };
    let plan = match runner.pool.install(|| plan(request, work.threads())) {
        Ok(plan) => plan,
        Err(problems) => return wrong(&problems, of.json),
    };
    if !of.quiet {
        warn(&plan.warnings);
    }
    let session = Session {
        kind: ResultKind::Replay,
        work,
        say: *of,
        dir: ask.dir(&plan),
        retry_failed: true,
        again,
        months: None,
        extended: true,
        width: None,
    };
    match session.carry_out(&plan, &runner) {
        Ok((done, exit)) => {
            let whole = matches!(done.came, Came::There | Came::Made);
            if whole && !of.quiet {
                match Replayed::read(&session.dir, &done.manifest) {
                    Ok(replayed) => {
                        let lines = words(&replayed, lang());
                        lines.iter().for_each(|line| say(line));
                        let path = session.dir.display().to_string();
                        say(&say!(lang(), "replay-written", path));
                        say(&say!(lang(), "again", command = session.again));
                    }
                    Err(error) => {
                        say(&say!(lang(), "error", error));
                        return Exit::Failed;
                    }
                }
            }
            if of.json {
                let answer = Answer {
                    dir: &session.dir,
                    manifest: &done.manifest,
                };
                let printed = print_json(&answer);
                return if whole { printed } else { exit };
            }
            if whole { Exit::Done } else { exit }
        }
        Err(failure) => refused("--out", work.resume, of.json, &failure),
    }
}
