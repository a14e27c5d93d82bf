//! The links of a run in compressed rows: base links of all epochs and the links that only terms use.

use std::ops::Range;

use super::id::{LinkId, PlaceId};
use super::links::{BaseLinks, Epoch, run};
use super::mechanism::Terms;

/// Links in two orders: by listener (rows of W: whom i hears) and by source (who hears j).
/// Link numbers are positions in the order by listener.
#[derive(Clone, Debug)]
pub struct Network {
    /// Row starts by listener, N + 1.
    pub listener_start: Vec<u32>,
    /// Source j of each link, ascending within a row.
    pub source: Vec<PlaceId>,
    /// Listener i of each link.
    pub listener: Vec<PlaceId>,
    /// w^l_ij, `[version · L + l]`, row-standardised per layer. The first versions are those of the links, in their
    /// order, in the first epoch; then come those of [`Network::changed`].
    pub layer_weight: Vec<f64>,
    /// Number of layers L.
    pub layers: usize,
    /// Links that get other base weights in a later epoch, ascending within an epoch.
    pub changed: Vec<LinkId>,
    /// The later epochs in order: first month, and range in [`Network::changed`].
    pub epochs: Vec<(u16, Range<usize>)>,
    /// Row starts by source, N + 1.
    pub source_start: Vec<u32>,
    /// Listener of each link in the order by source, ascending within a row.
    pub heard_by: Vec<PlaceId>,
    /// Position in the order by source of each link.
    pub slot: Vec<u32>,
    /// Number of the undirected pair {i, j} of each link.
    pub pair: Vec<u32>,
    /// The pairs: smaller and larger place.
    pub pairs: Vec<(PlaceId, PlaceId)>,
    /// The one or two links of each pair.
    pub pair_links: Vec<(LinkId, Option<LinkId>)>,
    /// Range of each link in `link_channels`, E + 1; empty when no link has a term.
    pub term_start: Vec<u32>,
    /// Channels of each link's terms.
    pub link_channels: Vec<u32>,
}

impl Network {
    /// Joins base links and terms. `paired` builds the pairs that lines need.
    pub fn new(base: BaseLinks, terms: &Terms, paired: bool) -> Self {
        let places = base.listener_start.len() - 1;
        let mut network = if terms.links.is_empty() {
            let mut network = Self::empty(base.weight.len());
            network.layer_weight = interleaved(base.weight);
            network.later(base.epochs, |entry| LinkId::new(entry as usize));
            network.listener_start = base.listener_start;
            network.source = base.source;
            network
        } else {
            union(base, terms, places)
        };
        network.listeners();
        network.by_source(places);
        if paired {
            network.make_pairs(places);
        }
        network
    }

    fn empty(layers: usize) -> Self {
        Self {
            listener_start: Vec::new(),
            source: Vec::new(),
            listener: Vec::new(),
            layer_weight: Vec::new(),
            layers,
            changed: Vec::new(),
            epochs: Vec::new(),
            source_start: Vec::new(),
            heard_by: Vec::new(),
            slot: Vec::new(),
            pair: Vec::new(),
            pairs: Vec::new(),
            pair_links: Vec::new(),
            term_start: Vec::new(),
            link_channels: Vec::new(),
        }
    }

    /// Appends what later epochs change; `link` is the link of an entry of the base links.
    fn later(&mut self, epochs: Vec<Epoch>, link: impl Fn(u32) -> LinkId) {
        for epoch in epochs {
            let start = self.changed.len();
            self.changed.extend(epoch.entries.into_iter().map(&link));
            self.layer_weight.extend(epoch.weight);
            self.epochs.push((epoch.month, start..self.changed.len()));
        }
    }

    /// w^l_ij by layer of a version of a link.
    #[inline(always)]
    pub fn base_links(&self, version: usize) -> &[f64] {
        &self.layer_weight[version * self.layers..(version + 1) * self.layers]
    }

