//! Kinds of design, their sizes, and how a parameter varies in them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::error::most;
use super::grid::grid_size;
use super::level::problems_of_levels;
use super::unit::{self, MAX_LEVELS, MAXIMIN_ROWS};
use super::{Constraint, DesignError, Distribution, Level};
use crate::texts::{Text, text};

/// A kind of design and its size: the one declaration of what a plan may write in its table `design`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Kind {
    /// Every combination of the parameters' levels, the last parameter varying fastest.
    Grid {},
    /// The rows of a CSV table that some other tool made; [`listed`](super::listed) makes its points.
    List {
        /// A CSV table with a column for each parameter and a row for each point; its path from the folder of the plan.
        file: String,
        /// Whether its rows are draws from a distribution, each as likely as any other: those of a posterior.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        #[schemars(extend("default" = false))]
        draws: bool,
        /// How many rows to take, from the first; all unless given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schemars(range(min = 1, max = 1_000_000), extend("x-unit" = "rows"))]
        rows: Option<u32>,
    },
    /// Independent random points.
    Random {
        /// How many points.
        #[schemars(range(min = 1, max = 1_000_000), extend("x-unit" = "points"))]
        points: u32,
    },
    /// Each parameter's range in as many parts as points, each part hit once (McKay, Beckman and
    /// Conover 1979); with `maximin` the points are spread out (Johnson, Moore and Ylvisaker 1990).
    LatinHypercube {
        /// How many points.
        #[schemars(range(min = 1, max = 1_000_000), extend("x-unit" = "points"))]
        points: u32,
        /// Spread the points out: a large least distance between them.
        #[serde(default)]
        maximin: bool,
    },
    /// The Owen-scrambled Sobol sequence; best balanced with 2, 4, 8, 16, … points.
    Sobol {
        /// How many points.
        #[schemars(range(min = 1, max = 1_000_000), extend("x-unit" = "points"))]
        points: u32,
    },
    /// For Sobol indices (Saltelli et al. 2010): base_points × (parameters + 2) points, with second
    /// order base_points × (2 × parameters + 2). Best balanced with 2, 4, 8, 16, … base points.
    Saltelli {
        /// How many blocks of parameters + 2 points.
        #[schemars(range(min = 1, max = 1_000_000), extend("x-unit" = "blocks"))]
        base_points: u32,
        /// Also the points that second-order indices need.
        #[serde(default)]
        second_order: bool,
    },
    /// For elementary effects (Morris 1991): trajectories × (parameters + 1) points.
    Morris {
        /// How many trajectories of parameters + 1 points; 10 to 50 is usual.
        #[schemars(range(min = 1, max = 1_000_000), extend("x-unit" = "trajectories"))]
        trajectories: u32,
        /// Levels of each parameter, an even number.
        #[serde(default = "usual_levels")]
        #[schemars(range(min = 2, max = 1000), extend("x-unit" = "levels"))]
        levels: u32,
    },
}

fn usual_levels() -> u32 {
    4
}

#[cfg(test)]
impl Default for Kind {
    fn default() -> Self {
        Self::Grid {}
    }
}

/// How one parameter varies.
#[derive(Clone, Debug, PartialEq)]
pub enum Spec {
    /// These values, in this order: for a grid.
    Levels {
        /// The values.
        levels: Vec<Level>,
        /// Whether the parameter takes whole numbers only.
        whole: bool,
    },
    /// A distribution: for every other design.
    Distribution {
        /// The distribution.
        distribution: Distribution,
        /// Whether the parameter takes whole numbers only.
        whole: bool,
    },
}

impl Spec {
    /// Everything that is wrong with it, as key and message.
    pub fn problems(&self) -> Vec<(&'static str, Text)> {
        match self {
            Self::Levels { levels, whole } => problems_of_levels(levels, "levels", *whole),
            Self::Distribution {
                distribution,
                whole,
            } => distribution.problems(*whole),
        }
    }
}

