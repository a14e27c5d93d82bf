//! From parameters, a kind of design and constraints to points.
//!
//! What constraints do: a *grid* leaves out the points that fail; a *list* with a failing row is an
//! error; in a *random*, *sobol*, *saltelli* or *morris* design a point, block or trajectory is
//! skipped as a whole unless all of it holds, and the sequence goes on until there are as many as
//! asked for; a *latin-hypercube* is laid with more rows, of which those that hold are kept. So the
//! points of a random, Sobol or Latin hypercube design follow the law of the parameters given the
//! constraints. Kept blocks of a Saltelli design do so only roughly, and its indices take the
//! parameters to be independent; [`cautions`](Kind::cautions) says so.

use std::collections::BTreeSet;

use super::error::most;
use super::sieve::{ONE_IN, PATIENCE, Sieve};
use super::{
    Constraint, DesignError, Distribution, Kind, Level, Point, Role, Spec, SpecProblem, unit,
};
use crate::texts::{Text, text};

/// The points of a design over `parameters` (name and how it varies) that satisfy `constraints`.
/// The same call gives the same points for ever.
///
/// # Errors
///
/// Whatever is wrong with the parameters, the size or the constraints, and constraints that leave
/// fewer than about one point in 1000.
pub fn points(
    kind: &Kind,
    parameters: &[(String, Spec)],
    constraints: &[Constraint],
    seed: u64,
) -> Result<Vec<Point>, DesignError> {
    let names: Vec<&str> = parameters.iter().map(|(name, _)| name.as_str()).collect();
    let sieve = Sieve::new(&names, constraints)?;
    let problems: Vec<SpecProblem> = parameters
        .iter()
        .flat_map(|(name, spec)| {
            spec.problems()
                .into_iter()
                .map(|(key, message)| SpecProblem {
                    parameter: name.clone(),
                    key,
                    message,
                })
        })
        .collect();
    if !problems.is_empty() {
        return Err(DesignError::Parameters { problems });
    }
    let k = parameters.len();
    let size = kind.size(parameters)?;
    let stretch = || kind.distributions(parameters).map(Stretch);
    match kind.clone() {
        Kind::List { .. } => Err(DesignError::NoPoints(text!("unit-of-rows"))),
        Kind::Grid {} => sieve.grid(&kind.levels(parameters)?, size),
        Kind::Random { points } => {
            let stretch = stretch()?;
            let sequence = unit::Random::new(seed);
            sieve.sequence(&text!("unit-of-points"), points, |index, _| {
                let mut row = vec![0.0; k];
                sequence.row(index, &mut row);
                vec![stretch.point(&row, Role::Plain)]
            })
        }
        Kind::Sobol { points } => {
            let stretch = stretch()?;
            let sequence = unit::Sobol::new("sobol", k, seed)?;
            sieve.sequence(&text!("unit-of-points"), points, |index, _| {
                let mut row = vec![0.0; k];
                sequence.row(index, &mut row);
                vec![stretch.point(&row, Role::Plain)]
            })
        }
        Kind::LatinHypercube { maximin, .. } => {
            let stretch = stretch()?;
            let cube = latin_hypercube(&sieve, &stretch, (size, k), seed, maximin)?;
            let rows = cube.chunks_exact(k);
            Ok(rows.map(|row| stretch.point(row, Role::Plain)).collect())
        }
        Kind::Saltelli {
            base_points,
            second_order,
        } => {
            let stretch = stretch()?;
            let blocks = unit::Blocks::new(k, seed, second_order)?;
            sieve.sequence(&text!("unit-of-blocks"), base_points, |index, block| {
                let cube = blocks.block(index);
                let rows = cube.chunks_exact(k).enumerate();
                rows.map(|(row, values)| {
                    let part = unit::part_of(row, k);
                    stretch.point(values, Role::Saltelli { block, part })
                })
                .collect()
            })
        }
        Kind::Morris {
            trajectories,
            levels,
        } => {
            let stretch = stretch()?;
            let sequence = unit::Trajectories::new(k, levels, seed);
            let points = sieve.sequence(
                &text!("unit-of-trajectories"),
                trajectories,
                |index, trajectory| {
                    let (cube, moves) = sequence.trajectory(index);
                    let moves = std::iter::once(None).chain(moves.into_iter().map(Some));
                    let rows = (0..).zip(cube.chunks_exact(k)).zip(moves);
                    rows.map(|((step, values), moved)| {
                        let role = Role::Morris {
                            trajectory,
                            step,
                            moved: moved.map(|step| step.parameter),
                            up: moved.is_some_and(|step| step.up),
                        };
                        stretch.point(values, role)
                    })
                    .collect()
                },
            )?;
            let distinct = distinct_trajectories(&points);
            let many = trajectories as usize >= 2 * FEWEST_TRAJECTORIES;
            if !sieve.is_open() && many && distinct < FEWEST_TRAJECTORIES {
                return Err(DesignError::FewTrajectories {
                    distinct,
                    trajectories,
                    fewest: FEWEST_TRAJECTORIES,
                });
            }
            Ok(points)
        }
    }
}

