//! Firms 企业: they take up what their region has, and pull their governments along (model §7.7).
//!
//! - Hazard of firm f at region p, industry g, size class s, per month:
//!   h_fd = α · (½ + F_p) · (stock_pd / stock_ref) · fit_gd · size_s^σ · (1 + χ · share of f's partners
//!   that took up d); f takes d up in the first month with H_fd ≥ θ_fd, θ_fd ~ Exponential(1).
//! - Uptake u_pd: size-weighted share of the firms at p that took d up.
//! - Demand pull: demand_id = 1 + ξ · (share of the partners of i's firms that took up d).
//! - Measured effect of k: q_k · mean u_d over the adopters of k. Benefit of p: m_p · Σ_d γ_d · u_pd.
//!
//! But for the partners, the hazard is the same for a whole cell. So each cell and domain has a clock
//! B(t) = Σ base hazard, and all that happens to a firm is told in its cell's time: see [`piece`].

mod piece;

use rayon::prelude::*;

use crate::draw::Luck;
use crate::world::PlaceId;
use crate::world::firms::{BLOCK, CHUNK, Firms};

use piece::{Cell, Piece, Seats, Shared, latest};

pub use piece::{CLOCK, PULL, base_ticks, pull_ticks, reached, threshold};

/// Ticks per unit of quality: sums of stocks are exact and do not depend on the order of events.
const STOCK: f64 = (1u64 << 40) as f64;
/// Most listeners that are told at a time: bounds the memory of messages.
const AT_A_TIME: usize = 1 << 26;
/// Rows that are touched ahead, so that their cache misses overlap.
const AHEAD: usize = 16;

/// The firms of a replicate.
#[derive(Clone, Debug)]
pub struct FirmState<'w> {
    /// The firms.
    pub firms: &'w Firms,
    /// Σ_k q_k · 1\[k adopted at i\] in ticks, `[domain · N + place]`.
    stock: Vec<i64>,
    /// s(t): Σ stock / stock_ref over the months, `[domain · N + place]`.
    time: Vec<f64>,
    /// B(t) and what belongs to it, `[domain · cells + cell]`.
    cells: Vec<Cell>,
    /// Firms, `[block][domain]`.
    pieces: Vec<Vec<Piece>>,
    /// Whose firms each block has.
    seats: Vec<Seats>,
    /// Listeners of those in each block who took up this month.
    listeners: Vec<usize>,
    /// Firms that took up, `[domain · cells + cell]`.
    taken: Vec<u32>,
    /// Size of all firms of each place.
    size: Vec<f64>,
    /// u_id, `[domain · N + place]`; 0 where no firm is.
    uptake: Vec<f64>,
    /// demand_id, `[domain · N + place]`; 1 where no firm is.
    demand: Vec<f64>,
    /// Listeners told so far.
    pub told: u64,
    /// Room for messages, `[part][domain · blocks + block]`.
    room: Vec<Vec<Vec<u16>>>,
    places: usize,
}

impl<'w> FirmState<'w> {
    /// Before the first month: nobody took anything up. Draws every θ_fd.
    pub fn new(firms: &'w Firms, luck: Luck) -> Self {
        let domains = firms.domain_hash.len();
        let (all, places) = (firms.cells.len(), firms.seat.len());
        let mut size = vec![0.0; places];
        for c in 0..all {
            let n = firms.cells.range(c).len() as f64;
            size[firms.cells.place[c]] += of_size(firms, c) * n;
        }
        let cells: Vec<Cell> = firms
            .factor
            .iter()
            .map(|factor| Cell::new(*factor))
            .collect();
        let seats = (0..firms.blocks()).map(|b| Seats::new(firms, b));
        let seats: Vec<Seats> = seats.collect();
        let of_block = |b: usize| -> Vec<Piece> {
            let piece = |(d, domain): (usize, &u64)| {
                let own = firms.cells_of(b);
                let own = &cells[d * all + own.start..d * all + own.end];
                Piece::new(firms, &seats[b], luck, *domain, b, own)
            };
            firms.domain_hash.iter().enumerate().map(piece).collect()
        };
        Self {
            stock: vec![0; domains * places],
            time: vec![0.0; domains * places],
            pieces: (0..firms.blocks()).into_par_iter().map(of_block).collect(),
            seats,
            listeners: vec![0; firms.blocks()],
            cells,
            taken: vec![0; domains * all],
            size,
            uptake: vec![0.0; domains * places],
            demand: vec![1.0; domains * places],
            told: 0,
            room: Vec::new(),
            firms,
            places,
        }
    }

