//! `pointplane explain`.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use clap::Args;
use indicatif::ProgressBar;

use crate::experiment::build::{build, inputs};
use crate::experiment::compare::refused;
use crate::experiment::explain::{self, Request, names::Item, tables, view::Explanation};
use crate::experiment::request;
use crate::report::explanation;
use crate::scenario::problem::Report;
use crate::scenario::tables::Kind;
use crate::scenario::{BASE, Loaded, Month, Problem, Problems, diff, layout_files, load};
use crate::store::{Asked, ResultKind, StoreError, publish};
use crate::texts::{Text, say, text};
use crate::world::memory::Recorded;

use super::arguments::{FormatArgs, ModelArgs};
use super::session;
use super::{Exit, lang, print, print_json, say, wrong};

/// Replicates have these numbers.
const REPLICATES: std::ops::Range<i64> = 0..1_000_000;

/// Arguments of `explain`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  pointplane explain scenarios/minimal base open-candidate --replicate 0
  pointplane explain scenarios/china existing northeast --replicate 3
  pointplane explain scenarios/china existing northeast --since 2024-01
  pointplane explain scenarios/minimal base open-candidate --place river_port
  pointplane explain scenarios/china none existing --out results/why --format csv")]
pub struct Arguments {
    #[command(flatten)]
    model: ModelArgs,
    /// Layout A: a file, or the name of one in the scenario's folder layouts/; `base` for none, `X+Y` for
    /// Y laid over X
    #[arg(value_name = "L0")]
    a: String,
    /// Layout B
    #[arg(value_name = "L1")]
    b: String,
    /// Number of the replicate, from 0
    #[arg(
        long,
        short,
        value_name = "R",
        default_value_t = 0,
        overrides_with = "replicate",
        allow_negative_numbers = true
    )]
    replicate: i64,
    /// Follow the difference to this place: its id, or its English or Chinese name
    #[arg(long, value_name = "P", overrides_with = "place")]
    place: Option<String>,
    /// With --place: follow this innovation, not the first one that differs there
    #[arg(
        long,
        value_name = "K",
        overrides_with = "innovation",
        requires = "place"
    )]
    innovation: Option<String>,
    /// Follow only what differs from this month on (YYYY-MM)
    #[arg(long, value_name = "MONTH", overrides_with = "since")]
    since: Option<String>,
    /// Write the tables chain, spread and reached into this folder too
    #[arg(long, value_name = "DIR", overrides_with = "out")]
    out: Option<PathBuf>,
    #[command(flatten)]
    format: FormatArgs,
    /// Replace the results that are in the folder
    #[arg(long, requires = "out")]
    force: bool,
    /// Print it as JSON
    #[arg(long)]
    json: bool,
}

/// Does the command. The exit code is 0 whether or not the worlds part.
pub fn run(arguments: &Arguments) -> Exit {
    match answer(arguments) {
        Ok(exit) => exit,
        Err(problems) => wrong(&problems, arguments.json),
    }
}

fn answer(arguments: &Arguments) -> Result<Exit, Problems> {
    let model = arguments.model.model();
    let read = |layout: &str| {
        let files = layout_files(&model.scenario, layout);
        load(&model.scenario, &files, &model.sets())
    };
    let mut report = Report::default();
    let replicate = replicate(arguments, &mut report);
    let loaded = [read(&arguments.a), read(&arguments.b)];
    let [Ok(a), Ok(b)] = loaded else {
        for problems in loaded.into_iter().filter_map(Result::err) {
            problems.problems.into_iter().for_each(|p| report.push(p));
        }
        return Err(report.finish());
    };
    if let Err(problems) = refused((&arguments.a, &a), &[(&arguments.b, &b)]) {
        problems.problems.into_iter().for_each(|p| report.push(p));
    } else {
        explain::same_places(&a.scenario, &b.scenario, &mut report);
    }
    let place = place(arguments, &a, &mut report);
    let item = innovation(arguments, &a, &mut report);
    let since = since(arguments, &a, &mut report);
    if report.errors() > 0 {
        return Err(report.finish());
    }
    let (world_a, warnings) = build(&a, 1, Recorded::default())?;
    let (world_b, more) = build(&b, 1, Recorded::default())?;
    explain::same_firms([&world_a, &world_b], &mut report);
    if report.errors() > 0 {
        return Err(report.finish());
    }
    let new = more.iter().filter(|w| !warnings.contains(w));
    for warning in warnings.iter().chain(new) {
        say(warning.told(lang()).trim_end());
    }
    let at = |position: usize| -> Option<u32> {
        let mut input = world_a.places.input.iter();
        let found = input.position(|i| *i as usize == position)?;
        u32::try_from(found).ok()
    };
    let request = Request {
        replicate,
        place: place.and_then(at),
        innovation: item.and_then(|(zone, serial)| at(zone).map(|origin| Item { origin, serial })),
        since,
    };
    let spinner = spinner();
    let tick = || {
        if let Some(spinner) = &spinner {
            spinner.inc(1);
            let n = spinner.position();
            spinner.set_message(say!(lang(), "explain-running", n));
        }
    };
    let diff = diff(&a, &b);
    let worlds = [&world_a, &world_b];
    let found = explain::explain([&a.scenario, &b.scenario], worlds, &diff, &request, &tick);
    if let Some(spinner) = spinner {
        spinner.finish_and_clear();
    }
    let found = found?;
    if let Some(dir) = &arguments.out
        && let Err(error) = keep(arguments, dir, [&a, &b], &found)
    {
        let problem = Problem::error("--out", error.text());
        let exit = wrong(&problem.into(), arguments.json);
        return Ok(match error {
            StoreError::Io { .. } | StoreError::DiskFull { .. } => Exit::Failed,
            _ => exit,
        });
    }
    Ok(match arguments.json {
        true => print_json(&found),
        false => print(&explanation::words(&found, lang())),
    })
}

