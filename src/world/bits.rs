//! Sets of places as words of bits.

use std::marker::PhantomData;

use super::id::{Number, PlaceId};

/// A set of small numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bits<N = PlaceId>(Vec<u64>, PhantomData<N>);

impl<N> Default for Bits<N> {
    fn default() -> Self {
        Self(Vec::new(), PhantomData)
    }
}

impl<N: Number> Bits<N> {
    /// The empty set within 0..n.
    pub fn new(n: usize) -> Self {
        Self(vec![0; n.div_ceil(64)], PhantomData)
    }

    /// All of 0..n, with what fills the last word up.
    pub fn full(n: usize) -> Self {
        Self(vec![!0; n.div_ceil(64)], PhantomData)
    }

    /// Whether `i` is in the set.
    #[inline(always)]
    pub fn has(&self, i: N) -> bool {
        let i = i.index();
        self.0[i >> 6] >> (i & 63) & 1 == 1
    }

    /// Puts `i` in.
    #[inline(always)]
    pub fn put(&mut self, i: N) {
        let i = i.index();
        self.0[i >> 6] |= 1 << (i & 63);
    }

    /// Takes `i` out.
    #[inline(always)]
    pub fn take(&mut self, i: N) {
        let i = i.index();
        self.0[i >> 6] &= !(1 << (i & 63));
    }

    /// Empties the set.
    pub fn clear(&mut self) {
        self.0.fill(0);
    }

    /// Adds every member of `other`.
    pub fn join(&mut self, other: &Self) {
        for (a, b) in self.0.iter_mut().zip(&other.0) {
            *a |= b;
        }
    }

    /// Whether the two sets share a member.
    pub fn meets(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).any(|(a, b)| a & b != 0)
    }

    /// Number of members.
    pub fn count(&self) -> usize {
        self.0.iter().map(|w| w.count_ones() as usize).sum()
    }

    /// The words.
    #[inline(always)]
    pub fn words(&self) -> &[u64] {
        &self.0
    }

    /// The words, to change.
    #[inline(always)]
    pub fn words_mut(&mut self) -> &mut [u64] {
        &mut self.0
    }

    /// Members in ascending order.
    pub fn iter(&self) -> impl Iterator<Item = N> + '_ {
        let words = self.0.iter().enumerate();
        let members = words.flat_map(|(w, &word)| Ones { word, base: w * 64 });
        members.map(N::of)
    }
}

struct Ones {
    word: u64,
    base: usize,
}

impl Iterator for Ones {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        if self.word == 0 {
            return None;
        }
        let bit = self.word.trailing_zeros() as usize;
        self.word &= self.word - 1;
        Some(self.base + bit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_come_in_order() {
        let mut set = Bits::<usize>::new(200);
        for i in [150, 3, 64, 63] {
            set.put(i);
        }
        set.take(64);
        assert_eq!(set.iter().collect::<Vec<_>>(), [3, 63, 150]);
        assert_eq!(set.count(), 3);
        assert!(set.has(63) && !set.has(64));
        let mut other = Bits::new(200);
        other.put(150);
        assert!(set.meets(&other));
    }
}
