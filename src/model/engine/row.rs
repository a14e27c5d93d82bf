//! One innovation over all places: exposure, hazard and the month in which each place will adopt.
//!
//! H_ik grows by the rate h_ik each month, and h_ik changes only when something happens to (i, k).
//! So instead of adding every month, each pair keeps the straight line that H_ik is on ([`Trend`]).
//! When h changes at the end of month t, θ_ik less the line extended back changes by Δh · (t + 1).
//! All of it is exact (see [`super::fixed`]), so this gives, bit for bit, what adding monthly gives.
//!
//! The state of all rows is larger than a cache. So where the rate is linear in the exposure, an audience is
//! worked off without branches that cannot be foreseen, also those in it who cannot adopt any more: their
//! exposures mean nothing, and so much is left to them ([`NEVER_LEFT`]) that nothing comes of it. Cache misses
//! then overlap, and what comes next is fetched ahead. The month in which a pair is due is not kept but for the
//! earliest of every eight pairs, and that never too late.

use std::hint::select_unpredictable;

use multiversion::multiversion;
use prefetch_index::prefetch_index;
use rayon::prelude::*;

use crate::draw::{LANES, Luck, Process};
use crate::world::{InnovationId, NEVER, PlaceId, World};

use super::LARGE;
use super::fetch::fetch_run;
use super::fixed::threshold_ticks;
use super::trend::{MonthEnd, NEVER_LEFT};
use super::unit::Unit;
use crate::model::course::Known;
use crate::model::hazard::{Hazard, Replicated};
use crate::model::point::Innovation;

mod audience;
mod due;
mod pairs;

pub use audience::{CHUNK, Carried};
use pairs::Pair;
pub use pairs::{BLOCK, Pairs, PairsMut, for_early};

/// Which of 64 places…
#[derive(Clone, Copy, Debug, Default)]
struct Sets {
    /// can still adopt.
    open: u64,
    /// have k now and are not closed.
    adopted: u64,
}

/// Where the thresholds of a row come from.
#[derive(Clone, Copy, Debug)]
pub enum Draws<'a> {
    /// They are drawn by name.
    Named(Luck),
    /// They are 0: what is left is then H_ik, below 0.
    Nothing,
    /// They are known.
    Known(&'a Known),
}

/// The word of [`Sets`] that has a place, and its bit there.
#[inline(always)]
fn word(i: PlaceId) -> (usize, u64) {
    (i.index() / 64, 1 << (i.index() % 64))
}

/// Places for which one earliest month is kept: their pairs take two cache lines.
const GROUP: usize = 8;

/// The state of innovation k, but for its [`Pairs`].
#[derive(Clone, Debug)]
pub struct Row {
    /// By 64 places.
    sets: Box<[Sets]>,
    /// Number of places that have k now and are not closed.
    pub adopters: u32,
    unit: Unit,
    /// d_k.
    pub domain: u32,
    /// Number of the origin's province; none has the largest.
    province: u32,
    /// Which replications are in force.
    pub replicated: Replicated,
    /// What their terms add to an exposure that is a rate, outside the origin's province and in it; else nothing.
    more: [i64; 2],
}

/// Turns thresholds into what is left to each place, by the months in which it opens and closes, in month `t`. Gives
/// which can adopt.
#[multiversion(targets("x86_64+avx512f+avx512dq+avx512vl"))]
fn left(theta: &mut [i64; LANES], opens: &[u16], closes: &[u16], t: u16) -> u64 {
    left_plain(theta, opens, closes, t)
}

