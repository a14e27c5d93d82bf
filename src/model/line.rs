//! Line 线: innovations spill over along links; a link that carries enough becomes a line (model §7.3).
//!
//! - Exposure: X_ik = q_k · Σ_j W_ij,d_k(t) · R_j · 1\[k adopted at j\]. What W is made of: [`crate::world::weight`].
//! - Hazard: h_ik = E_i · demand_id · \[β · φ(X_ik) + the other terms\]: [`super::hazard`].
//! - Adoption: in the first month in which H_ik = Σ h_ik ≥ θ_ik ~ Exponential(1): [`super::engine`].
//! - Credit: an adoption is worth 1, split over the terms of h_ik, the sources j and the parts of W: [`super::attribution`].
//! - Abandonment 急刹车: with hazard δ₁ · (1 − q_k) · (1 − S_i) · (1 − τ), first in the month after: [`abandonment`].
//! - Formation: y_ij ← (1 − ψ) · y_ij + credit from j to i + credit from i to j. A line is formed when
//!   y_ij ≥ θ_line and dissolves below θ_line / 2: [`Lines::plan`]. All of it in whole ticks
//!   ([`super::engine::share`]); (1 − ψ) · y_ij is rounded down.

use crate::world::decimal::Decimal;
use crate::world::{LinkId, PlaceId, World};

use super::engine::share::{ADOPTION, CHUNK, fade};

/// δ₁ · (1 − q_k) · (1 − S_i) · (1 − τ), per month.
pub fn abandonment(world: &World, quality: f64, place: PlaceId) -> f64 {
    world.line.abandonment_rate
        * (1.0 - quality)
        * (1.0 - world.places.platform[place])
        * (1.0 - world.point.tolerance)
}

/// The month in which an item taken up at `place` at the end of month `t` is abandoned, with its draw θ ~ Exponential(1): the
/// first m with hazard · (m − t) ≥ θ. None after the place closes, or after the run.
pub fn abandoned(world: &World, quality: f64, place: PlaceId, t: i32, theta: f64) -> Option<u16> {
    let hazard = abandonment(world, quality, place);
    let after = theta / hazard;
    (hazard > 0.0)
        .then(|| ends(world, place, t, after))
        .flatten()
}

/// The first month not before `after` months from the end of month `t` on, at least one later; none after the place
/// closes, or after the run.
pub fn ends(world: &World, place: PlaceId, t: i32, after: f64) -> Option<u16> {
    let month = f64::from(t) + after.ceil().max(1.0);
    let last = world.calendar.months.saturating_sub(1);
    let last = last.min(world.places.close[place]);
    (month <= f64::from(last)).then_some(month as u16)
}

/// Flows on pairs and the lines that are formed.
#[derive(Clone, Debug)]
pub struct Lines {
    /// Whether each pair is a formed line.
    pub formed: Vec<bool>,
    /// Formed lines by place: the places at their other ends, ascending.
    pub neighbours: Vec<Vec<PlaceId>>,
    /// y_ij of each pair at the end of the previous month, in ticks.
    flows: Vec<i64>,
    /// Credit of each link this month in ticks, and 0; empty without structures.
    pub(super) credit: Vec<i64>,
    /// The one or two links of each pair; the second may be the place of that 0.
    links: Vec<[LinkId; 2]>,
    /// 1 − ψ, as a fraction.
    keep: (i64, i64),
    /// The fewest ticks that reach θ_line.
    forms: i64,
    /// The fewest that reach θ_line / 2.
    stays: i64,
    /// Number of formed lines.
    pub count: usize,
    /// Pairs whose line formed or dissolved in the last month.
    pub changed: Vec<u32>,
}

impl Lines {
    /// No lines yet.
    pub fn new(world: &World) -> Self {
        let pairs = world.network.pairs.len();
        let (places, links) = if world.line.structures {
            (world.places.len(), world.network.len() + 1)
        } else {
            (0, 0)
        };
        let none = LinkId::new(world.network.len());
        let both = world.network.pair_links.iter();
        let both = both.map(|&(one, other)| [one, other.unwrap_or(none)]);
        let threshold = Decimal::of(world.line.line_threshold);
        Self {
            formed: vec![false; pairs],
            neighbours: vec![Vec::new(); places],
            flows: vec![0; pairs],
            credit: vec![0; links],
            links: both.collect(),
            keep: Decimal::of(world.line.forgetting).rest(),
            forms: threshold.of_unit(ADOPTION),
            stays: threshold.of_unit(ADOPTION / 2),
            count: 0,
            changed: Vec::new(),
        }
    }

    /// Lets the flows follow the credit of the month that ends. Gives the pairs whose line forms or
    /// dissolves, ascending.
    pub fn plan(&mut self) -> Vec<u32> {
        let mut changed = Vec::new();
        let pairs = self.flows.chunks_mut(CHUNK);
        let pairs = pairs
            .zip(self.formed.chunks(CHUNK))
            .zip(self.links.chunks(CHUNK));
        let mut credit = [0; CHUNK];
        for (start, ((flows, formed), links)) in (0..).step_by(CHUNK).zip(pairs) {
            for (credit, links) in credit.iter_mut().zip(links) {
                let [one, other] = links.map(|e| self.credit[e]);
                *credit = one + other;
            }
            fade(flows, &credit, self.keep);
            for (pair, (flow, &formed)) in (start..).zip(flows.iter().zip(formed)) {
                let threshold = if formed { self.stays } else { self.forms };
                if formed != (*flow >= threshold) {
                    changed.push(pair);
                }
            }
        }
        self.credit.fill(0);
        changed
    }

    /// Puts planned changes in place.
    pub fn set(&mut self, world: &World, changed: Vec<u32>) {
        for &pair in &changed {
            let formed = !self.formed[pair as usize];
            self.formed[pair as usize] = formed;
            self.count = if formed {
                self.count + 1
            } else {
                self.count - 1
            };
            let (a, b) = world.network.pairs[pair as usize];
            for (from, to) in [(a, b), (b, a)] {
                let list = &mut self.neighbours[from];
                match list.binary_search(&to) {
                    Ok(at) if !formed => drop(list.remove(at)),
                    Err(at) if formed => list.insert(at, to),
                    _ => {}
                }
            }
        }
        self.changed = changed;
    }
}
