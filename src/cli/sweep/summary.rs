//! `pointplane sweep summary`.

use std::path::{Path, PathBuf};

use clap::Args;
use rayon::prelude::*;
use serde::Serialize;

use crate::experiment::session::merge;
use crate::experiment::sweep::summary::{Analysis, Answers, Asked, Design, Swept, analyse, sheets};
use crate::report::sweep::{Question, words};
use crate::scenario::problem::Report;
use crate::scenario::{Month, Problem};
use crate::sensitivity::{Bar, Interactions, LuckShare, Morris, Regression, Sobol};
use crate::store::{
    Folder, Manifest, SUMMARY, Status, StoreError, whole, whole_as_made, write_summary,
};
use crate::texts::{Lang, say, text};

use super::super::session::refused;
use super::super::{Exit, lang, print, print_json, say, wrong};
use super::common;

/// Arguments of `sweep summary`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  pointplane sweep summary results/sensitivity
  pointplane sweep summary results/sensitivity --outcome theil_between --layout northeast

From a saltelli design: first-order and total Sobol indices; from a morris design: elementary effects;
from any other: standardised regression and partial rank correlation; from all: the outcome where a
parameter is low and where it is high. With several layouts also what moves the change that a layout
makes against the baseline. All of it is in tables in the folder summary/ of the sweep.")]
pub struct Arguments {
    /// Folder of the sweep
    dir: PathBuf,
    /// Outcome to show (repeatable) [default: the first three; the tables hold all]
    #[arg(long, value_name = "OUTCOME")]
    outcome: Vec<String>,
    /// Layout to show (repeatable) [default: all]
    #[arg(long, value_name = "LAYOUT")]
    layout: Vec<String>,
    /// Say nothing but problems
    #[arg(long)]
    quiet: bool,
    /// Print it as JSON on standard output
    #[arg(long)]
    json: bool,
}

/// An analysis with the names that it is about.
#[derive(Serialize)]
struct Entry<'a> {
    layout: &'a str,
    versus: Option<&'a str>,
    outcome: &'a str,
    group_kind: &'a str,
    group: Option<&'a str>,
    horizon: Option<String>,
    sobol: &'a Option<Sobol>,
    morris: &'a [Morris],
    regression: &'a Option<Regression>,
    interactions: &'a Option<Interactions>,
    tornado: &'a [Bar],
    luck: LuckShare,
}

#[derive(Serialize)]
struct Answer<'a> {
    dir: &'a Path,
    complete: bool,
    parameters: Vec<&'a str>,
    terms: Vec<String>,
    tables: Vec<String>,
    analyses: Vec<Entry<'a>>,
}

/// Does the command.
pub fn run(arguments: &Arguments) -> Exit {
    let folder = match common::open(&arguments.dir, arguments.json) {
        Ok(folder) => folder,
        Err(exit) => return exit,
    };
    let (Some(swept), Some(points)) = (Swept::of(&folder), folder.points()) else {
        return Exit::Failed;
    };
    if let Err(exit) = check(arguments, swept) {
        return exit;
    }
    let dir = &arguments.dir;
    let failed = |error: StoreError| refused("DIR", false, arguments.json, &error.into());
    let manifest = match made(dir, &folder) {
        Ok(manifest) => manifest,
        Err(error) => return failed(error),
    };
    let (sweep, jobs) = (swept.sweep, folder.jobs());
    let answers = match Answers::read(dir, sweep, jobs) {
        Ok(answers) => answers,
        Err(error) => return failed(error),
    };
    let ids = &points.columns[1];
    let point_of = (0..points.rows()).map(|row| {
        let at = ids
            .text_at(row)
            .and_then(|id| jobs.find(id, &jobs.layouts()[0], jobs.replicates().start));
        at.map_or(0, |at| jobs.job(at).point as usize)
    });
    let design = Design::new(sweep, points, point_of.collect());
    let questions = answers.questions();
    let analyses: Result<Vec<Analysis>, _> = questions
        .par_iter()
        .map(|asked| analyse(swept, &design, &answers, *asked))
        .collect();
    let analyses = match analyses {
        Ok(analyses) => analyses,
        Err(error) => {
            say(&format!(
                "error: the table of points is not that of a {} design: {error}",
                sweep.design
            ));
            return Exit::Failed;
        }
    };
    let sheets = sheets(swept, &design, &answers, &analyses);
    for sheet in &sheets {
        if let Err(error) = write_summary(dir, &sheet.def, &sheet.data) {
            return failed(error);
        }
    }
    let names: Vec<String> = sheets
        .iter()
        .map(|sheet| format!("{}.csv", sheet.def.name))
        .collect();
    let month = |t: u16| Month(sweep.start + i32::from(t)).to_string();
    if arguments.json {
        let terms = design.terms().into_iter().map(|term| {
            let key = sweep.parameters[term.parameter].key.clone();
            term.level
                .map_or(key.clone(), |level| format!("{key}={level}"))
        });
        let exit = print_json(&Answer {
            dir,
            complete: manifest.status == Status::Complete,
            parameters: sweep.parameters.iter().map(|p| p.key.as_str()).collect(),
            terms: terms.collect(),
            tables: names,
            analyses: analyses
                .iter()
                .map(|analysis| entry(swept, &answers, analysis, &month))
                .collect(),
        });
        return if exit == Exit::Done {
            outcome_of(&manifest)
        } else {
            exit
        };
    }
    if !arguments.quiet {
        let lang = lang();
        let shown = shown(arguments, swept, &answers, &analyses);
        let list: Vec<Question> = shown
            .into_iter()
            .map(|analysis| question(swept, &answers, &design, analysis, &month, lang))
            .collect();
        let head = say!(
            lang,
            "indices-head",
            name = sweep.name,
            design = sweep.design,
            points = manifest.points,
            layouts = jobs.layouts().len(),
            replicates = manifest.replicates,
            done = manifest.jobs.done,
            runs = manifest.jobs.all
        );
        let folder = dir.join(SUMMARY).display().to_string();
        let tables = say!(lang, "indices-tables", folder, list = names.join(", "));
        let text = format!("{head}\n{}\n{tables}\n", words(&list, lang));
        return match print(&text) {
            Exit::Done => outcome_of(&manifest),
            exit => exit,
        };
    }
    outcome_of(&manifest)
}

