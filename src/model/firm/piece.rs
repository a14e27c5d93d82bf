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
//! which a firm is due is a number that is never too late; the earliest of each chunk of five firms is
//! kept. A month compares one number per chunk, and tests who seems due in whole numbers.
//!
//! 12 bytes per firm and domain: the word 8, θ 4. A chunk is one cache line, and is touched only when
//! somebody in it seems due or hears of a partner; firms that took up are told apart by a bit and not
//! touched any more. So 13.7 bytes with the rest of the line, the chunk's number and the bit.

use crate::draw::{LANES, Luck, Process};
use crate::world::firms::{CHUNK, Firms};
use crate::world::{Bits, PlaceId};

/// Ticks per unit of cumulative hazard: 2²⁶. A clock has 32 bits, which is 64, above any threshold.
pub const CLOCK: f64 = (1u64 << 26) as f64;
/// Ticks per unit of χ: 2¹⁶.
pub const PULL: u64 = 1 << 16;
/// Threshold of those who took up: no clock reaches it, as none is drawn so high.
const TAKEN: u32 = u32::MAX;
/// Due time of a chunk in which nobody can be due.
const NEVER: f32 = f32::INFINITY;
/// How far B can lie above factor · s by rounding, in ticks: half a tick a month, in the longest run.
const SLACK: f64 = 2048.0;
/// Room for rounding in single precision.
const ROOM: f64 = 1e-6;
/// Firms that are touched ahead, so that their cache misses overlap.
const AHEAD: usize = 64;
/// Chunks that are looked at at once.
const RUN: usize = 16;

/// Ticks of a monthly base hazard.
#[inline(always)]
pub fn base_ticks(hazard: f64) -> u32 {
    (hazard * CLOCK + 0.5) as u32
}

/// X: χ in whole ticks.
pub fn pull_ticks(chi: f64) -> u64 {
    (chi * PULL as f64).round() as u64
}

/// θ_fd, an Exponential(1) draw, in ticks, rounded up: a clock in whole ticks reaches one exactly when it
/// reaches the other.
#[inline(always)]
pub fn threshold(draw: f64) -> u32 {
    let ticks = draw * CLOCK;
    // Rounded up by hand: without SSE 4.1 `ceil` is a call.
    let whole = ticks as u32;
    (whole + u32::from(f64::from(whole) < ticks)).max(1)
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

/// Which places the firms of a block belong to.
#[derive(Clone, Debug)]
pub struct Seats {
    /// The places, in the order of their firms, and where within the block each one's firms end.
    pub places: Vec<(PlaceId, u32)>,
    /// Position in `places` of each cell of the block.
    of_cell: Vec<u32>,
}

impl Seats {
    /// Of block `b`.
    pub fn new(firms: &Firms, b: usize) -> Self {
        let block = firms.block(b);
        let mut seats = Self {
            places: Vec::new(),
            of_cell: Vec::new(),
        };
        for c in firms.cells_of(b) {
            let place = firms.cells.place[c];
            let end = (firms.cells.range(c).end.min(block.end) - block.start) as u32;
            match seats.places.last_mut() {
                Some(last) if last.0 == place => last.1 = end,
                _ => seats.places.push((place, end)),
            }
            seats.of_cell.push(seats.places.len() as u32 - 1);
        }
        seats
    }

    /// Adds to `heard` how many of the firms `told` belong to each place.
    fn count(&self, cell: &[u16], told: &[u16], heard: &mut [u32]) {
        // A few comparisons in one go are faster than looking each firm up.
        if self.places.len() <= 8 {
            let mut before = 0;
            for (heard, (_, end)) in heard.iter_mut().zip(&self.places) {
                let below = told.iter().map(|f| u32::from(u32::from(*f) < *end));
                let below = below.sum::<u32>();
                *heard += below - before;
                before = below;
            }
        } else {
            for f in told {
                let cell = usize::from(cell[usize::from(*f)]);
                heard[self.of_cell[cell] as usize] += 1;
            }
        }
    }
}

/// What the pieces of a block share.
pub struct Shared<'a> {
    seats: &'a Seats,
    partners: &'a [u16],
    cell: &'a [u16],
    /// Its firms in the table `sample`, as numbers of all firms.
    sample: &'a [u32],
    start: usize,
    chi: f64,
    pull: u64,
}

