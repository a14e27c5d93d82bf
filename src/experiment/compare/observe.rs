//! What is kept of one replicate of one layout: its outcomes and national rows, and what maps are made of.

use crate::experiment::observe::{
    Country, Month, Observer, Places, Spillover, Spillovers, Structures, observe as observe_by,
};
use crate::measure::{FirmRow, FirmShare, Firsts, NationalRow, OUTCOMES, Stage, Told, Value};
use crate::model::{Adoption, Innovation, InnovationId, Listener, OutOfMemory, StructureEvent};
use crate::world::{PlaceId, World};

use super::Comparison;
use super::groups::{GroupKind, firm_share};
use super::slots::{Of, Slot};

/// What is kept of one replicate of one layout.
#[derive(Clone, Debug)]
pub struct Observed {
    /// One value per slot; NaN where there is none (a month that never came).
    pub values: Vec<f64>,
    /// The national row of each month.
    pub rows: Vec<NationalRow>,
    /// Places of each month that is kept, months in order; empty when places are not kept, as what follows.
    pub places: Places,
    /// Structures that form and dissolve, in order.
    pub structures: Vec<StructureEvent>,
    /// Links with credit, by number of place.
    pub spillovers: Vec<Spillover>,
}

/// Runs replicate `replicate` of the layout at position `side`.
///
/// # Errors
/// No memory for the replicate.
pub fn observe(
    comparison: &Comparison,
    side: usize,
    replicate: u32,
) -> Result<Observed, OutOfMemory> {
    observe_in(comparison, side, &comparison.sides[side].world, replicate)
}

/// The same in a world of the same places as the layout's own, with other values of its parameters.
///
/// # Errors
/// No memory for the replicate.
pub fn observe_in(
    comparison: &Comparison,
    side: usize,
    world: &World,
    replicate: u32,
) -> Result<Observed, OutOfMemory> {
    let seed = comparison.sides[side].loaded.scenario.seed;
    let usual = (
        Country::new(world),
        Firsts::new(world),
        Groups::new(comparison, side, world),
    );
    // Accounts of credit by link cost time, and only comparisons that keep places need them.
    let (usual, map) = match comparison.every {
        Some(every) => {
            let map = (
                Places::new(every, 0),
                Structures::default(),
                Spillovers::default(),
            );
            observe_by(world, seed, replicate, (usual, map))?
        }
        None => {
            let usual = observe_by(world, seed, replicate, usual)?;
            (usual, Default::default())
        }
    };
    let ((country, firsts, groups), (places, structures, spillovers)) = (usual, map);
    let told = Told {
        rows: &country.0,
        firsts: &firsts,
    };
    let slots = comparison.slots.list().iter();
    Ok(Observed {
        values: slots.map(|slot| groups.value(slot, &told)).collect(),
        rows: country.0,
        places,
        structures: structures.0,
        spillovers: spillovers.0,
    })
}

/// What groups of places and firms have at the horizons.
struct Groups<'c> {
    comparison: &'c Comparison,
    side: usize,
    world: &'c World,
    /// Adoptions of each place so far.
    adoptions: Vec<u32>,
    /// Innovations of each place so far by the stage that they came to; empty unless they are counted by origin.
    origins: [Vec<u32>; 3],
    /// The place that each innovation comes from.
    origin: Vec<Option<PlaceId>>,
    /// What each group has, `[horizon][group]`.
    at: Vec<Vec<OfGroup>>,
    /// The firms of each group that is of firms.
    of_firms: Vec<Option<FirmShare>>,
}

/// What a group has at a horizon.
#[derive(Clone, Copy)]
struct OfGroup {
    stock: f64,
    adoptions: f64,
    origins: [f64; 3],
    firms: Option<FirmRow>,
}

impl<'c> Groups<'c> {
    fn new(comparison: &'c Comparison, side: usize, world: &'c World) -> Self {
        let of_firms = comparison.groups.list.iter().map(|group| {
            let at = (*group.of_firms.get(side)?)?;
            Some(firm_share(world, world.firms.as_ref()?, group.kind, at))
        });
        let groups = &comparison.groups.list;
        let counted = groups.iter().any(|group| group.kind == GroupKind::Origin);
        let places = if counted { world.places.len() } else { 0 };
        Self {
            comparison,
            side,
            world,
            adoptions: vec![0; world.places.len()],
            origins: [(); 3].map(|()| vec![0; places]),
            origin: Vec::new(),
            at: Vec::new(),
            of_firms: of_firms.collect(),
        }
    }

