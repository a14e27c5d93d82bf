//! Least squares in standardised columns, by Gram–Schmidt in the order of the columns.
//!
//! With Z the standardised columns (mean 0, variance 1 with divisor n − 1) that are no combination of
//! earlier ones, Z = Q R with Q'Q = 1, and w the standardised outcome:
//!
//! ```text
//! β = R⁻¹ Q'w       residual e = w − Q Q'w       R² = 1 − e'e / (n − 1)       (Z'Z)⁻¹ = R⁻¹ R⁻¹'
//! ```
//!
//! Each column is made orthogonal twice, which is enough for full precision (Giraud, Langou and
//! Rozložník 2005, *The loss of orthogonality in the Gram–Schmidt orthogonalization process*, Computers
//! & Mathematics with Applications 50).

use super::{ShapeError, check_length, dot, mean};
use crate::texts::text;

/// A column of which earlier ones explain all but this share of the variance is a combination of them.
const COLLINEAR: f64 = 1e-9;

/// Rows without a missing value, column by column.
pub(super) struct Rows {
    pub columns: Vec<Vec<f64>>,
    pub outcome: Vec<f64>,
    pub dropped: usize,
}

impl Rows {
    pub fn complete(columns: &[Vec<f64>], outcome: &[f64]) -> Result<Self, ShapeError> {
        for (i, column) in columns.iter().enumerate() {
            check_length(|| text!("shape-column", i), column.len(), outcome.len())?;
        }
        let rows: Vec<usize> = (0..outcome.len())
            .filter(|r| outcome[*r].is_finite() && columns.iter().all(|x| x[*r].is_finite()))
            .collect();
        let take = |column: &[f64]| rows.iter().map(|r| column[*r]).collect();
        Ok(Self {
            columns: columns.iter().map(|x| take(x)).collect(),
            outcome: take(outcome),
            dropped: outcome.len() - rows.len(),
        })
    }
}

/// A column with mean 0 and variance 1 (divisor n − 1), and the standard deviation that it had.
pub(super) fn standardise(column: &[f64]) -> Option<(Vec<f64>, f64)> {
    let size = column.iter().fold(0.0, |m: f64, x| m.max(x.abs()));
    let center = mean(column);
    let spread = column
        .iter()
        .fold(0.0, |m: f64, x| m.max((x - center).abs()));
    let rounding = 8.0 * f64::EPSILON * size;
    if column.len() < 2 || !spread.is_finite() || spread <= rounding {
        return None;
    }
    let moved: Vec<f64> = column.iter().map(|x| (x - center) / spread).collect();
    // Once more: the mean was rounded.
    let rest = mean(&moved);
    let squares: f64 = moved.iter().map(|x| (x - rest).powi(2)).sum();
    let sd = (squares / (column.len() - 1) as f64).sqrt();
    let standard = moved.iter().map(|x| (x - rest) / sd).collect();
    Some((standard, sd * spread))
}

/// Takes the parts along the orthonormal columns `q` out of `v`; answers their lengths.
fn sweep_out(v: &mut [f64], q: &[Vec<f64>]) -> Vec<f64> {
    let mut lengths = vec![0.0; q.len()];
    for _ in 0..2 {
        for (length, q) in lengths.iter_mut().zip(q) {
            let part = dot(v, q);
            *length += part;
            for (v, q) in v.iter_mut().zip(q) {
                *v -= part * q;
            }
        }
    }
    lengths
}

/// What became of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Its number among those used.
    Used(usize),
    /// It does not vary.
    Constant,
    /// It is a combination of earlier columns.
    Collinear,
}

/// A regression of the standardised outcome on the standardised columns.
pub(super) struct Fit {
    /// Per column of the input.
    pub places: Vec<Place>,
    /// Standardised columns used, and their standard deviations before.
    pub z: Vec<Vec<f64>>,
    pub sds: Vec<f64>,
    /// Standardised outcome, and its standard deviation before.
    pub w: Vec<f64>,
    pub sd: f64,
    q: Vec<Vec<f64>>,
    /// R⁻¹, upper triangular, row by row.
    inverse: Vec<Vec<f64>>,
    pub beta: Vec<f64>,
    /// Residuals; exactly 0 when they are no more than rounding of the outcome.
    pub residuals: Vec<f64>,
    /// Share of the variance left over.
    pub left: f64,
}

