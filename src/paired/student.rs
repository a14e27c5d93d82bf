//! Quantiles and tail probabilities of the normal and of Student's t.

use statrs::distribution::{ContinuousCDF, Normal, StudentsT};

/// The 0.975 quantile of the normal.
pub(crate) const Z_975: f64 = 1.959_963_984_540_054;

/// From this many degrees of freedom on, the expansion in 1/ν is used: its error is below 10⁻⁹.
const EXPANSION: f64 = 1000.0;

/// The 0.975 quantile of Student's t with `freedom` > 0 degrees of freedom: half the width of a
/// 95 % interval in standard errors. NaN for other numbers.
pub fn t_quantile(freedom: f64) -> f64 {
    t_upper(0.025, freedom)
}

/// The point that Student's t exceeds with probability `tail`, in (0, ½]. NaN for other numbers.
pub(crate) fn t_upper(tail: f64, freedom: f64) -> f64 {
    if !(freedom > 0.0 && tail > 0.0 && tail <= 0.5) {
        return f64::NAN;
    }
    if freedom < EXPANSION {
        return StudentsT::new(0.0, 1.0, freedom).map_or(f64::NAN, |t| t.inverse_cdf(1.0 - tail));
    }
    // Abramowitz and Stegun (1964), 26.7.5. The inversion loses digits where 1 - ν/(ν + t²) does.
    let z = normal_quantile(1.0 - tail);
    let s = z * z;
    let terms = [
        (s + 1.0) / 4.0,
        ((5.0 * s + 16.0) * s + 3.0) / 96.0,
        (((3.0 * s + 19.0) * s + 17.0) * s - 15.0) / 384.0,
        ((((79.0 * s + 776.0) * s + 1482.0) * s - 1920.0) * s - 945.0) / 92160.0,
    ];
    z * terms
        .iter()
        .rev()
        .fold(0.0, |sum, term| (sum + term) / freedom)
        + z
}

/// P(|t| ≥ |`t`|) for Student's t with `freedom` > 0 degrees of freedom; NaN when one is NaN.
pub fn two_sided_p(t: f64, freedom: f64) -> f64 {
    if t.is_nan() {
        return f64::NAN;
    }
    StudentsT::new(0.0, 1.0, freedom).map_or(f64::NAN, |law| (2.0 * law.sf(t.abs())).min(1.0))
}

/// Φ(`z`).
pub(super) fn normal_cdf(z: f64) -> f64 {
    Normal::standard().cdf(z)
}

/// Φ⁻¹(`probability`), for a probability in [0, 1]; NaN for others.
pub(super) fn normal_quantile(probability: f64) -> f64 {
    if (0.0..=1.0).contains(&probability) {
        Normal::standard().inverse_cdf(probability)
    } else {
        f64::NAN
    }
}

/// The `probability` quantile of an ascending simulated sample of size B: its order statistic
/// number (B + 1) · probability, interpolated, and no further out than the sample. NaN without one.
pub(super) fn simulated_quantile(sorted: &[f64], probability: f64) -> f64 {
    let (Some(first), Some(last)) = (sorted.first(), sorted.last()) else {
        return f64::NAN;
    };
    let place = probability * (sorted.len() + 1) as f64;
    let below = place.floor();
    if below < 1.0 {
        return *first;
    }
    match (sorted.get(below as usize - 1), sorted.get(below as usize)) {
        (Some(low), Some(high)) => low + (place - below) * (high - low),
        _ => *last,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Published two-sided 5 % points of Student's t (any statistics text).
    #[test]
    fn quantiles_are_the_tabled_ones() {
        for (freedom, t) in [
            (1.0, 12.706_204_7),
            (2.0, 4.302_652_7),
            (9.0, 2.262_157_2),
            (19.0, 2.093_024_1),
            (30.0, 2.042_272_5),
            (120.0, 1.979_930_4),
            (1000.0, 1.962_339_1),
        ] {
            let got = t_quantile(freedom);
            assert!((got - t).abs() < 1e-7, "{freedom}: {got}");
        }
        assert!((t_quantile(1e15) - Z_975).abs() < 1e-12);
        assert!(t_quantile(0.0).is_nan() && t_quantile(f64::NAN).is_nan());
        assert!(t_upper(0.0, 3.0).is_nan() && t_upper(0.6, 3.0).is_nan());
    }

    /// The expansion continues the inversion where they meet, also far out.
    #[test]
    fn expansion_meets_inversion() {
        for tail in [0.4, 0.05, 0.025, 1e-3, 1e-4, 1e-6] {
            let below = t_upper(tail, EXPANSION - 1e-9);
            let above = t_upper(tail, EXPANSION);
            assert!((below - above).abs() < 1e-8, "{tail}: {below} {above}");
        }
    }

    #[test]
    fn tail_probability_inverts_the_quantile() {
        for freedom in [1.0, 3.0, 19.0, 99.0, 999.0, 4999.0] {
            let p = two_sided_p(-t_quantile(freedom), freedom);
            assert!((p - 0.05).abs() < 1e-9, "{freedom}: {p}");
        }
        assert_eq!(two_sided_p(0.0, 5.0), 1.0);
        assert_eq!(two_sided_p(f64::INFINITY, 5.0), 0.0);
        assert!(two_sided_p(f64::NAN, 5.0).is_nan() && two_sided_p(1.0, f64::NAN).is_nan());
        assert!((normal_cdf(normal_quantile(0.3)) - 0.3).abs() < 1e-12);
    }

    #[test]
    fn simulated_quantiles_are_order_statistics() {
        let sorted = [1.0, 2.0, 4.0];
        for (probability, value) in [
            (0.0, 1.0),
            (0.25, 1.0),
            (0.5, 2.0),
            (0.625, 3.0),
            (0.75, 4.0),
            (1.0, 4.0),
        ] {
            assert_eq!(simulated_quantile(&sorted, probability), value);
        }
        assert!(simulated_quantile(&[], 0.5).is_nan());
    }
}
