//! One innovation over all places: exposure, hazard and the month in which each place will adopt.
//!
//! H_ik grows by the rate h_ik each month, and h_ik changes only when something happens to (i, k).
//! So instead of adding every month, each pair keeps the straight line that H_ik is on ([`Trend`]).
//! When h changes at the end of month t, θ_ik less the line extended back changes by Δh · (t + 1).
//! All of it is exact (see [`super::fixed`]), so this gives, bit for bit, what adding monthly gives.
//!
//! The state of all rows is larger than a cache. So pairs that change are told apart first, without
//! branches that cannot be foreseen; their cache misses then overlap, and what comes next is fetched
//! ahead. The month in which a pair is due is not kept but for the earliest of every eight pairs, and that
//! never too late.
//!
//! Most pairs never adopt, and most of these cannot: even if every source had the item from the start
//! and every link carried all it ever can, H_ik would not reach θ_ik by the end of the run
//! ([`Reach`]). They are left out when the row is made, which changes no history.

use std::hint::select_unpredictable;

use multiversion::multiversion;
use prefetch_index::prefetch_index;

use crate::draw::{LANES, Luck, Process};
use crate::world::{NEVER, World};

use super::fetch::fetch_run;
use super::fixed::threshold_ticks;
use super::hazard::{Hazard, Replicated};
use super::point::Innovation;
use super::reach::Reach;
use super::trend::{MonthEnd, NEVER_LEFT, Trend};
use super::unit::Unit;

mod audience;
mod due;

/// The state of (i, k), side by side because it is read and written together.
#[derive(Clone, Copy, Debug, Default)]
struct Pair {
    /// Σ_j W_ij,d · R_j · 1\[adopted at j\], in ticks, with what replications add where that makes it the rate
    /// ([`Unit::linear`]).
    exposure: i64,
    /// θ_ik less the backward extension of H_ik, in ticks of the row's unit.
    left: i64,
}

/// Which of 64 places…
#[derive(Clone, Copy, Debug, Default)]
struct Sets {
    /// can still adopt.
    open: u64,
    /// have k now.
    adopted: u64,
}

/// Places for which one earliest month is kept: their pairs take two cache lines.
const GROUP: usize = 8;

/// The state of innovation k. It begins a pair of cache lines, which are fetched together.
#[derive(Clone, Debug)]
#[repr(align(128))]
pub struct Row {
    /// By place, and more up to whole groups.
    pairs: Box<[Pair]>,
    /// By 64 places.
    sets: Box<[Sets]>,
    /// A month not after the first in which one of each [`GROUP`] places adopts if nothing changes; the
    /// number of months if that is not within the run.
    first: Box<[u16]>,
    /// The same for each 64 places.
    block_first: Box<[u16]>,
    /// Number of places that have k now.
    pub adopters: u32,
    /// Number of places that can still adopt.
    pub open_places: u32,
    unit: Unit,
    /// d_k.
    pub domain: u32,
    /// Number of the origin's province.
    province: u32,
    /// Which replications are in force.
    pub replicated: Replicated,
}

/// Turns thresholds into what is left to each place in month `t`. Gives which can adopt, and which cannot though
/// they open.
#[multiversion(targets("x86_64+avx512f+avx512dq+avx512vl"))]
fn left(theta: &mut [i64; LANES], most: &[i64; LANES], opens: &[u16], t: u16) -> (u64, u64) {
    let mut all = [NEVER; LANES];
    all[..opens.len()].copy_from_slice(opens);
    let (mut open, mut cannot) = (0, 0);
    for (lane, ((left, most), opens)) in theta.iter_mut().zip(most).zip(all).enumerate() {
        let (opens_ever, reaches) = (opens != NEVER, *left <= *most);
        let later = if opens > t { NEVER_LEFT } else { 0 };
        open |= u64::from(opens_ever & reaches) << lane;
        cannot |= u64::from(opens_ever & !reaches) << lane;
        *left = if opens_ever & reaches {
            *left + later
        } else {
            NEVER_LEFT
        };
    }
    (open, cannot)
}

