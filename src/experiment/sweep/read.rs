//! From a plan file to a checked plan: layouts loaded and fit to be compared, parameters that the
//! scenario has, points that are laid.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

use crate::design::{Kind, LEAST_EACH, Point, Pool, distinct_trajectories};
use crate::experiment::build::memory_problem_of_all;
use crate::experiment::compare::{Comparison, LONGEST, Side, check_month, check_sides};
use crate::experiment::given;
use crate::experiment::targets::{TargetSpec, TargetsFile, needs, statistics};
use crate::scenario::problem::Report;
use crate::scenario::{Document, Dotted, Loaded, Problem, Problems, Scenario, parameter_table};
use crate::store::{PointRow, Statistic, TargetEntry};
use crate::texts::text;
use crate::world::World;
use crate::world::memory::{self, MemoryEstimate, Recorded};

use super::layouts::{File, kind_of_file};
use super::level::text_of;
use super::spec::{GroupsSpec, PlanSpec, parameter_keys};
use super::{Parameter, Plan, design, kept, layouts, parameters, vet};

/// Most values that are kept of a run.
const MOST_VALUES: usize = 4000;
/// Most runs of a sweep.
const MOST_RUNS: u64 = 100_000_000;

/// Reads and checks a plan, to be run on so many threads.
///
/// # Errors
/// All that is wrong with the plan, the scenario, any layout, or with comparing them; worlds and runs that do not fit
/// in memory together.
pub fn read_plan(path: &Path, threads: u32) -> Result<Plan, Problems> {
    if kind_of_file(path) == Some(File::Scenario) {
        let what = text!("plan-is-scenario");
        return Err(Problems::from(Problem::error(path.to_string_lossy(), what)));
    }
    let mut report = Report::default();
    let document: Option<Document<PlanSpec>> = Document::read(path, &dotted(), &mut report);
    let Some(document) = document else {
        return Err(report.finish());
    };
    if report.errors() > 0 {
        check_names(&document, &mut report);
        return Err(report.finish());
    }
    check_plan(document, None, threads, report)
}

/// Checks a plan that stands in no file, whose paths start from `folder`; `shown` is told in place of its file.
///
/// # Errors
/// As [`read_plan`].
pub fn check_unwritten(
    spec: &PlanSpec,
    shown: &str,
    folder: &Path,
    threads: u32,
) -> Result<Plan, Problems> {
    let text = toml::to_string(spec).unwrap_or_default();
    let mut report = Report::default();
    match Document::of(text, shown, folder.to_owned(), &dotted(), &mut report) {
        Some(document) if report.errors() == 0 => check_plan(document, None, threads, report),
        _ => Err(report.finish()),
    }
}

/// The tables of a plan whose keys are those of a scenario.
pub fn dotted() -> [Dotted<'static>; 2] {
    static KEYS: LazyLock<Vec<String>> = LazyLock::new(parameter_keys);
    [
        Dotted {
            table: "parameters",
            entry: &KEYS,
        },
        Dotted {
            table: "set",
            entry: &[],
        },
    ]
}

/// Checks a plan that was read without a problem but those in `report`, and the targets whose worth is asked.
///
/// # Errors
/// As [`read_plan`].
pub(super) fn check_plan(
    document: Document<PlanSpec>,
    targets: Option<Document<TargetsFile>>,
    threads: u32,
    mut report: Report,
) -> Result<Plan, Problems> {
    match check(document, targets, threads, &mut report) {
        Some(plan) if report.errors() == 0 => Ok(plan),
        _ => Err(report.finish()),
    }
}

/// What can be checked of a plan in which something else is wrong: outcomes, measures, parameters and how they vary, and
/// the scenario with its layouts, as far as nothing about them is in doubt.
fn check_names(document: &Document<PlanSpec>, report: &mut Report) {
    let spec = &document.spec;
    let sound = |key: &str| !document.doubtful(&[key]);
    if sound("outcomes") {
        kept::outcomes(document, report);
    }
    if sound("monthly") {
        kept::measures(document, report);
    }
    let table = parameter_table();
    let parameters = parameters::of_plan(document, &table, report);
    design::lay(document, &parameters, &table, report);
    let keys = ["scenario", "layouts", "baseline", "set", "seed"];
    if keys.into_iter().all(sound) {
        let scenario = document.folder.join(&spec.scenario);
        layouts::load_all(document, &scenario, &spec.sets(), report);
    }
}

