//! A layout of a comparison.

use crate::experiment::build::build;
use crate::scenario::{Loaded, Problem, Problems};
use crate::world::World;
use crate::world::memory::Recorded;

/// A layout as it is run.
#[derive(Debug)]
pub struct Side {
    /// Its name in tables and words.
    pub name: String,
    /// The scenario with the layout.
    pub loaded: Loaded,
    /// Its world.
    pub world: World,
}

impl Side {
    /// Builds the world of a layout. Its warnings, and those of its graph, come to the others, each once.
    ///
    /// # Errors
    /// A scenario or a history that cannot be simulated, or a world that does not fit in memory.
    pub fn build(
        name: String,
        loaded: Loaded,
        threads: u32,
        recorded: Recorded,
        warnings: &mut Vec<Problem>,
    ) -> Result<Self, Problems> {
        let (world, found) = build(&loaded, threads, recorded)?;
        for warning in loaded.warnings.problems.iter().chain(&found) {
            if !warnings.contains(warning) {
                warnings.push(warning.clone());
            }
        }
        Ok(Self {
            name,
            loaded,
            world,
        })
    }
}