impl<'a> Shared<'a> {
    /// Of block `b`.
    pub fn new(firms: &'a Firms, seats: &'a Seats, b: usize) -> Self {
        let block = firms.block(b);
        let pull = pull_ticks(firms.spec.partner_effect);
        let sampled = |end: usize| firms.sample.partition_point(|f| (*f as usize) < end);
        Self {
            seats,
            sample: &firms.sample[sampled(block.start)..sampled(block.end)],
            start: block.start,
            partners: &firms.partners[block.clone()],
            cell: &firms.cell[block],
            chi: pull as f64 / PULL as f64,
            pull,
        }
    }

    /// Whether a firm of the block is in the table `sample`.
    fn is_sampled(&self, local: usize) -> bool {
        let number = (self.start + local) as u32;
        self.sample.binary_search(&number).is_ok()
    }
}

/// The firms of a chunk: one cache line, as word and threshold are read and written together.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
struct Line {
    /// C in the upper 48 bits, m in the lower 16: at most 65,535 partners, each with 32 bits.
    word: [u64; CHUNK],
    theta: [u32; CHUNK],
}

impl Line {
    /// Region's time at which firm `at` is due, never too late; `f` is its number within the block.
    #[inline(always)]
    fn due(&self, at: usize, f: usize, shared: &Shared<'_>, cells: &[Cell]) -> f32 {
        let cell = cells[usize::from(shared.cell[f])];
        let (theta, partners) = (self.theta[at], shared.partners[f]);
        due(theta, partners, shared.chi, self.word[at], cell)
    }
}

/// A block of firms in one domain.
#[derive(Clone, Debug)]
pub struct Piece {
    /// The last line is filled up with firms that are never due.
    lines: Vec<Line>,
    /// The least `due` of each chunk.
    first: Vec<f32>,
    /// Firms to which it matters what partners do: those that did not take up, and those whose partners
    /// are counted for the table `sample`.
    listening: Bits<usize>,
    /// Firms of each cell that took up.
    pub taken: Vec<u32>,
    /// Partners of each place's firms that took up, by position in [`Seats::places`].
    pub heard: Vec<u32>,
    /// Firms that took up this month.
    pub new: Vec<u16>,
}

