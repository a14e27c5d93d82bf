//! From a plan file to a checked plan: layouts loaded and fit to be compared, parameters that the
//! scenario has, points that are laid.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::design::Level;
use crate::experiment::compare::catalogue::{MEASURES, OUTCOMES, position};
use crate::experiment::compare::{Comparison, LONGEST, Of, Side, Slot, refused};
use crate::scenario::problem::Report;
use crate::scenario::{
    BASE, Document, Dotted, Loaded, Month, ParameterRow, Problem, Problems, Takes, layout_files,
    load, parameter_table,
};
use crate::store::sweep::{
    Monthly, ParameterEntry, PointRow, SlotEntry, SweepManifest, Swept, points_table,
};
use crate::store::{Column, Format, Input, TableData, name_problem};
use crate::world::World;

use super::design;
use super::spec::{DesignKind, FormatSpec, GroupsSpec, PARAMETER_KEYS, PlanSpec};

/// Outcomes that are kept unless the plan says otherwise.
const USUAL: [&str; 8] = [
    "mean_stock",
    "adoptions",
    "replicated_national",
    "theil",
    "theil_between",
    "gini",
    "moran",
    "plane_share",
];
/// Most values that are kept of a run.
const MOST_VALUES: usize = 4000;
/// Most runs of a sweep.
const MOST_RUNS: u64 = 100_000_000;
/// Points that are checked one by one before anything runs.
const CHECKED: usize = 100;
/// Keys that a plan cannot set: it has its own for them.
const OWN: [&str; 5] = ["format", "name", "extends", "seed", "replicates"];
/// Keys that make what cannot be varied: other months, another luck, other places.
const FIXED: [&str; 12] = [
    "format",
    "name",
    "title",
    "title_zh",
    "extends",
    "start",
    "end",
    "seed",
    "replicates",
    "places",
    "domains",
    "corridors",
];

/// A parameter of the design.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// Key in the scenario.
    pub key: String,
    /// Column in the tables.
    pub column: String,
    /// Unit.
    pub unit: String,
    /// What it is.
    pub what: String,
    /// Whether it takes whole numbers only.
    pub whole: bool,
}

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
    /// Month numbers and measures (positions in [`MEASURES`]) that are kept.
    pub monthly: Option<(Vec<u16>, Vec<usize>)>,
    /// The parameters.
    pub parameters: Vec<Parameter>,
    /// Rows of the design.
    pub rows: Vec<crate::design::Point>,
    /// Distinct points, in order of first appearance.
    pub points: Vec<PointRow>,
    /// The point of each row.
    pub point_of: Vec<u32>,
    /// What is allowed but perhaps not meant.
    pub warnings: Vec<Problem>,
}

/// Reads and checks a plan.
///
/// # Errors
/// All that is wrong with the plan, the scenario, any layout, or with comparing them.
pub fn read_plan(path: &Path) -> Result<Plan, Problems> {
    if kind_of_file(path) == Some(File::Scenario) {
        let what = "this is a scenario, not a plan: a plan names its scenario with `scenario`";
        return Err(one(Problem::error(path.to_string_lossy(), what)));
    }
    let document: Document<PlanSpec> = Document::read(
        path,
        &[
            Dotted {
                table: "parameters",
                entry: &PARAMETER_KEYS,
            },
            Dotted {
                table: "set",
                entry: &[],
            },
        ],
    )?;
    let mut report = Report::default();
    let found = check(&document, &mut report);
    match found {
        Some(parts) if report.errors() == 0 => Ok(parts.into_plan(document)),
        _ => Err(report.finish()),
    }
}

/// What a TOML file is, by the keys that only such a file has.
#[derive(Clone, Copy, PartialEq, Eq)]
enum File {
    Plan,
    Scenario,
}

