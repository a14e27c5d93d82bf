//! One replicate of a history under a layout, and in what it differs from the history.

use crate::experiment::observe::no_memory;
use crate::model::{Adoption, Course, Innovation, Listener, run_as};
use crate::texts::Text;
use crate::world::{NEVER, PlaceId, World};

use super::history::Replayed;

/// The table of what differs.
pub(super) const DIFFERENCES: &str = "differences";

/// A place and an item of which a replicate differs from the history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// The item by its number among those that are given.
    pub item: u32,
    /// The place by its number in the world of the layout.
    pub place: PlaceId,
    /// Month in which it adopted, or [`NEVER`].
    pub factual: u16,
    /// Month in which it adopts under the layout, or [`NEVER`].
    pub month: u16,
}

/// When given items are adopted.
struct Dates {
    places: usize,
    /// `[item · N + place]`.
    months: Vec<u16>,
}

impl Listener for Dates {
    fn adopted(&mut self, _: &World, innovation: &Innovation, adoption: &Adoption<'_>) {
        if let Some(g) = innovation.given {
            self.months[g as usize * self.places + adoption.place.index()] = adoption.month;
        }
    }
}

/// Runs replicate `replicate` of the history under the layout at position `side`: what differs from the history, items in
/// order and places in order.
///
/// # Errors
/// No memory for the replicate; a history that cannot happen in it.
pub fn observe(replayed: &Replayed, side: usize, replicate: u32) -> Result<Vec<Change>, Text> {
    let (factual, world) = (replayed.factual(), &replayed.sides[side].world);
    let thresholds = replayed.thresholds(side, replicate)?;
    let places = world.places.len();
    let mut dates = Dates {
        places,
        months: vec![NEVER; places * world.given.len()],
    };
    let course = Course::Conditioned(thresholds);
    run_as(world, replayed.seed(), replicate, course, &mut dates).map_err(no_memory)?;
    let mut changes = Vec::new();
    for (g, item) in factual.given.iter().enumerate() {
        let mut known = vec![NEVER; places];
        for (month, place, _) in &item.history {
            if let Some(place) = world.places.named(&factual.places.id[*place]) {
                known[place] = *month;
            }
        }
        for (place, factual) in PlaceId::each(0..places).zip(known) {
            let month = dates.months[g * places + place.index()];
            if month != factual {
                changes.push(Change {
                    item: g as u32,
                    place,
                    factual,
                    month,
                });
            }
        }
    }
    Ok(changes)
}
