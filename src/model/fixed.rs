//! Exact arithmetic for exposure and hazard.
//!
//! Exposures and cumulative hazards are whole numbers of small ticks. Their sums are then exact: they
//! do not depend on the order in which sources adopt, taking a source out undoes exactly what putting
//! it in did, and a larger hazard can never lead to a later adoption through rounding.

use multiversion::multiversion;

use crate::draw::LANES;
pub use crate::world::ticks::{EXPOSURE, LARGEST_EXPOSURE};

/// Ticks per unit of cumulative hazard: 2⁴⁴.
pub const HAZARD: f64 = (1u64 << 44) as f64;

/// A monthly hazard above this adopts at once: the largest threshold, −ln 2⁻⁵³, is 36.8. Capping here
/// changes no adoption and keeps hazard × months below [`super::trend::NEVER_LEFT`].
pub const HAZARD_CAP: f64 = 48.0;

/// Ticks of a monthly hazard.
#[inline(always)]
pub fn hazard_ticks(hazard: f64) -> i64 {
    (hazard.min(HAZARD_CAP) * HAZARD + 0.5) as i64
}

/// Ticks of thresholds θ, `per_theta` for a unit of each (infinite: never reached); at least one, so that
/// nothing is adopted without a hazard.
#[multiversion(targets("x86_64+avx512f+avx512dq+avx512vl"))]
pub fn threshold_ticks(theta: &[f64; LANES], per_theta: &[f64; LANES], ticks: &mut [i64; LANES]) {
    for (ticks, (theta, per_theta)) in ticks.iter_mut().zip(theta.iter().zip(per_theta)) {
        // Not 0, which times infinity is no number.
        let theta = theta.max(f64::MIN_POSITIVE);
        *ticks = ((theta * per_theta) as i64).max(1);
    }
}
