//! The world of a run: immutable arrays made from a checked scenario (model §2).
//!
//! Places stand in canonical order, sorted by id, so that nothing computed here or in the model
//! depends on the order of the input. The graph is checked and run in compressed rows.

mod backwash;
mod bits;
mod calendar;
pub mod circles;
mod covariates;
pub mod decimal;
pub mod distance;
pub mod firms;
mod given;
pub mod graph;
pub mod ground;
pub mod hierarchy;
pub mod id;
pub mod links;
pub mod mechanism;
pub mod memory;
mod network;
mod places;
pub mod rules;
pub mod ticks;
mod vary;
pub mod weight;
mod zones;

pub use backwash::Backwash;
pub use bits::Bits;
pub use calendar::{Calendar, NEVER};
pub use covariates::Covariates;
pub use firms::Firms;
pub use given::Given;
pub use id::{InnovationId, LinkId, PlaceId, ZoneId};
pub use links::{BaseLinks, LinksError};
pub use mechanism::alliance::Alliance;
pub use mechanism::{Channel, Corridor};
pub use network::Network;
pub use places::{Places, share};
use weight::Makeup;
pub use zones::Zone;

use std::sync::Arc;

use crate::draw::id_hash;
use crate::scenario::Scenario;
use crate::scenario::spec::{AxisSpec, CircleSpec, LineSpec, PlaneSpec, PointSpec};

/// Everything that stays fixed during a run.
#[derive(Clone, Debug)]
pub struct World {
    /// The months.
    pub calendar: Calendar,
    /// The places.
    pub places: Places,
    /// Ids of the domains.
    pub domains: Vec<String>,
    /// Ids of the layers.
    pub layers: Vec<String>,
    /// a_dl, `[domain][layer]`.
    pub affinity: Vec<Vec<f64>>,
    /// What links carry of each layer's weight, `[domain][layer]`: a_dl, times b_l where several layers have
    /// coefficients.
    pub carried: Vec<Vec<f64>>,
    /// Given items, in order of their ids.
    pub given: Vec<Given>,
    /// Covariates, where there are any.
    pub covariates: Option<Arc<Covariates>>,
    /// The links.
    pub network: Network,
    /// W⁰_ij,d · R_j in the first epoch in ticks, `[domain · E + slot]` (slots in the order by source).
    pub base_ticks: Vec<i64>,
    /// What every link carries, by domain, where it is the same for all and never changes.
    pub alike: Vec<Option<i64>>,
    /// The largest exposure that any place can ever have, in ticks.
    pub most_exposed: i64,
    /// What links carry beside the base layers.
    pub terms: mechanism::Terms,
    /// α_d, per month, by domain.
    pub intrinsic: Vec<f64>,
    /// The rates per month of the terms of h_ik beside exposure, by domain ([`mechanism::TERMS`]).
    pub rates: Vec<[f64; mechanism::TERMS.len()]>,
    /// Zones that open, in canonical order.
    pub zones: Vec<Zone>,
    /// Hash of each zone's id: names the draws of its innovations.
    pub zone_hash: Vec<u64>,
    /// Active alliances in id order.
    pub alliances: Vec<Alliance>,
    /// Corridors.
    pub corridors: Vec<Corridor>,
    /// Months from the start of the run to the opening of each province's first zone, negative before
    /// it; none without one, and for places without a province.
    pub province_first: Vec<Option<i32>>,
    /// κ.
    pub transit_strength: f64,
    /// Months of national evaluation, ascending.
    pub evaluations: Vec<u16>,
    /// Point parameters.
    pub point: PointSpec,
    /// Line parameters.
    pub line: LineSpec,
    /// Circle parameters.
    pub circle: CircleSpec,
    /// Axis parameters.
    pub axis: AxisSpec,
    /// Plane parameters.
    pub plane: PlaneSpec,
    /// The firms, where the layer is on.
    pub firms: Option<Arc<Firms>>,
    /// What open zones draw from the regions around them, where they do.
    pub backwash: Option<Arc<Backwash>>,
}

impl World {
    /// Builds the world of a checked scenario.
    ///
    /// # Errors
    /// More links than can be counted or held in memory.
    pub fn new(scenario: &Scenario) -> Result<Self, LinksError> {
        let order = links::canonical_order(scenario);
        Ok(Self::from_links(
            scenario,
            links::base_links(scenario, &order)?,
        ))
    }

