//! Plane 面: the axes bring along the whole country (model §7.6).
//!
//! - Plane share: weight of places on any formed axis or on a circle cluster connected to one, over
//!   all weight. The plane is formed at share ≥ θ_plane.
//! - On evaluation dates the centre replicates nationally every innovation implemented for at least
//!   a_rep months, with q_k (with firms: its measured effect) ≥ q* and at least m_rep adopting places (复制推广 in batches).

use crate::world::{Bits, InnovationId, NEVER, World, share};

use super::state::State;
use super::structures::Structures;

/// Ticks per unit of uptake: 2⁴⁰.
const UPTAKE: f64 = (1u64 << 40) as f64;

/// Places of the plane: on an axis, or in a cluster that has a circle which shares a place with one.
pub fn members(world: &World, structures: &Structures) -> Bits {
    let mut members = Bits::new(world.places.len());
    for axis in structures.axes.iter().filter(|a| a.formed) {
        members.join(&axis.members);
    }
    if members.count() == 0 {
        return members;
    }
    let clusters = &structures.clusters;
    let mut connected = vec![false; clusters.len()];
    for (circle, cluster) in structures.circles.iter().zip(clusters) {
        if circle.formed && circle.members.meets(&members) {
            connected[*cluster] = true;
        }
    }
    for (circle, cluster) in structures.circles.iter().zip(clusters) {
        if circle.formed && connected[*cluster] {
            members.join(&circle.members);
        }
    }
    members
}

/// Plane share, and whether the plane is formed, over the axes and circles of now.
pub fn plane(world: &World, structures: &Structures) -> (f64, bool) {
    let places = &world.places;
    let held = if world.line.structures {
        places.counted(members(world, structures).iter())
    } else {
        0
    };
    let formed = structures.plane_threshold.is_met_by(held, places.all);
    (share(held, places.all), formed)
}

/// What the centre measures of innovation `k`: its quality; with firms, its measured effect q_k · (mean
/// uptake of its domain over the adopters that have firms, 0 without any).
fn measured(state: &State<'_>, k: InnovationId) -> f64 {
    let innovation = &state.innovations[k];
    let (Some(firms), Some(row)) = (&state.firms, state.engine.row(k)) else {
        return innovation.quality;
    };
    // In ticks, so that no order of the adopters matters.
    let (mut uptake, mut adopters) = (0i128, 0);
    row.each_adopter(|i| {
        if let Some(u) = firms.uptake(innovation.domain as usize, i) {
            uptake += (u * UPTAKE).round() as i128;
            adopters += 1;
        }
    });
    innovation.quality * (uptake as f64 / UPTAKE / f64::from(adopters.max(1)))
}

/// The innovations that the centre replicates in month `t`.
pub fn national(state: &State<'_>, t: u16) -> Vec<InnovationId> {
    let world = state.world;
    if world.evaluations.binary_search(&t).is_err() {
        return Vec::new();
    }
    state
        .live
        .iter()
        .copied()
        .filter(|&k| {
            let innovation = &state.innovations[k];
            let adopters = state.engine.row(k).map_or(0, |row| row.adopters);
            state.national[k] == NEVER
                && u32::from(t - innovation.implemented) >= world.circle.replication_age
                && measured(state, k) >= world.plane.national_quality
                && adopters >= world.plane.national_adopters
        })
        .collect()
}
