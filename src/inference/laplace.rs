//! Draws of the parameters: the normal law about the maximum with the covariance of the estimates (Laplace), cut off where a
//! rate would be negative. A rate that is estimated at 0 stays there in all draws, of which there is a warning.

use crate::draw::{Luck, Process, id_hash};
use crate::normal;

use super::matrix::Matrix;

/// How many draws there are.
pub const DRAWS: u32 = 1000;
/// How often a draw with a negative rate is repeated before such rates are put to 0.
const TRIES: u32 = 1000;

/// Draws about `at`, of which the parameters in `set` vary with this covariance; those that are `bounded` are not
/// negative. One row per draw, as long as `at`.
pub fn draws(
    at: &[f64],
    set: &[usize],
    covariance: &Matrix,
    bounded: &[bool],
    seed: u64,
) -> Vec<Vec<f64>> {
    let Some(root) = covariance.root() else {
        return Vec::new();
    };
    let (luck, name) = (Luck::fixed(seed), id_hash("estimates"));
    let one = |draw: u32| {
        let mut row = at.to_vec();
        for attempt in 0..=TRIES {
            let z = (0..set.len() as u64).map(|i| {
                let ids = u64::from(attempt) << 32 | i;
                let z = normal::quantile(luck.uniform(Process::Laplace, name, ids, draw));
                z.clamp(-9.0, 9.0)
            });
            let moved = root.times(&z.collect::<Vec<_>>());
            for (&i, by) in set.iter().zip(moved) {
                row[i] = at[i] + by;
            }
            if row.iter().zip(bounded).all(|(at, of)| !of || *at >= 0.0) {
                return row;
            }
        }
        let rates = row.iter_mut().zip(bounded).filter(|(_, of)| **of);
        rates.for_each(|(rate, _)| *rate = rate.max(0.0));
        row
    };
    (0..DRAWS).map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Means and covariances of 1,000 draws, far from the border, within 4.9 standard errors: one of the five is further
    /// off once in 200,000 seeds. At the border no rate is negative.
    #[test]
    fn draws_have_the_moments_of_the_estimates() {
        let mut v = Matrix::zero(2);
        (*v.at_mut(0, 0), *v.at_mut(1, 1)) = (0.04, 0.25);
        (*v.at_mut(0, 1), *v.at_mut(1, 0)) = (0.06, 0.06);
        let all = draws(&[5.0, 0.0, -1.0], &[0, 2], &v, &[true, true, false], 3);
        let n = f64::from(DRAWS);
        let mean = |of: &dyn Fn(&[f64]) -> f64| all.iter().map(|row| of(row)).sum::<f64>() / n;
        let means = [mean(&|row| row[0]), mean(&|row| row[2])];
        assert!((means[0] - 5.0).abs() < 4.9 * (0.04 / n).sqrt());
        assert!((means[1] + 1.0).abs() < 4.9 * (0.25 / n).sqrt());
        let both = mean(&|row| (row[0] - 5.0) * (row[2] + 1.0));
        assert!((both - 0.06).abs() < 4.9 * ((0.04 * 0.25 + 0.06 * 0.06) / n).sqrt());
        assert!(all.iter().all(|row| row[1] == 0.0));
        let near = draws(&[0.1, 0.0, -1.0], &[0, 2], &v, &[true, true, false], 3);
        assert!(near.iter().all(|row| row[0] >= 0.0));
        assert!(near.iter().filter(|row| row[0] == 0.0).count() < 10);
    }
}
