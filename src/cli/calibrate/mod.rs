//! `pointplane calibrate`.

mod words;

use std::path::{Path, PathBuf};

use clap::Args;

use crate::design::{LEAST_EACH, Pool};
use crate::experiment::Runner;
use crate::experiment::build::inputs;
use crate::experiment::sweep::{Carry, Halt, Sweep};
use crate::experiment::targets::levels_twice;
use crate::inference::calibrate::{
    Bank, Calibration, Checked, Diagnosis, Ending, Judged, MOST_POINTS, Matched, POSTERIOR,
    Posterior, Runs, Simulator, Stopped, Wave, check, check_table, diagnosis, fitted_part,
    posterior, prior_points, read, tables, waves, write_posterior,
};
use crate::scenario::Problems;
use crate::scenario::problem::Report;
use crate::shell::quote;
use crate::store::{
    ABOUT, About, COLUMNS, Input, Plain, StoreError, TableData, TableDef, write_plain,
};
use crate::texts::{Text, say, text};

use super::arguments::WorkArgs;
use super::plain::write_beside;
use super::session::{in_time, results, warn};
use super::staged::{self, PLAN, Words, clear, free, put, refuse};
use super::{Exit, lang, say, wrong};

/// Arguments of `calibrate`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  pointplane calibrate scenarios/minimal/calibrate.toml
  pointplane calibrate scenarios/china/calibrate.toml --quick --out results/look
  pointplane calibrate scenarios/china/calibrate.toml --resume
  pointplane calibrate scenarios/minimal/calibrate.toml --check 40
  pointplane compare scenarios/minimal --baseline base none \\
      --posterior results/a/posterior.csv

A plan names a scenario, priors of its parameters, and targets: numbers of a record. Waves of runs leave
out what cannot give the record; what is left is weighed. Writes waves.csv, emulators.csv, targets.csv,
parameters.csv, directions.csv, weights.csv, posterior.csv and summary.md (summary.zh.md). docs/calibrate.md
explains all of it.")]
pub struct Arguments {
    /// The plan
    #[arg(value_name = "PLAN")]
    plan: PathBuf,
    /// Folder of the calibration [default: results/NAME-calibration, of a check results/NAME-check]
    #[arg(long, value_name = "DIR", overrides_with = "out")]
    out: Option<PathBuf>,
    /// A first look: half the points and draws, at most two waves and four replicates
    #[arg(long)]
    quick: bool,
    /// Check the likelihood in place of calibrating: N truths drawn from the prior, each ranked in its own posterior
    #[arg(long, value_name = "N", overrides_with = "check", value_parser = clap::value_parser!(u32).range(10..=MOST_POINTS as i64))]
    check: Option<u32>,
    #[command(flatten)]
    work: WorkArgs,
    /// Print problems only
    #[arg(long)]
    quiet: bool,
}

/// Does the command.
pub fn run(arguments: &Arguments) -> Exit {
    let work = &arguments.work;
    let runner = match in_time(work) {
        Ok(runner) => runner,
        Err(exit) => return exit,
    };
    let of = runner
        .pool
        .install(|| read(&arguments.plan, arguments.quick, work.threads()));
    let of = match of {
        Ok(of) => of,
        Err(problems) => return wrong(&problems, false),
    };
    let what = match arguments.check {
        Some(_) => "check",
        None => "calibration",
    };
    let name = format!("{}-{what}", of.document.spec.name);
    let dir = arguments.out.clone().unwrap_or_else(|| results(&name));
    if arguments.check.is_some() && !of.is_of_one_world() {
        return refuse("--check", text!("calibrate-check-firms"));
    }
    let kept = kept(arguments, &of);
    if let Err(exit) = free(&dir, work, &kept, &WORDS) {
        return exit;
    }
    warn(&levels_twice(&of.document, &of.document.spec.targets));
    if !arguments.quiet {
        say(&words::head(&of, lang()));
    }
    let mut work = Working {
        arguments,
        of: &of,
        dir: &dir,
        runner: &runner,
        kept,
        again: again(arguments, &dir),
    };
    let done = match arguments.check {
        Some(truths) => work.check(truths as usize),
        None => work.calibrate(),
    };
    match done {
        Ok(exit) => exit,
        Err(stopped) => work.stopped(stopped),
    }
}

/// The command, but for the folder.
fn command(arguments: &Arguments) -> String {
    let plan = quote(&arguments.plan.to_string_lossy());
    let quick = if arguments.quick { " --quick" } else { "" };
    let check = arguments
        .check
        .map_or_else(String::new, |n| format!(" --check {n}"));
    format!("pointplane calibrate {plan}{quick}{check}")
}

