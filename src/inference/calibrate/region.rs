//! The region of the prior that is not implausible: points spread over it, and its share of the prior.
//!
//! A small region is reached through larger ones, each with the best fifth of the one before (subset simulation: Au and Beck
//! 2001, Probabilistic Engineering Mechanics 16). Within a region points move by differences of two others (ter Braak 2006,
//! Statistics and Computing 16) and stay where a step would leave it: each step leaves the uniform distribution as it is.

use rayon::prelude::*;

use crate::inference::chains::wrapped;
use crate::inference::dice::Name;

use super::emulator::Emulators;
use super::observed::{Observed, implausibility};
use super::prior::Prior;

/// What is kept: points whose second-largest implausibility is below it (three standard deviations: Pukelsheim 1994).
pub const CUTOFF: f64 = 3.0;
/// Points with which it begins.
const FIRST: usize = 2048;
/// Points of a region.
const POPULATION: usize = 600;
/// Of a region, the points that make the next one.
const KEPT: f64 = 0.2;
/// Steps of each point within a region.
const STEPS: u32 = 6;
/// Steps of each point within the last region.
const LAST_STEPS: u32 = 20;
/// Most regions on the way.
const LEVELS: u32 = 14;

/// What is not implausible by any wave so far.
#[derive(Clone, Debug)]
pub struct Gate<'a> {
    /// The prior.
    pub prior: &'a Prior,
    /// What was observed of the targets that are fitted.
    pub observed: &'a [Observed],
    /// Emulators of each wave.
    pub waves: Vec<Emulators>,
}

impl Gate<'_> {
    /// The largest over waves of the second-largest implausibility; infinite where a constraint does not hold.
    pub fn score(&self, u: &[f64]) -> f64 {
        if !self.prior.holds(u) {
            return f64::INFINITY;
        }
        let x = self.prior.snapped(u);
        let waves = self.waves.iter();
        let of = waves.map(|emulators| implausibility(emulators, self.observed, &x));
        of.fold(0.0, f64::max)
    }

    /// Whether the score is at most this.
    pub fn within(&self, u: &[f64], most: f64) -> bool {
        if !self.prior.holds(u) {
            return false;
        }
        let x = self.prior.snapped(u);
        let allowed = usize::from(self.observed.len() > 1);
        self.waves.iter().rev().all(|emulators| {
            let mut beyond = 0;
            emulators
                .of()
                .iter()
                .zip(self.observed)
                .all(|(of, observed)| {
                    let apart = observed.implausibility(&of.at(&x), emulators.replicates);
                    beyond += usize::from(apart > most);
                    beyond <= allowed
                })
        })
    }
}

/// What there is of the region.
#[derive(Clone, Debug)]
pub struct Region {
    /// Points spread over it, or the best that were found of an empty one.
    pub points: Vec<Vec<f64>>,
    /// Its share of the prior; 0 of an empty one.
    pub share: f64,
    /// The least score of any point.
    pub least: f64,
    /// All points that were looked at on the way, of which to tell which targets conflict.
    pub seen: Vec<Vec<f64>>,
}

/// Looks for the region of a gate, with random numbers of this name.
pub fn region(gate: &Gate<'_>, first: &[Vec<f64>], name: Name) -> Region {
    let scored = |points: Vec<Vec<f64>>| -> Vec<(f64, Vec<f64>)> {
        let all = points.into_par_iter();
        let mut all: Vec<(f64, Vec<f64>)> = all.map(|u| (gate.score(&u), u)).collect();
        // Stable: of equal scores the first stays first.
        all.sort_by(|a, b| a.0.total_cmp(&b.0));
        all
    };
    let mut population = scored(first.to_vec());
    let mut seen = first.to_vec();
    let mut share = 1.0;
    for level in 0..LEVELS {
        let inside = population
            .iter()
            .filter(|(score, _)| *score < CUTOFF)
            .count();
        let n = population.len();
        let least = population
            .first()
            .map_or(f64::INFINITY, |(score, _)| *score);
        let kept = ((n as f64 * KEPT) as usize).max(2);
        if inside >= kept.min(POPULATION) {
            share *= inside as f64 / n as f64;
            population.truncate(inside);
            let points: Vec<Vec<f64>> = population.into_iter().map(|(_, u)| u).collect();
            let points = match points.len() >= POPULATION {
                // Independent points of the sequence already.
                true if level == 0 => points,
                _ => moved(gate, &points, CUTOFF, name, level, LAST_STEPS),
            };
            return Region {
                points,
                share,
                least,
                seen,
            };
        }
        let threshold = population[kept - 1].0;
        if !threshold.is_finite() {
            break;
        }
        share *= kept as f64 / n as f64;
        population.truncate(kept);
        let points: Vec<Vec<f64>> = population.iter().map(|(_, u)| u.clone()).collect();
        let points = moved(gate, &points, threshold, name, level, STEPS);
        seen.extend(points.iter().cloned());
        let before = least;
        population = scored(points);
        let now = population
            .first()
            .map_or(f64::INFINITY, |(score, _)| *score);
        // Neither the best nor the level comes nearer: there is nothing nearer.
        let median = population[population.len() / 2].0;
        if now > CUTOFF && now > before - 1e-3 && median > threshold - 1e-3 {
            break;
        }
    }
    Region {
        least: population
            .first()
            .map_or(f64::INFINITY, |(score, _)| *score),
        points: population.into_iter().map(|(_, u)| u).take(20).collect(),
        share: 0.0,
        seen,
    }
}

