//! `pointplane compare`.

mod diffs;
mod in_short;
mod rows;
mod width;
mod words;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, ValueEnum};
use serde::Serialize;

use crate::experiment::compare::{
    self, Comparison, Settings, WidthError, derive, derived_definitions, part_definitions, places,
    plan, run_units, sources, structures,
};
use crate::experiment::request::{Compare, Interval, MOST, PILOT, Request, Width};
use crate::experiment::{Ended, Outcome, Progress, Session};
use crate::report::ComparisonSummary;
use crate::scenario::Problem;
use crate::scenario::problem::Report;
use crate::store::{
    ComparisonFacts, Derivation, Manifest, ResultKind, RunFacts, Status, Store, StoreError,
};
use crate::texts::{Text, say, text};

use super::arguments::{FormatArgs, ModelArgs, SayArgs, ThreadArgs};
use super::progress::Bar;
use super::session::{self, command_line, inputs, refused, say_resuming};
use super::{Exit, lang, print_json, say, signals, wrong};
use plan::{Plan, plan};

/// Arguments of `compare`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  pointplane compare scenarios/china --baseline none existing northeast yangtze-belt all-proposed
  pointplane compare scenarios/china --baseline existing northeast --replicates 100
  pointplane compare scenarios/china --baseline existing northeast --replicates 200 --resume
  pointplane compare scenarios/china --baseline existing northeast --until-width mean_stock=0.05
  pointplane compare scenarios/china --baseline existing northeast --every 12 --out results/map
  pointplane compare scenarios/minimal --baseline base none --horizon 2020-12 --format csv

A layout is a file, the name of one in the scenario's folder layouts/, several of these joined by +,
or base for the scenario as it is. Replicate R of every layout has the same luck, so what differs is
what the layouts do. `pointplane outcomes` says what is compared.")]
pub struct Arguments {
    #[command(flatten)]
    model: ModelArgs,
    /// Layout that the others are held against, or base
    #[arg(long, value_name = "LAYOUT", overrides_with = "baseline")]
    baseline: String,
    /// Layouts to compare with the baseline
    #[arg(required = true, value_name = "LAYOUT")]
    layouts: Vec<String>,
    /// Number of replicates [default: the scenario's]
    #[arg(long, overrides_with = "replicates", allow_negative_numbers = true, value_parser = clap::value_parser!(u32).range(1..=1_000_000), conflicts_with = "until_width")]
    replicates: Option<u32>,
    /// Add replicates until the 95 % interval of every layout's difference in OUTCOME is at most the
    /// difference plus or minus W (Stein's two stages). OUTCOME@YYYY-MM takes it at a horizon
    #[arg(long, value_name = "OUTCOME=W", overrides_with = "until_width")]
    until_width: Option<String>,
    /// --until-width: replicates of the first stage, which says how many are needed
    #[arg(long, value_name = "N", default_value_t = PILOT, overrides_with = "min_replicates", requires = "until_width", allow_negative_numbers = true, value_parser = clap::value_parser!(u32).range(2..=1_000_000))]
    min_replicates: u32,
    /// --until-width: most replicates
    #[arg(long, value_name = "N", default_value_t = MOST, overrides_with = "max_replicates", requires = "until_width", allow_negative_numbers = true, value_parser = clap::value_parser!(u32).range(2..=1_000_000))]
    max_replicates: u32,
    /// Outcome to show in the summary (repeatable; the tables hold all)
    #[arg(long, value_name = "OUTCOME")]
    outcome: Vec<String>,
    /// Month at which outcomes are taken, besides the end of the run (repeatable)
    #[arg(long, value_name = "YYYY-MM")]
    horizon: Vec<String>,
    /// How intervals are made: t, bca (bootstrap), or bca where differences are skewed
    #[arg(long, value_enum, default_value_t = How::Auto, overrides_with = "interval")]
    interval: How,
    /// Keep places at the ends of every N months, structures and main sources, for the map of the report [default: not kept]
    #[arg(long, value_name = "N", overrides_with = "every", allow_negative_numbers = true, value_parser = clap::value_parser!(u16).range(1..=4000))]
    every: Option<u16>,
    #[command(flatten)]
    threads: ThreadArgs,
    /// Results folder [default: results/NAME-compare]
    #[arg(long, value_name = "DIR", overrides_with = "out")]
    out: Option<PathBuf>,
    #[command(flatten)]
    format: FormatArgs,
    /// Replace what is in the results folder
    #[arg(long, conflicts_with = "resume")]
    force: bool,
    /// Complete an interrupted comparison, or add replicates to one, to the same bytes
    #[arg(long)]
    resume: bool,
    #[command(flatten)]
    say: SayArgs,
}

impl Arguments {
    /// What is asked, as data.
    pub fn request(&self) -> Compare {
        Compare {
            model: self.model.model(),
            baseline: self.baseline.clone(),
            layouts: self.layouts.clone(),
            replicates: self.replicates,
            until_width: self.until_width.clone().map(|wanted| Width {
                wanted,
                min_replicates: self.min_replicates,
                max_replicates: self.max_replicates,
            }),
            outcomes: self.outcome.clone(),
            horizons: self.horizon.clone(),
            interval: match self.interval {
                How::Auto => Interval::Auto,
                How::T => Interval::T,
                How::Bca => Interval::Bca,
            },
            every: self.every,
            format: self.format.format(),
        }
    }

