//! Checks of the link graph: which places have no incoming links, which no innovation can reach, how
//! many separate parts there are, and whether rows add up.
//!
//! The graph runs in the direction of spread, from the source to the listener, over the places that
//! can adopt in this run. A base link counts when it lies in some month on a layer that some domain travels on.
//! What may come on top during the run counts too: alliances with two groups of delegates, transit
//! ports that open, express links between the zones of one corridor. Each of these is one node in
//! the middle of its members, so the graph stays linear in links and members. Provincial and
//! national replication and the intrinsic hazard need no link and are left out: an unreachable place can still adopt.
//! Memory while checking: about 1 byte per link and 30 per place, and 4 per link to what few rounds do not reach.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use petgraph::unionfind::UnionFind;
use rayon::prelude::*;

use super::Calendar;
use super::ground::{Span, adopting};
use super::id::PlaceId;
use super::links::{BaseLinks, Epoch, LinksError};
use crate::scenario::Scenario;
use crate::scenario::tables::{Alliance, GatewayRole, Kind, Tier, Who};

/// What the check of the links found. Places are positions in [`Scenario::places`], in id order;
/// only places that can adopt in this run are looked at.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GraphReport {
    /// Places that hear nobody over base links.
    pub islands: Vec<u32>,
    /// Places that no zone that opens can reach over any link. Such a zone reaches itself.
    pub unreachable: Vec<u32>,
    /// Separate parts of the graph, directions ignored.
    pub components: usize,
    /// Largest distance of a row sum of a layer from 1, over the rows that are not empty, in any epoch.
    pub row_sum_deviation: f64,
}

/// Checks `base`, the links of `scenario` in canonical `order`.
///
/// # Errors
/// More links than can be numbered.
pub fn check_graph(
    scenario: &Scenario,
    base: &BaseLinks,
    order: &[u32],
) -> Result<GraphReport, LinksError> {
    let spread = Spread::new(scenario, base, order)?;
    let ((components, reached), row_sum_deviation) = rayon::join(
        || rayon::join(|| spread.parts(), || spread.reached(scenario)),
        || row_sum_deviation(base),
    );
    let reached = reached?;
    let adopting = (0..order.len()).filter(|&c| spread.adopts[c]);
    let (mut islands, mut unreachable) = (Vec::new(), Vec::new());
    for c in adopting {
        if base.row(PlaceId::new(c)).is_empty() {
            islands.push(order[c]);
        }
        if !reached[c] {
            unreachable.push(order[c]);
        }
    }
    Ok(GraphReport {
        islands,
        unreachable,
        components,
        row_sum_deviation,
    })
}

/// Largest |Σ_j w^l_ij − 1| over listeners i and layers l with a link, and epochs.
fn row_sum_deviation(base: &BaseLinks) -> f64 {
    let listeners = base.listener_start.len().saturating_sub(1);
    let firsts = (0..listeners).into_par_iter().step_by(LISTENERS);
    let of = |first| deviation_of(base, first..(first + LISTENERS).min(listeners));
    firsts.map(of).reduce(|| 0.0, f64::max)
}

/// The same of some listeners.
fn deviation_of(base: &BaseLinks, listeners: Range<usize>) -> f64 {
    let layers = base.weight.len();
    let mut largest = 0.0_f64;
    let mut look = |row: &[f64]| {
        for layer in 0..layers {
            let weights = || row.iter().skip(layer).step_by(layers);
            if weights().any(|&weight| weight > 0.0) {
                largest = largest.max((weights().sum::<f64>() - 1.0).abs());
            }
        }
    };
    let start = base.listener_start[listeners.start];
    let before = |epoch: &Epoch| epoch.entries.partition_point(|entry| *entry < start);
    let mut next: Vec<usize> = base.epochs.iter().map(before).collect();
    let mut row: Vec<f64> = Vec::new();
    for listener in listeners {
        let entries = base.row(PlaceId::new(listener));
        row.clear();
        if let [weights] = &base.weight[..] {
            row.extend_from_slice(&weights[entries.clone()]);
        } else {
            for entry in entries.clone() {
                row.extend(base.weight.iter().map(|weights| weights[entry]));
            }
        }
        look(&row);
        for (epoch, next) in base.epochs.iter().zip(&mut next) {
            let first = *next;
            while let Some(&entry) = epoch.entries.get(*next)
                && entries.contains(&(entry as usize))
            {
                let to = (entry as usize - entries.start) * layers;
                let from = *next * layers;
                row[to..to + layers].copy_from_slice(&epoch.weight[from..from + layers]);
                *next += 1;
            }
            if *next > first {
                look(&row);
            }
        }
    }
    largest
}

