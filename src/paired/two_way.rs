//! What parameters do, what luck does, and what they do only together: values of draws of the parameters in
//! replicates, D_kr = m + a_k + b_r + e_kr.
//!
//! A draw need not meet every replicate. The effects are fitted by least squares, the components of variance by
//! the fitting of constants (Henderson 1953, method 3), which is the analysis of variance where every draw meets
//! every replicate:
//!
//! - E\[SSE\] = (N − K − P + 1)·V_interaction,
//! - E\[R(a | m, b)\] = (N − P)·V_parameters + (K − 1)·V_interaction,
//! - E\[R(b | m, a)\] = (N − K)·V_luck + (P − 1)·V_interaction,
//!
//! with N values of K draws in P replicates, and R(· | ·) what one factor adds to the sum of squares that the
//! rest explains. A component below 0 is 0.

/// The fit of values of draws in replicates.
#[derive(Clone, Debug, PartialEq)]
pub struct TwoWay {
    /// m, the mean over draws.
    pub mean: f64,
    /// m + a_k: each draw net of its replicates' luck; NaN of a draw without a value.
    pub draws: Vec<f64>,
    /// Variance over draws of the parameters.
    pub parameters: f64,
    /// Variance over replicates.
    pub luck: f64,
    /// Variance of what draw and replicate do only together.
    pub interaction: f64,
    /// Number of draws that have a value.
    pub k: usize,
    /// Number of replicates that have a value.
    pub p: usize,
    /// Number of values.
    pub n: usize,
}

impl TwoWay {
    /// Fits values by draw, then replicate, so many replicates of each; NaN where a draw does not meet a replicate
    /// or has no value. None with fewer than two draws or replicates, with no more values than constants, or when the
    /// draws fall into parts that share no replicate: what differs between these is not told from luck.
    pub fn fit(values: &[f64], replicates: usize) -> Option<Self> {
        let rows: Vec<&[f64]> = values.chunks_exact(replicates.max(1)).collect();
        let met = |row: &&[f64]| row.iter().any(|v| v.is_finite());
        let known: Vec<&[f64]> = rows.iter().copied().filter(met).collect();
        let columns: Vec<usize> = (0..replicates)
            .filter(|r| known.iter().any(|row| row[*r].is_finite()))
            .collect();
        let (k, p) = (known.len(), columns.len());
        let n = cells(&known, &columns).count();
        if k < 2 || p < 2 || n < k + p || !connected(&known, &columns) {
            return None;
        }
        // Sums of squares about the grand mean lose no digits to it.
        let grand = cells(&known, &columns).map(|(_, _, v)| v).sum::<f64>() / n as f64;
        let (mut of_draw, mut of_replicate) = (vec![(0.0, 0); k], vec![(0.0, 0); p]);
        for (draw, replicate, value) in cells(&known, &columns) {
            for (sum, count) in [&mut of_draw[draw], &mut of_replicate[replicate]] {
                *sum += value - grand;
                *count += 1;
            }
        }
        let mean = |(sum, count): &(f64, usize)| sum / *count as f64;
        let means: Vec<f64> = of_draw.iter().map(mean).collect();
        let luck = luck_effects(&known, &columns, &means, &of_replicate)?;
        let net: Vec<f64> = (0..k)
            .map(|draw| {
                let met = (0..p).filter(|r| known[draw][columns[*r]].is_finite());
                let luck: f64 = met.map(|r| luck[r]).sum();
                means[draw] - luck / of_draw[draw].1 as f64
            })
            .collect();
        let squares = |all: &[(f64, usize)]| -> f64 {
            all.iter()
                .map(|(sum, count)| sum * sum / *count as f64)
                .sum()
        };
        let (mut error, mut whole) = (0.0, 0.0);
        for (draw, replicate, value) in cells(&known, &columns) {
            let fitted = net[draw] + luck[replicate];
            error += (value - grand - fitted) * (value - grand - fitted);
            whole += (value - grand) * (value - grand);
        }
        let explained = whole - error;
        let interaction = error / (n + 1 - k - p) as f64;
        let component = |of_others: &[(f64, usize)], constants: usize, weight: usize| {
            let added = explained - squares(of_others);
            ((added - (constants - 1) as f64 * interaction) / weight as f64).max(0.0)
        };
        let mean = net.iter().sum::<f64>() / k as f64;
        let mut net = net.into_iter();
        let draws = rows
            .iter()
            .map(|row| match met(row) {
                true => net.next().map_or(f64::NAN, |x| x + grand),
                false => f64::NAN,
            })
            .collect();
        Some(Self {
            mean: mean + grand,
            draws,
            parameters: component(&of_replicate, k, n - p),
            luck: component(&of_draw, p, n - k),
            interaction,
            k,
            p,
            n,
        })
    }
}

