//! What H_ik and θ_ik are counted in.
//!
//! In general h_ik has to be worked out anew whenever the exposure changes. With φ linear and
//! demand_id = 1 it is E_i · β · q_k times a sum, Σ_j W_ij,d · R_j · 1\[k adopted at j\] + (the other terms) / (β · q_k),
//! so θ_ik is divided by E_i · β · q_k once instead, and a change of exposure is the change of the rate.

use crate::draw::LANES;
use crate::world::mechanism::TERMS;
use crate::world::{PlaceId, World};

use super::fixed::{EXPOSURE, HAZARD, HAZARD_CAP, hazard_ticks};
use super::trend::{MOST_MONTHS, NEVER_LEFT};
use crate::model::hazard::{Hazard, Replicated};

/// What makes a rate in ticks of exposure up, the exposure and the other terms, stays below this.
const LARGEST_RATE: f64 = (1u64 << 48) as f64;

// In both units H stays below what is left to those who never adopt.
const PARTS: f64 = (1 + TERMS.len()) as f64;
const _: () = assert!(PARTS * LARGEST_RATE * MOST_MONTHS <= NEVER_LEFT as f64);
const _: () = assert!(HAZARD_CAP * HAZARD * MOST_MONTHS < NEVER_LEFT as f64);

/// Rates that are not 0 are above this, so that rounding them to whole ticks changes them by less than a millionth.
const SMALLEST_RATE: f64 = (1u64 << 20) as f64;

/// What H_ik and θ_ik of an innovation are counted in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Unit {
    /// Ticks of hazard.
    Hazard {
        /// q_k per tick of exposure.
        scale: f64,
    },
    /// Ticks of exposure, times months.
    Exposure {
        /// Ticks per unit of θ_ik · E_i: 1 / (β · q_k).
        factor: f64,
        /// The rate of each of [`TERMS`] / (β · q_k).
        others: [i64; TERMS.len()],
    },
}

impl Unit {
    /// The unit for an innovation of domain `d` and quality `quality`.
    pub fn of(world: &World, d: usize, quality: f64) -> Self {
        let fine = |rate: f64| rate == 0.0 || (SMALLEST_RATE..LARGEST_RATE).contains(&rate);
        if let Some(slope) = Hazard::new(world, &[]).slope()
            && world.firms.is_none()
            && world.backwash.is_none()
            && world.covariates.is_none()
            && (world.most_exposed as f64) < LARGEST_RATE
        {
            let factor = EXPOSURE / (slope * quality);
            let others = world.rates[d].map(|rate| rate * factor);
            if factor.is_finite() && others.into_iter().all(fine) {
                let others = others.map(|rate| rate.round() as i64);
                return Self::Exposure { factor, others };
            }
        }
        Self::Hazard {
            scale: quality / EXPOSURE,
        }
    }

    /// Growth of H_ik in a month for an innovation of domain `d` and place `i` at `exposure` = X_ik / q_k in ticks, with the
    /// replications that are in force there; `exposure` has with it what [`Unit::linear`] adds. It never falls as
    /// `exposure`, at least 0, grows.
    #[inline(always)]
    pub fn rate(
        &self,
        hazard: &Hazard<'_>,
        d: usize,
        i: PlaceId,
        exposure: i64,
        replicated: Replicated,
    ) -> i64 {
        match *self {
            Self::Hazard { scale } => {
                let x = exposure as f64 * scale;
                hazard_ticks(hazard.terms(d, i, x, replicated).total())
            }
            Self::Exposure { .. } => exposure,
        }
    }

    /// What has to be added to an exposure to give the rate, outside the origin's province and in it;
    /// `None` where the rate is no such sum.
    #[inline(always)]
    pub fn linear(&self, replicated: Replicated) -> Option<[i64; 2]> {
        let Self::Exposure { others, .. } = *self else {
            return None;
        };
        let sum = |here: bool| {
            let terms = TERMS.iter().zip(others);
            let in_force = terms.filter(|((_, force), _)| replicated.at(here).has(*force));
            in_force.map(|(_, rate)| rate).sum()
        };
        Some([sum(false), sum(true)])
    }

    /// Ticks per unit of θ_ik of place `i`; infinite where nothing is ever adopted.
    pub fn per_theta_of(&self, world: &World, i: PlaceId) -> f64 {
        match self {
            Self::Hazard { .. } => HAZARD,
            Self::Exposure { factor, .. } => factor / world.places.environment[i],
        }
    }

    /// Ticks per unit of θ_ik of the places from `start` on; infinite where nothing is ever adopted.
    pub fn per_theta(&self, world: &World, start: usize) -> [f64; LANES] {
        match self {
            Self::Hazard { .. } => [HAZARD; LANES],
            Self::Exposure { factor, .. } => {
                let mut all = [f64::INFINITY; LANES];
                for (one, environment) in all.iter_mut().zip(&world.places.environment[start..]) {
                    *one = factor / environment;
                }
                all
            }
        }
    }
}
