//! From the plan of a calibration to what is run: a scenario, a prior, targets. Every wave is a sweep over a list of points.

use std::path::Path;

use crate::design::{Constraint, Distribution, Kind, LEAST_EACH, Pool};
use crate::experiment::sweep::spec::{DesignSpec, ParameterSpec, PlanSpec, VariesSpec};
use crate::experiment::sweep::{Plan, check_unwritten, dotted, layout_paths, setting};
use crate::experiment::targets::{Needs, Purpose, TargetSpec, TargetsFile, needs, statistics};
use crate::scenario::problem::Report;
use crate::scenario::{Document, Month, Problem, Problems, Setting, load};
use crate::store::Statistic;
use crate::texts::text;

use super::matching::Budget;
use super::observed::{Observed, Seen};
use super::prior::{Parameter, Prior};
use super::spec::CalibrationSpec;

/// Points that are checked as scenarios before anything runs.
const CHECKED: u32 = 64;
/// Points of a wave for each parameter, and the fewest.
const POINTS: [u32; 2] = [10, 40];

/// A calibration that is ready.
#[derive(Debug)]
pub struct Calibration {
    /// The plan file.
    pub document: Document<CalibrationSpec>,
    /// Targets, those that are fitted first.
    pub targets: Vec<Target>,
    /// How many of them are fitted.
    pub fitted: usize,
    /// The prior.
    pub prior: Prior,
    /// What was observed, target by target.
    pub observed: Vec<Observed>,
    /// How many runs it may take.
    pub budget: Budget,
    /// What its runs have in common; the points of a wave come in the place of its design.
    pub common: PlanSpec,
    /// The same, checked.
    pub plan: Plan,
    /// The last month that is run.
    pub end: Month,
}

/// A target that was found.
#[derive(Clone, Debug)]
pub struct Target {
    /// As it is written.
    pub spec: TargetSpec,
    /// Its statistic.
    pub statistic: Statistic,
    /// Its position in the plan.
    pub number: usize,
}

impl Calibration {
    /// The targets that are fitted.
    pub fn fit(&self) -> &[Observed] {
        &self.observed[..self.fitted]
    }

    /// Whether the world is the same under every seed: no firms are generated.
    pub fn is_of_one_world(&self) -> bool {
        let sides = self.plan.comparison.sides.iter();
        let mut layers = sides.filter_map(|side| side.loaded.scenario.firms.as_ref());
        layers.all(|firms| firms.given.is_some())
    }

    /// The problem of a target, by its position among [`Calibration::targets`].
    pub fn problem(&self, target: usize, what: crate::texts::Text) -> Problem {
        let Target { spec, number, .. } = &self.targets[target];
        let number = number.to_string();
        let keys = ["targets", number.as_str(), "outcome"];
        self.document.error(&keys, what).value(&spec.outcome)
    }
}

