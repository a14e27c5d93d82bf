//! From a plan file to a checked plan: layouts loaded and fit to be compared, parameters that the
//! scenario has, points that are laid.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::design::{Kind, Point};
use crate::experiment::compare::{Comparison, LONGEST, Side, refused};
use crate::measure::Outcome;
use crate::scenario::problem::Report;
use crate::scenario::{Document, Dotted, Loaded, Problem, Problems, parameter_table};
use crate::store::PointRow;
use crate::world::World;
use crate::world::memory::{self, MemoryEstimate, Recorded};

use super::layouts::{File, kind_of_file};
use super::parameters::text_of;
use super::spec::{PlanSpec, parameter_keys};
use super::{Parameter, design, kept, layouts, parameters, vet};

/// Most values that are kept of a run.
const MOST_VALUES: usize = 4000;
/// Most runs of a sweep.
const MOST_RUNS: u64 = 100_000_000;

/// A checked plan.
#[derive(Debug)]
pub struct Plan {
    /// The plan file.
    pub document: Document<PlanSpec>,
    /// The scenario.
    pub scenario: PathBuf,
    /// The layouts, baseline first.
    pub comparison: Comparison,
    /// Their files, for loading one anew with other values.
    pub layout_files: Vec<Vec<PathBuf>>,
    /// The layouts as the plan names them, in the same order.
    pub layout_words: Vec<String>,
    /// What the plan sets for all points, `key=value`.
    pub set: Vec<String>,
    /// Positions of the slots that are kept.
    pub kept: Vec<usize>,
    /// Month numbers and measures that are kept.
    pub monthly: Option<(Vec<u16>, Vec<&'static Outcome>)>,
    /// The kind of its design.
    pub kind: Kind,
    /// The parameters.
    pub parameters: Vec<Parameter>,
    /// Rows of the design.
    pub rows: Vec<Point>,
    /// Distinct points, in order of first appearance.
    pub points: Vec<PointRow>,
    /// The point of each row.
    pub point_of: Vec<u32>,
    /// What is allowed but perhaps not meant.
    pub warnings: Vec<Problem>,
}

impl Plan {
    /// Whether the design's own order is not balanced.
    pub fn is_scattered(&self) -> bool {
        matches!(self.kind, Kind::Grid {} | Kind::List { .. })
    }

