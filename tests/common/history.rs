//! Records of replicates in terms of ids, so that they can be compared between worlds.

use std::collections::BTreeMap;

use pointplane::model::{
    self, Adoption, Innovation, InnovationId, Listener, Shape, State, StructureEvent,
};
use pointplane::world::{LinkId, NEVER, PlaceId, World};

/// Name of an innovation: origin zone and serial number.
pub type Item = (String, u32);

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// Known from the start: domain, quality, birth, month of implementation and of failure.
    Innovation(Item, String, f64, f64, u16, u16),
    /// Implemented in a month, at these places.
    Implemented(Item, u16, Vec<String>),
    /// Adopted at a place in a month; main source; credit by mechanism.
    Adopted(Item, String, u16, Option<String>, Vec<f64>),
    /// Abandoned at a place in a month.
    Abandoned(Item, String, u16),
    /// Replicated by its province.
    Provincial(Item, u16),
    /// Replicated by the centre.
    National(Item, u16),
    /// A structure forms or dissolves: name, month, whether it forms, size, share of weight.
    Structure(String, u16, bool, u32, f64),
    /// End of a month: share of the plane.
    Month(u16, f64),
}

impl Event {
    /// The innovation and the place that it concerns.
    pub fn concerns(&self) -> (Option<&str>, Option<&str>) {
        match self {
            Self::Innovation(item, ..)
            | Self::Implemented(item, ..)
            | Self::Provincial(item, _)
            | Self::National(item, _) => (Some(&item.0), None),
            Self::Adopted(item, place, ..) | Self::Abandoned(item, place, _) => {
                (Some(&item.0), Some(place))
            }
            Self::Structure(..) | Self::Month(..) => (None, None),
        }
    }
}

/// Everything that a replicate tells.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    /// What happened, in order.
    pub events: Vec<Event>,
    /// Names of the mechanisms.
    pub names: Vec<String>,
    /// Credit by mechanism in each calendar year, added up over adoptions.
    pub by_adoption: Vec<Vec<f64>>,
    /// Credit by mechanism in each calendar year, as the accounts have it.
    pub by_account: Vec<Vec<f64>>,
    /// Credit to sources, added up over months.
    pub to_sources: f64,
    /// Adoptions, as the months count them.
    pub month_adoptions: u32,
    /// Credit by (target, source).
    pub spillover: BTreeMap<(String, String), f64>,
}

/// Runs a replicate and records everything.
pub fn history(world: &World, seed: u64, replicate: u32) -> History {
    let mut history = History::default();
    model::run(world, seed, replicate, &mut history).unwrap();
    history
}

fn item(world: &World, innovation: &Innovation) -> Item {
    let name = match innovation.given {
        Some(g) => &world.given[g as usize].id,
        None => &world.places.id[innovation.origin.expect("a zone")],
    };
    (name.clone(), innovation.serial)
}

impl History {
    fn id(world: &World, place: PlaceId) -> String {
        world.places.id[place].clone()
    }

    fn known(&self, k: InnovationId) -> Item {
        match &self.events[k] {
            Event::Innovation(item, ..) => item.clone(),
            other => panic!("innovation {k:?} is {other:?}"),
        }
    }

    /// Month of adoption by (item, place), the origin's implementation included.
    pub fn adoptions(&self) -> BTreeMap<(Item, String), u16> {
        let mut months = BTreeMap::new();
        for event in &self.events {
            let (item, places, t) = match event {
                Event::Implemented(item, t, first) => (item, &first[..], t),
                Event::Adopted(item, place, t, ..) => (item, std::slice::from_ref(place), t),
                _ => continue,
            };
            for place in places {
                let before = months.insert((item.clone(), place.clone()), *t);
                assert_eq!(before, None, "adopted twice: {event:?}");
            }
        }
        months
    }

    /// Credit by mechanism over all years, as the accounts have it.
    pub fn by_mechanism(&self) -> Vec<f64> {
        let years = |m| self.by_account.iter().map(|year| year[m]).sum();
        (0..self.names.len()).map(years).collect()
    }

    /// Number of adoptions by exposure or replication.
    pub fn adopted(&self) -> usize {
        let adopted = |e: &&Event| matches!(e, Event::Adopted(..));
        self.events.iter().filter(adopted).count()
    }
}

impl Listener for History {
    const MECHANISMS: bool = true;
    const CREDIT: bool = true;

