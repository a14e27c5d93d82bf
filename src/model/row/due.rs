//! Who adopts in a month.

use crate::model::fetch::fetch_run;
use crate::model::hazard::Hazard;
use crate::model::trend::Trend;
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
        let g = g as usize;
        let mut later = hazard.world.calendar.months;
        let mut open = self.sets[g * GROUP / 64].open >> (g * GROUP % 64) & ((1 << GROUP) - 1);
        while open != 0 {
            let i = g * GROUP + open.trailing_zeros() as usize;
            open &= open - 1;
            // All is as it was at the end of the previous month.
            if hazard.world.places.open[i] >= t {
                continue;
            }
            let Pair { exposure, left } = self.pairs[i];
            let rate = self.rate(hazard, i, exposure, self.replicated);
            let trend = Trend { left, rate };
            if trend.within(t + 1) {
                found(i);
            } else if trend.within(later) {
                later = trend.earliest().max(t + 1);
            }
        }
        self.first[g] = later;
    }
}