    /// Place `i` takes up an innovation of domain `d` and quality `quality` (`sign` 1) or gives it up (−1).
    pub fn change(&mut self, d: usize, i: PlaceId, quality: f64, sign: i64) {
        self.stock[d * self.places + i.index()] += sign * (quality * STOCK) as i64;
    }

    /// The base hazard of cell `c` for domain `d` in a month, as the stock is now.
    pub fn base(&self, d: usize, c: usize) -> f64 {
        let stock = self.stock[d * self.places + self.firms.cells.place[c].index()];
        let relative = stock as f64 / STOCK / self.firms.spec.stock_ref;
        self.firms.factor[d * self.firms.cells.len() + c] * relative
    }

    /// A month: who takes up, as stock and partners are now, and what follows from it. Gives the number
    /// of take-ups.
    pub fn month(&mut self) -> u64 {
        let firms = self.firms;
        let all = firms.cells.len();
        for (time, stock) in self.time.iter_mut().zip(&self.stock) {
            *time += *stock as f64 / STOCK / firms.spec.stock_ref;
        }
        for at in 0..self.cells.len() {
            let ticks = base_ticks(self.base(at / all, at % all));
            let clock = &mut self.cells[at].clock;
            *clock = clock.saturating_add(ticks);
        }
        let taken = self.find();
        if taken > 0 {
            let mut from = 0;
            while from < self.pieces.len() {
                from = self.tell(from);
            }
            self.gather();
        }
        taken
    }

    /// Finds who takes up now, and how many do.
    fn find(&mut self) -> u64 {
        let Self {
            firms,
            time,
            cells,
            pieces,
            seats,
            listeners,
            places,
            ..
        } = self;
        let all = firms.cells.len();
        let of_block = |(b, (pieces, size)): (usize, (&mut Vec<Piece>, &mut usize))| -> u64 {
            let shared = Shared::new(firms, &seats[b], b);
            let (block, own) = (firms.block(b), firms.cells_of(b));
            for (d, piece) in pieces.iter_mut().enumerate() {
                piece.new.clear();
                let time = &time[d * *places..(d + 1) * *places];
                let cells = &cells[d * all + own.start..d * all + own.end];
                // Region by region; the chunk in which one ends and the next begins is looked at with
                // either's time, so with the later one.
                let mut c = own.start;
                while c < own.end {
                    let place = firms.cells.place[c];
                    let from = (firms.cells.start[c] as usize).max(block.start) - block.start;
                    while c < own.end && firms.cells.place[c] == place {
                        c += 1;
                    }
                    let to = (firms.cells.start[c] as usize).min(block.end) - block.start;
                    let chunks = from / CHUNK..to.div_ceil(CHUNK);
                    piece.find(&shared, cells, chunks, latest(time[place]));
                }
            }
            let rows = &firms.rows[b];
            let new = pieces.iter().flat_map(|piece| &piece.new);
            *size = new.map(|f| rows.of(usize::from(*f)).len()).sum();
            pieces.iter().map(|piece| piece.new.len() as u64).sum()
        };
        let blocks = pieces.par_iter_mut().zip(listeners);
        blocks.enumerate().map(of_block).sum()
    }

    /// Tells the listeners of those who took up in the blocks from `from` on, as many as there is room
    /// for: first sorts them by block, then works block by block, so that what is written to stays in the
    /// cache. Sums are exact, so the order does not matter. Gives the next block.
    fn tell(&mut self, from: usize) -> usize {
        let Self {
            firms,
            cells,
            pieces,
            seats,
            listeners,
            room,
            told,
            ..
        } = self;
        let (domains, blocks) = (firms.domain_hash.len(), firms.blocks());
        let (mut to, mut size) = (from, 0);
        while to < blocks && size < AT_A_TIME {
            size += listeners[to];
            to += 1;
        }
        *told += size as u64;
        let parts = (2 * rayon::current_num_threads()).min(to - from);
        room.resize_with(parts.max(room.len()), Vec::new);
        let said = &*pieces;
        let sort = |(part, boxes): (usize, &mut Vec<Vec<u16>>)| {
            boxes.resize_with(domains * blocks, Vec::new);
            boxes.iter_mut().for_each(Vec::clear);
            let at = |part: usize| from + part * (to - from) / parts;
            // Block by block, as domains share the rows.
            let of_part = at(part)..at(part + 1);
            for (rows, pieces) in firms.rows[of_part.clone()].iter().zip(&said[of_part]) {
                for (piece, boxes) in pieces.iter().zip(boxes.chunks_mut(blocks)) {
                    for new in piece.new.chunks(AHEAD) {
                        let row = |f: &u16| rows.of(usize::from(*f));
                        let ends = |row: &[u32]| Some(row.first()? ^ row.last()?);
                        let ahead = new.iter().filter_map(|f| ends(row(f)));
                        std::hint::black_box(ahead.fold(0, |all, listener| all ^ listener));
                        for listeners in new.iter().map(row) {
                            for listener in listeners {
                                let listener = *listener as usize;
                                boxes[listener / BLOCK].push((listener % BLOCK) as u16);
                            }
                        }
                    }
                }
            }
        };
        room[..parts].par_iter_mut().enumerate().for_each(sort);
        let room = &room[..parts];
        let all = firms.cells.len();
        let hear = |(b, pieces): (usize, &mut Vec<Piece>)| {
            let shared = Shared::new(firms, &seats[b], b);
            let own = firms.cells_of(b);
            for (d, piece) in pieces.iter_mut().enumerate() {
                let cells = &cells[d * all + own.start..d * all + own.end];
                let told: usize = room.iter().map(|boxes| boxes[d * blocks + b].len()).sum();
                piece.expect(told);
                for boxes in room {
                    piece.hear(&shared, cells, &boxes[d * blocks + b]);
                }
            }
        };
        pieces.par_iter_mut().enumerate().for_each(hear);
        to
    }