/// The command that goes on.
fn again(arguments: &Arguments, dir: &Path) -> String {
    let dir = quote(&dir.to_string_lossy());
    format!("{} --out {dir} --resume", command(arguments))
}

/// What is said of a folder that is not free.
const WORDS: Words = Words {
    exists: |path| text!("calibrate-exists", path),
    other: |path| text!("calibrate-other", path),
    other_plan: |path| text!("calibrate-other-plan", path),
};

/// What calibrations and checks write into their folder, but for the plan and runs.
const WRITTEN: [&str; 12] = [
    ABOUT,
    "waves.csv",
    "emulators.csv",
    "targets.csv",
    "parameters.csv",
    "directions.csv",
    "weights.csv",
    POSTERIOR,
    "check.csv",
    COLUMNS,
    "summary.md",
    "summary.zh.md",
];

/// The plan as it stands in the folder, with how it is carried out where that is not the usual way.
fn kept(arguments: &Arguments, of: &Calibration) -> String {
    let quick = arguments.quick.then_some("--quick");
    let check = arguments.check.map(|_| "--check");
    let how: Vec<&str> = quick.into_iter().chain(check).collect();
    let text = &of.document.text;
    match how.is_empty() {
        true => text.clone(),
        false => format!("# {}\n{text}", how.join(" ")),
    }
}

/// Runs of this command: where they fail, how it ends.
type Failed = Stopped<Halt<Exit>>;

struct Working<'a> {
    arguments: &'a Arguments,
    of: &'a Calibration,
    dir: &'a Path,
    runner: &'a Runner,
    /// The plan as it stands in the folder.
    kept: String,
    again: String,
}

