//! Exposures of a history: what each link of the world carries, term by term.
//!
//! X_ik,m(t) = q_k · Σ_j W_ij,m(t) · R_j · 1[k adopted at j by t − 1 and j still heard]. The weights are those of
//! [`Makeup::parts`], in the ticks in which the engine adds them up (`world::ticks`), so that a source that ends leaves
//! nothing behind and no sum depends on an order. Where they change in time, [`super::told`] says what they are.

use std::ops::Range;

use crate::world::mechanism::{Part, Ties};
use crate::world::ticks::{EXPOSURE, LARGEST_EXPOSURE, link_ticks};
use crate::world::weight::{ByDomain, Makeup, add};
use crate::world::{LinkId, PlaceId, World};

/// What links carry, by source.
#[derive(Clone, Debug, PartialEq)]
pub struct Exposures {
    /// Number of terms of exposure.
    pub terms: usize,
    /// Where the links of each source start; one more than there are places.
    start: Vec<u32>,
    /// Who hears.
    listener: Vec<u32>,
    /// Ticks in the first period, `[domain][slot · terms + term]`.
    ticks: Vec<Vec<i64>>,
    /// What changes later, in order of time.
    changes: Vec<Changed>,
    /// What each link carries later, `[domain][slot]`; empty where nothing changes.
    later: Vec<Vec<Later>>,
}

/// The number of each change of a link, and what it carries from then on.
type Later = Vec<(u32, Vec<i64>)>;

/// Links that carry something else from a period on.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Changed {
    /// The first period.
    pub from: i32,
    /// By domain: the source, the listener, and by how much each term changes.
    pub links: Vec<Vec<(u32, u32, Vec<i64>)>>,
}

impl Exposures {
    /// Those of a world in which they never change: of each layer by itself, or all together. The error is a place that
    /// hears more than can be counted.
    pub fn new(world: &World, by_layer: bool) -> Result<Self, PlaceId> {
        let network = &world.network;
        let terms = if by_layer { world.layers.len() } else { 1 };
        let makeup: Makeup = world.plain_makeup();
        let mut all = Self::silent(world, terms);
        for e in LinkId::each(0..network.len()) {
            for (block, domains) in makeup.blocks() {
                let mut carried = vec![ByDomain::default(); terms];
                let base = network.base_links(e.index());
                let none = std::iter::empty();
                makeup.parts(block, base, Ties::default(), none, |part, by_domain| {
                    if let Part::Base(layer) = part {
                        let term = if by_layer { layer } else { 0 };
                        add(&mut carried[term], by_domain);
                    }
                });
                all.put(world, e, domains, &carried)?;
            }
        }
        Ok(all)
    }

    /// The links of a world, which carry nothing yet.
    pub fn silent(world: &World, terms: usize) -> Self {
        let network = &world.network;
        let listener = network.heard_by.iter().map(|i| i.index() as u32);
        Self {
            terms,
            start: network.source_start.clone(),
            listener: listener.collect(),
            ticks: vec![vec![0; network.len() * terms]; world.domains.len()],
            changes: Vec::new(),
            later: Vec::new(),
        }
    }

    /// What a link carries of each term in the first period, for a block of domains.
    pub fn put(
        &mut self,
        world: &World,
        e: LinkId,
        domains: Range<usize>,
        carried: &[ByDomain],
    ) -> Result<(), PlaceId> {
        let slot = world.network.slot[e] as usize;
        for (n, d) in domains.enumerate() {
            for (term, carried) in carried.iter().enumerate() {
                self.ticks[d][slot * self.terms + term] = ticks(world, e, carried[n])?;
            }
        }
        Ok(())
    }

    /// The link in slot `slot` carries something else in a domain from period `from` on; periods come in order.
    pub fn change(&mut self, from: i32, d: usize, (slot, source): (usize, usize), now: &[i64]) {
        if self.later.is_empty() {
            self.later = vec![vec![Vec::new(); self.listener.len()]; self.ticks.len()];
        }
        if self.changes.last().is_none_or(|last| last.from != from) {
            self.changes.push(Changed {
                from,
                links: vec![Vec::new(); self.ticks.len()],
            });
        }
        let number = self.changes.len() - 1;
        let by = now
            .iter()
            .zip(self.at(d, slot, number))
            .map(|(now, old)| now - old);
        let by = by.collect();
        let link = (source as u32, self.listener[slot], by);
        self.changes[number].links[d].push(link);
        self.later[d][slot].push((number as u32, now.to_vec()));
    }

    /// What the link in a slot carries of each term after so many changes.
    pub fn at(&self, d: usize, slot: usize, changes: usize) -> &[i64] {
        let later = self.later.get(d).map_or(&[][..], |of| &of[slot]);
        let known = later.partition_point(|(number, _)| (*number as usize) < changes);
        match known.checked_sub(1) {
            Some(last) => &later[last].1,
            None => &self.ticks[d][slot * self.terms..(slot + 1) * self.terms],
        }
    }

    /// What it carries now, while changes are written down.
    pub fn last(&self, d: usize, slot: usize) -> &[i64] {
        self.at(d, slot, self.changes.len() + 1)
    }

    /// What changes later, in order of time.
    pub fn changes(&self) -> &[Changed] {
        &self.changes
    }

    /// The same links between places that have changed their parts: place o stands where `to[o]` stood. Of what changes
    /// later nothing is kept.
    pub fn permuted(&self, to: &[usize]) -> Self {
        let mut from = vec![0; to.len()];
        to.iter().enumerate().for_each(|(o, new)| from[*new] = o);
        let mut all = Self {
            terms: self.terms,
            start: vec![0],
            listener: Vec::with_capacity(self.listener.len()),
            ticks: vec![Vec::new(); self.ticks.len()],
            changes: Vec::new(),
            later: Vec::new(),
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

    /// The links of a source after so many changes: who hears, and the ticks of each term.
    pub fn of(
        &self,
        domain: usize,
        source: usize,
        changes: usize,
    ) -> impl Iterator<Item = (usize, &[i64])> {
        let row: Range<usize> = self.start[source] as usize..self.start[source + 1] as usize;
        let first = &self.ticks[domain][row.start * self.terms..row.end * self.terms];
        let slots = row.clone().zip(first.chunks(self.terms));
        let listeners = self.listener[row].iter().map(|&i| i as usize);
        listeners.zip(slots.map(move |(slot, first)| match changes {
            0 => first,
            _ => self.at(domain, slot, changes),
        }))
    }
}

/// Ticks that a link carries; the error is a place that hears more than can be counted.
pub fn ticks(world: &World, e: LinkId, carried: f64) -> Result<i64, PlaceId> {
    let (network, places) = (&world.network, &world.places);
    let listener = network.listener[e];
    let most = LARGEST_EXPOSURE / network.row(listener).len() as f64;
    match carried * places.radiation[network.source[e]] > most {
        true => Err(listener),
        false => Ok(link_ticks(network, places, e, carried)),
    }
}

/// An exposure in units.
pub fn units(ticks: i64) -> f64 {
    ticks as f64 / EXPOSURE
}
