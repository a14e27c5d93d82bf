//! What a count of something would tell of an effect: the share of the effect's variance over draws that it takes away.
//!
//! An effect Ê_k at draw k is predicted from a count y_kr of replicate r by least squares on z and z², with z the normal
//! score of the count among those that the prediction was fitted to: a relation that rises is met whatever its shape,
//! and no count lies outside what was seen. R² is cross-validated over folds of whole draws, each predicted by the
//! others, against the mean of the others; it is not below 0.

use crate::draw::{Luck, Process};
use crate::normal;

/// Folds.
const FOLDS: usize = 10;
/// Fewest draws that there may be: two in each fold.
const LEAST: usize = 2 * FOLDS;

/// The cross-validated R² of effects by draw on counts by draw, then replicate, so many of each; NaN of what is not
/// known. `alike` has a number by draw, the same of copies of a draw: they fall into one fold. None with fewer than twenty
/// different draws, or where the effect does not vary.
pub fn explained(
    effects: &[f64],
    counts: &[f64],
    replicates: usize,
    alike: &[usize],
) -> Option<f64> {
    let rows = effects.iter().zip(counts.chunks_exact(replicates.max(1)));
    let known: Vec<(usize, f64, Vec<f64>)> = rows
        .zip(alike)
        .map(|((effect, counts), alike)| {
            let counts = counts.iter().copied().filter(|y| y.is_finite());
            (*alike, *effect, counts.collect::<Vec<f64>>())
        })
        .filter(|(_, effect, counts)| effect.is_finite() && !counts.is_empty())
        .collect();
    let mut different: Vec<usize> = known.iter().map(|(alike, ..)| *alike).collect();
    different.sort_unstable();
    different.dedup();
    if different.len() < LEAST {
        return None;
    }
    let (mut missed, mut whole) = (0.0, 0.0);
    for fold in 0..FOLDS {
        let inside =
            |alike: usize| different.partition_point(|other| *other < alike) % FOLDS == fold;
        let others = known.iter().filter(|(alike, ..)| !inside(*alike));
        let seen = others.flat_map(|(_, effect, counts)| counts.iter().map(|y| (*y, *effect)));
        let fit = Fit::of(seen.collect());
        let own = known.iter().filter(|(alike, ..)| inside(*alike));
        for (_, effect, counts) in own {
            for y in counts {
                missed += (effect - fit.at(*y)).powi(2);
                whole += (effect - fit.mean).powi(2);
            }
        }
    }
    (whole > 0.0).then(|| (1.0 - missed / whole).max(0.0))
}

/// What somebody finds who counts values by draw, then replicate, so many of each: with normal errors, named by the seed,
/// the hash of the count's name, draw and replicate.
pub fn counted(values: &mut [f64], replicates: usize, sd: f64, seed: u64, name: u64) {
    let luck = Luck::fixed(seed);
    for (draw, values) in values.chunks_exact_mut(replicates.max(1)).enumerate() {
        for (replicate, value) in values.iter_mut().enumerate() {
            let serial = replicate as u32;
            let u = luck.uniform(Process::Information, name, draw as u64, serial);
            // 1 is among the draws, and has no quantile.
            *value += sd * normal::quantile(u.min(1.0 - f64::EPSILON));
        }
    }
}

/// A prediction.
struct Fit {
    /// The counts that it was fitted to, ascending.
    counts: Vec<f64>,
    /// The mean effect.
    mean: f64,
    /// Means of z and z².
    centre: [f64; 2],
    slopes: [f64; 2],
}

impl Fit {
    /// Of counts with their effects.
    fn of(mut seen: Vec<(f64, f64)>) -> Self {
        seen.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
        let n = seen.len() as f64;
        let mut fit = Self {
            counts: seen.iter().map(|(y, _)| *y).collect(),
            mean: seen.iter().map(|(_, effect)| effect).sum::<f64>() / n,
            centre: [0.0; 2],
            slopes: [0.0; 2],
        };
        let scores: Vec<f64> = seen.iter().map(|(y, _)| fit.score(*y)).collect();
        let mean = |of: &dyn Fn(f64) -> f64| scores.iter().map(|z| of(*z)).sum::<f64>() / n;
        fit.centre = [mean(&|z| z), mean(&|z| z * z)];
        let (mut squares, mut products) = ([0.0; 3], [0.0; 2]);
        for ((_, effect), z) in seen.iter().zip(&scores) {
            let [a, b] = [z - fit.centre[0], z * z - fit.centre[1]];
            let e = effect - fit.mean;
            squares = [squares[0] + a * a, squares[1] + a * b, squares[2] + b * b];
            products = [products[0] + a * e, products[1] + b * e];
        }
        let [aa, ab, bb] = squares;
        let determinant = aa * bb - ab * ab;
        // Two values of a count have no curve.
        fit.slopes = match determinant > 1e-9 * aa * bb {
            true => [
                (products[0] * bb - products[1] * ab) / determinant,
                (products[1] * aa - products[0] * ab) / determinant,
            ],
            false if aa > 0.0 => [products[0] / aa, 0.0],
            false => [0.0; 2],
        };
        fit
    }

