//! What changes during a replicate (model §2).

use crate::draw::Luck;
use crate::scenario::spec::ActsOn;
use crate::world::mechanism::Mechanisms;
use crate::world::{InnovationId, NEVER, PlaceId, World};

use super::course::Course;
use super::engine::credit::Credit;
use super::engine::weight::Weights;
use super::engine::{Engine, OutOfMemory};
use super::firm::FirmState;
use super::point::{self, Innovation};
use super::structures::Structures;

/// demand_id with firms times what else readiness is multiplied by, `[domain · N + place]`; empty without either.
pub(super) fn demand(world: &World, firms: Option<&FirmState<'_>>, readiness: &[f64]) -> Vec<f64> {
    let of_firms = firms.map_or(&[][..], |firms| firms.demand());
    if readiness.is_empty() {
        return of_firms.to_vec();
    }
    let all = (0..world.domains.len()).flat_map(|_| readiness.iter().copied());
    match of_firms {
        [] => all.collect(),
        of_firms => of_firms
            .iter()
            .zip(all)
            .map(|(of, left)| of * left)
            .collect(),
    }
}

/// What readiness is multiplied by in the month after `month`, by place: what backwash leaves of it, times covariates of
/// the whole hazard; and what the intrinsic hazard alone is multiplied by. Each is empty where it is 1 everywhere for
/// good.
pub(super) fn readiness(world: &World, month: Option<u16>) -> (Vec<f64>, Vec<f64>) {
    let backwash = world.backwash.as_ref();
    let left = backwash.map_or_else(Vec::new, |b| b.factors(&world.zones, month));
    let Some(covariates) = &world.covariates else {
        return (left, Vec::new());
    };
    let last = world.calendar.months.saturating_sub(1);
    let next = month.map_or(0, |t| (t + 1).min(last));
    let mut all = covariates.factors(ActsOn::All, next);
    all.iter_mut()
        .zip(left)
        .for_each(|(all, left)| *all *= left);
    let alone = match covariates.has_intrinsic() {
        true => covariates.factors(ActsOn::Intrinsic, next),
        false => Vec::new(),
    };
    (all, alone)
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
    /// What open zones leave of the readiness of each place in the coming month, times covariates; empty without either.
    pub readiness: Vec<f64>,
    /// What covariates multiply the intrinsic hazard alone by, by place; empty without such.
    pub alone: Vec<f64>,
    /// demand_id times that readiness, `[domain · N + place]`; empty where it is 1 everywhere for good.
    pub demand: Vec<f64>,
    /// What decides when given items are adopted.
    pub course: Course,
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
        course: Course,
    ) -> Result<Self, OutOfMemory> {
        let mechanisms = Mechanisms::new(world);
        let innovations = point::innovations(world, luck);
        let structures = Structures::new(world);
        let count = innovations.len();
        let firms = world.firms.as_ref();
        let firms = firms.map(|firms| FirmState::new(firms, luck));
        let (readiness, alone) = readiness(world, None);
        let mut engine = Engine::new(world, &innovations)?;
        if let Course::Told(_) = course {
            engine.told_from = innovations.partition_point(|k| k.given.is_none());
        }
        Ok(Self {
            demand: demand(world, firms.as_ref(), &readiness),
            readiness,
            alone,
            course,
            firms,
            weights: Weights::new(world, follow),
            credit: Credit::new(world, &mechanisms, keep_credit),
            engine,
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
