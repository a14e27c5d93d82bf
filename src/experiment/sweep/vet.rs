//! Points checked as scenarios before anything runs.

use std::collections::BTreeSet;

use crate::design::{Distribution, Kind, Level};
use crate::scenario::Problem;
use crate::scenario::problem::Report;
use crate::texts::{Text, text};

use super::Plan;
use super::level::setting;
use super::point::words;
use super::spec::VariesSpec;

/// Points that are checked one by one before anything runs.
const CHECKED: usize = 100;

/// Whether a problem is with a value whatever the others are.
fn is_alone(problem: &Problem) -> bool {
    let alone = [
        "out-of-range",
        "expected-found",
        "expected-text",
        "not-a-choice",
    ];
    problem.file == "--set" && alone.iter().any(|id| problem.what.is(id))
}

/// The values that a parameter's table names, each with its key.
fn ends(varies: &VariesSpec) -> Vec<(Vec<String>, Level)> {
    let numbers = |ends: [(&str, Option<f64>); 2]| {
        let end =
            |(name, end): (&str, Option<f64>)| Some((vec![name.to_owned()], Level::Number(end?)));
        ends.into_iter().filter_map(end).collect()
    };
    let list = |name: &str, list: &[Level]| {
        let list = list.iter().take(CHECKED).enumerate();
        list.map(|(at, level)| (vec![name.to_owned(), at.to_string()], level.clone()))
            .collect()
    };
    match varies {
        VariesSpec::Levels { levels } => list("levels", levels),
        VariesSpec::Steps { from, to, .. } => numbers([("from", Some(*from)), ("to", Some(*to))]),
        VariesSpec::Distribution(distribution) => match distribution {
            Distribution::Discrete { values, .. } => list("values", values),
            Distribution::Normal { min, max, .. } => numbers([("min", *min), ("max", *max)]),
            Distribution::Uniform { min, max }
            | Distribution::LogUniform { min, max }
            | Distribution::Triangular { min, max, .. } => {
                numbers([("min", Some(*min)), ("max", Some(*max))])
            }
        },
    }
}

/// Checks all that the plan says of its parameters' values against what the scenario allows: ends of
/// distributions, levels, choices. So a range is wrong whether or not a point is laid in its wrong part.
pub fn check_ends(plan: &Plan, report: &mut Report) {
    let document = &plan.document;
    for (key, spec) in &document.spec.parameters {
        for (names, level) in spec.varies.iter().flat_map(ends) {
            let Err(problems) = plan.scenario_at(0, &[setting(key, &level)]) else {
                continue;
            };
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
pub fn check_points(plan: &Plan, report: &mut Report) -> Option<Problem> {
    let document = &plan.document;
    let mut failing = 0;
    let mut first: Option<(String, Text)> = None;
    let mut told: BTreeSet<(String, Option<String>)> = BTreeSet::new();
    let list = match &plan.kind {
        Kind::List { file, .. } => Some(file),
        _ => None,
    };
    let checked = plan.points.len().min(CHECKED);
    for (number, point) in plan.points[..checked].iter().enumerate() {
        let values = plan.values(number);
        let mut sides = 0..plan.comparison.sides.len();
        let wrong = sides.find_map(|side| plan.scenario_at(side, &values).err());
        let Some(problems) = wrong else { continue };
        failing += 1;
        for problem in problems.errors().filter(|problem| is_alone(problem)) {
            let key = problem.key.as_deref().unwrap_or_default();
            let own = plan.parameters.iter().find(|p| p.key == key);
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
                    row: plan
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
    let what = text!("points-will-fail", failing, checked, settings, words);
    Some(document.warning(&["design"], what))
}
