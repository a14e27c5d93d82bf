//! A layout of a comparison.

use crate::scenario::Loaded;
use crate::world::World;

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
