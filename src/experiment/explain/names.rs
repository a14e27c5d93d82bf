//! The names that two worlds share: mechanisms, corridors, innovations. Numbers of mechanisms,
//! alliances and corridors may differ between two layouts; ids do not.

use std::ops::RangeInclusive;

use crate::model::{Innovation, Mechanisms};
use crate::world::mechanism::Id;
use crate::world::{PlaceId, World};

/// Name of an innovation in both worlds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Item {
    /// Place of the origin zone; of a given item where it began, if that is one place.
    pub origin: Option<PlaceId>,
    /// Serial number there, from 1; 0 of a given item.
    pub serial: u32,
    /// Of a given item, its position in [`Names::given`].
    pub given: Option<u32>,
}

impl Item {
    /// Innovation `serial` of the zone at a place.
    pub fn of_zone(origin: PlaceId, serial: u32) -> Self {
        Self {
            origin: Some(origin),
            serial,
            given: None,
        }
    }

    /// Whether a place lies in the province of its origin.
    pub fn is_at_home(self, world: &World, place: PlaceId) -> bool {
        let home = |origin| world.places.same_province(origin, place);
        self.origin.is_some_and(home)
    }
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
    /// Given items, likewise.
    pub given: Vec<String>,
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
            given: joined(&items(worlds[0]), &items(worlds[1])),
            ..Self::default()
        };
        names.mechanisms = worlds.map(|w| names.of_world(w));
        names.corridor_of = worlds.map(|w| {
            let at = |c: &String| position(&names.corridors, c).unwrap_or(0);
            ids(w).iter().map(|c| u32::from(at(c))).collect()
        });
        names
    }

    /// An innovation of a world, as both name it.
    pub fn item(&self, world: &World, of: &Innovation) -> Option<Item> {
        let given = of
            .given
            .and_then(|g| self.given(&world.given[g as usize].id));
        (given.is_some() || of.origin.is_some()).then_some(Item {
            origin: of.origin,
            serial: of.serial,
            given,
        })
    }

    /// The position of a given item.
    fn given(&self, id: &str) -> Option<u32> {
        let at = self.given.iter().position(|known| known == id)?;
        u32::try_from(at).ok()
    }

    /// Id of an innovation, as in the tables of a run.
    pub fn item_id(&self, world: &World, item: Item) -> String {
        let given = item.given.and_then(|at| self.given.get(at as usize));
        match (given, item.origin) {
            (Some(id), _) => id.clone(),
            (None, Some(origin)) => format!("{}.{}", world.places.id[origin], item.serial),
            (None, None) => String::new(),
        }
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

/// The ids of the given items of a world.
fn items(world: &World) -> Vec<String> {
    world.given.iter().map(|item| item.id.clone()).collect()
}

fn joined(a: &[String], b: &[String]) -> Vec<String> {
    let more = b.iter().filter(|id| !a.contains(id));
    a.iter().chain(more).cloned().collect()
}

fn position(list: &[String], id: &str) -> Option<u16> {
    list.iter().position(|known| known == id).map(|n| n as u16)
}
