//! `pointplane run`.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use crate::experiment::{Ended, Wanted, run_replicates, tables};
use crate::model::Mechanisms;
use crate::report::Summary;
use crate::scenario::problem::Report;
use crate::scenario::{Loaded, Problem, Problems, load};
use crate::store::{Manifest, ResultKind, RunFacts, Status, Store, StoreError};
use crate::world::{World, memory};

use super::origin::{Layout, Sources};
use super::progress::Bar;
use super::session::{self, FileFormat, command_line, cores, inputs, interrupts, quote, refused};
use super::{Exit, check, lang, print_json, say, summary, wrong};

/// Arguments of `run`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  pointplane run scenarios/china
  pointplane run scenarios/china --layout northeast --replicates 50 --out results/northeast
  pointplane run scenarios/china --set line.beta=0.1 --set plane.national_quality=0.75 --out results/high
  pointplane run scenarios/minimal --format csv --tables national,adoptions
  pointplane run scenarios/china --resume")]
pub struct Arguments {
    /// Scenario: a folder with scenario.toml, or a TOML file
    scenario: PathBuf,
    /// Layout to lay over it: a file, or the name of one in its folder layouts/ (repeatable, in order)
    #[arg(long, value_name = "OVERLAY")]
    layout: Vec<PathBuf>,
    /// Change a parameter, for example line.beta=0.1 (repeatable)
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// Name of the luck of all replicates [default: the scenario's]
    #[arg(long, overrides_with = "seed", allow_negative_numbers = true, value_parser = clap::value_parser!(u64).range(0..=i64::MAX as u64))]
    seed: Option<u64>,
    /// Number of replicates [default: the scenario's]
    #[arg(long, overrides_with = "replicates", allow_negative_numbers = true, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    replicates: Option<u32>,
    /// Number of the first replicate: a replicate is the same whichever come before it
    #[arg(long, value_name = "R", default_value_t = 0, overrides_with = "first_replicate", allow_negative_numbers = true, value_parser = clap::value_parser!(u32).range(0..=1_000_000))]
    first_replicate: u32,
    /// Threads; the results do not depend on it [default: all cores]
    #[arg(long, overrides_with = "threads", allow_negative_numbers = true, value_parser = clap::value_parser!(u32).range(1..=4096))]
    threads: Option<u32>,
    /// Results folder [default: results/NAME, with the layout's name after a hyphen]
    #[arg(long, value_name = "DIR", overrides_with = "out")]
    out: Option<PathBuf>,
    /// File format of the tables
    #[arg(long, value_enum, default_value_t = FileFormat::Parquet, overrides_with = "format")]
    format: FileFormat,
    /// Tables to write, or `all` [default: all but adoptions]
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    tables: Vec<String>,
    /// Months between rows of the table places
    #[arg(long, value_name = "N", default_value_t = 12, overrides_with = "every", allow_negative_numbers = true, value_parser = clap::value_parser!(u16).range(1..=4000))]
    every: u16,
    /// Replace a run that is in the results folder
    #[arg(long, conflicts_with = "resume")]
    force: bool,
    /// Complete an interrupted run, to the same bytes
    #[arg(long)]
    resume: bool,
    /// Say nothing but problems
    #[arg(long)]
    quiet: bool,
    /// Print manifest and summary as JSON on standard output
    #[arg(long)]
    json: bool,
}

impl Arguments {
    /// All settings of the scenario.
    fn sets(&self) -> Vec<String> {
        let mut sets = self.set.clone();
        sets.extend(self.seed.map(|seed| format!("seed={seed}")));
        sets.extend(self.replicates.map(|n| format!("replicates={n}")));
        sets
    }

