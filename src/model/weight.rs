//! W_ij,d(t): what each link carries now (model §3, Line).
//!
//! W_ij,d(t) = W⁰_ij,d · (1 + b_line·1\[line ij\] + b_circle·1\[i,j in one circle\] + b_axis·1\[i,j on one axis\])
//!           + Σ_alliances W^A_ij,d(t) + express_ij,d(t) + transit_ij,d(t),
//! kept for all links and domains, times R_j, in exposure ticks; changed only where something changes.

use std::borrow::Cow;
use std::iter::zip;
use std::ops::Range;

use crate::world::ticks::link_ticks;
use crate::world::{Bits, Channel, World};

use super::fetch::fetch_run;
use super::mechanism::Mechanisms;
use super::structures::{Structures, Ties};

/// Domains for which the parts of a weight are worked out at once.
const BLOCK: usize = 8;

/// A value for each domain of a block; those beyond the last domain are 0.
pub type ByDomain = [f64; BLOCK];

/// Links of one domain whose weight changed, by source.
#[derive(Clone, Debug)]
pub struct Changes {
    /// The sources.
    pub sources: Bits,
    /// Range of each source's links in the two lists; up to date only for those in `sources`.
    range: Vec<(u32, u32)>,
    listeners: Vec<u32>,
    by: Vec<i64>,
}

impl Changes {
    fn new(places: usize) -> Self {
        Self {
            sources: Bits::new(places),
            range: vec![(0, 0); places],
            listeners: Vec::new(),
            by: Vec::new(),
        }
    }

    /// Listeners of source `j` and by how much its weight with them changed, in ticks.
    #[inline(always)]
    pub fn of(&self, j: usize) -> impl Iterator<Item = (u32, i64)> + '_ {
        let (start, end) = self.range[j];
        let links = start as usize..end as usize;
        let by = &self.by[links.clone()];
        self.listeners[links]
            .iter()
            .copied()
            .zip(by.iter().copied())
    }

    fn clear(&mut self) {
        self.sources.clear();
        self.listeners.clear();
        self.by.clear();
    }

    /// Sources have to come in order.
    fn push(&mut self, source: u32, listener: u32, by: i64) {
        let j = source as usize;
        let start = self.by.len() as u32;
        self.listeners.push(listener);
        self.by.push(by);
        if self.sources.has(j) {
            self.range[j].1 = start + 1;
        } else {
            self.sources.put(j);
            self.range[j] = (start, start + 1);
        }
    }
}

/// A link and how its ends are tied, as of the last [`Weights::renew`].
#[derive(Clone, Copy, Debug)]
pub struct Tied<'a> {
    world: &'a World,
    structures: &'a Structures,
    mechanisms: &'a Mechanisms,
    /// Its number.
    pub e: usize,
    ties: Ties,
}

/// The weights of all links now.
#[derive(Clone, Debug)]
pub struct Weights<'w> {
    /// W_ij,d(t) · R_j in ticks, `[d · E + slot]` (slots in the order by source).
    ticks: Cow<'w, [i64]>,
    /// The same in the order by listener, `[d · E + link]`; empty where no adoption is followed to its
    /// sources.
    heard: Vec<i64>,
    links: usize,
    /// Value of each channel now.
    channel: Vec<f64>,
    /// a_dl of each layer, `[block · L + layer]`.
    layer_affinity: Vec<ByDomain>,
    /// Affinity of each channel, `[block · C + channel]`.
    channel_affinity: Vec<ByDomain>,
    /// Links whose make-up may have changed since the last [`Weights::renew`].
    dirty: Vec<u32>,
    is_dirty: Vec<bool>,
    /// How the ends of each link are tied as of the last [`Weights::renew`]; empty without structures.
    ties: Vec<Ties>,
    /// What the last renewal changed, by domain.
    pub changes: Vec<Changes>,
}

impl<'w> Weights<'w> {
    /// The weights before the first month: base links only.
    pub fn new(world: &'w World, follow: bool) -> Self {
        let links = world.network.len();
        let by_link = |d: usize| {
            let slots = world.network.slot.iter();
            slots.map(move |slot| world.base_ticks[d * links + *slot as usize])
        };
        let (all, channels) = (world.domains.len(), world.terms.channels.len());
        let domains = if follow { all } else { 0 };
        let places = world.places.len();
        Self {
            ticks: Cow::Borrowed(&world.base_ticks),
            heard: (0..domains).flat_map(by_link).collect(),
            links,
            channel: vec![0.0; channels],
            layer_affinity: by_block(all, world.layers.len(), |l, d| world.affinity[d][l]),
            channel_affinity: by_block(all, channels, |c, d| world.terms.affinity[c][d]),
            dirty: Vec::new(),
            is_dirty: vec![false; if world.weights_change() { links } else { 0 }],
            ties: vec![Ties::default(); if world.line.structures { links } else { 0 }],
            changes: vec![Changes::new(places); all],
        }
    }

