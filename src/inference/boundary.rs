//! Tests of rates that cannot be negative (Self and Liang 1987, *JASA* 82; Silvapulle and Sen 2005, *Constrained
//! Statistical Inference*, ch. 3).
//!
//! With estimates near z ~ N(0, V) under the null, V the inverse information, the likelihood ratio is near
//!
//! ```text
//! min_{u ∈ C₀} (z − u)' V⁻¹ (z − u) − min_{u ∈ C₁} (z − u)' V⁻¹ (z − u),
//! ```
//!
//! C₁ with the tested and the nuisance rates that stand at 0 not negative, C₀ with the tested ones at 0. One tested rate
//! alone gives ½χ²₀ + ½χ²₁; several a mixture of χ²_j, its weights the shares of draws with j of them above 0. With a
//! nuisance at 0 the difference itself is drawn.

use crate::draw::{Luck, Process, id_hash};
use crate::normal;

use super::matrix::Matrix;

/// Draws where there is no closed form.
const DRAWS: u32 = 100_000;
const SWEEPS: usize = 500;

/// A parameter that a test is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// A tested rate: 0 under the null, not negative.
    Rate,
    /// A tested effect: 0 under the null, of either sign.
    Effect,
    /// A rate that is not tested and stands at 0 under the null.
    Nuisance,
}

/// The law of the likelihood ratio, in a word of the tables.
pub fn law(parts: &[Part]) -> &'static str {
    match parts {
        [Part::Rate] => "half_chi2",
        [Part::Effect] => "chi2",
        _ if parts.iter().all(|part| *part == Part::Rate) => "chi_bar2",
        _ => "drawn",
    }
}

/// A likelihood ratio that may be nothing but the rounding of the two maxima.
const ROUNDED: f64 = 1e-9;

/// P(likelihood ratio ≥ `lr`) under the null. `v` is the covariance of `parts`, all other parameters being free.
pub fn tail(lr: f64, parts: &[Part], v: &Matrix, seed: u64) -> Option<f64> {
    if lr.is_nan() {
        return None;
    }
    match parts {
        [Part::Effect] => return Some(chi_square_tail(1, lr)),
        // ½χ²₀ is at 0.
        [Part::Rate] if lr > ROUNDED => return Some(chi_square_tail(1, lr) / 2.0),
        [Part::Rate] => return Some(1.0),
        _ => {}
    }
    let n = parts.len();
    let information = v.inverse()?;
    // Half of V, to draw from.
    let (luck, root) = (Luck::fixed(seed), v.root()?);
    let nuisance = parts.contains(&Part::Nuisance);
    let tested: Vec<bool> = parts.iter().map(|part| *part != Part::Nuisance).collect();
    let bounded: Vec<bool> = parts.iter().map(|part| *part != Part::Effect).collect();
    let name = id_hash("likelihood ratio");
    let mut counts = vec![0_u32; n + 1];
    let mut reached = 0_u32;
    for draw in 0..DRAWS {
        let normals =
            (0..n).map(|i| normal::quantile(luck.uniform(Process::ChiBar, name, i as u64, draw)));
        let z = root.times(&normals.map(|z| z.clamp(-9.0, 9.0)).collect::<Vec<_>>());
        let (far, u) = distance(&information, &z, &bounded, &vec![false; n]);
        if nuisance
            || tested
                .iter()
                .zip(&bounded)
                .any(|(tested, bounded)| *tested && !bounded)
        {
            let (null, _) = distance(&information, &z, &bounded, &tested);
            reached += u32::from(null - far >= lr);
        } else {
            counts[u.iter().filter(|u| **u > 0.0).count()] += 1;
        }
    }
    if counts.iter().all(|count| *count == 0) {
        return Some(f64::from(reached + 1) / f64::from(DRAWS + 1));
    }
    let shares = counts
        .iter()
        .map(|count| f64::from(*count) / f64::from(DRAWS));
    let tails = shares
        .enumerate()
        .map(|(j, share)| share * chi_square_tail(j, lr));
    Some(tails.sum())
}

