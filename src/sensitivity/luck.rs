//! What parameters cannot explain: the Monte Carlo noise of replicates in the variance between points.
//!
//! With y_pr the outcome of replicate r = 1 … R at point p = 1 … P, and s² the variance over points of
//! their means ȳ_p:
//!
//! ```text
//! independent   Σ_p s_p² / P / R / s²,   s_p² = Σ_r (y_pr − ȳ_p)² / (R − 1)
//! common        MS / R / s²,             MS = Σ_pr (y_pr − ȳ_p − ȳ_r + ȳ)² / ((P − 1)(R − 1))
//! ```
//!
//! `independent` is right where each point has its own random numbers. Where replicate r has the same ones at
//! all points (as in a sweep), the part of the noise that moves all points alike moves no difference between
//! points; `common` counts only the remainder: the interaction of point and replicate, in a two-way
//! analysis of variance without repetition.
//!
//! This share λ is in the variance that Sobol indices divide by, in every total index (noise changes
//! with any parameter), and in no first-order one, as far as the noise of neighbouring points is independent:
//!
//! ```text
//! S_i net of noise = S_i / (1 − λ)         T_i net of noise = (T_i − λ) / (1 − λ)
//! ```
//!
//! Where common random numbers make neighbours alike, noise is partly attributed to parameters and the
//! corrections are too large. More replicates are the better remedy: λ falls about as 1/R. R² of a
//! regression can reach about 1 − λ.

use serde::Serialize;

use super::{ShapeError, check_length, mean};
use crate::texts::text;

/// Share of noise in the variance between points; see the head of this file.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct LuckShare {
    /// Points used.
    pub points: usize,
    /// Points left out because a replicate of theirs is missing.
    pub dropped: usize,
    /// Replicates of each point.
    pub replicates: usize,
    /// Share if each point has its own random numbers. Like `common` missing with one replicate, fewer than
    /// two points, or when the means do not vary; estimates, which may pass 1.
    pub independent: Option<f64>,
    /// Share if replicate r has the same random numbers at all points.
    pub common: Option<f64>,
}

/// The share of noise; `values` holds the replicates of the first point, then of the second, and so on.
///
/// # Errors
///
/// When the number of values is no multiple of `replicates`.
pub fn luck_share(values: &[f64], replicates: usize) -> Result<LuckShare, ShapeError> {
    let rows = values.len().checked_div(replicates).unwrap_or(0);
    check_length(|| text!("shape-outcome"), values.len(), rows * replicates)?;
    let complete: Vec<&[f64]> = values
        .chunks_exact(replicates.max(1))
        .filter(|point| point.iter().all(|y| y.is_finite()))
        .collect();
    let points = complete.len();
    let mut share = LuckShare {
        points,
        dropped: rows - points,
        replicates,
        independent: None,
        common: None,
    };
    if points < 2 || replicates < 2 {
        return Ok(share);
    }
    // Measured from the first value: equal values then are 0 without rounding.
    let origin = complete[0][0];
    let moved: Vec<Vec<f64>> = complete
        .iter()
        .map(|point| point.iter().map(|y| y - origin).collect())
        .collect();
    let of_points: Vec<f64> = moved.iter().map(|point| mean(point)).collect();
    let of_replicates: Vec<f64> = (0..replicates)
        .map(|r| moved.iter().map(|point| point[r]).sum::<f64>() / points as f64)
        .collect();
    let grand = mean(&of_points);
    let (mut within, mut interaction) = (0.0, 0.0);
    for (point, of_point) in moved.iter().zip(&of_points) {
        for (y, of_replicate) in point.iter().zip(&of_replicates) {
            within += (y - of_point).powi(2);
            interaction += (y - of_point - of_replicate + grand).powi(2);
        }
    }
    let freedom = (replicates - 1) as f64;
    let between = of_points.iter().map(|m| (m - grand).powi(2)).sum::<f64>() / (points - 1) as f64;
    if between > 0.0 {
        let unit = replicates as f64 * between;
        share.independent = Some(within / (points as f64 * freedom) / unit);
        share.common = Some(interaction / ((points - 1) as f64 * freedom) / unit);
    }
    Ok(share)
}

/// A first-order index as a share of the variance net of noise; `None` when all is noise.
pub fn first_beyond_luck(index: f64, luck: f64) -> Option<f64> {
    (luck < 1.0).then(|| index / (1.0 - luck))
}

/// A total index as a share of the variance net of noise; `None` when all is noise.
pub fn total_beyond_luck(index: f64, luck: f64) -> Option<f64> {
    (luck < 1.0).then(|| (index - luck) / (1.0 - luck))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: points (1, 3), (5, 5), (6, 10). Means 2, 5, 8: s² = 9. Within: s_p² = 2, 0, 8, mean
    /// 10/3; over R = 2 and 9: 5/27. Replicates 4 and 6, grand mean 5: interactions ∓ (0, 1, −1), so Σ
    /// = 4, MS = 2, share 1/9.
    #[test]
    fn by_hand() {
        let values = [1.0, 3.0, 5.0, 5.0, f64::NAN, 1.0, 6.0, 10.0];
        let share = luck_share(&values, 2).unwrap();
        assert_eq!((share.points, share.dropped), (3, 1));
        assert!((share.independent.unwrap() - 5.0 / 27.0).abs() < 1e-15);
        assert!((share.common.unwrap() - 1.0 / 9.0).abs() < 1e-15);
    }

    #[test]
    fn luck_that_moves_all_alike_is_none() {
        let values: Vec<f64> = (0..40).map(|i| f64::from(i / 4 + 100 * (i % 4))).collect();
        let share = luck_share(&values, 4).unwrap();
        assert!(share.independent.unwrap() > 1.0);
        assert_eq!(share.common, Some(0.0));
    }

    #[test]
    fn nothing_to_share() {
        for (values, replicates) in [
            (vec![], 2),
            (vec![], 0),
            (vec![1.0, 2.0], 2),
            (vec![1.0, 2.0, 3.0], 1),
            (vec![0.1; 6], 3),
        ] {
            let share = luck_share(&values, replicates).unwrap();
            assert_eq!((share.independent, share.common), (None, None));
        }
        assert!(luck_share(&[1.0], 0).is_err());
        assert!(luck_share(&[1.0, 2.0, 3.0], 2).is_err());
        assert_eq!(first_beyond_luck(0.375, 0.25), Some(0.5));
        assert_eq!(total_beyond_luck(0.625, 0.25), Some(0.5));
        assert_eq!(total_beyond_luck(1.0, 1.0), None);
    }
}
