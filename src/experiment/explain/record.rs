//! What happened in one world: who had what when, and which structures held when.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::{
    self, Adoption, Course, Innovation, InnovationId, Listener, OutOfMemory, Shape, State,
    StructureEvent, Thresholds,
};
use crate::world::{Bits, NEVER, PlaceId, World};

use super::names::{Item, Names};
use super::parting::{Event, Happening};

/// The luck that both worlds have in common.
#[derive(Clone, Debug, Default)]
pub struct Luck {
    /// Random seed.
    pub seed: u64,
    /// Replicate number.
    pub replicate: u32,
    /// By world, thresholds of given items that a history leaves possible; none where they are drawn.
    pub thresholds: Option<[Arc<Thresholds>; 2]>,
}

impl Luck {
    /// What decides when places adopt given items in a world.
    pub fn course(&self, side: usize) -> Course {
        match &self.thresholds {
            Some(of) => Course::Conditioned(Arc::clone(&of[side])),
            None => Course::Drawn,
        }
    }
}

/// What became of an innovation.
#[derive(Clone, Debug)]
pub struct Fate {
    /// What it is in this world.
    pub id: InnovationId,
    /// Its domain.
    pub domain: u32,
    /// q_k.
    pub quality: f64,
    /// Month of implementation, or [`NEVER`].
    pub implemented: u16,
    /// Whether it was there before the run, so that it is heard from the first month on.
    pub before: bool,
    /// Month of provincial replication, or [`NEVER`].
    pub provincial: u16,
    /// Month of national replication, or [`NEVER`].
    pub national: u16,
    /// Who has it once it is implemented: its origin; of a given item any number of places.
    pub first: Vec<PlaceId>,
    /// Month of adoption by place (of the first: of implementation); empty when never implemented.
    adopted: Vec<u16>,
    /// Month of abandonment by place.
    abandoned: BTreeMap<PlaceId, u16>,
}

impl Fate {
    /// Month in which `place` took it up, or [`NEVER`].
    pub fn adopted(&self, place: PlaceId) -> u16 {
        self.adopted.get(place.index()).copied().unwrap_or(NEVER)
    }

    /// Month in which `place` gave it up, or [`NEVER`].
    pub fn abandoned(&self, place: PlaceId) -> u16 {
        self.abandoned.get(&place).copied().unwrap_or(NEVER)
    }

    /// Whether `place` has it at the end of `month`.
    pub fn holds(&self, place: PlaceId, month: u16) -> bool {
        self.adopted(place) <= month && self.abandoned(place) > month
    }

    /// Whether `place` is heard of it in `month`: it had it at the end of the month before.
    pub fn is_heard(&self, place: PlaceId, month: u16) -> bool {
        match month.checked_sub(1) {
            Some(before) => self.holds(place, before),
            None => self.before && self.first.contains(&place),
        }
    }

    /// Places that have it at the end of `month`, ascending.
    pub fn holders(&self, month: u16) -> impl Iterator<Item = PlaceId> + '_ {
        PlaceId::each(0..self.adopted.len()).filter(move |&i| self.holds(i, month))
    }
}

/// A set of places over time: from each month's end on, until the next entry.
pub type Sets = Vec<(u16, Bits)>;

/// Everything of one replicate of one world that the explanation reads.
#[derive(Clone, Debug, Default)]
pub struct Record {
    /// All innovations.
    pub items: BTreeMap<Item, Fate>,
    /// Months in which each line formed, dissolved, formed, …, by its two places.
    pub lines: BTreeMap<(PlaceId, PlaceId), Vec<u16>>,
    /// Places of each zone's circle, by the zone's place.
    circles: BTreeMap<PlaceId, Sets>,
    /// Places of each axis and its zones, by position in [`Names::corridors`].
    axes: BTreeMap<u32, Sets>,
    /// Events of structures, in order.
    structures: Vec<Event>,
    /// demand_id times readiness in each month, `[domain · N + place]`; without rows or empty ones where it is 1.
    demand: Vec<Vec<f64>>,
    /// What covariates multiply the intrinsic hazard alone by in each month, by place; empty without such.
    alone: Vec<Vec<f64>>,
    /// u_id at the end of each month; 0 where no firm is.
    uptake: Vec<Vec<f64>>,
    places: usize,
    by_number: Vec<Item>,
}

