//! Elementary effects of Morris.
//!
//! In a trajectory of k + 1 points each step changes one of the k parameters. In units of the whole
//! range of the parameter, with r trajectories:
//!
//! ```text
//! d_i  = (y(x + Δ e_i) − y(x)) / Δ          elementary effect; Δ with its sign
//! μ_i  = Σ d_i / r                          mean effect: opposite effects cancel
//! μ*_i = Σ |d_i| / r                        size of the effect
//! σ_i² = Σ (d_i − μ_i)² / (r − 1)           0 for a parameter that acts linearly and alone
//! ```
//!
//! The interval of μ* is the BCa bootstrap of a mean over trajectories; with fewer than 20 the t
//! interval, cut at 0, since the bootstrap knows too little of the tails then.
//!
//! - Morris (1991), *Factorial sampling plans for preliminary computational experiments*, Technometrics
//!   33.
//! - Campolongo, Cariboni and Saltelli (2007), *An effective screening design for sensitivity analysis of
//!   large models*, Environmental Modelling & Software 22.

use serde::Serialize;

use super::{Estimate, ShapeError, check_length};
use crate::paired::{Choice, DrawName, difference};
use crate::texts::text;

/// Morris measures of one parameter, in the unit of the outcome per whole range of the parameter.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Morris {
    /// Effects used.
    pub effects: usize,
    /// Effects left out because an end of theirs is missing.
    pub dropped: usize,
    /// μ; missing without effects.
    pub mu: Option<f64>,
    /// μ*, with its interval; ends missing with one effect, and equal when all effects are of one size.
    pub mu_star: Option<Estimate>,
    /// σ; missing with one effect.
    pub sigma: Option<f64>,
}

/// Elementary effects, one list per parameter with one effect per trajectory, NaN where an outcome is
/// missing.
///
/// `points` holds the coordinates of the points in 0 … 1, point by point (`parameters` each),
/// trajectory by trajectory (`parameters` + 1 points each); `outcome` one value per point.
///
/// # Errors
///
/// When lengths do not fit, or a step does not change exactly one parameter that its trajectory has not
/// changed yet.
pub fn elementary_effects(
    points: &[f64],
    outcome: &[f64],
    parameters: usize,
) -> Result<Vec<Vec<f64>>, ShapeError> {
    let length = parameters + 1;
    let trajectories = outcome.len() / length;
    check_length(
        || text!("shape-outcome"),
        outcome.len(),
        trajectories * length,
    )?;
    let expected = outcome.len() * parameters;
    check_length(|| text!("shape-points"), points.len(), expected)?;
    let mut effects = vec![vec![f64::NAN; trajectories]; parameters];
    let mut changed = vec![false; parameters];
    for at in (0..outcome.len()).filter(|at| at % length < parameters) {
        let (trajectory, step) = (at / length, at % length);
        let here = &points[at * parameters..(at + 1) * parameters];
        let next = &points[(at + 1) * parameters..(at + 2) * parameters];
        if step == 0 {
            changed.fill(false);
        }
        // Not equal: a NaN counts as a change.
        let mut moves = (0..parameters).filter(|i| here[*i] != next[*i]);
        let error = ShapeError::Step { trajectory, step };
        let (Some(i), None) = (moves.next(), moves.next()) else {
            return Err(error);
        };
        let delta = next[i] - here[i];
        if changed[i] || !delta.is_finite() {
            return Err(error);
        }
        changed[i] = true;
        effects[i][trajectory] = (outcome[at + 1] - outcome[at]) / delta;
    }
    Ok(effects)
}

/// The measures of every parameter from its effects. `name` names the resamples, which are the same
/// trajectories for all parameters.
pub fn morris(effects: &[Vec<f64>], name: DrawName) -> Vec<Morris> {
    effects.iter().map(|d| of_one(d, name)).collect()
}

