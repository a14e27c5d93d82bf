//! `pointplane compare`.

mod diffs;
mod over;
mod rows;
mod width;
mod words;

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde::Serialize;

use crate::experiment::compare::{Comparison, Plan, plan};
use crate::experiment::request::{
    BreakEven, Compare, DRAWS, Interval, MOST, Over, PILOT, Range, Request, Width,
};
use crate::experiment::{Came, Experiment, Failure};
use crate::report::ComparisonSummary;
use crate::scenario::problem::Report;
use crate::scenario::{Problem, Problems};
use crate::store::{Folder, Manifest, ResultKind, Status, StoreError};
use crate::texts::{Text, say, text};

use super::arguments::{FormatArgs, ModelArgs, SayArgs, WorkArgs};
use super::session::{Session, in_time, refused, results, warn};
use super::{Exit, lang, print_json, say, wrong};

/// Arguments of `compare`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  pointplane compare scenarios/china --baseline none existing northeast
  pointplane compare scenarios/china --baseline existing northeast \\
    --replicates 200 --resume
  pointplane compare scenarios/china --baseline existing northeast \\
    --until-width mean_stock=0.05
  pointplane compare scenarios/china --baseline existing northeast \\
    --every 12 --out results/map
  pointplane compare scenarios/minimal --baseline base none --horizon 2020-12
  pointplane compare scenarios/china --baseline existing none \\
    --priors scenarios/china/sweeps/layouts.toml
  pointplane compare scenarios/china --baseline existing none \\
    --priors scenarios/china/sweeps/layouts.toml --break-even line.beta
  pointplane compare scenarios/china --baseline existing none \\
    --variants variants/hill variants/threshold
  pointplane compare scenarios/china --baseline existing none \\
    --break-even line.beta=0.02..0.1

A layout is a file, the name of one in the scenario's folder layouts/, several of these joined by
+, or base for the scenario as it is. Replicate R of every layout uses the same random numbers, so what
differs is the effect of the layouts. `pointplane outcomes` lists what is compared. Any number of workers,
on any machines that see the results folder, can work on one comparison, each on its --shard;
`pointplane status` shows their progress, `pointplane merge` makes the tables. docs/cluster.md
explains clusters.")]
pub struct Arguments {
    #[command(flatten)]
    pub ask: Ask,
    #[command(flatten)]
    work: WorkArgs,
    #[command(flatten)]
    say: SayArgs,
}

