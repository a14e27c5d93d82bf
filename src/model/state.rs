//! What changes during a replicate (model §2).

use crate::draw::Luck;
use crate::world::{Bits, NEVER, World};

use super::firm::FirmState;
use super::holders::Holders;
use super::line::{Credit, Lines};
use super::mechanism::Mechanisms;
use super::point::{self, Innovation};
use super::row::{Pairs, PairsMut, Row};
use super::weight::Weights;

/// The state of a replicate at the end of a month.
#[derive(Debug)]
pub struct State<'w> {
    /// The world.
    pub world: &'w World,
    /// The replicate's luck.
    pub luck: Luck,
    /// Names of the mechanisms.
    pub mechanisms: Mechanisms,
    /// All innovations, by birth, then zone.
    pub innovations: Vec<Innovation>,
    /// A row per innovation, from its implementation on.
    pub rows: Vec<Option<Row>>,
    /// The pairs of the rows.
    pub pairs: Pairs,
    /// A month not after the first in which somebody adopts each innovation if nothing changes.
    pub first_due: Vec<u16>,
    /// The rows turned round.
    pub holders: Holders,
    /// Implemented innovations, ascending.
    pub live: Vec<u32>,
    /// Month of provincial replication of each innovation, or [`NEVER`].
    pub provincial: Vec<u16>,
    /// Month of national replication of each innovation, or [`NEVER`].
    pub national: Vec<u16>,
    /// Lines, circles, axes, plane.
    pub structures: Structures,
    /// What the links carry.
    pub weights: Weights<'w>,
    /// Credit so far.
    pub credit: Credit,
    /// Firms, where the layer is on.
    pub firms: Option<FirmState<'w>>,
    /// demand_id, `[domain · N + place]`; empty without firms.
    pub demand: Vec<f64>,
    /// Abandonments to come, by month: (innovation, place).
    pub abandonments: Vec<Vec<(u32, u32)>>,
}

impl<'w> State<'w> {
    /// The state before the first month. `keep_credit` keeps accounts of credit; `follow` follows each
    /// adoption to its sources.
    pub fn new(world: &'w World, luck: Luck, keep_credit: bool, follow: bool) -> Self {
        let mechanisms = Mechanisms::new(world);
        let innovations = point::innovations(world, luck);
        let structures = Structures::new(world);
        let count = innovations.len();
        let implemented = innovations.iter().filter(|k| k.implemented != NEVER);
        let firms = world.firms.as_ref();
        let firms = firms.map(|firms| FirmState::new(firms, luck));
        Self {
            demand: firms
                .as_ref()
                .map_or_else(Vec::new, |f| f.demand().to_vec()),
            firms,
            weights: Weights::new(world, follow),
            credit: Credit::new(world, &mechanisms, keep_credit),
            rows: vec![None; count],
            pairs: Pairs::new(count, implemented.count(), world.places.len()),
            first_due: vec![NEVER; count],
            holders: Holders::new(world, &innovations),
            live: Vec::new(),
            provincial: vec![NEVER; count],
            national: vec![NEVER; count],
            abandonments: vec![Vec::new(); usize::from(world.calendar.months)],
            world,
            luck,
            mechanisms,
            innovations,
            structures,
        }
    }

    /// Lets something happen to the row of innovation `k` that gives the month to which its first month has
    /// to be lowered, or [`NEVER`].
    pub fn turn(&mut self, k: u32, happen: impl FnOnce(&mut Row, PairsMut<'_>) -> u16) {
        if let Some(row) = &mut self.rows[k as usize] {
            let first = &mut self.first_due[k as usize];
            *first = happen(row, self.pairs.of_mut(k as usize)).min(*first);
        }
    }

    /// Place `i` takes up innovation `k` (`sign` 1) or gives it up (−1): its firms have more or less to
    /// take up.
    pub fn stock_firms(&mut self, k: u32, i: u32, sign: i64) {
        if let Some(firms) = &mut self.firms {
            let innovation = &self.innovations[k as usize];
            firms.change(
                innovation.domain as usize,
                i as usize,
                innovation.quality,
                sign,
            );
        }
    }

    /// Bytes of the rows, weights and innovations.
    pub fn bytes(&self) -> usize {
        self.rows.iter().flatten().map(Row::bytes).sum::<usize>()
            + self.pairs.bytes()
            + self.innovations.len() * std::mem::size_of::<Innovation>()
            + self.world.network.len() * self.world.domains.len() * 16
    }
}

/// The structures of the theory as they are now.
#[derive(Clone, Debug)]
pub struct Structures {
    /// Lines.
    pub lines: Lines,
    /// Circle of each zone.
    pub circles: Vec<Circle>,
    /// Cluster of each zone's circle ([`super::circle::clusters`]).
    pub clusters: Vec<usize>,
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

/// How the two ends of a link are tied.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ties {
    /// By a formed line.
    pub line: bool,
    /// In one circle.
    pub circle: bool,
    /// On one axis.
    pub axis: bool,
}

impl Structures {
    fn new(world: &World) -> Self {
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
            clusters: (0..if world.line.structures { zones } else { 0 }).collect(),
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
        }
    }

    /// How the ends of link `e` are tied.
    #[inline(always)]
    pub fn ties(&self, world: &World, e: usize) -> Ties {
        if !world.line.structures {
            return Ties::default();
        }
        let network = &world.network;
        let (i, j) = (network.listener[e] as usize, network.source[e] as usize);
        Ties {
            line: self.lines.formed[network.pair[e] as usize],
            circle: meet(&self.circle_of, self.circle_words, i, j),
            axis: meet(&self.axis_of, self.axis_words, i, j),
        }
    }

    /// Whether both ends of link `e` are zones on the axis of `corridor`.
    pub fn express(&self, world: &World, corridor: usize, e: usize) -> bool {
        let zones = &self.axes[corridor].zones;
        zones.has(world.network.listener[e] as usize) && zones.has(world.network.source[e] as usize)
    }

    /// Whether place `i` is in any circle.
    pub fn in_circle(&self, i: usize) -> bool {
        any(&self.circle_of, self.circle_words, i)
    }

    /// Whether place `i` is on any axis.
    pub fn on_axis(&self, i: usize) -> bool {
        any(&self.axis_of, self.axis_words, i)
    }

    /// Puts a new circle in place.
    pub fn set_circle(&mut self, z: usize, circle: Circle) {
        for i in moved(&self.circles[z].members, &circle.members) {
            self.circle_of[i * self.circle_words + z / 64] ^= 1 << (z % 64);
        }
        self.circles[z] = circle;
    }

    /// Puts a new axis in place.
    pub fn set_axis(&mut self, c: usize, axis: Axis) {
        for i in moved(&self.axes[c].members, &axis.members) {
            self.axis_of[i * self.axis_words + c / 64] ^= 1 << (c % 64);
        }
        self.axes[c] = axis;
    }
}

/// Places that are in one of two sets and not in the other.
pub fn moved(old: &Bits, new: &Bits) -> Vec<usize> {
    let mut differ = old.clone();
    for (a, b) in differ.words_mut().iter_mut().zip(new.words()) {
        *a ^= b;
    }
    differ.iter().collect()
}

fn meet(of: &[u64], words: usize, i: usize, j: usize) -> bool {
    let (a, b) = (
        &of[i * words..(i + 1) * words],
        &of[j * words..(j + 1) * words],
    );
    a.iter().zip(b).any(|(a, b)| a & b != 0)
}

fn any(of: &[u64], words: usize, i: usize) -> bool {
    of[i * words..(i + 1) * words].iter().any(|w| *w != 0)
}
