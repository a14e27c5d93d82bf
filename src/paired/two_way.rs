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

/// A value of a draw in a replicate.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Cell {
    draw: u32,
    replicate: u32,
    value: f64,
}

/// Values of draws in the replicates that each meets.
#[derive(Clone, Debug, PartialEq)]
pub struct Met {
    /// Number of draws, with or without values.
    draws: usize,
    /// By draw, then replicate.
    cells: Vec<Cell>,
}

impl Met {
    /// Values by draw, then replicate, so many replicates of each; NaN where a draw does not meet a replicate or has no value.
    pub fn new(values: &[f64], replicates: usize) -> Self {
        let rows = values.chunks_exact(replicates.max(1));
        Self::of(rows.len(), rows.map(|row| (0..).zip(row.iter().copied())))
    }

    /// Of so many draws, each with its replicates, in any order, and its values in them.
    pub fn of<R: Iterator<Item = (u32, f64)>>(draws: usize, rows: impl Iterator<Item = R>) -> Self {
        let mut cells: Vec<Cell> = Vec::new();
        for (draw, row) in (0..).zip(rows) {
            let first = cells.len();
            let row = row.filter(|(_, value)| value.is_finite());
            cells.extend(row.map(|(replicate, value)| Cell {
                draw,
                replicate,
                value,
            }));
            cells[first..].sort_unstable_by_key(|cell| cell.replicate);
        }
        Self { draws, cells }
    }

