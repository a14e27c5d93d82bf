//! What the test files share: scenarios built in code, random worlds, histories and bounds.

pub mod bounds;
pub mod firms;
pub mod history;
pub mod worlds;

use std::collections::BTreeMap;

use pointplane::scenario::spec::{CircleSpec, DomainSpec, LayerSpec, LineSpec, PointSpec};
use pointplane::scenario::tables::{Alliance, Kind, LinkTable, Member, Place};
use pointplane::scenario::{Month, Scenario};
use pointplane::world::World;

/// First month of every scenario here.
pub const START: Month = Month::new(2020, 1);

/// The calendar month of month number `t`.
pub fn month(t: i32) -> Month {
    Month(START.0 + t)
}

/// A place with capacities of 1, no friction, weight 1, at one point of the globe.
pub fn place(id: &str, kind: Kind, province: &str) -> Place {
    Place {
        kind,
        carries_weight: kind == Kind::Region,
        factor: 1.0,
        platform: 1.0,
        leadership: 1.0,
        environment: 1.0,
        radiation: 1.0,
        ..Place::region(id, province, 1.0)
    }
}

/// A zone that opens in month `open` with `tasks` tasks.
pub fn zone(id: &str, province: &str, open: i32, tasks: u32) -> Place {
    let mut zone = place(id, Kind::Zone, province);
    zone.open = Some(month(open));
    zone.tasks = tasks;
    zone
}

/// A region.
pub fn region(id: &str, province: &str) -> Place {
    place(id, Kind::Region, province)
}

/// A scenario of `months` months with one domain that travels on one layer `road` read from a table.
/// Nothing spreads but by exposure: no structures, no replication, no failure, no abandonment;
/// the response is linear and quality is close to one half.
pub fn plain(months: i32, places: Vec<Place>, links: Vec<(usize, usize, f64)>) -> Scenario {
    Scenario {
        places,
        domains: vec![DomainSpec::new("d", &[("road", 1.0)])],
        layers: vec![LayerSpec::table("road")],
        link_tables: vec![link_table(0, links)],
        point: PointSpec {
            failure_rate: 0.0,
            quality_base: 0.5,
            quality_gain: 0.0,
            quality_concentration: 10_000.0,
            ..PointSpec::default()
        },
        line: LineSpec {
            abandonment_rate: 0.0,
            structures: false,
            ..LineSpec::default()
        },
        circle: CircleSpec {
            review_every: 0,
            replication_age: 0,
            ..CircleSpec::default()
        },
        ..Scenario::new("test", START, month(months - 1))
    }
}

/// The table of layer `layer`: (listener, source, weight) by position.
pub fn link_table(layer: usize, links: Vec<(usize, usize, f64)>) -> LinkTable {
    let links = links.into_iter();
    LinkTable::new(
        layer,
        links.map(|(i, j, weight)| (i as u32, j as u32, weight)),
    )
}

/// The world of a scenario.
pub fn world(scenario: &Scenario) -> World {
    World::new(scenario).expect("a small world")
}

/// An alliance that is active all the time, of strength 1 whatever its size, on `layers` layers.
pub fn alliance(id: &str, layers: usize, members: Vec<Member>) -> Alliance {
    Alliance {
        id: id.to_owned(),
        name_en: String::new(),
        name_zh: String::new(),
        from: None,
        to: None,
        strength: 1.0,
        size_exponent: 0.0,
        layers: vec![1.0; layers],
        members,
    }
}

/// The same scenario with its places in another order (`order[new] = old`) and the rows of every
/// table reversed.
pub fn reordered(scenario: &Scenario, order: &[usize]) -> Scenario {
    let mut new = scenario.clone();
    new.places = order
        .iter()
        .map(|&old| scenario.places[old].clone())
        .collect();
    let mut at = vec![0u32; order.len()];
    for (position, &old) in order.iter().enumerate() {
        at[old] = position as u32;
    }
    for table in &mut new.link_tables {
        table.links.reverse();
        for link in &mut table.links {
            link.listener = at[link.listener as usize];
            link.source = at[link.source as usize];
        }
    }
    new.link_tables.reverse();
    for segment in new.corridors.iter_mut().flat_map(|c| &mut c.segments) {
        for place in &mut segment.places {
            *place = at[*place as usize];
        }
        segment.places.sort_unstable();
    }
    new.gateway_links.reverse();
    for link in &mut new.gateway_links {
        link.gateway = at[link.gateway as usize];
        link.place = at[link.place as usize];
    }
    new.mandates.reverse();
    for mandate in &mut new.mandates {
        mandate.zone = at[mandate.zone as usize];
    }
    new
}

/// Numbers for building test worlds (SplitMix64 of Steele, Lea and Flood 2014); not the engine's draws.
pub struct Dice(u64);

impl Dice {
    /// Dice that always fall the same way for one seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        x ^ (x >> 31)
    }

    /// A number in [0, 1).
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// A number in [low, high).
    pub fn within(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// A whole number in low..=high.
    pub fn whole(&mut self, low: usize, high: usize) -> usize {
        low + (self.bits() % (high - low + 1) as u64) as usize
    }

    /// True with probability `p`.
    pub fn chance(&mut self, p: f64) -> bool {
        self.unit() < p
    }

    /// 0..n in random order.
    pub fn order(&mut self, n: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..n).collect();
        for i in (1..n).rev() {
            order.swap(i, self.whole(0, i));
        }
        order
    }
}

/// Counts how often something was seen.
pub type Tally = BTreeMap<&'static str, usize>;
