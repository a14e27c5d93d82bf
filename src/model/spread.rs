//! The effects of a month reach the exposures and hazards of every innovation.

use prefetch_index::prefetch_index;

use crate::draw::{LANES, Process};

use super::engine::reach::FirstChance;
use super::engine::row::{Pairs, Row};
use super::engine::trend::MonthEnd;
use super::event::Listener;
use super::hazard::{Hazard, Replicated};
use super::plan::Plan;
use super::state::State;
use super::{circle, plane};

/// Pairs whose link changed that are gathered before they are worked on.
const BATCH: usize = 1 << 14;

/// Lets the effects of month `t` reach every innovation's exposures and hazards.
pub(super) fn spread<L: Listener>(state: &mut State<'_>, t: u16, plan: &Plan, listener: &mut L) {
    let world = state.world;
    let demand = state.demand.clone();
    let hazard = Hazard::new(world, &demand);
    let end = MonthEnd::new(world, t);
    // First of all, so that whatever changes below finds the H of an opened zone growing.
    for zone in world.zones.iter().filter(|zone| zone.open == t) {
        for n in 0..state.live.len() {
            let k = state.live[n];
            state.turn(k, |row, at| {
                row.open(at, &hazard, zone.place as usize, &end)
            });
        }
    }
    changed_weights(state, &hazard, &end);
    for &k in &plan.implemented {
        let innovation = &state.innovations[k as usize];
        let holders = &mut state.holders;
        let at = state.pairs.add(k as usize);
        let hopeless = |i| holders.settle(i, k as usize);
        let first = FirstChance {
            provincial: circle::first_chance(world, innovation),
            national: plane::first_chance(world, innovation),
        };
        let row = Row::new(&hazard, at, state.luck, innovation, first, hopeless);
        state.rows[k as usize] = Some(row);
        let at = state.live.partition_point(|&other| other < k);
        state.live.insert(at, k);
        listener.implemented(world, innovation, k);
    }
    let origins = plan.implemented.iter();
    let origins = origins.map(|&k| (k, state.innovations[k as usize].origin));
    let taken_up: Vec<(u32, u32)> = origins.chain(plan.adoptions.iter().copied()).collect();
    for (n, &(k, i)) in taken_up.iter().enumerate() {
        if let Some(&(k, i)) = taken_up.get(n + 8) {
            state.holders.fetch(i as usize, k as usize);
            if let Some(row) = &state.rows[k as usize] {
                row.fetch_sets();
            }
        }
        state.holders.adopt(i as usize, k as usize);
        state.stock_firms(k, i, 1);
        if let Some(row) = &mut state.rows[k as usize] {
            row.adopt(i as usize);
        }
    }
    hear::<1>(state, &hazard, &taken_up, &end);
    schedule_abandonments(state, &taken_up, t);
    for &(k, i) in &plan.abandonments {
        state.holders.abandon(i as usize, k as usize);
        state.stock_firms(k, i, -1);
        if let Some(row) = &mut state.rows[k as usize] {
            row.abandon(i as usize);
        }
        listener.abandoned(world, &state.innovations[k as usize], k, i, t);
    }
    hear::<-1>(state, &hazard, &plan.abandonments, &end);
    for &k in &plan.provincial {
        state.provincial[k as usize] = t;
        listener.provincial(world, k, t);
    }
    for &k in &plan.national {
        state.national[k as usize] = t;
        listener.national(world, k, t);
    }
    for &k in plan.provincial.iter().chain(&plan.national) {
        let now = Replicated {
            provincial: state.provincial[k as usize] <= t,
            national: state.national[k as usize] <= t,
        };
        state.turn(k, |row, at| row.replicate(at, &hazard, now, &end));
    }
    pull(state, &hazard, &end);
    // Last of all, so that whatever a zone did in its last month is over.
    for zone in world.zones.iter().filter(|zone| zone.close == t) {
        close(state, zone.place);
    }
}

/// Place `i` closes: what it has stays there, but it counts as an adopter of nothing and takes nothing up any more.
fn close(state: &mut State<'_>, i: u32) {
    for n in 0..state.live.len() {
        let k = state.live[n] as usize;
        state.holders.abandon(i as usize, k);
        state.holders.settle(i as usize, k);
        if let Some(row) = &mut state.rows[k] {
            row.close(state.pairs.of_mut(k), i as usize);
        }
    }
}