    /// Number of runs.
    pub fn runs(&self) -> u64 {
        let layouts = self.comparison.sides.len() as u64;
        self.points.len() as u64 * layouts * u64::from(self.document.spec.replicates)
    }
}

/// Reads and checks a plan.
///
/// # Errors
/// All that is wrong with the plan, the scenario, any layout, or with comparing them.
pub fn read_plan(path: &Path) -> Result<Plan, Problems> {
    if kind_of_file(path) == Some(File::Scenario) {
        let what = "this is a scenario, not a plan: a plan names its scenario with `scenario`";
        return Err(Problems::from(Problem::error(path.to_string_lossy(), what)));
    }
    let mut report = Report::default();
    let document: Option<Document<PlanSpec>> = Document::read(
        path,
        &[
            Dotted {
                table: "parameters",
                entry: &parameter_keys(),
            },
            Dotted {
                table: "set",
                entry: &[],
            },
        ],
        &mut report,
    );
    let Some(document) = document else {
        return Err(report.finish());
    };
    if report.errors() > 0 {
        check_names(&document, &mut report);
        return Err(report.finish());
    }
    match check(document, &mut report) {
        Some(plan) if report.errors() == 0 => Ok(plan),
        _ => Err(report.finish()),
    }
}

/// What can be checked of a plan in which something else is wrong: outcomes, measures, keys of
/// parameters, and the scenario with its layouts, as far as nothing about them is in doubt.
fn check_names(document: &Document<PlanSpec>, report: &mut Report) {
    let spec = &document.spec;
    let sound = |key: &str| !document.doubtful(&[key]);
    if sound("outcomes") {
        kept::outcomes(document, report);
    }
    if sound("monthly") {
        kept::measures(document, report);
    }
    parameters::of_plan(document, &parameter_table(), report);
    let keys = ["scenario", "layouts", "baseline", "set", "seed"];
    if keys.into_iter().all(sound) {
        let scenario = document.folder.join(&spec.scenario);
        let mut sets = set_of(spec);
        sets.extend(spec.seed.map(|seed| format!("seed={seed}")));
        layouts::load_all(document, &scenario, &sets, report);
    }
}

/// What a plan sets for all points, `key=value`.
fn set_of(spec: &PlanSpec) -> Vec<String> {
    let values = spec.set.iter();
    values
        .map(|(key, value)| format!("{key}={}", text_of(value)))
        .collect()
}

fn check(file: Document<PlanSpec>, report: &mut Report) -> Option<Plan> {
    let document = &file;
    let spec = &document.spec;
    let scenario = document.folder.join(&spec.scenario);
    let outcomes = kept::outcomes(document, report);
    let measures = kept::measures(document, report);
    let table = parameter_table();
    let set = set_of(spec);
    for key in spec.set.keys().filter(|key| parameters::is_own(key)) {
        let what = "cannot be set here: the plan itself has seed and replicates";
        report.push(document.error(&["set", key], what));
    }
    let mut sets = set.clone();
    sets.extend(spec.seed.map(|seed| format!("seed={seed}")));
    let loaded = if kind_of_file(&scenario) == Some(File::Plan) {
        let problem = document.error(&["scenario"], "this is a plan, not a scenario");
        report.push(problem.value(&spec.scenario));
        None
    } else {
        layouts::load_all(document, &scenario, &sets, report)
    };
    let parameters = parameters::of_plan(document, &table, report);
    let laid = design::lay(document, &parameters, &table, report);
    let (loaded, words) = loaded?;
    let first = loaded.first()?;
    let pairs: Vec<(&str, &Loaded)> = loaded[1..]
        .iter()
        .map(|named| (named.name.as_str(), &named.loaded))
        .collect();
    if let Err(problems) = refused((&first.name, &first.loaded), &pairs) {
        problems.problems.into_iter().for_each(|p| report.push(p));
    }
    let run = &first.loaded.scenario;
    for (at, month) in spec.horizons.iter().enumerate() {
        if *month < run.start || *month > run.end {
            let problem =
                document.error(&["horizons", &at.to_string()], "is not a month of the run");
            report.push(
                problem
                    .value(month)
                    .allowed(format!("{} to {}", run.start, run.end)),
            );
        }
    }
    if run.end.since(run.start) >= i32::from(LONGEST) {
        let what = format!("is too long to be swept: at most {LONGEST} months");
        report.push(first.loaded.error("end", what));
    }
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
    let (points, point_of) = distinct(&parameters, &rows, document, report)?;
    let all = points.len() as u64 * loaded.len() as u64 * u64::from(spec.replicates);
    if all > MOST_RUNS {
        let what = format!("these would be {all} runs");
        let problem = document.error(&["design"], what);
        report.push(problem.allowed(format!(
            "at most {MOST_RUNS}: fewer points, layouts or replicates"
        )));
        return None;
    }
    let estimates: Vec<MemoryEstimate> = loaded
        .iter()
        .map(|named| memory::estimate(&named.loaded.scenario, Recorded::default()))
        .collect();
    if let (Some(all), Some(available)) = (memory::together(&estimates), memory::available_memory())
        && let Some(what) = memory::memory_problem(&all, 1, available)
    {
        report.push(document.error(&["scenario"], what));
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
        match World::new(&named.loaded.scenario) {
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
    let all: Vec<usize> = (0..sides.len()).collect();
    let comparison = Comparison::new(sides, all, &spec.horizons);
    let of_firms = kept::of_firms(&outcomes, measures.as_ref().map_or(&[], |m| &m.1));
    if let Some(name) = of_firms.first().filter(|_| !comparison.firms()) {
        let what = "is about firms, and the scenario has none";
        let problem = document.error(&["outcomes"], what).value(name);
        report.push(problem.allowed("a scenario with a table [firms]"));
        return None;
    }
    let kept = kept::slots(&comparison, &outcomes, &spec.groups);
    let monthly = measures
        .map(|(every, measures)| (kept::months(comparison.calendar().months, every), measures));
    let values = kept.len() + monthly.as_ref().map_or(0, |(t, m)| t.len() * m.len());
    if values > MOST_VALUES {
        let what = format!("{values} values of each run would be kept");
        let problem = document.error(&["outcomes"], what);
        report.push(problem.allowed(format!(
            "at most {MOST_VALUES}: fewer outcomes, groups, horizons or monthly rows"
        )));
        return None;
    }
    let mut plan = Plan {
        document: file,
        scenario,
        comparison,
        layout_files: files,
        layout_words: words,
        set,
        kept,
        monthly,
        kind,
        parameters,
        rows,
        points,
        point_of,
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

/// The distinct points of a design, and the point of each row.
fn distinct(
    parameters: &[Parameter],
    rows: &[Point],
    document: &Document<PlanSpec>,
    report: &mut Report,
) -> Option<(Vec<PointRow>, Vec<u32>)> {
    let mut points: Vec<PointRow> = Vec::new();
    let mut known: BTreeMap<String, u32> = BTreeMap::new();
    let mut point_of = Vec::with_capacity(rows.len());
    for row in rows {
        let values = parameters.iter().zip(&row.values);
        let settings = values
            .map(|(p, value)| format!("{}={}", p.key, text_of(value)))
            .collect();
        let point = PointRow::new(settings);
        let at = match known.get(&point.id) {
            Some(&at) if points[at as usize].settings != point.settings => {
                let what = "two points have the same id by chance: take another seed of the design";
                report.push(document.error(&["design"], what));
                return None;
            }
            Some(&at) => at,
            None => {
                let at = points.len() as u32;
                known.insert(point.id.clone(), at);
                points.push(point);
                at
            }
        };
        point_of.push(at);
    }
    Some((points, point_of))
}
