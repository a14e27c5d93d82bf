//! What links carry, as whole numbers of small ticks (why: `model::fixed`).

use super::{NEVER, Network, Places, World};

/// Ticks per unit of exposure (link weight times radiation): 2⁴⁰.
pub const EXPOSURE: f64 = (1u64 << 40) as f64;

/// The largest exposure that a place can have, all its sources together: 2²² units, 2⁶² ticks. Each of
/// its links carries at most its equal part of it. Only parameters at the far end of their ranges (an
/// alliance of hundreds of groups at the largest strength and multiplier) come near.
pub const LARGEST_EXPOSURE: f64 = (1u64 << 22) as f64;

/// Ticks of an exposure weight.
#[inline(always)]
pub fn exposure_ticks(weight: f64) -> i64 {
    (weight * EXPOSURE).round() as i64
}

/// Ticks that link `e` carries when its parts of W add up to `carried`: W · R_j, capped.
pub fn link_ticks(network: &Network, places: &Places, e: usize, carried: f64) -> i64 {
    let heard = carried * places.radiation[network.source[e] as usize];
    let links = network.row(network.listener[e] as usize).len();
    exposure_ticks(heard.min(LARGEST_EXPOSURE / links as f64))
}

/// Ticks of all links with base links only, W⁰ · R_j, `[domain · E + slot]`.
pub fn base_ticks(network: &Network, places: &Places, affinity: &[Vec<f64>]) -> Vec<i64> {
    let links = network.len();
    let mut ticks = vec![0; links * affinity.len()];
    for (d, affinity) in affinity.iter().enumerate() {
        for e in 0..links {
            let layers = &network.layer_weight[e * affinity.len()..(e + 1) * affinity.len()];
            let carried = affinity
                .iter()
                .zip(layers)
                .map(|(a, w)| a * w)
                .filter(|carried| *carried > 0.0)
                .fold(0.0, |sum, carried| sum + carried);
            let slot = network.slot[e] as usize;
            ticks[d * links + slot] = link_ticks(network, places, e, carried);
        }
    }
    ticks
}

/// The largest exposure that each place can ever have, `[domain · N + place]`, in ticks: every source
/// has the item, and its link is on a line, in a circle, on an axis and carries every alliance, express
/// and transit term at its largest. The parts are added up in the order in which the model adds them;
/// sums of floats in one order never fall when a part grows, so no exposure is ever above this.
pub fn largest_exposure(world: &World) -> Vec<i64> {
    let (network, places, line) = (&world.network, &world.places, &world.line);
    let (n, links) = (places.len(), network.len());
    let mut largest = vec![0; n * world.domains.len()];
    let bonuses = [line.line_bonus, line.circle_bonus, line.axis_bonus];
    let value: Vec<f64> = world
        .terms
        .channels
        .iter()
        .map(|channel| world.largest_value(channel))
        .collect();
    let tied = line.structures && bonuses != [0.0; 3];
    for (d, affinity) in world.affinity.iter().enumerate() {
        for e in (0..links).filter(|&e| places.open[network.source[e] as usize] != NEVER) {
            let channels = network.channels(e);
            let ticks = if !tied && channels.is_empty() {
                world.base_ticks[d * links + network.slot[e] as usize]
            } else {
                let layers = &network.layer_weight[e * affinity.len()..(e + 1) * affinity.len()];
                let parts = || affinity.iter().zip(layers).map(|(a, w)| a * w);
                let base = parts().fold(0.0, |sum, part| sum + part);
                let terms = channels
                    .iter()
                    .map(|&c| value[c as usize] * world.terms.affinity[c as usize][d]);
                let bonuses = bonuses.iter().map(|bonus| base * bonus);
                let carried = parts().chain(bonuses).chain(terms);
                link_ticks(
                    network,
                    places,
                    e,
                    carried.fold(0.0, |sum, part| sum + part),
                )
            };
            largest[d * n + network.listener[e] as usize] += ticks;
        }
    }
    largest
}
