//! Cholesky factors of larger matrices, row by row. Sums are taken in one order, so that results are the same on every
//! machine and for any number of threads.

/// A lower triangular matrix, kept as a square.
#[derive(Clone, Debug)]
pub struct Lower {
    /// Rows.
    pub n: usize,
    entries: Vec<f64>,
}

/// Σ a·b, by four sums at a time.
pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    let n = a.len().min(b.len());
    let (a, b) = (&a[..n], &b[..n]);
    let mut sums = [0.0; 4];
    let (mut fours_a, mut fours_b) = (a.chunks_exact(4), b.chunks_exact(4));
    for (a, b) in fours_a.by_ref().zip(fours_b.by_ref()) {
        for lane in 0..4 {
            sums[lane] += a[lane] * b[lane];
        }
    }
    let rest = fours_a.remainder().iter().zip(fours_b.remainder());
    let rest: f64 = rest.map(|(a, b)| a * b).sum();
    (sums[0] + sums[2]) + (sums[1] + sums[3]) + rest
}

impl Lower {
    /// The factor of a symmetric matrix, of which the lower half is read, row by row; `None` where it is not positive
    /// definite.
    pub fn factor(mut entries: Vec<f64>, n: usize) -> Option<Self> {
        for i in 0..n {
            let (above, own) = entries.split_at_mut(i * n);
            let own = &mut own[..n];
            for j in 0..i {
                let row = &above[j * n..j * n + n];
                own[j] = (own[j] - dot(&own[..j], &row[..j])) / row[j];
            }
            let pivot = own[i] - dot(&own[..i], &own[..i]);
            if !(pivot > 0.0 && pivot.is_finite()) {
                return None;
            }
            own[i] = pivot.sqrt();
            own[i + 1..].fill(0.0);
        }
        Some(Self { n, entries })
    }

    fn row(&self, i: usize) -> &[f64] {
        &self.entries[i * self.n..(i + 1) * self.n]
    }

    /// log |L L'|.
    pub fn log_det(&self) -> f64 {
        let diagonal = (0..self.n).map(|i| libm::log(self.row(i)[i]));
        2.0 * diagonal.sum::<f64>()
    }

    /// L⁻¹ b.
    pub fn solve(&self, b: &[f64]) -> Vec<f64> {
        let mut x = Vec::with_capacity(self.n);
        for (i, b) in b.iter().enumerate() {
            let row = self.row(i);
            let value = (b - dot(&row[..i], &x)) / row[i];
            x.push(value);
        }
        x
    }

    /// L⁻ᵀ b.
    pub fn solve_back(&self, b: &[f64]) -> Vec<f64> {
        let mut x = b.to_vec();
        for i in (0..self.n).rev() {
            let row = self.row(i);
            x[i] /= row[i];
            let value = x[i];
            for (x, l) in x[..i].iter_mut().zip(row) {
                *x -= l * value;
            }
        }
        x
    }

    /// (L L')⁻¹, all of it, row by row.
    pub fn inverse(&self) -> Vec<f64> {
        let n = self.n;
        // Row j holds column j of L⁻¹.
        let mut columns = vec![0.0; n * n];
        for j in 0..n {
            let column = &mut columns[j * n..(j + 1) * n];
            column[j] = 1.0 / self.row(j)[j];
            for i in j + 1..n {
                let row = self.row(i);
                column[i] = -dot(&row[j..i], &column[j..i]) / row[i];
            }
        }
        let mut inverse = vec![0.0; n * n];
        for i in 0..n {
            for j in 0..=i {
                let (a, b) = (
                    &columns[i * n + i..(i + 1) * n],
                    &columns[j * n + i..(j + 1) * n],
                );
                let value = dot(a, b);
                inverse[i * n + j] = value;
                inverse[j * n + i] = value;
            }
        }
        inverse
    }

    /// L v.
    pub fn times(&self, v: &[f64]) -> Vec<f64> {
        (0..self.n)
            .map(|i| dot(&self.row(i)[..=i], &v[..=i]))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn systems_are_solved_and_inverted() {
        // A Hilbert matrix with a heavier diagonal.
        let n = 7;
        let entry = |i: usize, j: usize| 1.0 / (i + j + 1) as f64 + f64::from(i == j);
        let square: Vec<f64> = (0..n * n).map(|at| entry(at / n, at % n)).collect();
        let lower = Lower::factor(square.clone(), n).unwrap();
        let x: Vec<f64> = (0..n).map(|i| i as f64 - 2.5).collect();
        let b: Vec<f64> = square.chunks(n).map(|row| dot(row, &x)).collect();
        let solved = lower.solve_back(&lower.solve(&b));
        let inverse = lower.inverse();
        let by_inverse = inverse.chunks(n).map(|row| dot(row, &b));
        for ((x, a), b) in x.iter().zip(&solved).zip(by_inverse) {
            assert!(
                (x - a).abs() < 1e-12 && (x - b).abs() < 1e-12,
                "{x} {a} {b}"
            );
        }
        let again = lower.times(&lower.solve(&b));
        assert!(again.iter().zip(&b).all(|(a, b)| (a - b).abs() < 1e-12));
        // |A⁻¹| = 1 / |A|.
        let det = Lower::factor(inverse, n).unwrap().log_det();
        assert!((lower.log_det() + det).abs() < 1e-10);
        assert!(Lower::factor(vec![1.0, 2.0, 2.0, 1.0], 2).is_none());
    }
}