/// The values by draw, then replicate, with the positions of both.
fn cells<'c>(
    rows: &'c [&[f64]],
    columns: &'c [usize],
) -> impl Iterator<Item = (usize, usize, f64)> + 'c {
    rows.iter().enumerate().flat_map(move |(draw, row)| {
        let of_draw = columns.iter().enumerate();
        of_draw
            .map(move |(replicate, at)| (draw, replicate, row[*at]))
            .filter(|cell| cell.2.is_finite())
    })
}

/// Whether every draw is linked with every other through replicates that they share.
fn connected(rows: &[&[f64]], columns: &[usize]) -> bool {
    let mut seen = vec![false; rows.len()];
    let mut reached = vec![false; columns.len()];
    let mut next = vec![0];
    seen[0] = true;
    while let Some(draw) = next.pop() {
        for (replicate, at) in columns.iter().enumerate() {
            if !rows[draw][*at].is_finite() || std::mem::replace(&mut reached[replicate], true) {
                continue;
            }
            for (other, row) in rows.iter().enumerate() {
                if row[*at].is_finite() && !std::mem::replace(&mut seen[other], true) {
                    next.push(other);
                }
            }
        }
    }
    seen.into_iter().all(|seen| seen)
}

/// The effects of the replicates, which add up to 0: the least-squares solution once the draws' own effects are
/// eliminated. None where the equations are singular.
fn luck_effects(
    rows: &[&[f64]],
    columns: &[usize],
    means: &[f64],
    of_replicate: &[(f64, usize)],
) -> Option<Vec<f64>> {
    let p = columns.len();
    if rows.len() * p == cells(rows, columns).count() {
        // Every draw meets every replicate.
        let of = of_replicate.iter().map(|(sum, count)| sum / *count as f64);
        let of: Vec<f64> = of.collect();
        let all = of.iter().sum::<f64>() / p as f64;
        return Some(of.into_iter().map(|of| of - all).collect());
    }
    // 1/P everywhere asks for a sum of 0 and leaves no direction free.
    let mut matrix = vec![1.0 / p as f64; p * p];
    let mut right: Vec<f64> = of_replicate.iter().map(|(sum, _)| *sum).collect();
    for (replicate, (_, count)) in of_replicate.iter().enumerate() {
        matrix[replicate * p + replicate] += *count as f64;
    }
    for (row, mean) in rows.iter().zip(means) {
        let met: Vec<usize> = (0..p).filter(|r| row[columns[*r]].is_finite()).collect();
        for &one in &met {
            right[one] -= mean;
            for &other in &met {
                matrix[one * p + other] -= 1.0 / met.len() as f64;
            }
        }
    }
    solve(matrix, right)
}

