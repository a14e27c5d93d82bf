//! Listens to one replicate of one layout and keeps its outcomes and its national rows.

use crate::experiment::standing::{is_kept, standings};
use crate::measure::{
    FirmRow, FirmShare, Firsts, National, NationalRow, OUTCOMES, Stock, Told, Value,
};
use crate::model::{self, Adoption, Innovation, Listener, State, StructureEvent};
use crate::world::World;

use super::Comparison;
use super::groups::firm_share;
use super::slots::{Of, Slot};

/// What is kept of one replicate of one layout.
#[derive(Clone, Debug)]
pub struct Observed {
    /// One value per slot; NaN where there is none (a month that never came).
    pub values: Vec<f64>,
    /// The national row of each month.
    pub rows: Vec<NationalRow>,
    /// Stock and scale of the places of each month that is kept, months in order.
    pub places: Vec<(f64, u8)>,
    /// Structures that form and dissolve, in order; empty when places are not kept.
    pub structures: Vec<StructureEvent>,
    /// Source, target and credit of the links with credit, by number of place; empty when places are not kept.
    pub spillovers: Vec<(u32, u32, f64)>,
}

/// Runs replicate `replicate` of the layout at position `side`.
pub fn observe(comparison: &Comparison, side: usize, replicate: u32) -> Observed {
    observe_in(comparison, side, &comparison.sides[side].world, replicate)
}

/// The same in a world of the same places as the layout's own, with other values of its parameters.
pub fn observe_in(comparison: &Comparison, side: usize, world: &World, replicate: u32) -> Observed {
    let seed = comparison.sides[side].loaded.scenario.seed;
    // Accounts of credit by link cost time, and only comparisons that keep places need them.
    if comparison.every.is_some() {
        let mut observer = Observer::<true>::new(comparison, side, world);
        model::run(world, seed, replicate, &mut observer);
        observer.finished()
    } else {
        let mut observer = Observer::<false>::new(comparison, side, world);
        model::run(world, seed, replicate, &mut observer);
        observer.finished()
    }
}

/// `CREDIT` keeps the credit of each link.
struct Observer<'c, const CREDIT: bool> {
    comparison: &'c Comparison,
    side: usize,
    world: &'c World,
    stock: Stock,
    national: Option<National>,
    rows: Vec<NationalRow>,
    places: Vec<(f64, u8)>,
    structures: Vec<StructureEvent>,
    spillovers: Vec<(u32, u32, f64)>,
    firsts: Firsts,
    /// Adoptions of each place so far.
    adoptions: Vec<u32>,
    /// What each group has, `[horizon][group]`.
    groups: Vec<Vec<OfGroup>>,
    /// The firms of each group that is of firms.
    of_firms: Vec<Option<FirmShare>>,
}

/// What a group has at a horizon.
#[derive(Clone, Copy)]
struct OfGroup {
    stock: f64,
    adoptions: f64,
    firms: Option<FirmRow>,
}

impl<'c, const CREDIT: bool> Observer<'c, CREDIT> {
    fn new(comparison: &'c Comparison, side: usize, world: &'c World) -> Self {
        let months = usize::from(world.calendar.months);
        Self {
            comparison,
            side,
            world,
            stock: Stock::new(world),
            national: None,
            rows: Vec::with_capacity(months),
            places: Vec::new(),
            structures: Vec::new(),
            spillovers: Vec::new(),
            firsts: Firsts::new(world),
            adoptions: vec![0; world.places.len()],
            groups: Vec::new(),
            of_firms: comparison
                .groups
                .list
                .iter()
                .map(|group| {
                    let at = (*group.of_firms.get(side)?)?;
                    Some(firm_share(world, world.firms.as_ref()?, group.kind, at))
                })
                .collect(),
        }
    }

    /// Mean stock over the places of each group that count, adoptions at all of its places, and what its
    /// firms did.
    fn of_groups(&self, state: &State<'_>) -> Vec<OfGroup> {
        let places = &self.world.places;
        let groups = self.comparison.groups.list.iter().zip(&self.of_firms);
        groups
            .map(|(group, of_firms)| {
                let (mut held, mut weight, mut adoptions) = (0.0, 0.0, 0u64);
                for &i in &group.places[self.side] {
                    let i = i as usize;
                    adoptions += u64::from(self.adoptions[i]);
                    if places.counts[i] {
                        held += self.stock.of(i) * places.weight[i];
                        weight += places.weight[i];
                    }
                }
                let firms = match (&state.firms, of_firms) {
                    (Some(firms), Some(of_firms)) => Some(of_firms.row(firms)),
                    (Some(firms), None) if !group.kind.of_firms() => {
                        let list = group.places[self.side].iter().map(|i| *i as usize);
                        Some(FirmRow::of(self.world, firms, list))
                    }
                    _ => None,
                };
                OfGroup {
                    stock: held / weight,
                    adoptions: adoptions as f64,
                    firms,
                }
            })
            .collect()
    }

