//! Exact arithmetic for exposure and hazard.
//!
//! Exposures and cumulative hazards are whole numbers of small ticks. Their sums are then exact: they
//! do not depend on the order in which sources adopt, taking a source out undoes exactly what putting
//! it in did, and a larger hazard can never lead to a later adoption through rounding.

/// Ticks per unit of exposure (link weight times radiation): 2⁴⁰.
pub const EXPOSURE: f64 = (1u64 << 40) as f64;

/// The largest exposure that a place can have, all its sources together: 2²² units, 2⁶² ticks. Each of
/// its links carries at most its equal part of it. Only parameters at the far end of their ranges (an
/// alliance of hundreds of groups at the largest strength and multiplier) come near.
pub const LARGEST_EXPOSURE: f64 = (1u64 << 22) as f64;

/// Ticks per unit of cumulative hazard: 2⁴⁴.
pub const HAZARD: f64 = (1u64 << 44) as f64;

/// A monthly hazard above this adopts at once: the largest threshold, −ln 2⁻⁵³, is 36.8. Capping here
/// changes no adoption and keeps hazard × months within 64 bits.
pub const HAZARD_CAP: f64 = 64.0;

/// Ticks of an exposure weight.
#[inline(always)]
pub fn exposure_ticks(weight: f64) -> i64 {
    (weight * EXPOSURE).round() as i64
}

/// Ticks of a monthly hazard.
#[inline(always)]
pub fn hazard_ticks(hazard: f64) -> i64 {
    (hazard.min(HAZARD_CAP) * HAZARD + 0.5) as i64
}

/// Ticks of a threshold θ; at least one, so that nothing is adopted without a hazard.
#[inline(always)]
pub fn threshold_ticks(theta: f64) -> i64 {
    ((theta * HAZARD) as i64).max(1)
}
