//! The links of a run in compressed rows: base links and the links that only terms use.

use super::links::BaseLinks;
use super::terms::Terms;

/// Links in two orders: by listener (rows of W: whom i hears) and by source (who hears j).
/// Link numbers are positions in the order by listener.
#[derive(Clone, Debug)]
pub struct Network {
    /// Row starts by listener, N + 1.
    pub listener_start: Vec<u32>,
    /// Source j of each link, ascending within a row.
    pub source: Vec<u32>,
    /// Listener i of each link.
    pub listener: Vec<u32>,
    /// w^l_ij, `[link · L + l]`, row-standardised per layer.
    pub layer_weight: Vec<f64>,
    /// Row starts by source, N + 1.
    pub source_start: Vec<u32>,
    /// Listener of each link in the order by source, ascending within a row.
    pub heard_by: Vec<u32>,
    /// Position in the order by source of each link.
    pub slot: Vec<u32>,
    /// Number of the undirected pair {i, j} of each link.
    pub pair: Vec<u32>,
    /// The pairs: smaller and larger place.
    pub pairs: Vec<(u32, u32)>,
    /// The one or two links of each pair.
    pub pair_links: Vec<(u32, Option<u32>)>,
    /// Range of each link in `link_channels`, E + 1; empty when no link has a term.
    pub term_start: Vec<u32>,
    /// Channels of each link's terms.
    pub link_channels: Vec<u32>,
}

impl Network {
    /// Joins base links and terms. `paired` builds the pairs that lines need.
    pub fn new(base: BaseLinks, terms: &Terms, paired: bool) -> Self {
        let places = base.listener_start.len() - 1;
        let layers = base.weight.len();
        let mut network = if terms.links.is_empty() {
            let links = base.source.len();
            let mut layer_weight = vec![0.0; links * layers];
            for (l, weights) in base.weight.iter().enumerate() {
                for (e, w) in weights.iter().enumerate() {
                    layer_weight[e * layers + l] = *w;
                }
            }
            Self::empty(base.listener_start, base.source, layer_weight)
        } else {
            union(&base, terms, places, layers)
        };
        network.listeners();
        network.by_source(places);
        if paired {
            network.make_pairs(places);
        }
        network
    }

    fn empty(listener_start: Vec<u32>, source: Vec<u32>, layer_weight: Vec<f64>) -> Self {
        Self {
            listener_start,
            source,
            listener: Vec::new(),
            layer_weight,
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
    pub fn row(&self, i: usize) -> std::ops::Range<usize> {
        self.listener_start[i] as usize..self.listener_start[i + 1] as usize
    }

    /// Slots of source `j` in the order by source.
    #[inline(always)]
    pub fn audience(&self, j: usize) -> std::ops::Range<usize> {
        self.source_start[j] as usize..self.source_start[j + 1] as usize
    }

    /// Channels of the terms of link `e`.
    #[inline(always)]
    pub fn channels(&self, e: usize) -> &[u32] {
        if self.term_start.is_empty() {
            return &[];
        }
        &self.link_channels[self.term_start[e] as usize..self.term_start[e + 1] as usize]
    }

    fn listeners(&mut self) {
        self.listener = Vec::with_capacity(self.source.len());
        for (i, bounds) in self.listener_start.windows(2).enumerate() {
            self.listener
                .extend((bounds[0]..bounds[1]).map(|_| i as u32));
        }
    }

    fn by_source(&mut self, places: usize) {
        let mut start = vec![0u32; places + 1];
        for &j in &self.source {
            start[j as usize + 1] += 1;
        }
        for j in 0..places {
            start[j + 1] += start[j];
        }
        let mut next = start.clone();
        self.heard_by = vec![0; self.source.len()];
        self.slot = vec![0; self.source.len()];
        for (e, (&j, &i)) in self.source.iter().zip(&self.listener).enumerate() {
            let slot = next[j as usize];
            next[j as usize] += 1;
            self.heard_by[slot as usize] = i;
            self.slot[e] = slot;
        }
        self.source_start = start;
    }

    fn make_pairs(&mut self, places: usize) {
        self.pair = vec![u32::MAX; self.len()];
        for i in 0..places {
            for e in self.row(i) {
                let j = self.source[e] as usize;
                let back = self.link(j, i);
                match back {
                    Some(back) if j < i => {
                        let pair = self.pair[back];
                        self.pair[e] = pair;
                        self.pair_links[pair as usize].1 = Some(e as u32);
                    }
                    _ => {
                        self.pair[e] = self.pairs.len() as u32;
                        self.pairs.push((i.min(j) as u32, i.max(j) as u32));
                        self.pair_links.push((e as u32, None));
                    }
                }
            }
        }
    }

    /// The link by which `listener` hears `source`.
    pub fn link(&self, listener: usize, source: usize) -> Option<usize> {
        let row = self.row(listener);
        let at = self.source[row.clone()]
            .binary_search(&(source as u32))
            .ok()?;
        Some(row.start + at)
    }
}

fn union(base: &BaseLinks, terms: &Terms, places: usize, layers: usize) -> Network {
    let mut network = Network::empty(vec![0], Vec::new(), Vec::new());
    network.term_start.push(0);
    let mut term = terms.links.iter().peekable();
    for i in 0..places {
        let mut e = base.listener_start[i] as usize;
        let end = base.listener_start[i + 1] as usize;
        loop {
            let of_base = (e < end).then(|| base.source[e]);
            let of_term = term.peek().filter(|t| t.0 as usize == i).map(|t| t.1);
            let Some(j) = [of_base, of_term].into_iter().flatten().min() else {
                break;
            };
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
            while let Some(t) = term.peek().filter(|t| t.0 as usize == i && t.1 == j) {
                network.link_channels.push(t.2);
                term.next();
            }
            network.term_start.push(network.link_channels.len() as u32);
        }
        network.listener_start.push(network.source.len() as u32);
    }
    network
}