/// The smallest (z − u)' A (z − u) over u, and where: `bounded` ones not negative, `fixed` ones 0. Coordinate by
/// coordinate, which converges as A is positive definite.
fn distance(a: &Matrix, z: &[f64], bounded: &[bool], fixed: &[bool]) -> (f64, Vec<f64>) {
    let n = z.len();
    let mut u: Vec<f64> = z
        .iter()
        .zip(fixed)
        .zip(bounded)
        .map(|((z, fixed), bounded)| match (fixed, bounded) {
            (true, _) => 0.0,
            (false, true) => z.max(0.0),
            (false, false) => *z,
        })
        .collect();
    for _ in 0..SWEEPS {
        let mut moved = 0.0_f64;
        for i in (0..n).filter(|i| !fixed[*i]) {
            let pull: f64 = (0..n).map(|j| a.at(i, j) * (z[j] - u[j])).sum();
            let to = u[i] + pull / a.at(i, i);
            let to = if bounded[i] { to.max(0.0) } else { to };
            moved = moved.max((to - u[i]).abs() * a.at(i, i).sqrt());
            u[i] = to;
        }
        if moved < 1e-9 {
            break;
        }
    }
    let rest: Vec<f64> = z.iter().zip(&u).map(|(z, u)| z - u).collect();
    let far = a.times(&rest).iter().zip(&rest).map(|(a, r)| a * r).sum();
    (far, u)
}

/// P(χ² ≥ `x`) with `freedom` degrees of freedom; with none, all is at 0 (Abramowitz and Stegun 1964, 26.4.4, 26.4.5).
pub fn chi_square_tail(freedom: usize, x: f64) -> f64 {
    if x <= 0.0 {
        return 1.0;
    }
    let half = x / 2.0;
    let (mut tail, mut from) = match freedom % 2 {
        0 => (0.0, 0),
        _ => (libm::erfc(half.sqrt()), 1),
    };
    while from < freedom {
        // (x/2)^(ν/2) e^(−x/2) / Γ(ν/2 + 1).
        let power = from as f64 / 2.0;
        tail += libm::exp(power * libm::log(half) - half - libm::lgamma(power + 1.0));
        from += 2;
    }
    tail
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tails_of_chi_square() {
        for (freedom, x, tail) in [
            (0, 1.0, 0.0),
            (1, 3.841_458_820_694_124, 0.05),
            (2, 5.991_464_547_107_979, 0.05),
            (3, 7.814_727_903_251_179, 0.05),
            (6, 12.591_587_243_743_977, 0.05),
        ] {
            let found = chi_square_tail(freedom, x);
            assert!((found - tail).abs() < 1e-12, "{freedom}: {found}");
        }
    }

    /// Two rates: the weights are known (Self and Liang, case 7): ½ − w, ½, w with w = arccos(−ρ)/2π… of the correlation
    /// of the estimates. The drawn ones are within four standard errors of 10⁵ draws, 0.0064.
    #[test]
    fn two_rates_have_known_weights() {
        for rho in [0.0_f64, -0.6, 0.5] {
            let mut v = Matrix::zero(2);
            v.entries = vec![4.0, rho * 2.0 * 0.1, rho * 2.0 * 0.1, 0.01];
            let both = 0.5 - libm::acos(rho) / (2.0 * std::f64::consts::PI);
            let none = 0.5 - both;
            let lr = 3.0;
            let wanted = 0.5 * chi_square_tail(1, lr) + both * chi_square_tail(2, lr);
            let found = tail(lr, &[Part::Rate; 2], &v, 1).unwrap();
            assert!(
                (found - wanted).abs() < 0.0064,
                "{rho}: {found} {wanted} {none}"
            );
        }
    }

    /// A nuisance at 0 that has nothing to do with the tested rate changes nothing.
    #[test]
    fn an_unrelated_nuisance_changes_nothing() {
        let mut v = Matrix::zero(2);
        v.entries = vec![1.0, 0.0, 0.0, 1.0];
        let parts = [Part::Rate, Part::Nuisance];
        let found = tail(2.0, &parts, &v, 1).unwrap();
        let alone = chi_square_tail(1, 2.0) / 2.0;
        assert!((found - alone).abs() < 0.004, "{found} {alone}");
        assert_eq!(law(&parts), "drawn");
    }
}