fn kind_of_file(path: &Path) -> Option<File> {
    // Larger files are neither, and are told so when they are read.
    let small = std::fs::metadata(path).is_ok_and(|about| about.is_file() && about.len() < 1 << 20);
    let text = small.then(|| std::fs::read_to_string(path).ok())??;
    let keys: toml::Table = text.parse().ok()?;
    let has = |key: &str| keys.contains_key(key);
    if has("design") || has("scenario") {
        Some(File::Plan)
    } else if has("places") || has("domains") || has("extends") {
        Some(File::Scenario)
    } else {
        None
    }
}

fn one(problem: Problem) -> Problems {
    let mut report = Report::default();
    report.push(problem);
    report.finish()
}

/// A plan without its document.
struct Parts {
    scenario: PathBuf,
    comparison: Comparison,
    layout_files: Vec<Vec<PathBuf>>,
    layout_words: Vec<String>,
    set: Vec<String>,
    kept: Vec<usize>,
    monthly: Option<(Vec<u16>, Vec<usize>)>,
    parameters: Vec<Parameter>,
    rows: Vec<crate::design::Point>,
    points: Vec<PointRow>,
    point_of: Vec<u32>,
    warnings: Vec<Problem>,
}

impl Parts {
    fn into_plan(self, document: Document<PlanSpec>) -> Plan {
        let Self {
            scenario,
            comparison,
            layout_files,
            layout_words,
            set,
            kept,
            monthly,
            parameters,
            rows,
            points,
            point_of,
            warnings,
        } = self;
        Plan {
            document,
            scenario,
            comparison,
            layout_files,
            layout_words,
            set,
            kept,
            monthly,
            parameters,
            rows,
            points,
            point_of,
            warnings,
        }
    }
}

fn check(document: &Document<PlanSpec>, report: &mut Report) -> Option<Parts> {
    let spec = &document.spec;
    let scenario = document.folder.join(&spec.scenario);
    let outcomes = outcomes(document, report);
    let measures = measures(document, report);
    let table = parameter_table();
    let mut set: Vec<String> = Vec::new();
    for (key, value) in &spec.set {
        if OWN.contains(&key.as_str()) {
            let what = "cannot be set here: the plan itself has seed and replicates";
            report.push(document.error(&["set", key], what));
        }
        set.push(format!("{key}={}", text_of(&value.0)));
    }
    let mut sets = set.clone();
    sets.extend(spec.seed.map(|seed| format!("seed={seed}")));
    let loaded = if kind_of_file(&scenario) == Some(File::Plan) {
        let problem = document.error(&["scenario"], "this is a plan, not a scenario");
        report.push(problem.value(&spec.scenario));
        None
    } else {
        layouts(document, &scenario, &sets, report)
    };
    let parameters = parameters(document, &table, report);
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
    let (outcomes, measures, (parameters, rows)) = (outcomes?, measures?, laid?);
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
    for caution in design::cautions(document) {
        warnings.push(document.warning(&["design"], caution));
    }
    let all: Vec<usize> = (0..sides.len()).collect();
    let months: Vec<Month> = spec.horizons.clone();
    let comparison = Comparison::new(sides, all, &months);
    let kept = kept(&comparison, &outcomes, &spec.groups);
    let monthly = measures.map(|(every, measures)| {
        let last = comparison.calendar().months.saturating_sub(1);
        let mut months: Vec<u16> = (0..=last)
            .filter(|t| (u32::from(*t) + 1) % every == 0)
            .collect();
        if months.last() != Some(&last) {
            months.push(last);
        }
        (months, measures)
    });
    let values = kept.len() + monthly.as_ref().map_or(0, |(t, m)| t.len() * m.len());
    if values > MOST_VALUES {
        let what = format!("{values} values of each run would be kept");
        let problem = document.error(&["outcomes"], what);
        report.push(problem.allowed(format!(
            "at most {MOST_VALUES}: fewer outcomes, groups, horizons or monthly rows"
        )));
        return None;
    }
    let mut parts = Parts {
        scenario,
        comparison,
        layout_files: files,
        layout_words: words,
        set,
        kept,
        monthly,
        parameters,
        rows,
        points,
        point_of,
        warnings,
    };
    check_ends(document, &parts, report);
    if report.errors() > 0 {
        return None;
    }
    let warning = check_points(document, &parts, report);
    parts.warnings.extend(warning);
    Some(parts)
}