    /// Uptake and demand from what the pieces counted.
    fn gather(&mut self) {
        let firms = self.firms;
        let (cells, n) = (firms.cells.len(), self.places);
        self.taken.fill(0);
        self.uptake.fill(0.0);
        let mut heard = vec![0u64; n];
        for d in 0..firms.domain_hash.len() {
            heard.fill(0);
            for (b, pieces) in self.pieces.iter().enumerate() {
                let piece = &pieces[d];
                for (c, taken) in firms.cells_of(b).zip(&piece.taken) {
                    self.taken[d * cells + c] += taken;
                }
                for ((place, _), told) in self.seats[b].places.iter().zip(&piece.heard) {
                    heard[*place] += u64::from(*told);
                }
            }
            for c in 0..cells {
                let size = of_size(firms, c) * f64::from(self.taken[d * cells + c]);
                self.uptake[d * n + firms.cells.place[c].index()] += size;
            }
            for i in 0..n {
                if self.size[i] > 0.0 {
                    self.uptake[d * n + i] /= self.size[i];
                }
            }
            for i in 0..n {
                if let Some(seat) = firms.seat[i]
                    && firms.place_links[seat] > 0
                {
                    let share = heard[seat] as f64 / firms.place_links[seat] as f64;
                    self.demand[d * n + i] = 1.0 + firms.spec.demand_pull * share;
                }
            }
        }
    }

    /// demand_id, `[domain · N + place]`.
    pub fn demand(&self) -> &[f64] {
        &self.demand
    }

    /// u_id of the firms at place `i`, those of its host where it is a zone; none without firms.
    pub fn uptake(&self, d: usize, i: PlaceId) -> Option<f64> {
        let seat = self.firms.seat[i]?;
        Some(self.uptake[d * self.places + seat.index()])
    }

    /// Firms of cell `c` that took `d` up.
    pub fn taken(&self, d: usize, c: usize) -> u32 {
        self.taken[d * self.firms.cells.len() + c]
    }

    /// B(t) of cell `c` for domain `d`, in ticks.
    pub fn clock(&self, d: usize, c: usize) -> u32 {
        self.cells[d * self.firms.cells.len() + c].clock
    }

    /// Whether firm `f` took `d` up.
    pub fn has(&self, d: usize, f: usize) -> bool {
        self.pieces[f / BLOCK][d].has(f % BLOCK)
    }

    /// How many partners of firm `f` took `d` up.
    pub fn partners_with(&self, d: usize, f: usize) -> u32 {
        self.pieces[f / BLOCK][d].partners(f % BLOCK)
    }

    /// Share of all firms, each counting alike, that took `d` up.
    pub fn share(&self, d: usize) -> f64 {
        let cells = self.firms.cells.len();
        let taken = &self.taken[d * cells..(d + 1) * cells];
        let taken: u64 = taken.iter().map(|n| u64::from(*n)).sum();
        taken as f64 / self.firms.len().max(1) as f64
    }

    /// Benefit of region `i`: m_i · Σ_d γ_d · u_id.
    pub fn benefit(&self, weight: f64, i: PlaceId) -> f64 {
        let of = |(d, gamma): (usize, &f64)| gamma * self.uptake(d, i).unwrap_or(0.0);
        weight * self.firms.benefit.iter().enumerate().map(of).sum::<f64>()
    }

    /// Bytes that this state takes.
    pub fn bytes(&self) -> usize {
        self.pieces.iter().flatten().map(Piece::bytes).sum()
    }
}

fn of_size(firms: &Firms, c: usize) -> f64 {
    firms.sizes[usize::from(firms.cells.size[c])].size
}
