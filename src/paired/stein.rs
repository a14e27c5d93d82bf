//! How many replicates: for a wanted width, before and during a comparison.
//!
//! Stopping when the interval *looks* narrow enough stops too often when the variance happens to be
//! underestimated, and covers less than it says: about 93 % with a minimum of 8 replicates, 90 % with 3
//! (Chow and Robbins 1965 is right in the limit of narrow widths only). Stein's two stages
//! do not: Stein (1945), *A two-sample test for a linear hypothesis whose power is independent of the
//! variance*, Annals of Mathematical Statistics 16. From the variance s₀² of a pilot of n₀ replicates,
//!
//! ```text
//! N = max(n₀, ⌈t²_{n₀−1; 0.975} s₀² / w²⌉),      interval  d̄_N ± t_{n₀−1; 0.975} s₀ / √N
//! ```
//!
//! Given s₀, d̄_N is normal with variance σ²/N, because a normal sample's mean is independent of its
//! variance and the later replicates are independent of both. So (d̄_N − δ) √N / s₀ has exactly
//! Student's t law with n₀ − 1 degrees of freedom: exact coverage, at a half width of at most w. The
//! argument holds for any N that depends on the pilot only through variances: for a smaller maximum
//! (then the interval is wider than asked) and for the largest N of several outcomes.

use serde::Serialize;

use super::moments::Moments;
use super::student::{Z_975, t_quantile, two_sided_p};

/// Most replicates that are ever called needed: beyond this a number of replicates means nothing.
const MOST_REPLICATES: f64 = 1e15;

/// The plan after a pilot.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Stein {
    /// Replicates of the pilot, n₀: the minimum.
    pub pilot: usize,
    /// Standard deviation of the pilot's differences, s₀.
    pub sd: f64,
    /// Replicates that the wanted width needs.
    pub needed: u64,
    /// Replicates to run, the pilot included: `needed`, but no more than the maximum (and no fewer
    /// than the pilot).
    pub replicates: u64,
    /// The maximum is less than what is needed: the interval is wider than asked, and still exact.
    pub truncated: bool,
    /// t_{n₀−1; 0.975}.
    quantile: f64,
}

impl Stein {
    /// The plan for an interval of half width `half_width` (> 0, in the unit of the outcome), from
    /// the differences of the first replicates in order. `None` with fewer than two differences, a
    /// width that is not positive, or values that are not finite.
    pub fn plan(pilot: &[f64], half_width: f64, maximum: u64) -> Option<Self> {
        let n = pilot.len();
        if n < 2 || half_width.is_nan() || half_width <= 0.0 {
            return None;
        }
        let sd = Moments::of(pilot).variance.sqrt();
        if !sd.is_finite() {
            return None;
        }
        let quantile = t_quantile((n - 1) as f64);
        // The conversion saturates.
        let wanted = (quantile * sd / half_width).powi(2).ceil() as u64;
        let needed = wanted.max(n as u64);
        Some(Self {
            pilot: n,
            sd,
            needed,
            replicates: needed.min(maximum).max(n as u64),
            truncated: needed > maximum,
            quantile,
        })
    }

    /// Half the width of the interval after `n` ≥ pilot replicates.
    pub fn half_width(&self, n: u64) -> f64 {
        self.quantile * self.sd / (n as f64).sqrt()
    }

    /// The 95 % interval, from the mean difference of all `n` replicates, the pilot included. `n` may
    /// depend on the pilot only, never on what was seen later.
    pub fn interval(&self, mean: f64, n: u64) -> (f64, f64) {
        let half = self.half_width(n);
        (mean - half, mean + half)
    }

    /// The two-sided p of no difference that belongs to [`interval`](Self::interval): below 0.05 just
    /// where the interval leaves out 0. `None` when the pilot's differences were all equal.
    pub fn p(&self, mean: f64, n: u64) -> Option<f64> {
        let freedom = self.pilot as f64 - 1.0;
        (self.sd > 0.0).then(|| two_sided_p(mean * (n as f64).sqrt() / self.sd, freedom))
    }
}

