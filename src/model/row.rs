//! One innovation over all places: exposure, hazard and the month in which each place will adopt.
//!
//! H_ik grows by the hazard h_ik each month, and h_ik changes only when something happens to (i, k).
//! So instead of adding every month, each pair keeps the straight line that H_ik is on:
//! with `left` = θ_ik − (H_ik extended back to month −1), i adopts at the first month t with
//! h_ik · (t + 1) ≥ left. When h changes at the end of month t, `left` changes by Δh · (t + 1).
//! All of it is exact (see [`super::fixed`]), so this gives, bit for bit, what adding monthly gives.
//!
//! Most pairs never adopt, and most of these cannot: even if every source had the item from the start
//! and every link carried all it ever can, H_ik would not reach θ_ik by the end of the run
//! ([`Reach`]). They are left out when the row is made, which changes no history.

use crate::draw::{Luck, Process, exponential};
use crate::world::{Bits, NEVER};

use super::fixed::{EXPOSURE, threshold_ticks};
use super::hazard::{Hazard, Replicated};
use super::point::Innovation;
use super::reach::{Reach, surely_beyond};

/// The state of (i, k).
#[derive(Clone, Copy, Debug, Default)]
struct Pair {
    /// Σ_j W_ij,d · R_j · 1\[adopted at j\], in ticks.
    exposure: i64,
    /// θ_ik less the backward extension of H_ik, in ticks.
    left: i64,
}

/// Where the pairs of 64 places stand.
#[derive(Clone, Copy, Debug, Default)]
struct Block {
    /// Places that have a pair.
    kept: u64,
    /// Places that can still adopt.
    open: u64,
    /// Pairs of the blocks before.
    before: u32,
}

