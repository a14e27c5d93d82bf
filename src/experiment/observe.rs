//! Observers of a replicate: each keeps one thing, and they compose as a tuple. What a run, a comparison and
//! a sweep look at differs in which observers they take.

use crate::measure::{National, NationalRow, Stock};
use crate::model::{
    self, Adoption, Innovation, InnovationId, Listener, OutOfMemory, State, StructureEvent,
};
use crate::texts::{Text, text};
use crate::world::memory::size;
use crate::world::{LinkId, PlaceId, World};

use super::standing::{is_kept, standings};

/// The end of a month, with what is measured of it once for all observers.
#[derive(Clone, Copy)]
pub struct Month<'a> {
    /// The world.
    pub world: &'a World,
    /// The model's state.
    pub state: &'a State<'a>,
    /// What places have.
    pub stock: &'a Stock,
    /// The country.
    pub row: &'a NationalRow,
    /// Month number.
    pub t: u16,
}

/// Listens to the model, and looks at what is measured at the end of each month.
pub trait Observer: Listener {
    /// The end of a month.
    fn month(&mut self, _: &Month<'_>) {}
}

impl<O: Observer> Observer for Option<O> {
    fn month(&mut self, month: &Month<'_>) {
        if let Some(of) = self {
            of.month(month);
        }
    }
}

macro_rules! together {
    ($($name:ident $at:tt),+) => {
        impl<$($name: Observer),+> Observer for ($($name,)+) {
            fn month(&mut self, month: &Month<'_>) {
                $(self.$at.month(month);)+
            }
        }
    };
}

together!(A 0, B 1);
together!(A 0, B 1, C 2);
together!(A 0, B 1, C 2, D 3);
together!(A 0, B 1, C 2, D 3, E 4);
together!(A 0, B 1, C 2, D 3, E 4, F 5);

/// Why a replicate cannot be run, in words.
pub fn no_memory(error: OutOfMemory) -> Text {
    text!("replicate-memory", bytes = size(error.bytes as u64))
}

/// Runs a replicate of a world under an observer, and gives it back.
///
/// # Errors
/// No memory for the replicate.
pub fn observe<O: Observer>(
    world: &World,
    seed: u64,
    replicate: u32,
    of: O,
) -> Result<O, OutOfMemory> {
    let mut measured = Measured {
        stock: Stock::new(world),
        national: None,
        of,
    };
    model::run(world, seed, replicate, &mut measured)?;
    Ok(measured.of)
}

/// Measures what all observers look at.
struct Measured<O> {
    stock: Stock,
    national: Option<National>,
    of: O,
}

impl<O: Observer> Listener for Measured<O> {
    const MECHANISMS: bool = O::MECHANISMS;
    const CREDIT: bool = O::CREDIT;

    fn start(&mut self, world: &World, innovations: &[Innovation]) {
        self.national = Some(National::new(world, innovations));
        self.of.start(world, innovations);
    }

    fn implemented(&mut self, world: &World, innovation: &Innovation, k: InnovationId) {
        for &first in &innovation.first {
            self.stock.change(first, innovation, 1);
        }
        if let Some(national) = &mut self.national {
            national.month.implemented += 1;
        }
        self.of.implemented(world, innovation, k);
    }

    fn adopted(&mut self, world: &World, innovation: &Innovation, adoption: &Adoption<'_>) {
        self.stock.change(adoption.place, innovation, 1);
        self.of.adopted(world, innovation, adoption);
    }

    fn abandoned(
        &mut self,
        world: &World,
        innovation: &Innovation,
        k: InnovationId,
        place: PlaceId,
        month: u16,
    ) {
        self.stock.change(place, innovation, -1);
        if let Some(national) = &mut self.national {
            national.month.abandonments += 1;
        }
        self.of.abandoned(world, innovation, k, place, month);
    }

    fn provincial(&mut self, world: &World, k: InnovationId, month: u16) {
        if let Some(national) = &mut self.national {
            national.month.replicated_provincial += 1;
        }
        self.of.provincial(world, k, month);
    }

    fn national(&mut self, world: &World, k: InnovationId, month: u16) {
        if let Some(national) = &mut self.national {
            national.month.replicated_national += 1;
        }
        self.of.national(world, k, month);
    }

    fn structure(&mut self, world: &World, event: &StructureEvent) {
        self.of.structure(world, event);
    }

    fn month_end(&mut self, world: &World, state: &State<'_>, t: u16) {
        if let Some(national) = &mut self.national {
            let row = national.row(world, state, &self.stock, t);
            self.of.month(&Month {
                world,
                state,
                stock: &self.stock,
                row: &row,
                t,
            });
        }
        self.of.month_end(world, state, t);
    }

    fn finish(&mut self, world: &World, state: &State<'_>) {
        self.of.finish(world, state);
    }
}

impl Observer for crate::measure::Firsts {}

/// The country, month by month.
#[derive(Clone, Debug, Default)]
pub struct Country(pub Vec<NationalRow>);

impl Country {
    /// Of a world.
    pub fn new(world: &World) -> Self {
        Self(Vec::with_capacity(usize::from(world.calendar.months)))
    }
}

impl Listener for Country {}

impl Observer for Country {
    fn month(&mut self, month: &Month<'_>) {
        self.0.push(*month.row);
    }
}

/// Places at the months that are kept, column by column: there are many.
#[derive(Clone, Debug, Default)]
pub struct Places {
    every: u16,
    /// Month number.
    pub month: Vec<u16>,
    /// The place.
    pub place: Vec<PlaceId>,
    /// Its stock.
    pub stock: Vec<f64>,
    /// Its items, by domain, if they are kept.
    pub items: Vec<Vec<u32>>,
    /// The highest scale that it is on.
    pub scale: Vec<u8>,
}

impl Places {
    /// At the ends of every so many months; with items of so many domains.
    pub fn new(every: u16, domains: usize) -> Self {
        Self {
            every,
            items: vec![Vec::new(); domains],
            ..Self::default()
        }
    }
}

impl Listener for Places {}

impl Observer for Places {
    fn month(&mut self, of: &Month<'_>) {
        if !is_kept(of.world, self.every, of.t) {
            return;
        }
        standings(of.world, of.state, of.stock, of.t, |i, scale| {
            self.scale.push(scale);
            self.month.push(of.t);
            self.place.push(i);
            self.stock.push(of.stock.of(i));
            for (column, items) in self.items.iter_mut().zip(of.stock.items(i)) {
                column.push(*items);
            }
        });
    }
}

/// Structures that form and dissolve, in order.
#[derive(Clone, Debug, Default)]
pub struct Structures(pub Vec<StructureEvent>);

impl Listener for Structures {
    fn structure(&mut self, _: &World, event: &StructureEvent) {
        self.0.push(*event);
    }
}

impl Observer for Structures {}

/// Credit between places.
#[derive(Clone, Debug, Default)]
pub struct Spillovers(pub Vec<Spillover>);

/// Source, target and the credit between them over the whole run.
pub type Spillover = (PlaceId, PlaceId, f64);

impl Listener for Spillovers {
    const CREDIT: bool = true;

    fn finish(&mut self, world: &World, state: &State<'_>) {
        let network = &world.network;
        let credits = LinkId::each(0..network.len()).map(|e| (e, state.credit.of_link(e)));
        let heard = credits.filter(|(_, credit)| *credit > 0.0);
        self.0 = heard
            .map(|(e, credit)| (network.source[e], network.listener[e], credit))
            .collect();
    }
}

impl Observer for Spillovers {}
