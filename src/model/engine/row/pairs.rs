//! The states of all pairs (i, k) of a replicate, row after row, in one piece of memory.
//!
//! A month touches them in disorder. They are found without asking anything else, and lie in huge pages where the
//! system has them.

use std::cell::Cell;

use bytemuck::{Pod, Zeroable, cast_slice, cast_slice_mut};
use memmap2::MmapMut;
use multiversion::multiversion;
use prefetch_index::prefetch_index;
use rayon::prelude::*;

use crate::large::mapped;
use crate::model::engine::OutOfMemory;
use crate::model::engine::fetch::fetch_run;
use crate::model::engine::trend::{MonthEnd, Trend};
use crate::world::id::Number;
use crate::world::{InnovationId, NEVER, PlaceId};

use super::GROUP;

/// The state of (i, k), side by side because it is read and written together.
#[derive(Clone, Copy, Debug, Pod, Zeroable)]
#[repr(C)]
pub struct Pair {
    /// Σ_j W_ij,d · R_j · 1\[adopted at j\], in ticks, with what replications add where that makes it the rate
    /// ([`crate::model::engine::unit::Unit::linear`]). Means nothing where i cannot adopt k any more.
    pub(super) exposure: i64,
    /// θ_ik less the backward extension of H_ik, in ticks of the row's unit.
    pub(super) left: i64,
}

/// Places of a part of a row: their pairs, and what is told to them, stay in a core's cache.
pub const BLOCK: usize = 1 << 14;

/// First months that are compared at once: the bits of a word.
const CHUNK: usize = 64;

/// Pairs of an audience that are fetched ahead.
const AHEAD: usize = 256;

/// Memory is read in order so many times as fast as in disorder, a pair at a time.
const FEW: usize = 4;

thread_local! {
    /// The memory of the last replicate: to get it anew, cleared, takes a thirtieth of a run.
    static SPARE: Cell<Option<MmapMut>> = const { Cell::new(None) };
}

/// The pairs of all rows.
#[derive(Debug)]
pub struct Pairs {
    memory: MmapMut,
    /// Number of the row of each innovation that has one.
    row: Vec<u32>,
    rows: u32,
    /// Bytes of the pairs of a row, and of all of it.
    pairs_bytes: usize,
    row_bytes: usize,
}

/// What is kept of the pairs of a row.
#[derive(Debug)]
pub struct PairsMut<'a> {
    /// The first of the places; 0 but for a part of a row.
    pub(super) from: usize,
    /// By place, and more up to whole groups.
    pub(super) pairs: &'a mut [Pair],
    /// A month not after the first in which one of each [`GROUP`] places adopts if nothing changes; the
    /// number of months if that is not within the run. More of those up to a whole cache line.
    pub(super) first: &'a mut [u16],
}

impl Pairs {
    /// Room for `rows` of so many places, for some of so many innovations.
    ///
    /// # Errors
    /// The system has no memory for them.
    pub fn new(innovations: usize, rows: usize, places: usize) -> Result<Self, OutOfMemory> {
        let groups = places.div_ceil(GROUP);
        let pairs_bytes = groups * GROUP * size_of::<Pair>();
        // Rows begin with a cache line.
        let first_bytes = groups * size_of::<u16>();
        let row_bytes = (pairs_bytes + first_bytes).next_multiple_of(64);
        let bytes = rows.saturating_mul(row_bytes);
        // With room for a replicate that has somewhat more, but not for a much smaller world.
        let most = bytes.saturating_add(bytes / 4);
        let spare = SPARE.take();
        let spare = spare.filter(|spare| (bytes..=most).contains(&spare.len()));
        let memory = match spare {
            Some(memory) => memory,
            None => {
                let bytes = bytes.saturating_add(bytes / 8);
                mapped(bytes).map_err(|_| OutOfMemory { bytes })?
            }
        };
        Ok(Self {
            memory,
            row: vec![u32::MAX; innovations],
            rows: 0,
            pairs_bytes,
            row_bytes,
        })
    }

    /// Leaves the memory to the next replicate on this thread.
    pub fn leave(self) {
        SPARE.set(Some(self.memory));
    }