    /// The normal score of a count: equals share the middle of their ranks.
    fn score(&self, y: f64) -> f64 {
        let below = self.counts.partition_point(|other| *other < y);
        let upto = self.counts.partition_point(|other| *other <= y);
        let n = self.counts.len() as f64;
        normal::quantile(((below + upto) as f64 / 2.0 + 0.5) / (n + 1.0))
    }

    /// The effect where the count is so.
    fn at(&self, y: f64) -> f64 {
        let z = self.score(y);
        let [a, b] = [z - self.centre[0], z * z - self.centre[1]];
        self.mean + self.slopes[0] * a + self.slopes[1] * b
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn normals(name: u64, n: usize) -> Vec<f64> {
        let mut values = vec![0.0; n];
        counted(&mut values, 1, 1.0, 7, name);
        values
    }

    fn all(n: usize) -> Vec<usize> {
        (0..n).collect()
    }

    /// A count that is the effect plus noise of σ tells 1/(1 + σ²) of it, whatever rising function of it is counted; the
    /// standard error of R² at 2,000 draws is below 0.02, so that 0.06 has a false-alarm rate below 0.003.
    #[test]
    fn a_count_with_noise_tells_as_much_as_it_should() {
        let n = 2000;
        let effects = normals(1, n);
        for (sd, name) in [(0.5, 2), (1.0, 3), (2.0, 4)] {
            let noise = normals(name, 2 * n);
            let counts = (0..2 * n).map(|at| effects[at / 2] + sd * noise[at]);
            let counts: Vec<f64> = counts.collect();
            let expected = 1.0 / (1.0 + sd * sd);
            let found = explained(&effects, &counts, 2, &all(n)).unwrap();
            assert!((found - expected).abs() < 0.06, "{sd}: {found} {expected}");
            let bent: Vec<f64> = counts.iter().map(|y| libm::exp(3.0 * y)).collect();
            let same = explained(&effects, &bent, 2, &all(n)).unwrap();
            assert!((same - found).abs() < 1e-9, "{same} {found}");
        }
        // What has nothing to do with it tells nothing: R² of 2,000 draws is below 0.01 but once in a thousand.
        let found = explained(&effects, &normals(5, n), 1, &all(n)).unwrap();
        assert!(found < 0.01, "{found}");
    }

    #[test]
    fn what_is_not_known_is_left_out() {
        let mut effects: Vec<f64> = (0..40).map(f64::from).collect();
        let mut counts = effects.clone();
        assert!(explained(&effects, &counts, 1, &all(40)).unwrap() > 0.9);
        effects[3] = f64::NAN;
        counts[9] = f64::NAN;
        assert!(explained(&effects, &counts, 1, &all(40)).unwrap() > 0.9);
        assert_eq!(explained(&effects[..19], &counts[..19], 1, &all(19)), None);
        assert_eq!(explained(&[1.0; 40], &counts, 1, &all(40)), None);
        // A count that is always the same.
        assert_eq!(explained(&effects, &[2.0; 40], 1, &all(40)), Some(0.0));
    }

    /// Fifty draws, each there forty times with a count that is noise around it: copies in other folds would give the effect
    /// away. R² of fifty draws is above 0.2 by chance less than once in a thousand.
    #[test]
    fn copies_of_a_draw_tell_nothing_of_each_other() {
        let (n, copies) = (50, 40);
        let alike: Vec<usize> = (0..n * copies).map(|at| at % n).collect();
        let (effects, counts) = (normals(1, n), normals(2, n));
        let of = |values: &[f64]| -> Vec<f64> { alike.iter().map(|at| values[*at]).collect() };
        let (effects, counts) = (of(&effects), of(&counts));
        let found = explained(&effects, &counts, 1, &alike).unwrap();
        assert!(found < 0.2, "{found}");
        assert_eq!(explained(&effects, &counts, 1, &vec![3; n * copies]), None);
    }
}
