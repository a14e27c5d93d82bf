//! Which innovations each place has, and which it can no longer take up: the rows turned round.
//!
//! When a link j → i changes its weight, this gives at once the innovations for which it matters:
//! those of the domain that j has and i can still take up.

use crate::world::{Bits, NEVER, World};

/// Sets of innovations by place and by domain.
#[derive(Clone, Debug)]
pub struct Holders {
    held: Vec<Bits>,
    settled: Vec<Bits>,
    implemented: Vec<Bits>,
    /// Whether weights can change in this world at all; nothing is kept where they cannot.
    kept: bool,
}

impl Holders {
    /// Nobody has any of `count` innovations.
    pub fn new(world: &World, count: usize) -> Self {
        let kept = world.weights_change();
        let places = if kept { world.places.len() } else { 0 };
        let mut settled = vec![Bits::new(count); places];
        for (set, open) in settled.iter_mut().zip(&world.places.open) {
            if *open == NEVER {
                set.words_mut().fill(!0);
            }
        }
        Self {
            held: vec![Bits::new(count); places],
            settled,
            implemented: vec![Bits::new(count); world.domains.len()],
            kept,
        }
    }

    /// Innovation `k` of domain `d` is implemented.
    pub fn implement(&mut self, k: usize, d: usize) {
        self.implemented[d].put(k);
    }

    /// Place `i` takes `k` up.
    #[inline(always)]
    pub fn adopt(&mut self, i: usize, k: usize) {
        if self.kept {
            self.held[i].put(k);
            self.settled[i].put(k);
        }
    }

    /// Place `i` gives `k` up.
    pub fn abandon(&mut self, i: usize, k: usize) {
        if self.kept {
            self.held[i].take(k);
        }
    }

    /// Calls `found` for the innovations of domain `d` that `source` has and `listener` can take up.
    #[inline(always)]
    pub fn between(&self, d: usize, source: usize, listener: usize, mut found: impl FnMut(usize)) {
        let held = self.held[source].words();
        let settled = self.settled[listener].words();
        let implemented = self.implemented[d].words();
        for (w, ((held, settled), of_domain)) in
            held.iter().zip(settled).zip(implemented).enumerate()
        {
            let mut word = held & !settled & of_domain;
            while word != 0 {
                found(w * 64 + word.trailing_zeros() as usize);
                word &= word - 1;
            }
        }
    }
}
