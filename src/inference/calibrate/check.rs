//! Simulation-based calibration (Talts et al. 2018, arXiv 1804.06788): truths drawn from the prior, data made of them by the
//! model, and where in its posterior each truth ranks. Under a right likelihood ranks are uniform.
//!
//! One bank of prior runs serves all truths: the truth's own point is left out of the emulator, and its data are a
//! history of its own luck that no emulator saw. Ranks are judged by simultaneous bands for their empirical distribution (Säilynoja,
//! Bürkner and Vehtari 2022, *Graphical test for discrete uniformity*, Statistics and Computing 32), here as a p value by
//! simulation, and by Holm over parameters.

use rayon::prelude::*;

use super::emulator::{Bank, Emulators};
use super::observed::{Observed, Seen, log_likelihood};
use super::prior::Prior;

use crate::inference::chains::{Law, Length, chains};
use crate::inference::dice::Name;
use crate::paired::holm;

/// Steps of a chain of a check.
const LENGTH: Length = Length {
    warm: 600,
    kept: 1250,
};
/// Draws of each posterior among which the truth ranks.
pub const RANKED: usize = 99;
/// Sets of uniform ranks by which bands are made.
const SETS: usize = 4000;

/// What a parameter's ranks say.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    /// Rank of each truth, from 0 to [`RANKED`].
    pub ranks: Vec<usize>,
    /// Probability of an empirical distribution as far from uniform anywhere.
    pub p: f64,
    /// The same, adjusted by Holm over the parameters.
    pub adjusted: f64,
}

/// Checks the likelihood by the first points of a bank, each the truth of one of the `histories`. `observed` has errors and
/// bounds of the targets, whose values the histories replace. `factor` multiplies the standard deviations of errors and discrepancies
/// that the likelihood takes: other values than 1 make it wrong on purpose. Truths whose history lacks a value are left out;
/// `accepts` says at which points the model runs: the prior from which truths come has no others, and no draws either.
///
/// # Errors
/// Positions of targets that have too few values to be emulated, or too few to make a record of any truth.
pub fn check(
    prior: &Prior,
    bank: &Bank,
    observed: &[Observed],
    histories: &[Vec<f64>],
    accepts: &(dyn Fn(&[f64]) -> bool + Sync),
    factor: f64,
    seed: u64,
) -> Result<Vec<Judged>, Vec<usize>> {
    let all = Emulators::fit(bank)?;
    let p = prior.parameters().len();
    let rank = |truth: usize| -> Option<Vec<usize>> {
        if histories[truth].iter().any(|value| !value.is_finite()) {
            return None;
        }
        let emulators = all.without(truth)?;
        let mut dice = Name::new(seed, "data").dice(truth as u64, 0);
        let data = observed
            .iter()
            .zip(&histories[truth])
            .map(|(observed, value)| {
                let value = value + observed.noise.sqrt() * dice.normal();
                let seen = match observed.seen {
                    Seen::Value(_) => Seen::Value(value),
                    // What is observed is on which side of the bounds it is.
                    Seen::Between(least, most) if value < least => {
                        Seen::Between(f64::NEG_INFINITY, least.min(most))
                    }
                    Seen::Between(_, most) if value > most => Seen::Between(most, f64::INFINITY),
                    between => between,
                };
                Observed {
                    seen,
                    noise: observed.noise * factor * factor,
                }
            });
        let data: Vec<Observed> = data.collect();
        let density = |u: &[f64]| match prior.holds(u) {
            true => log_likelihood(&emulators, &data, &emulators.at(&prior.snapped(u))),
            false => f64::NEG_INFINITY,
        };
        let mut points: Vec<(f64, &Vec<f64>)> =
            bank.points.iter().map(|u| (density(u), u)).collect();
        points.sort_by(|a, b| b.0.total_cmp(&a.0));
        let starts: Vec<Vec<f64>> = points.iter().take(16).map(|(_, u)| (*u).clone()).collect();
        let law = Law {
            density: &density,
            in_cube: true,
        };
        let name = Name::new(seed, &format!("truth-{truth}"));
        let found = chains(&law, &starts, LENGTH, name);
        let draws = found.points.concat();
        // As many from all chains alike; where the model refuses some, those halfway between them too.
        let mut accepted: Vec<&Vec<f64>> = Vec::with_capacity(RANKED);
        for pass in [1, 2] {
            if accepted.len() < RANKED {
                let at =
                    |k: usize| ((2 * k + pass) * draws.len() / (2 * RANKED)).min(draws.len() - 1);
                let more = (0..RANKED).map(|k| &draws[at(k)]);
                accepted.extend(more.filter(|u| accepts(&prior.snapped(u))));
            }
        }
        if accepted.is_empty() {
            return None;
        }
        let drawn = |k: usize| accepted[(2 * k + 1) * accepted.len() / (2 * RANKED)];
        let of = |parameter: usize| {
            let truth = bank.points[truth][parameter];
            let value = |k| prior.snapped(drawn(k))[parameter];
            let below = (0..RANKED).filter(|k| value(*k) < truth).count();
            // Of equal draws, as of whole numbers, any share is below.
            let equal = (0..RANKED).filter(|k| value(*k) == truth).count();
            below + (dice_of(seed, truth.to_bits(), parameter) * (equal + 1) as f64) as usize
        };
        Some((0..p).map(of).collect())
    };
    let ranks: Vec<Option<Vec<usize>>> = (0..histories.len().min(bank.points.len()))
        .into_par_iter()
        .map(rank)
        .collect();
    let ranks: Vec<Vec<usize>> = ranks.into_iter().flatten().collect();
    if ranks.is_empty() {
        let missing = |target: &usize| histories.iter().any(|of| !of[*target].is_finite());
        let found: Vec<usize> = (0..observed.len()).filter(missing).collect();
        return Err(match found.is_empty() {
            true => (0..observed.len()).collect(),
            false => found,
        });
    }
    let of_parameter = (0..p).map(|k| ranks.iter().map(|ranks| ranks[k]).collect());
    Ok(judged(of_parameter.collect(), seed))
}

