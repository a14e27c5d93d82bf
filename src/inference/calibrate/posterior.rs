//! The posterior inside the region: chains on the emulator, then real runs at the draws, which weigh them anew.

use crate::inference::chains::{LENGTH, Law, agree, chains, worst};
use crate::inference::dice::Name;

use super::emulator::{Bank, moments};
use super::matching::{Budget, Ending, Matched, Simulator, Stopped, fitted_part};
use super::observed::log_likelihood;
use super::region::CUTOFF;

/// Draws of the posterior.
#[derive(Clone, Debug)]
pub struct Posterior {
    /// What was run at the draws, all targets.
    pub bank: Bank,
    /// Weights of the draws by the real runs; they sum to 1.
    pub weights: Vec<f64>,
    /// The log-likelihood at each draw by the emulator, and by the real runs.
    pub logs: Vec<[f64; 2]>,
    /// 1 / Σ w², which is at least 1.
    pub effective: f64,
    /// Positions of draws, resampled by weight: the posterior with equal weights.
    pub resampled: Vec<usize>,
    /// R̂ and effective number of steps of each parameter.
    pub agreement: Vec<(f64, f64)>,
    /// Share of steps that were taken.
    pub taken: f64,
    /// Draws that the model refused.
    pub refused: usize,
}

impl Posterior {
    /// The largest R̂ and the least effective number of steps of any parameter.
    pub fn chains(&self) -> (f64, f64) {
        worst(&self.agreement)
    }

    /// Whether the chains agree well enough to be drawn from.
    pub fn chains_agree(&self) -> bool {
        agree(self.chains())
    }
}

/// Draws from the posterior inside the region, and runs the model there. An ending in its place where there are no draws: the
/// model refuses all of them, or none is possible under the record.
///
/// # Errors
/// Why there are no runs.
pub fn posterior<S: Simulator>(
    simulator: &mut S,
    matched: &Matched<'_>,
    budget: &Budget,
) -> Result<Result<Posterior, Ending>, Stopped<S::Error>> {
    let (gate, observed) = (&matched.gate, matched.gate.observed);
    let Some(emulators) = gate.waves.last() else {
        return Err(Stopped::Missing(Vec::new()));
    };
    let density = |u: &[f64]| {
        if !gate.within(u, CUTOFF) {
            return f64::NEG_INFINITY;
        }
        let x = gate.prior.snapped(u);
        log_likelihood(emulators, observed, &emulators.at(&x))
    };
    let found = simulator.install(|| {
        let starts = starts(&matched.region.points, &density, budget);
        let name = Name::new(budget.seed, "chains");
        let law = Law {
            density: &density,
            in_cube: true,
        };
        chains(&law, &starts, LENGTH, name)
    });
    let agreement = found.agreement();
    // As many as are asked for from all chains alike, twice as often as are needed where the model refuses some.
    let kept = LENGTH.kept as usize;
    let chains = found.points.len();
    let (mut points, mut refused): (Vec<Vec<f64>>, usize) = (Vec::new(), 0);
    for pass in 0..2 {
        for draw in 0..budget.draws {
            if points.len() >= budget.draws {
                break;
            }
            let at = (2 * (draw / chains) + pass) * kept / (2 * budget.draws.div_ceil(chains));
            let u = gate
                .prior
                .snapped(&found.points[draw % chains][at.min(kept - 1)]);
            match simulator.accepts(&u) {
                true => points.push(u),
                false => refused += 1,
            }
        }
    }
    if points.is_empty() {
        return Ok(Err(Ending::Refused));
    }
    let mut distinct: Vec<Vec<f64>> = Vec::new();
    let mut of_draw = Vec::with_capacity(points.len());
    for u in points {
        let at = distinct.iter().position(|other| *other == u);
        of_draw.push(at.unwrap_or(distinct.len()));
        if at.is_none() {
            distinct.push(u);
        }
    }
    let runs = simulator.run("draws", &distinct, budget.replicates)?;
    let bank = Bank {
        points: of_draw.iter().map(|at| distinct[*at].clone()).collect(),
        runs: of_draw.iter().map(|at| runs[*at].clone()).collect(),
    };
    let fitted = fitted_part(&bank, observed.len());
    let logs: Vec<[f64; 2]> = fitted
        .points
        .iter()
        .zip(&fitted.runs)
        .map(|(x, runs)| {
            let told = emulators.at(x);
            let by_emulator = log_likelihood(emulators, observed, &told);
            let real = told.iter().enumerate().map(|(target, told)| {
                let (mean, _, n) = moments(runs, target);
                super::emulator::Prediction {
                    mean: if n > 0 { mean } else { told.mean },
                    emulator: 0.0,
                    luck: told.luck,
                }
            });
            [
                by_emulator,
                log_likelihood(emulators, observed, &real.collect::<Vec<_>>()),
            ]
        })
        .collect();
    let weights = weights(&logs);
    if weights.iter().all(|weight| *weight == 0.0) {
        return Ok(Err(Ending::Impossible));
    }
    let effective = 1.0 / weights.iter().map(|w| w * w).sum::<f64>();
    Ok(Ok(Posterior {
        resampled: resampled(&weights, budget.draws, Name::new(budget.seed, "resampling")),
        bank,
        weights,
        logs,
        effective,
        agreement,
        taken: found.taken,
        refused,
    }))
}

