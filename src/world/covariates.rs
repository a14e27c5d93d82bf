//! Covariates: readiness that differs by place and month for reasons that are data.
//!
//! E_i(t) = E_i · exp(Σ_q γ_q · (x_iq(t) − c_q)), q over the covariates that act on the whole hazard; those that act on
//! the intrinsic hazard alone multiply α_d in the same way.

use crate::scenario::Scenario;
use crate::scenario::spec::ActsOn;
use crate::scenario::tables::Covariate;

use super::{Calendar, NEVER, PlaceId, Places, given};

/// The covariates of a world.
#[derive(Clone, Debug, PartialEq)]
pub struct Covariates {
    list: Vec<Covariate>,
    /// Position of each place in the scenario.
    input: Vec<u32>,
    /// The period of month 0.
    first: i32,
}

impl Covariates {
    /// Those of a scenario; none where it has none.
    pub fn new(scenario: &Scenario, calendar: &Calendar, places: &Places) -> Option<Self> {
        let first = -given::steps(scenario, calendar, 0);
        (!scenario.covariates.is_empty()).then(|| Self {
            list: scenario.covariates.clone(),
            input: places.input.clone(),
            first,
        })
    }

    /// Whether any acts on the intrinsic hazard alone.
    pub fn has_intrinsic(&self) -> bool {
        self.list
            .iter()
            .any(|c| c.spec.acts_on == ActsOn::Intrinsic)
    }

    /// Values that a run of so many months needs and that are not known, by covariate, place and month, in this order.
    pub fn unknown<'a>(
        &'a self,
        places: &'a Places,
        months: u16,
    ) -> impl Iterator<Item = (&'a str, PlaceId, u16)> {
        let open = |i: &PlaceId| places.open[*i] != NEVER;
        self.ids().flat_map(move |(q, id)| {
            places.each().filter(open).flat_map(move |i| {
                let not = move |t: &u16| self.value(q, i.index(), *t).is_none();
                (0..months).filter(not).map(move |t| (id, i, t))
            })
        })
    }

    /// The value of covariate `q` at a place, by number, in month `t`; none where it is not known.
    pub fn value(&self, q: usize, place: usize, t: u16) -> Option<f64> {
        let covariate = &self.list[q];
        let place = if covariate.by[0] {
            self.input[place]
        } else {
            0
        };
        let period = if covariate.by[1] {
            self.first + i32::from(t)
        } else {
            0
        };
        let found = covariate
            .values
            .binary_search_by_key(&(place, period), |value| (value.0, value.1));
        found.ok().map(|at| covariate.values[at].2)
    }

    /// What they multiply by in month `t`, by place. What is not known multiplies by 1.
    pub fn factors(&self, acts_on: ActsOn, t: u16) -> Vec<f64> {
        let all = (0..self.list.len()).filter(|q| self.list[*q].spec.acts_on == acts_on);
        let all: Vec<usize> = all.collect();
        let of = |place: usize| {
            let terms = all.iter().filter_map(|&q| {
                let spec = &self.list[q].spec;
                Some(spec.effect * (self.value(q, place, t)? - spec.center))
            });
            libm::exp(terms.sum())
        };
        (0..self.input.len()).map(of).collect()
    }

    /// The covariates by number, with their ids.
    pub fn ids(&self) -> impl Iterator<Item = (usize, &str)> {
        self.list.iter().map(|c| c.spec.id.as_str()).enumerate()
    }
}