    /// A row for innovation `k`, which may hold anything.
    pub fn add(&mut self, k: InnovationId) -> PairsMut<'_> {
        self.row[k] = self.rows;
        self.rows += 1;
        self.of_mut(k)
    }

    /// Bytes of the rows.
    pub fn bytes(&self) -> usize {
        self.rows as usize * self.row_bytes
    }

    #[inline(always)]
    fn start(&self, k: InnovationId) -> usize {
        self.row[k] as usize * self.row_bytes
    }

    /// The row of innovation `k`.
    #[inline(always)]
    pub fn of_mut(&mut self, k: InnovationId) -> PairsMut<'_> {
        let start = self.start(k);
        let row = &mut self.memory[start..start + self.row_bytes];
        let (pairs, first) = row.split_at_mut(self.pairs_bytes);
        PairsMut {
            from: 0,
            pairs: cast_slice_mut(pairs),
            first: cast_slice_mut(first),
        }
    }

    /// The pair of innovation `k` and place `i`.
    pub(super) fn pair(&self, k: InnovationId, i: PlaceId) -> Pair {
        let start = self.start(k);
        cast_slice(&self.memory[start..start + self.pairs_bytes])[i]
    }

    /// Has what changes with the exposure of place `i` fetched.
    #[inline(always)]
    pub fn fetch(&self, k: InnovationId, i: PlaceId) {
        let start = self.start(k);
        prefetch_index(&*self.memory, start + i.index() * size_of::<Pair>());
        prefetch_index(
            &*self.memory,
            start + self.pairs_bytes + i.index() / GROUP * size_of::<u16>(),
        );
    }

    /// Has the pairs of an audience fetched.
    #[inline(always)]
    pub fn fetch_all(&self, k: InnovationId, listeners: &[PlaceId]) {
        let start = self.start(k);
        for i in listeners.iter().take(AHEAD) {
            prefetch_index(&*self.memory, start + i.index() * size_of::<Pair>());
        }
    }

    /// Has the pairs of a group fetched.
    #[inline(always)]
    pub fn fetch_group(&self, k: InnovationId, g: u32) {
        let bytes = GROUP * size_of::<Pair>();
        let start = self.start(k) + g as usize * bytes;
        fetch_run(&self.memory, start..start + bytes);
    }

    /// Has the first months fetched; of a large row, as much as is read in order anyway.
    #[inline(always)]
    pub fn fetch_first(&self, k: InnovationId) {
        let start = self.start(k);
        fetch_run(
            &self.memory,
            start + self.pairs_bytes..start + self.row_bytes,
        );
    }
}

impl<'a> PairsMut<'a> {
    /// The row in parts of [`BLOCK`] places, in order.
    pub fn parts(self) -> impl IndexedParallelIterator<Item = PairsMut<'a>> {
        let pairs = self.pairs.par_chunks_mut(BLOCK);
        let firsts = self.first.par_chunks_mut(BLOCK / GROUP);
        let parts = pairs.zip(firsts).enumerate();
        parts.map(|(part, (pairs, first))| PairsMut {
            from: part * BLOCK,
            pairs,
            first,
        })
    }

    /// Has the pairs fetched that so many changes are about to hit in disorder, if these are so many that reading all in
    /// order is less to wait for.
    #[inline(always)]
    pub fn fetch_if_many(&self, changes: usize) {
        if changes * FEW > self.pairs.len() {
            for at in (0..self.pairs.len()).step_by(64 / size_of::<Pair>()) {
                prefetch_index(&*self.pairs, at);
            }
        }
    }

    /// Has the pairs of places fetched, which are counted from the first.
    #[inline(always)]
    pub fn fetch_each(&self, places: &[impl Number]) {
        for i in places {
            prefetch_index(&*self.pairs, i.index());
        }
    }

    /// Has the pairs of a group fetched, which is counted from the first.
    #[inline(always)]
    pub fn fetch_group(&self, g: u32) {
        let start = g as usize * GROUP;
        fetch_run(self.pairs, start..start + GROUP);
    }

    /// Calls `found` for the groups in which somebody may adopt in month `t`, in order, counted from the first.
    #[inline(always)]
    pub fn early_groups(&self, t: u16, mut found: impl FnMut(u32)) {
        for_early(self.first, t, |g| found(g as u32));
    }

    /// A month not after the first in which somebody will adopt, when [`super::Row::due`] is done.
    #[inline(always)]
    pub fn earliest(&self) -> u16 {
        self.first.iter().copied().fold(NEVER, u16::min)
    }

    /// Whether place `i`, which adopts at `rate`, is due earlier than all of its group until now.
    #[inline(always)]
    fn is_early(&self, i: usize, rate: i64) -> bool {
        let left = self.pairs[i].left;
        Trend { left, rate }.within(self.first[i / GROUP])
    }

    /// Keeps the month in which place `i` is due, whose rate is `rate` from month `next` on. Gives it, or the one
    /// before it.
    #[inline(always)]
    pub(super) fn keep(&mut self, i: usize, rate: i64, next: u16) -> u16 {
        let left = self.pairs[i].left;
        // Who adopts in this very month may seem due again.
        let due = Trend { left, rate }.earliest().max(next);
        let first = &mut self.first[i / GROUP];
        *first = due.min(*first);
        due
    }

    /// Puts a pair on the line that it has from the end of a month on: its rate was `old` and is `new`. Gives the
    /// month to which the row's first month has to be lowered, or [`NEVER`].
    #[inline(always)]
    pub(super) fn turn(&mut self, i: usize, old: i64, new: i64, end: &MonthEnd) -> u16 {
        self.pairs[i].left += (new - old) * end.back(PlaceId::new(self.from + i));
        if self.is_early(i, new) {
            self.keep(i, new, end.next)
        } else {
            NEVER
        }
    }
}