/// What is asked of a comparison, and where it goes.
#[derive(Debug, Args)]
pub struct Ask {
    #[command(flatten)]
    model: ModelArgs,
    /// Baseline: the layout that the others are compared with, or base
    #[arg(long, value_name = "LAYOUT", overrides_with = "baseline")]
    baseline: String,
    /// Layouts to compare with the baseline
    #[arg(required = true, value_name = "LAYOUT")]
    layouts: Vec<String>,
    /// Draw parameters from the distributions of this plan of a sweep, so that intervals cover what is not known
    /// about them; each draw meets 4 replicates unless --replicates says otherwise
    #[arg(long, value_name = "PLAN", overrides_with = "priors", conflicts_with_all = ["until_width", "primary", "every", "interval"])]
    priors: Option<PathBuf>,
    /// The same with the rows of a CSV table, each a draw: a column for each parameter
    #[arg(long, value_name = "TABLE", overrides_with = "posterior", conflicts_with_all = ["priors", "until_width", "primary", "every", "interval"])]
    posterior: Option<PathBuf>,
    /// Number of draws of the parameters [default: 200 of --priors, all rows of --posterior]
    #[arg(long, value_name = "K", overrides_with = "draws", allow_negative_numbers = true, value_parser = clap::value_parser!(u32).range(2..=1_000_000))]
    draws: Option<u32>,
    /// Say of each of these targets, numbers that somebody could count, how much of what is not known about effects a
    /// count would take away: a TOML file with a list `targets`, as of a calibration (over --priors or --posterior)
    #[arg(long, value_name = "TARGETS", overrides_with = "value_of_information", conflicts_with_all = ["until_width", "primary", "every", "interval"])]
    value_of_information: Option<PathBuf>,
    /// Compare all layouts under each of these variants of the model as well: layouts that change the model and not
    /// the policy
    #[arg(long, value_name = "LAYOUT", num_args = 1.., conflicts_with_all = ["until_width", "primary", "every", "interval"])]
    variants: Vec<String>,
    /// Look for the values of this parameter, within this range, at which effects turn their sign: nine values, and
    /// more between those where one does. Beside draws of the parameters, KEY alone takes their range, and the answer
    /// says how many draws have the other sign
    #[arg(long, value_name = "KEY[=FROM..TO]", overrides_with = "break_even", value_parser = turning, conflicts_with_all = ["variants", "until_width", "primary", "every", "interval"])]
    break_even: Option<BreakEven>,
    /// Number of replicates [default: the scenario's]
    #[arg(long, overrides_with = "replicates", allow_negative_numbers = true, value_parser = clap::value_parser!(u32).range(1..=1_000_000), conflicts_with = "until_width")]
    replicates: Option<u32>,
    /// Add replicates until the 95 % interval of every layout's difference in OUTCOME is at most the
    /// difference plus or minus W (Stein's two-stage procedure). OUTCOME@YYYY-MM takes it at a horizon
    #[arg(long, value_name = "OUTCOME=W", overrides_with = "until_width", value_parser = wanted)]
    until_width: Option<Wanted>,
    /// --until-width: replicates of the first stage, from which the number needed is computed
    #[arg(long, value_name = "N", default_value_t = PILOT, overrides_with = "min_replicates", requires = "until_width", allow_negative_numbers = true, value_parser = clap::value_parser!(u32).range(2..=1_000_000))]
    min_replicates: u32,
    /// --until-width: maximum number of replicates
    #[arg(long, value_name = "N", default_value_t = MOST, overrides_with = "max_replicates", requires = "until_width", allow_negative_numbers = true, value_parser = clap::value_parser!(u32).range(2..=1_000_000))]
    max_replicates: u32,
    /// The primary outcome, named before its results are seen: its tests, for the country at the end, are kept
    /// apart from all others, which are exploratory
    #[arg(long, value_name = "OUTCOME", overrides_with = "primary")]
    primary: Option<String>,
    /// Outcome to show in the summary (repeatable; the tables hold all)
    #[arg(long, value_name = "OUTCOME")]
    outcome: Vec<String>,
    /// Month at which outcomes are measured, in addition to the end of the run (repeatable)
    #[arg(long, value_name = "YYYY-MM")]
    horizon: Vec<String>,
    /// Method of the intervals
    #[arg(long, value_enum, default_value_t = How::T, overrides_with = "interval")]
    interval: How,
    /// Keep places every N months, structures and main sources, for the map of the report [default: not kept]
    #[arg(long, value_name = "N", overrides_with = "every", allow_negative_numbers = true, value_parser = clap::value_parser!(u16).range(1..=4000))]
    every: Option<u16>,
    #[command(flatten)]
    format: FormatArgs,
    /// Results folder [default: results/NAME-compare]
    #[arg(long, value_name = "DIR", overrides_with = "out")]
    pub out: Option<PathBuf>,
}

impl Ask {
    /// What is asked, as data.
    pub fn request(&self) -> Compare {
        Compare {
            model: self.model.model(),
            baseline: self.baseline.clone(),
            layouts: self.layouts.clone(),
            over: self.over(),
            value_of_information: self.value_of_information.clone(),
            variants: self.variants.clone(),
            break_even: self.break_even.clone(),
            replicates: self.replicates,
            until_width: self.until_width.clone().map(|wanted| Width {
                outcome: wanted.outcome,
                month: wanted.month,
                half_width: wanted.half_width,
                min_replicates: self.min_replicates,
                max_replicates: self.max_replicates,
            }),
            primary: self.primary.clone(),
            outcomes: self.outcome.clone(),
            horizons: self.horizon.clone(),
            interval: match self.interval {
                How::T => Interval::T,
                How::Bca => Interval::Bca,
            },
            every: self.every,
            format: self.format.format(),
        }
    }

