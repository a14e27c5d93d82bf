//! Exposures of a row that change: those of a source's listeners, and single ones.

use crate::model::hazard::Hazard;
use crate::model::trend::{MonthEnd, Trend};
use crate::model::unit::Unit;
use crate::world::NEVER;

use super::{GROUP, PairsMut, Row};

impl Row {
    /// Adds ticks to the exposure of place `i` at the end of a month. Gives the month to which the row's first
    /// month has to be lowered, or [`NEVER`].
    #[inline(always)]
    pub fn expose(
        &self,
        at: &mut PairsMut<'_>,
        hazard: &Hazard<'_>,
        i: usize,
        ticks: i64,
        end: &MonthEnd,
    ) -> u16 {
        let before = at.pairs[i].exposure;
        let after = before + ticks;
        at.pairs[i].exposure = after;
        let (old, new) = (self.rate(hazard, i, before), self.rate(hazard, i, after));
        at.turn(i, old, new, end)
    }

    /// Adds what the listeners of a source hear, in ticks, to their exposures at the end of a month (`SIGN` 1), or
    /// takes it out (−1). Nothing comes of it for those who cannot adopt any more. `early` is room. Gives the
    /// month to which the row's first month has to be lowered, or [`NEVER`].
    pub fn hear<const SIGN: i64>(
        &self,
        mut at: PairsMut<'_>,
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
                .filter(|(i, _)| self.can_adopt(*i as usize))
                .map(|(i, ticks)| self.expose(&mut at, hazard, i as usize, ticks, end))
                .fold(NEVER, u16::min);
        }
        // The rate is the exposure. Without branches that cannot be foreseen.
        early.resize(early.len().max(listeners.len()), 0);
        let back = &*end.back;
        let mut count = 0;
        for (i, ticks) in audience {
            let pair = &mut at.pairs[i as usize];
            let rate = pair.exposure + ticks;
            let left = pair.left + ticks * i64::from(back[i as usize]);
            (pair.exposure, pair.left) = (rate, left);
            early[count] = i;
            let first = at.first[i as usize / GROUP];
            count += usize::from(Trend { left, rate }.within(first));
        }
        let early = early[..count].iter().map(|i| *i as usize);
        early
            .map(|i| at.keep(i, at.pairs[i].exposure, end.month))
            .fold(NEVER, u16::min)
    }
}
