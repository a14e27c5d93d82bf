//! One month: the five processes and that of the firms, and the order in which their effects take hold
//! (model §3).
//!
//! All reads are of the state at the end of the previous month. So what happens is worked out first
//! for every scale ([`Plan`]) and put in place afterwards ([`commit`], [`spread`]).

use crate::draw::{Luck, Process, exponential};
use crate::world::World;

use super::event::{Listener, Shape, StructureEvent};
use super::hazard::{Hazard, Replicated};
use super::reach::surely_beyond;
use super::row::Row;
use super::state::{Axis, Circle, State, moved};
use super::weight::Weights;
use super::{axis, circle, line, plane};

/// What happens in a month, worked out from the end of the previous one.
#[derive(Debug, Default)]
struct Plan {
    /// Innovations that are implemented (Point).
    implemented: Vec<u32>,
    /// (innovation, place) that adopt, ascending (Line).
    adoptions: Vec<(u32, u32)>,
    /// (innovation, place) that abandon, ascending (Line).
    abandonments: Vec<(u32, u32)>,
    /// Pairs whose line forms or dissolves (Line).
    lines: Vec<u32>,
    /// Circles that change (Circle).
    circles: Vec<(usize, Circle)>,
    /// Innovations that their province replicates (Circle).
    provincial: Vec<u32>,
    /// Axes that change (Axis).
    axes: Vec<(usize, Axis)>,
    /// Plane share and whether the plane is formed (Plane).
    plane: (f64, bool),
    /// Innovations that the centre replicates (Plane).
    national: Vec<u32>,
}

/// Runs one replicate and tells `listener` what happens.
pub fn run<L: Listener>(world: &World, seed: u64, replicate: u32, listener: &mut L) {
    let follow = L::CREDIT || L::MECHANISMS || world.line.structures;
    let mut state = State::new(world, Luck::new(seed, replicate), L::CREDIT, follow);
    listener.start(world, &state.innovations);
    let months = world.calendar.months;
    let mut births: Vec<Vec<u32>> = vec![Vec::new(); usize::from(months)];
    for (k, innovation) in state.innovations.iter().enumerate() {
        if let Some(list) = births.get_mut(usize::from(innovation.implemented)) {
            list.push(k as u32);
        }
    }
    let all_weight = plane::all_weight(world);
    let mut plan = Plan::default();
    commit(&mut state, None, &mut plan, all_weight, listener);
    for t in 0..months {
        let implemented = std::mem::take(&mut births[usize::from(t)]);
        make_plan(&mut state, t, implemented, &mut plan, all_weight, listener);
        commit(&mut state, Some(t), &mut plan, all_weight, listener);
        spread(&mut state, t, &plan, listener);
        let year_ends = world.calendar.month(t).month() == 12;
        if year_ends || t + 1 == months {
            let State {
                credit,
                weights,
                structures,
                mechanisms,
                ..
            } = &mut state;
            credit.settle_all(world, weights, structures, mechanisms);
        }
        listener.month_end(world, &state, t);
        state.credit.end_month(year_ends);
    }
    listener.finish(world, &state);
}

/// The five processes of month `t`.
fn make_plan<L: Listener>(
    state: &mut State<'_>,
    t: u16,
    implemented: Vec<u32>,
    plan: &mut Plan,
    all_weight: f64,
    listener: &mut L,
) {
    let world = state.world;
    // Point: births and pilots were worked out at the start.
    plan.implemented = implemented;
    // Line.
    plan.adoptions.clear();
    for &k in &state.live {
        let first = &mut state.first_due[k as usize];
        if *first <= t
            && let Some(row) = &mut state.rows[k as usize]
        {
            *first = row.due(t, |i| plan.adoptions.push((k, i as u32)));
        }
    }
    let mechanisms = if L::MECHANISMS {
        state.mechanisms.len()
    } else {
        0
    };
    let mut room = line::Room::new(mechanisms);
    for &(k, i) in &plan.adoptions {
        line::credit(state, k, i as usize, t, &mut room, listener);
    }
    plan.abandonments = std::mem::take(&mut state.abandonments[usize::from(t)]);
    plan.abandonments.sort_unstable();
    plan.lines = state.structures.lines.plan(world, t);
    // Circle.
    plan.circles = circle::renewed(world, &state.structures, t);
    plan.provincial = circle::provincial(state, t);
    // Axis.
    plan.axes = axis::renewed(world, &state.structures);
    // Plane.
    let share = if world.line.structures {
        let members = plane::members(world, &state.structures);
        plane::weight_share(world, members.iter(), all_weight)
    } else {
        0.0
    };
    plan.plane = (share, share >= world.plane.plane_threshold);
    plan.national = plane::national(state, t);
    // Firms: they read what their regions had at the end of the previous month.
    if let Some(firms) = &mut state.firms {
        firms.month();
    }
}