fn check(
    file: Document<PlanSpec>,
    targets: Option<Document<TargetsFile>>,
    threads: u32,
    report: &mut Report,
) -> Option<Plan> {
    let document = &file;
    let spec = &document.spec;
    let scenario = document.folder.join(&spec.scenario);
    let outcomes = kept::outcomes(document, report);
    let measures = kept::measures(document, report);
    let table = parameter_table();
    for key in spec.set.keys().filter(|key| parameters::is_own(key)) {
        let what = text!("plan-cannot-set");
        report.push(document.error(&["set", key], what));
    }
    let loaded = if kind_of_file(&scenario) == Some(File::Plan) {
        let problem = document.error(&["scenario"], text!("plan-as-scenario"));
        report.push(problem.value(&spec.scenario));
        None
    } else {
        layouts::load_all(document, &scenario, &spec.sets(), report)
    };
    let parameters = parameters::of_plan(document, &table, report);
    let table = match loaded.as_ref().and_then(|(named, _)| named.first()) {
        Some(first) => parameters::rows_of(&first.loaded.scenario, table),
        None => table,
    };
    let laid = design::lay(document, &parameters, &table, report);
    let (loaded, words) = loaded?;
    let first = loaded.first()?;
    let pairs: Vec<(&str, &Loaded)> = loaded[1..]
        .iter()
        .map(|named| (named.name.as_str(), &named.loaded))
        .collect();
    check_sides(
        (&first.name, &first.loaded),
        &pairs,
        text!("too-long-sweep", most = LONGEST),
        report,
    );
    for (at, month) in spec.horizons.iter().enumerate() {
        let problem = document.error(&["horizons", &at.to_string()], "");
        check_month(*month, &first.loaded.scenario, problem, report);
    }
    let counted = targets.as_ref().map(|file| {
        let scenario = &first.loaded.scenario;
        needs(file, &file.spec.targets, false, scenario, report)
    });
    let counted = counted.unwrap_or_default();
    let (outcomes, measures) = (outcomes?, measures?);
    let design::Laid {
        kind,
        constraints,
        parameters,
        rows,
    } = laid?;
    if report.errors() > 0 {
        return None;
    }
    let (points, point_of, row_of) = distinct(&parameters, &rows, document, report)?;
    check_pool(document, &kind, points.len(), report);
    if report.errors() > 0 {
        return None;
    }
    let all = points.len() as u64 * loaded.len() as u64 * u64::from(spec.replicates);
    if all > MOST_RUNS {
        let what = text!("too-many-runs", n = all);
        let problem = document.error(&["design"], what);
        report.push(problem.allowed(text!("most-runs", most = MOST_RUNS)));
        return None;
    }
    let needed = memory(loaded.iter().map(|named| &named.loaded.scenario));
    if let Some(all) = &needed
        && let Some((key, what)) = memory_problem_of_all(&first.loaded, all, threads)
    {
        report.push(first.loaded.error(key, what).room());
        return None;
    }
    let mut sides = Vec::new();
    let (mut files, mut warnings) = (Vec::new(), Vec::new());
    for named in loaded {
        for warning in &named.loaded.warnings.problems {
            if !warnings.contains(warning) {
                warnings.push(warning.clone());
            }
        }
        let loaded = &named.loaded;
        if let Err(problems) = loaded.simulated().and_then(|()| loaded.in_months()) {
            report.add(problems);
            continue;
        }
        let world = World::new(&loaded.scenario);
        if let Ok(Err(problems)) = world.as_ref().map(|world| given::check(loaded, world)) {
            report.add(problems);
            continue;
        }
        match world {
            Ok(world) => sides.push(Side {
                name: named.name,
                loaded: named.loaded,
                world,
            }),
            Err(error) => report.push(document.error(&["scenario"], error.to_string())),
        }
        files.push(named.files);
    }
    if report.errors() > 0 {
        return None;
    }
    for caution in kind.cautions(&constraints) {
        warnings.push(document.warning(&["design"], caution));
    }
    if let Kind::Morris { trajectories, .. } = kind {
        let distinct = distinct_trajectories(&rows);
        if distinct < trajectories as usize {
            let what = text!("same-trajectories", distinct, trajectories);
            warnings.push(document.warning(&["design"], what));
        }
    }
    // A variant changes nothing about who is a member of what.
    let policies = sides.len() / (1 + spec.variants.len());
    let mut months = spec.horizons.clone();
    months.extend(&counted.horizons);
    let mut comparison = Comparison::new(sides, (1..policies).collect(), &months);
    let groups = spec.groups.iter().chain(&counted.groups);
    if groups.into_iter().any(|kind| *kind == GroupsSpec::Origin) {
        comparison = comparison.with_origins();
    }
    let of_firms = kept::of_firms(&outcomes, measures.as_ref().map_or(&[], |m| &m.1));
    if let Some(name) = of_firms.first().filter(|_| !comparison.firms()) {
        let what = text!("about-firms");
        let problem = document.error(&["outcomes"], what).value(name);
        report.push(problem.allowed(text!("scenario-with-firms")));
        return None;
    }
    let mut kept = kept::slots(&comparison, &outcomes, &spec.groups, &spec.horizons);
    let mut targets_of = |file: &Document<TargetsFile>, kept: &[usize]| {
        statistics(file, &file.spec.targets, &comparison, kept, report)
    };
    let mut entries = Vec::new();
    if let Some(file) = &targets {
        let all: Vec<usize> = (0..comparison.slots.list().len()).collect();
        let found = targets_of(file, &all)?;
        kept.extend(found.iter().flat_map(Statistic::slots));
        kept.sort_unstable();
        kept.dedup();
        let found = targets_of(file, &kept)?.into_iter();
        let entry = |(target, statistic): (&TargetSpec, Statistic)| TargetEntry {
            id: target.id.clone(),
            statistic,
            sd: target.noise().sqrt(),
        };
        entries = file.spec.targets.iter().zip(found).map(entry).collect();
    }
    let monthly = measures
        .map(|(every, measures)| (kept::months(comparison.calendar().months, every), measures));
    let values = kept.len() + monthly.as_ref().map_or(0, |(t, m)| t.len() * m.len());
    if values > MOST_VALUES {
        let what = text!("too-many-values", n = values);
        let problem = document.error(&["outcomes"], what);
        report.push(problem.allowed(text!("most-values", most = MOST_VALUES)));
        return None;
    }
    let mut plan = Plan {
        document: file,
        scenario,
        comparison,
        layout_files: files,
        layout_words: words,
        kept,
        targets: entries,
        monthly,
        kind,
        parameters,
        rows,
        points,
        point_of,
        row_of,
        memory: needed,
        warnings,
    };
    vet::check_ends(&plan, report);
    if report.errors() > 0 {
        return None;
    }
    let warning = vet::check_points(&plan, report);
    plan.warnings.extend(warning);
    Some(plan)
}

