//! Checks of the link graph: which places have no incoming links, which no innovation can reach, how
//! many separate parts there are, and whether rows add up.
//!
//! The graph runs in the direction of spread, from the source to the listener, over the places that
//! can adopt in this run. A base link counts when it lies in some month on a layer that some domain travels on.
//! What may come on top during the run counts too: alliances with two groups of delegates, transit
//! ports that open, express links between the zones of one corridor. Each of these is one node in
//! the middle of its members, so the graph stays linear in links and members. Provincial and
//! national replication and the intrinsic hazard need no link and are left out: an unreachable place can still adopt.
//! Memory while checking: about 5 bytes per link and 20 per place.

use std::collections::{BTreeMap, BTreeSet};

use petgraph::unionfind::UnionFind;

use super::Calendar;
use super::ground::{Span, adopting, group_of};
use super::id::PlaceId;
use super::links::{BaseLinks, LinksError};
use crate::scenario::Scenario;
use crate::scenario::tables::{Alliance, GatewayRole, Kind, Member, Place, Tier};

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
    let (components, reached) = spread.parts_and_reach(scenario)?;
    let adopting = PlaceId::each(0..order.len()).filter(|&c| spread.span(order[c]).is_some());
    let (mut islands, mut unreachable) = (Vec::new(), Vec::new());
    for c in adopting {
        if base.row(c).is_empty() {
            islands.push(order[c]);
        }
        if !reached[spread.node[order[c] as usize] as usize] {
            unreachable.push(order[c]);
        }
    }
    Ok(GraphReport {
        islands,
        unreachable,
        components,
        row_sum_deviation: row_sum_deviation(base),
    })
}

/// Largest |Σ_j w^l_ij − 1| over listeners i and layers l with a link, and epochs.
fn row_sum_deviation(base: &BaseLinks) -> f64 {
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
    let mut next = vec![0; base.epochs.len()];
    let mut row: Vec<f64> = Vec::new();
    let places = base.listener_start.len().saturating_sub(1);
    for entries in PlaceId::each(0..places).map(|i| base.row(i)) {
        row.clear();
        for entry in entries.clone() {
            row.extend(base.weight.iter().map(|weights| weights[entry]));
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
        for (carry, weight) in carry.iter_mut().zip(weights) {
            *carry |= *weight > 0.0;
        }
    }
    for epoch in &base.epochs {
        for (entry, weights) in epoch.entries.iter().zip(epoch.weight.chunks(layers.max(1))) {
            let mut live = weights.iter().zip(live);
            carry[*entry as usize] |= live.any(|(weight, live)| *live && *weight > 0.0);
        }
    }
    carry
}

/// No node: that of a place that cannot adopt.
const NONE: u32 = u32::MAX;

/// The graph along which innovations can spread.
struct Spread<'a> {
    base: &'a BaseLinks,
    order: &'a [u32],
    /// Whether each base link ever carries something.
    carries: Vec<bool>,
    /// How many nodes there are.
    nodes: u32,
    /// Edges besides the base links.
    edges: Vec<(u32, u32)>,
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
        let places = scenario.places.iter();
        let mut spread = Self {
            base,
            order,
            carries: ever_carry(base, &live),
            nodes: 0,
            edges: Vec::new(),
            node: vec![NONE; scenario.places.len()],
            spans: places.map(|place| adopting(place, &calendar)).collect(),
            calendar,
        };
        for &position in order {
            if spread.span(position).is_some() {
                spread.node[position as usize] = spread.add_node()?;
            }
        }
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
        (node < NONE).then_some(node).ok_or(LinksError::TooMany)
    }

    /// Calls `edge` for every edge, from its source to its listener.
    fn each_edge(&self, mut edge: impl FnMut(u32, u32)) {
        let of = |&position: &u32| self.node[position as usize];
        let node: Vec<u32> = self.order.iter().map(of).collect();
        let listeners = PlaceId::each(0..node.len()).zip(&node);
        for (listener, &to) in listeners.filter(|(_, to)| **to != NONE) {
            for entry in self.base.row(listener).filter(|entry| self.carries[*entry]) {
                let from = node[self.base.source[entry]];
                if from != NONE {
                    edge(from, to);
                }
            }
        }
        self.edges.iter().for_each(|&(from, to)| edge(from, to));
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
        for (position, place) in (0_u32..).zip(&scenario.places) {
            match place.kind {
                Kind::Zone => zones.entry(group_of(place)).or_default().push(position),
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
                let of = match member {
                    Member::Group(group) => zones.get(group.as_str()),
                    Member::Province(province) => linkage.get(province.as_str()),
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

    /// How many separate parts there are; and by node, whether some zone that opens reaches it. Edges are put into rows
    /// by source.
    fn parts_and_reach(&self, scenario: &Scenario) -> Result<(usize, Vec<bool>), LinksError> {
        let mut parts = UnionFind::<u32>::new(self.nodes as usize);
        let mut start = vec![0_u32; self.nodes as usize + 2];
        let mut edges = 0_u64;
        self.each_edge(|from, to| {
            parts.union(from, to);
            edges += 1;
            start[from as usize + 2] = start[from as usize + 2].wrapping_add(1);
        });
        u32::try_from(edges).map_err(|_| LinksError::TooMany)?;
        let components = (0..self.nodes)
            .filter(|node| parts.find(*node) == *node)
            .count();
        for node in 2..start.len() {
            start[node] += start[node - 1];
        }
        // Each entry moves the start of its row, one behind, to the row's end.
        let mut listener = vec![0_u32; edges as usize];
        self.each_edge(|from, to| {
            let next = &mut start[from as usize + 1];
            listener[*next as usize] = to;
            *next += 1;
        });
        let mut reached = vec![false; self.nodes as usize];
        let zones = (0_u32..).zip(&scenario.places);
        let opens = |&(position, place): &(u32, &Place)| {
            place.kind == Kind::Zone && self.span(position).is_some()
        };
        let mut next: Vec<u32> = zones
            .filter(opens)
            .map(|(position, _)| self.node[position as usize])
            .collect();
        next.iter().for_each(|node| reached[*node as usize] = true);
        while let Some(node) = next.pop() {
            let row = start[node as usize] as usize..start[node as usize + 1] as usize;
            for &to in &listener[row] {
                if !std::mem::replace(&mut reached[to as usize], true) {
                    next.push(to);
                }
            }
        }
        Ok((components, reached))
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
        until: calendar.number(last),
    })
}

#[cfg(test)]
mod tests;