impl Piece {
    /// Nobody took up. Draws θ; `cells` are those of the block.
    pub fn new(
        firms: &Firms,
        seats: &Seats,
        luck: Luck,
        domain: u64,
        b: usize,
        cells: &[Cell],
    ) -> Self {
        let shared = Shared::new(firms, seats, b);
        let nobody = Line {
            word: [0; CHUNK],
            theta: [TAKEN; CHUNK],
        };
        let block = firms.block(b);
        let mut lines = vec![nobody; block.len().div_ceil(CHUNK)];
        for (n, lines) in lines.chunks_mut(LANES / CHUNK).enumerate() {
            let start = block.start + n * (LANES / CHUNK) * CHUNK;
            let here = start..(start + lines.len() * CHUNK).min(block.end);
            let names = here.clone().map(|f| {
                let (first, second, serial) = firms.name(f, firms.cell_of(f));
                (first, second ^ domain, serial)
            });
            let draws = luck.exponentials(Process::FirmThreshold, names);
            let all = lines.iter_mut().flat_map(|line| &mut line.theta);
            for ((theta, _), draw) in all.zip(here).zip(draws) {
                *theta = threshold(draw);
            }
        }
        let least = |(n, line): (usize, &Line)| {
            let firms = (n * CHUNK..block.len()).zip(0..CHUNK);
            let due = firms.map(|(f, at)| line.due(at, f, &shared, cells));
            due.fold(NEVER, f32::min)
        };
        Self {
            first: lines.iter().enumerate().map(least).collect(),
            listening: Bits::full(lines.len() * CHUNK),
            lines,
            taken: vec![0; cells.len()],
            heard: vec![0; seats.places.len()],
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
        let mut seem_due = [0; AHEAD];
        let mut count = 0;
        for from in chunks.clone().step_by(RUN) {
            let run = &self.first[from..(from + RUN).min(chunks.end)];
            // All at once, as in most runs nobody is due.
            let any = run
                .iter()
                .fold(false, |any, first| any | (*first <= latest));
            if !any {
                continue;
            }
            for n in 0..run.len() {
                seem_due[count] = from + n;
                count += usize::from(self.first[from + n] <= latest);
                if count == AHEAD {
                    self.test(shared, cells, &seem_due, latest);
                    count = 0;
                }
            }
        }
        self.test(shared, cells, &seem_due[..count], latest);
    }

    fn test(&mut self, shared: &Shared<'_>, cells: &[Cell], chunks: &[usize], latest: f32) {
        let ahead = chunks.iter().map(|n| {
            let of_all = shared.partners[n * CHUNK] ^ shared.cell[n * CHUNK];
            self.lines[*n].theta[0] ^ u32::from(of_all)
        });
        std::hint::black_box(ahead.fold(0, |all, theta| all ^ theta));
        let last = shared.cell.len() - 1;
        for &n in chunks {
            let line = &mut self.lines[n];
            // Worked out for all before anything is asked: which of them is due cannot be foretold.
            let mut dues: [f32; CHUNK] = std::array::from_fn(|at| {
                let due = line.due(at, (n * CHUNK + at).min(last), shared, cells);
                if line.theta[at] == TAKEN { NEVER } else { due }
            });
            let bit = |seem: u32, at: usize| seem | u32::from(dues[at] <= latest) << at;
            let mut seem = (0..CHUNK).fold(0, bit);
            while seem != 0 {
                let at = seem.trailing_zeros() as usize;
                seem &= seem - 1;
                let f = n * CHUNK + at;
                let local = usize::from(shared.cell[f]);
                let (m, c) = (line.word[at] & 0xFFFF, line.word[at] >> 16);
                let (now, k) = (cells[local].clock, shared.partners[f]);
                if reached(now, line.theta[at], k, shared.pull, m, c) {
                    line.theta[at] = TAKEN;
                    dues[at] = NEVER;
                    self.new.push(f as u16);
                    self.taken[local] += 1;
                    if !shared.is_sampled(f) {
                        self.listening.take(f);
                    }
                }
            }
            self.first[n] = dues.into_iter().fold(NEVER, f32::min);
        }
    }

    /// So many firms will hear. Where they are about half of all lines or more, half of them open, reading all
    /// lines in order is faster than touching a part of them in disorder.
    pub fn expect(&self, told: usize) {
        if told > self.lines.len() / 2 {
            let all = self.lines.iter().fold(0, |all, line| all ^ line.theta[0]);
            std::hint::black_box(all);
        }
    }

    /// A partner of each of these firms took up this month.
    pub fn hear(&mut self, shared: &Shared<'_>, cells: &[Cell], told: &[u16]) {
        shared.seats.count(shared.cell, told, &mut self.heard);
        let mut listening = [0; AHEAD];
        for told in told.chunks(AHEAD) {
            let mut count = 0;
            for f in told.iter().map(|f| usize::from(*f)) {
                listening[count] = f;
                count += usize::from(self.listening.has(f));
            }
            let listening = &listening[..count];
            let ahead = listening.iter().map(|f| {
                let of_all = shared.partners[*f] ^ shared.cell[*f];
                let own = self.lines[f / CHUNK].theta[0] ^ self.first[f / CHUNK].to_bits();
                own ^ u32::from(of_all)
            });
            std::hint::black_box(ahead.fold(0, |all, seen| all ^ seen));
            for &f in listening {
                let (line, at) = (&mut self.lines[f / CHUNK], f % CHUNK);
                let clock = cells[usize::from(shared.cell[f])].clock;
                line.word[at] += u64::from(clock) << 16 | 1;
                if line.theta[at] != TAKEN {
                    let first = &mut self.first[f / CHUNK];
                    *first = line.due(at, f, shared, cells).min(*first);
                }
            }
        }
    }

    /// Whether a firm of the block took up.
    pub fn has(&self, local: usize) -> bool {
        self.lines[local / CHUNK].theta[local % CHUNK] == TAKEN
    }

    /// Partners of a firm of the block that took up; not counted on for a firm that took up itself, unless it
    /// is in the table `sample`.
    pub fn partners(&self, local: usize) -> u32 {
        (self.lines[local / CHUNK].word[local % CHUNK] & 0xFFFF) as u32
    }

    /// Bytes of the lists.
    pub fn bytes(&self) -> usize {
        self.lines.len() * size_of::<Line>()
            + self.first.len() * 4
            + self.listening.words().len() * 8
            + (self.taken.len() + self.heard.len()) * 4
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
            let draw = luck.exponential(Process::FirmThreshold, 1, 2, serial);
            let (theta, exact) = (threshold(draw), draw * CLOCK);
            assert!(f64::from(theta) >= exact && f64::from(theta - 1) < exact);
        }
    }
}
