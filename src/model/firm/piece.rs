//! One block of firms in one domain, told in the time of their cells.
//!
//! In whole ticks: B(t) is the cumulative base hazard of the firm's cell, K its partners, m those that
//! took up so far, C = Σ over these of B at the month in which they did. Then
//!
//! ```text
//! H(t) = Σ b · (1 + χ m/K) = B(t) + (χ/K) · (m · B(t) − C),
//! H(t) ≥ θ   ⟺   B(t) · (K·Q + X·m) ≥ θ · K·Q + X·C,      X = χ·Q, Q = 2¹⁶.
//! ```
//!
//! So a partner that takes up adds 1 to m and B to C: one addition of a word that holds both. Nothing is
//! rounded, so the order in which partners take up cannot matter.
//!
//! Who is due is looked for by a filter. All cells of a region have one thing in common, the stock: B is
//! the cell's factor times the region's time s(t) = Σ stock / stock_ref, but for rounding. So the time at
//! which a firm is due is kept as a number that is never too late, next to the earliest of each run of 16
//! firms; a month compares one number per run, and tests who seems due in whole numbers.
//!
//! 16 bytes per firm and domain, side by side in one cache line: the word 8, θ 4, the time 4; and 4 for
//! each 16 firms.

use crate::draw::{Luck, Process, exponential};
use crate::world::firms::{CHUNK, Firms};

/// Ticks per unit of cumulative hazard: 2²⁶. A clock has 32 bits, which is 64, above any threshold.
pub const CLOCK: f64 = (1u64 << 26) as f64;
/// Ticks per unit of χ: 2¹⁶.
pub const PULL: u64 = 1 << 16;
/// Has taken up.
const TAKEN: f32 = f32::INFINITY;
/// How far B can lie above factor · s by rounding, in ticks: half a tick a month, in the longest run.
const SLACK: f64 = 2048.0;
/// Room for rounding in single precision.
const ROOM: f64 = 1e-6;
/// Firms that are touched ahead, so that their cache misses overlap.
const AHEAD: usize = 16;

/// Ticks of a monthly base hazard.
#[inline(always)]
pub fn base_ticks(hazard: f64) -> u32 {
    (hazard * CLOCK + 0.5) as u32
}

/// X: χ in whole ticks.
pub fn pull_ticks(chi: f64) -> u64 {
    (chi * PULL as f64).round() as u64
}

/// θ_fd in ticks, rounded up: a clock in whole ticks reaches one exactly when it reaches the other.
#[inline(always)]
pub fn threshold(luck: Luck, name: (u64, u64, u32), domain: u64) -> u32 {
    let uniform = luck.uniform(Process::FirmThreshold, name.0, name.1 ^ domain, name.2);
    ((exponential(uniform) * CLOCK).ceil() as u32).max(1)
}

/// Whether H ≥ θ, in whole numbers.
#[inline(always)]
pub fn reached(clock: u32, theta: u32, partners: u16, pull: u64, m: u64, c: u64) -> bool {
    let all = u128::from(partners.max(1)) * u128::from(PULL);
    let [clock, theta] = [clock, theta].map(u128::from);
    let [pull, m, c] = [pull, m, c].map(u128::from);
    clock * (all + pull * m) >= theta * all + pull * c
}

/// A cell in a month.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cell {
    /// B(t).
    pub clock: u32,
    /// Region's time per tick of B: 1 / (factor · 2²⁶).
    pub slowness: f32,
}

impl Cell {
    /// A cell with this factor of the hazard, before the first month.
    pub fn new(factor: f64) -> Self {
        Self {
            clock: 0,
            slowness: (1.0 / (factor * CLOCK)).min(f64::from(f32::MAX)) as f32,
        }
    }
}

/// The region's time as it is compared with that at which firms are due: never too early.
#[inline(always)]
pub fn latest(time: f64) -> f32 {
    (time * (1.0 + ROOM)) as f32
}

/// The region's time at which a firm is due, never too late.
#[inline(always)]
fn due(theta: u32, partners: u16, chi: f64, word: u64, cell: Cell) -> f32 {
    let k = f64::from(partners.max(1));
    let (m, c) = ((word & 0xFFFF) as f64, (word >> 16) as f64);
    let clock = (f64::from(theta) * k + chi * c) / (k + chi * m);
    let time = (clock - SLACK) * f64::from(cell.slowness) * (1.0 - ROOM);
    time.min(f64::from(f32::MAX)) as f32
}

/// What the pieces of a block share.
pub struct Shared<'a> {
    partners: &'a [u16],
    cell: &'a [u16],
    chi: f64,
    pull: u64,
}

impl<'a> Shared<'a> {
    /// Of block `b`.
    pub fn new(firms: &'a Firms, b: usize) -> Self {
        let block = firms.block(b);
        let pull = pull_ticks(firms.spec.partner_effect);
        Self {
            partners: &firms.partners[block.clone()],
            cell: &firms.cell[block],
            chi: pull as f64 / PULL as f64,
            pull,
        }
    }
}

/// A firm and a domain, side by side because they are read and written together.
#[derive(Clone, Copy, Debug)]
struct Pair {
    /// C in the upper 48 bits, m in the lower 16: at most 65,535 partners, each with 32 bits.
    word: u64,
    theta: u32,
    /// Region's time at which the firm is due, never too late.
    due: f32,
}

