//! `pointplane report`.

use std::path::PathBuf;

use clap::Args;

use crate::report::contents::ReportError;
use crate::report::figures::partial;
use crate::report::{Lang, Report, gather};
use crate::scenario::Problem;
use crate::scenario::problem::Report as Problems;
use crate::store::{StoreError, atomic_write, page};

use super::{Exit, say, wrong};
use crate::texts::{Text, say, text};

/// Arguments of `report`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  pointplane report results/china --open
  pointplane report results/china-compare --lang zh
  pointplane report results/alliance-layouts --scenario scenarios/china
  pointplane report results/us-lotteries-estimate
  pointplane report archive/china --out china.html

The report is one file, report.html (Chinese: report-zh.html), in the results folder. It needs no
network. Names and positions of places are in the scenario, which is found through the request in the
manifest; a figure whose table was not kept is replaced by a note.")]
pub struct Arguments {
    /// Folder of a run, a comparison, a sweep, a replay, an estimation or a calibration
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,
    /// Scenario that was run [default: the one named in the manifest of the results]
    #[arg(long, value_name = "PATH", overrides_with = "scenario")]
    scenario: Option<PathBuf>,
    /// Write it into this file [default: report.html in the results folder]
    #[arg(long, value_name = "FILE", overrides_with = "out")]
    out: Option<PathBuf>,
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
    let path = arguments
        .out
        .clone()
        .unwrap_or_else(|| dir.join(page(lang)));
    if let Err(error) = atomic_write(&path, |w| w.write_all(html.as_bytes())) {
        return not_written(error, arguments.out.is_some());
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

/// Says that nothing can be written there, and where it could.
pub fn not_written(error: StoreError, elsewhere: bool) -> Exit {
    if elsewhere {
        let problem = Problem::error("--out", error.text());
        wrong(&problem.into(), false);
    } else {
        let what = text!("write-elsewhere", error);
        wrong(&Problem::error("DIR", what).into(), false);
    }
    Exit::Failed
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