/// Fewest distinct trajectories that constraints may leave of a Morris design of at least twice as many. A judgement.
const FEWEST_TRAJECTORIES: usize = 4;

/// How many trajectories of a Morris design are distinct: of those that visit the same points, in either
/// direction, one is. The same points have the same elementary effects, so the others tell nothing.
pub fn distinct_trajectories(points: &[Point]) -> usize {
    let of = |point: &Point| match point.role {
        Role::Morris { trajectory, .. } => Some(trajectory),
        Role::Plain | Role::Saltelli { .. } => None,
    };
    let shown = |point: &Point| {
        let values = point.values.iter().map(Level::to_string);
        values.collect::<Vec<_>>().join("|")
    };
    let trajectories = points.chunk_by(|a, b| of(a) == of(b));
    let visited = trajectories.map(|rows| rows.iter().map(shown).collect::<BTreeSet<_>>());
    visited.collect::<BTreeSet<_>>().len()
}

/// The points of a table that some other tool made: one row per point, its values in the order of
/// `names`.
///
/// # Errors
///
/// All rows that fail a constraint, at which one cannot be evaluated, or that have too few or too
/// many values.
pub fn listed(
    names: &[&str],
    rows: Vec<Vec<Level>>,
    constraints: &[Constraint],
) -> Result<Vec<Point>, DesignError> {
    let sieve = Sieve::new(names, constraints)?;
    if rows.is_empty() {
        return Err(DesignError::NoPoints(text!("unit-of-rows")));
    }
    if rows.len() > most(names.len()) {
        return Err(DesignError::TooMany {
            count: rows.len().to_string().into(),
            how: Box::new(text!("rows-of-list")),
            parameters: names.len(),
            advice: Box::new(text!("split-list")),
        });
    }
    let mut wrong: Vec<(usize, Text)> = Vec::new();
    for (row, values) in (1..).zip(&rows) {
        if values.len() != names.len() {
            let (n, needs) = (values.len(), names.len());
            wrong.push((row, text!("list-values", n, needs)));
            continue;
        }
        match sieve.failing(values) {
            Ok(None) => {}
            Ok(Some(constraint)) => wrong.push((
                row,
                text!(
                    "does-not-hold",
                    constraint = constraint.text(),
                    values = sieve.shown(constraint, values)
                ),
            )),
            Err(error) => wrong.push((row, error.text())),
        }
    }
    if !wrong.is_empty() {
        return Err(DesignError::Rows { rows: wrong });
    }
    let role = Role::Plain;
    Ok(rows
        .into_iter()
        .map(|values| Point { values, role })
        .collect())
}

/// From the unit cube to the parameters.
struct Stretch<'a>(Vec<(&'a Distribution, bool)>);

impl Stretch<'_> {
    fn values(&self, row: &[f64]) -> Vec<Level> {
        let columns = self.0.iter().zip(row);
        columns
            .map(|((distribution, whole), u)| distribution.quantile(*u, *whole))
            .collect()
    }

    fn point(&self, row: &[f64], role: Role) -> Point {
        Point {
            values: self.values(row),
            role,
        }
    }
}

/// A Latin hypercube under constraints, on the unit cube.
fn latin_hypercube(
    sieve: &Sieve<'_>,
    stretch: &Stretch<'_>,
    (n, k): (usize, usize),
    seed: u64,
    maximin: bool,
) -> Result<Vec<f64>, DesignError> {
    let holds = |row: &[f64]| Ok(sieve.is_open() || sieve.holds(&stretch.values(row))?);
    let rows = most(k).min(n.saturating_mul(ONE_IN as usize).max(PATIENCE as usize));
    let lay = |start| {
        unit::latin_hypercube_within((n, k), (seed, start), rows, &holds)?.map_err(
            |(accepted, tried)| DesignError::TooNarrow {
                what: text!("unit-of-points"),
                accepted: accepted as u64,
                tried: tried as u64,
            },
        )
    };
    if maximin {
        unit::spread_out((n, k), seed, lay, &holds)
    } else {
        lay(0)
    }
}

#[cfg(test)]
mod tests;
