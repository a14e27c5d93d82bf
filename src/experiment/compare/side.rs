//! A layout of a comparison.

use crate::experiment::build::build;
use crate::scenario::{Loaded, Problem, Problems, Setting, is_light};
use crate::texts::{Text, text};
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

    /// Its scenario at values of parameters; `again` loads it anew where files have to be read for them.
    ///
    /// # Errors
    /// What is wrong with the values, alone and together.
    pub fn loaded_at(
        &self,
        values: &[Setting],
        again: impl FnOnce() -> Result<Loaded, Problems>,
    ) -> Result<Loaded, Problems> {
        match are_light(values) {
            true => self.loaded.varied(values),
            false => again(),
        }
    }

    /// Its world at these values, of the scenario that [`Side::loaded_at`] gives.
    ///
    /// # Errors
    /// Files that have changed meanwhile; a world that does not fit in memory.
    pub fn world_at(&self, values: &[Setting], loaded: &Loaded) -> Result<World, Text> {
        if loaded.inputs != self.loaded.inputs {
            return Err(text!("scenario-changed"));
        }
        let built = match are_light(values) {
            true => self.world.varied(&self.loaded.scenario, &loaded.scenario),
            false => World::new(&loaded.scenario),
        };
        built.map_err(|error| error.text())
    }
}

/// Whether no file has to be read again for values.
fn are_light(values: &[Setting]) -> bool {
    let light = |setting: &Setting| matches!(setting, Setting::Value(key, _) if is_light(key));
    values.iter().all(light)
}