/// Solves a symmetric positive definite system by Cholesky's factors; `matrix` by rows.
fn solve(mut matrix: Vec<f64>, mut right: Vec<f64>) -> Option<Vec<f64>> {
    let n = right.len();
    for column in 0..n {
        for row in column..n {
            let inner: f64 = (0..column)
                .map(|at| matrix[row * n + at] * matrix[column * n + at])
                .sum();
            let left = matrix[row * n + column] - inner;
            matrix[row * n + column] = match row == column {
                true if left <= 0.0 => return None,
                true => left.sqrt(),
                false => left / matrix[column * n + column],
            };
        }
    }
    for row in 0..n {
        let inner: f64 = (0..row).map(|at| matrix[row * n + at] * right[at]).sum();
        right[row] = (right[row] - inner) / matrix[row * n + row];
    }
    for row in (0..n).rev() {
        let inner: f64 = (row + 1..n)
            .map(|at| matrix[at * n + row] * right[at])
            .sum();
        right[row] = (right[row] - inner) / matrix[row * n + row];
    }
    Some(right)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The textbook's analysis of variance of two crossed factors without repetition.
    fn crossed(values: &[f64], p: usize) -> [f64; 4] {
        let k = values.len() / p;
        let grand = values.iter().sum::<f64>() / values.len() as f64;
        let of_draw: Vec<f64> = values
            .chunks(p)
            .map(|row| row.iter().sum::<f64>() / p as f64)
            .collect();
        let of_replicate: Vec<f64> = (0..p)
            .map(|r| values.iter().skip(r).step_by(p).sum::<f64>() / k as f64)
            .collect();
        let mut error = 0.0;
        for (at, value) in values.iter().enumerate() {
            error += (value - of_draw[at / p] - of_replicate[at % p] + grand).powi(2);
        }
        let mse = error / ((k - 1) * (p - 1)) as f64;
        let between = |means: &[f64], each: usize| {
            let squares: f64 = means.iter().map(|m| (m - grand).powi(2)).sum();
            (squares / (means.len() - 1) as f64 - mse / each as f64).max(0.0)
        };
        [grand, between(&of_draw, p), between(&of_replicate, k), mse]
    }

    /// Numbers without a pattern, in (−1, 1).
    fn rough(seed: u64) -> impl FnMut() -> f64 {
        let mut state = seed;
        move || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (state >> 11) as f64 / (1u64 << 52) as f64 - 1.0
        }
    }

    #[test]
    fn crossed_it_is_the_analysis_of_variance() {
        let mut next = rough(3);
        for (k, p) in [(2, 2), (7, 3), (40, 4), (5, 20)] {
            let values: Vec<f64> = (0..k * p)
                .map(|at| {
                    1e3 + 5.0 * ((at / p) as f64).sin() + 2.0 * ((at % p) as f64).cos() + next()
                })
                .collect();
            let found = TwoWay::fit(&values, p).unwrap();
            let expected = crossed(&values, p);
            let got = [found.mean, found.parameters, found.luck, found.interaction];
            for (got, expected) in got.iter().zip(expected) {
                assert!(
                    (got - expected).abs() < 1e-9 * expected.abs().max(1.0),
                    "{got} {expected}"
                );
            }
            for (row, net) in values.chunks(p).zip(&found.draws) {
                assert!((row.iter().sum::<f64>() / p as f64 - net).abs() < 1e-9);
            }
        }
    }

    /// Without noise the effects come out whatever meets what, as long as it hangs together.
    #[test]
    fn additive_values_are_met_exactly_where_some_are_missing() {
        let (k, p) = (12, 6);
        let of = |at: usize| ((at / p) * (at / p)) as f64 + 3.0 * (at % p) as f64;
        let mut values: Vec<f64> = (0..k * p).map(of).collect();
        for (at, value) in values.iter_mut().enumerate() {
            // Each draw meets two or three replicates.
            if (at % p + at / p) % p > 2 || at == 20 {
                *value = f64::NAN;
            }
        }
        let found = TwoWay::fit(&values, p).unwrap();
        let luck: f64 = (0..p).map(|r| 3.0 * r as f64).sum::<f64>() / p as f64;
        for (draw, net) in found.draws.iter().enumerate() {
            assert!(
                (net - (draw * draw) as f64 - luck).abs() < 1e-9,
                "{draw} {net}"
            );
        }
        assert!(found.interaction < 1e-18);
    }

    #[test]
    fn parts_that_share_no_replicate_are_refused() {
        let nan = f64::NAN;
        assert_eq!(TwoWay::fit(&[1.0, nan, nan, 2.0], 2), None);
        assert_eq!(TwoWay::fit(&[1.0, nan, 3.0, 2.0], 2), None);
        assert!(TwoWay::fit(&[1.0, nan, 3.0, 2.0, 5.0, 1.0], 2).is_some());
        assert_eq!(TwoWay::fit(&[1.0, 2.0], 2), None);
        assert_eq!(TwoWay::fit(&[], 0), None);
        // A draw without a value is left out.
        let found = TwoWay::fit(&[1.0, 3.0, nan, nan, 2.0, 4.0], 2).unwrap();
        assert!(found.draws[1].is_nan());
        assert_eq!((found.k, found.p, found.n), (2, 2, 4));
        // With one replicate parameters are not told from luck.
        assert_eq!(TwoWay::fit(&[1.0, 3.0], 1), None);
    }
}