/// Puts the planned structures in place, and with them the weights of the month after `t` (of the
/// first month when `t` is `None`).
fn commit<L: Listener>(
    state: &mut State<'_>,
    t: Option<u16>,
    plan: &mut Plan,
    all_weight: f64,
    listener: &mut L,
) {
    let State {
        world,
        structures,
        weights,
        credit,
        mechanisms,
        ..
    } = state;
    let world: &World = world;
    let next = t.map_or(0, |t| t + 1);
    let opened = |i: u32| {
        let i = i as usize;
        if world.places.is_zone(i) {
            t.is_some_and(|t| world.places.open[i] <= t)
        } else {
            true
        }
    };
    let formed = |c: u32| {
        let new = plan
            .axes
            .iter()
            .find(|(n, _)| *n == c as usize)
            .map(|(_, axis)| axis);
        new.unwrap_or(&structures.axes[c as usize]).formed
    };
    let channels = Weights::channels(world, next, &opened, &formed);
    // Mark what changes, and settle its credit as its weight was made up until now.
    weights.mark_channels(world, &channels);
    for &pair in &plan.lines {
        let (one, other) = world.network.pair_links[pair as usize];
        weights.mark(one);
        if let Some(other) = other {
            weights.mark(other);
        }
    }
    let circles = plan
        .circles
        .iter()
        .map(|(z, new)| (&structures.circles[*z].members, &new.members));
    let axes = plan.axes.iter().flat_map(|(c, new)| {
        let old = &structures.axes[*c];
        [(&old.members, &new.members), (&old.zones, &new.zones)]
    });
    for (old, new) in circles.chain(axes) {
        for i in moved(old, new) {
            weights.mark_place(world, i);
        }
    }
    for &e in weights.marked() {
        credit.settle(world, weights, structures, mechanisms, e as usize);
    }
    if let Some(t) = t {
        tell(world, structures, t, plan, all_weight, listener);
    }
    structures.lines.set(world, std::mem::take(&mut plan.lines));
    for (z, circle) in plan.circles.drain(..) {
        structures.set_circle(z, circle);
    }
    for (c, axis) in plan.axes.drain(..) {
        structures.set_axis(c, axis);
    }
    (structures.plane_share, structures.plane) = plan.plane;
    weights.renew(world, structures, mechanisms, channels);
}

/// Tells which structures form and dissolve.
fn tell<L: Listener>(
    world: &World,
    structures: &super::state::Structures,
    month: u16,
    plan: &Plan,
    all_weight: f64,
    listener: &mut L,
) {
    let mut event = |shape, formed, size: usize, weight_share| {
        let size = size as u32;
        listener.structure(
            world,
            &StructureEvent {
                shape,
                formed,
                month,
                size,
                weight_share,
            },
        );
    };
    for &pair in &plan.lines {
        let (a, b) = world.network.pairs[pair as usize];
        let ends = [a as usize, b as usize];
        let share = plane::weight_share(world, ends.into_iter(), all_weight);
        event(
            Shape::Line(pair),
            !structures.lines.formed[pair as usize],
            2,
            share,
        );
    }
    for (z, new) in &plan.circles {
        let old = &structures.circles[*z];
        if old.formed != new.formed {
            let members = if new.formed {
                &new.members
            } else {
                &old.members
            };
            let share = plane::weight_share(world, members.iter(), all_weight);
            event(Shape::Circle(*z as u32), new.formed, members.count(), share);
        }
    }
    for (c, new) in &plan.axes {
        let old = &structures.axes[*c];
        if old.formed != new.formed {
            let told = if new.formed { new } else { old };
            let share = plane::weight_share(world, told.members.iter(), all_weight);
            event(
                Shape::Axis(*c as u32),
                new.formed,
                told.run.1 as usize,
                share,
            );
        }
    }
    let (share, formed) = plan.plane;
    if formed != structures.plane {
        let size = plane::members(world, structures).count();
        // Like the others, it tells what dissolves, not what is left.
        let share = if formed {
            share
        } else {
            structures.plane_share
        };
        event(Shape::Plane, formed, size, share);
    }
}

