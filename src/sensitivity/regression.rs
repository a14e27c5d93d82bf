//! Standardised regression coefficients and partial rank correlations.
//!
//! ```text
//! SRC_j    b_j sd(x_j) / sd(y), from y on all columns: sds of y per sd of x_j
//! PRCC_j   correlation of the ranks of x_j and y, each after regression on the ranks of all other columns
//! ```
//!
//! **SRC.** Its standard error is the infinitesimal jackknife's: with standardised x and y, residual e
//! and leverage h,
//!
//! ```text
//! ψ_rj = (n − 1) ((Z'Z)⁻¹ z_r)_j e_r / (1 − h_r) + β_j (z_rj² − w_r²) / 2,    se² = Σ_r ψ_rj² / n²
//! ```
//!
//! the asymptotically distribution-free one (Jones and Waller 2015, *The normal-theory and asymptotic
//! distribution-free (ADF) covariance matrix of standardized regression coefficients*, Psychometrika
//! 80) with the residual of the jackknife. So it needs neither a linear outcome nor equal variances,
//! which a simulator does not give, and counts that sd(y) is estimated. The interval is t with n − k −
//! 1 degrees of freedom. The usual t interval of b_j has neither.
//!
//! **PRCC** (Iman and Conover 1979, *The use of the rank transform in regression*, Technometrics 21;
//! Marino, Hogue, Ray and Kirschner 2008, *A methodology for performing global uncertainty and
//! sensitivity analysis in systems biology*, J. Theor. Biology 254). p is that of t = r √(ν / (1 −
//! r²)), ν = n − k − 1. The interval is Fisher's z ± 1.96 √((1 + r²/2) / (n − k − 2)): the variance of
//! Bonett and Wright (2000, *Sample size requirements for estimating Pearson, Kendall and Spearman
//! correlations*, Psychometrika 65) for ranks, with the k − 1 columns held fixed taken off n.
//!
//! Columns are numbers. A categorical parameter is one column of 0 and 1 per category but one (the
//! base), made by the caller; its coefficients compare with the base. [`super::tornado()`] reads
//! categories as they are.

use serde::Serialize;

use super::least_squares::{Fit, Place, Rows};
use super::{Estimate, ShapeError, dot};
use crate::paired::{Z_975, holm, t_quantile, two_sided_p};

/// Whether a column could be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Used.
    Used,
    /// Left out: it has one value only.
    Constant,
    /// Left out: it is a combination of columns before it.
    Collinear,
    /// Not used: the outcome does not vary, or there are fewer rows than columns and two.
    NoFit,
}

/// The standardised coefficient of a column.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Coefficient {
    /// Whether the column was used; the rest is missing when not.
    pub standing: Standing,
    /// SRC.
    pub src: Option<Estimate>,
    /// b: outcome per unit of the column.
    pub slope: Option<f64>,
    /// Two-sided p of SRC = 0; missing when its standard error is 0.
    pub p: Option<f64>,
    /// The same, adjusted over all columns (Holm 1979).
    pub p_holm: Option<f64>,
    /// 1 / (1 − R²) of the column on all others: 1 when it is unlike them; above 10 the coefficient
    /// says little.
    pub variance_inflation: Option<f64>,
    /// The squared correlation with the outcome: the share of its variance that the column tells by itself. Of independent
    /// columns it is SRC² but for noise; of columns that go together, as those of a posterior, SRC² is no share.
    pub alone: Option<f64>,
}

/// The partial rank correlation of a column.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct RankCorrelation {
    /// Whether the column was used; the rest is missing when not.
    pub standing: Standing,
    /// PRCC; missing when the other columns leave nothing of the outcome.
    pub prcc: Option<Estimate>,
    /// Two-sided p of PRCC = 0.
    pub p: Option<f64>,
    /// The same, adjusted over all columns (Holm 1979).
    pub p_holm: Option<f64>,
}

/// Both analyses of one outcome.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Regression {
    /// Rows used.
    pub rows: usize,
    /// Rows left out because a value of theirs is missing.
    pub dropped: usize,
    /// R² of the regression: how far a linear reading goes. `None` without fit.
    pub r2: Option<f64>,
    /// 1 − (1 − R²)(n − 1)/(n − k − 1).
    pub adjusted_r2: Option<f64>,
    /// R² of the regression of ranks: how far a monotone reading without interactions goes.
    pub rank_r2: Option<f64>,
    /// One per column.
    pub coefficients: Vec<Coefficient>,
    /// One per column.
    pub rank_correlations: Vec<RankCorrelation>,
}