/// Reads and checks a plan, to be run on so many threads. `quick` asks for half the points and a few replicates.
///
/// # Errors
/// All that is wrong with the plan, its targets, its scenario, or a prior that goes beyond what a parameter can be.
pub fn read(path: &Path, quick: bool, threads: u32) -> Result<Calibration, Problems> {
    let mut report = Report::default();
    let [parameters, set] = dotted();
    let document: Option<Document<CalibrationSpec>> =
        Document::read(path, &[parameters, set], &mut report);
    let Some(mut document) = document else {
        return Err(report.finish());
    };
    let sound = report.errors() == 0;
    read_targets(&mut document, &mut report);
    let spec = &document.spec;
    let scenario = document.folder.join(&spec.scenario);
    let sets = spec.sets();
    let layout = layout_paths(&document.folder, &scenario, &spec.layout);
    let loaded = load(&scenario, &layout, &sets);
    let mut all = Needs::default();
    if let Ok(loaded) = &loaded
        && !document.doubtful(&["targets"])
    {
        all = needs(
            &document,
            &spec.targets,
            true,
            &loaded.scenario,
            &mut report,
        );
        let fit = |target: &TargetSpec| target.purpose == Purpose::Fit;
        if !spec.targets.iter().any(fit) {
            report.push(document.error(&["targets"], text!("no-target-to-fit")));
        }
    }
    let constraints = constraints(&document);
    let parameters = distributions(&document, &mut report);
    let end = loaded
        .as_ref()
        .map_or(Month(0), |loaded| loaded.scenario.end);
    let seed = loaded.as_ref().map_or(0, |loaded| loaded.scenario.seed);
    let last = all.last.filter(|last| *last < end);
    let common = common(&document, &all, last);
    // What is wrong with the targets is told together with what is wrong with the rest.
    let shown = path.to_string_lossy();
    let checked = check_unwritten(&common, &shown, &document.folder, threads);
    let plan = match checked {
        Ok(plan) if report.errors() == 0 && sound => plan,
        Ok(_) => return Err(report.finish()),
        Err(problems) => {
            for problem in problems.problems {
                let known = !sound && problem.file == shown;
                if !known {
                    report.push(in_plan(&document, &shown, problem));
                }
            }
            return Err(report.finish());
        }
    };
    let found = statistics(
        &document,
        &document.spec.targets,
        &plan.comparison,
        &plan.kept,
        &mut report,
    );
    let Some(found) = found.filter(|_| report.errors() == 0) else {
        return Err(report.finish());
    };
    let targets = document.spec.targets.iter().zip(found).enumerate();
    let targets = targets.map(|(number, (spec, statistic))| Target {
        spec: spec.clone(),
        statistic,
        number,
    });
    let (mut targets, held): (Vec<Target>, Vec<Target>) =
        targets.partition(|target| target.spec.purpose == Purpose::Fit);
    let fitted = targets.len();
    targets.extend(held);
    let whole = |key: &str| plan.parameters.iter().any(|p| p.key == key && p.whole);
    let parameters = parameters.into_iter().map(|(key, distribution)| Parameter {
        whole: whole(&key),
        key,
        distribution,
    });
    let prior = Prior::new(parameters.collect(), constraints);
    let observed = targets
        .iter()
        .map(|target| observed(&target.spec))
        .collect();
    Ok(Calibration {
        budget: budget(&document.spec, seed, quick),
        observed,
        targets,
        fitted,
        prior,
        common,
        plan,
        end: last.unwrap_or(end),
        document,
    })
}

impl CalibrationSpec {
    fn sets(&self) -> Vec<Setting> {
        let set = self.set.iter().map(|(key, level)| setting(key, level));
        let seed = self.seed.map(|seed| Setting::whole("seed", seed));
        set.chain(seed).collect()
    }
}

/// Puts the targets of a file into the plan.
fn read_targets(document: &mut Document<CalibrationSpec>, report: &mut Report) {
    let Some(name) = document.spec.targets_file.clone() else {
        return;
    };
    if !document.spec.targets.is_empty() {
        let problem = document.error(&["targets_file"], text!("targets-twice"));
        report.push(problem.value(&name));
        return;
    }
    let path = document.folder.join(&name);
    let read: Option<Document<TargetsFile>> = Document::read(&path, &[], report);
    if let Some(read) = read {
        document.spec.targets = read.spec.targets;
    }
}

/// The constraints, as far as they can be read; those that cannot are told when the plan is checked.
fn constraints(document: &Document<CalibrationSpec>) -> Vec<Constraint> {
    let texts = document.spec.constraints.iter();
    texts
        .filter_map(|text| Constraint::parse(text).ok())
        .collect()
}

/// The distributions of the parameters.
fn distributions(
    document: &Document<CalibrationSpec>,
    report: &mut Report,
) -> Vec<(String, Distribution)> {
    let mut all = Vec::new();
    for (key, spec) in &document.spec.parameters {
        if let Some(VariesSpec::Distribution(distribution)) = &spec.varies {
            let texts = match distribution {
                Distribution::Discrete { values, .. } => {
                    values.iter().any(|value| value.number().is_none())
                }
                _ => false,
            };
            if texts {
                let problem = document.error(&["parameters", key], text!("calibrate-numbers"));
                report.push(problem.allowed(text!("calibrate-variants")));
            }
            all.push((key.clone(), distribution.clone()));
        }
    }
    all
}

