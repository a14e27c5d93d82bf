//! From text ids to positions, fast enough for ten million links.

use std::hash::BuildHasher;

use foldhash::fast::FixedState;
use smol_str::SmolStr;

/// A slot: the upper half of the id's hash, and its position.
type Slot = (u32, u32);

const EMPTY: u32 = u32::MAX;

/// Ids with their positions: an open-addressing table that is never walked, so that its inner order
/// cannot reach a result. Most look-ups touch two lines of memory, the slot and the id.
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
        let (_, position) = self.slots[self.slot(id, hash(id))];
        (position != EMPTY).then_some(position)
    }

    /// Adds an id and returns its position; an error holds the position of the same id seen before.
    pub fn insert(&mut self, id: &str) -> Result<u32, u32> {
        if self.names.len() * 2 >= self.slots.len() {
            self.grow();
        }
        let hash = hash(id);
        let slot = self.slot(id, hash);
        if self.slots[slot].1 != EMPTY {
            return Err(self.slots[slot].1);
        }
        #[expect(clippy::cast_possible_truncation, reason = "a table has fewer rows")]
        let position = self.names.len() as u32;
        self.slots[slot] = (tag(hash), position);
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
        self.slots = vec![(0, EMPTY); size];
        for position in 0..self.names.len() {
            let name = &self.names[position];
            let hash = hash(name);
            let slot = self.slot(name, hash);
            #[expect(clippy::cast_possible_truncation, reason = "inserted as u32 before")]
            {
                self.slots[slot] = (tag(hash), position as u32);
            }
        }
    }

    /// The slot of an id, or the free slot where it belongs. The size is a power of two and at most
    /// half full.
    fn slot(&self, id: &str, hash: u64) -> usize {
        let mask = self.slots.len() - 1;
        #[expect(clippy::cast_possible_truncation, reason = "only the low bits count")]
        let mut slot = hash as usize & mask;
        loop {
            match self.slots[slot] {
                (_, EMPTY) => return slot,
                (its, position) if its == tag(hash) && self.names[position as usize] == id => {
                    return slot;
                }
                _ => slot = (slot + 1) & mask,
            }
        }
    }
}

/// The same in every run, on every machine of one word size.
fn hash(id: &str) -> u64 {
    FixedState::default().hash_one(id)
}

const fn tag(hash: u64) -> u32 {
    (hash >> 32) as u32
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
}
