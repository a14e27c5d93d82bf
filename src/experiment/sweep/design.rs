//! From the design of a plan to its points, and what the table of points says of each.

use crate::design::{
    self, Constraint, Distribution, Kind, Level, Part, Point, Role, Spec, listed, steps,
};
use crate::scenario::problem::Report;
use crate::scenario::{Document, ParameterRow};

use super::parameters::{Parameter, check_columns, parameter};
use super::spec::{DesignKind, DesignSpec, DistributionSpec, ParameterSpec, PlanSpec, Scalar};

/// Its word in a plan.
pub fn word(kind: DesignKind) -> &'static str {
    match kind {
        DesignKind::Grid => "grid",
        DesignKind::List => "list",
        DesignKind::Random => "random",
        DesignKind::LatinHypercube => "latin-hypercube",
        DesignKind::Sobol => "sobol",
        DesignKind::Saltelli => "saltelli",
        DesignKind::Morris => "morris",
    }
}

/// Levels of a Morris design unless the plan says otherwise.
const MORRIS_LEVELS: u32 = 4;

/// Levels of a Morris design; none for another one.
pub fn morris_levels(spec: &DesignSpec) -> Option<u32> {
    (spec.kind == DesignKind::Morris).then(|| spec.levels.unwrap_or(MORRIS_LEVELS))
}

/// The points of the plan's design, with its parameters; of a list they are the columns of its file.
pub fn lay(
    document: &Document<PlanSpec>,
    parameters: &[Parameter],
    table: &[ParameterRow],
    report: &mut Report,
) -> Option<(Vec<Parameter>, Vec<Point>)> {
    let spec = &document.spec;
    let before = report.errors();
    let mut constraints = Vec::new();
    for (at, text) in spec.design.constraints.iter().enumerate() {
        match Constraint::parse(text) {
            Ok(constraint) => constraints.push(constraint),
            Err(error) => {
                let problem = document.error(
                    &["design", "constraints", &at.to_string()],
                    error.to_string(),
                );
                report.push(problem.value(text));
            }
        }
    }
    let (parameters, rows) = if spec.design.kind == DesignKind::List {
        let (parameters, rows) = super::list::read(document, table, report)?;
        (parameters, Some(Rows::List(rows)))
    } else {
        let kind = kind(document, report);
        let grid = spec.design.kind == DesignKind::Grid;
        let specs = spec.parameters.iter().filter_map(|(key, spec)| {
            let parameter = parameters.iter().find(|p| p.key == *key)?;
            let spec = parameter_spec(document, parameter, spec, grid, report)?;
            Some((key.clone(), spec))
        });
        let specs: Vec<(String, Spec)> = specs.collect();
        let rows = kind.map(|kind| Rows::Design(kind, specs));
        (parameters.to_vec(), rows)
    };
    check_columns(document, &parameters, report);
    for (at, constraint) in constraints.iter().enumerate() {
        for name in constraint.names() {
            if !parameters.iter().any(|p| p.key == name) {
                let nearest = report.near(name, parameters.iter().map(|p| p.key.as_str()));
                let keys = ["design", "constraints", &at.to_string()];
                let what = "names what is no parameter of this design";
                report.push(document.error(&keys, what).value(name).nearest(nearest));
            }
        }
    }
    if report.errors() > before || parameters.len() < spec.parameters.len() {
        return None;
    }
    let laid = match rows? {
        Rows::Design(kind, specs) => design::points(&kind, &specs, &constraints, spec.design.seed),
        Rows::List(rows) => {
            let names: Vec<&str> = parameters.iter().map(|p| p.key.as_str()).collect();
            listed(&names, rows, &constraints)
        }
    };
    match laid {
        Ok(points) if points.is_empty() => {
            report.push(document.error(&["design"], "no point satisfies the constraints"));
            None
        }
        Ok(points) => Some((parameters, points)),
        Err(error) => {
            for line in error.to_string().lines() {
                report.push(document.error(&["design"], line));
            }
            None
        }
    }
}

enum Rows {
    Design(Kind, Vec<(String, Spec)>),
    List(Vec<Vec<Level>>),
}

/// What is allowed but perhaps not meant.
pub fn cautions(document: &Document<PlanSpec>) -> Vec<String> {
    let parsed = document.spec.design.constraints.iter();
    let constraints: Vec<Constraint> = parsed
        .filter_map(|text| Constraint::parse(text).ok())
        .collect();
    match kind(document, &mut Report::default()) {
        Some(kind) => kind.cautions(&constraints),
        None => Vec::new(),
    }
}