    /// What the parameters are drawn from.
    fn over(&self) -> Option<Over> {
        let priors = self.priors.clone().map(|plan| Over::Priors {
            plan,
            draws: self.draws.unwrap_or(DRAWS),
        });
        let posterior = || {
            Some(Over::Posterior {
                table: self.posterior.clone()?,
                draws: self.draws,
            })
        };
        priors.or_else(posterior)
    }

    /// The results folder.
    pub fn dir(&self, comparison: &Comparison) -> PathBuf {
        let name = &comparison.baseline().loaded.scenario.name;
        let suffix = match (self.over(), &self.variants[..]) {
            (None, _) if self.break_even.is_some() => "compare-break-even",
            (None, []) => "compare",
            (Some(_), []) => "compare-draws",
            (None, _) => "compare-variants",
            (Some(_), _) => "compare-draws-variants",
        };
        let dir = || results(&format!("{name}-{suffix}"));
        self.out.clone().unwrap_or_else(dir)
    }
}

/// A width on the command line.
#[derive(Clone, Debug)]
struct Wanted {
    outcome: String,
    month: Option<String>,
    half_width: f64,
}

/// Reads `KEY=FROM..TO` and `KEY`.
fn turning(text: &str) -> Result<BreakEven, &'static str> {
    let (key, range) = match text.split_once('=') {
        Some((key, range)) => (key, Some(range)),
        None => (text, None),
    };
    let number = |text: &str| text.trim().parse().ok().filter(|n: &f64| n.is_finite());
    let range = range.map(|range| {
        let (from, to) = range.split_once("..")?;
        Some(Range {
            from: number(from)?,
            to: number(to)?,
        })
    });
    let parameter = key.trim().to_owned();
    match range {
        _ if parameter.is_empty() => Err(say!(lang(), "must-be-range")),
        Some(None) => Err(say!(lang(), "must-be-range")),
        Some(Some(range)) if range.from >= range.to => Err(say!(lang(), "range-backwards")),
        range => Ok(BreakEven {
            parameter,
            range: range.flatten(),
        }),
    }
}

/// Reads `OUTCOME=W` and `OUTCOME@YYYY-MM=W`.
fn wanted(text: &str) -> Result<Wanted, &'static str> {
    let Some((name, number)) = text.split_once('=') else {
        return Err(say!(lang(), "must-be-width"));
    };
    let (outcome, month) = match name.split_once('@') {
        Some((outcome, month)) => (outcome, Some(month.trim().to_owned())),
        None => (name, None),
    };
    let half_width = number.trim().parse().ok();
    match half_width.filter(|w: &f64| w.is_finite() && *w > 0.0) {
        Some(half_width) => Ok(Wanted {
            outcome: outcome.trim().to_owned(),
            month,
            half_width,
        }),
        None => Err(say!(lang(), "width-not-positive")),
    }
}

/// Intervals on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum How {
    /// Student's t
    #[value(alias = "auto")]
    T,
    /// BCa bootstrap
    Bca,
}

#[derive(Serialize)]
struct Answer<'a> {
    dir: &'a Path,
    manifest: &'a Manifest,
    summary: Option<&'a ComparisonSummary>,
}