const FIXED_WORDS: &str =
    "cannot be varied: all runs of a sweep have the same months, places and luck";

fn is_fixed(key: &str) -> bool {
    let table = key.split('.').next().unwrap_or(key);
    FIXED.contains(&table)
}

/// A value as `--set` takes it.
pub(super) fn text_of(level: &Level) -> String {
    match level {
        // Never an exponent that TOML would not take as a number.
        Level::Number(number) if number.abs() >= 1e15 && number.fract() == 0.0 => {
            format!("{number:e}")
        }
        level => level.to_string(),
    }
}

fn outcomes(document: &Document<PlanSpec>, report: &mut Report) -> Option<Vec<usize>> {
    let before = report.errors();
    let mut list = Vec::new();
    for (at, name) in document.spec.outcomes.iter().enumerate() {
        match position(name) {
            Some(found) => list.push(found),
            None => {
                let nearest = report.near(name, OUTCOMES.iter().map(|outcome| outcome.name));
                let problem =
                    document.error(&["outcomes", &at.to_string()], "no outcome is called so");
                let problem = problem
                    .value(name)
                    .allowed("what `pointplane outcomes` lists");
                report.push(problem.nearest(nearest));
            }
        }
    }
    if document.spec.outcomes.is_empty() {
        list = USUAL.iter().filter_map(|name| position(name)).collect();
    }
    list.sort_unstable();
    list.dedup();
    (report.errors() == before).then_some(list)
}

type Measures = Option<(u32, Vec<usize>)>;

fn measures(document: &Document<PlanSpec>, report: &mut Report) -> Option<Measures> {
    let Some(monthly) = &document.spec.monthly else {
        return Some(None);
    };
    let before = report.errors();
    let mut list = Vec::new();
    for (at, name) in monthly.measures.iter().enumerate() {
        match MEASURES.iter().position(|measure| measure == name) {
            Some(found) => list.push(found),
            None => {
                let nearest = report.near(name, MEASURES);
                let at = at.to_string();
                let problem =
                    document.error(&["monthly", "measures", &at], "no measure is called so");
                report.push(
                    problem
                        .value(name)
                        .allowed(MEASURES.join(", "))
                        .nearest(nearest),
                );
            }
        }
    }
    list.sort_unstable();
    list.dedup();
    (report.errors() == before).then_some(Some((monthly.every, list)))
}

/// A layout that was loaded.
struct Named {
    name: String,
    files: Vec<PathBuf>,
    loaded: Loaded,
}

/// The layouts, baseline first, and how the plan names them.
fn layouts(
    document: &Document<PlanSpec>,
    scenario: &Path,
    sets: &[String],
    report: &mut Report,
) -> Option<(Vec<Named>, Vec<String>)> {
    let spec = &document.spec;
    let before = report.errors();
    let mut words: Vec<String> = Vec::new();
    for (at, word) in spec.layouts.iter().enumerate() {
        if words.contains(word) {
            let problem =
                document.error(&["layouts", &at.to_string()], "this layout is named twice");
            report.push(problem.value(word));
        } else {
            words.push(word.clone());
        }
    }
    if let Some(baseline) = &spec.baseline {
        match words.iter().position(|word| word == baseline) {
            Some(at) => words[..=at].rotate_right(1),
            None => {
                let nearest = report.near(baseline, words.iter().map(String::as_str));
                let problem = document.error(&["baseline"], "is not one of the layouts");
                report.push(
                    problem
                        .value(baseline)
                        .allowed(words.join(", "))
                        .nearest(nearest),
                );
            }
        }
    }
    let mut named: Vec<Named> = Vec::new();
    let mut seen: Vec<Problem> = Vec::new();
    for word in &words {
        let files: Vec<PathBuf> = layout_files(scenario, word)
            .into_iter()
            .map(|file| match document.folder.join(&file) {
                beside if file.components().count() > 1 && beside.is_file() => beside,
                _ => file,
            })
            .collect();
        match load(scenario, &files, sets) {
            Ok(loaded) => {
                let name = match loaded.scenario.layout.as_str() {
                    "" => BASE.to_owned(),
                    layout => layout.to_owned(),
                };
                if named.iter().any(|other| other.name == name) {
                    let what = format!("is called {name}, as another layout is");
                    report.push(document.error(&["layouts"], what).value(word));
                }
                named.push(Named {
                    name,
                    files,
                    loaded,
                });
            }
            Err(problems) => {
                for problem in problems.problems {
                    if !seen.contains(&problem) {
                        seen.push(problem.clone());
                        let problem = match problem.file.as_str() {
                            "--set" => in_plan(document, problem),
                            _ => problem,
                        };
                        report.push(problem);
                    }
                }
            }
        }
    }
    (report.errors() == before).then_some((named, words))
}

