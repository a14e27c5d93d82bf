//! Who adopts in a month.

use multiversion::multiversion;

use crate::model::fetch::fetch_run;
use crate::model::hazard::Hazard;
use crate::model::trend::Trend;
use crate::model::unit::Unit;
use crate::world::NEVER;

use super::{GROUP, Pair, Row};

/// Groups in 64 places.
const GROUPS: usize = 64 / GROUP;

impl Row {
    /// Calls `found` for the groups in which somebody may adopt in month `t`, in order.
    pub fn early_groups(&self, t: u16, mut found: impl FnMut(u32)) {
        let blocks = self.first.chunks(GROUPS).zip(&self.block_first);
        for (b, (groups, _)) in blocks.enumerate().filter(|(_, (_, first))| **first <= t) {
            for (g, _) in groups.iter().enumerate().filter(|(_, first)| **first <= t) {
                found((b * GROUPS + g) as u32);
            }
        }
    }

    /// A month not after the first in which somebody will adopt, when [`Row::due`] of month `t` is done.
    pub fn earliest(&mut self, t: u16) -> u16 {
        let blocks = self.first.chunks(GROUPS).zip(&mut self.block_first);
        for (groups, first) in blocks.filter(|(_, first)| **first <= t) {
            *first = groups.iter().copied().fold(NEVER, u16::min);
        }
        self.block_first.iter().copied().fold(NEVER, u16::min)
    }

    /// Has the pairs of a group fetched.
    #[inline(always)]
    pub fn fetch_group(&self, g: u32) {
        let start = g as usize * GROUP;
        fetch_run(&self.pairs, start..start + GROUP);
    }

    /// Calls `found` for every place of a group that adopts in month `t`, in order, and works out when the
    /// group is due again.
    #[inline(always)]
    pub fn due(&mut self, hazard: &Hazard<'_>, g: u32, t: u16, mut found: impl FnMut(usize)) {
        let start = g as usize * GROUP;
        let (groups, _) = self.pairs.as_chunks();
        let mut pairs: [Pair; GROUP] = groups[g as usize];
        if !matches!(self.unit, Unit::Exposure { .. }) {
            let open = self.sets[start / 64].open >> (start % 64);
            for (lane, pair) in pairs
                .iter_mut()
                .enumerate()
                .filter(|(lane, _)| open >> lane & 1 == 1)
            {
                pair.exposure = self.rate(hazard, start + lane, pair.exposure);
            }
        }
        // All is as it was at the end of the previous month.
        let (mut now, later) = due_now_and_later(&pairs, t);
        while now != 0 {
            found(start + now.trailing_zeros() as usize);
            now &= now - 1;
        }
        self.first[g as usize] = later.max(t + 1).min(hazard.world.calendar.months);
    }
}

/// Which pairs of a group, whose rates are in the place of the exposures, adopt in month `t`; and a month that is
/// not after the first in which one of the others does.
#[multiversion(targets("x86_64+avx512f+avx512dq+avx512vl"))]
fn due_now_and_later(pairs: &[Pair; GROUP], t: u16) -> (u8, u16) {
    let (mut now, mut later) = (0, f64::INFINITY);
    for (lane, &Pair { exposure, left }) in pairs.iter().enumerate() {
        let trend = Trend {
            left,
            rate: exposure,
        };
        let due = trend.within(t + 1);
        now |= u8::from(due) << lane;
        let quotient = if due { f64::INFINITY } else { trend.quotient() };
        later = if quotient < later { quotient } else { later };
    }
    (now, later as u16)
}
