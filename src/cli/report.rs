//! `pointplane report`.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::experiment::origin;
use crate::report::contents::{ReportError, report, sweep_report};
use crate::report::{Lang, Report};
use crate::scenario::Problem;
use crate::scenario::problem::Report as Problems;
use crate::store::{Manifest, ResultKind, StoreError, atomic_write, page};

use super::{Exit, say, wrong};
use crate::texts::say;

/// Arguments of `report`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  pointplane report results/china --open
  pointplane report results/china-compare --lang zh
  pointplane report results/alliance-layouts --scenario scenarios/china

The report is one file, report.html (Chinese: report-zh.html), in the results folder. It needs no
network. Names and positions of places are in the scenario, which is found by the request in the
manifest; a figure whose table was not kept says so in its place.")]
pub struct Arguments {
    /// Results folder of a run, a comparison or a sweep
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,
    /// Scenario that was run [default: as the results' manifest says]
    #[arg(long, value_name = "PATH", overrides_with = "scenario")]
    scenario: Option<PathBuf>,
    /// Open it in the browser
    #[arg(long)]
    open: bool,
    /// Say nothing but problems
    #[arg(long)]
    quiet: bool,
}

/// Names the tables that are not in the folder.
pub fn say_missing(missing: &[String]) {
    if !missing.is_empty() {
        let what = say!(super::lang(), "tables-missing", list = missing.join(", "));
        say(&say!(super::lang(), "warning", what));
    }
}

/// Does the command.
pub fn run(arguments: &Arguments, lang: Lang) -> Exit {
    let dir = &arguments.dir;
    let made = match gather(dir, arguments.scenario.as_deref(), lang) {
        Ok(made) => made,
        Err(error) => return refused(&error),
    };
    let html = match made.html() {
        Ok(html) => html,
        Err(error) => return refused(&ReportError::Drawing(error.to_string())),
    };
    let path = dir.join(page(lang));
    if let Err(error) = atomic_write(&path, |w| w.write_all(html.as_bytes())) {
        return refused(&error.into());
    }
    say_missing(&made.missing);
    if !arguments.quiet {
        let size = html.len() as f64 / 1e6;
        say(&format!("{} ({size:.1} MB)", path.display()));
        for figure in made.figures.iter().filter(|figure| figure.chart.is_err()) {
            let why = figure.chart.as_ref().err().map_or("", String::as_str);
            say(&say!(
                super::lang(),
                "without-figure",
                figure = figure.id,
                why
            ));
        }
    }
    if arguments.open
        && let Err(error) = open::that_detached(&path)
    {
        let (path, error) = (path.display().to_string(), error.to_string());
        say(&say!(
            super::lang(),
            "cannot-open",
            path,
            error = error.to_string()
        ));
        return Exit::Failed;
    }
    Exit::Done
}

/// Gathers the report of what is in a folder.
///
/// # Errors
/// What keeps it from being made.
pub fn gather(dir: &Path, scenario: Option<&Path>, lang: Lang) -> Result<Report, ReportError> {
    let manifest = Manifest::load(dir)?;
    if manifest.kind == ResultKind::Sweep {
        return sweep_report(dir, lang);
    }
    let found = origin::find(dir, &manifest, scenario);
    let layouts = found.as_deref().map_err(String::as_str);
    report(dir, &manifest, layouts, lang)
}

/// Says why there is no report.
pub fn refused(error: &ReportError) -> Exit {
    let mut problems = Problems::default();
    problems.push(Problem::error("DIR", error.to_string()));
    let exit = wrong(&problems.finish(), false);
    match error {
        ReportError::Store(StoreError::Io { .. } | StoreError::DiskFull { .. })
        | ReportError::Drawing(_) => Exit::Failed,
        _ => exit,
    }
}