/// A problem with a value that the plan sets, at its line of the plan.
fn in_plan(document: &Document<PlanSpec>, problem: Problem) -> Problem {
    let Some(key) = problem.key.clone() else {
        return problem;
    };
    let at = match key.as_str() {
        "seed" => document.error(&["seed"], ""),
        key => document.error(&["set", key], ""),
    };
    Problem {
        file: at.file,
        line: at.line,
        key: at.key,
        ..problem
    }
}

/// What the scenario says of each parameter of the plan, in the order of their keys.
fn parameters(
    document: &Document<PlanSpec>,
    table: &[ParameterRow],
    report: &mut Report,
) -> Vec<Parameter> {
    document
        .spec
        .parameters
        .iter()
        .filter_map(|(key, spec)| {
            let at = document.error(&["parameters", key], "");
            parameter(key, spec.column.as_deref(), at, table, report)
        })
        .collect()
}

/// A parameter of this key, at which nothing is wrong; what is wrong is told as `at`.
pub(super) fn parameter(
    key: &str,
    column: Option<&str>,
    at: Problem,
    table: &[ParameterRow],
    report: &mut Report,
) -> Option<Parameter> {
    let mut fail = |what: String, nearest: Option<String>| {
        report.push(Problem { what, ..at.clone() }.nearest(nearest));
        None
    };
    if is_fixed(key) {
        return fail(FIXED_WORDS.to_owned(), None);
    }
    let Some(row) = table.iter().find(|row| matches(&row.key, key)) else {
        let known = table.iter().map(|row| row.key.as_str());
        let nearest = Report::default().near(key, known);
        return fail("the scenario has no such key".to_owned(), nearest);
    };
    if row.takes == Takes::Other {
        let what = "is no number, choice or switch: nothing else can be varied";
        return fail(what.to_owned(), None);
    }
    Some(Parameter {
        key: key.to_owned(),
        column: column.map_or_else(
            || key.replace(['.', '-'], "_").to_lowercase(),
            str::to_owned,
        ),
        unit: row.unit.clone(),
        what: row.what.lines().next().unwrap_or_default().to_owned(),
        whole: row.takes == Takes::Whole,
    })
}

/// Whether a key is the one of a row of the table of parameters, in which `[]` stands for an item of a
/// list (a number or an id).
fn matches(row: &str, key: &str) -> bool {
    let mut keys = key.split('.');
    for step in row.split('.') {
        let (name, list) = match step.strip_suffix("[]") {
            Some(name) => (name, true),
            None => (step, false),
        };
        match keys.next() {
            Some(key) if key == name || name.starts_with('<') => {}
            _ => return false,
        }
        if list && keys.next().is_none() {
            return false;
        }
    }
    keys.next().is_none()
}

