//! Difference paths, one month after another, gathered replicate by replicate.
//!
//! Keeps the mean path m and the matrix of centred products S_tu = Σ_r (d_rt − m_t)(d_ru − m_u), and of
//! single replicates no more than the first [`MOST_RESAMPLED`]. Blocks of k new paths with mean m' and products S' are merged into n
//! old ones by Chan, Golub and LeVeque (1983), *Algorithms for computing the sample variance*, The
//! American Statistician 37:
//!
//! ```text
//! S ← S + S' + (n k / (n + k)) (m' − m)(m' − m)ᵀ,      m ← m + (k / (n + k)) (m' − m)
//! ```

use super::band::Band;
use super::moments::row;
use super::resampled::MOST_RESAMPLED;
use super::{DrawName, band};

/// Paths that wait until they are merged together: so the matrix is walked through once for all.
const BLOCK: usize = 15;

/// Vectors that are multiplied in one pass over a row of the matrix.
const LANES: usize = 4;

/// Streaming mean and covariance of difference paths.
///
/// Memory: T (T + 1) / 2 + about 220 T numbers for T months, whatever the number of replicates (0.76 MB
/// for 268 months). Time: about T² / 2 multiplications for each path, after the first month that ever
/// differs from 0; months before it cost nothing.
///
/// The result is a function of the paths in the order in which they are pushed.
#[derive(Clone, Debug)]
pub struct PathAccumulator {
    months: usize,
    /// Replicates merged.
    merged: usize,
    mean: Vec<f64>,
    /// Lower triangle of S, row after row.
    products: Vec<f64>,
    /// The smallest and largest value of each month, to know exactly which months never vary.
    lowest: Vec<f64>,
    highest: Vec<f64>,
    missing: Vec<bool>,
    /// The sum of each month, in two numbers: exact, so long as it has no more than 106 bits.
    sum: Vec<[f64; 2]>,
    /// Replicates whose value is not 0, by month.
    differ: Vec<usize>,
    /// The paths themselves, one after the other, while there are few; then nothing.
    paths: Vec<f64>,
    /// Paths not yet merged, one after the other.
    waiting: Vec<f64>,
}

impl PathAccumulator {
    /// For paths of `months` months.
    pub fn new(months: usize) -> Self {
        Self {
            months,
            merged: 0,
            mean: vec![0.0; months],
            products: vec![0.0; row(months)],
            lowest: vec![f64::INFINITY; months],
            highest: vec![f64::NEG_INFINITY; months],
            missing: vec![false; months],
            sum: vec![[0.0; 2]; months],
            differ: vec![0; months],
            paths: Vec::new(),
            waiting: Vec::with_capacity(BLOCK * months),
        }
    }

    /// Bytes that one takes at most, for paths of `months` months.
    pub const fn bytes(months: usize) -> usize {
        months * (months / 2 + MOST_RESAMPLED + 2 * BLOCK) * size_of::<f64>()
    }

    /// Replicates pushed.
    pub fn replicates(&self) -> usize {
        self.merged + self.waiting()
    }

    fn waiting(&self) -> usize {
        self.waiting.len().checked_div(self.months).unwrap_or(0)
    }

    /// Adds the difference path of the next replicate. A value that is not finite is missing, and so
    /// is the rest of a path that is too short: such months will have no band.
    pub fn push(&mut self, path: &[f64]) {
        for t in 0..self.months {
            let value = path.get(t).copied().filter(|value| value.is_finite());
            self.missing[t] |= value.is_none();
            let value = value.unwrap_or(0.0);
            self.lowest[t] = self.lowest[t].min(value);
            self.highest[t] = self.highest[t].max(value);
            self.sum[t] = plus(self.sum[t], value);
            self.differ[t] += usize::from(value != 0.0);
            self.waiting.push(value);
        }
        if self.replicates() <= MOST_RESAMPLED {
            let last = self.waiting.len() - self.months;
            self.paths.extend_from_slice(&self.waiting[last..]);
        } else {
            self.paths = Vec::new();
        }
        if self.waiting() == BLOCK {
            self.merge();
        }
    }

    /// Merges the waiting paths.
    fn merge(&mut self) {
        let k = self.waiting();
        if k == 0 {
            return;
        }
        let months = self.months;
        let (old, new) = (self.merged as f64, k as f64);
        let mut vectors = std::mem::take(&mut self.waiting);
        let mut shift = vec![0.0; months];
        for path in vectors.chunks_exact(months) {
            for (sum, value) in shift.iter_mut().zip(path) {
                *sum += value;
            }
        }
        for t in 0..months {
            let mean = shift[t] / new;
            for path in vectors.chunks_exact_mut(months) {
                path[t] -= mean;
            }
            shift[t] = mean - self.mean[t];
            self.mean[t] += shift[t] * (new / (old + new));
        }
        // The shift of the mean is one more vector.
        let weight = (old * new / (old + new)).sqrt();
        vectors.extend(shift.iter().map(|value| value * weight));
        vectors.resize(vectors.len().div_ceil(LANES * months) * LANES * months, 0.0);
        self.add_products(&vectors);
        self.merged += k;
        vectors.clear();
        self.waiting = vectors;
    }

