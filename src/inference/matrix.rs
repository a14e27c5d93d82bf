//! Small symmetric matrices: Cholesky and Jacobi (Golub and Van Loan, *Matrix Computations*, §§4.2, 8.5).

/// A pivot below this share of its diagonal counts as none.
const SMALLEST_PIVOT: f64 = 1e-12;
/// Most sweeps of Jacobi; a handful is enough.
const SWEEPS: usize = 60;

/// A symmetric matrix, all of it kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Matrix {
    /// Rows.
    pub n: usize,
    /// Entries, row by row.
    pub entries: Vec<f64>,
}

impl Matrix {
    /// All 0.
    pub fn zero(n: usize) -> Self {
        Self {
            n,
            entries: vec![0.0; n * n],
        }
    }

    /// An entry.
    pub fn at(&self, i: usize, j: usize) -> f64 {
        self.entries[i * self.n + j]
    }

    /// An entry, to be changed.
    pub fn at_mut(&mut self, i: usize, j: usize) -> &mut f64 {
        &mut self.entries[i * self.n + j]
    }

    /// The rows and columns of `set`, times `factor`.
    pub fn part(&self, set: &[usize], factor: f64) -> Self {
        let mut part = Self::zero(set.len());
        for (i, &a) in set.iter().enumerate() {
            for (j, &b) in set.iter().enumerate() {
                *part.at_mut(i, j) = factor * self.at(a, b);
            }
        }
        part
    }

    /// Adds `weight · v v'`.
    pub fn add_outer(&mut self, weight: f64, v: &[f64]) {
        for (row, a) in self.entries.chunks_mut(self.n).zip(v) {
            let scaled = weight * a;
            for (entry, b) in row.iter_mut().zip(v) {
                *entry += scaled * b;
            }
        }
    }

    /// Adds another one of the same size.
    pub fn add(&mut self, other: &Self) {
        for (entry, more) in self.entries.iter_mut().zip(&other.entries) {
            *entry += more;
        }
    }

    /// Takes another one of the same size away.
    pub fn subtract(&mut self, other: &Self) {
        for (entry, less) in self.entries.iter_mut().zip(&other.entries) {
            *entry -= less;
        }
    }

    /// This times a vector.
    pub fn times(&self, v: &[f64]) -> Vec<f64> {
        let row = |row: &[f64]| row.iter().zip(v).map(|(a, b)| a * b).sum();
        self.entries.chunks(self.n.max(1)).map(row).collect()
    }

    /// This times another one.
    fn product(&self, other: &Self) -> Self {
        let mut product = Self::zero(self.n);
        for i in 0..self.n {
            for j in 0..self.n {
                *product.at_mut(i, j) = (0..self.n).map(|k| self.at(i, k) * other.at(k, j)).sum();
            }
        }
        product
    }

    /// V · this · V.
    pub fn between(&self, v: &Self) -> Self {
        v.product(self).product(v)
    }

    /// 1/√ of the diagonal, by which rows and columns are scaled before anything is solved.
    fn scales(&self) -> Vec<f64> {
        let of = |i: usize| {
            let size = self.at(i, i).abs();
            if size > 0.0 && size.is_finite() {
                1.0 / size.sqrt()
            } else {
                1.0
            }
        };
        (0..self.n).map(of).collect()
    }

    /// This with its diagonal scaled to 1, and the scales.
    fn scaled(&self) -> (Self, Vec<f64>) {
        let scales = self.scales();
        let mut scaled = self.clone();
        for i in 0..self.n {
            for j in 0..self.n {
                *scaled.at_mut(i, j) *= scales[i] * scales[j];
            }
        }
        (scaled, scales)
    }

    /// The factor of Cholesky of what is scaled already, with `ridge` added to the diagonal.
    fn cholesky(&self, ridge: f64) -> Option<Self> {
        let mut l = Self::zero(self.n);
        for i in 0..self.n {
            for j in 0..=i {
                let sum: f64 = (0..j).map(|k| l.at(i, k) * l.at(j, k)).sum();
                let rest = self.at(i, j) - sum;
                if i == j {
                    let pivot = rest + ridge;
                    if pivot.is_nan() || pivot <= SMALLEST_PIVOT {
                        return None;
                    }
                    *l.at_mut(i, i) = pivot.sqrt();
                } else {
                    *l.at_mut(i, j) = rest / l.at(j, j);
                }
            }
        }
        Some(l)
    }

    /// x with this · x = b, once this is positive definite; where it is not, as much is added to its scaled diagonal as
    /// it takes. `None` for a matrix that is not finite.
    pub fn solve_lifted(&self, b: &[f64]) -> Option<Vec<f64>> {
        let (scaled, scales) = self.scaled();
        let lifts = std::iter::once(0.0).chain((0..14).map(|n| 1e-8 * 10_f64.powi(n)));
        let l = lifts
            .map(|ridge| scaled.cholesky(ridge))
            .find(Option::is_some)??;
        Some(solved(&l, &scales, b))
    }

    /// The inverse, where this is positive definite.
    pub fn inverse(&self) -> Option<Self> {
        let (scaled, scales) = self.scaled();
        let l = scaled.cholesky(0.0)?;
        let mut inverse = Self::zero(self.n);
        let mut unit = vec![0.0; self.n];
        for j in 0..self.n {
            unit[j] = 1.0;
            for (i, value) in solved(&l, &scales, &unit).into_iter().enumerate() {
                *inverse.at_mut(i, j) = value;
            }
            unit[j] = 0.0;
        }
        Some(inverse)
    }

