//! What H_ik and θ_ik are counted in.
//!
//! In general h_ik has to be worked out anew whenever the exposure changes. With φ linear and
//! demand_id = 1 it is E_i · β · q_k times a sum, Σ_j W_ij,d · R_j · 1\[k adopted at j\] + (η_prov · 1\[…\] + η · 1\[…\]) / (β · q_k),
//! so θ_ik is divided by E_i · β · q_k once instead, and a change of exposure is the change of the rate.

use crate::draw::LANES;
use crate::scenario::spec::Response;
use crate::world::World;

use super::fixed::{EXPOSURE, HAZARD, HAZARD_CAP, hazard_ticks};
use super::trend::{MOST_MONTHS, NEVER_LEFT};
use crate::model::hazard::{Hazard, Replicated};

/// What makes a rate in ticks of exposure up, the exposure and two replications, stays below this.
const LARGEST_RATE: f64 = (1u64 << 48) as f64;

// In both units H stays below what is left to those who never adopt.
const _: () = assert!(3.0 * LARGEST_RATE * MOST_MONTHS < NEVER_LEFT as f64);
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
        /// η_prov / (β · q_k).
        provincial: i64,
        /// η / (β · q_k).
        national: i64,
    },
}

impl Unit {
    /// The unit for an innovation of quality `quality`.
    pub fn of(world: &World, quality: f64) -> Self {
        let line = &world.line;
        let factor = EXPOSURE / (line.beta * quality);
        let rate = |eta: f64| eta * factor;
        let (provincial, national) = (rate(line.provincial_rate), rate(line.national_rate));
        let fine = |rate: f64| rate == 0.0 || rate >= SMALLEST_RATE;
        let largest = (world.most_exposed as f64).max(provincial).max(national);
        if line.response == Response::Linear
            && world.firms.is_none()
            && factor.is_finite()
            && largest < LARGEST_RATE
            && fine(provincial)
            && fine(national)
        {
            Self::Exposure {
                factor,
                provincial: provincial.round() as i64,
                national: national.round() as i64,
            }
        } else {
            Self::Hazard {
                scale: quality / EXPOSURE,
            }
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
        i: usize,
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
        let Self::Exposure {
            provincial,
            national,
            ..
        } = *self
        else {
            return None;
        };
        let of = |on: bool, rate: i64| if on { rate } else { 0 };
        let everywhere = of(replicated.national, national);
        Some([
            everywhere,
            everywhere + of(replicated.provincial, provincial),
        ])
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