/// A block of firms in one domain.
#[derive(Clone, Debug)]
pub struct Piece {
    pairs: Vec<Pair>,
    /// The least `due` of each chunk.
    first: Vec<f32>,
    /// Firms of each cell that took up.
    pub taken: Vec<u32>,
    /// Partners of each cell's firms that took up.
    pub heard: Vec<u32>,
    /// Firms that took up this month.
    pub new: Vec<u16>,
}

impl Piece {
    /// Nobody took up. Draws θ; `cells` are those of the block.
    pub fn new(firms: &Firms, luck: Luck, domain: u64, b: usize, cells: &[Cell]) -> Self {
        let shared = Shared::new(firms, b);
        let draw = |(local, f): (usize, usize)| {
            let theta = threshold(luck, firms.name(f, firms.cell_of(f)), domain);
            let cell = cells[usize::from(shared.cell[local])];
            Pair {
                word: 0,
                theta,
                due: due(theta, shared.partners[local], shared.chi, 0, cell),
            }
        };
        let pairs: Vec<Pair> = firms.block(b).enumerate().map(draw).collect();
        let least = |chunk: &[Pair]| chunk.iter().map(|pair| pair.due).fold(TAKEN, f32::min);
        Self {
            first: pairs.chunks(CHUNK).map(least).collect(),
            pairs,
            taken: vec![0; cells.len()],
            heard: vec![0; cells.len()],
            new: Vec::new(),
        }
    }

    /// Finds who of a run of chunks takes up now; their regions' time is at most `latest`.
    pub fn find(
        &mut self,
        shared: &Shared<'_>,
        cells: &[Cell],
        chunks: std::ops::Range<usize>,
        latest: f32,
    ) {
        for n in chunks {
            if self.first[n] > latest {
                continue;
            }
            let from = n * CHUNK;
            let to = (from + CHUNK).min(self.pairs.len());
            let mut least = TAKEN;
            for f in from..to {
                let pair = &mut self.pairs[f];
                if pair.due <= latest {
                    let local = usize::from(shared.cell[f]);
                    let (m, c) = (pair.word & 0xFFFF, pair.word >> 16);
                    let (now, k) = (cells[local].clock, shared.partners[f]);
                    if reached(now, pair.theta, k, shared.pull, m, c) {
                        pair.due = TAKEN;
                        self.new.push(f as u16);
                        self.taken[local] += 1;
                    }
                }
                least = least.min(pair.due);
            }
            self.first[n] = least;
        }
    }

    /// A partner of each of these firms took up this month.
    pub fn hear(&mut self, shared: &Shared<'_>, cells: &[Cell], told: &[u16]) {
        for told in told.chunks(AHEAD) {
            let ahead = told.iter().map(|f| self.pairs[usize::from(*f)].theta);
            std::hint::black_box(ahead.fold(0, |all, theta| all ^ theta));
            for f in told {
                let f = usize::from(*f);
                let local = usize::from(shared.cell[f]);
                let cell = cells[local];
                let pair = &mut self.pairs[f];
                pair.word += u64::from(cell.clock) << 16 | 1;
                self.heard[local] += 1;
                if pair.due != TAKEN {
                    pair.due = due(pair.theta, shared.partners[f], shared.chi, pair.word, cell);
                    let first = &mut self.first[f / CHUNK];
                    *first = pair.due.min(*first);
                }
            }
        }
    }

    /// Whether a firm of the block took up.
    pub fn has(&self, local: usize) -> bool {
        self.pairs[local].due == TAKEN
    }

    /// Partners of a firm of the block that took up.
    pub fn partners(&self, local: usize) -> u32 {
        (self.pairs[local].word & 0xFFFF) as u32
    }

    /// Bytes of the lists.
    pub fn bytes(&self) -> usize {
        self.pairs.len() * size_of::<Pair>()
            + self.first.len() * 4
            + self.taken.len() * 8
            + self.new.capacity() * 2
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_firm_is_never_due_later_than_in_whole_numbers() {
        let mut x = 1u64;
        let mut dice = |most: u64| {
            x = x.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (x >> 33) % most
        };
        let mut near = 0;
        for _ in 0..200_000 {
            let partners = dice(65_536) as u16;
            let m = dice(u64::from(partners) + 1);
            let pull = dice(300 * PULL);
            let theta = 1 + dice(2_400_000_000) as u32;
            let c: u64 = (0..m.min(3)).map(|_| dice(u64::from(theta))).sum();
            let factor = (1 + dice(1_000_000)) as f64 * 1e-5;
            let chi = pull as f64 / PULL as f64;
            let at = due(theta, partners, chi, c << 16 | m, Cell::new(factor));
            // The last clock reading at which the filter passes the firm over.
            let before = f64::from(at) / (1.0 + ROOM) * factor * CLOCK;
            if before >= 1.0 {
                assert!(!reached(before as u32, theta, partners, pull, m, c));
            }
            // And hardly earlier.
            let later = before * (1.0 + 5.0 * ROOM) + SLACK + 2.0;
            near += u32::from(reached(later as u32, theta, partners, pull, m, c));
        }
        assert_eq!(near, 200_000);
    }

    #[test]
    fn thresholds_round_up() {
        let luck = Luck::new(1, 0);
        for serial in 0..1000 {
            let theta = threshold(luck, (1, 2, serial), 3);
            let exact = luck.exponential(Process::FirmThreshold, 1, 2 ^ 3, serial) * CLOCK;
            assert!(f64::from(theta) >= exact && f64::from(theta - 1) < exact);
        }
    }
}