impl Record {
    /// Runs a replicate and records it.
    ///
    /// # Errors
    /// No memory for the replicate.
    pub fn of(world: &World, side: usize, names: &Names, luck: &Luck) -> Result<Self, OutOfMemory> {
        let mut recorder = Recorder {
            record: Self::default(),
            side,
            names,
        };
        recorder.record.places = world.places.len();
        let course = luck.course(side);
        model::run_as(world, luck.seed, luck.replicate, course, &mut recorder)?;
        Ok(recorder.record)
    }

    /// Whether the line between two places (the smaller first) is formed at the end of `month`.
    pub fn line(&self, ends: (PlaceId, PlaceId), month: u16) -> bool {
        let toggles = self.lines.get(&ends).map_or(&[][..], Vec::as_slice);
        toggles.partition_point(|t| *t <= month) % 2 == 1
    }

    /// The lines formed at the end of `month`, ascending.
    pub fn lines_at(&self, month: u16) -> impl Iterator<Item = (PlaceId, PlaceId)> + '_ {
        let held = self.lines.keys().copied();
        held.filter(move |ends| self.line(*ends, month))
    }

    /// Places of the circle of the zone at `zone` at the end of `month`; none when it is not formed.
    pub fn circle(&self, zone: PlaceId, month: u16) -> Option<&Bits> {
        at(self.circles.get(&zone)?, month)
    }

    /// Zones that ever had a circle, ascending.
    pub fn circle_zones(&self) -> impl Iterator<Item = PlaceId> + '_ {
        self.circles.keys().copied()
    }

    /// Places of the axis of a corridor at the end of `month`; none when it is not formed.
    pub fn axis(&self, corridor: u32, month: u16) -> Option<&Bits> {
        at(self.axes.get(&corridor)?, month)
    }

    /// demand_id in the hazards of `month`, times what covariates and backwash leave of readiness; 1 without any of them.
    pub fn demand(&self, domain: u32, place: PlaceId, month: u16) -> f64 {
        let row = self.demand.get(usize::from(month));
        let at = domain as usize * self.places + place.index();
        row.and_then(|row| row.get(at)).copied().unwrap_or(1.0)
    }

    /// What covariates multiply the intrinsic hazard alone by in `month`, by place; empty without such.
    pub fn alone(&self, month: u16) -> &[f64] {
        self.alone
            .get(usize::from(month))
            .map_or(&[], Vec::as_slice)
    }

    /// u_id at the end of `month`; 0 without firms.
    pub fn uptake(&self, domain: u32, place: PlaceId, month: u16) -> f64 {
        let row = self.uptake.get(usize::from(month));
        row.map_or(0.0, |row| {
            row[domain as usize * self.places + place.index()]
        })
    }

    /// u_id of all domains and places at the end of each month.
    pub fn uptakes(&self) -> &[Vec<f64>] {
        &self.uptake
    }

    /// All events, in the order of [`Event`].
    pub fn events(&self) -> Vec<Event> {
        let mut events = self.structures.clone();
        let mut put = |month: u16, what: Happening| {
            if month != NEVER {
                events.push(Event { month, what });
            }
        };
        for (&item, fate) in &self.items {
            put(fate.implemented, Happening::Implemented(item));
            put(fate.provincial, Happening::Provincial(item));
            put(fate.national, Happening::National(item));
            for (i, &month) in PlaceId::each(0..fate.adopted.len()).zip(&fate.adopted) {
                if !fate.first.contains(&i) {
                    put(month, Happening::Adopted(item, i));
                }
            }
            for (&i, &month) in &fate.abandoned {
                put(month, Happening::Abandoned(item, i));
            }
        }
        events.sort_unstable();
        events
    }
}

fn at(sets: &Sets, month: u16) -> Option<&Bits> {
    let after = sets.partition_point(|(t, _)| *t <= month);
    let (_, set) = sets.get(after.checked_sub(1)?)?;
    (set.count() > 0).then_some(set)
}

struct Recorder<'a> {
    record: Record,
    side: usize,
    names: &'a Names,
}

