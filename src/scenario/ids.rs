//! From text ids to positions, fast enough for ten million links.

use std::hash::BuildHasher;

use foldhash::fast::FixedState;
use prefetch_index::prefetch_index;
use smol_str::SmolStr;

/// Longest id that a slot holds itself, in bytes.
const SHORT: usize = 11;
const EMPTY: u32 = u32::MAX;

/// An id and its position. Of a long id the slot has the hash.
#[derive(Clone, Copy, Debug)]
struct Slot {
    key: [u8; SHORT + 1],
    position: u32,
}

/// Ids with their positions: an open-addressing table that is never walked, so that its inner order
/// cannot reach a result. To look up a short id is to look at one line of memory.
#[derive(Clone, Debug, Default)]
pub struct Ids {
    names: Vec<SmolStr>,
    slots: Vec<Slot>,
}

impl Ids {
    /// The position of an id.
    pub fn get(&self, id: &str) -> Option<u32> {
        if self.slots.is_empty() {
            return None;
        }
        let hash = hash(id);
        let position = self.slots[self.slot(id, hash, key(id, hash))].position;
        (position != EMPTY).then_some(position)
    }

    /// Asks for the memory in which an id is, so that it is there when [`Self::get`] looks.
    pub fn prefetch(&self, id: &str) {
        if !self.slots.is_empty() {
            prefetch_index(&self.slots, self.first(hash(id)));
        }
    }

    /// Adds an id and returns its position; an error holds the position of the same id seen before.
    pub fn insert(&mut self, id: &str) -> Result<u32, u32> {
        if self.names.len() * 2 >= self.slots.len() {
            self.grow();
        }
        let hash = hash(id);
        let key = key(id, hash);
        let slot = self.slot(id, hash, key);
        if self.slots[slot].position != EMPTY {
            return Err(self.slots[slot].position);
        }
        #[expect(clippy::cast_possible_truncation, reason = "a table has fewer rows")]
        let position = self.names.len() as u32;
        self.slots[slot] = Slot { key, position };
        self.names.push(id.into());
        Ok(position)
    }

    /// The ids in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(SmolStr::as_str)
    }

    /// The id at a position; empty when there is none.
    pub fn name(&self, position: u32) -> &str {
        self.names.get(position as usize).map_or("", |name| name)
    }

    /// How many ids there are.
    pub const fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    fn grow(&mut self) {
        let size = (self.slots.len() * 2).max(16);
        let free = Slot {
            key: [0; SHORT + 1],
            position: EMPTY,
        };
        self.slots = vec![free; size];
        for position in 0..self.names.len() {
            let name = &self.names[position];
            let hash = hash(name);
            let key = key(name, hash);
            let slot = self.slot(name, hash, key);
            #[expect(clippy::cast_possible_truncation, reason = "inserted as u32 before")]
            let position = position as u32;
            self.slots[slot] = Slot { key, position };
        }
    }

    /// Where the search for an id begins. The number of slots is a power of two.
    fn first(&self, hash: u64) -> usize {
        #[expect(clippy::cast_possible_truncation, reason = "only the low bits count")]
        let hash = hash as usize;
        hash & (self.slots.len() - 1)
    }

    /// The slot of an id, or the free slot where it belongs. At most half of them are full.
    fn slot(&self, id: &str, hash: u64, key: [u8; SHORT + 1]) -> usize {
        let mut at = self.first(hash);
        loop {
            let slot = &self.slots[at];
            let same = slot.key == key && slot.position != EMPTY;
            if slot.position == EMPTY
                || same && (id.len() <= SHORT || self.names[slot.position as usize] == id)
            {
                return at;
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
    }
}

/// The same in every run and for any number of threads.
fn hash(id: &str) -> u64 {
    FixedState::default().hash_one(id)
}

/// What a slot has of an id: itself and its length, or its hash where it is long.
fn key(id: &str, hash: u64) -> [u8; SHORT + 1] {
    let mut key = [0; SHORT + 1];
    match id.len() {
        length @ ..=SHORT => {
            key[..length].copy_from_slice(id.as_bytes());
            key[SHORT] = length as u8;
        }
        _ => {
            key[..8].copy_from_slice(&hash.to_le_bytes());
            key[SHORT] = u8::MAX;
        }
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_keep_their_positions() {
        let mut ids = Ids::default();
        assert_eq!(ids.get("x"), None);
        for i in 0..1000_u32 {
            assert_eq!(ids.insert(&format!("p{i}")), Ok(i));
        }
        assert_eq!(ids.insert("p7"), Err(7));
        assert_eq!((ids.get("p999"), ids.get("p1000")), (Some(999), None));
        assert_eq!((ids.name(12), ids.len()), ("p12", 1000));
        assert_eq!(ids.names().nth(3), Some("p3"));
    }

    /// Ids around the length that a slot holds, some of them the beginnings of others.
    #[test]
    fn long_and_short_ids_are_told_apart() {
        let mut ids = Ids::default();
        let all: Vec<String> = (0..40).map(|n| "x".repeat(n)).collect();
        for (n, id) in (0..).zip(&all) {
            assert_eq!(ids.insert(id), Ok(n));
        }
        for (n, id) in (0..).zip(&all) {
            assert_eq!((ids.get(id), ids.insert(id)), (Some(n), Err(n)));
        }
        assert_eq!(ids.get("xxxxxxxxxxxxxxxxxxxy"), None);
        assert_eq!(ids.get("xx\0"), None);
    }
}
