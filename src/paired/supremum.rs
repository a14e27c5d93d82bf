//! The critical value of a simultaneous band: the sup-t of Montiel Olea and Plagborg-Møller (2019),
//! *Simultaneous confidence bands: theory, implementation, and an application to SVARs*, Journal of
//! Applied Econometrics 34, their plug-in algorithm 1, with t in place of the normal.
//!
//! c is the 0.95 quantile of max_t |Z_t| / √(χ²_ν / ν) with Z ~ N(0, R), R the estimated correlation
//! of the months and ν = n − 1: of the largest component of a multivariate t. Found by simulation.

use rand_distr::{ChiSquared, Distribution, StandardNormal};

use super::DrawName;
use super::path::row;
use super::student::{simulated_quantile, t_upper};
use crate::draw::Process;

/// Simulated suprema. c has a standard error of about 1 % of itself; (draws + 1) · 0.95 is whole.
const DRAWS: usize = 3999;

/// Draws that are transformed together, so that they stay in registers.
const LANES: usize = 8;

/// Variance of a month, of 1, that may be left out of the factor.
const RESIDUAL: f64 = 1e-6;

/// The 95 % critical value for a correlation matrix (packed lower triangle, 1 on the diagonal) and
/// `freedom` degrees of freedom.
///
/// Never below the pointwise t quantile (one month) nor above Bonferroni's (any dependence): the
/// true value lies between them, the simulated one might not. NaN without months.
///
/// Time: 4000 · T² / 2 multiplications at most, where the matrix has full rank.
pub(super) fn critical(correlation: &[f64], months: usize, freedom: usize, name: DrawName) -> f64 {
    if months == 0 || freedom == 0 {
        return f64::NAN;
    }
    let freedom = freedom as f64;
    let one = t_upper(0.025, freedom);
    let all = t_upper(0.025 / months as f64, freedom);
    let Ok(chi_squared) = ChiSquared::new(freedom) else {
        return f64::NAN;
    };
    let factor = factor(correlation, months);
    let rank = factor.iter().map(Vec::len).max().unwrap_or(0);
    let mut suprema = Vec::with_capacity(DRAWS + LANES);
    let mut normals = vec![[0.0; LANES]; rank];
    while suprema.len() < DRAWS {
        let mut scales = [0.0; LANES];
        for (lane, scale) in scales.iter_mut().enumerate() {
            let mut stream = name.stream(Process::Band, (suprema.len() + lane) as u32);
            let squares: f64 = chi_squared.sample(&mut stream);
            *scale = (squares / freedom).sqrt();
            for normal in &mut normals {
                normal[lane] = StandardNormal.sample(&mut stream);
            }
        }
        let mut largest = [0.0_f64; LANES];
        for weights in &factor {
            let mut z = [0.0; LANES];
            for (weight, normal) in weights.iter().zip(&normals) {
                for (sum, normal) in z.iter_mut().zip(normal) {
                    *sum += weight * normal;
                }
            }
            for (largest, z) in largest.iter_mut().zip(z) {
                *largest = largest.max(z.abs());
            }
        }
        suprema.extend(largest.iter().zip(scales).map(|(z, scale)| z / scale));
    }
    suprema.truncate(DRAWS);
    suprema.sort_by(f64::total_cmp);
    simulated_quantile(&suprema, 0.95).clamp(one, all.max(one))
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
        for decay in [0.0_f64, 0.5, 0.95] {
            let matrix = packed(30, |t, u| decay.powi((t - u) as i32));
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

    /// The studentised maximum modulus for k = 10 independent means: 3.10 at 20 degrees of freedom, 2.80
    /// at infinity (Stoline and Ury 1979, Technometrics 21, table of 5 % points: 3.114 and 2.800; and
    /// (1 + 0.95^{1/k}) / 2 of the normal for the second). Monte Carlo error about 1 %: 4 % is 4 σ.
    #[test]
    fn independent_months_are_the_studentised_maximum_modulus() {
        let matrix = packed(10, |t, u| f64::from(t == u));
        for (freedom, c) in [(20, 3.114), (1_000_000, 2.800)] {
            let got = critical(&matrix, 10, freedom, NAME);
            assert!((got / c - 1.0).abs() < 0.04, "{freedom}: {got}");
        }
    }
}
