//! A history and the worlds under which it is told and replayed: what it says of thresholds.

use std::path::PathBuf;
use std::sync::Arc;

use crate::draw::Luck;
use crate::experiment::compare::Side;
use crate::experiment::observe::no_memory;
use crate::model::{Course, Ranges, Silent, Thresholds, run_as};
use crate::texts::{Text, text};
use crate::world::World;

/// A history and layouts.
#[derive(Debug)]
pub struct Replayed {
    /// The layouts: the factual one first, and then those that are asked for.
    pub sides: Vec<Side>,
    /// Their files, for loading one anew with other values.
    pub files: Vec<Vec<PathBuf>>,
    /// What the history says of thresholds, where it says the same in all replicates.
    pub ranges: Option<Ranges>,
}

impl Replayed {
    /// The world in which the history happened.
    pub fn factual(&self) -> &World {
        &self.sides[0].world
    }

    /// The seed of all replicates.
    pub fn seed(&self) -> u64 {
        self.sides[0].loaded.scenario.seed
    }

    /// Thresholds that the history leaves possible in a replicate, for the layout at position `side`.
    ///
    /// # Errors
    /// No memory for them; a history that cannot happen in this replicate.
    pub fn thresholds(&self, side: usize, replicate: u32) -> Result<Arc<Thresholds>, Text> {
        let factual = self.factual();
        let ranges = self.ranges(replicate).map_err(no_memory)?;
        if let Some(what) = impossible(factual, &ranges) {
            return Err(what);
        }
        let luck = Luck::new(self.seed(), replicate);
        let thresholds = ranges.thresholds(factual, &self.sides[side].world, luck);
        Ok(Arc::new(thresholds))
    }

    /// What the history says of thresholds in a replicate.
    ///
    /// # Errors
    /// No memory for it.
    fn ranges(&self, replicate: u32) -> Result<Ranges, crate::model::OutOfMemory> {
        match &self.ranges {
            Some(ranges) => Ok(ranges.clone()),
            None => ranges(self.factual(), self.seed(), replicate),
        }
    }
}

/// What the history of a world says of thresholds in a replicate.
fn ranges(world: &World, seed: u64, replicate: u32) -> Result<Ranges, crate::model::OutOfMemory> {
    let course = Course::Told(Ranges::new(world));
    Ok(match run_as(world, seed, replicate, course, &mut Silent)? {
        Course::Told(ranges) => ranges,
        Course::Drawn | Course::Conditioned(_) => Ranges::new(world),
    })
}

/// What the history of the factual layout says in all replicates.
///
/// # Errors
/// No memory for it.
pub(super) fn told(factual: &Side) -> Result<Ranges, Text> {
    let seed = factual.loaded.scenario.seed;
    ranges(&factual.world, seed, 0).map_err(no_memory)
}

/// The first adoption of the history of a world that cannot happen, in words.
pub(super) fn impossible(world: &World, told: &Ranges) -> Option<Text> {
    let (month, g, place) = told.impossible?;
    let (item, place) = (&world.given[g].id, &world.places.id[place]);
    let period = world.calendar.name(month);
    Some(text!("replay-impossible", item, place, period))
}