/// The kind of the design; nothing for a list, and where something is wrong.
fn kind(document: &Document<PlanSpec>, report: &mut Report) -> Option<Kind> {
    let spec: &DesignSpec = &document.spec.design;
    let before = report.errors();
    let given = [
        ("points", spec.points.is_some()),
        ("base_points", spec.base_points.is_some()),
        ("second_order", spec.second_order.is_some()),
        ("maximin", spec.maximin.is_some()),
        ("trajectories", spec.trajectories.is_some()),
        ("levels", spec.levels.is_some()),
        ("file", spec.file.is_some()),
    ];
    let used: &[&str] = match spec.kind {
        DesignKind::Grid => &[],
        DesignKind::List => &["file"],
        DesignKind::Random | DesignKind::Sobol => &["points"],
        DesignKind::LatinHypercube => &["points", "maximin"],
        DesignKind::Saltelli => &["base_points", "second_order"],
        DesignKind::Morris => &["trajectories", "levels"],
    };
    let name = word(spec.kind);
    for (key, _) in given
        .iter()
        .filter(|(key, given)| *given && !used.contains(key))
    {
        let problem = document.error(
            &["design", key],
            format!("a {name} design does not use this"),
        );
        report.push(problem.allowed(match used {
            [] => "no other key".to_owned(),
            used => used.join(", "),
        }));
    }
    if spec.kind != DesignKind::List && document.spec.parameters.is_empty() {
        let what = "no parameter varies: give at least one";
        report.push(document.error(&["parameters"], what));
    }
    let mut needed = |key: &str, value: Option<u32>| {
        if value.is_none() {
            report.push(document.error(&["design", key], format!("a {name} design needs this")));
        }
        value.unwrap_or(1)
    };
    let kind = match spec.kind {
        DesignKind::Grid => Kind::Grid {},
        DesignKind::List => return None,
        DesignKind::Random => Kind::Random {
            points: needed("points", spec.points),
        },
        DesignKind::LatinHypercube => Kind::LatinHypercube {
            points: needed("points", spec.points),
            maximin: spec.maximin.unwrap_or(false),
        },
        DesignKind::Sobol => Kind::Sobol {
            points: needed("points", spec.points),
        },
        DesignKind::Saltelli => Kind::Saltelli {
            base_points: needed("base_points", spec.base_points),
            second_order: spec.second_order.unwrap_or(false),
        },
        DesignKind::Morris => Kind::Morris {
            trajectories: needed("trajectories", spec.trajectories),
            levels: spec.levels.unwrap_or(MORRIS_LEVELS),
        },
    };
    (report.errors() == before).then_some(kind)
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
    let key = parameter.key.as_str();
    let needs: &[&str] = match spec.distribution {
        None if grid && spec.levels.is_some() => &["levels"],
        None if grid => &["from", "to", "steps"],
        None => &["distribution"],
        Some(DistributionSpec::Uniform | DistributionSpec::LogUniform) => &["min", "max"],
        Some(DistributionSpec::Normal) => &["mean", "sd"],
        Some(DistributionSpec::Triangular) => &["min", "mode", "max"],
        Some(DistributionSpec::Discrete) => &["values"],
    };
    let may: &[&str] = match spec.distribution {
        Some(DistributionSpec::Normal) => &["min", "max"],
        Some(DistributionSpec::Discrete) => &["weights"],
        _ => &[],
    };
    let of = match spec.distribution {
        _ if grid => "a parameter of a grid",
        None => "a parameter",
        Some(DistributionSpec::Uniform) => "uniform",
        Some(DistributionSpec::LogUniform) => "log-uniform",
        Some(DistributionSpec::Normal) => "normal",
        Some(DistributionSpec::Triangular) => "triangular",
        Some(DistributionSpec::Discrete) => "discrete",
    };
    for (name, given) in given(spec) {
        let at = ["parameters", key, name];
        let distribution = name == "distribution";
        if given && grid && distribution {
            let what = "a grid has no distributions: give levels, or from, to and steps";
            report.push(document.error(&at, what));
        } else if given && !distribution && !needs.contains(&name) && !may.contains(&name) {
            let problem = document.error(&at, format!("{of} does not use this"));
            report.push(problem.allowed([needs, may].concat().join(", ")));
        } else if !given && needs.contains(&name) {
            let problem = document.error(&at, format!("{of} needs this"));
            report.push(if grid {
                problem.allowed("levels, or from, to and steps")
            } else {
                problem
            });
        }
    }
    if report.errors() > before {
        return None;
    }
    let levels = |list: &Option<Vec<Scalar>>| -> Vec<Level> {
        list.iter()
            .flatten()
            .map(|scalar| scalar.0.clone())
            .collect()
    };
    let number = |value: Option<f64>| value.unwrap_or(f64::NAN);
    let whole = parameter.whole;
    let found = match spec.distribution {
        None => match (&spec.levels, spec.from, spec.to, spec.steps) {
            (None, Some(from), Some(to), Some(n)) => Spec::Levels {
                levels: steps(from, to, n).into_iter().map(Level::Number).collect(),
                whole,
            },
            _ => Spec::Levels {
                levels: levels(&spec.levels),
                whole,
            },
        },
        Some(kind) => Spec::Distribution {
            distribution: match kind {
                DistributionSpec::Uniform => Distribution::Uniform {
                    min: number(spec.min),
                    max: number(spec.max),
                },
                DistributionSpec::LogUniform => Distribution::LogUniform {
                    min: number(spec.min),
                    max: number(spec.max),
                },
                DistributionSpec::Normal => Distribution::Normal {
                    mean: number(spec.mean),
                    sd: number(spec.sd),
                    min: spec.min,
                    max: spec.max,
                },
                DistributionSpec::Triangular => Distribution::Triangular {
                    min: number(spec.min),
                    mode: number(spec.mode),
                    max: number(spec.max),
                },
                DistributionSpec::Discrete => Distribution::Discrete {
                    values: levels(&spec.values),
                    weights: spec.weights.clone(),
                },
            },
            whole,
        },
    };
    for (name, message) in found.problems() {
        report.push(document.error(&["parameters", key, name], message));
    }
    (report.errors() == before).then_some(found)
}

