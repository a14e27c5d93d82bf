//! `pointplane run`.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use serde::Serialize;

use crate::experiment::replicates::{Plan, plan};
use crate::experiment::request::{EVERY, Request, Run};
use crate::experiment::{Ended, Outcome, Progress, Session, Wanted, run_replicates, tables};
use crate::model::Mechanisms;
use crate::report::Summary;
use crate::scenario::Loaded;
use crate::store::{Manifest, ResultKind, RunFacts, Status, Store, StoreError};
use crate::texts::say;
use crate::world::World;

use super::arguments::{FormatArgs, ModelArgs, SayArgs, ThreadArgs};
use super::progress::Bar;
use super::session::{self, command_line, inputs, refused};
use super::{Exit, lang, print_json, say, signals, summary, wrong};

/// Arguments of `run`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  pointplane run scenarios/china
  pointplane run scenarios/china --layout northeast --replicates 50 --out results/northeast
  pointplane run scenarios/china --set line.beta=0.1 --set plane.national_quality=0.75 --out results/high
  pointplane run scenarios/minimal --format csv --tables national,adoptions
  pointplane run scenarios/china --resume")]
pub struct Arguments {
    #[command(flatten)]
    model: ModelArgs,
    /// Layout to lay over it: a file, or the name of one in its folder layouts/ (repeatable, in order)
    #[arg(long, value_name = "OVERLAY")]
    layout: Vec<PathBuf>,
    /// Number of replicates [default: the scenario's]
    #[arg(long, overrides_with = "replicates", allow_negative_numbers = true, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    replicates: Option<u32>,
    /// Number of the first replicate; a replicate does not depend on those before it [default: 0]
    #[arg(long, value_name = "R", overrides_with = "first_replicate", allow_negative_numbers = true, value_parser = clap::value_parser!(u32).range(0..=1_000_000))]
    first_replicate: Option<u32>,
    #[command(flatten)]
    threads: ThreadArgs,
    /// Results folder [default: results/NAME, with the layout's name after a hyphen]
    #[arg(long, value_name = "DIR", overrides_with = "out")]
    out: Option<PathBuf>,
    #[command(flatten)]
    format: FormatArgs,
    /// Tables to write, or `all` [default: all but adoptions]
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    tables: Vec<String>,
    /// Months between rows of the table places
    #[arg(long, value_name = "N", default_value_t = EVERY, overrides_with = "every", allow_negative_numbers = true, value_parser = clap::value_parser!(u16).range(1..=4000))]
    every: u16,
    /// Replace a run that is in the results folder
    #[arg(long, conflicts_with = "resume")]
    force: bool,
    /// Complete an interrupted run, to the same bytes
    #[arg(long)]
    resume: bool,
    #[command(flatten)]
    say: SayArgs,
}

impl Arguments {
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

    /// The command that gives these results again.
    fn again(&self) -> String {
        Request::Run(self.request()).command(self.out.as_deref())
    }
}

#[derive(Serialize)]
struct Answer<'a> {
    dir: &'a std::path::Path,
    manifest: &'a Manifest,
    summary: Option<&'a Summary>,
}

/// Does the command.
pub fn run(arguments: &Arguments) -> Exit {
    let SayArgs { quiet, json } = arguments.say;
    let request = arguments.request();
    let plan = match plan(&request) {
        Ok(plan) => plan,
        Err(problems) => return wrong(&problems, json),
    };
    let threads = arguments.threads.threads();
    if let Some(words) = plan.long_to_build(threads)
        && !quiet
    {
        say(&say!(lang(), "firms-first", words));
    }
    let session = match session::session(threads) {
        Ok(session) => session,
        Err(exit) => return exit,
    };
    let (world, warnings) = match plan.world(&session) {
        Ok(built) => built,
        Err(problems) => return wrong(&problems, json),
    };
    let Plan { loaded, wanted } = plan;
    if !quiet {
        for warning in loaded.warnings.problems.iter().chain(&warnings) {
            say(warning.told(lang()).trim_end());
        }
    }
    let dir = arguments.out.clone().unwrap_or_else(|| {
        let name = match loaded.scenario.layout.as_str() {
            "" => loaded.scenario.name.clone(),
            layout => format!("{}-{layout}", loaded.scenario.name),
        };
        PathBuf::from("results").join(name)
    });
    let facts = facts(arguments, &loaded, &world, &wanted, threads);
    let store = match session::open(&dir, facts, arguments.resume, arguments.force) {
        Ok(store) => store,
        // What was asked for is there: the answer is that of the run that made it.
        Err(error @ StoreError::AlreadyComplete { .. }) => {
            if !arguments.say.quiet {
                say(&error.to_string());
            }
            return match Manifest::load(&dir) {
                Ok(manifest) => whole(arguments, &loaded, &dir, &manifest),
                Err(error) => refused(arguments.resume, arguments.say.json, &error),
            };
        }
        Err(error) => return refused(arguments.resume, arguments.say.json, &error),
    };
    let ended = work(arguments, &loaded, &world, &wanted, &session, &store);
    finish(arguments, &loaded, store, &dir, ended)
}