    /// The values, draw by draw.
    pub fn values(&self) -> impl Iterator<Item = f64> + '_ {
        self.cells.iter().map(|cell| cell.value)
    }

    /// Values by draw, then replicate, so many replicates of each, as [`Met::new`] takes them.
    pub fn spread(&self, replicates: usize) -> Vec<f64> {
        let mut all = vec![f64::NAN; self.draws * replicates];
        for cell in &self.cells {
            all[cell.draw as usize * replicates + cell.replicate as usize] = cell.value;
        }
        all
    }

    /// Two values together, where there are both.
    pub(super) fn with(&self, other: &Self, both: impl Fn(f64, f64) -> f64) -> Self {
        let mut others = other.cells.iter().peekable();
        let place = |cell: &Cell| (cell.draw, cell.replicate);
        let cell = |own: &Cell| {
            while others.next_if(|of| place(of) < place(own)).is_some() {}
            let of = others.next_if(|of| place(of) == place(own))?;
            Some(Cell {
                value: both(own.value, of.value),
                ..*own
            })
        };
        Self {
            draws: self.draws,
            cells: self.cells.iter().filter_map(cell).collect(),
        }
    }
}

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
    /// Fits values. None with fewer than two draws or replicates, with no more values than constants, or when the draws fall
    /// into parts that share no replicate: what differs between these is not told from luck.
    pub fn fit(met: &Met) -> Option<Self> {
        // Draws and replicates without a value are left out, and the others are numbered on.
        let mut known: Vec<u32> = met.cells.iter().map(|cell| cell.draw).collect();
        known.dedup();
        let mut columns: Vec<u32> = met.cells.iter().map(|cell| cell.replicate).collect();
        columns.sort_unstable();
        columns.dedup();
        let (k, p, n) = (known.len(), columns.len(), met.cells.len());
        let rows = || {
            let rows = met.cells.chunk_by(|a, b| a.draw == b.draw);
            rows.map(|row| {
                row.iter().map(|cell| {
                    let at = columns.partition_point(|of| *of < cell.replicate);
                    (at, cell.value)
                })
            })
        };
        if k < 2 || p < 2 || n < k + p || !connected(rows(), p) {
            return None;
        }
        // Sums of squares about the grand mean lose no digits to it.
        let grand = met.values().sum::<f64>() / n as f64;
        let (mut of_draw, mut of_replicate) = (vec![(0.0, 0); k], vec![(0.0, 0); p]);
        for (of_draw, row) in of_draw.iter_mut().zip(rows()) {
            for (replicate, value) in row {
                for (sum, count) in [&mut *of_draw, &mut of_replicate[replicate]] {
                    *sum += value - grand;
                    *count += 1;
                }
            }
        }
        let mean = |(sum, count): &(f64, usize)| sum / *count as f64;
        let means: Vec<f64> = of_draw.iter().map(mean).collect();
        let luck = match n == k * p {
            // Every draw meets every replicate.
            true => {
                let of: Vec<f64> = of_replicate.iter().map(mean).collect();
                let all = of.iter().sum::<f64>() / p as f64;
                of.into_iter().map(|of| of - all).collect()
            }
            false => luck_effects(rows(), &means, &of_replicate)?,
        };
        let net: Vec<f64> = rows()
            .enumerate()
            .map(|(draw, row)| {
                let luck: f64 = row.map(|(r, _)| luck[r]).sum();
                means[draw] - luck / of_draw[draw].1 as f64
            })
            .collect();
        let squares = |all: &[(f64, usize)]| -> f64 {
            all.iter()
                .map(|(sum, count)| sum * sum / *count as f64)
                .sum()
        };
        let (mut error, mut whole) = (0.0, 0.0);
        for (net, row) in net.iter().zip(rows()) {
            for (replicate, value) in row {
                let fitted = net + luck[replicate];
                error += (value - grand - fitted) * (value - grand - fitted);
                whole += (value - grand) * (value - grand);
            }
        }
        let explained = whole - error;
        let interaction = error / (n + 1 - k - p) as f64;
        let component = |of_others: &[(f64, usize)], constants: usize, weight: usize| {
            let added = explained - squares(of_others);
            ((added - (constants - 1) as f64 * interaction) / weight as f64).max(0.0)
        };
        let mean = net.iter().sum::<f64>() / k as f64;
        let mut draws = vec![f64::NAN; met.draws];
        for (draw, net) in known.into_iter().zip(net) {
            draws[draw as usize] = net + grand;
        }
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

/// Whether all rows, of replicates among so many, are linked through replicates that they share.
fn connected(rows: impl Iterator<Item = impl Iterator<Item = (usize, f64)>>, p: usize) -> bool {
    let mut of: Vec<usize> = (0..p).collect();
    fn root(of: &mut [usize], mut at: usize) -> usize {
        while of[at] != at {
            of[at] = of[of[at]];
            at = of[at];
        }
        at
    }
    for row in rows {
        let mut first = None;
        for (at, _) in row {
            let here = root(&mut of, at);
            let first = root(&mut of, *first.get_or_insert(here));
            of[here] = first;
        }
    }
    let first = root(&mut of, 0);
    (0..p).all(|at| root(&mut of, at) == first)
}

/// The effects of the replicates, which add up to 0: the least-squares solution once the draws' own effects are
/// eliminated. None where the equations are singular.
fn luck_effects(
    rows: impl Iterator<Item = impl Iterator<Item = (usize, f64)>>,
    means: &[f64],
    of_replicate: &[(f64, usize)],
) -> Option<Vec<f64>> {
    let p = of_replicate.len();
    // 1/P everywhere asks for a sum of 0 and leaves no direction free.
    let mut matrix = vec![1.0 / p as f64; p * p];
    let mut right: Vec<f64> = of_replicate.iter().map(|(sum, _)| *sum).collect();
    for (replicate, (_, count)) in of_replicate.iter().enumerate() {
        matrix[replicate * p + replicate] += *count as f64;
    }
    for (row, mean) in rows.zip(means) {
        let met: Vec<usize> = row.map(|(replicate, _)| replicate).collect();
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

    fn fit(values: &[f64], replicates: usize) -> Option<TwoWay> {
        TwoWay::fit(&Met::new(values, replicates))
    }

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
            let found = fit(&values, p).unwrap();
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
        let found = fit(&values, p).unwrap();
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
        assert_eq!(fit(&[1.0, nan, nan, 2.0], 2), None);
        assert_eq!(fit(&[1.0, nan, 3.0, 2.0], 2), None);
        assert!(fit(&[1.0, nan, 3.0, 2.0, 5.0, 1.0], 2).is_some());
        assert_eq!(fit(&[1.0, 2.0], 2), None);
        assert_eq!(fit(&[], 0), None);
        // A draw without a value is left out.
        let found = fit(&[1.0, 3.0, nan, nan, 2.0, 4.0], 2).unwrap();
        assert!(found.draws[1].is_nan());
        assert_eq!((found.k, found.p, found.n), (2, 2, 4));
        // With one replicate parameters are not told from luck.
        assert_eq!(fit(&[1.0, 3.0], 1), None);
    }
}