    /// What it loads.
    pub fn sources(&self) -> Sources {
        Sources {
            scenario: self.scenario.clone(),
            layouts: vec![Layout::Files(self.layout.clone())],
            set: self.sets(),
        }
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
    let loaded = match load(&arguments.scenario, &arguments.layout, &arguments.sets()) {
        Ok(loaded) => loaded,
        Err(problems) => return wrong(&problems, arguments.json),
    };
    let wanted = match wanted(arguments, loaded.scenario.firms.is_some()) {
        Ok(wanted) => wanted,
        Err(problems) => return wrong(&problems, arguments.json),
    };
    let threads = arguments.threads.unwrap_or_else(cores);
    let estimate = memory::estimate(&loaded.scenario, recorded(&wanted));
    if let Some(words) = estimate.firm_words(threads as usize)
        && memory::is_long_to_build(&estimate)
        && !arguments.quiet
    {
        say(&format!(
            "firms and their links are made first; memory: {words}"
        ));
    }
    let build = || check::build(&loaded, threads, recorded(&wanted));
    let (world, warnings) = match session::with_threads(threads, build) {
        Ok(built) => built,
        Err(problems) => return wrong(&problems, arguments.json),
    };
    if !arguments.quiet {
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
            if !arguments.quiet {
                say(&error.to_string());
            }
            return match Manifest::load(&dir) {
                Ok(manifest) => whole(arguments, &loaded, &dir, &manifest),
                Err(error) => refused(arguments.resume, arguments.json, &error),
            };
        }
        Err(error) => return refused(arguments.resume, arguments.json, &error),
    };
    let ended = work(arguments, &loaded, &world, &wanted, threads, &store);
    finish(arguments, &loaded, store, &dir, ended)
}

fn wanted(arguments: &Arguments, firms: bool) -> Result<Wanted, Problems> {
    let known = tables::names(firms);
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let mut list: Vec<String> = match &arguments.tables[..] {
        [] if firms => owned(&[&tables::USUAL[..], &tables::FIRMS[..]].concat()),
        [] => owned(&tables::USUAL),
        some if some.iter().any(|name| name.trim() == "all") => owned(known),
        some => some.iter().map(|name| name.trim().to_owned()).collect(),
    };
    let mut report = Report::default();
    for name in &list {
        if !known.contains(&name.as_str()) {
            let what = if tables::FIRMS.contains(&name.as_str()) {
                "this scenario has no firms (`[firms]`), so it has no such table"
            } else {
                "no table is called so"
            };
            let problem = Problem::error("--tables", what).value(name);
            let nearest = report.near(name, known.iter().copied());
            let known = format!("{} or all", known.join(", "));
            report.push(problem.allowed(known).nearest(nearest));
        }
    }
    if report.errors() > 0 {
        return Err(report.finish());
    }
    list.push("outcomes".to_owned());
    list.sort_by_key(|name| known.iter().position(|known| known == name));
    list.dedup();
    Ok(Wanted {
        tables: list,
        every: arguments.every,
    })
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
        first_replicate: arguments.first_replicate,
        replicates: loaded.scenario.replicates,
        threads,
        format: arguments.format.into(),
        tables: tables::definitions(world, &Mechanisms::new(world), wanted),
        comparison: None,
    }
}

fn work(
    arguments: &Arguments,
    loaded: &Loaded,
    world: &World,
    wanted: &Wanted,
    threads: u32,
    store: &Store,
) -> Result<Ended, StoreError> {
    let finished = store.finished();
    let replicates = loaded.scenario.replicates;
    let first = arguments.first_replicate;
    let all = first..first + replicates;
    let todo: Vec<u32> = all.filter(|r| !finished.contains(r)).collect();
    if !arguments.quiet && arguments.resume {
        session::say_resuming(store, replicates);
    }
    let stop = interrupts();
    let (of, done) = (u64::from(replicates), finished.len() as u64);
    let bar = match &world.firms {
        None => Bar::new("replicates", of, done, arguments.quiet),
        Some(_) => Bar::of_months(of, done, world.calendar.months.into(), arguments.quiet),
    };
    let seed = loaded.scenario.seed;
    let go = || run_replicates(world, wanted, seed, &todo, store, &stop, &bar);
    let ended = session::with_threads(threads, go);
    bar.done();
    ended
}