#[inline(always)]
fn left_plain(theta: &mut [i64; LANES], opens: &[u16], closes: &[u16], t: u16) -> u64 {
    let (mut all_open, mut all_close) = ([NEVER; LANES], [NEVER; LANES]);
    all_open[..opens.len()].copy_from_slice(opens);
    all_close[..closes.len()].copy_from_slice(closes);
    let mut open = 0;
    let months = all_open.into_iter().zip(all_close);
    for (lane, (left, (opens, closes))) in theta.iter_mut().zip(months).enumerate() {
        let takes_part = (opens != NEVER) & (closes > t);
        open |= u64::from(takes_part) << lane;
        // Less than what is left where nothing is ever adopted, so that both can be added.
        let theta = (*left).min(NEVER_LEFT - 1);
        let later = if opens > t { NEVER_LEFT } else { 0 };
        *left = if takes_part {
            theta + later
        } else {
            NEVER_LEFT
        };
    }
    open
}

impl Row {
    /// A row at the moment of implementation: nobody has it yet. Draws every θ_ik. Gives it with a month not after
    /// the first in which somebody adopts unheard, or [`NEVER`].
    pub fn new(
        hazard: &Hazard<'_>,
        mut at: PairsMut<'_>,
        draws: Draws<'_>,
        innovation: &Innovation,
        end: &MonthEnd,
    ) -> (Self, u16) {
        let world = hazard.world;
        let n = world.places.len();
        let d = innovation.domain as usize;
        let unit = Unit::of(world, d, innovation.quality);
        let unheard = unit.linear(Replicated::default()).unwrap_or_default()[0];
        at.first.fill(world.calendar.months);
        let mut sets = vec![Sets::default(); n.div_ceil(LANES)];
        let places = &world.places;
        let draw = |(lane, (pairs, sets)): (usize, (&mut [Pair], &mut Sets))| {
            let start = lane * LANES;
            let end = n.min(start + LANES);
            let hashes = &places.hash[start..end];
            let per_theta = unit.per_theta(world, start);
            let mut ticks = [0; LANES];
            match draws {
                Draws::Named(luck) => {
                    let (name, serial) = (innovation.name, innovation.serial);
                    let theta = luck.exponentials_of(Process::Threshold, hashes, name, serial);
                    threshold_ticks(&theta, &per_theta, &mut ticks);
                }
                Draws::Nothing => {}
                Draws::Known(known) => known.ticks(start, &unit, &per_theta, &mut ticks),
            }
            let (opens, closes) = (&places.open[start..end], &places.close[start..end]);
            sets.open = left(&mut ticks, opens, closes, innovation.implemented);
            for (pair, left) in pairs.iter_mut().zip(ticks) {
                *pair = Pair {
                    exposure: unheard,
                    left,
                };
            }
        };
        if n < LARGE {
            let lanes = at.pairs.chunks_mut(LANES).zip(&mut sets).enumerate();
            lanes.for_each(draw);
        } else {
            let pairs = at.pairs.par_chunks_mut(LANES);
            let lanes = pairs.zip(&mut sets).enumerate();
            lanes.with_min_len(BLOCK / LANES).for_each(draw);
        }
        let given = innovation.given.map(|g| &world.given[g as usize]);
        let settled = given.map_or(&[][..], |given| &given.settled);
        for &i in settled {
            let (word, bit) = word(i);
            sets[word].open &= !bit;
        }
        for &i in innovation.first.iter().chain(settled) {
            at.pairs[i].left = NEVER_LEFT;
        }
        let row = Self {
            sets: sets.into(),
            adopters: 0,
            unit,
            domain: innovation.domain,
            province: innovation
                .origin
                .map_or(u32::MAX, |origin| world.places.province[origin]),
            replicated: Replicated::default(),
            more: unit.linear(Replicated::default()).unwrap_or_default(),
        };
        let mut first = NEVER;
        if hazard.is_unheard(d) {
            for i in places.each().filter(|&i| row.can_adopt(i)) {
                let rate = row.rate(hazard, i, unheard);
                first = at.turn(i.index(), 0, rate, end).min(first);
            }
        }
        (row, first)
    }

    /// Whether rates are exposures.
    #[inline(always)]
    pub fn is_linear(&self) -> bool {
        matches!(self.unit, Unit::Exposure { .. })
    }

