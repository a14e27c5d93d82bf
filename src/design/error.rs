//! Why a design cannot be laid.

use super::{ConstraintError, MAX_POINTS, MAX_VALUES};

/// What is wrong with one parameter of a design.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpecProblem {
    /// The parameter.
    pub parameter: String,
    /// The key of its table.
    pub key: &'static str,
    /// What is wrong with its value, for example "0 is not above 0".
    pub message: String,
}

/// Why a design cannot be laid, and what to change.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum DesignError {
    /// No parameter varies.
    #[error("no parameter varies: give at least one")]
    NoParameters,
    /// Two parameters have one name.
    #[error("`{0}` stands twice among the parameters")]
    Twice(String),
    /// The design would have no point.
    #[error("the design has 0 {0}: ask for at least 1")]
    NoPoints(&'static str),
    /// Parameters are wrong in themselves.
    #[error("{}", list(problems))]
    Parameters {
        /// All that is wrong.
        problems: Vec<SpecProblem>,
    },
    /// A parameter has a distribution where the design needs levels, or the other way round.
    #[error("`{parameter}` needs {needs} in a {design} design")]
    WrongSpec {
        /// The parameter.
        parameter: String,
        /// The design.
        design: &'static str,
        /// What it needs there.
        needs: &'static str,
    },
    /// A Morris design visits both ends of every distribution.
    #[error(
        "`{parameter}` has no end on one side: a morris design visits both ends of every \
         distribution, so give min and max"
    )]
    Endless {
        /// The parameter.
        parameter: String,
    },
    /// An unfit number of levels of a Morris design.
    #[error("levels is {0}: a morris design takes an even number from 2 to 1000, usually 4")]
    MorrisLevels(u32),
    /// More points than a design may have.
    #[error(
        "the design has {count} points ({how}), but at most {}: {advice}",
        most(*parameters)
    )]
    TooMany {
        /// How many, in words when they are beyond counting.
        count: String,
        /// How they come about.
        how: String,
        /// How many parameters it has.
        parameters: usize,
        /// What to change.
        advice: &'static str,
    },
    /// More columns than the Sobol sequence has.
    #[error(
        "a {design} design of this size takes {columns} columns of the Sobol sequence, which has \
         {most}: vary fewer parameters, or use random or latin-hypercube"
    )]
    TooManyColumns {
        /// The design.
        design: &'static str,
        /// Columns it takes.
        columns: usize,
        /// Columns there are.
        most: usize,
    },
    /// The maximin option of a Latin hypercube compares all pairs of points.
    #[error(
        "the maximin option takes at most {most} points, not {points}: leave it out, or use sobol, \
         which spreads out any number of points"
    )]
    Maximin {
        /// Points asked for.
        points: u32,
        /// Points it takes.
        most: usize,
    },
    /// A constraint names something that does not vary.
    #[error("`{constraint}` names `{name}`, which is no parameter of this design")]
    UnknownName {
        /// The constraint.
        constraint: String,
        /// The name.
        name: String,
    },
    /// A constraint cannot be evaluated at a point.
    #[error("`{constraint}` cannot be evaluated at {point}: {source}")]
    Constraint {
        /// The constraint.
        constraint: String,
        /// The point, as `name = value, …`.
        point: String,
        /// Why.
        source: ConstraintError,
    },
    /// Constraints leave too little.
    #[error(
        "only {accepted} of {tried} {what} satisfy the constraints, about {}: narrow the \
         distributions to the region that satisfies them, loosen the constraints, or ask for fewer",
        share(*accepted, *tried)
    )]
    TooNarrow {
        /// What is accepted or not: points, blocks, trajectories.
        what: &'static str,
        /// How many satisfy all constraints.
        accepted: u64,
        /// How many were tried.
        tried: u64,
    },
    /// Rows of a list that cannot be points, counted from 1.
    #[error("{}", rows.iter().map(|(row, why)| format!("row {row}: {why}")).collect::<Vec<_>>().join("\n"))]
    Rows {
        /// Row and what is wrong.
        rows: Vec<(usize, String)>,
    },
}

/// The most points that a design over so many parameters may have.
pub(super) fn most(parameters: usize) -> usize {
    MAX_POINTS.min(MAX_VALUES / parameters.max(1))
}

fn list(problems: &[SpecProblem]) -> String {
    let lines: Vec<String> = problems
        .iter()
        .map(|p| format!("`{}`: {} {}", p.parameter, p.key, p.message))
        .collect();
    lines.join("\n")
}

fn share(accepted: u64, tried: u64) -> String {
    match tried.checked_div(accepted) {
        Some(one_in) => format!("1 in {one_in}"),
        None => "none".to_owned(),
    }
}
