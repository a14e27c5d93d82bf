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
//! So a partner that takes up adds 1 to m and B to C: one addition of a word that holds both. The clock
//! reading at which the firm is due follows from the word. It is kept rounded down (in floating point, a
//! filter only), next to the earliest of each run of 64 firms; who seems due is then tested in whole
//! numbers. Nothing is rounded, so the order in which partners take up cannot matter.
//!
//! 16 bytes per firm and domain: the word 8, θ 4, the reading at which it is due 4; and 4 per 64 firms.

use crate::draw::{Luck, Process, exponential};
use crate::world::firms::{CHUNK, Firms};

/// Ticks per unit of cumulative hazard: 2²⁶. A clock has 32 bits, which is 64, above any threshold.
pub const CLOCK: f64 = (1u64 << 26) as f64;
/// Ticks per unit of χ: 2¹⁶.
pub const PULL: u64 = 1 << 16;
/// Has taken up.
const TAKEN: u32 = u32::MAX;

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

/// A clock reading not after the one at which H = θ.
#[inline(always)]
fn due(theta: u32, partners: u16, chi: f64, word: u64) -> u32 {
    let k = f64::from(partners.max(1));
    let (m, c) = ((word & 0xFFFF) as f64, (word >> 16) as f64);
    let at = (f64::from(theta) * k + chi * c) / (k + chi * m);
    (at * (1.0 - 1e-12)) as u32
}

/// What the pieces of a block share in a month.
pub struct Link<'a> {
    partners: &'a [u16],
    cell: &'a [u16],
    /// B of the block's cells.
    clock: &'a [u32],
    chi: f64,
}

impl<'a> Link<'a> {
    /// Of block `b`; `clock` is that of the domain.
    pub fn new(firms: &'a Firms, b: usize, clock: &'a [u32]) -> Self {
        let block = firms.block(b);
        Self {
            partners: &firms.partners[block.clone()],
            cell: &firms.cell[block],
            clock: &clock[firms.cells_of(b)],
            chi: pull_ticks(firms.spec.partner_effect) as f64 / PULL as f64,
        }
    }
}

/// A block of firms in one domain; lists have an entry per firm.
#[derive(Clone, Debug)]
pub struct Piece {
    /// C in the upper 48 bits, m in the lower 16: at most 65,535 partners, each with 32 bits.
    word: Vec<u64>,
    theta: Vec<u32>,
    /// Clock reading at which the firm is due, rounded down.
    due: Vec<u32>,
    /// The least of `due` of each chunk.
    first: Vec<u32>,
    /// Firms of each cell that took up.
    pub taken: Vec<u32>,
    /// Partners of each cell's firms that took up.
    pub heard: Vec<u32>,
    /// Firms that took up this month.
    pub new: Vec<u16>,
}

impl Piece {
    /// Nobody took up. Draws θ.
    pub fn new(firms: &Firms, luck: Luck, domain: u64, b: usize) -> Self {
        let draw = |f: usize| threshold(luck, firms.name(f, firms.cell_of(f)), domain);
        let theta: Vec<u32> = firms.block(b).map(draw).collect();
        let least = |chunk: &[u32]| chunk.iter().copied().fold(TAKEN, u32::min);
        let cells = firms.cells_of(b).len();
        Self {
            word: vec![0; theta.len()],
            due: theta.clone(),
            first: theta.chunks(CHUNK).map(least).collect(),
            taken: vec![0; cells],
            heard: vec![0; cells],
            new: Vec::new(),
            theta,
        }
    }

    /// Finds who takes up now that the clocks of the domain show `clock`, and how many do.
    pub fn find(&mut self, firms: &Firms, b: usize, clock: &[u32]) -> u64 {
        let link = Link::new(firms, b, clock);
        let pull = pull_ticks(firms.spec.partner_effect);
        self.new.clear();
        for (n, first) in self.first.iter_mut().enumerate() {
            let from = n * CHUNK;
            let to = (from + CHUNK).min(self.due.len());
            let cells = usize::from(link.cell[from])..usize::from(link.cell[to - 1]) + 1;
            let latest = link.clock[cells].iter().copied().fold(0, u32::max);
            if *first > latest {
                continue;
            }
            let mut least = TAKEN;
            for f in from..to {
                let due = self.due[f];
                let cell = usize::from(link.cell[f]);
                let now = link.clock[cell];
                if due <= now && due != TAKEN {
                    let word = self.word[f];
                    let (m, c) = (word & 0xFFFF, word >> 16);
                    if reached(now, self.theta[f], link.partners[f], pull, m, c) {
                        self.due[f] = TAKEN;
                        self.new.push(f as u16);
                        self.taken[cell] += 1;
                        continue;
                    }
                }
                least = least.min(due);
            }
            *first = least;
        }
        self.new.len() as u64
    }

    /// A partner of each of these firms took up this month.
    pub fn hear(&mut self, link: &Link<'_>, told: &[u16]) {
        for f in told {
            let f = usize::from(*f);
            let cell = usize::from(link.cell[f]);
            let word = self.word[f] + (u64::from(link.clock[cell]) << 16 | 1);
            self.word[f] = word;
            self.heard[cell] += 1;
            if self.due[f] != TAKEN {
                let due = due(self.theta[f], link.partners[f], link.chi, word);
                self.due[f] = due;
                let first = &mut self.first[f / CHUNK];
                *first = due.min(*first);
            }
        }
    }

    /// Whether a firm of the block took up.
    pub fn has(&self, local: usize) -> bool {
        self.due[local] == TAKEN
    }

    /// Partners of a firm of the block that took up.
    pub fn partners(&self, local: usize) -> u32 {
        (self.word[local] & 0xFFFF) as u32
    }

    /// Bytes of the lists.
    pub fn bytes(&self) -> usize {
        self.word.len() * 16 + self.first.len() * 4 + self.taken.len() * 8 + self.new.capacity() * 2
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
        for _ in 0..200_000 {
            let partners = dice(65_536) as u16;
            let m = dice(u64::from(partners) + 1);
            let pull = dice(300 * PULL);
            let theta = 1 + dice(2_400_000_000) as u32;
            let c: u64 = (0..m.min(3)).map(|_| dice(u64::from(theta))).sum();
            let at = due(theta, partners, pull as f64 / PULL as f64, c << 16 | m);
            if at > 0 {
                assert!(!reached(at - 1, theta, partners, pull, m, c));
            }
            // And hardly earlier.
            assert!(reached(at + 2, theta, partners, pull, m, c));
        }
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