    /// Whether it is known that the hazard of places in the origin's province, or outside it, is nothing now but that
    /// of their exposure.
    #[inline(always)]
    pub fn is_heard_only(&self, here: bool) -> bool {
        self.is_linear() && self.more[usize::from(here)] == 0
    }

    /// Place `i` has it from now on.
    pub fn adopt(&mut self, i: PlaceId) {
        let (word, bit) = word(i);
        let sets = &mut self.sets[word];
        sets.adopted |= bit;
        self.adopters += 1;
        sets.open &= !bit;
    }

    /// Many places have it from now on, (innovation, place) in order.
    pub fn adopt_many(&mut self, adopters: &[(InnovationId, PlaceId)]) {
        let before = |place: usize| adopters.partition_point(|(_, i)| i.index() < place);
        let blocks = self.sets.par_chunks_mut(BLOCK / 64).enumerate();
        blocks.for_each(|(b, sets)| {
            let start = b * BLOCK;
            for (_, i) in &adopters[before(start)..before(start + BLOCK)] {
                let (word, bit) = word(*i);
                let sets = &mut sets[word - start / 64];
                sets.adopted |= bit;
                sets.open &= !bit;
            }
        });
        self.adopters += adopters.len() as u32;
    }

    /// Place `i` has it no more, and never will.
    pub fn abandon(&mut self, i: PlaceId) {
        let (word, bit) = word(i);
        self.sets[word].adopted &= !bit;
        self.adopters -= 1;
    }

    /// Place `i` closes: it counts as an adopter no more, and never adopts.
    pub fn close(&mut self, at: PairsMut<'_>, i: PlaceId) {
        let (word, bit) = word(i);
        let sets = &mut self.sets[word];
        if sets.open & bit != 0 {
            at.pairs[i].left = NEVER_LEFT;
        }
        self.adopters -= u32::from(sets.adopted & bit != 0);
        sets.open &= !bit;
        sets.adopted &= !bit;
    }

    /// Whether place `i` has it now, and is not closed.
    #[inline(always)]
    pub fn has(&self, i: PlaceId) -> bool {
        let (word, bit) = word(i);
        self.sets[word].adopted & bit != 0
    }

    /// Whether place `i` can still adopt: it takes part, and has not adopted or closed.
    #[inline(always)]
    pub fn can_adopt(&self, i: PlaceId) -> bool {
        let (word, bit) = word(i);
        self.sets[word].open & bit != 0
    }

    /// Σ_j W_ij,d · R_j · 1\[adopted at j\] in ticks, for innovation `k` of this row and a place that can still
    /// adopt it; for others it is not kept up to date.
    pub fn exposure(&self, pairs: &Pairs, k: InnovationId, world: &World, i: PlaceId) -> i64 {
        debug_assert!(self.can_adopt(i));
        let here = self.province == world.places.province[i];
        pairs.pair(k, i).exposure - self.more[usize::from(here)]
    }

    /// What links carry of k, in ticks: that of those whose source has it, 0 of others. Gives the sum, and the
    /// source of the first that carries most, if any carries something.
    #[inline(always)]
    pub fn heard(
        &self,
        sources: &[PlaceId],
        ticks: &[i64],
        heard: &mut [i64],
    ) -> (i64, Option<PlaceId>) {
        let sets = &*self.sets;
        let (mut sum, mut most, mut main) = (0, 0, PlaceId::new(0));
        for ((heard, &j), &ticks) in heard.iter_mut().zip(sources).zip(ticks) {
            let (word, bit) = word(j);
            let has = sets[word].adopted & bit != 0;
            let ticks = select_unpredictable(has, ticks, 0);
            *heard = ticks;
            sum += ticks;
            main = select_unpredictable(ticks > most, j, main);
            most = select_unpredictable(ticks > most, ticks, most);
        }
        (sum, (most > 0).then_some(main))
    }

