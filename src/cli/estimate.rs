//! `pointplane estimate`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::experiment::build::inputs;
use crate::inference::{
    Asked, By, Cluster, Grid, GridPoint, HoldOut, Mix, Profiled, estimate, largest, layout,
    simulate, tables,
};
use crate::scenario::{Loaded, Problem, Problems, Setting, load};
use crate::shell::line as line_of;
use crate::store::{About, MANIFEST, Plain, StoreError, atomic_write, write_plain};
use crate::texts::columns::wrapped;
use crate::texts::{say, text};

use super::front::front;
use super::plain::write_beside;
use super::session::warn;
use super::{Exit, lang, say, wrong};

mod words;

use words::words;

/// Arguments of `estimate`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  pointplane estimate scenarios/us-lotteries
  pointplane estimate scenarios/us-lotteries --parameters intrinsic
  pointplane estimate policies --cluster item --bootstrap 999
  pointplane estimate policies --frailty item
  pointplane estimate policies --effects period
  pointplane estimate zones --grid line.line_threshold=2..20 --simulate 199

Writes estimates.csv, fit.csv, shares.csv, draws.csv and columns.csv, and estimated.toml, a layout that puts the
estimates into the scenario. docs/inference.md has the likelihood, and how a scenario is made of data.")]
pub struct Arguments {
    /// Scenario with a history: a folder with a scenario.toml, or a TOML file
    #[arg(value_name = "SCENARIO")]
    scenario: PathBuf,
    /// Layout to apply: a file, or the name of one in its folder layouts/ (repeatable, in order)
    #[arg(long, value_name = "OVERLAY")]
    layout: Vec<PathBuf>,
    /// Change a parameter, for example line.intrinsic_rate=0.01 (repeatable)
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
    /// Parameters to estimate, by key or short name; others keep their values [default: all]
    #[arg(
        long,
        value_name = "LIST",
        value_delimiter = ',',
        overrides_with = "parameters"
    )]
    parameters: Option<Vec<String>>,
    /// Cluster standard errors
    #[arg(long, value_enum, value_name = "BY", overrides_with = "cluster")]
    cluster: Option<Clusters>,
    /// Draw the clusters again this many times, and take the limits from these, 999 for example
    #[arg(long, value_name = "N", overrides_with = "bootstrap", allow_negative_numbers = true, value_parser = clap::value_parser!(u32).range(100..=100_000))]
    bootstrap: Option<u32>,
    /// Draw the parameters of draws.csv from the likelihood itself, by Markov chains, and not from the normal law about its
    /// maximum
    #[arg(long)]
    mcmc: bool,
    /// Estimate a factor on the whole hazard of each item, of each place, or of each period
    #[arg(
        long,
        value_enum,
        value_name = "OF",
        overrides_with = "effects",
        conflicts_with = "frailty"
    )]
    effects: Option<Of>,
    /// Let such factors be drawn from a Gamma law with mean 1, and estimate its variance
    #[arg(long, value_enum, value_name = "OF", overrides_with = "frailty")]
    frailty: Option<Of>,
    /// Profile the likelihood over a key of the scenario: nine values FROM..TO, or a list; the estimates are at the best
    #[arg(long, value_name = "KEY=FROM..TO", overrides_with = "grid", value_parser = grid_of)]
    grid: Option<(String, Vec<f64>)>,
    /// Let the engine simulate this many histories at the estimates, estimate each again, and take limits and the test of
    /// contagion from these, 999 for example: also for the key of --grid, which has no other
    #[arg(long, value_name = "N", overrides_with = "simulate", allow_negative_numbers = true, value_parser = clap::value_parser!(u32).range(39..=100_000))]
    simulate: Option<u32>,
    /// Write the table of curves too: S-curves of the history inside bands of 200 simulated ones
    #[arg(long)]
    curves: bool,
    /// Hold a part out, and foretell it beside naive models: items=SHARE, places=SHARE or last=PERIODS
    #[arg(long, value_name = "PART", value_parser = held_out)]
    hold_out: Option<HoldOut>,
    /// Hold the test of contagion against this many named permutations of the links, 200 for example
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true, overrides_with = "permutations", allow_negative_numbers = true, value_parser = clap::value_parser!(u32).range(0..=1_000_000))]
    permutations: u32,
    /// Write the table of residuals too, a row per item and place
    #[arg(long)]
    residuals: bool,
    /// Write the table of profiles too: the deviance of each parameter at values about its limits, for the figure of the
    /// report
    #[arg(long)]
    profiles: bool,
    /// Folder of the tables [default: results/NAME-estimate]
    #[arg(long, value_name = "DIR", overrides_with = "out")]
    out: Option<PathBuf>,
    /// Print problems only
    #[arg(long)]
    quiet: bool,
}