    /// The weights of domain `d`, by slot.
    #[inline(always)]
    pub fn domain(&self, d: usize) -> &[i64] {
        &self.ticks[d * self.links..(d + 1) * self.links]
    }

    /// The weights of domain `d` that the listener of a row of links hears.
    #[inline(always)]
    pub fn heard(&self, d: usize, row: Range<usize>) -> &[i64] {
        &self.heard[d * self.links + row.start..d * self.links + row.end]
    }

    /// Has fetched what slots of [`Weights::domain`] carry.
    #[inline(always)]
    pub fn fetch(&self, d: usize, slots: Range<usize>) {
        let from = d * self.links;
        fetch_run(&self.ticks, from + slots.start..from + slots.end);
    }

    /// Has fetched what [`Weights::heard`] gives.
    #[inline(always)]
    pub fn fetch_heard(&self, d: usize, row: Range<usize>) {
        let from = d * self.links;
        fetch_run(&self.heard, from + row.start..from + row.end);
    }

    /// Link `e` has to be worked out anew.
    pub fn mark(&mut self, e: u32) {
        if !self.is_dirty[e as usize] {
            self.is_dirty[e as usize] = true;
            self.dirty.push(e);
        }
    }

    /// The links marked since the last renewal.
    pub fn marked(&self) -> &[u32] {
        &self.dirty
    }

    /// Values of the channels in month `month`: delegates are the places for which `opened` holds,
    /// axes are formed where `axis` says so.
    pub fn channels(
        world: &World,
        month: u16,
        opened: &dyn Fn(u32) -> bool,
        axis: &dyn Fn(u32) -> bool,
    ) -> Vec<f64> {
        let value = |channel: &Channel| match channel {
            // ω · (n_A − 1)^(−ζ) / (delegates of j's group)
            Channel::Alliance { alliance, group } => {
                let alliance = &world.alliances[*alliance as usize];
                let delegates = |g: &[u32]| g.iter().filter(|i| opened(**i)).count();
                let groups = alliance.groups.iter().filter(|g| delegates(g) > 0).count();
                let own = delegates(&alliance.groups[*group as usize]);
                if month < alliance.from || month > alliance.to || groups < 2 || own == 0 {
                    0.0
                } else {
                    alliance.strength * ((groups - 1) as f64).powf(-alliance.size_exponent)
                        / own as f64
                }
            }
            Channel::Express { corridor } if axis(*corridor) => world.line.express,
            Channel::Transit { open } if month >= *open => world.transit_strength,
            Channel::Express { .. } | Channel::Transit { .. } => 0.0,
        };
        world.terms.channels.iter().map(value).collect()
    }

    /// Marks the links that use a channel whose value is not what it was.
    pub fn mark_channels(&mut self, world: &World, values: &[f64]) {
        if self.channel == values {
            return;
        }
        for e in 0..world.network.len() {
            let differs = |c: &u32| self.channel[*c as usize] != values[*c as usize];
            if world.network.channels(e).iter().any(differs) {
                self.mark(e as u32);
            }
        }
    }

    /// Marks the links of place `i`, both ways.
    pub fn mark_place(&mut self, world: &World, i: usize) {
        let network = &world.network;
        for e in network.row(i) {
            self.mark(e as u32);
        }
        for slot in network.audience(i) {
            if let Some(e) = network.link(network.heard_by[slot] as usize, i) {
                self.mark(e as u32);
            }
        }
    }