/// The first points of the search.
///
/// # Errors
/// As [`Prior::sequence`].
pub fn first_points(prior: &Prior, seed: u64) -> Result<Vec<Vec<f64>>, crate::design::DesignError> {
    Ok(prior.sequence(seed)?.take(FIRST).collect())
}

/// As many points as a region has, each begun at one of `points` and moved so many steps within the threshold.
fn moved(
    gate: &Gate<'_>,
    points: &[Vec<f64>],
    threshold: f64,
    name: Name,
    level: u32,
    steps: u32,
) -> Vec<Vec<f64>> {
    let p = points.first().map_or(0, Vec::len);
    let scale = 2.38 / (2.0 * p.max(1) as f64).sqrt();
    let one = |at: usize| {
        let mut dice = name.dice(at as u64, level);
        let mut u = points[at % points.len()].clone();
        for step in 0..steps {
            let (a, b) = (dice.below(points.len()), dice.below(points.len()));
            // Now and then a long step, from one part of the region to another.
            let scale = if step % 5 == 4 { 1.0 } else { scale };
            let to: Vec<f64> = (0..p)
                .map(|k| {
                    let by = scale * (points[a][k] - points[b][k]) + 1e-3 * dice.normal();
                    wrapped(u[k] + by)
                })
                .collect();
            if gate.within(&to, threshold) {
                u = to;
            }
        }
        gate.prior.snapped(&u)
    };
    (0..POPULATION).into_par_iter().map(one).collect()
}

/// `n` of the points, far from each other and from those that are there: each next one is the farthest from all so far,
/// in units of the spread of the points (Kennard and Stone 1969, Technometrics 11).
pub fn spread_out(points: &[Vec<f64>], there: &[Vec<f64>], n: usize) -> Vec<Vec<f64>> {
    let Some(p) = points.first().map(Vec::len) else {
        return Vec::new();
    };
    let weights: Vec<f64> = (0..p)
        .map(|k| {
            let mean = points.iter().map(|u| u[k]).sum::<f64>() / points.len() as f64;
            let squares = points.iter().map(|u| (u[k] - mean) * (u[k] - mean));
            points.len() as f64 / squares.sum::<f64>().max(1e-12)
        })
        .collect();
    let apart = |a: &[f64], b: &[f64]| -> f64 {
        (0..p)
            .map(|k| weights[k] * (a[k] - b[k]) * (a[k] - b[k]))
            .sum()
    };
    let nearest = |u: &Vec<f64>| {
        there
            .iter()
            .map(|v| apart(u, v))
            .fold(f64::INFINITY, f64::min)
    };
    let mut distances: Vec<f64> = points.par_iter().map(nearest).collect();
    let mut chosen = Vec::new();
    while chosen.len() < n.min(points.len()) {
        let far = (0..points.len()).fold(0, |best, at| match distances[at] > distances[best] {
            true => at,
            false => best,
        });
        if distances[far] <= 0.0 {
            break;
        }
        for (distance, u) in distances.iter_mut().zip(points) {
            *distance = distance.min(apart(u, &points[far]));
        }
        chosen.push(points[far].clone());
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chosen_points_are_far_apart() {
        let points: Vec<Vec<f64>> = (0..=10).map(|at| vec![f64::from(at) / 10.0]).collect();
        let chosen = spread_out(&points, &[vec![0.0]], 3);
        assert_eq!(chosen, [vec![1.0], vec![0.5], vec![0.2]]);
    }
}