fn facts(
    arguments: &Arguments,
    loaded: &Loaded,
    world: &World,
    wanted: &Wanted,
    threads: u32,
) -> RunFacts {
    RunFacts {
        kind: ResultKind::Run,
        command_line: command_line(),
        scenario: loaded.scenario.name.clone(),
        layout: loaded.scenario.layout.clone(),
        scenario_resolved: loaded.resolved(),
        inputs: inputs([loaded]),
        seed: loaded.scenario.seed,
        first_replicate: arguments.first_replicate.unwrap_or(0),
        replicates: loaded.scenario.replicates,
        threads,
        format: arguments.format.format(),
        tables: tables::definitions(world, &Mechanisms::new(world), wanted),
        comparison: None,
    }
}

fn work(
    arguments: &Arguments,
    loaded: &Loaded,
    world: &Arc<World>,
    wanted: &Wanted,
    session: &Session,
    store: &Store,
) -> Result<Outcome, StoreError> {
    let finished = store.finished();
    let replicates = loaded.scenario.replicates;
    if !arguments.say.quiet && arguments.resume {
        session::say_resuming(store, replicates);
    }
    let (of, done) = (u64::from(replicates), finished.len() as u64);
    let bar = match &world.firms {
        None => Bar::new(
            say!(lang(), "bar-replicates"),
            of,
            1,
            done,
            arguments.say.quiet,
        ),
        Some(_) => Bar::of_months(of, done, world.calendar.months.into(), arguments.say.quiet),
    };
    signals::watch(&session.stop, signals::From::Person);
    let bar = Arc::new(bar);
    let heard: Arc<dyn Progress> = bar.clone();
    let seed = loaded.scenario.seed;
    let ended = run_replicates(world, wanted, seed, store, session, &heard);
    bar.done();
    ended
}

fn finish(
    arguments: &Arguments,
    loaded: &Loaded,
    store: Store,
    dir: &std::path::Path,
    ended: Result<Outcome, StoreError>,
) -> Exit {
    let again = || say!(lang(), "complete-with", command = arguments.again());
    let first = arguments.first_replicate.unwrap_or(0);
    if let Ok(outcome) = &ended {
        session::say_failed(outcome, &|job| {
            say!(lang(), "job-replicate", replicate = first + job.replicate)
        });
    }
    let kept = || match store.finished().is_empty() {
        true => Exit::Failed,
        false => Exit::Partly,
    };
    let (status, exit) = match &ended {
        Ok(outcome) if outcome.ended != Ended::Whole => (Status::Interrupted, Exit::Interrupted),
        Ok(outcome) if outcome.failed > 0 => (Status::Failed, kept()),
        Ok(_) => match store.finish() {
            Ok(manifest) => return whole(arguments, loaded, dir, &manifest),
            Err(error) => {
                say(&say!(lang(), "error", error = error.to_string()));
                say(&again());
                return Exit::Failed;
            }
        },
        Err(error) => {
            say(&say!(lang(), "error", error = error.to_string()));
            (Status::Failed, kept())
        }
    };
    match store.interrupt(status) {
        Ok(manifest) => {
            say(&say!(
                lang(),
                "kept-in",
                some = manifest.replicates_done,
                all = manifest.replicates,
                dir = dir.display().to_string()
            ));
            say(&again());
            if arguments.say.json {
                let _ = print_json(&Answer {
                    dir,
                    manifest: &manifest,
                    summary: None,
                });
            }
        }
        Err(error) => {
            say(&say!(lang(), "error", error = error.to_string()));
            say(&again());
        }
    }
    exit
}

fn whole(
    arguments: &Arguments,
    loaded: &Loaded,
    dir: &std::path::Path,
    manifest: &Manifest,
) -> Exit {
    let summary = match Summary::read(dir, &loaded.scenario) {
        Ok(summary) => summary,
        Err(error) => {
            say(&say!(lang(), "error", error = error.to_string()));
            return Exit::Failed;
        }
    };
    if !arguments.say.quiet {
        say(&summary::words(
            &summary,
            &loaded.scenario,
            manifest,
            dir,
            &arguments.again(),
            lang(),
        ));
    }
    if arguments.say.json {
        return print_json(&Answer {
            dir,
            manifest,
            summary: Some(&summary),
        });
    }
    Exit::Done
}
