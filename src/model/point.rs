//! Point 点: a zone draws on its reform mandate, pilots innovations, implements or drops them (model §7.2).
//!
//! - Arrival: λ_z = μ · (1 − f_z) · (tasks left), in continuous time; each innovation takes one task.
//!   Innovation n waits until ∫ λ_z dt since innovation n − 1 reaches an Exponential(1) draw named
//!   (zone, n): the exact pure death process, E\[arrivals by age a\] = M · (1 − exp(−μ(1 − f)a)).
//! - Quality: Beta, its mean rising in L_z, fixed concentration. Domain and orientation from shares.
//! - Pilot: implemented with hazard π · S_z, or fails with hazard δ₀ · (1 − q) · (1 − τ), whichever
//!   comes first, in continuous time from birth. A pilot that is under way when its zone closes stays undecided.
//!
//! None of this depends on what spreads, so all innovations of a replicate are known at its start.

use crate::draw::{Luck, Process, beta};
use crate::world::{NEVER, PlaceId, World, ZoneId};

/// Whom an innovation serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Orientation {
    /// Serves industry directly.
    Direct,
    /// Serves industry indirectly.
    Indirect,
    /// Does not serve industry.
    None,
}

/// Innovation k.
#[derive(Clone, Debug, PartialEq)]
pub struct Innovation {
    /// Names its draws, with `serial`: the hash of its zone's id, or of a given item's own.
    pub name: u64,
    /// Place of the origin zone o_k; of a given item where it began, if that is one place.
    pub origin: Option<PlaceId>,
    /// Who has it once it is implemented: the origin; of a given item any number of places.
    pub first: Vec<PlaceId>,
    /// Its number among the given items.
    pub given: Option<u32>,
    /// Serial number n at the zone, from 1; 0 of a given item.
    pub serial: u32,
    /// d_k.
    pub domain: u32,
    /// q_k in (0, 1); of a given item above 0.
    pub quality: f64,
    /// Whom it serves.
    pub orientation: Orientation,
    /// When it is born, in months from the start of the run.
    pub born: f64,
    /// Month in which it is implemented, or [`NEVER`].
    pub implemented: u16,
    /// Month in which its pilot fails, or [`NEVER`].
    pub failed: u16,
}

impl Innovation {
    /// Month in which it is born.
    pub fn born_month(&self) -> u16 {
        self.born as u16
    }

    /// Whether place `i` lies in the province of its origin.
    pub fn is_at_home(&self, world: &World, i: PlaceId) -> bool {
        self.origin
            .is_some_and(|origin| world.places.same_province(origin, i))
    }

    /// Item `g` of those that are given in a world; none where nobody is at risk by the end of the run.
    fn given(world: &World, g: usize) -> Option<Self> {
        let given = &world.given[g];
        let implemented = given.implemented();
        (implemented != NEVER).then(|| Self {
            name: given.hash,
            origin: given.origin,
            first: given.first.iter().map(|(place, _)| *place).collect(),
            given: Some(g as u32),
            serial: 0,
            domain: given.domain,
            quality: given.quality,
            orientation: Orientation::None,
            born: implemented.into(),
            implemented,
            failed: NEVER,
        })
    }
}

/// All innovations of a replicate, by birth, then zone; the given items after them, in order of their ids.
pub fn innovations(world: &World, luck: Luck) -> Vec<Innovation> {
    let mut all = Vec::new();
    for z in ZoneId::each(0..world.zones.len()) {
        of_zone(world, luck, z, &mut all);
    }
    // They stand in order of zones and serial numbers.
    all.sort_by_key(Innovation::born_month);
    all.extend((0..world.given.len()).filter_map(|g| Innovation::given(world, g)));
    all
}

fn of_zone(world: &World, luck: Luck, z: ZoneId, all: &mut Vec<Innovation>) {
    let zone = &world.zones[z];
    let end = f64::from(zone.end(&world.calendar));
    let hash = world.zone_hash[z];
    let mut given = zone.tasks.iter().copied().peekable();
    let mut now = f64::from(zone.open);
    let mut left = 0u64;
    let mut serial = 0u32;
    loop {
        let mut wait = luck.exponential(Process::Arrival, hash, 0, serial + 1);
        loop {
            while let Some((_, tasks)) = given.next_if(|(month, _)| f64::from(*month) <= now) {
                left += u64::from(tasks);
            }
            let intensity = zone.rate * left as f64;
            let next = given.peek().map_or(end, |(month, _)| f64::from(*month));
            if intensity > 0.0 && intensity * (next - now) >= wait {
                now += wait / intensity;
                break;
            }
            wait -= intensity * (next - now);
            now = next;
            if now >= end {
                return;
            }
        }
        if now >= end {
            return;
        }
        serial += 1;
        left -= 1;
        all.push(innovation(world, luck, z, serial, now));
    }
}

fn innovation(world: &World, luck: Luck, z: ZoneId, serial: u32, born: f64) -> Innovation {
    let zone = &world.zones[z];
    let hash = world.zone_hash[z];
    let draw = |process| luck.uniform(process, hash, 0, serial);
    let which = draw(Process::Domain);
    let domain = zone
        .mix
        .iter()
        .position(|c| which <= *c)
        .unwrap_or(zone.mix.len() - 1);
    let mut stream = luck.stream(Process::Quality, hash, 0, serial);
    let quality = beta(zone.quality.0, zone.quality.1, &mut stream).clamp(1e-9, 1.0 - 1e-9);
    let whom = draw(Process::Orientation);
    let orientation = if whom <= zone.orientation.0 {
        Orientation::Direct
    } else if whom <= zone.orientation.1 {
        Orientation::Indirect
    } else {
        Orientation::None
    };
    let point = &world.point;
    let failure = point.failure_rate * (1.0 - quality) * (1.0 - point.tolerance);
    let wait = |process, hazard: f64| {
        if hazard > 0.0 {
            luck.exponential(process, hash, 0, serial) / hazard
        } else {
            f64::INFINITY
        }
    };
    let to_success = wait(Process::Implementation, zone.implementation);
    let to_failure = wait(Process::Failure, failure);
    let month = |wait: f64| {
        let at = born + wait;
        if at < f64::from(zone.end(&world.calendar)) {
            at as u16
        } else {
            NEVER
        }
    };
    let succeeds = to_success <= to_failure;
    Innovation {
        name: hash,
        origin: Some(zone.place),
        first: vec![zone.place],
        given: None,
        serial,
        domain: domain as u32,
        quality,
        orientation,
        born,
        implemented: if succeeds { month(to_success) } else { NEVER },
        failed: if succeeds { NEVER } else { month(to_failure) },
    }
}