impl Row {
    /// A row at the moment of implementation: nobody has it yet. Draws every θ_ik; `hopeless` hears of
    /// the places that cannot adopt by the end of the run.
    pub fn new(
        hazard: &Hazard<'_>,
        luck: Luck,
        innovation: &Innovation,
        mut hopeless: impl FnMut(usize),
    ) -> Self {
        let world = hazard.world;
        let n = world.places.len();
        let zone = world.zone_hash[innovation.zone as usize];
        let unit = Unit::of(world, innovation.quality);
        let reach = Reach::new(world, innovation, unit);
        let mut pairs = Vec::with_capacity(n.next_multiple_of(GROUP));
        let mut sets = vec![Sets::default(); n.div_ceil(LANES)];
        let places = &world.places;
        for (b, sets) in sets.iter_mut().enumerate() {
            let start = b * LANES;
            let end = n.min(start + LANES);
            let hashes = &places.hash[start..end];
            let theta = luck.exponentials_of(Process::Threshold, hashes, zone, innovation.serial);
            let mut ticks = [0; LANES];
            threshold_ticks(&theta, &unit.per_theta(world, start), &mut ticks);
            let opens = &places.open[start..end];
            let most = reach.most(start);
            let (open, mut cannot) = left(&mut ticks, &most, opens, innovation.implemented);
            sets.open = open;
            let pair = |left: &i64| Pair {
                exposure: 0,
                left: *left,
            };
            let filled = (end - start).next_multiple_of(GROUP);
            pairs.extend(ticks[..filled].iter().map(pair));
            while cannot != 0 {
                hopeless(start + cannot.trailing_zeros() as usize);
                cannot &= cannot - 1;
            }
        }
        Self {
            open_places: sets.iter().map(|sets| sets.open.count_ones()).sum(),
            sets: sets.into(),
            pairs: pairs.into(),
            first: vec![world.calendar.months; n.div_ceil(GROUP)].into(),
            block_first: vec![world.calendar.months; n.div_ceil(64)].into(),
            adopters: 0,
            unit,
            domain: innovation.domain,
            province: world.places.province[innovation.origin as usize],
            replicated: Replicated::default(),
        }
    }

    /// Place `i` has it from now on.
    pub fn adopt(&mut self, i: usize) {
        self.pairs[i].left = NEVER_LEFT;
        let sets = &mut self.sets[i / 64];
        let bit = 1 << (i % 64);
        sets.adopted |= bit;
        self.adopters += 1;
        self.open_places -= u32::from(sets.open & bit != 0);
        sets.open &= !bit;
    }

    /// Place `i` has it no more, and never will.
    pub fn abandon(&mut self, i: usize) {
        self.sets[i / 64].adopted &= !(1 << (i % 64));
        self.adopters -= 1;
    }

    /// Whether place `i` has it now.
    #[inline(always)]
    pub fn has(&self, i: usize) -> bool {
        self.sets[i / 64].adopted >> (i % 64) & 1 == 1
    }

    /// Whether place `i` can still adopt by the end of the run.
    #[inline(always)]
    pub fn can_adopt(&self, i: usize) -> bool {
        self.sets[i / 64].open >> (i % 64) & 1 == 1
    }

    /// Σ_j W_ij,d · R_j · 1\[adopted at j\] in ticks.
    pub fn exposure(&self, world: &World, i: usize) -> i64 {
        let here = self.province == world.places.province[i];
        let more = self.unit.linear(self.replicated).unwrap_or_default();
        self.pairs[i].exposure - more[usize::from(here)]
    }

    /// What links carry of k, in ticks: that of those whose source has it, 0 of others. Gives the sum and
    /// the largest.
    #[inline(always)]
    pub fn heard(&self, sources: &[u32], ticks: &[i64], heard: &mut [i64]) -> (i64, i64) {
        let sets = &*self.sets;
        let (mut sum, mut most) = (0, 0);
        for ((heard, &j), &ticks) in heard.iter_mut().zip(sources).zip(ticks) {
            let has = sets[j as usize / 64].adopted >> (j % 64) & 1 == 1;
            *heard = select_unpredictable(has, ticks, 0);
            sum += *heard;
            most = (*heard).max(most);
        }
        (sum, most)
    }

    /// Growth of H_ik in a month, in ticks, if its exposure is `exposure`.
    #[inline(always)]
    fn rate(&self, hazard: &Hazard<'_>, i: usize, exposure: i64) -> i64 {
        let here = self.province == hazard.world.places.province[i];
        let (d, replicated) = (self.domain as usize, self.replicated.at(here));
        self.unit.rate(hazard, d, i, exposure, replicated)
    }

    /// Whether place `i`, which adopts at `rate`, is due earlier than all of its group until now.
    #[inline(always)]
    fn is_early(&self, i: usize, rate: i64) -> bool {
        let left = self.pairs[i].left;
        Trend { left, rate }.within(self.first[i / GROUP])
    }

