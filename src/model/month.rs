//! One month: the five processes and that of the firms, and the order in which their effects take hold
//! (model §3).
//!
//! All reads are of the state at the end of the previous month. So what happens is worked out first
//! for every scale ([`Plan`]) and put in place afterwards ([`commit`], [`spread`]).

use crate::draw::Luck;
use crate::world::{InnovationId, World};

use super::course::Course;
use super::engine::OutOfMemory;
use super::engine::weight::Weights;
use super::event::{Listener, Shape, StructureEvent};
use super::hazard::Hazard;
use super::plan::Plan;
use super::point::Innovation;
use super::spread::{begin, spread, told};
use super::state::State;
use super::structures::moved;
use super::{attribution, axis, circle, plane};

/// Runs one replicate and tells `listener` what happens.
///
/// # Errors
/// The system has no memory for the pairs of places and innovations; `listener` has heard nothing then.
pub fn run<L: Listener>(
    world: &World,
    seed: u64,
    replicate: u32,
    listener: &mut L,
) -> Result<(), OutOfMemory> {
    run_as(world, seed, replicate, Course::Drawn, listener).map(|_| ())
}

/// Runs one replicate in which given items are adopted as `course` says, and gives that back with what was written down.
///
/// # Errors
/// Those of [`run`].
pub fn run_as<L: Listener>(
    world: &World,
    seed: u64,
    replicate: u32,
    course: Course,
    listener: &mut L,
) -> Result<Course, OutOfMemory> {
    let follow = attribution::follows::<L>(world);
    let luck = Luck::new(seed, replicate);
    let mut state = State::new(world, luck, L::CREDIT, follow, course)?;
    listener.start(world, &state.innovations);
    let months = world.calendar.months;
    let mut births: Vec<Vec<InnovationId>> = vec![Vec::new(); usize::from(months)];
    let before = |k: &Innovation| k.given.is_some_and(|g| world.given[g as usize].is_before());
    let all = state.innovations.iter().enumerate();
    for (k, innovation) in all.filter(|(_, k)| !before(k)) {
        if let Some(list) = births.get_mut(usize::from(innovation.implemented)) {
            list.push(InnovationId::new(k));
        }
    }
    let mut plan = Plan::default();
    commit(&mut state, None, &mut plan, listener);
    begin(&mut state, listener);
    listener.before(world, &state);
    for t in 0..months {
        let implemented = std::mem::take(&mut births[usize::from(t)]);
        make_plan(&mut state, t, implemented, &mut plan, listener);
        commit(&mut state, Some(t), &mut plan, listener);
        spread(&mut state, t, &plan, listener);
        let year_ends = world.calendar.ends_year(t);
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
    state.engine.leave();
    Ok(state.course)
}

/// The five processes of month `t`.
fn make_plan<L: Listener>(
    state: &mut State<'_>,
    t: u16,
    implemented: Vec<InnovationId>,
    plan: &mut Plan,
    listener: &mut L,
) {
    let world = state.world;
    // Point: births and pilots were worked out at the start.
    plan.implemented = implemented;
    // Line.
    let (demand, alone) = (
        std::mem::take(&mut state.demand),
        std::mem::take(&mut state.alone),
    );
    let hazard = Hazard::new(world, &demand).alone(&alone);
    state.engine.due(&hazard, t, &mut plan.adoptions);
    told(state, t, &hazard, plan);
    (state.demand, state.alone) = (demand, alone);
    attribution::credit(state, &plan.adoptions, t, listener);
    plan.abandonments = std::mem::take(&mut state.abandonments[usize::from(t)]);
    plan.abandonments.sort_unstable();
    plan.lines = state.structures.lines.plan();
    // Circle.
    plan.circles = circle::renewed(world, &state.structures, t);
    plan.provincial = circle::provincial(state, t);
    // Axis.
    plan.axes = axis::renewed(world, &state.structures);
    // Plane.
    plan.plane = plane::plane(world, &state.structures);
    plan.national = plane::national(state, t);
    // Firms: they read what their regions had at the end of the previous month.
    if let Some(firms) = &mut state.firms {
        firms.month();
    }
}

/// Puts the planned structures in place, and with them the weights of the month after `t` (of the
/// first month when `t` is `None`).
fn commit<L: Listener>(state: &mut State<'_>, t: Option<u16>, plan: &mut Plan, listener: &mut L) {
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
    let formed = |c: u32| {
        let new = plan
            .axes
            .iter()
            .find(|(n, _)| *n == c as usize)
            .map(|(_, axis)| axis);
        new.unwrap_or(&structures.axes[c as usize]).formed
    };
    let channels = Weights::channels(world, next, &formed);
    // Mark what changes, and settle its credit as its weight was made up until now.
    weights.mark_epoch(world, next);
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
    let marked = weights.marked().iter().copied();
    credit.settle(world, weights, structures, mechanisms, marked);
    if let Some(t) = t {
        tell(world, structures, t, plan, listener);
    }
    structures.lines.set(world, std::mem::take(&mut plan.lines));
    if !plan.circles.is_empty() {
        for (z, circle) in plan.circles.drain(..) {
            structures.set_circle(z, circle);
        }
        structures.clusters = circle::clusters(structures);
    }
    for (c, axis) in plan.axes.drain(..) {
        structures.set_axis(c, axis);
    }
    (structures.plane_share, structures.plane) = plan.plane;
    weights.renew(world, next, structures, mechanisms, channels);
}

/// Tells which structures form and dissolve.
fn tell<L: Listener>(
    world: &World,
    structures: &super::structures::Structures,
    month: u16,
    plan: &Plan,
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
        let share = world.places.share([a, b].into_iter());
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
            let share = world.places.share(members.iter());
            event(Shape::Circle(*z), new.formed, members.count(), share);
        }
    }
    for (c, new) in &plan.axes {
        let old = &structures.axes[*c];
        if old.formed != new.formed {
            let told = if new.formed { new } else { old };
            let share = world.places.share(told.members.iter());
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
