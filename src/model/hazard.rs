//! The hazard of adoption (model §7.3).
//!
//! h_ik = E_i · demand_id · \[β · φ(X_ik) + η_prov · 1\[k replicated in i's province\] + η · 1\[k replicated nationally\]\].
//!
//! The terms beside β · φ(X_ik) are mechanisms: a file each in [`crate::world::mechanism`].

use crate::scenario::spec::Response;
pub use crate::world::mechanism::Replicated;
use crate::world::mechanism::{Force, TERMS};
use crate::world::{PlaceId, World};

/// The hazard of a world.
#[derive(Clone, Copy, Debug)]
pub struct Hazard<'a> {
    /// The world.
    pub world: &'a World,
    /// demand_id, `[domain · N + place]`; empty where it is 1 everywhere.
    demand: &'a [f64],
    /// What covariates multiply the intrinsic hazard alone by, by place; empty where it is 1 everywhere.
    alone: &'a [f64],
}

/// The terms of a hazard, per month.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Terms {
    /// E_i · demand_id · β · φ(X_ik).
    pub exposure: f64,
    /// E_i · demand_id times the rate of each of [`TERMS`] that is in force.
    pub others: [f64; TERMS.len()],
}

impl Terms {
    /// h_ik.
    #[inline(always)]
    pub fn total(&self) -> f64 {
        self.others
            .iter()
            .fold(self.exposure, |sum, term| sum + term)
    }
}

/// The rates of [`TERMS`] in a domain of a world, for an innovation and a place.
#[inline(always)]
pub fn rates(world: &World, d: usize, replicated: Replicated) -> [f64; TERMS.len()] {
    let rates = world.rates[d];
    std::array::from_fn(|m| {
        if replicated.has(TERMS[m].1) {
            rates[m]
        } else {
            0.0
        }
    })
}

impl<'a> Hazard<'a> {
    /// The hazard with the demand that firms make, `[domain · N + place]`; empty without firms.
    pub fn new(world: &'a World, demand: &'a [f64]) -> Self {
        Self {
            world,
            demand,
            alone: &[],
        }
    }

    /// The same with what covariates multiply the intrinsic hazard alone by, by place; empty without such.
    #[must_use]
    pub fn alone(self, alone: &'a [f64]) -> Self {
        Self { alone, ..self }
    }

    /// Whether the readiness of a place in a domain differs from that of another hazard.
    #[inline(always)]
    pub fn differs(&self, other: &Self, d: usize, i: PlaceId) -> bool {
        let alone = |of: &Self| of.alone.get(i.index()).copied();
        self.demand(d, i) != other.demand(d, i) || alone(self) != alone(other)
    }

    /// Whether the readiness of all places is that of another hazard.
    pub fn is_same(&self, other: &Self) -> bool {
        self.demand == other.demand && self.alone == other.alone
    }

    /// demand_id.
    #[inline(always)]
    pub fn demand(&self, d: usize, i: PlaceId) -> f64 {
        let at = d * self.world.places.len() + i.index();
        self.demand.get(at).copied().unwrap_or(1.0)
    }

    /// φ(X_ik).
    #[inline(always)]
    pub fn response(&self, x: f64) -> f64 {
        let line = &self.world.line;
        match line.response {
            Response::Linear => x,
            // x^n / (x^n + x₀^n), written so that rounding never lets it fall as x grows.
            Response::Hill => 1.0 / (1.0 + libm::pow(x / line.x0, line.hill_exponent).recip()),
            Response::Threshold => f64::from(u8::from(x >= line.x0)),
        }
    }

    /// E_i · demand_id · β · φ(X_ik), `ready` being E_i · demand_id.
    #[inline(always)]
    fn contagion(&self, ready: f64, x: f64) -> f64 {
        ready * self.world.line.beta * self.response(x)
    }

    /// β · φ(X_ik) over X_ik, where it is the same for every X_ik.
    pub fn slope(&self) -> Option<f64> {
        let linear = self.world.line.response == Response::Linear;
        linear.then(|| self.contagion(1.0, 1.0))
    }

    /// Whether a place may adopt an innovation of domain `d` that is not replicated without having heard of it.
    pub fn is_unheard(&self, d: usize) -> bool {
        rates(self.world, d, Replicated::default()) != [0.0; TERMS.len()]
    }

    /// The terms for an innovation of domain `d` and place `i` at exposure `x` = X_ik, with the
    /// replications that are in force there.
    #[inline(always)]
    pub fn terms(&self, d: usize, i: PlaceId, x: f64, replicated: Replicated) -> Terms {
        let ready = self.world.places.environment[i] * self.demand(d, i);
        let mut others = rates(self.world, d, replicated).map(|rate| ready * rate);
        if let Some(alone) = self.alone.get(i.index()) {
            let always = TERMS.iter().zip(&mut others);
            let always = always.filter(|((_, force), _)| *force == Force::Always);
            always.for_each(|(_, term)| *term *= alone);
        }
        Terms {
            exposure: self.contagion(ready, x),
            others,
        }
    }
}
