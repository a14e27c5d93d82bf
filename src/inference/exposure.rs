//! Exposures of a history: what each link of the world carries, term by term.
//!
//! X_ik,m(t) = q_k · Σ_j W_ij,m · R_j · 1[k adopted at j by t − 1 and j still heard]. The weights are those of
//! [`Makeup::parts`], in the ticks in which the engine adds them up (`world::ticks`), so that a source that ends leaves
//! nothing behind and no sum depends on an order.

use std::ops::Range;

use crate::world::mechanism::{Part, Ties};
use crate::world::ticks::{EXPOSURE, LARGEST_EXPOSURE, exposure_ticks, link_ticks};
use crate::world::weight::{ByDomain, Makeup};
use crate::world::{LinkId, PlaceId, World};

/// What links carry, by source.
#[derive(Clone, Debug)]
pub struct Exposures {
    /// Number of terms of exposure: the layers, or one for all together.
    pub terms: usize,
    /// Where the links of each source start; one more than there are places.
    start: Vec<u32>,
    /// Who hears.
    listener: Vec<u32>,
    /// Ticks, `[domain][slot · terms + term]`.
    ticks: Vec<Vec<i64>>,
}

impl Exposures {
    /// Those of a world: of each layer by itself, or all together. The error is a place that hears more than can be
    /// counted.
    pub fn new(world: &World, by_layer: bool) -> Result<Self, PlaceId> {
        let (network, places) = (&world.network, &world.places);
        let terms = if by_layer { world.layers.len() } else { 1 };
        let makeup: Makeup = world.plain_makeup();
        let links = network.len();
        let mut listener = vec![0; links];
        let mut ticks = vec![vec![0; links * terms]; world.domains.len()];
        for e in LinkId::each(0..links) {
            let slot = network.slot[e] as usize;
            listener[slot] = network.listener[e].index() as u32;
            let most = LARGEST_EXPOSURE / network.row(network.listener[e]).len() as f64;
            for (block, domains) in makeup.blocks() {
                let mut carried = vec![ByDomain::default(); terms];
                let base = network.base_links(e.index());
                let none = std::iter::empty();
                makeup.parts(block, base, Ties::default(), none, |part, by_domain| {
                    if let Part::Base(layer) = part {
                        let term = if by_layer { layer } else { 0 };
                        crate::world::weight::add(&mut carried[term], by_domain);
                    }
                });
                for (n, d) in domains.enumerate() {
                    for (term, carried) in carried.iter().enumerate() {
                        if carried[n] * places.radiation[network.source[e]] > most {
                            return Err(network.listener[e]);
                        }
                        ticks[d][slot * terms + term] = link_ticks(network, places, e, carried[n]);
                    }
                }
            }
        }
        Ok(Self {
            terms,
            start: network.source_start.clone(),
            listener,
            ticks,
        })
    }

    /// The same links between places that have changed their parts: place o stands where `to[o]` stood.
    pub fn permuted(&self, to: &[usize]) -> Self {
        let mut from = vec![0; to.len()];
        to.iter().enumerate().for_each(|(o, new)| from[*new] = o);
        let mut all = Self {
            terms: self.terms,
            start: vec![0],
            listener: Vec::with_capacity(self.listener.len()),
            ticks: vec![Vec::new(); self.ticks.len()],
        };
        for old in from {
            let row = self.start[old] as usize..self.start[old + 1] as usize;
            let listeners = self.listener[row.clone()].iter();
            all.listener
                .extend(listeners.map(|i| to[*i as usize] as u32));
            for (ticks, known) in all.ticks.iter_mut().zip(&self.ticks) {
                ticks.extend_from_slice(&known[row.start * self.terms..row.end * self.terms]);
            }
            all.start.push(all.listener.len() as u32);
        }
        all
    }

    /// Links from everybody to everybody else that carry 1/N, in one term: exposure is the share of all places.
    pub fn complete(domains: usize, places: usize) -> Self {
        let ticks = exposure_ticks(1.0 / places as f64);
        let others = |j: usize| (0..places as u32).filter(move |i| *i != j as u32);
        Self {
            terms: 1,
            start: (0..=places).map(|j| (j * (places - 1)) as u32).collect(),
            listener: (0..places).flat_map(others).collect(),
            ticks: vec![vec![ticks; places * (places - 1)]; domains],
        }
    }

    /// The links of a source: who hears, and the ticks of each term.
    pub fn of(&self, domain: usize, source: usize) -> impl Iterator<Item = (usize, &[i64])> {
        let row: Range<usize> = self.start[source] as usize..self.start[source + 1] as usize;
        let ticks = &self.ticks[domain][row.start * self.terms..row.end * self.terms];
        let listeners = self.listener[row].iter().map(|&i| i as usize);
        listeners.zip(ticks.chunks(self.terms))
    }
}

/// An exposure in units.
pub fn units(ticks: i64) -> f64 {
    ticks as f64 / EXPOSURE
}