    fn start(&mut self, world: &World, innovations: &[Innovation]) {
        self.names = model::Mechanisms::new(world).names;
        self.by_adoption = vec![vec![0.0; self.names.len()]];
        self.events.extend(innovations.iter().map(|k| {
            Event::Innovation(
                item(world, k),
                world.domains[k.domain as usize].clone(),
                k.quality,
                k.born,
                k.implemented,
                k.failed,
            )
        }));
    }

    fn implemented(&mut self, world: &World, innovation: &Innovation, k: InnovationId) {
        let item = item(world, innovation);
        assert_eq!(item, self.known(k));
        assert_ne!(innovation.implemented, NEVER);
        let first = innovation.first.iter().map(|i| Self::id(world, *i));
        let first = first.collect();
        self.events
            .push(Event::Implemented(item, innovation.implemented, first));
    }

    fn adopted(&mut self, world: &World, innovation: &Innovation, adoption: &Adoption<'_>) {
        let item = item(world, innovation);
        assert_eq!(item, self.known(adoption.innovation));
        let year = self.by_adoption.iter_mut().last().into_iter().flatten();
        for (sum, part) in year.zip(adoption.mechanisms) {
            *sum += part;
        }
        self.events.push(Event::Adopted(
            item,
            Self::id(world, adoption.place),
            adoption.month,
            adoption.main_source.map(|j| Self::id(world, j)),
            adoption.mechanisms.to_vec(),
        ));
    }

    fn abandoned(
        &mut self,
        world: &World,
        innovation: &Innovation,
        k: InnovationId,
        place: PlaceId,
        month: u16,
    ) {
        let item = item(world, innovation);
        assert_eq!(item, self.known(k));
        let place = Self::id(world, place);
        self.events.push(Event::Abandoned(item, place, month));
    }

    fn provincial(&mut self, _: &World, k: InnovationId, month: u16) {
        let item = self.known(k);
        self.events.push(Event::Provincial(item, month));
    }

    fn national(&mut self, _: &World, k: InnovationId, month: u16) {
        let item = self.known(k);
        self.events.push(Event::National(item, month));
    }

    fn structure(&mut self, world: &World, event: &StructureEvent) {
        let name = match event.shape {
            Shape::Line(pair) => {
                let (a, b) = world.network.pairs[pair as usize];
                format!("line {} {}", Self::id(world, a), Self::id(world, b))
            }
            Shape::Circle(z) => format!("circle {}", Self::id(world, world.zones[z].place)),
            Shape::Axis(c) => format!("axis {}", world.corridors[c as usize].id),
            Shape::Plane => "plane".to_owned(),
        };
        self.events.push(Event::Structure(
            name,
            event.month,
            event.formed,
            event.size,
            event.weight_share,
        ));
    }

    fn month_end(&mut self, world: &World, state: &State<'_>, month: u16) {
        self.to_sources += state.credit.to_sources();
        self.month_adoptions += state.credit.month_adoptions;
        let last = month + 1 == world.calendar.months;
        let december = world.calendar.ends_year(month);
        if december || last {
            self.by_account.push(state.credit.year.clone());
        }
        if december && !last {
            self.by_adoption.push(vec![0.0; self.names.len()]);
        }
        self.events
            .push(Event::Month(month, state.structures.plane_share));
    }

    fn finish(&mut self, world: &World, state: &State<'_>) {
        for e in LinkId::each(0..world.network.len()) {
            let credit = state.credit.of_link(e);
            if credit != 0.0 {
                let target = Self::id(world, world.network.listener[e]);
                let source = Self::id(world, world.network.source[e]);
                self.spillover.insert((target, source), credit);
            }
        }
    }
}

/// Adoptions and nothing else: asks for no credit, so it takes the engine's shortest way.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Adoptions(pub Vec<(Item, String, u16)>);

impl Listener for Adoptions {
    fn implemented(&mut self, world: &World, innovation: &Innovation, _: InnovationId) {
        for first in &innovation.first {
            let place = History::id(world, *first);
            self.0
                .push((item(world, innovation), place, innovation.implemented));
        }
    }

    fn adopted(&mut self, world: &World, innovation: &Innovation, adoption: &Adoption<'_>) {
        let place = History::id(world, adoption.place);
        self.0
            .push((item(world, innovation), place, adoption.month));
    }
}