/// What the runs of all waves have in common.
fn common(document: &Document<CalibrationSpec>, needs: &Needs, last: Option<Month>) -> PlanSpec {
    let spec = &document.spec;
    let about = [&spec.name, &spec.scenario, &spec.layout];
    PlanSpec {
        title: spec.title.clone(),
        title_zh: spec.title_zh.clone(),
        replicates: spec.replicates,
        seed: spec.seed,
        design: DesignSpec {
            kind: Kind::Sobol { points: CHECKED },
            seed: 1,
            constraints: spec.constraints.clone(),
        },
        parameters: spec.parameters.clone(),
        ..needs.plan(about, &spec.set, last)
    }
}

/// How many runs it may take.
fn budget(spec: &CalibrationSpec, seed: u64, quick: bool) -> Budget {
    let p = spec.parameters.len() as u32;
    let [each, fewest] = POINTS;
    let points = spec.points.unwrap_or((each * p).max(fewest));
    let whole = Budget {
        seed: spec.seed.unwrap_or(seed),
        points: points as usize,
        waves: spec.waves as usize,
        replicates: spec.replicates as usize,
        draws: spec.draws as usize,
    };
    // Of a comparison over them.
    let least_draws = Pool::new(LEAST_EACH).points() as usize;
    match quick {
        false => whole,
        true => Budget {
            points: (points.div_ceil(2)).max((3 * p + 6).min(points)) as usize,
            waves: whole.waves.min(2),
            replicates: whole.replicates.min(4),
            draws: whole.draws.div_ceil(2).max(least_draws).min(whole.draws),
            ..whole
        },
    }
}

/// What is known of a target.
fn observed(spec: &TargetSpec) -> Observed {
    let seen = match spec.value {
        Some(value) => Seen::Value(value),
        None => Seen::Between(
            spec.at_least.unwrap_or(f64::NEG_INFINITY),
            spec.at_most.unwrap_or(f64::INFINITY),
        ),
    };
    Observed {
        seen,
        noise: spec.noise(),
    }
}

/// A problem with the plan that stands for this one, at the key of this one.
fn in_plan(document: &Document<CalibrationSpec>, shown: &str, problem: Problem) -> Problem {
    if problem.file != shown {
        return problem;
    }
    let key = problem.key.clone().unwrap_or_default();
    let spec = &document.spec;
    let mut keys: Vec<&str> = Vec::new();
    let tables: [(&str, Vec<&String>); 2] = [
        ("parameters", spec.parameters.keys().collect()),
        ("set", spec.set.keys().collect()),
    ];
    for (table, known) in tables {
        let Some(below) = key
            .strip_prefix(table)
            .and_then(|rest| rest.strip_prefix('.'))
        else {
            continue;
        };
        keys.push(table);
        // The longest that fits: keys have dots themselves.
        let own = known.into_iter().filter(|own| {
            let rest = below.strip_prefix(own.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        });
        if let Some(own) = own.max_by_key(|own| own.len()) {
            keys.push(own);
            keys.extend(
                below[own.len()..]
                    .split('.')
                    .filter(|part| !part.is_empty()),
            );
        } else {
            keys.push(below);
        }
    }
    if keys.is_empty() {
        let key = match key.strip_prefix("layouts") {
            Some(_) => "layout",
            None => key.strip_prefix("design.").unwrap_or(&key),
        };
        // Never longer lived than the problem.
        let at = document.error(&key.split('.').collect::<Vec<_>>(), "");
        return moved(at, problem);
    }
    let at = document.error(&keys, "");
    moved(at, problem)
}

fn moved(at: Problem, problem: Problem) -> Problem {
    Problem {
        file: at.file,
        line: at.line,
        key: at.key,
        ..problem
    }
}

/// The plan of the sweep over the points of a stage. Its scenario and the list of its points depend on where it stands.
pub fn wave_plan(calibration: &Calibration, stage: &str) -> PlanSpec {
    let name = format!("{}-{stage}", calibration.common.name);
    let columns = calibration.common.parameters.iter();
    let columns = columns.filter_map(|(key, spec)| {
        let column = Some(spec.column.clone()?);
        let spec = ParameterSpec {
            varies: None,
            column,
        };
        Some((key.clone(), spec))
    });
    PlanSpec {
        name: name.chars().take(64).collect(),
        design: DesignSpec {
            constraints: Vec::new(),
            ..calibration.common.design.clone()
        },
        parameters: columns.collect(),
        ..calibration.common.clone()
    }
}
