//! `pointplane explain`.

use std::io::IsTerminal;
use std::path::PathBuf;

use clap::Args;
use indicatif::ProgressBar;

use crate::experiment::explain::plan;
use crate::experiment::request::Explain;
use crate::report::explanation;
use crate::scenario::{Problem, Problems};
use crate::store::StoreError;
use crate::texts::say;

use super::arguments::{FormatArgs, ModelArgs};
use super::session::{command_line, warn};
use super::{Exit, lang, print, print_json, wrong};

/// Arguments of `explain`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  pointplane explain scenarios/minimal base open-candidate --replicate 0
  pointplane explain scenarios/china existing northeast --replicate 3
  pointplane explain scenarios/china existing northeast --since 2024-01
  pointplane explain scenarios/minimal base open-candidate --place river_port
  pointplane explain scenarios/china none existing --out results/why \\
    --format csv")]
pub struct Arguments {
    #[command(flatten)]
    model: ModelArgs,
    /// Layout A: a file, or the name of one in the scenario's folder layouts/; `base` for none, `X+Y` for
    /// Y on top of X
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
    /// With --place: follow this innovation, instead of the first one that differs there
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
    let plan = plan(arguments.request())?;
    warn(&plan.warnings);
    let spinner = spinner();
    let tick = || {
        if let Some(spinner) = &spinner {
            spinner.inc(1);
            let n = spinner.position();
            spinner.set_message(say!(lang(), "explain-running", n));
        }
    };
    let found = plan.explain(&tick);
    if let Some(spinner) = spinner {
        spinner.finish_and_clear();
    }
    let found = found?;
    if let Some(dir) = &arguments.out
        && let Err(error) = plan.publish(dir, &found, command_line(), arguments.force)
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

impl Arguments {
    /// What is asked, as data.
    fn request(&self) -> Explain {
        Explain {
            model: self.model.model(),
            layouts: [self.a.clone(), self.b.clone()],
            replicate: self.replicate,
            place: self.place.clone(),
            innovation: self.innovation.clone(),
            since: self.since.clone(),
            format: self.format.format(),
        }
    }
}

fn spinner() -> Option<ProgressBar> {
    std::io::stderr().is_terminal().then(|| {
        let spinner = ProgressBar::new_spinner();
        // It turns on a thread of its own, if there can be one.
        if std::thread::Builder::new().spawn(|| {}).is_ok() {
            spinner.enable_steady_tick(std::time::Duration::from_millis(120));
        }
        spinner
    })
}