/// Does the command.
pub fn run(arguments: &Arguments) -> Exit {
    let Arguments { ask, work, say: of } = arguments;
    let request = ask.request();
    if work.shard().is_some()
        && let Err(problems) = shareable(&request)
    {
        return wrong(&problems, of.json);
    }
    let again = Request::Compare(request.clone()).command(ask.out.as_deref());
    let runner = match in_time(work) {
        Ok(runner) => runner,
        Err(exit) => return exit,
    };
    if ask.draws.is_some() && request.over.is_none() {
        let problem = Problem::error("--draws", text!("draws-of-nothing"));
        return wrong(&problem.allowed("--priors, --posterior").into(), of.json);
    }
    if request.is_over() {
        return over::run(arguments, request, &runner);
    }
    // Tables are read on these threads too.
    let plan = match runner.pool.install(|| plan(request, work.threads())) {
        Ok(plan) => plan,
        Err(problems) => return wrong(&problems, of.json),
    };
    if !of.quiet {
        warn(&plan.warnings);
        let scenario = &plan.request.model.scenario;
        say(&diffs::words(&plan.comparison, scenario, lang()));
    }
    let session = Session {
        kind: ResultKind::Comparison,
        work,
        say: *of,
        dir: ask.dir(&plan.comparison),
        retry_failed: true,
        again,
        months: None,
        extended: true,
        width: plan.target.map(|target| plan.target_words(&target)),
    };
    match session.carry_out(&plan, &runner) {
        Ok((done, exit)) => match done.came {
            Came::There | Came::Made => whole(&session, &plan, &done.manifest),
            Came::Left | Came::Broke(_) => {
                if of.json {
                    let _ = print_json(&Answer {
                        dir: &session.dir,
                        manifest: &done.manifest,
                        summary: None,
                    });
                }
                exit
            }
        },
        Err(failure) => {
            let existing = matches!(failure, Failure::Store(StoreError::Existing { .. }));
            match occupied(&session.dir, &plan).filter(|_| existing) {
                Some(what) => {
                    let mut report = Report::default();
                    report.push(Problem::error("--out", what));
                    wrong(&report.finish(), of.json)
                }
                None => refused("--out", work.resume, of.json, &failure),
            }
        }
    }
}

/// Whether it can be cut into shares.
///
/// # Errors
/// Why not.
pub fn shareable(request: &Compare) -> Result<(), Problems> {
    if let Some(of) = &request.break_even {
        let problem = Problem::error("--break-even", text!("values-of-a-share"));
        return Err(problem.value(of.words()).into());
    }
    match &request.until_width {
        None => Ok(()),
        Some(width) => {
            let problem = Problem::error("--until-width", text!("width-of-a-share"));
            Err(problem.value(width.words()).into())
        }
    }
}

/// What comparison is in the folder, and what can be done; nothing when it holds none.
fn occupied(dir: &Path, plan: &Plan) -> Option<Text> {
    let there = Manifest::load(dir).ok()?;
    let found = there.comparison.as_ref()?;
    let (n, status) = (there.replicates, there.status);
    let like = Folder::like(dir, plan.asked(plan.replicates)).ok()?;
    let resume = if like.is_none() {
        "".into()
    } else if status == Status::Complete {
        text!("occupied-add")
    } else {
        text!("occupied-complete")
    };
    Some(text!(
        "occupied",
        dir = dir.display().to_string(),
        layouts = found.derivation.compared.join(", "),
        base = found.baseline,
        status,
        n,
        resume
    ))
}

fn whole(session: &Session<'_>, plan: &Plan, manifest: &Manifest) -> Exit {
    let dir = &session.dir;
    let summary = match ComparisonSummary::read(dir) {
        Ok(summary) => summary,
        Err(error) => {
            say(&say!(lang(), "error", error));
            return Exit::Failed;
        }
    };
    if !session.say.quiet {
        say(&words::words(
            &summary,
            plan,
            manifest,
            dir,
            &session.again,
            lang(),
        ));
    }
    if session.say.json {
        return print_json(&Answer {
            dir,
            manifest,
            summary: Some(&summary),
        });
    }
    Exit::Done
}
