//! How intervals are made, and the random numbers that they use.

use crate::draw::id_hash;
use crate::paired::{Choice, DrawName};

use super::Comparison;

/// How intervals are made.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Which interval.
    pub interval: Choice,
    /// The width that replicates were added for.
    pub target: Option<Target>,
}

/// A wanted width (Stein's two stages).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Target {
    /// The slot whose differences are watched.
    pub slot: usize,
    /// Wanted half-width of the 95 % interval.
    pub half_width: f64,
    /// Replicates of the first stage.
    pub pilot: u32,
    /// Most replicates.
    pub maximum: u32,
}

/// The name of the simulated draws that an interval takes.
pub(super) fn draw_name(comparison: &Comparison, layout: usize, series: &str) -> DrawName {
    let seed = comparison.baseline().loaded.scenario.seed;
    let layout = &comparison.sides[layout].name;
    DrawName::new(seed, id_hash(layout), id_hash(series))
}