    /// Builds the world of a checked scenario whose base links are made already.
    pub fn from_links(scenario: &Scenario, base: BaseLinks) -> Self {
        let calendar = Calendar::of(scenario);
        let places = Places::new(scenario, &calendar);
        let zones = zones::zones(scenario, &calendar, &places, &[]);
        let (alliances, corridors, terms) = mechanism::terms(scenario, &calendar, &places, &zones);
        let network = Network::new(base, &terms, scenario.line.structures);
        let affinity: Vec<Vec<f64>> = scenario
            .domains
            .iter()
            .map(|d| {
                let share = |l: &crate::scenario::spec::LayerSpec| {
                    d.affinity.get(&l.id).copied().unwrap_or(0.0)
                };
                scenario.layers.iter().map(share).collect()
            })
            .collect();
        let mut province_first: Vec<Option<i32>> = vec![None; places.provinces.len()];
        for zone in &zones {
            let i = zone.place;
            let open = scenario.places[places.input[i] as usize].open;
            let month = open.map(|month| calendar.since(month));
            if places.in_province(i) {
                let first = &mut province_first[places.province[i] as usize];
                *first = (*first).into_iter().chain(month).min();
            }
        }
        let mut evaluations: Vec<u16> = scenario
            .plane
            .evaluations
            .iter()
            .map(|&m| calendar.in_run(calendar.until(m)))
            .filter(|&m| m != NEVER)
            .collect();
        evaluations.sort_unstable();
        evaluations.dedup();
        let coefficients = coefficients(scenario);
        let times_own = |of: &Vec<f64>| of.iter().zip(&coefficients).map(|(a, b)| a * b).collect();
        let carried: Vec<Vec<f64>> = affinity.iter().map(times_own).collect();
        let makeup = Makeup::new(&carried, &terms, &scenario.line);
        let mut world = Self {
            calendar,
            domains: scenario.domains.iter().map(|d| d.id.clone()).collect(),
            layers: scenario.layers.iter().map(|l| l.id.clone()).collect(),
            base_ticks: ticks::base_ticks(&network, &places, &makeup),
            alike: Vec::new(),
            most_exposed: 0,
            affinity,
            carried,
            given: given::given(scenario, &calendar, &places.canonical()),
            covariates: Covariates::new(scenario, &calendar, &places).map(Arc::new),
            network,
            terms,
            intrinsic: intrinsic(scenario),
            rates: Vec::new(),
            zone_hash: zones.iter().map(|z| id_hash(&places.id[z.place])).collect(),
            zones,
            alliances,
            corridors,
            province_first,
            transit_strength: scenario.gateways.transit_strength,
            evaluations,
            point: scenario.point.clone(),
            line: line(scenario),
            circle: scenario.circle.clone(),
            axis: scenario.axis.clone(),
            plane: scenario.plane.clone(),
            firms: Firms::new(scenario, &places).map(Arc::new),
            backwash: None,
            places,
        };
        world.backwash = Backwash::new(scenario, &world.places, &world.zones).map(Arc::new);
        world.rates = mechanism::rates(&world);
        world.alike = if world.weights_change() {
            vec![None; world.domains.len()]
        } else {
            ticks::alike(&world.base_ticks, world.domains.len())
        };
        world.most_exposed = ticks::most_exposed(&world);
        world
    }

    /// What weights are made of.
    pub fn makeup(&self) -> Makeup {
        Makeup::new(&self.carried, &self.terms, &self.line)
    }

    /// What they are made of without coefficients of layers: each layer's own exposure.
    pub fn plain_makeup(&self) -> Makeup {
        Makeup::new(&self.affinity, &self.terms, &self.line)
    }

    /// Whether what links carry can change during a run.
    pub fn weights_change(&self) -> bool {
        self.line.structures || !self.terms.channels.is_empty() || !self.network.epochs.is_empty()
    }
}

/// What each layer's weights are multiplied by: its coefficient b_l where several layers have one, else 1.
fn coefficients(scenario: &Scenario) -> Vec<f64> {
    let layers = scenario.layers.iter();
    let alone = scenario.layers.len() == 1;
    layers
        .map(|layer| layer.coefficient.filter(|_| !alone).unwrap_or(1.0))
        .collect()
}

/// The parameters of lines. β is the coefficient of the only layer, where it has one, and 1 where several have: these
/// are then parts of the weights.
fn line(scenario: &Scenario) -> LineSpec {
    let mut line = scenario.line.clone();
    if let Some(own) = scenario.layers.first().and_then(|layer| layer.coefficient) {
        line.beta = if scenario.layers.len() == 1 { own } else { 1.0 };
    }
    line
}

/// α_d by domain: its own rate, or that of all.
fn intrinsic(scenario: &Scenario) -> Vec<f64> {
    let all = scenario.line.intrinsic_rate;
    let domains = scenario.domains.iter();
    domains.map(|d| d.intrinsic_rate.unwrap_or(all)).collect()
}
