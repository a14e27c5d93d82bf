//! How far H_ik can get: an upper bound for each place, so that pairs which can never adopt are left out.
//!
//! H_ik(T) ≤ Σ_t h_ik at the largest exposure that place i can have (every source has the item, every
//! link carries all it ever can), with every replication from the first month in which it could come, and
//! with all the demand that firms could ever make.
//! Hazards never fall as exposure grows, and all is in whole ticks, so the bound is exact: leaving out the
//! pairs with θ_ik above it changes no history.

use crate::world::{NEVER, World};

use super::hazard::{Hazard, Replicated};
use super::point::Innovation;
use super::unit::Unit;
use super::{circle, plane};

/// The bound for one innovation.
#[derive(Clone, Copy, Debug)]
pub struct Reach<'a> {
    hazard: Hazard<'a>,
    domain: usize,
    /// Largest exposure of each place in the innovation's domain, in ticks.
    largest: &'a [i64],
    unit: Unit,
    province: u32,
    implemented: u16,
    /// First months at whose end replications could come into force, or [`NEVER`].
    provincial: u16,
    national: u16,
}

impl<'a> Reach<'a> {
    /// The bound for an innovation from its implementation on.
    pub fn new(world: &'a World, innovation: &Innovation, unit: Unit) -> Self {
        let n = world.places.len();
        let d = innovation.domain as usize;
        Self {
            hazard: Hazard::most(world),
            domain: d,
            largest: &world.largest_exposure[d * n..(d + 1) * n],
            unit,
            province: world.places.province[innovation.origin as usize],
            implemented: innovation.implemented,
            provincial: circle::first_chance(world, innovation),
            national: plane::first_chance(world, innovation),
        }
    }

    /// The most that H_ik of place `i` can be at the end of the run, in ticks.
    #[inline(always)]
    pub fn most(&self, i: usize) -> i64 {
        let world = self.hazard.world;
        let here = self.province == world.places.province[i];
        let provincial = if here { self.provincial } else { NEVER };
        let begin = self.implemented.max(world.places.open[i]);
        let from = provincial.min(self.national).max(begin);
        let rate = |replicated| {
            let largest = self.largest[i];
            self.unit
                .rate(&self.hazard, self.domain, i, largest, replicated)
        };
        // Months of `begin` + 1 … T − 1, and of `from` + 1 … T − 1.
        let after = |t: u16| i64::from(world.calendar.months.saturating_sub(1).saturating_sub(t));
        let mut most = rate(Replicated::default()) * (after(begin) - after(from));
        if after(from) > 0 {
            let replicated = Replicated {
                provincial: provincial != NEVER,
                national: self.national != NEVER,
            };
            most += rate(replicated) * after(from);
        }
        most
    }
}

/// Whether −ln `uniform` certainly exceeds `most`, without working out the logarithm:
/// −ln(1 − v) ≥ v + v²/2 + v³/3, with room for rounding.
#[inline(always)]
pub fn surely_beyond(uniform: f64, most: f64) -> bool {
    let v = 1.0 - uniform;
    let at_least = v * (1.0 + v * (0.5 + v * (1.0 / 3.0)));
    at_least * (1.0 - 1e-9) > most
}