impl Fit {
    /// `None` when the outcome does not vary, no column does, or there are no more rows than unknowns.
    pub fn new(rows: &Rows) -> Option<Self> {
        let (w, sd) = standardise(&rows.outcome)?;
        let total = (w.len() - 1) as f64;
        let (mut q, mut z, mut sds) = (Vec::new(), Vec::new(), Vec::new());
        let mut triangle: Vec<Vec<f64>> = Vec::new();
        let mut places = Vec::with_capacity(rows.columns.len());
        for column in &rows.columns {
            let Some((standard, sd)) = standardise(column) else {
                places.push(Place::Constant);
                continue;
            };
            let mut rest = standard.clone();
            let mut lengths = sweep_out(&mut rest, &q);
            let square = dot(&rest, &rest);
            // As many columns as rows − 1 span everything: what is left then is rounding.
            if square <= COLLINEAR * total {
                places.push(Place::Collinear);
                continue;
            }
            let length = square.sqrt();
            rest.iter_mut().for_each(|v| *v /= length);
            lengths.push(length);
            places.push(Place::Used(q.len()));
            q.push(rest);
            triangle.push(lengths);
            z.push(standard);
            sds.push(sd);
        }
        if q.is_empty() || w.len() < q.len() + 2 {
            return None;
        }
        let inverse = inverse(&triangle);
        let mut residuals = w.clone();
        let along = sweep_out(&mut residuals, &q);
        let beta = inverse.iter().map(|row| dot(row, &along)).collect();
        let size = rows.outcome.iter().fold(0.0, |m: f64, y| m.max(y.abs()));
        let rounding = (64.0 * f64::EPSILON * size / sd).powi(2);
        let mut left = dot(&residuals, &residuals) / total;
        if left <= rounding {
            residuals.fill(0.0);
            left = 0.0;
        }
        Some(Self {
            places,
            z,
            sds,
            w,
            sd,
            q,
            inverse,
            beta,
            residuals,
            left,
        })
    }

    /// n − columns used − 1, at least 1.
    pub fn freedom(&self) -> f64 {
        (self.w.len() - self.q.len() - 1) as f64
    }

    /// The diagonal of (Z'Z)⁻¹, which is 1 / (n − 1) for a column unlike all others.
    pub fn inverse_diagonal(&self, column: usize) -> f64 {
        dot(&self.inverse[column], &self.inverse[column])
    }

    /// Leverage h of every row.
    pub fn leverages(&self) -> Vec<f64> {
        let n = self.w.len();
        (0..n)
            .map(|r| 1.0 / n as f64 + self.q.iter().map(|q| q[r] * q[r]).sum::<f64>())
            .collect()
    }

    /// Row by row, ((Z'Z)⁻¹ z)_j e / (1 − h): by how much coefficient `j` would fall without the row.
    pub fn pull(&self, column: usize, leverages: &[f64]) -> Vec<f64> {
        let rows = self.residuals.iter().zip(leverages).enumerate();
        rows.map(|(r, (residual, leverage))| {
            let along = self.q.iter().zip(&self.inverse[column]);
            let weight: f64 = along.map(|(q, inverse)| q[r] * inverse).sum();
            weight * left_out(*residual, *leverage)
        })
        .collect()
    }

    /// What is left of a column after the columns used and its mean; `None` when that is nothing.
    pub fn beyond(&self, column: &[f64]) -> Option<Vec<f64>> {
        let (mut rest, _) = standardise(column)?;
        sweep_out(&mut rest, &self.q);
        (dot(&rest, &rest) > COLLINEAR * (rest.len() - 1) as f64).then_some(rest)
    }
}

/// The residual of a row from a fit without the row. A row of leverage 1 is fitted whatever it says: 0.
pub(super) fn left_out(residual: f64, leverage: f64) -> f64 {
    if leverage > 1.0 - 1e-12 {
        0.0
    } else {
        residual / (1.0 - leverage)
    }
}

/// The rows of R⁻¹ from the columns of R (column j: its j + 1 entries down to the diagonal).
fn inverse(triangle: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let k = triangle.len();
    let mut inverse = vec![vec![0.0; k]; k];
    for (j, column) in triangle.iter().enumerate() {
        for (i, row) in inverse.iter_mut().enumerate().take(j) {
            row[j] = -dot(&row[i..j], &column[i..j]) / column[j];
        }
        inverse[j][j] = 1.0 / column[j];
    }
    inverse
}