    /// The command that gives these results again.
    fn again(&self) -> String {
        Request::Compare(self.request()).command(self.out.as_deref())
    }
}

/// Intervals on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum How {
    /// BCa bootstrap where differences are skewed, else t
    Auto,
    /// Student's t
    T,
    /// BCa bootstrap
    Bca,
}

#[derive(Serialize)]
struct Answer<'a> {
    dir: &'a Path,
    manifest: &'a Manifest,
    summary: Option<&'a ComparisonSummary>,
}

/// Does the command.
pub fn run(arguments: &Arguments) -> Exit {
    let threads = arguments.threads.threads();
    let request = arguments.request();
    let session = match session::session(threads) {
        Ok(session) => session,
        Err(exit) => return exit,
    };
    let plan = match plan(&request, threads) {
        Ok(plan) => plan,
        Err(problems) => return wrong(&problems, arguments.say.json),
    };
    if !arguments.say.quiet {
        for warning in &plan.warnings {
            say(warning.told(lang()).trim_end());
        }
        say(&diffs::words(&plan, &request.model.scenario, lang()));
    }
    let baseline = &plan.comparison.baseline().loaded.scenario;
    let dir = arguments
        .out
        .clone()
        .unwrap_or_else(|| PathBuf::from("results").join(format!("{}-compare", baseline.name)));
    let facts = facts(arguments, &plan, threads);
    let store = match session::open(&dir, facts, arguments.resume, arguments.force) {
        Ok(store) => store,
        // What was asked for is there: the answer is that of the comparison that made it.
        Err(error @ StoreError::AlreadyComplete { .. }) => {
            if !arguments.say.quiet {
                say(&error.to_string());
            }
            return match Manifest::load(&dir) {
                Ok(manifest) => whole(arguments, &plan, &dir, &manifest),
                Err(error) => refused(arguments.resume, arguments.say.json, &error),
            };
        }
        Err(error) => {
            if matches!(error, StoreError::ExistingRun { .. })
                && let Ok(there) = Manifest::load(&dir)
                && let Some(what) = occupied(&dir, &there, &self::facts(arguments, &plan, threads))
            {
                let mut report = Report::default();
                report.push(Problem::error("--out", what));
                return wrong(&report.finish(), arguments.say.json);
            }
            return refused(arguments.resume, arguments.say.json, &error);
        }
    };
    let ended = work(arguments, &plan, &session, &store);
    finish(arguments, &plan, store, &dir, ended, &session)
}

/// What comparison is in the folder, and what can be done; nothing when it holds none.
fn occupied(dir: &Path, there: &Manifest, wanted: &RunFacts) -> Option<Text> {
    let found = there.comparison.as_ref()?;
    let (n, status) = (there.replicates, there.status);
    let resume = if !there.could_become(wanted) {
        "".into()
    } else if status == Status::Complete {
        text!("occupied-add")
    } else {
        text!("occupied-complete")
    };
    Some(text!(
        "occupied",
        dir = dir.display().to_string(),
        layouts = found.derivation.compared.join(", "),
        base = found.baseline,
        status = status.to_string(),
        n,
        resume
    ))
}

fn facts(arguments: &Arguments, plan: &Plan, threads: u32) -> RunFacts {
    let comparison = &plan.comparison;
    let base = comparison.baseline();
    let calendar = comparison.calendar();
    let horizon = |t: &u16| calendar.month(*t).to_string();
    let name = |side: &usize| comparison.sides[*side].name.clone();
    RunFacts {
        kind: ResultKind::Comparison,
        command_line: command_line(),
        scenario: base.loaded.scenario.name.clone(),
        layout: base.loaded.scenario.layout.clone(),
        scenario_resolved: base.loaded.resolved(),
        inputs: inputs(comparison.sides.iter().map(|side| &side.loaded)),
        seed: base.loaded.scenario.seed,
        first_replicate: 0,
        replicates: plan.replicates,
        threads,
        format: arguments.format.format(),
        tables: part_definitions(plan.comparison.firms())
            .into_iter()
            .chain(comparison.every.map(places::part))
            .chain(comparison.every.map(|_| structures::part()))
            .chain(comparison.every.map(|_| sources::part()))
            .collect(),
        comparison: Some(ComparisonFacts {
            layouts: comparison
                .sides
                .iter()
                .map(|side| (side.name.clone(), side.loaded.resolved()))
                .collect(),
            horizons: comparison.horizons.iter().map(horizon).collect(),
            derivation: Derivation {
                compared: comparison.layouts.iter().map(name).collect(),
                interval: arguments.request().interval.word().to_owned(),
                until_width: plan.target.map(|target| {
                    format!(
                        "{}, {} to {} replicates",
                        plan.target_words(&target),
                        target.pilot,
                        target.maximum
                    )
                }),
            },
            derived: derived_definitions()
                .into_iter()
                .chain(comparison.every.map(places::paths))
                .chain(comparison.every.map(|_| structures::paths()))
                .chain(comparison.every.map(|_| sources::paths()))
                .collect(),
        }),
    }
}

