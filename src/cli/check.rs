//! `pointplane check`.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use clap::Args;

use crate::experiment::build::{base, doubts, refusals};
use crate::scenario::problem::{Report, Severity};
use crate::scenario::{Problem, Problems, Setting, load};
use crate::texts::{say, text};
use crate::world::{World, memory};

use super::{Exit, lang, print_json, say};

/// Arguments of `check`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  pointplane check scenarios/china
  pointplane check scenarios/china/layouts/northeast.toml
  pointplane check --scenario scenarios/china my-layout.toml other-layout.toml
  pointplane check scenarios/china --set firms.number=50000000")]
pub struct Arguments {
    /// Scenario folders, scenario files or layout files
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The scenario that layout files belong to [default: the one in whose folder layouts/ they are]
    #[arg(long)]
    scenario: Option<PathBuf>,
    /// Change a parameter in all of them, for example firms.number=50000000 (repeatable)
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// Print the problems as JSON on standard output
    #[arg(long)]
    json: bool,
}

/// Does the command.
pub fn run(arguments: &Arguments) -> Exit {
    // One report over all files: what several layouts have in common is told once.
    let mut report = Report::default();
    let mut left_out = 0;
    let (mut fine, mut fits) = (true, true);
    for file in &arguments.files {
        let problems = match check(file, arguments) {
            Ok((words, problems)) => {
                if !arguments.json {
                    say(&words);
                }
                problems
            }
            Err(problems) => {
                fine &= problems.is_room();
                fits = false;
                problems
            }
        };
        left_out += problems.left_out;
        for problem in problems.problems {
            report.push(problem);
        }
    }
    let mut all = report.finish();
    all.left_out += left_out;
    if !arguments.json && !all.problems.is_empty() {
        say(all.told(lang()).trim_end());
    }
    let printed = if arguments.json {
        print_json(&all)
    } else {
        Exit::Done
    };
    match (fine, fits) {
        (true, true) => printed,
        (true, false) => Exit::Failed,
        (false, _) => Exit::Wrong,
    }
}

fn check(file: &Path, arguments: &Arguments) -> Result<(String, Problems), Problems> {
    let scenario = arguments.scenario.as_deref();
    let sets = Setting::written(&arguments.set);
    let mut loaded = match layout_of(file, scenario) {
        Some(found) if scenario.is_none() && !found.join("scenario.toml").exists() => {
            let what = text!("layout-whose");
            let problem = Problem::error(file.to_string_lossy(), what);
            let mut report = Report::default();
            report.push(problem.allowed(text!("layout-whose-option")));
            return Err(report.finish());
        }
        Some(scenario) => load(&scenario, &[file.to_path_buf()], &sets)?,
        None => load(file, &[], &sets)?,
    };
    let usual = memory::Recorded {
        places_every: Some(12),
        innovations: true,
        ..memory::Recorded::default()
    };
    let estimate = memory::estimate(&loaded.scenario, usual);
    let (base, warnings) = match base(&loaded, 1, usual) {
        // A scenario that does not fit is not wrong.
        Err(problems) if problems.is_room() => {
            let mut report = Report::default();
            for problem in problems.problems {
                report.push(Problem {
                    severity: Severity::Warning,
                    ..problem
                });
            }
            report.add(loaded.warnings.clone());
            let file = file.display().to_string();
            return Ok((say!(lang(), "check-does-not-fit", file), report.finish()));
        }
        found => found?,
    };
    // Firms and who listens to whom take long with many; all that can be wrong with them is known.
    let layer = loaded.scenario.firms.take();
    let world = World::from_links(&loaded.scenario, base);
    let mut report = Report::default();
    let doubts = doubts(&loaded, &world);
    for problem in loaded
        .warnings
        .problems
        .iter()
        .chain(&warnings)
        .chain(&doubts)
    {
        report.push(problem.clone());
    }
    // Estimation need not be refused what a run is.
    if loaded.simulated().is_ok()
        && let Err(problems) = refusals(&loaded, &world)
    {
        for problem in problems.problems {
            let severity = Severity::Warning;
            let what = text!("check-run-refused", what = problem.what);
            report.push(Problem {
                severity,
                what,
                ..problem
            });
        }
    }
    let lang = lang();
    let counts = say!(
        lang,
        "check-counts",
        places = world.places.len(),
        links = world.network.len(),
        zones = world.zones.len(),
        alliances = world.alliances.len(),
        corridors = world.corridors.len(),
        months = world.calendar.months,
        step = world.calendar.step.word()
    );
    let counts = match layer {
        None => counts,
        Some(layer) => {
            let firms = estimate.firms.round() as u64;
            let links = format!("{:.0}", estimate.firm_links);
            if layer.given.is_some() {
                say!(lang, "check-firms-given", counts, firms, links)
            } else {
                say!(lang, "check-firms", counts, firms, links)
            }
        }
    };
    let file = file.display().to_string();
    let memory = memory::size(estimate.bytes(1));
    if loaded.simulated().is_err() {
        let words = say!(lang, "check-estimated", file, counts);
        return Ok((words, report.finish()));
    }
    let words = match estimate.firm_words(1) {
        Some(firms) => say!(lang, "check-fine-firms", file, counts, memory, firms),
        None => say!(lang, "check-fine", file, counts, memory),
    };
    Ok((words, report.finish()))
}

/// The scenario of a layout file; `None` when the file is a scenario itself.
fn layout_of(file: &Path, scenario: Option<&Path>) -> Option<PathBuf> {
    let text = beginning(file).unwrap_or_default();
    let keys = text
        .lines()
        .take_while(|line| !line.trim_start().starts_with('['));
    let is_layout = keys.into_iter().any(|line| {
        line.split_once('=')
            .is_some_and(|(key, _)| key.trim() == "layout")
    });
    if !is_layout {
        return None;
    }
    let beside = || Some(file.parent()?.parent()?.to_path_buf());
    scenario.map(Path::to_path_buf).or_else(beside)
}

/// The text of a file, as much as a layout can have.
fn beginning(file: &Path) -> io::Result<String> {
    let mut bytes = Vec::new();
    // A pipe or a device may have no end.
    if std::fs::metadata(file)?.is_file() {
        File::open(file)?.take(1 << 21).read_to_end(&mut bytes)?;
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
