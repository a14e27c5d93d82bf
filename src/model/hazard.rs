//! The hazard of adoption (model §3, Line).
//!
//! h_ik = E_i · demand_id · \[β · φ(X_ik) + η_prov · 1\[k replicated in i's province\] + η · 1\[k replicated nationally\]\].

use crate::scenario::spec::Response;
use crate::world::World;

use super::fixed::hazard_ticks;

/// The hazard of a world.
#[derive(Clone, Copy, Debug)]
pub struct Hazard<'a> {
    /// The world.
    pub world: &'a World,
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
    /// E_i · β · φ(X_ik).
    pub exposure: f64,
    /// E_i · η_prov · 1\[…\].
    pub provincial: f64,
    /// E_i · η · 1\[…\].
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
    /// The hazard of a world.
    pub fn new(world: &'a World) -> Self {
        Self { world }
    }

    /// φ.
    #[inline(always)]
    fn response(&self, x: f64) -> f64 {
        let line = &self.world.line;
        match line.response {
            Response::Linear => x,
            // x^n / (x^n + x₀^n), written so that rounding never lets it fall as x grows.
            Response::Hill => 1.0 / (1.0 + (x / line.x0).powf(line.hill_exponent).recip()),
            Response::Threshold => f64::from(u8::from(x >= line.x0)),
        }
    }

    /// The terms for place `i` at exposure `x` = X_ik and with the replications that are in force there. The firm layer's demand_id is 1 without it.
    #[inline(always)]
    pub fn terms(&self, i: usize, x: f64, replicated: Replicated) -> Terms {
        let line = &self.world.line;
        let environment = self.world.places.environment[i];
        let of = |on: bool, rate: f64| if on { environment * rate } else { 0.0 };
        Terms {
            exposure: environment * line.beta * self.response(x),
            provincial: of(replicated.provincial, line.provincial_rate),
            national: of(replicated.national, line.national_rate),
        }
    }

    /// h_ik in ticks. It never falls as `x` grows.
    #[inline(always)]
    pub fn ticks(&self, i: usize, x: f64, replicated: Replicated) -> i64 {
        hazard_ticks(self.terms(i, x, replicated).total())
    }
}