impl Kind {
    /// Its name in a plan.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Grid {} => "grid",
            Self::List { .. } => "list",
            Self::Random { .. } => "random",
            Self::LatinHypercube { .. } => "latin-hypercube",
            Self::Sobol { .. } => "sobol",
            Self::Saltelli { .. } => "saltelli",
            Self::Morris { .. } => "morris",
        }
    }

    /// Whether its points, of `saltelli` those of A and B, are draws from the distributions of the parameters.
    pub fn is_sample(&self) -> bool {
        match self {
            Self::Grid {} | Self::Morris { .. } => false,
            Self::List { draws, .. } => *draws,
            Self::Random { .. }
            | Self::LatinHypercube { .. }
            | Self::Sobol { .. }
            | Self::Saltelli { .. } => true,
        }
    }

    /// How many points it has over these parameters; of a grid before constraints, of any other
    /// design in the end.
    ///
    /// # Errors
    ///
    /// No points or more than a design may have, wrong levels, or a parameter without the levels
    /// that a grid needs.
    pub fn size(&self, parameters: &[(String, Spec)]) -> Result<usize, DesignError> {
        let k = parameters.len();
        let (number, rows, what, how) = match self {
            Self::Grid {} => {
                let levels = self.levels(parameters)?;
                let counts: Vec<usize> = levels.iter().map(|levels| levels.len()).collect();
                return grid_size(&counts);
            }
            // The points of a list are its rows, which are not here.
            Self::List { .. } => return Err(DesignError::NoPoints(text!("unit-of-rows"))),
            Self::Random { points }
            | Self::LatinHypercube { points, .. }
            | Self::Sobol { points } => {
                (*points, 1, text!("unit-of-points"), text!("unit-of-points"))
            }
            Self::Saltelli {
                base_points,
                second_order,
            } => {
                let rows = unit::rows_per_block(k, *second_order);
                (
                    *base_points,
                    rows,
                    "base_points".into(),
                    format!("base_points × {rows}").into(),
                )
            }
            Self::Morris {
                trajectories,
                levels,
            } => {
                if levels % 2 != 0 || !(2..=MAX_LEVELS).contains(levels) {
                    return Err(DesignError::MorrisLevels(*levels));
                }
                (
                    *trajectories,
                    k + 1,
                    text!("unit-of-trajectories"),
                    format!("trajectories × {}", k + 1).into(),
                )
            }
        };
        if number == 0 {
            return Err(DesignError::NoPoints(what));
        }
        let count = u128::from(number) * rows as u128;
        if count > most(k) as u128 {
            return Err(DesignError::TooMany {
                count: count.to_string().into(),
                how: Box::new(how),
                parameters: k,
                advice: Box::new(text!("ask-for-fewer")),
            });
        }
        if let Self::LatinHypercube {
            points,
            maximin: true,
        } = self
            && *points as usize > MAXIMIN_ROWS
        {
            return Err(DesignError::Maximin {
                points: *points,
                most: MAXIMIN_ROWS,
            });
        }
        Ok(count as usize)
    }

    /// What is allowed but perhaps not meant, one sentence each.
    pub fn cautions(&self, constraints: &[Constraint]) -> Vec<Text> {
        let mut cautions = Vec::new();
        if let Self::Sobol { points: n } | Self::Saltelli { base_points: n, .. } = self
            && !n.is_power_of_two()
        {
            let above = u64::from(*n).next_power_of_two();
            let (design, below) = (self.name(), above / 2);
            cautions.push(text!("power-of-two", design, below, above, n));
        }
        if !constraints.is_empty() && matches!(self, Self::Saltelli { .. }) {
            cautions.push(text!("sobol-dependent"));
        }
        cautions
    }

    /// The levels of all parameters.
    pub(super) fn levels<'a>(
        &self,
        parameters: &'a [(String, Spec)],
    ) -> Result<Vec<&'a [Level]>, DesignError> {
        let levels = parameters.iter().map(|(name, spec)| match spec {
            Spec::Levels { levels, .. } => Ok(&levels[..]),
            Spec::Distribution { .. } => Err(DesignError::WrongSpec {
                parameter: name.clone(),
                design: self.name(),
                needs: text!("needs-levels"),
            }),
        });
        levels.collect()
    }

    /// The distributions of all parameters, and whether they take whole numbers only.
    pub(super) fn distributions<'a>(
        &self,
        parameters: &'a [(String, Spec)],
    ) -> Result<Vec<(&'a Distribution, bool)>, DesignError> {
        let distributions = parameters.iter().map(|(name, spec)| match spec {
            Spec::Distribution {
                distribution,
                whole,
            } => {
                let (min, max) = distribution.span().unwrap_or((0.0, 0.0));
                if matches!(self, Self::Morris { .. }) && !(min.is_finite() && max.is_finite()) {
                    return Err(DesignError::Endless {
                        parameter: name.clone(),
                    });
                }
                Ok((distribution, *whole))
            }
            Spec::Levels { .. } => Err(DesignError::WrongSpec {
                parameter: name.clone(),
                design: self.name(),
                needs: text!("needs-distribution"),
            }),
        });
        distributions.collect()
    }
}