    /// Growth of H_ik in a month, in ticks, if its exposure is `exposure`.
    #[inline(always)]
    fn rate(&self, hazard: &Hazard<'_>, i: PlaceId, exposure: i64) -> i64 {
        // As `Unit::rate`, without asking for the place's province.
        if let Unit::Exposure { .. } = self.unit {
            return exposure;
        }
        let here = self.province == hazard.world.places.province[i];
        let (d, replicated) = (self.domain as usize, self.replicated.at(here));
        self.unit.rate(hazard, d, i, exposure, replicated)
    }

    /// Has fetched what changes when place `i` takes it up.
    #[inline(always)]
    pub fn fetch_set(&self, i: PlaceId) {
        prefetch_index(&self.sets, word(i).0);
    }

    /// Has fetched who has it; of a large row, as much as is read in order anyway.
    #[inline(always)]
    pub fn fetch_sets(&self) {
        fetch_run(&self.sets, 0..self.sets.len());
    }

    /// Place `i` opens at the end of a month: from now on its H grows. Gives the month to which the row's first
    /// month has to be lowered, or [`NEVER`].
    pub fn open(
        &self,
        mut at: PairsMut<'_>,
        hazard: &Hazard<'_>,
        i: PlaceId,
        end: &MonthEnd,
    ) -> u16 {
        if !self.can_adopt(i) {
            return NEVER;
        }
        at.pairs[i].left -= NEVER_LEFT;
        let rate = self.rate(hazard, i, at.pairs[i].exposure);
        at.turn(i.index(), 0, rate, end)
    }

    /// Replications come into force at the end of a month. Gives the month to which the row's first month has to
    /// be lowered, or [`NEVER`].
    pub fn replicate(
        &mut self,
        mut at: PairsMut<'_>,
        hazard: &Hazard<'_>,
        now: Replicated,
        end: &MonthEnd,
    ) -> u16 {
        let before = std::mem::replace(&mut self.replicated, now);
        let places = &hazard.world.places;
        let after = self.unit.linear(now).unwrap_or_default();
        let more = [std::mem::replace(&mut self.more, after), after];
        let (d, unit, own) = (self.domain as usize, self.unit, self.province);
        let replicate = |i: PlaceId| {
            let here = places.province[i] == own;
            let old = at.pairs[i].exposure;
            let new = old + more[1][usize::from(here)] - more[0][usize::from(here)];
            at.pairs[i].exposure = new;
            if let Unit::Hazard { .. } = unit
                && !self.can_adopt(i)
            {
                return NEVER;
            }
            let old = unit.rate(hazard, d, i, old, before.at(here));
            let new = unit.rate(hazard, d, i, new, now.at(here));
            at.turn(i.index(), old, new, end)
        };
        if before.national == now.national {
            let here = places.of_province[own as usize].iter().copied();
            here.map(replicate).fold(NEVER, u16::min)
        } else {
            places.each().map(replicate).fold(NEVER, u16::min)
        }
    }

    /// The demand that firms make changes from what `before` has to what `now` has, at the end of a month. Gives
    /// the month to which the row's first month has to be lowered, or [`NEVER`].
    pub fn pull(
        &self,
        mut at: PairsMut<'_>,
        before: &Hazard<'_>,
        now: &Hazard<'_>,
        end: &MonthEnd,
    ) -> u16 {
        let d = self.domain as usize;
        let mut first = NEVER;
        for i in now.world.places.each() {
            if self.can_adopt(i) && before.differs(now, d, i) {
                let exposure = at.pairs[i].exposure;
                let [old, new] = [before, now].map(|hazard| self.rate(hazard, i, exposure));
                first = at.turn(i.index(), old, new, end).min(first);
            }
        }
        first
    }