/// Lets the demand of the firms that took up in a month reach the hazards of their governments.
fn pull(state: &mut State<'_>, before: &Hazard<'_>, end: &MonthEnd) {
    let Some(firms) = &state.firms else {
        return;
    };
    if firms.demand() == state.demand {
        return;
    }
    state.demand = firms.demand().to_vec();
    let demand = state.demand.clone();
    let now = Hazard::new(state.world, &demand);
    for n in 0..state.live.len() {
        let k = state.live[n];
        state.turn(k, |row, at| row.pull(at, before, &now, end));
    }
}

/// Links that changed, for those who had innovations until now.
fn changed_weights(state: &mut State<'_>, hazard: &Hazard<'_>, end: &MonthEnd) {
    let State {
        weights,
        holders,
        rows,
        pairs: all,
        first_due,
        ..
    } = state;
    // Gathered first, so that what they need can be fetched ahead.
    let mut pairs = Vec::new();
    for (d, changes) in weights.changes.iter().enumerate() {
        for j in changes.sources.iter() {
            for (i, by) in changes.of(j) {
                holders.between(d, j, i as usize, |k| pairs.push((k as u32, i, by)));
                if pairs.len() >= BATCH {
                    expose(rows, all, first_due, hazard, &pairs, end);
                    pairs.clear();
                }
            }
        }
    }
    expose(rows, all, first_due, hazard, &pairs, end);
}

/// Adds ticks to the exposures of pairs (innovation, place, ticks).
fn expose(
    rows: &[Option<Row>],
    all: &mut Pairs,
    first_due: &mut [u16],
    hazard: &Hazard<'_>,
    pairs: &[(u32, u32, i64)],
    end: &MonthEnd,
) {
    for (n, &(k, i, by)) in pairs.iter().enumerate() {
        if let Some(&(k, i, _)) = pairs.get(n + 12) {
            prefetch_index(rows, k as usize);
            all.fetch(k as usize, i as usize);
        }
        let k = k as usize;
        if let Some(row) = &rows[k] {
            let due = row.expose(&mut all.of_mut(k), hazard, i as usize, by, end);
            first_due[k] = due.min(first_due[k]);
        }
    }
}

/// Adds places to the exposures to what they took up, or takes them out (`SIGN` −1).
fn hear<const SIGN: i64>(
    state: &mut State<'_>,
    hazard: &Hazard<'_>,
    list: &[(u32, u32)],
    end: &MonthEnd,
) {
    let State {
        world,
        weights,
        rows,
        pairs: all,
        first_due,
        ..
    } = state;
    for n in 0..list.len() {
        if let Some(&(k, i)) = list.get(n + 4) {
            all.fetch_first(k as usize);
            if let Some(row) = &rows[k as usize] {
                weights.fetch(row.domain as usize, world.network.audience(i as usize));
            }
        }
        if let Some(&(k, i)) = list.get(n + 2) {
            let audience = world.network.audience(i as usize);
            all.fetch_all(k as usize, &world.network.heard_by[audience]);
        }
        let (k, i) = list[n];
        if let Some(row) = &rows[k as usize] {
            let slots = world.network.audience(i as usize);
            let ticks = &weights.domain(row.domain as usize)[slots.clone()];
            let audience = (&world.network.heard_by[slots], ticks);
            let due = row.hear::<SIGN>(all.of_mut(k as usize), hazard, audience, end);
            let first = &mut first_due[k as usize];
            *first = due.min(*first);
        }
    }
}

/// 急刹车: an item adopted in month `t` is abandoned with hazard δ₁ · (1 − q_k) · (1 − S_i) · (1 − τ), unless the place
/// closes before.
fn schedule_abandonments(state: &mut State<'_>, list: &[(u32, u32)], t: u16) {
    let world = state.world;
    let last = world.calendar.months.saturating_sub(1);
    if world.line.abandonment_rate * (1.0 - world.point.tolerance) <= 0.0 {
        return;
    }
    for list in list.chunks(LANES) {
        let names = list.iter().map(|&(k, i)| {
            let innovation = &state.innovations[k as usize];
            let zone = world.zone_hash[innovation.zone as usize];
            (world.places.hash[i as usize], zone, innovation.serial)
        });
        let draws = state.luck.exponentials(Process::Abandonment, names);
        for (&(k, i), draw) in list.iter().zip(draws) {
            let hazard = world.line.abandonment_rate
                * (1.0 - state.innovations[k as usize].quality)
                * (1.0 - world.places.platform[i as usize])
                * (1.0 - world.point.tolerance);
            let at = f64::from(t) + (draw / hazard).ceil().max(1.0);
            let last = last.min(world.places.close[i as usize]);
            if hazard > 0.0 && at <= f64::from(last) {
                state.abandonments[at as usize].push((k, i));
            }
        }
    }
}