/// Regresses the outcome on the columns, one value per point each; points independent of each other. Of
/// a Saltelli design give the points A and B only.
///
/// # Errors
///
/// When columns differ in length.
pub fn regression(columns: &[Vec<f64>], outcome: &[f64]) -> Result<Regression, ShapeError> {
    let rows = Rows::complete(columns, outcome)?;
    let (n, dropped) = (rows.outcome.len(), rows.dropped);
    let fit = Fit::new(&rows);
    let leverages = fit.as_ref().map_or_else(Vec::new, Fit::leverages);
    let mut coefficients: Vec<Coefficient> = (0..columns.len())
        .map(|j| coefficient(fit.as_ref(), &leverages, j))
        .collect();
    let ranked = Fit::new(&Rows {
        columns: rows.columns.iter().map(|x| ranks(x)).collect(),
        outcome: ranks(&rows.outcome),
        dropped,
    });
    let mut rank_correlations: Vec<RankCorrelation> = (0..columns.len())
        .map(|j| rank_correlation(ranked.as_ref(), j))
        .collect();
    let adjusted = holm(&coefficients.iter().map(|c| c.p).collect::<Vec<_>>());
    for (c, p) in coefficients.iter_mut().zip(adjusted) {
        c.p_holm = p;
    }
    let adjusted = holm(&rank_correlations.iter().map(|c| c.p).collect::<Vec<_>>());
    for (c, p) in rank_correlations.iter_mut().zip(adjusted) {
        c.p_holm = p;
    }
    Ok(Regression {
        rows: n,
        dropped,
        r2: fit.as_ref().map(|fit| 1.0 - fit.left),
        adjusted_r2: fit
            .as_ref()
            .map(|fit| 1.0 - fit.left * (n - 1) as f64 / fit.freedom()),
        rank_r2: ranked.as_ref().map(|fit| 1.0 - fit.left),
        coefficients,
        rank_correlations,
    })
}

/// Where column `j` stands, and its number among those used.
fn standing(fit: Option<&Fit>, j: usize) -> (Standing, Option<(&Fit, usize)>) {
    let Some(fit) = fit else {
        return (Standing::NoFit, None);
    };
    match fit.places[j] {
        Place::Used(place) => (Standing::Used, Some((fit, place))),
        Place::Constant => (Standing::Constant, None),
        Place::Collinear => (Standing::Collinear, None),
    }
}

fn coefficient(fit: Option<&Fit>, leverages: &[f64], j: usize) -> Coefficient {
    let (standing, used) = standing(fit, j);
    let mut coefficient = Coefficient {
        standing,
        src: None,
        slope: None,
        p: None,
        p_holm: None,
        variance_inflation: None,
        alone: None,
    };
    let Some((fit, place)) = used else {
        return coefficient;
    };
    let n = fit.w.len() as f64;
    let beta = fit.beta[place];
    let pull = fit.pull(place, leverages);
    let scale = fit.z[place].iter().zip(&fit.w);
    let squares: f64 = pull
        .iter()
        .zip(scale)
        .map(|(pull, (z, w))| ((n - 1.0) * pull + beta * (z * z - w * w) / 2.0).powi(2))
        .sum();
    let error = squares.sqrt() / n;
    let half = t_quantile(fit.freedom()) * error;
    coefficient.src = Some(Estimate::new(beta, Some((beta - half, beta + half))));
    coefficient.slope = Some(beta * fit.sd / fit.sds[place]);
    coefficient.p = (error > 0.0).then(|| two_sided_p(beta / error, fit.freedom()));
    coefficient.variance_inflation = Some((n - 1.0) * fit.inverse_diagonal(place));
    coefficient.alone = Some((dot(&fit.z[place], &fit.w) / (n - 1.0)).powi(2));
    coefficient
}

fn rank_correlation(fit: Option<&Fit>, j: usize) -> RankCorrelation {
    let (standing, used) = standing(fit, j);
    let mut correlation = RankCorrelation {
        standing,
        prcc: None,
        p: None,
        p_holm: None,
    };
    let Some((fit, place)) = used else {
        return correlation;
    };
    // Shares of the variance: that only this column explains, and that none does.
    let total = (fit.w.len() - 1) as f64;
    let beta = fit.beta[place];
    let own = beta * beta / fit.inverse_diagonal(place) / total;
    if own + fit.left <= 1e-12 {
        return correlation;
    }
    let r = (beta.signum() * (own / (own + fit.left)).sqrt()).clamp(-1.0, 1.0);
    let freedom = fit.freedom();
    // n − 3 less the columns held fixed.
    let weight = freedom - 1.0;
    let interval = (weight > 0.0).then(|| {
        let half = Z_975 * ((1.0 + r * r / 2.0) / weight).sqrt();
        if r.abs() < 1.0 {
            {
                let z = libm::atanh(r);
                (libm::tanh(z - half), libm::tanh(z + half))
            }
        } else {
            (r, r)
        }
    });
    correlation.prcc = Some(Estimate::new(r, interval));
    correlation.p = Some(two_sided_p((freedom * own / fit.left).sqrt(), freedom));
    correlation
}

/// Ranks from 1; equal values share the mean of theirs.
fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    // −0 and 0 are equal.
    order.sort_by(|a, b| (values[*a] + 0.0).total_cmp(&(values[*b] + 0.0)));
    let mut ranks = vec![0.0; values.len()];
    let mut from = 0;
    for tied in order.chunk_by(|a, b| values[*a] == values[*b]) {
        let rank = from as f64 + (tied.len() + 1) as f64 / 2.0;
        tied.iter().for_each(|i| ranks[*i] = rank);
        from += tied.len();
    }
    ranks
}