    /// S ← S + Σ v vᵀ over vectors v, a multiple of [`LANES`] of them.
    fn add_products(&mut self, vectors: &[f64]) {
        let months = self.months;
        let first = (0..months)
            .find(|t| self.lowest[*t] != 0.0 || self.highest[*t] != 0.0)
            .unwrap_or(months);
        for t in first..months {
            let sums = &mut self.products[row(t) + first..=row(t) + t];
            for lanes in vectors.chunks_exact(LANES * months) {
                let (a, rest) = lanes.split_at(months);
                let (b, rest) = rest.split_at(months);
                let (c, d) = rest.split_at(months);
                let (at, bt, ct, dt) = (a[t], b[t], c[t], d[t]);
                let columns = a[first..=t]
                    .iter()
                    .zip(&b[first..=t])
                    .zip(c[first..=t].iter().zip(&d[first..=t]));
                for (sum, ((a, b), (c, d))) in sums.iter_mut().zip(columns) {
                    *sum += at * a + bt * b + (ct * c + dt * d);
                }
            }
        }
    }

    /// The bands of what was pushed. `name` names the draws of the simultaneous one, which take most
    /// of the time (see [`Band`]).
    pub fn finish(mut self, name: DrawName) -> Band {
        self.merge();
        for t in 0..self.months {
            if self.lowest[t] == self.highest[t] {
                // The mean of equal values without the rounding of their sum.
                self.mean[t] = self.lowest[t];
            }
        }
        let varies: Vec<bool> = (0..self.months)
            .map(|t| !self.missing[t] && self.lowest[t] < self.highest[t])
            .collect();
        band::bands(
            &band::Gathered {
                replicates: self.merged,
                mean: &self.mean,
                sum: &self.sum,
                products: &self.products,
                missing: &self.missing,
                varies: &varies,
                differ: &self.differ,
                paths: &self.paths,
            },
            name,
        )
    }
}

/// The sum of two numbers and what rounding cuts off it (Knuth 1969, *The Art of Computer Programming* 2, 4.2.2).
fn two_sum(a: f64, b: f64) -> [f64; 2] {
    let sum = a + b;
    let of_b = sum - a;
    [sum, (a - (sum - of_b)) + (b - of_b)]
}

/// Adds a number to a sum of two numbers, of which the second is what rounding cut off the first.
fn plus([high, low]: [f64; 2], value: f64) -> [f64; 2] {
    let [sum, cut] = two_sum(high, value);
    two_sum(sum, cut + low)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Some paths that look like differences: 0, then a trend, level 1e6 in one month.
    fn paths(n: usize, months: usize) -> Vec<Vec<f64>> {
        (0..n)
            .map(|r| {
                (0..months)
                    .map(|t| match t {
                        0..3 => 0.0,
                        5 => 1e6 + (r as f64 * 0.7).sin(),
                        _ => (r as f64 * 1.3 + t as f64 * 0.4).cos() + t as f64 * 0.1,
                    })
                    .collect()
            })
            .collect()
    }

    /// Against the definition, for numbers of paths around the size of a block.
    #[test]
    fn mean_and_products_are_those_of_the_definition() {
        let months = 11;
        for n in [1, 2, 14, 15, 16, 31, 100] {
            let paths = paths(n, months);
            let mut gathered = PathAccumulator::new(months);
            for path in &paths {
                gathered.push(path);
            }
            assert_eq!(gathered.replicates(), n);
            gathered.merge();
            let mean = |t: usize| paths.iter().map(|p| p[t]).sum::<f64>() / n as f64;
            for t in 0..months {
                assert!((gathered.mean[t] - mean(t)).abs() < 1e-9 * mean(t).abs().max(1.0));
                for u in 0..=t {
                    let product: f64 = paths
                        .iter()
                        .map(|p| (p[t] - mean(t)) * (p[u] - mean(u)))
                        .sum();
                    let got = gathered.products[row(t) + u];
                    assert!((got - product).abs() < 1e-7, "{n} {t} {u}: {got} {product}");
                }
            }
        }
    }

    #[test]
    fn a_prefix_is_not_disturbed_by_looking_at_it() {
        let paths = paths(40, 9);
        let name = DrawName::new(1, 2, 3);
        let mut gathered = PathAccumulator::new(9);
        let mut again = PathAccumulator::new(9);
        for (i, path) in paths.iter().enumerate() {
            gathered.push(path);
            again.push(path);
            if i == 20 {
                let _ = gathered.clone().finish(name);
            }
        }
        // As texts: missing values are equal too.
        let shown = |band: Band| format!("{band:?}");
        assert_eq!(shown(gathered.finish(name)), shown(again.finish(name)));
    }

    #[test]
    fn odd_paths_do_no_harm() {
        let mut gathered = PathAccumulator::new(3);
        gathered.push(&[1.0]);
        gathered.push(&[3.0, f64::INFINITY, 1.0, 9.0]);
        let band = gathered.finish(DrawName::new(1, 2, 3));
        assert_eq!(band.mean[0], 2.0);
        assert!(band.mean[1].is_nan() && band.mean[2].is_nan());
        let mut none = PathAccumulator::new(0);
        none.push(&[1.0]);
        assert_eq!(none.finish(DrawName::new(1, 2, 3)).mean.len(), 0);
    }
}
