//! The straight line that H_ik is on while nothing happens to (i, k).
//!
//! With `left` = θ_ik − (H_ik extended back to month −1) and h_ik = `rate`, i adopts in the first month t
//! with h_ik · (t + 1) ≥ left.

use crate::world::{NEVER, PlaceId, World, Zone};

/// A run has fewer months.
pub const MOST_MONTHS: f64 = 4096.0;

/// More than H can grow in a run (below 2⁶²), and so little that what is left may still change by as much: what
/// is left to a pair that adopts never, or not any more, and what is added where a place is not open yet.
pub const NEVER_LEFT: i64 = 1 << 62;

/// The end of a month, when the rates of what follows are set.
#[derive(Debug)]
pub struct MonthEnd {
    /// The month that comes next, t + 1.
    pub next: u16,
    /// By place: the months t + 1 by which a line is extended back; 0 as long as the place is not open. Empty where all
    /// that ever open are open.
    back: Vec<u16>,
}

impl MonthEnd {
    /// The end of month `month`.
    pub fn new(world: &World, month: u16) -> Self {
        let next = month + 1;
        let opens = |zone: &Zone| zone.open > month && zone.open != NEVER;
        let back = |open: &u16| if *open <= month { next } else { 0 };
        let back = match world.zones.iter().any(opens) {
            true => world.places.open.iter().map(back).collect(),
            false => Vec::new(),
        };
        Self { next, back }
    }

    /// The end of what was before the run.
    pub fn before() -> Self {
        Self {
            next: 0,
            back: Vec::new(),
        }
    }

    /// The months by which the line of place `i` is extended back. Those that never open have no line.
    #[inline(always)]
    pub fn back(&self, i: PlaceId) -> i64 {
        self.everywhere().unwrap_or_else(|| i64::from(self.back[i]))
    }

    /// The same where it is one number for all places.
    #[inline(always)]
    pub fn everywhere(&self) -> Option<i64> {
        (self.back.is_empty()).then(|| i64::from(self.next))
    }
}

/// The line, in ticks of its row's [`super::unit::Unit`].
#[derive(Clone, Copy, Debug, Default)]
pub struct Trend {
    /// θ_ik less the backward extension of H_ik.
    pub left: i64,
    /// h_ik, at least 0 for a pair that can adopt.
    pub rate: i64,
}

impl Trend {
    /// Whether H reaches θ within the first `months` months of the run.
    #[inline(always)]
    pub fn within(self, months: u16) -> bool {
        self.left <= self.rate * i64::from(months)
    }

    /// The first month in which H reaches θ, or the one before it; 0 where H has reached it already.
    #[inline(always)]
    pub fn earliest(self) -> u16 {
        self.quotient() as u16
    }

    /// The same before it is cut to whole months; infinite or no number at a rate of 0.
    #[inline(always)]
    pub fn quotient(self) -> f64 {
        // ⌈left / rate⌉ − 1, less far more than rounding can add to the quotient, and far less than a
        // month in 2¹⁶.
        self.left as f64 / self.rate as f64 * (1.0 - 1e-12)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_never_too_late() {
        for (left, rate, month) in [
            (1, 1, 0),
            (10, 1, 9),
            (11, 1, 10),
            (3, 2, 1),
            (4, 2, 1),
            (i64::MAX / 4, i64::MAX / 4, 0),
            ((1 << 61) + 1, 1 << 50, 2048),
            (1 << 61, 1 << 50, 2047),
            (4096 << 40, 1 << 40, 4095),
            ((4095 << 40) + 1, 1 << 40, 4095),
        ] {
            let trend = Trend { left, rate };
            assert!(trend.within(month + 1) && !trend.within(month), "{trend:?}");
            let earliest = trend.earliest();
            assert!(
                earliest == month || earliest + 1 == month,
                "{trend:?} {earliest}"
            );
        }
        assert!(!Trend { left: 1, rate: 0 }.within(u16::MAX));
    }
}