    /// A matrix R with R R' = this, where this is positive definite.
    pub fn root(&self) -> Option<Self> {
        let (scaled, scales) = self.scaled();
        let mut l = scaled.cholesky(0.0)?;
        for (row, scale) in l.entries.chunks_mut(self.n.max(1)).zip(scales) {
            row.iter_mut().for_each(|entry| *entry /= scale);
        }
        Some(l)
    }

    /// Directions in which this, scaled to a diagonal of 1, is below `least`: each a vector of length 1 in the scaled
    /// coordinates.
    pub fn flat(&self, least: f64) -> Vec<Vec<f64>> {
        let (scaled, _) = self.scaled();
        let (values, vectors) = scaled.eigen();
        let small = (0..self.n).filter(|k| values[*k] < least);
        let vector = |k: usize| (0..self.n).map(|i| vectors.at(i, k)).collect();
        small.map(vector).collect()
    }

    /// Eigenvalues, and eigenvectors in columns, by Jacobi's rotations.
    pub fn eigen(&self) -> (Vec<f64>, Self) {
        let n = self.n;
        let mut a = self.clone();
        let mut v = Self::zero(n);
        (0..n).for_each(|i| *v.at_mut(i, i) = 1.0);
        for _ in 0..SWEEPS {
            let mut off = 0.0;
            for p in 0..n {
                for q in p + 1..n {
                    let apq = a.at(p, q);
                    off += apq * apq;
                    if apq == 0.0 {
                        continue;
                    }
                    let theta = (a.at(q, q) - a.at(p, p)) / (2.0 * apq);
                    let t = theta.signum() / (theta.abs() + (theta * theta + 1.0).sqrt());
                    let t = if theta == 0.0 { 1.0 } else { t };
                    let c = 1.0 / (t * t + 1.0).sqrt();
                    let s = t * c;
                    let turn = |x: &mut Self, i: [usize; 2], j: [usize; 2]| {
                        let (xp, xq) = (x.at(i[0], i[1]), x.at(j[0], j[1]));
                        *x.at_mut(i[0], i[1]) = c * xp - s * xq;
                        *x.at_mut(j[0], j[1]) = s * xp + c * xq;
                    };
                    for k in 0..n {
                        turn(&mut a, [k, p], [k, q]);
                    }
                    for k in 0..n {
                        turn(&mut a, [p, k], [q, k]);
                        turn(&mut v, [k, p], [k, q]);
                    }
                }
            }
            if off < 1e-30 {
                break;
            }
        }
        ((0..n).map(|i| a.at(i, i)).collect(), v)
    }
}

/// Solves by a factor of the scaled matrix.
fn solved(l: &Matrix, scales: &[f64], b: &[f64]) -> Vec<f64> {
    let n = l.n;
    let mut y = vec![0.0; n];
    for i in 0..n {
        let sum: f64 = (0..i).map(|k| l.at(i, k) * y[k]).sum();
        y[i] = (b[i] * scales[i] - sum) / l.at(i, i);
    }
    for i in (0..n).rev() {
        let sum: f64 = (i + 1..n).map(|k| l.at(k, i) * y[k]).sum();
        y[i] = (y[i] - sum) / l.at(i, i);
    }
    y.iter().zip(scales).map(|(y, scale)| y * scale).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matrix(entries: &[f64]) -> Matrix {
        Matrix {
            n: entries.len().isqrt(),
            entries: entries.to_vec(),
        }
    }

    #[test]
    fn a_system_is_solved_and_inverted() {
        // Of very different scales, as rates and effects are.
        let m = matrix(&[4e8, 2e4, 1e3, 2e4, 3.0, 0.1, 1e3, 0.1, 2.0]);
        let x = [1e-4, 2.0, -3.0];
        let solved = m.solve_lifted(&m.times(&x)).unwrap();
        let inverse = m.inverse().unwrap();
        let again = inverse.times(&m.times(&x));
        for ((x, solved), again) in x.iter().zip(solved).zip(again) {
            assert!((solved - x).abs() < 1e-9 * x.abs(), "{solved} {x}");
            assert!((again - x).abs() < 1e-9 * x.abs(), "{again} {x}");
        }
        assert_eq!(m.flat(1e-9), Vec::<Vec<f64>>::new());
    }

    #[test]
    fn flat_directions_are_found() {
        // The third column is the sum of the others.
        let columns = [[1.0, 0.0, 2.0], [0.5, 1.0, 0.0], [1.5, 1.0, 2.0]];
        let mut m = Matrix::zero(3);
        for row in 0..3 {
            m.add_outer(1.0, &columns.map(|column| column[row]));
        }
        assert_eq!(m.inverse(), None);
        let flat = m.flat(1e-9);
        assert_eq!(flat.len(), 1);
        // In scaled coordinates, (1, 1, −1) times the lengths of the columns.
        let lengths = columns.map(|c| c.iter().map(|x| x * x).sum::<f64>().sqrt());
        let ratio: Vec<f64> = flat[0].iter().zip(lengths).map(|(v, l)| v / l).collect();
        assert!((ratio[0] - ratio[1]).abs() < 1e-7 && (ratio[0] + ratio[2]).abs() < 1e-7);
        // Still, a system that it can meet is solved.
        let b = m.times(&[1.0, 1.0, 1.0]);
        let x = m.solve_lifted(&b).unwrap();
        for (met, b) in m.times(&x).iter().zip(b) {
            assert!((met - b).abs() < 1e-6, "{met} {b}");
        }
    }
}
