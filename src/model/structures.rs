//! The structures of the theory as they are at the end of a month: lines, circles, axes, the plane, and how
//! they tie the ends of a link.

use crate::world::decimal::Decimal;
use crate::world::mechanism::Ties;
use crate::world::{Bits, LinkId, PlaceId, World, ZoneId};

use super::line::Lines;

/// The structures of the theory as they are now.
#[derive(Clone, Debug)]
pub struct Structures {
    /// Lines.
    pub lines: Lines,
    /// Circle of each zone.
    pub circles: Vec<Circle>,
    /// Cluster of each zone's circle ([`super::circle::clusters`]).
    pub clusters: Vec<ZoneId>,
    /// Which circles each place is in: `[place · words + word]`.
    circle_of: Vec<u64>,
    circle_words: usize,
    /// Axis of each corridor.
    pub axes: Vec<Axis>,
    /// Which axes each place is on: `[place · words + word]`.
    axis_of: Vec<u64>,
    axis_words: usize,
    /// Share of the plane, as of the last month.
    pub plane_share: f64,
    /// Whether the plane is formed.
    pub plane: bool,
    /// θ_circle.
    pub(super) circle_threshold: Decimal,
    /// θ_plane.
    pub(super) plane_threshold: Decimal,
}

/// The circle of a zone.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Circle {
    /// Whether it is formed.
    pub formed: bool,
    /// Its places; empty unless formed.
    pub members: Bits,
    /// What is reached, formed or not.
    pub reached: Bits,
    /// Reached weight over the catchment's.
    pub share: f64,
}

/// The axis of a corridor.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Axis {
    /// Whether it is formed.
    pub formed: bool,
    /// First segment and number of segments of the longest joined run.
    pub run: (u32, u32),
    /// Places of its circles; empty unless formed.
    pub members: Bits,
    /// Places of its zones; empty unless formed.
    pub zones: Bits,
}

impl Structures {
    /// None yet.
    pub fn new(world: &World) -> Self {
        let n = world.places.len();
        let (zones, axes) = (world.zones.len(), world.corridors.len());
        let (circle_words, axis_words) = if world.line.structures {
            (zones.div_ceil(64), axes.div_ceil(64))
        } else {
            (0, 0)
        };
        let none = Bits::new(n);
        Self {
            lines: Lines::new(world),
            circles: vec![
                Circle {
                    formed: false,
                    members: none.clone(),
                    reached: none.clone(),
                    share: 0.0
                };
                if world.line.structures { zones } else { 0 }
            ],
            clusters: ZoneId::each(0..if world.line.structures { zones } else { 0 }).collect(),
            circle_of: vec![0; n * circle_words],
            circle_words,
            axes: vec![
                Axis {
                    formed: false,
                    run: (0, 0),
                    members: none.clone(),
                    zones: none
                };
                axes
            ],
            axis_of: vec![0; n * axis_words],
            axis_words,
            plane_share: 0.0,
            plane: false,
            circle_threshold: Decimal::of(world.circle.circle_threshold),
            plane_threshold: Decimal::of(world.plane.plane_threshold),
        }
    }

    /// How the ends of link `e` are tied.
    #[inline(always)]
    pub fn ties(&self, world: &World, e: LinkId) -> Ties {
        if !world.line.structures {
            return Ties::default();
        }
        let network = &world.network;
        let (i, j) = (network.listener[e], network.source[e]);
        Ties {
            line: self.lines.formed[network.pair[e] as usize],
            circle: meet(&self.circle_of, self.circle_words, i, j),
            axis: meet(&self.axis_of, self.axis_words, i, j),
        }
    }

    /// Whether both ends of link `e` are zones on the axis of `corridor`.
    pub fn express(&self, world: &World, corridor: usize, e: LinkId) -> bool {
        let zones = &self.axes[corridor].zones;
        zones.has(world.network.listener[e]) && zones.has(world.network.source[e])
    }

    /// Whether place `i` is in any circle.
    pub fn in_circle(&self, i: PlaceId) -> bool {
        any(&self.circle_of, self.circle_words, i)
    }

    /// Whether place `i` is on any axis.
    pub fn on_axis(&self, i: PlaceId) -> bool {
        any(&self.axis_of, self.axis_words, i)
    }

    /// Puts a new circle in place.
    pub fn set_circle(&mut self, z: ZoneId, circle: Circle) {
        for i in moved(&self.circles[z].members, &circle.members) {
            let word = i.index() * self.circle_words + z.index() / 64;
            self.circle_of[word] ^= 1 << (z.index() % 64);
        }
        self.circles[z] = circle;
    }

    /// Puts a new axis in place.
    pub fn set_axis(&mut self, c: usize, axis: Axis) {
        for i in moved(&self.axes[c].members, &axis.members) {
            self.axis_of[i.index() * self.axis_words + c / 64] ^= 1 << (c % 64);
        }
        self.axes[c] = axis;
    }
}

/// Places that are in one of two sets and not in the other.
pub fn moved(old: &Bits, new: &Bits) -> Vec<PlaceId> {
    let mut differ = old.clone();
    for (a, b) in differ.words_mut().iter_mut().zip(new.words()) {
        *a ^= b;
    }
    differ.iter().collect()
}

/// The words of a place.
fn row(of: &[u64], words: usize, i: PlaceId) -> &[u64] {
    &of[i.index() * words..(i.index() + 1) * words]
}

fn meet(of: &[u64], words: usize, i: PlaceId, j: PlaceId) -> bool {
    let (a, b) = (row(of, words, i), row(of, words, j));
    a.iter().zip(b).any(|(a, b)| a & b != 0)
}

fn any(of: &[u64], words: usize, i: PlaceId) -> bool {
    row(of, words, i).iter().any(|w| *w != 0)
}