fn spinner() -> Option<ProgressBar> {
    std::io::stderr().is_terminal().then(|| {
        let spinner = ProgressBar::new_spinner();
        spinner.enable_steady_tick(std::time::Duration::from_millis(120));
        spinner
    })
}

fn replicate(arguments: &Arguments, report: &mut Report) -> u32 {
    let asked = arguments.replicate;
    if REPLICATES.contains(&asked) {
        return asked as u32;
    }
    let problem = Problem::error("--replicate", text!("no-replicate")).value(asked);
    report.push(problem.allowed(text!("from-0-to-n", most = REPLICATES.end - 1)));
    0
}

/// Position of the place in [`crate::scenario::Scenario::places`].
fn place(arguments: &Arguments, loaded: &Loaded, report: &mut Report) -> Option<usize> {
    let asked = arguments.place.as_deref()?.trim();
    let places = &loaded.scenario.places;
    if let Some(found) = places.iter().position(|p| p.id == asked) {
        return adopts(places[found].kind, asked, report).then_some(found);
    }
    let named = |p: &crate::scenario::tables::Place| {
        p.name_zh == asked || p.name_en.to_lowercase() == asked.to_lowercase()
    };
    let found: Vec<usize> = (0..places.len()).filter(|&i| named(&places[i])).collect();
    match found[..] {
        [one] => return adopts(places[one].kind, asked, report).then_some(one),
        [] => {
            let known = places.iter().flat_map(|p| [&p.id, &p.name_en, &p.name_zh]);
            let nearest = report.near(asked, known.map(String::as_str).filter(|n| !n.is_empty()));
            let problem = Problem::error("--place", text!("no-place-named")).value(asked);
            report.push(problem.nearest(nearest));
        }
        _ => {
            let ids: Vec<&str> = found.iter().map(|&i| places[i].id.as_str()).collect();
            let problem = Problem::error("--place", text!("places-same-name")).value(asked);
            report.push(problem.allowed(text!("one-id", ids = ids.join(", "))));
        }
    }
    None
}

fn adopts(kind: Kind, asked: &str, report: &mut Report) -> bool {
    let can = matches!(kind, Kind::Zone | Kind::Region);
    if !can {
        let problem = Problem::error("--place", text!("gateway-never-adopts")).value(asked);
        report.push(problem.allowed(text!("zone-or-region")));
    }
    can
}

/// Position of the origin zone and serial number.
fn innovation(arguments: &Arguments, loaded: &Loaded, report: &mut Report) -> Option<(usize, u32)> {
    let asked = arguments.innovation.as_deref()?.trim();
    let places = &loaded.scenario.places;
    let wrong = |what: Text| {
        let problem = Problem::error("--innovation", what).value(asked);
        problem.allowed(text!("innovation-form"))
    };
    let split = asked.rsplit_once('.');
    let Some((zone, serial)) = split.and_then(|(z, n)| Some((z, n.parse::<u32>().ok()?))) else {
        report.push(wrong(text!("not-an-innovation")));
        return None;
    };
    let zones = || places.iter().filter(|p| p.kind == Kind::Zone);
    let found = places
        .iter()
        .position(|p| p.kind == Kind::Zone && p.id == zone);
    if found.is_none() {
        let nearest = report.near(zone, zones().map(|p| p.id.as_str()));
        report.push(wrong(text!("no-zone")).nearest(nearest));
    }
    found.map(|zone| (zone, serial))
}

/// Number of the month from which on differences are followed.
fn since(arguments: &Arguments, loaded: &Loaded, report: &mut Report) -> u16 {
    let Some(asked) = arguments.since.as_deref() else {
        return 0;
    };
    let (start, end) = (loaded.scenario.start, loaded.scenario.end);
    match asked.trim().parse::<Month>() {
        Ok(month) if month >= start && month <= end => {
            u16::try_from(month.since(start)).unwrap_or(0)
        }
        _ => {
            let problem = Problem::error("--since", text!("not-a-month-of-run")).value(asked);
            report.push(problem.allowed(text!("months-from-to", start, end)));
            0
        }
    }
}

/// Writes the tables like those of a run.
fn keep(
    arguments: &Arguments,
    dir: &Path,
    loaded: [&Loaded; 2],
    found: &Explanation,
) -> Result<(), StoreError> {
    let [a, b] = loaded;
    let request = request::Explain {
        model: arguments.model.model(),
        layouts: [arguments.a.clone(), arguments.b.clone()],
        replicate: found.replicate,
        place: arguments.place.clone(),
        innovation: arguments.innovation.clone(),
        since: arguments.since.clone(),
        format: arguments.format.format(),
    };
    let layout = format!("{} {}", named(&found.a), named(&found.b));
    let asked = Asked {
        kind: ResultKind::Explanation,
        format: request.format,
        request: request::Request::Explain(request).value(),
        scenario: found.scenario.clone(),
        layouts: vec![(layout.clone(), b.resolved())],
        layout,
        inputs: inputs([a, b]),
        seed: found.seed,
        first_replicate: found.replicate,
        replicates: 1,
        tables: tables::definitions(),
        comparison: None,
        sweep: None,
    };
    let tables = tables::tables(found);
    publish(dir, asked, tables, session::command_line(), arguments.force).map(drop)
}

fn named(layout: &str) -> &str {
    if layout.is_empty() { BASE } else { layout }
}
