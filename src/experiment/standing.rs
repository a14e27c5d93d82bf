//! How far along the five scales each place is.

use crate::measure::Stock;
use crate::model::{State, plane};
use crate::world::{PlaceId, World};

/// Calls `each` with every region and every zone that has opened, in canonical order, and the highest scale that it
/// is on at the end of month `t`: 0 none, 1 point (has an item or is an open zone), 2 line, 3 circle, 4 axis,
/// 5 plane.
pub fn standings(
    world: &World,
    state: &State<'_>,
    stock: &Stock,
    t: u16,
    mut each: impl FnMut(PlaceId, u8),
) {
    let structures = &state.structures;
    let plane = structures.plane.then(|| plane::members(world, structures));
    for i in world.places.each() {
        if world.places.open[i] > t {
            continue;
        }
        let neighbours = structures.lines.neighbours.get(i.index());
        let zone = world.places.is_zone(i) && world.places.is_open(i, t);
        let scale = if plane.as_ref().is_some_and(|plane| plane.has(i)) {
            5
        } else if structures.on_axis(i) {
            4
        } else if structures.in_circle(i) {
            3
        } else if neighbours.is_some_and(|list| !list.is_empty()) {
            2
        } else {
            u8::from(zone || stock.count[i] > 0)
        };
        each(i, scale);
    }
}

/// Whether places are kept in month `t`: the last of every `every` calendar months, and of the run.
pub fn is_kept(world: &World, every: u16, t: u16) -> bool {
    // Ends of calendar periods: with 12, each December; with 3, each quarter.
    let ends = (world.calendar.period(t) + 1).rem_euclid(i32::from(every.max(1))) == 0;
    ends || t + 1 == world.calendar.months
}
