//! `pointplane explain`.

use std::path::PathBuf;

use clap::Args;
use indicatif::ProgressBar;

use crate::experiment::explain::plan;
use crate::experiment::origin;
use crate::experiment::request::{Explain, Model, Replay};
use crate::report::explanation;
use crate::scenario::{Problem, Problems};
use crate::store::{Manifest, ResultKind, StoreError};
use crate::texts::{Text, say, text};

use super::arguments::{FormatArgs, ModelArgs};
use super::front::{command_line, front};
use super::session::warn;
use super::{Exit, lang, print, print_json, wrong};

/// Arguments of `explain`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  pointplane explain scenarios/minimal base open-candidate --replicate 0
  pointplane explain scenarios/china existing northeast --replicate 3
  pointplane explain scenarios/china existing northeast --since 2024-01
  pointplane explain scenarios/minimal base open-candidate --place river_port
  pointplane explain scenarios/china none existing --out results/why \\
    --format csv
  pointplane explain scenarios/us-lotteries base compact --replay --place CA
  pointplane explain results/us-lotteries-replay --place CA --replicate 3

Of a replay, A is the history and B what would have happened to it. A results folder of a replay in place
of a scenario says which; where it has several layouts, L0 is the one to explain.")]
pub struct Arguments {
    #[command(flatten)]
    model: ModelArgs,
    /// Layout A: a file, or the name of one in the scenario's folder layouts/; `base` for none, `X+Y` for
    /// Y on top of X
    #[arg(value_name = "L0")]
    a: Option<String>,
    /// Layout B
    #[arg(value_name = "L1")]
    b: Option<String>,
    /// A is the layout under which the scenario's history happened, B what would have happened to it
    #[arg(long)]
    replay: bool,
    /// With --replay: take the parameters from this table of draws
    #[arg(
        long,
        value_name = "TABLE",
        overrides_with = "posterior",
        requires = "replay"
    )]
    posterior: Option<PathBuf>,
    /// Of a replay over draws: number of the draw, from 0
    #[arg(long, value_name = "N", overrides_with = "draw")]
    draw: Option<u32>,
    /// Number of the replicate, from 0 [default: 0; at a draw the first that it met]
    #[arg(
        long,
        short,
        value_name = "R",
        overrides_with = "replicate",
        allow_negative_numbers = true
    )]
    replicate: Option<i64>,
    /// Follow the difference to this place: its id, or its English or Chinese name
    #[arg(long, value_name = "P", overrides_with = "place")]
    place: Option<String>,
    /// With --place: follow this innovation or given item, instead of the first one that differs there
    #[arg(
        long,
        value_name = "K",
        overrides_with = "innovation",
        requires = "place"
    )]
    innovation: Option<String>,
    /// Follow only what differs from this month on (YYYY-MM; where steps are no months, a step as tables write it)
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
    let plan = plan(arguments.request()?)?;
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
    if !front().waits() {
        return Ok(Exit::Interrupted);
    }
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
    ///
    /// # Errors
    /// A results folder of something else than a replay, or of several layouts of which none is named; fewer than two
    /// layouts of a scenario.
    fn request(&self) -> Result<Explain, Problems> {
        let model = self.model.model();
        if let Ok(manifest) = Manifest::load(&model.scenario) {
            return self.of_replay(&model, &manifest);
        }
        let (Some(a), Some(b)) = (&self.a, &self.b) else {
            return Err(Problem::error("L0 L1", text!("explain-two-layouts")).into());
        };
        if self.draw.is_some() && self.posterior.is_none() {
            let problem = Problem::error("--draw", text!("draws-of-nothing"));
            return Err(problem.allowed("--posterior").into());
        }
        Ok(Explain {
            replay: self.replay,
            posterior: self.posterior.clone(),
            ..self.with(model, [a.clone(), b.clone()])
        })
    }

    /// What a results folder of a replay asks.
    fn of_replay(&self, model: &Model, manifest: &Manifest) -> Result<Explain, Problems> {
        let wrong = |option: &str, what: Text| Problems::from(Problem::error(option, what));
        let dir = &model.scenario;
        if manifest.kind != ResultKind::Replay {
            let what = text!("explain-not-replay", kind = manifest.kind.text());
            return Err(wrong(&dir.to_string_lossy(), what));
        }
        if !model.set.is_empty() || model.seed.is_some() || self.b.is_some() {
            return Err(wrong("--set --seed L1", text!("explain-set-by-folder")));
        }
        let asked = origin::replay(dir, manifest, None);
        let asked = asked.map_err(|what| wrong(&dir.to_string_lossy(), what))?;
        let layout = match (&self.a, &asked.layouts[..]) {
            (Some(layout), _) => layout.clone(),
            (None, [layout]) => layout.clone(),
            (None, layouts) => {
                let problem = Problem::error("L0", text!("explain-which-layout"));
                return Err(problem.allowed(layouts.join(", ")).into());
            }
        };
        if self.draw.is_some() && asked.posterior.is_none() {
            return Err(wrong("--draw", text!("draws-of-nothing")));
        }
        let replicate = self.replicate_of(&asked, manifest)?;
        Ok(Explain {
            replay: true,
            posterior: asked.posterior,
            replicate: i64::from(replicate),
            ..self.with(asked.model, [asked.factual, layout])
        })
    }

    /// The replicate of a replay that is explained: one that it has, at the draw that is named.
    ///
    /// # Errors
    /// No draw of several; a draw or a replicate that it does not have.
    fn replicate_of(&self, asked: &Replay, manifest: &Manifest) -> Result<u32, Problems> {
        let runs = manifest.replicates;
        if let Some(draws) = asked.draws_of(runs)
            && self.draw.is_none_or(|draw| draw >= draws)
        {
            let problem = match self.draw {
                None => Problem::error("--draw", text!("explain-which-draw")),
                Some(draw) => Problem::error("--draw", text!("no-draw")).value(draw),
            };
            let most = draws.saturating_sub(1);
            return Err(problem.allowed(text!("from-0-to-n", most)).into());
        }
        let there = asked.replicates_of(runs, self.draw);
        let Some(wanted) = self.replicate else {
            return Ok(there.first().copied().unwrap_or(0));
        };
        let found = there.iter().find(|one| i64::from(**one) == wanted);
        found.copied().ok_or_else(|| {
            let allowed = match self.draw {
                None => text!("from-0-to-n", most = runs.saturating_sub(1)),
                Some(_) => {
                    let list: Vec<String> = there.iter().map(u32::to_string).collect();
                    list.join(", ").into()
                }
            };
            let problem = Problem::error("--replicate", text!("no-replicate"));
            problem.value(wanted).allowed(allowed).into()
        })
    }

    /// What is asked of two layouts.
    fn with(&self, model: Model, layouts: [String; 2]) -> Explain {
        Explain {
            model,
            layouts,
            replicate: self.replicate.unwrap_or(0),
            place: self.place.clone(),
            innovation: self.innovation.clone(),
            since: self.since.clone(),
            replay: false,
            posterior: None,
            draw: self.draw,
            format: self.format.format(),
        }
    }
}

fn spinner() -> Option<ProgressBar> {
    front().is_watched().then(|| {
        let spinner = ProgressBar::new_spinner();
        // It turns on a thread of its own, if there can be one.
        if std::thread::Builder::new().spawn(|| {}).is_ok() {
            spinner.enable_steady_tick(std::time::Duration::from_millis(120));
        }
        spinner
    })
}