/// Clusters on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Clusters {
    /// Rows of one item belong together
    Item,
    /// Rows of one place belong together
    Place,
    /// Both
    Both,
}

/// Of what factors are, on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Of {
    /// Items
    Item,
    /// Places
    Place,
    /// Periods
    Period,
}

/// The layout with the estimates.
const ESTIMATED: &str = "estimated.toml";
/// How many values a range has in a grid.
const GRID: usize = 9;

/// Does the command.
pub fn run(arguments: &Arguments) -> Exit {
    let asked = Asked {
        parameters: arguments.parameters.clone(),
        cluster: match arguments.cluster {
            None => Cluster::None,
            Some(Clusters::Item) => Cluster::Item,
            Some(Clusters::Place) => Cluster::Place,
            Some(Clusters::Both) => Cluster::Both,
        },
        groups: groups(arguments),
        bootstrap: arguments.bootstrap.unwrap_or(0),
        mcmc: arguments.mcmc,
        simulate: arguments.simulate.unwrap_or(0),
        residuals: arguments.residuals,
        curves: arguments.curves,
        profiles: arguments.profiles,
        permutations: arguments.permutations,
        hold_out: arguments.hold_out,
        grid: arguments.grid.as_ref().map(|(key, _)| key.clone()),
    };
    let mut written = arguments.set.clone();
    let (grid, models) = match &arguments.grid {
        None => (None, Vec::new()),
        Some((key, values)) => match at_each(arguments, &asked, key, values) {
            Ok((points, models)) => (Some(Grid::new(key.clone(), points)), models),
            Err(problems) => return wrong(&problems, false),
        },
    };
    // The estimates are at the first of the best, where ℓ says anything of the key.
    let best = grid.as_ref().and_then(|grid| Some((grid, grid.best?)));
    let at = best.map(|(grid, best)| (grid.key.as_str(), grid.points[best][0]));
    written.extend(at.map(|(key, value)| format!("{key}={value}")));
    let sets = Setting::written(&written);
    let found = load(&arguments.scenario, &arguments.layout, &sets)
        .and_then(|loaded| Ok((estimate(&loaded, &asked)?, loaded)));
    let (mut found, loaded) = match found {
        Ok(found) => found,
        Err(problems) => return wrong(&problems, false),
    };
    if asked.simulate > 0 {
        let values = arguments.grid.as_ref().map(|(_, values)| values.as_slice());
        match best.zip(values) {
            Some(((grid, best), values)) => {
                let of = Profiled {
                    key: &grid.key,
                    values,
                };
                simulate(&models, Some(of), best, &asked, &mut found);
            }
            None => simulate(std::slice::from_ref(&loaded), None, 0, &asked, &mut found),
        }
    }
    let name = format!("{}-estimate", loaded.scenario.name);
    let dir = arguments.out.clone();
    let dir = dir.unwrap_or_else(|| PathBuf::from("results").join(name));
    if arguments.hold_out.is_some() {
        let rows = found.scores.first();
        let [kept, held] = rows.map_or([0.0; 2], |s| [s.inside.rows, s.outside.rows]);
        if kept == 0.0 || held == 0.0 {
            let what = text!("hold-out-nothing", kept, held);
            return wrong(&Problem::error("--hold-out", what).into(), false);
        }
    }
    // Only what an estimation wrote is replaced.
    let replaced = dir.join("estimates.csv").exists() && !dir.join(MANIFEST).exists();
    let empty = std::fs::read_dir(&dir).map_or(true, |mut entries| entries.next().is_none());
    if !replaced && !empty {
        let path = dir.display().to_string();
        let what = text!("estimate-other-results", path);
        return wrong(&Problem::error("--out", what).into(), false);
    }
    if !front().waits() {
        return Exit::Interrupted;
    }
    warn(&loaded.warnings.problems);
    warn(&found.warnings.problems);
    let text = layout(&loaded, &found, at);
    found.grid.clone_from(&grid);
    let all = tables(&found);
    let written = write_plain(&dir, &all).and_then(|()| {
        let path = dir.join(ESTIMATED);
        atomic_write(&path, |file| file.write_all(text.as_bytes()))?;
        let scenario = &loaded.scenario;
        let titles = [scenario.title.as_str(), scenario.title_zh.as_str()];
        let (name, inputs) = (scenario.name.as_str(), inputs([&loaded]));
        let step = (!scenario.numbered).then_some(scenario.step);
        let (kind, command) = (Plain::Estimation, arguments.command());
        let about = About::new(kind, (name, titles), scenario.seed, step, command, inputs);
        write_beside(&dir, about, &all, vec![ESTIMATED.to_owned()], |lang| {
            words(&found, lang)
        })
    });
    if let Err(error) = written {
        return failed(&error);
    }
    // Those of an earlier estimation are not of these estimates.
    for name in [
        "residuals",
        "curves",
        "scores",
        "profiles",
        "draws",
        "shares",
        "effects",
        "grid",
        "simulated",
    ] {
        let path = dir.join(format!("{name}.csv"));
        let is_old = all.iter().all(|(def, _)| def.name != name) && path.exists();
        if is_old && let Err(error) = std::fs::remove_file(&path) {
            let path = path.display().to_string();
            let error = text!("cannot-write", path, error);
            say(&say!(lang(), "error", error));
            return Exit::Failed;
        }
    }
    if !arguments.quiet {
        for line in words(&found, lang()) {
            say(wrapped(&line, 0, 2, 80).trim_end());
        }
        let path = dir.display().to_string();
        say(&match replaced {
            true => say!(lang(), "estimate-replaced", path),
            false => say!(lang(), "estimate-written", path),
        });
    }
    Exit::Done
}

