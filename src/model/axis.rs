//! Axis 轴/带: circles in a row along a corridor (model §7.5).
//!
//! Along each corridor, a segment is lit when a formed circle of one of its zones exists. Adjacent lit
//! segments are joined when their circles share a place or a formed line. The axis is the longest
//! joined run (the first of equal ones), if it has at least a_min segments, or the whole corridor if
//! that is shorter. On it are the places of its segments' circles.

use crate::world::{Bits, World};

use super::structures::{Axis, Structures};

/// The axis of corridor `c` over the circles and lines of now.
pub fn axis(world: &World, structures: &Structures, c: usize) -> Axis {
    let n = world.places.len();
    let segments = &world.corridors[c].segments;
    let lit: Vec<Option<Bits>> = segments
        .iter()
        .map(|zones| {
            let mut places = None;
            for circle in zones.iter().map(|z| &structures.circles[*z]) {
                if circle.formed {
                    places
                        .get_or_insert_with(|| Bits::new(n))
                        .join(&circle.members);
                }
            }
            places
        })
        .collect();
    let joined = |s: usize| match (&lit[s], lit.get(s + 1)) {
        (Some(a), Some(Some(b))) => {
            a.meets(b)
                || a.iter()
                    .any(|i| structures.lines.neighbours[i].iter().any(|j| b.has(*j)))
        }
        _ => false,
    };
    let (mut best, mut start) = ((0, 0), 0);
    for (s, places) in lit.iter().enumerate() {
        if places.is_none() {
            start = s + 1;
            continue;
        }
        if s + 1 - start > best.1 {
            best = (start, s + 1 - start);
        }
        if !joined(s) {
            start = s + 1;
        }
    }
    let needed = (world.axis.min_segments as usize)
        .min(segments.len())
        .max(1);
    let formed = best.1 >= needed;
    let mut members = Bits::new(n);
    let mut zones = Bits::new(n);
    if formed {
        for s in best.0..best.0 + best.1 {
            if let Some(places) = &lit[s] {
                members.join(places);
            }
            for &z in &segments[s] {
                if structures.circles[z].formed {
                    zones.put(world.zones[z].place);
                }
            }
        }
    }
    Axis {
        formed,
        run: (best.0 as u32, best.1 as u32),
        members,
        zones,
    }
}

/// The axes that differ from what they were.
pub fn renewed(world: &World, structures: &Structures) -> Vec<(usize, Axis)> {
    if structures.circles.is_empty() {
        return Vec::new();
    }
    (0..world.corridors.len())
        .map(|c| (c, axis(world, structures, c)))
        .filter(|(c, new)| *new != structures.axes[*c])
        .collect()
}
