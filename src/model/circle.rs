//! Circle 圈: what a zone reaches over formed lines within its catchment (model §7.4).
//!
//! - Catchment of an open zone z: regions and open zones of its province, and of other provinces
//!   within r_c km. Weights are those of regions, and of zones that carry weight.
//! - The circle is the set reached from z over formed lines inside the catchment; it is formed when
//!   a line reaches another place, and the reached weight is at least θ_circle of the catchment's.
//! - Circles that share a place form a cluster (团).
//! - Whole-province coordination (全域协同): on its review months a province replicates, inside the
//!   province, every innovation implemented at one of its zones for at least a_rep months with
//!   q_k ≥ q*_prov.

use petgraph::unionfind::UnionFind;

use crate::world::{Bits, InnovationId, NEVER, PlaceId, World, ZoneId, share};

use super::state::State;
use super::structures::{Circle, Structures};

/// The circle of zone `z` over the lines formed now, with the places open by month `t`.
pub fn circle(world: &World, structures: &Structures, z: ZoneId, t: u16) -> Circle {
    let zone = &world.zones[z];
    let places = &world.places;
    let mut reached = Bits::new(places.len());
    if !places.is_open(zone.place, t) {
        return Circle {
            formed: false,
            members: reached.clone(),
            reached,
            share: 0.0,
        };
    }
    let inside = |i: PlaceId| zone.catchment.has(i) && places.is_open(i, t);
    let mut todo = vec![zone.place];
    reached.put(zone.place);
    while let Some(i) = todo.pop() {
        for &j in &structures.lines.neighbours[i] {
            if inside(j) && !reached.has(j) {
                reached.put(j);
                todo.push(j);
            }
        }
    }
    let whole = places.carried(zone.catchment.iter().filter(|&i| inside(i)));
    let held = places.carried(reached.iter());
    let threshold = structures.circle_threshold;
    let formed = reached.count() > 1 && threshold.is_met_by(held, whole);
    let members = if formed {
        reached.clone()
    } else {
        Bits::new(places.len())
    };
    Circle {
        formed,
        members,
        reached,
        share: share(held, whole),
    }
}

/// The circles that have to be worked out in month `t`: those whose catchment has a place that opened or closed in
/// the previous month, or a line that formed then between what they reach and what they do not, or one
/// that dissolved inside of what they reach.
pub fn renewed(world: &World, structures: &Structures, t: u16) -> Vec<(ZoneId, Circle)> {
    let Some(before) = t.checked_sub(1) else {
        return Vec::new();
    };
    let changed = &structures.lines.changed;
    let moved: Vec<PlaceId> = world
        .zones
        .iter()
        .filter(|zone| zone.open == before || zone.close == before)
        .map(|zone| zone.place)
        .collect();
    if changed.is_empty() && moved.is_empty() {
        return Vec::new();
    }
    ZoneId::each(0..structures.circles.len())
        .filter(|&z| {
            let catchment = &world.zones[z].catchment;
            let reached = &structures.circles[z].reached;
            changed.iter().any(|&pair| {
                let (a, b) = world.network.pairs[pair as usize];
                let ends = [a, b].map(|i| reached.has(i));
                if structures.lines.formed[pair as usize] {
                    ends[0] != ends[1] && catchment.has(a) && catchment.has(b)
                } else {
                    ends[0] && ends[1]
                }
            }) || moved.iter().any(|&i| catchment.has(i))
        })
        .map(|z| (z, circle(world, structures, z, before)))
        .filter(|(z, new)| *new != structures.circles[*z])
        .collect()
}

/// Cluster of each zone's circle, as the first zone in it; itself when not formed.
pub fn clusters(structures: &Structures) -> Vec<ZoneId> {
    let circles = &structures.circles;
    let mut union = UnionFind::<usize>::new(circles.len());
    let formed: Vec<usize> = (0..circles.len()).filter(|&z| circles[z].formed).collect();
    for (n, &a) in formed.iter().enumerate() {
        for &b in &formed[..n] {
            if circles[a].members.meets(&circles[b].members) {
                union.union(a, b);
            }
        }
    }
    let labels = union.into_labeling();
    let mut smallest = vec![usize::MAX; circles.len()];
    for (z, &label) in labels.iter().enumerate() {
        smallest[label] = smallest[label].min(z);
    }
    let first = labels.iter().map(|&label| ZoneId::new(smallest[label]));
    first.collect()
}

/// Whether month `t` is a review month of a province whose first zone opened in month `first`.
fn is_review(first: i32, every: i32, t: u16) -> bool {
    let age = i32::from(t) - first;
    age > 0 && age % every == 0
}

/// Whole-province coordination in month `t`: the innovations that provinces replicate now.
pub fn provincial(state: &State<'_>, t: u16) -> Vec<InnovationId> {
    let world = state.world;
    let rule = &world.circle;
    let every = rule.review_every as i32;
    if every == 0 {
        return Vec::new();
    }
    let reviews = |first: &Option<i32>| first.is_some_and(|first| is_review(first, every, t));
    let due: Vec<bool> = world.province_first.iter().map(reviews).collect();
    if !due.contains(&true) {
        return Vec::new();
    }
    state
        .live
        .iter()
        .copied()
        .filter(|&k| {
            let innovation = &state.innovations[k];
            let home = |origin: PlaceId| due[world.places.province[origin] as usize];
            innovation.origin.is_some_and(home)
                && state.provincial[k] == NEVER
                && u32::from(t - innovation.implemented) >= rule.replication_age
                && innovation.quality >= rule.provincial_quality
        })
        .collect()
}