impl Arguments {
    /// The command, but for the folder.
    fn command(&self) -> String {
        let mut words = vec!["pointplane".to_owned(), "estimate".to_owned()];
        words.push(self.scenario.to_string_lossy().into_owned());
        let mut put = |name: &str, value: Option<String>| {
            if let Some(value) = value {
                words.push(name.to_owned());
                words.push(value);
            }
        };
        for layout in &self.layout {
            put("--layout", Some(layout.to_string_lossy().into_owned()));
        }
        self.set
            .iter()
            .for_each(|set| put("--set", Some(set.clone())));
        put(
            "--parameters",
            self.parameters.as_ref().map(|of| of.join(",")),
        );
        let cluster = self.cluster.and_then(|by| by.to_possible_value());
        put("--cluster", cluster.map(|by| by.get_name().to_owned()));
        put(
            "--hold-out",
            self.hold_out.map(|of| match of {
                HoldOut::Items(share) => format!("items={share}"),
                HoldOut::Places(share) => format!("places={share}"),
                HoldOut::Last(periods) => format!("last={periods}"),
            }),
        );
        let permutations = Some(self.permutations).filter(|n| *n > 0);
        for (name, n) in [
            ("--permutations", permutations),
            ("--bootstrap", self.bootstrap),
            ("--simulate", self.simulate),
        ] {
            put(name, n.map(|n| n.to_string()));
        }
        for (name, of) in [("--effects", self.effects), ("--frailty", self.frailty)] {
            let of = of.and_then(|of| of.to_possible_value());
            put(name, of.map(|of| of.get_name().to_owned()));
        }
        put(
            "--grid",
            self.grid.as_ref().map(|(key, values)| {
                let values: Vec<String> = values.iter().map(f64::to_string).collect();
                format!("{key}={}", values.join(","))
            }),
        );
        let flags = [
            ("--mcmc", self.mcmc),
            ("--curves", self.curves),
            ("--residuals", self.residuals),
            ("--profiles", self.profiles),
        ];
        let flags = flags.into_iter().filter(|(_, given)| *given);
        words.extend(flags.map(|(name, _)| name.to_owned()));
        line_of(&words)
    }
}

