//! What the model tells. Observation never disturbs: a listener is a type parameter that reads, and
//! one that does nothing costs nothing.

use crate::world::{InnovationId, PlaceId, World, ZoneId};

use super::point::Innovation;
use super::state::State;

/// An adoption by exposure or replication (not the origin's own implementation).
#[derive(Clone, Copy, Debug)]
pub struct Adoption<'a> {
    /// The innovation.
    pub innovation: InnovationId,
    /// The place that adopts.
    pub place: PlaceId,
    /// Month number.
    pub month: u16,
    /// The source with the largest share of the hazard; none when all of it was replication.
    pub main_source: Option<PlaceId>,
    /// Credit by mechanism, adding up to 1; empty unless the listener asks for it.
    pub mechanisms: &'a [f64],
}

/// A structure of the theory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A line between two places (number of the pair).
    Line(u32),
    /// The circle of a zone.
    Circle(ZoneId),
    /// The axis of a corridor (number of the corridor).
    Axis(u32),
    /// The plane.
    Plane,
}

/// A structure forms or dissolves.
#[derive(Clone, Copy, Debug)]
pub struct StructureEvent {
    /// What.
    pub shape: Shape,
    /// Whether it forms; else it dissolves.
    pub formed: bool,
    /// Month number.
    pub month: u16,
    /// Places in it (axis: segments).
    pub size: u32,
    /// Its share of all weight.
    pub weight_share: f64,
}

/// Reads what happens in a replicate.
pub trait Listener {
    /// Whether adoptions come with their credit by mechanism.
    const MECHANISMS: bool = false;
    /// Whether credit by link and mechanism is kept in [`State`].
    const CREDIT: bool = false;

    /// All innovations of the replicate, known from the start: births and pilots depend on the zone alone.
    fn start(&mut self, _world: &World, _innovations: &[Innovation]) {}
    /// Before the first month, with all that was before the run in place.
    fn before(&mut self, _world: &World, _state: &State<'_>) {}
    /// An innovation is implemented: its origin now has it, or the first adopters of a given item
    /// ([`Innovation::first`]).
    fn implemented(&mut self, _world: &World, _innovation: &Innovation, _k: InnovationId) {}
    /// A place adopts.
    fn adopted(&mut self, _world: &World, _innovation: &Innovation, _adoption: &Adoption<'_>) {}
    /// A place abandons an item that it had.
    fn abandoned(
        &mut self,
        _world: &World,
        _innovation: &Innovation,
        _k: InnovationId,
        _place: PlaceId,
        _month: u16,
    ) {
    }
    /// A province takes an innovation up.
    fn provincial(&mut self, _world: &World, _k: InnovationId, _month: u16) {}
    /// The centre takes an innovation up.
    fn national(&mut self, _world: &World, _k: InnovationId, _month: u16) {}
    /// A structure forms or dissolves.
    fn structure(&mut self, _world: &World, _event: &StructureEvent) {}
    /// The end of a month, with everything that happened in it done.
    fn month_end(&mut self, _world: &World, _state: &State<'_>, _month: u16) {}
    /// The end of the replicate.
    fn finish(&mut self, _world: &World, _state: &State<'_>) {}
}

/// Nobody listens, or somebody does.
impl<L: Listener> Listener for Option<L> {
    const MECHANISMS: bool = L::MECHANISMS;
    const CREDIT: bool = L::CREDIT;

    fn start(&mut self, world: &World, innovations: &[Innovation]) {
        if let Some(of) = self {
            of.start(world, innovations);
        }
    }

    fn before(&mut self, world: &World, state: &State<'_>) {
        if let Some(of) = self {
            of.before(world, state);
        }
    }

    #[inline(always)]
    fn implemented(&mut self, world: &World, innovation: &Innovation, k: InnovationId) {
        if let Some(of) = self {
            of.implemented(world, innovation, k);
        }
    }

    #[inline(always)]
    fn adopted(&mut self, world: &World, innovation: &Innovation, adoption: &Adoption<'_>) {
        if let Some(of) = self {
            of.adopted(world, innovation, adoption);
        }
    }

    #[inline(always)]
    fn abandoned(
        &mut self,
        world: &World,
        innovation: &Innovation,
        k: InnovationId,
        place: PlaceId,
        month: u16,
    ) {
        if let Some(of) = self {
            of.abandoned(world, innovation, k, place, month);
        }
    }

    fn provincial(&mut self, world: &World, k: InnovationId, month: u16) {
        if let Some(of) = self {
            of.provincial(world, k, month);
        }
    }

    fn national(&mut self, world: &World, k: InnovationId, month: u16) {
        if let Some(of) = self {
            of.national(world, k, month);
        }
    }

    fn structure(&mut self, world: &World, event: &StructureEvent) {
        if let Some(of) = self {
            of.structure(world, event);
        }
    }

    fn month_end(&mut self, world: &World, state: &State<'_>, month: u16) {
        if let Some(of) = self {
            of.month_end(world, state, month);
        }
    }

    fn finish(&mut self, world: &World, state: &State<'_>) {
        if let Some(of) = self {
            of.finish(world, state);
        }
    }
}

/// Several that listen, one after the other. What one of them asks for is kept for all.
macro_rules! together {
    ($($name:ident $at:tt),+) => {
        impl<$($name: Listener),+> Listener for ($($name,)+) {
            const MECHANISMS: bool = $($name::MECHANISMS)||+;
            const CREDIT: bool = $($name::CREDIT)||+;

            fn start(&mut self, world: &World, innovations: &[Innovation]) {
                $(self.$at.start(world, innovations);)+
            }

            fn before(&mut self, world: &World, state: &State<'_>) {
                $(self.$at.before(world, state);)+
            }

            #[inline(always)]
            fn implemented(&mut self, world: &World, innovation: &Innovation, k: InnovationId) {
                $(self.$at.implemented(world, innovation, k);)+
            }

            #[inline(always)]
            fn adopted(&mut self, world: &World, innovation: &Innovation, adoption: &Adoption<'_>) {
                $(self.$at.adopted(world, innovation, adoption);)+
            }

            #[inline(always)]
            fn abandoned(
                &mut self,
                world: &World,
                innovation: &Innovation,
                k: InnovationId,
                place: PlaceId,
                month: u16,
            ) {
                $(self.$at.abandoned(world, innovation, k, place, month);)+
            }

            fn provincial(&mut self, world: &World, k: InnovationId, month: u16) {
                $(self.$at.provincial(world, k, month);)+
            }

            fn national(&mut self, world: &World, k: InnovationId, month: u16) {
                $(self.$at.national(world, k, month);)+
            }

            fn structure(&mut self, world: &World, event: &StructureEvent) {
                $(self.$at.structure(world, event);)+
            }

            fn month_end(&mut self, world: &World, state: &State<'_>, month: u16) {
                $(self.$at.month_end(world, state, month);)+
            }

            fn finish(&mut self, world: &World, state: &State<'_>) {
                $(self.$at.finish(world, state);)+
            }
        }
    };
}

together!(A 0, B 1);
together!(A 0, B 1, C 2);
together!(A 0, B 1, C 2, D 3);
together!(A 0, B 1, C 2, D 3, E 4);
together!(A 0, B 1, C 2, D 3, E 4, F 5);

/// Listens to nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Listener for Silent {}
