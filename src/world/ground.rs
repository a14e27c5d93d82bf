//! The places as the rules that make links see them, and what all rules do with a row.

use super::distance::{Spot, Tree};
use crate::scenario::spec::{LinkRule, LinkSourceSpec};
use crate::scenario::tables::{Kind, Place};
use crate::scenario::{Month, Scenario};

/// How many strongest links a generated rule keeps unless told otherwise.
pub const DEFAULT_K: u32 = 8;
/// Part of a row: (place, weight), ascending by place.
pub type Row = Vec<(u32, f64)>;

/// Whether a place exists in a run that ends in `end`: regions always, the others when their month
/// is not after it. A zone or gateway without a month does not.
pub fn takes_part(place: &Place, end: Month) -> bool {
    place.kind == Kind::Region || place.open.is_some_and(|open| open <= end)
}

/// Whether a place can adopt in a run that ends in `end`: regions, and zones that open.
pub fn adopts(place: &Place, end: Month) -> bool {
    matches!(place.kind, Kind::Region | Kind::Zone) && takes_part(place, end)
}

/// The free-trade zone that a zone belongs to: its group, or itself.
pub fn group_of(zone: &Place) -> &str {
    zone.group.as_deref().unwrap_or(&zone.id)
}

/// The places as the rules see them: in canonical order, that is, sorted by id.
pub struct Ground<'a> {
    /// What the places are of.
    pub scenario: &'a Scenario,
    /// Places in canonical order.
    pub places: Vec<&'a Place>,
    /// Whether each can adopt.
    pub adopts: Vec<bool>,
    /// Canonical number of each position in [`Scenario::places`].
    pub number: Vec<u32>,
    /// Places that adopt, by location; empty when no rule asks for distances.
    pub(super) tree: Tree,
}

impl<'a> Ground<'a> {
    /// `order[c]` is the position in [`Scenario::places`] of the canonical place `c`.
    pub fn new(scenario: &'a Scenario, order: &[u32]) -> Self {
        let mut number = vec![0; order.len()];
        for (canonical, &position) in order.iter().enumerate() {
            number[position as usize] = canonical as u32;
        }
        let places: Vec<&Place> = order
            .iter()
            .map(|&p| &scenario.places[p as usize])
            .collect();
        let adopts: Vec<bool> = places.iter().map(|p| adopts(p, scenario.end)).collect();
        let by_distance = |source: &LinkSourceSpec| {
            matches!(
                source.rule,
                LinkRule::Gravity | LinkRule::Decay | LinkRule::Similarity
            )
        };
        let mut sources = scenario.layers.iter().flat_map(|layer| &layer.links);
        let tree = if sources.any(by_distance) {
            let spots = places.iter().map(|p| Spot::new(p.lon, p.lat)).collect();
            let numbers = 0..places.len() as u32;
            Tree::new(spots, numbers.filter(|&c| adopts[c as usize]).collect())
        } else {
            Tree::new(Vec::new(), Vec::new())
        };
        Self {
            scenario,
            places,
            adopts,
            number,
            tree,
        }
    }
}

/// Keeps the `k` strongest of a row whose places are all different (ties: the smaller number) and
/// sorts it by place.
pub fn keep_strongest(row: &mut Row, k: usize) {
    if row.len() > k {
        let stronger = |a: &(u32, f64), b: &(u32, f64)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
        row.select_nth_unstable_by(k, stronger);
        row.truncate(k);
    }
    row.sort_unstable_by_key(|&(place, _)| place);
}

/// Divides positive weights by the largest of them.
pub fn relative_to_strongest(row: &mut Row) {
    let most = row
        .iter()
        .fold(0.0_f64, |max, &(_, weight)| max.max(weight));
    for (_, weight) in row.iter_mut() {
        *weight /= most;
    }
}
