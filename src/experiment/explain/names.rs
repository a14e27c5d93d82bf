//! The names that two worlds share: mechanisms, corridors, innovations. Numbers of mechanisms,
//! alliances and corridors may differ between two layouts; ids do not.

use std::ops::RangeInclusive;

use crate::model::Mechanisms;
use crate::world::mechanism::Id;
use crate::world::{PlaceId, World};

/// Name of an innovation in both worlds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Item {
    /// Place of the origin zone.
    pub origin: PlaceId,
    /// Serial number there, from 1.
    pub serial: u32,
}

/// A mechanism in both worlds (model §7.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mechanism {
    /// Which.
    pub id: Id,
    /// Which of several: position in [`Names::each`].
    pub which: u16,
}

impl Mechanism {
    /// From the first to the last.
    pub const ALL: RangeInclusive<Self> = RangeInclusive::new(
        Self {
            id: Id::ALL[0],
            which: 0,
        },
        Self {
            id: Id::ALL[Id::ALL.len() - 1],
            which: u16::MAX,
        },
    );
}

/// Ids of both worlds together.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// By mechanism: the ids of those there are several of. Those of the first world, then those that only the second
    /// has; alliances by id.
    each: Vec<Vec<String>>,
    /// Corridors: those of the first world, then those that only the second has.
    pub corridors: Vec<String>,
    mechanisms: [Vec<Mechanism>; 2],
    corridor_of: [Vec<u32>; 2],
}

impl Names {
    /// Of two worlds.
    pub fn new(worlds: [&World; 2]) -> Self {
        let each = Id::ALL.iter().map(|id| {
            let of = |world| id.get().each.map_or_else(Vec::new, |each| each(world));
            let mut all = joined(&of(worlds[0]), &of(worlds[1]));
            if *id == Id::Alliance {
                all.sort();
            }
            all
        });
        let ids = |w: &World| w.corridors.iter().map(|c| c.id.clone()).collect::<Vec<_>>();
        let mut names = Self {
            each: each.collect(),
            corridors: joined(&ids(worlds[0]), &ids(worlds[1])),
            ..Self::default()
        };
        names.mechanisms = worlds.map(|w| names.of_world(w));
        names.corridor_of = worlds.map(|w| {
            let at = |c: &String| position(&names.corridors, c).unwrap_or(0);
            ids(w).iter().map(|c| u32::from(at(c))).collect()
        });
        names
    }

    fn of_world(&self, world: &World) -> Vec<Mechanism> {
        let known = Mechanisms::new(world);
        let name = |(id, n): &(Id, usize)| {
            let each = id.get().each.map_or_else(Vec::new, |each| each(world));
            let at = each.get(*n).and_then(|one| position(self.each(*id), one));
            let which = at.unwrap_or(0);
            Mechanism { id: *id, which }
        };
        known.which.iter().map(name).collect()
    }

    /// The ids of those there are several of.
    fn each(&self, id: Id) -> &[String] {
        &self.each[id as usize]
    }

    /// The mechanism with number `number` in world `side`.
    pub fn mechanism(&self, side: usize, number: usize) -> Mechanism {
        self.mechanisms[side][number]
    }

    /// Which of several a mechanism is: the id of a layer, of an alliance; empty where there is one.
    pub fn which(&self, mechanism: Mechanism) -> &str {
        let each = self.each(mechanism.id);
        each.get(usize::from(mechanism.which))
            .map_or("", String::as_str)
    }

    /// Position in [`Names::corridors`] of corridor `number` of world `side`.
    pub fn corridor(&self, side: usize, number: usize) -> u32 {
        self.corridor_of[side].get(number).copied().unwrap_or(0)
    }

    /// Number in world `side` of the corridor at a position of [`Names::corridors`].
    pub fn corridor_number(&self, side: usize, corridor: u32) -> Option<usize> {
        self.corridor_of[side].iter().position(|c| *c == corridor)
    }

    /// Name of a mechanism, as in the tables of a run.
    pub fn id(&self, mechanism: Mechanism) -> String {
        format!("{}{}", mechanism.id.get().name, self.which(mechanism))
    }
}

fn joined(a: &[String], b: &[String]) -> Vec<String> {
    let more = b.iter().filter(|id| !a.contains(id));
    a.iter().chain(more).cloned().collect()
}

fn position(list: &[String], id: &str) -> Option<u16> {
    list.iter().position(|known| known == id).map(|n| n as u16)
}