/// Calls `found` for the positions of the months that are not after `t`, in order.
#[inline(always)]
pub fn for_early(months: &[u16], t: u16, mut found: impl FnMut(usize)) {
    let (chunks, rest) = months.as_chunks::<CHUNK>();
    let mut last = [NEVER; CHUNK];
    last[..rest.len()].copy_from_slice(rest);
    let last = (!rest.is_empty()).then_some(&last);
    for (c, chunk) in chunks.iter().chain(last).enumerate() {
        let mut early = not_after(chunk, t);
        while early != 0 {
            found(c * CHUNK + early.trailing_zeros() as usize);
            early &= early - 1;
        }
    }
}

/// Which months are not after `t`.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl", "x86_64+avx2"))]
fn not_after(months: &[u16; CHUNK], t: u16) -> u64 {
    not_after_plain(months, t)
}

#[inline(always)]
fn not_after_plain(months: &[u16; CHUNK], t: u16) -> u64 {
    let mut bits = 0;
    for (n, month) in months.iter().enumerate() {
        bits |= u64::from(*month <= t) << n;
    }
    bits
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vectors::{Dice, versions};

    #[test]
    fn every_instruction_set_finds_the_same_early_months() {
        let mut dice = Dice::new(1);
        for _ in 0..2000 {
            let t = [dice.bits() as u16, 0, 1, 0x7FFF, 0x8000, NEVER - 1, NEVER];
            let t = dice.of(&t);
            let mut near = [0; CHUNK];
            for month in &mut near {
                let random = dice.bits() as u16;
                *month = dice.of(&[
                    random,
                    t,
                    t.saturating_add(1),
                    t.saturating_sub(1),
                    0,
                    NEVER,
                ]);
            }
            let expected: u64 = (0..CHUNK).map(|n| u64::from(near[n] <= t) << n).sum();
            assert_eq!(not_after(&near, t), expected);
            for (name, version) in
                versions!(|months: &[u16; CHUNK], t: u16| -> u64 { not_after_plain(months, t) })
            {
                assert_eq!(version(&near, t), expected, "{name}");
            }
        }
    }

    #[test]
    fn too_many_pairs_are_an_error() {
        for rows in [1 << 30, usize::MAX] {
            assert!(Pairs::new(1, rows, 1 << 20).is_err());
        }
    }

    #[test]
    fn early_months_are_found_in_order() {
        for length in [0, 1, 63, 64, 65, 130] {
            let months: Vec<u16> = (0..length).map(|n| n * 37 % 90).collect();
            for t in [0, 1, 40, 89] {
                let mut found = Vec::new();
                for_early(&months, t, |n| found.push(n));
                let early = |n: &usize| months[*n] <= t;
                assert_eq!(found, (0..months.len()).filter(early).collect::<Vec<_>>());
            }
        }
    }
}
