//! One innovation over all places: exposure, hazard and the month in which each place will adopt.
//!
//! H_ik grows by the rate h_ik each month, and h_ik changes only when something happens to (i, k).
//! So instead of adding every month, each pair keeps the straight line that H_ik is on:
//! with `left` = θ_ik − (H_ik extended back to month −1), i adopts at the first month t with
//! h_ik · (t + 1) ≥ left. When h changes at the end of month t, `left` changes by Δh · (t + 1).
//! All of it is exact (see [`super::fixed`]), so this gives, bit for bit, what adding monthly gives.
//!
//! Most pairs never adopt, and most of these cannot: even if every source had the item from the start
//! and every link carried all it ever can, H_ik would not reach θ_ik by the end of the run
//! ([`Reach`]). They are left out when the row is made, which changes no history.

use crate::draw::{Luck, Process, exponential};
use crate::world::NEVER;

use super::fixed::threshold_ticks;
use super::hazard::{Hazard, Replicated};
use super::point::Innovation;
use super::reach::{Reach, surely_beyond};
use super::unit::Unit;

/// The state of (i, k), side by side because it is read and written together.
#[derive(Clone, Copy, Debug, Default)]
struct Pair {
    /// Σ_j W_ij,d · R_j · 1\[adopted at j\], in ticks.
    exposure: i64,
    /// θ_ik less the backward extension of H_ik, in ticks of the row's unit.
    left: i64,
}

/// What is looked at most, for 64 places.
#[derive(Clone, Copy, Debug)]
struct Block {
    /// Places that can still adopt.
    open: u64,
    /// Places that have k now.
    adopted: u64,
    /// A month not after the first in which one of them adopts if nothing changes.
    first: u16,
}

