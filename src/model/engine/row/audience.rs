//! Exposures of a row that change: those of a source's listeners, and single ones.

use std::iter::{repeat_n, zip};

use crate::model::engine::trend::{MonthEnd, Trend};
use crate::model::hazard::Hazard;
use crate::world::NEVER;
use crate::world::id::{Number, PlaceId};

use super::{GROUP, PairsMut, Row};

/// Listeners that are worked on before those who are early are seen to, while the pairs of as many are fetched: the bits of
/// a word.
pub const CHUNK: usize = 64;

/// What a source's links carry, in ticks.
#[derive(Clone, Copy, Debug)]
pub enum Carried<'a> {
    /// Each its own.
    Each(&'a [i64]),
    /// All the same.
    Alike(i64),
}

impl Row {
    /// Adds ticks to the exposure of place `i`, counted from the first of the row or of the part of it, at the end of a
    /// month. Gives the month to which the row's first month has to be lowered, or [`NEVER`].
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
        let place = PlaceId::new(at.from + i);
        let [old, new] = [before, after].map(|exposure| self.rate(hazard, place, exposure));
        at.turn(i, old, new, end)
    }

    /// Adds what listeners hear, in ticks, to their exposures at the end of a month (`SIGN` 1), or takes it out (−1);
    /// they are counted from the first place of the row or of the part of it. Nothing comes of it for those who cannot
    /// adopt any more. Gives the month to which the row's first month has to be lowered, or [`NEVER`].
    #[inline(always)]
    pub fn hear<const SIGN: i64>(
        &self,
        at: &mut PairsMut<'_>,
        hazard: &Hazard<'_>,
        listeners: &[impl Number],
        carried: Carried<'_>,
        end: &MonthEnd,
    ) -> u16 {
        let (each, alike) = match carried {
            Carried::Each(ticks) => (ticks.iter().copied(), 0),
            Carried::Alike(ticks) => ([].iter().copied(), ticks),
        };
        let alike = repeat_n(alike, listeners.len());
        let back = |i: PlaceId| end.back(i);
        match (carried, end.everywhere()) {
            (Carried::Each(_), None) => self.told::<SIGN>(at, hazard, listeners, each, back, end),
            (Carried::Alike(_), None) => self.told::<SIGN>(at, hazard, listeners, alike, back, end),
            (Carried::Each(_), Some(all)) => {
                self.told::<SIGN>(at, hazard, listeners, each, |_| all, end)
            }
            (Carried::Alike(_), Some(all)) => {
                self.told::<SIGN>(at, hazard, listeners, alike, |_| all, end)
            }
        }
    }

    #[inline(always)]
    fn told<const SIGN: i64>(
        &self,
        at: &mut PairsMut<'_>,
        hazard: &Hazard<'_>,
        listeners: &[impl Number],
        mut ticks: impl Iterator<Item = i64>,
        back: impl Fn(PlaceId) -> i64,
        end: &MonthEnd,
    ) -> u16 {
        if !self.is_linear() {
            let from = at.from;
            return zip(listeners, ticks)
                .map(|(i, ticks)| (i.index(), SIGN * ticks))
                .filter(|(i, _)| self.can_adopt(PlaceId::new(from + i)))
                .map(|(i, ticks)| self.expose(at, hazard, i, ticks, end))
                .fold(NEVER, u16::min);
        }
        // The rate is the exposure. Without branches that cannot be foreseen.
        let mut due = NEVER;
        let mut chunks = listeners.chunks(CHUNK).peekable();
        while let Some(listeners) = chunks.next() {
            if let Some(next) = chunks.peek() {
                at.fetch_each(next);
            }
            let (pairs, first, from) = (&mut *at.pairs, &*at.first, at.from);
            let mut early = 0u64;
            for (lane, (i, ticks)) in zip(listeners, ticks.by_ref()).enumerate() {
                let (i, ticks) = (i.index(), SIGN * ticks);
                let pair = &mut pairs[i];
                let rate = pair.exposure + ticks;
                let left = pair.left + ticks * back(PlaceId::new(from + i));
                (pair.exposure, pair.left) = (rate, left);
                let is_early = Trend { left, rate }.within(first[i / GROUP]);
                early |= u64::from(is_early) << lane;
            }
            while early != 0 {
                let i = listeners[early.trailing_zeros() as usize].index();
                due = at.keep(i, at.pairs[i].exposure, end.next).min(due);
                early &= early - 1;
            }
        }
        due
    }
}
