//! From text ids to positions, fast enough for ten million links.

use std::hash::BuildHasher;

use bytemuck::{Pod, Zeroable};
use foldhash::fast::FixedState;
use prefetch_index::prefetch_index;
use smol_str::SmolStr;

use crate::large::List;

/// Longest id that a slot holds itself, in bytes.
const SHORT: usize = 11;

/// What a slot has of an id: its bytes and its length, or its hash where it is long.
type Key = (u64, u32);

/// An id and its position.
#[derive(Clone, Copy, Debug, Pod, Zeroable)]
#[repr(C)]
struct Slot {
    /// Its key.
    word: u64,
    rest: u32,
    /// One more than its position; 0 where the slot is free.
    next: u32,
}

impl Slot {
    const fn position(self) -> Option<u32> {
        self.next.checked_sub(1)
    }
}

/// Ids with their positions: an open-addressing table that is never walked, so that its inner order
/// cannot reach a result. To look up a short id is to look at one line of memory.
#[derive(Clone, Debug, Default)]
pub struct Ids {
    names: Vec<SmolStr>,
    slots: List<Slot>,
}

impl Ids {
    /// The position of an id.
    pub fn get(&self, id: &str) -> Option<u32> {
        if self.slots.is_empty() {
            return None;
        }
        self.slots[self.slot(id, key(id))].position()
    }

    /// Asks for the memory in which an id is, so that it is there when [`Self::get`] looks.
    pub fn prefetch(&self, id: &str) {
        if !self.slots.is_empty() {
            prefetch_index(&*self.slots, self.first(key(id)));
        }
    }

    /// Adds an id and returns its position; an error holds the position of the same id seen before.
    pub fn insert(&mut self, id: &str) -> Result<u32, u32> {
        if self.names.len() * 2 >= self.slots.len() {
            self.grow();
        }
        let (word, rest) = key(id);
        let slot = self.slot(id, (word, rest));
        if let Some(position) = self.slots[slot].position() {
            return Err(position);
        }
        #[expect(clippy::cast_possible_truncation, reason = "a table has fewer rows")]
        let position = self.names.len() as u32;
        self.slots[slot] = Slot {
            word,
            rest,
            next: position + 1,
        };
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

    /// Doubles the slots. Those that are full go over in their order, which is nearly that of their new places.
    fn grow(&mut self) {
        let size = (self.slots.len() * 2).max(16);
        let old = std::mem::replace(&mut self.slots, List::cleared(size));
        for slot in old.iter().filter(|slot| slot.next != 0) {
            let mut at = self.first((slot.word, slot.rest));
            while self.slots[at].next != 0 {
                at = (at + 1) & (size - 1);
            }
            self.slots[at] = *slot;
        }
    }

    /// Where the search for an id begins: the same in every run and for any number of threads. The number of slots is
    /// a power of two.
    fn first(&self, key: Key) -> usize {
        let hash = FixedState::default().hash_one(key);
        #[expect(clippy::cast_possible_truncation, reason = "only the low bits count")]
        let hash = hash as usize;
        hash & (self.slots.len() - 1)
    }

    /// The slot of an id, or the free slot where it belongs. At most half of them are full.
    fn slot(&self, id: &str, key: Key) -> usize {
        let slots = &*self.slots;
        let mut at = self.first(key);
        loop {
            let slot = slots[at];
            let same = (slot.word, slot.rest) == key;
            match slot.position() {
                None => return at,
                Some(_) if same && id.len() <= SHORT => return at,
                Some(position) if same && self.names[position as usize] == id => return at,
                Some(_) => at = (at + 1) & (slots.len() - 1),
            }
        }
    }
}

/// The key of an id. Short ids have the same only if they are the same.
fn key(id: &str) -> Key {
    let bytes = id.as_bytes();
    let four = |bytes: &[u8; 4]| u64::from(u32::from_le_bytes(*bytes));
    let length = (bytes.len() as u32) << 24;
    if bytes.len() > SHORT {
        return (FixedState::default().hash_one(id), u32::MAX);
    }
    // Read in whole words, which overlap where the id does not fill them: faster than a copy of so many bytes.
    match (bytes.first_chunk(), bytes.first_chunk(), bytes.last_chunk()) {
        (Some(eight), _, Some(last)) => {
            let rest = four(last) >> (8 * (SHORT + 1 - bytes.len()));
            (u64::from_le_bytes(*eight), rest as u32 | length)
        }
        (None, Some(first), Some(last)) => (four(first) | four(last) << 32, length),
        _ => (
            bytes.iter().fold(0, |word, b| word << 8 | u64::from(*b)),
            length,
        ),
    }
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

    /// Short ids of every length, which differ in one byte or in their length alone, have keys of their own.
    #[test]
    fn no_two_short_ids_have_one_key() {
        let one = |length: usize, at: usize| {
            let mut id = vec![b'a'; length];
            id.get_mut(at).into_iter().for_each(|b| *b = b'b');
            String::from_utf8(id).unwrap()
        };
        let all = (0..=SHORT).flat_map(|length| (0..=length).map(move |at| one(length, at)));
        let keys: Vec<Key> = all.map(|id| key(&id)).collect();
        let mut different = keys.clone();
        different.sort_unstable();
        different.dedup();
        assert_eq!(different.len(), keys.len());
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
