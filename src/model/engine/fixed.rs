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
    threshold_ticks_plain(theta, per_theta, ticks);
}

#[inline(always)]
fn threshold_ticks_plain(theta: &[f64; LANES], per_theta: &[f64; LANES], ticks: &mut [i64; LANES]) {
    for (ticks, (theta, per_theta)) in ticks.iter_mut().zip(theta.iter().zip(per_theta)) {
        // Not 0, which times infinity is no number.
        let theta = theta.max(f64::MIN_POSITIVE);
        *ticks = ((theta * per_theta) as i64).max(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vectors::{Dice, versions};

    #[test]
    fn every_instruction_set_gives_the_same_thresholds() {
        let mut dice = Dice::new(4);
        for _ in 0..4000 {
            let (mut theta, mut per_theta) = ([0.0; LANES], [0.0; LANES]);
            for (theta, per_theta) in theta.iter_mut().zip(&mut per_theta) {
                let share = (dice.bits() >> 11) as f64 / (1u64 << 53) as f64;
                *theta = dice.of(&[
                    40.0 * share,
                    share * 1e-12,
                    0.0,
                    f64::MIN_POSITIVE,
                    f64::MIN_POSITIVE / 4.0,
                    0.5,
                    1.0,
                    36.736_800_569_677_1,
                ]);
                *per_theta = dice.of(&[
                    HAZARD,
                    HAZARD * (1.0 + share),
                    HAZARD / share,
                    1e-300,
                    // At or beyond what a whole number holds.
                    i64::MAX as f64,
                    1e300,
                    f64::INFINITY,
                ]);
            }
            let expected: [i64; LANES] = std::array::from_fn(|lane| {
                let ticks = theta[lane].max(f64::MIN_POSITIVE) * per_theta[lane];
                (ticks as i64).max(1)
            });
            let mut ticks = [0; LANES];
            threshold_ticks(&theta, &per_theta, &mut ticks);
            assert_eq!(ticks, expected);
            for (name, version) in
                versions!(|theta: &[f64; LANES],
                           per_theta: &[f64; LANES],
                           ticks: &mut [i64; LANES]| {
                    threshold_ticks_plain(theta, per_theta, ticks)
                })
            {
                ticks.fill(0);
                version(&theta, &per_theta, &mut ticks);
                assert_eq!(ticks, expected, "{name}");
            }
        }
    }
}