impl Recorder<'_> {
    /// Writes down what hazards are multiplied by in the coming month.
    fn ready(&mut self, state: &State<'_>) {
        self.record.demand.push(state.demand.clone());
        self.record.alone.push(state.alone.clone());
    }

    fn fate(&mut self, k: InnovationId) -> Option<&mut Fate> {
        let item = self.record.by_number.get(k.index())?;
        self.record.items.get_mut(item)
    }
}

/// Notes a set when it is not what it was.
fn note<K: Ord>(sets: &mut BTreeMap<K, Sets>, key: K, month: u16, set: &Bits) {
    let empty = set.count() == 0;
    match sets.get_mut(&key) {
        None if empty => {}
        None => drop(sets.insert(key, vec![(month, set.clone())])),
        Some(list) if list.last().is_some_and(|(_, last)| last == set) => {}
        Some(list) => list.push((month, set.clone())),
    }
}

impl Listener for Recorder<'_> {
    fn start(&mut self, world: &World, innovations: &[Innovation]) {
        let known = innovations.iter().enumerate();
        for (number, k, item) in known.filter_map(|(n, k)| Some((n, k, self.names.item(world, k)?)))
        {
            self.record.by_number.push(item);
            let fate = Fate {
                id: InnovationId::new(number),
                domain: k.domain,
                quality: k.quality,
                implemented: k.implemented,
                before: k.given.is_some_and(|g| world.given[g as usize].is_before()),
                provincial: NEVER,
                national: NEVER,
                first: k.first.clone(),
                adopted: Vec::new(),
                abandoned: BTreeMap::new(),
            };
            self.record.items.insert(item, fate);
        }
    }

    fn implemented(&mut self, world: &World, innovation: &Innovation, k: InnovationId) {
        if let Some(fate) = self.fate(k) {
            fate.adopted = vec![NEVER; world.places.len()];
            for &first in &innovation.first {
                fate.adopted[first] = innovation.implemented;
            }
        }
    }

    fn adopted(&mut self, _: &World, _: &Innovation, adoption: &Adoption<'_>) {
        if let Some(fate) = self.fate(adoption.innovation) {
            fate.adopted[adoption.place] = adoption.month;
        }
    }

    fn abandoned(
        &mut self,
        _: &World,
        _: &Innovation,
        k: InnovationId,
        place: PlaceId,
        month: u16,
    ) {
        if let Some(fate) = self.fate(k) {
            fate.abandoned.insert(place, month);
        }
    }

    fn provincial(&mut self, _: &World, k: InnovationId, month: u16) {
        if let Some(fate) = self.fate(k) {
            fate.provincial = month;
        }
    }

    fn national(&mut self, _: &World, k: InnovationId, month: u16) {
        if let Some(fate) = self.fate(k) {
            fate.national = month;
        }
    }

    fn structure(&mut self, world: &World, event: &StructureEvent) {
        let formed = event.formed;
        let what = match event.shape {
            Shape::Line(pair) => {
                let ends = world.network.pairs[pair as usize];
                let toggles = self.record.lines.entry(ends).or_default();
                toggles.push(event.month);
                Happening::Line(ends, formed)
            }
            Shape::Circle(z) => Happening::Circle(world.zones[z].place, formed),
            Shape::Axis(c) => Happening::Axis(self.names.corridor(self.side, c as usize), formed),
            Shape::Plane => Happening::Plane(formed),
        };
        let month = event.month;
        self.record.structures.push(Event { month, what });
    }

    fn before(&mut self, _: &World, state: &State<'_>) {
        self.ready(state);
    }

    fn month_end(&mut self, world: &World, state: &State<'_>, month: u16) {
        self.ready(state);
        let structures = &state.structures;
        for (zone, circle) in world.zones.iter().zip(&structures.circles) {
            note(&mut self.record.circles, zone.place, month, &circle.members);
        }
        for (c, axis) in structures.axes.iter().enumerate() {
            let corridor = self.names.corridor(self.side, c);
            note(&mut self.record.axes, corridor, month, &axis.members);
        }
        if let Some(firms) = &state.firms {
            let (n, domains) = (world.places.len(), world.domains.len());
            let of = |at: usize| firms.uptake(at / n, PlaceId::new(at % n)).unwrap_or(0.0);
            self.record.uptake.push((0..domains * n).map(of).collect());
        }
    }
}
