//! The places as the rules that make links see them, and what all rules do with a row.

use std::collections::BTreeSet;

use rayon::prelude::*;

use crate::scenario::Scenario;
use crate::scenario::spec::{LinkRule, LinkSourceSpec};
use crate::scenario::tables::{Kind, Place};

use super::distance::{Spot, Tree};
use super::id::PlaceId;
use super::{Calendar, NEVER};

/// How many strongest links a generated rule keeps unless told otherwise.
pub const DEFAULT_K: u32 = 8;
/// Part of a row: (place, weight), ascending by place.
pub type Row = Vec<(PlaceId, f64)>;

/// The months of a run in which a place takes part in W, first and last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// First.
    pub from: u16,
    /// Last; [`NEVER`] for one that stays.
    pub until: u16,
}

impl Span {
    /// All months.
    pub const ALL: Self = Self {
        from: 0,
        until: NEVER,
    };

    /// Whether `month` is one of them.
    #[inline(always)]
    pub const fn has(self, month: u16) -> bool {
        self.from <= month && month <= self.until
    }
}

/// The months in which a place takes part: regions always, a zone or gateway that opens in month o and closes
/// in month c from o + 1 to c. In month 0 nothing has spread, and W is that of month 1. None for a place that
/// takes part in no month of the run.
pub fn span(place: &Place, calendar: &Calendar) -> Option<Span> {
    if place.kind == Kind::Region {
        return Some(Span::ALL);
    }
    let (open, close) = calendar.open_and_close(place)?;
    let from = if open == 0 { 0 } else { open + 1 };
    let lasts = from < calendar.months && from <= close && close > 0;
    lasts.then_some(Span { from, until: close })
}

/// The same for a place that can adopt: a region, or a zone.
pub fn adopting(place: &Place, calendar: &Calendar) -> Option<Span> {
    let adopts = place.kind.adopts();
    adopts.then(|| span(place, calendar)).flatten()
}

/// The places as the rules see them: in canonical order, that is, sorted by id.
pub struct Ground<'a> {
    /// What the places are of.
    pub scenario: &'a Scenario,
    /// Places in canonical order.
    pub places: Vec<&'a Place>,
    /// The months of the run.
    pub calendar: Calendar,
    /// The months in which each takes part.
    pub spans: Vec<Option<Span>>,
    /// Whether each takes part in all months of the run.
    stay: Vec<bool>,
    /// Whether each can adopt.
    pub adopts: Vec<bool>,
    /// Canonical number of each position in [`Scenario::places`].
    pub number: Vec<PlaceId>,
    /// Places that adopt, by location; empty when no rule asks for distances.
    pub(super) tree: Tree,
}

impl<'a> Ground<'a> {
    /// `order[c]` is the position in [`Scenario::places`] of the canonical place `c`.
    pub fn new(scenario: &'a Scenario, order: &[u32]) -> Self {
        let mut number = vec![PlaceId::new(0); order.len()];
        for (canonical, &position) in order.iter().enumerate() {
            number[position as usize] = PlaceId::new(canonical);
        }
        let places: Vec<&Place> = order
            .par_iter()
            .map(|&p| &scenario.places[p as usize])
            .collect();
        let calendar = Calendar::of(scenario);
        let of = |p: &&Place| (span(p, &calendar), adopting(p, &calendar).is_some());
        let (spans, adopts): (Vec<Option<Span>>, Vec<bool>) = places.par_iter().map(of).unzip();
        let by_distance = |source: &LinkSourceSpec| {
            use LinkRule::{Decay, Gravity, Similarity};
            matches!(source.rule, Gravity(_) | Decay(_) | Similarity(_))
        };
        let mut sources = scenario.layers.iter().flat_map(|layer| &layer.links);
        let tree = if sources.any(by_distance) {
            let spots = places.iter().map(|p| Spot::new(p.lon, p.lat)).collect();
            let numbers = PlaceId::each(0..places.len());
            Tree::new(spots, numbers.filter(|&c| adopts[c]).collect())
        } else {
            Tree::new(Vec::new(), Vec::new())
        };
        Self {
            scenario,
            places,
            calendar,
            stay: spans.iter().map(|s| *s == Some(Span::ALL)).collect(),
            spans,
            adopts,
            number,
            tree,
        }
    }

    /// The months after month 0 in which who takes part is not who did in the month before, ascending.
    pub fn changes(&self) -> Vec<u16> {
        let passing = self
            .spans
            .iter()
            .flatten()
            .filter(|span| **span != Span::ALL);
        let changes = passing.flat_map(|span| [span.from, span.until.saturating_add(1)]);
        let within = |month: &u16| (1..self.calendar.months).contains(month);
        let changes: BTreeSet<u16> = changes.filter(within).collect();
        changes.into_iter().collect()
    }

    /// Whether a place takes part in all months of the run.
    #[inline(always)]
    pub fn stays(&self, place: PlaceId) -> bool {
        self.stay[place]
    }

    /// Whether a place takes part in a month.
    #[inline(always)]
    pub fn is_there(&self, place: PlaceId, month: u16) -> bool {
        self.spans[place].is_some_and(|span| span.has(month))
    }
}

/// Keeps the `k` strongest of a row whose places are all different (ties: the smaller number) and
/// sorts it by place.
pub fn keep_strongest(row: &mut Row, k: usize) {
    if row.len() > k {
        let stronger =
            |a: &(PlaceId, f64), b: &(PlaceId, f64)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
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
