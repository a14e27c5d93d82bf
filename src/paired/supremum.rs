//! The critical value of a simultaneous band: the sup-t of Montiel Olea and Plagborg-Møller (2019),
//! *Simultaneous confidence bands: theory, implementation, and an application to SVARs*, Journal of
//! Applied Econometrics 34, their plug-in algorithm 1, for few replicates.
//!
//! Theirs is the 0.95 quantile of max_t |Z_t| with Z ~ N(0, R), R the estimated correlation of the
//! months. With n replicates the standard errors are estimates too, each month's its own. So here
//!
//! ```text
//! c = 0.95 quantile of max_t |Z⁰_t| / s_t,     s_t² = (1/ν) Σ_{k=1…ν} (Z^k_t)²,     ν = n − 1
//! ```
//!
//! with Z⁰ … Z^ν independent N(0, R): the law of the largest t statistic when paths are normal with
//! correlation R. (One χ² for all months, the usual multivariate t, takes the errors of the standard
//! errors for equal and covers too little: of an AR(1) with decay 0.7 over 24 months 79 % at n = 5 and
//! 90 % at n = 10, where this covers 94 and 95 %.) As n grows both become theirs. What remains is the error of
//! R: over 120 months of that AR(1) this covers 92 % at n = 5, 93 % at 10 and 20, 95 % from 40 on.
//!
//! A simulated path serves first as Z⁰ and then in the sums of the ν next, which move along.

use rand::RngExt;
use rand_distr::Open01;

use super::DrawName;
use super::moments::row;
use super::student::{simulated_quantile, t_upper};
use crate::draw::Process;
use crate::normal;

/// Simulated suprema. c has a standard error of about 0.6 % of itself (measured over names, n = 1000; 1 to
/// 2 % with few replicates); (draws + 1) · 0.95 is whole.
const DRAWS: usize = 3999;

/// Most paths in a sum of squares. With more degrees of freedom the deviations of s_t² from 1 are
/// scaled to the right variance: they are small and nearly normal then.
const LONGEST: usize = 200;

/// Paths that are simulated together, so that they stay in registers.
const LANES: usize = 8;

/// Variance of a month, of 1, that may be left out of the factor.
const RESIDUAL: f64 = 1e-6;

/// The 95 % critical value for a correlation matrix (packed lower triangle, 1 on the diagonal) and
/// `freedom` = n − 1 degrees of freedom.
///
/// Never below the pointwise t quantile (one month) nor above Bonferroni's (any dependence): the
/// true value lies between them, the simulated one might not. NaN without months.
///
/// Time: about 4000 · T² / 2 multiplications where the matrix has full rank; memory T · (T + 200).
pub(super) fn critical(correlation: &[f64], months: usize, freedom: usize, name: DrawName) -> f64 {
    if months == 0 || freedom == 0 {
        return f64::NAN;
    }
    let one = t_upper(0.025, freedom as f64);
    let all = t_upper(0.025 / months as f64, freedom as f64);
    let factor = factor(correlation, months);
    let mut suprema = Suprema::new(months, freedom);
    let rank = factor.iter().map(Vec::len).max().unwrap_or(0);
    let mut normals = vec![[0.0; LANES]; rank];
    let mut paths = vec![[0.0; LANES]; months];
    let mut serial = 0;
    while suprema.found.len() < DRAWS {
        for lane in 0..LANES {
            let mut stream = name.stream(Process::Band, serial);
            serial += 1;
            for normal in &mut normals {
                // By inversion, as rejection would take the system's exponential.
                normal[lane] = normal::quantile(stream.sample(Open01));
            }
        }
        for (path, weights) in paths.iter_mut().zip(&factor) {
            *path = [0.0; LANES];
            for (weight, normal) in weights.iter().zip(&normals) {
                for (sum, normal) in path.iter_mut().zip(normal) {
                    *sum += weight * normal;
                }
            }
        }
        for lane in 0..LANES {
            suprema.push(paths.iter().map(|path| path[lane]));
        }
    }
    let mut found = suprema.found;
    found.truncate(DRAWS);
    found.sort_by(f64::total_cmp);
    simulated_quantile(&found, 0.95).clamp(one, all.max(one))
}

/// Suprema of simulated paths over the standard deviations of the paths before them.
struct Suprema {
    found: Vec<f64>,
    /// Squares of the last paths, `length` of them in a ring, and their sums.
    squares: Vec<f64>,
    sums: Vec<f64>,
    length: usize,
    pushed: usize,
    /// √(length / ν).
    scale: f64,
}

impl Suprema {
    fn new(months: usize, freedom: usize) -> Self {
        let length = freedom.min(LONGEST);
        Self {
            found: Vec::with_capacity(DRAWS + LANES),
            squares: vec![0.0; length * months],
            sums: vec![0.0; months],
            length,
            pushed: 0,
            scale: (length as f64 / freedom as f64).sqrt(),
        }
    }

    /// Adds the supremum of a path, once there are enough paths before it, and then the path.
    fn push(&mut self, path: impl Iterator<Item = f64>) {
        let months = self.sums.len();
        let place = self.pushed % self.length * months;
        let oldest = &mut self.squares[place..place + months];
        let mut largest = 0.0_f64;
        for ((sum, old), z) in self.sums.iter_mut().zip(oldest).zip(path) {
            let square = z * z;
            let variance = 1.0 + (*sum / self.length as f64 - 1.0) * self.scale;
            // A sum that moves along may round to 0 or below where all its squares are near 0.
            largest = largest.max(square / variance.max(f64::EPSILON));
            *sum += square - *old;
            *old = square;
        }
        if self.pushed >= self.length {
            self.found.push(largest.sqrt());
        }
        self.pushed += 1;
    }
}

