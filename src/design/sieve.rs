//! What constraints leave of a design.

use std::collections::BTreeSet;

use super::grid::combinations;
use super::{Constraint, DesignError, Level, Point, Role};
use crate::texts::{Text, text};

/// Tries after which too few accepted ones end the search.
pub(super) const PATIENCE: u32 = 10_000;
/// The least share that must be accepted is one in so many.
pub(super) const ONE_IN: u32 = 1000;
/// The most tries of any design.
const TRIES: u32 = 100_000_000;

/// Constraints over named columns.
pub(super) struct Sieve<'a> {
    names: &'a [&'a str],
    constraints: &'a [Constraint],
}

impl<'a> Sieve<'a> {
    /// # Errors
    ///
    /// No names, a name twice, or a constraint that names something else.
    pub(super) fn new(
        names: &'a [&'a str],
        constraints: &'a [Constraint],
    ) -> Result<Self, DesignError> {
        if names.is_empty() {
            return Err(DesignError::NoParameters);
        }
        let mut seen = BTreeSet::new();
        if let Some(name) = names.iter().find(|name| !seen.insert(**name)) {
            return Err(DesignError::Twice((*name).to_owned()));
        }
        for constraint in constraints {
            if let Some(name) = constraint.names().find(|name| !names.contains(name)) {
                return Err(DesignError::UnknownName {
                    constraint: constraint.text().to_owned(),
                    name: name.to_owned(),
                });
            }
        }
        Ok(Self { names, constraints })
    }

    /// Whether there are no constraints.
    pub(super) fn is_open(&self) -> bool {
        self.constraints.is_empty()
    }

    fn value(&self, values: &[Level], name: &str) -> Option<Level> {
        let at = self.names.iter().position(|known| *known == name)?;
        values.get(at).cloned()
    }

    /// The values of the names of a constraint, as `name = value, …`.
    pub(super) fn shown(&self, constraint: &Constraint, values: &[Level]) -> String {
        let parts: Vec<String> = constraint
            .names()
            .filter_map(|name| Some(format!("{name} = {}", self.value(values, name)?)))
            .collect();
        parts.join(", ")
    }

    /// The first constraint that does not hold.
    pub(super) fn failing(&self, values: &[Level]) -> Result<Option<&'a Constraint>, DesignError> {
        for constraint in self.constraints {
            match constraint.holds(|name| self.value(values, name)) {
                Ok(true) => {}
                Ok(false) => return Ok(Some(constraint)),
                Err(source) => {
                    return Err(DesignError::Constraint {
                        constraint: constraint.text().to_owned(),
                        point: self.shown(constraint, values),
                        source,
                    });
                }
            }
        }
        Ok(None)
    }

    /// Whether all constraints hold.
    pub(super) fn holds(&self, values: &[Level]) -> Result<bool, DesignError> {
        Ok(self.failing(values)?.is_none())
    }

    /// The combinations of levels that hold.
    pub(super) fn grid(&self, levels: &[&[Level]], size: usize) -> Result<Vec<Point>, DesignError> {
        let mut points = Vec::new();
        for values in combinations(levels, size) {
            if self.holds(&values)? {
                let role = Role::Plain;
                points.push(Point { values, role });
            }
        }
        if points.is_empty() {
            return Err(DesignError::TooNarrow {
                what: text!("points-of-grid"),
                accepted: 0,
                tried: size as u64,
            });
        }
        Ok(points)
    }

    /// The first `n` groups of points of an endless sequence whose points all hold. `group` makes
    /// one from its number in the sequence and its number among those kept.
    pub(super) fn sequence(
        &self,
        what: &Text,
        n: u32,
        group: impl Fn(u32, u32) -> Vec<Point>,
    ) -> Result<Vec<Point>, DesignError> {
        let mut points = Vec::new();
        let mut accepted = 0;
        for tried in 0..=TRIES {
            if accepted == n {
                return Ok(points);
            }
            if tried >= PATIENCE && accepted < tried / ONE_IN || tried == TRIES {
                return Err(DesignError::TooNarrow {
                    what: what.clone(),
                    accepted: accepted.into(),
                    tried: tried.into(),
                });
            }
            let group = group(tried, accepted);
            let mut hold = true;
            for point in &group {
                hold = hold && self.holds(&point.values)?;
            }
            if hold {
                points.extend(group);
                accepted += 1;
            }
        }
        Ok(points)
    }
}
