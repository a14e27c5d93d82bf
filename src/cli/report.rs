//! `pointplane report`.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::experiment::origin;
use crate::report::contents::{ReportError, report, sweep_report};
use crate::report::figures::partial;
use crate::report::{Lang, Report};
use crate::scenario::Problem;
use crate::scenario::problem::Report as Problems;
use crate::store::{Manifest, ResultKind, StoreError, atomic_write, page};

use super::{Exit, say, wrong};
use crate::texts::{Text, say};

/// Arguments of `report`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  pointplane report results/china --open
  pointplane report results/china-compare --lang zh
  pointplane report results/alliance-layouts --scenario scenarios/china

The report is one file, report.html (Chinese: report-zh.html), in the results folder. It needs no
network. Names and positions of places are in the scenario, which is found through the request in the
manifest; a figure whose table was not kept is replaced by a note.")]
pub struct Arguments {
    /// Results folder of a run, a comparison or a sweep
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,
    /// Scenario that was run [default: the one named in the manifest of the results]
    #[arg(long, value_name = "PATH", overrides_with = "scenario")]
    scenario: Option<PathBuf>,
    /// Open it in the browser
    #[arg(long)]
    open: bool,
    /// Print problems only
    #[arg(long)]
    quiet: bool,
}

/// Warns of what a report lacks, and says how the command ends: partly when runs of a sweep are missing.
pub fn warn(made: &Report) -> Exit {
    let lang = super::lang();
    let warn = |what: String| say(&say!(lang, "warning", what));
    if !made.missing.is_empty() {
        let list = made.missing.join(", ");
        warn(say!(lang, "tables-missing", list));
    }
    if !made.stale.is_empty() {
        let list = made.stale.join(", ");
        warn(say!(lang, "summary-stale", list));
    }
    match &made.partial {
        None => Exit::Done,
        Some(jobs) => {
            partial(jobs, lang).into_iter().for_each(warn);
            Exit::Partly
        }
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
        Err(error) => return refused(&ReportError::Drawing(Text::foreign(error))),
    };
    let path = dir.join(page(lang));
    if let Err(error) = atomic_write(&path, |w| w.write_all(html.as_bytes())) {
        return refused(&error.into());
    }
    let exit = warn(&made);
    if !arguments.quiet {
        let size = html.len() as f64 / 1e6;
        say(&format!("{} ({size:.1} MB)", path.display()));
        for figure in &made.figures {
            if let Err(why) = &figure.chart {
                let figure = &figure.id;
                say(&say!(super::lang(), "without-figure", figure, why));
            }
        }
    }
    if arguments.open
        && let Err(error) = open::that_detached(&path)
    {
        say(&say!(super::lang(), "cannot-open", path, error));
        return Exit::Failed;
    }
    exit
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
    let layouts = found.as_deref();
    report(dir, &manifest, layouts, lang)
}

/// Says why there is no report.
pub fn refused(error: &ReportError) -> Exit {
    let mut problems = Problems::default();
    problems.push(Problem::error("DIR", error.text()));
    let exit = wrong(&problems.finish(), false);
    match error {
        ReportError::Store(StoreError::Io { .. } | StoreError::DiskFull { .. })
        | ReportError::Drawing(_) => Exit::Failed,
        _ => exit,
    }
}