fn of_one(effects: &[f64], name: DrawName) -> Morris {
    let used: Vec<f64> = effects.iter().copied().filter(|d| d.is_finite()).collect();
    let sizes: Vec<f64> = used.iter().map(|d| d.abs()).collect();
    let zero = vec![0.0; used.len()];
    let plain = difference(&zero, &used, Choice::T, name);
    let size = difference(&zero, &sizes, Choice::Bca, name);
    Morris {
        effects: used.len(),
        dropped: effects.len() - used.len(),
        mu: plain.map(|d| d.mean),
        mu_star: size.map(|d| Estimate::new(d.mean, d.low.map(|low| low.max(0.0)).zip(d.high))),
        sigma: plain.and_then(|d| d.sd),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: DrawName = DrawName::new(1991, 1, 2);

    /// By hand: f = 2 x + y² on two trajectories of step ±2/3.
    #[test]
    fn by_hand() {
        let third = 1.0 / 3.0;
        let points = [
            [0.0, 0.0],
            [2.0 * third, 0.0],
            [2.0 * third, 2.0 * third],
            [1.0, 1.0],
            [1.0, third],
            [third, third],
        ];
        let outcome: Vec<f64> = points.iter().map(|p| 2.0 * p[0] + p[1] * p[1]).collect();
        let effects = elementary_effects(points.as_flattened(), &outcome, 2).unwrap();
        let measures = morris(&effects, NAME);
        // d of y: (4/9) / (2/3) = 2/3 and (1 − 1/9) / (2/3) = 4/3.
        assert!((measures[0].mu.unwrap() - 2.0).abs() < 1e-14);
        assert!(measures[0].sigma.unwrap() < 1e-14);
        assert!((measures[1].mu.unwrap() - 1.0).abs() < 1e-14);
        assert!((measures[1].sigma.unwrap() - 2.0_f64.sqrt() / 3.0).abs() < 1e-14);
        // t with one degree of freedom: 12.706 · s / √2, s = √2/3, cut at 0.
        let star = measures[1].mu_star.unwrap();
        assert_eq!(star.low, Some(0.0));
        assert!((star.high.unwrap() - (1.0 + 12.706_204_7 / 3.0)).abs() < 1e-6);
    }

    #[test]
    fn opposite_effects_cancel_in_mu_only() {
        let effects: Vec<f64> = (0..30)
            .map(|i| if i % 2 == 0 { 3.0 } else { -3.0 })
            .collect();
        let measure = morris(&[effects], NAME)[0];
        assert_eq!(measure.mu, Some(0.0));
        assert_eq!(measure.mu_star, Some(Estimate::new(3.0, Some((3.0, 3.0)))));
        assert!((measure.sigma.unwrap() - (30.0 / 29.0_f64).sqrt() * 3.0).abs() < 1e-14);
    }

    #[test]
    fn missing_outcomes_cost_two_effects() {
        let points = [[0.0, 0.0], [0.5, 0.0], [0.5, 0.5]];
        let effects = elementary_effects(points.as_flattened(), &[1.0, f64::NAN, 2.0], 2).unwrap();
        let measures = morris(&effects, NAME);
        assert!(measures.iter().all(|m| (m.effects, m.dropped) == (0, 1)));
        assert!(
            measures
                .iter()
                .all(|m| m.mu.is_none() && m.mu_star.is_none())
        );
        assert_eq!(morris(&[vec![2.0]], NAME)[0].sigma, None);
    }

    #[test]
    fn wrong_trajectories_are_told() {
        let step = |points: &[[f64; 2]]| {
            elementary_effects(points.as_flattened(), &vec![0.0; points.len()], 2).unwrap_err()
        };
        let error = |trajectory, step| ShapeError::Step { trajectory, step };
        assert_eq!(step(&[[0.0, 0.0], [0.5, 0.5], [0.5, 1.0]]), error(0, 0));
        assert_eq!(step(&[[0.0, 0.0], [0.5, 0.0], [1.0, 0.0]]), error(0, 1));
        assert_eq!(step(&[[0.0, 0.0], [0.0, 0.0], [1.0, 0.0]]), error(0, 0));
        assert_eq!(
            step(&[[0.0, 0.0], [f64::NAN, 0.0], [1.0, 0.0]]),
            error(0, 0)
        );
        assert!(matches!(
            step(&[[0.0, 0.0]]),
            ShapeError::Length {
                found: 1,
                expected: 0,
                ..
            }
        ));
        assert!(elementary_effects(&[0.0; 5], &[0.0; 3], 2).is_err());
    }
}