/// Runs what is missing. With a wanted width, first the pilot, then as many as it says.
fn work(
    arguments: &Arguments,
    plan: &Plan,
    session: &Session,
    store: &Store,
) -> Result<Outcome, WidthError> {
    signals::watch(&session.stop, signals::From::Person);
    if !arguments.say.quiet && arguments.resume {
        say_resuming(store, store.manifest().replicates);
    }
    let comparison = &plan.comparison;
    let outcome = stage(arguments, comparison, plan.replicates, store, session)?;
    let whole = outcome.ended == Ended::Whole && outcome.failed == 0;
    let Some(target) = plan.target.filter(|_| whole) else {
        return Ok(outcome);
    };
    let needed = compare::needed(comparison, store, &target)?;
    if !arguments.say.quiet {
        let words = plan.target_words(&target);
        let (pilot, most) = (target.pilot, target.maximum);
        say(&if needed < most {
            say!(lang(), "width-needed", target = words, pilot, needed)
        } else {
            say!(lang(), "width-maximum", target = words, pilot, most)
        });
    }
    store.set_replicates(needed)?;
    Ok(stage(arguments, comparison, needed, store, session)?)
}

fn stage(
    arguments: &Arguments,
    comparison: &Arc<Comparison>,
    replicates: u32,
    store: &Store,
    session: &Session,
) -> Result<Outcome, StoreError> {
    let finished = store.finished();
    let (of, layouts) = (u64::from(replicates), comparison.sides.len() as u64);
    let done = (0..replicates).filter(|r| finished.contains(r)).count() as u64;
    let quiet = arguments.say.quiet;
    let bar = Arc::new(Bar::new(
        say!(lang(), "bar-replicates"),
        of,
        layouts,
        done * layouts,
        quiet,
    ));
    let heard: Arc<dyn Progress> = bar.clone();
    let outcome = run_units(comparison, replicates, store, session, &heard);
    bar.done();
    outcome
}

fn finish(
    arguments: &Arguments,
    plan: &Plan,
    store: Store,
    dir: &Path,
    ended: Result<Outcome, WidthError>,
    session: &Session,
) -> Exit {
    let again = || say!(lang(), "complete-with", command = arguments.again());
    let settings = Settings {
        interval: arguments.request().interval.choice(),
        target: plan.target,
    };
    if let Ok(outcome) = &ended {
        let sides = &plan.comparison.sides;
        session::say_failed(outcome, &|job| {
            let layout = &sides[usize::from(job.layout)].name;
            say!(
                lang(),
                "job-replicate-of",
                replicate = job.replicate,
                layout
            )
        });
    }
    let kept = || match store.finished().is_empty() {
        true => Exit::Failed,
        false => Exit::Partly,
    };
    let (status, exit) = match &ended {
        Ok(outcome) if outcome.ended != Ended::Whole => (Status::Interrupted, Exit::Interrupted),
        Ok(outcome) if outcome.failed > 0 => (Status::Failed, kept()),
        Ok(_) => {
            let derived = |store: &Store| derive(&plan.comparison, store, &settings);
            match session.pool.install(|| store.finish_with(derived)) {
                Ok(manifest) => return whole(arguments, plan, dir, &manifest),
                Err(error) => {
                    say(&say!(lang(), "error", error = error.to_string()));
                    say(&again());
                    return Exit::Failed;
                }
            }
        }
        // Nothing was touched: the pilot asks for fewer replicates than there are.
        Err(WidthError::Store(error @ StoreError::TooMany { .. })) => {
            let exit = refused(arguments.resume, arguments.say.json, error);
            return match store.leave() {
                Ok(()) => exit,
                Err(error) => refused(arguments.resume, arguments.say.json, &error),
            };
        }
        Err(error) => {
            say(&say!(lang(), "error", error = error.to_string()));
            (Status::Failed, kept())
        }
    };
    // The same again would come to the same end.
    let in_vain = matches!(ended, Err(WidthError::NoPairs { .. }));
    match store.interrupt(status) {
        Ok(manifest) => {
            say(&say!(
                lang(),
                "kept-in",
                some = manifest.replicates_done,
                all = manifest.replicates,
                dir = dir.display().to_string()
            ));
            say(&if in_vain {
                say!(lang(), "go-on-min").to_owned()
            } else {
                again()
            });
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

fn whole(arguments: &Arguments, plan: &Plan, dir: &Path, manifest: &Manifest) -> Exit {
    let summary = match ComparisonSummary::read(dir) {
        Ok(summary) => summary,
        Err(error) => {
            say(&say!(lang(), "error", error = error.to_string()));
            return Exit::Failed;
        }
    };
    if !arguments.say.quiet {
        say(&words::words(
            &summary,
            plan,
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