fn dice_of(seed: u64, bits: u64, parameter: usize) -> f64 {
    Name::new(seed, "equal")
        .dice(bits, parameter as u32)
        .uniform()
}

/// Judges the ranks of each parameter.
fn judged(ranks: Vec<Vec<usize>>, seed: u64) -> Vec<Judged> {
    let n = ranks.first().map_or(0, Vec::len);
    let tails = tails(n);
    let name = Name::new(seed, "bands");
    let uniform = |set: usize| {
        let mut dice = name.dice(set as u64, 0);
        let ranks: Vec<usize> = (0..n).map(|_| dice.below(RANKED + 1)).collect();
        least_tail(&ranks, &tails)
    };
    let sets: Vec<f64> = (0..SETS).into_par_iter().map(uniform).collect();
    let p = ranks.iter().map(|ranks| {
        let own = least_tail(ranks, &tails);
        let as_far = sets
            .iter()
            .filter(|other| **other <= own * (1.0 + 1e-9))
            .count();
        (1 + as_far) as f64 / (1 + SETS) as f64
    });
    let p: Vec<f64> = p.collect();
    let adjusted = holm(&p.iter().copied().map(Some).collect::<Vec<_>>());
    let all = ranks.into_iter().zip(p).zip(adjusted);
    all.map(|((ranks, p), adjusted)| Judged {
        ranks,
        p,
        adjusted: adjusted.unwrap_or(p),
    })
    .collect()
}

/// Of each rank r, and each number of ranks that are at most r: the smaller of the two tail probabilities under
/// Binomial(n, (r + 1) / (RANKED + 1)).
fn tails(n: usize) -> Vec<Vec<f64>> {
    let of = |rank: usize| {
        let share = (rank + 1) as f64 / (RANKED + 1) as f64;
        let mut below = 0.0;
        let mass: Vec<f64> = (0..=n).map(|k| binomial(n, k, share)).collect();
        let tail = mass.iter().map(|mass| {
            let to_here = below + mass;
            let tail = to_here.min(1.0 - below);
            below = to_here;
            tail
        });
        tail.collect()
    };
    (0..RANKED).map(of).collect()
}

fn binomial(n: usize, k: usize, share: f64) -> f64 {
    let (n, k) = (n as f64, k as f64);
    let choose = libm::lgamma(n + 1.0) - libm::lgamma(k + 1.0) - libm::lgamma(n - k + 1.0);
    libm::exp(choose + k * libm::log(share) + (n - k) * libm::log1p(-share))
}

/// The least tail probability of the empirical distribution of ranks.
fn least_tail(ranks: &[usize], tails: &[Vec<f64>]) -> f64 {
    let mut counts = vec![0; RANKED + 1];
    ranks.iter().for_each(|rank| counts[*rank] += 1);
    let mut at_most = 0;
    let mut least = 1.0_f64;
    for (rank, tails) in tails.iter().enumerate() {
        at_most += counts[rank];
        least = least.min(tails[at_most]);
    }
    least
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Uniform ranks: p is uniform, here not below 1 % (a false alarm once in a hundred seeds for each of the sets; the seed
    /// is fixed). Ranks that crowd at the ends or in the middle are told.
    #[test]
    fn ranks_that_are_not_uniform_are_told() {
        let mut dice = Name::new(2, "ranks").dice(0, 0);
        let mut ranks = |of: &dyn Fn(f64) -> f64| -> Vec<usize> {
            (0..40)
                .map(|_| (of(dice.uniform()) * 100.0) as usize)
                .collect()
        };
        let uniform = ranks(&|u| u);
        let ends = ranks(&|u| 0.5 - 0.5 * libm::cos(std::f64::consts::PI * libm::sqrt(u)));
        let ends: Vec<usize> = ends
            .iter()
            .map(|r| if *r < 50 { r / 4 } else { 99 - (99 - r) / 4 })
            .collect();
        let middle = ranks(&|u| 0.35 + 0.3 * u);
        let told = judged(vec![uniform, ends, middle], 7);
        assert!(told[0].p > 0.01, "{}", told[0].p);
        assert!(
            told[1].adjusted < 0.01 && told[2].adjusted < 0.01,
            "{told:?}"
        );
    }
}
