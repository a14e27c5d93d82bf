//! The effects of a month reach the exposures and hazards of every innovation.

use crate::draw::{LANES, Process};

use super::course::Course;
use super::engine::Draws;
use super::engine::trend::MonthEnd;
use super::event::Listener;
use super::hazard::{Hazard, Replicated};
use super::line;
use super::plan::Plan;
use super::state::{State, demand, readiness};
use crate::world::{InnovationId, NEVER, PlaceId};

/// Lets what was before the run reach exposures and hazards: given items that spread from the first month on.
pub(super) fn begin<L: Listener>(state: &mut State<'_>, listener: &mut L) {
    let world = state.world;
    let given = |k: &InnovationId| state.innovations[*k].given;
    let all = InnovationId::each(0..state.innovations.len());
    let before = all.filter(|k| given(k).is_some_and(|g| world.given[g as usize].is_before()));
    let before: Vec<InnovationId> = before.collect();
    if before.is_empty() {
        return;
    }
    let (demand, alone) = (state.demand.clone(), state.alone.clone());
    let hazard = Hazard::new(world, &demand).alone(&alone);
    let end = MonthEnd::before();
    take_up(state, &before, &[], (-1, &end), &hazard, listener);
    for k in before {
        let over = given_number(state, k).is_some_and(|g| world.given[g].last.is_none());
        if over {
            state.engine.end(&hazard, k, 0, |_, _| ());
        }
    }
}

/// The number of a given item.
fn given_number(state: &State<'_>, k: InnovationId) -> Option<usize> {
    state.innovations[k].given.map(|g| g as usize)
}

/// Innovations are implemented and adopted at the end of month `t`, −1 before the first.
fn take_up<L: Listener>(
    state: &mut State<'_>,
    implemented: &[InnovationId],
    adoptions: &[(InnovationId, PlaceId)],
    (t, end): (i32, &MonthEnd),
    hazard: &Hazard<'_>,
    listener: &mut L,
) {
    let world = state.world;
    for &k in implemented {
        let innovation = &state.innovations[k];
        let draws = match (&state.course, innovation.given) {
            (Course::Told(_), Some(_)) => Draws::Nothing,
            (Course::Conditioned(thresholds), Some(g)) => Draws::Known(thresholds.of(g)),
            _ => Draws::Named(state.luck),
        };
        state.engine.implement(hazard, draws, k, innovation, end);
        let at = state.live.partition_point(|&other| other < k);
        state.live.insert(at, k);
        listener.implemented(world, innovation, k);
    }
    let firsts = implemented.iter().flat_map(|&k| {
        let first = state.innovations[k].first.iter();
        first.map(move |&i| (k, i))
    });
    let taken_up: Vec<(InnovationId, PlaceId)> = firsts.chain(adoptions.iter().copied()).collect();
    for &(k, i) in &taken_up {
        state.stock_firms(k, i, 1);
    }
    let (engine, weights) = (&mut state.engine, &state.weights);
    engine.take_up(hazard, weights, &taken_up, end);
    schedule_abandonments(state, &taken_up, t);
}

/// Given items adopt in month `t` as the history says; what that says of their thresholds is written down.
pub(super) fn told(state: &mut State<'_>, t: u16, hazard: &Hazard<'_>, plan: &mut Plan) {
    let Course::Told(ranges) = &mut state.course else {
        return;
    };
    let (world, places) = (state.world, state.world.places.len());
    let from = state.engine.told_from;
    let given = InnovationId::each(from..state.innovations.len());
    for k in given {
        let Some(g) = state.innovations[k].given.map(|g| g as usize) else {
            continue;
        };
        let history = &world.given[g].history;
        let start = history.partition_point(|event| event.0 < t);
        let now = history[start..].iter().take_while(|event| event.0 == t);
        let now: Vec<PlaceId> = now.map(|event| event.1).collect();
        let Some(unit) = state.engine.row(k).map(|row| row.unit()) else {
            continue;
        };
        state.engine.tell(hazard, k, t, &now, |i, range| {
            ranges.adopted((g, t, i), unit, places, range);
        });
        plan.adoptions.extend(now.into_iter().map(|i| (k, i)));
    }
}

/// Items of which month `t` is the last of risk are adopted no more, and zones that close in it adopt nothing more: what
/// a history says of the thresholds of those that have not adopted is written down.
fn end_risk(state: &mut State<'_>, t: u16, hazard: &Hazard<'_>) {
    let (world, places) = (state.world, state.world.places.len());
    let told = matches!(state.course, Course::Told(_));
    let closing = world.zones.iter().filter(|zone| told && zone.close == t);
    let closing: Vec<PlaceId> = closing.map(|zone| zone.place).collect();
    let ends = |g: usize| world.given[g].last == Some(t);
    if closing.is_empty() && !(0..world.given.len()).any(ends) {
        return;
    }
    for k in InnovationId::each(0..state.innovations.len()) {
        let row = state.engine.row(k).map(|row| row.unit());
        let Some((g, unit)) = given_number(state, k).zip(row) else {
            continue;
        };
        let mut stayed = Vec::new();
        for &i in &closing {
            let high = state.engine.reached(hazard, k, i, t);
            stayed.extend(high.map(|high| (i, high)));
        }
        if ends(g) {
            state
                .engine
                .end(hazard, k, t, |i, high| stayed.push((i, high)));
        }
        if let Course::Told(ranges) = &mut state.course {
            for (i, high) in stayed {
                ranges.stayed(g, unit, places, i, high);
            }
        }
    }
}

