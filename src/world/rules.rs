//! The named rules that make links (model §7.1): the weight that a listener gives to each source.
//!
//! | rule | raw weight of j for i |
//! |---|---|
//! | gravity | m_j^α / max(d_ij, 1 km)^γ |
//! | decay | exp(−d_ij / δ) |
//! | similarity | cos(profile_i, profile_j) · exp(−d_ij / δ) |
//! | hierarchy | zones of the own province by the listener's tier; zones of the same group; the province's capital; linked source gateways |
//!
//! Each keeps the k strongest of a listener (ties: the smaller id) and gives their weights divided by
//! the largest of them, so that no choice of units or exponents overflows or vanishes: gravity,
//! decay and similarity are ranked by logarithms and only the ratios to the strongest are raised.
//!
//! **Who takes part.** Regions always; a zone or gateway from the month after its opening to the month of its
//! closing ([`super::ground::span`]). So a rule gives all who can be among the k strongest in some month
//! ([`Rule::candidates`]), and makes the row of those who are there ([`Rule::keep`]).
//! Gateways never adopt and therefore listen to nobody.

use super::distance::Pull;
use super::ground::{DEFAULT_K, Ground, Row, keep_strongest};
use super::hierarchy::Hierarchy;
use super::id::PlaceId;
use crate::scenario::spec::{DecaySpec, GravitySpec, LinkRule, LinkSourceSpec};

/// Smallest distance in gravity, km: a zone and its host region often lie on one point.
pub const GRAVITY_FLOOR_KM: f64 = 1.0;

/// A generated source of links, ready to give rows.
pub enum Rule<'a> {
    /// m_j^α / d_ij^γ.
    Gravity(Reach, Gravity),
    /// exp(−d_ij / δ).
    Decay(Reach, Decay),
    /// Similarity of profiles × decay.
    Similarity(Reach, Similarity),
    /// Province, group, capital, gateway.
    Hierarchy(Hierarchy<'a>),
}

/// How many places within what distance a rule keeps.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reach {
    k: usize,
    max_km: f64,
}

impl<'a> Rule<'a> {
    /// The rule of `spec` on `ground`; none for `table`, whose links come from a file.
    pub fn new(ground: &Ground<'a>, spec: &LinkSourceSpec) -> Option<Self> {
        let k = spec.k.unwrap_or(DEFAULT_K) as usize;
        let reach = |max_km: Option<f64>| Reach {
            k,
            max_km: max_km.unwrap_or(f64::INFINITY),
        };
        Some(match &spec.rule {
            LinkRule::Gravity(spec) => {
                Self::Gravity(reach(spec.max_km), Gravity::new(ground, spec))
            }
            LinkRule::Decay(spec) => Self::Decay(reach(spec.max_km), Decay::new(spec)),
            LinkRule::Similarity(spec) => {
                Self::Similarity(reach(spec.max_km), Similarity::new(ground, spec))
            }
            LinkRule::Hierarchy(spec) => Self::Hierarchy(Hierarchy::new(ground, spec, k)),
            LinkRule::Table(_) => return None,
        })
    }

    /// Replaces `row` by all who can be among the k strongest sources of `listener` in some month, ascending, with
    /// what they are ranked by. Empty for a place that does not adopt.
    pub fn candidates(&self, ground: &Ground<'a>, listener: PlaceId, row: &mut Row) {
        row.clear();
        if ground.adopts[listener] {
            match self {
                Self::Gravity(reach, pull) => reach.candidates(ground, listener, pull, row),
                Self::Decay(reach, pull) => reach.candidates(ground, listener, pull, row),
                Self::Similarity(reach, pull) => reach.candidates(ground, listener, pull, row),
                Self::Hierarchy(hierarchy) => hierarchy.candidates(ground, listener, row),
            }
        }
    }

    /// Of candidates that are there, keeps the k strongest, with their weights relative to the strongest.
    pub fn keep(&self, row: &mut Row) {
        match self {
            Self::Gravity(reach, _) | Self::Decay(reach, _) | Self::Similarity(reach, _) => {
                reach.keep(row);
            }
            Self::Hierarchy(hierarchy) => hierarchy.keep(row),
        }
    }
}

impl Reach {
    /// By logarithm.
    fn candidates(self, ground: &Ground<'_>, listener: PlaceId, pull: &impl Pull, row: &mut Row) {
        let stays = |place| ground.stays(place);
        let tree = &ground.tree;
        tree.strongest(listener, self.k, self.max_km, pull, stays, row);
    }

    /// The strongest by logarithm, then the ratios to the strongest.
    fn keep(self, row: &mut Row) {
        keep_strongest(row, self.k);
        let most = row
            .iter()
            .fold(f64::NEG_INFINITY, |max, &(_, p)| max.max(p));
        for (_, weight) in row.iter_mut() {
            *weight = libm::exp(*weight - most);
        }
    }
}

/// `gravity`: ln of m_j^α / max(d_ij, 1 km)^γ.
pub struct Gravity {
    gamma: f64,
    /// α·ln m of each place, and its largest in each branch of the tree.
    mass: Vec<f64>,
    branch: Vec<f64>,
}

