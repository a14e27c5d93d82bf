//! The parameters of a plan: keys of the scenario that can be varied.

use crate::scenario::problem::Report;
use crate::scenario::{Document, ParameterRow, Problem, Scenario, Takes};
use crate::store::{name_problem, points_table};
use crate::texts::{Text, text};

use super::spec::PlanSpec;

/// Keys that a plan cannot set: it has its own for them.
const OWN: [&str; 5] = ["format", "name", "extends", "seed", "replicates"];
/// Keys that make what cannot be varied: other months, another seed, other places.
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

/// Why the others cannot be varied.
pub(super) fn fixed_words() -> Text {
    text!("cannot-be-varied")
}

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

/// Whether a plan has a key of its own for this one of the scenario.
pub fn is_own(key: &str) -> bool {
    OWN.contains(&key)
}

fn is_fixed(key: &str) -> bool {
    let table = key.split('.').next().unwrap_or(key);
    FIXED.contains(&table)
}

/// The table of parameters, before it those of a scenario's layers and covariates by their ids: draws of an estimation
/// have columns of these.
pub fn rows_of(scenario: &Scenario, table: Vec<ParameterRow>) -> Vec<ParameterRow> {
    let layers = scenario.layers.iter().map(|layer| layer.id.as_str());
    let covariates = scenario.covariates.iter().map(|of| of.spec.id.as_str());
    let named = |list: &str, key: &str, id: &str| {
        let row = table
            .iter()
            .find(|row| row.key == format!("{list}[].{key}"))?;
        let key = format!("{list}.{id}.{key}");
        Some(ParameterRow { key, ..row.clone() })
    };
    let layers = layers.filter_map(|id| named("layers", "coefficient", id));
    let covariates = covariates.filter_map(|id| named("covariates", "effect", id));
    let mut rows: Vec<ParameterRow> = layers.chain(covariates).collect();
    rows.extend(table);
    rows
}

/// What the scenario says of each parameter of the plan, in the order of their keys.
pub fn of_plan(
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
    let mut fail = |what: Text, nearest: Option<String>| {
        report.push(Problem { what, ..at.clone() }.nearest(nearest));
        None
    };
    if is_fixed(key) {
        return fail(fixed_words(), None);
    }
    let Some(row) = table.iter().find(|row| matches(&row.key, key)) else {
        let known = table.iter().map(|row| row.key.as_str());
        let nearest = Report::default().near(key, known);
        return fail(text!("no-such-key"), nearest);
    };
    if row.takes == Takes::Other {
        let what = text!("not-variable");
        return fail(what, None);
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
pub(super) fn matches(row: &str, key: &str) -> bool {
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

/// Whether the columns of the parameters can stand in the table of points.
pub(super) fn check_columns(
    document: &Document<PlanSpec>,
    parameters: &[Parameter],
    report: &mut Report,
) {
    let own = points_table(&[]);
    let mut seen: Vec<&str> = own
        .columns
        .iter()
        .map(|column| column.name.as_str())
        .collect();
    for parameter in parameters {
        let column = parameter.column.as_str();
        let why = match name_problem(column) {
            None if seen.contains(&column) => Some(text!("is-there-twice")),
            why => why,
        };
        if let Some(why) = why {
            let what = text!("column-name-wrong", column, why);
            let problem = document.error(&["parameters", &parameter.key], what);
            report.push(problem.allowed(text!("other-column-name")));
        }
        seen.push(column);
    }
}
