//! From the design of a plan to its points.

use crate::design::{self, Constraint, Distribution, Kind, Level, Point, Spec, listed, steps};
use crate::scenario::problem::Report;
use crate::scenario::{Document, ParameterRow};
use crate::texts::{Text, text};

use super::parameters::{Parameter, check_columns};
use super::spec::{AnyParameter, DISTRIBUTION, KIND, ParameterSpec, PlanSpec};
use super::variants::{self, Variant, variants};

/// The design of a plan, laid.
pub struct Laid {
    /// Its kind.
    pub kind: Kind,
    /// Its constraints.
    pub constraints: Vec<Constraint>,
    /// Its parameters; of a list they are the columns of its file.
    pub parameters: Vec<Parameter>,
    /// Its rows.
    pub rows: Vec<Point>,
}

/// Lays the design of a plan.
pub fn lay(
    document: &Document<PlanSpec>,
    parameters: &[Parameter],
    table: &[ParameterRow],
    report: &mut Report,
) -> Option<Laid> {
    let spec = &document.spec;
    let before = report.errors();
    let mut constraints = Vec::new();
    for (at, text) in spec.design.own.constraints.iter().enumerate() {
        match Constraint::parse(text) {
            Ok(constraint) => constraints.push(constraint),
            Err(error) => {
                let keys = ["design", "constraints", &at.to_string()];
                let problem = document.error(&keys, error.text());
                report.push(problem.value(text));
            }
        }
    }
    let kind = kind(document, report);
    let name = spec.design.given.get(KIND).and_then(toml::Value::as_str);
    let (parameters, rows) = match (&kind, name) {
        (Some(Kind::List { file, .. }), _) => {
            let (parameters, rows) = super::list::read(document, file, table, report)?;
            (parameters, Rows::List(rows))
        }
        (_, Some("list")) => return None,
        (_, name) => {
            let grid = name == Some(Kind::Grid {}.name());
            let specs = spec.parameters.iter().filter_map(|(key, spec)| {
                let parameter = parameters.iter().find(|p| p.key == *key)?;
                let spec = parameter_spec(document, parameter, spec, grid, report)?;
                Some((key.clone(), spec))
            });
            let specs = specs.collect();
            (parameters.to_vec(), Rows::Design(specs))
        }
    };
    check_columns(document, &parameters, report);
    for (at, constraint) in constraints.iter().enumerate() {
        for name in constraint.names() {
            if !parameters.iter().any(|p| p.key == name) {
                let nearest = report.near(name, parameters.iter().map(|p| p.key.as_str()));
                let keys = ["design", "constraints", &at.to_string()];
                let what = text!("not-a-parameter");
                report.push(document.error(&keys, what).value(name).nearest(nearest));
            }
        }
    }
    if report.errors() > before || parameters.len() < spec.parameters.len() {
        return None;
    }
    let kind = kind?;
    let laid = match rows {
        Rows::Design(specs) => design::points(&kind, &specs, &constraints, spec.design.own.seed),
        Rows::List(rows) => {
            let names: Vec<&str> = parameters.iter().map(|p| p.key.as_str()).collect();
            listed(&names, rows, &constraints)
        }
    };
    match laid {
        Ok(rows) if rows.is_empty() => {
            report.push(document.error(&["design"], text!("no-point-satisfies")));
            None
        }
        Ok(rows) => Some(Laid {
            kind,
            constraints,
            parameters,
            rows,
        }),
        Err(error) => {
            for what in error.texts() {
                report.push(document.error(&["design"], what));
            }
            None
        }
    }
}

enum Rows {
    Design(Vec<(String, Spec)>),
    List(Vec<Vec<Level>>),
}

/// The kind of the design; nothing where something is wrong.
fn kind(document: &Document<PlanSpec>, report: &mut Report) -> Option<Kind> {
    let given = &document.spec.design.given;
    let name = given.get(KIND)?.as_str()?;
    let variant = variants::<Kind>(KIND)
        .into_iter()
        .find(|v| v.name == name)?;
    let of = text!("of-design", name);
    let found = variants::read(document, &["design"], given, (&variant, KIND, &of), report);
    if name != "list" && document.spec.parameters.is_empty() {
        let what = text!("nothing-varies");
        report.push(document.error(&["parameters"], what));
        return None;
    }
    found
}

