//! The names that two worlds share: mechanisms, corridors, innovations. Numbers of mechanisms,
//! alliances and corridors may differ between two layouts; ids do not.

use crate::model::Mechanisms;
use crate::world::World;

/// Name of an innovation in both worlds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Item {
    /// Place of the origin zone.
    pub origin: u32,
    /// Serial number there, from 1.
    pub serial: u32,
}

/// A part of a link's weight (model §7.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mechanism {
    /// Base links of a layer: position in [`Names::layers`].
    Base(u16),
    /// Bonus of a formed line.
    Line,
    /// Bonus inside a circle.
    Circle,
    /// Bonus on an axis, and its express links.
    Axis,
    /// An alliance: position in [`Names::alliances`].
    Alliance(u16),
    /// Transit.
    Transit,
}

/// Ids of both worlds together.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// Layers: those of the first world, then those that only the second has.
    pub layers: Vec<String>,
    /// Alliances of either world, by id.
    pub alliances: Vec<String>,
    /// Corridors: those of the first world, then those that only the second has.
    pub corridors: Vec<String>,
    mechanisms: [Vec<Option<Mechanism>>; 2],
    corridor_of: [Vec<u32>; 2],
}

impl Names {
    /// Of two worlds.
    pub fn new(worlds: [&World; 2]) -> Self {
        let [a, b] = worlds;
        let mut alliances: Vec<String> = worlds
            .iter()
            .flat_map(|w| w.alliances.iter().map(|a| a.id.clone()))
            .collect();
        alliances.sort();
        alliances.dedup();
        let ids = |w: &World| w.corridors.iter().map(|c| c.id.clone()).collect::<Vec<_>>();
        let mut names = Self {
            layers: joined(&a.layers, &b.layers),
            corridors: joined(&ids(a), &ids(b)),
            alliances,
            ..Self::default()
        };
        names.mechanisms = worlds.map(|w| names.of_world(w));
        names.corridor_of = worlds.map(|w| {
            let at = |c: &String| position(&names.corridors, c).unwrap_or(0);
            ids(w).iter().map(|c| u32::from(at(c))).collect()
        });
        names
    }

    fn of_world(&self, world: &World) -> Vec<Option<Mechanism>> {
        let known = Mechanisms::new(world);
        let mut list = vec![None; known.len()];
        for (l, layer) in world.layers.iter().enumerate() {
            list[l] = position(&self.layers, layer).map(Mechanism::Base);
        }
        list[known.line()] = Some(Mechanism::Line);
        list[known.circle()] = Some(Mechanism::Circle);
        list[known.axis()] = Some(Mechanism::Axis);
        for (a, alliance) in world.alliances.iter().enumerate() {
            let at = position(&self.alliances, &alliance.id);
            list[known.layers + 3 + a] = at.map(Mechanism::Alliance);
        }
        list[known.transit()] = Some(Mechanism::Transit);
        list
    }

    /// The mechanism with number `number` in world `side`; none for replication.
    pub fn mechanism(&self, side: usize, number: usize) -> Option<Mechanism> {
        self.mechanisms[side].get(number).copied().flatten()
    }

    /// Position in [`Names::corridors`] of corridor `number` of world `side`.
    pub fn corridor(&self, side: usize, number: usize) -> u32 {
        self.corridor_of[side].get(number).copied().unwrap_or(0)
    }

    /// Number in world `side` of the corridor at a position of [`Names::corridors`].
    pub fn corridor_number(&self, side: usize, corridor: u32) -> Option<usize> {
        self.corridor_of[side].iter().position(|c| *c == corridor)
    }

    /// Id of a mechanism, as in the tables of a run.
    pub fn id(&self, mechanism: Mechanism) -> String {
        let of = |list: &[String], n: u16| list.get(usize::from(n)).cloned().unwrap_or_default();
        match mechanism {
            Mechanism::Base(l) => format!("base_{}", of(&self.layers, l)),
            Mechanism::Line => "line".to_owned(),
            Mechanism::Circle => "circle".to_owned(),
            Mechanism::Axis => "axis".to_owned(),
            Mechanism::Alliance(a) => format!("alliance_{}", of(&self.alliances, a)),
            Mechanism::Transit => "transit".to_owned(),
        }
    }
}

fn joined(a: &[String], b: &[String]) -> Vec<String> {
    let more = b.iter().filter(|id| !a.contains(id));
    a.iter().chain(more).cloned().collect()
}

fn position(list: &[String], id: &str) -> Option<u16> {
    list.iter().position(|known| known == id).map(|n| n as u16)
}
