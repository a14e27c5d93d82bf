//! W_ij,d(t) of all links and domains now, times R_j, in exposure ticks; changed only where something changes. What a
//! weight is made of says [`crate::world::weight`].

use std::borrow::Cow;
use std::iter::zip;
use std::ops::Range;

use crate::world::mechanism::{Mechanisms, Part, Ties};
use crate::world::ticks::link_ticks;
use crate::world::weight::{ByDomain, Makeup, add};
use crate::world::{Bits, LinkId, PlaceId, World};

use super::fetch::fetch_run;
use crate::model::structures::Structures;

/// Links of one domain whose weight changed, by source.
#[derive(Clone, Debug)]
pub struct Changes {
    /// The sources.
    pub sources: Bits,
    /// Range of each source's links in the two lists; up to date only for those in `sources`.
    range: Vec<(u32, u32)>,
    listeners: Vec<PlaceId>,
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
    pub fn of(&self, j: PlaceId) -> impl Iterator<Item = (PlaceId, i64)> + '_ {
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
    fn push(&mut self, source: PlaceId, listener: PlaceId, by: i64) {
        let start = self.by.len() as u32;
        self.listeners.push(listener);
        self.by.push(by);
        if self.sources.has(source) {
            self.range[source].1 = start + 1;
        } else {
            self.sources.put(source);
            self.range[source] = (start, start + 1);
        }
    }
}