    /// Keeps the month in which place `i` is due, whose rate is `rate` from the end of month `t` on. Gives it, or
    /// the one before it.
    #[inline(always)]
    fn keep(&mut self, i: usize, rate: i64, t: u16) -> u16 {
        let left = self.pairs[i].left;
        // Who adopts in this very month may seem due again.
        let due = Trend { left, rate }.earliest().max(t + 1);
        let first = &mut self.first[i / GROUP];
        *first = due.min(*first);
        let first = &mut self.block_first[i / 64];
        *first = due.min(*first);
        due
    }

    /// Has fetched who has it; of a large row, as much as is read in order anyway.
    #[inline(always)]
    pub fn fetch_sets(&self) {
        fetch_run(&self.sets, 0..self.sets.len());
    }

    /// Has the first months fetched; of a large row, as much as is read in order anyway.
    #[inline(always)]
    pub fn fetch_first(&self) {
        fetch_run(&self.first, 0..self.first.len());
    }

    /// Has the pair of place `i` fetched.
    #[inline(always)]
    pub fn fetch_pair(&self, i: usize) {
        prefetch_index(&self.pairs, i);
        prefetch_index(&self.first, i / GROUP);
    }

    /// Place `i` opens at the end of a month: from now on its H grows. Gives the month to which the row's first
    /// month has to be lowered, or [`NEVER`].
    pub fn open(&mut self, hazard: &Hazard<'_>, i: usize, end: &MonthEnd) -> u16 {
        if !self.can_adopt(i) {
            return NEVER;
        }
        self.pairs[i].left -= NEVER_LEFT;
        self.turn(i, 0, self.rate(hazard, i, self.pairs[i].exposure), end)
    }

    /// Puts a pair on the line that it has from the end of a month on: its rate was `old` and is `new`. Gives the
    /// month to which the row's first month has to be lowered, or [`NEVER`].
    #[inline(always)]
    fn turn(&mut self, i: usize, old: i64, new: i64, end: &MonthEnd) -> u16 {
        self.pairs[i].left += (new - old) * i64::from(end.back[i]);
        if self.is_early(i, new) {
            self.keep(i, new, end.month)
        } else {
            NEVER
        }
    }

    /// Replications come into force at the end of a month. Gives the month to which the row's first month has to
    /// be lowered, or [`NEVER`].
    pub fn replicate(&mut self, hazard: &Hazard<'_>, now: Replicated, end: &MonthEnd) -> u16 {
        let before = std::mem::replace(&mut self.replicated, now);
        let places = &hazard.world.places;
        let everywhere = before.national != now.national;
        let more = [before, now].map(|replicated| self.unit.linear(replicated).unwrap_or_default());
        let (d, unit) = (self.domain as usize, self.unit);
        let mut first = NEVER;
        for i in 0..places.len() {
            let here = places.province[i] == self.province;
            if everywhere || here {
                let old = self.pairs[i].exposure;
                let new = old + more[1][usize::from(here)] - more[0][usize::from(here)];
                self.pairs[i].exposure = new;
                let old = unit.rate(hazard, d, i, old, before.at(here));
                let new = unit.rate(hazard, d, i, new, now.at(here));
                first = self.turn(i, old, new, end).min(first);
            }
        }
        first
    }

    /// The demand that firms make changes from what `before` has to what `now` has, at the end of a month. Gives
    /// the month to which the row's first month has to be lowered, or [`NEVER`].
    pub fn pull(&mut self, before: &Hazard<'_>, now: &Hazard<'_>, end: &MonthEnd) -> u16 {
        let d = self.domain as usize;
        let mut first = NEVER;
        for i in 0..now.world.places.len() {
            if self.can_adopt(i) && before.demand(d, i) != now.demand(d, i) {
                let exposure = self.pairs[i].exposure;
                let [old, new] = [before, now].map(|hazard| self.rate(hazard, i, exposure));
                first = self.turn(i, old, new, end).min(first);
            }
        }
        first
    }

    /// Calls `found` for every place that has it now, in order.
    pub fn each_adopter(&self, mut found: impl FnMut(usize)) {
        for (b, sets) in self.sets.iter().enumerate() {
            let mut word = sets.adopted;
            while word != 0 {
                found(b * 64 + word.trailing_zeros() as usize);
                word &= word - 1;
            }
        }
    }

    /// Bytes that this row takes.
    pub fn bytes(&self) -> usize {
        self.pairs.len() * size_of::<Pair>()
            + self.sets.len() * (size_of::<Sets>() + 2)
            + self.first.len() * 2
            + size_of::<Self>()
    }
}