    fn finished(self) -> Observed {
        let slots = self.comparison.slots.list();
        let values = slots.iter().map(|slot| self.value(slot)).collect();
        Observed {
            values,
            rows: self.rows,
            places: self.places,
            structures: self.structures,
            spillovers: self.spillovers,
        }
    }

    fn value(&self, slot: &Slot) -> f64 {
        let outcome = &OUTCOMES[slot.outcome];
        if let Of::Group(g) = slot.of {
            let horizons = &self.comparison.horizons;
            let h = horizons.iter().position(|t| Some(*t) == slot.horizon);
            let of = h.and_then(|h| self.groups.get(h)?.get(g));
            return of.map_or(f64::NAN, |of| match outcome.value {
                Value::Sum(_) => of.adoptions,
                Value::Firms(get) => of.firms.as_ref().map_or(f64::NAN, get),
                _ => of.stock,
            });
        }
        let told = Told {
            rows: &self.rows,
            firsts: &self.firsts,
        };
        if let Of::Axis(c) = slot.of {
            // A corridor that the layout does not have never forms an axis.
            let id = &self.comparison.groups.corridors[c];
            let own = self.world.corridors.iter().position(|own| own.id == *id);
            return own.map_or(f64::NAN, |own| outcome.value.of_corridor(&told, own));
        }
        let at = usize::from(slot.horizon.unwrap_or(0));
        outcome.value.of_country(&told, at)
    }
}

impl<const CREDIT: bool> Listener for Observer<'_, CREDIT> {
    const CREDIT: bool = CREDIT;

    fn start(&mut self, world: &World, innovations: &[Innovation]) {
        self.national = Some(National::new(world, innovations));
    }

    fn implemented(&mut self, _: &World, innovation: &Innovation, _: u32) {
        self.stock.change(innovation.origin as usize, innovation, 1);
        if let Some(national) = &mut self.national {
            national.month.implemented += 1;
        }
    }

    fn adopted(&mut self, _: &World, innovation: &Innovation, adoption: &Adoption<'_>) {
        self.stock.change(adoption.place as usize, innovation, 1);
        self.adoptions[adoption.place as usize] += 1;
    }

    fn abandoned(&mut self, _: &World, innovation: &Innovation, _: u32, place: u32, _: u16) {
        self.stock.change(place as usize, innovation, -1);
        if let Some(national) = &mut self.national {
            national.month.abandonments += 1;
        }
    }

    fn provincial(&mut self, _: &World, _: u32, _: u16) {
        if let Some(national) = &mut self.national {
            national.month.replicated_provincial += 1;
        }
    }

    fn national(&mut self, _: &World, _: u32, _: u16) {
        if let Some(national) = &mut self.national {
            national.month.replicated_national += 1;
        }
    }

    fn structure(&mut self, _: &World, event: &StructureEvent) {
        self.firsts.structure(event);
        if self.comparison.every.is_some() {
            self.structures.push(*event);
        }
    }

    fn month_end(&mut self, world: &World, state: &State<'_>, t: u16) {
        if let Some(national) = &mut self.national {
            self.rows.push(national.row(world, state, &self.stock, t));
        }
        if self
            .comparison
            .every
            .is_some_and(|every| is_kept(world, every, t))
        {
            let (places, stock) = (&mut self.places, &self.stock);
            standings(world, state, stock, t, |i, scale| {
                places.push((stock.of(i), scale))
            });
        }
        if self.comparison.horizons.contains(&t) {
            self.groups.push(self.of_groups(state));
        }
    }

    fn finish(&mut self, world: &World, state: &State<'_>) {
        if !CREDIT {
            return;
        }
        let network = &world.network;
        let credits = (0..network.len()).map(|e| (e, state.credit.of_link(e)));
        let heard = credits.filter(|(_, credit)| *credit > 0.0);
        self.spillovers = heard
            .map(|(e, credit)| (network.source[e], network.listener[e], credit))
            .collect();
    }
}