/// The groups that are asked for.
fn groups(arguments: &Arguments) -> Option<(By, Mix)> {
    let effects = arguments.effects.map(|of| (of, Mix::Fixed));
    let (of, mix) = effects.or(arguments.frailty.map(|of| (of, Mix::Gamma)))?;
    let by = match of {
        Of::Item => By::Item,
        Of::Place => By::Place,
        Of::Period => By::Period,
    };
    Some((by, mix))
}

/// The largest ℓ at each value of a key; and, where histories are simulated, the scenario at it.
fn at_each(
    arguments: &Arguments,
    asked: &Asked,
    key: &str,
    values: &[f64],
) -> Result<(Vec<GridPoint>, Vec<Loaded>), Problems> {
    let mut models = Vec::new();
    let mut point = |value: &f64| {
        let mut written = arguments.set.clone();
        written.push(format!("{key}={value}"));
        let sets = Setting::written(&written);
        let loaded = load(&arguments.scenario, &arguments.layout, &sets)?;
        // What is wrong at a value is told with it.
        let at = |problems: Problems| {
            let at = format!("{key}={value}");
            let what = text!("grid-at");
            let head = Problem::error("--grid", what).value(at);
            let all = std::iter::once(head).chain(problems.problems);
            Problems {
                problems: all.collect(),
                ..problems
            }
        };
        let point = [*value, largest(&loaded, asked).map_err(at)?];
        if asked.simulate > 0 {
            models.push(loaded);
        }
        Ok(point)
    };
    let points: Result<Vec<GridPoint>, Problems> = values.iter().map(&mut point).collect();
    Ok((points?, models))
}

/// Reads a grid: a key, and a range or a list of values.
fn grid_of(text: &str) -> Result<(String, Vec<f64>), &'static str> {
    let number = |text: &str| text.trim().parse().ok().filter(|x: &f64| x.is_finite());
    let parsed = text.split_once('=').and_then(|(key, of)| {
        let values: Option<Vec<f64>> = match of.split_once("..") {
            Some((from, to)) => number(from).zip(number(to)).map(|(from, to)| {
                // Eighths of a range have three digits more than its ends.
                let digits = |x: f64| x.to_string().split_once('.').map_or(0, |of| of.1.len());
                let digits = digits(from).max(digits(to)) + 3;
                let at = |n: usize| {
                    let value = from + (to - from) * n as f64 / (GRID - 1) as f64;
                    format!("{value:.digits$}").parse().unwrap_or(value)
                };
                (0..GRID).map(at).collect()
            }),
            None => of.split(',').map(number).collect(),
        };
        let values = values.filter(|values| values.len() <= 1000)?;
        (!key.is_empty()).then(|| (key.to_owned(), values))
    });
    parsed.ok_or_else(|| say!(lang(), "must-be-grid"))
}

/// Reads what is held out.
fn held_out(text: &str) -> Result<HoldOut, &'static str> {
    let share = |text: &str| text.parse().ok().filter(|x: &f64| *x > 0.0 && *x < 1.0);
    let parsed = match text.split_once('=') {
        Some(("items", of)) => share(of).map(HoldOut::Items),
        Some(("places", of)) => share(of).map(HoldOut::Places),
        Some(("last", of)) => of.parse().ok().filter(|n| *n > 0).map(HoldOut::Last),
        _ => None,
    };
    parsed.ok_or_else(|| say!(lang(), "must-be-part"))
}

fn failed(error: &StoreError) -> Exit {
    say(&say!(lang(), "error", error));
    Exit::Failed
}
