//! Exposures of a row that change: those of a source's listeners, and single ones.

use prefetch_index::prefetch_index;

use crate::model::hazard::Hazard;
use crate::model::trend::{MonthEnd, Trend};
use crate::model::unit::Unit;
use crate::world::NEVER;

use super::{GROUP, Row};

/// Pairs of an audience that are fetched ahead.
const AHEAD: usize = 256;

impl Row {
    /// Adds ticks to the exposure of place `i` at the end of a month. Gives the month to which the row's first
    /// month has to be lowered, or [`NEVER`].
    #[inline(always)]
    pub fn expose(&mut self, hazard: &Hazard<'_>, i: usize, ticks: i64, end: &MonthEnd) -> u16 {
        let before = self.pairs[i].exposure;
        let after = before + ticks;
        self.pairs[i].exposure = after;
        let [old, new] = [before, after].map(|exposure| self.rate(hazard, i, exposure));
        self.turn(i, old, new, end)
    }

    /// Has fetched what [`Row::hear`] needs but for what [`Row::fetch_first`] fetches.
    #[inline(always)]
    pub fn fetch_pairs(&self, listeners: &[u32]) {
        for i in listeners.iter().take(AHEAD) {
            prefetch_index(&self.pairs, *i as usize);
        }
    }

    /// Adds what the listeners of a source hear, in ticks, to their exposures at the end of a month (`SIGN` 1), or
    /// takes it out (−1). For those who cannot adopt any more it does nothing. `early` is room. Gives the
    /// month to which the row's first month has to be lowered, or [`NEVER`].
    pub fn hear<const SIGN: i64>(
        &mut self,
        hazard: &Hazard<'_>,
        (listeners, ticks): (&[u32], &[i64]),
        end: &MonthEnd,
        early: &mut Vec<u32>,
    ) -> u16 {
        if self.open_places == 0 {
            return NEVER;
        }
        let audience = listeners.iter().copied();
        let audience = audience.zip(ticks.iter().map(|ticks| SIGN * ticks));
        if !matches!(self.unit, Unit::Exposure { .. }) {
            return audience
                .map(|(i, ticks)| self.expose(hazard, i as usize, ticks, end))
                .fold(NEVER, u16::min);
        }
        // The rate is the exposure. Without branches that cannot be foreseen.
        early.resize(listeners.len() + 1, 0);
        let (back, first, pairs) = (&*end.back, &*self.first, &mut *self.pairs);
        let mut count = 0;
        for (i, ticks) in audience {
            let at = i as usize;
            let pair = &mut pairs[at];
            let rate = pair.exposure + ticks;
            let left = pair.left + ticks * i64::from(back[at]);
            (pair.exposure, pair.left) = (rate, left);
            early[count] = i;
            count += usize::from(Trend { left, rate }.within(first[at / GROUP]));
        }
        let early = early[..count].iter().map(|i| *i as usize);
        early
            .map(|i| self.keep(i, self.pairs[i].exposure, end.month))
            .fold(NEVER, u16::min)
    }
}