/// Lets the effects of month `t` reach every innovation's exposures and hazards.
fn spread<L: Listener>(state: &mut State<'_>, t: u16, plan: &Plan, listener: &mut L) {
    let world = state.world;
    let demand = state.demand.clone();
    let hazard = Hazard::new(world, &demand);
    // First of all, so that whatever changes below finds the H of an opened zone growing.
    for zone in world.zones.iter().filter(|zone| zone.open == t) {
        for n in 0..state.live.len() {
            let k = state.live[n];
            state.turn(k, |row| row.open(&hazard, zone.place as usize, t));
        }
    }
    changed_weights(state, &hazard, t);
    for &k in &plan.implemented {
        let innovation = &state.innovations[k as usize];
        let holders = &mut state.holders;
        state.rows[k as usize] = Some(Row::new(&hazard, state.luck, innovation, |i| {
            holders.settle(i, k as usize);
        }));
        let at = state.live.partition_point(|&other| other < k);
        state.live.insert(at, k);
        listener.implemented(world, innovation, k);
    }
    let origins = plan.implemented.iter();
    let origins = origins.map(|&k| (k, state.innovations[k as usize].origin));
    let taken_up: Vec<(u32, u32)> = origins.chain(plan.adoptions.iter().copied()).collect();
    for &(k, i) in &taken_up {
        state.holders.adopt(i as usize, k as usize);
        state.stock_firms(k, i, 1);
        if let Some(row) = &mut state.rows[k as usize] {
            row.adopt(i as usize);
        }
    }
    for &(k, i) in &taken_up {
        hear(state, &hazard, k, i, 1, t);
        schedule_abandonment(state, k, i, t);
    }
    for &(k, i) in &plan.abandonments {
        state.holders.abandon(i as usize, k as usize);
        state.stock_firms(k, i, -1);
        if let Some(row) = &mut state.rows[k as usize] {
            row.abandon(i as usize);
        }
        hear(state, &hazard, k, i, -1, t);
        listener.abandoned(world, &state.innovations[k as usize], k, i, t);
    }
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
        state.turn(k, |row| row.replicate(&hazard, now, t));
    }
    pull(state, &hazard, t);
}

/// Lets the demand of the firms that took up in month `t` reach the hazards of their governments.
fn pull(state: &mut State<'_>, before: &Hazard<'_>, t: u16) {
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
        state.turn(k, |row| row.pull(before, &now, t));
    }
}

/// Links that changed, for those who had innovations until now.
fn changed_weights(state: &mut State<'_>, hazard: &Hazard<'_>, t: u16) {
    let State {
        weights,
        holders,
        rows,
        first_due,
        ..
    } = state;
    for (d, changes) in weights.changes.iter().enumerate() {
        for j in changes.sources.iter() {
            for (i, by) in changes.of(j) {
                holders.between(d, j, i as usize, |k| {
                    if let Some(row) = &mut rows[k] {
                        first_due[k] = row.expose(hazard, i as usize, by, t).min(first_due[k]);
                    }
                });
            }
        }
    }
}

/// Adds source `i` to the exposures to innovation `k`, or takes it out.
fn hear(state: &mut State<'_>, hazard: &Hazard<'_>, k: u32, i: u32, sign: i64, t: u16) {
    let State {
        weights,
        innovations,
        rows,
        first_due,
        ..
    } = state;
    let k = k as usize;
    if let Some(row) = &mut rows[k]
        && row.open_places > 0
    {
        let ticks = weights.domain(innovations[k].domain as usize);
        let due = row.hear(hazard, ticks, i as usize, sign, t);
        first_due[k] = first_due[k].min(due);
    }
}

/// 急刹车: an item adopted in month `t` is abandoned with hazard δ₁ · (1 − q_k) · (1 − S_i) · (1 − τ).
fn schedule_abandonment(state: &mut State<'_>, k: u32, i: u32, t: u16) {
    let world = state.world;
    let innovation = &state.innovations[k as usize];
    let hazard = world.line.abandonment_rate
        * (1.0 - innovation.quality)
        * (1.0 - world.places.platform[i as usize])
        * (1.0 - world.point.tolerance);
    if hazard <= 0.0 {
        return;
    }
    let uniform = state.luck.uniform(
        Process::Abandonment,
        world.places.hash[i as usize],
        world.zone_hash[innovation.zone as usize],
        innovation.serial,
    );
    if surely_beyond(uniform, hazard * f64::from(world.calendar.months)) {
        return;
    }
    let months = (exponential(uniform) / hazard).ceil().max(1.0);
    let at = f64::from(t) + months;
    if at < f64::from(world.calendar.months) {
        state.abandonments[at as usize].push((k, i));
    }
}