/// Whether each entry ever carries something on one of some layers.
fn ever_carry(base: &BaseLinks, live: &[bool]) -> Vec<bool> {
    let layers = base.weight.len();
    let mut carry = vec![false; base.source.len()];
    for (weights, _) in base.weight.iter().zip(live).filter(|(_, live)| **live) {
        let all = carry.par_iter_mut().zip(weights).with_min_len(1 << 16);
        all.for_each(|(carry, weight)| *carry |= *weight > 0.0);
    }
    for epoch in &base.epochs {
        for (entry, weights) in epoch.entries.iter().zip(epoch.weight.chunks(layers.max(1))) {
            let mut live = weights.iter().zip(live);
            carry[*entry as usize] |= live.any(|(weight, live)| *live && *weight > 0.0);
        }
    }
    carry
}

/// Listeners whose rows one thread adds up.
const LISTENERS: usize = 4096;
/// How often listeners are asked whether they hear somebody who is reached, before rows are put in order by source.
const SWEEPS: usize = 4;
/// Links of each listener by which the largest part is found.
const FIRST: usize = 2;

/// The graph along which innovations can spread. Its nodes are the places by canonical number, of which only those
/// that can adopt count, and behind them the middles of others.
struct Spread<'a> {
    base: &'a BaseLinks,
    /// Whether each base link ever carries something.
    carries: Vec<bool>,
    /// How many nodes there are.
    nodes: u32,
    /// Edges besides the base links.
    edges: Vec<(u32, u32)>,
    /// Whether each place can adopt.
    adopts: Vec<bool>,
    /// Node of each position in [`Scenario::places`].
    node: Vec<u32>,
    /// The months in which each takes part, as a place that can adopt.
    spans: Vec<Option<Span>>,
    calendar: Calendar,
}

impl<'a> Spread<'a> {
    fn new(scenario: &Scenario, base: &'a BaseLinks, order: &'a [u32]) -> Result<Self, LinksError> {
        let calendar = Calendar::of(scenario);
        let layers = scenario.layers.iter();
        let live: Vec<bool> = layers.map(|layer| travels(scenario, &layer.id)).collect();
        let places = scenario.places.par_iter();
        let spans: Vec<_> = places.map(|place| adopting(place, &calendar)).collect();
        let mut node = vec![0; order.len()];
        for (canonical, position) in (0..).zip(order) {
            node[*position as usize] = canonical;
        }
        let adopts = order.iter().map(|at| spans[*at as usize].is_some());
        let mut spread = Self {
            base,
            carries: ever_carry(base, &live),
            nodes: u32::try_from(order.len()).map_err(|_| LinksError::TooMany)?,
            edges: Vec::new(),
            adopts: adopts.collect(),
            node,
            spans,
            calendar,
        };
        spread.alliances(scenario)?;
        spread.transit(scenario)?;
        spread.express(scenario)?;
        Ok(spread)
    }

    fn span(&self, position: u32) -> Option<Span> {
        self.spans[position as usize]
    }

    fn add_node(&mut self) -> Result<u32, LinksError> {
        let node = self.nodes;
        self.nodes += 1;
        (node < u32::MAX).then_some(node).ok_or(LinksError::TooMany)
    }

    /// Whom a place that can adopt hears over base links.
    fn heard(&self, listener: usize) -> impl Iterator<Item = usize> {
        let entries = self.base.row(PlaceId::new(listener));
        let carry = entries.filter(|entry| self.carries[*entry]);
        carry.map(|entry| self.base.source[entry].index())
    }

    /// The places that can adopt.
    fn listeners(&self) -> impl Iterator<Item = usize> {
        (0..self.adopts.len()).filter(|place| self.adopts[*place])
    }

    /// Joins all `members` (positions that can adopt) both ways, through a node in their middle.
    fn join(&mut self, members: &BTreeSet<u32>) -> Result<(), LinksError> {
        let middle = self.add_node()?;
        for &member in members {
            let node = self.node[member as usize];
            self.edges.extend([(node, middle), (middle, node)]);
        }
        Ok(())
    }