/// The distinct points of a design, and the point of each row.
fn distinct(
    parameters: &[Parameter],
    rows: &[crate::design::Point],
    document: &Document<PlanSpec>,
    report: &mut Report,
) -> Option<(Vec<PointRow>, Vec<u32>)> {
    let mut points: Vec<PointRow> = Vec::new();
    let mut known: std::collections::BTreeMap<String, u32> = std::collections::BTreeMap::new();
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

/// Positions of the slots that a plan keeps.
fn kept(comparison: &Comparison, outcomes: &[usize], groups: &[GroupsSpec]) -> Vec<usize> {
    let words: BTreeSet<&str> = groups
        .iter()
        .map(|kind| match kind {
            GroupsSpec::Province => "province",
            GroupsSpec::Area => "area",
            GroupsSpec::Tier => "tier",
            GroupsSpec::Corridor => "corridor",
            GroupsSpec::Membership => "membership",
        })
        .collect();
    let wanted = |slot: &Slot| {
        let (kind, _, members_of) = slot.group(&comparison.groups);
        let group = match slot.of {
            Of::Nation | Of::Axis(_) => true,
            Of::Group(_) => words.contains(kind),
        };
        // Members are those of a layout that is held against the baseline.
        outcomes.contains(&slot.outcome) && group && members_of != Some(0)
    };
    let slots = comparison.slots.list().iter().enumerate();
    slots
        .filter(|(_, slot)| wanted(slot))
        .map(|(at, _)| at)
        .collect()
}

/// Whether a problem is with a value whatever the others are.
fn is_alone(problem: &Problem) -> bool {
    problem.file == "--set"
        && (problem.what == "out of range"
            || problem.what.starts_with("expected")
            || problem.what.contains("choices"))
}

/// Checks all that the plan says of its parameters' values against what the scenario allows: ends of
/// distributions, levels, choices. So a range is wrong whether or not a point is laid in its wrong part.
fn check_ends(document: &Document<PlanSpec>, parts: &Parts, report: &mut Report) {
    let (side, files) = (&parts.comparison.sides[0], &parts.layout_files[0]);
    for (key, spec) in &document.spec.parameters {
        let ends = [
            ("min", spec.min),
            ("max", spec.max),
            ("from", spec.from),
            ("to", spec.to),
        ];
        let ends = ends.into_iter().filter_map(|(name, end)| {
            let names = vec![name.to_owned()];
            Some((names, Level::Number(end?)))
        });
        let lists = [("values", &spec.values), ("levels", &spec.levels)];
        let lists = lists.into_iter().flat_map(|(name, list)| {
            let list = list.iter().flatten().take(CHECKED).enumerate();
            list.map(move |(at, level)| (vec![name.to_owned(), at.to_string()], level.0.clone()))
        });
        for (names, level) in ends.chain(lists) {
            let row = PointRow::new(vec![format!("{key}={}", text_of(&level))]);
            let seed = document.spec.seed;
            let loaded =
                super::point::scenario_of(side, files, &parts.scenario, &parts.set, seed, &row);
            let Err(problems) = loaded else { continue };
            let alone = problems.errors().filter(|problem| is_alone(problem));
            for problem in alone.filter(|problem| problem.key.as_deref() == Some(key)) {
                let mut keys = vec!["parameters", key.as_str()];
                keys.extend(names.iter().map(String::as_str));
                let at = document.error(&keys, "");
                report.push(Problem {
                    file: at.file,
                    line: at.line,
                    key: at.key,
                    ..problem.clone()
                });
            }
        }
    }
}

/// Checks the first points of the design as scenarios. A value that is wrong whatever the others are is
/// an error at its parameter; values that do not fit together will be runs that fail, of which a warning
/// comes back.
fn check_points(
    document: &Document<PlanSpec>,
    parts: &Parts,
    report: &mut Report,
) -> Option<Problem> {
    let mut failing = 0;
    let mut first: Option<(String, String)> = None;
    let mut told: BTreeSet<(String, Option<String>)> = BTreeSet::new();
    let list = document.spec.design.file.as_ref();
    let checked = parts.points.len().min(CHECKED);
    for (number, point) in parts.points[..checked].iter().enumerate() {
        let wrong = parts
            .comparison
            .sides
            .iter()
            .zip(&parts.layout_files)
            .find_map(|(side, files)| {
                let seed = document.spec.seed;
                super::point::scenario_of(side, files, &parts.scenario, &parts.set, seed, point)
                    .err()
            });
        let Some(problems) = wrong else { continue };
        failing += 1;
        for problem in problems.errors().filter(|problem| is_alone(problem)) {
            let key = problem.key.as_deref().unwrap_or_default();
            let own = parts.parameters.iter().find(|p| p.key == key);
            let Some(own) = own else { continue };
            if !told.insert((key.to_owned(), problem.value.clone())) {
                continue;
            }
            let at = document.error(&["parameters", key], "");
            let at = match list {
                // A cell of the list.
                Some(name) => Problem {
                    file: document.folder.join(name).display().to_string(),
                    line: None,
                    row: parts
                        .point_of
                        .iter()
                        .position(|of| *of as usize == number)
                        .map(|row| row as u64 + 1),
                    column: Some(own.column.clone()),
                    ..at
                },
                None => at,
            };
            report.push(Problem {
                file: at.file,
                line: at.line,
                row: at.row,
                column: at.column,
                key: if list.is_some() { None } else { at.key },
                ..problem.clone()
            });
        }
        first.get_or_insert_with(|| (point.settings.join(" "), words(&problems)));
    }
    let (settings, words) = first.filter(|_| report.errors() == 0)?;
    let what = format!(
        "{failing} of the first {checked} points cannot be run and will be runs that failed; a constraint would leave them out. The first is {settings}: {words}"
    );
    Some(document.warning(&["design"], what))
}

/// Problems in a row.
pub(super) fn words(problems: &Problems) -> String {
    let list: Vec<String> = problems.errors().map(Problem::to_string).collect();
    list.join("; ")
}

impl Plan {
    /// What is swept, for the store. Its table of points is [`Plan::points_data`].
    pub fn manifest(
        &self,
        version: &str,
        commit: &str,
        inputs: Vec<Input>,
        resolved: Vec<String>,
    ) -> SweepManifest {
        let spec = &self.document.spec;
        let base = self.comparison.baseline();
        let slots = self.comparison.slots.list();
        let slot = |at: &usize| {
            let (group_kind, group, members_of) = slots[*at].group(&self.comparison.groups);
            let layout = |of: usize| self.comparison.sides[of].name.clone();
            SlotEntry {
                outcome: OUTCOMES[slots[*at].outcome].name.to_owned(),
                group_kind: group_kind.to_owned(),
                group: group.map(|group| match members_of {
                    Some(of) => format!("{group} of {}", layout(of)),
                    None => group.to_owned(),
                }),
                horizon: slots[*at].horizon,
            }
        };
        // The plan may be named from anywhere: what lies beside it is the same.
        let beside = |input: Input| match Path::new(&input.path).strip_prefix(&self.document.folder)
        {
            Ok(path) => Input {
                path: path.to_string_lossy().into_owned(),
                ..input
            },
            Err(_) => input,
        };
        let swept = Swept {
            version: version.to_owned(),
            commit: commit.to_owned(),
            scenario: spec.scenario.clone(),
            scenario_name: base.loaded.scenario.name.clone(),
            start: base.loaded.scenario.start.0,
            months: self.comparison.calendar().months,
            seed: base.loaded.scenario.seed,
            set: self.set.clone(),
            layouts: self
                .comparison
                .sides
                .iter()
                .map(|side| side.name.clone())
                .collect(),
            layout_words: self.layout_words.clone(),
            resolved_sha256: resolved,
            inputs: inputs.into_iter().map(beside).collect(),
            slots: self.kept.iter().map(slot).collect(),
            monthly: self.monthly.as_ref().map(|(months, measures)| Monthly {
                months: months.clone(),
                measures: measures.iter().map(|m| MEASURES[*m].to_owned()).collect(),
            }),
        };
        let format = match spec.format {
            FormatSpec::Parquet => Format::Parquet,
            FormatSpec::Csv => Format::Csv,
        };
        let mut manifest =
            SweepManifest::new(spec.name.clone(), &self.document.text, swept, format);
        manifest.design = design::word(spec.design.kind).to_owned();
        manifest.morris_levels = design::morris_levels(&spec.design);
        manifest.parameters = self
            .parameters
            .iter()
            .enumerate()
            .map(|(at, p)| ParameterEntry {
                key: p.key.clone(),
                column: p.column.clone(),
                text: self
                    .rows
                    .iter()
                    .any(|row| row.values[at].number().is_none()),
                unit: p.unit.clone(),
                what: p.what.clone(),
            })
            .collect();
        manifest.rows = self.rows.len() as u64;
        manifest.points = self.points.len() as u64;
        manifest.replicates = spec.replicates;
        manifest
    }

    /// The table of points.
    pub fn points_data(&self, manifest: &SweepManifest) -> TableData {
        let point = |row: usize| &self.points[self.point_of[row] as usize];
        let points: Vec<&PointRow> = (0..self.rows.len()).map(point).collect();
        points_data(manifest, &self.rows, &points)
    }

    /// Whether the design's own order is not balanced.
    pub fn is_scattered(&self) -> bool {
        matches!(
            self.document.spec.design.kind,
            DesignKind::Grid | DesignKind::List
        )
    }

    /// Number of runs.
    pub fn runs(&self) -> u64 {
        let layouts = self.comparison.sides.len() as u64;
        self.points.len() as u64 * layouts * u64::from(self.document.spec.replicates)
    }
}

/// The table of points: the rows of a design, each with its point.
pub(super) fn points_data(
    manifest: &SweepManifest,
    rows: &[crate::design::Point],
    points: &[&PointRow],
) -> TableData {
    let keys: Vec<&str> = manifest.parameters.iter().map(|p| p.key.as_str()).collect();
    let roles: Vec<design::RoleCells> = rows
        .iter()
        .map(|row| design::cells(row.role, &keys))
        .collect();
    let settings: Vec<String> = points
        .iter()
        .map(|point| point.settings.join(" "))
        .collect();
    let mut columns = vec![
        Column::Int((0..rows.len()).map(|row| Some(row as i64)).collect()),
        Column::text(points.iter().map(|point| Some(point.id.as_str()))),
        Column::Int(roles.iter().map(|r| r.block).collect()),
        Column::text(roles.iter().map(|r| r.role)),
        Column::text(roles.iter().map(|r| r.moved.as_deref())),
        Column::Int(roles.iter().map(|r| r.direction).collect()),
    ];
    for (at, parameter) in manifest.parameters.iter().enumerate() {
        columns.push(if parameter.text {
            let texts: Vec<String> = rows.iter().map(|row| row.values[at].to_string()).collect();
            Column::text(texts.iter().map(|text| Some(text.as_str())))
        } else {
            let numbers = rows
                .iter()
                .map(|row| row.values[at].number().unwrap_or(f64::NAN));
            Column::Float(numbers.collect())
        });
    }
    columns.push(Column::text(
        settings.iter().map(|text| Some(text.as_str())),
    ));
    TableData::new("points", columns)
}

/// Whether the columns of the parameters can stand in the table of points.
pub(super) fn check_columns(
    document: &Document<PlanSpec>,
    parameters: &[Parameter],
    report: &mut Report,
) {
    let own = points_table(&SweepManifest::new(
        String::new(),
        "",
        Swept::default(),
        Format::Csv,
    ));
    let mut seen: Vec<&str> = own
        .columns
        .iter()
        .map(|column| column.name.as_str())
        .collect();
    for parameter in parameters {
        let column = parameter.column.as_str();
        let why = match name_problem(column) {
            None if seen.contains(&column) => Some("is there twice"),
            why => why,
        };
        if let Some(why) = why {
            let what = format!("its column {column} {why}");
            let problem = document.error(&["parameters", &parameter.key], what);
            report.push(problem.allowed("another name with `column`"));
        }
        seen.push(column);
    }
}