impl Working<'_> {
    /// Carries out a sweep of runs.
    fn carry(&self, sweep: &Sweep, dir: &Path) -> Result<(), Exit> {
        let Arguments { work, quiet, .. } = self.arguments;
        staged::carry(work, *quiet, &self.again, sweep, dir, self.runner)
    }

    fn calibrate(&mut self) -> Result<Exit, Failed> {
        let of = self.of;
        put(&self.dir.join(PLAN), &self.kept).map_err(store)?;
        clear(self.dir, &WRITTEN).map_err(store)?;
        let quiet = self.arguments.quiet;
        let mut carry = |sweep: &Sweep, dir: &Path| self.carry(sweep, dir);
        let carry: &mut Carry<'_, Exit> = &mut carry;
        let mut hear = |wave: &Wave| {
            if !quiet {
                say(&words::wave(wave, lang()));
            }
        };
        let mut runs = Runs {
            calibration: of,
            dir: self.dir.to_path_buf(),
            threads: self.arguments.work.threads(),
            pool: &self.runner.pool,
            carry,
            hear: &mut hear,
        };
        let runner = self.runner;
        let mut matched = waves(&mut runs, &of.prior, of.fit(), &of.budget)?;
        let drawn = match matched.ending {
            Ending::Empty(_) => None,
            _ => match posterior(&mut runs, &matched, &of.budget)? {
                Ok(drawn) => Some(drawn),
                Err(ending) => {
                    matched.ending = ending;
                    None
                }
            },
        };
        let found = runner
            .pool
            .install(|| diagnosis(of, &matched, drawn.as_ref()));
        self.write(&matched, drawn.as_ref(), &found)?;
        if !quiet {
            let lines = words::summary(of, &matched, drawn.as_ref(), &found, lang());
            say("");
            lines.iter().for_each(|line| say(line));
            say("");
            let path = self.dir.display().to_string();
            say(&say!(lang(), "calibrate-written", path));
            if drawn.is_some() {
                let scenario = of.document.folder.join(&of.document.spec.scenario);
                // Without a dot at its end.
                let scenario: PathBuf = scenario.components().collect();
                let scenario = quote(&scenario.to_string_lossy());
                let layout = quote(&of.document.spec.layout);
                let table = quote(&self.dir.join(POSTERIOR).to_string_lossy());
                let command = format!(
                    "pointplane compare {scenario} --baseline {layout} LAYOUT --posterior {table}"
                );
                say(&say!(lang(), "calibrate-next", command));
            }
        }
        Ok(Exit::Done)
    }

    fn write(
        &self,
        matched: &Matched<'_>,
        drawn: Option<&Posterior>,
        found: &Diagnosis,
    ) -> Result<(), Failed> {
        let of = self.of;
        let all: Vec<(TableDef, TableData)> = tables(of, matched, drawn, found);
        write_plain(self.dir, &all).map_err(store)?;
        let mut files = Vec::new();
        if let Some(drawn) = drawn {
            write_posterior(self.dir, of, drawn).map_err(store)?;
            files.push(POSTERIOR.to_owned());
        }
        let spec = &of.document.spec;
        let titles = [spec.title.as_str(), spec.title_zh.as_str()];
        let inputs = {
            let path = self.arguments.plan.display().to_string();
            let mut all = vec![Input::of(path, of.document.text.as_bytes())];
            let sides = of.plan.comparison.sides.iter();
            all.extend(inputs(sides.map(|side| &side.loaded)));
            let targets = spec.targets_file.as_ref();
            let targets = targets.map(|file| of.document.folder.join(file));
            all.extend(targets.and_then(|path| Input::read(&path)));
            all
        };
        let command = command(self.arguments);
        let name = (spec.name.as_str(), titles);
        let (kind, seed) = (Plain::Calibration, of.budget.seed);
        let about = About::new(kind, name, seed, None, command, inputs);
        write_beside(self.dir, about, &all, files, |lang| {
            words::summary(of, matched, drawn, found, lang)
        })
        .map_err(store)
    }

    /// Simulation-based calibration on a bank of prior runs.
    fn check(&mut self, truths: usize) -> Result<Exit, Failed> {
        let of = self.of;
        put(&self.dir.join(PLAN), &self.kept).map_err(store)?;
        clear(self.dir, &WRITTEN).map_err(store)?;
        let mut carry = |sweep: &Sweep, dir: &Path| self.carry(sweep, dir);
        let mut hear = |_: &Wave| {};
        let mut runs = Runs {
            calibration: of,
            dir: self.dir.to_path_buf(),
            threads: self.arguments.work.threads(),
            pool: &self.runner.pool,
            carry: &mut carry,
            hear: &mut hear,
        };
        let mut budget = of.budget;
        let pool = Pool::new(LEAST_EACH).points() as usize;
        // As many as emulators of waves rest on at most.
        budget.points = budget.points.min(MOST_POINTS).max(truths).max(pool);
        let (points, refused) = prior_points(&runs, &of.prior, &budget)?;
        let values = runs.run("bank", &points, budget.replicates)?;
        let histories = runs.histories(&points, truths.min(points.len()))?;
        let part = |run: &Vec<f64>| run[..of.fitted].to_vec();
        let histories: Vec<Vec<f64>> = histories.iter().map(part).collect();
        let all = Bank {
            points,
            runs: values,
        };
        let bank = fitted_part(&all, of.fitted);
        // Where no point of the bank was refused, none is looked at again.
        let accepts = |u: &[f64]| refused == 0 || of.plan.accepts(&of.prior.values(u));
        let seed = budget.seed;
        let judged = || {
            let fit = of.fit();
            check(&of.prior, &bank, fit, &histories, &accepts, 1.0, seed)
        };
        let judged: Vec<Judged> = self.runner.pool.install(judged).map_err(Stopped::Missing)?;
        let keys = of.prior.parameters().iter().map(|p| p.key.as_str());
        let keys: Vec<&str> = keys.collect();
        let rows = keys.iter().zip(&judged);
        let mut rows: Vec<Checked<'_>> =
            rows.map(|(key, judged)| Checked { key, judged }).collect();
        write_plain(self.dir, &[check_table(&mut rows)]).map_err(store)?;
        if !self.arguments.quiet {
            let lines = words::checked(&keys, &judged, lang());
            lines.iter().for_each(|line| say(line));
        }
        Ok(Exit::Done)
    }

    /// Says why it does not go on.
    fn stopped(&self, stopped: Failed) -> Exit {
        let targets = |list: Vec<usize>, what: &dyn Fn() -> Text| {
            let mut report = Report::default();
            for target in list {
                report.push(self.of.problem(target, what()));
            }
            wrong(&report.finish(), false)
        };
        match stopped {
            Stopped::Runs(Halt::Carry(exit)) => exit,
            Stopped::Runs(Halt::Store(error)) => {
                say(&say!(lang(), "error", error));
                Exit::Failed
            }
            Stopped::Runs(Halt::Problems(problems)) => wrong(&problems, false),
            Stopped::Design(error) => {
                let mut report = Report::default();
                for what in error.texts() {
                    report.push(self.of.document.error(&["parameters"], what));
                }
                wrong(&report.finish(), false)
            }
            Stopped::FewAccepted(n, tried) => {
                let problem = self
                    .of
                    .document
                    .error(&["parameters"], text!("calibrate-few", n, tried));
                wrong(&Problems::from(problem), false)
            }
            Stopped::Missing(list) => targets(list, &|| text!("calibrate-missing")),
            Stopped::Constant(list) => targets(list, &|| text!("calibrate-constant")),
        }
    }
}

fn store(error: StoreError) -> Failed {
    Stopped::Runs(Halt::Store(error))
}