/// A link and how its ends are tied, as of the last [`Weights::renew`].
#[derive(Clone, Copy, Debug)]
pub struct Tied<'a> {
    world: &'a World,
    structures: &'a Structures,
    mechanisms: &'a Mechanisms,
    /// Which.
    pub e: LinkId,
    /// The version of its base weights.
    version: usize,
    ties: Ties,
    /// Whether both ends take part: else nothing passes between them. (Base weights say it already.)
    there: bool,
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
    /// What weights are made of.
    makeup: Makeup,
    /// The month whose weights these are.
    month: u16,
    /// The version of each link's base weights; empty where these never change.
    version: Vec<u32>,
    /// Value of each channel now.
    channel: Vec<f64>,
    /// Links whose make-up may have changed since the last [`Weights::renew`].
    dirty: Vec<LinkId>,
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
        let all = world.domains.len();
        let domains = if follow { all } else { 0 };
        let places = world.places.len();
        let epochs = !world.network.epochs.is_empty();
        Self {
            ticks: Cow::Borrowed(&world.base_ticks),
            heard: (0..domains).flat_map(by_link).collect(),
            links,
            makeup: world.makeup(),
            month: 0,
            version: (0..if epochs { links as u32 } else { 0 }).collect(),
            channel: vec![0.0; world.terms.channels.len()],
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
    pub fn mark(&mut self, e: LinkId) {
        if !self.is_dirty[e] {
            self.is_dirty[e] = true;
            self.dirty.push(e);
        }
    }

    /// The links marked since the last renewal.
    pub fn marked(&self) -> &[LinkId] {
        &self.dirty
    }

    /// Values of the channels in month `month`: delegates are the places that take part, axes are formed where `axis`
    /// says so.
    pub fn channels(world: &World, month: u16, axis: &dyn Fn(u32) -> bool) -> Vec<f64> {
        let channels = world.terms.channels.iter();
        channels
            .map(|channel| channel.value(world, month, axis))
            .collect()
    }

    /// Marks the links that are others in month `month` because places open or close: those with other base weights,
    /// and those of these places.
    pub fn mark_epoch(&mut self, world: &World, month: u16) {
        let Some(before) = month.checked_sub(1) else {
            return;
        };
        for (e, _) in world.network.changes(month) {
            self.mark(e);
        }
        let now = |i: PlaceId| world.places.takes_part(i, month);
        let then = |i: PlaceId| world.places.takes_part(i, before);
        if !world.terms.channels.is_empty() {
            let zones = world.zones.iter().map(|zone| zone.place);
            for i in zones.filter(|&i| now(i) != then(i)) {
                self.mark_place(world, i);
            }
        }
    }

    /// Marks the links that use a channel whose value is not what it was.
    pub fn mark_channels(&mut self, world: &World, values: &[f64]) {
        if self.channel == values {
            return;
        }
        for e in LinkId::each(0..world.network.len()) {
            let differs = |c: &u32| self.channel[*c as usize] != values[*c as usize];
            if world.network.channels(e).iter().any(differs) {
                self.mark(e);
            }
        }
    }

    /// Marks the links of place `i`, both ways.
    pub fn mark_place(&mut self, world: &World, i: PlaceId) {
        let network = &world.network;
        for e in LinkId::each(network.row(i)) {
            self.mark(e);
        }
        for slot in network.audience(i) {
            if let Some(e) = network.link(network.heard_by[slot], i) {
                self.mark(e);
            }
        }
    }

    /// Puts the base weights of month `month` and the channels' values in place, works out the marked links and lists
    /// what changed, by domain.
    pub fn renew(
        &mut self,
        world: &World,
        month: u16,
        structures: &Structures,
        mechanisms: &Mechanisms,
        channels: Vec<f64>,
    ) {
        self.channel = channels;
        self.month = month;
        let mut same_epoch = true;
        for (e, version) in world.network.changes(month) {
            self.version[e] = version;
            same_epoch = false;
        }
        for list in &mut self.changes {
            list.clear();
        }
        self.dirty.sort_unstable_by_key(|e| world.network.slot[*e]);
        for n in 0..self.dirty.len() {
            let e = self.dirty[n];
            self.is_dirty[e] = false;
            let slot = world.network.slot[e] as usize;
            if let Some(ties) = self.ties.get_mut(e.index()) {
                let before = std::mem::replace(ties, structures.ties(world, e));
                // Within an epoch and without channels, a link carries what its ties say.
                if *ties == before && same_epoch && world.network.channels(e).is_empty() {
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
                        if let Some(heard) = self.heard.get_mut(d * self.links + e.index()) {
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
        e: LinkId,
    ) -> Tied<'a> {
        let ends = [world.network.listener[e], world.network.source[e]];
        let there = |i: &PlaceId| world.places.takes_part(*i, self.month);
        Tied {
            there: world.network.channels(e).is_empty() || ends.iter().all(there),
            world,
            structures,
            mechanisms,
            e,
            version: self
                .version
                .get(e.index())
                .map_or(e.index(), |version| *version as usize),
            ties: self.ties.get(e.index()).copied().unwrap_or_default(),
        }
    }

    /// The blocks of domains, with the domains of each.
    #[inline(always)]
    pub fn blocks(&self) -> impl Iterator<Item = (usize, Range<usize>)> + use<> {
        self.makeup.blocks()
    }

    /// Calls `part(mechanism, W part)` for the parts that W_ij,d of a link is made of now. They can be 0.
    pub fn parts(&self, link: &Tied<'_>, d: usize, mut part: impl FnMut(usize, f64)) {
        let (block, at) = Makeup::block_of(d);
        self.block_parts(link, block, |m, parts| part(m, parts[at]));
    }

    /// The same for all domains of a block.
    #[inline(always)]
    pub fn block_parts(
        &self,
        link: &Tied<'_>,
        block: usize,
        mut part: impl FnMut(usize, &ByDomain),
    ) {
        let (mechanisms, channel) = (link.mechanisms, &link.world.terms.channels);
        self.parts_by(&self.makeup, &self.channel, link, block, |of, carried| {
            part(mechanisms.of(of, channel), carried);
        });
    }

    /// The same parts where weights are made of `makeup`, and channels have these values.
    #[inline(always)]
    pub fn parts_by(
        &self,
        makeup: &Makeup,
        values: &[f64],
        link: &Tied<'_>,
        block: usize,
        part: impl FnMut(Part, &ByDomain),
    ) {
        let Tied {
            world,
            structures,
            e,
            version,
            ties,
            there,
            ..
        } = *link;
        let network = &world.network;
        let channel = &world.terms.channels;
        let on_axis = |c: usize| {
            let corridor = channel[c].corridor();
            corridor.is_none_or(|corridor| structures.express(world, corridor as usize, e))
        };
        let carries = |c: &usize| there && values[*c] != 0.0 && on_axis(*c);
        let channels = network.channels(e).iter().map(|&c| c as usize);
        let channels = channels.filter(carries).map(|c| (c, values[c]));
        makeup.parts(block, network.base_links(version), ties, channels, part);
    }
}
