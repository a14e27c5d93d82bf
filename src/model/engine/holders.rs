//! Which innovations each place has, and which it can no longer take up: the rows turned round.
//!
//! When a link j → i changes its weight, this gives at once the innovations for which it matters:
//! those of the domain that j has and i can still take up.

use prefetch_index::prefetch_index;

use crate::world::{Bits, InnovationId, NEVER, PlaceId, World};

use crate::model::point::Innovation;

/// Sets of innovations by place. Within a set, the innovations of a domain stand together, each
/// domain beginning with a word of its own.
#[derive(Clone, Debug)]
pub struct Holders {
    held: Vec<Bits<usize>>,
    settled: Vec<Bits<usize>>,
    /// Where each innovation stands.
    position: Vec<u32>,
    /// The innovation at each position; where nothing stands, any.
    innovation: Vec<InnovationId>,
    /// First word of each domain, D + 1.
    start: Vec<usize>,
}

impl Holders {
    /// Nobody has any of the innovations. Nothing is kept where weights cannot change.
    pub fn new(world: &World, innovations: &[Innovation]) -> Self {
        let kept = world.weights_change();
        let (mut start, mut innovation) = (vec![0], Vec::new());
        let mut position = vec![0; innovations.len()];
        for d in (0..world.domains.len() as u32).filter(|_| kept) {
            for (k, _) in innovations
                .iter()
                .enumerate()
                .filter(|(_, k)| k.domain == d)
            {
                position[k] = innovation.len() as u32;
                innovation.push(InnovationId::new(k));
            }
            let whole = innovation.len().next_multiple_of(64);
            innovation.resize(whole, InnovationId::new(0));
            start.push(innovation.len() / 64);
        }
        let places = if kept { world.places.len() } else { 0 };
        let none = Bits::new(innovation.len());
        let mut settled = vec![none.clone(); places];
        for (set, open) in settled.iter_mut().zip(&world.places.open) {
            if *open == NEVER {
                set.words_mut().fill(!0);
            }
        }
        Self {
            held: vec![none; places],
            settled,
            position,
            innovation,
            start,
        }
    }

    /// Has fetched what changes when place `i` takes `k` up.
    #[inline(always)]
    pub fn fetch(&self, i: PlaceId, k: InnovationId) {
        if let (Some(held), Some(settled)) = (self.held.get(i.index()), self.settled.get(i.index()))
        {
            let word = self.position[k] as usize / 64;
            prefetch_index(held.words(), word);
            prefetch_index(settled.words(), word);
        }
    }

    /// Place `i` takes `k` up.
    #[inline(always)]
    pub fn adopt(&mut self, i: PlaceId, k: InnovationId) {
        if let Some(held) = self.held.get_mut(i.index()) {
            held.put(self.position[k] as usize);
        }
        if let Some(settled) = self.settled.get_mut(i.index()) {
            settled.put(self.position[k] as usize);
        }
    }

    /// Place `i` gives `k` up.
    pub fn abandon(&mut self, i: PlaceId, k: InnovationId) {
        if let Some(held) = self.held.get_mut(i.index()) {
            held.take(self.position[k] as usize);
        }
    }

    /// Place `i` has nothing any more and takes nothing up.
    pub fn close(&mut self, i: PlaceId) {
        if let (Some(held), Some(settled)) = (
            self.held.get_mut(i.index()),
            self.settled.get_mut(i.index()),
        ) {
            held.words_mut().fill(0);
            settled.words_mut().fill(!0);
        }
    }

    /// Calls `found` for the innovations of domain `d` that `source` has and `listener` can take up.
    #[inline(always)]
    pub fn between(
        &self,
        d: usize,
        source: PlaceId,
        listener: PlaceId,
        mut found: impl FnMut(InnovationId),
    ) {
        let words = self.start[d]..self.start[d + 1];
        let held = &self.held[source].words()[words.clone()];
        let settled = &self.settled[listener].words()[words.clone()];
        for (w, (held, settled)) in words.zip(held.iter().zip(settled)) {
            let mut word = held & !settled;
            while word != 0 {
                found(self.innovation[w * 64 + word.trailing_zeros() as usize]);
                word &= word - 1;
            }
        }
    }
}
