//! The normal law, the same on every platform: in terms of `libm`, where libraries of distributions take the system's
//! functions.

use distrs::Normal;

/// Φ(`z`).
pub(crate) fn cdf(z: f64) -> f64 {
    libm::erfc(-z * std::f64::consts::FRAC_1_SQRT_2) / 2.0
}

/// Φ⁻¹(`probability`), for a probability in [0, 1]; NaN for others.
pub(crate) fn quantile(probability: f64) -> f64 {
    Normal::ppf(probability, 0.0, 1.0)
}