fn finish(
    arguments: &Arguments,
    loaded: &Loaded,
    store: Store,
    dir: &std::path::Path,
    ended: Result<Ended, StoreError>,
) -> Exit {
    let again = || format!("complete it with: {} --resume", rerun(arguments));
    let (status, exit) = match &ended {
        Ok(Ended::Whole) => match store.finish() {
            Ok(manifest) => return whole(arguments, loaded, dir, &manifest),
            Err(error) => {
                say(&format!("error: {error}"));
                say(&again());
                return Exit::Failed;
            }
        },
        Ok(Ended::Interrupted) => (Status::Interrupted, Exit::Interrupted),
        Err(error) => {
            say(&format!("error: {error}"));
            let some = !store.finished().is_empty();
            (
                Status::Failed,
                if some { Exit::Partly } else { Exit::Failed },
            )
        }
    };
    match store.interrupt(status) {
        Ok(manifest) => {
            say(&format!(
                "{} of {} replicates are kept in {}",
                manifest.replicates_done,
                manifest.replicates,
                dir.display()
            ));
            say(&again());
            if arguments.json {
                let _ = print_json(&Answer {
                    dir,
                    manifest: &manifest,
                    summary: None,
                });
            }
        }
        Err(error) => {
            say(&format!("error: {error}"));
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
            say(&format!("error: {error}"));
            return Exit::Failed;
        }
    };
    if !arguments.quiet {
        say(&summary::words(
            &summary,
            &loaded.scenario,
            manifest,
            dir,
            &rerun(arguments),
            lang(),
        ));
    }
    if arguments.json {
        return print_json(&Answer {
            dir,
            manifest,
            summary: Some(&summary),
        });
    }
    Exit::Done
}

/// The command that gives these results again, without what only says where and how to show them.
fn rerun(arguments: &Arguments) -> String {
    let mut words = vec![
        "pointplane run".to_owned(),
        quote(&arguments.scenario.to_string_lossy()),
    ];
    let mut option = |name: &str, value: String| words.push(format!("{name} {}", quote(&value)));
    for layout in &arguments.layout {
        option("--layout", layout.to_string_lossy().into_owned());
    }
    for set in &arguments.set {
        option("--set", set.clone());
    }
    if let Some(seed) = arguments.seed {
        option("--seed", seed.to_string());
    }
    if let Some(replicates) = arguments.replicates {
        option("--replicates", replicates.to_string());
    }
    if arguments.first_replicate > 0 {
        option("--first-replicate", arguments.first_replicate.to_string());
    }
    if let Some(out) = &arguments.out {
        option("--out", out.to_string_lossy().into_owned());
    }
    if arguments.format == FileFormat::Csv {
        option("--format", "csv".to_owned());
    }
    if !arguments.tables.is_empty() {
        option("--tables", arguments.tables.join(","));
    }
    if arguments.every != 12 {
        option("--every", arguments.every.to_string());
    }
    words.join(" ")
}

/// The rows that the wanted tables keep while a replicate runs.
fn recorded(wanted: &Wanted) -> memory::Recorded {
    memory::Recorded {
        places_every: wanted.has("places").then_some(wanted.every),
        adoptions: wanted.has("adoptions"),
    }
}

/// Whether the memory that a scenario needs is there; the key that asks for it and a problem in words
/// when not.
pub fn memory_problem(
    loaded: &Loaded,
    threads: u32,
    recorded: memory::Recorded,
) -> Option<(&'static str, String)> {
    let available = memory::available_memory()?;
    let estimate = memory::estimate(&loaded.scenario, recorded);
    let at_a_time = threads.min(loaded.scenario.replicates) as usize;
    let problem = memory::memory_problem(&estimate, at_a_time, available)?;
    Some((memory_key(loaded, &estimate, at_a_time), problem))
}

/// The key that asks for most of the memory.
pub fn memory_key(
    loaded: &Loaded,
    estimate: &memory::MemoryEstimate,
    threads: usize,
) -> &'static str {
    let layer = loaded.scenario.firms.as_ref();
    if memory::is_for_sample(estimate, threads) {
        return "firms.sample";
    }
    match layer.filter(|_| memory::is_for_firms(estimate, threads)) {
        None => "layers",
        Some(layer) if layer.spec.file.is_some() => "firms.file",
        Some(layer) if layer.spec.number.is_some() => "firms.number",
        Some(_) => "firms.per_1000",
    }
}
