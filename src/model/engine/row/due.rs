//! Who adopts in a month.

use multiversion::multiversion;

use crate::model::engine::trend::{NEVER_LEFT, Trend};
use crate::model::hazard::Hazard;
use crate::world::PlaceId;

use super::pairs::Pair;
use super::{GROUP, PairsMut, Row};

impl Row {
    /// Calls `found` for every place of a group of a row, or of a part of it, that adopts in month `t`, in order, and
    /// works out when the group is due again.
    #[inline(always)]
    pub fn due(
        &self,
        at: &mut PairsMut<'_>,
        hazard: &Hazard<'_>,
        g: u32,
        t: u16,
        mut found: impl FnMut(PlaceId),
    ) {
        let start = at.from + g as usize * GROUP;
        let (groups, _) = at.pairs.as_chunks();
        let mut pairs: [Pair; GROUP] = groups[g as usize];
        if !self.is_linear() {
            let open = self.sets[start / 64].open >> (start % 64);
            for (lane, pair) in pairs.iter_mut().enumerate() {
                pair.exposure = if open >> lane & 1 == 1 {
                    self.rate(hazard, PlaceId::new(start + lane), pair.exposure)
                } else {
                    0
                };
            }
        }
        // All is as it was at the end of the previous month.
        let (mut now, later) = due_now_and_later(&pairs, t);
        while now != 0 {
            let i = start + now.trailing_zeros() as usize;
            found(PlaceId::new(i));
            at.pairs[i - at.from].left = NEVER_LEFT;
            now &= now - 1;
        }
        at.first[g as usize] = later.max(t + 1).min(hazard.world.calendar.months);
    }
}

/// Which pairs of a group, whose rates are in the place of the exposures, adopt in month `t`; and a month that is
/// not after the first in which one of the others does.
#[multiversion(targets("x86_64+avx512f+avx512dq+avx512vl"))]
fn due_now_and_later(pairs: &[Pair; GROUP], t: u16) -> (u8, u16) {
    due_now_and_later_plain(pairs, t)
}

#[inline(always)]
fn due_now_and_later_plain(pairs: &[Pair; GROUP], t: u16) -> (u8, u16) {
    let (mut now, mut later) = (0, f64::INFINITY);
    for (lane, &Pair { exposure, left }) in pairs.iter().enumerate() {
        let trend = Trend {
            left,
            rate: exposure,
        };
        let due = trend.within(t + 1);
        now |= u8::from(due) << lane;
        // A rate below 0 is one of a pair that cannot adopt.
        let stays = due | (exposure <= 0);
        let quotient = if stays {
            f64::INFINITY
        } else {
            trend.quotient()
        };
        later = if quotient < later { quotient } else { later };
    }
    (now, later as u16)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::engine::fixed::{HAZARD_CAP, hazard_ticks};
    use crate::vectors::{Dice, versions};

    #[test]
    fn every_instruction_set_finds_the_same_that_are_due() {
        let mut dice = Dice::new(2);
        let most = hazard_ticks(HAZARD_CAP);
        for _ in 0..4000 {
            let t = dice.bits() as u16 % 4095;
            let t = dice.of(&[t, 0, 1, 4094]);
            let pairs: [Pair; GROUP] = std::array::from_fn(|_| {
                let random = (dice.bits() >> dice.of(&[15, 30, 45, 60])) as i64;
                let exposure = dice.of(&[random, 0, 1, -1, most - 1, most, i64::MIN / 8192]);
                let met = exposure * (i64::from(t) + 1);
                let random = (dice.bits() >> dice.of(&[2, 20, 50])) as i64;
                let left = dice.of(&[
                    random,
                    met,
                    met + 1,
                    met - 1,
                    0,
                    NEVER_LEFT,
                    2 * (NEVER_LEFT - 1),
                ]);
                Pair { exposure, left }
            });
            let mut all = versions!(|pairs: &[Pair; GROUP], t: u16| -> (u8, u16) {
                due_now_and_later_plain(pairs, t)
            });
            let (_, plain) = all.next().unwrap();
            let expected = plain(&pairs, t);
            assert_eq!(due_now_and_later(&pairs, t), expected);
            for (name, version) in all {
                assert_eq!(version(&pairs, t), expected, "{name}: {pairs:?}, {t}");
            }
        }
    }
}