/// The state of innovation k; `pairs` and `due` have one entry per place.
#[derive(Clone, Debug)]
pub struct Row {
    blocks: Vec<Block>,
    pairs: Vec<Pair>,
    /// Month in which i adopts if nothing changes.
    due: Vec<u16>,
    /// Number of places that have k now.
    pub adopters: u32,
    /// Number of places that can still adopt.
    pub open_places: u32,
    unit: Unit,
    /// d_k.
    domain: u32,
    /// Number of the origin's province.
    province: u32,
    /// Which replications are in force.
    pub replicated: Replicated,
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
        let mut pairs = vec![Pair::default(); n];
        let none = Block {
            open: 0,
            adopted: 0,
            first: NEVER,
        };
        let mut blocks = vec![none; n.div_ceil(64)];
        for (i, pair) in pairs.iter_mut().enumerate() {
            if world.places.open[i] == NEVER {
                continue;
            }
            let hash = world.places.hash[i];
            let uniform = luck.uniform(Process::Threshold, hash, zone, innovation.serial);
            let (most, per_theta) = (reach.most(i), unit.per_theta(world, i));
            // Two ticks more, for the rounding of thresholds.
            if !surely_beyond(uniform, (most as f64 + 2.0) / per_theta) {
                pair.left = threshold_ticks(exponential(uniform), per_theta);
                if pair.left <= most {
                    blocks[i / 64].open |= 1 << (i % 64);
                    continue;
                }
            }
            hopeless(i);
        }
        Self {
            open_places: blocks.iter().map(|block| block.open.count_ones()).sum(),
            blocks,
            pairs,
            due: vec![NEVER; n],
            adopters: 0,
            unit,
            domain: innovation.domain,
            province: world.places.province[innovation.origin as usize],
            replicated: Replicated::default(),
        }
    }

    /// Place `i` has it from now on.
    pub fn adopt(&mut self, i: usize) {
        let block = &mut self.blocks[i / 64];
        let bit = 1 << (i % 64);
        block.adopted |= bit;
        self.adopters += 1;
        if block.open & bit != 0 {
            block.open &= !bit;
            self.open_places -= 1;
            self.due[i] = NEVER;
        }
    }

    /// Place `i` has it no more, and never will.
    pub fn abandon(&mut self, i: usize) {
        self.blocks[i / 64].adopted &= !(1 << (i % 64));
        self.adopters -= 1;
    }

    /// Whether place `i` has it now.
    #[inline(always)]
    pub fn has(&self, i: usize) -> bool {
        self.blocks[i / 64].adopted >> (i % 64) & 1 == 1
    }

    /// Whether place `i` can still adopt by the end of the run.
    #[inline(always)]
    pub fn can_adopt(&self, i: usize) -> bool {
        self.blocks[i / 64].open >> (i % 64) & 1 == 1
    }

    /// Σ_j W_ij,d · R_j · 1\[adopted at j\] in ticks; kept only for places that can still adopt.
    #[inline(always)]
    pub fn exposure(&self, i: usize) -> i64 {
        self.pairs[i].exposure
    }

    /// Growth of H_ik in a month, in ticks.
    #[inline(always)]
    fn rate(&self, hazard: &Hazard<'_>, i: usize, exposure: i64, replicated: Replicated) -> i64 {
        let here = self.province == hazard.world.places.province[i];
        let d = self.domain as usize;
        self.unit.rate(hazard, d, i, exposure, replicated.at(here))
    }

    /// Puts a pair on the line that holds from the end of month `t` on: its rate was `old` and is
    /// `new`. Gives the month to come in which it will adopt if nothing changes.
    #[inline(always)]
    fn turn(&mut self, i: usize, old: i64, new: i64, t: u16, months: u16) -> u16 {
        let last = i64::from(months);
        let pair = &mut self.pairs[i];
        let was_due = pair.left <= old * last;
        pair.left += (new - old) * (i64::from(t) + 1);
        let due = first_month(pair.left, new, last);
        // Most pairs stay beyond the end of the run: sparing `due` spares a cache miss.
        if was_due || due != NEVER {
            self.due[i] = due;
            let first = &mut self.blocks[i / 64].first;
            *first = due.min(*first);
        }
        // Those who adopt in this very month are due no more.
        if due > t { due } else { NEVER }
    }

    /// Adds ticks to the exposure of place `i`, which can still adopt, at the end of month `t`. Gives
    /// the month to come in which it will adopt if nothing changes.
    #[inline(always)]
    pub fn expose(&mut self, hazard: &Hazard<'_>, i: usize, ticks: i64, t: u16) -> u16 {
        let before = self.pairs[i].exposure;
        let after = before + ticks;
        self.pairs[i].exposure = after;
        if hazard.world.places.open[i] > t {
            return NEVER;
        }
        let old = self.rate(hazard, i, before, self.replicated);
        let new = self.rate(hazard, i, after, self.replicated);
        self.turn(i, old, new, t, hazard.world.calendar.months)
    }

    /// Adds source `j` to the exposures of its listeners at the end of month `t`, or takes it out
    /// (`sign` −1); `ticks` are the weights of the domain by slot. Gives the first month to come in
    /// which one of them will adopt.
    pub fn hear(&mut self, hazard: &Hazard<'_>, ticks: &[i64], j: usize, sign: i64, t: u16) -> u16 {
        let network = &hazard.world.network;
        let audience = network.audience(j);
        let mut first = NEVER;
        for (&i, &ticks) in network.heard_by[audience.clone()]
            .iter()
            .zip(&ticks[audience])
        {
            if self.can_adopt(i as usize) {
                first = first.min(self.expose(hazard, i as usize, sign * ticks, t));
            }
        }
        first
    }

    /// Place `i` opens at the end of month `t`: from now on its H grows. Gives the month to come in
    /// which it will adopt.
    pub fn open(&mut self, hazard: &Hazard<'_>, i: usize, t: u16) -> u16 {
        if !self.can_adopt(i) {
            return NEVER;
        }
        let new = self.rate(hazard, i, self.pairs[i].exposure, self.replicated);
        self.turn(i, 0, new, t, hazard.world.calendar.months)
    }

    /// Replications come into force at the end of month `t`. Gives the first month to come in which
    /// somebody will adopt.
    pub fn replicate(&mut self, hazard: &Hazard<'_>, now: Replicated, t: u16) -> u16 {
        let before = std::mem::replace(&mut self.replicated, now);
        let mut first = NEVER;
        for b in 0..self.blocks.len() {
            let mut word = self.blocks[b].open;
            while word != 0 {
                let i = b * 64 + word.trailing_zeros() as usize;
                word &= word - 1;
                if hazard.world.places.open[i] > t {
                    continue;
                }
                let exposure = self.pairs[i].exposure;
                let old = self.rate(hazard, i, exposure, before);
                let new = self.rate(hazard, i, exposure, now);
                first = first.min(self.turn(i, old, new, t, hazard.world.calendar.months));
            }
        }
        first
    }

    /// The demand that firms make changes from what `before` has to what `now` has, at the end of month
    /// `t`. Gives the first month to come in which somebody will adopt.
    pub fn pull(&mut self, before: &Hazard<'_>, now: &Hazard<'_>, t: u16) -> u16 {
        let mut first = NEVER;
        let d = self.domain as usize;
        for b in 0..self.blocks.len() {
            let mut word = self.blocks[b].open;
            while word != 0 {
                let i = b * 64 + word.trailing_zeros() as usize;
                word &= word - 1;
                if now.world.places.open[i] > t || before.demand(d, i) == now.demand(d, i) {
                    continue;
                }
                let exposure = self.pairs[i].exposure;
                let old = self.rate(before, i, exposure, self.replicated);
                let new = self.rate(now, i, exposure, self.replicated);
                first = first.min(self.turn(i, old, new, t, now.world.calendar.months));
            }
        }
        first
    }

    /// Calls `found` for every place that has it now, in order.
    pub fn each_adopter(&self, mut found: impl FnMut(usize)) {
        for (b, block) in self.blocks.iter().enumerate() {
            let mut word = block.adopted;
            while word != 0 {
                found(b * 64 + word.trailing_zeros() as usize);
                word &= word - 1;
            }
        }
    }

    /// Calls `found` for every place that adopts in month `t`, in order; gives the next month in which
    /// somebody will.
    pub fn due(&mut self, t: u16, mut found: impl FnMut(usize)) -> u16 {
        let mut first = NEVER;
        let chunks = self.due.chunks(64);
        for (b, (block, chunk)) in self.blocks.iter_mut().zip(chunks).enumerate() {
            if block.first <= t {
                // In runs of 16, which the compiler compares at once.
                let mut later = NEVER;
                for (c, run) in chunk.chunks(16).enumerate() {
                    let to_come = |due: &u16| if *due <= t { NEVER } else { *due };
                    later = run.iter().map(to_come).fold(later, u16::min);
                    if run.iter().copied().fold(NEVER, u16::min) <= t {
                        for (i, _) in run.iter().enumerate().filter(|(_, due)| **due <= t) {
                            found(b * 64 + c * 16 + i);
                        }
                    }
                }
                block.first = later;
            }
            first = first.min(block.first);
        }
        first
    }

    /// Bytes that this row takes.
    pub fn bytes(&self) -> usize {
        self.due.len() * (size_of::<Pair>() + 2) + self.blocks.len() * size_of::<Block>()
    }
}

/// First month t with rate · (t + 1) ≥ left, or [`NEVER`] when that is not within `last` months.
#[inline(always)]
fn first_month(left: i64, rate: i64, last: i64) -> u16 {
    if rate <= 0 || left > rate * last {
        return NEVER;
    }
    // A guess in floating point, put right exactly.
    let mut months = (left as f64 / rate as f64) as i64;
    while months * rate < left {
        months += 1;
    }
    while months > 1 && (months - 1) * rate >= left {
        months -= 1;
    }
    (months.max(1) - 1) as u16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_months_are_exact() {
        for (left, rate, last, month) in [
            (1, 1, 10, 0),
            (10, 1, 10, 9),
            (11, 1, 10, NEVER),
            (3, 2, 10, 1),
            (4, 2, 10, 1),
            (1, 0, 10, NEVER),
            (i64::MAX / 4, i64::MAX / 4, 2, 0),
            ((1 << 61) + 1, 1 << 50, 4096, 2048),
            (1 << 61, 1 << 50, 4096, 2047),
        ] {
            assert_eq!(first_month(left, rate, last), month, "{left} {rate}");
        }
    }
}
