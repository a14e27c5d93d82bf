//! What changes during a replicate (model §2).

use crate::draw::Luck;
use crate::world::mechanism::Mechanisms;
use crate::world::{InnovationId, NEVER, PlaceId, World};

use super::engine::credit::Credit;
use super::engine::weight::Weights;
use super::engine::{Engine, OutOfMemory};
use super::firm::FirmState;
use super::point::{self, Innovation};
use super::structures::Structures;

/// demand_id with firms times what backwash leaves, `[domain · N + place]`; empty without either.
pub(super) fn demand(world: &World, firms: Option<&FirmState<'_>>, backwash: &[f64]) -> Vec<f64> {
    let of_firms = firms.map_or(&[][..], |firms| firms.demand());
    if backwash.is_empty() {
        return of_firms.to_vec();
    }
    let all = (0..world.domains.len()).flat_map(|_| backwash.iter().copied());
    match of_firms {
        [] => all.collect(),
        of_firms => of_firms
            .iter()
            .zip(all)
            .map(|(of, left)| of * left)
            .collect(),
    }
}

/// The state of a replicate at the end of a month.
#[derive(Debug)]
pub struct State<'w> {
    /// The world.
    pub world: &'w World,
    /// The replicate's luck.
    pub luck: Luck,
    /// Names of the mechanisms.
    pub mechanisms: Mechanisms,
    /// All innovations, by birth, then zone.
    pub innovations: Vec<Innovation>,
    /// H_ik of all innovations and places, and who is due.
    pub engine: Engine,
    /// Implemented innovations, ascending.
    pub live: Vec<InnovationId>,
    /// Month of provincial replication of each innovation, or [`NEVER`].
    pub provincial: Vec<u16>,
    /// Month of national replication of each innovation, or [`NEVER`].
    pub national: Vec<u16>,
    /// Lines, circles, axes, plane.
    pub structures: Structures,
    /// What the links carry.
    pub weights: Weights<'w>,
    /// Credit so far.
    pub credit: Credit,
    /// Firms, where the layer is on.
    pub firms: Option<FirmState<'w>>,
    /// What open zones leave of the readiness of each place in the coming month; empty without backwash.
    pub backwash: Vec<f64>,
    /// demand_id times what backwash leaves, `[domain · N + place]`; empty where it is 1 everywhere for good.
    pub demand: Vec<f64>,
    /// Abandonments to come, by month: (innovation, place).
    pub abandonments: Vec<Vec<(InnovationId, PlaceId)>>,
}

impl<'w> State<'w> {
    /// The state before the first month. `keep_credit` keeps accounts of credit; `follow` follows each
    /// adoption to its sources.
    ///
    /// # Errors
    /// No memory for the pairs of places and innovations.
    pub fn new(
        world: &'w World,
        luck: Luck,
        keep_credit: bool,
        follow: bool,
    ) -> Result<Self, OutOfMemory> {
        let mechanisms = Mechanisms::new(world);
        let innovations = point::innovations(world, luck);
        let structures = Structures::new(world);
        let count = innovations.len();
        let firms = world.firms.as_ref();
        let firms = firms.map(|firms| FirmState::new(firms, luck));
        let backwash = world.backwash.as_ref();
        let backwash = backwash.map_or_else(Vec::new, |b| b.factors(&world.zones, None));
        Ok(Self {
            demand: demand(world, firms.as_ref(), &backwash),
            backwash,
            firms,
            weights: Weights::new(world, follow),
            credit: Credit::new(world, &mechanisms, keep_credit),
            engine: Engine::new(world, &innovations)?,
            live: Vec::new(),
            provincial: vec![NEVER; count],
            national: vec![NEVER; count],
            abandonments: vec![Vec::new(); usize::from(world.calendar.months)],
            world,
            luck,
            mechanisms,
            innovations,
            structures,
        })
    }

    /// Place `i` takes up innovation `k` (`sign` 1) or gives it up (−1): its firms have more or less to
    /// take up.
    pub fn stock_firms(&mut self, k: InnovationId, i: PlaceId, sign: i64) {
        if let Some(firms) = &mut self.firms {
            let innovation = &self.innovations[k];
            firms.change(innovation.domain as usize, i, innovation.quality, sign);
        }
    }

    /// Bytes of the rows, weights and innovations.
    pub fn bytes(&self) -> usize {
        self.engine.bytes()
            + self.innovations.len() * std::mem::size_of::<Innovation>()
            + self.world.network.len() * self.world.domains.len() * 16
    }
}