/// Whether points can have replicates of their own: points that are draws; of a pool, enough replicates of each, and enough of
/// them.
pub(super) fn check_pool(
    document: &Document<PlanSpec>,
    kind: &Kind,
    points: usize,
    report: &mut Report,
) {
    let spec = &document.spec;
    let key = match (spec.pool, spec.own_replicates) {
        (true, true) => {
            let problem = document.error(&["own_replicates"], text!("pool-or-own"));
            report.push(problem.value(true).allowed("false"));
            return;
        }
        (true, false) => "pool",
        (false, true) => "own_replicates",
        (false, false) => return,
    };
    if !kind.is_sample() || matches!(kind, Kind::Saltelli { .. }) {
        let problem = document.error(&[key], text!("pool-of-draws"));
        report.push(
            problem
                .value(kind.name())
                .allowed("random, latin-hypercube, sobol"),
        );
    }
    if !spec.pool {
        return;
    }
    if spec.first_replicate > 0 {
        let problem = document.error(&["first_replicate"], text!("pool-first"));
        report.push(problem.value(spec.first_replicate).allowed("0"));
    }
    if spec.replicates < LEAST_EACH {
        let problem = document.error(&["replicates"], text!("pool-replicates"));
        report.push(
            problem
                .value(spec.replicates)
                .allowed(text!("range-least", least = LEAST_EACH)),
        );
    }
    let least = Pool::new(spec.replicates.max(LEAST_EACH)).points();
    if points < least as usize {
        let problem = document.error(&["design"], text!("pool-points"));
        report.push(problem.value(points).allowed(text!("range-least", least)));
    }
}

/// What the worlds of all layouts need, and each run with the world of its own point.
fn memory<'l>(layouts: impl Iterator<Item = &'l Scenario>) -> Option<MemoryEstimate> {
    let estimates = layouts.map(|layout| memory::estimate(layout, Recorded::default()));
    let estimates: Vec<MemoryEstimate> = estimates.collect();
    let mut all = memory::together(&estimates)?;
    let world = estimates.iter().map(|e| e.world_bytes).max()?;
    all.per_replicate_bytes = all.per_replicate_bytes.saturating_add(world);
    Some(all)
}

/// The distinct points of a design, the point of each row, and the first row of each point. Where each point has
/// replicates of its own, a row that is there already is another draw, and a point of its own.
fn distinct(
    parameters: &[Parameter],
    rows: &[Point],
    document: &Document<PlanSpec>,
    report: &mut Report,
) -> Option<(Vec<PointRow>, Vec<u32>, Vec<usize>)> {
    let mut points: Vec<PointRow> = Vec::new();
    let mut known: BTreeMap<String, u32> = BTreeMap::new();
    let mut drawn: BTreeMap<String, u32> = BTreeMap::new();
    let (mut point_of, mut row_of) = (Vec::with_capacity(rows.len()), Vec::new());
    let own = document.spec.pool || document.spec.own_replicates;
    for (number, row) in rows.iter().enumerate() {
        let values = parameters.iter().zip(&row.values);
        let settings = values
            .map(|(p, value)| format!("{}={}", p.key, text_of(value)))
            .collect();
        let mut point = PointRow::new(settings);
        let copies = drawn.entry(point.id.clone()).or_insert(0);
        if own && *copies > 0 {
            point = PointRow::copy(point.settings, *copies);
        }
        *copies += 1;
        let at = match known.get(&point.id) {
            Some(&at) if points[at as usize].settings != point.settings => {
                let what = text!("point-same-id");
                report.push(document.error(&["design"], what));
                return None;
            }
            Some(&at) => at,
            None => {
                let at = points.len() as u32;
                known.insert(point.id.clone(), at);
                points.push(point);
                row_of.push(number);
                at
            }
        };
        point_of.push(at);
    }
    Some((points, point_of, row_of))
}
