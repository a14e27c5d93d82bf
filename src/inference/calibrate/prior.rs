//! The prior as a map from the unit cube: a point is the quantile of each parameter, so that the prior is uniform there but
//! for what constraints leave out.

use crate::design::unit::Sobol;
use crate::design::{Constraint, DesignError, Distribution, Level};

/// Halvings by which the ends of a step are found.
const HALVINGS: usize = 40;
/// Numbers to which the middle of a step is rounded, in the unit interval; halvings tell ends more finely.
const GRID: f64 = (1_u64 << 32) as f64;

/// Parameters and how they vary.
#[derive(Clone, Debug)]
pub struct Prior {
    parameters: Vec<Parameter>,
    constraints: Vec<Constraint>,
}

/// A parameter: its key, its distribution, and whether it takes whole numbers only.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// Key in the scenario.
    pub key: String,
    /// Its distribution; of a discrete one all values are numbers.
    pub distribution: Distribution,
    /// Whether it takes whole numbers only.
    pub whole: bool,
}

impl Parameter {
    fn level(&self, u: f64) -> Level {
        self.distribution.quantile(u, self.whole)
    }

    /// Whether the quantile is a step function.
    fn is_stepped(&self) -> bool {
        self.whole || matches!(self.distribution, Distribution::Discrete { .. })
    }

    /// The middle of the step on which `u` is, or `u` itself.
    fn snapped(&self, u: f64) -> f64 {
        if !self.is_stepped() {
            return u;
        }
        let level = self.level(u);
        let end = |far: f64| {
            if self.level(far) == level {
                return far;
            }
            let (mut near, mut far) = (u, far);
            for _ in 0..HALVINGS {
                let middle = 0.5 * (near + far);
                match self.level(middle) == level {
                    true => near = middle,
                    false => far = middle,
                }
            }
            near
        };
        let middle = 0.5 * (end(0.0) + end(1.0));
        // The same number from anywhere on the step, so that equal points are told as such.
        let round = (middle * GRID).round() / GRID;
        if self.level(round) == level {
            round
        } else {
            middle
        }
    }
}

impl Prior {
    /// Of parameters under constraints on them.
    pub fn new(parameters: Vec<Parameter>, constraints: Vec<Constraint>) -> Self {
        Self {
            parameters,
            constraints,
        }
    }

    /// The parameters.
    pub fn parameters(&self) -> &[Parameter] {
        &self.parameters
    }

    /// The values at a point.
    pub fn values(&self, u: &[f64]) -> Vec<Level> {
        let all = self.parameters.iter().zip(u);
        all.map(|(parameter, u)| parameter.level(*u)).collect()
    }

    /// The values at a point, as numbers.
    pub fn numbers(&self, u: &[f64]) -> Vec<f64> {
        let values = self.values(u);
        values
            .iter()
            .map(|v| v.number().unwrap_or(f64::NAN))
            .collect()
    }

    /// Whether all constraints hold at a point; one that cannot be evaluated there does not.
    pub fn holds(&self, u: &[f64]) -> bool {
        if self.constraints.is_empty() {
            return true;
        }
        let values = self.values(u);
        let lookup = |name: &str| {
            let at = self.parameters.iter().position(|p| p.key == name)?;
            Some(values[at].clone())
        };
        let holds = |constraint: &Constraint| constraint.holds(lookup).unwrap_or(false);
        self.constraints.iter().all(holds)
    }

    /// The point with each whole number in the middle of its step, as emulators take it.
    pub fn snapped(&self, u: &[f64]) -> Vec<f64> {
        let all = self.parameters.iter().zip(u);
        all.map(|(parameter, u)| parameter.snapped(*u)).collect()
    }

    /// The points of a scrambled Sobol sequence that satisfy the constraints, snapped, without end.
    ///
    /// # Errors
    /// More parameters than the sequence has columns.
    pub fn sequence(&self, seed: u64) -> Result<impl Iterator<Item = Vec<f64>> + '_, DesignError> {
        let p = self.parameters.len();
        let sobol = Sobol::new("calibration", p, seed)?;
        let row = move |at: u32| {
            let mut row = vec![0.0; p];
            sobol.row(at, &mut row);
            row
        };
        let all = (0..u32::MAX).map(row).filter(|u| self.holds(u));
        Ok(all.map(|u| self.snapped(&u)))
    }

    /// Mean and standard deviation of each parameter under the prior, by the first `n` points of the sequence that satisfy the
    /// constraints. Points that the scenario refuses count too. Under constraints that hardly any point satisfies it takes long.
    ///
    /// # Errors
    /// As [`Prior::sequence`].
    pub fn moments(&self, n: usize) -> Result<Vec<(f64, f64)>, DesignError> {
        let points: Vec<Vec<f64>> = self
            .sequence(0)?
            .take(n)
            .map(|u| self.numbers(&u))
            .collect();
        let of = |k: usize| {
            let mean = points.iter().map(|p| p[k]).sum::<f64>() / points.len() as f64;
            let squares = points.iter().map(|p| (p[k] - mean) * (p[k] - mean));
            (mean, (squares.sum::<f64>() / points.len() as f64).sqrt())
        };
        Ok((0..self.parameters.len()).map(of).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_stand_in_the_middle_of_their_steps() {
        let parameter = Parameter {
            key: "n".to_owned(),
            distribution: Distribution::Uniform { min: 1.0, max: 4.0 },
            whole: true,
        };
        for (u, middle) in [(0.01, 0.125), (0.3, 0.375), (0.99, 0.875)] {
            assert!((parameter.snapped(u) - middle).abs() < 1e-9, "{u}");
        }
        // From anywhere on a step, here of a third, the very same number.
        let thirds = Parameter {
            distribution: Distribution::Uniform { min: 1.0, max: 3.0 },
            ..parameter.clone()
        };
        assert_eq!(thirds.snapped(0.01), thirds.snapped(0.32));
        assert_eq!(thirds.snapped(0.7), thirds.snapped(0.99));
        let smooth = Parameter {
            whole: false,
            ..parameter
        };
        assert_eq!(smooth.snapped(0.3), 0.3);
    }

    #[test]
    fn constraints_are_part_of_the_prior() {
        let of = |key: &str| Parameter {
            key: key.to_owned(),
            distribution: Distribution::Uniform { min: 0.0, max: 1.0 },
            whole: false,
        };
        let constraint = Constraint::parse("a + b <= 1").unwrap();
        let prior = Prior::new(vec![of("a"), of("b")], vec![constraint]);
        assert!(prior.holds(&[0.4, 0.5]) && !prior.holds(&[0.6, 0.5]));
        // The mean of a triangle, by 1024 points of a sequence.
        let moments = prior.moments(1024).unwrap();
        assert!((moments[0].0 - 1.0 / 3.0).abs() < 0.01, "{moments:?}");
        assert!(
            (moments[0].1 - (1.0_f64 / 18.0).sqrt()).abs() < 0.01,
            "{moments:?}"
        );
    }
}