/// The rows of L with L Lᵀ = R, by Cholesky with the largest remaining variance first (Higham 2002,
/// *Accuracy and stability of numerical algorithms*, section 10.3), in the order of the pivots. Stops
/// where less than [`RESIDUAL`] remains, as it must at rank n − 1 < T, and gives each row length 1.
fn factor(correlation: &[f64], months: usize) -> Vec<Vec<f64>> {
    let at = |t: usize, u: usize| correlation[row(t.max(u)) + t.min(u)];
    let mut rows: Vec<Vec<f64>> = vec![Vec::new(); months];
    let mut order: Vec<usize> = (0..months).collect();
    let mut left = vec![1.0_f64; months];
    for k in 0..months {
        // The first of the largest, so that the order is fixed.
        let mut pivot = k;
        for i in k + 1..months {
            if left[order[i]] > left[order[pivot]] {
                pivot = i;
            }
        }
        order.swap(k, pivot);
        let p = order[k];
        if left[p] <= RESIDUAL {
            break;
        }
        let root = left[p].sqrt();
        let pivot_row = std::mem::take(&mut rows[p]);
        for &t in &order[k + 1..] {
            let known: f64 = rows[t].iter().zip(&pivot_row).map(|(a, b)| a * b).sum();
            let weight = (at(t, p) - known) / root;
            rows[t].push(weight);
            left[t] -= weight * weight;
        }
        rows[p] = pivot_row;
        rows[p].push(root);
        left[p] = 0.0;
    }
    for row in &mut rows {
        let length = row.iter().map(|weight| weight * weight).sum::<f64>().sqrt();
        if length > 0.0 {
            row.iter_mut().for_each(|weight| *weight /= length);
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paired::t_quantile;

    const NAME: DrawName = DrawName::new(2019, 1, 2);

    fn packed(months: usize, entry: impl Fn(usize, usize) -> f64) -> Vec<f64> {
        (0..months)
            .flat_map(|t| (0..=t).map(move |u| (t, u)))
            .map(|(t, u)| entry(t, u))
            .collect()
    }

    #[test]
    fn factor_gives_the_matrix_back() {
        // The last: the first three months are the same, as are the next three, and so on.
        for (decay, step) in [(0.0_f64, 1), (0.5, 1), (0.95, 1), (0.5, 3)] {
            let matrix = packed(30, |t, u| decay.powi((t / step - u / step) as i32));
            let rows = factor(&matrix, 30);
            for t in 0..30 {
                for u in 0..=t {
                    let product: f64 = rows[t].iter().zip(&rows[u]).map(|(a, b)| a * b).sum();
                    assert!(
                        (product - matrix[row(t) + u]).abs() < 1e-5,
                        "{decay} {t} {u}"
                    );
                }
            }
        }
    }

    /// Months that move together need no more than one month does; months in opposite directions too.
    #[test]
    fn perfect_dependence_is_pointwise() {
        let together = packed(50, |_, _| 1.0);
        assert_eq!(factor(&together, 50).iter().map(Vec::len).max(), Some(1));
        let turned = packed(50, |t, u| if (t + u) % 2 == 0 { 1.0 } else { -1.0 });
        for matrix in [together, turned] {
            let c = critical(&matrix, 50, 12, NAME);
            assert!((c / t_quantile(12.0) - 1.0).abs() < 0.04, "{c}");
        }
        assert!((critical(&[1.0], 1, 4, NAME) / t_quantile(4.0) - 1.0).abs() < 0.08);
        assert!(critical(&[], 0, 4, NAME).is_nan());
    }

    /// By hand: two paths of squares 4 before, then 1 and 9.
    #[test]
    fn suprema_divide_by_the_paths_before() {
        let mut few = Suprema::new(2, 2);
        for path in [[2.0, 1.0], [-2.0, 1.0], [1.0, 3.0], [2.0, 0.0]] {
            few.push(path.into_iter());
        }
        // 3 / √((1 + 1) / 2), then 2 / √((4 + 1) / 2).
        assert_eq!(few.found.len(), 2);
        assert!((few.found[0] - 3.0).abs() < 1e-12);
        assert!((few.found[1] - (4.0_f64 / 2.5).sqrt()).abs() < 1e-12);
        // 800 degrees of freedom from 200 squares of 4: 1 + 3 · √(200 / 800).
        let mut many = Suprema::new(1, 800);
        for _ in 0..200 {
            many.push([2.0].into_iter());
        }
        many.push([5.0].into_iter());
        assert!((many.found[0] - 10.0_f64.sqrt()).abs() < 1e-12);
    }

    /// The largest of k independent |t| is below c with probability 0.95 where each is with probability
    /// 0.95^{1/k} (Šidák 1967); 2.800 at infinity for k = 10. (One χ² for all would give 4.82 at 4 degrees
    /// of freedom, not 5.56.) The simulation has a standard error of about 2 % at 4 and 20, 1 % at infinity.
    #[test]
    fn independent_months_are_sidaks() {
        let matrix = packed(10, |t, u| f64::from(t == u));
        let tail = (1.0 - 0.95_f64.powf(0.1)) / 2.0;
        for (freedom, error) in [(4, 0.1), (20, 0.05), (199, 0.05), (5000, 0.05)] {
            let c = t_upper(tail, freedom as f64);
            let got = critical(&matrix, 10, freedom, NAME);
            println!("{freedom}: {got} {c}");
            assert!((got / c - 1.0).abs() < error, "{freedom}: {got} {c}");
        }
        assert!((t_upper(tail, 1e12) - 2.800).abs() < 1e-3);
    }
}
