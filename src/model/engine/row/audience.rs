//! Exposures of a row that change: those of a source's listeners, and single ones.

use std::iter::{repeat_n, zip};

use crate::model::engine::trend::{MonthEnd, Trend};
use crate::model::hazard::Hazard;
use crate::world::NEVER;

use super::{GROUP, PairsMut, Row};

/// Listeners that are worked on before those who are early are seen to: the bits of a word.
const CHUNK: usize = 64;

/// What a source's links carry, in ticks.
#[derive(Clone, Copy, Debug)]
pub enum Carried<'a> {
    /// Each its own.
    Each(&'a [i64]),
    /// All the same.
    Alike(i64),
}

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
        end: &MonthEnd<'_>,
    ) -> u16 {
        let before = at.pairs[i].exposure;
        let after = before + ticks;
        at.pairs[i].exposure = after;
        let (old, new) = (self.rate(hazard, i, before), self.rate(hazard, i, after));
        at.turn(i, old, new, end)
    }

    /// Adds what the listeners of a source hear, in ticks, to their exposures at the end of a month (`SIGN` 1), or
    /// takes it out (−1). Nothing comes of it for those who cannot adopt any more. Gives the month to
    /// which the row's first month has to be lowered, or [`NEVER`].
    #[inline(always)]
    pub fn hear<const SIGN: i64>(
        &self,
        at: &mut PairsMut<'_>,
        hazard: &Hazard<'_>,
        listeners: &[u32],
        carried: Carried<'_>,
        end: &MonthEnd<'_>,
    ) -> u16 {
        match carried {
            Carried::Each(ticks) => {
                self.hear_ticks::<SIGN>(at, hazard, listeners, ticks.iter().copied(), end)
            }
            Carried::Alike(ticks) => {
                let ticks = repeat_n(ticks, listeners.len());
                self.hear_ticks::<SIGN>(at, hazard, listeners, ticks, end)
            }
        }
    }

    #[inline(always)]
    fn hear_ticks<const SIGN: i64>(
        &self,
        at: &mut PairsMut<'_>,
        hazard: &Hazard<'_>,
        listeners: &[u32],
        mut ticks: impl Iterator<Item = i64>,
        end: &MonthEnd<'_>,
    ) -> u16 {
        if !self.is_linear() {
            return zip(listeners, ticks)
                .map(|(i, ticks)| (*i as usize, SIGN * ticks))
                .filter(|(i, _)| self.can_adopt(*i))
                .map(|(i, ticks)| self.expose(at, hazard, i, ticks, end))
                .fold(NEVER, u16::min);
        }
        // The rate is the exposure. Without branches that cannot be foreseen.
        let mut due = NEVER;
        for listeners in listeners.chunks(CHUNK) {
            let (pairs, first, from) = (&mut *at.pairs, &*at.first, at.from);
            let mut early = 0u64;
            for (lane, (i, ticks)) in zip(listeners, ticks.by_ref()).enumerate() {
                let (i, ticks) = (*i as usize, SIGN * ticks);
                let pair = &mut pairs[i - from];
                let rate = pair.exposure + ticks;
                let left = pair.left + ticks * end.back(i);
                (pair.exposure, pair.left) = (rate, left);
                let is_early = Trend { left, rate }.within(first[(i - from) / GROUP]);
                early |= u64::from(is_early) << lane;
            }
            while early != 0 {
                let i = listeners[early.trailing_zeros() as usize] as usize - from;
                due = at.keep(i, at.pairs[i].exposure, end.month).min(due);
                early &= early - 1;
            }
        }
        due
    }
}
