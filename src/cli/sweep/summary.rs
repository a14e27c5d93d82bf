//! `pointplane sweep summary`.

use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;

use crate::experiment::sweep::summary::{About, Analysis, SUMMARY, Summary, Swept, make};
use crate::report::answer::answered;
use crate::report::sweep::{design_word, pool, used, words};
use crate::scenario::Problem;
use crate::scenario::problem::Report;
use crate::store::{Manifest, Status};
use crate::texts::columns::wrapped;
use crate::texts::{Lang, say, text};

use super::super::session::refused;
use super::super::{Exit, lang, print, print_json, wrong};
use super::common;

/// Arguments of `sweep summary`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  pointplane sweep summary results/sensitivity
  pointplane sweep summary results/sensitivity --outcome theil_between \\
    --layout northeast

From a saltelli design: first-order and total Sobol indices; from a morris design: elementary effects;
from any other: standardised regression and partial rank correlation; from all: the outcome where a
parameter is low and where it is high. With several layouts also which parameters drive the effect of a
layout relative to the baseline. All of it is in tables in the folder summary/ of the sweep.")]
pub struct Arguments {
    /// Folder of the sweep
    dir: PathBuf,
    /// Outcome to show (repeatable) [default: the first three; the tables hold all]
    #[arg(long, value_name = "OUTCOME")]
    outcome: Vec<String>,
    /// Layout to show (repeatable) [default: all]
    #[arg(long, value_name = "LAYOUT")]
    layout: Vec<String>,
    /// Print problems only
    #[arg(long)]
    quiet: bool,
    /// Print it as JSON on standard output
    #[arg(long)]
    json: bool,
}

/// An analysis with the names that it is about.
#[derive(Serialize)]
struct Entry<'a> {
    #[serde(flatten)]
    about: About<'a>,
    #[serde(flatten)]
    found: &'a Analysis,
}

#[derive(Serialize)]
struct Answer<'a> {
    dir: &'a Path,
    complete: bool,
    parameters: Vec<&'a str>,
    terms: Vec<&'a str>,
    tables: Vec<String>,
    /// Numbers of the replicates that are used, and of how many points.
    replicates_used: &'a [usize],
    points_used: usize,
    analyses: Vec<Entry<'a>>,
    /// What layouts change under each model, where there are variants.
    variants: Vec<UnderEntry<'a>>,
    /// Where parameters turn effects.
    break_even: Vec<TurnEntry<'a>>,
    /// What targets would tell of effects.
    information: Vec<InformationEntry<'a>>,
}

#[derive(Serialize)]
struct UnderEntry<'a> {
    #[serde(flatten)]
    about: About<'a>,
    variant: &'a str,
    effect: f64,
    interval: Option<[f64; 2]>,
    percent: Option<f64>,
    same_sign: Option<bool>,
    rank: Option<usize>,
    same_ranking: Option<bool>,
}

#[derive(Serialize)]
struct TurnEntry<'a> {
    #[serde(flatten)]
    about: About<'a>,
    parameter: &'a str,
    range: [f64; 2],
    break_even: &'a [[f64; 2]],
    other_sign: Option<f64>,
}

#[derive(Serialize)]
struct InformationEntry<'a> {
    #[serde(flatten)]
    about: About<'a>,
    target: &'a str,
    r2: f64,
}

/// Does the command.
pub fn run(arguments: &Arguments) -> Exit {
    let folder = match common::open(&arguments.dir, arguments.json) {
        Ok(folder) => folder,
        Err(exit) => return exit,
    };
    let dir = &arguments.dir;
    if let Some(swept) = Swept::of(&folder)
        && let Err(exit) = check(arguments, swept)
    {
        return exit;
    }
    let (manifest, summary, tables) = match make(&folder) {
        Ok(made) => made,
        Err(error) => return refused("DIR", false, arguments.json, &error.into()),
    };
    let exit = if arguments.json {
        json(dir, &manifest, &summary, tables)
    } else if arguments.quiet {
        Exit::Done
    } else {
        print(&told(arguments, &manifest, &summary, &tables, lang()))
    };
    match exit {
        Exit::Done => outcome_of(&manifest),
        exit => exit,
    }
}