    /// Alliances that are active in the run and have delegates of two groups.
    fn alliances(&mut self, scenario: &Scenario) -> Result<(), LinksError> {
        if scenario.alliances.is_empty() {
            return Ok(());
        }
        let mut zones: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
        let mut linkage: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
        let members = scenario.alliances.iter().flat_map(|a| &a.members);
        let mut named: BTreeMap<&str, Vec<u32>> = members
            .filter(|m| matches!(m.who, Who::Place(_)))
            .map(|m| (m.who.name(), Vec::new()))
            .collect();
        for (position, place) in (0_u32..).zip(&scenario.places) {
            if let Some(named) = named.get_mut(place.id.as_str()) {
                named.push(position);
            }
            match place.kind {
                Kind::Zone => zones
                    .entry(place.free_trade_zone())
                    .or_default()
                    .push(position),
                Kind::Region if place.tier == Tier::Linkage => {
                    linkage.entry(&place.province).or_default().push(position);
                }
                _ => {}
            }
        }
        for alliance in &scenario.alliances {
            let Some(active) = active(scenario, alliance, &self.calendar) else {
                continue;
            };
            let mut groups = 0;
            let mut delegates = BTreeSet::new();
            for member in &alliance.members {
                let of = match &member.who {
                    Who::Group(group) => zones.get(group.as_str()),
                    Who::Province(province) => linkage.get(province.as_str()),
                    Who::Place(id) => named.get(id.as_str()),
                };
                let open = |&&p: &&u32| {
                    let span = self.span(p);
                    span.is_some_and(|s| s.from <= active.until && active.from <= s.until)
                };
                let before = delegates.len();
                delegates.extend(of.into_iter().flatten().filter(open));
                groups += usize::from(delegates.len() > before);
            }
            if groups > 1 {
                self.join(&delegates)?;
            }
        }
        Ok(())
    }

    /// Transit ports that open, with the zones they serve and the regions where goods enter.
    fn transit(&mut self, scenario: &Scenario) -> Result<(), LinksError> {
        let layer = scenario.gateways.transit_layer.as_deref();
        let carried = layer.is_some_and(|layer| travels(scenario, layer));
        if !carried || scenario.gateways.transit_strength <= 0.0 {
            return Ok(());
        }
        let mut ports: BTreeMap<u32, [BTreeSet<u32>; 2]> = BTreeMap::new();
        for link in &scenario.gateway_links {
            let gateway = &scenario.places[link.gateway as usize];
            let side = match link.role {
                GatewayRole::Serves => 0,
                GatewayRole::Entry => 1,
                GatewayRole::Source => continue,
            };
            if gateway.kind == Kind::TransitGateway
                && self.calendar.open_and_close(gateway).is_some()
                && self.span(link.place).is_some()
            {
                ports.entry(link.gateway).or_default()[side].insert(link.place);
            }
        }
        for [served, entries] in ports.values() {
            if !served.is_empty() && !entries.is_empty() {
                self.join(&(served | entries))?;
            }
        }
        Ok(())
    }

    /// Express links between the zones of each corridor, should an axis form there.
    fn express(&mut self, scenario: &Scenario) -> Result<(), LinksError> {
        if !scenario.line.structures || scenario.line.express <= 0.0 {
            return Ok(());
        }
        for corridor in &scenario.corridors {
            let places = corridor.segments.iter().flat_map(|segment| &segment.places);
            let zones: BTreeSet<u32> = places
                .copied()
                .filter(|&position| {
                    let place = &scenario.places[position as usize];
                    place.kind == Kind::Zone && self.span(position).is_some()
                })
                .collect();
            if zones.len() > 1 && carries(scenario, &corridor.layers) {
                self.join(&zones)?;
            }
        }
        Ok(())
    }

    /// How many separate parts there are.
    fn parts(&self) -> usize {
        let mut parts = UnionFind::<u32>::new(self.nodes as usize);
        for &(from, to) in &self.edges {
            parts.union(from, to);
        }
        for to in self.listeners() {
            for from in self.heard(to).take(FIRST).filter(|from| self.adopts[*from]) {
                parts.union(from as u32, to as u32);
            }
        }
        // Nearly all other links lie within one part, which need not be looked for again.
        let mut sizes = vec![0_u32; self.nodes as usize];
        let root: Vec<u32> = (0..self.nodes).map(|node| parts.find_mut(node)).collect();
        root.iter().for_each(|root| sizes[*root as usize] += 1);
        let largest = (0..self.nodes).max_by_key(|root| sizes[*root as usize]);
        let within: Vec<bool> = root.iter().map(|root| Some(*root) == largest).collect();
        for to in self.listeners() {
            for from in self.heard(to).skip(FIRST) {
                if !(within[from] && within[to]) && self.adopts[from] {
                    parts.union(from as u32, to as u32);
                }
            }
        }
        let counts = |node: u32| self.adopts.get(node as usize) != Some(&false);
        let nodes = (0..self.nodes).filter(|node| counts(*node));
        nodes.filter(|node| parts.find(*node) == *node).count()
    }