fn outcome_of(manifest: &Manifest) -> Exit {
    if manifest.status == Status::Complete {
        Exit::Done
    } else {
        Exit::Partly
    }
}

/// Makes the tables unless they are complete, and sees to it that they are whole.
fn made(dir: &Path, folder: &Folder) -> Result<Manifest, StoreError> {
    if let Ok(manifest) = whole(dir) {
        return Ok(manifest);
    }
    merge(folder)?;
    whole_as_made(dir)
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
fn shown<'a>(
    arguments: &Arguments,
    swept: Swept<'_>,
    answers: &Answers,
    analyses: &'a [Analysis],
) -> Vec<&'a Analysis> {
    let mut outcomes: Vec<&str> = swept
        .sweep
        .slots
        .iter()
        .map(|slot| slot.outcome.as_str())
        .collect();
    outcomes.dedup();
    let first: Vec<&str> = outcomes.into_iter().take(3).collect();
    let last = swept
        .sweep
        .slots
        .iter()
        .filter_map(|slot| slot.horizon)
        .max();
    let wanted = |asked: Asked| {
        let slot = answers.slot(asked);
        let outcome = if arguments.outcome.is_empty() {
            first.contains(&slot.outcome.as_str())
        } else {
            arguments.outcome.contains(&slot.outcome)
        };
        let layout = &swept.layouts[asked.layout];
        let layout = arguments.layout.is_empty() || arguments.layout.contains(layout);
        outcome
            && layout
            && answers.is_national(asked)
            && (slot.horizon.is_none() || slot.horizon == last)
    };
    analyses
        .iter()
        .filter(|analysis| wanted(analysis.asked))
        .collect()
}

fn entry<'a>(
    swept: Swept<'a>,
    answers: &'a Answers,
    analysis: &'a Analysis,
    month: &dyn Fn(u16) -> String,
) -> Entry<'a> {
    let slot = answers.slot(analysis.asked);
    let layout = |at: usize| swept.layouts[at].as_str();
    Entry {
        layout: layout(analysis.asked.layout),
        versus: analysis.asked.versus.map(layout),
        outcome: &slot.outcome,
        group_kind: &slot.group_kind,
        group: slot.group.as_deref(),
        horizon: slot.horizon.map(month),
        sobol: &analysis.sobol,
        morris: &analysis.morris,
        regression: &analysis.regression,
        interactions: &analysis.interactions,
        tornado: &analysis.tornado,
        luck: analysis.luck,
    }
}

/// What is said of an analysis.
fn question<'a>(
    swept: Swept<'a>,
    answers: &Answers,
    design: &Design,
    analysis: &'a Analysis,
    month: &dyn Fn(u16) -> String,
    lang: Lang,
) -> Question<'a> {
    let slot = answers.slot(analysis.asked);
    let layout = &swept.layouts[analysis.asked.layout];
    let versus = analysis.asked.versus.map(|at| &swept.layouts[at]);
    let outcome = &slot.outcome;
    let title = match (versus, slot.horizon.map(month)) {
        (None, None) => format!("{outcome}, {layout}"),
        (None, Some(at)) => say!(lang, "indices-title", outcome, at, layout),
        (Some(versus), None) => say!(lang, "indices-title-versus", outcome, layout, versus),
        (Some(versus), Some(at)) => {
            say!(lang, "indices-title-versus-at", outcome, at, layout, versus)
        }
    };
    let terms = design.terms().into_iter();
    Question {
        title,
        parameters: swept
            .sweep
            .parameters
            .iter()
            .map(|p| p.key.as_str())
            .collect(),
        terms: terms.map(|term| (term.parameter, term.level)).collect(),
        analysis,
    }
}