    /// Puts the channels' values in place, works out the marked links and lists what changed, by domain.
    pub fn renew(
        &mut self,
        world: &World,
        structures: &Structures,
        mechanisms: &Mechanisms,
        channels: Vec<f64>,
    ) {
        self.channel = channels;
        for list in &mut self.changes {
            list.clear();
        }
        self.dirty
            .sort_unstable_by_key(|e| world.network.slot[*e as usize]);
        for k in 0..self.dirty.len() {
            let e = self.dirty[k] as usize;
            self.is_dirty[e] = false;
            let slot = world.network.slot[e] as usize;
            if let Some(ties) = self.ties.get_mut(e) {
                let before = std::mem::replace(ties, structures.ties(world, e));
                // Without channels, a link carries what its ties say.
                if *ties == before && world.network.channels(e).is_empty() {
                    continue;
                }
            }
            let link = self.tied(world, structures, mechanisms, e);
            for (block, domains) in self.blocks() {
                let mut carried = ByDomain::default();
                self.block_parts(&link, block, |_, part| add(&mut carried, part));
                for (d, carried) in zip(domains, carried) {
                    let ticks = link_ticks(&world.network, &world.places, e, carried);
                    let old = &mut self.ticks.to_mut()[d * self.links + slot];
                    if ticks != *old {
                        let network = &world.network;
                        let (source, listener) = (network.source[e], network.listener[e]);
                        self.changes[d].push(source, listener, ticks - *old);
                        *old = ticks;
                        if let Some(heard) = self.heard.get_mut(d * self.links + e) {
                            *heard = ticks;
                        }
                    }
                }
            }
        }
        self.dirty.clear();
    }

    /// Link `e` and how its ends are tied.
    #[inline(always)]
    pub fn tied<'a>(
        &self,
        world: &'a World,
        structures: &'a Structures,
        mechanisms: &'a Mechanisms,
        e: usize,
    ) -> Tied<'a> {
        Tied {
            world,
            structures,
            mechanisms,
            e,
            ties: self.ties.get(e).copied().unwrap_or_default(),
        }
    }

    /// The blocks of domains, with the domains of each.
    pub fn blocks(&self) -> impl Iterator<Item = (usize, Range<usize>)> + use<> {
        let domains = self.changes.len();
        let starts = (0..domains).step_by(BLOCK);
        starts.map(move |start| (start / BLOCK, start..domains.min(start + BLOCK)))
    }

    /// Calls `part(mechanism, W part)` for the parts that W_ij,d of a link is made of now. They can be 0.
    pub fn parts(&self, link: &Tied<'_>, d: usize, mut part: impl FnMut(usize, f64)) {
        self.block_parts(link, d / BLOCK, |m, parts| part(m, parts[d % BLOCK]));
    }

    /// The same for all domains of a block.
    #[inline(always)]
    pub fn block_parts(
        &self,
        link: &Tied<'_>,
        block: usize,
        mut part: impl FnMut(usize, &ByDomain),
    ) {
        let Tied {
            world,
            structures,
            mechanisms,
            e,
            ties,
        } = *link;
        let layers = mechanisms.layers;
        let affinity = &self.layer_affinity[block * layers..(block + 1) * layers];
        let weights = &world.network.layer_weight[e * layers..(e + 1) * layers];
        let mut base = ByDomain::default();
        for (l, (a, w)) in zip(affinity, weights).enumerate() {
            let carried = a.map(|a| a * w);
            add(&mut base, &carried);
            part(l, &carried);
        }
        let line = &world.line;
        for (tied, mechanism, bonus) in [
            (ties.line, mechanisms.line(), line.line_bonus),
            (ties.circle, mechanisms.circle(), line.circle_bonus),
            (ties.axis, mechanisms.axis(), line.axis_bonus),
        ] {
            if tied {
                part(mechanism, &base.map(|base| base * bonus));
            }
        }
        let affinity = &self.channel_affinity[block * self.channel.len()..];
        for &c in world.network.channels(e) {
            let c = c as usize;
            if self.channel[c] == 0.0 {
                continue;
            }
            if let Channel::Express { corridor } = world.terms.channels[c]
                && !structures.express(world, corridor as usize, e)
            {
                continue;
            }
            let carried = affinity[c].map(|a| self.channel[c] * a);
            part(mechanisms.of(&world.terms.channels[c]), &carried);
        }
    }
}

/// `of(n, domain)` for each n below `count`, `[block · count + n]`.
fn by_block(domains: usize, count: usize, of: impl Fn(usize, usize) -> f64) -> Vec<ByDomain> {
    let mut all = vec![ByDomain::default(); domains.div_ceil(BLOCK) * count];
    for d in 0..domains {
        for n in 0..count {
            all[d / BLOCK * count + n][d % BLOCK] = of(n, d);
        }
    }
    all
}

/// Adds parts to a sum.
#[inline(always)]
pub fn add(sum: &mut ByDomain, part: &ByDomain) {
    for (sum, part) in zip(sum, part) {
        *sum += part;
    }
}
