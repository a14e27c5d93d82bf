//! From the design of a plan to its points.

use crate::design::{self, Constraint, Kind, Level, Point, Role, Spec, listed, steps};
use crate::scenario::problem::Report;
use crate::scenario::{Document, ParameterRow};
use crate::texts::{Text, text};

use super::parameters::{Parameter, check_columns};
use super::spec::{DISTRIBUTION, ParameterSpec, PlanSpec, VariesSpec};

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
    let sound = |keys: &[&str]| !document.doubtful(keys);
    let mut constraints = Vec::new();
    let positions = 0..spec.design.constraints.len();
    let positions = positions.filter(|_| sound(&["design", "constraints"]));
    for at in positions {
        let text = &spec.design.constraints[at];
        match Constraint::parse(text) {
            Ok(constraint) => constraints.push(constraint),
            Err(error) => {
                let keys = ["design", "constraints", &at.to_string()];
                let problem = document.error(&keys, error.text());
                report.push(problem.value(text));
            }
        }
    }
    // Without a kind it is not known what a parameter needs.
    if !sound(&["design", "kind"]) {
        return None;
    }
    let kind = &spec.design.kind;
    let (parameters, rows) = match kind {
        Kind::List { file, rows, .. } => {
            if !sound(&["design", "file"]) {
                return None;
            }
            let (parameters, rows) = super::list::read(document, file, *rows, table, report)?;
            (parameters, Rows::List(rows))
        }
        kind => {
            if spec.parameters.is_empty() && sound(&["parameters"]) {
                // A grid of nothing is one point, at which layouts and variants of the model are compared.
                if matches!(kind, Kind::Grid {}) {
                    return Some(Laid {
                        kind: kind.clone(),
                        constraints,
                        parameters: Vec::new(),
                        rows: vec![Point {
                            values: Vec::new(),
                            role: Role::Plain,
                        }],
                    });
                }
                report.push(document.error(&["parameters"], text!("nothing-varies")));
                return None;
            }
            let specs = spec.parameters.iter().filter_map(|(key, spec)| {
                let parameter = parameters.iter().find(|p| p.key == *key)?;
                let spec = parameter_spec(document, parameter, spec, kind, report)?;
                Some((key.clone(), spec))
            });
            let specs = specs.collect();
            (parameters.to_vec(), Rows::Design(specs))
        }
    };
    check_columns(document, &parameters, report);
    // A parameter at which something is wrong may be the one that is named.
    let named = constraints.iter().enumerate();
    for (at, constraint) in named.filter(|_| sound(&["parameters"])) {
        for name in constraint.names() {
            if !parameters.iter().any(|p| p.key == name) {
                let nearest = report.near(name, parameters.iter().map(|p| p.key.as_str()));
                let keys = ["design", "constraints", &at.to_string()];
                let what = text!("not-a-parameter");
                report.push(document.error(&keys, what).value(name).nearest(nearest));
            }
        }
    }
    // What stands in for something wrong is not laid.
    let whole = sound(&[]) && parameters.len() >= spec.parameters.len();
    if report.errors() > before || !whole {
        return None;
    }
    let laid = match rows {
        Rows::Design(specs) => design::points(kind, &specs, &constraints, spec.design.seed),
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
            kind: kind.clone(),
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

/// How a parameter varies, as the kind of the design wants it: in levels for a grid, else by a distribution.
fn parameter_spec(
    document: &Document<PlanSpec>,
    parameter: &Parameter,
    spec: &ParameterSpec,
    kind: &Kind,
    report: &mut Report,
) -> Option<Spec> {
    let keys = ["parameters", parameter.key.as_str()];
    if document.doubtful(&keys) {
        return None;
    }
    let at = |key: &str, what: Text| document.error(&[&keys[..], &[key]].concat(), what);
    let grid = matches!(kind, Kind::Grid {});
    let whole = parameter.whole;
    let found = match (grid, &spec.varies) {
        (true, Some(VariesSpec::Levels { levels })) => Spec::Levels {
            levels: levels.clone(),
            whole,
        },
        (true, Some(VariesSpec::Steps { from, to, steps: n })) => Spec::Levels {
            levels: steps(*from, *to, *n)
                .into_iter()
                .map(Level::Number)
                .collect(),
            whole,
        },
        (true, Some(VariesSpec::Distribution(_))) => {
            report.push(at(DISTRIBUTION, text!("grid-no-distribution")));
            return None;
        }
        (false, Some(VariesSpec::Distribution(distribution))) => Spec::Distribution {
            distribution: distribution.clone(),
            whole,
        },
        _ => {
            let (of, needs, instead) = match grid {
                true => (
                    text!("of-grid-parameter"),
                    "levels",
                    text!("levels-or-steps"),
                ),
                false => (text!("of-parameter"), DISTRIBUTION, DISTRIBUTION.into()),
            };
            let written = document.written(&keys);
            for key in written.filter(|key| *key != "column") {
                let problem = at(key, text!("of-unused", of));
                report.push(problem.allowed(instead.clone()));
            }
            let problem = at(needs, text!("of-needs", of));
            report.push(match grid {
                true => problem.allowed(instead),
                false => problem,
            });
            return None;
        }
    };
    let before = report.errors();
    for (name, message) in found.problems() {
        report.push(at(name, message));
    }
    (report.errors() == before).then_some(found)
}
