//! The effects of a month reach the exposures and hazards of every innovation.

use crate::draw::{LANES, Process};

use super::engine::trend::MonthEnd;
use super::event::Listener;
use super::hazard::{Hazard, Replicated};
use super::line;
use super::plan::Plan;
use super::state::{State, demand};
use crate::world::{InnovationId, PlaceId};

/// Lets the effects of month `t` reach every innovation's exposures and hazards.
pub(super) fn spread<L: Listener>(state: &mut State<'_>, t: u16, plan: &Plan, listener: &mut L) {
    let world = state.world;
    let demand = state.demand.clone();
    let hazard = Hazard::new(world, &demand);
    let end = MonthEnd::new(world, t);
    // First of all, so that whatever changes below finds the H of an opened zone growing.
    for zone in world.zones.iter().filter(|zone| zone.open == t) {
        state.engine.open(&hazard, zone.place, &end);
    }
    state.engine.change_weights(&hazard, &state.weights, &end);
    for &k in &plan.implemented {
        let innovation = &state.innovations[k];
        let luck = state.luck;
        let engine = &mut state.engine;
        engine.implement(&hazard, luck, k, innovation, &end);
        let at = state.live.partition_point(|&other| other < k);
        state.live.insert(at, k);
        listener.implemented(world, innovation, k);
    }
    let origins = plan.implemented.iter();
    let origins = origins.map(|&k| (k, state.innovations[k].origin));
    let taken_up: Vec<(InnovationId, PlaceId)> =
        origins.chain(plan.adoptions.iter().copied()).collect();
    for &(k, i) in &taken_up {
        state.stock_firms(k, i, 1);
    }
    let (engine, weights) = (&mut state.engine, &state.weights);
    engine.take_up(&hazard, weights, &taken_up, &end);
    schedule_abandonments(state, &taken_up, t);
    for &(k, i) in &plan.abandonments {
        state.stock_firms(k, i, -1);
        listener.abandoned(world, &state.innovations[k], k, i, t);
    }
    let (engine, weights) = (&mut state.engine, &state.weights);
    engine.give_up(&hazard, weights, &plan.abandonments, &end);
    for &k in &plan.provincial {
        state.provincial[k] = t;
        listener.provincial(world, k, t);
    }
    for &k in &plan.national {
        state.national[k] = t;
        listener.national(world, k, t);
    }
    for &k in plan.provincial.iter().chain(&plan.national) {
        let now = Replicated {
            provincial: state.provincial[k] <= t,
            national: state.national[k] <= t,
        };
        state.engine.replicate(&hazard, k, now, &end);
    }
    wash(state, t);
    pull(state, &hazard, &end);
    // Last of all, so that whatever a zone did in its last month is over.
    for zone in world.zones.iter().filter(|zone| zone.close == t) {
        state.engine.close(zone.place);
    }
}

/// What open zones draw from the regions around them after month `t`.
fn wash(state: &mut State<'_>, t: u16) {
    let world = state.world;
    let Some(backwash) = &world.backwash else {
        return;
    };
    let mut zones = world.zones.iter();
    if zones.any(|zone| zone.open == t || zone.close == t) {
        state.backwash = backwash.factors(&world.zones, Some(t));
    }
}

/// Lets the demand of the firms that took up in a month, and what zones draw from regions, reach the hazards of their
/// governments.
fn pull(state: &mut State<'_>, before: &Hazard<'_>, end: &MonthEnd) {
    let demand = demand(state.world, state.firms.as_ref(), &state.backwash);
    if demand == state.demand {
        return;
    }
    state.demand.clone_from(&demand);
    let now = Hazard::new(state.world, &demand);
    state.engine.pull(before, &now, end);
}

/// 急刹车: works out when what was taken up in month `t`, (innovation, place), is abandoned.
fn schedule_abandonments(state: &mut State<'_>, list: &[(InnovationId, PlaceId)], t: u16) {
    let world = state.world;
    if world.line.abandonment_rate * (1.0 - world.point.tolerance) <= 0.0 {
        return;
    }
    for list in list.chunks(LANES) {
        let names = list.iter().map(|&(k, i)| {
            let innovation = &state.innovations[k];
            let zone = world.zone_hash[innovation.zone];
            (world.places.hash[i], zone, innovation.serial)
        });
        let draws = state.luck.exponentials(Process::Abandonment, names);
        for (&(k, i), theta) in list.iter().zip(draws) {
            let quality = state.innovations[k].quality;
            if let Some(month) = line::abandoned(world, quality, i, t, theta) {
                state.abandonments[usize::from(month)].push((k, i));
            }
        }
    }
}
