//! What a calibration says of targets and parameters: before, after, and how far the record is from it.

use crate::design::nearest_the_mean;
use crate::inference::dice::Name;
use crate::inference::matrix::Matrix;

use super::emulator::Bank;
use super::matching::Matched;
use super::observed::{Observed, Seen};
use super::plan::Calibration;
use super::posterior::Posterior;

/// Points by which moments of the prior are found.
const PRIOR_POINTS: usize = 4096;
/// Levels of a range, and the middle.
pub const LEVELS: [f64; 3] = [0.05, 0.5, 0.95];

/// A target, before and after.
#[derive(Clone, Debug, PartialEq)]
pub struct OfTarget {
    /// Its name.
    pub id: String,
    /// Whether parameters were fitted to it.
    pub fit: bool,
    /// 5 %, 50 % and 95 % of what the model gives over the prior, with error and discrepancy.
    pub prior: [f64; 3],
    /// The same over the posterior; NaN without one.
    pub posterior: [f64; 3],
    /// Of a value: twice the smaller share of the posterior on one side of it. Of bounds: the share between them.
    pub p: f64,
}

impl OfTarget {
    /// Whether the record lies within the 90 % band of the posterior.
    pub fn is_met(&self, observed: &Observed) -> bool {
        let [low, _, high] = self.posterior;
        match observed.seen {
            Seen::Value(value) => low <= value && value <= high,
            Seen::Between(least, most) => low <= most && least <= high,
        }
    }
}

/// A parameter, before and after.
#[derive(Clone, Debug, PartialEq)]
pub struct OfParameter {
    /// Its key.
    pub key: String,
    /// Mean and standard deviation under the prior.
    pub prior: (f64, f64),
    /// 5 %, 50 % and 95 % of the prior.
    pub before: [f64; 3],
    /// Mean and standard deviation under the posterior.
    pub posterior: (f64, f64),
    /// 5 %, 50 % and 95 % of the posterior.
    pub range: [f64; 3],
    /// R̂ and the effective number of steps of the chains.
    pub agreement: (f64, f64),
    /// Its value at the draw of the kept posterior that is nearest the mean of all.
    pub nearest: f64,
}

impl OfParameter {
    /// 1 − posterior over prior standard deviation.
    pub fn contraction(&self) -> f64 {
        1.0 - self.posterior.1 / self.prior.1
    }
}

/// A direction in which the posterior is narrower or wider than others, in parameters scaled by their prior: the first is the
/// stiffest, the last the sloppiest.
#[derive(Clone, Debug, PartialEq)]
pub struct Direction {
    /// Posterior standard deviation over that of the prior along it.
    pub ratio: f64,
    /// Its weights on the parameters; their squares sum to 1.
    pub weights: Vec<f64>,
}

/// All that a calibration says.
#[derive(Debug)]
pub struct Diagnosis {
    /// Of each target, those that are fitted first.
    pub targets: Vec<OfTarget>,
    /// Of each parameter; empty without a posterior.
    pub parameters: Vec<OfParameter>,
    /// From the stiffest to the sloppiest; empty without a posterior.
    pub directions: Vec<Direction>,
}

/// Works it out.
pub fn diagnosis(
    of: &Calibration,
    matched: &Matched<'_>,
    posterior: Option<&Posterior>,
) -> Diagnosis {
    let seed = of.budget.seed;
    let predictive = |bank: &Bank, weights: &[f64], target: usize, what: &str| {
        let sd = of.observed[target].noise.sqrt();
        let name = Name::new(seed, what);
        let mut all: Vec<(f64, f64)> = Vec::new();
        for (point, (runs, weight)) in bank.runs.iter().zip(weights).enumerate() {
            let mut dice = name.dice(point as u64, target as u32);
            for run in runs {
                let noise = sd * dice.normal();
                if run[target].is_finite() {
                    all.push((run[target] + noise, *weight));
                }
            }
        }
        all.sort_by(|a, b| a.0.total_cmp(&b.0));
        all
    };
    let alike = vec![1.0; matched.prior_bank.points.len()];
    let targets = of.targets.iter().enumerate().map(|(at, target)| {
        let prior = predictive(&matched.prior_bank, &alike, at, "prior-errors");
        let after = posterior
            .map(|found| predictive(&found.bank, &found.weights, at, "posterior-errors"))
            .unwrap_or_default();
        OfTarget {
            id: target.spec.id.clone(),
            fit: at < of.fitted,
            prior: LEVELS.map(|level| quantile(&prior, level)),
            posterior: LEVELS.map(|level| quantile(&after, level)),
            p: p_value(&after, &of.observed[at]),
        }
    });
    let mut diagnosis = Diagnosis {
        targets: targets.collect(),
        parameters: Vec::new(),
        directions: Vec::new(),
    };
    if let Some(found) = posterior {
        diagnosis.parameters = parameters(of, found);
        diagnosis.directions = directions(&found.bank.points, &found.weights);
    }
    diagnosis
}

/// The value below which the share `level` of weighted values lies that are in order.
pub fn quantile(sorted: &[(f64, f64)], level: f64) -> f64 {
    let target = level * sorted.iter().map(|(_, weight)| weight).sum::<f64>();
    let mut below = 0.0;
    for (value, weight) in sorted {
        below += weight;
        if below >= target {
            return *value;
        }
    }
    sorted.last().map_or(f64::NAN, |(value, _)| *value)
}

