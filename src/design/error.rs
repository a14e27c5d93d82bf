//! Why a design cannot be laid.

use std::fmt;

use super::{ConstraintError, MAX_POINTS, MAX_VALUES};
use crate::texts::{Text, text};

/// What is wrong with one parameter of a design.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpecProblem {
    /// The parameter.
    pub parameter: String,
    /// The key of its table.
    pub key: &'static str,
    /// What is wrong with its value, for example "0 is not above 0".
    pub message: Text,
}

/// Why a design cannot be laid, and what to change.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum DesignError {
    /// No parameter varies.
    NoParameters,
    /// Two parameters have one name.
    Twice(String),
    /// The design would have no point, or none of these.
    NoPoints(Text),
    /// Parameters are wrong in themselves.
    Parameters {
        /// All that is wrong.
        problems: Vec<SpecProblem>,
    },
    /// A parameter has a distribution where the design needs levels, or the other way round.
    WrongSpec {
        /// The parameter.
        parameter: String,
        /// The design.
        design: &'static str,
        /// What it needs there.
        needs: Text,
    },
    /// A Morris design visits both ends of every distribution.
    Endless {
        /// The parameter.
        parameter: String,
    },
    /// An unfit number of levels of a Morris design.
    MorrisLevels(u32),
    /// More points than a design may have.
    TooMany {
        /// How many, in words when they are beyond counting.
        count: Text,
        /// How they come about.
        how: Box<Text>,
        /// How many parameters it has.
        parameters: usize,
        /// What to change.
        advice: Box<Text>,
    },
    /// More columns than the Sobol sequence has.
    TooManyColumns {
        /// The design.
        design: &'static str,
        /// Columns it takes.
        columns: usize,
        /// Columns there are.
        most: usize,
    },
    /// The maximin option of a Latin hypercube compares all pairs of points.
    Maximin {
        /// Points asked for.
        points: u32,
        /// Points it takes.
        most: usize,
    },
    /// A constraint names something that does not vary.
    UnknownName {
        /// The constraint.
        constraint: String,
        /// The name.
        name: String,
    },
    /// A constraint cannot be evaluated at a point.
    Constraint {
        /// The constraint.
        constraint: String,
        /// The point, as `name = value, …`.
        point: String,
        /// Why.
        source: ConstraintError,
    },
    /// Constraints leave too little.
    TooNarrow {
        /// What is accepted or not: points, blocks, trajectories.
        what: Text,
        /// How many satisfy all constraints.
        accepted: u64,
        /// How many were tried.
        tried: u64,
    },
    /// Constraints leave too few distinct trajectories of a Morris design.
    FewTrajectories {
        /// How many are distinct.
        distinct: usize,
        /// How many were asked for.
        trajectories: u32,
        /// The fewest.
        fewest: usize,
    },
    /// Rows of a list that cannot be points, counted from 1.
    Rows {
        /// Row and what is wrong.
        rows: Vec<(usize, Text)>,
    },
}

impl DesignError {
    /// The error in words, each thing that is wrong by itself.
    pub fn texts(&self) -> Vec<Text> {
        match self {
            Self::Parameters { problems } => problems.iter().map(SpecProblem::text).collect(),
            Self::Rows { rows } => rows
                .iter()
                .map(|(row, why)| text!("design-row", row, why))
                .collect(),
            error => vec![error.text()],
        }
    }

    /// The error in words.
    pub fn text(&self) -> Text {
        match self {
            Self::NoParameters => text!("nothing-varies"),
            Self::Twice(name) => text!("parameter-twice", name),
            Self::NoPoints(what) => text!("design-no-points", what),
            Self::Parameters { .. } | Self::Rows { .. } => Text::List(self.texts()),
            Self::WrongSpec {
                parameter,
                design,
                needs,
            } => text!("design-needs", parameter, needs, design),
            Self::Endless { parameter } => text!("design-endless", parameter),
            Self::MorrisLevels(levels) => text!("morris-levels", levels),
            Self::TooMany {
                count,
                how,
                parameters,
                advice,
            } => text!(
                "design-too-many",
                count,
                how = **how,
                most = most(*parameters),
                advice = **advice
            ),
            Self::TooManyColumns {
                design,
                columns,
                most,
            } => text!("sobol-columns", design, columns, most),
            Self::Maximin { points, most } => text!("maximin-points", most, points),
            Self::UnknownName { constraint, name } => {
                text!("constraint-unknown-name", constraint, name)
            }
            Self::Constraint {
                constraint,
                point,
                source,
            } => text!("constraint-cannot", constraint, point, why = source),
            Self::FewTrajectories {
                distinct,
                trajectories,
                fewest,
            } => text!("few-trajectories", distinct, trajectories, fewest),
            Self::TooNarrow {
                what,
                accepted,
                tried,
            } => {
                let share = match tried.checked_div(*accepted) {
                    Some(n) => text!("one-in", n),
                    None => text!("none-of-them"),
                };
                text!("too-narrow", accepted, tried, what, share)
            }
        }
    }
}

impl SpecProblem {
    /// The problem in words.
    pub fn text(&self) -> Text {
        let (parameter, message) = (&self.parameter, &self.message);
        text!("design-parameter", parameter, key = self.key, message)
    }
}

/// In English, each thing that is wrong in a line.
impl fmt::Display for DesignError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<String> = self.texts().iter().map(Text::to_string).collect();
        f.write_str(&lines.join("\n"))
    }
}

/// The most points that a design over so many parameters may have.
pub(super) fn most(parameters: usize) -> usize {
    MAX_POINTS.min(MAX_VALUES / parameters.max(1))
}