impl Gravity {
    fn new(ground: &Ground<'_>, spec: &GravitySpec) -> Self {
        let mass: Vec<f64> = ground
            .places
            .iter()
            .map(|p| spec.alpha * libm::log(p.weight))
            .collect();
        Self {
            gamma: spec.gamma,
            branch: ground.tree.branch_max(|place| mass[place]),
            mass,
        }
    }
}

impl Pull for Gravity {
    fn of(&self, _: PlaceId, place: PlaceId, km: f64) -> f64 {
        self.mass[place] - self.gamma * libm::log(km.max(GRAVITY_FLOOR_KM))
    }

    fn at_most(&self, _: PlaceId, branch: usize, km: f64) -> f64 {
        self.branch[branch] - self.gamma * libm::log(km.max(GRAVITY_FLOOR_KM))
    }
}

/// `decay`: ln of exp(−d_ij / δ).
pub struct Decay {
    delta_km: f64,
}

impl Decay {
    fn new(spec: &DecaySpec) -> Self {
        Self {
            delta_km: spec.delta_km,
        }
    }
}

impl Pull for Decay {
    fn of(&self, _: PlaceId, _: PlaceId, km: f64) -> f64 {
        -km / self.delta_km
    }

    fn at_most(&self, _: PlaceId, _: usize, km: f64) -> f64 {
        -km / self.delta_km
    }
}

/// `similarity`: ln of the cosine of the industry profiles times exp(−d_ij / δ). A place without
/// industries is similar to none.
pub struct Similarity {
    decay: Decay,
    industries: usize,
    /// Profiles of length 1, `industries` numbers per place.
    profile: Vec<f64>,
    /// The largest of each industry in each branch, and whether all profiles there are equal.
    branch: Vec<f64>,
    uniform: Vec<bool>,
}

impl Similarity {
    fn new(ground: &Ground<'_>, spec: &DecaySpec) -> Self {
        let industries = ground.scenario.industries.len();
        let mut profile = Vec::with_capacity(ground.places.len() * industries);
        for place in &ground.places {
            let start = profile.len();
            profile.extend(place.industries.iter().take(industries));
            profile.resize(start + industries, 0.0);
            to_length_one(&mut profile[start..]);
        }
        let of = |place: PlaceId, industry: usize| profile[place.index() * industries + industry];
        let columns: Vec<(Vec<f64>, Vec<f64>)> = (0..industries)
            .map(|industry| {
                let most = ground.tree.branch_max(|place| of(place, industry));
                let least = ground.tree.branch_max(|place| -of(place, industry));
                (most, least)
            })
            .collect();
        let branches = columns.first().map_or(0, |(most, _)| most.len());
        let mut branch = Vec::with_capacity(branches * industries);
        let mut uniform = vec![true; branches];
        for (index, uniform) in uniform.iter_mut().enumerate() {
            for (most, least) in &columns {
                branch.push(most[index]);
                *uniform &= most[index] == -least[index];
            }
        }
        Self {
            decay: Decay::new(spec),
            industries,
            profile,
            branch,
            uniform,
        }
    }

    /// Scalar product of the listener's profile with `other`.
    fn cosine(&self, listener: PlaceId, other: &[f64], at: usize) -> f64 {
        let row = |values: &[f64], at: usize| -> std::ops::Range<usize> {
            let start = (at * self.industries).min(values.len());
            start..(start + self.industries).min(values.len())
        };
        let own = &self.profile[row(&self.profile, listener.index())];
        let other = &other[row(other, at)];
        own.iter().zip(other).map(|(a, b)| a * b).sum()
    }
}

impl Pull for Similarity {
    fn of(&self, listener: PlaceId, place: PlaceId, km: f64) -> f64 {
        let cosine = self.cosine(listener, &self.profile, place.index());
        libm::log(cosine.max(0.0)) + self.decay.of(listener, place, km)
    }

    fn at_most(&self, listener: PlaceId, branch: usize, km: f64) -> f64 {
        // A hair more where profiles differ, because ln need not be monotone in the last bit.
        let cosine = self.cosine(listener, &self.branch, branch);
        let more = if self.uniform.get(branch) == Some(&true) {
            1.0
        } else {
            1.0 + 1e-12
        };
        libm::log((cosine * more).max(0.0)) + self.decay.at_most(listener, branch, km)
    }
}

/// Scales a profile to Euclidean length 1; nothing positive in it: to zeros.
fn to_length_one(profile: &mut [f64]) {
    let most = profile.iter().fold(0.0_f64, |max, &value| max.max(value));
    if most > 0.0 {
        profile
            .iter_mut()
            .for_each(|value| *value = value.max(0.0) / most);
        let length = profile
            .iter()
            .map(|value| value * value)
            .sum::<f64>()
            .sqrt();
        profile.iter_mut().for_each(|value| *value /= length);
    } else {
        profile.fill(0.0);
    }
}

#[cfg(test)]
mod tests;