    /// The value of a slot.
    fn value(&self, slot: &Slot, told: &Told<'_>) -> f64 {
        let outcome = &OUTCOMES[slot.outcome];
        match slot.of {
            Of::Group(g) => {
                let mut horizons = self.comparison.horizons.iter();
                let h = horizons.position(|t| Some(*t) == slot.horizon);
                let of = h.and_then(|h| self.at.get(h)?.get(g));
                let kind = self.comparison.groups.list[g].kind;
                of.map_or(f64::NAN, |of| match outcome.value {
                    _ if kind == GroupKind::Origin => {
                        let stage = outcome.by_origin;
                        stage.map_or(f64::NAN, |stage| of.origins[stage as usize])
                    }
                    Value::Sum(_) => of.adoptions,
                    Value::Firms(get) => of.firms.as_ref().map_or(f64::NAN, get),
                    _ => of.stock,
                })
            }
            Of::Axis(c) => {
                // A corridor that the layout does not have never forms an axis.
                let id = &self.comparison.groups.corridors[c];
                let own = self.world.corridors.iter().position(|own| own.id == *id);
                own.map_or(f64::NAN, |own| outcome.value.of_corridor(told, own))
            }
            Of::Nation => {
                let at = usize::from(slot.horizon.unwrap_or(0));
                outcome.value.of_country(told, at)
            }
        }
    }
}

impl Groups<'_> {
    /// An item that began at several places at once is of none.
    fn count(&mut self, stage: Stage, place: Option<PlaceId>) {
        if let Some(place) = place
            && let Some(count) = self.origins[stage as usize].get_mut(place.index())
        {
            *count += 1;
        }
    }
}

impl Listener for Groups<'_> {
    fn start(&mut self, _: &World, innovations: &[Innovation]) {
        if !self.origins[0].is_empty() {
            self.origin = innovations.iter().map(|of| of.origin).collect();
        }
    }

    fn implemented(&mut self, _: &World, innovation: &Innovation, _: InnovationId) {
        self.count(Stage::Implemented, innovation.origin);
    }

    fn provincial(&mut self, _: &World, k: InnovationId, _: u16) {
        if let Some(place) = self.origin.get(k.index()) {
            self.count(Stage::Provincial, *place);
        }
    }

    fn national(&mut self, _: &World, k: InnovationId, _: u16) {
        if let Some(place) = self.origin.get(k.index()) {
            self.count(Stage::National, *place);
        }
    }

    fn adopted(&mut self, _: &World, _: &Innovation, adoption: &Adoption<'_>) {
        self.adoptions[adoption.place] += 1;
    }
}

impl Observer for Groups<'_> {
    /// Mean stock over the places of each group that count, adoptions at all of its places, and what its
    /// firms did.
    fn month(&mut self, month: &Month<'_>) {
        if !self.comparison.horizons.contains(&month.t) {
            return;
        }
        let places = &self.world.places;
        let groups = self.comparison.groups.list.iter().zip(&self.of_firms);
        let all = groups.map(|(group, of_firms)| {
            let (mut held, mut weight, mut adoptions) = (0.0, 0.0, 0u64);
            let origins = self.origins.each_ref().map(|counts| {
                let own = group.places[self.side].iter();
                own.filter_map(|i| counts.get(i.index()))
                    .map(|n| f64::from(*n))
                    .sum()
            });
            for &i in &group.places[self.side] {
                adoptions += u64::from(self.adoptions[i]);
                if places.counts[i] {
                    held += month.stock.of(i) * places.weight[i];
                    weight += places.weight[i];
                }
            }
            let firms = match (&month.state.firms, of_firms) {
                (Some(firms), Some(of_firms)) => Some(of_firms.row(firms)),
                (Some(firms), None) if !group.kind.of_firms() => {
                    let list = group.places[self.side].iter().copied();
                    Some(FirmRow::of(self.world, firms, list))
                }
                _ => None,
            };
            OfGroup {
                stock: held / weight,
                adoptions: adoptions as f64,
                origins,
                firms,
            }
        });
        self.at.push(all.collect());
    }
}