    /// The links whose base weights change with the epoch that begins in `month`, each with its new version.
    pub fn changes(&self, month: u16) -> impl Iterator<Item = (LinkId, u32)> + '_ {
        let at = self.epochs.binary_search_by_key(&month, |epoch| epoch.0);
        let range = at.map_or(0..0, |at| self.epochs[at].1.clone());
        let first = self.len() + range.start;
        let changed = self.changed[range].iter().copied();
        changed.zip(first as u32..)
    }

    /// The version of each link in `month`.
    pub fn versions(&self, month: u16) -> Vec<u32> {
        let mut versions: Vec<u32> = (0..self.len() as u32).collect();
        for (begin, _) in self.epochs.iter().filter(|epoch| epoch.0 <= month) {
            for (link, version) in self.changes(*begin) {
                versions[link] = version;
            }
        }
        versions
    }

    /// Number of links E.
    pub fn len(&self) -> usize {
        self.source.len()
    }

    /// Whether there is no link.
    pub fn is_empty(&self) -> bool {
        self.source.is_empty()
    }

    /// Links of listener `i`.
    #[inline(always)]
    pub fn row(&self, i: PlaceId) -> Range<usize> {
        run(&self.listener_start, i.index())
    }

    /// Slots of source `j` in the order by source.
    #[inline(always)]
    pub fn audience(&self, j: PlaceId) -> Range<usize> {
        run(&self.source_start, j.index())
    }

    /// Channels of the terms of link `e`.
    #[inline(always)]
    pub fn channels(&self, e: LinkId) -> &[u32] {
        if self.term_start.is_empty() {
            return &[];
        }
        &self.link_channels[run(&self.term_start, e.index())]
    }

    fn listeners(&mut self) {
        self.listener = Vec::with_capacity(self.source.len());
        for (i, bounds) in self.listener_start.windows(2).enumerate() {
            let links = bounds[0]..bounds[1];
            self.listener.extend(links.map(|_| PlaceId::new(i)));
        }
    }

    fn by_source(&mut self, places: usize) {
        let mut start = vec![0u32; places + 1];
        for &j in &self.source {
            start[j.index() + 1] += 1;
        }
        for j in 0..places {
            start[j + 1] += start[j];
        }
        let mut next = start.clone();
        self.heard_by = vec![PlaceId::new(0); self.source.len()];
        self.slot = vec![0; self.source.len()];
        for (e, (&j, &i)) in self.source.iter().zip(&self.listener).enumerate() {
            let slot = next[j];
            next[j] += 1;
            self.heard_by[slot as usize] = i;
            self.slot[e] = slot;
        }
        self.source_start = start;
    }

    /// Numbers the pairs by their places, so that a link more changes the order of no others.
    fn make_pairs(&mut self, places: usize) {
        self.pair = vec![u32::MAX; self.len()];
        let mut others: Vec<PlaceId> = Vec::new();
        for i in PlaceId::each(0..places) {
            let heard = &self.source[self.row(i)];
            let hearing = &self.heard_by[self.audience(i)];
            others.clear();
            others.extend(heard.iter().chain(hearing).filter(|j| **j > i));
            others.sort_unstable();
            others.dedup();
            for &j in &others {
                let number = self.pairs.len() as u32;
                let links = [self.link(i, j), self.link(j, i)];
                let mut links = links.into_iter().flatten();
                let (Some(one), other) = (links.next(), links.next()) else {
                    continue;
                };
                for link in [Some(one), other].into_iter().flatten() {
                    self.pair[link] = number;
                }
                self.pairs.push((i, j));
                self.pair_links.push((one, other));
            }
        }
    }

    /// The link by which `listener` hears `source`.
    pub fn link(&self, listener: PlaceId, source: PlaceId) -> Option<LinkId> {
        let row = self.row(listener);
        let at = self.source[row.clone()].binary_search(&source).ok()?;
        Some(LinkId::new(row.start + at))
    }
}

/// Weights of several layers, `[layer][entry]`, as `[entry · L + layer]`.
fn interleaved(mut weight: Vec<Vec<f64>>) -> Vec<f64> {
    let layers = weight.len();
    if layers == 1 {
        return weight.remove(0);
    }
    let mut all = vec![0.0; weight.iter().map(Vec::len).sum()];
    for (l, weights) in weight.into_iter().enumerate() {
        for (e, w) in weights.into_iter().enumerate() {
            all[e * layers + l] = w;
        }
    }
    all
}

fn union(base: BaseLinks, terms: &Terms, places: usize) -> Network {
    let layers = base.weight.len();
    let mut network = Network::empty(layers);
    network.listener_start.push(0);
    network.term_start.push(0);
    // The link of each entry.
    let mut link = Vec::with_capacity(if base.epochs.is_empty() {
        0
    } else {
        base.source.len()
    });
    let mut term = terms.links.iter().peekable();
    for i in PlaceId::each(0..places) {
        let Range { start: mut e, end } = base.row(i);
        loop {
            let of_base = (e < end).then(|| base.source[e]);
            let of_term = term.peek().filter(|t| t.0 == i).map(|t| t.1);
            let Some(j) = [of_base, of_term].into_iter().flatten().min() else {
                break;
            };
            if of_base == Some(j) && !base.epochs.is_empty() {
                link.push(LinkId::new(network.source.len()));
            }
            network.source.push(j);
            for weights in &base.weight {
                network
                    .layer_weight
                    .push(if of_base == Some(j) { weights[e] } else { 0.0 });
            }
            debug_assert_eq!(network.layer_weight.len(), network.source.len() * layers);
            if of_base == Some(j) {
                e += 1;
            }
            while let Some(t) = term.peek().filter(|t| t.0 == i && t.1 == j) {
                network.link_channels.push(t.2);
                term.next();
            }
            network.term_start.push(network.link_channels.len() as u32);
        }
        network.listener_start.push(network.source.len() as u32);
    }
    network.later(base.epochs, |entry| link[entry as usize]);
    network
}