    /// By node, whether some zone that opens reaches it.
    fn reached(&self, scenario: &Scenario) -> Result<Vec<bool>, LinksError> {
        let mut reached = vec![false; self.nodes as usize];
        for (position, place) in scenario.places.iter().enumerate() {
            let node = self.node[position] as usize;
            reached[node] = place.kind == Kind::Zone && self.adopts[node];
        }
        // Often a few rounds find all.
        for _ in 0..SWEEPS {
            let mut found = false;
            for to in self.listeners() {
                if !reached[to] && self.heard(to).any(|from| reached[from]) {
                    (reached[to], found) = (true, true);
                }
            }
            for &(from, to) in &self.edges {
                let new = reached[from as usize] && !reached[to as usize];
                reached[to as usize] |= new;
                found |= new;
            }
            if !found {
                return Ok(reached);
            }
        }
        self.reach_on(&mut reached)?;
        Ok(reached)
    }

    /// Goes on from the nodes that are reached. Edges to all others are put into rows by source.
    fn reach_on(&self, reached: &mut [bool]) -> Result<(), LinksError> {
        let other: Vec<bool> = reached.iter().map(|reached| !reached).collect();
        let each_edge = |edge: &mut dyn FnMut(usize, usize)| {
            for to in self.listeners().filter(|to| other[*to]) {
                for from in self.heard(to).filter(|from| self.adopts[*from]) {
                    edge(from, to);
                }
            }
            let edges = self.edges.iter();
            let edges = edges.filter(|(_, to)| other[*to as usize]);
            edges.for_each(|&(from, to)| edge(from as usize, to as usize));
        };
        let mut start = vec![0_u32; self.nodes as usize + 2];
        let mut edges = 0_u64;
        each_edge(&mut |from, _| {
            edges += 1;
            start[from + 2] = start[from + 2].wrapping_add(1);
        });
        u32::try_from(edges).map_err(|_| LinksError::TooMany)?;
        for node in 2..start.len() {
            start[node] += start[node - 1];
        }
        // Each entry moves the start of its row, one behind, to the row's end.
        let mut listener = vec![0_u32; edges as usize];
        each_edge(&mut |from, to| {
            let next = &mut start[from + 1];
            listener[*next as usize] = to as u32;
            *next += 1;
        });
        let nodes = 0..self.nodes;
        let mut next: Vec<u32> = nodes.filter(|node| reached[*node as usize]).collect();
        while let Some(node) = next.pop() {
            let row = start[node as usize] as usize..start[node as usize + 1] as usize;
            for &to in &listener[row] {
                if !std::mem::replace(&mut reached[to as usize], true) {
                    next.push(to);
                }
            }
        }
        Ok(())
    }
}

/// Whether some domain travels on the layer.
fn travels(scenario: &Scenario, layer: &str) -> bool {
    let mut domains = scenario.domains.iter();
    domains.any(|domain| domain.affinity.get(layer).is_some_and(|&share| share > 0.0))
}

/// Whether layer multipliers let some domain through.
fn carries(scenario: &Scenario, multipliers: &[f64]) -> bool {
    let mut layers = scenario.layers.iter().zip(multipliers);
    layers.any(|(layer, &multiplier)| multiplier > 0.0 && travels(scenario, &layer.id))
}

/// The months of the run in which an alliance carries something; none when it never does.
fn active(scenario: &Scenario, alliance: &Alliance, calendar: &Calendar) -> Option<Span> {
    let first = alliance
        .from
        .map_or(scenario.start, |m| m.max(scenario.start));
    let last = alliance.to.map_or(scenario.end, |m| m.min(scenario.end));
    let strength = alliance.strength * scenario.alliance_strength_factor;
    let works = strength > 0.0 && carries(scenario, &alliance.layers);
    (works && first <= last).then(|| Span {
        from: calendar.number(first),
        until: calendar.last_number(last),
    })
}

#[cfg(test)]
mod tests;
