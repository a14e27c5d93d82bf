//! The hazard of adoption (model §3, Line).
//!
//! h_ik = E_i · demand_id · \[β · φ(X_ik) + η_prov · 1\[k replicated in i's province\] + η · 1\[k replicated nationally\]\].

use crate::scenario::spec::Response;
use crate::world::World;

/// The hazard of a world.
#[derive(Clone, Copy, Debug)]
pub struct Hazard<'a> {
    /// The world.
    pub world: &'a World,
    /// demand_id, `[domain · N + place]`; empty where it is the same everywhere.
    demand: &'a [f64],
    /// demand_id where it is the same everywhere.
    everywhere: f64,
}

/// Which replications of an innovation are in force.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Replicated {
    /// That of its origin's province.
    pub provincial: bool,
    /// That of the centre.
    pub national: bool,
}

impl Replicated {
    /// What is in force at a place, `here` being whether it lies in the origin's province.
    #[inline(always)]
    pub fn at(self, here: bool) -> Self {
        Self {
            provincial: self.provincial && here,
            ..self
        }
    }
}

/// The three terms of a hazard, per month.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Terms {
    /// E_i · demand_id · β · φ(X_ik).
    pub exposure: f64,
    /// E_i · demand_id · η_prov · 1\[…\].
    pub provincial: f64,
    /// E_i · demand_id · η · 1\[…\].
    pub national: f64,
}

impl Terms {
    /// h_ik.
    #[inline(always)]
    pub fn total(&self) -> f64 {
        self.exposure + self.provincial + self.national
    }
}

impl<'a> Hazard<'a> {
    /// The hazard with the demand that firms make, `[domain · N + place]`; empty without firms.
    pub fn new(world: &'a World, demand: &'a [f64]) -> Self {
        Self {
            world,
            demand,
            everywhere: 1.0,
        }
    }

    /// The hazard with all the demand that firms could ever make.
    pub fn most(world: &'a World) -> Self {
        let pull = world.firms.as_ref().map_or(0.0, |f| f.spec.demand_pull);
        Self {
            world,
            demand: &[],
            everywhere: 1.0 + pull,
        }
    }

    /// demand_id.
    #[inline(always)]
    pub fn demand(&self, d: usize, i: usize) -> f64 {
        let at = d * self.world.places.len() + i;
        self.demand.get(at).copied().unwrap_or(self.everywhere)
    }

    /// φ.
    #[inline(always)]
    fn response(&self, x: f64) -> f64 {
        let line = &self.world.line;
        match line.response {
            Response::Linear => x,
            // x^n / (x^n + x₀^n), written so that rounding never lets it fall as x grows.
            Response::Hill => 1.0 / (1.0 + libm::pow(x / line.x0, line.hill_exponent).recip()),
            Response::Threshold => f64::from(u8::from(x >= line.x0)),
        }
    }

    /// The terms for an innovation of domain `d` and place `i` at exposure `x` = X_ik, with the
    /// replications that are in force there.
    #[inline(always)]
    pub fn terms(&self, d: usize, i: usize, x: f64, replicated: Replicated) -> Terms {
        let line = &self.world.line;
        let ready = self.world.places.environment[i] * self.demand(d, i);
        let of = |on: bool, rate: f64| if on { ready * rate } else { 0.0 };
        Terms {
            exposure: ready * line.beta * self.response(x),
            provincial: of(replicated.provincial, line.provincial_rate),
            national: of(replicated.national, line.national_rate),
        }
    }
}
