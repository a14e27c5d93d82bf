//! Likelihoods without a maximum. Where a covariate alone says who adopts, or every row that hears something adopts, ℓ rises
//! without end along some parameters (separation; Albert and Anderson 1984, *Biometrika* 71). Newton's steps then end
//! somewhere far out, where ℓ hardly rises any more, and what they end at is no estimate.
//!
//! A covariate is suspected where its effect sets hazards at its least and its greatest value apart by a factor above
//! [`APART`], a rate where an adoption owes it a hazard above [`APART`], and all where the search did not end. What is
//! suspected is moved on twice as far again, the others being at their best: if ℓ does not fall, it has no end there.

use super::likelihood::Likelihood;
use super::maximise::{Maximum, maximise};

/// The logarithm of a factor on hazards, and a hazard, that no data tell from an infinite one: a factor of 160,000, and a
/// chance of staying of 0.000006.
const APART: f64 = 12.0;
/// By how much the logarithm of a hazard is moved on.
const ON: f64 = 4.0;
/// By how much ℓ may fall on the way.
const FALLS: f64 = 1e-6;
/// What moves the logarithm of a hazard by less than this does not go along.
const STAYS: f64 = 0.05;

/// The least and the greatest value of each covariate among the cells.
fn ranges(l: &Likelihood) -> Vec<f64> {
    let q = l.effects.len();
    let range = |at: usize| {
        let values = || l.covariates.iter().skip(at).step_by(q);
        let most = values().copied().fold(f64::NEG_INFINITY, f64::max);
        let least = values().copied().fold(f64::INFINITY, f64::min);
        (most - least).max(0.0)
    };
    (0..q).map(range).collect()
}

/// By rate, the most of a hazard that an adoption owes to it.
fn largest(l: &Likelihood, p: &[f64]) -> Vec<f64> {
    let (factors, mut hazard) = (l.factors(p), l.room());
    let mut most = vec![0.0_f64; l.rates];
    for (x, (cell, _)) in l.adoptions.chunks(l.rates.max(1)).zip(&l.counts) {
        l.hazard(p, &factors, *cell as usize, x, &mut hazard);
        for (m, most) in most.iter_mut().enumerate() {
            *most = most.max(p[m] * hazard.gradient[m]);
        }
    }
    most
}

/// The directions along which ℓ rises without end, as parameters that go along.
pub fn endless(l: &Likelihood, best: &Maximum, free: &[bool]) -> Vec<Vec<usize>> {
    if !best.of.value.is_finite() {
        return Vec::new();
    }
    let ranges = ranges(l);
    let effect = |i: usize| {
        let at = i.checked_sub(l.rates)?;
        ranges.get(at).copied()
    };
    let most = largest(l, &best.at);
    let suspected = |i: usize| match effect(i) {
        Some(range) => range > 0.0 && (!best.done || best.at[i].abs() * range > APART),
        None if i < l.rates => most[i] > APART || !best.done && best.at[i] > 0.0,
        None => !best.done,
    };
    let mut found: Vec<Vec<usize>> = Vec::new();
    for i in (0..free.len()).filter(|&i| free[i]) {
        if !suspected(i) || found.iter().flatten().any(|j| *j == i) {
            continue;
        }
        let on = |p: &mut Vec<f64>| match effect(i) {
            Some(range) => p[i] += (ON / range).copysign(p[i]),
            None => p[i] = p[i].max(1e-3) * libm::exp(ON),
        };
        let mut others = free.to_vec();
        others[i] = false;
        let (mut at, mut value) = (best.at.clone(), best.of.value);
        let rises = (0..2).all(|_| {
            on(&mut at);
            let next = maximise(l, &at, &others);
            let rises = next.of.value >= value - FALLS;
            (at, value) = (next.at, next.of.value);
            rises
        });
        if !rises {
            continue;
        }
        let goes = |j: &usize| {
            let by = match effect(*j) {
                Some(range) => (at[*j] - best.at[*j]) * range,
                None => libm::log(at[*j].max(1e-300) / best.at[*j].max(1e-300)),
            };
            *j == i || free[*j] && by.abs() > STAYS
        };
        found.push((0..free.len()).filter(goes).collect());
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::spec::ActsOn;

    /// Two cells, told apart by a covariate of 0 and 1 that acts on all.
    fn two(totals: [f64; 2], adoptions: [f64; 2]) -> Likelihood {
        let cells = (0..2).filter(|cell| adoptions[*cell as usize] > 0.0);
        let counts: Vec<(u32, f64)> = cells.map(|cell| (cell, adoptions[cell as usize])).collect();
        Likelihood {
            rates: 1,
            intrinsic: 1,
            effects: vec![ActsOn::All],
            covariates: vec![0.0, 1.0],
            totals: totals.to_vec(),
            adoptions: vec![1.0; counts.len()],
            counts,
            groups: None,
        }
    }

    fn along(l: &Likelihood, start: [f64; 2]) -> Vec<Vec<usize>> {
        let free = [true; 2];
        endless(l, &maximise(l, &start, &free), &free)
    }

    /// With adoptions where the covariate is 0 only, its effect goes to −∞ alone; with adoptions where it is 1 only, the
    /// rate goes to 0 with it; where all adopt at once, the rate goes to ∞. With some of both there is a maximum, however
    /// far apart.
    #[test]
    fn separation_is_told_with_its_direction() {
        let start = [0.05, 0.0];
        assert_eq!(along(&two([90.0, 50.0], [10.0, 0.0]), start), [[1]]);
        assert_eq!(along(&two([90.0, 50.0], [0.0, 10.0]), start), [[0, 1]]);
        let found = along(&two([0.0, 50.0], [10.0, 10.0]), start);
        assert_eq!(found, [[0, 1]]);
        assert!(along(&two([90.0, 50.0], [10.0, 1.0]), start).is_empty());
        assert!(along(&two([9.0, 5e8], [1000.0, 1.0]), start).is_empty());
    }
}
