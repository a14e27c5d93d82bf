//! What links carry, as whole numbers of small ticks (why: `model::engine::fixed`).

use std::iter::zip;

use rayon::prelude::*;

use super::mechanism::Ties;
use super::weight::{ByDomain, Makeup, add};
use super::{LinkId, NEVER, Network, PlaceId, Places, World};

/// Parts of the sources whose ticks are worked out by themselves.
const PARTS: usize = 8;

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
pub fn link_ticks(network: &Network, places: &Places, e: LinkId, carried: f64) -> i64 {
    let heard = carried * places.radiation[network.source[e]];
    let links = network.row(network.listener[e]).len();
    exposure_ticks(heard.min(LARGEST_EXPOSURE / links as f64))
}

/// Ticks of all links in the first epoch with base links only, W⁰ · R_j, `[domain · E + slot]`.
pub fn base_ticks(network: &Network, places: &Places, makeup: &Makeup) -> Vec<i64> {
    let links = network.len();
    let domains = makeup.blocks().last().map_or(0, |(_, domains)| domains.end);
    let mut ticks = vec![0; links * domains];
    let mut rest: Vec<&mut [i64]> = ticks.chunks_mut(links.max(1)).collect();
    let sources = places.len();
    let bounds = (0..PARTS).map(|part| part * sources / PARTS..(part + 1) * sources / PARTS);
    let parts = bounds.map(|of| {
        let slots = network.source_start[of.start]..network.source_start[of.end];
        let ticks: Vec<&mut [i64]> = rest
            .iter_mut()
            .map(|rest| rest.split_off_mut(..slots.len()).unwrap_or_default())
            .collect();
        (of, slots.start, ticks)
    });
    // Sources near each other, whose ticks lie near each other too.
    let parts: Vec<_> = parts.collect();
    parts.into_par_iter().for_each(|(of, first, mut ticks)| {
        let own = LinkId::each(0..network.len());
        for e in own.filter(|e| of.contains(&network.source[*e].index())) {
            for (block, domains) in makeup.blocks() {
                let mut carried = ByDomain::default();
                let (base, none) = (network.base_links(e.index()), std::iter::empty());
                makeup.parts(block, base, Ties::default(), none, |_, part| {
                    add(&mut carried, part);
                });
                for (d, carried) in zip(domains, carried) {
                    let slot = (network.slot[e.index()] - first) as usize;
                    ticks[d][slot] = link_ticks(network, places, e, carried);
                }
            }
        }
    });
    ticks
}

/// What every link carries, by domain, where that is the same for all links of a world.
pub fn alike(ticks: &[i64], domains: usize) -> Vec<Option<i64>> {
    let links = ticks.len() / domains.max(1);
    let of_domain = |d: usize| {
        let (first, others) = ticks[d * links..(d + 1) * links].split_first()?;
        others.iter().all(|other| other == first).then_some(*first)
    };
    (0..domains).map(of_domain).collect()
}

/// The largest exposure that any place can ever have in a domain, in ticks: every source
/// has the item, and its link is on a line, in a circle, on an axis and carries every alliance, express
/// and transit term at its largest; of all epochs, the one with the largest sum. The parts are added up in the order
/// in which the model adds them; sums of floats in one order never fall when a part grows, so no exposure is ever
/// above this.
pub fn most_exposed(world: &World) -> i64 {
    let (network, places) = (&world.network, &world.places);
    let (n, all) = (places.len(), world.domains.len());
    let makeup = world.makeup();
    let channels = world.terms.channels.iter();
    let value: Vec<f64> = channels.map(|channel| channel.most(world)).collect();
    let ties = if world.line.structures {
        Ties::ALL
    } else {
        Ties::default()
    };
    // Adds what a link carries at most with some version of its base weights to the sums of its listener by domain, or
    // takes it away.
    let carry = |sums: &mut [i64], e: LinkId, version: usize, sign: i64| {
        if places.open[network.source[e]] == NEVER {
            return;
        }
        for (block, domains) in makeup.blocks() {
            let mut carried = ByDomain::default();
            let channels = network.channels(e).iter();
            let channels = channels.map(|&c| (c as usize, value[c as usize]));
            let base = network.base_links(version);
            makeup.parts(block, base, ties, channels, |_, part| {
                add(&mut carried, part);
            });
            for (d, carried) in zip(domains, carried) {
                let ticks = link_ticks(network, places, e, carried);
                sums[d] += sign * ticks;
            }
        }
    };
    let mut sums = vec![0; n * all];
    let by_listener = sums.par_chunks_mut(all.max(1)).enumerate();
    by_listener.with_min_len(1 << 10).for_each(|(i, sums)| {
        let links = LinkId::each(network.row(PlaceId::new(i)));
        links.for_each(|e| carry(sums, e, e.index(), 1));
    });
    let mut most = sums.iter().copied().max().unwrap_or(0);
    let mut versions = network.versions(0);
    for (month, _) in &network.epochs {
        for (e, version) in network.changes(*month) {
            let old = std::mem::replace(&mut versions[e], version);
            let i = network.listener[e].index();
            let sums = &mut sums[i * all..(i + 1) * all];
            carry(sums, e, old as usize, -1);
            carry(sums, e, version as usize, 1);
        }
        for (e, _) in network.changes(*month) {
            let i = network.listener[e].index();
            let sums = sums[i * all..(i + 1) * all].iter().copied();
            most = sums.fold(most, i64::max);
        }
    }
    most
}