/// Prints all of it as JSON.
pub fn json(dir: &Path, manifest: &Manifest, summary: &Summary<'_>, tables: Vec<String>) -> Exit {
    let swept = summary.swept;
    print_json(&Answer {
        dir,
        complete: manifest.status == Status::Complete,
        parameters: summary.parameters().collect(),
        terms: summary.terms.iter().map(|t| t.name.as_str()).collect(),
        tables,
        replicates_used: &summary.shape.shared().replicates,
        points_used: summary.shape.shared().used(),
        analyses: summary.analyses.iter().map(entry(summary)).collect(),
        variants: summary
            .all_under_variants()
            .into_iter()
            .map(|under| UnderEntry {
                about: swept.about(under.asked),
                variant: swept.variant(under.variant),
                effect: under.effect.mean(),
                interval: under.effect.interval(),
                percent: under.effect.percent().map(|percent| percent.0),
                same_sign: under.same_sign,
                rank: under.rank,
                same_ranking: under.same_ranking,
            })
            .collect(),
        break_even: summary
            .turns
            .iter()
            .map(|found| TurnEntry {
                about: swept.about(found.asked),
                parameter: &found.parameter,
                range: found.range,
                break_even: &found.pieces,
                other_sign: found.other_sign,
            })
            .collect(),
        information: summary
            .information
            .iter()
            .map(|found| InformationEntry {
                about: swept.about(found.asked),
                target: &swept.sweep.targets[found.target].id,
                r2: found.share,
            })
            .collect(),
    })
}

fn entry<'a>(summary: &'a Summary<'a>) -> impl Fn(&'a Analysis) -> Entry<'a> {
    |found| Entry {
        about: summary.swept.about(found.asked),
        found,
    }
}

fn told(
    arguments: &Arguments,
    manifest: &Manifest,
    summary: &Summary<'_>,
    tables: &[String],
    lang: Lang,
) -> String {
    let Swept { sweep, layouts, .. } = summary.swept;
    let head = say!(
        lang,
        "indices-head",
        name = sweep.name,
        design = design_word(&sweep.design, lang),
        points = manifest.points,
        layouts = layouts.len(),
        replicates = manifest.replicates,
        pool = pool(summary, lang),
        done = manifest.jobs.done,
        runs = manifest.jobs.all
    );
    let folder = arguments.dir.join(SUMMARY).display().to_string();
    let tables = say!(lang, "indices-tables", folder, list = tables.join(", "));
    // Of one point there is nothing to say on parameters.
    let words = match sweep.parameters.is_empty() {
        true => String::new(),
        false => words(summary, &shown(arguments, summary), lang),
    };
    let used = used(summary, manifest.replicates, lang);
    let used = used.map_or_else(String::new, |used| format!("\n{used}"));
    let title = match lang.name("", &sweep.title, &sweep.title_zh) {
        "" => String::new(),
        title => format!("\n  {title}"),
    };
    let answer = match answered(summary, manifest, lang) {
        told if told.is_empty() => told,
        told => format!("\n{told}"),
    };
    let [head, tables] = [&head, &tables].map(|line| wrapped(line, 0, 2, 80));
    let (head, tables) = (head.trim_end(), tables.trim_end());
    format!("{head}{title}{used}\n{answer}{words}\n{tables}\n")
}

fn outcome_of(manifest: &Manifest) -> Exit {
    if manifest.status == Status::Complete {
        Exit::Done
    } else {
        Exit::Partly
    }
}

/// Checks the names on the command line.
fn check(arguments: &Arguments, swept: Swept<'_>) -> Result<(), Exit> {
    let mut report = Report::default();
    let outcomes: Vec<&str> = swept
        .sweep
        .slots
        .iter()
        .map(|slot| slot.outcome.as_str())
        .collect();
    let layouts: Vec<&str> = swept.layouts.iter().map(String::as_str).collect();
    for (option, given, known) in [
        ("--outcome", &arguments.outcome, outcomes),
        ("--layout", &arguments.layout, layouts),
    ] {
        let mut known = known;
        known.dedup();
        for name in given.iter().filter(|name| !known.contains(&name.as_str())) {
            let nearest = report.near(name, known.iter().copied());
            let problem = Problem::error(option, text!("sweep-none-named")).value(name);
            report.push(problem.allowed(known.join(", ")).nearest(nearest));
        }
    }
    if report.errors() > 0 {
        return Err(wrong(&report.finish(), arguments.json));
    }
    Ok(())
}

/// The analyses that are shown: of the country, at the end of the run.
fn shown<'a>(arguments: &Arguments, summary: &'a Summary<'_>) -> Vec<&'a Analysis> {
    let swept = summary.swept;
    let mut slots = swept.at_the_end();
    match arguments.outcome.as_slice() {
        [] => slots.truncate(3),
        some => slots.retain(|at| some.contains(&swept.sweep.slots[*at].outcome)),
    }
    let layout =
        |at: usize| arguments.layout.is_empty() || arguments.layout.contains(&swept.layouts[at]);
    let all = summary.analyses.iter();
    all.filter(|found| slots.contains(&found.asked.slot) && layout(found.asked.layout))
        .collect()
}