    /// What θ_ik is said to be by an adoption in month `t`, in ticks: above the first number and at most the second.
    /// None where the place cannot adopt then. It adopts no more.
    pub(super) fn told_by_history(
        &self,
        at: &mut PairsMut<'_>,
        hazard: &Hazard<'_>,
        i: PlaceId,
        t: u16,
    ) -> Option<[i64; 2]> {
        let range = self
            .reached(at, hazard, i, t)
            .filter(|[low, high]| low < high);
        at.pairs[i].left = NEVER_LEFT;
        range
    }

    /// H_ik at the beginning and at the end of month `t`, in ticks, where thresholds are 0; none of a place that cannot
    /// adopt in it.
    pub(super) fn reached(
        &self,
        at: &PairsMut<'_>,
        hazard: &Hazard<'_>,
        i: PlaceId,
        t: u16,
    ) -> Option<[i64; 2]> {
        let pair = at.pairs[i];
        // A place that opens later has more left than H can be.
        if !self.can_adopt(i) || pair.left > NEVER_LEFT / 2 {
            return None;
        }
        let rate = self.rate(hazard, i, pair.exposure);
        let low = rate * i64::from(t) - pair.left;
        Some([low, low + rate])
    }

    /// Nobody adopts it any more after month `t`. Calls `told` for those who could have, with their H_ik, where
    /// thresholds are 0.
    pub(super) fn end(
        &mut self,
        at: PairsMut<'_>,
        hazard: &Hazard<'_>,
        t: u16,
        mut told: impl FnMut(PlaceId, i64),
    ) {
        for i in hazard.world.places.each() {
            if let Some([_, high]) = self.reached(&at, hazard, i, t) {
                told(i, high);
            }
            at.pairs[i].left = NEVER_LEFT;
        }
        at.first.fill(hazard.world.calendar.months);
        self.sets.iter_mut().for_each(|sets| sets.open = 0);
    }

    /// The unit of its thresholds.
    pub fn unit(&self) -> Unit {
        self.unit
    }

    /// Calls `found` for every place that has it now and is not closed, in order.
    pub fn each_adopter(&self, mut found: impl FnMut(PlaceId)) {
        for (b, sets) in self.sets.iter().enumerate() {
            let mut word = sets.adopted;
            while word != 0 {
                found(PlaceId::new(b * 64 + word.trailing_zeros() as usize));
                word &= word - 1;
            }
        }
    }

    /// Bytes that this row takes, but for its pairs.
    pub fn bytes(&self) -> usize {
        self.sets.len() * size_of::<Sets>() + size_of::<Self>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vectors::{Dice, versions};

    #[test]
    fn every_instruction_set_leaves_the_same() {
        let mut dice = Dice::new(5);
        for _ in 0..4000 {
            let t = dice.bits() as u16 % 4096;
            let t = dice.of(&[t, 0, 4095]);
            let length = dice.of(&[LANES, LANES, 0, 1, 63]);
            let mut months = [vec![0; length], vec![0; length]];
            for month in months.iter_mut().flatten() {
                let random = dice.bits() as u16 % 4096;
                *month = dice.of(&[random, 0, t, t + 1, 4095, NEVER]);
            }
            let [opens, closes] = months;
            let mut theta = [0; LANES];
            for theta in &mut theta {
                let random = (dice.bits() >> dice.of(&[2, 20, 50])) as i64;
                *theta = dice.of(&[random, 1, NEVER_LEFT - 1, NEVER_LEFT, i64::MAX]);
            }
            let mut all = versions!(|theta: &mut [i64; LANES],
                                     opens: &[u16],
                                     closes: &[u16],
                                     t: u16|
             -> u64 { left_plain(theta, opens, closes, t) });
            let (_, plain) = all.next().unwrap();
            let (mut expected, mut result) = (theta, theta);
            let open = plain(&mut expected, &opens, &closes, t);
            assert_eq!(left(&mut result, &opens, &closes, t), open);
            assert_eq!(result, expected);
            for (name, version) in all {
                let mut result = theta;
                assert_eq!(version(&mut result, &opens, &closes, t), open, "{name}");
                assert_eq!(result, expected, "{name}");
            }
        }
    }
}