fn p_value(values: &[(f64, f64)], observed: &Observed) -> f64 {
    let all: f64 = values.iter().map(|(_, weight)| weight).sum();
    let share = |counts: &dyn Fn(f64) -> bool| {
        let part = values.iter().filter(|(value, _)| counts(*value));
        part.map(|(_, weight)| weight).sum::<f64>() / all
    };
    match observed.seen {
        Seen::Value(z) => {
            let (below, above) = (share(&|v| v <= z), share(&|v| v >= z));
            (2.0 * below.min(above)).min(1.0)
        }
        Seen::Between(least, most) => share(&|v| v >= least && v <= most),
    }
}

fn parameters(of: &Calibration, found: &Posterior) -> Vec<OfParameter> {
    let draws = found.bank.points.iter().map(|u| of.prior.numbers(u));
    let draws: Vec<Vec<f64>> = draws.collect();
    let moments = |k: usize| {
        let weighted = || draws.iter().zip(&found.weights);
        let mean: f64 = weighted().map(|(draw, w)| w * draw[k]).sum();
        let square: f64 = weighted()
            .map(|(draw, w)| w * (draw[k] - mean) * (draw[k] - mean))
            .sum();
        (mean, square.sqrt())
    };
    let p = of.prior.parameters().len();
    let after: Vec<(f64, f64)> = (0..p).map(moments).collect();
    // Among the draws of the posterior as it is kept.
    let kept = found.resampled.iter();
    let kept: Vec<_> = kept
        .map(|at| of.prior.values(&found.bank.points[*at]))
        .collect();
    let nearest = nearest_the_mean(&kept).map(|at| found.resampled[at]);
    let before = of
        .prior
        .moments(PRIOR_POINTS)
        .unwrap_or_else(|_| vec![(f64::NAN, f64::NAN); p]);
    let points: Vec<Vec<f64>> = match of.prior.sequence(0) {
        Ok(all) => all
            .take(PRIOR_POINTS)
            .map(|u| of.prior.numbers(&u))
            .collect(),
        Err(_) => Vec::new(),
    };
    let all = of.prior.parameters().iter().enumerate();
    all.map(|(k, parameter)| {
        let mut alike: Vec<(f64, f64)> = points.iter().map(|point| (point[k], 1.0)).collect();
        alike.sort_by(|a, b| a.0.total_cmp(&b.0));
        let weighted = draws.iter().zip(&found.weights);
        let mut sorted: Vec<(f64, f64)> = weighted.map(|(draw, w)| (draw[k], *w)).collect();
        sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
        OfParameter {
            key: parameter.key.clone(),
            prior: before[k],
            before: LEVELS.map(|level| quantile(&alike, level)),
            posterior: after[k],
            range: LEVELS.map(|level| quantile(&sorted, level)),
            agreement: found.agreement[k],
            nearest: nearest.map_or(f64::NAN, |at| draws[at][k]),
        }
    })
    .collect()
}

/// Principal directions of weighted points of the unit cube, over the standard deviation of the uniform law.
fn directions(points: &[Vec<f64>], weights: &[f64]) -> Vec<Direction> {
    let p = points.first().map_or(0, Vec::len);
    let weighted = || points.iter().zip(weights);
    let mean: Vec<f64> = (0..p)
        .map(|k| weighted().map(|(u, w)| w * u[k]).sum())
        .collect();
    let mut square = Matrix::zero(p);
    for (u, weight) in weighted() {
        let away: Vec<f64> = u.iter().zip(&mean).map(|(u, mean)| u - mean).collect();
        square.add_outer(12.0 * weight, &away);
    }
    let (values, vectors) = square.eigen();
    let mut order: Vec<usize> = (0..p).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let direction = |at: usize| {
        let weights: Vec<f64> = (0..p).map(|k| vectors.at(k, at)).collect();
        // The largest weight is positive.
        let largest = weights
            .iter()
            .fold(0.0_f64, |a, b| if b.abs() > a.abs() { *b } else { a });
        Direction {
            ratio: values[at].max(0.0).sqrt(),
            weights: weights.iter().map(|w| w * largest.signum()).collect(),
        }
    };
    order.into_iter().map(direction).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_and_p_are_weighted() {
        let values = [(1.0, 0.2), (2.0, 0.5), (3.0, 0.3)];
        assert_eq!(
            LEVELS.map(|level| quantile(&values, level)),
            [1.0, 2.0, 3.0]
        );
        let value = |z| Observed {
            seen: Seen::Value(z),
            noise: 0.0,
        };
        assert!((p_value(&values, &value(1.5)) - 0.4).abs() < 1e-12);
        assert_eq!(p_value(&values, &value(2.0)), 1.0);
        assert_eq!(p_value(&values, &value(4.0)), 0.0);
        let bounds = Observed {
            seen: Seen::Between(2.0, f64::INFINITY),
            noise: 0.0,
        };
        assert!((p_value(&values, &bounds) - 0.8).abs() < 1e-12);
    }

    #[test]
    fn the_stiffest_direction_comes_first() {
        // u₀ + u₁ hardly varies, u₂ not at all.
        let points: Vec<Vec<f64>> = (0..50)
            .map(|k| {
                let t = f64::from(k) / 49.0;
                vec![0.3 + 0.4 * t, 0.7 - 0.4 * t, 0.5]
            })
            .collect();
        let found = directions(&points, &vec![0.02; 50]);
        assert!(
            found[0].ratio < 1e-6 && found[1].ratio < 1e-6 && found[2].ratio > 0.5,
            "{found:?}"
        );
        let half = std::f64::consts::FRAC_1_SQRT_2;
        let [a, b, c] = [0, 1, 2].map(|k| found[2].weights[k]);
        assert!((a.abs() - half).abs() < 1e-6 && (a + b).abs() < 1e-6 && c.abs() < 1e-6);
    }
}