/// Which keys are given, without `column`.
fn given(spec: &ParameterSpec) -> [(&'static str, bool); 12] {
    [
        ("distribution", spec.distribution.is_some()),
        ("min", spec.min.is_some()),
        ("max", spec.max.is_some()),
        ("mode", spec.mode.is_some()),
        ("mean", spec.mean.is_some()),
        ("sd", spec.sd.is_some()),
        ("values", spec.values.is_some()),
        ("weights", spec.weights.is_some()),
        ("levels", spec.levels.is_some()),
        ("from", spec.from.is_some()),
        ("to", spec.to.is_some()),
        ("steps", spec.steps.is_some()),
    ]
}

/// What the table of points says of the role of a row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RoleCells {
    /// Block or trajectory.
    pub block: Option<i64>,
    /// Role in it.
    pub role: Option<&'static str>,
    /// Key of the parameter that is taken from the other matrix, or moved.
    pub moved: Option<String>,
    /// Direction of a Morris step.
    pub direction: Option<i64>,
}

/// The cells of a role.
pub fn cells(role: Role, keys: &[&str]) -> RoleCells {
    let key = |at: usize| keys.get(at).map(|key| (*key).to_owned());
    match role {
        Role::Plain => RoleCells::default(),
        Role::Saltelli { block, part } => {
            let (role, moved) = match part {
                Part::A => ("A", None),
                Part::B => ("B", None),
                Part::Ab(at) => ("AB", key(at)),
                Part::Ba(at) => ("BA", key(at)),
            };
            RoleCells {
                block: Some(block.into()),
                role: Some(role),
                moved,
                direction: None,
            }
        }
        Role::Morris {
            trajectory,
            moved,
            up,
            ..
        } => RoleCells {
            block: Some(trajectory.into()),
            role: Some(if moved.is_some() { "step" } else { "start" }),
            moved: moved.and_then(key),
            direction: moved.map(|_| if up { 1 } else { -1 }),
        },
    }
}

/// A parameter of a list, by the name of its column: its key, or the key with `_` for `.`.
pub(super) fn listed_parameter(
    document: &Document<PlanSpec>,
    name: &str,
    at: crate::scenario::Problem,
    table: &[ParameterRow],
    report: &mut Report,
) -> Option<Parameter> {
    let plain = |key: &str| key.replace(['.', '-'], "_").to_lowercase();
    let by_column = document.spec.parameters.iter();
    let by_column = by_column.filter(|(_, spec)| spec.column.as_deref() == Some(name));
    let known = by_column.map(|(key, _)| key.as_str()).next();
    let row = table
        .iter()
        .find(|row| row.key == name || plain(&row.key) == name);
    let key = known.or(row.map(|row| row.key.as_str())).unwrap_or(name);
    let column = document
        .spec
        .parameters
        .get(key)
        .and_then(|spec| spec.column.clone());
    parameter(key, column.as_deref(), at, table, report)
}