/// How a parameter varies.
fn parameter_spec(
    document: &Document<PlanSpec>,
    parameter: &Parameter,
    spec: &ParameterSpec,
    grid: bool,
    report: &mut Report,
) -> Option<Spec> {
    let before = report.errors();
    let keys = ["parameters", parameter.key.as_str()];
    let whole = parameter.whole;
    let found = match (grid, spec.given.contains_key(DISTRIBUTION)) {
        (true, false) => Spec::Levels {
            levels: levels(document, &keys, spec, report)?,
            whole,
        },
        (true, true) => {
            let what = text!("grid-no-distribution");
            report.push(document.error(&[&keys[..], &[DISTRIBUTION]].concat(), what));
            distribution(
                document,
                &keys,
                spec,
                Some(text!("of-grid-parameter")),
                report,
            );
            return None;
        }
        (false, _) => Spec::Distribution {
            distribution: distribution(document, &keys, spec, None, report)?,
            whole,
        },
    };
    for (name, message) in found.problems() {
        report.push(document.error(&[&keys[..], &[name]].concat(), message));
    }
    (report.errors() == before).then_some(found)
}

/// Which keys of levels are given.
fn of_levels(spec: &AnyParameter) -> impl Iterator<Item = &'static str> {
    let all = [
        ("levels", spec.levels.is_some()),
        ("from", spec.from.is_some()),
        ("to", spec.to.is_some()),
        ("steps", spec.steps.is_some()),
    ];
    all.into_iter()
        .filter(|(_, given)| *given)
        .map(|(key, _)| key)
}

/// The levels of a parameter of a grid.
fn levels(
    document: &Document<PlanSpec>,
    keys: &[&str],
    spec: &ParameterSpec,
    report: &mut Report,
) -> Option<Vec<Level>> {
    let of = text!("of-grid-parameter");
    let before = report.errors();
    let own = &spec.own;
    let error = |key: &str, what: Text| document.error(&[keys, &[key]].concat(), what);
    let needs: &[&str] = match own.levels {
        Some(_) => &["levels"],
        None => &["from", "to", "steps"],
    };
    let mut given: Vec<&str> = spec.given.keys().map(String::as_str).collect();
    of_levels(own).for_each(|key| given.push(key));
    for key in given.into_iter().filter(|key| !needs.contains(key)) {
        let problem = error(key, text!("of-unused", of));
        report.push(problem.allowed(needs.join(", ")));
    }
    for key in needs {
        if !of_levels(own).any(|given| given == *key) {
            report.push(error(key, text!("of-needs", of)).allowed(text!("levels-or-steps")));
        }
    }
    if report.errors() > before {
        return None;
    }
    match (&own.levels, own.from, own.to, own.steps) {
        (None, Some(from), Some(to), Some(n)) => {
            Some(steps(from, to, n).into_iter().map(Level::Number).collect())
        }
        (levels, ..) => levels.clone(),
    }
}

/// The distribution of a parameter, whose keys are those of a distribution of its name unless `of` says whose.
fn distribution(
    document: &Document<PlanSpec>,
    keys: &[&str],
    spec: &ParameterSpec,
    of: Option<Text>,
    report: &mut Report,
) -> Option<Distribution> {
    let before = report.errors();
    let given = &spec.given;
    let name = given.get(DISTRIBUTION).and_then(toml::Value::as_str);
    let all = variants::<Distribution>(DISTRIBUTION);
    let variant = all.into_iter().find(|v| Some(v.name.as_str()) == name);
    let variant = variant.unwrap_or(Variant {
        name: String::new(),
        needs: vec![DISTRIBUTION.to_owned()],
        may: Vec::new(),
    });
    let of = of.unwrap_or_else(|| match variant.name.as_str() {
        "" => text!("of-parameter"),
        name => name.into(),
    });
    for key in of_levels(&spec.own) {
        let what = text!("of-unused", of);
        let problem = document.error(&[keys, &[key]].concat(), what);
        report.push(problem.allowed(variant.keys().collect::<Vec<_>>().join(", ")));
    }
    let what = (&variant, DISTRIBUTION, &of);
    let found = variants::read(document, keys, given, what, report);
    found.filter(|_| report.errors() == before)
}
