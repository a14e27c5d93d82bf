//! Pairs that do more together than their sum, by regression.
//!
//! The outcome is regressed on all columns; then, for one pair at a time, on all columns and the
//! product of the two standardised columns. With p what is left of the product after all columns, e the
//! residual without it, g the coefficient of p, and h the leverage with it:
//!
//! ```text
//! g = p'e / p'p     gain = (p'e)² / (p'p (n − 1))     t = g p'p / √(Σ p_r² u_r²),  u_r = (e_r − g p_r) / (1 − h_r)
//! ```
//!
//! gain is the rise of R²; t allows for variances that differ (HC3 of MacKinnon and White 1985, *Some
//! heteroskedasticity-consistent covariance matrix estimators*, Journal of Econometrics 29).
//!
//! This sees interactions that look like a product. It misses others, such as those of a parameter whose
//! effect turns round in its range, and the pairs of columns that alone do little; second-order Sobol
//! indices see all.

use serde::Serialize;

use super::ShapeError;
use super::least_squares::{Fit, Place, Rows, left_out};
use crate::paired::{holm, two_sided_p};

/// The product of one pair of columns.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Interaction {
    /// Number of the one column.
    pub first: usize,
    /// Number of the other, larger.
    pub second: usize,
    /// Standardised coefficient g: sds of the outcome per unit product of the standardised columns.
    /// Missing, as all that follows, when the product is a combination of the columns (as of two
    /// categories of one parameter) or all columns leave nothing of the outcome.
    pub coefficient: Option<f64>,
    /// Rise of R².
    pub gain: Option<f64>,
    /// t of g = 0; missing when the pair leaves nothing of the outcome.
    pub t: Option<f64>,
    /// Its two-sided p.
    pub p: Option<f64>,
    /// The same, adjusted over the pairs of this table (Holm 1979).
    pub p_holm: Option<f64>,
}

/// The interactions of one outcome.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Interactions {
    /// Rows used.
    pub rows: usize,
    /// R² without products; `None` without fit (then there are no pairs).
    pub r2: Option<f64>,
    /// The pairs, greatest gain first.
    pub pairs: Vec<Interaction>,
}

/// The interactions between the `strongest` columns by size of their standardised coefficient (equal
/// ones: the first). Columns and outcome as for [`super::regression()`].
///
/// # Errors
///
/// When columns differ in length.
pub fn interactions(
    columns: &[Vec<f64>],
    outcome: &[f64],
    strongest: usize,
) -> Result<Interactions, ShapeError> {
    let rows = Rows::complete(columns, outcome)?;
    let mut table = Interactions {
        rows: rows.outcome.len(),
        r2: None,
        pairs: Vec::new(),
    };
    // One more unknown than the regression has.
    let Some(fit) = Fit::new(&rows).filter(|fit| fit.freedom() >= 2.0) else {
        return Ok(table);
    };
    table.r2 = Some(1.0 - fit.left);
    let mut chosen: Vec<(usize, usize)> = fit
        .places
        .iter()
        .enumerate()
        .filter_map(|(column, place)| match place {
            Place::Used(place) => Some((column, *place)),
            _ => None,
        })
        .collect();
    chosen.sort_by(|a, b| fit.beta[b.1].abs().total_cmp(&fit.beta[a.1].abs()));
    chosen.truncate(strongest);
    chosen.sort_unstable();
    let leverages = fit.leverages();
    for (i, first) in chosen.iter().enumerate() {
        for second in &chosen[i + 1..] {
            table.pairs.push(of_pair(&fit, &leverages, *first, *second));
        }
    }
    let adjusted = holm(&table.pairs.iter().map(|pair| pair.p).collect::<Vec<_>>());
    for (pair, p) in table.pairs.iter_mut().zip(adjusted) {
        pair.p_holm = p;
    }
    let gain = |pair: &Interaction| pair.gain.unwrap_or(-1.0);
    table.pairs.sort_by(|a, b| gain(b).total_cmp(&gain(a)));
    Ok(table)
}

fn of_pair(
    fit: &Fit,
    leverages: &[f64],
    first: (usize, usize),
    second: (usize, usize),
) -> Interaction {
    let mut pair = Interaction {
        first: first.0,
        second: second.0,
        coefficient: None,
        gain: None,
        t: None,
        p: None,
        p_holm: None,
    };
    let z = fit.z[first.1].iter().zip(&fit.z[second.1]);
    let product: Vec<f64> = z.map(|(a, b)| a * b).collect();
    let Some(beyond) = fit.beyond(&product).filter(|_| fit.left > 0.0) else {
        return pair;
    };
    let size = super::dot(&beyond, &beyond);
    let along = super::dot(&beyond, &fit.residuals) / size;
    let total = (fit.w.len() - 1) as f64;
    let freedom = fit.freedom() - 1.0;
    let rows = beyond.iter().zip(&fit.residuals).zip(leverages);
    let squares: f64 = rows
        .map(|((p, e), leverage)| (p * left_out(e - along * p, leverage + p * p / size)).powi(2))
        .sum();
    // `beyond` belongs to the standardised product.
    let sd = super::least_squares::standardise(&product).map_or(1.0, |(_, sd)| sd);
    pair.coefficient = Some(along / sd);
    pair.gain = Some(along * along * size / total);
    let left = fit.left - along * along * size / total;
    if left > 1e-13 * fit.left {
        let t = along * size / squares.sqrt();
        pair.t = Some(t);
        pair.p = Some(two_sided_p(t, freedom));
    }
    pair
}