/// Lets the effects of month `t` reach every innovation's exposures and hazards.
pub(super) fn spread<L: Listener>(state: &mut State<'_>, t: u16, plan: &Plan, listener: &mut L) {
    let world = state.world;
    let (demand, alone) = (state.demand.clone(), state.alone.clone());
    let hazard = Hazard::new(world, &demand).alone(&alone);
    let end = MonthEnd::new(world, t);
    // Before anything changes: H of this month.
    end_risk(state, t, &hazard);
    // First of all, so that whatever changes below finds the H of an opened zone growing. What spreads from the first
    // month on takes a place that opens in it as open.
    for zone in world.zones.iter().filter(|zone| zone.open == t && t > 0) {
        state.engine.open(&hazard, zone.place, &end);
    }
    state.engine.change_weights(&hazard, &state.weights, &end);
    take_up(
        state,
        &plan.implemented,
        &plan.adoptions,
        (t.into(), &end),
        &hazard,
        listener,
    );
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

/// What open zones draw from the regions around them after month `t`, and what covariates say of the month after it.
fn wash(state: &mut State<'_>, t: u16) {
    let world = state.world;
    let mut zones = world.zones.iter();
    let moved = zones.any(|zone| zone.open == t || zone.close == t);
    if world.covariates.is_some() || world.backwash.is_some() && moved {
        (state.readiness, state.alone) = readiness(world, Some(t));
    }
}

/// Lets the demand of the firms that took up in a month, and what else readiness depends on, reach the hazards of their
/// governments.
fn pull(state: &mut State<'_>, before: &Hazard<'_>, end: &MonthEnd) {
    let demand = demand(state.world, state.firms.as_ref(), &state.readiness);
    let now = Hazard::new(state.world, &demand).alone(&state.alone);
    if before.is_same(&now) {
        return;
    }
    state.engine.pull(before, &now, end);
    state.demand = demand;
}

/// 急刹车: works out when what was taken up in month `t`, −1 before the first, (innovation, place), is abandoned.
fn schedule_abandonments(state: &mut State<'_>, list: &[(InnovationId, PlaceId)], t: i32) {
    let world = state.world;
    let known = list
        .iter()
        .filter(|(k, _)| state.innovations[*k].given.is_some());
    let mut drawn: Vec<(InnovationId, PlaceId)> = Vec::new();
    let known: Vec<(InnovationId, PlaceId)> = known.copied().collect();
    for (k, i) in known {
        match known_end(state, k, i, t) {
            None => drawn.push((k, i)),
            Some(month) => {
                let month = state.abandonments.get_mut(usize::from(month));
                month.into_iter().for_each(|month| month.push((k, i)));
            }
        }
    }
    if world.line.abandonment_rate * (1.0 - world.point.tolerance) <= 0.0 {
        return;
    }
    let arrivals = list
        .iter()
        .filter(|(k, _)| state.innovations[*k].given.is_none());
    drawn.extend(arrivals);
    for list in drawn.chunks(LANES) {
        let names = list.iter().map(|&(k, i)| {
            let innovation = &state.innovations[k];
            (world.places.hash[i], innovation.name, innovation.serial)
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

/// The month in which a given item that a place takes up at the end of month `t` is abandoned, or [`NEVER`], where that
/// is known: first adopters and histories say it, and what a history leaves possible.
fn known_end(state: &State<'_>, k: InnovationId, i: PlaceId, t: i32) -> Option<u16> {
    let g = state.innovations[k].given?;
    let given = &state.world.given[g as usize];
    let first = given.first.iter().find(|(place, _)| *place == i);
    if let Some((_, until)) = first
        && (*until != NEVER || !matches!(state.course, Course::Drawn))
    {
        return Some(*until);
    }
    match &state.course {
        Course::Drawn => None,
        Course::Told(_) => {
            let event = given.history.iter().find(|event| event.1 == i);
            Some(event.map_or(NEVER, |event| event.2))
        }
        Course::Conditioned(thresholds) => {
            let hazard = line::abandonment(state.world, given.quality, i);
            let stays = thresholds.of(g).stays(i, hazard)?;
            Some(line::ends(state.world, i, t, stays).unwrap_or(NEVER))
        }
    }
}
