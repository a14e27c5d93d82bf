//! When lines, circles, axes and the plane first form.

use crate::model::{Listener, Shape, StructureEvent};
use crate::world::World;

/// A kind of structure, by the scale that it makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// A line.
    Line,
    /// A circle.
    Circle,
    /// An axis.
    Axis,
    /// The plane.
    Plane,
}

/// First months of a replicate, as month numbers.
#[derive(Clone, Debug)]
pub struct Firsts {
    scales: [Option<u16>; 4],
    axes: Vec<Option<u16>>,
}

impl Firsts {
    /// Nothing yet.
    pub fn new(world: &World) -> Self {
        Self::of(world.corridors.len())
    }

    /// Nothing yet, with so many corridors.
    pub fn of(corridors: usize) -> Self {
        Self {
            scales: [None; 4],
            axes: vec![None; corridors],
        }
    }

    /// A structure forms or dissolves.
    pub fn event(&mut self, event: &StructureEvent) {
        if !event.formed {
            return;
        }
        let scale = match event.shape {
            Shape::Line(_) => Scale::Line,
            Shape::Circle(_) => Scale::Circle,
            Shape::Axis(corridor) => {
                note(&mut self.axes[corridor as usize], event.month);
                Scale::Axis
            }
            Shape::Plane => Scale::Plane,
        };
        note(&mut self.scales[scale as usize], event.month);
    }

    /// First month with a structure of a scale.
    pub fn scale(&self, scale: Scale) -> Option<u16> {
        self.scales[scale as usize]
    }

    /// First month of the axis of a corridor, by its number in the world.
    pub fn axis(&self, corridor: usize) -> Option<u16> {
        self.axes.get(corridor).copied().flatten()
    }
}

impl Listener for Firsts {
    fn structure(&mut self, _: &World, event: &StructureEvent) {
        self.event(event);
    }
}

fn note(first: &mut Option<u16>, month: u16) {
    *first = Some(first.map_or(month, |first| first.min(month)));
}