/// The smallest n ≥ 2 with t_{n−1; 0.975} · `difference_sd` / √n ≤ `half_width`: about how many
/// replicates a new comparison needs for that half width. `None` when the width is not positive, a
/// number is not finite, or more than 10¹⁵ are needed.
pub fn replicates_needed(difference_sd: f64, half_width: f64) -> Option<u64> {
    if !(difference_sd.is_finite() && half_width.is_finite()) || half_width <= 0.0 {
        return None;
    }
    let ratio = difference_sd.abs() / half_width;
    let least = (Z_975 * ratio).powi(2).ceil().max(2.0);
    if least > MOST_REPLICATES {
        return None;
    }
    // t exceeds z, so the answer is not below `least`; and it is at most about ten above it.
    let mut n = least;
    while t_quantile(n - 1.0) * ratio > n.sqrt() {
        n += 1.0;
    }
    Some(n as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By its definition, for widths of all sizes. (Half a standard deviation either side: 16 by z, 18
    /// by t.)
    #[test]
    fn replicates_needed_is_the_smallest_number() {
        assert_eq!(replicates_needed(1.0, 0.5), Some(18));
        assert_eq!(replicates_needed(0.0, 0.5), Some(2));
        for ratio in [0.01, 0.1, 0.3, 0.5, 1.0, 1.7, 3.0, 10.0, 40.0, 1000.0, 1e6] {
            let n = replicates_needed(ratio, 1.0).unwrap();
            let half = |n: u64| t_quantile((n - 1) as f64) * ratio / (n as f64).sqrt();
            assert!(half(n) <= 1.0 && n >= 2, "{ratio} {n}");
            assert!(n == 2 || half(n - 1) > 1.0, "{ratio} {n}");
        }
        for (sd, width) in [
            (1.0, 0.0),
            (1.0, -1.0),
            (1.0, f64::NAN),
            (f64::NAN, 1.0),
            (1.0, f64::INFINITY),
            (1e9, 1e-9),
        ] {
            assert_eq!(replicates_needed(sd, width), None);
        }
    }

    /// Pilot −1, 0, 1: s₀ = 1, t₂ = 4.3027, so w = 1 needs ⌈18.51⌉ = 19.
    #[test]
    fn plan_by_hand() {
        let pilot = [-1.0, 0.0, 1.0];
        let stein = Stein::plan(&pilot, 1.0, 1000).unwrap();
        assert_eq!(
            (stein.needed, stein.replicates, stein.truncated),
            (19, 19, false)
        );
        assert!(stein.half_width(19) <= 1.0 && stein.half_width(18) > 1.0);
        let (low, high) = stein.interval(5.0, 19);
        assert!((high - 5.0 - 4.302_652_7 / 19f64.sqrt()).abs() < 1e-6 && low + high == 10.0);

        let cut = Stein::plan(&pilot, 1.0, 10).unwrap();
        assert_eq!((cut.needed, cut.replicates, cut.truncated), (19, 10, true));
        assert!(cut.half_width(cut.replicates) > 1.0);
        let wide = Stein::plan(&pilot, 100.0, 10).unwrap();
        assert_eq!(
            (wide.needed, wide.replicates, wide.truncated),
            (3, 3, false)
        );
        // A maximum below the pilot cannot undo it.
        let below = Stein::plan(&pilot, 1.0, 2).unwrap();
        assert_eq!((below.replicates, below.truncated), (3, true));
    }

    #[test]
    fn plans_that_are_none_and_extremes() {
        assert_eq!(Stein::plan(&[1.0], 1.0, 9), None);
        assert_eq!(Stein::plan(&[1.0, 2.0], 0.0, 9), None);
        assert_eq!(Stein::plan(&[1.0, 2.0], f64::NAN, 9), None);
        assert_eq!(Stein::plan(&[1.0, f64::NAN], 1.0, 9), None);
        let equal = Stein::plan(&[4.0; 5], 0.1, 9).unwrap();
        assert_eq!((equal.needed, equal.half_width(5)), (5, 0.0));
        let endless = Stein::plan(&[0.0, 1e150], 1e-150, 9).unwrap();
        assert_eq!((endless.needed, endless.replicates), (u64::MAX, 9));
    }
}