/// The state of innovation k.
#[derive(Clone, Debug)]
pub struct Row {
    blocks: Vec<Block>,
    /// Pairs of the places that could adopt when the row was made, ascending.
    pairs: Vec<Pair>,
    /// Month in which each of them adopts if nothing changes.
    due: Vec<u16>,
    /// Places that have k now.
    pub adopted: Bits,
    /// Number of places that have k now.
    pub adopters: u32,
    /// Places that can still adopt.
    pub open_places: u32,
    /// q_k per tick of exposure.
    scale: f64,
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
        let reach = Reach::new(hazard, innovation);
        let mut blocks = vec![Block::default(); n.div_ceil(64)];
        let mut pairs = Vec::new();
        for (b, block) in blocks.iter_mut().enumerate() {
            block.before = pairs.len() as u32;
            for i in b * 64..n.min(b * 64 + 64) {
                if world.places.open[i] == NEVER {
                    continue;
                }
                let hash = world.places.hash[i];
                let uniform = luck.uniform(Process::Threshold, hash, zone, innovation.serial);
                let most = reach.most(i);
                let left = if surely_beyond(uniform, most) {
                    i64::MAX
                } else {
                    threshold_ticks(exponential(uniform))
                };
                if left > most {
                    hopeless(i);
                } else {
                    block.kept |= 1 << (i % 64);
                    pairs.push(Pair { exposure: 0, left });
                }
            }
            block.open = block.kept;
        }
        Self {
            blocks,
            due: vec![NEVER; pairs.len()],
            open_places: pairs.len() as u32,
            pairs,
            adopted: Bits::new(n),
            adopters: 0,
            scale: innovation.quality / EXPOSURE,
            province: world.places.province[innovation.origin as usize],
            replicated: Replicated::default(),
        }
    }

    /// Place `i` has it from now on.
    pub fn adopt(&mut self, i: usize) {
        self.adopted.put(i);
        self.adopters += 1;
        if let Some(at) = self.open_at(i) {
            self.blocks[i / 64].open &= !(1 << (i % 64));
            self.open_places -= 1;
            self.due[at] = NEVER;
        }
    }

    /// Place `i` has it no more, and never will.
    pub fn abandon(&mut self, i: usize) {
        self.adopted.take(i);
        self.adopters -= 1;
    }

    /// Position of place `i` among the pairs, if it can still adopt.
    #[inline(always)]
    fn open_at(&self, i: usize) -> Option<usize> {
        let Block { kept, open, before } = self.blocks[i / 64];
        let bit = 1u64 << (i % 64);
        (open & bit != 0).then(|| before as usize + (kept & (bit - 1)).count_ones() as usize)
    }

    /// Σ_j W_ij,d · R_j · 1\[adopted at j\] in ticks; kept for places that can still adopt.
    #[inline(always)]
    pub fn exposure(&self, i: usize) -> Option<i64> {
        self.open_at(i).map(|at| self.pairs[at].exposure)
    }

    /// h_ik in ticks.
    #[inline(always)]
    fn rate(&self, hazard: &Hazard<'_>, i: usize, exposure: i64, replicated: Replicated) -> i64 {
        let here = self.province == hazard.world.places.province[i];
        hazard.ticks(i, exposure as f64 * self.scale, replicated.at(here))
    }

    /// Puts a pair on the line that holds from the end of month `t` on: its hazard was `old` and is
    /// `new`. Gives the month to come in which it will adopt if nothing changes.
    #[inline(always)]
    fn turn(&mut self, at: usize, old: i64, new: i64, t: u16, months: u16) -> u16 {
        let last = i64::from(months);
        let pair = &mut self.pairs[at];
        let was_due = pair.left <= old * last;
        pair.left += (new - old) * (i64::from(t) + 1);
        let due = first_month(pair.left, new, last);
        // Most pairs stay beyond the end of the run: sparing `due` spares a cache miss.
        if was_due || due != NEVER {
            self.due[at] = due;
        }
        // Those who adopt in this very month are due no more.
        if due > t { due } else { NEVER }
    }

    /// Adds ticks to the exposure of place `i` at the end of month `t`. Gives the month to come in
    /// which it will adopt if nothing changes.
    #[inline(always)]
    pub fn expose(&mut self, hazard: &Hazard<'_>, i: usize, ticks: i64, t: u16) -> u16 {
        let Some(at) = self.open_at(i) else {
            return NEVER;
        };
        let before = self.pairs[at].exposure;
        let after = before + ticks;
        self.pairs[at].exposure = after;
        if hazard.world.places.open[i] > t {
            return NEVER;
        }
        let old = self.rate(hazard, i, before, self.replicated);
        let new = self.rate(hazard, i, after, self.replicated);
        self.turn(at, old, new, t, hazard.world.calendar.months)
    }

    /// Adds source `j` to the exposures of its listeners at the end of month `t`, or takes it out
    /// (`sign` −1); `ticks` are the weights of the domain by slot. Gives the first month to come in
    /// which one of them will adopt.
    pub fn hear(&mut self, hazard: &Hazard<'_>, ticks: &[i64], j: usize, sign: i64, t: u16) -> u16 {
        let network = &hazard.world.network;
        let audience = network.audience(j);
        let listeners = &network.heard_by[audience.clone()];
        listeners
            .iter()
            .zip(&ticks[audience])
            .map(|(&i, &ticks)| self.expose(hazard, i as usize, sign * ticks, t))
            .fold(NEVER, u16::min)
    }

    /// Place `i` opens at the end of month `t`: from now on its H grows. Gives the month to come in
    /// which it will adopt.
    pub fn open(&mut self, hazard: &Hazard<'_>, i: usize, t: u16) -> u16 {
        let Some(at) = self.open_at(i) else {
            return NEVER;
        };
        let new = self.rate(hazard, i, self.pairs[at].exposure, self.replicated);
        self.turn(at, 0, new, t, hazard.world.calendar.months)
    }

    /// Replications come into force at the end of month `t`. Gives the first month to come in which
    /// somebody will adopt.
    pub fn replicate(&mut self, hazard: &Hazard<'_>, now: Replicated, t: u16) -> u16 {
        let before = std::mem::replace(&mut self.replicated, now);
        let mut first = NEVER;
        for b in 0..self.blocks.len() {
            let Block {
                kept,
                mut open,
                before: start,
            } = self.blocks[b];
            while open != 0 {
                let bit = open.trailing_zeros();
                open &= open - 1;
                let i = b * 64 + bit as usize;
                if hazard.world.places.open[i] > t {
                    continue;
                }
                let at = start as usize + (kept & ((1 << bit) - 1)).count_ones() as usize;
                let exposure = self.pairs[at].exposure;
                let old = self.rate(hazard, i, exposure, before);
                let new = self.rate(hazard, i, exposure, now);
                first = first.min(self.turn(at, old, new, t, hazard.world.calendar.months));
            }
        }
        first
    }

    /// Calls `found` for every place that adopts in month `t`, in order; gives the next month in which
    /// somebody will.
    pub fn due(&self, t: u16, mut found: impl FnMut(usize)) -> u16 {
        let mut first = NEVER;
        for (c, chunk) in self.due.chunks(64).enumerate() {
            let low = chunk.iter().copied().fold(NEVER, u16::min);
            if low > t {
                first = first.min(low);
                continue;
            }
            for (n, &due) in chunk.iter().enumerate() {
                if due <= t {
                    found(self.place(c * 64 + n));
                } else {
                    first = first.min(due);
                }
            }
        }
        first
    }

    /// The place of the pair at a position.
    fn place(&self, at: usize) -> usize {
        let b = self
            .blocks
            .partition_point(|block| block.before as usize <= at)
            - 1;
        let Block {
            mut kept, before, ..
        } = self.blocks[b];
        for _ in before as usize..at {
            kept &= kept - 1;
        }
        b * 64 + kept.trailing_zeros() as usize
    }

    /// Bytes that this row takes.
    pub fn bytes(&self) -> usize {
        self.pairs.len() * (size_of::<Pair>() + 2)
            + self.blocks.len() * size_of::<Block>()
            + self.adopted.words().len() * 8
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