/// Points of the region drawn by their likelihood: where chains begin.
fn starts(
    points: &[Vec<f64>],
    density: &(dyn Fn(&[f64]) -> f64 + Sync),
    budget: &Budget,
) -> Vec<Vec<f64>> {
    let logs: Vec<[f64; 2]> = points.iter().map(|u| [0.0, density(u)]).collect();
    let weights = weights(&logs);
    let name = Name::new(budget.seed, "starts");
    let drawn = resampled(&weights, 64, name);
    let mut starts: Vec<Vec<f64>> = drawn.into_iter().map(|at| points[at].clone()).collect();
    starts.dedup();
    // Where few points weigh nearly all, the best of the others say how far steps go.
    if starts.len() < 16 {
        let mut order: Vec<usize> = (0..points.len()).collect();
        order.sort_by(|a, b| logs[*b][1].total_cmp(&logs[*a][1]));
        starts = order
            .iter()
            .take(32)
            .map(|at| points[*at].clone())
            .collect();
    }
    starts
}

/// Weights proportional to exp(second − first), which sum to 1; all 0 where no second is finite.
pub fn weights(logs: &[[f64; 2]]) -> Vec<f64> {
    let ratio = |[from, to]: &[f64; 2]| {
        if to.is_finite() {
            to - from
        } else {
            f64::NEG_INFINITY
        }
    };
    let most = logs.iter().map(ratio).fold(f64::NEG_INFINITY, f64::max);
    if !most.is_finite() {
        return vec![0.0; logs.len()];
    }
    let raw: Vec<f64> = logs.iter().map(|of| libm::exp(ratio(of) - most)).collect();
    let sum: f64 = raw.iter().sum();
    raw.iter().map(|weight| weight / sum).collect()
}

/// `n` positions drawn by weight, by systematic resampling (Kitagawa 1996): each comes up n·w times, rounded up or down.
pub fn resampled(weights: &[f64], n: usize, name: Name) -> Vec<usize> {
    let start = name.dice(0, 0).uniform();
    let mut drawn = Vec::with_capacity(n);
    let (mut below, mut at) = (weights.first().copied().unwrap_or(0.0), 0);
    for k in 0..n {
        let target = (k as f64 + start) / n as f64;
        while below < target && at + 1 < weights.len() {
            at += 1;
            below += weights[at];
        }
        drawn.push(at);
    }
    drawn
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_position_comes_up_by_its_weight() {
        let weights = weights(&[
            [0.0, 0.0],
            [1.0, 1.0 + libm::log(3.0)],
            [0.0, f64::NEG_INFINITY],
        ]);
        assert!(
            (weights[0] - 0.25).abs() < 1e-12 && weights[2] == 0.0,
            "{weights:?}"
        );
        let drawn = resampled(&weights, 100, Name::new(4, "test"));
        let of = |at| drawn.iter().filter(|d| **d == at).count();
        assert_eq!((of(0), of(1), of(2)), (25, 75, 0));
    }

    #[test]
    fn where_nothing_is_possible_nothing_has_weight() {
        assert_eq!(weights(&[[0.0, f64::NEG_INFINITY]; 2]), [0.0, 0.0]);
    }
}
