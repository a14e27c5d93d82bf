//! `pointplane run`.

use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;

use crate::experiment::Came;
use crate::experiment::request::{EVERY, Request, Run};
use crate::experiment::run::plan;
use crate::report::Summary;
use crate::scenario::Scenario;
use crate::store::{Manifest, ResultKind};
use crate::texts::say;

use super::arguments::{FormatArgs, ModelArgs, SayArgs, WorkArgs};
use super::session::{Session, in_time, refused, results, warn};
use super::{Exit, lang, print_json, say, summary, wrong};

/// Arguments of `run`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  pointplane run scenarios/china
  pointplane run scenarios/china --layout northeast --replicates 50 \\
    --out results/northeast
  pointplane run scenarios/china --set line.beta=0.1 \\
    --set plane.national_quality=0.75 --out results/high
  pointplane run scenarios/minimal --format csv --tables national,adoptions
  pointplane run scenarios/china --resume

Any number of workers, on any machines that see the results folder, can work on one run, each
on its --shard; `pointplane status` shows their progress, `pointplane merge` makes the tables.
docs/cluster.md explains clusters.")]
pub struct Arguments {
    #[command(flatten)]
    pub ask: Ask,
    #[command(flatten)]
    work: WorkArgs,
    #[command(flatten)]
    say: SayArgs,
}

/// What is asked of a run, and where it goes.
#[derive(Debug, Args)]
pub struct Ask {
    #[command(flatten)]
    model: ModelArgs,
    /// Layout to apply: a file, or the name of one in its folder layouts/ (repeatable, in order)
    #[arg(long, value_name = "OVERLAY")]
    layout: Vec<PathBuf>,
    /// Number of replicates [default: the scenario's]
    #[arg(long, overrides_with = "replicates", allow_negative_numbers = true, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    replicates: Option<u32>,
    /// Number of the first replicate; replicates are independent of one another [default: 0]
    #[arg(long, value_name = "R", overrides_with = "first_replicate", allow_negative_numbers = true, value_parser = clap::value_parser!(u32).range(0..=1_000_000))]
    first_replicate: Option<u32>,
    /// Tables to write; `all` for all but links [default: all but adoptions, abandonments and links]
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    tables: Vec<String>,
    /// Months between rows of the tables places, uptake and benefit
    #[arg(long, value_name = "N", default_value_t = EVERY, overrides_with = "every", allow_negative_numbers = true, value_parser = clap::value_parser!(u16).range(1..=4000))]
    every: u16,
    #[command(flatten)]
    format: FormatArgs,
    /// Results folder [default: results/NAME, with the layout's name after a hyphen]
    #[arg(long, value_name = "DIR", overrides_with = "out")]
    pub out: Option<PathBuf>,
}

impl Ask {
    /// What is asked, as data.
    pub fn request(&self) -> Run {
        Run {
            model: self.model.model(),
            layouts: self.layout.clone(),
            replicates: self.replicates,
            first_replicate: self.first_replicate,
            tables: self.tables.clone(),
            every: self.every,
            format: self.format.format(),
        }
    }

    /// The results folder.
    pub fn dir(&self, scenario: &Scenario) -> PathBuf {
        self.out.clone().unwrap_or_else(|| {
            results(&match scenario.layout.as_str() {
                "" => scenario.name.clone(),
                layout => format!("{}-{layout}", scenario.name),
            })
        })
    }
}

#[derive(Serialize)]
struct Answer<'a> {
    dir: &'a Path,
    manifest: &'a Manifest,
    summary: Option<&'a Summary>,
}

/// Does the command.
pub fn run(arguments: &Arguments) -> Exit {
    let Arguments { ask, work, say: of } = arguments;
    let request = ask.request();
    let again = Request::Run(request.clone()).command(ask.out.as_deref());
    let runner = match in_time(work) {
        Ok(runner) => runner,
        Err(exit) => return exit,
    };
    // Tables are read on these threads too.
    let plan = match runner.pool.install(|| plan(request)) {
        Ok(plan) => plan,
        Err(problems) => return wrong(&problems, of.json),
    };
    if let Some(words) = plan.long_to_build(work.threads())
        && !of.quiet
    {
        say(&say!(lang(), "firms-first", words));
    }
    let replicates = match plan.build(&runner) {
        Ok(replicates) => replicates,
        Err(problems) => return wrong(&problems, of.json),
    };
    if !of.quiet {
        warn(&replicates.warnings);
    }
    let scenario = &replicates.plan.loaded.scenario;
    let firms = replicates.world.firms.as_ref();
    let session = Session {
        kind: ResultKind::Run,
        work,
        say: *of,
        dir: ask.dir(scenario),
        retry_failed: true,
        again,
        months: firms.map(|_| replicates.world.calendar.months),
        extended: true,
        width: None,
    };
    match session.carry_out(&replicates, &runner) {
        Ok((done, exit)) => match done.came {
            Came::There | Came::Made => whole(&session, scenario, &done.manifest),
            Came::Left | Came::Broke(_) => {
                if of.json {
                    let _ = print_json(&Answer {
                        dir: &session.dir,
                        manifest: &done.manifest,
                        summary: None,
                    });
                }
                exit
            }
        },
        Err(failure) => refused("--out", work.resume, of.json, &failure),
    }
}

fn whole(session: &Session<'_>, scenario: &Scenario, manifest: &Manifest) -> Exit {
    let dir = &session.dir;
    let summary = match Summary::read(dir, scenario) {
        Ok(summary) => summary,
        Err(error) => {
            say(&say!(lang(), "error", error));
            return Exit::Failed;
        }
    };
    if !session.say.quiet {
        let words = summary::words(&summary, scenario, manifest, dir, &session.again, lang());
        say(&words);
    }
    if session.say.json {
        return print_json(&Answer {
            dir,
            manifest,
            summary: Some(&summary),
        });
    }
    Exit::Done
}
